// Mute and solo through Pro Tools' scripting interface, and its events: the dialect at a simulated Pro Tools.
#include "connectors/ptsl/dialect.h"
#include "core/observation.h"
#include "tests/support/approved.h"
#include "tests/support/catch.h"
#include "tests/support/ptsl_host.h"

#include <algorithm>
#include <functional>

using namespace prefade;
using namespace prefade::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using ptsl::Command;

namespace {

HostProfile sdk_profile() {
    HostProfile made;
    made.name = "protools-sdk";
    made.title = "Pro Tools";
    return made;
}

class WritingRig {
public:
    explicit WritingRig(ptsl::Version version = ptsl::newest_known, const PtslHabits& habits = {})
        : host(version, habits),
          dialect(sdk_profile(), "here") {
        host.session.tracks = {{"{k}", "Kick"}, {"{b}", "Bass"}, {"{v}", "Vox"}};
    }
    void connect() {
        REQUIRE(wait(10s, [&] { return session.strips.size() == host.session.tracks.size(); }));
        run(5s); // events are followed within three seconds
    }
    void run(Duration span) {
        for (const TimePoint end = now + span; now < end;) {
            now = std::max(now, std::min({end, host.next_deadline(), due_}));
            for (const CallMessage& answer : host.tell(now)) {
                if (cut) continue;
                DialectOutput out;
                dialect.receive(answer, now, out);
                carry(out);
                due_ = now;
            }
            if (now < due_) continue;
            DialectOutput out;
            due_ = dialect.tick(now, out);
            carry(out);
        }
    }
    bool wait(Duration limit, const std::function<bool()>& holds) {
        for (const TimePoint end = now + limit; now < end && !holds();) run(1ms);
        return holds();
    }
    void carry(DialectOutput& out) {
        for (const Observation& each : out.observed) {
            apply(session, each);
            observed.push_back(each);
        }
        for (const WireMessage& message : out.to_send) {
            const auto& question = std::get<CallMessage>(message);
            asked.push_back(question);
            host.ask(question);
        }
    }
    Result<void> move(const std::string& name, Control control, bool on) {
        const ControlPath path{strip(name).id, control, {}, 0};
        DialectOutput out;
        const auto begun = dialect.encode(approved(MoveId{++moves_}, path, !on, on), now, out);
        carry(out);
        due_ = now;
        return begun;
    }
    const Strip& strip(const std::string& name) const {
        for (const Strip& each : session.strips)
            if (each.name == name) return each;
        FAIL("no strip " << name);
        return session.strips.front();
    }
    bool muted(const std::string& id) const {
        for (const PtslTrack& each : host.session.tracks)
            if (each.id == id) return each.muted;
        FAIL("no track " << id);
        return false;
    }
    PtslTrack& track(const std::string& id) {
        return *std::find_if(host.session.tracks.begin(), host.session.tracks.end(),
                             [&](const PtslTrack& each) { return each.id == id; });
    }
    template <class T> std::vector<T> told() const {
        std::vector<T> all;
        for (const Observation& each : observed)
            if (const auto* what = std::get_if<T>(&each.what)) all.push_back(*what);
        return all;
    }
    auto count(Command command) const {
        return std::count_if(asked.begin(), asked.end(), [&](const CallMessage& each) {
            return each.command == name_in(ptsl::command_names, command);
        });
    }
    bool ended() const {
        return !told<WriteProved>().empty() || !told<WriteRefused>().empty()
               || !told<WriteFailed>().empty() || !told<WriteUnproved>().empty()
               || !told<WriteSuperseded>().empty();
    }
    /// The host does `what` when it is asked the next time for `command`, before it answers.
    void just_before(Command command, std::function<void()> what) {
        host.session.habits[command] = [this, command, what](const Json& body) {
            host.session.habits.erase(command);
            what();
            return *host.session.answer(command, body);
        };
    }

