// The race through a Mackie Control, or a HUI, of one unit: moves of a real Desk against another hand on faders, switches, banks,
// names and order, with names that look alike once they are cut. Virtual time; everything follows from the seed. The
// simulated host's books say what is true. MIDI neither loses nor doubles; what races is the time on the way.
#pragma once

#include "tests/contract/race.h"
#include "tests/support/hui_host.h"
#include "tests/support/mackie_host.h"

namespace prefade::test {

/// `worlds` seeds from `first` on, `moves` in each; prints the figures and checks them.
void run_surface_race(const MackieHabits& habits, const RaceSeeds& seeds, int moves);
void run_surface_race(const HuiHabits& habits, const RaceSeeds& seeds, int moves);

} // namespace prefade::test
