// Writes that may have gone astray: whom they are believed to have hit, how those are put back, and what a
// value proves that several writes could explain. Each of these was found by the race (tests/contract).
#include "tests/support/bracket_rig.h"

using namespace prefade;
using namespace prefade::test;

namespace {

const ControlPath room{StripId{3}};
const ControlPath bass_again{StripId{4}}; ///< the bass after its identity was lost
const ControlValue former{Decibel{-12.0}};

} // namespace

TEST_CASE("banks may change before the first byte of a move and when none can be under way") {
    BracketRig rig{late()};
    SECTION("a move that waits for its proofs") {
        REQUIRE(rig.begin());
        CHECK_FALSE(rig.brackets.exposed(rig.now));
        rig.prove(lead, before);
        CHECK(rig.brackets.exposed(rig.now));
        rig.pass(1499ms);
        CHECK(rig.brackets.exposed(rig.now));
        rig.pass(1ms);
        CHECK_FALSE(rig.brackets.exposed(rig.now)); // its second proof may need another bank
        CHECK(rig.ends() == 0);
    }
    SECTION("a glide, but for when it pauses") {
        REQUIRE(rig.begin(Milliseconds{5000.0}));
        rig.prove(lead, before);
        rig.pass(2s);
        CHECK(rig.brackets.exposed(rig.now));
        rig.brackets.structure_changed(rig.now, rig.out);
        rig.pass(1500ms);
        CHECK_FALSE(rig.brackets.exposed(rig.now));
    }
    SECTION("a repair that must find its control again") {
        rig.tell(bass, Decibel{-12.0});
        REQUIRE(rig.begin());
        rig.prove(lead, before);
        rig.others = {bass};
        rig.pass(1500ms);
        rig.prove(lead, target);
        rig.prove(bass, target);
        rig.prove(bass, target);
        REQUIRE(rig.written.back().path == bass);
        CHECK(rig.brackets.exposed(rig.now));
        rig.pass(1500ms);
        CHECK_FALSE(rig.brackets.exposed(rig.now));
        CHECK(rig.brackets.busy());
    }
}

TEST_CASE("a control that goes by another id during its repair is put back all the same") {
    BracketRig rig;
    rig.tell(bass, former);
    rig.born = former; // what the dialect knows of the bass, whatever its id
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.others = {bass};
    rig.prove(lead, before, 6);
    rig.prove(bass, target);
    SECTION("before anything was written back") {}
    SECTION("after") {
        rig.prove(bass, target);
        REQUIRE(rig.written.back().path == bass);
    }
    rig.others = {bass_again};
    rig.disprove(bass);
    CHECK_FALSE(rig.last<WriteMisled>().restored);
    rig.prove(bass_again, target); // looked at
    rig.prove(bass_again, target); // and to be repaired
    CHECK(rig.written.back().path == bass_again);
    CHECK(rig.written.back().value == former);
    rig.others.clear();
    rig.prove(bass_again, former);
    CHECK(rig.last<WriteMisled>().hit == bass_again);
    CHECK(rig.last<WriteMisled>().restored);
}

TEST_CASE("a control that goes by another id before it was looked at is looked at") {
    BracketRig rig;
    rig.tell(bass, former);
    rig.born = former;
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.others = {bass};
    rig.prove(lead, before, 6);
    rig.others = {bass_again};
    rig.disprove(bass);
    rig.prove(bass_again, target);
    rig.prove(bass_again, target);
    CHECK(rig.written.back().path == bass_again);
}

TEST_CASE("a control that is gone for good ends its repair at once") {
    BracketRig rig;
    rig.tell(bass, former);
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.others = {bass};
    rig.prove(lead, before, 6);
    rig.prove(bass, target);
    rig.others.clear();
    rig.disprove(bass);
    CHECK(rig.told<WriteMisled>() == 1);
    CHECK_FALSE(rig.last<WriteMisled>().restored);
    rig.pass(5s);
    CHECK_FALSE(rig.brackets.busy());
}

TEST_CASE("a write that ended does not vouch for its value where it was overruled since") {
    BracketRig rig{late()};
    REQUIRE(rig.begin({}, bass, MoveId{8})); // the bass goes to the target ...
    rig.prove(bass, before, 6);
    rig.tell(bass, target);
    rig.prove(bass, target, 6);
    rig.pass(100ms);
    rig.prove(bass, former, 6); // an old answer changes nothing
    rig.tell(bass, former);     // ... and a hand moves it on
    rig.prove(bass, former, 6);
    REQUIRE(rig.told<WriteSuperseded>() == 1);
    REQUIRE(rig.begin()); // another move to the same value
    rig.prove(lead, before, 5);
    rig.tell(bass, target); // astray
    rig.others = {bass};
    rig.pass(1600ms);
    rig.prove(lead, target, 5);
    rig.prove(bass, target, 6);
    rig.prove(bass, target, 6);
    REQUIRE(rig.written.back().path == bass);
    CHECK(rig.written.back().value == former);
}

