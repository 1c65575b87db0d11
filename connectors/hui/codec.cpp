#include "connectors/hui/codec.h"

#include "connectors/midi_parts.h"

#include <algorithm>
#include <string>
#include <utility>

namespace prefade::hui {
namespace {

using midi::hex, midi::invalid, midi::no_such, midi::not_ours;

/// Status bytes, all on channel 1.
namespace status {
constexpr std::uint8_t note_off = 0x80, note_on = 0x90, key_pressure = 0xA0, controller = 0xB0,
                       system_reset = 0xFF;
} // namespace status

/// Numbers of controllers. Those of faders and pots are the first of several.
namespace number {
constexpr std::uint8_t fader_upper = 0x00, fader_lower = 0x20, ring = 0x10, pot = 0x40,
                       jog_wheel = 0x0D, zone_to_surface = 0x0C, port_to_surface = 0x2C,
                       zone_to_host = 0x0F, port_to_host = 0x2F;
} // namespace number

/// What follows 00 00 66: the device, 00, the display.
namespace exclusive {
constexpr std::uint8_t device = 0x05, scribble = 0x10, time = 0x11, main_display = 0x12;
} // namespace exclusive

constexpr std::uint8_t ring_count = 12, pot_count = 13; ///< the scroll pot has no ring
constexpr std::uint8_t scribble_count = 9, slice_count = 8, highest_step = 12;
constexpr std::uint8_t clockwise = 0x40, lamp_bit = 0x40;
constexpr std::uint8_t answered = 0x7F; ///< velocity of a ping's reply

bool is_one_of(std::uint8_t one, std::uint8_t first, std::uint8_t count) {
    return one >= first && one < first + count;
}

std::uint8_t low(unsigned value) { return static_cast<std::uint8_t>(value); }

// ---- reading --------------------------------------------------------------------------------

/// One controller, its channel checked.
struct Controller {
    std::uint8_t at, value;
};

Result<Controller> controller_of(std::span<const std::uint8_t> message) {
    if (const auto checked = midi::check_channel(message); !checked) return checked.error();
    if (message[0] != status::controller) return not_ours("a message " + hex(message[0]));
    return Controller{message[1], message[2]};
}

Result<void> choose(Pairs& pairs, std::uint8_t zone) {
    if (!pairs.choose(zone)) return not_ours("a zone " + hex(zone));
    return {};
}

/// The switch that a port byte means, its upper half masked off.
Result<Switch> switch_at(const Pairs& pairs, std::uint8_t value) {
    const std::uint8_t port = value & 0x0FU;
    if (port > 7) return invalid("a port " + std::to_string(port));
    const auto found = pairs.at(port);
    if (!found) return invalid("port " + std::to_string(port) + " of no zone");
    return *found;
}

/// A fader's two halves, which both directions have. False: it is none of them.
template <class Message>
Result<bool> take_fader(Pairs& pairs, const Controller& heard, std::vector<Message>& told) {
    const auto& [at, value] = heard;
    if (is_one_of(at, number::fader_upper, strips_of_unit)) {
        pairs.upper(at, value);
        return true;
    }
    if (!is_one_of(at, number::fader_lower, strips_of_unit)) return false;
    const std::uint8_t strip = low(at - number::fader_lower);
    const auto position = pairs.lower(strip, value);
    if (!position)
        return invalid("the lower half of fader " + std::to_string(strip)
                       + " without its upper half");
    told.emplace_back(Fader{strip, *position});
    return true;
}

template <std::size_t N>
std::array<char, N> letters(std::span<const std::uint8_t> data, std::size_t from) {
    std::array<char, N> text{};
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(from), N, text.begin());
    return text;
}

/// Groups of a place and its letters: as many as there are.
template <class Text>
Result<void> take_groups(std::span<const std::uint8_t> data, std::uint8_t places,
                         std::vector<FromHost>& told) {
    constexpr std::size_t letters_each = std::tuple_size_v<decltype(Text::text)>;
    constexpr std::size_t size = 1 + letters_each;
    if (data.empty() || data.size() % size != 0)
        return invalid("text of " + std::to_string(data.size()) + " bytes for a display");
    for (std::size_t at = 0; at < data.size(); at += size)
        if (data[at] >= places) return no_such("display", data[at]);
    for (std::size_t at = 0; at < data.size(); at += size)
        told.emplace_back(Text{data[at], letters<letters_each>(data, at + 1)});
    return {};
}

Result<void> take_exclusive(std::span<const std::uint8_t> message, std::vector<FromHost>& told) {
    const auto inner = midi::mackie_exclusive(message);
    if (!inner) return inner.error();
    if (inner->empty()) return invalid("a message of Mackie's without device");
    if (inner->front() != exclusive::device)
        return not_ours("device " + hex(inner->front()) + " is no HUI");
    if (inner->size() < 3) return invalid("a message of HUI's without display");
    const std::uint8_t what = (*inner)[2];
    const auto data = inner->subspan(3);
    if (what == exclusive::scribble) return take_groups<ScribbleText>(data, scribble_count, told);
    if (what == exclusive::main_display) return take_groups<MainText>(data, slice_count, told);
    if (what != exclusive::time) return not_ours("display " + hex(what) + " of HUI's is not known");
    if (data.empty() || data.size() > TimeText::most)
        return invalid("a time of " + std::to_string(data.size()) + " digits");
    told.emplace_back(TimeText{{data.begin(), data.end()}});
    return {};
}

// ---- writing --------------------------------------------------------------------------------

using Sent = Result<std::vector<Bytes>>;

/// One message, or two, of channel 1; the fields are checked.
std::vector<Bytes> controllers(std::initializer_list<Controller> all) {
    std::vector<Bytes> made;
    for (const Controller& each : all) made.push_back({status::controller, each.at, each.value});
    return made;
}

Result<void> check(const Switch& of) {
    if (of.zone >= zones) return no_such("zone", of.zone);
    if (of.port > 7) return no_such("port", of.port);
    return {};
}

Sent display_message(std::uint8_t what, std::span<const char> text,
                     std::optional<std::uint8_t> place) {
    Bytes data{exclusive::device, 0x00, what};
    if (place) data.push_back(*place);
    data.insert(data.end(), text.begin(), text.end());
    auto made = midi::mackie_message(data);
    if (!made) return made.error();
    return std::vector<Bytes>{std::move(*made)};
}

Sent made(const Fader& m) {
    if (m.strip >= strips_of_unit) return no_such("fader", m.strip);
    if (m.position > highest_position) return no_such("fader position", m.position);
    return controllers({{low(number::fader_upper + m.strip), low(m.position >> 7U)},
                        {low(number::fader_lower + m.strip), low(m.position & 0x7FU)}});
}

// of a host

Sent made(const Ping&) { return std::vector<Bytes>{{status::note_on, 0, 0}}; }
Sent made(const Led& m) {
    if (const auto checked = check(m.of); !checked) return checked.error();
    return controllers(
        {{number::zone_to_surface, m.of.zone},
         {number::port_to_surface, low(static_cast<unsigned>(m.light) << 4U | m.of.port)}});
}
Sent made(const Ring& m) {
    if (m.pot >= ring_count) return no_such("ring", m.pot);
    if (m.position > 0x0F) return no_such("ring position", m.position);
    return controllers(
        {{low(number::ring + m.pot),
          low((m.lamp ? lamp_bit : 0U) | static_cast<unsigned>(m.mode) << 4U | m.position)}});
}
Sent made(const MeterLevel& m) {
    if (m.strip >= strips_of_unit) return no_such("meter", m.strip);
    if (m.step > highest_step) return no_such("meter step", m.step);
    return std::vector<Bytes>{
        {status::key_pressure, m.strip, low(static_cast<unsigned>(m.side) << 4U | m.step)}};
}
Sent made(const ScribbleText& m) {
    if (m.display >= scribble_count) return no_such("display", m.display);
    return display_message(exclusive::scribble, m.text, m.display);
}
Sent made(const MainText& m) {
    if (m.slice >= slice_count) return no_such("slice of the display", m.slice);
    return display_message(exclusive::main_display, m.text, m.slice);
}
Sent made(const TimeText& m) {
    if (m.digits.empty() || m.digits.size() > TimeText::most)
        return invalid("a time of " + std::to_string(m.digits.size()) + " digits");
    return display_message(exclusive::time, m.digits, std::nullopt);
}

// of a surface

Sent made(const PingReply&) { return std::vector<Bytes>{{status::note_on, 0, answered}}; }
Sent made(const Reset&) { return std::vector<Bytes>{{status::system_reset}}; }
Sent made(const Press& m) {
    if (const auto checked = check(m.of); !checked) return checked.error();
    return controllers({{number::zone_to_host, m.of.zone},
                        {number::port_to_host, low((m.down ? 0x40U : 0U) | m.of.port)}});
}
Sent made(const Turn& m) {
    if (m.pot > Turn::jog_wheel) return no_such("knob", m.pot);
    if (m.ticks == 0 || m.ticks < -63 || m.ticks > 63)
        return invalid("a knob turns by 1 to 63 ticks, not by " + std::to_string(m.ticks));
    return controllers({{m.pot == Turn::jog_wheel ? number::jog_wheel : low(number::pot + m.pot),
                         low(m.ticks > 0 ? clockwise | static_cast<unsigned>(m.ticks)
                                         : static_cast<unsigned>(-m.ticks))}});
}

} // namespace

