#include "daemon/addressing.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace prefade {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

template <class Range, class Name> std::string list_names(const Range& range, Name name) {
    std::string text;
    for (const auto& item : range) {
        if (!text.empty()) text += ", ";
        if (text.size() > 600) return text + "...";
        text += '"' + name(item) + '"';
    }
    return text.empty() ? "none" : text;
}

Error not_found(const std::string& what, const std::string& known) {
    return {ErrorCode::not_found, what + "; there are: " + known, {}};
}

/// What the host has not told yet may still be there.
Error not_listed(const std::string& what, const Strip& strip) {
    return {
        ErrorCode::unavailable, "the " + what + " of \"" + strip.name + "\" are not read yet", {}};
}

Error invalid(std::string message) { return {ErrorCode::invalid, std::move(message), {}}; }

std::optional<std::uint32_t> parse_index(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Result<ControlPath> send_path(const Strip& strip, Control control, std::string_view destination) {
    const Send* found = nullptr;
    for (const Send& send : strip.sends) {
        if (send.destination != destination) continue;
        if (found)
            return Error{ErrorCode::ambiguous,
                         '"' + strip.name + "\" has several sends to \"" + std::string(destination)
                             + '"',
                         {}};
        found = &send;
    }
    if (!found && !strip.sends_listed) return not_listed("sends", strip);
    if (!found)
        return not_found('"' + strip.name + "\" has no send to \"" + std::string(destination) + '"',
                         list_names(strip.sends, [](const Send& s) { return s.destination; }));
    return ControlPath{strip.id, control, found->id, 0};
}

Result<ControlPath> parameter_path(const Strip& strip, std::string_view plugin,
                                   std::string_view parameter) {
    const auto insert = find_insert(strip, plugin);
    if (!insert) return insert.error();
    if ((*insert)->parameters.empty())
        return Error{ErrorCode::unavailable,
                     "the parameters of " + (*insert)->plugin + " on \"" + strip.name
                         + "\" are not read yet",
                     {}};
    const Parameter* found = nullptr;
    for (const Parameter& p : (*insert)->parameters) {
        if (p.output || p.name != parameter) continue;
        if (found)
            return Error{ErrorCode::ambiguous,
                         (*insert)->plugin + " has several parameters called \""
                             + std::string(parameter) + '"',
                         {}};
        found = &p;
    }
    if (!found) {
        std::vector<Parameter> inputs;
        for (const Parameter& p : (*insert)->parameters)
            if (!p.output) inputs.push_back(p);
        return not_found((*insert)->plugin + " has no parameter \"" + std::string(parameter) + '"',
                         list_names(inputs, [](const Parameter& p) { return p.name; }));
    }
    return ControlPath{strip.id, Control::parameter, (*insert)->id, found->number};
}

Result<ControlValue> parse_level(std::string_view text) {
    const auto number = parse_number(text);
    if (!number || !(number->unit.empty() || same_word(number->unit, "dB")))
        return invalid('"' + std::string(text) + "\" is no level; write it like -4.5dB or -inf");
    return ControlValue{Decibel{number->number}};
}

Result<ControlValue> parse_pan(std::string_view text) {
    const Error wrong =
        invalid('"' + std::string(text) + "\" is no pan; write L30, C, R100 or -1..1");
    if (same_word(text, "C") || same_word(text, "centre") || same_word(text, "center"))
        return ControlValue{Pan{0.0}};
    const bool left = !text.empty() && (text[0] == 'L' || text[0] == 'l');
    const bool right = !text.empty() && (text[0] == 'R' || text[0] == 'r');
    const auto number = parse_number(left || right ? text.substr(1) : text);
    if (!number || !(number->unit.empty() || number->unit == "%")) return wrong;
    const bool percent = left || right || number->unit == "%";
    const double value = (left ? -number->number : number->number) / (percent ? 100.0 : 1.0);
    if ((left || right) && number->number < 0.0) return wrong;
    if (!(std::abs(value) <= 1.0)) return wrong;
    return ControlValue{Pan{value}};
}

Result<ControlValue> parse_switch(std::string_view text) {
    for (const std::string_view on : {"on", "1", "true", "yes"})
        if (same_word(text, on)) return ControlValue{true};
    for (const std::string_view off : {"off", "0", "false", "no"})
        if (same_word(text, off)) return ControlValue{false};
    return invalid('"' + std::string(text) + "\" is neither on nor off");
}

std::string plain_text(double value) {
    char text[48];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

/// Of a parameter whose host tells no range.
Result<ControlValue> parse_displayed(const Parameter& p, std::string_view text) {
    const auto number = parse_number(text);
    const bool fits = number && std::isfinite(number->number)
                      && (number->unit.empty() || same_word(number->unit, p.unit));
    if (!fits)
        return invalid('"' + std::string(text) + "\" does not fit " + p.name
                       + ": it takes a number as its display shows it, like \"" + p.text + '"');
    return ControlValue{Displayed{number->number}};
}

Result<ControlValue> parse_parameter(const Parameter& p, std::string_view text) {
    if (!p.value.is_known() && p.displayed.is_known()) return parse_displayed(p, text);
    if (!p.value.is_known())
        return Error{ErrorCode::unsupported,
                     p.name + " has shown no number"
                         + (p.text.empty() ? "" : ", but \"" + p.text + '"') + ": it is read only",
                     {}};
    if (p.toggle)
        if (const auto on = parse_switch(text))
            return ControlValue{Normalized{std::get<bool>(*on) ? 1.0 : 0.0}};
    const auto number = parse_number(text);
    const std::string range = plain_text(p.minimum) + " to " + plain_text(p.maximum)
                              + (p.unit.empty() ? "" : ' ' + p.unit);
    const Error wrong = invalid('"' + std::string(text) + "\" does not fit " + p.name
                                + ": it takes " + range + ", or 0% to 100% of that");
    if (!number || !std::isfinite(number->number)) return wrong;
    if (number->unit == "%" && p.unit != "%") {
        if (number->number < 0.0 || number->number > 100.0) return wrong;
        return ControlValue{Normalized{number->number / 100.0}};
    }
    if (!number->unit.empty() && !same_word(number->unit, p.unit)) return wrong;
    if (number->number < p.minimum || number->number > p.maximum) return wrong;
    if (p.stepped && number->number != std::round(number->number)) return wrong;
    return ControlValue{normalized_of(p, number->number)};
}

} // namespace

Result<NumberWithUnit> parse_number(std::string_view text) {
    text = trimmed(text);
    const Error wrong = invalid('"' + std::string(text) + "\" is no number");
    if (text.starts_with("-inf"))
        return NumberWithUnit{-std::numeric_limits<double>::infinity(), trimmed(text.substr(4))};
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0.0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || !std::isfinite(value)) return wrong;
    return NumberWithUnit{value, trimmed(text.substr(static_cast<std::size_t>(end - text.data())))};
}

