#include "knowledge/order_words.h"

#include "core/text.h"

#include <algorithm>
#include <array>

namespace prefade {

namespace {

constexpr std::size_t opening = 4; ///< words: "could you please", "hey"

/// Wordings that leave no doubt by themselves.
constexpr std::array<std::string_view, 6> harmless{"polite", "to", "by", "it", "and", "unity"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& list, std::string_view one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

} // namespace

OrderWords::OrderWords(const Composition& c)
    : q_(c.q),
      raw_(spoken_words(q_.text)),
      runs_(strips_named(c)),
      accounted_(q_.words.size()) {
    find_targets(c.facts.session);
    account();
}

std::string OrderWords::as_said(std::size_t first, std::size_t end) const {
    const std::vector<std::string>& words = raw_.size() == q_.words.size() ? raw_ : q_.words;
    std::string text;
    for (std::size_t i = first; i < std::min(end, words.size()); ++i)
        text += (text.empty() ? "" : " ") + words[i];
    return text;
}

bool OrderWords::is_name(const WordSpan& span) const {
    return std::any_of(runs_.begin(), runs_.end(), [&](const NamedStrips& run) {
        return WordSpan{run.first, run.count}.meets(span);
    });
}

bool OrderWords::has(WordClass of, std::string_view id, const OrderClause& in) const {
    bool is_there = false;
    each(of,
         [&](const Mention& m) { is_there = is_there || (m.list->id == id && in.holds(m.first)); });
    return is_there;
}

bool OrderWords::does(std::string_view verb, const OrderClause& in) const {
    return has(WordClass::verb, verb, in);
}

bool OrderWords::says(std::string_view wording, const OrderClause& in) const {
    return has(WordClass::wording, wording, in);
}

std::string OrderWords::said_of(std::string_view wording) const {
    std::string text;
    each(WordClass::wording, [&](const Mention& m) {
        if (m.list->id == wording && text.empty()) text = as_said(m.first, m.first + m.count);
    });
    return text;
}

bool OrderWords::has_word(std::string_view word, const OrderClause& in) const {
    for (std::size_t i = in.first; i < in.end; ++i)
        if (q_.words[i] == word && !is_name({i, 1})) return true;
    return false;
}

void OrderWords::mark(const WordSpan& span) {
    for (std::size_t i = span.first; i < std::min(span.first + span.count, accounted_.size()); ++i)
        accounted_[i] = true;
}

void OrderWords::find_targets(const Session* session) {
    for (const NamedStrips& run : runs_)
        targets_.push_back(
            {{run.first, run.count}, run.strips, as_said(run.first, run.first + run.count)});
    for (const Mention& m : q_.mentions) {
        if (!m.list || m.list->of != WordClass::role || m.first + m.count > q_.words.size())
            continue;
        const WordSpan span{m.first, m.count};
        if (is_name(span)) { // "bass guitar" where a strip is called "Bass"
            const auto named =
                std::find_if(targets_.begin(), targets_.end(),
                             [&](const OrderTarget& t) { return t.span.meets(span); });
            if (named != targets_.end() && !named->strips.empty()
                && named->strips.front()->role == m.list->id)
                mark(span);
            continue;
        }
        bool is_place = false; // "in the mix" is no strip
        each(WordClass::wording, [&](const Mention& w) {
            is_place = is_place || (w.count > 1 && span.meets({w.first, w.count}));
        });
        if (is_place) continue;
        OrderTarget target{span, {}, as_said(m.first, m.first + m.count)};
        if (session)
            for (const Strip& strip : session->strips)
                if (strip.role == m.list->id) target.strips.push_back(&strip);
        const auto same = std::find_if(targets_.begin(), targets_.end(),
                                       [&](const OrderTarget& t) { return t.span.meets(span); });
        if (same == targets_.end())
            targets_.push_back(std::move(target));
        else if (same->strips.empty()) // words of two roles: the one that is here
            *same = std::move(target);
    }
    std::sort(targets_.begin(), targets_.end(), [](const OrderTarget& a, const OrderTarget& b) {
        return a.span.first < b.span.first;
    });
}

void OrderWords::account() {
    for (const OrderTarget& target : targets_) mark(target.span);
    for (const WordClass of : {WordClass::verb, WordClass::dose})
        each(of, [this](const Mention& m) { mark({m.first, m.count}); });
    each(WordClass::wording, [this](const Mention& m) {
        if (is_in(harmless, m.list->id)) mark({m.first, m.count});
    });
    for (const SpokenAmount& amount : q_.amounts) mark({amount.first, amount.count});
}

std::vector<SpokenAmount> OrderWords::amounts(const OrderClause& in) const {
    std::vector<SpokenAmount> amounts;
    for (const SpokenAmount& one : q_.amounts)
        if (in.holds(one.first) && !is_name({one.first, one.count})) amounts.push_back(one);
    return amounts;
}

bool OrderWords::ends_on(const OrderClause& in) const {
    for (std::size_t i = in.end; i > in.first; --i) {
        if (q_.words[i - 1] == "on") return true;
        if (is_name({i - 1, 1}) || !says("polite", {i - 1, i})) return false;
    }
    return false;
}

bool OrderWords::acts(const OrderClause& in) const {
    const auto all = amounts(in);
    const bool has_level = !all.empty() || says("unity", in);
    const bool has_side =
        does("left", in) || does("right", in) || has_word("centre", in) || has_word("center", in);
    bool is_act = has_level && (does("set", in) || does("turn", in));
    is_act = is_act || ((has_side || !all.empty()) && does("pan", in))
             || (says("unity", in) && says("to", in)) || (does("turn", in) && ends_on(in));
    each(WordClass::verb, [&](const Mention& m) {
        constexpr std::array<std::string_view, 6> acts{"up",     "down", "mute",
                                                       "unmute", "solo", "unsolo"};
        // "a guitar solo" is none
        const bool is_noun =
            m.list->id == "solo" && m.first > 0 && (!q_.kinds.empty() || !q_.controls.empty())
            && std::any_of(targets_.begin(), targets_.end(),
                           [&](const OrderTarget& t) { return t.span.holds(m.first - 1); });
        is_act = is_act || (in.holds(m.first) && !is_noun && is_in(acts, m.list->id));
    });
    return is_act || std::any_of(all.begin(), all.end(), [&](const SpokenAmount& one) {
               const std::string before = one.first > 0 ? q_.words[one.first - 1] : "";
               return one.has_sign || before == "to";
           });
}

bool OrderWords::has_target(const OrderClause& in) const {
    const bool is_named = std::any_of(targets_.begin(), targets_.end(),
                                      [&](const OrderTarget& t) { return in.holds(t.span.first); });
    return is_named || says("it", in);
}

bool OrderWords::is_joined(const OrderTarget& one, const OrderTarget& next) const {
    const std::size_t from = one.span.first + one.span.count;
    const OrderClause between{from, next.span.first};
    const bool is_comma = std::any_of(q_.clauses.begin(), q_.clauses.end(), [&](std::size_t at) {
        return at >= from && at <= next.span.first;
    });
    return is_comma || says("and", between);
}

std::vector<OrderClause> OrderWords::clauses() const {
    std::vector<std::size_t> cuts;
    for (const std::size_t at : q_.clauses)
        if (at > 0 && at < q_.words.size()
            && std::none_of(runs_.begin(), runs_.end(), [&](const NamedStrips& run) {
                   return at > run.first && at < run.first + run.count; // "Vox, Lead"
               }))
            cuts.push_back(at);
    each(WordClass::wording, [&](const Mention& m) {
        if (m.list->id == "and") cuts.push_back(m.first + m.count);
        if (m.list->id == "reason") cuts.push_back(m.first);
    });
    cuts.push_back(q_.words.size());
    std::sort(cuts.begin(), cuts.end());
    std::vector<OrderClause> clauses{{0, 0}};
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
        if (cut <= from) continue;
        const OrderClause piece{from, cut};
        OrderClause& last = clauses.back();
        const bool is_whole = acts(last) && has_target(last);
        // "the bass is too loud, turn it down"
        const bool is_told_before = !acts(last) && has_target(last) && says("it", piece);
        // "..., it's too loud"
        const bool is_reason = is_whole && !acts(piece) && says("reason", {from, from + 1});
        if (((is_whole || is_told_before) && acts(piece)) || is_reason)
            clauses.push_back(piece);
        else
            last.end = cut;
        from = cut;
    }
    return clauses;
}

bool OrderWords::begins_as_order() const {
    std::size_t polite = 0; // "um, could you just"
    while (polite < q_.words.size() && !is_name({polite, 1})
           && says("polite", {polite, polite + 1}))
        ++polite;
    const OrderClause front{0, std::min(polite + opening, q_.words.size())};
    bool begins = q_.leans || says("negation", front);
    for (const OrderTarget& target : targets_) begins = begins || front.holds(target.span.first);
    each(WordClass::verb, [&](const Mention& m) { begins = begins || front.holds(m.first); });
    return begins;
}

OrderWords::LeftOver OrderWords::left_over(const OrderClause& in) const {
    LeftOver left;
    for (std::size_t i = in.first; i < in.end;) {
        if (accounted_[i]) {
            ++i;
            continue;
        }
        std::size_t first = i;
        while (i < in.end && !accounted_[i]) ++i;
        std::size_t end = i;
        for (const OrderTarget& target : targets_) {
            const bool is_before = target.span.first + target.span.count == first;
            const bool is_behind = target.span.first == end;
            if (is_before) first = target.span.first;
            if (is_behind) end = target.span.first + target.span.count;
            left.is_named = left.is_named || is_before || is_behind;
        }
        left.words += (left.words.empty() ? "" : " ") + as_said(first, end);
    }
    left.words = printable(left.words);
    return left;
}

} // namespace prefade