    TimePoint now{1000s};
    PtslHost host;
    ptsl::Dialect dialect;
    Session session;
    std::vector<Observation> observed;
    std::vector<CallMessage> asked;
    bool cut{false};

private:
    TimePoint due_{};
    std::uint32_t moves_{0};
};

} // namespace

TEST_CASE("mute and solo of a Pro Tools track are written by its name and read back") {
    WritingRig rig;
    rig.connect();
    for (const Control control : {Control::mute, Control::solo}) {
        rig.observed.clear();
        REQUIRE(rig.move("Vox", control, true));
        REQUIRE(rig.wait(10s, [&] { return rig.ended(); }));
        REQUIRE(rig.told<WriteProved>().size() == 1);
        CHECK(std::get<bool>(rig.told<WriteProved>().front().read_back));
        CHECK(rig.told<WriteBegins>().size() == 1);
        CHECK(rig.told<WriteInPlace>().size() == 1);
    }
    CHECK(rig.muted("{v}"));
    CHECK(rig.track("{v}").soloed);
    CHECK_FALSE(rig.muted("{k}"));
    CHECK(rig.strip("Vox").mute.value == true);
    CHECK(rig.count(Command::set_track_mute_state) == 1);
    CHECK(rig.count(Command::set_track_solo_state) == 1);
}

TEST_CASE("before a Pro Tools track is written the list is read, and after it again") {
    WritingRig rig;
    rig.connect();
    rig.asked.clear();
    REQUIRE(rig.move("Vox", Control::mute, true));
    rig.run(3s);
    std::vector<std::string> order;
    for (const CallMessage& each : rig.asked)
        if (each.command == "GetTrackList" || each.command == "SetTrackMuteState")
            order.push_back(each.command);
    const auto set = std::find(order.begin(), order.end(), "SetTrackMuteState");
    REQUIRE(set != order.end());
    CHECK(set != order.begin());
    CHECK(std::count(set, order.end(), "GetTrackList") >= 2); // the echo, and the end of the hold
}

TEST_CASE("a name that two Pro Tools tracks share is not written to") {
    WritingRig rig;
    rig.host.session.tracks.push_back({"{x}", "Vox", "TType_Markers"}); // not even a strip's
    REQUIRE(rig.wait(10s, [&] { return rig.session.strips.size() == 3; }));
    rig.run(2s);
    REQUIRE(rig.move("Vox", Control::mute, true));
    REQUIRE(rig.wait(10s, [&] { return rig.ended(); }));
    REQUIRE(rig.told<WriteRefused>().size() == 1);
    CHECK_THAT(rig.told<WriteRefused>().front().reason, Contains("2 tracks are called \"Vox\""));
    CHECK(rig.count(Command::set_track_mute_state) == 0);
}

TEST_CASE("a Pro Tools track that is gone, or was switched by hand, is not written to") {
    WritingRig rig;
    rig.connect();
    std::string reason;
    SECTION("gone") {
        rig.just_before(Command::get_track_list, [&] {
            std::erase_if(rig.host.session.tracks,
                          [](const PtslTrack& each) { return each.id == "{v}"; });
        });
        reason = "not in the session any more";
    }
    SECTION("switched") {
        rig.just_before(Command::get_track_list, [&] { rig.track("{v}").muted = true; });
        reason = "changed since it was looked at";
    }
    REQUIRE(rig.move("Vox", Control::mute, true));
    REQUIRE(rig.wait(10s, [&] { return rig.ended(); }));
    REQUIRE(rig.told<WriteRefused>().size() == 1);
    CHECK_THAT(rig.told<WriteRefused>().front().reason, Contains(reason));
    CHECK(rig.count(Command::set_track_mute_state) == 0);
}

