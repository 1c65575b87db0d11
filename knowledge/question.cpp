#include "knowledge/question.h"

#include "knowledge/spelling.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace prefade {

namespace {

constexpr std::size_t longest_question = 400;     ///< words; the rest is not read
constexpr double slowest = 40.0, fastest = 240.0; ///< bpm of a bare number that is a tempo

template <class T> void add_once(std::vector<T>& list, const T& value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

/// "How much", "too hard": asked about, not asked for.
bool is_measured(const Question& q, const Mention& m) {
    if (m.first == 0 || m.first > q.words.size()) return false;
    const std::string& before = q.words[m.first - 1];
    return before == "how" || before == "too" || before == "so";
}

void take_lists(Question& q) {
    double beats = 0.0, factor = 1.0;
    for (const Mention& m : q.mentions) {
        if (m.plugin) add_once(q.plugins, m.plugin);
        if (m.entry) {
            auto& list = m.entry->kind == MixKind::platform     ? q.platforms
                         : m.entry->kind == MixKind::genre      ? q.genres
                         : m.entry->kind == MixKind::descriptor ? q.descriptors
                         : m.entry->kind == MixKind::term       ? q.terms
                                                                : q.zones;
            add_once(list, m.entry);
        }
        if (!m.list) continue;
        switch (m.list->of) {
        case WordClass::role: add_once(q.roles, m.list->id); break;
        case WordClass::style: add_once(q.styles, m.list->id); break;
        case WordClass::control: add_once(q.controls, m.list->id); break;
        case WordClass::kind: add_once(q.kinds, m.list->id); break;
        case WordClass::host: add_once(q.hosts, m.list->id); break;
        case WordClass::dose:
            if (is_measured(q, m)) break;
            q.dose = m.list->id == "gentle" ? Question::Dose::gentle : Question::Dose::strong;
            break;
        case WordClass::note:
            if (m.list->id == "dotted")
                factor = 1.5;
            else if (m.list->id == "triplet")
                factor = 2.0 / 3.0;
            else
                beats = std::strtod(m.list->id.c_str(), nullptr);
            break;
        case WordClass::elsewhere: add_once(q.elsewhere, m.list->id); break;
        case WordClass::cue:
        case WordClass::wording:
        case WordClass::verb: break;
        }
    }
    for (const char* effect : {"reverb", "delay"}) // "reverb for snare" is about the snare
        if (q.roles.size() > 1 && std::count(q.kinds.begin(), q.kinds.end(), effect) > 0)
            std::erase(q.roles, effect);
    if (beats > 0.0) q.beats = beats * factor;
}

/// Words behind a comma, a full stop or the like; empty where the parts are other words than the whole.
std::vector<std::size_t> clauses_of(std::string_view text, std::size_t words) {
    constexpr std::string_view marks = ",;.!?:\n";
    std::vector<std::size_t> clauses;
    std::size_t count = 0, from = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const bool is_end = i == text.size();
        const bool is_mark = !is_end && marks.find(text[i]) != std::string_view::npos
                             && (text[i] == '\n' || i + 1 == text.size() || text[i + 1] == ' ');
        if (!is_end && !is_mark) continue;
        count += spoken_words(text.substr(from, i - from)).size();
        from = std::min(i + 1, text.size());
        if (!is_end) clauses.push_back(count);
    }
    if (count != words) clauses.clear();
    return clauses;
}

/// "at 140", "140 bpm", "a 90 bpm song".
void take_amounts(Question& q) {
    std::vector<bool> named(q.words.size());
    for (const Mention& m : q.mentions)
        if (m.plugin || (m.list && m.list->of == WordClass::note))
            std::fill_n(named.begin() + static_cast<std::ptrdiff_t>(m.first), m.count, true);
    for (const SpokenAmount& amount : spoken_amounts(q.words)) {
        const double number = amount.amount.from;
        const bool is_bare = amount.amount.unit == ControlUnit::number;
        if (is_bare && named[amount.first]) continue;
        const bool is_at = amount.first > 0 && q.words[amount.first - 1] == "at";
        const bool is_tempo =
            amount.amount.unit == ControlUnit::bpm
            || (is_bare && is_at && !amount.has_sign && number >= slowest && number <= fastest);
        const bool is_of_song = number >= slowest_song && number <= fastest_song;
        if (is_tempo && is_of_song)
            q.tempo = number;
        else if (is_tempo)
            q.has_odd_tempo = true;
        else
            q.amounts.push_back(amount);
    }
}

/// Cues that say what is wanted, not what it is about.
bool is_of_asking(const WordList& list) {
    constexpr std::array<std::string_view, 10> asking{"mend",    "define", "how",    "should",
                                                      "compare", "can",    "limits", "direction",
                                                      "status",  "amount"};
    return list.of == WordClass::cue
           && std::find(asking.begin(), asking.end(), list.id) != asking.end();
}

/// What is left of the words when those of every question and of orders are gone.
void take_content(Question& q, const Lexicon& lexicon) {
    std::vector<bool> counted(q.words.size());
    for (const SpokenAmount& amount : spoken_amounts(q.words))
        std::fill_n(counted.begin() + static_cast<std::ptrdiff_t>(amount.first), amount.count,
                    true);
    std::vector<bool> named = counted;
    for (const Mention& m : q.mentions)
        std::fill_n(named.begin() + static_cast<std::ptrdiff_t>(m.first), m.count, true);
    std::vector<bool> of_asking(q.words.size()); // a host tells ways apart, it finds none
    for (const Mention& m : q.mentions)
        if (m.list
            && (m.list->of == WordClass::host || m.list->of == WordClass::elsewhere
                || is_of_asking(*m.list)))
            std::fill_n(of_asking.begin() + static_cast<std::ptrdiff_t>(m.first), m.count, true);
    bool is_run = false;
    for (std::size_t i = 0; i < q.words.size(); ++i) {
        const std::string& word = q.words[i];
        const bool is_number = word.find_first_not_of("0123456789.") == std::string::npos;
        if (!lexicon.is_common(word) && !of_asking[i]) {
            q.content += (q.content.empty() ? "" : " ") + word;
            if (!counted[i]) q.content_words.push_back(word);
        }
        const bool is_unknown = !named[i] && !lexicon.knows(word) && !is_number;
        if (is_run && (is_unknown || is_number)) {
            q.unknown.back().text += ' ' + word;
            ++q.unknown.back().count;
        } else if (is_unknown) {
            q.unknown.push_back({word, i, 1});
        }
        is_run = is_unknown || (is_run && is_number);
    }
}

void take_styles(Question& q, const MixKnowledge& mix) {
    for (const MixEntry* genre : q.genres) {
        add_once(q.genre_ids, genre->id);
        add_once(q.style_keys, spoken_key(genre->id));
        add_once(q.style_keys, spoken_key(genre->name));
        for (const std::string& alias : genre->aliases) add_once(q.style_keys, spoken_key(alias));
    }
    for (const Mention& m : q.mentions) {
        if (!m.list || m.list->of != WordClass::style) continue;
        add_once(q.style_keys, spoken_key(m.list->id));
        for (const std::string& word : m.list->words) add_once(q.style_keys, spoken_key(word));
        for (const std::string& id : m.list->genres) {
            if (!q.genres.empty()) break; // what is said counts more than what is leant to
            add_once(q.genre_ids, id);
            if (m.list->genres.size() == 1)
                if (const MixEntry* genre = mix.find(MixKind::genre, id))
                    for (const std::string& alias : genre->aliases)
                        add_once(q.style_keys, spoken_key(alias));
        }
    }
}

} // namespace