TEST_CASE("a value that a stray of another move explains confirms nothing") {
    BracketRig rig{late()};
    const ControlValue close{Decibel{-6.02}}; // nearly the lead's target, and the bass's own
    REQUIRE(rig.brackets.begin(approved(MoveId{8}, bass, before, close), rig.now, rig.out));
    rig.prove(bass, before, 6);
    rig.tell(lead, before);
    REQUIRE(rig.begin());
    rig.prove(lead, before, 5);
    rig.prove(lead, close, 5); // our own message was lost; the other went astray
    CHECK(rig.told<WriteInPlace>() == 0);
    rig.pass(300ms);
    rig.prove(lead, target, 5); // or it was only late
    CHECK(rig.told<WriteInPlace>() == 1);
}

TEST_CASE("what is left alone counts from then on") {
    BracketRig rig;
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.others = {bass};
    rig.disprove(lead);
    rig.prove(bass, target); // never read before: nobody knows what it held
    REQUIRE(rig.told<Noticed>() == 1);
    rig.pass(100ms);
    const ControlValue other{Decibel{-20.0}};
    REQUIRE(rig.brackets.begin(approved(MoveId{8}, room, before, other), rig.now, rig.out));
    rig.prove(room, before);
    rig.disprove(room);
    rig.prove(bass, other);
    rig.prove(bass, other);
    CHECK(rig.written.back().path == bass);
    CHECK(rig.written.back().value == target);
}

TEST_CASE("a control first read with a value of ours holds what the host made it with") {
    BracketRig rig{late()};
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.born = former;
    SECTION("a stray was there first") {
        rig.tell(bass, target);
        rig.others = {bass};
        rig.pass(1600ms);
        rig.prove(lead, target);
        rig.prove(bass, target);
        rig.prove(bass, target);
        CHECK(rig.written.back().value == former);
    }
    SECTION("it was made with just that value, and is hit later") {
        rig.born = target;
        rig.tell(bass, target);
        const ControlValue other{Decibel{-20.0}};
        REQUIRE(rig.brackets.begin(approved(MoveId{8}, room, before, other), rig.now, rig.out));
        rig.born.reset(); // made before that move
        rig.prove(room, before, 6);
        rig.others = {bass};
        rig.tell(bass, other);
        rig.pass(1600ms);
        rig.prove(room, other, 6);
        rig.prove(bass, other);
        rig.prove(bass, other);
        CHECK(rig.written.back().path == bass);
        CHECK(rig.written.back().value == target);
    }
}

TEST_CASE("a value of one kind of control says nothing about another kind") {
    BracketRig rig{late()};
    const ControlPath lead_mute{StripId{1}, Control::mute}, bass_mute{StripId{2}, Control::mute};
    const ControlPath lead_bypass{StripId{1}, Control::bypass, InsertId{5}};
    rig.tell(bass_mute, true);
    REQUIRE(rig.brackets.begin(approved(MoveId{8}, lead_bypass, true, false), rig.now, rig.out));
    rig.prove(lead_bypass, true, 7);
    rig.tell(bass_mute, false); // a hand; a bypass that went astray would be one of another insert
    CHECK_FALSE(rig.brackets.may_be_stray(bass_mute, false));
    REQUIRE(rig.brackets.begin(approved(MoveId{9}, lead_mute, false, true), rig.now, rig.out));
    rig.prove(lead_mute, false, 5);
    rig.tell(bass_mute, true); // and this one did go astray
    rig.others = {bass_mute};
    rig.pass(1600ms);
    rig.prove(lead_mute, true, 5);
    rig.prove(bass_mute, true, 6);
    rig.prove(bass_mute, true, 6);
    CHECK(rig.written.back().path == bass_mute);
    CHECK(rig.written.back().value == ControlValue{false});
}

TEST_CASE("a control goes back to what was told of it last before it was hit") {
    BracketRig rig;
    const ControlValue by_hand{Decibel{-17.0}};
    rig.tell(bass, former);
    rig.told_then = {{target, by_hand}}; // too late to be believed, and before our message
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.others = {bass};
    rig.disprove(lead);
    rig.prove(bass, target);
    rig.prove(bass, target);
    REQUIRE(rig.written.back().path == bass);
    CHECK(rig.written.back().value == by_hand);
}

