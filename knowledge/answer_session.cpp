// Answers about this session: levels, faders and plugins of its strips, with their age.
#include "knowledge/answer_parts.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace prefade {

namespace {

std::string ago(const Composition& c, TimePoint at) {
    const double seconds = std::chrono::duration<double>(c.facts.now - at).count();
    if (seconds < 1.5) return "just now";
    return said({std::round(seconds), std::round(seconds), ControlUnit::seconds}) + " ago";
}

std::string_view tap_words(Tap tap) {
    switch (tap) {
    case Tap::post_fader: return " after the fader";
    case Tap::pre_fader: return " before the fader";
    case Tap::input: return " at the input";
    case Tap::unknown: break;
    }
    return "";
}

std::string level_words(const Composition& c, const Strip& strip) {
    std::vector<std::string> parts;
    if (strip.fader.value)
        parts.push_back("fader " + decibels(strip.fader.value->value()) + " ("
                        + ago(c, strip.fader.at) + ')');
    for (const Meter& meter : strip.meters) {
        const Reading& reading = meter.latest;
        if (reading.channel != Channel::sum && strip.meters.size() > 2) continue;
        std::string kind(name_in(meter_kind_names, reading.kind));
        std::replace(kind.begin(), kind.end(), '_', ' ');
        parts.push_back(kind + ' ' + to_text(tenths(reading.value), ControlUnit::number) + ' '
                        + std::string(unit_of(reading.kind)) + std::string(tap_words(reading.tap))
                        + " (" + ago(c, reading.at) + ')');
        if (parts.size() > 3) break;
    }
    if (strip.mute.value) parts.emplace_back(*strip.mute.value ? "muted" : "not muted");
    if (strip.solo.value && *strip.solo.value) parts.emplace_back("soloed");
    return in_words(parts, ", ");
}

std::string inserts_words(const Strip& strip) {
    if (!strip.inserts_listed && strip.inserts.empty()) return "its plugins are not read yet";
    std::vector<std::string> names;
    for (const Insert& insert : strip.inserts) names.push_back(printable(insert.plugin));
    return names.empty() ? "no plugins on it" : "plugins " + in_words(names);
}

/// "Is the vocal masked", "who hides the kick".
bool asks_masking(const Question& q) {
    constexpr std::array<std::string_view, 8> words{"masked", "masks",  "masking", "mask",
                                                    "hides",  "hidden", "hiding",  "hide"};
    constexpr std::array<std::string_view, 6> openings{"who",   "is",    "what",
                                                       "which", "whats", "are"};
    if (q.words.empty()
        || std::find(openings.begin(), openings.end(), q.words.front()) == openings.end())
        return false;
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return contains(q.words, word); });
}

/// Who hides a strip now, as it is heard.
std::string masking_words(const Composition& c, const Strip& strip) {
    const Session& session = *c.facts.session;
    if (!strip.spectrum)
        return "Of " + name_of(strip)
               + " the DAW tells levels and not the sound, so I cannot hear who hides it";
    const Masking* worst = nullptr;
    for (const Masking& one : session.masking)
        if (one.target == strip.id && (!worst || one.share > worst->share)) worst = &one;
    const Strip* masker = worst ? session.find(worst->masker) : nullptr;
    if (!masker) return "Nothing that is heard hides " + name_of(strip);
    const double share = std::round(worst->share * 100.0),
                 hertz = std::round(worst->centre.value());
    return name_of(*masker) + " hides " + name_of(strip) + " for "
           + said({share, share, ControlUnit::percent}) + " of the time both play, most around "
           + said({hertz, hertz, ControlUnit::hertz}) + " (" + ago(c, worst->at) + ')';
}

} // namespace

void quote_session(Composition& c, const Plugin& plugin,
                   const std::vector<const PluginControl*>& controls) {
    if (!c.facts.session) return;
    const auto strips = strips_asked(c);
    if (strips.size() != 1) return;
    const Strip& strip = *strips.front();
    for (const Insert& insert : strip.inserts) {
        const auto known = c.library.plugins.reported(insert.plugin);
        if (!known || *known != &plugin) continue;
        std::vector<std::string> parts;
        for (const Parameter& parameter : insert.parameters) {
            const auto of = plugin.reported_control(parameter.name);
            const PluginControl* control = of ? of->control : nullptr;
            const bool is_asked =
                controls.empty()
                || std::find(controls.begin(), controls.end(), control) != controls.end();
            if (control && is_asked && parameter.value.value && !parameter.text.empty()
                && parts.size() < 4)
                parts.push_back(control->name + ' ' + printable(parameter.text) + " ("
                                + ago(c, parameter.value.at) + ')');
        }
        c.telling.say(
            "In this session " + name_of(strip) + " has it"
                + (parts.empty() ? "; its controls are not read yet" : ": " + in_words(parts)),
            1);
        return;
    }
    if (const auto peak = peak_of(strip, c.facts.now, heard_span, false))
        c.telling.say("In this session " + name_of(strip) + " peaks at "
                          + to_text(tenths(*peak), ControlUnit::dbfs),
                      2);
}

void quote_inserts(Composition& c) {
    const auto strips = strips_asked(c);
    if (strips.size() == 1)
        c.telling.say("In this session " + name_of(*strips.front()) + " has "
                          + inserts_words(*strips.front()),
                      1);
}

bool tell_session(Composition& c) {
    if (!c.facts.session && c.q.is("here") && !c.q.is_any({"should", "how"})
        && c.q.plugins.empty()) {
        c.answer.kind = AnswerKind::session;
        c.telling.say("No DAW is connected, so there is nothing to look at");
        return true;
    }
    if (!c.facts.session || !(c.q.is_any({"status", "here"}) || asks_masking(c.q))
        || c.q.is_any({"should", "compare", "how", "why"}) || !c.q.plugins.empty())
        return false;
    const bool is_named = !strips_named(c).empty();
    const auto strips = strips_asked(c);
    if (strips.empty() || (!is_named && !c.q.platforms.empty())) return false;
    c.begin(AnswerKind::session);
    c.answer.sources.emplace_back("this session");
    if (asks_masking(c.q)) {
        for (std::size_t i = 0; i < std::min<std::size_t>(3, strips.size()); ++i)
            c.telling.say(masking_words(c, *strips[i]));
        return true;
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(3, strips.size()); ++i) {
        const std::string levels = level_words(c, *strips[i]);
        c.telling.say(name_of(*strips[i]) + ": "
                      + (levels.empty() ? "nothing is known of it yet" : levels) + "; "
                      + inserts_words(*strips[i]));
    }
    return true;
}

} // namespace prefade
