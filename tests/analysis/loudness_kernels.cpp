// Each instruction set that this processor has, and plain code, beside each other and beside the definition.
#include "analysis/loudness_kernels.h"

#include "analysis/loudness.h"
#include "tests/support/catch.h"
#include "tests/support/loudness_signals.h"

#include <algorithm>
#include <cmath>
#include <hwy/targets.h>
#include <map>
#include <numbers>
#include <random>
#include <string>

using namespace prefade;
using namespace prefade::test;

namespace {

/// Runs `act` with each set of instructions in turn; the names of those that were there.
template <class Act> std::vector<std::string> with_each_set(Act act) {
    std::vector<std::string> names;
    for (const std::int64_t target : {HWY_AVX2, HWY_SSE4, HWY_NEON, HWY_EMU128, HWY_SCALAR}) {
        hwy::SetSupportedTargetsForTest(0);
        const bool plain = target == HWY_EMU128 || target == HWY_SCALAR;
        if (!plain && (hwy::SupportedTargets() & target) == 0) continue;
        hwy::SetSupportedTargetsForTest(target);
        const std::string name = kernels::instruction_set();
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        INFO(name);
        act(name);
        names.push_back(name);
    }
    hwy::SetSupportedTargetsForTest(0);
    return names;
}

/// A channel as the kernels want it: what came before, `count` samples, room past the end (filled with what must
/// not matter).
struct Samples {
    explicit Samples(std::size_t count, unsigned seed, float level)
        : samples(kernels::TruePeakFilter::history + count + kernels::slack, 1e9F) {
        std::mt19937 random(seed);
        std::normal_distribution<float> normal;
        float smooth = 0.0F;
        for (std::size_t i = 0; i < kernels::TruePeakFilter::history + count; ++i) {
            smooth += 0.5F * (normal(random) - smooth);
            samples[i] = level * smooth * (random() % 97 == 0 ? 3.0F : 1.0F);
        }
    }
    const float* start() const { return samples.data() + kernels::TruePeakFilter::history; }
    std::vector<float> samples;
};

/// Largest |x| of `count` samples and of what a Hann-windowed sinc of 49 taps at `factor` times the rate puts
/// between them.
double plain_peak(const float* x, std::size_t count, int factor) {
    double peak = 0.0;
    for (std::size_t n = 0; n < count; ++n)
        for (int phase = 1; phase < factor; ++phase) {
            double sum = 0.0;
            for (int j = phase; j < 49; j += factor) {
                const double m = std::numbers::pi * (j - 24) / factor;
                const double hann = 0.5 - 0.5 * std::cos(std::numbers::pi * j / 24.0);
                sum += (j == 24 ? 1.0 : std::sin(m) / m) * hann
                       * static_cast<double>(x[static_cast<std::ptrdiff_t>(n) - j / factor]);
            }
            peak = std::max(peak, std::abs(sum));
        }
    for (std::size_t n = 0; n < count; ++n)
        peak = std::max(peak, std::abs(static_cast<double>(x[n])));
    return peak;
}

} // namespace

TEST_CASE(
    "every instruction set finds the peak that plain sums find, though it skips most of them") {
    const auto names = with_each_set([](const std::string&) {
        for (const double rate : {48'000.0, 96'000.0, 192'000.0}) {
            const auto filter = kernels::true_peak_filter(rate);
            for (const std::size_t count : {1U, 3U, 31U, 32U, 33U, 480U, 959U}) {
                const Samples channel(count, static_cast<unsigned>(count), 0.3F);
                kernels::Peaks peaks;
                REQUIRE(kernels::raise_peaks(channel.start(), count, filter, peaks));
                const double expected =
                    plain_peak(channel.start(), count, static_cast<int>(filter.factor));
                CHECK(static_cast<double>(peaks.between) == Approx(expected).epsilon(2e-6));
                float largest = 0.0F;
                for (std::size_t n = 0; n < count; ++n)
                    largest = std::max(largest, std::abs(channel.start()[n]));
                CHECK(peaks.sample == largest);
                // What is higher already stays.
                peaks = {2.0F * largest, 5.0F * peaks.between};
                const kernels::Peaks before = peaks;
                REQUIRE(kernels::raise_peaks(channel.start(), count, filter, peaks));
                CHECK((peaks.sample == before.sample && peaks.between == before.between));
            }
        }
    });
    CHECK(names.size() >= 2);
}

TEST_CASE("no stretch is skipped that may hold the peak: small samples whose signs are those of "
          "the taps") {
    for (const double rate : {48'000.0, 96'000.0}) {
        const auto filter = kernels::true_peak_filter(rate);
        const int pairs = filter.factor == 4 ? 6 : 12;
        Samples channel(480, 1, 0.0F);
        float* x = channel.samples.data() + kernels::TruePeakFilter::history;
        for (int k = 0; k < 2 * pairs; ++k) {
            const int from_middle = k < pairs ? pairs - 1 - k : k - pairs;
            x[300 - k] = from_middle % 2 == 0 ? 0.4F : -0.4F;
        }
        const double between = plain_peak(x, 480, static_cast<int>(filter.factor));
        CHECK(between > 1.8 * 0.4);
        x[100] = static_cast<float>(0.99 * between); // alone, and all but as high
        with_each_set([&](const std::string&) {
            kernels::Peaks peaks;
            REQUIRE(kernels::raise_peaks(x, 480, filter, peaks));
            CHECK(static_cast<double>(peaks.between) == Approx(between).epsilon(2e-6));
        });
    }
}

TEST_CASE("every instruction set sees a sample that is no sound, wherever it is") {
    with_each_set([](const std::string&) {
        const auto filter = kernels::true_peak_filter(48'000.0);
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(),
                                -std::numeric_limits<float>::infinity(), 2e12F})
            for (const std::size_t at : {0U, 31U, 32U, 63U, 64U, 69U}) {
                Samples channel(70, 1, 0.3F);
                channel.samples[kernels::TruePeakFilter::history + at] = bad;
                kernels::Peaks peaks{0.1F, 0.2F};
                CHECK_FALSE(kernels::raise_peaks(channel.start(), 70, filter, peaks));
                CHECK((peaks.sample == 0.1F && peaks.between == 0.2F));
            }
    });
}

