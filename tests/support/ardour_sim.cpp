#include "tests/support/ardour_sim.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace prefade::test {
namespace {

using namespace std::chrono_literals;

constexpr float top_gain = 2.0F; ///< +6.0206 dB
constexpr std::int32_t buttons = 1, levels = 2, heartbeat_bit = 8, states = 16, meters = 128,
                       min_sec = 2048;

float f(bool on) { return on ? 1.0F : 0.0F; }

double fader_position(float gain) {
    return gain <= 0 ? 0.0
                     : std::pow((6.0 * std::log2(static_cast<double>(gain)) + 192.0) / 198.0, 8.0);
}

/// libs/pbd: the fast logarithm behind the queries for gains.
float fast_db(float gain) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &gain, sizeof bits);
    const auto exponent = static_cast<int>((bits >> 23) & 255) - 128;
    bits = (bits & ~(255U << 23)) + (127U << 23);
    float mantissa = 0;
    std::memcpy(&mantissa, &bits, sizeof mantissa);
    const float log2 =
        ((-1.0F / 3) * mantissa + 2) * mantissa - 2.0F / 3 + static_cast<float>(exponent);
    return 20.0F * log2 / 3.3125F;
}

std::optional<float> number(const std::vector<OscArgument>& a, std::size_t at) {
    if (at >= a.size()) return std::nullopt;
    if (const auto* i = std::get_if<std::int32_t>(&a[at])) return static_cast<float>(*i);
    if (const auto* x = std::get_if<float>(&a[at])) return *x;
    return std::nullopt;
}

bool starts(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

} // namespace

float gain_of(double db) {
    return db < -192 ? 0.0F : static_cast<float>(std::pow(10.0, db / 20.0));
}
double db_of(float gain) {
    return gain <= 0 ? -200.0 : 20.0 * std::log10(static_cast<double>(gain));
}

// ---- the session ----------------------------------------------------------------------------

ArdourSim::Shared ArdourSim::find(const std::string& name) const {
    const auto found = std::find_if(strips_.begin(), strips_.end(),
                                    [&](const Shared& s) { return s->name == name; });
    return found == strips_.end() ? nullptr : *found;
}

bool ArdourSim::has(const std::string& name) const { return find(name) != nullptr; }

SimStrip& ArdourSim::strip(const std::string& name) {
    const Shared found = find(name);
    if (!found) throw std::out_of_range("no strip " + name);
    return *found;
}

SimStrip& ArdourSim::add(SimStrip strip, std::optional<std::size_t> position) {
    const auto at = std::min(position.value_or(strips_.size()), strips_.size());
    auto made = std::make_shared<SimStrip>(std::move(strip));
    strips_.insert(strips_.begin() + static_cast<std::ptrdiff_t>(at), made);
    list_changed();
    return *made;
}

void ArdourSim::list_changed() {
    if (!dirty_) dirty_ = now_ + renumbering_delay;
    // Strips behind a change tell their names once more, with the numbers they still have.
    for (std::size_t i = numbered_.size() / 2; i < numbered_.size(); ++i)
        if (find(numbered_[i]->name)) tell(*numbered_[i], "/strip/name", numbered_[i]->name);
}

void ArdourSim::remove(const std::string& name) {
    std::erase(strips_, find(name));
    removed_ = true;
    list_changed();
}

void ArdourSim::rename(const std::string& name, const std::string& to) {
    SimStrip& renamed = strip(name);
    renamed.name = to;
    tell(renamed, "/strip/name", to);
}

void ArdourSim::move(const std::string& name, std::size_t position) {
    const Shared moved = find(name);
    std::erase(strips_, moved);
    strips_.insert(strips_.begin() + static_cast<std::ptrdiff_t>(position), moved);
    list_changed();
}

void ArdourSim::hide(const std::string& name, bool hidden) {
    SimStrip& changed = strip(name);
    changed.hidden = hidden;
    tell(changed, "/strip/hide", std::int32_t{hidden});
    if (!dirty_) dirty_ = now_ + renumbering_delay;
}

void ArdourSim::set_gain(SimStrip& changed, float gain) {
    gain = std::min(gain, top_gain);
    if (gain == changed.gain) return; // feedback only on change
    changed.gain = gain;
    tell(changed, "/strip/gain", static_cast<float>(db_of(gain)));
}

