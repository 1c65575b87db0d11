// A small share of what ./dev bench masking scores, on seeds of its own: fails when conflicts are no longer found.
#include "tests/support/catch.h"
#include "tests/support/figures.h"
#include "tests/truth/score.h"

#include <algorithm>

using namespace prefade;
using namespace prefade::truth;

TEST_CASE(
    "planted conflicts are found with the right culprit, and better than by overlap of energy") {
    Score ours, peer, calm;
    for (const std::uint64_t seed : test_seeds()) {
        const auto clean = without_conflict(compose(seed, song_seconds));
        if (!clean) continue;
        calm.add(*clean, conflicts(clean->song));
        for (const std::uint64_t variant : {0U, 1U, 2U})
            if (const auto set = with_conflicts(*clean, seed + 100000 * variant, 4)) {
                ours.add(*set, conflicts(set->song));
                peer.add(*set, overlaps(set->song, tuned_overlap));
            }
    }
    test::figure("masking, a few planted conflicts: " + ours.text()
                 + "; overlap of energy: " + peer.text());
    REQUIRE(ours.planted >= 10);
    CHECK(ours.recall() >= 0.9);
    CHECK(ours.precision() >= 0.9);
    CHECK(ours.culprits() >= 0.9);
    CHECK(ours.f1() > peer.f1());
    CHECK(calm.most_alarms <= 1);
}
