// The bands in which everything here speaks of tone. What they are, in Hz: analysis/spectrum.h. Plain values; any thread.
#pragma once

#include <array>
#include <cstddef>

namespace prefade {

/// Bands of 0.97 cams from 20 Hz to 20 kHz. One is as wide as the ear's filter there: 26 Hz at 33 Hz, 129 Hz at
/// 1 kHz, 1.1 kHz at 10 kHz.
inline constexpr std::size_t erb_band_count = 42;

/// Mean square in each band, summed over channels; full scale is 1.0, so a full-scale sine in one channel is 0.5.
using BandEnergies = std::array<float, erb_band_count>;
/// dBFS in each band, a full-scale sine reading 0 (AES17); silence is -inf.
using BandLevels = std::array<float, erb_band_count>;

} // namespace prefade