void ArdourSim::set_gain(const std::string& name, double db) { set_gain(strip(name), gain_of(db)); }

void ArdourSim::set_mute(const std::string& name, bool mute) {
    SimStrip& changed = strip(name);
    if (changed.mute == mute) return;
    changed.mute = mute;
    tell(changed, "/strip/mute", f(mute));
}

void ArdourSim::set_pan(const std::string& name, float pan) {
    SimStrip& changed = strip(name);
    if (changed.pan == pan) return;
    changed.pan = pan;
    tell(changed, "/strip/pan_stereo_position", pan);
}

void ArdourSim::set_meter(const std::string& name, float db) { strip(name).meter = db; }

void ArdourSim::set_mode(const std::string& name, std::int32_t mode) {
    SimStrip& changed = strip(name);
    changed.gain_mode = mode;
    tell(changed, "/strip/gain", static_cast<float>(db_of(changed.gain)));
    tell(changed, "/strip/gain/automation", static_cast<float>(mode));
}

void ArdourSim::roll(bool rolling) {
    rolling_ = rolling;
    tell_transport();
}

void ArdourSim::locate(double seconds, const std::string& marker_text) {
    playhead_ = seconds;
    marker = marker_text;
    char text[32];
    std::snprintf(text, sizeof text, "%02d:%02d:%06.3f", static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60) % 60, std::fmod(seconds, 60.0));
    if (feedback_ & min_sec) say("/position/time", {std::string(text)});
    if (feedback_ & states) say("/marker", {marker});
}

// ---- the process and the link ---------------------------------------------------------------

void ArdourSim::kill() {
    up_ = false;
    sent_.clear();
}

void ArdourSim::restart() {
    up_ = true;
    known_ = false;
    feedback_ = 0;
    types_ = 31;
    rolling_ = false;
    numbered_.clear();
    later_.clear();
}

void ArdourSim::say(std::string address, std::vector<OscArgument> arguments) {
    if (up_ && known_ && !answers_elsewhere && !loses())
        sent_.push_back({std::move(address), std::move(arguments)});
}

std::int32_t ArdourSim::ssid_of(const SimStrip& strip) const {
    for (std::size_t i = 0; i < numbered_.size(); ++i)
        if (numbered_[i].get() == &strip) return static_cast<std::int32_t>(i) + 1;
    return 0;
}

SimStrip* ArdourSim::numbered(std::int32_t ssid) const {
    return ssid >= 1 && static_cast<std::size_t>(ssid) <= numbered_.size()
               ? numbered_[static_cast<std::size_t>(ssid) - 1].get()
               : nullptr;
}

void ArdourSim::tell(const SimStrip& strip, const char* address, OscArgument value) {
    const std::int32_t ssid = ssid_of(strip);
    if (ssid > 0 && (feedback_ & (buttons | levels))) say(address, {ssid, std::move(value)});
}

void ArdourSim::renumber() {
    numbered_.clear();
    for (const Shared& s : strips_) {
        constexpr std::array<std::pair<const char*, int>, 8> bits{{{"AT", 1},
                                                                   {"MT", 2},
                                                                   {"B", 4},
                                                                   {"MB", 8},
                                                                   {"V", 16},
                                                                   {"MA", 32},
                                                                   {"MO", 64},
                                                                   {"FB", 128}}};
        const bool wanted = std::any_of(bits.begin(), bits.end(), [&](const auto& b) {
            return s->type == b.first && (types_ & b.second);
        });
        if (wanted && (!s->hidden || (types_ & 512))) numbered_.push_back(s);
    }
}

