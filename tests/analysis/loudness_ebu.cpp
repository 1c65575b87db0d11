// EBU Tech 3341 (2023) table 1 and Tech 3342 (2023) table 1, each case made by its recipe, given whole and live. Left
// out are those that are recordings: 3341's 7 and 8, which are 3342's 5 and 6.
#include "analysis/loudness.h"
#include "tests/support/catch.h"
#include "tests/support/loudness_signals.h"

#include <algorithm>
#include <cmath>
#include <string>

using namespace prefade;
using namespace prefade::test;

namespace {

constexpr double tolerance = 0.1; // LU, of Tech 3341
constexpr double full_rate = 48000.0;
const ChannelLayout stereo_layout = default_layout(2);

LoudnessMeter meter_of(const ChannelLayout& layout, double sample_rate = full_rate) {
    auto meter = LoudnessMeter::make(layout, sample_rate);
    REQUIRE(meter);
    return std::move(*meter);
}

/// `check(loudness)` after the whole and after odd blocks.
template <class Check>
void both_ways(const ChannelLayout& layout, const std::vector<float>& samples, Check check) {
    LoudnessMeter meter = meter_of(layout);
    play_whole(meter, samples);
    {
        INFO("whole");
        check(meter.loudness());
    }
    meter.reset();
    play_live(meter, samples, [] {});
    INFO("live");
    check(meter.loudness());
}

void near(std::optional<Lufs> read, double expected) {
    REQUIRE(read);
    CHECK(read->value() == Approx(expected).margin(tolerance));
}

std::vector<Tone> after_silence(double silence, double sound, double level, double rest) {
    return {{silence, no_sound}, {sound, level}, {rest, no_sound}};
}

} // namespace

TEST_CASE("EBU 3341 cases 1 and 2: a steady tone reads the same on all three scales") {
    for (const double level : {-23.0, -33.0})
        both_ways(stereo_layout, tones(std::vector<Tone>{{20, level}}),
                  [&](const ProgrammeLoudness& loudness) {
                      near(loudness.momentary(), level);
                      near(loudness.short_term(), level);
                      near(loudness.integrated(), level);
                  });
}

TEST_CASE("EBU 3341 cases 3 to 6: gates and weights of the integrated loudness") {
    const std::vector<double> in_phase{0, 0};
    struct Row {
        std::string name;
        std::vector<Tone> steps;
        std::vector<double> channels;
    };
    const Row rows[] = {
        {"3", {{10, -36}, {60, -23}, {10, -36}}, in_phase},
        {"4", {{10, -72}, {10, -36}, {60, -23}, {10, -36}, {10, -72}}, in_phase},
        {"5", {{20, -26}, {20.1, -20}, {20, -26}}, in_phase},
        {"6", {{20, 0}}, {-28, -28, -24, -30, -30}},
    };
    for (const Row& row : rows) {
        INFO("case " << row.name);
        both_ways(default_layout(row.channels.size()), tones(row.steps, row.channels),
                  [](const ProgrammeLoudness& loudness) { near(loudness.integrated(), -23); });
    }
}

TEST_CASE("EBU 3341 cases 9 and 12: a sliding window as long as the pattern never moves") {
    LoudnessMeter meter = meter_of(stereo_layout);
    std::uint64_t looked = 0;
    const auto steady = [&](std::optional<Lufs> read, double from_seconds) {
        if (static_cast<double>(meter.loudness().frames()) < from_seconds * full_rate) return;
        near(read, -23);
        ++looked;
    };
    play_live(meter, tones(repeated({{1.34, -20}, {1.66, -30}}, 5)),
              [&] { steady(meter.loudness().short_term(), 3.0); });
    CHECK(looked > 500);
    meter.reset();
    looked = 0;
    play_live(meter, tones(repeated({{0.18, -20}, {0.22, -30}}, 25)),
              [&] { steady(meter.loudness().momentary(), 1.0); });
    CHECK(looked > 400);
}

