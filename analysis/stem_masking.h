// Who hides whom among the stems of a song that are there as files: their band energies over time, brought to one clock,
// go through the MaskingMeter, and what it finds is told with when in the song it is so. Streaming: memory grows with the
// number of stems, little with their length. Called by `prefade analyse`.
#pragma once

#include "analysis/masking.h"
#include "core/json.h"
#include "core/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace prefade {

/// The frames of one stem, from the first on.
class BandFrames {
public:
    virtual ~BandFrames() = default;
    /// The next ones: as many as fit, fewer only at the end. Error: io.
    virtual Result<std::size_t> next(std::span<BandEnergies> into) = 0;
};

struct StemHeard {
    std::unique_ptr<BandFrames> frames;
    double frames_per_second{};
    double seconds{}; ///< of sound
    double start{};   ///< s on a clock that all stems share
    double priority{};
};

/// A stretch of the song in which a conflict stands out, s from the start of the first stem.
struct MaskedTime {
    double from{}, to{};
    double share{}; ///< hidden share of the time both play in it
};

struct StemConflict {
    Conflict conflict;            ///< of stems by their places
    std::vector<MaskedTime> when; ///< in order; may be empty: in no 4 s among the worst
};

/// An ordered pair of which one hides at least something of the other.
struct StemPair {
    std::size_t masker{}, target{};
    double together{}, share{}; ///< as PairMasking
};

struct StemMasking {
    std::vector<StemConflict> conflicts; ///< worst first
    std::vector<StemPair> pairs;         ///< by target, then masker
};

constexpr std::size_t most_stems = 256; ///< 110 MB

/// Raised whenever the model or what is told of it changes: what was kept of an older one is compared anew.
inline constexpr int stem_masking_version = 1;

/// Stems of other frame rates than the most usual, or that start between two frames, are interpolated. Called with how far
/// it is, 0 to 1; false ends it. Errors: those of BandFrames; `unavailable` when it was ended. Takes two stems or more, at
/// most `most_stems`.
Result<StemMasking> compare_stems(std::span<StemHeard> stems,
                                  const MaskingMeter::InParallel& in_parallel,
                                  const std::function<bool(double)>& heard);

/// Stems are numbers. Hz to 0.1, dB to 0.1, Q and shares to 0.01.
Json to_json(const StemMasking& masking);
/// Error: a member is missing or of another kind, or names a stem that is none of so many.
Result<StemMasking> stem_masking_from_json(const Json& json, std::size_t stems);

} // namespace prefade
