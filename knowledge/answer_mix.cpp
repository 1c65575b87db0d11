// Which entries of mixing knowledge answer: targets, what words mean, EQ and dynamics by source, what is near.
#include "knowledge/answer_parts.h"
#include "knowledge/spelling.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace prefade {

namespace {

/// The figures that were asked for; all where none was.
std::vector<Figure> asked_figures(const MixEntry& entry, const Question& q,
                                  std::initializer_list<std::string_view> groups) {
    std::vector<Figure> figures;
    for (const std::string_view group : groups)
        if (contains(q.controls, group))
            for (const Figure& figure : entry.figures)
                if (figure.name.starts_with(group)) figures.push_back(figure);
    return figures.empty() ? entry.figures : figures;
}

void tell_platform(Composition& c, const MixEntry& platform, int rank) {
    c.telling.say(platform.name + ": " + figures_words(platform.figures, c), rank);
    c.telling.say(platform.says, rank + 1);
    give(c.answer, platform.figures, c);
    tell_around(c, platform);
}

bool asks_any(const Question& q, std::initializer_list<std::string_view> controls,
              std::initializer_list<std::string_view> kinds) {
    return std::any_of(controls.begin(), controls.end(),
                       [&](std::string_view id) { return contains(q.controls, id); })
           || std::any_of(kinds.begin(), kinds.end(),
                          [&](std::string_view id) { return contains(q.kinds, id); });
}

bool asks_dynamics(const Question& q) {
    return asks_any(q, {"attack", "release", "ratio", "threshold", "knee", "gain_reduction"},
                    {"compressor", "leveller"});
}

bool asks_eq(const Question& q) {
    return asks_any(q, {"high_pass", "low_pass", "frequency", "q", "gain"}, {"eq", "dynamic eq"});
}

bool asks_processing(const Question& q) {
    return asks_dynamics(q) || asks_eq(q)
           || asks_any(q, {"pan", "send", "pre_delay", "decay", "feedback"}, {});
}

/// A word that looks like a comparative: "darker", "more open".
bool is_wish(const Question& q) {
    if (q.is_any({"wish", "wishing", "how"})) return true;
    return std::any_of(q.mentions.begin(), q.mentions.end(), [&](const Mention& m) {
        if (!m.entry || m.entry->kind != MixKind::descriptor || m.first >= q.words.size())
            return false;
        const std::string& before = m.first > 0 ? q.words[m.first - 1] : q.words[m.first];
        return q.words[m.first].ends_with("er") || before == "more" || before == "less"
               || before == "much";
    });
}

/// A name or an alias is one word of the question: "plosives".
bool is_called(const MixEntry& entry, const Question& q) {
    const auto key_without_plural = [](std::string_view name) {
        std::string key = spoken_key(name);
        if (key.size() > 3 && key.back() == 's') key.pop_back();
        return key;
    };
    std::vector<std::string> names = entry.aliases;
    names.push_back(entry.name);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return std::any_of(q.content_words.begin(), q.content_words.end(),
                           [&](const std::string& word) {
                               return key_without_plural(word) == key_without_plural(name);
                           });
    });
}

/// Of what is said beside the source a word stands in a name: "vocal too dry" is not "vocal too loud".
bool names_what_is_said(const MixEntry& entry, const Question& q) {
    std::vector<bool> of_source(q.words.size());
    for (const Mention& m : q.mentions)
        if (m.list && m.list->of == WordClass::role && m.first + m.count <= of_source.size())
            std::fill_n(of_source.begin() + static_cast<std::ptrdiff_t>(m.first), m.count, true);
    Question beside;
    for (const std::string& word : q.content_words) {
        const auto at = std::find(q.words.begin(), q.words.end(), word) - q.words.begin();
        if (!of_source[static_cast<std::size_t>(at)]) beside.content_words.push_back(word);
    }
    return beside.content_words.empty() || is_named_by(entry, beside);
}

/// A kind of plugin that is no source too, as a reverb is.
bool names_kind(const Question& q) {
    return std::any_of(q.kinds.begin(), q.kinds.end(),
                       [&](const std::string& kind) { return !contains(q.roles, kind); });
}

