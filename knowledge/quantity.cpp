#include "knowledge/quantity.h"

#include "core/names.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <locale>
#include <sstream>

namespace prefade {

namespace {

struct WordEntry {
    std::string_view word;
    UnitWord meaning;
};
constexpr std::array<WordEntry, 12> words{{
    {"dB", {Unit::db, 1.0}},
    {"dBFS", {Unit::dbfs, 1.0}},
    {"dBTP", {Unit::dbtp, 1.0}},
    {"LUFS", {Unit::lufs, 1.0}},
    {"LU", {Unit::lu, 1.0}},
    {"Hz", {Unit::hertz, 1.0}},
    {"kHz", {Unit::hertz, 1000.0}},
    {"ms", {Unit::seconds, 0.001}},
    {"s", {Unit::seconds, 1.0}},
    {"min", {Unit::seconds, 60.0}},
    {"%", {Unit::percent, 1.0}},
    {"bpm", {Unit::bpm, 1.0}},
}};

constexpr Names<Unit, 10> symbols{{{Unit::none, ""},
                                   {Unit::db, "dB"},
                                   {Unit::dbfs, "dBFS"},
                                   {Unit::dbtp, "dBTP"},
                                   {Unit::lufs, "LUFS"},
                                   {Unit::lu, "LU"},
                                   {Unit::hertz, "Hz"},
                                   {Unit::seconds, "s"},
                                   {Unit::percent, "%"},
                                   {Unit::bpm, "bpm"}}};

int usual_decimals(Unit unit, double number) noexcept {
    switch (unit) {
    case Unit::hertz:
    case Unit::percent:
    case Unit::bpm: return 0;
    case Unit::none: return number == std::floor(number) ? 0 : 2;
    case Unit::seconds: return number == std::floor(number) ? 0 : 1;
    default: return 1;
    }
}

std::string printed(double number, int decimals, bool sign) {
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    const double scale = std::pow(10.0, decimals);
    const double rounded = std::round(number * scale) / scale;
    char text[64];
    std::snprintf(text, sizeof text, sign && rounded != 0.0 ? "%+.*f" : "%.*f", decimals,
                  rounded == 0.0 ? 0.0 : rounded);
    return text;
}

} // namespace

std::optional<UnitWord> unit_word(std::string_view word) {
    for (const WordEntry& entry : words)
        if (entry.word == word) return entry.meaning;
    return std::nullopt;
}

std::string known_unit_words() {
    std::string text;
    for (const WordEntry& entry : words) (text += text.empty() ? "" : ", ") += entry.word;
    return text;
}

std::string_view symbol(Unit unit) noexcept { return name_in(symbols, unit); }

std::string described(Unit unit) {
    return unit == Unit::none ? "a plain number" : std::string(symbol(unit));
}

bool is_level(Unit unit) noexcept {
    return unit == Unit::dbfs || unit == Unit::dbtp || unit == Unit::lufs;
}

Unit difference_of(Unit unit) noexcept {
    if (unit == Unit::dbfs || unit == Unit::dbtp) return Unit::db;
    return unit == Unit::lufs ? Unit::lu : unit;
}

std::optional<Quantity> parse_quantity(std::string_view text) {
    std::istringstream in{std::string(text)};
    in.imbue(std::locale::classic());
    Quantity quantity;
    if (in >> std::ws; in.str().compare(0, 4, "-inf") == 0) {
        in.ignore(4);
        quantity.number = -std::numeric_limits<double>::infinity();
    } else if (!(in >> quantity.number) || !std::isfinite(quantity.number)) {
        return std::nullopt;
    }
    std::string word, more;
    if (!(in >> word)) return quantity;
    const auto unit = unit_word(word);
    if (!unit || in >> more) return std::nullopt;
    quantity.unit = unit->unit;
    quantity.number *= unit->factor;
    return quantity;
}

std::string to_text(Quantity quantity, int decimals, bool sign) {
    double number = quantity.number;
    std::string_view unit = symbol(quantity.unit);
    int places = decimals < 0 ? usual_decimals(quantity.unit, number) : decimals;
    if (quantity.unit == Unit::hertz && std::abs(number) >= 1000.0) {
        number /= 1000.0;
        unit = "kHz";
        if (decimals < 0) places = 1;
    }
    if (quantity.unit == Unit::seconds && number != 0.0 && std::abs(number) < 1.0) {
        number *= 1000.0;
        unit = "ms";
        if (decimals < 0) places = 0;
    }
    std::string text = printed(number, places, sign);
    if (!unit.empty()) (text += ' ') += unit;
    return text;
}

} // namespace prefade
