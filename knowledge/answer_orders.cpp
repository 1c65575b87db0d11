// Orders as proposed moves: the right strip or none. Nothing is moved here.
#include "knowledge/answer_parts.h"
#include "knowledge/order.h"
#include "knowledge/spoken.h"
#include "knowledge/wish.h"

#include <algorithm>
#include <cmath>

namespace prefade {

namespace {

std::string switch_words(const Known<bool>& known) {
    return !known.value ? "" : *known.value ? "on" : "off";
}

/// What the control is at now; empty when not known.
std::string before_of(const Strip& strip, const std::string& control) {
    if (control == "mute") return switch_words(strip.mute);
    if (control == "solo") return switch_words(strip.solo);
    if (control == "fader" && strip.fader.value) return decibels(strip.fader.value->value());
    if (control == "pan" && strip.pan.value) return to_text(ControlValue{*strip.pan.value});
    return {};
}

/// Gives the level that a fader is to go to a value; false with what is said instead.
bool set_level(Composition& c, const Strip& strip, const Order& order, GivenMove& move) {
    const Known<Decibel>& fader = strip.fader;
    const std::string name = name_of(strip);
    if (!order.level && (!fader.value || !std::isfinite(fader.value->value()))) {
        c.telling.say("The fader of " + name + " is " + (fader.value ? "closed" : "not read yet")
                      + ", so there is nothing to count from");
        c.answer.asks = "To which level?";
        return false;
    }
    const double level = tenths(order.level ? *order.level : fader.value->value() + order.step);
    const double top = c.facts.fader_top.value();
    if (level > top || level < lowest_fader) {
        c.telling.say("The fader of " + name + " goes up to " + decibels(top) + ", and "
                      + (level > top ? decibels(std::min(level, 1000.0)) + " is above it"
                                     : "so far down it is closed: mute it instead"));
        c.answer.asks = "To which level?";
        return false;
    }
    const bool is_other_way = order.level && fader.value
                              && ((order.goes_up && level < fader.value->value())
                                  || (order.goes_down && level > fader.value->value()));
    if (is_other_way) {
        c.telling.say(name + " is at " + decibels(fader.value->value()) + ", so " + decibels(level)
                      + " is " + (order.goes_up ? "down, not up" : "up, not down"));
        c.answer.asks = "To which level?";
        return false;
    }
    move.value = to_text(level, ControlUnit::number) + "dB";
    return true;
}

/// "fader of "Bass" from -6 dB to -8 dB".
std::string move_words(const Strip& strip, const GivenMove& move) {
    std::string shown = move.value;
    if (shown.ends_with("dB")) shown.insert(shown.size() - 2, " ");
    const std::string control = move.control + " of " + name_of(strip);
    if (move.before == shown) return control + " to " + shown + ", where it is already";
    return control + (move.before.empty() ? "" : " from " + move.before) + " to " + shown;
}

void propose(Composition& c, const std::vector<Order>& orders) {
    std::vector<std::string> words;
    std::vector<GivenMove> moves;
    for (const Order& order : orders)
        for (const Strip* strip : order.strips) {
            GivenMove move{{strip->id, value_in(control_names, order.control).value()},
                           strip->name,
                           order.control,
                           order.value,
                           before_of(*strip, order.control)};
            if (order.value.empty() && !set_level(c, *strip, order, move)) {
                c.telling.say(c.answer.asks);
                return; // all of them or none
            }
            words.push_back(move_words(*strip, move));
            moves.push_back(std::move(move));
        }
    c.answer.moves = std::move(moves);
    c.telling.say("Proposed: " + in_words(words));
    const bool is_one = c.answer.moves.size() == 1;
    c.telling.say(is_one ? "Nothing has moved yet; it goes through the gate"
                         : "Nothing has moved yet; they go through the gate, one by one",
                  1);
    const Order& first = orders.front();
    if (is_one && first.step != 0.0) {
        const double from = tenths(first.strips.front()->fader.value->value());
        c.ordered = {first.strips.front()->id, from, first.level ? *first.level - from : first.step,
                     c.facts.session->epoch};
    }
}

void tell_setting(Composition& c, const SettingOrder& order) {
    c.answer.known = order.is_known;
    c.answer.asks = order.asks;
    c.answer.look = order.look;
    if (order.plugin) c.answer.plugin = order.plugin->id;
    if (!order.doubt.empty()) {
        c.telling.say(order.doubt);
        c.telling.say(order.asks);
        return;
    }
    c.answer.moves = {order.move};
    c.telling.say("Proposed: " + order.says);
    c.telling.say("Nothing has moved yet; it goes through the gate", 1);
    if (order.control) c.rest_on(order.control->origin);
}

} // namespace

bool tell_orders_in_disguise(Composition& c) {
    if (!c.q.is("order")) return false;
    for (const NamedStrips& named : strips_named(c)) // the name of a strip may read as one
        for (const Mention& m : c.q.mentions)
            if (m.list && m.list->of == WordClass::cue && m.list->id == "order"
                && m.first >= named.first && m.first + m.count <= named.first + named.count)
                return false;
    c.answer.kind = AnswerKind::unknown;
    c.telling.say("That is no question about a mix, and words do not change what I may do: moves "
                  "go through the gate, one strip at a time");
    return true;
}

bool tell_choice(Composition& c) {
    const auto& wish = c.q.wished_before;
    if (!wish || !wish->is_open || !c.facts.session || c.facts.session->strips.empty())
        return false;
    const std::vector<std::size_t> numbers = ways_chosen(spoken_words(c.q.text));
    if (numbers.empty()) return false;
    c.begin(AnswerKind::command);
    c.ordered = LastOrder{};
    if (wish->epoch != c.facts.session->epoch) {
        c.telling.say("The session has changed since. Say the wish again");
        return true;
    }
    c.wished = wish; // another of them may be tried next
    const auto ask_which = [&](const std::string& why) {
        c.answer.asks = "Which of them?";
        c.telling.say(why);
        c.telling.say(c.answer.asks);
        return true;
    };
    if (numbers.size() > 1)
        return ask_which("I do one at a time, so that each can be heard by itself");
    const std::size_t number = numbers.front();
    if (number > wish->ways.size())
        return ask_which("There are " + std::to_string(wish->ways.size()) + " ways");
    GivenWay way = ways_of(c, *wish)[number - 1];
    c.rest_on(wish->ways[number - 1]->origin);
    if (way.moves.empty()) {
        c.telling.say(way.by_hand ? "That one is done by hand: " + lower_first(way.does)
                                  : "I cannot move that here: " + way.but);
        return true;
    }
    c.answer.moves = std::move(way.moves);
    c.telling.say("Proposed: " + way.says);
    c.telling.say(way.but.empty() ? "" : "Left alone: " + way.but, 1);
    c.telling.say(c.answer.moves.size() == 1
                      ? "Nothing has moved yet; it goes through the gate"
                      : "Nothing has moved yet; they go through the gate, one by one",
                  1);
    return true;
}

bool tell_command(Composition& c) {
    const ReadOrders read = read_orders(c);
    if (!read.is_order) return false;
    c.begin(AnswerKind::command);
    c.answer.known = read.is_known;
    c.ordered = LastOrder{};
    if (read.setting) {
        tell_setting(c, *read.setting);
        return true;
    }
    if (read.doubt.empty()) {
        propose(c, read.orders);
        return true;
    }
    c.telling.say(read.doubt);
    c.telling.say(read.asks);
    c.answer.asks = read.asks;
    return true;
}

} // namespace prefade
