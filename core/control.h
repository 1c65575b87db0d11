// Which control of which strip, and what it holds: the address that moves, advice, journal
// and read-backs share. Pure; any thread.
#pragma once

#include "core/ids.h"
#include "core/names.h"
#include "core/units.h"

#include <compare>
#include <cstdint>
#include <string>
#include <variant>

namespace prefade {

enum class Control { trim, fader, pan, mute, solo, send, send_enabled, parameter, bypass };

inline constexpr Names<Control, 9> control_names{{
    {Control::trim, "trim"},
    {Control::fader, "fader"},
    {Control::pan, "pan"},
    {Control::mute, "mute"},
    {Control::solo, "solo"},
    {Control::send, "send"},
    {Control::send_enabled, "send_enabled"},
    {Control::parameter, "parameter"},
    {Control::bypass, "bypass"},
}};

/// `on` names the insert (parameter, bypass) or the send (send, send_enabled) of the strip.
struct ControlPath {
    StripId strip;
    Control control{Control::fader};
    std::variant<std::monostate, InsertId, SendId> on{};
    std::uint16_t parameter{0}; ///< the host's own parameter number within the insert

    InsertId insert() const noexcept {
        const auto* id = std::get_if<InsertId>(&on);
        return id ? *id : InsertId{};
    }
    SendId send() const noexcept {
        const auto* id = std::get_if<SendId>(&on);
        return id ? *id : SendId{};
    }
    friend auto operator<=>(const ControlPath&, const ControlPath&) = default;
};

/// trim, fader, send: Decibel. pan: Pan. mute, solo, send_enabled, bypass: bool. parameter: Normalized, or
/// Displayed where the host tells no range.
using ControlValue = std::variant<Decibel, Pan, bool, Normalized, Displayed>;

/// True when `value` holds the alternative that `control` takes.
bool fits(Control control, const ControlValue& value) noexcept;

/// Equal within what any host can be asked to repeat: 0.05 dB (the resolution of a displayed
/// tenth), 0.005 of the pan range, 1e-5 of a parameter, a displayed number to seven digits; silence equals any level at or below -90 dB
/// (the foot of common fader laws).
bool nearly_equal(const ControlValue& a, const ControlValue& b) noexcept;

/// "-4.5 dB", "L30", "on", "0.430": for people. -inf dB is "-inf dB".
std::string to_text(const ControlValue& value);

} // namespace prefade
