// Band energies, the average, tilt and crest against signals whose spectrum is known exactly.
#include "analysis/spectrum.h"
#include "tests/support/catch.h"
#include "tests/truth/dice.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

using namespace prefade;

namespace {

std::vector<float> sine_of(double hz, double amplitude, double seconds, double rate) {
    std::vector<float> samples(static_cast<std::size_t>(seconds * rate));
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<float>(
            amplitude * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate));
    return samples;
}

std::vector<float> white_noise(double seconds, double rate) {
    truth::Dice dice(1);
    std::vector<float> samples(static_cast<std::size_t>(seconds * rate));
    for (float& sample : samples) sample = static_cast<float>(dice.between(-0.5, 0.5));
    return samples;
}

/// White noise through a sum of one-pole low passes, an octave apart, each 3 dB over the next: -3 dB per octave.
std::vector<float> pink_noise(double seconds, double rate) {
    auto samples = white_noise(seconds, rate);
    constexpr int poles = 14;
    std::array<double, poles> state{}, pole{}, gain{};
    for (int k = 0; k < poles; ++k) {
        const double hz = 3.0 * std::exp2(k);
        const auto at = static_cast<std::size_t>(k);
        pole[at] = std::exp(-2.0 * std::numbers::pi * hz / rate);
        gain[at] = std::exp2(-0.5 * k) * (1.0 - pole[at]) * std::exp2(k) * 0.01;
    }
    for (float& sample : samples) {
        double sum = 0.0;
        for (std::size_t k = 0; k < state.size(); ++k) {
            state[k] = pole[k] * state[k] + static_cast<double>(sample);
            sum += (1.0 - pole[k]) * state[k] * std::exp2(-0.5 * static_cast<double>(k));
        }
        sample = static_cast<float>(2.0 * sum);
    }
    return samples;
}

std::vector<BandEnergies> frames_of(const std::vector<float>& samples, std::size_t channels,
                                    double rate) {
    BandMeter meter = BandMeter::make(channels, rate).value();
    std::vector<BandEnergies> frames;
    const auto keep = [&](const BandEnergies& frame) { frames.push_back(frame); };
    meter.add(samples, keep);
    meter.finish(keep);
    return frames;
}

/// Without the first and the last two frames: where a signal begins and ends at once there is more than itself.
AverageSpectrum average_of(const std::vector<float>& samples, double rate) {
    const auto frames = frames_of(samples, 1, rate);
    AverageSpectrum average;
    for (std::size_t k = 2; k + 2 < frames.size(); ++k) average.add(frames[k]);
    return average;
}

double total(const BandEnergies& energies) {
    return std::accumulate(energies.begin(), energies.end(), 0.0);
}

} // namespace

TEST_CASE("the bands lie next to each other from 20 Hz to 20 kHz, as wide as the ear's filters") {
    CHECK(erb_band(0).low.value() == Approx(20.0));
    CHECK(erb_band(erb_band_count - 1).high.value() == Approx(20000.0));
    for (std::size_t b = 0; b < erb_band_count; ++b) {
        const ErbBand& band = erb_band(b);
        const double centre = band.centre.value();
        const double erb = 24.7 * (4.37e-3 * centre + 1.0); // Glasberg and Moore 1990
        CHECK((band.high.value() - band.low.value()) / erb == Approx(0.972).margin(0.02));
        if (b > 0) CHECK(erb_band(b - 1).high == band.low);
        CHECK(erb_position(band.centre) == Approx(static_cast<double>(b) + 0.5));
    }
}

TEST_CASE("a sine reads its level in its band, at every rate") {
    for (const double rate : {8000.0, 44100.0, 48000.0, 96000.0, 192000.0})
        for (const std::size_t band : {8U, 15U, 20U, 27U, 34U, 40U}) {
            const double hz = erb_band(band).centre.value();
            if (hz > 0.45 * rate) continue;
            INFO(rate << " Hz, band " << band);
            const BandLevels level =
                levels(average_of(sine_of(hz, 0.5, 2.0, rate), rate).energies());
            CHECK(level[band] == Approx(-6.02).margin(0.1));
            for (std::size_t b = 0; b < erb_band_count; ++b)
                if (b + 2 < band || b > band + 2) CHECK(level[b] < -66.0F);
        }
}

TEST_CASE("the lowest bands are told apart as far as the window lets them") {
    for (std::size_t band = 0; band < 6; ++band) {
        const double hz = erb_band(band).centre.value();
        const auto level = levels(average_of(sine_of(hz, 1.0, 4.0, 48000.0), 48000.0).energies());
        const auto strongest = std::max_element(level.begin(), level.end()) - level.begin();
        CHECK(static_cast<std::size_t>(strongest) == band);
        CHECK(level[band] > -2.5F);
    }
}

TEST_CASE("every sample counts once: the frames' mean power is the signal's, wherever it lies") {
    // One impulse has the same power at all frequencies: the bands hold 20 Hz to 20 kHz of 0 to 24 kHz.
    for (const std::size_t at : {0U, 1U, 1000U, 2047U, 2048U, 3333U, 9000U}) {
        std::vector<float> samples(9001, 0.0F);
        samples[at] = 1.0F;
        double sum = 0.0;
        for (const BandEnergies& frame : frames_of(samples, 1, 48000.0)) sum += total(frame);
        CHECK(sum * 2048.0 == Approx(19980.0 / 24000.0).epsilon(0.001));
    }
}

