#include "knowledge/order.h"

#include "knowledge/order_words.h"
#include "knowledge/spelling.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace prefade {

namespace {

class OrderReader {
public:
    explicit OrderReader(const Composition& c) : c_(c), q_(c.q), words_(c) {}
    ReadOrders read();

private:
    /// Nothing is proposed, and why. Always false.
    bool doubt(std::string why, std::string asks = {}) {
        read_.doubt = std::move(why);
        read_.asks = std::move(asks);
        return false;
    }

    bool is_question() const;
    bool is_of_another_control() const;
    bool is_told() const;
    bool may_be_done();
    bool forbidden();
    bool is_understood(const std::vector<OrderClause>& parts);
    OrderWords::LeftOver left_over(const std::vector<OrderClause>& parts) const;
    void repeat();
    bool leans_on_order() const;
    bool is_said_twice();

    bool read_clause(const OrderClause& clause);
    bool read_strips(const OrderClause& clause, Order& order);
    bool is_one(const OrderTarget& target);

    const Composition& c_;
    const Question& q_;
    OrderWords words_;
    ReadOrders read_;
    std::vector<const Strip*> spoken_of_; ///< by the clause before
};

std::string some_strips(const Session& session) {
    constexpr std::size_t most = 10;
    std::vector<std::string> names;
    for (const Strip& strip : session.strips)
        if (names.size() < most) names.push_back(name_of(strip));
    if (session.strips.size() > most)
        names.push_back(std::to_string(session.strips.size() - most) + " more");
    return in_words(names);
}

// ---- what is in doubt ---------------------------------------------------------------------------

bool OrderReader::is_question() const {
    constexpr std::array<std::string_view, 17> interrogatives{
        "how",  "what", "whats", "which", "where", "wheres", "why", "when",   "should",
        "does", "is",   "are",   "who",   "do",    "did",    "was", "explain"};
    constexpr std::array<std::string_view, 6> before{"please", "ok", "hey", "and", "um", "so"};
    const auto asks = [&](std::size_t from) { // a clause of its own: "..., which attack"
        for (std::size_t i = from; i < q_.words.size() && !words_.is_name({i, 1}); ++i) {
            const std::string& word = q_.words[i];
            if (std::find(before.begin(), before.end(), word) != before.end()) continue;
            if (word == "do" && i + 1 < q_.words.size() && q_.words[i + 1] == "not") return false;
            return std::find(interrogatives.begin(), interrogatives.end(), word)
                   != interrogatives.end();
        }
        return false;
    };
    if (asks(0) || std::any_of(q_.clauses.begin(), q_.clauses.end(), asks)) return true;
    return q_.is_any({"how", "can"});
}

/// Something beside a strip's own fader, mute, solo and pan is named: a plugin, a control of one, a send.
bool OrderReader::is_of_another_control() const {
    const auto is_target = [&](std::size_t at) {
        return std::any_of(words_.targets().begin(), words_.targets().end(),
                           [&](const OrderTarget& t) { return t.span.holds(at); });
    };
    for (std::size_t i = 0; i < q_.words.size(); ++i)
        if (!is_target(i) && (q_.words[i] == "send" || q_.words[i] == "sends")) return true;
    constexpr std::array<std::string_view, 4> of_strip{"level", "pan", "loudness", "balance"};
    for (const Mention& m : q_.mentions) {
        if (m.first >= q_.words.size() || is_target(m.first) || !m.list) continue;
        const bool is_control =
            m.list->of == WordClass::control
            && std::find(of_strip.begin(), of_strip.end(), m.list->id) == of_strip.end();
        if (is_control || m.list->of == WordClass::kind) return true;
    }
    return std::any_of(q_.amounts.begin(), q_.amounts.end(), [](const SpokenAmount& one) {
        return one.amount.unit != ControlUnit::decibel && one.amount.unit != ControlUnit::number
               && one.amount.unit != ControlUnit::percent;
    });
}

/// Words that forbid a move, or tie it to more than one named strip, another strip or another time.
bool OrderReader::forbidden() {
    const OrderClause all = words_.whole();
    if (words_.says("negation", all))
        doubt("Then I leave it alone, and propose no move");
    else if (words_.says("time", all))
        doubt("A fader that I move stays there for the whole song. For "
              + in_quotes(printable(words_.said_of("time"))) + " alone write automation");
    else if (words_.says("every", all) || words_.says("except", all))
        doubt("I move strips one by one and by name, never all of them or all but some",
              "Which strips, by name?");
    else if (words_.says("than", all))
        doubt("A fader goes to a level, or by so many dB. I do not count from another strip: its "
              "fader does not say how loud it is",
              "To which level, or by how many dB?");
    else if (words_.says("or", all))
        doubt("That is one or the other", "Which of the two?");
    else if (words_.says("condition", all))
        doubt("I do not wait for something to happen: say it when it is to be done");
    else if (words_.says("past", all))
        doubt("That tells how it was, so I propose no move",
              "If it is to be moved now: to which level, or by how many dB?");
    return !read_.doubt.empty();
}

/// What is told of a strip before or behind what is to be done with it needs no understanding.
OrderWords::LeftOver OrderReader::left_over(const std::vector<OrderClause>& parts) const {
    OrderWords::LeftOver all;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!words_.acts(parts[i]) && parts.size() > 1) continue;
        const OrderWords::LeftOver one = words_.left_over(parts[i]);
        if (one.words.empty()) continue;
        all.words += (all.words.empty() ? "" : " ") + one.words;
        all.is_named = all.is_named || one.is_named;
    }
    return all;
}

