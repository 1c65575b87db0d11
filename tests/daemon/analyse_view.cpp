#include "daemon/command_line/analyse_view.h"

#include "daemon/command_line/sound_files.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"
#include "tests/support/sound_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace prefade;
using namespace prefade::command_line;
using namespace prefade::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

AnalysedFile measured(const std::string& path, double integrated = -14.04, double seconds = 222.0) {
    FileAnalysis analysis;
    analysis.format = {"WAV", "24 bit", 44100, default_layout(2), {}, {}};
    analysis.frames = static_cast<std::uint64_t>(seconds * 44100);
    analysis.loudness.integrated = Lufs{integrated};
    analysis.loudness.range = LoudnessUnits{6.25};
    analysis.loudness.range_is_stable = true;
    analysis.loudness.true_peak = TruePeak{-1.02};
    analysis.loudness.sample_peak = Decibel{-1.5};
    analysis.loudness.peak_to_loudness = Decibel{13.02};
    return {path, analysis, false};
}

AnalysedFile broken(const std::string& path, const std::string& reason) {
    return {path, Error{ErrorCode::invalid, reason, {}}, false};
}

/// The line of the table that begins with `name`.
std::string line_of(const std::string& text, const std::string& name) {
    const std::size_t at = ('\n' + text).find('\n' + name);
    return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

} // namespace

TEST_CASE("the table holds each file's measures under the folder they share") {
    AnalysisReport report;
    report.files = {measured("song/stems/Kick.wav"), measured("song/stems/drums/Snare.wav", -30.0)};
    report.took = 1500ms;
    const std::string text = render(report, {});
    CHECK_THAT(line_of(text, "Kick.wav"), Contains("-14.0") && Contains("6.2") && Contains("-1.0")
                                              && Contains("13.0") && Contains("44.1 kHz")
                                              && Contains("WAV 24 bit") && Contains("3:42"));
    CHECK_THAT(line_of(text, "drums/Snare.wav"), Contains("-30.0"));
    CHECK_THAT(text, Contains("2 files, 7:24 of sound, in 1.5 s"));
    CHECK(text.find("START") == std::string::npos);
    CHECK(what_is_broken(report).empty());
    CHECK(to_json(report)["good"] == true);
}

TEST_CASE("each remark is told where it belongs, and what is broken again in full") {
    AnalysisReport report;
    report.files = {measured("a.wav"),
                    measured("b.wav"),
                    measured("c.wav", -20.0, 0.01),
                    broken("d.wav", "is empty (0 bytes)"),
                    measured("e.wav"),
                    measured("f.wav")};
    report.files[1].analysis->loudness = {};
    report.files[2].analysis->loudness.integrated.reset();
    report.files[4].analysis->faults = {"cut short: 1 s of 2 s are there",
                                        "2 samples are no sound"};
    report.files[5].analysis->loudness.true_peak = TruePeak{0.3};
    report.files[5].analysis->loudness.range_is_stable = false;
    report.unread = {"locked: Permission denied"};
    report.passed_over = 1;
    const std::string text = render(report, {});
    CHECK_THAT(line_of(text, "b.wav"), Contains("silence"));
    CHECK_THAT(line_of(text, "c.wav"), Contains("too short for loudness") && Contains("10.000 ms"));
    CHECK_THAT(line_of(text, "d.wav"), Contains("is empty"));
    CHECK_THAT(line_of(text, "f.wav"), Contains("over full scale") && Contains("6.2?"));
    CHECK_THAT(text,
               Contains("\nd.wav: is empty (0 bytes)\n")
                   && Contains("\ne.wav: cut short: 1 s of 2 s are there; 2 samples are no sound\n")
                   && Contains("\nlocked: Permission denied\n")
                   && Contains("1 file that is no sound"));
    CHECK(what_is_broken(report)
          == "2 of 6 files are broken: d.wav, e.wav; 1 folder cannot be looked into");
    const Json json = to_json(report);
    CHECK(json["good"] == false);
    REQUIRE(json["files"].size() == 6);
    CHECK(json["files"][0]["error"].is_null());
    CHECK(json["files"][3]
          == Json{{"path", "d.wav"}, {"error", "is empty (0 bytes)"}, {"from_cache", false}});
}

TEST_CASE("stems that start at different times show it") {
    AnalysisReport report;
    report.files = {measured("a.wav"), measured("b.wav"), measured("c.wav")};
    report.files[0].analysis->format.time_reference = 44100 * 3600;
    report.files[1].analysis->format.time_reference = 44100 * 3612;
    const std::string text = render(report, {});
    CHECK_THAT(text, Contains("START"));
    CHECK_THAT(line_of(text, "b.wav"), Contains("12.0 s"));
    CHECK(to_json(report)["files"][1]["start_s"] == 3612.0);
    CHECK(to_json(report)["files"][2]["start_s"].is_null());
}

TEST_CASE("the table fits a terminal, and no name steers it") {
    AnalysisReport report;
    for (int i = 0; i < 9; ++i)
        report.files.push_back(
            broken(std::string(60, 'n') + std::to_string(i) + "\x1b[31m\n.wav",
                   "is no sound file of a known format, and more that takes room"));
    report.files.push_back(measured(std::string(80, 'm') + ".wav"));
    const std::string text = render(report, {80, false});
    CHECK(text.find('\x1b') == std::string::npos);
    for (std::size_t from = 0, to = 0; (to = text.find('\n', from)) != std::string::npos;
         from = to + 1)
        CHECK(display_width(text.substr(from, to - from)) <= 80);
    CHECK_THAT(what_is_broken(report), Contains("and 4 more"));
}

TEST_CASE("progress tells the time left once it can") {
    CHECK(render(AnalysisProgress{AnalysisProgress::Step::looking, 12, 0, 0.4, 200ms})
          == "looking at the files, 40 %");
    CHECK(render(AnalysisProgress{AnalysisProgress::Step::measuring, 12, 3, 0.25, 10s})
          == "measuring: 3 of 12 files done, 25 %, 30 s left");
    CHECK(render(AnalysisProgress{AnalysisProgress::Step::measuring, 1, 0, 0.1, 60s})
          == "measuring: 0 of 1 file done, 10 %, 9 min left");
}

TEST_CASE("a folder stands for the sound files in and below it, each once") {
    const OwnFolder folder;
    const fs::path root = folder.path();
    for (const char* name : {"b/2.WAV", "b/1.flac", "a.mp3", "b/notes.txt", "b/.hidden.wav",
                             ".git/x.wav", "b/c/3.ogg", "b/x.m4a"}) {
        fs::create_directories((root / name).parent_path());
        write_bytes(root / name, "x");
    }
    fs::create_directory_symlink(root, root / "b/loop");
    fs::create_symlink(root / "nowhere.wav", root / "b/dangling.wav");
    const std::vector<std::string> paths{(root / "b/notes.txt").string(), root.string(),
                                         (root / "b/../a.mp3").string(),
                                         (root / "none.wav").string()};
    const SoundFiles found = find_sound_files(paths);
    std::vector<std::string> names;
    for (const auto& file : found.files) names.push_back(file.lexically_relative(root).string());
    CHECK(names
          == std::vector<std::string>{"b/notes.txt", "a.mp3", "b/1.flac", "b/2.WAV", "b/c/3.ogg",
                                      "b/dangling.wav", "b/x.m4a", "none.wav"});
    CHECK(found.passed_over == 2);
    CHECK(found.unread.empty());
}
