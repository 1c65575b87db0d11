// Which entries of mixing knowledge answer: targets, chains, what words mean, EQ and dynamics by source, ways, terms.
#include "knowledge/answer_parts.h"
#include "knowledge/spelling.h"

#include <algorithm>
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

// ---- chains and ways ------------------------------------------------------------------------

bool tell_chain(Composition& c) {
    if (!c.q.is("chain")) return false;
    if (!c.q.kinds.empty() && c.q.roles.empty() && c.q.genre_ids.empty())
        return false; // where one has its place
    std::string words = c.q.content;
    for (const std::string& role : c.q.roles) words += ' ' + role;
    for (const std::string& genre : c.q.genre_ids) words += ' ' + genre;
    const auto found = entries_for(c, {MixKind::chain}, words + " chain");
    if (found.empty()) return false;
    const MixEntry& chain = *found.front().entry;
    const bool is_styled = !c.q.genre_ids.empty() || !c.q.styles.empty();
    const bool is_for = std::any_of(c.q.roles.begin(), c.q.roles.end(),
                                    [&](const auto& role) { return contains(chain.on, role); });
    if (!is_for && !is_styled && !found.front().in_full) {
        std::vector<std::string> names;
        for (const MixEntry& entry : c.library.mix.entries())
            if (entry.kind == MixKind::chain) names.push_back(lower_first(entry.name));
        c.answer.kind = AnswerKind::chain;
        const std::string source = in_words(c.q.roles);
        c.telling.say(
            (source.empty() ? "I have no chain by that name" : "I have no chain for " + source)
            + ". There is one for " + in_words(names));
        c.answer.asks = "Which of these?";
        c.telling.say(c.answer.asks);
        return true;
    }
    tell_entry(c, chain);
    if (!is_styled && contains(chain.on, "lead vocal") && !chain.genres.empty())
        c.answer.asks = "For which style?";
    return true;
}

const MixEntry* operation_asked(Composition& c) {
    if (!c.q.is("how") && c.q.hosts.empty() && c.q.elsewhere.empty()) return nullptr;
    const auto found = entries_for(c, {MixKind::operation});
    const double enough = c.q.hosts.empty() && c.q.elsewhere.empty() ? 0.55 : 0.45;
    if (found.empty() || found.front().coverage < enough) return nullptr;
    return found.front().entry;
}

bool tell_ways(Composition& c, const MixEntry& operation, const std::vector<std::string>& hosts) {
    bool is_told = false;
    for (const MixStep& way : operation.steps) {
        if (!hosts.empty() && !contains(hosts, way.host)) continue;
        c.telling.say("In " + host_words(way.host) + ": " + way.does);
        c.rest_on(way.origin);
        is_told = true;
    }
    return is_told;
}

bool tell_operation(Composition& c) {
    const MixEntry* operation = operation_asked(c);
    if (!operation) return false;
    c.begin(AnswerKind::how_to);
    c.telling.say(operation->name + ": " + lower_first(operation->says), 1);
    if (!tell_ways(c, *operation, c.q.hosts)) {
        std::vector<std::string> asked, others;
        for (const std::string& host : c.q.hosts) asked.push_back(host_words(host));
        for (const MixStep& way : operation->steps) others.push_back(host_words(way.host));
        c.telling.say("For " + in_words(asked) + " no way is written down, for " + in_words(others)
                      + " there is one");
        c.answer.known = false;
    }
    tell_around(c, *operation);
    return true;
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
    const bool names_processing = !q.kinds.empty() || q.is("should") || asks_processing(q);
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
                            && (fits.front().in_full || is_specific(*fits.front().entry, q));
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
    if (names_processing && !has_trouble && !in_full && !(descriptor && q.roles.empty()))
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
    if (descriptor && (wish || has_trouble || q.content_words.size() <= 3)) {
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