// ---- firsts of two --------------------------------------------------------------------------

bool Pairs::choose(std::uint8_t zone) {
    zone_.reset();
    if (zone >= zones) return false; // its ports must not be taken for another's
    zone_ = zone;
    return true;
}

std::optional<Switch> Pairs::at(std::uint8_t port) const {
    if (!zone_) return std::nullopt;
    return Switch{*zone_, port};
}

std::optional<std::uint16_t> Pairs::lower(std::uint8_t strip, std::uint8_t bits) {
    const auto upper = std::exchange(upper_.at(strip), std::nullopt);
    if (!upper) return std::nullopt;
    return static_cast<std::uint16_t>(*upper << 7U | bits);
}

// ---- the readers ----------------------------------------------------------------------------

Result<void> HostReader::take(std::span<const std::uint8_t> message, std::vector<FromHost>& told) {
    if (message.empty()) return invalid("no bytes");
    if (message[0] == midi::sysex_begin) return take_exclusive(message, told);
    if (const auto checked = midi::check_channel(message); !checked) return checked.error();
    // What passes a MIDI stack may have become a note-off, of any velocity.
    const bool is_off = message[0] == status::note_off && message[1] == 0;
    if (is_off || (message[0] == status::note_on && message[1] == 0 && message[2] == 0)) {
        told.emplace_back(Ping{});
        return {};
    }
    if (message[0] == status::key_pressure) {
        const std::uint8_t side = message[2] >> 4U, step = message[2] & 0x0FU;
        if (message[1] >= strips_of_unit) return no_such("meter", message[1]);
        if (side > 1 || step > highest_step) return no_such("meter step", message[2]);
        told.emplace_back(MeterLevel{message[1], static_cast<Side>(side), step});
        return {};
    }
    const auto heard = controller_of(message);
    if (!heard) return heard.error();
    const auto& [at, value] = *heard;
    if (at == number::zone_to_surface) return choose(pairs_, value);
    if (at == number::port_to_surface) {
        const auto of = switch_at(pairs_, value);
        if (!of) return of.error();
        const auto light = static_cast<Light>(value >> 4U);
        if (light != Light::off && light != Light::on && light != Light::unexplained)
            return not_ours("a light that is " + hex(value));
        told.emplace_back(Led{*of, light});
        return {};
    }
    if (is_one_of(at, number::ring, ring_count)) {
        told.emplace_back(Ring{low(at - number::ring), static_cast<RingMode>((value >> 4U) & 3U),
                               low(value & 0x0FU), (value & lamp_bit) != 0});
        return {};
    }
    const auto fader = take_fader(pairs_, *heard, told);
    if (!fader) return fader.error();
    if (!*fader) return not_ours("controller " + hex(at));
    return {};
}

