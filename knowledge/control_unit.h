// Units of plugin controls, and the amounts written in them: "15..30 ms", "4:1", "-3 dB", "7". More kinds
// than the rule language has (knowledge/quantity.h): ratios, octaves, marks on a panel. Pure; any thread.
#pragma once

#include "core/names.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace prefade {

enum class ControlUnit : std::uint8_t {
    number, ///< a plain number, as Q
    panel,  ///< marks on the face that are no unit: 7 on an 1176
    decibel,
    dbu,
    dbfs,
    dbtp,
    lufs,
    hertz,
    kilohertz,
    microseconds,
    milliseconds,
    seconds,
    percent,
    ratio, ///< 4 is 4:1; inf is a limiter
    octaves,
    db_per_octave,
    db_per_millisecond,
    metres,
    semitones,
    cents,
    bits,
    inches_per_second, ///< of tape
    times,             ///< oversampling
    bpm,
    loudness_units,
    beats,
    bars,
};
inline constexpr Names<ControlUnit, 27> control_unit_names{
    {{ControlUnit::number, "number"},
     {ControlUnit::panel, "panel"},
     {ControlUnit::decibel, "dB"},
     {ControlUnit::dbu, "dBu"},
     {ControlUnit::dbfs, "dBFS"},
     {ControlUnit::dbtp, "dBTP"},
     {ControlUnit::lufs, "LUFS"},
     {ControlUnit::hertz, "Hz"},
     {ControlUnit::kilohertz, "kHz"},
     {ControlUnit::microseconds, "us"},
     {ControlUnit::milliseconds, "ms"},
     {ControlUnit::seconds, "s"},
     {ControlUnit::percent, "%"},
     {ControlUnit::ratio, ":1"},
     {ControlUnit::octaves, "oct"},
     {ControlUnit::db_per_octave, "dB/oct"},
     {ControlUnit::db_per_millisecond, "dB/ms"},
     {ControlUnit::metres, "m"},
     {ControlUnit::semitones, "semitones"},
     {ControlUnit::cents, "cents"},
     {ControlUnit::bits, "bit"},
     {ControlUnit::inches_per_second, "ips"},
     {ControlUnit::times, "x"},
     {ControlUnit::bpm, "bpm"},
     {ControlUnit::loudness_units, "LU"},
     {ControlUnit::beats, "beats"},
     {ControlUnit::bars, "bars"}}};

/// One number, or from..to; `from` <= `to`. Either may be infinite.
struct Amount {
    double from{0.0}, to{0.0};
    ControlUnit unit{ControlUnit::number};
    bool is_range() const noexcept { return from != to; }
};

/// "15 ms", "0.4..0.8 s", "-6..-3 dB", "2.5..3:1", "inf:1", "-inf dB", "7". A number without a unit is
/// ControlUnit::number. Nothing when it is not exactly that, or the second is not above the first.
std::optional<Amount> parse_amount(std::string_view text);

/// The same amount in `unit`: us, ms and s are one another's, Hz and kHz too, and a plain number may be a
/// mark on a panel. Nothing when the two units do not measure the same.
std::optional<Amount> in_unit(const Amount& amount, ControlUnit unit) noexcept;

/// "4:1", "15 ms", "-inf dB", "3"; with as many decimals as `number` needs, at most three.
std::string to_text(double number, ControlUnit unit);
std::string to_text(const Amount& amount);

} // namespace prefade
