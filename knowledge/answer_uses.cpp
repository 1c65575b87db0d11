// Uses of plugins: which meets a question, how it is told, and which plugins have one.
#include "knowledge/answer_parts.h"
#include "knowledge/spelling.h"

#include <algorithm>

namespace prefade {

namespace {

bool meets_style(const PluginUse& use, const std::vector<std::string>& keys) {
    return std::any_of(use.styles.begin(), use.styles.end(),
                       [&](const std::string& style) { return contains(keys, spoken_key(style)); });
}

/// "vocals" is a bus, and where no use is for it, one for the lead serves; a role of a bus meets its style.
bool is_on(const PluginUse& use, const std::string& role) {
    if (contains(use.sources, role)) return true;
    return role == "vocals" && contains(use.sources, "lead vocal");
}

} // namespace

double use_fit(const PluginUse& use, const Question& q,
               const std::vector<std::string>& style_keys) {
    double score = 0.0;
    if (!q.roles.empty()) {
        const bool meets = std::any_of(q.roles.begin(), q.roles.end(),
                                       [&](const std::string& role) { return is_on(use, role); });
        if (!meets && !contains(use.sources, "any")) return no_use;
        score += meets ? 4.0 : 1.0;
    }
    if (!use.styles.empty())
        score += meets_style(use, style_keys) ? 3.0 : style_keys.empty() ? -0.5 : -1.5;
    for (const std::string& style : use.styles) // "fast rock" of a question that says both words
        for (const std::string& word : spoken_words(style))
            if (contains(q.words, word)) score += 0.6;
    if (use.tempo && q.tempo)
        score += *q.tempo >= use.tempo->from && *q.tempo <= use.tempo->to ? 1.5 : -1.0;
    // nobody said what for: what most ask about, rather than whatever stands first
    if (q.roles.empty() && (contains(use.sources, "lead vocal") || contains(use.sources, "master")))
        score += 0.7;
    return score;
}

const PluginUse* best_use(const Plugin& plugin, const Question& q,
                          const std::vector<std::string>& style_keys) {
    const PluginUse* best = nullptr;
    double most = no_use;
    for (const PluginUse& use : plugin.uses)
        if (const double score = use_fit(use, q, style_keys); score > most) {
            most = score;
            best = &use;
        }
    return best;
}

/// The use for what was asked; then those for other styles that the question names.
std::vector<const PluginUse*> uses_for(const Plugin& plugin, const Question& q) {
    std::vector<const PluginUse*> uses;
    const auto add = [&](const PluginUse* use) {
        if (use && std::find(uses.begin(), uses.end(), use) == uses.end()) uses.push_back(use);
    };
    for (const Mention& m : q.mentions) { // in the order of the sentence
        std::vector<std::string> keys;
        if (m.list && m.list->of == WordClass::style)
            for (const std::string& word : m.list->words) keys.push_back(spoken_key(word));
        if (m.entry && m.entry->kind == MixKind::genre) {
            keys.push_back(spoken_key(m.entry->id));
            for (const std::string& alias : m.entry->aliases) keys.push_back(spoken_key(alias));
        }
        if (keys.empty()) continue;
        const PluginUse* use = best_use(plugin, q, keys);
        if (use && meets_style(*use, keys)) add(use);
    }
    if (uses.empty() || (uses.size() == 1 && q.tempo)) { // the tempo may say what the words do not
        uses.clear();
        add(best_use(plugin, q, q.style_keys));
    }
    return uses;
}

namespace {

std::string control_name(const Plugin& plugin, const PluginSetting& setting) {
    const PluginControl* control = plugin.find(setting.control);
    const std::string name = control ? control->name : setting.control;
    return setting.band > 0 ? "band " + std::to_string(setting.band) + ' ' + lower_first(name)
                            : name;
}

std::string setting_words(const Plugin& plugin, const PluginSetting& setting) {
    const std::string value =
        setting.choices.empty() ? said(setting.amount) : in_words(setting.choices, " or ");
    return control_name(plugin, setting) + ' ' + value;
}

std::string use_name(const PluginUse& use) {
    std::string name = contains(use.sources, "any") ? "" : in_words(use.sources);
    if (!use.styles.empty()) name += (name.empty() ? "" : ", ") + in_words(use.styles);
    if (use.tempo) name += ", " + said(*use.tempo);
    return name;
}

/// "turn Threshold until the meter shows 3 to 5 dB of gain reduction: 3 is gentle, 4 normal, 5 strong".
std::string turn_words(const Plugin& plugin, const PluginUse& use, const Question& q, bool brief) {
    if (!use.gain_reduction) return {};
    const Amount& amount = *use.gain_reduction;
    const PluginControl* control = plugin.find(use.turn);
    std::string text = control ? "turn " + control->name + " until the meter shows " : "aim for ";
    text += said(amount) + " of gain reduction";
    if (!amount.is_range() || brief) return text;
    const auto number = [](double x) { return to_text(x, ControlUnit::number); };
    if (q.dose == Question::Dose::gentle)
        return text + ", gently " + said({amount.from, amount.from, amount.unit});
    if (q.dose == Question::Dose::strong)
        return text + ", hard " + said({amount.to, amount.to, amount.unit});
    return text + " (" + number(amount.from) + " gentle, " + number((amount.from + amount.to) / 2.0)
           + " normal, " + number(amount.to) + " strong)";
}

/// The settings that were asked for first, the others behind them.
std::string settings_words(const Plugin& plugin, const PluginUse& use,
                           const std::vector<const PluginControl*>& asked) {
    std::vector<std::string> first, rest;
    for (const PluginSetting& setting : use.settings) {
        const bool is_asked = std::any_of(asked.begin(), asked.end(), [&](const PluginControl* c) {
            return c->id == setting.control;
        });
        (is_asked ? first : rest).push_back(setting_words(plugin, setting));
    }
    first.insert(first.end(), rest.begin(), rest.end());
    return in_words(first, ", ");
}

} // namespace

void give(GivenAnswer& answer, const Plugin& plugin, const PluginUse& use) {
    for (const PluginSetting& setting : use.settings) {
        GivenSetting given;
        given.plugin = plugin.id;
        given.control = control_name(plugin, setting);
        if (!setting.choices.empty())
            given.words = in_words(setting.choices, " or ");
        else if (setting.amount.is_range())
            given.range = {setting.amount.from, setting.amount.to};
        else
            given.value = setting.amount.from;
        if (setting.choices.empty() && setting.amount.unit != ControlUnit::number
            && setting.amount.unit != ControlUnit::panel)
            given.unit = std::string(name_in(control_unit_names, setting.amount.unit));
        answer.settings.push_back(std::move(given));
    }
}

void tell_use(Composition& c, const Plugin& plugin, const PluginUse& use,
              const std::vector<const PluginControl*>& asked, int rank, bool brief) {
    const std::string name = use_name(use);
    const std::string settings = settings_words(plugin, use, asked);
    c.telling.say(plugin.name + (name.empty() ? "" : ", " + name)
                      + (settings.empty() ? "" : ": " + settings),
                  rank);
    c.telling.say(turn_words(plugin, use, c.q, brief), brief ? rank + 1 : rank);
    c.telling.say(use.why, brief ? 0 : rank + 1);
    if (!use.aim.empty()) c.telling.say("Listen and look for: " + lower_first(use.aim), rank + 2);
    c.rest_on(use.origin);
}

/// Where an entry has no use for a source, what is usual for it, as far as the plugin has the controls.
bool tell_usual(Composition& c, const Plugin& plugin) {
    const bool compresses =
        plugin.kind == PluginKind::compressor || plugin.kind == PluginKind::channel_strip;
    if (!compresses || c.q.roles.empty()) return false;
    const MixEntry* usual = nullptr;
    for (const SearchHit& hit : c.search.find(c.q.roles.front() + ' ' + c.q.content, 40))
        if (hit.entry && hit.entry->kind == MixKind::dynamics
            && contains(hit.entry->on, c.q.roles.front())) {
            usual = hit.entry;
            break;
        }
    if (!usual) return false;
    std::vector<Figure> there;
    for (const Figure& figure : usual->figures) {
        const PluginControl* control = control_of(plugin, figure.name);
        const bool fits = control && (control->is_choice() || control->takes(figure.amount));
        if (figure.name == "gain_reduction" || fits) there.push_back(figure);
    }
    c.telling.say("For " + c.q.roles.front() + " its entry has no setting. What is usual there ("
                  + usual->name + "), as far as it has the controls: " + figures_words(there, c));
    c.telling.say(usual->why, 2);
    give(c.answer, there, c);
    c.rest_on(usual->origin);
    return true;
}

const Plugin* plugin_for(const Composition& c) {
    if (c.q.kinds.empty()) return nullptr;
    const Plugin* best = nullptr;
    double most = 0.0;
    for (const Plugin& plugin : c.library.plugins.plugins()) {
        if (!contains(c.q.kinds, name_in(plugin_kind_names, plugin.kind))) continue;
        double score = 0.0;
        for (const ReportedNames& names : plugin.reported)
            if (contains(c.q.hosts, names.host)) score += 3.0;
        if (!c.q.hosts.empty() && score == 0.0) continue;
        const PluginUse* use = c.q.roles.empty() ? nullptr : best_use(plugin, c.q, c.q.style_keys);
        if (use) score += 1.0 + use_fit(*use, c.q, c.q.style_keys);
        if (score > most) {
            most = score;
            best = &plugin;
        }
    }
    return best;
}

std::vector<std::string> plugins_with_use(const Composition& c) {
    constexpr std::size_t most = 4;
    std::vector<std::string> names;
    for (const Plugin& plugin : c.library.plugins.plugins()) {
        if (names.size() == most || !contains(c.q.kinds, name_in(plugin_kind_names, plugin.kind)))
            continue;
        const bool serves =
            plugin.based_on.empty()
            && std::any_of(plugin.uses.begin(), plugin.uses.end(), [&](const PluginUse& use) {
                   return std::any_of(
                       c.q.roles.begin(), c.q.roles.end(),
                       [&](const std::string& role) { return contains(use.sources, role); });
               });
        if (serves) names.push_back(plugin.name);
    }
    return names;
}

} // namespace prefade