Result<const Strip*> find_strip(const Session& session, std::string_view text) {
    const Strip* found = nullptr;
    std::string same;
    for (const Strip& strip : session.strips) {
        if (strip.name != text) continue;
        same += (same.empty() ? "#" : ", #") + std::to_string(strip.id.value);
        found = &strip;
    }
    if (same.find(',') != std::string::npos)
        return Error{ErrorCode::ambiguous,
                     "several strips are called \"" + std::string(text) + "\": " + same,
                     {}};
    if (found) return found;
    if (text.starts_with('#'))
        if (const auto id = parse_index(text.substr(1)))
            if (const Strip* strip = session.find(StripId{*id})) return strip;
    return not_found("there is no strip \"" + std::string(text) + '"',
                     list_names(session.strips, [](const Strip& s) { return s.name; }));
}

Result<const Insert*> find_insert(const Strip& strip, std::string_view text) {
    std::string_view name = text;
    std::optional<std::uint32_t> place;
    if (const auto hash = text.rfind('#'); hash != std::string_view::npos)
        if ((place = parse_index(text.substr(hash + 1)))) name = text.substr(0, hash);
    std::vector<const Insert*> same;
    for (const Insert& insert : strip.inserts)
        if (insert.plugin == name) same.push_back(&insert);
    if (same.empty() && !strip.inserts_listed) return not_listed("plugins", strip);
    if (same.empty())
        return not_found('"' + strip.name + "\" has no plugin \"" + std::string(text) + '"',
                         list_names(strip.inserts, [](const Insert& i) { return i.plugin; }));
    if (place) {
        if (*place == 0 || *place > same.size())
            return Error{ErrorCode::not_found,
                         '"' + strip.name + "\" has " + std::to_string(same.size()) + " of "
                             + std::string(name),
                         {}};
        return same[*place - 1];
    }
    if (same.size() > 1)
        return Error{ErrorCode::ambiguous,
                     '"' + strip.name + "\" has " + std::to_string(same.size()) + " of "
                         + std::string(name) + "; write " + std::string(name) + "#1 ...",
                     {}};
    return same.front();
}

