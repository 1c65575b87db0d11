// The real `prefade analyse` on real files, in folders of its own.
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"
#include "tests/support/process.h"
#include "tests/support/sound_file.h"

#include <nlohmann/json.hpp>

#include <csignal>
#include <limits>
#include <map>

#include <sys/resource.h>

using namespace prefade::test;
using Catch::Matchers::Contains;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr double five_hours = 5.0 * 3600.0;

class Studio {
public:
    fs::path sounds() const { return folder_.path() / "sounds"; }
    fs::path cache() const { return folder_.path() / "cache"; }
    fs::path kept() const { return cache() / "prefade/analyse"; }
    fs::path out() const { return folder_.path() / "out"; }

    Studio() { fs::create_directory(sounds()); }
    Environment environment() const {
        return {{"HOME", folder_.path().string()},
                {"XDG_CACHE_HOME", cache().string()},
                {"PREFADE_SOCKET", (folder_.path() / "no-daemon").string()},
                {"TERM", "xterm"},
                {"NO_COLOR", "1"}};
    }
    std::vector<std::string> command(std::vector<std::string> words) const {
        words.insert(words.begin(), {program("prefade").string(), "analyse"});
        return words;
    }
    Ran analyse(std::vector<std::string> words) const {
        return run(command(std::move(words)), environment(), Seconds(120));
    }
    Json json(std::vector<std::string> words, int status = 0) const {
        words.push_back("--json");
        const Ran ran = analyse(std::move(words));
        INFO(ran.err);
        CHECK(ran.status == status);
        return Json::parse(ran.out);
    }
    Ran shell(const std::string& script) const {
        Environment all = environment();
        all["PREFADE"] = program("prefade").string();
        all["SOUNDS"] = sounds().string();
        return run({"sh", "-c", script}, all, Seconds(120));
    }

private:
    OwnFolder folder_;
};

/// By file name.
std::map<std::string, Json> files_of(const Json& report) {
    std::map<std::string, Json> files;
    for (const Json& file : report.at("files"))
        files[fs::path(file.at("path").get<std::string>()).filename()] = file;
    return files;
}

/// Without what may differ between two looks.
Json results_of(Json report) {
    report.erase("took_s");
    for (Json& file : report["files"]) file.erase("from_cache");
    for (Json& set : report["masking"]["sets"]) set.erase("from_cache");
    return report;
}

std::size_t from_cache(const Json& report) {
    std::size_t count = 0;
    for (const Json& file : report["files"]) count += file["from_cache"] == true ? 1 : 0;
    return count;
}

bool has_open(pid_t pid, const fs::path& file) {
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd", failed))
        if (fs::read_symlink(entry.path(), failed) == file) return true;
    return false;
}

void write_stems(const fs::path& folder) {
    write_sound(folder / "Kick.wav", sine(60.0, -12.0, 4.0));
    write_sound(folder / "Bass.flac", sine(80.0, -15.0, 3.0),
                {SF_FORMAT_FLAC | SF_FORMAT_PCM_24, {}, 0});
    write_sound(folder / "Vox.wav", sine(997.0, -18.0, 6.0, 44100, 1));
}

} // namespace

