// Answers about this session, and orders as proposed moves. A strip is the right one or none: its whole name, in any
// spelling, else the only one of its role; equal names are asked back. Nothing is moved here.
#include "knowledge/answer_parts.h"
#include "knowledge/spelling.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace prefade {

namespace {

constexpr double moderate_step =
    2.0; ///< dB of "turn it down"; DOSE-01 halves it for a bit, more for much

/// Strips that a question names, and the words that name them.
struct NamedStrips {
    std::vector<const Strip*> strips;
    std::size_t first{0}, count{0};
};

/// Words of an order that are no name: what to do, and how much. A strip "2" is not meant by "down 2".
std::vector<bool> told_otherwise(const Question& q) {
    std::vector<bool> told(q.words.size());
    for (const Mention& m : q.mentions)
        if (m.list && (m.list->of == WordClass::verb || m.list->of == WordClass::dose)
            && m.first + m.count <= told.size())
            std::fill_n(told.begin() + static_cast<std::ptrdiff_t>(m.first), m.count, true);
    for (const SpokenAmount& amount : q.amounts)
        std::fill_n(told.begin() + static_cast<std::ptrdiff_t>(amount.first), amount.count, true);
    return told;
}

NamedStrips strips_named(const Session& session, const std::vector<std::string>& words,
                         const std::vector<bool>& told = {}) {
    NamedStrips named;
    for (std::size_t first = 0; first < words.size(); ++first) {
        std::string run;
        for (std::size_t count = 1; first + count <= words.size() && count <= 10; ++count) {
            run += words[first + count - 1] + ' ';
            const std::string key = spoken_key(run);
            if (count <= named.count || key.empty()) continue;
            bool is_free = told.size() != words.size(); // some word of the run says nothing else
            for (std::size_t i = first; i < first + count && !is_free; ++i) is_free = !told[i];
            if (!is_free) continue;
            std::vector<const Strip*> strips;
            for (const Strip& strip : session.strips)
                if (spoken_key(strip.name) == key) strips.push_back(&strip);
            if (!strips.empty()) named = {std::move(strips), first, count};
        }
    }
    return named;
}

/// By name, else by role.
std::vector<const Strip*> strips_asked(const Composition& c) {
    if (!c.facts.session) return {};
    const std::vector<bool> told = told_otherwise(c.q);
    auto named = strips_named(*c.facts.session, spoken_words(c.q.text), told).strips;
    if (named.empty()) named = strips_named(*c.facts.session, c.q.words, told).strips;
    if (named.empty() && c.q.leans) named = strips_named(*c.facts.session, c.q.words_before).strips;
    if (!named.empty()) return named;
    for (const Strip& strip : c.facts.session->strips)
        if (!strip.role.empty() && contains(c.q.roles, strip.role)) named.push_back(&strip);
    return named;
}

std::string name_of(const Strip& strip) { return in_quotes(printable(strip.name)); }

std::string ago(const Composition& c, TimePoint at) {
    const double seconds = std::chrono::duration<double>(c.facts.now - at).count();
    if (seconds < 1.5) return "just now";
    return said({std::round(seconds), std::round(seconds), ControlUnit::seconds}) + " ago";
}

double tenths(double value) { return std::isinf(value) ? value : std::round(value * 10.0) / 10.0; }

std::string decibels(double value) {
    const double rounded = tenths(value);
    return said({rounded, rounded, ControlUnit::decibel});
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

// ---- orders ---------------------------------------------------------------------------------

bool asks_something(const Question& q) {
    constexpr std::array<std::string_view, 17> interrogatives{
        "how",  "what", "whats", "which", "where", "wheres", "why", "when",   "should",
        "does", "is",   "are",   "who",   "do",    "did",    "was", "explain"};
    for (const std::string& word : q.words) {
        if (std::find(interrogatives.begin(), interrogatives.end(), word) != interrogatives.end())
            return true;
        if (word != "please" && word != "ok" && word != "hey" && word != "and" && word != "um"
            && word != "so")
            break;
    }
    return q.is("how");
}

struct Order {
    std::string control; ///< fader, mute, solo, pan
    std::string value;   ///< as `prefade set` takes it; empty: by `step`
    double step{0.0};    ///< dB, for a fader
};

const SpokenAmount* level_amount(const Question& q) {
    for (const SpokenAmount& one : q.amounts)
        if (one.amount.unit == ControlUnit::decibel || one.amount.unit == ControlUnit::number)
            return &one;
    return nullptr;
}

std::optional<Order> pan_order(const Question& q) {
    if (contains(q.words, "centre") || contains(q.words, "center")) return Order{"pan", "C"};
    if (!q.has_verb("left") && !q.has_verb("right")) return std::nullopt;
    double percent = q.has_verb("hard") ? 100.0 : 50.0;
    for (const SpokenAmount& one : q.amounts)
        if (one.amount.unit == ControlUnit::number || one.amount.unit == ControlUnit::percent)
            percent = std::abs(one.amount.from);
    if (percent > 100.0) return std::nullopt;
    return Order{"pan", (q.has_verb("left") ? "L" : "R") + to_text(percent, ControlUnit::number)};
}

/// What is to be done; nothing when the words are no order.
std::optional<Order> order_in(const Composition& c) {
    const Question& q = c.q;
    if (q.has_verb("unmute")) return Order{"mute", "off"};
    if (q.has_verb("mute")) return Order{"mute", "on"};
    if (q.has_verb("unsolo")) return Order{"solo", "off"};
    if (q.has_verb("solo")) return Order{"solo", "on"};
    if (q.has_verb("pan")) return pan_order(q);
    const SpokenAmount* amount = level_amount(q);
    const bool is_to =
        amount && amount->first > 0
        && (q.words[amount->first - 1] == "to" || q.words[amount->first - 1] == "at");
    if (amount && (is_to || q.has_verb("set")))
        return Order{"fader", to_text(tenths(amount->amount.from), ControlUnit::number) + "dB"};
    const bool down = q.has_verb("down"), up = q.has_verb("up");
    if (down == up && !(amount && amount->has_sign)) return std::nullopt;
    double size = moderate_step;
    if (amount) {
        size = std::abs(amount->amount.from);
    } else if (const MixEntry* rule = c.library.mix.find(MixKind::principle, "DOSE-01")) {
        const Amount* factor = rule->figure("factor");
        if (factor && q.dose == Question::Dose::gentle) size *= factor->from;
        if (factor && q.dose == Question::Dose::strong) size *= factor->to;
    }
    const bool falls = down || (!up && amount && amount->amount.from < 0.0);
    return Order{"fader", "", falls ? -size : size};
}

/// Something beside a strip's own fader, mute, solo and pan is named: a plugin, a control of one, a send, an amount in
/// another unit. What is part of a strip's name, or says its role, names the strip.
bool is_of_another_control(const Composition& c) {
    std::vector<bool> of_strip(c.q.words.size());
    const auto mark = [&](std::size_t first, std::size_t count) {
        for (std::size_t i = first; i < std::min(first + count, of_strip.size()); ++i)
            of_strip[i] = true;
    };
    if (c.facts.session) {
        const NamedStrips named = strips_named(*c.facts.session, c.q.words, told_otherwise(c.q));
        mark(named.first, named.count);
    }
    for (const Mention& m : c.q.mentions)
        if (m.list && m.list->of == WordClass::role) mark(m.first, m.count);
    for (std::size_t i = 0; i < c.q.words.size(); ++i)
        if (!of_strip[i] && (c.q.words[i] == "send" || c.q.words[i] == "sends")) return true;
    for (const Mention& m : c.q.mentions) {
        if (m.first >= of_strip.size() || of_strip[m.first] || !m.list) continue;
        const bool is_control = m.list->of == WordClass::control && m.list->id != "level"
                                && m.list->id != "pan" && m.list->id != "loudness";
        if (is_control || m.list->of == WordClass::kind) return true;
    }
    return std::any_of(c.q.amounts.begin(), c.q.amounts.end(), [](const SpokenAmount& one) {
        return one.amount.unit != ControlUnit::decibel && one.amount.unit != ControlUnit::number
               && one.amount.unit != ControlUnit::percent;
    });
}

/// An order begins with what is to be done, or with the strip.
bool begins_as_order(const Composition& c) {
    constexpr std::size_t opening = 4; ///< "could you please", "hey"
    if (c.q.leans) return true;
    for (const Mention& m : c.q.mentions) {
        if (!m.list || m.first >= opening) continue;
        if (m.list->of == WordClass::verb || m.list->of == WordClass::role) return true;
    }
    return c.facts.session
           && !strips_named(*c.facts.session, c.q.words, told_otherwise(c.q)).strips.empty();
}

void propose(Composition& c, const Strip& strip, Order order) {
    std::string before;
    if (order.control == "fader") {
        if (strip.fader.value) before = decibels(strip.fader.value->value());
        if (order.value.empty()) {
            if (!strip.fader.value || !std::isfinite(strip.fader.value->value())) {
                c.telling.say("The fader of " + name_of(strip) + " is "
                              + (strip.fader.value ? "closed" : "not read yet")
                              + ", so there is nothing to count from: say a level");
                c.answer.asks = "To which level?";
                return;
            }
            order.value =
                to_text(tenths(strip.fader.value->value() + order.step), ControlUnit::number)
                + "dB";
        }
    } else if (order.control == "mute" && strip.mute.value) {
        before = *strip.mute.value ? "on" : "off";
    } else if (order.control == "solo" && strip.solo.value) {
        before = *strip.solo.value ? "on" : "off";
    }
    std::string shown = order.value;
    if (shown.ends_with("dB")) shown.insert(shown.size() - 2, " ");
    c.telling.say("Proposed: " + order.control + " of " + name_of(strip)
                  + (before.empty() ? "" : " from " + before) + " to " + shown);
    c.telling.say("Nothing has moved yet; it goes through the gate", 1);
    const auto control = value_in(control_names, order.control);
    c.answer.moves.push_back(
        {ControlPath{strip.id, control.value()}, strip.name, order.control, order.value, before});
}

/// What of an order is neither what to do nor how much.
std::string meant_strip(const Composition& c) {
    const std::vector<bool> told = told_otherwise(c.q);
    std::string name;
    for (const std::string& word : c.q.content_words) {
        const auto at = static_cast<std::size_t>(std::find(c.q.words.begin(), c.q.words.end(), word)
                                                 - c.q.words.begin());
        if (at < told.size() && !told[at]) name += (name.empty() ? "" : " ") + word;
    }
    return printable(name);
}

std::string known_strips(const Session& session) {
    std::vector<std::string> names;
    for (const Strip& strip : session.strips)
        if (names.size() < 10) names.push_back(name_of(strip));
    return in_words(names);
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

bool tell_orders_in_disguise(Composition& c) {
    if (!c.q.is("order")) return false;
    if (c.facts.session) { // the name of a strip may read as one
        const NamedStrips named = strips_named(*c.facts.session, c.q.words);
        for (const Mention& m : c.q.mentions)
            if (m.list && m.list->id == "order" && !named.strips.empty() && m.first >= named.first
                && m.first + m.count <= named.first + named.count)
                return false;
    }
    c.answer.kind = AnswerKind::unknown;
    c.telling.say("That is no question about a mix, and words do not change what I may do: moves "
                  "go through the gate, one strip at a time");
    return true;
}

bool tell_command(Composition& c) {
    if (asks_something(c.q) || !c.q.plugins.empty() || !begins_as_order(c)) return false;
    const auto order = order_in(c);
    if (!order) return false;
    const bool has_amount = level_amount(c.q) != nullptr || c.q.dose != Question::Dose::normal;
    const auto strips = strips_asked(c);
    const bool is_clear =
        !order->value.empty() || has_amount || c.q.has_verb("turn") || !strips.empty();
    if (!is_clear || (c.q.is("wish") && !has_amount)) return false;
    c.begin(AnswerKind::command);
    if (is_of_another_control(c)) {
        c.answer.known = false;
        c.telling.say("Of what is said I can propose moves of a strip's fader, mute, solo and pan, "
                      "and this is "
                      "another control, so I propose none");
        c.telling.say(
            "Sends and plugins are set by `prefade set STRIP send/TO` or `prefade set STRIP "
            "PLUGIN/PARAMETER`, through the same gate");
        return true;
    }
    if (!c.facts.session) {
        c.answer.known = false;
        c.telling.say("No DAW is connected: with the daemon running and a session open this "
                      "becomes a proposed move");
        return true;
    }
    if (strips.size() == 1) {
        propose(c, *strips.front(), *order);
        return true;
    }
    c.answer.asks = "Which strip?";
    if (strips.empty()) {
        c.telling.say("No strip is called " + in_quotes(meant_strip(c)) + ". There are "
                      + known_strips(*c.facts.session));
        c.telling.say(c.answer.asks);
        return true;
    }
    std::vector<std::string> names;
    for (const Strip* strip : strips)
        names.push_back(name_of(*strip) + " #" + std::to_string(strip->id.value));
    c.telling.say("Which one: " + std::to_string(strips.size()) + " strips may be meant, "
                  + in_words(names, " and ") + '?');
    return true;
}

bool tell_session(Composition& c) {
    if (!c.facts.session && c.q.is("here") && !c.q.is_any({"should", "how"})
        && c.q.plugins.empty()) {
        c.answer.kind = AnswerKind::session;
        c.telling.say("No DAW is connected, so there is nothing to look at");
        return true;
    }
    if (!c.facts.session || !c.q.is_any({"status", "here"})
        || c.q.is_any({"should", "compare", "how", "why"}) || !c.q.plugins.empty())
        return false;
    const bool is_named =
        !strips_named(*c.facts.session, c.q.words, told_otherwise(c.q)).strips.empty();
    const auto strips = strips_asked(c);
    if (strips.empty() || (!is_named && !c.q.platforms.empty())) return false;
    c.begin(AnswerKind::session);
    for (std::size_t i = 0; i < std::min<std::size_t>(3, strips.size()); ++i) {
        const std::string levels = level_words(c, *strips[i]);
        c.telling.say(name_of(*strips[i]) + ": "
                      + (levels.empty() ? "nothing is known of it yet" : levels) + "; "
                      + inserts_words(*strips[i]));
    }
    c.answer.sources.emplace_back("this session");
    return true;
}

} // namespace prefade
