#include "knowledge/expression.h"

#include "knowledge/functions.h"
#include "knowledge/parser.h"
#include "knowledge/plugin_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace prefade {

std::string_view described(Missing missing) noexcept {
    switch (missing) {
    case Missing::none: return "";
    case Missing::not_told: return "the host has not told a value it needs";
    case Missing::no_meter: return "there is no such meter here";
    case Missing::stale: return "the latest reading is too old";
    case Missing::coarse: return "the meter is too coarse";
    case Missing::too_few: return "there are too few readings yet";
    case Missing::not_rolling: return "the song does not play, or not long enough";
    case Missing::no_strip: return "there is no such strip";
    case Missing::not_heard: return "nothing lets the sound itself be heard here";
    case Missing::behind_solo: return "something is soloed, and what that leaves open is not told";
    case Missing::not_set: return "the brief does not say";
    case Missing::not_certain: return "what is on the strip cannot be read for certain";
    case Missing::undefined: return "the number is not defined here";
    }
    return "";
}

// ---- measures and their cache ----------------------------------------------------------------

std::uint32_t MeasureTable::number(const Measure& measure) {
    const auto found = std::find(measures_.begin(), measures_.end(), measure);
    if (found != measures_.end()) return static_cast<std::uint32_t>(found - measures_.begin());
    measures_.push_back(measure);
    return static_cast<std::uint32_t>(measures_.size() - 1);
}

void MeasureCache::start(std::size_t measures, std::size_t strips) {
    strips_ = strips;
    if (values_.size() != measures * strips) {
        values_.assign(measures * strips, {});
        stamps_.assign(measures * strips, 0);
        stamp_ = 0;
    }
    ++stamp_;
}

Value* MeasureCache::find(std::uint32_t measure, std::size_t strip) noexcept {
    const std::size_t index = measure * strips_ + strip;
    return strip < strips_ && index < values_.size() ? &values_[index] : nullptr;
}

bool MeasureCache::has(std::uint32_t measure, std::size_t strip) const noexcept {
    return stamps_[measure * strips_ + strip] == stamp_;
}

void MeasureCache::mark(std::uint32_t measure, std::size_t strip) noexcept {
    stamps_[measure * strips_ + strip] = stamp_;
}

// ---- evaluation ------------------------------------------------------------------------------

namespace {

Value truth(bool value, TimePoint at) { return {value, Missing::none, at}; }

/// NaN is no answer: -inf minus -inf, 0 divided by 0.
Value checked(double value, TimePoint at) {
    if (std::isnan(value)) return Value::unknown(Missing::undefined);
    return {value, Missing::none, at};
}

const Strip* strip_of(Subject subject, const Frame& frame) {
    switch (subject) {
    case Subject::each: return frame.each;
    case Subject::master: return frame.master;
    case Subject::destination: return frame.destination;
    default: return frame.strip;
    }
}

} // namespace

std::variant<Expression, ExpressionError> Expression::compile(std::string_view text,
                                                              const ExpressionContext& context) {
    return Parser(text, context).parse();
}

Value Expression::evaluate(std::uint32_t index, const Frame& frame) const {
    const Node& node = nodes_[index];
    switch (node.op) {
    case Op::number: return {node.number, Missing::none, TimePoint::max()};
    case Op::boolean: return truth(node.number != 0.0, TimePoint::max());
    case Op::text: return {std::string_view(texts_[node.first]), Missing::none, TimePoint::max()};
    case Op::property: return property(node, frame);
    case Op::negate:
    case Op::absolute:
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::minimum:
    case Op::maximum: return arithmetic(node, frame);
    case Op::negation:
    case Op::conjunction:
    case Op::disjunction: return logic(node, frame);
    case Op::any:
    case Op::all: return truth_over(node, frame);
    case Op::count:
    case Op::highest:
    case Op::lowest:
    case Op::sum: return number_over(node, frame);
    default: return comparison(node, frame);
    }
}

Value Expression::property(const Node& node, const Frame& frame) const {
    const Measure& measure = measures_[node.first];
    const bool of_strip = measure.function->owner == Function::Owner::strip;
    const Strip* strip = of_strip ? strip_of(node.subject, frame) : frame.strip;
    const bool of_send = measure.function->owner == Function::Owner::send;
    if ((of_strip && !strip) || (of_send && !frame.send)) return Value::unknown(Missing::no_strip);
    if (measure.function->owner == Function::Owner::insert) return insert_property(node, frame);
    if (!(measure.function->meter || measure.function->costly) || !frame.cache)
        return measure.function->run({frame, strip, measure});

    const auto position = static_cast<std::size_t>(strip - frame.session.strips.data());
    const std::uint32_t number = measure_numbers_[node.first];
    Value* kept = frame.cache->find(number, position);
    if (!kept) return measure.function->run({frame, strip, measure});
    if (!frame.cache->has(number, position)) {
        *kept = measure.function->run({frame, strip, measure});
        frame.cache->mark(number, position);
    }
    return *kept;
}

Value Expression::insert_property(const Node& node, const Frame& frame) const {
    const Measure& measure = measures_[node.first];
    if (!frame.insert || !frame.plugins) return Value::unknown(Missing::no_strip);
    if (!measure.function->costly || !frame.memo)
        return measure.function->run({frame, frame.strip, measure});
    const std::uint32_t number = measure_numbers_[node.first];
    if (const Value* kept = frame.memo->find(number)) return *kept;
    const Value value = measure.function->run({frame, frame.strip, measure});
    frame.memo->keep(number, value);
    return value;
}

