// The race through a Mackie Control, or a HUI, of one unit: moves of a real Desk against another hand on faders, switches, banks,
// names and order, with names that look alike once they are cut. Virtual time; everything follows from the seed. The
// simulated host's books say what is true. MIDI neither loses nor doubles; what races is the time on the way.
#pragma once

#include "tests/contract/race.h"
#include "tests/support/hui_host.h"
#include "tests/support/mackie_host.h"

namespace prefade::test {

/// Over a surface the bar of 0 wrong controls is not held: 0.6 to 3.7 in a thousand moves are left. A strip that was hit and
/// lost its name or its place together with others, or shares its name, before it was read again cannot be told from one that
/// was never hit; and a HUI tells nothing of a fader that we hold, not even what it held when it came. What is reached now
/// must not be lost.
inline constexpr int most_wrong_per_thousand = 4;

/// `worlds` seeds from `first` on, `moves` in each; prints the figures and checks them.
void run_surface_race(const MackieHabits& habits, const RaceSeeds& seeds, int moves);
void run_surface_race(const HuiHabits& habits, const RaceSeeds& seeds, int moves);

} // namespace prefade::test
