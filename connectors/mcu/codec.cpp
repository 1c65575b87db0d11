#include "connectors/mcu/codec.h"

#include "connectors/midi_parts.h"

#include <algorithm>
#include <optional>

namespace prefade::mcu {
namespace {

using midi::check_channel, midi::hex, midi::invalid, midi::no_such, midi::not_ours,
    midi::short_message, midi::sysex_begin;

constexpr std::uint8_t meter_clips = 0x0E, meter_is_clear = 0x0F, highest_step = 13;
constexpr std::uint8_t first_ring = 0x30, first_digit = 0x40, last_digit = 0x4B;
constexpr std::uint8_t first_knob = 0x10, jog_wheel = 0x3C, external_controller = 0x2E;

/// What follows 00 00 66 <device> in a system exclusive message.
namespace command {
constexpr std::uint8_t query = 0x00, connection_query = 0x01, connection_reply = 0x02,
                       confirmed = 0x03, denied = 0x04, text = 0x12, version_request = 0x13,
                       version = 0x14, meter_mode = 0x20;
constexpr std::array<std::uint8_t, 9> settings{0x0A, 0x0B, 0x0C, 0x0E, 0x10,
                                               0x11, 0x18, 0x21, 0x72};
} // namespace command

std::optional<Device> device_of(std::uint8_t byte) {
    for (const Device device :
         {Device::logic_control, Device::logic_control_extender, Device::main, Device::extender})
        if (static_cast<std::uint8_t>(device) == byte) return device;
    return std::nullopt;
}

std::optional<Order> order_of(std::uint8_t byte) {
    for (const Order order : {Order::reset_by_host, Order::go_offline, Order::faders_down,
                              Order::leds_off, Order::reset})
        if (static_cast<std::uint8_t>(order) == byte) return order;
    return std::nullopt;
}

// ---- reading --------------------------------------------------------------------------------

/// A system exclusive message of Mackie's: device, command, data.
struct Exclusive {
    Device device{};
    std::uint8_t command{0};
    std::span<const std::uint8_t> data;
};

Result<Exclusive> exclusive_of(std::span<const std::uint8_t> message) {
    const auto inner = midi::mackie_exclusive(message);
    if (!inner) return inner.error();
    if (inner->size() < 2) return invalid("a message of Mackie's without device or command");
    const auto device = device_of(inner->front());
    if (!device) return not_ours("device " + hex(inner->front()) + " is no Mackie Control");
    return Exclusive{*device, (*inner)[1], inner->subspan(2)};
}

template <std::size_t N>
std::array<std::uint8_t, N> taken(std::span<const std::uint8_t> data, std::size_t from) {
    std::array<std::uint8_t, N> bytes{};
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(from), N, bytes.begin());
    return bytes;
}

std::string text_of(std::span<const std::uint8_t> data) { return {data.begin(), data.end()}; }

Error cut_short(std::uint8_t command) {
    return invalid("message " + hex(command) + " of Mackie's is of the wrong length");
}

Result<FromHost> host_exclusive(const Exclusive& told) {
    const auto& [device, what, data] = told;
    if (what == command::query) return FromHost{DeviceQuery{device}}; // some send a 00 after it
    if (what == command::version_request) return FromHost{VersionRequest{device}};
    if (what == command::connection_reply) {
        if (data.size() != 11) return cut_short(what);
        return FromHost{ConnectionReply{device, taken<7>(data, 0), taken<4>(data, 7)}};
    }
    if (what == command::text) {
        if (data.empty()) return cut_short(what);
        const auto text = data.subspan(1);
        if (data[0] + text.size() > display_size)
            return invalid("text of " + std::to_string(text.size()) + " characters from "
                           + std::to_string(data[0]) + " on runs over the display");
        return FromHost{DisplayText{device, data[0], text_of(text)}};
    }
    if (what == command::meter_mode) {
        if (data.size() != 2) return cut_short(what);
        if (data[0] > 7 || data[1] > 7) return invalid("a meter mode of no strip or no mode");
        return FromHost{MeterMode{device, data[0], data[1]}};
    }
    if (const auto order = order_of(what)) return FromHost{SurfaceOrder{device, *order}};
    if (std::find(command::settings.begin(), command::settings.end(), what)
        != command::settings.end())
        return FromHost{Setting{device, what, text_of(data)}};
    return not_ours("command " + hex(what) + " of Mackie's is not known");
}

Result<FromSurface> surface_exclusive(const Exclusive& told) {
    const auto& [device, what, data] = told;
    if (what == command::connection_query) {
        if (data.size() != 11) return cut_short(what);
        return FromSurface{ConnectionQuery{device, taken<7>(data, 0), taken<4>(data, 7)}};
    }
    if (what == command::confirmed || what == command::denied) {
        if (data.size() != 7) return cut_short(what);
        return FromSurface{ConnectionAnswer{device, taken<7>(data, 0), what == command::confirmed}};
    }
    if (what == command::version) {
        if (data.size() != 5) return cut_short(what);
        Version version{device};
        std::copy(data.begin(), data.end(), version.text.begin());
        return FromSurface{version};
    }
    return not_ours("command " + hex(what) + " of Mackie's is not known");
}

Result<Fader> fader_of(std::span<const std::uint8_t> message) {
    const std::uint8_t strip = message[0] & 0x0FU;
    if (strip > 8) return not_ours("a fader " + std::to_string(strip));
    return Fader{strip, static_cast<std::uint16_t>(message[1] | (message[2] << 7U))};
}

Result<FromHost> host_controller(std::uint8_t number, std::uint8_t value) {
    if (number >= first_ring && number < first_ring + 8)
        return FromHost{Ring{static_cast<std::uint8_t>(number - first_ring),
                             static_cast<RingMode>((value >> 4U) & 3U),
                             static_cast<std::uint8_t>(value & 0x0FU), (value & 0x40U) != 0}};
    if (number >= first_digit && number <= last_digit) {
        // Six bits: 00 .. 1F stand for '@' .. '_', 20 .. 3F for themselves.
        const std::uint8_t six = value & 0x3FU;
        return FromHost{Digit{static_cast<std::uint8_t>(number - first_digit),
                              static_cast<char>(six < 0x20 ? six + 0x40 : six),
                              (value & 0x40U) != 0}};
    }
    return not_ours("controller " + hex(number));
}

Result<FromHost> host_pressure(std::uint8_t value) {
    const std::uint8_t strip = value >> 4U, step = value & 0x0FU;
    if (step == meter_clips) return FromHost{MeterClip{strip, true}};
    if (step == meter_is_clear) return FromHost{MeterClip{strip, false}};
    return FromHost{MeterLevel{strip, step}};
}

// ---- writing --------------------------------------------------------------------------------

Result<Bytes> exclusive(Device device, std::uint8_t what, std::span<const std::uint8_t> data = {}) {
    Bytes bytes{static_cast<std::uint8_t>(device), what};
    bytes.insert(bytes.end(), data.begin(), data.end());
    return midi::mackie_message(bytes);
}

Bytes data_of(const std::string& text) { return {text.begin(), text.end()}; }

template <std::size_t N>
Bytes data_of(const Serial& serial, const std::array<std::uint8_t, N>& more) {
    Bytes data(serial.begin(), serial.end());
    data.insert(data.end(), more.begin(), more.end());
    return data;
}

Result<Bytes> made(const Fader& fader) {
    if (fader.strip > 8) return no_such("fader", fader.strip);
    if (fader.position > highest_position) return no_such("fader position", fader.position);
    return short_message(0xE0U + fader.strip, fader.position & 0x7FU, fader.position >> 7U);
}

// of a host

Result<Bytes> made(const DeviceQuery& m) { return exclusive(m.device, command::query); }
Result<Bytes> made(const VersionRequest& m) {
    constexpr std::array<std::uint8_t, 1> nothing{0};
    return exclusive(m.device, command::version_request, nothing);
}
Result<Bytes> made(const ConnectionReply& m) {
    return exclusive(m.device, command::connection_reply, data_of(m.serial, m.response));
}
Result<Bytes> made(const DisplayText& m) {
    if (m.offset + m.text.size() > display_size) return invalid("text runs over the display");
    Bytes data{m.offset};
    data.insert(data.end(), m.text.begin(), m.text.end());
    return exclusive(m.device, command::text, data);
}
Result<Bytes> made(const Digit& m) {
    const auto shown = static_cast<std::uint8_t>(m.shown);
    if (m.place > last_digit - first_digit) return no_such("digit", m.place);
    if (shown < 0x20 || shown > 0x5F) return invalid("a digit cannot show " + hex(shown));
    return short_message(0xB0, first_digit + m.place, (shown & 0x3FU) | (m.dot ? 0x40U : 0U));
}
Result<Bytes> made(const Led& m) {
    if (m.note > last_note) return no_such("light", m.note);
    return short_message(0x90, m.note,
                         m.state == LedState::on         ? 0x7FU
                         : m.state == LedState::blinking ? 1U
                                                         : 0U);
}
Result<Bytes> made(const Ring& m) {
    if (m.strip > 7) return no_such("ring", m.strip);
    if (m.position > 0x0F) return no_such("ring position", m.position);
    return short_message(0xB0, first_ring + m.strip,
                         (m.centre ? 0x40U : 0U) | (static_cast<unsigned>(m.mode) << 4U)
                             | m.position);
}
Result<Bytes> made(const MeterLevel& m) {
    if (m.strip > 7) return no_such("meter", m.strip);
    if (m.step > highest_step) return no_such("meter step", m.step);
    return Bytes{0xD0, static_cast<std::uint8_t>((m.strip << 4U) | m.step)};
}
Result<Bytes> made(const MeterClip& m) {
    if (m.strip > 7) return no_such("meter", m.strip);
    return Bytes{
        0xD0, static_cast<std::uint8_t>((m.strip << 4U) | (m.on ? meter_clips : meter_is_clear))};
}
Result<Bytes> made(const MeterMode& m) {
    if (m.strip > 7) return no_such("meter", m.strip);
    if (m.bits > 7) return no_such("meter mode", m.bits);
    return exclusive(m.device, command::meter_mode, std::array{m.strip, m.bits});
}
Result<Bytes> made(const SurfaceOrder& m) {
    return exclusive(m.device, static_cast<std::uint8_t>(m.order));
}
Result<Bytes> made(const Setting& m) {
    if (std::find(command::settings.begin(), command::settings.end(), m.command)
        == command::settings.end())
        return no_such("setting", m.command);
    return exclusive(m.device, m.command, data_of(m.data));
}

// of a surface

Result<Bytes> made(const ConnectionQuery& m) {
    return exclusive(m.device, command::connection_query, data_of(m.serial, m.challenge));
}
Result<Bytes> made(const ConnectionAnswer& m) {
    return exclusive(m.device, m.confirmed ? command::confirmed : command::denied, m.serial);
}
Result<Bytes> made(const Version& m) {
    return exclusive(m.device, command::version, Bytes(m.text.begin(), m.text.end()));
}
Result<Bytes> made(const Press& m) {
    if (m.note > last_note) return no_such("button", m.note);
    return short_message(0x90, m.note, m.down ? 0x7FU : 0U);
}
Result<Bytes> made(const Turn& m) {
    if (m.knob > Turn::jog_wheel) return no_such("knob", m.knob);
    if (m.ticks == 0 || m.ticks < -63 || m.ticks > 63)
        return invalid("a knob turns by 1 to 63 ticks, not by " + std::to_string(m.ticks));
    return short_message(0xB0, m.knob == Turn::jog_wheel ? jog_wheel : first_knob + m.knob,
                         m.ticks < 0 ? 0x40U | static_cast<unsigned>(-m.ticks)
                                     : static_cast<unsigned>(m.ticks));
}
Result<Bytes> made(const ExternalController& m) {
    return short_message(0xB0, external_controller, m.position);
}

} // namespace

