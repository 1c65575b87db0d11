#include "knowledge/advice_maker.h"

#include "knowledge/plugin_table.h"

#include <algorithm>
#include <cmath>

namespace prefade {

namespace {

const Strip* target_strip(const SuggestionSpec& spec, const Frame& frame) {
    switch (spec.on) {
    case MoveTarget::master: return frame.master;
    case MoveTarget::destination: return frame.destination;
    case MoveTarget::strip: return frame.strip;
    }
    return nullptr;
}

bool is_on_send(Control control) {
    return control == Control::send || control == Control::send_enabled;
}

/// A fader under automation takes a written value back on the next pass (Ardour, Live and others).
bool is_automated(const Strip& strip) {
    return strip.automation.value && *strip.automation.value != AutomationMode::off;
}

/// Trim range beyond which no suggestion goes when it stands in for a fader.
constexpr double widest_trim = 20.0;

/// `asked` within the limits, as far as they lie on its way from `present`: who comes from beyond a limit
/// is not pushed on past what was asked. A present value that is not known limits on both sides.
double limited(double asked, double present, double lowest, double highest) {
    if (asked < present) return std::max(asked, std::min(lowest, present));
    if (asked > present) return std::min(asked, std::max(highest, present));
    return std::isnan(present) ? std::clamp(asked, lowest, highest) : asked;
}

std::optional<ControlValue> target_of(const SuggestionSpec& spec, Control control, double asked,
                                      const std::optional<Known<ControlValue>>& present) {
    const bool stands_in = control != spec.control, is_pan = control == Control::pan;
    const double lowest = stands_in ? -widest_trim : spec.lowest,
                 highest = stands_in ? widest_trim : spec.highest;
    const double now = !present ? NAN
                       : is_pan ? std::get<Pan>(*present->value).value() * 100.0
                                : std::get<Decibel>(*present->value).value();
    const double wanted = spec.relative ? now + asked : asked;
    if (!std::isfinite(wanted)) return std::nullopt;
    const double target = limited(wanted, now, lowest, highest);
    // The words of a rule name the whole step, so a part of it is not suggested.
    if (spec.relative && target != wanted) return std::nullopt;
    if (is_pan) return Pan{std::round(target) / 100.0};
    return Decibel{std::round(target * 10.0) / 10.0};
}

/// The move of a control of the insert, where its value can be converted for certain.
std::optional<Move> setting_move(const SuggestionSpec& spec, const Value& value,
                                 const Frame& frame) {
    if (!frame.insert || !frame.plugins) return std::nullopt;
    Move move;
    move.path = {frame.strip->id, spec.control, frame.insert->id, 0};
    move.glide = Milliseconds{};
    if (spec.control == Control::bypass) {
        move.target = value.is_true();
        return move;
    }
    const auto found = frame.plugins->controls(*frame.insert, spec.setting);
    if (found.size() != 1) return std::nullopt;
    const InsertControl& at = found[0];
    move.path.parameter = at.parameter->number;
    std::optional<Normalized> target;
    if (spec.is_choice) {
        target = normalized_of_choice(at, value.text());
    } else {
        const ControlUnit base = at.control->unit;
        const auto now = value_in_unit(at);
        const auto asked = in_unit({value.number(), value.number(), spec.unit}, base);
        if (!asked || (spec.relative && !now)) return std::nullopt;
        target = normalized_in_unit(at, spec.relative ? *now + asked->from : asked->from);
    }
    if (!target) return std::nullopt;
    move.target = *target;
    return move;
}

std::optional<Move> suggestion(const SuggestionSpec& spec, const Frame& frame) {
    const Strip* strip = target_strip(spec, frame);
    if (!strip || (spec.when && !spec.when->evaluate(frame).is_true())) return std::nullopt;
    const Value value = spec.value.evaluate(frame);
    if (!value.is_known()) return std::nullopt;
    if (spec.control == Control::parameter || spec.control == Control::bypass)
        return setting_move(spec, value, frame);

    Move move;
    move.path = {strip->id, spec.control};
    if (is_on_send(spec.control)) move.path.on = frame.send->id;
    if (spec.control == Control::fader && is_automated(*strip)) {
        if (!spec.relative) return std::nullopt;
        move.path.control = Control::trim;
    }
    const auto present = frame.session.value(move.path);
    const bool is_switch = std::holds_alternative<bool>(value.held);
    const auto target = is_switch ? std::optional<ControlValue>(value.is_true())
                                  : target_of(spec, move.path.control, value.number(), present);
    if (!target || (present && nearly_equal(*present->value, *target))) return std::nullopt;
    move.target = *target;
    move.glide = is_switch ? Milliseconds{} : spec.glide;
    return move;
}

} // namespace

std::vector<ControlPath> about_of(const Rule& rule, const Frame& frame) {
    std::vector<ControlPath> about;
    const Control control = rule.suggests.empty() || rule.suggests.front().on != MoveTarget::strip
                                ? Control::fader
                                : rule.suggests.front().control;
    if (rule.scope == Scope::each_send) {
        about.push_back(
            {frame.strip->id, is_on_send(control) ? control : Control::send, frame.send->id});
    } else if (rule.scope == Scope::each_insert) {
        about.push_back({frame.strip->id, Control::bypass, frame.insert->id});
    } else if (rule.scope == Scope::each_strip) {
        about.push_back({frame.strip->id, control});
    } else if (rule.about) {
        Frame inner = frame;
        for (const Strip& strip : frame.session.strips) {
            inner.each = &strip;
            if (rule.about->evaluate(inner).is_true()) about.push_back({strip.id, Control::fader});
        }
    }
    return about;
}

std::vector<Evidence> evidence_of(const Rule& rule, const Frame& frame) {
    std::vector<Evidence> all;
    for (const EvidenceSpec& spec : rule.evidence) {
        const Value value = spec.value.evaluate(frame);
        if (!value.is_known()) continue;
        const Strip* strip = spec.value.about(frame);
        Evidence evidence;
        evidence.strip = strip ? strip->id : StripId{};
        evidence.measure = spec.measure;
        if (const auto side = spec.value.only_side(frame))
            evidence.measure += ", " + std::string(name_in(channel_names, *side)) + " channel only";
        const bool is_switch = spec.value.type().kind == Type::Kind::boolean;
        evidence.value = is_switch ? (value.is_true() ? 1.0 : 0.0) : value.number();
        evidence.is_switch = is_switch;
        evidence.unit = is_switch ? "" : std::string(symbol(spec.value.type().unit));
        evidence.at = value.at == TimePoint::max() ? frame.now : value.at;
        all.push_back(std::move(evidence));
    }
    return all;
}

std::vector<Move> suggestions_of(const Rule& rule, const Frame& frame, AdviceId advice,
                                 const std::string& why) {
    std::vector<Move> moves;
    for (const SuggestionSpec& spec : rule.suggests) {
        auto move = suggestion(spec, frame);
        if (!move) continue;
        move->source = Source::rule;
        move->epoch = frame.session.epoch;
        move->advice = advice;
        move->why = move->path.control == spec.control
                        ? why
                        : why + " By the trim, because the fader is under automation.";
        moves.push_back(std::move(*move));
    }
    return moves;
}

} // namespace prefade
