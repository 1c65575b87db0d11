// What a host shows, kept; and what a surface answers when it is asked who it is.
#include "connectors/mcu/handshake.h"
#include "connectors/mcu/surface.h"
#include "tests/support/catch.h"
#include "tests/support/mackie_host.h"

#include <chrono>

using namespace prefade;
using namespace prefade::mcu;
using namespace std::chrono_literals;

namespace {

const TimePoint start{1h};

std::vector<Surface::Change> told(Surface& surface, const FromHost& message, std::uint8_t unit = 0,
                                  TimePoint at = start) {
    std::vector<Surface::Change> changes;
    surface.take(unit, message, at, changes);
    return changes;
}
DisplayText text(std::uint8_t offset, std::string what) {
    return {Device::main, offset, std::move(what)};
}

} // namespace

TEST_CASE("names come in cells, in whole rows and in pieces that run across them") {
    Surface surface(2);
    CHECK(surface.size() == 16);
    CHECK(surface.upper(0).empty());
    SECTION("a cell") {
        const auto changes = told(surface, text(7, "Bass   "));
        REQUIRE(changes.size() == 1);
        CHECK((changes[0].part == Surface::Part::upper && changes[0].cell == 1));
        CHECK(changes[0].differs);
        CHECK(surface.upper(1) == "Bass");
        CHECK_FALSE(told(surface, text(7, "Bass   "))[0].differs);
    }
    SECTION("a row") {
        std::string row = "Kick   Bass    Ld Vx ";
        row.resize(56, ' ');
        CHECK(told(surface, text(0, row)).size() == 8);
        CHECK(surface.upper(2) == "Ld Vx");
        CHECK(surface.upper(3).empty());
    }
    SECTION("a piece over both rows") {
        const auto changes = told(surface, text(54, "xy-12.5"));
        CHECK(surface.upper(7) == "xy");
        CHECK(surface.lower(0) == "-12.5");
        REQUIRE(changes.size() == 2);
        CHECK((changes[1].part == Surface::Part::lower && changes[1].cell == 0));
    }
    SECTION("of an extender, with glyphs that are no letters") {
        told(surface, text(0, std::string("Str\x01ngs\0", 8)), 1);
        CHECK(surface.upper(8) == "Str?ngs");
        CHECK(surface.row(0).size() == 112);
    }
    SECTION("of a unit that is not there") { CHECK(told(surface, text(0, "x"), 2).empty()); }
}

