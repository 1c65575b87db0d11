// The mixer changes while a message of ours is on its way, so that it reaches another strip: that one is put back.
#include "tests/support/mackie_rig.h"

using namespace prefade;
using namespace prefade::test;

namespace {

/// Hosts that tell a fader back that the surface has moved: what the cell showed before is known.
MackieHabits echoing_habits() {
    const auto all = all_habits();
    const MackieHabits habits = all[GENERATE(range(std::size_t{0}, std::size_t{4}))];
    return habits.echoes ? habits : ardour_habits();
}

/// Does `change` to the host just before the first message that is `such` arrives there.
void once(MackieRig& rig, bool (*such)(const MidiMessage&), std::function<void()> change) {
    rig.on_the_way = [&rig, such, change = std::move(change)](const MidiMessage& message) {
        if (!such(message)) return;
        rig.on_the_way = nullptr;
        change();
        rig.host.changed(rig.now);
    };
}

MackieStrip made(const std::string& name, std::uint16_t fader) {
    MackieStrip strip;
    strip.name = name;
    strip.fader = fader;
    return strip;
}

} // namespace

TEST_CASE("a track that nobody knew yet goes back to what its cell showed before our echo") {
    const MackieHabits habits = echoing_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    once(rig, moves_fader, [&] { // a copy of a track, with its own level: no new track's 0 dB
        rig.host.strips.insert(rig.host.strips.begin() + 2, made("Copy", 4321));
    });
    REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-12.5}));
    rig.run(60s);
    REQUIRE_FALSE(rig.on_the_way); // it has met the change
    CHECK(rig.host.strips[2].fader == 4321);
    CHECK(rig.all<WriteMisled>().size() == 1);
    CHECK(rig.all<WriteProved>().empty());
}

TEST_CASE("a track that was made and is out of sight again is looked for all the same") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(20));
    rig.connect();
    const auto new_track = static_cast<std::uint16_t>(12'808); // 0 dB
    once(rig, moves_fader,
         [&] { rig.host.strips.insert(rig.host.strips.begin(), made("New", new_track)); });
    REQUIRE(rig.encode(rig.path("Trk 1", Control::fader), Decibel{-12.5}));
    REQUIRE(rig.wait(10s, [&] { return rig.on_the_way == nullptr; }));
    rig.run(50ms);
    rig.host.bank(1, rig.now); // a hand on the banks: the window is what it was before
    rig.run(60s);
    REQUIRE(rig.host.strips[0].name == "New");
    CHECK(rig.host.strips[0].fader == new_track);
}

TEST_CASE("a switch of a track that was just made is turned back") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    once(rig, presses_mute,
         [&] { rig.host.strips.insert(rig.host.strips.begin() + 3, made("New", 12'808)); });
    REQUIRE(rig.encode(rig.path("Trk 4", Control::mute), true));
    REQUIRE(rig.wait(10s, [&] { return rig.on_the_way == nullptr; }));
    rig.run(60s);
    REQUIRE(rig.host.strips[3].name == "New");
    CHECK_FALSE(rig.host.strips[3].mute);
}

TEST_CASE("a switch of one of two tracks that show the same name is turned back") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    auto strips = mackie_strips(12);
    strips[3].name = strips[9].name = "Guitar";
    MackieRig rig(habits, 1, std::move(strips));
    rig.connect();
    const bool was = rig.host.strips[3].mute, other = rig.host.strips[9].mute;
    once(rig, presses_mute, [&] { rig.host.strips.erase(rig.host.strips.begin() + 2); });
    REQUIRE(rig.encode(rig.path("Trk 3", Control::mute), !rig.host.strips[2].mute));
    REQUIRE(rig.wait(10s, [&] { return rig.on_the_way == nullptr; }));
    rig.run(60s);
    REQUIRE(rig.host.strips[2].name == "Guitar");
    CHECK(rig.host.strips[2].mute == was);
    CHECK(rig.host.strips[8].mute == other);
}

TEST_CASE("a new track at 0 dB is not taken for one that our 0 dB has hit") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    const auto was = rig.host.strips[3].fader;
    once(rig, moves_fader, [&] {
        std::swap(rig.host.strips[2], rig.host.strips[3]);
        rig.host.strips.insert(rig.host.strips.begin() + 6, made("New", 12'808));
    });
    REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{0.0}));
    rig.run(60s);
    REQUIRE_FALSE(rig.on_the_way);
    REQUIRE(rig.host.strips[2].name == "Trk 4");
    CHECK(rig.host.strips[2].fader == was);
    REQUIRE(rig.host.strips[6].name == "New");
    CHECK(rig.host.strips[6].fader == 12'808);
}

TEST_CASE("a track that two messages have hit, one after the other, is put back") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    const auto was = rig.host.strips[3].fader;
    int steps = 0; // of a glide: the second and the third meet the other strip in the cell
    rig.on_the_way = [&](const MidiMessage& message) {
        if (!moves_fader(message)) return;
        ++steps;
        if (steps != 2 && steps != 3) return;
        std::swap(rig.host.strips[2], rig.host.strips[3]);
        rig.host.changed(rig.now);
    };
    REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-12.5}, Milliseconds{200.0}));
    rig.run(60s);
    REQUIRE(steps > 3);
    REQUIRE(rig.host.strips[3].name == "Trk 4");
    CHECK(rig.host.strips[3].fader == was);
}

