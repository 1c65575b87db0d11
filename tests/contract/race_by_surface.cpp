// The 100,000 moves once more, through a Mackie Control and a HUI. What false and wrong mean: race.h and race_surface.h.
#include "tests/contract/race_surface.h"
#include "tests/support/catch.h"
#include "tests/support/hui_rig.h"

using namespace prefade::test;

// Seeds 400001..401008, and 402001..402252 with many hands; those of tuning are in race_surface_tuning.cpp, and none is here.
TEST_CASE("44,800 moves through a Mackie Control confirm nothing false and are put back where that "
          "can be known") {
    std::uint32_t seed = 400'001;
    for (const MackieHabits& habits : all_habits()) {
        run_surface_race(habits, {seed, 112}, 100, one_hand);
        seed += 112;
    }
}
TEST_CASE(
    "56,000 moves through a HUI confirm nothing false and are put back where that can be known") {
    std::uint32_t seed = 400'449;
    for (const HuiHabits& habits : hui_habits()) {
        run_surface_race(habits, {seed, 112}, 100, one_hand);
        seed += 112;
    }
}
TEST_CASE("25,200 moves through surfaces against many hands at once confirm nothing false") {
    std::uint32_t seed = 402'001;
    for (const MackieHabits& habits : all_habits()) {
        run_surface_race(habits, {seed, 28}, 100, many_hands);
        seed += 28;
    }
    for (const HuiHabits& habits : hui_habits()) {
        run_surface_race(habits, {seed, 28}, 100, many_hands);
        seed += 28;
    }
}