TEST_CASE("faders, lights and rings belong to the cells of their unit, and nothing is guessed") {
    Surface surface(2);
    CHECK_FALSE(surface.at(9).fader);
    CHECK_FALSE(surface.at(9).mute);
    CHECK(told(surface, Fader{1, 12'808}, 1)[0].cell == 9);
    told(surface, Led{mute_of_strip + 1, LedState::on}, 1);
    told(surface, Led{solo_of_strip + 1, LedState::blinking}, 1);
    told(surface, Led{rec_of_strip + 7, LedState::off}, 1);
    told(surface, Ring{1, RingMode::dot, 6, true}, 1);
    const Cell& cell = surface.at(9);
    CHECK(cell.fader == std::uint16_t{12'808});
    CHECK((cell.mute == LedState::on && cell.solo == LedState::blinking && !cell.arm));
    CHECK(surface.at(15).arm == LedState::off);
    CHECK(cell.ring->position == 6);
    CHECK(told(surface, Fader{8, 9000})[0].cell == surface.master());
    CHECK(surface.master_fader() == std::uint16_t{9000});
    CHECK(told(surface, Led{play, LedState::on}).empty());
    CHECK(surface.light(play) == LedState::on);
    CHECK_FALSE(surface.light(record)); // nobody has said so
    CHECK((surface.is_lit(play) && !surface.is_lit(record)));
    surface.clear();
    CHECK((!surface.at(9).fader && !surface.master_fader() && !surface.light(play)));
}

TEST_CASE("a meter falls by itself where the host tells rises only, and its clip stays") {
    Surface surface(1);
    CHECK_FALSE(meter_step(surface.at(3), start));
    told(surface, MeterLevel{3, 12});
    told(surface, MeterClip{3, true});
    CHECK(meter_step(surface.at(3), start) == std::uint8_t{12});
    CHECK(meter_step(surface.at(3), start + 299ms) == std::uint8_t{12});
    CHECK(meter_step(surface.at(3), start + 900ms) == std::uint8_t{9});
    CHECK(meter_step(surface.at(3), start + 1h) == std::uint8_t{0});
    told(surface, MeterLevel{3, 12}, 0, start + 1s);
    CHECK(meter_step(surface.at(3), start + 1s) == std::uint8_t{12});
    CHECK(surface.at(3).clip);
    told(surface, MeterClip{3, false});
    CHECK_FALSE(surface.at(3).clip);
}

TEST_CASE("timecode and assignment are read from the left, with their dots") {
    Surface surface(1);
    const std::string time = "0010203004"; // 001.02.03.004, right to left on the wire
    for (std::uint8_t place = 0; place < 10; ++place)
        told(surface, Digit{place, time[9U - place], place == 3 || place == 5 || place == 7});
    CHECK(surface.timecode() == "001.02.03.004");
    told(surface, Digit{11, 'P', false});
    told(surface, Digit{10, 'N', true});
    CHECK(surface.assignment() == "PN.");
    told(surface, Digit{11, '@', false});
    CHECK(surface.assignment() == " N.");
}

TEST_CASE("a host that asks for each kind of unit gets one answer, as the one we are") {
    Handshake main(0), extender(1);
    const auto asked = [](Handshake& of, Device device) { return of.answer(DeviceQuery{device}); };
    CHECK(std::get<ConnectionQuery>(*asked(main, Device::main)).device == Device::main);
    CHECK_FALSE(asked(main, Device::extender));
    CHECK_FALSE(asked(main, Device::logic_control));
    CHECK(asked(main, Device::main));
    // clones call their extenders main units
    CHECK(std::get<ConnectionQuery>(*asked(extender, Device::main)).device == Device::main);
    CHECK(std::get<ConnectionQuery>(*asked(extender, Device::extender)).device == Device::extender);
    Handshake old(0);
    CHECK(std::get<ConnectionQuery>(*asked(old, Device::logic_control)).device
          == Device::logic_control);
}

TEST_CASE("the handshake ends with a confirmation, whatever the response, and the version is one "
          "with meters") {
    Handshake unit(0);
    const ConnectionQuery hello = unit.hello();
    CHECK(std::string(hello.serial.begin(), hello.serial.begin() + 3) == "XYZ"); // REAPER repaints
    CHECK(hello.challenge[3] == 4);
    const auto confirmed = std::get<ConnectionAnswer>(
        *unit.answer(ConnectionReply{Device::main, hello.serial, {1, 2, 3, 4}}));
    CHECK((confirmed.confirmed && confirmed.serial == hello.serial));
    const auto version = std::get<Version>(*unit.answer(VersionRequest{Device::extender}));
    CHECK(version.device == Device::extender);
    CHECK(version.text[1] <= '2'); // Live: a later one gets no meters unasked
    CHECK_FALSE(unit.answer(Fader{0, 1}));
    CHECK(Handshake(1).hello().serial != hello.serial);
}

TEST_CASE("the response to a challenge is the published one") {
    CHECK(test::response_to({0x01, 0x02, 0x03, 0x04}) == Challenge{0x05, 0x05, 0x7B, 0x2F});
    CHECK(test::response_to({0x7A, 0x6B, 0x5C, 0x4D}) == Challenge{0x0E, 0x42, 0x26, 0x2F});
    CHECK(test::response_to({0x57, 0x18, 0x61, 0x05}) == Challenge{0x64, 0x5A, 0x5E, 0x57});
    CHECK(test::response_to({0x7F, 0x7F, 0x7F, 0x7F}) == Challenge{0x75, 0x79, 0x7C, 0x00});
}
