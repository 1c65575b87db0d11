// A third of the 100,000 moves. What is counted, and what false and wrong mean: race.h.
#include "tests/contract/race.h"
#include "tests/support/catch.h"

using namespace prefade::test;

// Seeds 200001..200170; those of tuning are in race_tuning.cpp, and none is here.
TEST_CASE(
    "34,000 moves by index leave no value of ours on a wrong control and confirm nothing false") {
    run_race(Addressing::by_index, {200'001, 34}, 200);
}
