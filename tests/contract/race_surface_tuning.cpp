// The races through a Mackie Control and a HUI on the seeds they were tuned on, by hand: test_contract "[.tuning-surface]".
// Seeds 990001..990360; those that count are in race_by_surface.cpp.
#include "tests/contract/race_surface.h"
#include "tests/support/catch.h"
#include "tests/support/hui_rig.h"

using namespace prefade::test;

TEST_CASE("the surface race on its tuning seeds", "[.tuning-surface]") {
    for (const SurfacePace& pace : {one_hand, many_hands}) {
        std::uint32_t seed = 990'001;
        for (const MackieHabits& habits : all_habits()) {
            run_surface_race(habits, {seed, 40}, 100, pace);
            seed += 40;
        }
        for (const HuiHabits& habits : hui_habits()) {
            run_surface_race(habits, {seed, 40}, 100, pace);
            seed += 40;
        }
    }
}