TEST_CASE("every instruction set weighs each channel as the standard's coefficients do") {
    constexpr std::size_t count = 4801;
    for (const std::size_t wanted : {1U, 2U, 3U, 8U, 13U, 24U}) {
        const std::size_t channels = kernels::padded(wanted);
        std::vector<Samples> in;
        std::vector<const float*> starts;
        for (std::size_t c = 0; c < channels; ++c)
            in.emplace_back(count, static_cast<unsigned>(c), 0.1F * static_cast<float>(c + 1));
        for (const Samples& channel : in) starts.push_back(channel.start());
        std::vector<double> expected;
        for (const float* start : starts) { // BS.1770-4, annex 1, tables 1 and 2
            double s1 = 0, s2 = 0, t1 = 0, t2 = 0, sum = 0;
            for (std::size_t n = 0; n < count; ++n) {
                const double w =
                    static_cast<double>(start[n]) + 1.69065929318241 * s1 - 0.73248077421585 * s2;
                const double y =
                    1.53512485958697 * w - 2.69169618940638 * s1 + 1.19839281085285 * s2;
                s2 = std::exchange(s1, w);
                const double v = y + 1.99004745483398 * t1 - 0.99007225036621 * t2;
                const double z = v - 2.0 * t1 + t2;
                t2 = std::exchange(t1, v);
                sum += z * z;
            }
            expected.push_back(sum);
        }
        const auto weighting = k_weighting(48'000.0);
        with_each_set([&](const std::string&) {
            std::vector<double> memory(kernels::KState::values * channels), energy(channels);
            kernels::add_energy(starts.data(), channels, count, weighting,
                                {memory.data(), channels}, energy.data());
            for (std::size_t c = 0; c < channels; ++c)
                CHECK(energy[c] * weighting.power == Approx(expected[c]).epsilon(1e-9));
        });
    }
}

TEST_CASE("every instruction set gives the same figures") {
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    std::vector<float> samples;
    for (std::size_t n = 0; n < 2 * 240'000; ++n)
        samples.push_back(0.2F * normal(random) * static_cast<float>(n % 50'000) / 50'000.0F);
    struct Figures {
        double integrated, range, true_peak;
    };
    std::map<std::string, Figures> read;
    with_each_set([&](const std::string& name) {
        auto meter = LoudnessMeter::make(default_layout(2), 48'000.0);
        REQUIRE(meter);
        meter->add(samples);
        const ProgrammeLoudness& loudness = meter->loudness();
        read[name] = {loudness.integrated()->value(), loudness.range()->value(),
                      loudness.true_peak()->value()};
    });
    for (const auto& [name, figures] : read) {
        INFO(name);
        CHECK(figures.integrated == Approx(read.begin()->second.integrated).margin(1e-9));
        CHECK(figures.range == Approx(read.begin()->second.range).margin(1e-9));
        CHECK(figures.true_peak == Approx(read.begin()->second.true_peak).margin(1e-5));
    }
}

TEST_CASE("the coefficients at 48 kHz are the printed ones") {
    const auto k = k_weighting(48'000.0);
    const double b0 = std::sqrt(k.power);
    CHECK(b0 == Approx(1.53512485958697).epsilon(1e-13));
    CHECK(k.shelf_b1 * b0 == Approx(-2.69169618940638).epsilon(1e-13));
    CHECK(k.shelf_b2 * b0 == Approx(1.19839281085285).epsilon(1e-13));
    CHECK(k.shelf_a1 == Approx(-1.69065929318241).epsilon(1e-13));
    CHECK(k.shelf_a2 == Approx(0.73248077421585).epsilon(1e-13));
    CHECK(k.pass_a1 == Approx(-1.99004745483398).epsilon(1e-13));
    CHECK(k.pass_a2 == Approx(0.99007225036621).epsilon(1e-13));
    // At 997 Hz both filters give back the offset of the formula, but for what turning digital warps.
    CHECK(10.0 * std::log10(k_weighting_of_power(Hertz{997.0})) == Approx(0.691).margin(0.05));
    CHECK(10.0 * std::log10(k_weighting_of_power(Hertz{10000.0})) == Approx(4.0).margin(0.02));
    CHECK(10.0 * std::log10(k_weighting_of_power(Hertz{38.13547087602444}))
          == Approx(-6.01).margin(0.02)); // Q 0.5 at the corner
}