TEST_CASE("a Pro Tools track renamed since it was read is written by its new name") {
    WritingRig rig;
    rig.connect();
    rig.just_before(Command::get_track_list, [&] { rig.track("{v}").name = "Singer"; });
    REQUIRE(rig.move("Vox", Control::mute, true));
    REQUIRE(rig.wait(10s, [&] { return rig.ended(); }));
    CHECK(rig.told<WriteProved>().size() == 1);
    CHECK(rig.muted("{v}"));
}

TEST_CASE("names exchanged between the look and the write mislead it, which is seen and put back") {
    WritingRig rig;
    rig.connect();
    rig.just_before(Command::set_track_mute_state,
                    [&] { std::swap(rig.track("{v}").name, rig.track("{b}").name); });
    REQUIRE(rig.move("Vox", Control::mute, true));
    rig.run(30s);
    CHECK_FALSE(rig.muted("{b}")); // it was hit
    CHECK_FALSE(rig.muted("{v}"));
    REQUIRE(rig.told<WriteMisled>().size() == 1);
    CHECK(rig.told<WriteMisled>().front().restored);
    CHECK(rig.told<WriteProved>().empty());
    CHECK(rig.told<WriteFailed>().size() == 1);
    CHECK(rig.count(Command::set_track_mute_state) == 2);
}

TEST_CASE("a name that another Pro Tools track took for a moment is looked for as well") {
    WritingRig rig;
    rig.connect();
    rig.just_before(Command::set_track_mute_state, [&] {
        rig.track("{v}").name = "Singer";
        rig.track("{b}").name = "Vox";
    });
    REQUIRE(rig.move("Vox", Control::mute, true));
    rig.just_before(Command::get_track_list, [] {}); // the proof
    REQUIRE(rig.wait(5s, [&] { return rig.count(Command::set_track_mute_state) == 1; }));
    rig.just_before(Command::get_track_list, [&] { rig.track("{b}").name = "Bass"; });
    rig.run(30s);
    // Bass has the name it had: nothing shows that it was called Vox meanwhile, but that the target's name changed.
    CHECK(rig.told<WriteProved>().empty());
    CHECK_FALSE(rig.muted("{v}"));
    CHECK_FALSE(rig.muted("{b}"));
}

TEST_CASE("what Pro Tools says against a write is told, and the write ends as not done") {
    WritingRig rig;
    rig.connect();
    rig.host.session.habits[Command::set_track_mute_state] = [](const Json&) {
        return PtslSession::failed(130, "not for this one");
    };
    REQUIRE(rig.move("Vox", Control::mute, true));
    REQUIRE(rig.wait(10s, [&] { return rig.ended(); }));
    REQUIRE(rig.told<WriteFailed>().size() == 1);
    CHECK_THAT(rig.told<WriteFailed>().front().reason, Contains("the host holds off"));
    REQUIRE(rig.told<Noticed>().size() == 1);
    CHECK_THAT(rig.told<Noticed>().front().text, Contains("not for this one"));
    CHECK(rig.dialect.capabilities().has(Capability::write_mute)); // of this track, not of all

    rig.observed.clear();
    rig.host.session.habits[Command::set_track_mute_state] = [](const Json&) {
        return PtslSession::failed(ptsl::unsupported_command);
    };
    REQUIRE(rig.move("Vox", Control::mute, true));
    REQUIRE(rig.wait(10s, [&] { return rig.ended(); }));
    CHECK_FALSE(rig.dialect.capabilities().has(Capability::write_mute));
    CHECK(rig.dialect.capabilities().has(Capability::write_solo));
    CHECK(rig.told<CapabilitiesChanged>().size() == 1);
    CHECK(rig.move("Vox", Control::mute, true).error().code == ErrorCode::unsupported);
}

