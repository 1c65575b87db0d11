// Stem sets of known truth: every conflict that third octaves show is cut away first, as an engineer would, then chosen
// ones are planted by a bell on the masker. What counts as a conflict here is judged by third_octaves.h alone.
#pragma once

#include "tests/truth/music.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace prefade::truth {

struct Planted {
    std::size_t masker{}, target{}; ///< tracks
    double hz{};                    ///< centre of the bell
    double excess_db{}; ///< masker over target in the third octave, mean while both play
    double share{};     ///< of the time both play, masker over target
};

struct StemSet {
    Song song;
    std::vector<Planted> planted;
};

/// The song without conflicts: in no third octave that matters to a track does another that does not outrank it come
/// near. No value where that cannot be had with some cuts.
std::optional<StemSet> without_conflict(Song song);
/// `clean` with up to `count` conflicts planted, drawn by `seed`: each on its own pair and zone, 2 to 12 dB deep,
/// shown by the filters to be the only ones. No value where none fits.
std::optional<StemSet> with_conflicts(const StemSet& clean, std::uint64_t seed, std::size_t count);

} // namespace prefade::truth