TEST_CASE("a control that was hit twice goes back to what it held before the first") {
    BracketRig rig;
    const ControlValue other{Decibel{-20.0}};
    REQUIRE(rig.begin());
    REQUIRE(rig.brackets.begin(approved(MoveId{8}, room, before, other), rig.now, rig.out));
    rig.prove(lead, before);
    rig.prove(room, before, 6);
    rig.others = {bass};
    SECTION("as the host has told it") { rig.told_then = {{other, target}, {target, former}}; }
    SECTION("as it was known before, where only the second was met by news") {
        rig.brackets.observe(bass, former, rig.now, rig.out);
        rig.told_then = {{other, target}};
    }
    rig.disprove(room);
    rig.prove(bass, other);
    rig.prove(bass, other);
    REQUIRE(rig.written.back().path == bass);
    CHECK(rig.written.back().value == former);
}

TEST_CASE("a repair waits for that of another message that has hit the control since") {
    BracketRig rig;
    const ControlValue other{Decibel{-20.0}};
    rig.tell(bass, former);
    REQUIRE(rig.begin());
    REQUIRE(rig.brackets.begin(approved(MoveId{8}, room, before, other), rig.now, rig.out));
    rig.prove(lead, before);
    rig.prove(room, before, 6);
    rig.others = {bass};
    rig.disprove(lead);
    rig.prove(bass, target); // its survey: hit
    rig.prove(bass, other);  // its repair: hit again
    CHECK(rig.told<WriteMisled>() == 0);
    rig.disprove(room);
    rig.prove(bass, other); // the other's survey, and repair
    rig.prove(bass, other);
    REQUIRE(rig.written.back().path == bass);
    CHECK(rig.written.back().value == former);
    for (int seconds = 0; seconds < 4; ++seconds) {
        rig.pass(1s);
        const auto questions = rig.asked;
        for (const auto& [token, path] : questions)
            if (path == bass) rig.brackets.proof(token, {true, {}, 5, former}, rig.now, rig.out);
    }
    CHECK(rig.told<WriteMisled>() == 2);
    CHECK(rig.last<WriteMisled>().restored);
}

TEST_CASE(
    "what a control held that was hit and lost its id is put back where a value of ours is found") {
    const bool is_known_to_be_hit = GENERATE(true, false);
    BracketRig rig;
    rig.tell(bass, former);
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.others = {bass};
    rig.prove(lead, before, 6);
    if (is_known_to_be_hit) rig.prove(bass, target); // it is being repaired
    rig.others = {bass_again};                       // and was never read by this id
    rig.disprove(bass);
    rig.prove(bass_again, target);
    if (is_known_to_be_hit) {
        rig.prove(bass_again, target);
        REQUIRE(rig.written.back().path == bass_again);
        CHECK(rig.written.back().value == former);
    } else { // it may be another that was made to stand there
        CHECK(rig.written.back().path == lead);
    }
}

TEST_CASE("a control that another message has hit since is looked at again when that is mended") {
    BracketRig rig;
    const ControlValue other{Decibel{-20.0}};
    rig.tell(bass, former);
    REQUIRE(rig.begin());
    REQUIRE(rig.brackets.begin(approved(MoveId{8}, room, before, other), rig.now, rig.out));
    rig.prove(lead, before);
    rig.prove(room, before, 6);
    rig.others = {bass};
    rig.disprove(lead);
    rig.prove(bass, other); // hit by the first, perhaps, and then by the second
    CHECK(rig.brackets.busy());
    rig.told_then = {{other, target}}; // which the host has told
    rig.disprove(room);
    rig.prove(bass, other);
    rig.prove(bass, other);
    REQUIRE(rig.written.back().path == bass);
    CHECK(rig.written.back().value == former);
}

TEST_CASE("a hand's value that a repair has overruled while it was on its way is brought back") {
    BracketRig rig;
    const ControlValue by_hand{Decibel{-17.0}};
    rig.tell(bass, former);
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.others = {bass};
    rig.disprove(lead);
    rig.prove(bass, target);
    rig.prove(bass, target);
    REQUIRE(rig.written.back().value == former);
    SECTION("told before our echo: it was there first") {
        rig.tell(bass, by_hand);
        rig.tell(bass, former);
        rig.prove(bass, former);
        REQUIRE(rig.written.back().value == by_hand);
        rig.tell(bass, former); // once more the old one
        rig.prove(bass, by_hand);
        CHECK(rig.last<WriteMisled>().restored);
        CHECK(rig.written.back().value == by_hand);
    }
    SECTION("told after it: it stays") {
        rig.tell(bass, former);
        rig.tell(bass, by_hand);
        rig.prove(bass, by_hand);
        CHECK(rig.written.back().value == former);
        CHECK(rig.told<WriteMisled>() == 1);
    }
}