bool Question::is(std::string_view cue) const {
    return std::any_of(mentions.begin(), mentions.end(), [&](const Mention& m) {
        return m.list && m.list->of == WordClass::cue && m.list->id == cue;
    });
}

bool Question::is_any(std::initializer_list<std::string_view> cues) const {
    return std::any_of(cues.begin(), cues.end(), [&](std::string_view cue) { return is(cue); });
}

Question understand(std::string_view text, const Lexicon& lexicon, const MixKnowledge& mix) {
    Question q;
    q.text = std::string(text);
    std::vector<std::string> words = spoken_words(text);
    if (words.size() > longest_question) words.resize(longest_question);
    q.clauses = clauses_of(text, words.size());
    q.words = lexicon.corrected(std::move(words));
    q.mentions = lexicon.mentions(q.words);
    take_lists(q);
    take_amounts(q);
    take_content(q, lexicon);
    take_styles(q, mix);
    q.misnomers = lexicon.misnomers(q.words);
    if (q.plugins.empty() && q.misnomers.empty()) q.begun = lexicon.begun(q.words);
    constexpr std::size_t short_question = 7;
    const bool begins_so = std::any_of(q.mentions.begin(), q.mentions.end(), [](const Mention& m) {
        return m.list && m.list->of == WordClass::cue && m.list->id == "follow" && m.first <= 1;
    });
    const bool is_only_why =
        q.content_words.empty() && (q.is("why") || q.dose != Question::Dose::normal);
    q.leans = (begins_so && q.words.size() <= 2 * short_question) || is_only_why
              || (q.is("follow") && q.words.size() <= short_question && q.plugins.empty());
    return q;
}

void lean_on(Question& asked, const Question& before) {
    if (!asked.leans) return;
    asked.ordered_before = before.ordered;
    const bool has_source = !asked.roles.empty();
    const bool has_place = !asked.platforms.empty() || !asked.hosts.empty();
    const auto take = [](auto& mine, const auto& theirs) {
        if (mine.empty()) mine = theirs;
    };
    if (!has_place) {
        take(asked.plugins, before.plugins);
        take(asked.begun, before.begun);
    }
    // Another source drops the style of the one before; another style keeps the source.
    if (!has_source && asked.styles.empty() && asked.genres.empty()) {
        asked.styles = before.styles;
        asked.genres = before.genres;
        asked.style_keys = before.style_keys;
        asked.genre_ids = before.genre_ids;
    }
    take(asked.roles, before.roles);
    take(asked.kinds, before.kinds);
    take(asked.platforms, before.platforms);
    if (asked.platforms.empty() && asked.plugins.empty()) take(asked.hosts, before.hosts);
    if (!has_source || asked.controls.empty()) take(asked.controls, before.controls);
    if (asked.kinds.empty() && asked.plugins.empty()) take(asked.descriptors, before.descriptors);
    if (!asked.tempo) asked.tempo = before.tempo;
    if (!asked.beats) asked.beats = before.beats;
    if (asked.content_words.size() <= 3) asked.content = before.content + ' ' + asked.content;
    // What was wanted is still wanted; what was ordered is not.
    for (const Mention& m : before.mentions)
        if (m.list && m.list->of == WordClass::cue && m.list->id != "follow"
            && !asked.is(m.list->id))
            asked.mentions.push_back({m.list, nullptr, nullptr, asked.words.size(), 0});
}

} // namespace prefade
