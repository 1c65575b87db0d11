#include "tests/support/bracket_rig.h"

#include <random>
#include <string>

using namespace prefade;
using namespace prefade::test;

TEST_CASE("a move is proved before and after, held and read back") {
    BracketRig rig;
    REQUIRE(rig.begin());
    CHECK(rig.written.empty());
    rig.prove(lead, before);
    REQUIRE(rig.written.size() == 1);
    CHECK(rig.written[0].value == target);
    CHECK(rig.written[0].address == 5);
    CHECK(rig.last<WriteBegins>().before == before);
    rig.tell(lead, target);
    CHECK(rig.told<WriteInPlace>() == 0); // the echo alone does not tell whose it was
    rig.prove(lead, target);
    CHECK(rig.told<WriteInPlace>() == 1);
    rig.pass(499ms);
    CHECK(rig.ends() == 0);
    rig.pass(1ms);
    rig.prove(lead, target);
    CHECK(rig.told<WriteProved>() == 1);
    CHECK(rig.last<WriteProved>().read_back == target);
    CHECK_FALSE(rig.brackets.busy());
}

TEST_CASE("a move is not confirmed while a message of another may land on its control yet") {
    BracketRig rig;
    rig.written_and_in_place();
    REQUIRE(rig.begin({}, bass, MoveId{99}));
    rig.prove(bass, before, 6);
    REQUIRE(rig.written.size() == 2); // and nothing is known of where it landed
    rig.pass(500ms);
    rig.prove(lead, target);
    CHECK(rig.told<WriteProved>() == 0);
    SECTION("it landed where it was to: both are confirmed") {
        rig.tell(bass, target);
        rig.prove(bass, target, 6);
        rig.pass(250ms);
        rig.prove(lead, target);
        CHECK(rig.told<WriteProved>() == 1);
        CHECK(rig.last<WriteProved>().move == move_id);
    }
    SECTION("nothing is heard of it: the last proof in time counts") {
        for (int i = 0; i < 40 && rig.ends() == 0; ++i) {
            rig.pass(50ms);
            rig.prove(lead, target);
        }
        CHECK(rig.told<WriteProved>() == 1);
        CHECK(rig.last<WriteProved>().move == move_id);
    }
}

TEST_CASE("while rolling the hold is two seconds longer") {
    BracketRig rig;
    rig.rolls = true;
    rig.written_and_in_place();
    const std::size_t asked = rig.asked.size();
    rig.pass(2499ms);
    CHECK(rig.asked.size() == asked);
    rig.pass(1ms);
    rig.prove(lead, target);
    CHECK(rig.told<WriteProved>() == 1);
}

TEST_CASE("nothing is sent when the proof before the write fails") {
    BracketRig rig;
    REQUIRE(rig.begin());
    SECTION("another control bears the address") {
        rig.disprove(lead);
        CHECK(rig.last<WriteRefused>().reason == "another strip is there");
    }
    SECTION("the value changed since it was looked at") {
        rig.prove(lead, Decibel{-2.0});
        CHECK(rig.last<WriteRefused>().reason
              == "changed since it was looked at: now -2.00 dB, was -3.00 dB");
    }
    SECTION("a hand touches it") { rig.brackets.touched(lead.strip, rig.now, rig.out); }
    SECTION("it is stopped") { rig.brackets.halt(std::nullopt, rig.now, rig.out); }
    SECTION("the host is lost") { rig.brackets.host_lost(rig.now, rig.out); }
    SECTION("the host never answers") {
        rig.pass(1500ms);
        CHECK(rig.asked.size() == 6); // every 250 ms
    }
    CHECK(rig.told<WriteRefused>() == 1);
    CHECK(rig.ends() == 1);
    CHECK(rig.written.empty());
    CHECK_FALSE(rig.brackets.busy());
}

