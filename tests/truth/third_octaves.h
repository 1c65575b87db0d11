// What the truth of a song is judged with, and what its faults are made with: levels in third-octave bands over time by
// filters in the time domain, and a bell filter. Independent of analysis/ on purpose: no FFT, no ERB, no spreading.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace prefade::truth {

/// 40 Hz to 12.5 kHz (IEC 61260-1, base ten: 1000 * 10^(k/10)).
inline constexpr std::size_t third_octave_count = 26;
double third_octave_hz(std::size_t band) noexcept;
/// K weighting (ITU-R BS.1770) at the middle of a band, dB.
double k_weighting_db(std::size_t band) noexcept;

using ThirdOctaves = std::array<float, third_octave_count>;

inline constexpr double block_seconds = 0.05;

/// Mean square of each band (Butterworth band passes of order 6) in each block of 50 ms.
std::vector<ThirdOctaves> third_octaves(std::span<const float> samples);

/// Bell filter of the RBJ cookbook, in place.
void equalise(std::span<float> samples, double hz, double gain_db, double q);
/// Its gain at a frequency, dB.
double bell_db(double at_hz, double hz, double gain_db, double q) noexcept;

} // namespace prefade::truth
