// Moves through a window of eight: the right strip or none.
#include "tests/support/mackie_rig.h"

using namespace prefade;
using namespace prefade::test;

namespace {

std::uint16_t position_of(const MackieRig& rig, double level) {
    return static_cast<std::uint16_t>(
        mackie_profile(rig.host.habits).surface.law.position_of(Decibel{level}));
}

} // namespace

TEST_CASE("faders and switches of strips in any bank are set, read back and hold") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(30));
    rig.connect();
    for (const std::size_t i : {2U, 20U, 29U, 0U}) {
        INFO(rig.host.strips[i].name);
        const std::string name = rig.host.cut(rig.host.strips[i].name);
        auto expected = rig.host.strips;
        expected[i].fader = position_of(rig, -12.5);
        REQUIRE(rig.encode(rig.path(name, Control::fader), Decibel{-12.5}));
        const std::size_t before = rig.all<WriteProved>().size();
        CHECK(rig.wait(20s, [&] { return rig.all<WriteProved>().size() > before; }));
        CHECK(rig.host.strips == expected);
        expected[i].mute = !expected[i].mute;
        REQUIRE(rig.encode(rig.path(name, Control::mute), expected[i].mute));
        CHECK(rig.wait(20s, [&] { return rig.all<WriteProved>().size() > before + 1; }));
        CHECK(rig.host.strips == expected);
        rig.run(1s);
    }
    CHECK(rig.ends() == 8);
    CHECK(rig.all<WriteMisled>().empty());
}

TEST_CASE("a fader is touched before it moves and let go after it stands") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(8));
    rig.connect();
    rig.said.clear();
    REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-20}, Milliseconds{500.0}));
    REQUIRE(rig.wait(10s, [&] { return rig.ends() == 1; }));
    rig.run(1s);
    std::vector<std::vector<std::uint8_t>> bytes;
    for (const MidiMessage& message : rig.said)
        if (message.bytes[0] != 0xF0) bytes.push_back(message.bytes);
    REQUIRE(bytes.size() > 8);
    CHECK(bytes.front() == std::vector<std::uint8_t>{0x90, 0x6A, 0x7F});
    CHECK(bytes.back() == std::vector<std::uint8_t>{0x90, 0x6A, 0x00});
    for (std::size_t i = 1; i + 1 < bytes.size(); ++i) CHECK(bytes[i][0] == 0xE2);
}

TEST_CASE("moves of strips in several banks at once are all made, one bank after the other") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(30));
    rig.connect();
    auto expected = rig.host.strips;
    const std::vector<std::size_t> some{3, 13, 21, 28, 5};
    for (const std::size_t i : some) {
        expected[i].fader = position_of(rig, -21.0);
        REQUIRE(rig.encode(rig.path(rig.host.strips[i].name, Control::fader), Decibel{-21.0}));
    }
    CHECK(rig.wait(30s, [&] { return rig.ends() == some.size(); }));
    CHECK(rig.all<WriteProved>().size() == some.size());
    CHECK(rig.host.strips == expected);
    for (const std::size_t i : some) { // 13, 21 and 5 are under one button
        expected[i].mute = !expected[i].mute;
        REQUIRE(rig.encode(rig.path(rig.host.strips[i].name, Control::mute), expected[i].mute));
    }
    CHECK(rig.wait(30s, [&] { return rig.ends() == 2 * some.size(); }));
    CHECK(rig.all<WriteProved>().size() == 2 * some.size());
    CHECK(rig.host.strips == expected);
}

TEST_CASE("with FLIP, or in a mode for sends or plug-ins, nothing is moved and nothing is read") {
    const std::uint8_t light = GENERATE(mcu::flip, mcu::assign_send, mcu::assign_plugin,
                                        mcu::assign_eq, mcu::assign_instrument);
    MackieRig rig(ardour_habits(), 1, mackie_strips(8));
    rig.connect();
    const ControlPath third = rig.path("Trk 3", Control::fader);
    const ControlValue before = *rig.session.value(third)->value;
    const auto strips = rig.host.strips;
    const bool under_way = GENERATE(false, true);
    if (under_way) REQUIRE(rig.encode(third, Decibel{-12.5}));
    rig.hear(mcu::Led{light, mcu::LedState::on});
    if (!under_way) CHECK(rig.encode(third, Decibel{-12.5}).error().code == ErrorCode::refused);
    rig.hear(mcu::Fader{2, 3000}); // a pan or a send now
    rig.hear(mcu::DisplayText{mcu::Device::main, 14, "Thresh"});
    rig.run(30s);
    CHECK(rig.host.strips == strips);
    CHECK(rig.ends() == (under_way ? 1 : 0));
    CHECK(rig.names() == rig.expected());
    CHECK(nearly_equal(*rig.session.value(third)->value, before));
}

