// Moves through a HUI's window of eight: the right strip or none.
#include "tests/support/hui_rig.h"

using namespace prefade;
using namespace prefade::test;

namespace {

HuiHabits each_hui_writes() {
    return hui_habits()[GENERATE(range(std::size_t{0}, std::size_t{5}))];
}

std::uint16_t hui_position(const HuiRig& rig, double level) {
    return static_cast<std::uint16_t>(
        hui_profile(rig.host.habits).surface.law.position_of(Decibel{level}));
}

/// What was said about faders: presses of touch and positions, in order.
std::vector<hui::FromSurface> fader_words(const HuiRig& rig, std::size_t from) {
    hui::SurfaceReader reader;
    std::vector<hui::FromSurface> told, words;
    for (std::size_t i = from; i < rig.said.size(); ++i)
        REQUIRE(reader.take(rig.said[i].bytes, told));
    for (const hui::FromSurface& one : told) {
        const auto* press = std::get_if<hui::Press>(&one);
        if (std::holds_alternative<hui::Fader>(one)
            || (press && press->of.zone < 8 && press->of.port == hui::fader_touch))
            words.push_back(one);
    }
    return words;
}

} // namespace

TEST_CASE("faders and switches of HUI strips in any bank are set, read back and hold") {
    const HuiHabits habits = each_hui_writes();
    INFO(habits.name);
    HuiRig rig(habits, 1, hui_strips(30));
    rig.connect();
    for (const std::size_t i : {2U, 20U, 29U, 0U}) {
        INFO(rig.host.strips[i].name);
        const std::string name = rig.host.cut(rig.host.strips[i].name);
        auto expected = rig.host.strips;
        expected[i].fader = hui_position(rig, -12.5);
        REQUIRE(rig.encode(rig.path(name, Control::fader), Decibel{-12.5}));
        const std::size_t before = rig.all<WriteProved>().size();
        CHECK(rig.wait(20s, [&] { return rig.all<WriteProved>().size() > before; }));
        CHECK(rig.host.strips == expected);
        expected[i].mute = !expected[i].mute;
        REQUIRE(rig.encode(rig.path(name, Control::mute), expected[i].mute));
        CHECK(rig.wait(20s, [&] { return rig.all<WriteProved>().size() > before + 1; }));
        expected[i].solo = !expected[i].solo;
        REQUIRE(rig.encode(rig.path(name, Control::solo), expected[i].solo));
        CHECK(rig.wait(20s, [&] { return rig.all<WriteProved>().size() > before + 2; }));
        CHECK(rig.host.strips == expected);
        rig.run(1s);
    }
    CHECK(rig.ends() == 12);
    CHECK(rig.all<WriteMisled>().empty());
}

TEST_CASE(
    "a HUI fader is touched, put and let go, step by step: the host is silent while it is held") {
    HuiRig rig(HuiHabits{}, 1, hui_strips(8));
    rig.connect();
    const std::size_t from = rig.said.size();
    REQUIRE(rig.encode(rig.path("T3", Control::fader), Decibel{-20}, Milliseconds{500.0}));
    REQUIRE(rig.wait(10s, [&] { return rig.ends() == 1; }));
    rig.run(1s);
    CHECK(rig.all<WriteProved>().size() == 1);
    const auto words = fader_words(rig, from);
    REQUIRE(words.size() >= 3 * 8);
    REQUIRE(words.size() % 3 == 0);
    for (std::size_t i = 0; i < words.size(); i += 3) {
        CHECK(words[i] == hui::FromSurface{hui::Press{{2, hui::fader_touch}, true}});
        CHECK(std::get<hui::Fader>(words[i + 1]).strip == 2);
        CHECK(words[i + 2] == hui::FromSurface{hui::Press{{2, hui::fader_touch}, false}});
    }
    CHECK_FALSE(rig.host.is_held(2));
}

TEST_CASE("a fader that Pro Tools takes back is not called moved") {
    const HuiHabits habits = each_hui_writes();
    INFO(habits.name);
    auto strips = hui_strips(8);
    strips[2].obeys = false;
    HuiRig rig(habits, 1, std::move(strips));
    rig.connect();
    const auto before = rig.host.strips;
    REQUIRE(rig.encode(rig.path("T3", Control::fader), Decibel{-20}));
    REQUIRE(rig.wait(30s, [&] { return rig.ends() == 1; }));
    CHECK(rig.all<WriteProved>().empty());
    CHECK(rig.host.strips == before);
}

TEST_CASE("a level in the place of a name, while a fader is held, is not another strip") {
    HuiHabits habits;
    habits.shows_level = true;
    HuiRig rig(habits, 1, hui_strips(8));
    rig.connect();
    REQUIRE(rig.encode(rig.path("T3", Control::fader), Decibel{-20}, Milliseconds{2000.0}));
    const std::size_t listed = rig.all<StripsListed>().size();
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 1; }));
    rig.run(5s);
    CHECK(rig.all<WriteProved>().size() == 1);
    CHECK(rig.all<StripsListed>().size() == listed);
    CHECK(rig.names() == rig.expected());
    // Of a fader that we do not hold such a text is a name, as any other is.
    rig.host.strips[4].name = "-9.5";
    rig.host.changed(rig.now);
    CHECK(rig.wait(10s, [&] { return rig.names() == rig.expected(); }));
}

