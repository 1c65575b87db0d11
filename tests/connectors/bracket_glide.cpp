#include "tests/support/bracket_rig.h"

using namespace prefade;
using namespace prefade::test;

TEST_CASE("a glide takes equal steps and ends exactly on the target") {
    BracketRig rig;
    REQUIRE(rig.begin(Milliseconds{200.0}));
    rig.prove(lead, before);
    rig.pass(150ms);
    REQUIRE(rig.written.size() == 4);
    CHECK(std::get<Decibel>(rig.written[0].value).value() == Approx(-3.75));
    CHECK(std::get<Decibel>(rig.written[2].value).value() == Approx(-5.25));
    CHECK(rig.written[3].value == target);
    CHECK(rig.written[3].at - rig.written[0].at == 150ms);
}

TEST_CASE("switches and stepped parameters do not glide") {
    BracketRig rig;
    SECTION("a stepped parameter") {
        rig.glides = false;
        REQUIRE(rig.begin(Milliseconds{500.0}));
        rig.prove(lead, before);
    }
    SECTION("a mute") {
        const ControlPath mute{StripId{1}, Control::mute};
        REQUIRE(rig.brackets.begin(approved(move_id, mute, false, true, Milliseconds{500.0}),
                                   rig.now, rig.out));
        rig.prove(mute, false);
    }
    CHECK(rig.written.size() == 1);
}

TEST_CASE("a glide stops at a hand, at a foreign value and when told to") {
    BracketRig rig;
    REQUIRE(rig.begin(Milliseconds{1000.0}));
    rig.prove(lead, before);
    rig.pass(100ms);
    rig.tell(lead, rig.written.back().value);
    const std::size_t sent = rig.written.size();
    SECTION("a touch") {
        rig.brackets.touched(lead.strip, rig.now, rig.out);
        CHECK(rig.told<WriteSuperseded>() == 1);
    }
    SECTION("a value of nobody's") {
        rig.tell(lead, Decibel{0.0});
        CHECK(rig.last<WriteSuperseded>().found == ControlValue{Decibel{0.0}});
    }
    SECTION("a halt") {
        rig.brackets.halt(move_id, rig.now, rig.out);
        rig.prove(lead, rig.written.back().value);
        CHECK(rig.told<WriteFailed>() == 1);
        CHECK(rig.last<WriteFailed>().found == rig.written.back().value);
    }
    rig.pass(5s);
    CHECK(rig.written.size() == sent);
    CHECK(rig.ends() == 1);
}

TEST_CASE("a hand that takes a glide back to where it came from stops it") {
    BracketRig rig;
    REQUIRE(rig.begin(Milliseconds{1000.0}));
    rig.prove(lead, before);
    rig.pass(200ms);
    REQUIRE(rig.written.size() == 5);
    SECTION("not before the host told a step") {
        rig.tell(lead, before);
        CHECK(rig.ends() == 0);
    }
    SECTION("to the value before the move") {
        rig.tell(lead, rig.written[2].value);
        rig.tell(lead, before);
        CHECK(rig.last<WriteSuperseded>().found == before);
    }
    SECTION("to an earlier step") {
        rig.tell(lead, rig.written[3].value);
        CHECK(rig.ends() == 0);
        rig.tell(lead, rig.written[1].value);
        CHECK(rig.last<WriteSuperseded>().found == rig.written[1].value);
    }
    SECTION("once the target was told") {
        rig.pass(1s);
        rig.tell(lead, target);
        rig.tell(lead, before);
        CHECK(rig.last<WriteSuperseded>().found == before);
    }
}

TEST_CASE("echoes of a slow glide, which differ by less than a hundredth, are no hand") {
    BracketRig rig;
    REQUIRE(rig.begin(Milliseconds{60'000.0}));
    rig.prove(lead, before);
    for (int i = 0; i < 600; ++i) {
        rig.pass(100ms);
        rig.tell(lead, rig.written[rig.written.size() - 2].value);
    }
    CHECK(rig.ends() == 0);
    rig.tell(lead, rig.written[400].value);
    CHECK(rig.told<WriteSuperseded>() == 1);
}

TEST_CASE("where messages come late an earlier step is no hand") {
    BracketRig rig{late()};
    REQUIRE(rig.begin(Milliseconds{1000.0}));
    rig.prove(lead, before);
    rig.pass(200ms);
    rig.tell(lead, rig.written[3].value);
    rig.tell(lead, rig.written[1].value);
    rig.tell(lead, before);
    rig.pass(100ms);
    CHECK(rig.ends() == 0);
    CHECK(rig.written.size() > 5);
}

TEST_CASE("a proof asked before the echo came is older news, no hand") {
    BracketRig rig;
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.tell(lead, target);
    rig.prove(lead, before);
    CHECK(rig.ends() == 0);
    rig.pass(250ms);
    rig.prove(lead, before);
    CHECK(rig.last<WriteSuperseded>().found == before);
}

TEST_CASE("a glide pauses when the structure changes and goes on where the control is now") {
    BracketRig rig;
    REQUIRE(rig.begin(Milliseconds{200.0}));
    rig.prove(lead, before);
    rig.pass(50ms);
    const std::size_t sent = rig.written.size();
    rig.brackets.structure_changed(rig.now, rig.out);
    rig.pass(500ms);
    CHECK(rig.written.size() == sent);
    SECTION("proved elsewhere") {
        rig.prove(lead, rig.written.back().value, 6);
        rig.pass(500ms);
        CHECK(rig.written.size() == 4);
        CHECK(rig.written.back().address == 6);
    }
    SECTION("not proved") {
        rig.disprove(lead);
        rig.pass(5s);
        CHECK(rig.written.size() == sent);
        CHECK(rig.ends() == 1);
    }
}

TEST_CASE("the last step of a glide waits for the others where messages overtake each other") {
    BracketRig rig{late()};
    REQUIRE(rig.begin(Milliseconds{150.0}));
    rig.prove(lead, before);
    rig.pass(1549ms);
    CHECK(rig.written.size() == 2);
    rig.pass(1ms);
    REQUIRE(rig.written.size() == 3);
    CHECK(rig.written.back().value == target);
}
