// Mackie Control, named: what a host tells a surface (FromHost) and what a surface tells a host (FromSurface). Prefade
// plays the surface. One unit is one MIDI port pair with 8 strips; strips of a unit count from 0, 8 is the master
// fader. Numbers are those of the Logic Control manual's MIDI appendix and of the hosts that speak it. Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace prefade::mcu {

/// Which unit a system exclusive message is from or for; clones call their extenders `main` too.
enum class Device : std::uint8_t {
    logic_control = 0x10,
    logic_control_extender = 0x11,
    main = 0x14,
    extender = 0x15,
};

using Serial = std::array<std::uint8_t, 7>;    ///< 7-bit bytes
using Challenge = std::array<std::uint8_t, 4>; ///< 7-bit bytes

inline constexpr std::size_t display_size = 112;          ///< characters: two rows of 56
inline constexpr std::uint16_t highest_position = 16'383; ///< of a fader
inline constexpr std::uint8_t master_strip = 8;

// ---- host to surface ------------------------------------------------------------------------

struct DeviceQuery {
    Device device{Device::main};
    friend bool operator==(const DeviceQuery&, const DeviceQuery&) = default;
};
struct ConnectionReply {
    Device device{Device::main};
    Serial serial{};
    Challenge response{};
    friend bool operator==(const ConnectionReply&, const ConnectionReply&) = default;
};
struct VersionRequest {
    Device device{Device::main};
    friend bool operator==(const VersionRequest&, const VersionRequest&) = default;
};
/// Characters from `offset` on of the display: 0 .. 55 the upper row, 56 .. 111 the lower one. 7-bit; below 0x20
/// are glyphs of the unit. Longer than what is left of the display: an error.
struct DisplayText {
    Device device{Device::main};
    std::uint8_t offset{0};
    std::string text;
    friend bool operator==(const DisplayText&, const DisplayText&) = default;
};
/// One digit of the 7-segment displays: places 0 .. 9 of the timecode from the right, 10 and 11 of the assignment.
struct Digit {
    std::uint8_t place{0};
    char shown{' '}; ///< 'A' .. 'Z', ' ' .. '?', and '@' for blank
    bool dot{false};
    friend bool operator==(const Digit&, const Digit&) = default;
};
enum class LedState : std::uint8_t { off, blinking, on };
struct Led {
    std::uint8_t note{0}; ///< as of the button beside it, 0x00 .. 0x76
    LedState state{LedState::off};
    friend bool operator==(const Led&, const Led&) = default;
};
enum class RingMode : std::uint8_t { dot, boost_cut, wrap, spread };
struct Ring {
    std::uint8_t strip{0}; ///< 0 .. 7
    RingMode mode{RingMode::dot};
    std::uint8_t position{0}; ///< 1 .. 11 (spread: 1 .. 6), 0 is dark
    bool centre{false};       ///< the light below it
    friend bool operator==(const Ring&, const Ring&) = default;
};
/// Both ways: where the host puts a fader, where a hand has put it.
struct Fader {
    std::uint8_t strip{0};     ///< 0 .. 7, 8 the master
    std::uint16_t position{0}; ///< 0 .. 16383; its law is the host's
    friend bool operator==(const Fader&, const Fader&) = default;
};
/// A step of the scale of 12 or 13, never a level in dB: its law is the host's.
struct MeterLevel {
    std::uint8_t strip{0}; ///< 0 .. 7
    std::uint8_t step{0};  ///< 0 .. 13
    friend bool operator==(const MeterLevel&, const MeterLevel&) = default;
};
struct MeterClip {
    std::uint8_t strip{0}; ///< 0 .. 7
    bool on{false};
    friend bool operator==(const MeterClip&, const MeterClip&) = default;
};
/// Meters of a strip: bit 0 its signal light, bit 1 peak hold, bit 2 on the display.
struct MeterMode {
    Device device{Device::main};
    std::uint8_t strip{0}; ///< 0 .. 7
    std::uint8_t bits{0};  ///< 0 .. 7
    friend bool operator==(const MeterMode&, const MeterMode&) = default;
};
enum class Order : std::uint8_t {
    reset_by_host = 0x08, ///< REAPER, when it ends
    go_offline = 0x0F,
    faders_down = 0x61,
    leds_off = 0x62,
    reset = 0x63,
};
struct SurfaceOrder {
    Device device{Device::main};
    Order order{Order::reset};
    friend bool operator==(const SurfaceOrder&, const SurfaceOrder&) = default;
};
/// A setting of the hardware: it means nothing to a surface without any.
struct Setting {
    Device device{Device::main};
    std::uint8_t command{0}; ///< 0x0A, 0x0B, 0x0C, 0x0E, 0x10, 0x11, 0x18, 0x21 or 0x72
    std::string data;        ///< 7-bit bytes
    friend bool operator==(const Setting&, const Setting&) = default;
};

