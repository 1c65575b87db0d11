// Faults of level and tone that are planted in songs, and masters driven over a limit: what `prefade analyse` measures of
// the files must give back what was planted. Songs of own synthesis, and renders of others where FluidSynth is installed.
// Their loudness beside libebur128's.
#include "analysis/file_analysis.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"
#include "tests/support/loudness_reference.h"
#include "tests/support/own_folder.h"
#include "tests/support/sound_file.h"
#include "tests/truth/dice.h"
#include "tests/truth/renders.h"
#include "tests/truth/score.h"
#include "tests/truth/third_octaves.h"

#include <algorithm>
#include <cmath>
#include <optional>

using namespace prefade;
using namespace prefade::truth;

namespace {

// How near a planted fault must be measured.
constexpr double level_tolerance = 0.1; // LU: gates open and close a little elsewhere
constexpr double peak_tolerance = 0.01; // dB
constexpr double tone_tolerance = 0.5;  // dB, in the band at the bell's centre
constexpr double far_tolerance = 0.1;   // dB, four octaves from it
constexpr double ceiling = -1.0;        // dBFS of the limited masters
/// Of quieter stems a gain also moves decays over the fixed gates at -70, where they are counted from then on.
constexpr double over_the_gates = -40.0; // LUFS

const Heard all_of_it = [](std::uint64_t, std::span<const double>) { return true; };

/// What the file with these samples measures.
FileAnalysis measured(const std::vector<float>& samples) {
    const test::OwnFolder folder;
    const auto path = folder.path() / "sound.wav";
    test::write_sound(path, {static_cast<int>(sample_rate), 1, samples},
                      {SF_FORMAT_WAV | SF_FORMAT_FLOAT, {}, 0});
    const auto bytes = std::move(FileBytes::open(path)).value();
    ByteSource* const source = bytes.get();
    AlsoMeasured also;
    also.spectrum = true;
    return analyse_files(std::span(&source, 1), all_of_it, also)[0].value();
}

std::vector<float> scaled(std::vector<float> samples, double db) {
    const auto gain = static_cast<float>(std::pow(10.0, 0.05 * db));
    for (float& sample : samples) sample *= gain;
    return samples;
}

std::vector<float> mix_of(const Song& song) {
    std::size_t longest = 0;
    for (const Track& track : song.tracks) longest = std::max(longest, track.samples.size());
    std::vector<float> mix(longest);
    for (const Track& track : song.tracks)
        for (std::size_t i = 0; i < track.samples.size(); ++i) mix[i] += track.samples[i];
    return mix;
}

bool sounds(const FileAnalysis& analysis) { return analysis.loudness.integrated.has_value(); }

/// What went farthest off, of how many.
struct Off {
    double most{0.0};
    std::size_t count{0};
    void add(double off) {
        most = std::max(most, std::abs(off));
        ++count;
    }
};
struct AllOff {
    Off level, peak, tone, far, ceiling, integrated, true_peak, range, their_range;
};

void plant_level(const std::vector<float>& stem, const FileAnalysis& before, Dice& dice,
                 AllOff& off) {
    const double planted = dice.between(2.0, 9.0);
    const FileAnalysis after = measured(scaled(stem, planted));
    off.level.add(after.loudness.integrated->value() - before.loudness.integrated->value()
                  - planted);
    off.peak.add(after.loudness.true_peak->value() - before.loudness.true_peak->value() - planted);
}

/// Mud, boxiness or harshness: a bell where the stem has anything to raise.
void plant_tone(const std::vector<float>& stem, const FileAnalysis& before, Dice& dice,
                AllOff& off) {
    const BandLevels& levels = before.spectrum->levels;
    const float strongest = *std::max_element(levels.begin(), levels.end());
    for (const double hz : {300.0, 450.0, 3200.0}) {
        const auto band = static_cast<std::size_t>(erb_position(Hertz{hz}));
        if (levels[band] < strongest - 25.0F) continue; // else what is there is its neighbours'
        const double planted = dice.between(3.0, 9.0), q = 0.8;
        const double centre = erb_band(band).centre.value();
        std::vector<float> faulty = stem;
        equalise(faulty, centre, planted, q);
        const BandLevels after = measured(faulty).spectrum->levels;
        off.tone.add(static_cast<double>(after[band] - levels[band]) - planted);
        const auto away = static_cast<std::size_t>(
            erb_position(Hertz{centre < 1000.0 ? centre * 16.0 : centre / 16.0}));
        if (levels[away] > strongest - 40.0F)
            off.far.add(static_cast<double>(after[away] - levels[away]));
    }
}

/// Loud into a hard ceiling, as a limiter that never lets go.
void plant_limit(const std::vector<float>& mix, const FileAnalysis& before, Dice& dice,
                 AllOff& off) {
    const double top = std::pow(10.0, 0.05 * ceiling);
    const double drive = ceiling - before.loudness.sample_peak->value() + dice.between(6.0, 12.0);
    std::vector<float> master = scaled(mix, drive);
    for (float& sample : master)
        sample = std::clamp(sample, static_cast<float>(-top), static_cast<float>(top));
    const FileAnalysis after = measured(master);
    off.ceiling.add(after.loudness.sample_peak->value() - ceiling);
    CHECK(after.loudness.peak_to_loudness->value()
          < before.loudness.peak_to_loudness->value() - 3.0);
    const auto exact = test::by_libebur128(master, 1, static_cast<unsigned>(sample_rate));
    off.integrated.add(after.loudness.integrated->value() - exact.integrated);
    off.true_peak.add(after.loudness.true_peak->value() - exact.true_peak);
}

/// Beside libebur128, and the range beside Tech 3342 as it is written, for libebur128 looks but once a second.
void compare_loudness(const std::vector<float>& samples, const FileAnalysis& ours, AllOff& off) {
    const auto theirs = test::by_libebur128(samples, 1, static_cast<unsigned>(sample_rate));
    off.integrated.add(ours.loudness.integrated->value() - theirs.integrated);
    off.true_peak.add(ours.loudness.true_peak->value() - theirs.true_peak);
    if (!ours.loudness.range) return;
    const double exact = test::PlainLoudness(samples, 1, sample_rate).range(0.01);
    off.range.add(ours.loudness.range->value() - exact);
    off.their_range.add(theirs.range - exact);
}

void look_at(const Song& song, std::uint64_t seed, AllOff& off) {
    Dice dice(seed);
    for (const Track& track : song.tracks) {
        const FileAnalysis before = measured(track.samples);
        if (!sounds(before)) continue;
        compare_loudness(track.samples, before, off);
        if (before.loudness.integrated->value() < over_the_gates) continue;
        plant_level(track.samples, before, dice, off);
        plant_tone(track.samples, before, dice, off);
    }
    const std::vector<float> mix = mix_of(song);
    const FileAnalysis before = measured(mix);
    REQUIRE(sounds(before));
    compare_loudness(mix, before, off);
    plant_limit(mix, before, dice, off);
}

std::string text(const Off& off, const char* unit) {
    char buffer[96];
    std::snprintf(buffer, sizeof buffer, "%.4f %s of %zu", off.most, unit, off.count);
    return buffer;
}

void judge(const std::string& songs, const AllOff& off) {
    test::figure("planted in " + songs + ", measured off by at most: level " + text(off.level, "LU")
                 + ", its peak " + text(off.peak, "dB") + ", tone " + text(off.tone, "dB")
                 + ", far from the bell " + text(off.far, "dB") + ", limit "
                 + text(off.ceiling, "dB") + " (bar 0.1 LU, 0.01, 0.5, 0.1, 0.01 dB)");
    test::figure("loudness of " + songs + " off libebur128 by at most: integrated "
                 + text(off.integrated, "LU") + ", true peak " + text(off.true_peak, "dB")
                 + "; range off the exact one by " + text(off.range, "LU") + " (libebur128 "
                 + text(off.their_range, "LU") + ") (bar 0.01 LU, 0.05 dB, 0.05 LU)");
    CHECK(off.level.count >= 10);
    CHECK(off.tone.count >= 10);
    CHECK(off.level.most <= level_tolerance);
    CHECK(off.peak.most <= peak_tolerance);
    CHECK(off.tone.most <= tone_tolerance);
    CHECK(off.far.most <= far_tolerance);
    CHECK(off.ceiling.most <= 0.01);
    CHECK(off.integrated.most <= 0.01);
    CHECK(off.true_peak.most <= 0.05);
    CHECK(off.range.most <= 0.05);
}

} // namespace

TEST_CASE(
    "planted faults of level and tone, and limited masters, are measured as they were planted") {
    AllOff off;
    for (const std::uint64_t seed : test_seeds()) look_at(compose(seed, song_seconds), seed, off);
    judge("songs of own synthesis", off);
}

TEST_CASE("they are so in songs that others wrote and recorded, too") {
    const test::OwnFolder work;
    AllOff off;
    std::size_t songs = 0;
    const RenderedSet set = tuning_renders(); // of levels and tone nothing was tuned
    for (const std::string_view name : set.songs)
        if (const auto song = render(set, name, work.path())) {
            look_at(*song, ++songs, off);
        }
    if (songs == 0) {
        test::figure(
            "SKIP: planted faults in rendered songs: needs fluidsynth, timgm6mb-soundfont, "
            "openttd-openmsx and python3, which are not all here");
        return;
    }
    judge(std::to_string(songs) + " rendered songs", off);
}