TEST_CASE("a value that is there already is confirmed without a write") {
    BracketRig rig;
    REQUIRE(rig.brackets.begin(approved(move_id, lead, target, target), rig.now, rig.out));
    rig.prove(lead, target);
    CHECK(rig.told<WriteInPlace>() == 1);
    rig.pass(500ms);
    rig.prove(lead, target);
    CHECK(rig.told<WriteProved>() == 1);
    CHECK(rig.written.empty());
}

TEST_CASE("an answer to a question asked before the write proves nothing after it") {
    BracketRig rig;
    REQUIRE(rig.begin());
    const Token old = rig.asked.back().token;
    rig.prove(lead, before);
    rig.brackets.proof(old, {true, {}, 5, target}, rig.now, rig.out);
    CHECK(rig.told<WriteInPlace>() == 0);
}

TEST_CASE("an answer to an earlier try of the same question counts") {
    BracketRig rig;
    REQUIRE(rig.begin());
    const Token first = rig.asked.back().token;
    rig.pass(600ms);
    CHECK(rig.asked.size() == 3);
    rig.brackets.proof(first, {true, {}, 5, before}, rig.now, rig.out);
    CHECK(rig.written.size() == 1);
}

TEST_CASE("a value that does not hold is superseded at once") {
    BracketRig rig;
    rig.written_and_in_place();
    rig.pass(300ms);
    rig.tell(lead, Decibel{-1.0});
    CHECK(rig.last<WriteSuperseded>().found == ControlValue{Decibel{-1.0}});
    CHECK(rig.ends() == 1);
}

TEST_CASE("where messages come late a departure is proved before it counts") {
    BracketRig rig{late()};
    rig.written_and_in_place();
    rig.pass(300ms);
    rig.tell(lead, Decibel{-1.0});
    CHECK(rig.ends() == 0);
    SECTION("it was an old message") {
        rig.prove(lead, target);
        rig.pass(200ms);
        rig.prove(lead, target);
        CHECK(rig.told<WriteProved>() == 1);
    }
    SECTION("it is true") {
        rig.prove(lead, Decibel{-1.0});
        CHECK(rig.told<WriteSuperseded>() == 1);
    }
    CHECK(rig.ends() == 1);
}

TEST_CASE("without proof a write ends unproved, with proof of another value failed") {
    BracketRig rig;
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    SECTION("the host says nothing more") {
        rig.pass(2s);
        CHECK(rig.told<WriteUnproved>() == 1);
    }
    SECTION("the echo came, but never a proof of whose it was") {
        rig.tell(lead, target);
        rig.pass(2s);
        CHECK(rig.last<WriteUnproved>().found == target);
    }
    SECTION("the control still holds the value before") {
        rig.prove(lead, before);
        rig.pass(2s);
        CHECK(rig.last<WriteFailed>().found == before);
    }
    SECTION("it holds something else") {
        rig.prove(lead, Decibel{-20.0});
        CHECK(rig.told<WriteSuperseded>() == 1);
    }
    SECTION("the host is lost") {
        rig.brackets.host_lost(rig.now, rig.out);
        CHECK(rig.last<WriteUnproved>().reason == "host lost");
    }
    SECTION("the strip cannot be proved after the write") {
        rig.disprove(lead);
        CHECK(rig.last<WriteUnproved>().reason == "another strip is there");
    }
    CHECK(rig.ends() == 1);
}

TEST_CASE("a control hit by mistake is put back and told") {
    BracketRig rig;
    const ControlValue former{Decibel{-12.0}};
    rig.tell(bass, former);
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.others = {bass};
    rig.prove(lead, before, 6); // it moved; and still holds its old value
    rig.tell(bass, target);
    rig.prove(bass, target, 5);
    CHECK(rig.told<WriteFailed>() == 1);
    rig.prove(bass, target, 5); // the repair's own proof
    REQUIRE(rig.written.size() == 2);
    CHECK(rig.written[1].path == bass);
    CHECK(rig.written[1].value == former);
    CHECK(rig.told<WriteMisled>() == 0);
    rig.others.clear();
    rig.prove(bass, former, 5);
    CHECK(rig.last<WriteMisled>().hit == bass);
    CHECK(rig.last<WriteMisled>().before == former);
    CHECK(rig.last<WriteMisled>().restored);
    CHECK(rig.ends() == 1);
}

