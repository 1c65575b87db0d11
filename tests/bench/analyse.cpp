// `prefade analyse` as a whole process, from the words of the command to what it prints, beside ffmpeg's ebur128 filter
// on the same file in the same run; what its time goes to; what it takes of memory.
#include "analysis/file_analysis.h"
#include "analysis/stem_masking.h"
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

#include <optional>
#include <thread>

#include <sys/resource.h>

using namespace prefade;
using namespace prefade::bench;
using test::Ran;

namespace {

constexpr int analyse_runs = 5;
constexpr std::size_t stem_count = 32;

enum class Look { loudness, whole };

class Shelf {
public:
    const std::filesystem::path& path() const { return folder_.path(); }
    std::vector<std::string> command(const std::string& sounds, Look look) const {
        std::vector<std::string> words{test::program("prefade").string(), "analyse", sounds,
                                       "--json"};
        if (look == Look::loudness) words.insert(words.end(), {"--only", "loudness"});
        return words;
    }
    test::Environment environment() const {
        return {{"HOME", path().string()}, {"XDG_CACHE_HOME", (path() / "cache").string()}};
    }
    /// `first`: as if nothing had ever been measured.
    Ran analyse(const std::string& sounds, Look look, bool first) const {
        if (first) std::filesystem::remove_all(path() / "cache");
        return test::run(command(sounds, look), environment(), test::Seconds(120));
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

namespace {

/// One way to look, beside ffmpeg.
struct Beside {
    Samples times_real_time, times_ffmpeg, by_processor;
    void add(double length, const Spent& own, const std::optional<Spent>& peer) {
        times_real_time.add(length / own.wall);
        if (!peer) return;
        times_ffmpeg.add(peer->wall / own.wall);
        by_processor.add(peer->processor / own.processor);
    }
    std::string text() const {
        std::string out = bench::text(times_real_time.middle()) + " x real time, ";
        if (times_ffmpeg.size() == 0) return out + "no ffmpeg here";
        return out + bench::text(times_ffmpeg.middle(), 1) + " times as fast as ffmpeg ("
               + bench::text(by_processor.middle(), 1) + " by processor time; middle of "
               + std::to_string(analyse_runs) + " runs)";
    }
};

} // namespace

TEST_CASE("a mix by the whole process beside ffmpeg's ebur128") {
    const Shelf shelf;
    const std::string file = (shelf.path() / "mix.wav").string();
    const test::Sound mix = master();
    test::write_sound(file, mix, {SF_FORMAT_WAV | SF_FORMAT_PCM_24, {}, 0});
    const double length = song_seconds(mix);
    const bool has_ffmpeg = test::run({"sh", "-c", "command -v ffmpeg"}).status == 0;
    Samples theirs;
    Beside loudness_alone, all;
    Ran our_answer, their_answer;
    for (int run = 0; run < analyse_runs; ++run) {
        std::optional<Spent> peer;
        if (has_ffmpeg) {
            peer = spent_on([&] {
                their_answer =
                    test::run({"ffmpeg", "-nostdin", "-hide_banner", "-v", "info", "-i", file,
                               "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"},
                              {}, test::Seconds(300));
            });
            theirs.add(length / peer->wall);
        }
        for (const Look look : {Look::loudness, Look::whole}) {
            const Spent own = spent_on([&] { our_answer = shelf.analyse(file, look, true); });
            (look == Look::whole ? all : loudness_alone).add(length, own, peer);
        }
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
    if (has_ffmpeg) {
        REQUIRE(their_answer.status == 0);
        CHECK(std::abs(told_by_ffmpeg(their_answer.err, "I:") // it prints tenths
                       - loudness["integrated_lufs"].get<double>())
              < 0.11);
        report("ffmpeg ebur128=peak=true, a mix of " + text(length / 60.0, 1) + " minutes",
               text(theirs.middle()) + " x real time", "");
    }
    report("analyse, that mix: loudness, spectrum", all.text(), "3 times");
    report("analyse --only loudness, that mix", loudness_alone.text(), "10 times");
    report("analyse of that mix: apart from libebur128",
           "integrated " + text(integrated_off, 4) + " LU, true peak " + text(peak_off, 4) + " dB",
           "0.01 LU, 0.05 dB");
}

TEST_CASE("32 stems by the whole process, and what the time goes to") {
    const Shelf shelf;
    const std::filesystem::path folder = shelf.path() / "stems";
    std::filesystem::create_directory(folder);
    std::vector<std::filesystem::path> files;
    double song = 0.0;
    for (std::size_t i = 0; i < stem_count; ++i) {
        files.push_back(folder / (std::to_string(i) + ".wav"));
        const test::Sound sound = stem(i);
        song = song_seconds(sound);
        test::write_sound(files.back(), sound, {SF_FORMAT_WAV | SF_FORMAT_PCM_24, {}, 0});
    }
    for (const Look look : {Look::whole, Look::loudness}) {
        Samples first, again;
        for (int run = 0; run < analyse_runs; ++run) {
            first.add(song / spent_on([&] {
                                 CHECK(shelf.analyse(folder.string(), look, true).status == 0);
                             }).wall);
            again.add(1000.0 * spent_on([&] {
                                   CHECK(shelf.analyse(folder.string(), look, false).status == 0);
                               }).wall);
        }
        report(std::string("analyse") + (look == Look::whole ? "" : " --only loudness")
                   + ", 32 stereo stems of a song of " + text(song) + " s (24 bit WAV)",
               text(first.middle()) + " x real time of the song ("
                   + text(static_cast<double>(stem_count) * first.middle())
                   + " of all stems' seconds added up) with "
                   + std::to_string(std::thread::hardware_concurrency())
                   + " threads; a second look " + text(again.middle()) + " ms",
               look == Look::whole ? "30 x, aim 60" : "30 x");
    }

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
    command_line::BandRoom room;
    const auto measured = [&](bool spectrum) {
        std::vector<std::shared_ptr<command_line::BandTrack>> tracks;
        for (std::size_t i = 0; i < sources.size(); i += 4) {
            for (std::size_t k = 0; k < 4; ++k)
                tracks.push_back(std::make_shared<command_line::BandTrack>(room));
            AlsoMeasured also;
            also.spectrum = spectrum;
            also.on_bands = [&](std::size_t k, const BandEnergies& frame) {
                tracks[i + k]->add(frame);
            };
            keep(analyse_files(std::span(sources).subspan(i, 4), all_of_it, also));
        }
        return tracks;
    };
    const double loudness = timed(3, [&] { keep(measured(false)); }).lowest();
    const double both = timed(3, [&] { keep(measured(true)); }).lowest();
    const auto tracks = measured(true);
    const double masking =
        timed(3, [&] {
            std::vector<StemHeard> stems;
            for (const auto& track : tracks)
                stems.push_back({track->play(), BandMeter::frames_per_second(demo::sample_rate),
                                 song, 0.0, 0.0});
            const auto in_order = [](std::size_t count,
                                     const std::function<void(std::size_t)>& work) {
                for (std::size_t i = 0; i < count; ++i) work(i);
            };
            keep(compare_stems(stems, in_order, [](double) { return true; }).value());
        }).lowest();
    const double all = both + masking + hashing;
    const auto part = [&](double spent) { return text(100.0 * spent / all) + " %"; };
    report("of that, on one thread",
           "decoding " + part(decoding) + ", loudness " + part(loudness - decoding)
               + ", spectra (FFT, bands) " + part(both - loudness) + ", masking of all pairs "
               + part(masking) + ", hashing " + part(hashing) + "; " + text(1000.0 * song / all)
               + " x real time of the song",
           "");
}

TEST_CASE("memory that five hours take") {
    const Shelf shelf;
    const std::filesystem::path file = shelf.path() / "long.wav";
    test::write_silence(file, 5.0 * 3600.0, 48000, 2);
    const TimePoint start = Clock::now();
    test::Process process(shelf.command(file.string(), Look::whole), shelf.path() / "out",
                          shelf.environment());
    double highest = 0.0;
    REQUIRE(test::eventually(test::Seconds(300), [&] {
        if (!process.running()) return true;
        highest = std::max(highest, resident_mb(process.pid()));
        return false;
    }));
    const double took = seconds(Clock::now() - start);
    CHECK(process.wait(test::Seconds(1)) == 0);
    CHECK(highest < 300.0);
    report("analyse, a stereo file of five hours (3.5 GB): loudness, spectrum",
           text(highest, 1) + " MB resident at most, " + text(took, 1) + " s",
           "300 MB for any length");
}
