// Answers about plugins: how to set one, what its controls can and cannot, two beside each other.
#include "knowledge/answer_parts.h"
#include "knowledge/spelling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace prefade {

namespace {

/// Controls that some processor of dynamics or tone has; who asks one that lacks it is told so.
constexpr std::array<std::string_view, 17> controls_to_miss{
    "attack",   "release", "ratio",     "threshold",    "knee",          "q",
    "mix",      "hold",    "lookahead", "retune speed", "time constant", "ceiling",
    "feedback", "decay",   "pre_delay", "damping",      "size"};

/// What of a plugin a question is about.
struct AskedControls {
    std::vector<const PluginControl*> there;
    std::vector<const MissingControl*> missing;
    std::vector<std::string> unheard; ///< not there, and nobody wrote so
    std::vector<const PluginMode*> modes;
};

std::string run_of(const std::vector<std::string>& words, std::size_t first, std::size_t count) {
    std::string text;
    for (std::size_t i = first; i < first + count; ++i) text += (i > first ? " " : "") + words[i];
    return text;
}

AskedControls asked_controls(const Plugin& plugin, const Question& q) {
    AskedControls asked;
    std::vector<bool> taken(q.words.size());
    for (const Mention& m : q.mentions)
        if (m.plugin && m.first + m.count <= taken.size())
            std::fill_n(taken.begin() + static_cast<std::ptrdiff_t>(m.first), m.count, true);
    const auto add = [](auto& list, auto* one) {
        if (one && std::find(list.begin(), list.end(), one) == list.end()) list.push_back(one);
    };
    for (std::size_t count = 4; count > 0; --count)
        for (std::size_t first = 0; first + count <= q.words.size(); ++first) {
            const auto begin = taken.begin() + static_cast<std::ptrdiff_t>(first);
            const auto end = begin + static_cast<std::ptrdiff_t>(count);
            if (std::find(begin, end, true) != end) continue;
            const std::string words = run_of(q.words, first, count);
            const std::string key = spoken_key(words);
            const PluginControl* control = control_of(plugin, words);
            const MissingControl* none = plugin.missing_control(words);
            bool is_mode = false;
            for (const PluginMode& mode : plugin.modes)
                if (spoken_key(mode.choice) == key && key.size() > 2) {
                    add(asked.modes, &mode);
                    is_mode = true;
                }
            if (!control && !none && !is_mode) continue;
            add(asked.there, control);
            if (!control) add(asked.missing, none);
            std::fill(begin, end, true);
        }
    for (const std::string& id : q.controls) {
        std::string words = id;
        std::replace(words.begin(), words.end(), '_', ' ');
        const PluginControl* control = control_of(plugin, words);
        const MissingControl* none = plugin.missing_control(words);
        if (control)
            add(asked.there, control);
        else if (none)
            add(asked.missing, none);
        else if (std::find(controls_to_miss.begin(), controls_to_miss.end(), id)
                 != controls_to_miss.end())
            asked.unheard.push_back(words);
    }
    // "the range of the attack"
    if (q.is("limits") && asked.there.size() > 1)
        std::erase_if(asked.there,
                      [](const PluginControl* control) { return control->id == "range"; });
    return asked;
}

// ---- what a control can ---------------------------------------------------------------------

std::string range_words(const PluginControl& control) {
    std::string text = control.name;
    if (control.is_choice()) return text + " has " + in_words(control.choices);
    if (!control.steps.empty()) {
        std::vector<std::string> steps;
        for (const double step : control.steps) steps.push_back(said({step, step, control.unit}));
        text += " has the steps " + in_words(steps);
    } else if (control.lowest) {
        const auto end = [&](double x) { return said({x, x, control.unit}); };
        text += " goes from " + end(*control.lowest) + " to " + end(*control.highest);
    } else {
        return {};
    }
    if (!control.marks.empty()) {
        std::vector<std::string> marks;
        for (const PluginControl::Mark& mark : control.marks)
            marks.push_back(to_text(mark.panel, ControlUnit::number) + " is "
                            + said({mark.value, mark.value, control.marks_unit}));
        text += "; " + in_words(marks);
    }
    return text;
}

void tell_control(Composition& c, const PluginControl& control) {
    c.telling.say(range_words(control));
    c.telling.say(control.direction.empty() ? "" : control.name + ": " + control.direction, 1);
    c.telling.say(control.note, 2);
    c.rest_on(control.origin);
}

/// An amount of the question in the control's unit, or in that of its marks.
std::optional<bool> takes_amount(const PluginControl& control, const Amount& amount) {
    if (control.is_choice() || amount.unit == ControlUnit::number) return std::nullopt;
    if (in_unit(amount, control.unit)) return control.takes(amount).has_value();
    const auto marked = in_unit(amount, control.marks_unit);
    if (control.marks.empty() || !marked) return std::nullopt;
    const double a = control.marks.front().value, b = control.marks.back().value;
    return marked->from >= std::min(a, b) && marked->to <= std::max(a, b);
}

/// "Can it do 500 ms?" and "set it to 500 ms".
bool tell_amounts(Composition& c, const Plugin& plugin, const AskedControls& asked) {
    for (const SpokenAmount& one : c.q.amounts)
        for (const PluginControl* control : asked.there) {
            const auto takes = takes_amount(*control, one.amount);
            if (!takes || (*takes && !c.q.is("can"))) continue;
            c.telling.say((*takes ? "Yes, " : "No: ") + said(one.amount)
                          + (*takes ? " is within " : " is outside ") + "what the " + control->name
                          + " of the " + plugin.name + " can do");
            tell_control(c, *control);
            return true;
        }
    return false;
}

void tell_missing(Composition& c, const Plugin& plugin, const AskedControls& asked) {
    for (const MissingControl* none : asked.missing) {
        c.telling.say(plugin.name + " has no " + none->name + ": " + none->instead);
        c.rest_on(none->origin);
    }
    for (const std::string& none : asked.unheard) {
        std::vector<std::string> names;
        for (const PluginControl& control : plugin.controls) names.push_back(control.name);
        if (names.size() > 8) names.resize(8);
        c.telling.say("The entry of the " + plugin.name + " has no " + none + "; it has "
                      + in_words(names));
    }
}

bool wants_values(const Question& q) { return q.is_any({"limits", "direction"}); }

void tell_relatives(Composition& c, const Plugin& plugin) {
    std::vector<std::string> others;
    for (const PluginRelative& relative : plugin.relatives) {
        const Plugin* other = c.library.plugins.find(relative.id);
        others.push_back((other ? other->name : relative.id) + " (" + lower_first(relative.how)
                         + ')');
        c.rest_on(relative.origin);
    }
    c.telling.say("Instead of the " + plugin.name + ": " + in_words(others, "; "));
}

void tell_mistake(Composition& c, const PluginMistake& mistake, int rank) {
    c.telling.say("A common mistake: " + lower_first(mistake.does) + ". " + mistake.instead, rank);
    c.rest_on(mistake.origin);
}

/// How many words of the question a mistake speaks of.
std::size_t words_shared(const PluginMistake& mistake, const Question& q) {
    const std::vector<std::string> said_of = spoken_words(mistake.does);
    std::vector<std::string> words = q.content_words;
    for (const Mention& m : q.mentions)
        if (m.list && m.list->of == WordClass::role)
            for (std::size_t i = m.first; i < std::min(m.first + m.count, q.words.size()); ++i)
                words.push_back(q.words[i]);
    return static_cast<std::size_t>(
        std::count_if(said_of.begin(), said_of.end(), [&](const std::string& word) {
            return word.size() > 3 && contains(words, word);
        }));
}

/// The mistake that the question comes nearest to; the first where it comes near none.
const PluginMistake* nearest_mistake(const Plugin& plugin, const Question& q) {
    const auto nearest_one = std::max_element(plugin.mistakes.begin(), plugin.mistakes.end(),
                                              [&](const PluginMistake& a, const PluginMistake& b) {
                                                  return words_shared(a, q) < words_shared(b, q);
                                              });
    return nearest_one == plugin.mistakes.end() ? nullptr : &*nearest_one;
}

/// Words beside the plugin that nobody knows are taken for a control: it has none of that name.
bool tell_unknown_control(Composition& c, const Plugin& plugin) {
    if (c.q.unknown.empty() || !c.q.is_any({"should", "limits", "can", "does", "direction"}))
        return false;
    std::vector<std::string> names;
    for (const PluginControl& control : plugin.controls) names.push_back(control.name);
    if (names.size() > 10) names.resize(10);
    c.telling.say(plugin.name + " has no " + in_quotes(c.q.unknown.front().text)
                  + " that I know of; it has " + in_words(names));
    c.answer.known = false;
    c.rest_on(plugin.origin);
    return true;
}

void tell_conflicts(Composition& c, const Plugin& plugin, const AskedControls& asked) {
    for (const PluginConflict& conflict : plugin.conflicts) {
        const bool is_asked =
            std::any_of(asked.there.begin(), asked.there.end(), [&](const PluginControl* control) {
                return control->id == conflict.control;
            });
        if (!is_asked) continue;
        say_conflict(c, conflict.about, conflict.claims, conflict.settle, 3);
    }
}

/// What else an entry knows, for who wants it in detail.
void tell_all(Composition& c, const Plugin& plugin, const std::vector<const PluginUse*>& told) {
    for (const PluginUse& use : plugin.uses)
        if (std::find(told.begin(), told.end(), &use) == told.end())
            tell_use(c, plugin, use, {}, 2, true);
    for (const PluginMode& mode : plugin.modes) c.telling.say(mode.choice + ": " + mode.does, 3);
    for (const PluginFact& fact : plugin.facts) c.telling.say(fact.says, 3);
    for (const PluginMistake& mistake : plugin.mistakes) tell_mistake(c, mistake, 4);
}

} // namespace

