// How fast integrated loudness, range and true peak are measured on one thread, beside libebur128 on the same samples
// in the same run: the demo's song as a driven stereo mix, and its recordings as 32 stereo stems.
#include "analysis/loudness.h"
#include "connectors/demo/instruments.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"
#include "tests/support/loudness_reference.h"

#include <cmath>
#include <ctime>

using namespace prefade;
using namespace prefade::bench;
using namespace prefade::test;

namespace {

using Stereo = std::vector<float>;
constexpr double song_rate = demo::sample_rate;

/// Processor time of this thread, which other programs of a busy machine do not add to.
double thread_seconds() {
    std::timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Recording after recording, each at its own place between the speakers.
std::vector<Stereo> stereo_stems(std::size_t count) {
    std::vector<std::vector<std::int16_t>> recordings;
    for (std::size_t i = 0; i < demo::instrument_count; ++i)
        recordings.push_back(demo::record(static_cast<demo::Instrument>(i)));
    std::vector<Stereo> stems(count, Stereo(2 * demo::song_frames));
    for (std::size_t i = 0; i < count; ++i) {
        const auto& mono = recordings[i % recordings.size()];
        const float pan = 0.2F + 0.6F * static_cast<float>(i) / static_cast<float>(count);
        for (std::size_t n = 0; n < demo::song_frames; ++n) {
            const float sample = static_cast<float>(mono[(n + 977 * i) % mono.size()]) / 32768.0F;
            stems[i][2 * n] = (1.0F - pan) * sample;
            stems[i][2 * n + 1] = pan * sample;
        }
    }
    return stems;
}

/// All of them, driven into a soft limit as a loud master is.
Stereo driven_mix(const std::vector<Stereo>& stems) {
    Stereo mix(stems.front().size());
    for (const Stereo& stem : stems)
        for (std::size_t i = 0; i < mix.size(); ++i) mix[i] += stem[i];
    for (float& sample : mix) sample = 0.95F * std::tanh(1.5F * sample);
    return mix;
}

LoudnessFigures figures(const ProgrammeLoudness& of) {
    return {of.integrated().value().value(), of.range().value().value(),
            of.true_peak().value().value()};
}

std::vector<LoudnessFigures> ours(std::span<const Stereo> programmes) {
    constexpr std::size_t block = 2 * 4096;
    const std::vector<ChannelLayout> layouts(programmes.size(), default_layout(2));
    auto meter = LoudnessMeter::make(layouts, song_rate);
    REQUIRE(meter);
    std::vector<std::span<const float>> blocks(programmes.size());
    for (std::size_t from = 0; from < programmes[0].size(); from += block) {
        for (std::size_t i = 0; i < programmes.size(); ++i)
            blocks[i] = std::span(programmes[i])
                            .subspan(from, std::min(block, programmes[i].size() - from));
        meter->add(blocks);
    }
    std::vector<LoudnessFigures> read;
    for (std::size_t i = 0; i < programmes.size(); ++i) read.push_back(figures(meter->loudness(i)));
    return read;
}

std::vector<LoudnessFigures> libebur128s(std::span<const Stereo> programmes) {
    std::vector<LoudnessFigures> read;
    for (const Stereo& samples : programmes)
        read.push_back(by_libebur128(samples, 2, demo::sample_rate));
    return read;
}

/// How far apart what both read is. The range may differ, for libebur128 looks once a second where Tech 3342 asks for
/// ten times or more: beside both stands that of a look every 10 ms.
void compare(const std::string& what, std::span<const Stereo> programmes,
             const std::vector<LoudnessFigures>& our_read,
             const std::vector<LoudnessFigures>& their_read) {
    double integrated = 0.0, true_peak = 0.0, our_range = 0.0, their_range = 0.0;
    for (std::size_t i = 0; i < programmes.size(); ++i) {
        const double range = PlainLoudness(programmes[i], 2, song_rate).range(0.01);
        const double our_off = std::abs(our_read[i].range - range);
        const double their_off = std::abs(their_read[i].range - range);
        CHECK(our_off <= 0.05);
        our_range = std::max(our_range, our_off);
        their_range = std::max(their_range, their_off);
        integrated =
            std::max(integrated, std::abs(our_read[i].integrated - their_read[i].integrated));
        true_peak = std::max(true_peak, std::abs(our_read[i].true_peak - their_read[i].true_peak));
    }
    CHECK(integrated <= 0.01);
    CHECK(true_peak <= 0.05);
    report(what + ": apart from libebur128 at most",
           "integrated " + text(integrated, 4) + " LU, true peak " + text(true_peak, 4)
               + " dB; range off the exact one by " + text(our_range, 3) + " LU, libebur128's by "
               + text(their_range, 3),
           "0.01 LU, 0.05 dB, 0.05 LU");
}

/// Both in turn, so that whatever else the machine does slows both.
void side_by_side(const std::string& what, std::span<const Stereo> programmes, int runs) {
    const double seconds =
        static_cast<double>(programmes.size() * programmes[0].size() / 2) / song_rate;
    Samples our_rate, their_rate, ratio;
    std::vector<LoudnessFigures> our_read, their_read;
    for (int run = 0; run < runs; ++run) {
        double start = thread_seconds();
        their_read = libebur128s(programmes);
        const double theirs = thread_seconds() - start;
        start = thread_seconds();
        our_read = ours(programmes);
        const double our_time = thread_seconds() - start;
        their_rate.add(seconds / theirs);
        our_rate.add(seconds / our_time);
        ratio.add(theirs / our_time);
    }
    report(what,
           text(our_rate.middle()) + " x real time, libebur128 " + text(their_rate.middle())
               + " x, so " + text(ratio.middle(), 1)
               + " times as fast (runs: " + std::to_string(runs) + ", the middle)",
           "10 times, aim 15");
    compare(what, programmes, our_read, their_read);
}

} // namespace

TEST_CASE("loudness of a stereo song and of 32 stems beside libebur128") {
    const auto stems = stereo_stems(32);
    const Stereo mix = driven_mix(stems);
    side_by_side("loudness, range and true peak, a stereo mix, one thread", std::span(&mix, 1), 5);
    side_by_side("loudness, range and true peak, 32 stereo stems together, one thread", stems, 1);
}
