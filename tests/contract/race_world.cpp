#include "tests/contract/race_world.h"

#include <algorithm>
#include <cmath>

namespace prefade::test {
namespace {

using namespace std::chrono_literals;

LinkTraits traits_of(const LinkFaults& faults) {
    return {faults.ordered, faults.ordered ? Duration::zero() : faults.longest, 250ms};
}

Desk::Setup race_setup() {
    Desk::Setup s;
    s.policy.value_age = Milliseconds{20'000.0}; // by bank: two walks
    s.version = "race";
    s.steady = TimePoint{std::chrono::hours(1)};
    return s;
}

std::optional<float> pictured(const Picture& picture, const ControlPath& real) {
    for (const FakeStrip& strip : picture.strips) {
        if (strip.id != real.strip.value) continue;
        int part = 0;
        const auto at = [](const auto& parts, std::uint32_t id) {
            for (std::size_t i = 0; i < parts.size(); ++i)
                if (parts[i].id == id) return static_cast<int>(i);
            return -1;
        };
        if (real.insert()) part = at(strip.inserts, real.insert().value);
        if (real.send()) part = at(strip.sends, real.send().value);
        if (part < 0) return std::nullopt;
        return held(strip, real.control, part, real.parameter);
    }
    return std::nullopt;
}

} // namespace

RaceWorld::RaceWorld(Addressing addressing, const LinkFaults& faults, std::uint32_t seed)
    : addressing_(addressing),
      random_(seed),
      host_(addressing),
      link_(faults, seed ^ 0x5EEDU),
      desk_(race_setup()),
      pace_(addressing == Addressing::by_bank ? Pace{4s, 2s, 10s} : Pace{250ms, 400ms, 1200ms}) {
    populate();
    host_.take_sent();
    host_.on_set = [this](const ControlPath& real, FakeHost::By by, const ControlValue& before,
                          const ControlValue& value) { set_reached(real, by, before, value); };
    BracketTiming timing;
    // By bank a look at what was hit takes walks, and the hands undo them.
    if (addressing == Addressing::by_bank) timing.repair_deadline = 120s;
    auto dialect = std::make_unique<FakeDialect>(addressing, traits_of(faults), timing);
    dialect_ = dialect.get();
    carry_out(desk_.attach(std::move(dialect), "fake", now_));
}

Duration RaceWorld::about(Duration mean) {
    const double u = (static_cast<double>(random_()) + 1.0) / 4294967297.0;
    return std::chrono::duration_cast<Duration>(mean * std::min(4.0, -std::log(u)));
}

float RaceWorld::between(float low, float high) {
    return low + (high - low) * static_cast<float>(random_() % 1'000'003U) / 1'000'003.0F;
}

// ---- the clock ------------------------------------------------------------------------------

void RaceWorld::run_until(TimePoint end, bool hands) {
    while (true) {
        TimePoint next = std::min({end, link_.next(), desk_.next_deadline()});
        if (hands) next = std::min({next, next_hand_, next_restructure_});
        for (const auto* due : {&releases_, &placings_})
            for (const auto& [at, strip] : *due) next = std::min(next, at);
        now_ = std::max(now_, next);
        if (now_ >= end) return;
        while (auto delivery = link_.take(now_)) deliver(std::move(*delivery));
        if (now_ >= desk_.next_deadline()) carry_out(desk_.handle(Tick{}, now_));
        for (const auto& [at, strip] : releases_)
            if (at <= now_) host_.touch(strip, false);
        std::erase_if(releases_, [&](const auto& r) { return r.first <= now_; });
        for (const auto& [at, strip] : placings_)
            if (at <= now_) place(strip);
        std::erase_if(placings_, [&](const auto& p) { return p.first <= now_; });
        if (hands && now_ >= next_hand_) hand();
        if (hands && now_ >= next_restructure_) restructure();
        drain_host();
    }
}

void RaceWorld::deliver(FakeLink::Delivery delivery) {
    if (delivery.to == FakeLink::To::host) {
        host_.receive(delivery.message);
        drain_host();
        return;
    }
    delivering_ = picture_from(delivery.message);
    carry_out(desk_.handle(WireArrived{{std::move(delivery.message)}}, now_));
    delivering_.reset();
}

void RaceWorld::drain_host() {
    for (OscMessage& message : host_.take_sent()) {
        if (message.address == "/picture")
            made_[std::get<std::int32_t>(message.arguments[1])] = now_;
        link_.send(FakeLink::To::us, std::move(message), now_);
    }
}

void RaceWorld::carry_out(Effects effects) {
    std::vector<MoveId> begun;
    for (Effect& effect : effects) {
        if (auto* wire = std::get_if<ToWire>(&effect)) {
            for (WireMessage& message : wire->messages) {
                auto& osc = std::get<OscMessage>(message);
                // The worst moment: while a write is on its way.
                if (osc.address == "/set" && chance(12))
                    next_restructure_ = std::min(next_restructure_, now_ + about(20ms));
                link_.send(FakeLink::To::host, std::move(osc), now_);
            }
        } else if (const auto* begin = std::get_if<JournalBegin>(&effect)) {
            begun.push_back(begin->record.move.id);
        } else if (const auto* finish = std::get_if<JournalFinish>(&effect)) {
            ended(finish->record);
        } else if (const auto* log = std::get_if<Log>(&effect)) {
            if (log->text.starts_with("host lost")) ++tally_.host_losses;
        }
    }
    for (const MoveId id : begun) {
        if (const auto watched = watched_.find(id); watched != watched_.end())
            watched->second.passed_gate = true;
        carry_out(desk_.handle(JournalBegun{id}, now_));
    }
}

void RaceWorld::connect() {
    run_until(now_ + 12s, false);
    settle();
}

void RaceWorld::round(int moves) {
    next_hand_ = now_ + about(pace_.hand);
    next_restructure_ = now_ + about(pace_.restructure);
    for (int i = 0; i < moves; ++i) {
        propose();
        run_until(now_ + about(pace_.move), true);
        if (chance(25)) undo();
    }
    settle();
    close_books();
}

// ---- ours -----------------------------------------------------------------------------------

namespace {

std::optional<ControlPath> some_control(const Strip& strip, unsigned dice, unsigned which) {
    const auto pick = [&](const auto& parts) -> const auto& { return parts[which % parts.size()]; };
    if (dice < 40) return ControlPath{strip.id, Control::fader, {}, 0};
    if (dice < 55) return ControlPath{strip.id, Control::pan, {}, 0};
    if (dice < 65) return ControlPath{strip.id, Control::mute, {}, 0};
    if (dice < 78) {
        if (strip.sends.empty()) return std::nullopt;
        return ControlPath{strip.id, dice < 75 ? Control::send : Control::send_enabled,
                           pick(strip.sends).id, 0};
    }
    if (strip.inserts.empty()) return std::nullopt;
    if (dice < 83) return ControlPath{strip.id, Control::bypass, pick(strip.inserts).id, 0};
    return ControlPath{strip.id, Control::parameter, pick(strip.inserts).id,
                       static_cast<std::uint16_t>(which / 7 % parameters_each)};
}

} // namespace

/// A move of a control whose value is known; older values are refused by the Gate by bank.
std::optional<Move> RaceWorld::thought_up() {
    const auto& strips = desk_.session().strips;
    if (strips.empty()) return std::nullopt;
    const auto path =
        some_control(strips[static_cast<std::size_t>(below(static_cast<int>(strips.size())))],
                     static_cast<unsigned>(below(100)), static_cast<unsigned>(below(1000)));
    if (!path) return std::nullopt;
    const auto value = desk_.session().value(*path);
    if (!value || desk_.moves().under_way(*path)) return std::nullopt;
    Move move;
    move.path = *path;
    move.epoch = desk_.session().epoch;
    if (const auto* on = std::get_if<bool>(&*value->value))
        move.target = !*on;
    else
        move.target =
            from_float(path->control, path->control == Control::pan         ? between(-1, 1)
                                      : path->control == Control::parameter ? between(0, 1)
                                                                            : between(-40, 5));
    if (chance(25)) move.glide = Milliseconds{50.0 + below(350)};
    return move;
}

void RaceWorld::propose() {
    std::optional<Move> move;
    for (int tries = 0; tries < 100 && !move; ++tries) {
        move = thought_up();
        if (!move) continue;
        const auto real = dialect_->witness(move->path);
        if (!real) move.reset();
    }
    if (!move) return;
    ++tally_.moves;
    Watched watched;
    watched.real = *dialect_->witness(move->path);
    watched.target = to_float(move->target);
    watched.before = to_float(*desk_.session().value(move->path)->value);
    watched.glides = move->glide.value() > 0;
    watched.proposed = now_;
    watched.lost = link_.lost();
    const MoveId next{
        desk_.moves().records().empty() ? 1 : desk_.moves().records().back().move.id.value + 1};
    watched_[next] = watched;
    Effects effects;
    desk_.propose(std::move(*move), true, now_, effects);
    carry_out(std::move(effects));
}

void RaceWorld::undo() {
    if (done_.empty()) return;
    const auto at = static_cast<std::size_t>(below(static_cast<int>(done_.size())));
    const MoveId id = done_[at];
    done_.erase(done_.begin() + static_cast<std::ptrdiff_t>(at));
    const MoveRecord original = *desk_.moves().find(id);
    ++tally_.undos;
    Watched watched = watched_.at(id);
    watched.target = to_float(original.before);
    watched.before = original.outcome->read_back ? to_float(*original.outcome->read_back)
                                                 : to_float(original.move.target);
    watched.glides = false;
    watched.proposed = now_;
    watched.lost = link_.lost();
    watched.passed_gate = false;
    watched.undoes = id;
    watched_[MoveId{desk_.moves().records().back().move.id.value + 1}] = watched;
    Effects effects;
    const auto begun = desk_.undo(id, now_, effects);
    if (!begun) {
        watched_.erase(MoveId{desk_.moves().records().back().move.id.value + 1});
        ++(begun.error().message.empty() ? tally_.undo_wrong : tally_.undo_refused);
    }
    carry_out(std::move(effects));
}

void RaceWorld::ended(const MoveRecord& record) {
    const auto found = watched_.find(record.move.id);
    if (record.stage != MoveStage::done || found == watched_.end() || record.undone) return;
    Watched& watched = found->second;
    if (watched.proposed == TimePoint{}) return; // counted already: a repair told later
    if (watched.undoes) {
        undo_ended(record, watched);
    } else {
        const auto kind = record.outcome->kind;
        using Kind = Outcome::Kind;
        tally_.confirmed += kind == Kind::confirmed;
        tally_.refused += kind == Kind::refused;
        tally_.refused_by_gate += kind == Kind::refused && !watched.passed_gate;
        tally_.unconfirmed += kind == Kind::unconfirmed;
        tally_.superseded += kind == Kind::superseded;
        tally_.failed += kind == Kind::failed;
        if (kind == Kind::confirmed) confirmed(record, watched);
        if (kind != Kind::refused) {
            judge_before(record, watched);
            done_.push_back(record.move.id);
        }
        if (undisturbed(watched)) {
            ++tally_.undisturbed;
            tally_.undisturbed_confirmed += kind == Kind::confirmed;
        }
    }
    watched.proposed = {};
}

void RaceWorld::confirmed(const MoveRecord& record, const Watched& watched) {
    const auto value = delivering_ ? pictured(*delivering_, watched.real) : std::nullopt;
    bool is_true =
        value && nearly_equal(from_float(watched.real.control, *value), record.move.target)
        && record.outcome->read_back && same_bits(*value, to_float(*record.outcome->read_back));
    if (is_true) {
        const TimePoint made = made_.at(delivering_->number);
        const auto& sets = sets_of(watched.real);
        const auto last = std::find_if(sets.rbegin(), sets.rend(), [&](const Set& s) {
            return s.at <= made && !same_bits(s.before, s.value);
        });
        // A hand that set the target itself took nothing away from the truth.
        if (last != sets.rend() && last->at >= watched.proposed)
            is_true = last->ours || last->by != FakeHost::By::stray;
    }
    if (!is_true) ++tally_.false_confirmed;
}

void RaceWorld::undo_ended(const MoveRecord& record, const Watched& watched) {
    if (record.outcome->kind == Outcome::Kind::refused) {
        ++(record.outcome->reason.empty() ? tally_.undo_wrong : tally_.undo_refused);
        return;
    }
    if (record.outcome->kind != Outcome::Kind::confirmed) {
        ++(record.outcome->reason.empty() ? tally_.undo_wrong : tally_.undo_open);
        return;
    }
    const auto value = delivering_ ? pictured(*delivering_, watched.real) : std::nullopt;
    const MoveRecord& original = *desk_.moves().find(watched.undoes);
    const auto& sets = sets_of(watched.real);
    const bool by_hand = !sets.empty() && sets.back().by == FakeHost::By::hand && value
                         && nearly_equal(from_float(watched.real.control, *value), original.before);
    if (value && (by_hand || same_bits(*value, to_float(original.before))))
        ++tally_.undone;
    else
        ++tally_.undo_wrong;
    confirmed(record, watched);
}

/// What the record says the control held before must be what it held when our first byte reached it, but
/// for what somebody set while that byte was on its way.
void RaceWorld::judge_before(const MoveRecord& record, const Watched& watched) {
    const auto& sets = sets_of(watched.real);
    const auto first = std::find_if(
        sets.begin(), sets.end(), [&](const Set& s) { return s.at >= watched.proposed && s.ours; });
    if (first == sets.end()) return;
    const float before = to_float(record.before);
    if (same_bits(first->before, before)) return;
    const bool raced = std::any_of(sets.begin(), first, [&](const Set& s) {
        return same_bits(s.before, before) && first->at - s.at < 5s;
    });
    if (!raced) ++tally_.undo_wrong;
}

bool RaceWorld::undisturbed(const Watched& watched) const {
    if (!watched.passed_gate || link_.lost() != watched.lost || !host_.value(watched.real))
        return false;
    const auto handled = handled_.find(watched.real.strip.value);
    return handled == handled_.end() || handled->second < watched.proposed;
}

} // namespace prefade::test
