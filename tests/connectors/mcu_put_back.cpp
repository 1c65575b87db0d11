// A message of ours reaches another strip, and the host tells so at once: it is put back in its cell, long before the banks
// have been read and anybody can say which strip it is. What is found only then: mcu_strays.cpp.
#include "tests/support/hui_rig.h"
#include "tests/support/mackie_rig.h"

#include <memory>

using namespace prefade;
using namespace prefade::test;

namespace {

/// Changes the host just before the n-th message that is `such` arrives there, for each n.
void at_messages(MackieRig& rig, bool (*such)(const MidiMessage&),
                 std::vector<std::function<void()>> changes) {
    const auto heard = std::make_shared<std::size_t>(0); // the rig calls a copy
    rig.on_the_way = [&rig, such, changes = std::move(changes), heard](const MidiMessage& message) {
        if (!such(message) || *heard >= changes.size()) return;
        if (const auto& change = changes[(*heard)++]) {
            change();
            rig.host.changed(rig.now);
        }
    };
}

/// The news, what it takes to be sure that all of it is there, and the answer to it.
Duration soon(const MackieHabits& habits) { return 3 * habits.latency + 60ms; }

std::size_t fader_messages(const MackieRig& rig) {
    return static_cast<std::size_t>(std::count_if(rig.said.begin(), rig.said.end(), moves_fader));
}

} // namespace

TEST_CASE("a strip that ours has reached is put back before the banks are read") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    const MackieStrip was = rig.host.strips[3];
    const auto swap = [&] { std::swap(rig.host.strips[2], rig.host.strips[3]); };
    SECTION("its fader") {
        at_messages(rig, moves_fader, {swap});
        REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-12.5}));
    }
    SECTION("its switch") {
        at_messages(rig, presses_mute, {swap});
        REQUIRE(rig.encode(rig.path("Trk 3", Control::mute), false));
    }
    REQUIRE(rig.wait(10s, [&] { return rig.host.strips[2].name == "Trk 4"; }));
    REQUIRE(rig.host.strips[2] != was);
    rig.run(soon(habits));
    CHECK(rig.host.strips[2] == was);
    rig.run(60s);
    CHECK(rig.host.strips[2] == was);
    CHECK(rig.all<WriteProved>().empty()); // the move has not been carried out
    const auto misled = rig.all<WriteMisled>();
    REQUIRE(misled.size() == 1);
    CHECK(misled[0].restored);
    REQUIRE(rig.find("Trk 4"));
    CHECK(misled[0].hit.strip == rig.find("Trk 4")->id);
}

TEST_CASE("one that is moved on before it can be put back is put back where it stands then, and so "
          "is the one that this reaches") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    const bool is_fader = GENERATE(true, false);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    const auto before = rig.host.strips;
    at_messages(rig, is_fader ? moves_fader : presses_mute,
                {[&] { std::swap(rig.host.strips[2], rig.host.strips[3]); },
                 [&] { std::swap(rig.host.strips[2], rig.host.strips[5]); }});
    if (is_fader)
        REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-12.5}));
    else
        REQUIRE(rig.encode(rig.path("Trk 3", Control::mute), false));
    REQUIRE(rig.wait(10s, [&] { return rig.host.strips[2].name == "Trk 6"; }));
    rig.run(2 * soon(habits));
    REQUIRE(rig.host.strips[5].name == "Trk 4");
    CHECK(rig.host.strips[5] == before[3]);
    CHECK(rig.host.strips[2] == before[5]);
    CHECK(rig.host.strips[3] == before[2]); // the one that it was meant for
    rig.run(60s);
    CHECK(rig.host.strips[5] == before[3]);
    CHECK(rig.host.strips[2] == before[5]);
    CHECK(rig.host.strips[3] == before[2]);
}

TEST_CASE("of tracks that show one name the one that was reached is put back, and one that comes "
          "in its way too") {
    MackieHabits habits = each_habits();
    if (!habits.echoes) habits = ardour_habits(); // what a silent host's cell held is told by names
    INFO(habits.name);
    auto strips = mackie_strips(12);
    for (const std::size_t at : {3U, 4U}) strips[at].name = "Guitar";
    MackieRig rig(habits, 1, std::move(strips));
    rig.connect();
    const auto before = rig.host.strips;
    const auto first_goes = [&] { rig.host.strips.erase(rig.host.strips.begin()); };
    at_messages(rig, moves_fader,
                {first_goes, first_goes}); // the third cell: Trk 3, Guitar, Guitar
    REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-12.5}));
    REQUIRE(rig.wait(10s, [&] { return rig.host.strips.size() == 10; }));
    rig.run(2 * soon(habits));
    CHECK(rig.host.strips[1] == before[3]);
    CHECK(rig.host.strips[2] == before[4]);
    rig.run(60s);
    CHECK(rig.host.strips[1] == before[3]);
    CHECK(rig.host.strips[2] == before[4]);
}

TEST_CASE("what a hand makes of a strip after ours has reached it stays") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    at_messages(rig, moves_fader, {[&] { std::swap(rig.host.strips[2], rig.host.strips[3]); }});
    REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-12.5}));
    REQUIRE(rig.wait(10s, [&] { return rig.host.strips[2].name == "Trk 4"; }));
    rig.host.strips[2].fader = 4444;
    rig.host.changed(rig.now);
    rig.run(60s);
    CHECK(rig.host.strips[2].fader == 4444);
}

TEST_CASE("a track that gets another name while ours is on its way to it was not reached by "
          "mistake") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    at_messages(rig, moves_fader, {[&] { rig.host.strips[2].name = "Bass"; }});
    REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-12.5}));
    REQUIRE(rig.wait(10s, [&] { return rig.host.strips[2].name == "Bass"; }));
    const auto ours = rig.host.strips[2].fader;
    rig.run(3 * soon(habits));
    CHECK(rig.host.strips[2].fader == ours);
    CHECK(fader_messages(rig) == 1);
    CHECK(rig.all<WriteMisled>().empty());
}

TEST_CASE("a fader of a HUI is put back to where it was read last, or where hosts make them") {
    const HuiHabits habits = hui_habits()[GENERATE(range(std::size_t{0}, std::size_t{5}))];
    INFO(habits.name);
    HuiRig rig(habits, 1, hui_strips(12));
    rig.connect();
    const bool is_new = GENERATE(true, false);
    hui::SurfaceReader reader;
    rig.on_the_way = [&](const MidiMessage& message) {
        std::vector<hui::FromSurface> told;
        REQUIRE(reader.take(message.bytes, told));
        if (told.empty() || !std::holds_alternative<hui::Fader>(told.front())) return;
        rig.on_the_way =
            nullptr; // the host tells nothing of the fader that comes there: it is held
        HuiStrip made;
        made.name = "New";
        made.fader = 12'808;
        if (is_new)
            rig.host.strips.insert(rig.host.strips.begin() + 2, made);
        else
            rig.host.strips.erase(rig.host.strips.begin() + 2);
        rig.host.changed(rig.now);
    };
    const std::uint16_t was = is_new ? std::uint16_t{12'808} : rig.host.strips[3].fader;
    REQUIRE(rig.encode(rig.path("T3", Control::fader), Decibel{-12.5}));
    REQUIRE(rig.wait(10s, [&] { return rig.on_the_way == nullptr; }));
    REQUIRE(rig.host.strips[2].fader != was);
    rig.run(3 * habits.latency
            + 500ms); // where a level stands in place of its name that comes back
    CHECK(rig.host.strips[2].fader == was);
    rig.run(60s);
    CHECK(rig.host.strips[2].fader == was);
}