TEST_CASE("a switch is turned back of a track that a hand has moved on since, so that it goes by "
          "another id") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    REQUIRE(rig.host.strips[10].name == "Trk 11");
    const bool was = rig.host.strips[10].mute;
    once(rig, presses_mute, [&] {
        std::rotate(rig.host.strips.begin() + 3, rig.host.strips.begin() + 10,
                    rig.host.strips.begin() + 11);
    });
    REQUIRE(rig.encode(rig.path("Trk 4", Control::mute), true));
    REQUIRE(rig.wait(10s, [&] { return rig.on_the_way == nullptr; }));
    REQUIRE(rig.host.strips[3].name == "Trk 11");
    REQUIRE(rig.host.strips[3].mute != was);
    rig.run(habits.latency + 20ms);
    rig.host.strips[3].fader = 5000;
    rig.host.changed(rig.now);
    rig.run(60s);
    CHECK(rig.host.strips[3].mute == was);
}

TEST_CASE("a switch is turned back of a track that was in the cell for a moment only") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(20));
    rig.connect();
    const bool was = rig.host.strips[8].mute;
    once(rig, presses_mute, [&] { rig.host.bank(8, rig.now); });
    REQUIRE(rig.encode(rig.path("Trk 1", Control::mute), true));
    REQUIRE(rig.wait(10s, [&] { return rig.on_the_way == nullptr; }));
    rig.run(50ms);
    rig.host.bank(-8, rig.now);
    rig.run(60s);
    CHECK(rig.host.strips[8].mute == was);
}

TEST_CASE("of two tracks that show one name each stays itself when one of them goes") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    auto strips = mackie_strips(12);
    strips[3].name = strips[4].name = "Guitar";
    MackieRig rig(habits, 1, std::move(strips));
    rig.connect();
    const auto level_of = [&](StripId id) {
        return rig.session.value({id, Control::fader, {}, 0});
    };
    const StripId first = rig.session.strips[3].id, second = rig.session.strips[4].id;
    const auto level = level_of(second)->value;
    rig.host.strips.erase(rig.host.strips.begin() + 3);
    rig.host.changed(rig.now);
    REQUIRE(rig.wait(20s, [&] { return rig.names() == rig.expected(); }));
    CHECK(rig.session.strips[3].id == second);
    CHECK(level_of(second)->value == level);
    CHECK_FALSE(level_of(first));
}

TEST_CASE("a track that gets another name between the same neighbours stays itself") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    const StripId id = rig.find("Trk 5")->id;
    rig.host.strips[4].name = "Bass";
    rig.host.strips.insert(rig.host.strips.begin(), made("New", 12'808));
    rig.host.changed(rig.now);
    REQUIRE(rig.wait(20s, [&] { return rig.names() == rig.expected(); }));
    REQUIRE(rig.find("Bass"));
    CHECK(rig.find("Bass")->id == id);
}

TEST_CASE("a switch that a hand has turned while its track was out of sight is not turned back") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(20));
    rig.connect();
    REQUIRE(rig.wait(20s, [&] { return rig.host.first() == 0; }));
    rig.host.strips[8].mute = !rig.host.strips[8].mute; // beside the window: nothing is told
    const bool was = rig.host.strips[8].mute;
    REQUIRE(rig.encode(rig.path("Trk 1", Control::mute), true));
    REQUIRE(rig.wait(10s, [&] { return rig.host.strips[0].mute; })); // where it was meant for
    rig.host.bank(8, rig.now); // and the ninth comes into its cell
    rig.run(60s);
    CHECK(rig.host.strips[8].mute == was);
}

