// What a fader or a switch held before a message of ours came to its cell.
#include "connectors/mcu/cell_history.h"
#include "tests/support/catch.h"

using namespace prefade;
using namespace std::chrono_literals;
using mcu::CellHistory;

namespace {

const CellHistory::Meant meant{StripId{1}, "Lead"}; ///< by every message of ours

TimePoint at(Duration since) { return TimePoint{1h} + since; }

CellHistory::Comer called(const std::string& name) { return {StripId{2}, name}; }

} // namespace

TEST_CASE(
    "another strip came into the cell while ours was on its way: its own position was told first") {
    CellHistory history;
    history.told(3, 5000, at(0ms)); // the strip that was meant
    history.sent(3, meant, 9000, at(1s));
    history.told(3, 7777, at(1020ms)); // the other one
    history.named(3, "Bass", at(1020ms));
    history.told(3, 9000, at(1020ms)); // and our message in it
    CHECK(history.before(9000, called("Bass")) == 7777);
    CHECK_FALSE(history.before(5000, called("Bass")));
    CHECK_FALSE(history.before(9000, called("Lead"))); // wherever that stood
}

TEST_CASE("hosts that tell the name first, or no fader that the surface moves, are understood") {
    CellHistory history;
    history.sent(3, meant, 9000, at(1s));
    history.named(3, "Bass", at(1020ms));
    history.told(3, 7777, at(1040ms));
    CHECK(history.before(9000, called("Bass")) == 7777);
}