TEST_CASE("what Pro Tools does not have is refused at once") {
    WritingRig old({1, 0, 0});
    old.connect();
    const auto mute = old.move("Vox", Control::mute, true);
    REQUIRE_FALSE(mute);
    CHECK_THAT(mute.error().message, Contains("SetTrackMuteState"));
    WritingRig rig;
    rig.connect();
    const ControlPath fader{rig.strip("Vox").id, Control::fader, {}, 0};
    DialectOutput out;
    const auto moved =
        rig.dialect.encode(approved(MoveId{9}, fader, Decibel{-3.0}, Decibel{-6.0}), rig.now, out);
    REQUIRE_FALSE(moved);
    CHECK(moved.error().code == ErrorCode::unsupported);
    CHECK(out.to_send.empty());
}

TEST_CASE("a Pro Tools that goes, or closes its session, in the middle of a write proves nothing") {
    WritingRig rig;
    rig.connect();
    const bool closes = GENERATE(false, true);
    REQUIRE(rig.move("Vox", Control::mute, true));
    REQUIRE(rig.wait(5s, [&] { return rig.count(Command::set_track_mute_state) == 1; }));
    if (closes)
        rig.host.session.close();
    else
        rig.host.alive = false;
    REQUIRE(rig.wait(10s, [&] { return rig.ended(); }));
    CHECK(rig.told<WriteUnproved>().size() == 1);
    CHECK(rig.told<WriteProved>().empty());
}

TEST_CASE("a hand that takes a switch back during the hold supersedes the write") {
    WritingRig rig;
    rig.connect();
    REQUIRE(rig.move("Vox", Control::mute, true));
    REQUIRE(rig.wait(5s, [&] { return !rig.told<WriteInPlace>().empty(); }));
    rig.host.session.set_by_hand("{v}", &PtslTrack::muted, false);
    REQUIRE(rig.wait(10s, [&] { return rig.ended(); }));
    CHECK(rig.told<WriteSuperseded>().size() == 1);
    CHECK_FALSE(rig.muted("{v}"));
}

// ---- events ---------------------------------------------------------------------------------

namespace {

/// How long it takes until a switch that a hand turns is known.
Duration until_known(WritingRig& rig, bool PtslTrack::*which,
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
    WritingRig rig({2025, 6, 0});
    rig.connect();
    CHECK(until_known(rig, &PtslTrack::muted, muted) < 150ms);
    CHECK(until_known(rig, &PtslTrack::soloed, soloed) < 150ms);
    CHECK(until_known(rig, &PtslTrack::armed, armed) < 150ms);

    WritingRig old({5, 0, 0});
    old.connect();
    const Duration slow = until_known(old, &PtslTrack::muted, muted);
    CHECK(slow > 150ms);
    CHECK(slow < 2s);
    CHECK(old.count(Command::subscribe_to_events) == 0);
    CHECK(old.count(Command::poll_events) == 0);
}

TEST_CASE("a Pro Tools track that comes later is followed too") {
    WritingRig rig;
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
    WritingRig rig;
    rig.connect();
    const TimePoint closed = rig.now;
    rig.host.session.close();
    REQUIRE(rig.wait(5s, [&] { return rig.session.strips.empty(); }));
    CHECK(rig.now - closed < 150ms);
}

TEST_CASE("an event that is lost is healed by the next list") {
    PtslHabits habits;
    habits.lost_events = 100;
    WritingRig rig(ptsl::newest_known, habits);
    rig.connect();
    const Duration took = until_known(rig, &PtslTrack::muted,
                                      [](const Strip& strip) { return strip.mute.value == true; });
    CHECK(took < 2s);
}

TEST_CASE("many events at once ask for few lists") {
    WritingRig rig;
    rig.connect();
    const auto before = rig.count(Command::get_track_list);
    for (int i = 0; i < 100; ++i)
        rig.host.session.set_by_hand("{b}", &PtslTrack::muted, i % 2 == 0);
    rig.run(1s);
    CHECK(rig.count(Command::get_track_list) - before <= 12);
    CHECK(rig.strip("Bass").mute.value == false);
}

TEST_CASE("a Pro Tools that refuses a kind of events keeps the others, and is not asked for ever") {
    WritingRig rig;
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
    WritingRig rig;
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
    WritingRig rig;
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
