#include "knowledge/evaluator.h"

#include "knowledge/advice_maker.h"
#include "knowledge/functions.h"

#include <algorithm>
#include <cmath>

namespace prefade {

namespace {

/// Words and numbers of what fires are renewed this often: faster is not readable.
constexpr Duration refresh_interval = std::chrono::seconds(1);

/// Why the rule cannot be judged here at all; `none` when it can.
Missing unmet(const Rule& rule, const Frame& frame) {
    if (frame.session.host.state != HostState::connected) return Missing::not_told;
    if (rule.needs.rolling && !frame.rolling_since) return Missing::not_rolling;
    if (rule.needs.reading && frame.strip)
        return missing_reading(*frame.strip, *rule.needs.reading, frame.now);
    return Missing::none;
}

Value judge(const Rule& rule, const Frame& frame) {
    const Missing why = unmet(rule, frame);
    return why == Missing::none ? rule.when.evaluate(frame) : Value::unknown(why);
}

Value is_cleared(const Rule& rule, const Value& when, const Frame& frame) {
    if (!when.is_known() && unmet(rule, frame) != Missing::none) return when;
    if (rule.clear_when) return rule.clear_when->evaluate(frame);
    Value cleared = when;
    if (cleared.is_known()) cleared.held = !when.is_true();
    return cleared;
}

/// Smaller changes of "how far over" do not move an advice in the order.
constexpr double over_step = 1.0; // dB

double over_of(const Rule& rule, const Frame& frame) {
    if (!rule.over) return 0.0;
    const Value over = rule.over->evaluate(frame);
    return over.is_known() && over.number() > 0.0 ? over.number() : 0.0;
}

/// Of the finest meter that the rule looks at here.
Decibel resolution_of(const Rule& rule, const Strip* strip) {
    if (!rule.needs.reading || !strip) return Decibel{0.0};
    Decibel finest = rule.needs.reading->coarsest;
    for (const Meter& meter : strip->meters)
        if (meter.latest.kind == rule.needs.reading->kind
            && meter.latest.tap == rule.needs.reading->tap)
            finest = std::min(finest, meter.latest.resolution);
    return finest;
}

std::optional<double> first_evidence(const Rule& rule, const Frame& frame) {
    if (!rule.worse) return std::nullopt;
    const Value value = rule.evidence.front().value.evaluate(frame);
    return value.is_known() ? std::optional(value.number()) : std::nullopt;
}

Dismissal named(const Rule& rule, const Frame& frame) {
    return {rule.id,
            frame.strip ? frame.strip->name : "",
            frame.send     ? frame.send->destination
            : frame.insert ? frame.insert->plugin
                           : "",
            {},
            {}};
}

bool same_place(const Dismissal& a, const Dismissal& b) {
    return a.rule == b.rule && a.strip == b.strip && a.send == b.send;
}

std::vector<std::optional<ControlValue>> present_values(const std::vector<Move>& moves,
                                                        const Session& session) {
    std::vector<std::optional<ControlValue>> values;
    for (const Move& move : moves) {
        const auto present = session.value(move.path);
        values.push_back(present ? present->value : std::nullopt);
    }
    return values;
}

/// A finger on a fader, or a control that somebody has just moved.
bool is_hand_on(const Session& session, TimePoint now) {
    return std::any_of(session.strips.begin(), session.strips.end(), [&](const Strip& strip) {
        return strip.touched
               || (strip.hand_at != TimePoint{} && now - strip.hand_at < Evaluator::hand_rests);
    });
}

std::string reason_of(const Rule& rule, Missing missing, const Frame& frame) {
    if (frame.session.host.state != HostState::connected) return "no host is connected";
    std::string reason(described(missing));
    const bool is_about_meter =
        missing == Missing::no_meter || missing == Missing::stale || missing == Missing::coarse;
    if (rule.needs.reading && is_about_meter)
        reason += " (" + std::string(name_in(meter_kind_names, rule.needs.reading->kind)) + ", "
                  + std::string(name_in(tap_names, rule.needs.reading->tap)) + ')';
    return reason;
}

} // namespace

Evaluator::Evaluator(RuleBook book) : book_(std::move(book)), plugins_(book_.plugins()) {}

// ---- where each rule looks -------------------------------------------------------------------

Frame Evaluator::base_frame(const Session& session, const Brief& brief, TimePoint now) const {
    Frame frame{session, brief,   now,     rolling_since_, nullptr, nullptr,  nullptr,
                nullptr, nullptr, &cache_, nullptr,        nullptr, &plugins_};
    for (const Strip& strip : session.strips)
        if (strip.kind == StripKind::master) {
            frame.master = &strip;
            break;
        }
    return frame;
}

Evaluator::Destinations Evaluator::destinations_of(const Session& session) const {
    Destinations named;
    const auto looks_at_sends = [](const Rule& rule) { return rule.scope == Scope::each_send; };
    if (std::none_of(book_.rules().begin(), book_.rules().end(), looks_at_sends)) return named;
    for (const Strip& strip : session.strips) {
        const auto [at, is_new] = named.emplace(strip.name, &strip);
        if (!is_new) at->second = nullptr;
    }
    return named;
}

template <class Visit>
void Evaluator::visit(std::uint32_t index, const Frame& base, const Destinations& destinations,
                      Visit visit) const {
    const Rule& rule = book_.rules()[index];
    Frame frame = base;
    if (rule.scope == Scope::session) {
        visit(Key{index, {}, {}, {}}, frame);
        return;
    }
    if (rule.scope == Scope::each_insert) {
        for (const KnownInsert& known : plugins_.listed()) {
            if (!rule.covers(*known.strip) || !rule.covers(*known.plugin)) continue;
            frame.strip = known.strip;
            frame.insert = known.insert;
            frame.memo = known.memo;
            visit(Key{index, known.strip->id, {}, known.insert->id}, frame);
        }
        return;
    }
    for (const Strip& strip : base.session.strips) {
        if (!rule.covers(strip)) continue;
        frame.strip = &strip;
        if (rule.scope == Scope::each_strip) {
            visit(Key{index, strip.id, {}, {}}, frame);
            continue;
        }
        for (const Send& send : strip.sends) {
            const auto found = destinations.find(send.destination);
            frame.send = &send;
            frame.destination = found == destinations.end() ? nullptr : found->second;
            visit(Key{index, strip.id, send.id, {}}, frame);
        }
    }
}

// ---- the life of an advice -------------------------------------------------------------------

AdviceChanges Evaluator::evaluate(const Session& session, const Brief& brief, TimePoint now) {
    AdviceChanges changes;
    ++evaluations_;
    held_back_ = {};
    hand_on_ = is_hand_on(session, now);
    if (!session.transport.rolling.value || !*session.transport.rolling.value)
        rolling_since_.reset();
    else if (!rolling_since_)
        rolling_since_ = now;
    cache_.start(book_.measures(), session.strips.size());
    plugins_.list(session);
    const Frame base = base_frame(session, brief, now);
    const Destinations destinations = destinations_of(session);
    if (session.host.state == HostState::connected)
        for (std::uint32_t rule = 0; rule < book_.rules().size(); ++rule)
            visit(rule, base, destinations,
                  [&](const Key& key, const Frame& frame) { step(key, frame, changes); });
    end_unseen(changes);
    if (!changes.empty()) sort_firing();
    return changes;
}

void Evaluator::step(const Key& key, const Frame& frame, AdviceChanges& changes) {
    const Rule& rule = book_.rules()[key.rule];
    const Value when = judge(rule, frame);
    const auto at = instances_.find(key);
    if (at == instances_.end() || !at->second.firing) {
        consider(key, when, frame, changes);
        return;
    }
    at->second.seen = evaluations_;
    keep_or_end(at, when, frame, changes);
}

void Evaluator::consider(const Key& key, const Value& when, const Frame& frame,
                         AdviceChanges& changes) {
    if (!when.is_true()) {
        if (when.is_false()) forget_dismissal(key, frame);
        instances_.erase(key);
        return;
    }
    if (rests(key, frame)) {
        ++held_back_.later;
        return;
    }
    if (is_dismissed(key, frame)) {
        ++held_back_.dismissed;
        return;
    }
    const auto [at, is_new] = instances_.try_emplace(key);
    Instance& instance = at->second;
    instance.seen = evaluations_;
    if (is_new) instance.since = frame.now;
    if (frame.now - instance.since < book_.rules()[key.rule].hold) return;
    if (hand_on_)
        ++held_back_.hand;
    else
        fire(key, instance, frame, changes);
}

void Evaluator::fire(const Key& key, Instance& instance, const Frame& frame,
                     AdviceChanges& changes) {
    const Rule& rule = book_.rules()[key.rule];
    Advice& advice = instance.advice;
    advice.evidence = evidence_of(rule, frame);
    if (advice.evidence.empty()) return; // no evidence, no advice
    const bool is_new = !instance.firing;
    if (is_new) {
        advice.id = {++last_id_};
        advice.rule = rule.id;
        advice.severity = rule.severity;
        advice.state = AdviceState::firing;
        advice.since = frame.now;
        advice.source = rule.source;
        instance.rank = {advice.id, rule.severity, over_of(rule, frame), rule.confidence,
                         resolution_of(rule, frame.strip)};
    }
    if (const double over = over_of(rule, frame); std::abs(over - instance.rank.over) >= over_step)
        instance.rank.over = over;
    advice.about = about_of(rule, frame);
    advice.says = rule.says.to_text(frame);
    advice.suggests = suggestions_of(rule, frame, advice.id, advice.says);
    instance.controls = present_values(advice.suggests, frame.session);
    instance.refreshed = frame.now;
    instance.firing = true;
    Dismissal& name = names_[key] = named(rule, frame);
    name.worst = first_evidence(rule, frame);
    if (is_new)
        changes.fired.push_back(advice);
    else
        changes.updated.push_back(advice.id);
}

void Evaluator::keep_or_end(Instances::iterator at, const Value& when, const Frame& frame,
                            AdviceChanges& changes) {
    const Key key = at->first;
    Instance& instance = at->second;
    const Rule& rule = book_.rules()[key.rule];
    const Value cleared = is_cleared(rule, when, frame);
    if (!cleared.is_known()) {
        // It cannot be judged now, so it stands; but a control it wanted moved has been moved.
        instance.clear_since.reset();
        const auto present = present_values(instance.advice.suggests, frame.session);
        for (std::size_t i = 0; i < present.size(); ++i)
            if (present[i] && instance.controls[i]
                && !nearly_equal(*present[i], *instance.controls[i])) {
                end(at, changes);
                return;
            }
        return;
    }
    if (cleared.is_true()) {
        if (!instance.clear_since) instance.clear_since = frame.now;
        if (frame.now - *instance.clear_since >= rule.clear_for) {
            if (when.is_false()) forget_dismissal(key, frame);
            end(at, changes);
        }
        return;
    }
    instance.clear_since.reset();
    if (when.is_true() && frame.now - instance.refreshed >= refresh_interval)
        fire(key, instance, frame, changes);
}

void Evaluator::end(Instances::iterator at, AdviceChanges& changes) {
    if (at->second.firing) {
        at->second.advice.state = AdviceState::resolved;
        changes.ended.push_back(std::move(at->second.advice));
        names_.erase(at->first);
    }
    instances_.erase(at);
}

void Evaluator::end_unseen(AdviceChanges& changes) {
    for (auto at = instances_.begin(); at != instances_.end();) {
        const auto next = std::next(at);
        if (at->second.seen != evaluations_) end(at, changes);
        at = next;
    }
}

void Evaluator::sort_firing() {
    std::vector<Rank> ranks;
    std::unordered_map<std::uint32_t, const Advice*> by_id;
    for (const auto& [key, instance] : instances_)
        if (instance.firing) {
            ranks.push_back(instance.rank);
            by_id[instance.rank.id.value] = &instance.advice;
        }
    put_in_order(ranks, firing_.empty() ? AdviceId{} : firing_.front().id);
    firing_.clear();
    for (const Rank& rank : ranks) firing_.push_back(*by_id[rank.id.value]);
}

const Advice* Evaluator::find(AdviceId id) const noexcept {
    const auto found =
        std::find_if(firing_.begin(), firing_.end(), [&](const Advice& a) { return a.id == id; });
    return found == firing_.end() ? nullptr : &*found;
}

// ---- dismissal -------------------------------------------------------------------------------

Result<Evaluator::Instances::iterator> Evaluator::standing(AdviceId id) {
    const auto at = std::find_if(instances_.begin(), instances_.end(), [&](const auto& entry) {
        return entry.second.firing && entry.second.advice.id == id;
    });
    if (at != instances_.end()) return at;
    std::string known;
    for (const Advice& advice : firing_)
        (known += known.empty() ? "" : ", ") += std::to_string(advice.id.value);
    return Error{ErrorCode::not_found,
                 "no advice " + std::to_string(id.value)
                     + " stands; standing: " + (known.empty() ? "none" : known),
                 {}};
}

Result<Advice> Evaluator::dismiss(AdviceId id, TimePoint now) {
    const auto at = standing(id);
    if (!at) return at.error();
    Dismissal& name = names_[(*at)->first];
    name.until = now + shortest_dismissal;
    std::erase_if(dismissed_, [&](const Dismissal& d) { return same_place(d, name); });
    dismissed_.push_back(name);
    ++held_back_.dismissed;
    Advice advice = std::move((*at)->second.advice);
    advice.state = AdviceState::dismissed;
    names_.erase((*at)->first);
    instances_.erase(*at);
    sort_firing();
    return advice;
}

Result<Advice> Evaluator::put_to_rest(AdviceId id, bool whole_rule) {
    const auto at = standing(id);
    if (!at) return at.error();
    const Key key = (*at)->first;
    const Dismissal& name = names_[key];
    at_rest_.push_back(
        {name.rule, whole_rule ? "" : name.strip, whole_rule ? "" : name.send, whole_rule});
    Advice advice = (*at)->second.advice;
    advice.state = AdviceState::dismissed;
    for (auto one = instances_.begin(); one != instances_.end();) {
        const auto next = std::next(one);
        if (whole_rule ? one->first.rule == key.rule : one->first == key) {
            if (one->second.firing) ++held_back_.later;
            names_.erase(one->first);
            instances_.erase(one);
        }
        one = next;
    }
    sort_firing();
    return advice;
}

bool Evaluator::rests(const Key& key, const Frame& frame) const {
    if (at_rest_.empty()) return false;
    const Dismissal here = named(book_.rules()[key.rule], frame);
    return std::any_of(at_rest_.begin(), at_rest_.end(), [&](const Rest& rest) {
        return rest.rule == here.rule
               && (rest.whole_rule || (rest.strip == here.strip && rest.send == here.send));
    });
}

std::vector<Dismissal> Evaluator::dismissals() const { return dismissed_; }

void Evaluator::restore(std::vector<Dismissal> dismissals) { dismissed_ = std::move(dismissals); }

bool Evaluator::is_dismissed(const Key& key, const Frame& frame) {
    if (dismissed_.empty()) return false;
    const Rule& rule = book_.rules()[key.rule];
    const Dismissal here = named(rule, frame);
    const auto at = std::find_if(dismissed_.begin(), dismissed_.end(),
                                 [&](const Dismissal& d) { return same_place(d, here); });
    if (at == dismissed_.end()) return false;
    const auto present = first_evidence(rule, frame);
    if (!at->worst || !present || frame.now < at->until) return true;
    const double worse = rule.worse->higher ? *present - *at->worst : *at->worst - *present;
    if (worse < rule.worse->by) return true;
    dismissed_.erase(at);
    return false;
}

void Evaluator::forget_dismissal(const Key& key, const Frame& frame) {
    if (dismissed_.empty()) return;
    const Dismissal here = named(book_.rules()[key.rule], frame);
    std::erase_if(dismissed_, [&](const Dismissal& d) {
        return !d.worst && frame.now >= d.until && same_place(d, here);
    });
}

// ---- what it cannot say ----------------------------------------------------------------------

std::vector<CannotSay> Evaluator::cannot_say(const Session& session, const Brief& brief,
                                             TimePoint now) const {
    std::vector<CannotSay> all;
    cache_.start(book_.measures(), session.strips.size());
    plugins_.list(session);
    const Frame base = base_frame(session, brief, now);
    const Destinations destinations = destinations_of(session);
    for (std::uint32_t index = 0; index < book_.rules().size(); ++index)
        visit(index, base, destinations, [&](const Key& key, const Frame& frame) {
            const Rule& rule = book_.rules()[index];
            const Value when = judge(rule, frame);
            if (!when.is_known())
                all.push_back({rule.id, key.strip, key.send, reason_of(rule, when.missing, frame),
                               key.insert});
        });
    return all;
}

} // namespace prefade
