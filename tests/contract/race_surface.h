// The race through a Mackie Control, or a HUI, of one unit: moves of a real Desk against another hand on faders, switches,
// banks, names and order, with names that look alike once they are cut. Virtual time; everything follows from the seed. The
// simulated host's books say what is true. MIDI neither loses nor doubles; what races is the time on the way: every eighth
// write finds that the other hand has just changed something, and the news of it is under way to us.
//
// Wrong is a control that holds a value which was meant for another when everything has settled (design, section 8): a
// stray brought it there last, or what was to bring it back brought another's value. One of its own that is older than it
// should be, where a hand's value was taken for a stray or a move that was never confirmed was taken back, is counted
// beside it, as in race.h.
#pragma once

#include "core/units.h"
#include "tests/contract/race.h"
#include "tests/support/hui_host.h"
#include "tests/support/mackie_host.h"

namespace prefade::test {

struct SurfacePace {
    const char* name;
    Duration pause; ///< the other hand takes between two changes that meet a write of ours
    int most_wrong; ///< in 10,000 moves: what is reached must not be lost
};
/// Ten changes a second: nobody presses keys faster.
inline constexpr SurfacePace one_hand{"one hand", std::chrono::milliseconds(100), 15};
/// Several changes within one millisecond, of which a host tells in one breath.
inline constexpr SurfacePace many_hands{"many hands", Duration::zero(), 30};

/// `worlds` seeds from `first` on, `moves` in each; prints the figures and checks them.
void run_surface_race(const MackieHabits& habits, const RaceSeeds& seeds, int moves,
                      const SurfacePace& pace);
void run_surface_race(const HuiHabits& habits, const RaceSeeds& seeds, int moves,
                      const SurfacePace& pace);

} // namespace prefade::test