/// "Is muddy", "too harsh", "sibilant after compression".
bool complains(const Question& q, const MixEntry& descriptor) {
    constexpr std::array<std::string_view, 9> before{"is",  "are",  "sounds", "sound", "too",
                                                     "got", "gets", "so",     "feels"};
    return std::any_of(q.mentions.begin(), q.mentions.end(), [&](const Mention& m) {
        if (m.entry != &descriptor || m.first >= q.words.size()) return false;
        const std::size_t next = m.first + m.count;
        const bool is_said_of =
            q.words[m.first] == "too"
            || (m.first > 0
                && std::find(before.begin(), before.end(), q.words[m.first - 1]) != before.end());
        return is_said_of || (next < q.words.size() && q.words[next] == "after");
    });
}

} // namespace

// ---- targets --------------------------------------------------------------------------------

bool tell_target(Composition& c) {
    const Question& q = c.q;
    if (q.is("compare") && q.terms.size() > 1) return false; // two words of the trade
    const bool asks_level =
        std::any_of(q.controls.begin(), q.controls.end(), [](const std::string& id) {
            return id == "loudness" || id == "level" || id == "peak" || id == "true_peak"
                   || id == "ceiling" || id == "balance";
        });
    const bool has_lufs =
        std::any_of(q.amounts.begin(), q.amounts.end(),
                    [](const SpokenAmount& a) { return a.amount.unit == ControlUnit::lufs; });
    if (q.is("must") && (has_lufs || asks_level || !q.platforms.empty())) {
        c.begin(AnswerKind::target);
        tell_principle(c, "LD-01", 0);
        for (const MixEntry* platform : q.platforms) tell_platform(c, *platform, 0);
        return true;
    }
    const bool is_processing = !asks_level && (asks_dynamics(q) || contains(q.kinds, "eq"));
    if (!q.platforms.empty() && !is_processing) {
        c.begin(q.platforms.size() > 1 && q.is("compare") ? AnswerKind::comparison
                                                          : AnswerKind::target);
        int rank = 0;
        for (const MixEntry* platform : q.platforms)
            tell_platform(c, *platform, std::min(rank++, 1));
        if (!asks_level && !q.controls.empty()) // something that its figures do not say
            for (const EntryFit& fit : entries_for(c, {MixKind::principle}))
                if (fit.coverage > 0.4 && is_named_by(*fit.entry, q)) {
                    tell_principle(c, fit.entry->id, 0);
                    break;
                }
        return true;
    }
    if (!asks_level || q.is("trouble")) return false;
    const bool asks_balance = contains(q.controls, "balance");
    if (!q.genres.empty() && (q.roles.empty() || q.roles.front() == "master" || asks_balance)) {
        const MixEntry& genre = *q.genres.front();
        c.begin(AnswerKind::target);
        const auto figures = asks_balance
                                 ? asked_figures(genre, q, {"balance"})
                                 : asked_figures(genre, q, {"loudness", "peak", "true_peak"});
        std::vector<Figure> some = figures;
        if (!asks_balance)
            for (const std::string_view name : {"short_term", "plr"})
                for (const Figure& figure : genre.figures)
                    if (figure.name == name && figures.size() < genre.figures.size())
                        some.push_back(figure);
        c.telling.say(genre.name + ": " + figures_words(some, c));
        c.telling.say(genre.says, 1);
        give(c.answer, some, c);
        tell_around(c, genre);
        tell_principle(c, "LD-01", 3);
        return true;
    }
    const bool is_master = !q.roles.empty() && q.roles.front() == "master";
    if (!q.roles.empty() && !is_master)
        for (const EntryFit& fit :
             entries_for(c, {MixKind::instrument}, q.roles.front() + ' ' + q.content))
            if (contains(fit.entry->on, q.roles.front())) {
                tell_entry(c, *fit.entry);
                return true;
            }
    for (const EntryFit& fit : entries_for(c, {MixKind::principle})) {
        if (fit.coverage < 0.5) continue;
        tell_entry(c, *fit.entry);
        c.answer.kind = AnswerKind::target;
        return true;
    }
    return false;
}

// ---- what is meant, what is wrong -----------------------------------------------------------

