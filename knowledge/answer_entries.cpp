// Entries of mixing knowledge: found for a question, and told by their kind.
#include "knowledge/answer_parts.h"
#include "knowledge/spelling.h"
#include "knowledge/wish.h"

#include <algorithm>
#include <cmath>

namespace prefade {

namespace {

constexpr std::size_t looked_at = 250; ///< hits of a search that are narrowed down by kind

/// A word of four letters or its beginning, in the name or an alias.
bool holds_word(const MixEntry& entry, const std::string& word) {
    std::vector<std::string> names = entry.aliases;
    names.push_back(entry.name);
    const std::string stem = word.substr(
        0, std::max<std::size_t>(4, word.size() - std::min<std::size_t>(word.size(), 2)));
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        const std::vector<std::string> words = spoken_words(name);
        return std::any_of(words.begin(), words.end(),
                           [&](const std::string& one) { return one.rfind(stem, 0) == 0; });
    });
}

/// How well an entry meets source and style of the question.
double source_fit(const MixEntry& entry, const Question& q) {
    double score = 0.0;
    if (!q.roles.empty()) {
        const auto meets = [&](const std::vector<std::string>& on) {
            return std::any_of(q.roles.begin(), q.roles.end(),
                               [&](const std::string& role) { return contains(on, role); });
        };
        if (meets(entry.on)) score += 6.0;
        if (meets(entry.against)) score += 3.0;
        if (!entry.on.empty() && !contains(entry.on, "any") && !meets(entry.on)
            && !meets(entry.against))
            score -= 8.0;
    }
    if (!entry.genres.empty()) {
        const bool meets =
            std::any_of(q.genre_ids.begin(), q.genre_ids.end(),
                        [&](const std::string& id) { return contains(entry.genres, id); });
        score += meets ? 3.0 : q.genre_ids.empty() ? -0.5 : -3.0;
    }
    if (entry.on.empty() && entry.against.empty()) // a principle speaks of its source in its name
        for (const Mention& m : q.mentions)
            if (m.list && m.list->of == WordClass::role && m.first < q.words.size()
                && holds_word(entry, q.words[m.first]))
                score += 4.0;
    for (const std::string& style : q.styles) {
        const std::string name = spoken_key(entry.name);
        if (name.find(spoken_key(style)) != std::string::npos) score += 8.0;
    }
    return score;
}

/// A name or alias of several words stands in the question, its small words too: "I can't hear the vocal".
bool is_said_in_full(const MixEntry& entry, const Question& q) {
    std::string asked = " ";
    for (const std::string& word : q.words) asked += word + ' ';
    std::vector<std::string> names = entry.aliases;
    names.push_back(entry.name);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        const std::vector<std::string> words = spoken_words(name);
        std::string run = " ";
        for (const std::string& word : words) run += word + ' ';
        return words.size() > 1 && asked.find(run) != std::string::npos;
    });
}

std::string name_of_measure(const Composition& c, const std::string& id) {
    const MixEntry* measure = c.library.mix.find(MixKind::measure, id);
    if (!measure) return id;
    std::string name = measure->name;
    std::replace(name.begin(), name.end(), '-', ' ');
    return name;
}

} // namespace

bool is_kind(const MixEntry& entry, std::initializer_list<MixKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), entry.kind) != kinds.end();
}

/// The best of some kinds for the words, source and style of the question.
std::vector<EntryFit> entries_for(Composition& c, std::initializer_list<MixKind> kinds,
                                  std::string_view words) {
    constexpr double said_in_full = 12.0; // about what a name is worth in a search
    std::vector<EntryFit> found;
    for (const SearchHit& hit : c.search.find(words, looked_at))
        if (hit.entry && is_kind(*hit.entry, kinds))
            found.push_back(
                {hit.entry, hit.score + source_fit(*hit.entry, c.q), hit.coverage, false});
    for (EntryFit& fit : found)
        if (is_said_in_full(*fit.entry, c.q)) {
            fit.score += said_in_full;
            fit.coverage = 1.0;
            fit.in_full = true;
        }
    std::stable_sort(found.begin(), found.end(),
                     [](const EntryFit& a, const EntryFit& b) { return a.score > b.score; });
    return found;
}

std::vector<EntryFit> entries_for(Composition& c, std::initializer_list<MixKind> kinds) {
    return entries_for(c, kinds, c.q.content);
}

/// A word of the question stands in the name or an alias: what only a text mentions is not what it is about.
bool is_named_by(const MixEntry& entry, const Question& q) {
    return std::any_of(q.content_words.begin(), q.content_words.end(),
                       [&](const std::string& word) {
                           return holds_word(entry, word) || contains(entry.on, word);
                       });
}

