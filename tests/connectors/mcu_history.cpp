// What a fader held before a message of ours came to its cell.
#include "connectors/mcu/cell_history.h"
#include "tests/support/catch.h"

using namespace prefade;
using namespace std::chrono_literals;
using mcu::CellHistory;

namespace {

TimePoint at(Duration since) { return TimePoint{1h} + since; }

} // namespace

TEST_CASE(
    "another strip came into the cell while ours was on its way: its own position was told first") {
    CellHistory history;
    history.told(3, 5000, at(0ms)); // the strip that was meant
    history.sent(3, 9000, at(1s));
    history.told(3, 7777, at(1020ms)); // the other one
    history.told(3, 9000, at(1020ms)); // and our message in it
    CHECK(history.before(9000) == 7777);
    CHECK_FALSE(history.before(5000));
}

TEST_CASE("a glide is followed back to where it began to hit") {
    CellHistory history;
    history.sent(0, 6100, at(0ms));
    history.told(0, 6100, at(40ms)); // in the right strip yet
    history.sent(0, 6200, at(50ms));
    history.told(0, 12'808, at(70ms));
    history.told(0, 6200, at(90ms));
    history.sent(0, 6300, at(100ms));
    history.told(0, 6300, at(140ms));
    CHECK(history.before(6300) == 12'808);
    CHECK(history.before(6200) == 12'808);
}

TEST_CASE("what was told long before our message, or with none of ours in between, says nothing") {
    CellHistory history;
    history.told(3, 5000, at(0ms));
    history.sent(3, 9000, at(1s));
    history.told(3, 9000, at(1040ms)); // where it should be
    CHECK_FALSE(history.before(9000)); // or, if another strip was there, one that was at 5000 too
    history.told(3, 1234, at(2s));     // the bank was turned
    history.told(3, 9000, at(2100ms)); // and back
    CHECK_FALSE(history.before(9000));
    history.sent(4, 9000, at(3s));
    history.told(5, 100, at(3010ms));  // of another cell
    history.told(5, 9000, at(3020ms)); // a hand, to the very same position
    CHECK_FALSE(history.before(9000));
}

TEST_CASE("two that may be meant and differ are none") {
    CellHistory history;
    for (const std::size_t cell : {0U, 1U}) {
        history.sent(cell, 9000, at(1s));
        history.told(cell, static_cast<std::uint16_t>(4000 + cell), at(1010ms));
        history.told(cell, 9000, at(1020ms));
    }
    CHECK_FALSE(history.before(9000));
    history.clear();
    CHECK_FALSE(history.before(9000));
}

TEST_CASE("after a minute it is forgotten") {
    CellHistory history;
    history.sent(3, 9000, at(1s));
    history.told(3, 7777, at(1020ms));
    history.told(3, 9000, at(1020ms));
    history.told(3, 1, at(62s));
    CHECK_FALSE(history.before(9000));
}