std::string_view insert_part(const Strip& strip, std::string_view text) {
    for (auto slash = text.rfind('/'); slash != std::string_view::npos && slash > 0;
         slash = text.rfind('/', slash - 1)) {
        const std::string_view head = text.substr(0, slash);
        const auto insert = find_insert(strip, head);
        if (insert || insert.error().code == ErrorCode::ambiguous) return head;
    }
    return text.substr(0, text.find('/'));
}

Result<ControlPath> find_control(const Strip& strip, std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) {
        const auto control = value_in(control_names, text);
        if (control && *control != Control::send && *control != Control::send_enabled
            && *control != Control::parameter && *control != Control::bypass)
            return ControlPath{strip.id, *control, {}, 0};
        return not_found("there is no control \"" + std::string(text) + '"',
                         "fader, trim, pan, mute, solo, send/DESTINATION, "
                         "send_enabled/DESTINATION, bypass/PLUGIN, "
                         "PLUGIN/PARAMETER");
    }
    const std::string_view head = text.substr(0, slash), tail = text.substr(slash + 1);
    if (head == "send") return send_path(strip, Control::send, tail);
    if (head == "send_enabled") return send_path(strip, Control::send_enabled, tail);
    if (head == "bypass") {
        const auto insert = find_insert(strip, tail);
        if (!insert) return insert.error();
        return ControlPath{strip.id, Control::bypass, (*insert)->id, 0};
    }
    const std::string_view plugin = insert_part(strip, text);
    return parameter_path(strip, plugin, text.substr(plugin.size() + 1));
}

Result<ControlValue> parse_value(const Session& session, const ControlPath& path,
                                 std::string_view text) {
    text = trimmed(text);
    switch (path.control) {
    case Control::trim:
    case Control::fader:
    case Control::send: return parse_level(text);
    case Control::pan: return parse_pan(text);
    case Control::mute:
    case Control::solo:
    case Control::send_enabled:
    case Control::bypass: return parse_switch(text);
    case Control::parameter: {
        const Parameter* p = session.parameter(path);
        if (!p)
            return Error{ErrorCode::unavailable, session.describe(path) + " is not read yet", {}};
        return parse_parameter(*p, text);
    }
    }
    return invalid("no such control");
}

Result<Milliseconds> parse_glide(std::string_view text) {
    const auto number = parse_number(text);
    const Error wrong =
        invalid('"' + std::string(text) + "\" is no time; write 300ms or 2s, at most 60s");
    if (!number) return wrong;
    double ms = number->number;
    if (same_word(number->unit, "s"))
        ms *= 1000.0;
    else if (!number->unit.empty() && !same_word(number->unit, "ms"))
        return wrong;
    if (!(ms >= 0.0 && ms <= 60'000.0)) return wrong;
    return Milliseconds{ms};
}

} // namespace prefade
