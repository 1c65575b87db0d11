// The words of an order and what each stands for: strips, things to do, amounts, and what joins or forbids them. Used by
// knowledge/order.cpp.
#pragma once

#include "knowledge/answer_parts.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// A run of words.
struct WordSpan {
    std::size_t first{0}, count{0};
    bool holds(std::size_t at) const noexcept { return at >= first && at < first + count; }
    bool meets(const WordSpan& other) const noexcept {
        return first < other.first + other.count && other.first < first + count;
    }
};

/// Words that name a strip.
struct OrderTarget {
    WordSpan span;
    std::vector<const Strip*> strips; ///< none: nobody is called so; several: one of them
    std::string called;               ///< as it was said
};

/// A part of a sentence with one thing to do.
struct OrderClause {
    std::size_t first{0}, end{0};
    bool holds(std::size_t at) const noexcept { return at >= first && at < end; }
};

class OrderWords {
public:
    explicit OrderWords(const Composition& c);

    OrderClause whole() const { return {0, q_.words.size()}; }
    /// Cut at commas and "and", where what stands before and behind is an order each.
    std::vector<OrderClause> clauses() const;
    const std::vector<OrderTarget>& targets() const noexcept { return targets_; }

    bool does(std::string_view verb, const OrderClause& in) const;
    bool says(std::string_view wording, const OrderClause& in) const;
    /// The words of a wording, as they are said; empty: there are none.
    std::string said_of(std::string_view wording) const;
    bool has_word(std::string_view word, const OrderClause& in) const; ///< outside names
    bool ends_on(const OrderClause& in) const;                         ///< "turn the snare back on"
    std::vector<SpokenAmount> amounts(const OrderClause& in) const;
    /// Says what to do: a verb but "turn", a change with its sign, a level.
    bool acts(const OrderClause& in) const;
    bool has_target(const OrderClause& in) const;                          ///< or "it"
    bool is_joined(const OrderTarget& one, const OrderTarget& next) const; ///< by "and" or a comma
    bool is_name(const WordSpan& span) const;
    bool begins_as_order() const;
    /// The part of these words is known, by who reads more than strips and levels.
    void account_for(const WordSpan& span) { mark(span); }

    struct LeftOver {
        std::string words;    ///< that stand for nothing known
        bool is_named{false}; ///< they stand beside a name: "kick bus"
    };
    LeftOver left_over(const OrderClause& in) const;

private:
    template <class Use> void each(WordClass of, Use use) const {
        for (const Mention& m : q_.mentions)
            if (m.list && m.list->of == of && m.first + m.count <= q_.words.size()
                && !is_name({m.first, m.count}))
                use(m);
    }
    bool has(WordClass of, std::string_view id, const OrderClause& in) const;
    void mark(const WordSpan& span);
    void find_targets(const Session* session);
    void account();

    std::string as_said(std::size_t first, std::size_t end) const;

    const Question& q_;
    std::vector<std::string> raw_; ///< slips and all
    std::vector<NamedStrips> runs_;
    std::vector<OrderTarget> targets_; ///< in order
    std::vector<bool> accounted_;      ///< words whose part is known
};

struct Order;
struct ReadOrders;
/// What is to be done in a clause; false, with the doubt in `read`, where it cannot be told.
bool read_action(const Composition& c, const OrderWords& words, const OrderClause& clause,
                 Order& order, ReadOrders& read);
/// dB of an order that says none.
double usual_step(const Composition& c);

} // namespace prefade
