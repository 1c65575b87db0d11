// A small race of the same kind, for every build.
#include "tests/contract/race.h"
#include "tests/support/catch.h"

using namespace prefade::test;

// Seeds 600001..600015; the big races have others.
TEST_CASE("by id, whatever the link and the hands do, no wrong control keeps a value of ours") {
    run_race(Addressing::by_id, {600'001, 1}, 40);
}
TEST_CASE("by index, whatever the link and the hands do, no wrong control keeps a value of ours") {
    run_race(Addressing::by_index, {600'006, 1}, 40);
}
TEST_CASE("by bank, whatever the link and the hands do, no wrong control keeps a value of ours") {
    run_race(Addressing::by_bank, {600'011, 1}, 40);
}