bool is_specific(const MixEntry& entry, const Question& q) {
    if (q.content_words.size() != 1) return true;
    const auto without_plural = [](std::string key) {
        if (key.size() > 3 && key.back() == 's') key.pop_back();
        return key;
    };
    const std::string key = without_plural(spoken_key(q.content_words.front()));
    const auto is_it = [&](const std::string& name) {
        return without_plural(spoken_key(name)) == key;
    };
    return is_it(entry.name) || std::any_of(entry.aliases.begin(), entry.aliases.end(), is_it);
}

std::string step_words(const MixStep& step, const Composition& c, std::size_t most_figures) {
    std::string text = lower_first(step.does);
    std::vector<Figure> some = step.figures;
    if (some.size() > most_figures) some.resize(most_figures);
    const std::string figures = figures_words(some, c);
    text = with_figures(text, figures);
    std::vector<std::string> plugins;
    for (const std::string& id : step.plugins)
        if (const Plugin* plugin = c.library.plugins.find(id)) plugins.push_back(plugin->name);
    if (!plugins.empty()) text += " (" + in_words(plugins, " or ") + ')';
    return text;
}

/// What is common to entries of all kinds: why, when not, what to look at.
void tell_around(Composition& c, const MixEntry& entry) {
    c.telling.say(entry.why.empty() ? "" : "Why: " + lower_first(entry.why), 1);
    c.telling.say(entry.unless.empty() ? "" : "But: " + lower_first(entry.unless), 2);
    c.telling.say(entry.check.empty() ? "" : "Check: " + lower_first(entry.check), 3);
    for (const MixConflict& conflict : entry.conflicts)
        say_conflict(c, conflict.about, conflict.claims, conflict.settle, 2);
    c.rest_on(entry.origin);
    if (!entry.asks.empty()) c.answer.asks = entry.asks;
}

bool tell_principle(Composition& c, std::string_view id, int rank) {
    const MixEntry* entry = c.library.mix.find(MixKind::principle, id);
    if (!entry) return false;
    const std::string figures = figures_words(entry->figures, c);
    c.telling.say(entry->name + ": " + lower_first(entry->says)
                      + (figures.empty() ? "" : " (" + figures + ')'),
                  rank);
    c.rest_on(entry->origin);
    return true;
}

namespace {

/// "is it under 1 dB, this is it; over 3 dB, it is not"; or what this session shows.
std::string proof_words(const MixStep& step, Composition& c) {
    if (step.measure.empty() || !step.confirms || !step.refutes) return {};
    const std::string name = name_of_measure(c, step.measure);
    std::string text = name + ' ' + test_words(*step.confirms) + " would confirm it, "
                       + test_words(*step.refutes) + " refute it";
    const auto value = measured(c, step.measure);
    if (!value) return text;
    const MixEntry* measure = c.library.mix.find(MixKind::measure, step.measure);
    const double rounded = std::round(*value * 10.0) / 10.0;
    const bool confirms = rounded >= step.confirms->from && rounded <= step.confirms->to;
    const bool refutes = rounded >= step.refutes->from && rounded <= step.refutes->to;
    return text + "; here, over the last 10 s, it is " + said({rounded, rounded, measure->unit})
           + (confirms  ? ": confirmed"
              : refutes ? ": refuted"
                        : ": undecided");
}

void tell_phrase(Composition& c, const MixEntry& phrase) {
    c.begin(AnswerKind::diagnosis);
    c.telling.say(phrase.name + ". The likeliest cause first:");
    int number = 0;
    for (const MixStep& step : phrase.steps) {
        ++number;
        c.telling.say(std::to_string(number) + ", " + lower_first(step.says) + ": "
                          + proof_words(step, c) + ". Then " + step_words(step, c),
                      number <= 3 ? 0 : number);
        give(c.answer, step.figures, c);
    }
    c.telling.say(phrase.asks, 1);
    c.answer.asks = phrase.asks;
    c.rest_on(phrase.origin);
}

/// ""darker" may mean:", or ""creamy", as "smooth", may mean:".
std::string meant_by_word(const Composition& c, const MixEntry& descriptor) {
    std::string said_word;
    for (const Mention& m : c.q.mentions)
        if (m.entry == &descriptor && said_word.empty())
            for (std::size_t i = m.first; i < std::min(m.first + m.count, c.q.words.size()); ++i)
                said_word += (said_word.empty() ? "" : " ") + c.q.words[i];
    const std::string name = in_quotes(descriptor.name);
    if (said_word.empty()) return name + " may mean:";
    const bool is_its_name =
        spoken_key(said_word).find(spoken_key(descriptor.name)) != std::string::npos;
    return in_quotes(said_word) + (is_its_name ? "" : ", as " + name + ',') + " may mean:";
}

/// Which of them are moves of this session.
void tell_ways_here(Composition& c) {
    std::vector<std::string> can;
    const auto& ways = c.answer.ways;
    for (std::size_t i = 0; i < ways.size(); ++i) {
        if (ways[i].moves.empty()) continue;
        can.push_back(std::to_string(i + 1));
        c.telling.say(can.back() + " here: " + ways[i].says, 3);
    }
    if (can.empty()) return;
    c.telling.say("Here I can do " + in_words(can, " or ") + ": say \"do number " + can.front()
                  + "\" and I propose it");
}

void tell_descriptor(Composition& c, const MixEntry& descriptor) {
    c.begin(AnswerKind::translation);
    const Wish wish = wish_for(c, descriptor);
    if (wish.is_open) {
        c.wished = wish;
        c.answer.ways = ways_of(c, wish);
    }
    c.telling.say(meant_by_word(c, descriptor));
    std::size_t number = 0;
    for (const MixStep* step : wish.ways) {
        const bool can_do = number < c.answer.ways.size() && !c.answer.ways[number].moves.empty();
        ++number;
        std::string text = std::to_string(number) + ", " + step_words(*step, c);
        if (!step->on.empty()) text += ", on " + in_words(step->on);
        if (!step->measure.empty() && step->moves)
            text += "; " + name_of_measure(c, step->measure) + " should go "
                    + std::string(name_in(direction_names, *step->moves));
        c.telling.say(std::move(text), number <= 3 || can_do ? 0 : static_cast<int>(number));
        if (number <= 4) give(c.answer, step->figures, c);
    }
    tell_ways_here(c);
    c.telling.say(descriptor.unless.empty() ? "" : "But: " + lower_first(descriptor.unless), 2);
    c.telling.say(descriptor.check, 3);
    const bool is_offered = std::any_of(c.answer.ways.begin(), c.answer.ways.end(),
                                        [](const GivenWay& way) { return !way.moves.empty(); });
    if (!is_offered) c.telling.say(descriptor.asks, 1);
    c.answer.asks =
        descriptor.asks.empty() || is_offered ? "Which of these is meant?" : descriptor.asks;
    c.rest_on(descriptor.origin);
}

void tell_chain_entry(Composition& c, const MixEntry& chain) {
    c.begin(AnswerKind::chain);
    c.telling.say(chain.name + ", in order");
    c.telling.say(chain.says, 3);
    int number = 0;
    for (const MixStep& step : chain.steps) {
        ++number;
        c.telling.say(std::to_string(number) + ", " + step_words(step, c, c.q.is("more") ? 99 : 1));
        c.telling.say(step.why, 2);
        give(c.answer, step.figures, c);
    }
    if (!c.q.is("more")) c.telling.say("Ask in detail for every number and reason");
    quote_inserts(c);
    tell_around(c, chain);
}

} // namespace