bool tell_plugin(Composition& c, const Plugin& plugin) {
    c.answer.plugin = plugin.id;
    c.begin(AnswerKind::setting);
    AskedControls asked = asked_controls(plugin, c.q);
    if (asked.there.empty() && c.q.is("direction"))
        for (const PluginControl& control : plugin.controls)
            if (!control.direction.empty()) asked.there.push_back(&control);
    const bool is_premise =
        !asked.missing.empty() || (!asked.unheard.empty() && asked.there.empty());
    if (is_premise) tell_missing(c, plugin, asked);
    if (c.q.is("instead") && !plugin.relatives.empty()) {
        c.answer.kind = AnswerKind::comparison;
        tell_relatives(c, plugin);
        return true;
    }
    if (c.q.is("mistakes") && !plugin.mistakes.empty()) {
        for (std::size_t i = 0; i < std::min<std::size_t>(4, plugin.mistakes.size()); ++i)
            tell_mistake(c, plugin.mistakes[i], 0);
        return true;
    }
    if (!is_premise && tell_amounts(c, plugin, asked)) {
        c.answer.kind = AnswerKind::value;
        return true;
    }
    const bool asks_number =
        std::any_of(c.q.amounts.begin(), c.q.amounts.end(),
                    [](const SpokenAmount& a) { return a.amount.unit == ControlUnit::number; });
    const bool wants_range =
        wants_values(c.q) || (c.q.is_any({"define", "does"}) && (asks_number || c.q.roles.empty()));
    if (!asked.there.empty() && c.q.roles.empty() && (wants_range || !asked.modes.empty())) {
        c.answer.kind = AnswerKind::value;
        for (const PluginControl* control : asked.there) tell_control(c, *control);
        for (const PluginMode* mode : asked.modes) c.telling.say(mode->choice + ": " + mode->does);
        tell_conflicts(c, plugin, asked);
        return true;
    }
    if (!asked.modes.empty() && c.q.is_any({"define", "does", "limits"})) {
        c.answer.kind = AnswerKind::value;
        for (const PluginMode* mode : asked.modes) {
            c.telling.say(mode->choice + ": " + mode->does);
            c.rest_on(mode->origin);
        }
        return true;
    }
    if (asked.there.empty() && !is_premise && tell_unknown_control(c, plugin)) return true;
    if (c.q.is_any({"define", "does"}) && c.q.roles.empty() && c.q.controls.empty())
        c.telling.say(plugin.name + ": " + plugin.what);
    const PluginMistake* mistake = nearest_mistake(plugin, c.q);
    const bool is_about_mistake = mistake && words_shared(*mistake, c.q) > 1;
    if (is_about_mistake) tell_mistake(c, *mistake, 0);
    const auto uses = uses_for(plugin, c.q);
    if (uses.empty() && !tell_usual(c, plugin)) {
        c.telling.say(plugin.name + ": " + plugin.what);
        for (const PluginControl* control : asked.there) tell_control(c, *control);
        for (std::size_t i = 0; i < std::min<std::size_t>(2, plugin.facts.size()); ++i)
            c.telling.say(plugin.facts[i].says, 2);
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(2, uses.size()); ++i) {
        tell_use(c, plugin, *uses[i], asked.there, 0, uses.size() > 1);
        give(c.answer, plugin, *uses[i]);
    }
    if (c.q.roles.empty() && c.q.style_keys.empty() && c.answer.asks.empty()
        && plugin.uses.size() > uses.size()) {
        c.answer.asks = "For which source?";
        c.telling.say(c.answer.asks, 1);
    }
    if (c.q.is("more")) tell_all(c, plugin, uses);
    quote_session(c, plugin, asked.there);
    for (const PluginControl* control : asked.there)
        if (!control->direction.empty())
            c.telling.say(control->name + ": " + control->direction, 3);
    tell_conflicts(c, plugin, asked);
    if (const auto tempo = c.tempo(); tempo && plugin.find("release")) {
        const auto ms = [&](double beats) {
            return to_text(std::round(note_milliseconds(beats, *tempo)), ControlUnit::number);
        };
        c.telling.say("At " + to_text(*tempo, ControlUnit::bpm) + " a sixteenth lasts " + ms(0.25)
                          + " ms, an eighth " + ms(0.5) + ", a quarter " + ms(1.0),
                      3);
    }
    if (mistake && !is_about_mistake && uses.size() < 2) tell_mistake(c, *mistake, 5);
    if (c.answer.sources.empty()) c.rest_on(plugin.origin);
    return true;
}