Result<FromHost> from_host(std::span<const std::uint8_t> message) {
    if (message.empty()) return invalid("no bytes");
    if (message[0] == sysex_begin) return exclusive_of(message).and_then(host_exclusive);
    if (const auto checked = check_channel(message); !checked) return checked.error();
    const std::uint8_t kind = message[0] & 0xF0U, channel = message[0] & 0x0FU;
    if (kind == 0xE0)
        return fader_of(message).and_then([](const Fader& f) { return Result<FromHost>(f); });
    if (kind == 0xB0 && (channel == 0 || channel == 15))
        return host_controller(message[1], message[2]);
    if (channel != 0) return not_ours("a message on channel " + std::to_string(channel + 1));
    if (kind == 0x80 || kind == 0x90) {
        if (message[1] > last_note) return not_ours("a light " + hex(message[1]));
        const bool lit = kind == 0x90 && message[2] > 0;
        return FromHost{Led{message[1], !lit              ? LedState::off
                                        : message[2] == 1 ? LedState::blinking
                                                          : LedState::on}};
    }
    if (kind == 0xD0) return host_pressure(message[1]);
    return not_ours("a message " + hex(message[0]));
}

Result<FromSurface> from_surface(std::span<const std::uint8_t> message) {
    if (message.empty()) return invalid("no bytes");
    if (message[0] == sysex_begin) return exclusive_of(message).and_then(surface_exclusive);
    if (const auto checked = check_channel(message); !checked) return checked.error();
    const std::uint8_t kind = message[0] & 0xF0U, channel = message[0] & 0x0FU;
    if (kind == 0xE0)
        return fader_of(message).and_then([](const Fader& f) { return Result<FromSurface>(f); });
    if (channel != 0) return not_ours("a message on channel " + std::to_string(channel + 1));
    if (kind == 0x80 || kind == 0x90) {
        if (message[1] > last_note) return not_ours("a button " + hex(message[1]));
        return FromSurface{Press{message[1], kind == 0x90 && message[2] >= 0x40}};
    }
    if (kind == 0xB0) {
        const std::uint8_t number = message[1], value = message[2];
        if (number == external_controller) return FromSurface{ExternalController{value}};
        const bool is_knob = number >= first_knob && number < first_knob + 8;
        if (!is_knob && number != jog_wheel) return not_ours("controller " + hex(number));
        const int ticks = std::max(1, value & 0x3F);
        return FromSurface{
            Turn{is_knob ? static_cast<std::uint8_t>(number - first_knob) : Turn::jog_wheel,
                 static_cast<std::int8_t>((value & 0x40) != 0 ? -ticks : ticks)}};
    }
    return not_ours("a message " + hex(message[0]));
}

Result<Bytes> to_bytes(const FromHost& message) {
    return std::visit([](const auto& m) { return made(m); }, message);
}
Result<Bytes> to_bytes(const FromSurface& message) {
    return std::visit([](const auto& m) { return made(m); }, message);
}

} // namespace prefade::mcu