void tell_entry(Composition& c, const MixEntry& entry) {
    switch (entry.kind) {
    case MixKind::phrase: return tell_phrase(c, entry);
    case MixKind::descriptor: return tell_descriptor(c, entry);
    case MixKind::chain: return tell_chain_entry(c, entry);
    default: break;
    }
    c.begin(entry.kind == MixKind::term || entry.kind == MixKind::measure ? AnswerKind::term
            : is_kind(entry, {MixKind::platform, MixKind::genre, MixKind::instrument})
                ? AnswerKind::target
            : is_kind(entry, {MixKind::diagnosis, MixKind::problem, MixKind::pair})
                ? AnswerKind::diagnosis
            : entry.kind == MixKind::zone      ? AnswerKind::value
            : entry.kind == MixKind::operation ? AnswerKind::how_to
                                               : AnswerKind::setting);
    std::string name = entry.name;
    const std::string figures = figures_words(entry.figures, c);
    const bool is_told_first =
        is_kind(entry, {MixKind::term, MixKind::diagnosis, MixKind::problem});
    if (is_told_first) {
        c.telling.say(name + ": " + lower_first(entry.says)
                      + (figures.empty() ? "" : " (" + figures + ')'));
    } else {
        c.telling.say(with_figures(name, figures));
        c.telling.say(entry.says);
    }
    give(c.answer, entry.figures, c);
    int number = 0;
    for (const MixStep& step : entry.steps) {
        ++number;
        if (entry.kind == MixKind::priority) continue;
        std::string text = step_words(step, c);
        if (!step.says.empty()) text = lower_first(step.says) + (text.empty() ? "" : ": " + text);
        if (!step.why.empty()) text += ", as " + lower_first(step.why);
        c.telling.say(std::move(text), number <= 5 ? 0 : 1);
        give(c.answer, step.figures, c);
    }
    if (entry.kind == MixKind::priority) {
        std::vector<std::string> places;
        for (const MixStep& step : entry.steps)
            places.push_back(step.says.empty() ? in_words(step.on) : lower_first(step.says));
        c.telling.say("The first is protected: " + in_words(places, ", then "));
    }
    tell_around(c, entry);
}

} // namespace prefade
