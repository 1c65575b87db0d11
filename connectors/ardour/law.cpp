#include "connectors/ardour/law.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>

namespace prefade::ardour {

Decibel level_of(double told_db) noexcept {
    if (std::abs(told_db) < 1e-5)
        return Decibel{0.0}; // what a float's rounding leaves of unity gain
    return told_db <= silence_foot ? Decibel::silence() : Decibel{told_db};
}

float told_of(Decibel level) noexcept {
    return level.value() <= silence_foot ? silence_told : static_cast<float>(level.value());
}

Decibel level_of_position(double position) noexcept {
    if (!(position > 0.0)) return Decibel::silence();
    const double log2_gain = (198.0 * std::pow(position, 1.0 / 8.0) - 192.0) / 6.0;
    return level_of(20.0 * std::log10(2.0) * log2_gain);
}

Decibel level_of_fast_logarithm(double told_db) noexcept {
    if (told_db <= silence_foot) return Decibel::silence();
    const double fast_log2 = told_db / 20.0 * 3.3125;
    const double exponent = std::floor(fast_log2);
    // v = -m^2/3 + 2m - 2/3 - 1 with v in 0..1, solved for the mantissa m in 1..2
    const double v = fast_log2 - exponent;
    const double mantissa = 3.0 - std::sqrt(9.0 - 3.0 * (v + 5.0 / 3.0));
    return level_of(20.0 * (std::log10(mantissa) + exponent * std::log10(2.0)));
}

Pan pan_of(double position) noexcept { return Pan{1.0 - 2.0 * std::clamp(position, 0.0, 1.0)}; }

float position_of(Pan pan) noexcept {
    return static_cast<float>((1.0 - std::clamp(pan.value(), -1.0, 1.0)) / 2.0);
}

namespace {

/// "%4.1f dB" taken apart; only what plugins use and what cannot do harm.
struct NumberFormat {
    std::string before, after;
    int decimals{-1}; ///< -1: as many as needed
    bool integer{false};
};

/// Plain text up to the next conversion; "%%" is a percent sign.
std::string take_plain(std::string_view& format) {
    std::string plain;
    while (!format.empty()) {
        if (format.front() == '%') {
            if (format.substr(0, 2) != "%%") break;
            format.remove_prefix(1);
        }
        plain += format.front();
        format.remove_prefix(1);
    }
    return plain;
}

std::optional<NumberFormat> parse(std::string_view format) {
    NumberFormat parsed;
    parsed.before = take_plain(format);
    if (format.empty()) return std::nullopt;
    format.remove_prefix(1);
    format.remove_prefix(std::min(format.find_first_not_of("-+ #0123456789"), format.size()));
    if (format.starts_with('.')) {
        format.remove_prefix(1);
        unsigned decimals = 0;
        const auto [end, error] =
            std::from_chars(format.data(), format.data() + format.size(), decimals);
        if (error != std::errc{} || decimals > 9) return std::nullopt;
        parsed.decimals = static_cast<int>(decimals);
        format.remove_prefix(static_cast<std::size_t>(end - format.data()));
    }
    while (format.starts_with('l') || format.starts_with('h')) format.remove_prefix(1);
    if (format.empty()
        || std::string_view("fFgGeEdiu").find(format.front()) == std::string_view::npos)
        return std::nullopt;
    parsed.integer = std::string_view("diu").find(format.front()) != std::string_view::npos;
    format.remove_prefix(1);
    parsed.after = take_plain(format);
    if (!format.empty()) return std::nullopt; // a second conversion: not a format of one number
    return parsed;
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string number_text(double value, int decimals) {
    char text[64];
    if (decimals >= 0)
        std::snprintf(text, sizeof text, "%.*f", decimals, value);
    else
        std::snprintf(text, sizeof text, "%.5g", value);
    return text;
}

} // namespace

std::string unit_in(std::string_view format) {
    const auto parsed = parse(format);
    return parsed ? trimmed(parsed->after) : std::string{};
}

std::string text_of(const Parameter& parameter, double plain, std::string_view format,
                    const std::vector<ScalePoint>& points) {
    for (const auto& [at, label] : points)
        if (std::abs(at - plain) < 1e-6 * std::max(1.0, std::abs(at))) return label;
    if (parameter.toggle)
        return plain > (parameter.minimum + parameter.maximum) / 2.0 ? "on" : "off";
    const auto parsed = parse(format);
    if (!parsed) return number_text(plain, parameter.stepped ? 0 : -1);
    const std::string number =
        parsed->integer ? number_text(std::round(plain), 0) : number_text(plain, parsed->decimals);
    return trimmed(parsed->before + number + parsed->after);
}

} // namespace prefade::ardour
