// The contract that every connector keeps, sentence by sentence, each on every subject. The desk, the gate, the
// moves and the brackets are the real ones; hosts and links are simulated, and time runs as the test says.
#include "tests/contract/subject.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <cmath>

using namespace prefade;
using namespace prefade::test;

namespace {

/// Every subject in turn, connected.
std::unique_ptr<HostSubject> each_subject() {
    const std::vector<SubjectMaker> makers = all_subjects();
    const auto index = GENERATE_COPY(range(std::size_t{0}, makers.size()));
    auto subject = makers[index]();
    subject->connect();
    return subject;
}

/// A value nothing has yet, and one that differs from the one before it with each `turn`.
ControlValue lower(const HostSubject& subject) { return subject.value(-17.5, true); }
ControlValue turned(const HostSubject& subject, int turn) {
    return subject.value(-21.0 - turn, turn % 2 == 0);
}

double step_of(const HostSubject& subject, const Target& target) {
    return target.control == Control::pan ? subject.traits.pan_step : 0.0;
}

bool is(const HostSubject& subject, const Target& target, const ControlValue& value) {
    const auto held = subject.held(target);
    const double margin = 1e-4 + step_of(subject, target);
    return held && *held == Approx(subject.on_the_wire(target, value)).margin(margin);
}

/// As near as that control of the host comes to a target.
bool tells(const HostSubject& subject, const Target& target, const ControlValue& told,
           const ControlValue& value) {
    const auto *is = std::get_if<Pan>(&told), *wanted = std::get_if<Pan>(&value);
    return nearly_equal(told, value)
           || (is && wanted && std::abs(is->value() - wanted->value()) <= step_of(subject, target));
}

/// What is moved here of all strips but one, as the host holds it.
std::map<std::string, float> others_than(const HostSubject& subject, const std::string& strip) {
    std::map<std::string, float> held;
    for (const std::string& name : subject.names())
        if (name != strip) held[name] = *subject.held(subject.main(name));
    return held;
}

std::vector<std::string> listed(const HostSubject& subject) {
    std::vector<std::string> names;
    for (const Strip& strip : subject.session().strips) names.push_back(strip.name);
    return names;
}

std::vector<std::string> expected(const HostSubject& subject) {
    std::vector<std::string> names = subject.names();
    for (std::string& name : names) name = subject.shown(name);
    return names;
}

bool wrote_or_refused(const MoveRecord& record) {
    return record.outcome->kind == Outcome::Kind::unconfirmed
           || record.outcome->kind == Outcome::Kind::refused;
}

} // namespace

TEST_CASE("names arrive, in full where the host tells them, marked where it cuts them") {
    const auto s = each_subject();
    INFO(s->traits.name);
    CHECK(listed(*s) == expected(*s));
    for (const Strip& strip : s->session().strips)
        CHECK(strip.name_is_short != s->traits.full_names);
}

TEST_CASE("what is set is echoed and ends confirmed, and the host holds it") {
    const auto s = each_subject();
    INFO(s->traits.name);
    std::vector<std::pair<Target, ControlValue>> sets{
        {s->main("Kick"), lower(*s)},          {{"Bass", Control::pan, {}, 0}, Pan{0.37}},
        {{"Vox", Control::mute, {}, 0}, true}, {s->traits.parameter, Normalized{0.731}},
        {s->traits.send, Decibel{-14.25}},
    };
    if (!s->traits.send.strip.empty()) {
        sets.push_back({s->traits.send, false});
        sets.back().first.control = Control::send_enabled;
        sets.push_back({s->traits.parameter, true});
        sets.back().first.control = Control::bypass;
    }
    for (const auto& [target, value] : sets) {
        if (target.strip.empty() || (target.control == Control::pan && !s->traits.pan)) continue;
        INFO(s->session().describe(*s->path(target)));
        const MoveRecord record = s->confirm(target, value);
        CHECK(is(*s, target, value));
        CHECK(s->was_in_place(record.move.id));
        CHECK(s->session().find(record.move.path.strip)->hand_at == TimePoint{}); // it was ours
        REQUIRE(record.outcome->read_back);
        CHECK(tells(*s, target, *record.outcome->read_back, value));
        CHECK(tells(*s, target, *s->session().value(*s->path(target))->value, value));
        s->pass(s->traits.late + 500ms);
    }
}

