// What Ardour tells by itself: strip feedback, meters, transport, markers, session name.
#include "connectors/ardour/engine.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

namespace prefade::ardour {
namespace {

using namespace std::chrono_literals;

std::optional<double> number(const OscArgument& argument) {
    return std::visit(
        [](const auto& value) -> std::optional<double> {
            using T = std::decay_t<decltype(value)>;
            if constexpr (
                std::is_same_v<
                    T, std::int32_t> || std::is_same_v<T, float> || std::is_same_v<T, double>)
                return static_cast<double>(value);
            else
                return std::nullopt;
        },
        argument);
}

/// Of a message with exactly one argument.
std::optional<double> only_number(const OscMessage& message) {
    return message.arguments.size() == 1 ? number(message.arguments.front()) : std::nullopt;
}

const std::string* only_text(const OscMessage& message) {
    return message.arguments.size() == 1 ? std::get_if<std::string>(&message.arguments.front())
                                         : nullptr;
}

AutomationMode mode_of(int told) noexcept {
    constexpr std::array modes{AutomationMode::off, AutomationMode::read, AutomationMode::write,
                               AutomationMode::touch, AutomationMode::latch};
    return modes[static_cast<std::size_t>(told)];
}

/// "00:01:02.345" in seconds.
std::optional<double> seconds_of(std::string_view text) {
    int hours = 0, minutes = 0;
    double seconds = 0.0;
    const auto part = [&](auto& value, char end) {
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{}) return false;
        text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
        if (end == 0) return text.empty();
        if (text.empty() || text.front() != end) return false;
        text.remove_prefix(1);
        return true;
    };
    if (!part(hours, ':') || !part(minutes, ':') || !part(seconds, 0)) return std::nullopt;
    if (hours < 0 || minutes < 0 || minutes > 59 || !(seconds >= 0.0) || seconds >= 60.0)
        return std::nullopt;
    return hours * 3600.0 + minutes * 60.0 + seconds;
}

struct Range {
    double low, high;
};

} // namespace

/// One kind of strip feedback: "/strip/gain ,if 2 -6.0".
struct Dialect::Engine::Feedback {
    std::string_view address;
    Range range; ///< what is outside makes no sense
    void (*take)(Engine& engine, KnownStrip& strip, double value, TimePoint now,
                 DialectOutput& out);

    template <Control control, ControlValue (*convert)(double)>
    static void control_value(Engine& engine, KnownStrip& strip, double value, TimePoint now,
                              DialectOutput& out) {
        engine.inquiry_.outdate(own_control(control)->question, engine.mixer_.ssid_of(strip.id));
        if constexpr (control == Control::mute || control == Control::solo)
            engine.switches_told_ = true;
        strip.told[control] = convert(value);
        engine.tell({strip.id, control, {}, 0}, convert(value), now, out);
    }
    template <Automated which>
    static void automation(Engine& engine, KnownStrip& strip, double value, TimePoint now,
                           DialectOutput& out) {
        const AutomationMode mode = mode_of(static_cast<int>(value));
        strip.automation[static_cast<std::size_t>(which)] = mode;
        if (which == Automated::fader) engine.observe(AutomationChanged{strip.id, mode}, now, out);
    }
    static void arm(Engine& engine, KnownStrip& strip, double value, TimePoint now,
                    DialectOutput& out) {
        engine.switches_told_ = true;
        engine.observe(ArmChanged{strip.id, value != 0.0}, now, out);
    }
    static void meter(Engine& engine, KnownStrip& strip, double value, TimePoint now,
                      DialectOutput& out) {
        // A dump tells -193 of a VCA too, which has no meter; a MIDI track without an instrument meters the
        // velocity of its notes, which is no level.
        if (!strip.has_audio_meter()) return;
        const Decibel level = level_of(value);
        engine.meters_[strip.id] = {level.is_silence(), now};
        engine.observe(metered(strip, level, now), now, out);
    }
    static void hide(Engine& engine, KnownStrip& strip, double value, TimePoint now,
                     DialectOutput& out) {
        if (strip.hidden == (value != 0.0)) return;
        strip.hidden = value != 0.0;
        engine.observe(engine.mixer_.listed(false), now, out);
    }

