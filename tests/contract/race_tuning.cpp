// The races with the seeds that everything here was tuned with. Not run by CTest, and no seed of it is
// one of the races that count: test_contract "[tuning]".
#include "tests/contract/race.h"
#include "tests/support/catch.h"

using namespace prefade::test;

// Seeds 900001..901000, 910001..911000, 920001..921000.
constexpr int worlds = 200;

TEST_CASE("by id, with the seeds of tuning", "[.][tuning]") {
    run_race(Addressing::by_id, {900'001, worlds}, 200);
}
TEST_CASE("by index, with the seeds of tuning", "[.][tuning]") {
    run_race(Addressing::by_index, {910'001, worlds}, 200);
}
TEST_CASE("by bank, with the seeds of tuning", "[.][tuning]") {
    run_race(Addressing::by_bank, {920'001, worlds}, 200);
}
