// How well conflicts are found in stem sets of known truth: by Prefade, and by its peer, plain overlap of energy per
// third octave.
#pragma once

#include "analysis/masking.h"
#include "tests/truth/faults.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace prefade::truth {

// Which songs are for what; no song is for two (tests/truth/README.md).
inline constexpr double song_seconds = 14.0;
std::vector<std::uint64_t>
tuning_seeds(); ///< thresholds of Prefade and of its peer were set on these
std::vector<std::uint64_t>
checked_seeds(); ///< whether a choice made on those holds elsewhere was seen on these
std::vector<std::uint64_t> scored_seeds(); ///< looked at by nobody but the score
std::vector<std::uint64_t> test_seeds();   ///< a few for each test run

struct Finding {
    std::size_t masker{}, target{};
    double hz{};
};

/// All that the meter heard of a song.
MaskingMeter hear(const Song& song);
/// What Prefade reports, worst first.
std::vector<Finding> conflicts(const Song& song);

/// The peer: of each pair that may conflict by rank, the third octaves that are within `matters_db` of the strongest
/// of the target (K-weighted, over the whole song) and where the masker's energy is over the target's by `over_db` or
/// more (negative: under it). Neighbouring bands are one finding, at the band of most excess. Worst first.
struct Overlap {
    double matters_db{}, over_db{};
};
std::vector<Finding> overlaps(const Song& song, Overlap settings);
inline constexpr Overlap tuned_overlap{7.0, 3.0}; ///< the best of its F1 on the tuning seeds

/// A finding is right when masker and target are and its centre lies within a third of an octave.
struct Score {
    std::size_t planted{}, found{}; ///< faults
    std::size_t
        first{}; ///< faults whose masker is the first named of those hiding the target there
    std::size_t alarms{}, right{}; ///< findings
    std::size_t most_alarms{};     ///< wrong ones in one song

    void add(const StemSet& set, const std::vector<Finding>& findings);
    void add(const Score& other);
    double precision() const;
    double recall() const;
    double culprits() const; ///< share of the faults with the right one first
    double f1() const;
    std::string text() const;
};

} // namespace prefade::truth