using FromHost = std::variant<DeviceQuery, ConnectionReply, VersionRequest, DisplayText, Digit, Led,
                              Ring, Fader, MeterLevel, MeterClip, MeterMode, SurfaceOrder, Setting>;

// ---- surface to host ------------------------------------------------------------------------

struct ConnectionQuery {
    Device device{Device::main};
    Serial serial{};
    Challenge challenge{};
    friend bool operator==(const ConnectionQuery&, const ConnectionQuery&) = default;
};
struct ConnectionAnswer {
    Device device{Device::main};
    Serial serial{};
    bool confirmed{true}; ///< else denied
    friend bool operator==(const ConnectionAnswer&, const ConnectionAnswer&) = default;
};
struct Version {
    Device device{Device::main};
    std::array<char, 5> text{'V', '1', '.', '0', '2'};
    friend bool operator==(const Version&, const Version&) = default;
};
/// A button, or the touch of a fader (notes 0x68 .. 0x70).
struct Press {
    std::uint8_t note{0};
    bool down{false};
    friend bool operator==(const Press&, const Press&) = default;
};
struct Turn {
    static constexpr std::uint8_t jog_wheel = 8;
    std::uint8_t knob{0}; ///< 0 .. 7 the V-pots, 8 the jog wheel
    std::int8_t ticks{0}; ///< -63 .. 63 without 0, clockwise is above 0
    friend bool operator==(const Turn&, const Turn&) = default;
};
struct ExternalController {
    std::uint8_t position{0}; ///< 0 .. 127
    friend bool operator==(const ExternalController&, const ExternalController&) = default;
};

using FromSurface = std::variant<ConnectionQuery, ConnectionAnswer, Version, Press, Turn, Fader,
                                 ExternalController>;

/// Notes of the buttons that Prefade presses, of the lights it reads, and of what touches a fader. Those of a strip
/// are the first of eight.
enum Note : std::uint8_t {
    rec_of_strip = 0x00,
    solo_of_strip = 0x08,
    mute_of_strip = 0x10,
    select_of_strip = 0x18,
    vpot_of_strip = 0x20,
    assign_track = 0x28,
    assign_send = 0x29,
    assign_pan = 0x2A,
    assign_plugin = 0x2B,
    assign_eq = 0x2C,
    assign_instrument = 0x2D,
    bank_left = 0x2E,
    bank_right = 0x2F,
    channel_left = 0x30,
    channel_right = 0x31,
    flip = 0x32,
    global_view = 0x33,
    name_value = 0x34,
    smpte_beats = 0x35,
    f1 = 0x36,
    shift = 0x46,
    option = 0x47,
    control = 0x48,
    command = 0x49,
    automation_read = 0x4A,
    automation_write = 0x4B,
    automation_trim = 0x4C,
    automation_touch = 0x4D,
    automation_latch = 0x4E,
    rewind = 0x5B,
    fast_forward = 0x5C,
    stop = 0x5D,
    play = 0x5E,
    record = 0x5F,
    cursor_up = 0x60,
    cursor_down = 0x61,
    cursor_left = 0x62,
    cursor_right = 0x63,
    touch_of_strip = 0x68, ///< 0x70 the master
    smpte_light = 0x71,
    beats_light = 0x72,
    rude_solo_light = 0x73,
};
inline constexpr std::uint8_t last_note = 0x76; ///< relay click of some units

} // namespace prefade::mcu