TEST_CASE("a folder of everything that can be wrong: each is named, nothing is lost") {
    const Studio studio;
    const fs::path folder = studio.sounds();
    write_bytes(folder / "zero.wav", "");
    write_bytes(folder / "text.wav", "These are not the stems you are looking for.\n");
    write_silence(folder / "five-hours.wav", five_hours, 22050, 1);
    Sound noise = sine(1000.0, -20.0, 1.0);
    noise.samples[1000] = std::numeric_limits<float>::quiet_NaN();
    noise.samples[1001] = -std::numeric_limits<float>::infinity();
    write_sound(folder / "nan.wav", noise, {SF_FORMAT_WAV | SF_FORMAT_FLOAT, {}, 0});
    write_sound(folder / "one-sample.wav", {48000, 1, {0.25F}});
    write_sound(folder / "channels-96.wav", sine(440.0, -30.0, 1.0, 48000, 96));
    write_sound(folder / "cut.flac", sine(440.0, -20.0, 4.0),
                {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, {}, 0});
    cut_short(folder / "cut.flac", 0.5);
    write_bytes(folder / "film.m4a", std::string("\0\0\0\x20"
                                                 "ftypM4A ",
                                                 12)
                                         + std::string(100, '\0'));
    write_sound(folder / "good.wav", sine(1000.0, -23.0, 5.0));

    const Json report = studio.json({folder.string()}, 1);
    CHECK(report["good"] == false);
    auto files = files_of(report);
    REQUIRE(files.size() == 9);
    CHECK_THAT(files["zero.wav"]["error"].get<std::string>(), Contains("empty"));
    CHECK_THAT(files["text.wav"]["error"].get<std::string>(), Contains("text"));
    CHECK_THAT(files["film.m4a"]["error"].get<std::string>(), Contains("MPEG-4"));
    CHECK(files["five-hours.wav"]["length_s"] == five_hours);
    CHECK(files["five-hours.wav"]["loudness"]["integrated_lufs"].is_null());
    CHECK(files["five-hours.wav"]["faults"].empty());
    CHECK_THAT(files["nan.wav"]["faults"][0].get<std::string>(), Contains("2 samples"));
    CHECK(files["nan.wav"]["loudness"]["integrated_lufs"].is_number());
    CHECK(files["one-sample.wav"]["frames"] == 1);
    CHECK(files["one-sample.wav"]["faults"].empty());
    CHECK(files["channels-96.wav"]["channels"] == 96);
    CHECK(files["channels-96.wav"]["loudness"]["channels"].size() == 96);
    CHECK_THAT(files["cut.flac"]["faults"][0].get<std::string>(), Contains("cut short"));
    CHECK(std::abs(files["good.wav"]["loudness"]["integrated_lufs"].get<double>() + 23.0) < 0.1);

    const Ran ran = studio.analyse({folder.string()});
    CHECK(ran.status == 1);
    for (const auto& [name, ignored] : files) CHECK_THAT(ran.out, Contains(name));
    CHECK_THAT(ran.out, Contains("5:00:00") && Contains("is empty (0 bytes)"));
    CHECK_THAT(ran.err, Contains("5 of 9 files are broken"));
    rusage used{};
    REQUIRE(getrusage(RUSAGE_CHILDREN, &used) == 0);
    CHECK(used.ru_maxrss < 300 * 1024); // kB, the largest of all children so far
}

namespace {

/// The vocal in the middle, a guitar that covers it there from 8 to 24 s, a bass that does not.
void write_song(const fs::path& folder) {
    const auto tone = [](double hertz, double level, double from, double to) {
        Sound sound = sine(hertz, level, 32.0, 44100, 1);
        for (std::size_t i = 0; i < sound.samples.size(); ++i) {
            const double at = static_cast<double>(i) / 44100.0;
            if (at < from || at >= to) sound.samples[i] = 0.0F;
        }
        return sound;
    };
    write_sound(folder / "Lead Vox.wav", tone(1000.0, -20.0, 0.0, 32.0));
    write_sound(folder / "Gtr.wav", tone(1030.0, -12.0, 8.0, 24.0));
    write_sound(folder / "Bass.wav", tone(80.0, -12.0, 0.0, 32.0));
}

} // namespace

TEST_CASE("who hides whom among stems is told, and again from the cache") {
    const Studio studio;
    write_song(studio.sounds());
    const Json first = studio.json({studio.sounds().string()});
    CHECK(first["measures"] == Json{"loudness", "spectrum", "masking"});
    CHECK(first["bands"].size() == 42);
    const Json& set = first["masking"]["sets"][0];
    CHECK(set["stems"].size() == 3);
    REQUIRE(set["conflicts"].size() == 1);
    const Json& conflict = set["conflicts"][0];
    CHECK_THAT(conflict["masker"].get<std::string>(), Contains("Gtr.wav"));
    CHECK_THAT(conflict["target"].get<std::string>(), Contains("Lead Vox.wav"));
    CHECK(conflict["mover"] == conflict["masker"]);
    CHECK(std::abs(conflict["centre_hz"].get<double>() - 1000.0) < 130.0);
    CHECK(std::abs(conflict["together"].get<double>() - 0.5) < 0.03);
    CHECK(conflict["share"].get<double>() > 0.95);
    CHECK(conflict["gain_db"].get<double>() == -6.0);
    REQUIRE(conflict["when"].size() == 1);
    CHECK(std::abs(conflict["when"][0]["from_s"].get<double>() - 8.0) < 0.3);
    const Json second = studio.json({studio.sounds().string()});
    CHECK(from_cache(second) == 3);
    CHECK(second["masking"]["sets"][0]["from_cache"] == true);
    CHECK(results_of(second) == results_of(first));
    CHECK(results_of(studio.json({studio.sounds().string(), "--no-cache", "--jobs", "7"}))
          == results_of(first));

    CHECK_THAT(studio.analyse({studio.sounds().string()}).out,
               Contains("1.  Gtr hides Lead Vox at 1.0 kHz") && Contains("cut Gtr by 6.0 dB")
                   && Contains("0:08-0:24") && Contains("3 known from an earlier look"));
    const Json apart = studio.json({studio.sounds().string(), "--apart"});
    CHECK(apart["masking"]["sets"].empty());
    const Json loudness = studio.json({studio.sounds().string(), "--only", "loudness"});
    CHECK(loudness["measures"] == Json{"loudness"});
    CHECK_FALSE(loudness.contains("masking"));
    CHECK_FALSE(loudness["files"][0].contains("spectrum"));
    CHECK(studio.analyse({studio.sounds().string(), "--apart", "--together"}).status == 2);
    const Ran genre = studio.analyse({studio.sounds().string(), "--genre", "zydeco"});
    CHECK(genre.status == 2);
    CHECK_THAT(genre.err, Contains("there is no genre \"zydeco\"") && Contains("rock"));
}

