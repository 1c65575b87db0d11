#include "tests/support/loudness_reference.h"

#include "analysis/loudness_kernels.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <cmath>
#include <ebur128.h>
#include <utility>

namespace prefade::test {

namespace {

double mean_level(const std::vector<double>& levels) {
    double sum = 0.0;
    for (const double level : levels) sum += std::pow(10.0, level / 10.0);
    return 10.0 * std::log10(sum / static_cast<double>(levels.size()));
}

/// Those not under -70 LUFS nor more than `below` LU under the mean power of those.
std::vector<double> gated(std::vector<double> levels, double below) {
    std::erase_if(levels, [](double level) { return level < -70.0; });
    const double gate = mean_level(levels) - below;
    std::erase_if(levels, [&](double level) { return level < gate; });
    return levels;
}

} // namespace

LoudnessFigures by_libebur128(std::span<const float> interleaved, std::size_t channels,
                              unsigned sample_rate) {
    ebur128_state* state = ebur128_init(static_cast<unsigned>(channels), sample_rate,
                                        EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
    REQUIRE(state);
    REQUIRE(ebur128_add_frames_float(state, interleaved.data(), interleaved.size() / channels)
            == EBUR128_SUCCESS);
    LoudnessFigures read{};
    REQUIRE(ebur128_loudness_global(state, &read.integrated) == EBUR128_SUCCESS);
    REQUIRE(ebur128_loudness_range(state, &read.range) == EBUR128_SUCCESS);
    double highest = 0.0;
    for (unsigned c = 0; c < channels; ++c) {
        double peak = 0.0;
        REQUIRE(ebur128_true_peak(state, c, &peak) == EBUR128_SUCCESS);
        highest = std::max(highest, peak);
    }
    read.true_peak = 20.0 * std::log10(highest);
    ebur128_destroy(&state);
    return read;
}

// The coefficients at 48 kHz are compared with the printed ones in tests/analysis/loudness_kernels.cpp.
PlainLoudness::PlainLoudness(std::span<const float> interleaved, std::size_t channels,
                             double sample_rate)
    : rate_(sample_rate),
      energy_until_(interleaved.size() / channels + 1) {
    const auto k = k_weighting(sample_rate);
    for (std::size_t c = 0; c < channels; ++c) {
        double x1 = 0, x2 = 0, y1 = 0, y2 = 0, z1 = 0, z2 = 0, sum = 0;
        for (std::size_t n = 0; n + 1 < energy_until_.size(); ++n) {
            const auto x = static_cast<double>(interleaved[n * channels + c]);
            const double y =
                x + k.shelf_b1 * x1 + k.shelf_b2 * x2 - k.shelf_a1 * y1 - k.shelf_a2 * y2;
            const double z = y - 2.0 * y1 + y2 - k.pass_a1 * z1 - k.pass_a2 * z2;
            x2 = std::exchange(x1, x);
            y2 = std::exchange(y1, y);
            z2 = std::exchange(z1, z);
            sum += z * z * k.power;
            energy_until_[n + 1] += sum;
        }
    }
}

std::vector<double> PlainLoudness::levels(double window, double step) const {
    const auto length = static_cast<std::size_t>(std::llround(window * rate_));
    const auto hop = static_cast<std::size_t>(std::llround(step * rate_));
    std::vector<double> all;
    for (std::size_t end = length; end < energy_until_.size(); end += hop)
        all.push_back(-0.691
                      + 10.0
                            * std::log10((energy_until_[end] - energy_until_[end - length])
                                         / static_cast<double>(length)));
    return all;
}

double PlainLoudness::integrated() const { return mean_level(gated(levels(0.4, 0.1), 10.0)); }

double PlainLoudness::range(double step) const {
    auto sorted = gated(levels(3.0, step), 20.0);
    std::sort(sorted.begin(), sorted.end());
    const auto at = [&](double part) {
        return sorted[static_cast<std::size_t>(
            std::lround(static_cast<double>(sorted.size() - 1) * part))];
    };
    return at(0.95) - at(0.10);
}

} // namespace prefade::test
