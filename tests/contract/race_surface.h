// The race through a Mackie Control of one unit: moves of a real Desk against another hand on faders, switches, banks,
// names and order, with names that look alike once they are cut. Virtual time; everything follows from the seed. The
// simulated host's books say what is true. MIDI neither loses nor doubles; what races is the time on the way.
#pragma once

#include "tests/contract/race.h"
#include "tests/support/mackie_host.h"

#include <cstdint>

namespace prefade::test {

RaceTally race_surface(const MackieHabits& habits, std::uint32_t seed, int moves);

/// `worlds` seeds from `first` on, `moves` in each; prints the figures and checks them.
void run_surface_race(const MackieHabits& habits, const RaceSeeds& seeds, int moves);

} // namespace prefade::test