void ArdourSim::tick(TimePoint now) {
    now_ = now;
    if (!up_) return;
    for (std::size_t i = 0; i < later_.size();) {
        if (now < later_[i].first) {
            ++i;
            continue;
        }
        const auto act = std::move(later_[i].second);
        later_.erase(later_.begin() + static_cast<std::ptrdiff_t>(i));
        act();
    }
    if (dirty_ && now >= *dirty_) {
        dirty_.reset();
        // When a strip was removed Ardour tells all three times: with the old numbers, then twice with the new.
        const bool removed = std::exchange(removed_, false);
        for (int time = removed ? 0 : 1; time < (removed ? 3 : 2); ++time) {
            if (time == 1) renumber();
            if (!known_) continue;
            dump();
            say("/strip/list", {});
        }
    }
    if (now >= next_heartbeat_) {
        next_heartbeat_ = now + 1s;
        heartbeat_ = !heartbeat_;
        if (feedback_ & heartbeat_bit) say("/heartbeat", {f(heartbeat_)});
    }
    if (now < next_meters_ || !(feedback_ & meters)) return;
    next_meters_ = now + meter_interval;
    for (const Shared& s : numbered_) {
        const auto told = std::find_if(told_meters_.begin(), told_meters_.end(),
                                       [&](const auto& t) { return t.first == s.get(); });
        if (told == told_meters_.end() || told->second == s->meter) continue;
        told->second = s->meter;
        tell(*s, "/strip/meter", s->meter);
    }
}

void ArdourSim::receive(const OscMessage& message, TimePoint now) {
    now_ = now;
    if (!up_ || loses()) return;
    known_ = true; // whoever sends is a client from then on
    if (numbered_.empty()) renumber();
    if (message.address == "/set_surface/port") {
        if (number(message.arguments, 0) == 0) answers_elsewhere = false;
        return;
    }
    if (message.address == "/set_surface") return set_surface(message.arguments);
    if (message.address == "/set_surface/feedback") {
        feedback_ = static_cast<std::int32_t>(number(message.arguments, 0).value_or(0));
        return;
    }
    if (message.address == "/strip" && message.arguments.empty()) {
        for (std::size_t i = 0; i < numbered_.size(); ++i)
            list_line(static_cast<std::int32_t>(i) + 1, *numbered_[i]);
    } else if (message.address == "/strip/list") {
        legacy_list();
    } else if (message.address == "/transport_play" || message.address == "/transport_stop") {
        heard.push_back(message);
        roll(message.address == "/transport_play");
    } else if (!query(message) && set(message)) {
        heard.push_back(message);
    }
}

void ArdourSim::set_surface(const std::vector<OscArgument>& a) {
    if (a.empty()) {
        say("/set_surface", {0, types_, feedback_, 0, 0, 0, 0, 1, 0});
        return;
    }
    types_ = static_cast<std::int32_t>(number(a, 1).value_or(31));
    feedback_ = static_cast<std::int32_t>(number(a, 2).value_or(0));
    renumber();
    if (!(feedback_ & (buttons | levels))) return;
    dump();
    dump();
}

// ---- dumps and lists, in the order measured -------------------------------------------------

void ArdourSim::dump() {
    ++dumps;
    told_meters_.clear();
    for (std::size_t i = 0; i < numbered_.size(); ++i)
        dump_strip(static_cast<std::int32_t>(i) + 1, *numbered_[i]);
    if (feedback_ & states) dump_global();
}

void ArdourSim::dump_strip(std::int32_t n, const SimStrip& s) {
    const bool vca = s.type == "V", track = s.type == "AT" || s.type == "MT";
    const auto automated = [&](const char* what, std::int32_t mode) {
        say(std::string("/strip/") + what + "/automation", {n, static_cast<float>(mode)});
        say(std::string("/strip/") + what + "/automation_name",
            {n, std::string(mode == 1 ? "Play" : "Manual")});
    };
    say("/strip/select", {n, 0.0F});
    say("/strip/name", {n, s.name});
    if (!vca) say("/strip/group", {n, std::string(" ")});
    say("/strip/hide", {n, std::int32_t{s.hidden}});
    automated("mute", 0);
    say("/strip/mute", {n, f(s.mute)});
    say("/strip/solo", {n, f(s.solo)});
    if (track) {
        say("/strip/monitor_input", {n, std::int32_t{0}});
        say("/strip/recenable", {n, f(s.record)});
        say("/strip/record_safe", {n, 0.0F});
    }
    say("/strip/select", {n, 0.0F});
    say("/strip/gain", {n, static_cast<float>(db_of(s.gain))});
    automated("gain", s.gain_mode);
    if (!vca) {
        automated("trimdB", 0);
        say("/strip/trimdB", {n, static_cast<float>(db_of(s.trim))});
        say("/strip/pan_type", {n, std::string("panner_1in2out")});
        say("/strip/pan_stereo_position", {n, s.pan});
        automated("pan_stereo_position", 0);
        say("/strip/pan_stereo_width", {n, 0.5F});
        if (feedback_ & meters) say("/strip/meter", {n, s.meter});
        told_meters_.emplace_back(&s, s.meter);
    }
    say("/strip/expand", {n, 0.0F});
}