bool OrderReader::may_be_done() {
    if (is_of_another_control()) {
        read_.is_known = false;
        return doubt("I propose moves of a strip's fader, mute, solo and pan. This is another "
                     "control, so I propose none: sends and plugins are set by `prefade set STRIP "
                     "send/TO` or `prefade set STRIP PLUGIN/PARAMETER`");
    }
    if (forbidden()) return false;
    if (c_.facts.session) return true;
    read_.is_known = false;
    return doubt("No DAW is connected: with the daemon running and a session open this becomes a "
                 "proposed move");
}

bool OrderReader::is_understood(const std::vector<OrderClause>& parts) {
    const OrderWords::LeftOver left = left_over(parts);
    if (left.words.empty()) return true;
    if (left.is_named || words_.targets().empty()) {
        read_.is_known = false;
        return doubt("No strip is called " + in_quotes(left.words) + ". There are "
                         + some_strips(*c_.facts.session),
                     "Which strip?");
    }
    return doubt("I do not know what " + in_quotes(left.words)
                     + " means for this move, so I propose none",
                 "Which strip, and by how many dB?");
}

// ---- which strips -------------------------------------------------------------------------------

bool OrderReader::is_one(const OrderTarget& target) {
    const std::string called = in_quotes(printable(target.called));
    if (target.strips.empty()) {
        read_.is_known = false;
        return doubt("No strip is called " + called + ". There are "
                         + some_strips(*c_.facts.session),
                     "Which strip?");
    }
    if (target.strips.size() == 1) return true;
    std::vector<std::string> names;
    for (const Strip* strip : target.strips)
        names.push_back(name_of(*strip) + " #" + std::to_string(strip->id.value));
    return doubt(std::to_string(names.size()) + " strips may be meant by " + called,
                 "Which one: " + in_words(names, " or ") + '?');
}

bool OrderReader::read_strips(const OrderClause& clause, Order& order) {
    const OrderTarget* last = nullptr;
    for (const OrderTarget& target : words_.targets()) {
        if (!clause.holds(target.span.first)) continue;
        if (!is_one(target)) return false;
        if (last && !words_.is_joined(*last, target))
            return doubt(name_of(*last->strips.front()) + " and " + name_of(*target.strips.front())
                             + " may be meant",
                         "Which one?");
        last = &target;
        if (std::find(order.strips.begin(), order.strips.end(), target.strips.front())
            == order.strips.end())
            order.strips.push_back(target.strips.front());
    }
    if (!last && (words_.says("it", clause) || q_.leans)) {
        order.strips = spoken_of_.empty() ? strips_before(c_) : spoken_of_;
        if (order.strips.size() > 1)
            return doubt("More than one strip was spoken of", "Which one?");
    }
    if (order.strips.empty()) return doubt("That names no strip", "Which strip?");
    spoken_of_ = order.strips;
    return true;
}

bool OrderReader::read_clause(const OrderClause& clause) {
    Order order;
    if (!read_action(c_, words_, clause, order, read_) || !read_strips(clause, order)) return false;
    read_.orders.push_back(std::move(order));
    return true;
}