    static ControlValue decibel(double value) { return level_of(value); }
    static ControlValue pan(double value) { return pan_of(value); }
    static ControlValue on(double value) { return value != 0.0; }

    static const std::array<Feedback, 12> all;
};

// Above any level Ardour's faders, trims and meters reach; -inf comes as -193 or -200, or as itself.
constexpr Range level_range{-std::numeric_limits<double>::infinity(), 100.0};
constexpr Range switch_range{0.0, 1.0}, mode_range{0.0, 4.0};

const std::array<Dialect::Engine::Feedback, 12> Dialect::Engine::Feedback::all{{
    {"/strip/gain", level_range, control_value<Control::fader, decibel>},
    {"/strip/trimdB", level_range, control_value<Control::trim, decibel>},
    {"/strip/pan_stereo_position", {0.0, 1.0}, control_value<Control::pan, pan>},
    {"/strip/mute", switch_range, control_value<Control::mute, on>},
    {"/strip/solo", switch_range, control_value<Control::solo, on>},
    {"/strip/recenable", switch_range, arm},
    {"/strip/meter", level_range, meter},
    {"/strip/hide", switch_range, hide},
    {"/strip/gain/automation", mode_range, automation<Automated::fader>},
    {"/strip/trimdB/automation", mode_range, automation<Automated::trim>},
    {"/strip/pan_stereo_position/automation", mode_range, automation<Automated::pan>},
    {"/strip/mute/automation", mode_range, automation<Automated::mute>},
}};

/// Sample peak with fall-off, after the fader and before pan and mute, of the first channel (measured):
/// of a strip with more it says nothing about the others.
Metered Dialect::Engine::metered(const KnownStrip& strip, Decibel level, TimePoint now) {
    return {strip.id,
            {MeterKind::sample_peak, strip.channels > 1 ? Channel::left : Channel::sum,
             Tap::post_fader, level.value(), Decibel{0.1}, now}};
}

bool Dialect::Engine::hear_strip(const OscMessage& message, TimePoint now, DialectOutput& out) {
    const bool is_name = message.address == "/strip/name";
    const auto* feedback =
        std::find_if(Feedback::all.begin(), Feedback::all.end(),
                     [&](const Feedback& f) { return f.address == message.address; });
    if (!is_name && feedback == Feedback::all.end()) return false;
    const auto& a = message.arguments;
    const auto* ssid = a.size() == 2 ? std::get_if<std::int32_t>(&a[0]) : nullptr;
    const auto value = ssid ? number(a[1]) : std::nullopt;
    const bool sane =
        ssid && *ssid >= 1
        && (is_name ? std::holds_alternative<std::string>(a[1])
                    : value && *value >= feedback->range.low && *value <= feedback->range.high);
    if (!sane) {
        complain(message.address + " came with arguments that make no sense", now, out);
        return true;
    }
    if (held_) {
        hold(message, now, out);
        return true;
    }
    KnownStrip* strip = mixer_.at(*ssid);
    if (!strip) {
        if (releasing_) return true; // of a strip that has gone meanwhile
        if (now < next_unknown_) {
            complain("there is no strip " + std::to_string(*ssid), now, out);
            return true;
        }
        next_unknown_ = now + 1s; // perhaps a new one, once; the list will tell
        hold(message, now, out);
        return true;
    }
    if (is_name) {
        hear_name(*ssid, message, now, out);
    } else {
        strip->heard = strip->heard || feedback->address == "/strip/gain";
        feedback->take(*this, *strip, *value, now, out);
    }
    return true;
}

