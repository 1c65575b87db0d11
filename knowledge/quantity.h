// Units of the rule language: which exist, how they combine, how a number with a unit is read and
// printed. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace prefade {

/// Levels (dBFS, dBTP, LUFS) are points on a scale; dB and LU are differences or gains.
enum class Unit : std::uint8_t { none, db, dbfs, dbtp, lufs, lu, hertz, seconds, percent, bpm };

/// A word that may follow a number, the unit it stands for and its factor: "ms" is 0.001 s.
struct UnitWord {
    Unit unit{Unit::none};
    double factor{1.0};
};
std::optional<UnitWord> unit_word(std::string_view word);
/// "dB, dBFS, ...": for messages.
std::string known_unit_words();

/// "dB", "dBFS", "s", "%"; "" for a plain number.
std::string_view symbol(Unit unit) noexcept;
/// For messages: as `symbol`, but "a plain number" for none.
std::string described(Unit unit);

bool is_level(Unit unit) noexcept;
/// dBFS, dBTP -> dB; LUFS -> LU; others themselves: the unit of `a - a`.
Unit difference_of(Unit unit) noexcept;

/// A number and its unit, in the unit's base (s, Hz, %).
struct Quantity {
    double number{0.0};
    Unit unit{Unit::none};
};
/// "-6 dBFS", "300 ms", "20 s", "-inf dB", "40 %". Nothing when it is not exactly that.
std::optional<Quantity> parse_quantity(std::string_view text);

/// "-0.4 dBFS", "20 s", "3". `decimals` < 0 takes the unit's own; `sign` writes a plus. Hertz from
/// 1000 up are printed in kHz, seconds under 1 in ms. Never "-0.0".
std::string to_text(Quantity quantity, int decimals = -1, bool sign = false);

} // namespace prefade