void ArdourSim::dump_global() {
    for (const Shared& s : strips_)
        if (s->type == "MA") say("/master/gain", {static_cast<float>(db_of(s->gain))});
    tell_transport();
    say("/record_tally", {0.0F});
    say("/marker", {marker});
    say("/session_name", {session_name});
    say("/cancel_all_solos", {0.0F});
}

void ArdourSim::tell_transport() {
    if (!(feedback_ & states)) return;
    say("/loop_toggle", {0.0F});
    say("/transport_play", {f(rolling_)});
    say("/toggle_roll", {f(rolling_)});
    say("/transport_stop", {f(!rolling_)});
}

void ArdourSim::list_line(std::int32_t n, const SimStrip& s) {
    const bool track = s.type == "AT" || s.type == "MT", vca = s.type == "V";
    say("/strip",
        {n, s.type, s.name, vca ? -1 : s.inputs, vca ? -1 : s.outputs, std::int32_t{s.mute},
         std::int32_t{s.solo}, track ? std::int32_t{s.record} : -1});
}

void ArdourSim::legacy_list() {
    const char* reply = feedback_ & 16384 ? "/reply" : "#reply";
    for (std::size_t i = 0; i < numbered_.size(); ++i) {
        const SimStrip& s = *numbered_[i];
        say(reply, {s.type, s.name, 1, 2, std::int32_t{s.mute}, std::int32_t{s.solo},
                    static_cast<std::int32_t>(i) + 1});
    }
    say(reply, {std::string("end_route_list"), std::int64_t{48000}, std::int64_t{1440000},
                std::int32_t{0}});
    if (feedback_ & (buttons | levels)) dump();
}

// ---- questions ------------------------------------------------------------------------------

void ArdourSim::list_plugins(std::int32_t n) {
    const SimStrip* s = numbered(n);
    if (!s || s->type == "V") return;
    std::vector<OscArgument> a{n};
    for (std::size_t i = 0; i < s->plugins.size(); ++i) {
        a.emplace_back(static_cast<std::int32_t>(i) + 1);
        a.emplace_back(s->plugins[i].name);
        a.emplace_back(std::int32_t{s->plugins[i].active});
    }
    say("/strip/plugin/list", std::move(a));
}

void ArdourSim::list_sends(std::int32_t n) {
    const SimStrip* s = numbered(n);
    if (!s || s->type == "V") return;
    std::vector<OscArgument> a{n};
    for (std::size_t i = 0; i < s->sends.size(); ++i) {
        const Shared to = find(s->sends[i].to);
        a.emplace_back(to ? ssid_of(*to) : 0);
        a.emplace_back(s->sends[i].to);
        a.emplace_back(static_cast<std::int32_t>(i) + 1);
        a.emplace_back(static_cast<float>(fader_position(s->sends[i].gain)));
        a.emplace_back(std::int32_t{s->sends[i].enabled});
    }
    say("/strip/sends", std::move(a));
}

void ArdourSim::describe(std::int32_t n, std::int32_t plugin) {
    const SimStrip* s = numbered(n);
    if (!s || plugin < 1 || static_cast<std::size_t>(plugin) > s->plugins.size()) return;
    const SimPlugin& p = s->plugins[static_cast<std::size_t>(plugin) - 1];
    std::int32_t index = 0;
    for (const SimParameter& each : p.parameters) {
        std::vector<OscArgument> a{n,           plugin,
                                   ++index,     each.label,
                                   each.flags,  std::string("NOTHING"),
                                   each.low,    each.high,
                                   each.format, static_cast<std::int32_t>(each.points.size())};
        for (const auto& [at, label] : each.points) {
            a.emplace_back(at);
            a.emplace_back(label);
        }
        a.emplace_back(static_cast<double>(each.value));
        say("/strip/plugin/descriptor", std::move(a));
    }
    say("/strip/plugin/descriptor_end", {n, plugin});
}