/// Two sources that are in each other's way.
const MixEntry* pair_of(const Composition& c) {
    const auto& roles = c.q.roles;
    for (const MixEntry& entry : c.library.mix.entries()) {
        if (entry.kind != MixKind::pair) continue;
        for (const std::string& hidden : roles)
            for (const std::string& masker : roles)
                if (hidden != masker && contains(entry.on, hidden)
                    && contains(entry.against, masker))
                    return &entry;
    }
    return nullptr;
}

bool tell_meaning(Composition& c) {
    const Question& q = c.q;
    const bool wish = is_wish(q), has_trouble = q.is_any({"trouble", "mend"});
    const bool names_processing = names_kind(q) || q.is("should") || asks_processing(q);
    const MixEntry* descriptor = q.descriptors.empty() ? nullptr : q.descriptors.front();
    if (q.is("define") && !wish && !has_trouble && !descriptor) return false;
    if (const MixEntry* pair = has_trouble ? pair_of(c) : nullptr) {
        tell_entry(c, *pair);
        return true;
    }
    const auto phrases = entries_for(c, {MixKind::phrase});
    auto faults = entries_for(c, {MixKind::diagnosis, MixKind::problem});
    if (asks_dynamics(q)) // what a trace of gain reduction shows, before faults of a recording
        std::stable_partition(faults.begin(), faults.end(), [](const EntryFit& fit) {
            return fit.entry->kind == MixKind::diagnosis;
        });
    if (!faults.empty() && is_called(*faults.front().entry, q)
        && tell_other_source(c, *faults.front().entry))
        return true;
    const auto covered = [&](const std::vector<EntryFit>& fits) {
        const bool counts = !fits.empty() && is_named_by(*fits.front().entry, q)
                            && (fits.front().in_full
                                || (is_specific(*fits.front().entry, q)
                                    && names_what_is_said(*fits.front().entry, q)));
        return counts ? fits.front().coverage : 0.0;
    };
    const double fault_coverage = covered(faults), phrase_coverage = covered(phrases);
    const bool in_full = (fault_coverage > 0.0 && faults.front().in_full)
                         || (phrase_coverage > 0.0 && phrases.front().in_full);
    if (descriptor && tell_other_source(c, *descriptor)) return true;
    if (descriptor && (wish || q.is("define")) && !has_trouble) {
        tell_entry(c, *descriptor);
        return true;
    }
    const bool is_complaint = descriptor && complains(q, *descriptor);
    if (names_processing && !has_trouble && !in_full && !is_complaint
        && !(descriptor && q.roles.empty()))
        return false;
    const bool is_fault = fault_coverage > (has_trouble ? 0.5 : 0.75);
    const bool is_phrase = phrase_coverage > 0.6 && (has_trouble || wish || q.kinds.empty());
    const bool is_heard_of = is_phrase && phrase_coverage >= fault_coverage && !asks_dynamics(q);
    if (is_fault && !is_heard_of && (!is_phrase || faults.front().score > phrases.front().score)) {
        if (!tell_other_source(c, *faults.front().entry)) tell_entry(c, *faults.front().entry);
        return true;
    }
    if (is_phrase) {
        if (!tell_other_source(c, *phrases.front().entry)) tell_entry(c, *phrases.front().entry);
        return true;
    }
    if (descriptor && (wish || has_trouble || is_complaint || q.content_words.size() <= 3)) {
        tell_entry(c, *descriptor);
        return true;
    }
    return false;
}

// ---- by source ------------------------------------------------------------------------------

namespace {

/// Principles, moves over time and the like, by words; at least so much of the question must be in one.
const MixEntry* guidance(Composition& c, double enough) {
    for (const EntryFit& fit : entries_for(c, {MixKind::principle, MixKind::automation,
                                               MixKind::album, MixKind::pacing, MixKind::priority}))
        if (fit.coverage >= enough && is_named_by(*fit.entry, c.q) && is_specific(*fit.entry, c.q))
            return fit.entry;
    return nullptr;
}

const MixEntry* for_source(Composition& c, MixKind kind) {
    constexpr double as_good = 2.5; // of a search and a fit: what the words do not tell apart
    std::string words = c.q.content;
    for (const std::string& role : c.q.roles) words += ' ' + role;
    const EntryFit* best = nullptr;
    const auto found = entries_for(c, {kind}, words);
    for (const EntryFit& fit : found) {
        const bool is_for =
            std::any_of(c.q.roles.begin(), c.q.roles.end(),
                        [&](const std::string& role) { return contains(fit.entry->on, role); });
        if (!is_for || (best && found.front().score - fit.score > as_good)) continue;
        if (!best || fit.entry < best->entry) best = &fit; // the usual one is written first
    }
    return best ? best->entry : nullptr;
}

} // namespace