TEST_CASE("channels add up, and how samples are cut into blocks changes nothing") {
    const auto left = white_noise(1.0, 48000.0);
    std::vector<float> both;
    for (const float sample : left) {
        both.push_back(sample);
        both.push_back(-0.5F * sample);
    }
    const auto whole = frames_of(both, 2, 48000.0);
    const auto mono = frames_of(left, 1, 48000.0);
    REQUIRE(whole.size() == mono.size());
    for (std::size_t k = 0; k < whole.size(); ++k)
        CHECK(total(whole[k]) == Approx(1.25 * total(mono[k])).epsilon(1e-5));

    BandMeter meter = BandMeter::make(2, 48000.0).value();
    std::size_t k = 0;
    const auto check = [&](const BandEnergies& frame) { CHECK(frame == whole[k++]); };
    truth::Dice dice(2);
    for (std::span<const float> rest = both; !rest.empty();) {
        const auto size = std::min(rest.size(), 2 * dice.below(3000));
        meter.add(rest.first(size), check);
        rest = rest.subspan(size);
    }
    meter.finish(check);
    CHECK(k == whole.size());
}

TEST_CASE("channels of different sound add up in each band, also an odd number of them") {
    const std::vector<float> channels[] = {sine_of(150.0, 0.5, 1.0, 48000.0),
                                           white_noise(1.0, 48000.0),
                                           sine_of(3000.0, 0.1, 1.0, 48000.0)};
    for (const std::size_t count : {2U, 3U}) {
        std::vector<float> together;
        for (std::size_t i = 0; i < channels[0].size(); ++i)
            for (std::size_t c = 0; c < count; ++c) together.push_back(channels[c][i]);
        const auto whole = frames_of(together, count, 48000.0);
        std::vector<BandEnergies> sum(whole.size(), BandEnergies{});
        for (std::size_t c = 0; c < count; ++c) {
            const auto alone = frames_of(channels[c], 1, 48000.0);
            REQUIRE(alone.size() == sum.size());
            for (std::size_t k = 0; k < sum.size(); ++k)
                for (std::size_t b = 0; b < erb_band_count; ++b) sum[k][b] += alone[k][b];
        }
        for (std::size_t k = 0; k < sum.size(); ++k)
            for (std::size_t b = 0; b < erb_band_count; ++b)
                CHECK(whole[k][b] == Approx(sum[k][b]).epsilon(1e-4).margin(1e-9));
    }
}

TEST_CASE("what is no sound counts as silence, and the rest is heard") {
    auto samples = sine_of(1000.0, 0.5, 1.0, 48000.0);
    const auto clean = average_of(samples, 48000.0).energies();
    samples[100] = std::numeric_limits<float>::quiet_NaN();
    samples[20000] = std::numeric_limits<float>::infinity();
    samples[30000] = -3e38F;
    CHECK(total(average_of(samples, 48000.0).energies()) == Approx(total(clean)).epsilon(0.01));
}

TEST_CASE("white noise has a tilt of 0, pink noise of -3 dB per octave") {
    const auto white = average_of(white_noise(20.0, 48000.0), 48000.0);
    REQUIRE(white.tilt());
    CHECK(white.tilt()->value() == Approx(0.0).margin(0.1));
    const auto pink = average_of(pink_noise(20.0, 48000.0), 48000.0);
    REQUIRE(pink.tilt());
    CHECK(pink.tilt()->value() == Approx(-3.01).margin(0.2));
}

TEST_CASE("a tilt needs bands, and silence has none") {
    CHECK_FALSE(AverageSpectrum{}.tilt());
    CHECK_FALSE(average_of(std::vector<float>(48000), 48000.0).tilt());
    CHECK_FALSE(average_of(sine_of(1000.0, 0.5, 1.0, 48000.0), 48000.0).tilt());
    CHECK(average_of(std::vector<float>(48000), 48000.0).frames() == 0);
}

TEST_CASE("steady sound has no crest, a train of clicks that of its period") {
    const auto steady = average_of(sine_of(1000.0, 0.5, 10.0, 48000.0), 48000.0);
    const auto band = static_cast<std::size_t>(erb_position(Hertz{1000.0}));
    CHECK(steady.crest()[band] == Approx(0.0).margin(0.1));

    // Soft noise with a click every 8 hops, in the middle of a frame that has nearly all of it: one frame in eight has
    // the click's power, so it is 10 log10(8) over the mean.
    auto clicks = white_noise(8 * 2048 * 20 / 48000.0, 48000.0);
    for (float& sample : clicks) sample *= 0.002F;
    for (std::size_t at = 2048; at < clicks.size(); at += 8 * 2048) clicks[at] = 1.0F;
    const auto train = average_of(clicks, 48000.0);
    for (const std::size_t b : {10U, 20U, 30U}) CHECK(train.crest()[b] == Approx(9.03).margin(0.3));
}

TEST_CASE("a rate or a number of channels that cannot be is refused in words") {
    CHECK(BandMeter::make(1, 100.0).error().message.find("sample rate") != std::string::npos);
    CHECK_FALSE(BandMeter::make(1, std::numeric_limits<double>::quiet_NaN()));
    CHECK(BandMeter::make(0, 48000.0).error().message.find("channels") != std::string::npos);
    CHECK_FALSE(BandMeter::make(5000, 48000.0));
}