TEST_CASE("HUI strips that show one name are never guessed between") {
    auto strips = hui_strips(12);
    strips[1].name = "Guitar left";
    strips[9].name = "Guitar right";
    HuiRig rig(HuiHabits{}, 1, std::move(strips));
    rig.connect();
    const auto before = rig.host.strips;
    for (const Strip& strip : rig.session.strips)
        if (strip.name == "Guit")
            CHECK(rig.encode({strip.id, Control::fader, {}, 0}, Decibel{-12}).error().code
                  == ErrorCode::ambiguous);
    rig.run(3s);
    CHECK(rig.host.strips == before);
    CHECK(rig.encode(rig.path("T3", Control::fader), Decibel{-12}));
}

TEST_CASE("a HUI that shows sends on its pots moves nothing until it shows pan again") {
    HuiRig rig(HuiHabits{}, 1, hui_strips(8));
    rig.connect();
    const ControlPath third = rig.path("T3", Control::fader);
    const auto light = [&](std::uint8_t port, bool on) {
        rig.hear({0xB0, 0x0C, 0x0B});
        rig.hear({0xB0, 0x2C, static_cast<std::uint8_t>(port | (on ? 0x40 : 0))});
    };
    light(7, true); // A
    light(6, true); // B, and A goes off a little later
    light(7, false);
    CHECK(rig.encode(third, Decibel{-9}).error().code == ErrorCode::refused);
    const auto pan = rig.session.strips[0].pan;
    rig.hear({0xB0, 0x10, 0x0B}); // a send's level by now
    rig.run(5s);
    CHECK(rig.session.strips[0].pan.value->value() == pan.value->value());
    light(6, false);
    CHECK(rig.encode(third, Decibel{-9}));
    CHECK(rig.wait(10s, [&] { return rig.all<WriteProved>().size() == 1; }));
}

TEST_CASE("a hand at Pro Tools' own fader takes it from a glide") {
    const HuiHabits habits = each_hui_writes();
    INFO(habits.name);
    HuiRig rig(habits, 1, hui_strips(8));
    rig.connect();
    REQUIRE(rig.encode(rig.path("T3", Control::fader), Decibel{-40}, Milliseconds{5000.0}));
    REQUIRE(rig.wait(10s, [&] { return rig.host.faders_heard() > 10; }));
    const std::size_t heard = rig.host.faders_heard();
    rig.host.strips[2].fader = 15'000;
    rig.host.changed(rig.now);
    REQUIRE(rig.wait(10s, [&] { return rig.ends() == 1; }));
    CHECK(rig.all<WriteSuperseded>().size() == 1);
    rig.run(5s);
    CHECK(rig.host.faders_heard() <= heard + 4); // what was on its way
}

TEST_CASE("a HUI fader that is held when Prefade ends is let go") {
    HuiRig rig(HuiHabits{}, 1, hui_strips(8));
    rig.connect();
    REQUIRE(rig.encode(rig.path("T3", Control::fader), Decibel{-20}, Milliseconds{5000.0}));
    REQUIRE(rig.wait(5s, [&] { return rig.host.faders_heard() > 3; }));
    for (int ms = 0; ms < 100 && !rig.host.is_held(2); ++ms) rig.run(1ms);
    REQUIRE(rig.host.is_held(2));
    DialectOutput out;
    rig.dialect.farewell(out);
    for (const WireMessage& message : out.to_send)
        rig.host.hear(std::get<MidiMessage>(message), rig.now);
    CHECK_FALSE(rig.host.is_held(2));
}

TEST_CASE(
    "another hand on the HUI's banks at the moment of a move: the right strip, or it is put back") {
    const HuiHabits habits = each_hui_writes();
    const int offset_ms = GENERATE(0, 100, 240, 300, 700, 1100);
    INFO(habits.name << ", " << offset_ms << " ms after the move began");
    HuiRig rig(habits, 1, hui_strips(30));
    rig.connect();
    auto expected = rig.host.strips;
    REQUIRE(rig.encode(rig.path("T3", Control::fader), Decibel{-12.5}));
    rig.run(Milliseconds{static_cast<double>(offset_ms)}.span());
    rig.host.bank(8, rig.now);
    CHECK(rig.wait(30s, [&] { return rig.ends() == 1; }));
    rig.run(40s);
    const bool moved = !rig.all<WriteProved>().empty();
    if (moved) expected[2].fader = hui_position(rig, -12.5);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        INFO(expected[i].name);
        if (i != 2 || moved) CHECK(rig.host.strips[i].fader == expected[i].fader);
    }
}

TEST_CASE("what a HUI cannot move is refused and not sent") {
    HuiRig rig(HuiHabits{}, 1, hui_strips(4));
    rig.connect();
    const std::size_t said = rig.said.size();
    CHECK(rig.encode(rig.path("T1", Control::trim), Decibel{-1}).error().code
          == ErrorCode::unsupported);
    CHECK(rig.encode(rig.path("T1", Control::pan), Pan{0.5}).error().code
          == ErrorCode::unsupported);
    CHECK(rig.said.size() == said);
    DialectOutput out;
    CHECK(rig.dialect.watch(rig.session.strips[0].id, InsertId{1}, rig.now + 1s, rig.now, out)
              .error()
              .code
          == ErrorCode::unsupported);
}