TEST_CASE("a glide ends on its target") {
    const auto s = each_subject();
    INFO(s->traits.name);
    bool confirmed = false;
    for (int tries = 0; tries < (s->traits.certain ? 1 : 8) && !confirmed; ++tries) {
        const auto& record =
            s->end(s->start(s->main("Vox"), turned(*s, tries), Milliseconds{600.0}));
        confirmed = record.outcome->kind == Outcome::Kind::confirmed;
        if (confirmed) CHECK(is(*s, s->main("Vox"), record.move.target));
        s->pass(4s);
    }
    CHECK(confirmed);
}

TEST_CASE("a renamed strip keeps its id, and is moved under its new name") {
    const auto s = each_subject();
    INFO(s->traits.name);
    const StripId id = s->find("Vox")->id;
    s->rename("Vox", "Singer");
    REQUIRE(s->wait(20s, [&] { return s->find("Singer") != nullptr; }));
    CHECK(s->find("Singer")->id == id);
    CHECK(s->find("Vox") == nullptr);
    s->pass(8s);
    const Target singer = s->main("Singer");
    s->confirm(singer, lower(*s));
    CHECK(is(*s, singer, lower(*s)));
}

TEST_CASE("a move of a strip that is removed moves no other") {
    const auto s = each_subject();
    INFO(s->traits.name);
    const ControlPath path = *s->path(s->main("Bass"));
    const auto before = others_than(*s, "Bass");
    const bool under_way = GENERATE(true, false);
    MoveId move;
    if (under_way) {
        move = s->start(path, lower(*s));
        s->remove("Bass");
    } else {
        s->remove("Bass");
        REQUIRE(s->wait(20s, [&] { return s->session().find(path.strip) == nullptr; }));
        move = s->start(path, lower(*s));
    }
    const MoveRecord record = s->end(move);
    CHECK(wrote_or_refused(record));
    CHECK_FALSE(record.outcome->reason.empty());
    s->pass(40s); // what went astray is put back
    CHECK(others_than(*s, "Bass") == before);
    CHECK(s->session().find(path.strip) == nullptr);
}

TEST_CASE("a reorder keeps the ids, and each still moves its own strip") {
    const auto s = each_subject();
    INFO(s->traits.name);
    std::map<std::string, StripId> ids;
    for (const std::string& name : s->names()) ids[name] = s->find(name)->id;
    s->move_first("Vox");
    REQUIRE(s->wait(30s, [&] { return listed(*s) == expected(*s); }));
    for (const std::string& name : s->names()) CHECK(s->find(name)->id == ids[name]);
    s->pass(8s);
    const auto others = others_than(*s, "Vox");
    s->confirm(s->main("Vox"), lower(*s));
    CHECK(is(*s, s->main("Vox"), lower(*s)));
    CHECK(others_than(*s, "Vox") == others);
}

TEST_CASE("a strip that moves between the look and the write is the one moved, or none is") {
    const auto s = each_subject();
    INFO(s->traits.name);
    for (int tries = 0; tries < 4; ++tries) {
        const auto others = others_than(*s, "Vox");
        const ControlValue target = turned(*s, tries);
        const MoveId move = s->start(s->main("Vox"), target);
        s->move_first(tries % 2 == 0 ? "Vox" : "Kick");
        const MoveRecord record = s->end(move);
        s->pass(40s);
        CHECK(others_than(*s, "Vox") == others);
        if (record.outcome->kind == Outcome::Kind::confirmed) CHECK(is(*s, s->main("Vox"), target));
    }
}

TEST_CASE("a write that is on its way when strips move is put right where it landed") {
    const auto s = each_subject();
    INFO(s->traits.name);
    for (int tries = 0; tries < 6; ++tries) {
        const auto others = others_than(*s, "Vox");
        const std::size_t sent = s->sets_sent();
        const MoveId move = s->start(s->main("Vox"), turned(*s, tries));
        for (int ms = 0; ms < 8000 && s->sets_sent() == sent; ++ms) s->pass(1ms);
        s->move_first(tries % 2 == 0 ? "Kick" : "Vox");
        const MoveRecord record = s->end(move);
        INFO(record.outcome->reason << "; " << record.proof);
        s->pass(60s); // by bank the look takes walks
        CHECK(others_than(*s, "Vox") == others);
        if (record.outcome->kind == Outcome::Kind::confirmed)
            CHECK(is(*s, s->main("Vox"), record.move.target));
    }
}