bool ArdourSim::query(const OscMessage& message) {
    const auto& a = message.arguments;
    const auto n = static_cast<std::int32_t>(number(a, 0).value_or(0));
    if (message.address == "/strip/plugin/list" && a.size() == 1) return list_plugins(n), true;
    if (message.address == "/strip/sends" && a.size() == 1) return list_sends(n), true;
    if (message.address == "/strip/plugin/descriptor" && a.size() == 2)
        return describe(n, static_cast<std::int32_t>(number(a, 1).value_or(0))), true;
    if (!a.empty() || !starts(message.address, "/strip/")) return false;
    const SimStrip* s =
        numbered(std::atoi(message.address.substr(message.address.rfind('/') + 1).c_str()));
    if (!s) return true; // silence
    const std::string word = message.address.substr(7);
    const bool vca = s->type == "V";
    std::vector<OscArgument> answer;
    if (starts(word, "name"))
        answer = {s->name};
    else if (starts(word, "gain"))
        answer = {fast_db(s->gain)};
    else if (starts(word, "fader"))
        answer = {static_cast<float>(fader_position(s->gain))};
    else if (starts(word, "mute"))
        answer = {std::int32_t{s->mute}};
    else if (starts(word, "hide"))
        answer = {std::int32_t{s->hidden}};
    else if (starts(word, "trimdB") && !vca)
        answer = {fast_db(s->trim)};
    else if (starts(word, "pan_stereo_position") && !vca)
        answer = {s->pan};
    else if (starts(word, "solo") && s->type != "MA")
        answer = {std::int32_t{s->solo}};
    say(message.address, std::move(answer));
    return true;
}

// ---- sets -----------------------------------------------------------------------------------

bool ArdourSim::set(const OscMessage& message) {
    const auto& a = message.arguments;
    const std::string& address = message.address;
    const auto first = number(a, 0), second = number(a, 1), third = number(a, 2),
               fourth = number(a, 3);
    SimStrip* s = first ? numbered(static_cast<std::int32_t>(*first)) : nullptr;
    if (!s || !second) return false; // silence
    const auto index = static_cast<std::size_t>(std::max(*second, 0.0F));
    if (address == "/strip/gain") {
        if (s->gain_mode != 1) set_gain(*s, gain_of(static_cast<double>(*second)));
    } else if (address == "/strip/trimdB") {
        s->trim = gain_of(static_cast<double>(*second));
        tell(*s, "/strip/trimdB", *second);
    } else if (address == "/strip/pan_stereo_position") {
        set_pan(s->name, *second);
    } else if (address == "/strip/mute") {
        later_.emplace_back(now_ + switch_delay,
                            [this, name = s->name, on = *second != 0] { set_mute(name, on); });
    } else if (address == "/strip/solo") {
        later_.emplace_back(now_ + switch_delay, [this, name = s->name, on = *second != 0] {
            SimStrip& soloed = strip(name);
            if (soloed.solo == on) return;
            soloed.solo = on;
            tell(soloed, "/strip/solo", f(on));
        });
    } else if (starts(address, "/strip/send/") && third && index >= 1 && index <= s->sends.size()) {
        SimSend& send = s->sends[index - 1];
        if (address == "/strip/send/gain")
            send.gain = std::min(gain_of(static_cast<double>(*third)), top_gain);
        if (address == "/strip/send/enable") send.enabled = *third != 0;
    } else if (starts(address, "/strip/plugin/") && index >= 1 && index <= s->plugins.size()) {
        SimPlugin& plugin = s->plugins[index - 1];
        if (address == "/strip/plugin/activate") plugin.active = true;
        if (address == "/strip/plugin/deactivate") plugin.active = false;
        const auto parameter = static_cast<std::size_t>(std::max(third.value_or(0), 0.0F));
        if (address == "/strip/plugin/parameter" && fourth && parameter >= 1
            && parameter <= plugin.parameters.size()) {
            SimParameter& p = plugin.parameters[parameter - 1];
            if (*fourth >= p.low && *fourth <= p.high)
                p.value = *fourth; // else ignored, not clamped
        }
    } else {
        return false;
    }
    return true;
}

} // namespace prefade::test
