#include "tests/contract/race.h"

#include "tests/contract/race_world.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"

#include <cstdio>

namespace prefade::test {

using namespace std::chrono_literals;

RaceTally& RaceTally::operator+=(const RaceTally& o) {
    moves += o.moves;
    confirmed += o.confirmed;
    refused += o.refused;
    unconfirmed += o.unconfirmed;
    superseded += o.superseded;
    failed += o.failed;
    refused_by_gate += o.refused_by_gate;
    repaired += o.repaired;
    wrong_controls += o.wrong_controls;
    older_value += o.older_value;
    false_confirmed += o.false_confirmed;
    undos += o.undos;
    undone += o.undone;
    undo_refused += o.undo_refused;
    undo_open += o.undo_open;
    undo_wrong += o.undo_wrong;
    undisturbed += o.undisturbed;
    undisturbed_confirmed += o.undisturbed_confirmed;
    unsettled += o.unsettled;
    host_losses += o.host_losses;
    return *this;
}

const std::vector<RaceLevel>& race_levels() {
    static const std::vector<RaceLevel> levels{
        {"in order, none lost", {true, 0, 0, 0}},
        {"in order, 10 % lost", {true, 10, 0, 0}},
        {"10 % late, 5 % doubled, none lost", {false, 0, 10, 5}},
        {"10 % lost, 10 % late, 10 % doubled", {false, 10, 10, 10}},
        {"30 % lost, 20 % late, 15 % doubled", {false, 30, 20, 15}},
    };
    return levels;
}

RaceTally race(Addressing addressing, const LinkFaults& faults, std::uint32_t seed, int moves) {
    RaceWorld world{addressing, faults, seed};
    world.connect();
    constexpr int each = 20;
    for (int done = 0; done < moves; done += each) world.round(std::min(each, moves - done));
    return world.tally();
}

namespace {

void print(Addressing addressing, const char* level, const RaceTally& t) {
    char text[640];
    std::snprintf(
        text, sizeof text,
        "race %s, %s: %d moves: %d confirmed, %d refused (%d by the gate), %d unconfirmed, "
        "%d superseded, %d failed; strays repaired %d, wrong controls %d (bar 0), false "
        "confirmed %d (bar 0), put back to an older value %d; undo: %d exact, %d refused, %d "
        "not proved, %d wrong (bar 0); undisturbed and nothing lost: %d, confirmed %.1f %%",
        name_of(addressing), level, t.moves, t.confirmed, t.refused, t.refused_by_gate,
        t.unconfirmed, t.superseded, t.failed, t.repaired, t.wrong_controls, t.false_confirmed,
        t.older_value, t.undone, t.undo_refused, t.undo_open, t.undo_wrong, t.undisturbed,
        percent(t.undisturbed_confirmed, t.undisturbed));
    figure(text);
}

} // namespace

void run_race(Addressing addressing, const RaceSeeds& seeds, int moves) {
    RaceTally all, lossless;
    std::uint32_t seed = seeds.first;
    for (const RaceLevel& level : race_levels()) {
        RaceTally sum;
        for (int i = 0; i < seeds.worlds; ++i, ++seed) {
            const RaceTally one = race(addressing, level.faults, seed, moves);
            INFO(name_of(addressing) << ", " << level.name << ", seed " << seed);
            CHECK(one.wrong_controls == 0);
            CHECK(one.false_confirmed == 0);
            CHECK(one.undo_wrong == 0);
            CHECK(one.unsettled == 0);
            sum += one;
        }
        print(addressing, level.name, sum);
        CHECK(sum.confirmed + sum.refused + sum.unconfirmed + sum.superseded + sum.failed
              == sum.moves);
        all += sum;
        if (level.faults.lost == 0) lossless += sum;
    }
    print(addressing, "all", all);
    CHECK(all.moves >= moves * seeds.worlds * 99 / 100 * static_cast<int>(race_levels().size()));
    // Where the link loses something, a move that lost nothing is mostly one that was short, because refused:
    // only where it loses nothing at all is the share that of all moves.
    CHECK(percent(lossless.undisturbed_confirmed, lossless.undisturbed) >= 60.0);
}

} // namespace prefade::test