void Dialect::Engine::hear_name(Ssid ssid, const OscMessage& message, TimePoint now,
                                DialectOutput& out) {
    const KnownStrip& strip = *mixer_.at(ssid);
    const auto& name = std::get<std::string>(message.arguments[1]);
    if (strip.line.name == name) return;
    if (releasing_) {
        releasing_ = false;
        return;
    }
    // In a dump /strip/select of the same number comes just before; alone it tells of a rename.
    if (selected_ != ssid) {
        std::erase_if(renames_, [&](const auto& told) { return told.second == strip.id; });
        renames_[name] = strip.id;
    }
    hold(message, now, out);
}

void Dialect::Engine::hear_feedback(const OscMessage& message, TimePoint now, DialectOutput& out) {
    const std::string& address = message.address;
    const bool handled = hear_strip(message, now, out);
    const bool selects = address == "/strip/select" && !message.arguments.empty()
                         && std::holds_alternative<std::int32_t>(message.arguments.front());
    selected_ = selects ? std::get<std::int32_t>(message.arguments.front()) : 0;
    if (handled) return;
    if (address == "/heartbeat") {
        heartbeat_at_ = now;
    } else if (address == "/strip/list" && message.arguments.empty()) {
        hear_notice();
    } else if (address == "/session_name") {
        if (const std::string* name = only_text(message)) observe(SessionNamed{*name}, now, out);
    } else if (address == "/marker") {
        if (const std::string* text = only_text(message)) hear_marker(*text, now, out);
    } else {
        hear_transport(message, now, out);
    }
}

void Dialect::Engine::hear_transport(const OscMessage& message, TimePoint now, DialectOutput& out) {
    const std::string& address = message.address;
    TransportChanged changed;
    if (address == "/position/time") {
        const std::string* text = only_text(message);
        changed.seconds = text ? seconds_of(*text) : std::nullopt;
        if (!changed.seconds) return complain("/position/time came with no time", now, out);
        playhead_ = *changed.seconds;
    } else if (address == "/transport_play" || address == "/transport_stop"
               || address == "/record_tally") {
        const auto value = only_number(message);
        if (!value || (*value != 0.0 && *value != 1.0))
            return complain(address + " came with no switch", now, out);
        // A locate while rolling passes through play 0 and stop 0: only stop 1 is a stop.
        if (address == "/record_tally")
            record_ready_ = *value == 1.0;
        else if (*value == 1.0)
            changed.rolling = rolling_ = address == "/transport_play";
    } else {
        return;
    }
    if (const bool recording = record_ready_ && rolling_;
        recording != recording_ || changed.rolling)
        changed.recording = recording_ = recording;
    if (changed.rolling || changed.recording || changed.seconds) observe(changed, now, out);
}

/// Ardour has no list of markers; it tells between which the playhead is: "Verse <-> Chorus", or on which: "Verse".
void Dialect::Engine::hear_marker(const std::string& text, TimePoint now, DialectOutput& out) {
    constexpr std::string_view between = " <-> ";
    const std::string before = std::exchange(position_, text);
    const std::size_t old_gap = before.find(between), gap = text.find(between);
    std::string passed;
    if (gap == std::string::npos)
        passed = text;
    else if (rolling_ && old_gap != std::string::npos
             && before.substr(old_gap + between.size()) == text.substr(0, gap))
        passed = text.substr(0, gap);
    // "start" and "end" are the session range, "-> start" and the like are no names.
    if (passed.empty() || passed == "start" || passed == "end"
        || passed.find("->") != std::string::npos || passed.find("<-") != std::string::npos)
        return;
    constexpr double grain = 0.25; // told ten times a second
    if (const auto known = markers_.find(passed);
        known != markers_.end() && std::abs(known->second - playhead_) < grain)
        return;
    markers_[passed] = playhead_;
    MarkersListed listed;
    for (const auto& [name, seconds] : markers_) listed.markers.push_back({name, seconds});
    std::sort(listed.markers.begin(), listed.markers.end(),
              [](const Marker& a, const Marker& b) { return a.seconds < b.seconds; });
    observe(std::move(listed), now, out);
}

} // namespace prefade::ardour