TEST_CASE("a look at what a move may have hit that the lost host cuts short is told") {
    BracketRig rig;
    rig.others = {bass};
    rig.written_and_in_place();
    rig.pass(500ms);
    rig.prove(lead, target);
    REQUIRE(rig.told<WriteProved>() == 1);
    REQUIRE(rig.brackets.busy());
    const bool looked = GENERATE(false, true);
    if (looked) rig.prove(bass, Decibel{-20.0});
    rig.brackets.host_lost(rig.now, rig.out);
    CHECK(rig.told<Noticed>() == (looked ? 0 : 1));
    CHECK(rig.ends() == 1);
    CHECK_FALSE(rig.brackets.busy());
}

TEST_CASE("nothing is put back that our write cannot have hit") {
    BracketRig rig;
    rig.tell(bass, Decibel{-12.0});
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    SECTION("no other control bore the address") {
        rig.tell(bass, target); // a user set another fader to the same value
        rig.prove(lead, target);
    }
    SECTION("it held that value before") {
        rig.tell(bass, target);
        rig.others = {bass};
        rig.prove(lead, target);
        CHECK(rig.asked.back().path == bass);
    }
    SECTION("it holds another value") {
        rig.others = {bass};
        rig.prove(lead, target);
        rig.prove(bass, Decibel{-11.0});
    }
    rig.pass(500ms);
    CHECK(rig.written.size() == 1);
    CHECK(rig.told<WriteMisled>() == 0);
}

TEST_CASE("a control hit before its value was ever read is told, and put back only where the "
          "host's own is known") {
    BracketRig rig;
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.others = {bass};
    SECTION("unknown: left alone") {
        rig.disprove(lead);
        rig.prove(bass, target);
        CHECK_FALSE(rig.last<WriteMisled>().restored);
        CHECK(rig.told<Noticed>() == 1);
        CHECK(rig.written.size() == 1);
    }
    SECTION("just made by the host") {
        rig.born = Decibel{0.0};
        rig.disprove(lead);
        rig.prove(bass, target);
        rig.prove(bass, target);
        CHECK(rig.written.back().value == ControlValue{Decibel{0.0}});
    }
    CHECK(rig.told<WriteFailed>() == 1);
}

TEST_CASE("a repair leaves a value alone that someone has set since") {
    BracketRig rig;
    rig.tell(bass, Decibel{-12.0});
    REQUIRE(rig.begin());
    rig.prove(lead, before);
    rig.others = {bass};
    rig.disprove(lead);
    rig.prove(bass, target);
    rig.prove(bass, Decibel{-9.0});
    CHECK(rig.written.size() == 1);
    CHECK_FALSE(rig.last<WriteMisled>().restored);
}

TEST_CASE("where messages come late the survey waits until none can be under way") {
    BracketRig rig{late()};
    rig.tell(bass, Decibel{-12.0});
    rig.written_and_in_place();
    rig.pass(500ms);
    rig.prove(lead, target);
    CHECK(rig.told<WriteProved>() == 1);
    CHECK(rig.brackets.exposed(rig.now));
    rig.others = {bass};
    rig.pass(999ms);
    rig.prove(lead, target);
    CHECK(rig.asked.back().path == lead);
    rig.pass(1ms);
    CHECK_FALSE(rig.brackets.exposed(rig.now));
    rig.prove(lead, target);
    CHECK(rig.asked.back().path == bass);
    rig.prove(bass, target); // a late double
    rig.prove(bass, target);
    CHECK(rig.written.back().value == ControlValue{Decibel{-12.0}});
    CHECK(rig.ends() == 1);
}