TEST_CASE("a switch is turned back to where it stood, not to where it was last seen") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    REQUIRE(rig.wait(20s, [&] { return rig.host.first() == 0; }));
    rig.host.strips[10].mute = true; // beside the window: nothing is told
    once(rig, presses_mute, [&] {
        std::rotate(rig.host.strips.begin() + 3, rig.host.strips.begin() + 10,
                    rig.host.strips.begin() + 11);
    });
    REQUIRE(rig.encode(rig.path("Trk 4", Control::mute), true));
    REQUIRE(rig.wait(10s, [&] { return rig.on_the_way == nullptr; }));
    REQUIRE(rig.host.strips[3].name == "Trk 11");
    REQUIRE_FALSE(rig.host.strips[3].mute);
    rig.run(60s);
    CHECK(rig.host.strips[3].mute);
}

TEST_CASE("a track in another bank is looked at although this one has always something to ask") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(20));
    rig.connect();
    const auto was = rig.host.strips[12].fader;
    once(rig, moves_fader, [&] { // the thirteenth comes into the second cell for a moment
        std::swap(rig.host.strips[1], rig.host.strips[12]);
    });
    REQUIRE(rig.encode(rig.path("Trk 2", Control::fader), Decibel{-12.5}));
    REQUIRE(rig.wait(10s, [&] { return rig.on_the_way == nullptr; }));
    rig.run(50ms);
    std::swap(rig.host.strips[1], rig.host.strips[12]);
    rig.host.changed(rig.now);
    const TimePoint end = rig.now + 30s;
    for (int i = 0; rig.now < end && rig.host.strips[12].fader != was; ++i) {
        // One question after the other about those in sight.
        const std::string name = "Trk " + std::to_string(3 + i % 4);
        if (rig.find(name)) (void)rig.encode(rig.path(name, Control::mute), i % 8 < 4);
        rig.run(300ms);
    }
    CHECK(rig.host.strips[12].fader == was);
}

TEST_CASE(
    "a switch of one of two of a name is turned back although a hand has moved its fader since") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    auto strips = mackie_strips(12);
    strips[3].name = strips[9].name = "Guitar";
    MackieRig rig(habits, 1, std::move(strips));
    rig.connect();
    const bool was = rig.host.strips[3].mute, other = rig.host.strips[9].mute;
    once(rig, presses_mute, [&] { rig.host.strips.erase(rig.host.strips.begin() + 2); });
    REQUIRE(rig.encode(rig.path("Trk 3", Control::mute), !rig.host.strips[2].mute));
    REQUIRE(rig.wait(10s, [&] { return rig.host.first() > 2; })); // in the walk: out of sight
    rig.host.strips[2].fader = 4444;
    rig.host.changed(rig.now);
    rig.run(60s);
    REQUIRE(rig.host.strips[2].name == "Guitar");
    CHECK(rig.host.strips[2].mute == was);
    CHECK(rig.host.strips[8].mute == other);
}

TEST_CASE(
    "a track that gets another name and another place stays itself by where its fader stands") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    const StripId id = rig.find("Trk 5")->id;
    rig.host.strips[4].name = "Bass";
    std::rotate(rig.host.strips.begin() + 1, rig.host.strips.begin() + 4,
                rig.host.strips.begin() + 5);
    SECTION("where no other's stands there") {
        rig.host.changed(rig.now);
        REQUIRE(rig.wait(20s, [&] { return rig.find("Bass") != nullptr; }));
        CHECK(rig.find("Bass")->id == id);
    }
    SECTION("else it is another") {
        rig.host.strips[9].fader = rig.host.strips[1].fader;
        rig.host.changed(rig.now);
        REQUIRE(rig.wait(20s, [&] { return rig.find("Bass") != nullptr; }));
        CHECK(rig.find("Bass")->id != id);
    }
}