TEST_CASE("EBU 3341 cases 10 and 13: the loudest window is found wherever it lies in a file") {
    for (int i = 0; i < 20; ++i) {
        INFO("file " << i);
        both_ways(stereo_layout, tones(after_silence(i * 0.15, 3.0, -23, 1.0)),
                  [](const ProgrammeLoudness& loudness) { near(loudness.max_short_term(), -23); });
        both_ways(stereo_layout, tones(after_silence(i * 0.02, 0.4, -23, 1.0)),
                  [](const ProgrammeLoudness& loudness) { near(loudness.max_momentary(), -23); });
    }
}

TEST_CASE("EBU 3341 cases 11 and 14: the loudest window is found live, tone after tone") {
    LoudnessMeter meter = meter_of(stereo_layout);
    for (int i = 0; i < 20; ++i) {
        INFO("tone " << i);
        play_live(meter, tones(after_silence(i * 0.15, 3.0, -38.0 + i, 3.0 - i * 0.15)), [] {});
        near(meter.loudness().max_short_term(), -38.0 + i);
    }
    meter.reset();
    for (int i = 0; i < 20; ++i) {
        INFO("tone " << i);
        play_live(meter, tones(after_silence(i * 0.02, 0.4, -38.0 + i, 0.4 - i * 0.02)), [] {});
        near(meter.loudness().max_momentary(), -38.0 + i);
    }
}

TEST_CASE("EBU 3341 cases 15 to 23: true peaks between the samples") {
    struct Row {
        std::string name;
        std::vector<float> samples;
        double dbtp;
    };
    const Row rows[] = {
        {"15", steady_sine(4, 0.50, 0, 1), -6},
        {"16", steady_sine(4, 0.50, 45, 1), -6},
        {"17", steady_sine(6, 0.50, 60, 1), -6},
        {"18", steady_sine(8, 0.50, 67.5, 1), -6},
        {"19", steady_sine(4, 1.41, 45, 1), 3},
        {"20", hidden_peak(0), 0},
        {"21", hidden_peak(1), 0},
        {"22", hidden_peak(2), 0},
        {"23", hidden_peak(3), 0},
    };
    for (const Row& row : rows) {
        INFO("case " << row.name);
        both_ways(stereo_layout, row.samples, [&](const ProgrammeLoudness& loudness) {
            REQUIRE(loudness.true_peak());
            CHECK(loudness.true_peak()->value() <= row.dbtp + 0.2);
            CHECK(loudness.true_peak()->value() >= row.dbtp - 0.4);
        });
    }
}

TEST_CASE("EBU 3342 cases 1 to 4: loudness range, the same when all is said twice") {
    struct Row {
        std::string name;
        std::vector<Tone> steps;
        double range;
    };
    const Row rows[] = {
        {"1", {{20, -20}, {20, -30}}, 10},
        {"2", {{20, -20}, {20, -15}}, 5},
        {"3", {{20, -40}, {20, -20}}, 20},
        {"4", {{20, -50}, {20, -35}, {20, -20}, {20, -35}, {20, -50}}, 15},
    };
    for (const Row& row : rows) {
        INFO("case " << row.name);
        const auto read = [&](const ProgrammeLoudness& loudness) {
            REQUIRE(loudness.range());
            CHECK(loudness.range()->value() == Approx(row.range).margin(1.0));
        };
        const auto samples = tones(row.steps);
        both_ways(stereo_layout, samples, read);
        LoudnessMeter meter = meter_of(stereo_layout);
        for (int i = 0; i < 2; ++i) play_whole(meter, samples);
        read(meter.loudness());
    }
}

TEST_CASE("a calibration tone reads its level at every rate and in one speaker 3 LU less") {
    for (const double rate : {8000.0, 16000.0, 22050.0, 32000.0, 44056.0, 44100.0, 47999.5, 48000.0,
                              88200.0, 96000.0, 176400.0, 192000.0, 384000.0}) {
        INFO(rate << " Hz");
        LoudnessMeter meter = meter_of(stereo_layout, rate);
        play_whole(meter, tones(std::vector<Tone>{{4, -18}}, {0, 0}, rate));
        near(meter.loudness().integrated(), -18);
        near(meter.loudness().short_term(), -18);
        LoudnessMeter mono = meter_of(default_layout(1), rate);
        play_whole(mono, tones(std::vector<Tone>{{4, -18}}, {0}, rate));
        near(mono.loudness().integrated(), -21.01);
    }
}
