#include "tests/contract/subject.h"

#include "tests/support/catch.h"

#include <algorithm>

namespace prefade::test {
namespace {

Desk::Setup setup() {
    Desk::Setup s;
    s.version = "contract";
    s.policy.value_age = Milliseconds{30'000.0};
    s.steady = TimePoint{1h};
    return s;
}

} // namespace

std::vector<SubjectMaker> all_subjects() {
    return {fake_by_id,
            fake_by_index,
            fake_by_index_in_order,
            fake_by_bank,
            fake_by_bank_in_order,
            ardour_sim,
            ardour_sim_losing,
            demo_host,
            mackie_ardour,
            mackie_live,
            mackie_reaper,
            mackie_logic,
            hui_plain,
            hui_partial_bank,
            hui_with_levels,
            hui_packed,
            hui_late,
            ptsl_plain,
            ptsl_without_events,
            ptsl_doubling,
            ptsl_late,
            ptsl_busy,
            ptsl_breaking,
            joined_plain,
            joined_late};
}

HostSubject::HostSubject(Traits which) : traits(std::move(which)), desk_(setup()) {}

void HostSubject::attach(std::unique_ptr<Dialect> dialect) {
    carry_out(desk_.attach(std::move(dialect), "here", now_));
}

void HostSubject::hear(std::vector<WireMessage> messages) {
    carry_out(desk_.handle(WireArrived{std::move(messages)}, now_));
}

void HostSubject::tick() { carry_out(desk_.handle(Tick{}, now_)); }

void HostSubject::carry_out(Effects effects) {
    for (const MoveRecord& record : desk_.moves().records())
        if (record.stage == MoveStage::in_place) in_place_[record.move.id] = true;
    for (Effect& effect : effects) {
        if (auto* wire = std::get_if<ToWire>(&effect)) {
            for (const WireMessage& message : wire->messages) to_host(message);
        } else if (const auto* begin = std::get_if<JournalBegin>(&effect)) {
            carry_out(desk_.handle(JournalBegun{begin->record.move.id}, now_));
        } else if (const auto* finish = std::get_if<JournalFinish>(&effect)) {
            if (finish->record.outcome && finish->record.outcome->kind == Outcome::Kind::confirmed)
                in_place_[finish->record.move.id] = true; // in place and done at the same instant
        }
    }
}

void HostSubject::connect() {
    REQUIRE(wait(30s, [&] {
        const auto& strips = session().strips;
        return session().host.state == HostState::connected && strips.size() == names().size()
               && std::all_of(strips.begin(), strips.end(), [&](const Strip& s) {
                      return is_switch() ? s.mute.is_known() : s.fader.is_known();
                  });
    }));
    pass(5s); // parameters and sends, and what else is read one by one
}

void HostSubject::pass(Duration span) { run(span); }

bool HostSubject::wait(Duration limit, const std::function<bool()>& holds) {
    for (const TimePoint end = now_ + limit; now_ < end; run(20ms))
        if (holds()) return true;
    return holds();
}

std::string HostSubject::shown(const std::string& name) const {
    return traits.full_names ? name : name.substr(0, traits.short_letters);
}

const Strip* HostSubject::find(const std::string& strip) const {
    for (const Strip& s : session().strips)
        if (s.name == shown(strip)) return &s;
    return nullptr;
}

std::optional<ControlPath> HostSubject::path(const Target& target) const {
    const Strip* strip = find(target.strip);
    if (!strip) return std::nullopt;
    ControlPath path{strip->id, target.control, {}, 0};
    if (target.control == Control::parameter || target.control == Control::bypass) {
        for (const Insert& insert : strip->inserts)
            if (insert.plugin == target.on) path.on = insert.id;
        path.parameter = target.control == Control::parameter ? target.parameter : std::uint16_t{0};
        if (!path.insert()) return std::nullopt;
    } else if (target.control == Control::send || target.control == Control::send_enabled) {
        for (const Send& send : strip->sends)
            if (send.destination == target.on) path.on = send.id;
        if (!path.send()) return std::nullopt;
    }
    return path;
}

MoveId HostSubject::start(const ControlPath& path, const ControlValue& value, Milliseconds glide) {
    Move move;
    move.path = path;
    move.target = value;
    move.glide = glide;
    move.epoch = session().epoch;
    Effects effects;
    const MoveId id = desk_.propose(std::move(move), true, now_, effects);
    carry_out(std::move(effects));
    return id;
}

MoveId HostSubject::start(const Target& target, const ControlValue& value, Milliseconds glide) {
    const auto to = path(target);
    REQUIRE(to);
    return start(*to, value, glide);
}

const MoveRecord& HostSubject::end(MoveId move) {
    INFO("move " << move.value << " of " << traits.name << " does not end");
    REQUIRE(wait(60s, [&] { return desk_.moves().is_done(move); }));
    const MoveRecord& record = *desk_.moves().find(move);
    REQUIRE(record.outcome);
    return record;
}

Result<MoveRecord> HostSubject::undo(MoveId move) {
    Effects effects;
    const auto begun = desk_.undo(move, now_, effects);
    if (!begun) return begun.error();
    carry_out(std::move(effects));
    return end(*begun);
}

void HostSubject::resync() { carry_out(desk_.handle(WireOverrun{7}, now_)); }

MoveRecord HostSubject::confirm(const Target& target, const ControlValue& value) {
    std::string reasons;
    for (int tries = traits.tries; tries > 0; --tries) {
        const MoveRecord& record = end(start(target, value));
        if (record.outcome->kind == Outcome::Kind::confirmed) return record;
        CHECK_FALSE(record.outcome->reason.empty());
        reasons += std::string(name_in(outcome_names, record.outcome->kind)) + ": "
                   + record.outcome->reason + '\n';
        pass(4s); // after a message that may still arrive, and a hand's pause
    }
    FAIL(traits.name << ": never confirmed\n" << reasons);
    return {};
}

bool HostSubject::was_in_place(MoveId move) const { return in_place_.contains(move); }

} // namespace prefade::test
