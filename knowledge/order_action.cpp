// What an order wants done, and by how much: a level, a step, a side, a switch.
#include "knowledge/order.h"
#include "knowledge/order_words.h"

#include <array>
#include <cmath>

namespace prefade {

namespace {

constexpr double moderate_step =
    2.0; ///< dB of "turn it down"; DOSE-01 halves it for a bit, more for much
constexpr double moderate_pan = 50.0; ///< % of "to the left"; half of it for a bit

class ActionReader {
public:
    ActionReader(const Composition& c, const OrderWords& words, const OrderClause& clause,
                 Order& order, ReadOrders& read)
        : q_(c.q),
          words_(words),
          clause_(clause),
          order_(order),
          read_(read),
          step_(usual_step(c)) {}
    bool read();

private:
    bool doubt(std::string why, std::string asks) {
        read_.doubt = std::move(why);
        read_.asks = std::move(asks);
        return false;
    }
    bool read_level();
    bool read_amount(const SpokenAmount& amount);
    bool read_pan();
    double usual_pan() const;

    const Question& q_;
    const OrderWords& words_;
    const OrderClause& clause_;
    Order& order_;
    ReadOrders& read_;
    double step_; ///< dB, where none is said
};

double ActionReader::usual_pan() const {
    return q_.dose == Question::Dose::gentle ? moderate_pan / 2.0 : moderate_pan;
}

bool ActionReader::read_amount(const SpokenAmount& amount) {
    const bool down = words_.does("down", clause_), up = words_.does("up", clause_);
    const bool is_bare = amount.amount.unit == ControlUnit::number;
    if (amount.amount.unit == ControlUnit::percent || (is_bare && q_.words[amount.first] == "half"))
        return doubt("A fader goes by dB: a percentage or a part of it is no level",
                     "How many dB?");
    const double number = amount.amount.from;
    const std::string before = amount.first > 0 ? q_.words[amount.first - 1] : "";
    const bool is_set = words_.does("set", clause_) && !down && !up && before != "by"
                        && (amount.has_sign || number == 0.0);
    if (before == "to" || before == "at" || is_set) {
        if (is_bare && !amount.has_sign && number != 0.0) {
            const std::string plain = to_text(number, ControlUnit::number);
            return doubt("A level has a sign", "To plus or to minus " + plain + " dB?");
        }
        order_.level = number;
        return true;
    }
    if (!down && !up && !amount.has_sign) {
        const std::string size = decibels(number);
        return doubt("That can be a level or a change",
                     "To " + size + ", or up or down by " + size + '?');
    }
    if (up && number < 0.0) return doubt("Up by less than nothing is down", "Up or down?");
    order_.step = down || number < 0.0 ? -std::abs(number) : std::abs(number);
    return true;
}

bool ActionReader::read_level() {
    order_.control = "fader";
    const bool down = words_.does("down", clause_), up = words_.does("up", clause_);
    order_.goes_up = up;
    order_.goes_down = down;
    if (down && up) return doubt("Up and down are both said", "Up or down?");
    const auto amounts = words_.amounts(clause_);
    if (amounts.size() > 1 || (!amounts.empty() && amounts.front().amount.is_range()))
        return doubt("More than one number is said", "By how many dB, or to which level?");
    if (!amounts.empty()) return read_amount(amounts.front());
    if (words_.says("unity", clause_)) {
        order_.level = 0.0;
        return true;
    }
    if (words_.does("hard", clause_))
        return doubt("All the way is no level: say one, or mute it", "To which level?");
    order_.step = down ? -step_ : step_;
    return true;
}

bool ActionReader::read_pan() {
    order_.control = "pan";
    const bool left = words_.does("left", clause_), right = words_.does("right", clause_);
    const bool is_centre = words_.has_word("centre", clause_) || words_.has_word("center", clause_);
    const auto amounts = words_.amounts(clause_);
    if (left && right) return doubt("Left and right are both said", "Left or right?");
    const bool counts_on = words_.says("by", clause_) || words_.has_word("more", clause_)
                           || words_.has_word("further", clause_);
    if (counts_on)
        return doubt("A pan goes to a place, not further from where it is",
                     "To which side, and how far?");
    if (is_centre && !left && !right && amounts.empty()) {
        order_.value = "C";
        return true;
    }
    const bool is_zero = amounts.size() == 1 && !amounts.front().amount.is_range()
                         && amounts.front().amount.from == 0.0;
    if (!left && !right && !is_centre && is_zero) {
        order_.value = "C";
        return true;
    }
    if (!left && !right && !is_centre)
        return doubt("A pan goes to a side, by 0 to 100 %, or to the centre", "To which side?");
    if (is_centre)
        return doubt("The centre and a side are both said", "How far, and to which side?");
    double percent = words_.does("hard", clause_) ? 100.0 : usual_pan();
    if (amounts.size() > 1) return doubt("More than one number is said", "How far?");
    if (!amounts.empty()) {
        const Amount& amount = amounts.front().amount;
        const bool is_part =
            amount.unit == ControlUnit::number || amount.unit == ControlUnit::percent;
        percent = std::abs(amount.from);
        if (!is_part || amount.is_range() || percent > 100.0)
            return doubt("A pan goes from 0 % in the centre to 100 % at a side", "How far?");
    }
    order_.value = (left ? "L" : "R") + to_text(percent, ControlUnit::number);
    return true;
}

bool ActionReader::read() {
    struct Switch {
        std::string_view verb, control, value;
    };
    constexpr std::array<Switch, 4> switches{{{"mute", "mute", "on"},
                                              {"unmute", "mute", "off"},
                                              {"solo", "solo", "on"},
                                              {"unsolo", "solo", "off"}}};
    std::vector<const Switch*> asked;
    for (const Switch& one : switches)
        if (words_.does(one.verb, clause_)) asked.push_back(&one);
    const bool has_amount = !words_.amounts(clause_).empty();
    const bool turns = words_.does("turn", clause_) && !has_amount;
    const bool says_off = words_.has_word("off", clause_);
    // "Take the mute off the bass".
    const bool lifts =
        says_off && (words_.has_word("mute", clause_) || words_.has_word("solo", clause_));
    if (lifts)
        for (const Switch*& one : asked) one = one->control == "mute" ? &switches[1] : &switches[3];
    const bool is_off = lifts || (turns && says_off); // "turn the bass off"
    if (is_off && asked.empty()) asked.push_back(&switches[0]);
    if (turns && words_.ends_on(clause_)) asked.push_back(&switches[1]);
    const bool pans = words_.does("pan", clause_);
    const bool moves = words_.does("up", clause_) || (words_.does("down", clause_) && !is_off)
                       || (has_amount && !pans) || (words_.says("unity", clause_) && !has_amount);
    if (asked.size() + (pans ? 1U : 0U) + (moves ? 1U : 0U) > 1)
        return doubt("More than one thing is to be done at once", "Which one?");
    if (asked.empty()) return pans ? read_pan() : read_level();
    order_.control = asked.front()->control;
    order_.value = asked.front()->value;
    return true;
}

} // namespace

double usual_step(const Composition& c) {
    const MixEntry* rule = c.library.mix.find(MixKind::principle, "DOSE-01");
    const Amount* factor = rule ? rule->figure("factor") : nullptr;
    if (factor && c.q.dose == Question::Dose::gentle) return moderate_step * factor->from;
    if (factor && c.q.dose == Question::Dose::strong) return moderate_step * factor->to;
    return moderate_step;
}

bool read_action(const Composition& c, const OrderWords& words, const OrderClause& clause,
                 Order& order, ReadOrders& read) {
    return ActionReader(c, words, clause, order, read).read();
}

} // namespace prefade