TEST_CASE("a control is not written again while an earlier write may still arrive") {
    BracketRig rig{late()};
    rig.written_and_in_place();
    CHECK_FALSE(rig.begin({}, lead, MoveId{8}));
    CHECK(rig.begin({}, bass, MoveId{9}));
    rig.pass(500ms);
    rig.prove(lead, target);
    CHECK(rig.told<WriteProved>() == 1);
    CHECK_FALSE(rig.begin({}, lead, MoveId{10}));
    rig.pass(1s);
    CHECK(rig.begin({}, lead, MoveId{11}));
}

TEST_CASE(
    "an address is not written to while a write meant for another control may still arrive there") {
    BracketRig rig{late()};
    rig.written_and_in_place();
    REQUIRE(rig.begin({}, bass, MoveId{8}));
    rig.prove(bass, before, 5); // the structure changed: it bears the first one's address now
    CHECK(rig.written.size() == 1);
    rig.pass(1500ms);
    rig.prove(bass, before, 5);
    CHECK(rig.written.size() == 2);
}

TEST_CASE("answers from within the question are taken") {
    BracketRig rig;
    rig.answers_at_once = true;
    REQUIRE(rig.begin());
    CHECK(rig.written.size() == 1);
    rig.pass(10s);
    CHECK(rig.last<WriteFailed>().found == before);
    CHECK_FALSE(rig.brackets.busy());
}

TEST_CASE("every begun move ends exactly once, in bounded time, whatever the host does") {
    std::mt19937 random{20240611};
    const auto chance = [&](int percent) { return static_cast<int>(random() % 100) < percent; };
    const ControlPath paths[] = {lead, bass, ControlPath{StripId{3}}};
    for (int round = 0; round < 400; ++round) {
        BracketRig rig{round % 2 ? late() : LinkTraits{}};
        rig.rolls = chance(30);
        std::map<std::uint32_t, int> ends;
        std::uint32_t last = 0;
        for (int i = 0; i < 200; ++i) {
            const ControlPath path = paths[random() % 3];
            if (chance(20)
                && rig.begin(Milliseconds{chance(50) ? 0.0 : 400.0}, path, MoveId{last + 1}))
                ++last;
            if (chance(40) && !rig.asked.empty()) {
                const BracketRig::Asked& asked =
                    rig.asked[rig.asked.size() - 1
                              - random() % std::min<std::size_t>(3, rig.asked.size())];
                const ControlValue value = chance(40)   ? before
                                           : chance(80) ? target
                                                        : ControlValue{Decibel{-9.0}};
                rig.brackets.proof(asked.token, {chance(85), "gone", random() % 3, value}, rig.now,
                                   rig.out);
            }
            if (chance(20)) rig.tell(path, chance(50) ? target : before);
            if (chance(5)) rig.brackets.structure_changed(rig.now, rig.out);
            if (chance(3)) rig.brackets.touched(path.strip, rig.now, rig.out);
            if (chance(3)) rig.brackets.halt(std::nullopt, rig.now, rig.out);
            if (chance(1)) rig.brackets.host_lost(rig.now, rig.out);
            rig.others = chance(50) ? std::vector<ControlPath>{paths[random() % 3]}
                                    : std::vector<ControlPath>{};
            rig.pass(std::chrono::milliseconds(random() % 200));
        }
        rig.pass(120s); // the host has fallen silent
        CHECK_FALSE(rig.brackets.busy());
        for (const Observation& o : rig.out.observed) {
            if (const auto* e = std::get_if<WriteProved>(&o.what)) ++ends[e->move.value];
            if (const auto* e = std::get_if<WriteSuperseded>(&o.what)) ++ends[e->move.value];
            if (const auto* e = std::get_if<WriteRefused>(&o.what)) ++ends[e->move.value];
            if (const auto* e = std::get_if<WriteUnproved>(&o.what)) ++ends[e->move.value];
            if (const auto* e = std::get_if<WriteFailed>(&o.what)) ++ends[e->move.value];
        }
        CHECK(ends.size() == last);
        CHECK(std::all_of(ends.begin(), ends.end(), [](const auto& e) { return e.second == 1; }));
    }
}
