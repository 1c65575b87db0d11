// K weighting of ITU-R BS.1770-4, annex 1, at any rate and any frequency, and what counts as sound at all: constants that
// every meter shares. Plain values; any thread.
#pragma once

#include "core/units.h"

#include <cstddef>

namespace prefade {

/// As two digital filters at one rate: the high shelf with its b0 taken out, then the high pass whose numerator is
/// 1, -2, 1.
struct KWeighting {
    double shelf_b1{}, shelf_b2{}, shelf_a1{}, shelf_a2{};
    double pass_a1{}, pass_a2{};
    double power{1.0}; ///< b0 squared: what the energies are to be multiplied by
};
/// The analogue prototypes behind the 48 kHz coefficients of the standard, turned digital at `sample_rate` Hz.
KWeighting k_weighting(double sample_rate);
/// What those prototypes do to the power at a frequency, linear.
double k_weighting_of_power(Hertz frequency) noexcept;

inline constexpr double lowest_sample_rate = 8000.0, highest_sample_rate = 768000.0; ///< Hz
/// Of all programmes that one meter hears together.
inline constexpr std::size_t most_metered_channels = 1024;
/// Samples beyond this are no sound (2^40, +240 dBFS); inside, no sum of ours overflows.
inline constexpr float loudest_sample = 0x1.0p40F;

} // namespace prefade