TEST_CASE("what this host does not have is refused and not sent") {
    const auto s = each_subject();
    INFO(s->traits.name);
    const std::size_t sets = s->sets_heard();
    const Strip* strip = s->find(s->traits.never.strip);
    REQUIRE(strip);
    const MoveRecord& record =
        s->end(s->start(ControlPath{strip->id, s->traits.never.control, {}, 0}, Decibel{-1.0}));
    CHECK(record.outcome->kind == Outcome::Kind::refused);
    CHECK_FALSE(record.outcome->reason.empty());
    s->pass(5s);
    CHECK(s->sets_heard() == sets);
}

TEST_CASE("a lost host is noticed within three seconds, and everything under way ends") {
    const auto s = each_subject();
    INFO(s->traits.name);
    const MoveId glide = s->start(s->main("Vox"), lower(*s), Milliseconds{10'000.0});
    s->pass(s->is_switch() ? 200ms : 700ms); // a switch does not glide: in its hold
    const MoveId fresh = s->start(s->main("Kick"), lower(*s));
    s->kill();
    const TimePoint killed = s->now();
    CHECK(s->wait(3s + s->traits.late, [&] { return s->session().host.state == HostState::lost; }));
    INFO("noticed after " << std::chrono::duration<double>(s->now() - killed).count() << " s");
    CHECK(wrote_or_refused(s->end(glide)));
    CHECK(wrote_or_refused(s->end(fresh)));
    CHECK(s->now() - killed <= 3s + s->traits.late + 20ms);
    const MoveRecord& after = s->end(s->start(*s->path(s->main("Bass")), lower(*s)));
    CHECK(after.outcome->kind == Outcome::Kind::refused);
}

TEST_CASE("a host that starts again is read anew, and moved") {
    const auto s = each_subject();
    INFO(s->traits.name);
    s->kill();
    REQUIRE(s->wait(6s, [&] { return s->session().host.state == HostState::lost; }));
    s->hand_sets(s->main("Kick"), s->value(-28.75, true)); // it comes back otherwise than it went
    s->start_again();
    REQUIRE(s->wait(10s, [&] { return s->session().host.state == HostState::connected; }));
    REQUIRE(s->wait(20s, [&] { return listed(*s) == expected(*s); }));
    s->pass(8s);
    CHECK(nearly_equal(*s->session().value(*s->path(s->main("Kick")))->value,
                       s->value(-28.75, true)));
    s->confirm(s->main("Vox"), lower(*s));
    CHECK(is(*s, s->main("Vox"), lower(*s)));
}

TEST_CASE("after losses a resync makes everything true again") {
    const auto s = each_subject();
    INFO(s->traits.name);
    if (!s->traits.paints_again) return; // it tells each change once, and nothing twice
    s->cut(true);
    s->hand_sets(s->main("Kick"), s->value(-31.5, true));
    s->hand_sets(s->main("Bass"), s->value(-32.5, true));
    s->hand_sets({"Vox", Control::mute, {}, 0}, true);
    s->pass(500ms);
    s->cut(false);
    s->resync();
    const auto told = [&](const Target& target, const ControlValue& value) {
        const auto path = s->path(target);
        const auto known = path ? s->session().value(*path) : std::nullopt;
        return known && nearly_equal(*known->value, value);
    };
    CHECK(s->wait(s->traits.certain ? 5s : 30s, [&] {
        return told(s->main("Kick"), s->value(-31.5, true))
               && told(s->main("Bass"), s->value(-32.5, true))
               && told({"Vox", Control::mute, {}, 0}, true);
    }));
}

TEST_CASE("meters carry their age, and a host that is gone meters nothing") {
    const auto s = each_subject();
    INFO(s->traits.name);
    const auto newest = [&] {
        TimePoint at{};
        for (const Strip& strip : s->session().strips)
            for (const Meter& meter : strip.meters) at = std::max(at, meter.latest.at);
        return at;
    };
    if (!s->traits.meters) {
        CHECK(newest() == TimePoint{});
        CHECK_FALSE(s->find("Vox")->meter(MeterKind::sample_peak, Tap::post_fader));
        return;
    }
    double level = -12.0;
    REQUIRE(s->wait(5s, [&] {
        s->play("Vox", level = level == -12.0 ? -12.5 : -12.0);
        const auto& meters = s->find("Vox")->meters;
        return !meters.empty() && meters.front().latest.value == Approx(-12.25).margin(0.3);
    }));
    CHECK(s->now() - s->find("Vox")->meters.front().latest.at < 500ms);
    s->kill();
    const TimePoint killed = s->now();
    s->pass(10s);
    CHECK(s->session().host.state == HostState::lost);
    CHECK(newest() <= killed); // ten seconds old, and so it says
}

TEST_CASE("a hand that takes over supersedes the move and is left its value") {
    const auto s = each_subject();
    INFO(s->traits.name);
    const MoveId glide = s->start(s->main("Vox"), lower(*s), Milliseconds{5000.0});
    REQUIRE(s->wait(10s, [&] {
        return s->is_switch() ? s->was_in_place(glide) || s->is_over(glide) : s->sets_heard() > 2;
    }));
    const ControlValue theirs = s->value(-1.75, false);
    s->hand_sets(s->main("Vox"), theirs);
    const MoveRecord& record = s->end(glide);
    if (s->traits.certain) {
        CHECK(record.outcome->kind == Outcome::Kind::superseded);
        s->pass(5s);
        if (s->traits.late == Duration::zero()) // else a step may have been on its way to it
            CHECK(is(*s, s->main("Vox"), theirs));
    } else { // a step may have been on its way, and lands after the hand
        CHECK(record.outcome->kind != Outcome::Kind::confirmed);
    }
    CHECK_FALSE(record.outcome->reason.empty());
}

TEST_CASE("a hand on a fader keeps us off it for two seconds") {
    const auto s = each_subject();
    INFO(s->traits.name);
    if (!s->traits.certain) return; // there a hand may be heard of twice
    const ControlValue theirs = s->value(-9.25, true), ours = s->value(-17.5, false);
    s->hand_sets(s->main("Vox"), theirs);
    s->resync(); // by bank it may be out of sight
    REQUIRE(s->wait(20s, [&] {
        const auto known = s->session().value(*s->path(s->main("Vox")));
        return known && nearly_equal(*known->value, theirs);
    }));
    const MoveRecord refused = s->end(s->start(s->main("Vox"), ours));
    CHECK(refused.outcome->kind == Outcome::Kind::refused);
    CHECK_THAT(refused.outcome->reason, Catch::Matchers::Contains("a hand moved \"Vox\""));
    CHECK(is(*s, s->main("Vox"), theirs));
    s->pass(2s + s->traits.late);
    s->confirm(s->main("Vox"), ours);
    CHECK(is(*s, s->main("Vox"), ours));
}

TEST_CASE("undo brings back exactly what the host held") {
    const auto s = each_subject();
    INFO(s->traits.name);
    std::vector<std::pair<Target, ControlValue>> sets{{s->main("Vox"), lower(*s)},
                                                      {{"Bass", Control::pan, {}, 0}, Pan{-0.41}},
                                                      {{"Kick", Control::mute, {}, 0}, true},
                                                      {s->traits.parameter, Normalized{0.219}},
                                                      {s->traits.send, Decibel{-23.5}}};
    for (const auto& [target, value] : sets) {
        if (target.strip.empty() || (target.control == Control::pan && !s->traits.pan)) continue;
        INFO(s->session().describe(*s->path(target)));
        const float before = *s->held(target);
        const ControlValue from = *s->session().value(*s->path(target))->value;
        const MoveId done = s->confirm(target, value).move.id;
        bool undone = false;
        for (int tries = s->traits.tries; tries > 0 && !undone; --tries) {
            s->pass(s->traits.late + 2500ms);
            const auto record = s->undo(done);
            if (record && record->outcome->kind != Outcome::Kind::confirmed)
                CHECK_FALSE(record->outcome->reason.empty());
            // A proof that was lost does not take back what was done.
            undone = record ? record->outcome->kind == Outcome::Kind::confirmed
                            : nearly_equal(*s->session().value(*s->path(target))->value, from);
        }
        CHECK(undone);
        s->pass(s->traits.late + 2500ms);
        CHECK(std::abs(*s->held(target) - before) <= s->traits.grain);
    }
}