bool tell_source(Composition& c) {
    const Question& q = c.q;
    const bool special = contains(q.styles, "ducking") || contains(q.styles, "parallel")
                         || contains(q.styles, "de-ess") || contains(q.kinds, "de-esser");
    const Plugin* plugin = q.kinds.empty() || q.roles.empty() ? nullptr : plugin_for(c);
    const bool is_return =
        !q.roles.empty() && (q.roles.front() == "reverb" || q.roles.front() == "delay");
    const bool has_own_use =
        !is_return && plugin
        && std::any_of(plugin->uses.begin(), plugin->uses.end(), [&](const PluginUse& use) {
               return contains(use.sources, q.roles.front());
           });
    if (has_own_use && !special && q.controls.empty() && !q.is("amount") && !asks_dynamics(q)
        && !asks_eq(q))
        return tell_plugin(c, *plugin);
    const MixEntry* entry = special ? guidance(c, 0.3) : nullptr;
    if (!entry && q.is("priority") && !q.genre_ids.empty()) // "who wins, kick or bass in EDM"
        for (const EntryFit& fit : entries_for(c, {MixKind::priority}))
            if (contains(fit.entry->genres, q.genre_ids.front()) && !entry) entry = fit.entry;
    if (!entry && asks_eq(q)) entry = for_source(c, MixKind::eq);
    if (!entry && asks_dynamics(q)) entry = for_source(c, MixKind::dynamics);
    if (!entry) entry = guidance(c, 0.45);
    if (entry && tell_other_source(c, *entry)) return true;
    if (entry) {
        tell_entry(c, *entry);
        const std::vector<std::string> plugins = plugins_with_use(c);
        if (!plugins.empty())
            c.telling.say("Plugins with a setting for it: " + in_words(plugins), 2);
        return true;
    }
    return plugin && tell_plugin(c, *plugin);
}

// ---- the rest -------------------------------------------------------------------------------

namespace {

/// Of a clone the original, whose parts it has.
const Plugin& original_of(const Composition& c, const Plugin& plugin) {
    const Plugin* original = c.library.plugins.find(plugin.based_on);
    return original ? *original : plugin;
}

} // namespace

bool tell_nearest(Composition& c) {
    const auto hits = c.search.find(c.q.content, 8);
    constexpr double enough = 0.7;
    for (const SearchHit& hit : hits) {
        if (hit.coverage < enough) continue;
        if (hit.plugin && hit.coverage > 0.85 && c.q.content_words.size() > 1
            && c.q.is_any({"define", "does", "limits", "should"}))
            return tell_plugin(c, original_of(c, *hit.plugin));
        if (hit.plugin
            || is_kind(*hit.entry, {MixKind::phrase, MixKind::descriptor, MixKind::measure})
            || !is_named_by(*hit.entry, c.q) || !is_specific(*hit.entry, c.q))
            continue; // a plugin is told only where it is named
        tell_entry(c, *hit.entry);
        return true;
    }
    return false;
}

void tell_unknown(Composition& c) {
    c.answer.kind = AnswerKind::unknown;
    c.answer.known = false;
    if (c.q.words.empty()) {
        c.answer.asks = "What would you like to know?";
        c.telling.say(c.answer.asks);
        return;
    }
    std::vector<std::string> words;
    for (const UnknownWords& one : c.q.unknown)
        if (words.size() < 3 && one.text.size() < 40) words.push_back(in_quotes(one.text));
    c.telling.say(words.empty()
                      ? "I do not know that"
                      : "I do not know: nothing here speaks of " + in_words(words, " or "));
    if (!c.q.controls.empty() && c.q.plugins.empty() && c.q.roles.empty()) {
        c.answer.asks = "On which plugin, or which source?";
        c.telling.say(c.answer.asks);
    }
}

} // namespace prefade