TEST_CASE("a second look is answered from the cache, by content and not by name") {
    const Studio studio;
    write_stems(studio.sounds());
    const Json first = studio.json({studio.sounds().string()});
    CHECK(from_cache(first) == 0);
    const Json second = studio.json({studio.sounds().string()});
    CHECK(from_cache(second) == 3);
    CHECK(results_of(second) == results_of(first));
    CHECK_THAT(studio.analyse({studio.sounds().string()}).out,
               Contains("3 known from an earlier look"));

    fs::copy_file(studio.sounds() / "Kick.wav", studio.sounds() / "Copy of Kick.wav");
    write_sound(studio.sounds() / "Vox.wav", sine(997.0, -12.0, 6.0, 44100, 1));
    auto files = files_of(studio.json({studio.sounds().string()}));
    CHECK(files["Copy of Kick.wav"]["from_cache"] == true);
    CHECK(files["Copy of Kick.wav"]["loudness"] == files["Kick.wav"]["loudness"]);
    CHECK(files["Vox.wav"]["from_cache"] == false);
    CHECK(std::abs(files["Vox.wav"]["loudness"]["true_peak_dbtp"].get<double>() + 12.0) < 0.1);

    CHECK(from_cache(studio.json({studio.sounds().string(), "--no-cache"})) == 0);
}

TEST_CASE("a second look at a file in the same state reads nothing of it") {
    const Studio studio;
    const fs::path low = studio.sounds() / "low.wav", high = studio.sounds() / "high.wav";
    write_sound(low, sine(997.0, -30.0, 2.0));
    write_sound(high, sine(997.0, -12.0, 2.0));
    // Files of the last two seconds are not known by their state; their age is what is waited for.
    REQUIRE(eventually(Seconds(20), [&] {
        return fs::file_time_type::clock::now() - fs::last_write_time(high)
               > std::chrono::milliseconds(2100);
    }));
    auto first = files_of(studio.json({studio.sounds().string()}));
    std::vector<fs::path> states;
    for (const auto& entry : fs::directory_iterator(studio.kept()))
        if (entry.path().extension() == ".key") states.push_back(entry.path());
    REQUIRE(states.size() == 2);
    // What is kept of each state now leads to the other's content: whoever read the files would not be misled.
    const std::string one = bytes_of(states[0]);
    write_bytes(states[0], bytes_of(states[1]));
    write_bytes(states[1], one);
    auto second = files_of(studio.json({studio.sounds().string()}));
    CHECK(second["low.wav"]["loudness"] == first["high.wav"]["loudness"]);
    CHECK(second["high.wav"]["loudness"] == first["low.wav"]["loudness"]);
    fs::last_write_time(low, fs::file_time_type::clock::now());
    second = files_of(studio.json({studio.sounds().string()}));
    CHECK(second["low.wav"]["loudness"] == first["low.wav"]["loudness"]);
    CHECK(second["low.wav"]["from_cache"] == true);
}

