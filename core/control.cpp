#include "core/control.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace prefade {

bool fits(Control control, const ControlValue& value) noexcept {
    switch (control) {
    case Control::trim:
    case Control::fader:
    case Control::send: return std::holds_alternative<Decibel>(value);
    case Control::pan: return std::holds_alternative<Pan>(value);
    case Control::mute:
    case Control::solo:
    case Control::send_enabled:
    case Control::bypass: return std::holds_alternative<bool>(value);
    case Control::parameter:
        return std::holds_alternative<Normalized>(value)
               || std::holds_alternative<Displayed>(value);
    }
    return false;
}

bool nearly_equal(const ControlValue& a, const ControlValue& b) noexcept {
    if (a.index() != b.index()) return false;
    if (const auto* level = std::get_if<Decibel>(&a)) {
        constexpr Decibel foot{-90.0};
        const Decibel other = std::get<Decibel>(b);
        if (*level <= foot && other <= foot) return true;
        return distance(*level, other) <= Decibel{0.05};
    }
    if (const auto* pan = std::get_if<Pan>(&a))
        return std::abs(pan->value() - std::get<Pan>(b).value()) <= 0.005;
    if (const auto* on = std::get_if<bool>(&a)) return *on == std::get<bool>(b);
    if (const auto* shown = std::get_if<Displayed>(&a)) {
        const double other = std::get<Displayed>(b).value();
        return std::abs(shown->value() - other)
               <= 1e-7 * std::max(std::abs(shown->value()), std::abs(other));
    }
    return std::abs(std::get<Normalized>(a).value() - std::get<Normalized>(b).value()) <= 1e-5;
}

namespace {
std::string formatted(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}
} // namespace

std::string to_text(const ControlValue& value) {
    if (const auto* level = std::get_if<Decibel>(&value))
        return level->is_silence() ? "-inf dB" : formatted("%+.2f dB", level->value());
    if (const auto* pan = std::get_if<Pan>(&value)) {
        const double percent = std::round(std::abs(pan->value()) * 100.0);
        if (percent == 0.0) return "centre";
        return formatted(pan->value() < 0 ? "L%.0f" : "R%.0f", percent);
    }
    if (const auto* on = std::get_if<bool>(&value)) return *on ? "on" : "off";
    if (const auto* shown = std::get_if<Displayed>(&value))
        return formatted("%.6g", shown->value());
    return formatted("%.4f", std::get<Normalized>(value).value());
}

} // namespace prefade