TEST_CASE("a glide is followed back to where it began to hit") {
    CellHistory history;
    history.sent(0, meant, 6100, at(0ms));
    history.told(0, 6100, at(40ms)); // in the right strip yet
    history.sent(0, meant, 6200, at(50ms));
    history.told(0, 12'808, at(70ms));
    history.named(0, "Bass", at(70ms));
    history.told(0, 6200, at(90ms));
    history.sent(0, meant, 6300, at(100ms));
    history.told(0, 6300, at(140ms));
    CHECK(history.before(6200, called("Bass")) == 12'808);
    CHECK_FALSE(history.before(6300, called("Bass"))); // nothing came while that was on its way
    CHECK_FALSE(history.before(6100, called("Bass")) == 6100);
}

TEST_CASE("what was told with the next name is the next one's") {
    CellHistory history;
    history.sent(3, meant, 9000, at(1s));
    history.named(3, "Bass", at(1020ms)); // where it stands is not told: we hold the fader
    history.told(3, 2222, at(1035ms));
    history.named(3, "Drums", at(1035ms));
    CHECK_FALSE(history.before(9000, called("Bass")));
    CHECK(history.before(9000, called("Drums")) == 2222);
}

TEST_CASE("what was told long before our message, or with none of ours in between, says nothing") {
    CellHistory history;
    history.told(3, 5000, at(0ms));
    history.named(3, "Bass", at(0ms));
    history.sent(3, meant, 9000, at(1s));
    history.told(3, 9000, at(1040ms)); // where it should be
    CHECK_FALSE(history.before(9000, called("Bass")));
    history.told(3, 1234, at(2s)); // the bank was turned
    history.named(3, "Drums", at(2s));
    history.told(3, 9000, at(2100ms)); // and back
    history.named(3, "Bass", at(2100ms));
    CHECK_FALSE(history.before(9000, called("Bass")));
    history.sent(4, meant, 9000, at(3s));
    history.told(5, 100, at(3010ms)); // of another cell
    history.named(5, "Bass", at(3010ms));
    history.told(5, 9000, at(3020ms)); // a hand, to the very same position
    CHECK_FALSE(history.before(9000, called("Bass")));
}

TEST_CASE("two that may be meant and differ are none") {
    CellHistory history;
    for (const std::size_t cell : {0U, 1U}) {
        history.sent(cell, meant, 9000, at(1s));
        history.told(cell, static_cast<std::uint16_t>(4000 + cell), at(1010ms));
        history.named(cell, "Guitar", at(1010ms));
        history.told(cell, 9000, at(1020ms));
    }
    CHECK_FALSE(history.before(9000, called("Guitar")));
    history.clear();
    CHECK_FALSE(history.before(9000, called("Guitar")));
}

TEST_CASE("a message that was meant for a strip has not gone astray to it") {
    CellHistory history;
    history.sent(3, meant, 9000, at(1s));
    history.pressed(3, meant, Control::mute, at(1s));
    history.told(3, 7777, at(1020ms));
    history.named(3, "Bass", at(1020ms)); // its name became another just then
    history.lit(3, Control::mute, true, at(1020ms));
    CHECK_FALSE(history.before(9000, {meant.strip, "Bass"}));
    CHECK_FALSE(history.turned(Control::mute, {meant.strip, "Bass"}));
}

TEST_CASE("a switch that a press has turned stood at the other of what its light says after its "
          "name") {
    using Turned = CellHistory::Turned;
    CellHistory history;
    history.told(2, 6000, at(0ms));
    history.lit(2, Control::mute, false, at(0ms));
    history.pressed(2, meant, Control::mute, at(1s));
    history.lit(2, Control::mute, true, at(1020ms)); // it comes muted
    history.named(2, "Bass", at(1020ms));
    SECTION("and is turned") {
        history.lit(2, Control::mute, false, at(1020ms));
        CHECK(history.turned(Control::mute, called("Bass")) == Turned{true, false});
        CHECK_FALSE(history.turned(Control::solo, called("Bass")));
        CHECK_FALSE(history.turned(Control::mute, called("Lead")));
        // Of several of one name it is the one that stood where this one did, or was brought from there.
        const auto with = [](std::uint16_t fader) {
            CellHistory::Comer comer = called("Bass");
            comer.fader = fader;
            return comer;
        };
        CHECK(history.turned(Control::mute, with(6000)) == Turned{true, false});
        CHECK_FALSE(history.turned(Control::mute, with(7000)));
        history.told(2, 7000, at(1045ms));
        CHECK(history.turned(Control::mute, with(7000)) == Turned{true, false});
        // And by another press in another cell.
        history.pressed(5, meant, Control::mute, at(1050ms));
        history.named(5, "Bass", at(1070ms));
        history.lit(5, Control::mute, true, at(1070ms));
        CHECK(history.turned(Control::mute, called("Bass")) == Turned{true, true});
        CellHistory::Comer later = called("Bass");
        later.since = at(1050ms);
        CHECK(history.turned(Control::mute, later) == Turned{false, true});
    }
    SECTION("the press has reached the one before") {
        history.lit(2, Control::mute, true, at(1040ms)); // told again
        CHECK_FALSE(history.turned(Control::mute, called("Bass")));
    }
    SECTION("the next one's light is its own") {
        history.lit(2, Control::mute, false, at(1050ms));
        history.named(2, "Drums", at(1050ms));
        CHECK_FALSE(history.turned(Control::mute, called("Bass")));
    }
}

TEST_CASE("who came into a cell while a message was on its way is known, also when it went again") {
    CellHistory history;
    history.named(2, "Lead", at(0ms));
    history.pressed(2, meant, Control::mute, at(1s));
    history.named(2, "Bass", at(1020ms));
    history.named(2, "Drums", at(1090ms));
    history.named(2, "Keys", at(2s));
    CHECK(history.met(2, at(1s)) == std::set<std::string>{"Bass", "Drums"});
    CHECK(history.met(3, at(1s)).empty());
    CHECK(history.met(2, at(1500ms)).empty());
}

TEST_CASE("after a minute it is forgotten") {
    CellHistory history;
    history.sent(3, meant, 9000, at(1s));
    history.told(3, 7777, at(1020ms));
    history.named(3, "Bass", at(1020ms));
    history.told(3, 9000, at(1020ms));
    history.told(3, 1, at(62s));
    CHECK_FALSE(history.before(9000, called("Bass")));
}

TEST_CASE("what a turn of ours brings into a cell was not hit by what we sent before it") {
    CellHistory history;
    const bool is_turned = GENERATE(true, false);
    history.told(2, 6000, at(0ms));
    history.pressed(2, meant, Control::mute, at(1s));
    history.sent(2, meant, 9000, at(1s));
    if (is_turned) history.turned_window(at(1010ms));
    history.told(2, 7000, at(1030ms));
    history.named(2, "Bass", at(1030ms));
    history.lit(2, Control::mute, true, at(1030ms));
    CHECK(history.met(2, at(0ms)).contains("Bass") != is_turned);
    CHECK(history.met("Bass", at(0ms)) != is_turned);
    CHECK(history.turned(Control::mute, called("Bass")).has_value() != is_turned);
    CHECK(history.before(9000, called("Bass")).has_value() != is_turned);
}

TEST_CASE("that ours has reached a strip in a cell is known as soon as the host has told all of "
          "it") {
    CellHistory history;
    const auto hits = [&](Duration since) { return history.hits(at(since), true); };
    history.told(3, 5000, at(0ms));
    history.named(2, "Kick", at(0ms));
    history.named(3, "Lead", at(0ms));
    history.sent(3, meant, 9000, at(1s));
    history.pressed(3, meant, Control::mute, at(1s));
    CHECK(hits(1010ms).empty());
    SECTION("a strip has come") {
        history.told(3, 7777, at(1020ms));
        history.named(2, "Snare", at(1020ms));
        history.named(3, "Bass", at(1020ms));
        CHECK(hits(1020ms).empty()); // it may have come before ours
        history.told(3, 9000, at(1021ms));
        CHECK(history.is_painting(at(1025ms)));
        CHECK_FALSE(history.is_painting(at(1040ms)));
        auto found = hits(1040ms);
        REQUIRE(found.size() == 1);
        CHECK(found[0].cell == 3);
        CHECK(found[0].of == Control::fader);
        CHECK(found[0].target == meant.strip);
        CHECK(found[0].name == "Bass");
        CHECK(found[0].now == 9000);
        CHECK(found[0].former == std::uint16_t{7777});
        history.lit(3, Control::mute, true, at(1022ms));
        CHECK(hits(1040ms).size() == 2);
        history.pressed(3, {meant.strip, "Bass", true}, Control::mute, at(1041ms)); // answered
        history.sent(3, {meant.strip, "Bass", true}, 7777, at(1041ms));
        CHECK(hits(1042ms).empty());
        CHECK(history.brought_back("Bass", 7777));
        CHECK_FALSE(history.brought_back("Bass", 9000));
        CHECK_FALSE(history.brought_back("Lead", 7777));
    }
    SECTION("a hand has moved it on since") {
        history.told(3, 7777, at(1020ms));
        history.named(2, "Snare", at(1020ms));
        history.named(3, "Bass", at(1020ms));
        history.told(3, 9000, at(1021ms));
        history.told(3, 8000, at(1030ms));
        CHECK(hits(1050ms).empty());
    }
    SECTION("a turn of ours has brought it there") {
        history.turned_window(at(1005ms));
        history.told(3, 7777, at(1020ms));
        history.named(2, "Snare", at(1020ms));
        history.named(3, "Bass", at(1020ms));
        history.told(3, 9000, at(1021ms));
        CHECK(hits(1050ms).empty());
    }
    SECTION("it has only got another name") {
        history.named(3, "Ba", at(1020ms)); // in pieces
        history.named(3, "Bass", at(1020ms));
        history.told(3, 9000, at(1021ms));
        CHECK(hits(1050ms).empty());
    }
    SECTION("a held fader is not told of: what it stood at is not what the cell showed") {
        history.named(2, "Snare", at(1020ms));
        history.named(3, "Bass", at(1020ms));
        history.told(3, 9000, at(1021ms));
        REQUIRE(history.hits(at(1050ms), false).size() == 1);
        CHECK_FALSE(history.hits(at(1050ms), false)[0].former);
        CHECK_FALSE(hits(1050ms)[0].former); // it may be the one's that was there
        CHECK(hits(1050ms)[0].shown == std::uint16_t{5000});
    }
}

TEST_CASE("a track that is made in sight moves the others to the right") {
    CellHistory history;
    for (const std::size_t cell : {0U, 1U, 2U})
        history.named(cell, std::string(1, 'A' + static_cast<char>(cell)), at(0ms));
    SECTION("made") {
        history.named(1, "New", at(1s));
        history.named(2, "B", at(1s));
        CHECK(history.was_inserted("New"));
        CHECK_FALSE(history.was_inserted("B"));
    }
    SECTION("a bank of one to the left") {
        history.named(0, "New", at(1s));
        history.named(1, "A", at(1s));
        history.named(2, "B", at(1s));
        CHECK_FALSE(history.was_inserted("New"));
    }
    SECTION("another name") {
        history.named(1, "New", at(1s));
        CHECK_FALSE(history.was_inserted("New"));
    }
}