TEST_CASE("however many threads are asked for, descriptors and memory suffice") {
    const Studio studio;
    for (int i = 0; i < 60; ++i)
        write_sound(studio.sounds() / ("mono-" + std::to_string(i) + ".wav"),
                    sine(440.0, -20.0 - 0.1 * i, 0.5, 48000, 1));
    for (int i = 0; i < 30; ++i)
        write_sound(studio.sounds() / ("wide-" + std::to_string(i) + ".wav"),
                    sine(440.0, -20.0 - 0.1 * i, 0.2, 48000, 96));
    for (const char* limit : {"32", "64", "1024"}) {
        const Ran ran = studio.shell("ulimit -n " + std::string(limit)
                                     + "; \"$PREFADE\" analyse \"$SOUNDS\" --json --jobs 256");
        INFO(limit << ran.err);
        CHECK(ran.status == 0);
        const Json report = Json::parse(ran.out);
        CHECK(report["files"].size() == 90);
        CHECK(report["good"] == true);
        CHECK_THAT(ran.err, !Contains("prefade:"));
        fs::remove_all(studio.cache());
    }
    rusage used{};
    REQUIRE(getrusage(RUSAGE_CHILDREN, &used) == 0);
    CHECK(used.ru_maxrss < 300 * 1024); // kB, the largest of all children so far
}

TEST_CASE("without the cache nothing is kept") {
    const Studio studio;
    write_stems(studio.sounds());
    studio.json({studio.sounds().string(), "--no-cache", "--only", "loudness", "--jobs", "3"});
    CHECK_FALSE(fs::exists(studio.cache()));
}

TEST_CASE("a damaged cache is told, and mended by measuring") {
    const Studio studio;
    write_stems(studio.sounds());
    const Json first = studio.json({studio.sounds().string()});
    for (const auto& entry : fs::directory_iterator(studio.kept()))
        fs::resize_file(entry.path(), 20);
    const Ran ran = studio.analyse({studio.sounds().string(), "--json"});
    CHECK(ran.status == 0);
    CHECK_THAT(ran.err, Contains("prefade: ") && Contains("damaged"));
    CHECK(results_of(Json::parse(ran.out)) == results_of(first));
    CHECK(from_cache(studio.json({studio.sounds().string()})) == 3);
}

TEST_CASE("a cache that cannot be written costs a word and nothing else") {
    const Studio studio;
    write_stems(studio.sounds());
    write_bytes(studio.cache(), "a file in the way");
    const Ran ran = studio.analyse({studio.sounds().string()});
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out, Contains("Kick.wav"));
    CHECK_THAT(ran.err, Contains("nothing can be kept"));
    CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
}

TEST_CASE("a disk that takes no more bytes costs a word and leaves nothing half-written") {
    const Studio studio;
    write_stems(studio.sounds());
    // No file may grow from here on; what is printed goes through a pipe.
    const Ran ran = studio.shell("trap '' XFSZ; { ulimit -f 0; \"$PREFADE\" analyse \"$SOUNDS\"; "
                                 "echo status $?; } 2>&1 | cat");
    CHECK_THAT(ran.out,
               Contains("Kick.wav") && Contains("nothing can be kept") && Contains("status 0"));
    CHECK(fs::is_empty(studio.kept()));
}

TEST_CASE("Ctrl-C ends it with one line, no result, and nothing half-written") {
    const Studio studio;
    const fs::path file = studio.sounds() / "five-hours.wav";
    write_silence(file, five_hours, 48000, 2);
    for (const char* form : {"--json", "--jobs=1"}) {
        fs::remove(studio.out());
        Process process(studio.command({file.string(), form}), studio.out(), studio.environment());
        REQUIRE(eventually(Seconds(20), [&] { return has_open(process.pid(), file); }));
        process.signal(SIGINT);
        const auto status = process.wait(Seconds(20));
        REQUIRE(status);
        CHECK(*status == 1);
        const std::string said = text_of_file(studio.out());
        CHECK(said.starts_with("prefade: ended with 0 of 1 files measured"));
        CHECK(std::count(said.begin(), said.end(), '\n') == 1);
        if (fs::exists(studio.kept())) CHECK(fs::is_empty(studio.kept()));
    }
}