Result<void> SurfaceReader::take(std::span<const std::uint8_t> message,
                                 std::vector<FromSurface>& told) {
    if (message.empty()) return invalid("no bytes");
    if (message[0] == status::system_reset) {
        if (message.size() != 1) return invalid("a reset of several bytes");
        told.emplace_back(Reset{});
        return {};
    }
    if (message[0] == status::note_on && message.size() == 3 && message[1] == 0
        && message[2] == answered) {
        told.emplace_back(PingReply{});
        return {};
    }
    const auto heard = controller_of(message);
    if (!heard) return heard.error();
    const auto& [at, value] = *heard;
    if (at == number::zone_to_host) return choose(pairs_, value);
    if (at == number::port_to_host) {
        const auto of = switch_at(pairs_, value);
        if (!of) return of.error();
        if ((value & 0x30U) != 0) return not_ours("a switch that is " + hex(value));
        told.emplace_back(Press{*of, (value & 0x40U) != 0});
        return {};
    }
    if (at == number::jog_wheel || is_one_of(at, number::pot, pot_count)) {
        const int ticks = value & 0x3F;
        if (ticks == 0) return invalid("a knob that turns by nothing");
        told.emplace_back(
            Turn{at == number::jog_wheel ? Turn::jog_wheel : low(at - number::pot),
                 static_cast<std::int8_t>((value & clockwise) != 0 ? ticks : -ticks)});
        return {};
    }
    const auto fader = take_fader(pairs_, *heard, told);
    if (!fader) return fader.error();
    if (!*fader) return not_ours("controller " + hex(at));
    return {};
}

Result<std::vector<Bytes>> to_bytes(const FromHost& message) {
    return std::visit([](const auto& m) { return made(m); }, message);
}
Result<std::vector<Bytes>> to_bytes(const FromSurface& message) {
    return std::visit([](const auto& m) { return made(m); }, message);
}

} // namespace prefade::hui
