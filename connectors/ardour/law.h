// Ardour's numbers <-> our units: fader position, its fast logarithm, pan, parameter text. Pure; any
// thread.
#pragma once

#include "core/session.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prefade::ardour {

/// What Ardour tells for -inf is -193 (meters) or -200 (gains): at or below -192 dB is silence, and
/// -200 says silence to it (7.3, measured).
inline constexpr double silence_foot = -192.0;
inline constexpr float silence_told = -200.0F;

Decibel level_of(double told_db) noexcept;
float told_of(Decibel level) noexcept;

/// Fader law of Ardour 7.3: position = ((6 log2(gain) + 192) / 198)^8, 1 = +6.02 dB, 0 = silence.
Decibel level_of_position(double position) noexcept;

/// What a query answers for a gain is computed with a fast logarithm and off by up to 0.05 dB and
/// more below -18 dB (-12 dB answers as -12.037). The approximation is known, strictly rising and so
/// can be undone: log2 of the mantissa m in 1..2 as -m^2/3 + 2m - 2/3 - 1, log10 as log2 / 3.3125.
Decibel level_of_fast_logarithm(double told_db) noexcept;

/// Ardour counts 0 = hard right to 1 = hard left (7.3, proved by an export).
Pan pan_of(double position) noexcept;
float position_of(Pan pan) noexcept;

/// A point of an enumeration, as the descriptor tells it.
using ScalePoint = std::pair<double, std::string>;

/// "dB" of "%4.1f dB"; empty where the format is or is not one of one number.
std::string unit_in(std::string_view format);
/// Display text of `plain`: the scale point's label, "on" or "off" of a toggle, else the number as
/// `format` asks and with its unit. `format` is outside text and never reaches printf.
std::string text_of(const Parameter& parameter, double plain, std::string_view format,
                    const std::vector<ScalePoint>& points);

} // namespace prefade::ardour