Value Expression::arithmetic(const Node& node, const Frame& frame) const {
    const Value left = evaluate(node.first, frame);
    if (!left.is_known()) return left;
    if (node.op == Op::negate) return checked(-left.number(), left.at);
    if (node.op == Op::absolute) return checked(std::abs(left.number()), left.at);
    const Value right = evaluate(node.second, frame);
    if (!right.is_known()) return right;
    const double a = left.number(), b = right.number();
    const TimePoint at = std::min(left.at, right.at);
    switch (node.op) {
    case Op::add: return checked(a + b, at);
    case Op::subtract: return checked(a - b, at);
    case Op::multiply: return checked(a * b, at);
    case Op::minimum: return checked(std::min(a, b), at);
    case Op::maximum: return checked(std::max(a, b), at);
    default: return b == 0.0 ? Value::unknown(Missing::undefined) : checked(a / b, at);
    }
}

Value Expression::comparison(const Node& node, const Frame& frame) const {
    const Value left = evaluate(node.first, frame);
    if (!left.is_known()) return left;
    const Value right = evaluate(node.second, frame);
    if (!right.is_known()) return right;
    const TimePoint at = std::min(left.at, right.at);
    switch (node.op) {
    case Op::equal: return truth(left.held == right.held, at);
    case Op::not_equal: return truth(left.held != right.held, at);
    case Op::less: return truth(left.number() < right.number(), at);
    case Op::less_equal: return truth(left.number() <= right.number(), at);
    case Op::greater: return truth(left.number() > right.number(), at);
    default: return truth(left.number() >= right.number(), at);
    }
}

Value Expression::logic(const Node& node, const Frame& frame) const {
    Value left = evaluate(node.first, frame);
    if (node.op == Op::negation) {
        if (left.is_known()) left.held = !left.is_true();
        return left;
    }
    // One side may decide alone: false for "and", true for "or".
    const bool deciding = node.op == Op::disjunction;
    if (left.is_known() && left.is_true() == deciding) return left;
    Value right = evaluate(node.second, frame);
    if (right.is_known() && right.is_true() == deciding) return right;
    if (!left.is_known()) return left;
    if (right.is_known()) right.at = std::min(left.at, right.at);
    return right;
}

namespace {

/// Calls `visit(frame, matches)` for each strip a quantifier ranges over, with what its condition says.
template <class Condition, class Visit>
void over_strips(const Frame& frame, bool other, Condition condition, Visit visit) {
    Frame inner = frame;
    for (const Strip& strip : frame.session.strips) {
        if (other && &strip == frame.strip) continue;
        inner.each = &strip;
        const Value matches = condition(inner);
        // A strip without such a meter (a VCA, a MIDI track) has no say.
        if (matches.is_false() || matches.missing == Missing::no_meter) continue;
        if (!visit(inner, matches)) return;
    }
}

} // namespace

Value Expression::truth_over(const Node& node, const Frame& frame) const {
    const bool deciding = node.op == Op::any;
    Value answer = truth(!deciding, TimePoint::max());
    const auto condition = [&](const Frame& inner) {
        return node.first == nothing ? truth(true, TimePoint::max()) : evaluate(node.first, inner);
    };
    over_strips(frame, node.other, condition, [&](const Frame& inner, const Value& matches) {
        const Value said = evaluate(node.second, inner);
        if (said.missing == Missing::no_meter) return true;
        if (said.is_known() && said.is_true() != deciding)
            return true; // does not decide, either way
        if (matches.is_known() && said.is_known()) {
            answer = said;
            return false;
        }
        answer = said.is_known() ? matches : said;
        return true;
    });
    return answer;
}

Value Expression::number_over(const Node& node, const Frame& frame) const {
    double count = 0.0, power = 0.0;
    const bool wants_highest = node.op == Op::highest;
    std::optional<Value> best;
    Missing missing = Missing::none;
    TimePoint at = TimePoint::max();
    const auto condition = [&](const Frame& inner) {
        return node.first == nothing ? truth(true, TimePoint::max()) : evaluate(node.first, inner);
    };
    over_strips(frame, node.other, condition, [&](const Frame& inner, const Value& matches) {
        if (!matches.is_known()) {
            missing = matches.missing;
            return true;
        }
        if (node.op == Op::count) {
            count += 1.0;
            at = std::min(at, matches.at);
            return true;
        }
        const Value number = evaluate(node.second, inner);
        if (!number.is_known()) {
            if (number.missing != Missing::no_meter) missing = number.missing;
            return true;
        }
        power += std::pow(10.0, number.number() / 10.0);
        at = std::min(at, number.at);
        if (!best
            || (wants_highest ? number.number() > best->number()
                              : number.number() < best->number()))
            best = number;
        return true;
    });
    if (missing != Missing::none) return Value::unknown(missing);
    if (node.op == Op::count) return checked(count, at);
    if (!best) return Value::unknown(Missing::no_strip);
    if (node.op == Op::sum) return checked(10.0 * std::log10(power), at);
    return *best;
}

const Strip* Expression::about(const Frame& frame) const {
    for (const Node& node : nodes_)
        if (node.op == Op::property
            && measures_[node.first].function->owner == Function::Owner::strip)
            return strip_of(node.subject, frame);
    return frame.strip;
}

std::optional<Channel> Expression::only_side(const Frame& frame) const {
    for (const Node& node : nodes_) {
        if (node.op != Op::property || !measures_[node.first].function->meter) continue;
        const Strip* strip = strip_of(node.subject, frame);
        if (const auto side =
                strip ? prefade::only_side(*strip, measures_[node.first].need) : std::nullopt)
            return side;
    }
    return std::nullopt;
}

} // namespace prefade