TEST_CASE("a fader that is held when Prefade ends is let go") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(8));
    rig.connect();
    REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-20}, Milliseconds{5000.0}));
    rig.run(1s);
    DialectOutput out;
    rig.dialect.farewell(out);
    REQUIRE(out.to_send.size() == 1);
    CHECK(std::get<MidiMessage>(out.to_send[0]).bytes
          == std::vector<std::uint8_t>{0x90, 0x6A, 0x00});
}

TEST_CASE("the master fader is moved beside the banks") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(12));
    rig.connect();
    REQUIRE(rig.encode(rig.path("Master", Control::fader), Decibel{-3}));
    CHECK(rig.wait(10s, [&] { return rig.all<WriteProved>().size() == 1; }));
    CHECK(rig.host.master == position_of(rig, -3));
}

TEST_CASE("strips that show one name are never guessed between") {
    auto strips = mackie_strips(12);
    strips[1].name = "Guitar left";
    strips[9].name = "Guitar right";
    MackieRig rig(ardour_habits(), 1, std::move(strips));
    rig.connect();
    const auto before = rig.host.strips;
    const auto begun = rig.encode(rig.path("Guitar", Control::fader), Decibel{-12});
    CHECK(begun.error().code == ErrorCode::ambiguous);
    rig.run(3s);
    CHECK(rig.host.strips == before);
    CHECK(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-12}));
}

TEST_CASE("what a surface cannot move is refused and not sent") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(4));
    rig.connect();
    const std::size_t said = rig.said.size();
    CHECK(rig.encode(rig.path("Trk 1", Control::trim), Decibel{-1}).error().code
          == ErrorCode::unsupported);
    CHECK(rig.encode(rig.path("Master", Control::mute), true).error().code
          == ErrorCode::unsupported);
    CHECK(rig.encode({StripId{99}, Control::fader, {}, 0}, Decibel{-1}).error().code
          == ErrorCode::not_found);
    CHECK(rig.said.size() == said);
}

TEST_CASE("another hand on the banks at the moment of a move: the right strip, or it is put back") {
    const MackieHabits habits = each_habits();
    const int offset_ms = GENERATE(0, 100, 240, 260, 300, 420, 700);
    INFO(habits.name << ", " << offset_ms << " ms after the move began");
    MackieRig rig(habits, 1, mackie_strips(30));
    rig.connect();
    auto expected = rig.host.strips;
    REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-12.5}));
    rig.run(Milliseconds{static_cast<double>(offset_ms)}.span());
    rig.host.bank(8, rig.now);
    CHECK(rig.wait(30s, [&] { return rig.ends() == 1; }));
    rig.run(40s);
    const bool moved = !rig.all<WriteProved>().empty();
    if (moved) expected[2].fader = position_of(rig, -12.5);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        INFO(expected[i].name);
        if (i != 2 || moved) CHECK(rig.host.strips[i].fader == expected[i].fader);
    }
}

TEST_CASE("a strip that is taken out while it is moved: no other is moved in its place") {
    const MackieHabits habits = each_habits();
    const int offset_ms = GENERATE(0, 200, 260, 300, 420, 700);
    INFO(habits.name << ", " << offset_ms << " ms after the move began");
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    auto expected = rig.host.strips;
    REQUIRE(rig.encode(rig.path("Trk 3", Control::fader), Decibel{-12.5}));
    rig.run(Milliseconds{static_cast<double>(offset_ms)}.span());
    rig.host.strips.erase(rig.host.strips.begin() + 2);
    expected.erase(expected.begin() + 2);
    rig.host.changed(rig.now);
    CHECK(rig.wait(30s, [&] { return rig.ends() == 1; }));
    rig.run(40s);
    CHECK(rig.host.strips == expected);
}
