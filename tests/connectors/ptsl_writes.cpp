// Mute and solo through Pro Tools' scripting interface, at a simulated Pro Tools.
#include "tests/support/ptsl_rig.h"

using namespace prefade;
using namespace prefade::test;
using Catch::Matchers::Contains;

TEST_CASE("mute and solo of a Pro Tools track are written by its name and read back") {
    PtslRig rig;
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
    PtslRig rig;
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
    PtslRig rig;
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
    PtslRig rig;
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
    PtslRig rig;
    rig.connect();
    rig.just_before(Command::get_track_list, [&] { rig.track("{v}").name = "Singer"; });
    REQUIRE(rig.move("Vox", Control::mute, true));
    REQUIRE(rig.wait(10s, [&] { return rig.ended(); }));
    CHECK(rig.told<WriteProved>().size() == 1);
    CHECK(rig.muted("{v}"));
}

TEST_CASE("names exchanged between the look and the write mislead it, which is seen and put back") {
    PtslRig rig;
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
    PtslRig rig;
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
    PtslRig rig;
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
    PtslRig old({1, 0, 0});
    old.connect();
    const auto mute = old.move("Vox", Control::mute, true);
    REQUIRE_FALSE(mute);
    CHECK_THAT(mute.error().message, Contains("SetTrackMuteState"));
    PtslRig rig;
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
    PtslRig rig;
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
    PtslRig rig;
    rig.connect();
    REQUIRE(rig.move("Vox", Control::mute, true));
    REQUIRE(rig.wait(5s, [&] { return !rig.told<WriteInPlace>().empty(); }));
    rig.host.session.set_by_hand("{v}", &PtslTrack::muted, false);
    REQUIRE(rig.wait(10s, [&] { return rig.ended(); }));
    CHECK(rig.told<WriteSuperseded>().size() == 1);
    CHECK_FALSE(rig.muted("{v}"));
}

TEST_CASE("a Pro Tools that says that it is done proves nothing by that") {
    PtslRig rig;
    rig.connect();
    std::string expected = "the host holds off";
    SECTION("it does nothing") {
        rig.host.session.habits[Command::set_track_mute_state] = [](const Json&) {
            return PtslAnswer{};
        };
    }
    SECTION("it does it a moment later, which is confirmed then") {
        rig.host.session.habits[Command::set_track_mute_state] = [&rig](const Json&) {
            rig.just_before(Command::get_session_name, [&rig] { rig.track("{v}").muted = true; });
            return PtslAnswer{};
        };
        expected.clear();
    }
    SECTION("it does it to another track, which is no address of ours") {
        rig.host.session.habits[Command::set_track_mute_state] = [&rig](const Json&) {
            rig.track("{k}").muted = true;
            return PtslAnswer{};
        };
    }
    SECTION("it does not tell switches any more") {
        rig.host.session.habits[Command::set_track_mute_state] = [&rig](const Json&) {
            rig.host.session.habits[Command::get_track_list] = [](const Json&) -> PtslAnswer {
                return {
                    3, R"({"track_list":[{"id":"{v}","name":"Vox","type":"TType_Audio"}]})", {}};
            };
            return PtslAnswer{};
        };
        expected = "no echo";
    }
    REQUIRE(rig.move("Vox", Control::mute, true));
    REQUIRE(rig.wait(20s, [&] { return rig.ended(); }));
    CHECK(rig.told<WriteProved>().size() == (expected.empty() ? 1 : 0));
    CHECK(rig.told<WriteMisled>().empty());
    if (expected.empty()) return;
    const auto failed = rig.told<WriteFailed>();
    const auto unproved = rig.told<WriteUnproved>();
    REQUIRE(failed.size() + unproved.size() == 1);
    CHECK_THAT(failed.empty() ? unproved.front().reason : failed.front().reason,
               Contains(expected));
}