const PluginControl* control_of(const Plugin& plugin, const std::string& words) {
    const auto found = plugin.control(words);
    return found ? *found : nullptr;
}

bool tell_begun(Composition& c) {
    if (c.q.begun.empty() || !c.q.plugins.empty()) return false;
    // "pro z": what stands behind the beginning of a name, and nobody knows, is another plugin
    if (!c.q.unknown.empty()) return false;
    std::vector<const Plugin*> candidates;
    for (const Plugin* plugin : c.q.begun) {
        const bool is_kind =
            c.q.kinds.empty() || contains(c.q.kinds, name_in(plugin_kind_names, plugin->kind));
        const bool is_use = c.q.roles.empty() || best_use(*plugin, c.q, c.q.style_keys) != nullptr;
        if (is_kind && is_use) candidates.push_back(plugin);
    }
    if (candidates.empty()) candidates = c.q.begun;
    std::vector<std::string> names;
    for (const Plugin* plugin : candidates) names.push_back(plugin->name);
    if (names.size() > 4) names.resize(4);
    // of several numbers of one product the latest, for the time being
    const auto score = [&](const Plugin* plugin) {
        const PluginUse* use = best_use(*plugin, c.q, c.q.style_keys);
        return use ? use_fit(*use, c.q, c.q.style_keys) : no_use;
    };
    const Plugin* provisional = *std::max_element(
        candidates.begin(), candidates.end(), [&](const Plugin* one, const Plugin* other) {
            return std::pair(score(one), one->id) < std::pair(score(other), other->id);
        });
    if (candidates.size() > 1) {
        c.answer.asks = "Which one: " + in_words(names, " or ") + '?';
        c.telling.say(c.answer.asks);
        c.telling.say("For the time being, of the " + provisional->name);
    }
    return tell_plugin(c, *provisional);
}

