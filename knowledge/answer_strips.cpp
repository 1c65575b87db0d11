// Which strips of the session the words of a question name: by a whole name in any spelling, else by role.
#include "knowledge/answer_parts.h"
#include "knowledge/spelling.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace prefade {

namespace {

constexpr std::size_t longest_strip_name = 10; ///< words

/// What to do, how much, and what joins or forbids it. A strip "2" is not meant by "down 2", nor one called "All" by
/// "mute all".
bool is_of_order(const WordList& list) {
    constexpr std::array<std::string_view, 7> joins{"to", "by",       "it",   "and",
                                                    "or", "negation", "every"};
    return list.of == WordClass::verb || list.of == WordClass::dose
           || (list.of == WordClass::wording
               && std::find(joins.begin(), joins.end(), list.id) != joins.end());
}

/// What each word of an order is beside a part of a name.
enum class Told : std::uint8_t { nothing, what_to_do, how_much };

std::vector<Told> told_otherwise(const Question& q) {
    std::vector<Told> told(q.words.size(), Told::nothing);
    for (const Mention& m : q.mentions)
        if (m.list && is_of_order(*m.list) && m.first + m.count <= told.size())
            std::fill_n(told.begin() + static_cast<std::ptrdiff_t>(m.first), m.count,
                        Told::what_to_do);
    for (const SpokenAmount& amount : q.amounts)
        std::fill_n(told.begin() + static_cast<std::ptrdiff_t>(amount.first), amount.count,
                    Told::how_much);
    return told;
}

/// Some word of a name says nothing else; of several all may be things to do ("Don't Stop"), where none is a number.
bool can_be_name(const std::vector<Told>& told, std::size_t first, std::size_t count) {
    const auto begin = told.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(count);
    return std::find(begin, end, Told::nothing) != end
           || (count > 1 && std::find(begin, end, Told::how_much) == end);
}

void add_runs(const Session& session, const std::vector<std::string>& words,
              const std::vector<Told>& told, std::vector<NamedStrips>& runs) {
    for (std::size_t first = 0; first < words.size(); ++first) {
        std::string run;
        for (std::size_t count = 1; first + count <= words.size() && count <= longest_strip_name;
             ++count) {
            run += words[first + count - 1] + ' ';
            const std::string key = spoken_key(run);
            const bool is_free = told.size() != words.size() || can_be_name(told, first, count);
            if (!is_free || key.empty()) continue;
            std::vector<const Strip*> strips;
            for (const Strip& strip : session.strips)
                if (spoken_key(strip.name) == key) strips.push_back(&strip);
            if (!strips.empty()) runs.push_back({std::move(strips), first, count});
        }
    }
}

/// The longest first, as it is written before as it may be meant, none over another.
std::vector<NamedStrips> apart(std::vector<NamedStrips> runs) {
    std::stable_sort(runs.begin(), runs.end(),
                     [](const NamedStrips& a, const NamedStrips& b) { return a.count > b.count; });
    std::vector<NamedStrips> kept;
    for (NamedStrips& run : runs) {
        const bool is_apart = std::none_of(kept.begin(), kept.end(), [&](const NamedStrips& other) {
            return run.first < other.first + other.count && other.first < run.first + run.count;
        });
        if (is_apart) kept.push_back(std::move(run));
    }
    std::sort(kept.begin(), kept.end(),
              [](const NamedStrips& a, const NamedStrips& b) { return a.first < b.first; });
    return kept;
}

} // namespace

std::vector<NamedStrips> strips_named(const Composition& c) {
    if (!c.facts.session) return {};
    const std::vector<Told> told = told_otherwise(c.q);
    std::vector<NamedStrips> runs;
    add_runs(*c.facts.session, spoken_words(c.q.text), told, runs);
    add_runs(*c.facts.session, c.q.words, told, runs);
    return apart(std::move(runs));
}

std::vector<const Strip*> strips_before(const Composition& c) {
    std::vector<NamedStrips> runs;
    if (c.facts.session) add_runs(*c.facts.session, c.q.words_before, {}, runs);
    std::vector<const Strip*> strips;
    for (const NamedStrips& run : apart(std::move(runs)))
        for (const Strip* strip : run.strips)
            if (std::find(strips.begin(), strips.end(), strip) == strips.end())
                strips.push_back(strip);
    return strips;
}

std::vector<const Strip*> strips_asked(const Composition& c) {
    if (!c.facts.session) return {};
    std::vector<const Strip*> strips;
    for (const NamedStrips& run : strips_named(c))
        strips.insert(strips.end(), run.strips.begin(), run.strips.end());
    if (strips.empty() && c.q.leans) strips = strips_before(c);
    if (!strips.empty()) return strips;
    for (const Strip& strip : c.facts.session->strips)
        if (!strip.role.empty() && contains(c.q.roles, strip.role)) strips.push_back(&strip);
    return strips;
}

std::string name_of(const Strip& strip) { return in_quotes(printable(strip.name)); }

double tenths(double value) { return std::isinf(value) ? value : std::round(value * 10.0) / 10.0; }

std::string decibels(double value) {
    const double rounded = tenths(value);
    return said({rounded, rounded, ControlUnit::decibel});
}

} // namespace prefade
