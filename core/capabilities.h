// What one host can tell and do through the door we have to it. A missing capability is shown and
// refused, never worked around.
#pragma once

#include "core/names.h"
#include "core/units.h"

#include <bitset>
#include <cstdint>

namespace prefade {

enum class Capability {
    read_trim,
    write_trim,
    read_fader,
    write_fader,
    read_pan,
    write_pan,
    read_send,
    write_send,
    read_mute,
    write_mute,
    read_solo,
    write_solo,
    read_meter_peak,
    read_loudness, ///< LUFS and true peak
    read_spectrum, ///< energy over frequency, and with it who hides whom
    list_inserts,
    read_parameter,
    write_parameter,
    write_bypass,
    parameter_text,
    full_names,
    stable_ids,
    sees_all_strips,
    reports_touch,
    reports_automation,
    transport,
    markers,
    undo_block,
    fader_positions ///< faders come as positions, whose law can be measured
};

inline constexpr Names<Capability, 29> capability_names{{
    {Capability::read_trim, "read_trim"},
    {Capability::write_trim, "write_trim"},
    {Capability::read_fader, "read_fader"},
    {Capability::write_fader, "write_fader"},
    {Capability::read_pan, "read_pan"},
    {Capability::write_pan, "write_pan"},
    {Capability::read_send, "read_send"},
    {Capability::write_send, "write_send"},
    {Capability::read_mute, "read_mute"},
    {Capability::write_mute, "write_mute"},
    {Capability::read_solo, "read_solo"},
    {Capability::write_solo, "write_solo"},
    {Capability::read_meter_peak, "read_meter_peak"},
    {Capability::read_loudness, "read_loudness"},
    {Capability::read_spectrum, "read_spectrum"},
    {Capability::list_inserts, "list_inserts"},
    {Capability::read_parameter, "read_parameter"},
    {Capability::write_parameter, "write_parameter"},
    {Capability::write_bypass, "write_bypass"},
    {Capability::parameter_text, "parameter_text"},
    {Capability::full_names, "full_names"},
    {Capability::stable_ids, "stable_ids"},
    {Capability::sees_all_strips, "sees_all_strips"},
    {Capability::reports_touch, "reports_touch"},
    {Capability::reports_automation, "reports_automation"},
    {Capability::transport, "transport"},
    {Capability::markers, "markers"},
    {Capability::undo_block, "undo_block"},
    {Capability::fader_positions, "fader_positions"},
}};

struct Capabilities {
    std::bitset<32> set;
    std::uint8_t bank_width{0};  ///< 0: the host has no banks
    Milliseconds meter_interval; ///< 0: no meters
    Decibel fader_top{6.0};      ///< highest level the fader takes
    Decibel trim_top{20.0};      ///< trim takes -trim_top .. +trim_top
    Decibel fader_step;          ///< smallest step it can be set or read in
    double pan_step{0.0}; ///< the same of a pan, of its way from -1 to +1; 0: it takes every value

    bool has(Capability c) const noexcept { return set.test(static_cast<std::size_t>(c)); }
    Capabilities& with(Capability c) noexcept {
        set.set(static_cast<std::size_t>(c));
        return *this;
    }
};

} // namespace prefade
