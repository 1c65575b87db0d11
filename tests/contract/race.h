// The race: moves of a real Desk (Gate, journal, dialect, brackets, outcome) through a link that loses,
// delays, doubles and reorders, against hands that move, rename, add, remove and exchange things at the
// worst moments. Virtual time; everything follows from the seed. The fake host's books say what is true:
// which control each write was meant for, and which it hit.
#pragma once

#include "tests/support/fake_link.h"
#include "tests/support/fake_protocol.h"

#include <cstdint>
#include <string>
#include <vector>

namespace prefade::test {

struct RaceTally {
    int moves{0}; ///< proposed, undos not counted
    int confirmed{0}, refused{0}, unconfirmed{0}, superseded{0}, failed{0};
    int refused_by_gate{0};
    /// Sets that reached another control than the one meant, changed it, and were put back.
    int repaired{0};
    /// The number to hold: controls other than the target that, after everything settled, hold a value of
    /// ours which a stray set brought there last.
    int wrong_controls{0};
    /// Controls put back to a value older than what a hand had set and the link had lost, or whose hand's
    /// value was taken for our stray: known to nobody on our side.
    int older_value{0};
    /// Confirmed, but not so at the moment of the confirmation, which is when the host made the picture that
    /// brought it: the real control that was meant does not hold the target there (as near as a host repeats
    /// a value), or another value than the outcome reads back, or a stray brought it there last; or no
    /// picture brought it at all. A hand that set the same value in between takes nothing away.
    int false_confirmed{0};
    int undos{0}, undone{0}, undo_refused{0}, undo_open{0};
    /// Undone, but not bit for bit what the host held before the move; or refused without a reason; or the
    /// value before, as recorded, was never the control's.
    int undo_wrong{0};
    /// Moves that the Gate let through, whose control stayed and no hand came near, while the link lost
    /// nothing; and how many of them ended confirmed.
    int undisturbed{0}, undisturbed_confirmed{0};
    int unsettled{0}; ///< rounds after which something stayed open
    int host_losses{0};
    RaceTally& operator+=(const RaceTally& other);
};

struct RaceLevel {
    const char* name;
    LinkFaults faults;
};
/// From none to 30 % lost, 20 % late (at most 1.5 s) and 15 % doubled.
const std::vector<RaceLevel>& race_levels();

RaceTally race(Addressing addressing, const LinkFaults& faults, std::uint32_t seed, int moves);

inline double percent(int part, int of) { return of == 0 ? 0.0 : 100.0 * part / of; }

/// `worlds` seeds for each level, from `first` on.
struct RaceSeeds {
    std::uint32_t first;
    int worlds;
};
/// `moves` in each world; prints the figures and checks them.
void run_race(Addressing addressing, const RaceSeeds& seeds, int moves);

} // namespace prefade::test