TEST_CASE("two at once on one folder say the same") {
    const Studio studio;
    write_stems(studio.sounds());
    const Ran both = studio.shell("\"$PREFADE\" analyse \"$SOUNDS\" --json > \"$HOME/a\" & "
                                  "\"$PREFADE\" analyse \"$SOUNDS\" --json > "
                                  "\"$HOME/b\"; echo $?; wait $!; echo $?");
    CHECK(both.out == "0\n0\n");
    CHECK(both.err.empty());
    const auto home = studio.cache().parent_path();
    CHECK(results_of(Json::parse(text_of_file(home / "a")))
          == results_of(Json::parse(text_of_file(home / "b"))));
    CHECK(from_cache(studio.json({studio.sounds().string()})) == 3);
}

TEST_CASE("words that make no command are misuse, and paths without sound are named") {
    const Studio studio;
    CHECK(studio.analyse({}).status == 2);
    CHECK_THAT(studio.analyse({}).err, Contains("PATH is missing"));
    CHECK(studio.analyse({"x.wav", "--only", "beauty"}).status == 2);
    CHECK_THAT(studio.analyse({"x.wav", "--only", "beauty"}).err,
               Contains("\"beauty\"") && Contains("loudness"));
    for (const char* jobs : {"0", "-1", "1.5", "1000000"})
        CHECK(studio.analyse({"x.wav", "--jobs", jobs}).status == 2);

    const Ran empty = studio.analyse({studio.sounds().string()});
    CHECK(empty.status == 1);
    CHECK_THAT(empty.err, Contains("there is no sound file in " + studio.sounds().string()));
    CHECK(empty.out.empty());

    write_stems(studio.sounds());
    const fs::path none = studio.sounds() / "none.wav";
    const Json report = studio.json({none.string(), (studio.sounds() / "Kick.wav").string()}, 1);
    REQUIRE(report["files"].size() == 2);
    CHECK_THAT(report["files"][0]["error"].get<std::string>(), Contains("no such file"));
    CHECK(report["files"][1]["error"].is_null());
}

TEST_CASE("the members of the document are those that docs/analyse.md describes") {
    const Studio studio;
    write_stems(studio.sounds());
    const Json report = studio.json({studio.sounds().string()});
    std::ifstream in(PREFADE_TESTS_DIR "/../docs/analyse.md");
    const std::string docs{std::istreambuf_iterator<char>(in), {}};
    const auto described = [&](const Json& object) {
        for (const auto& [name, ignored] : object.items())
            CHECK_THAT(docs, Contains('`' + name + '`'));
    };
    described(report);
    described(report["files"][0]);
    described(report["files"][0]["loudness"]);
    described(report["files"][0]["loudness"]["channels"][0]);
    described(report["files"][0]["spectrum"]);
    described(report["bands"][0]);
    const Studio other;
    write_song(other.sounds());
    write_sound(other.sounds() / "Click.wav", sine(2000.0, -20.0, 1.0));
    const Json masking = other.json({other.sounds().string()})["masking"];
    described(masking);
    const Json& set = masking["sets"][0];
    described(set);
    described(set["stems"][0]);
    described(set["left_out"][0]);
    described(set["pairs"][0]);
    described(set["conflicts"][0]);
    described(set["conflicts"][0]["when"][0]);
    write_sound(studio.sounds() / "1.wav", sine(2000.0, -20.0, 1.0));
    write_sound(studio.sounds() / "2.wav", sine(2000.0, -20.0, 2.0));
    write_sound(studio.sounds() / "3.wav", sine(2000.0, -20.0, 2.5));
    write_sound(studio.sounds() / "5.wav", sine(2000.0, -20.0, 3.5));
    described(studio.json({studio.sounds().string()})["masking"]["not_compared"][0]);
    CHECK(report["schema"] == "prefade-analyse-1");
}

TEST_CASE("a terminal sees how far it is and how long it takes, and the line is gone in the end") {
    const Studio studio;
    write_silence(studio.sounds() / "long.wav", 2.0 * 3600.0, 48000, 2);
    const Ran ran =
        studio.shell("script -qec '\"$PREFADE\" analyse \"$SOUNDS\" --no-cache' /dev/null");
    CHECK_THAT(ran.out,
               Contains("measuring: 0 of 1 file done") && Contains(" left") && Contains("2:00:00"));
    const auto cleared = ran.out.rfind("\r\x1b[K");
    REQUIRE(cleared != std::string::npos);
    CHECK(ran.out.find("measuring", cleared) == std::string::npos);
    write_stems(studio.sounds());
    CHECK(studio.analyse({(studio.sounds() / "Kick.wav").string()}).err.empty());
}