bool tell_comparison(Composition& c) {
    if (c.q.plugins.size() < 2) return false;
    c.begin(AnswerKind::comparison);
    for (std::size_t i = 0; i < 2; ++i) {
        const Plugin& plugin = *c.q.plugins[i];
        c.telling.say(plugin.name + ": " + plugin.what, 1);
        const AskedControls asked = asked_controls(plugin, c.q);
        std::vector<std::string> none;
        for (const MissingControl& missing : plugin.missing) none.push_back(missing.name);
        if (!none.empty()) c.telling.say(plugin.name + " has no " + in_words(none, " or "), 2);
        if (const PluginUse* use =
                c.q.roles.empty() ? nullptr : best_use(plugin, c.q, c.q.style_keys)) {
            tell_use(c, plugin, *use, asked.there, 0);
            give(c.answer, plugin, *use);
        }
        c.rest_on(plugin.origin);
    }
    for (std::size_t i = 0; i < 2; ++i)
        for (const PluginRelative& relative : c.q.plugins[i]->relatives)
            if (relative.id == c.q.plugins[1 - i]->id)
                c.telling.say("Beside the " + c.q.plugins[i]->name + ", the "
                              + c.q.plugins[1 - i]->name + " is " + lower_first(relative.how));
    return true;
}

} // namespace prefade