/// "A bit more" after an order that moved one fader: in its direction once more, from where that one leads to.
void OrderReader::repeat() {
    const OrderClause all = words_.whole();
    const LastOrder& last = *q_.ordered_before;
    read_.is_order = true;
    const Session* session = c_.facts.session;
    const bool is_same = session && session->epoch == last.epoch;
    const Strip* strip = is_same ? session->find(last.strip) : nullptr;
    const bool asks_more = words_.has_word("more", all) || words_.has_word("further", all)
                           || words_.has_word("again", all);
    if (strip && strip->fader.value && asks_more && last.step != 0.0
        && words_.left_over(all).words.empty() && words_.targets().empty()
        && words_.amounts(all).empty()) {
        const double now = tenths(strip->fader.value->value());
        Order order;
        order.strips = {strip};
        order.control = "fader";
        order.step = last.step < 0.0 ? -usual_step(c_) : usual_step(c_);
        if (now == last.from) order.level = last.from + last.step + order.step;
        read_.orders.push_back(std::move(order));
        return;
    }
    const bool is_one_named =
        words_.targets().size() == 1 && words_.targets().front().strips.size() == 1;
    doubt("An order holds for the strip that it names, and for no other",
          is_one_named
              ? "What is to be done to " + name_of(*words_.targets().front().strips.front()) + '?'
              : "What is to be done, and to which strip?");
}

/// Nothing but a strip is said after an order: "and the kick?" What sound is wanted, "less boxy", is no order; louder is.
bool OrderReader::leans_on_order() const {
    const bool is_wish =
        std::any_of(q_.descriptors.begin(), q_.descriptors.end(),
                    [](const MixEntry* descriptor) { return descriptor->id != "loud"; });
    return !is_wish && q_.leans && q_.ordered_before && !words_.acts(words_.whole())
           && q_.kinds.empty() && q_.controls.empty() && q_.plugins.empty()
           && !q_.is_any({"status", "here"});
}

/// The same control of a strip is asked for twice.
bool OrderReader::is_said_twice() {
    for (std::size_t i = 0; i < read_.orders.size(); ++i)
        for (std::size_t k = i + 1; k < read_.orders.size(); ++k)
            for (const Strip* strip : read_.orders[i].strips) {
                const auto& others = read_.orders[k].strips;
                if (read_.orders[i].control != read_.orders[k].control
                    || std::find(others.begin(), others.end(), strip) == others.end())
                    continue;
                doubt("Two things are to be done to the " + read_.orders[i].control + " of "
                          + name_of(*strip),
                      "Which one?");
                return true;
            }
    return false;
}

/// The words tell to do something to a strip, and not what others know more of: "push the vocal forward".
bool OrderReader::is_told() const {
    const OrderClause all = words_.whole();
    constexpr std::array<std::string_view, 8> plain{"mute", "unmute", "solo", "unsolo",
                                                    "pan",  "set",    "turn", "touch"};
    const bool is_plain = std::any_of(
        plain.begin(), plain.end(), [&](std::string_view verb) { return words_.does(verb, all); });
    const bool forbids = words_.says("negation", all);
    if (!(words_.acts(all) || (forbids && is_plain)) || !words_.begins_as_order()) return false;
    const bool has_amount = !words_.amounts(all).empty() || q_.dose != Question::Dose::normal;
    if (!has_amount && (q_.is("wish") || q_.is("trouble")) && !forbids) return false;
    if (has_amount || is_plain) return true;
    return c_.facts.session && !words_.targets().empty()
           && left_over(words_.clauses()).words.empty();
}

ReadOrders OrderReader::read() {
    const bool names_plugin =
        std::any_of(q_.mentions.begin(), q_.mentions.end(), [&](const Mention& m) {
            return m.plugin && !words_.is_name({m.first, m.count});
        });
    if (leans_on_order()) {
        repeat();
        return read_;
    }
    if (q_.words.empty() || is_question()) return read_;
    if ((read_.setting = read_setting(c_, words_))) {
        read_.is_order = true;
        if (forbidden()) read_.setting.reset();
        return read_;
    }
    if (names_plugin || !is_told()) return read_;
    read_.is_order = true;
    const std::vector<OrderClause> parts = words_.clauses();
    if (!may_be_done() || !is_understood(parts)) return read_;
    for (const OrderClause& part : parts) {
        if (!words_.acts(part) && parts.size() > 1) { // "the bass is too loud, ..."
            for (const OrderTarget& target : words_.targets())
                if (part.holds(target.span.first))
                    spoken_of_.insert(spoken_of_.end(), target.strips.begin(), target.strips.end());
            continue;
        }
        if (read_clause(part)) continue;
        read_.orders.clear();
        return read_;
    }
    if (is_said_twice()) read_.orders.clear();
    return read_;
}

} // namespace

ReadOrders read_orders(const Composition& c) { return OrderReader(c).read(); }

} // namespace prefade
