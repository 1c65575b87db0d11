// What Pro Tools tells unasked, at a simulated Pro Tools.
#include "tests/support/ptsl_rig.h"

using namespace prefade;
using namespace prefade::test;

namespace {

/// How long it takes until a switch that a hand turns is known.
Duration until_known(PtslRig& rig, bool PtslTrack::*which,
                     const std::function<bool(const Strip&)>& shows) {
    const TimePoint turned = rig.now;
    rig.host.session.set_by_hand("{b}", which, true);
    REQUIRE(rig.wait(5s, [&] { return shows(rig.strip("Bass")); }));
    return rig.now - turned;
}

} // namespace

TEST_CASE(
    "a switch turned in Pro Tools is known at once where it has events, else with the next list") {
    const auto muted = [](const Strip& strip) { return strip.mute.value == true; };
    const auto soloed = [](const Strip& strip) { return strip.solo.value == true; };
    const auto armed = [](const Strip& strip) { return strip.arm.value == true; };
    PtslRig rig({2025, 6, 0});
    rig.connect();
    CHECK(until_known(rig, &PtslTrack::muted, muted) < 150ms);
    CHECK(until_known(rig, &PtslTrack::soloed, soloed) < 150ms);
    CHECK(until_known(rig, &PtslTrack::armed, armed) < 150ms);

    PtslRig old({5, 0, 0});
    old.connect();
    const Duration slow = until_known(old, &PtslTrack::muted, muted);
    CHECK(slow > 150ms);
    CHECK(slow < 2s);
    CHECK(old.count(Command::subscribe_to_events) == 0);
    CHECK(old.count(Command::poll_events) == 0);
}

TEST_CASE("a Pro Tools track that comes later is followed too") {
    PtslRig rig;
    rig.connect();
    rig.host.session.tracks.insert(rig.host.session.tracks.begin(), {"{n}", "New"});
    REQUIRE(rig.wait(5s, [&] { return rig.session.strips.size() == 4; }));
    rig.run(4s); // the question for the next event is open for three
    const TimePoint turned = rig.now;
    rig.host.session.set_by_hand("{n}", &PtslTrack::muted, true);
    REQUIRE(rig.wait(5s, [&] { return rig.strip("New").mute.value == true; }));
    CHECK(rig.now - turned < 150ms);
}

TEST_CASE("a session that is closed in Pro Tools is known at once where it has events") {
    PtslRig rig;
    rig.connect();
    const TimePoint closed = rig.now;
    rig.host.session.close();
    REQUIRE(rig.wait(5s, [&] { return rig.session.strips.empty(); }));
    CHECK(rig.now - closed < 150ms);
}

TEST_CASE("an event that is lost is healed by the next list") {
    PtslHabits habits;
    habits.lost_events = 100;
    PtslRig rig(ptsl::newest_known, habits);
    rig.connect();
    const Duration took = until_known(rig, &PtslTrack::muted,
                                      [](const Strip& strip) { return strip.mute.value == true; });
    CHECK(took < 2s);
}

TEST_CASE("many events at once ask for few lists") {
    PtslRig rig;
    rig.connect();
    const auto before = rig.count(Command::get_track_list);
    for (int i = 0; i < 100; ++i)
        rig.host.session.set_by_hand("{b}", &PtslTrack::muted, i % 2 == 0);
    rig.run(1s);
    CHECK(rig.count(Command::get_track_list) - before <= 12);
    CHECK(rig.strip("Bass").mute.value == false);
}

TEST_CASE("a Pro Tools that refuses a kind of events keeps the others, and is not asked for ever") {
    PtslRig rig;
    rig.host.session.habits[Command::subscribe_to_events] = [&rig](const Json& body) {
        for (const Json& each : body["events"])
            if (each["event_id"] == 7 || each["event_id"] == 8)
                return PtslSession::failed(126, "no such event");
        auto& habits = rig.host.session.habits;
        const auto kept = habits[Command::subscribe_to_events];
        habits.erase(Command::subscribe_to_events);
        const PtslAnswer said = *rig.host.session.answer(Command::subscribe_to_events, body);
        habits[Command::subscribe_to_events] = kept;
        return said;
    };
    rig.connect();
    rig.run(60s);
    const auto asked = rig.count(Command::subscribe_to_events);
    CHECK(asked == 5); // session, arm, and three times in vain
    rig.run(60s);
    CHECK(rig.count(Command::subscribe_to_events) == asked);
    CHECK(until_known(rig, &PtslTrack::armed,
                      [](const Strip& strip) { return strip.arm.value == true; })
          < 150ms);
    CHECK_FALSE(rig.told<Noticed>().empty());
}

TEST_CASE("a Pro Tools without the commands of events, or that talks nonsense by them, is polled") {
    PtslRig rig;
    const bool nonsense = GENERATE(false, true);
    if (nonsense)
        rig.host.session.habits[Command::poll_events] = [](const Json&) -> PtslAnswer {
            return {3, R"({"event":{"event_id":"Surprise"}})", {}};
        };
    else
        rig.host.session.habits[Command::subscribe_to_events] = [](const Json&) {
            return PtslSession::failed(ptsl::unsupported_command);
        };
    rig.connect();
    rig.run(60s);
    CHECK(rig.count(Command::poll_events) <= (nonsense ? 14 : 0));
    CHECK(rig.count(Command::subscribe_to_events) <= 3);
    CHECK(until_known(rig, &PtslTrack::muted,
                      [](const Strip& strip) { return strip.mute.value == true; })
          < 2s);
    CHECK(rig.session.host.state == HostState::connected);
}

TEST_CASE("events are asked for anew when Pro Tools was away, or messages were dropped here") {
    PtslRig rig;
    rig.connect();
    const bool away = GENERATE(false, true);
    if (away) {
        rig.host.alive = false;
        REQUIRE(rig.wait(5s, [&] { return rig.session.host.state == HostState::lost; }));
        rig.host.restart();
        REQUIRE(rig.wait(10s, [&] { return rig.session.strips.size() == 3; }));
    } else {
        rig.cut = true;
        rig.host.session.set_by_hand("{k}", &PtslTrack::muted, true); // the event is lost here
        rig.run(100ms);
        rig.cut = false;
        DialectOutput out;
        rig.dialect.resync(rig.now, out);
        rig.carry(out);
    }
    rig.run(10s);
    CHECK(until_known(rig, &PtslTrack::muted,
                      [](const Strip& strip) { return strip.mute.value == true; })
          < 150ms);
}
