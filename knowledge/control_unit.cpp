#include "knowledge/control_unit.h"

#include <cmath>
#include <cstdio>
#include <limits>
#include <locale>
#include <sstream>

namespace prefade {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// A factor to the first unit of its family, where the unit has one.
double factor_of(ControlUnit unit) noexcept {
    switch (unit) {
    case ControlUnit::microseconds: return 1e-6;
    case ControlUnit::milliseconds: return 1e-3;
    case ControlUnit::kilohertz: return 1000.0;
    default: return 1.0;
    }
}

ControlUnit family_of(ControlUnit unit) noexcept {
    switch (unit) {
    case ControlUnit::microseconds:
    case ControlUnit::milliseconds: return ControlUnit::seconds;
    case ControlUnit::kilohertz: return ControlUnit::hertz;
    case ControlUnit::panel: return ControlUnit::number;
    default: return unit;
    }
}

/// Takes a number from the front of `text`; "inf" too.
std::optional<double> take_number(std::string_view& text) {
    std::size_t end = 0;
    if (end < text.size() && (text[end] == '-' || text[end] == '+')) ++end;
    if (text.substr(end, 3) == "inf") {
        const bool negative = text.front() == '-';
        text.remove_prefix(end + 3);
        return negative ? -infinite : infinite;
    }
    const auto is_part = [&](std::size_t at) {
        const char c = text[at];
        if (c >= '0' && c <= '9') return true;
        return c == '.' && text.substr(at, 2) != ".."; // "1..2" is a range
    };
    while (end < text.size() && is_part(end)) ++end;
    std::istringstream in{std::string(text.substr(0, end))};
    in.imbue(std::locale::classic());
    double number = 0.0;
    if (!(in >> number) || !in.eof() || !std::isfinite(number)) return std::nullopt;
    text.remove_prefix(end);
    return number;
}

std::string shown(double number) {
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    char text[64];
    std::snprintf(text, sizeof text, "%.3f", number);
    std::string_view kept(text);
    while (kept.back() == '0') kept.remove_suffix(1);
    if (kept.back() == '.') kept.remove_suffix(1);
    return kept == "-0" ? "0" : std::string(kept);
}

std::string with_unit(std::string numbers, ControlUnit unit) {
    switch (unit) {
    case ControlUnit::number:
    case ControlUnit::panel: return numbers;
    case ControlUnit::ratio:
    case ControlUnit::times: return numbers + std::string(name_in(control_unit_names, unit));
    default: return numbers + ' ' + std::string(name_in(control_unit_names, unit));
    }
}

} // namespace

std::optional<Amount> parse_amount(std::string_view text) {
    Amount amount;
    const auto from = take_number(text);
    if (!from) return std::nullopt;
    amount.from = amount.to = *from;
    if (text.substr(0, 2) == "..") {
        text.remove_prefix(2);
        const auto to = take_number(text);
        if (!to || *to <= *from) return std::nullopt;
        amount.to = *to;
    }
    if (text.empty()) return amount;
    const bool spaced = text.front() == ' ';
    if (spaced) text.remove_prefix(1);
    const auto unit = value_in(control_unit_names, text);
    if (!unit || *unit == ControlUnit::number || *unit == ControlUnit::panel) return std::nullopt;
    if (!spaced && *unit != ControlUnit::ratio && *unit != ControlUnit::times) return std::nullopt;
    amount.unit = *unit;
    return amount;
}

std::optional<Amount> in_unit(const Amount& amount, ControlUnit unit) noexcept {
    if (family_of(amount.unit) != family_of(unit)) return std::nullopt;
    if (amount.unit == unit) return amount;
    const double factor = factor_of(amount.unit) / factor_of(unit);
    return Amount{amount.from * factor, amount.to * factor, unit};
}

std::string to_text(double number, ControlUnit unit) { return with_unit(shown(number), unit); }

std::string to_text(const Amount& amount) {
    if (!amount.is_range()) return to_text(amount.from, amount.unit);
    return with_unit(shown(amount.from) + ".." + shown(amount.to), amount.unit);
}

} // namespace prefade
