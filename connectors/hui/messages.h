// HUI, named: what a host tells a surface (FromHost) and what a surface tells a host (FromSurface). Prefade plays the
// surface. One unit is one MIDI port pair with 8 strips, which count from 0; there is no master fader. Numbers are those
// of the published analysis of a HUI of firmware 1.45 and of the hosts and surfaces that speak it. Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace prefade::hui {

inline constexpr std::uint8_t strips_of_unit = 8;
inline constexpr std::uint16_t highest_position = 16'383; ///< of a fader
inline constexpr std::uint8_t zones = 0x1E;               ///< of switches, each with 8 ports
inline constexpr std::size_t scribble_letters = 4;
inline constexpr std::size_t slice_letters = 10; ///< of the main display: 2 rows of 4 slices

/// A button, and the light in it: zones 0 .. 7 are the strips.
struct Switch {
    std::uint8_t zone{0}; ///< 0 .. 0x1D
    std::uint8_t port{0}; ///< 0 .. 7
    friend bool operator==(const Switch&, const Switch&) = default;
};

/// Ports of a strip's zone.
enum StripPort : std::uint8_t {
    fader_touch,
    select,
    mute,
    solo,
    automation,
    vpot_press,
    insert,
    rec_ready,
};

/// The switches that Prefade presses, and the lights it reads, beside those of strips.
inline constexpr Switch channel_left{0x0A, 0}, bank_left{0x0A, 1}, channel_right{0x0A, 2},
    bank_right{0x0A, 3}, assign_output{0x0B, 0}, assign_input{0x0B, 1}, assign_pan{0x0B, 2},
    assign_send_e{0x0B, 3}, assign_send_a{0x0B, 7}, rewind{0x0E, 1}, fast_forward{0x0E, 2},
    stop{0x0E, 3}, play{0x0E, 4}, record{0x0E, 5};

// ---- host to surface ------------------------------------------------------------------------

/// About once a second; a surface that answers is there, and that is all the handshake there is.
struct Ping {
    friend bool operator==(const Ping&, const Ping&) = default;
};
enum class Light : std::uint8_t {
    off = 0,
    unexplained = 2, ///< Pro Tools sends it as a track's automation becomes Read; no light changes
    on = 4,
};
struct Led {
    Switch of;
    Light light{Light::off};
    friend bool operator==(const Led&, const Led&) = default;
};
/// Both ways: where the host puts a fader, where a hand has put it.
struct Fader {
    std::uint8_t strip{0};     ///< 0 .. 7
    std::uint16_t position{0}; ///< 0 .. 16383; its law is the host's
    friend bool operator==(const Fader&, const Fader&) = default;
};
enum class RingMode : std::uint8_t { dot, boost_cut, wrap, spread };
struct Ring {
    std::uint8_t pot{0}; ///< 0 .. 7 the strips', 8 .. 11 of parameters
    RingMode mode{RingMode::dot};
    std::uint8_t position{0}; ///< 1 .. 11 (spread: 1 .. 6), 0 is dark; up to 15 on the wire
    bool lamp{false};         ///< the light below it
    friend bool operator==(const Ring&, const Ring&) = default;
};
enum class Side : std::uint8_t { left, right };
/// Where the meter stands now: the host lets it rise and fall.
struct MeterLevel {
    std::uint8_t strip{0}; ///< 0 .. 7
    Side side{Side::left};
    std::uint8_t step{0}; ///< 0 .. 12, the highest is red
    friend bool operator==(const MeterLevel&, const MeterLevel&) = default;
};
/// 7-bit; below 0x20 and 0x7F are glyphs of the unit.
struct ScribbleText {
    static constexpr std::uint8_t select_assign = 8;
    std::uint8_t display{0}; ///< 0 .. 7 the strips', 8 select-assign
    std::array<char, scribble_letters> text{' ', ' ', ' ', ' '};
    friend bool operator==(const ScribbleText&, const ScribbleText&) = default;
};
struct MainText {
    std::uint8_t slice{0}; ///< 0 .. 3 the upper row, 4 .. 7 the lower one
    std::array<char, slice_letters> text{' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '};
    friend bool operator==(const MainText&, const MainText&) = default;
};
/// Digits of the time display from the right; those left of them stay. As on the wire: 0x00 .. 0x0F a hexadecimal digit,
/// 0x10 .. 0x1F the same with a dot, 0x20 and 0x30 blank.
struct TimeText {
    static constexpr std::size_t most = 8;
    std::string digits; ///< 1 .. 8, 7-bit
    friend bool operator==(const TimeText&, const TimeText&) = default;
};

using FromHost = std::variant<Ping, Led, Fader, Ring, MeterLevel, ScribbleText, MainText, TimeText>;

// ---- surface to host ------------------------------------------------------------------------

struct PingReply {
    friend bool operator==(const PingReply&, const PingReply&) = default;
};
/// The unit was switched on or off.
struct Reset {
    friend bool operator==(const Reset&, const Reset&) = default;
};
/// A button, or the touch of a fader.
struct Press {
    Switch of;
    bool down{false};
    friend bool operator==(const Press&, const Press&) = default;
};
struct Turn {
    static constexpr std::uint8_t scroll_pot = 12, jog_wheel = 13;
    std::uint8_t pot{0};  ///< 0 .. 7 the strips', 8 .. 11 of parameters, 12, 13
    std::int8_t ticks{0}; ///< -63 .. 63 without 0, clockwise is above 0
    friend bool operator==(const Turn&, const Turn&) = default;
};

using FromSurface = std::variant<PingReply, Reset, Press, Fader, Turn>;

} // namespace prefade::hui
