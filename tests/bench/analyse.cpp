// `prefade analyse` as a whole process, from the words of the command to what it prints, beside ffmpeg's ebur128 filter
// on the same file in the same run; what its time goes to; what it takes of memory.
#include "analysis/file_analysis.h"
#include "connectors/demo/instruments.h"
#include "daemon/command_line/analysis_cache.h"
#include "tests/bench/daemon_process.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"
#include "tests/support/loudness_reference.h"
#include "tests/support/own_folder.h"
#include "tests/support/process.h"
#include "tests/support/sound_file.h"

#include <nlohmann/json.hpp>

#include <thread>

#include <sys/resource.h>

using namespace prefade;
using namespace prefade::bench;
using test::Ran;

namespace {

constexpr int analyse_runs = 5;
constexpr std::size_t stem_count = 32;

class Shelf {
public:
    const std::filesystem::path& path() const { return folder_.path(); }
    std::vector<std::string> command(const std::string& sounds) const {
        return {
            test::program("prefade").string(), "analyse", sounds, "--only", "loudness", "--json"};
    }
    test::Environment environment() const {
        return {{"HOME", path().string()}, {"XDG_CACHE_HOME", (path() / "cache").string()}};
    }
    /// `first`: as if nothing had ever been measured.
    Ran analyse(const std::string& sounds, bool first) const {
        if (first) std::filesystem::remove_all(path() / "cache");
        return test::run(command(sounds), environment(), test::Seconds(120));
    }

private:
    test::OwnFolder folder_;
};

/// The demo's recordings, each with a place of its own in time and between the speakers.
test::Sound stem(std::size_t number) {
    const auto recording =
        demo::record(static_cast<demo::Instrument>(number % demo::instrument_count));
    const float left = 0.2F + 0.02F * static_cast<float>(number);
    test::Sound sound{demo::sample_rate, 2, {}};
    for (std::size_t n = 0; n < demo::song_frames; ++n) {
        const auto sample = static_cast<float>(recording[(n + 4801 * number) % recording.size()]);
        sound.samples.push_back(left * sample / 32768.0F);
        sound.samples.push_back((1.0F - left) * sample / 32768.0F);
    }
    return sound;
}

/// All recordings together, driven as a loud master is, four times over: a song of six minutes.
test::Sound master() {
    test::Sound once{demo::sample_rate, 2, std::vector<float>(2 * demo::song_frames)};
    for (std::size_t i = 0; i < demo::instrument_count; ++i) {
        const test::Sound part = stem(i);
        for (std::size_t n = 0; n < once.samples.size(); ++n) once.samples[n] += part.samples[n];
    }
    for (float& sample : once.samples) sample = 0.9F * std::tanh(2.0F * sample);
    test::Sound song = once;
    for (int i = 1; i < 4; ++i)
        song.samples.insert(song.samples.end(), once.samples.begin(), once.samples.end());
    return song;
}

double song_seconds(const test::Sound& sound) {
    return static_cast<double>(sound.frames()) / sound.rate;
}

/// Processor time of all children that have ended.
double children_seconds() {
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

struct Spent {
    double wall, processor; ///< s
};

template <class Act> Spent spent_on(Act act) {
    const double before = children_seconds();
    const TimePoint start = Clock::now();
    act();
    return {seconds(Clock::now() - start), children_seconds() - before};
}

/// The number behind the last `label` of what ffmpeg says; its summary comes last.
double told_by_ffmpeg(const std::string& said, const std::string& label) {
    const std::size_t at = said.rfind(label);
    REQUIRE(at != std::string::npos);
    return std::strtod(said.c_str() + at + label.size(), nullptr);
}

} // namespace

TEST_CASE("loudness of a mix by the whole process beside ffmpeg's ebur128") {
    const Shelf shelf;
    const std::string file = (shelf.path() / "mix.wav").string();
    const test::Sound mix = master();
    test::write_sound(file, mix, {SF_FORMAT_WAV | SF_FORMAT_PCM_24, {}, 0});
    const double length = song_seconds(mix);
    const bool has_ffmpeg = test::run({"sh", "-c", "command -v ffmpeg"}).status == 0;
    Samples ours, theirs, ratio, processor_ratio;
    Ran our_answer, their_answer;
    for (int run = 0; run < analyse_runs; ++run) {
        Spent peer{};
        if (has_ffmpeg)
            peer = spent_on([&] {
                their_answer =
                    test::run({"ffmpeg", "-nostdin", "-hide_banner", "-v", "info", "-i", file,
                               "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"},
                              {}, test::Seconds(300));
            });
        const Spent own = spent_on([&] { our_answer = shelf.analyse(file, true); });
        ours.add(length / own.wall);
        if (!has_ffmpeg) continue;
        theirs.add(length / peer.wall);
        ratio.add(peer.wall / own.wall);
        processor_ratio.add(peer.processor / own.processor);
    }
    REQUIRE(our_answer.status == 0);
    const Json loudness = Json::parse(our_answer.out)["files"][0]["loudness"];
    const test::LoudnessFigures exact =
        test::by_libebur128(mix.samples, mix.channels, static_cast<unsigned>(mix.rate));
    const double integrated_off =
        std::abs(exact.integrated - loudness["integrated_lufs"].get<double>());
    const double peak_off = std::abs(exact.true_peak - loudness["true_peak_dbtp"].get<double>());
    CHECK(integrated_off <= 0.01);
    CHECK(peak_off <= 0.05);
    report("analyse of that mix: apart from libebur128",
           "integrated " + text(integrated_off, 4) + " LU, true peak " + text(peak_off, 4) + " dB",
           "0.01 LU, 0.05 dB");
    std::string beside = "no ffmpeg here";
    if (has_ffmpeg) {
        REQUIRE(their_answer.status == 0);
        CHECK(std::abs(told_by_ffmpeg(their_answer.err, "I:") // it prints tenths
                       - loudness["integrated_lufs"].get<double>())
              < 0.11);
        beside = "ffmpeg " + text(theirs.middle()) + " x, so " + text(ratio.middle(), 1)
                 + " times as fast (" + text(processor_ratio.middle(), 1) + " by processor time)";
    }
    report("analyse --only loudness, a mix of " + text(length / 60.0, 1)
               + " minutes, beside ffmpeg ebur128=peak=true",
           text(ours.middle()) + " x real time, " + beside + " (middle of "
               + std::to_string(analyse_runs) + " runs)",
           "10 times");
}

TEST_CASE("loudness of 32 stems by the whole process, and what the time goes to") {
    const Shelf shelf;
    const std::filesystem::path folder = shelf.path() / "stems";
    std::filesystem::create_directory(folder);
    std::vector<std::filesystem::path> files;
    double length = 0.0;
    for (std::size_t i = 0; i < stem_count; ++i) {
        files.push_back(folder / (std::to_string(i) + ".wav"));
        const test::Sound sound = stem(i);
        length += song_seconds(sound);
        test::write_sound(files.back(), sound, {SF_FORMAT_WAV | SF_FORMAT_PCM_24, {}, 0});
    }
    Samples first, again;
    for (int run = 0; run < analyse_runs; ++run) {
        first.add(length / spent_on([&] {
                               CHECK(shelf.analyse(folder.string(), true).status == 0);
                           }).wall);
        again.add(1000.0 * spent_on([&] {
                               CHECK(shelf.analyse(folder.string(), false).status == 0);
                           }).wall);
    }
    report("analyse --only loudness, 32 stereo stems of the demo's song (24 bit WAV)",
           text(first.middle()) + " x real time (all stems' seconds added up) with "
               + std::to_string(std::thread::hardware_concurrency()) + " threads; a second look "
               + text(again.middle()) + " ms",
           "30 x real time");

    // The same work in this thread, in parts.
    std::vector<std::unique_ptr<FileBytes>> opened;
    std::vector<ByteSource*> sources;
    for (const auto& file : files) {
        opened.push_back(std::move(FileBytes::open(file)).value());
        sources.push_back(opened.back().get());
    }
    const auto on_and_on = [](std::uint64_t) { return true; };
    const Heard all_of_it = [](std::uint64_t, std::span<const double>) { return true; };
    const double hashing = timed(3, [&] {
                               for (ByteSource* source : sources)
                                   keep(command_line::HashedBytes(*source).key(on_and_on).value());
                           }).lowest();
    std::vector<float> block(2 * 4096);
    const double decoding = timed(3, [&] {
                                for (ByteSource* source : sources) {
                                    auto file = AudioFile::open(*source);
                                    while (file->read(block) != 0) keep(block);
                                }
                            }).lowest();
    const double measuring =
        timed(3, [&] {
            for (std::size_t i = 0; i < sources.size(); i += 4)
                keep(analyse_files(std::span(sources).subspan(i, 4), all_of_it));
        }).lowest();
    const double all = measuring;
    report("of that, on one thread",
           "decoding " + text(100.0 * decoding / all) + " %, loudness "
               + text(100.0 * (all - decoding) / all) + " %; " + text(1000.0 * length / all)
               + " x real time; hashing all bytes takes " + text(100.0 * hashing / all)
               + " % of that, where a file is looked for in the cache",
           "");
}

TEST_CASE("memory that five hours take") {
    const Shelf shelf;
    const std::filesystem::path file = shelf.path() / "long.wav";
    test::write_silence(file, 5.0 * 3600.0, 48000, 2);
    const TimePoint start = Clock::now();
    test::Process process(shelf.command(file.string()), shelf.path() / "out", shelf.environment());
    double highest = 0.0;
    REQUIRE(test::eventually(test::Seconds(300), [&] {
        if (!process.running()) return true;
        highest = std::max(highest, resident_mb(process.pid()));
        return false;
    }));
    const double took = seconds(Clock::now() - start);
    CHECK(process.wait(test::Seconds(1)) == 0);
    CHECK(highest < 300.0);
    report("analyse, a stereo file of five hours (3.5 GB)",
           text(highest, 1) + " MB resident at most, " + text(took, 1) + " s",
           "300 MB for any length");
}
