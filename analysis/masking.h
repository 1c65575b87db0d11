// Who hides whom: energy signal-to-masker ratio on the ERB scale, for all pairs of strips at once, from band energies
// alone, compared in windows of about a third of an octave or more. A strip is hidden in a band while what another has
// there comes near the excitation that the strip gives the ear there. Streaming: after construction nothing allocates,
// locks or logs. Knows no roles: who outranks whom is told as numbers. One
// thread at a time.
//
//     MaskingMeter meter(strips, band_meter.frames_per_second());
//     while (...) meter.add(frames);                                  // one BandEnergies for each strip
//     for (const Conflict& c : meter.conflicts(priorities))
//         print(c.masker, "hides", c.target, "at", c.centre.value(), "Hz,", c.share, "of the time both play");
#pragma once

#include "analysis/spectrum.h"
#include "core/units.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>

namespace prefade {

/// A bell filter's settings.
struct Bell {
    Hertz centre;
    Decibel gain;
    double q{}; ///< centre over the width at half the gain in dB
};
/// Its gain at a frequency: of the analogue prototype of the usual bell (RBJ audio EQ cookbook).
Decibel response(const Bell& bell, Hertz frequency) noexcept;

/// One strip hides another in one zone.
struct Conflict {
    std::size_t masker{}, target{}; ///< strips
    Hertz low, centre, high;        ///< of the zone; the centre is where most is hidden
    double together{}; ///< share of the target's time in the zone when the masker plays too, 0 to 1
    double share{};    ///< of that, the time it is hidden, 0 to 1
    Decibel depth;     ///< mean energy of the masker over the target's excitation while both play
    double severity{}; ///< what conflicts are ordered by
    /// Who should move: the masker, unless it outranks the target.
    std::size_t mover{};
    /// What the mover should do there: a cut of the masker, or a lift of a target that is outranked.
    Bell move;
    /// The share of time hidden that is predicted for after the move. The rise of the target's audibility is
    /// `share - share_after`.
    double share_after{};
};

/// One ordered pair over all bands: a cell of the matrix.
struct PairMasking {
    double together{}; ///< share of the target's playing time when the masker plays too, 0 to 1
    double share{};    ///< of that, the part of what matters of the target that is hidden, 0 to 1
    std::array<float, erb_band_count>
        band_share{}; ///< hidden share of the time both play; 0 in bands that do not matter
};

/// One conflict in one stretch of the song.
struct MaskedStretch {
    Milliseconds at; ///< its beginning, from the first frame
    std::size_t masker{}, target{};
    Hertz low, high;
    double share{}; ///< hidden share of the time both played in it
};

class MaskingMeter {
public:
    static constexpr std::size_t most_strips = 512;
    static constexpr double stretch_seconds = 4.0; ///< of the history
    /// `memory`: how long what was heard counts, for live use (its time constant); by default for ever.
    /// Takes 2 kB for each ordered pair of strips.
    MaskingMeter(std::size_t strips, double frames_per_second,
                 Milliseconds memory = Milliseconds{std::numeric_limits<double>::infinity()});
    MaskingMeter(MaskingMeter&&) noexcept;
    MaskingMeter& operator=(MaskingMeter&&) noexcept;
    ~MaskingMeter();

    /// One frame of each strip, all of the same stretch of time; a strip that is silent gives zeros.
    void add(std::span<const BandEnergies> strips) noexcept;

    /// Does `work(i)` for each i below `count`, each once, on any threads; returns when all is done.
    using InParallel =
        std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;
    /// Any number of frames of all strips, one after the other, with the results of as many add(): for songs that are
    /// there already. Allocates; takes 600 bytes for each strip in each frame of 4 s.
    void add(std::span<const BandEnergies> frames, const InParallel& in_parallel);

    std::size_t strips() const noexcept;
    PairMasking pair(std::size_t masker, std::size_t target) const noexcept;

    /// The conflicts so far, most severe first, at most 64, of two strips one in an octave, and in one place of a target no masker that
    /// does far less than another there; valid until the next call. `priorities`: for each strip
    /// how much it is protected, one step for each place in the order; a masker that outranks its target by more
    /// than one step hides it by right.
    std::span<const Conflict> conflicts(std::span<const double> priorities) noexcept;

    /// The song in such stretches: the worst 16 pairs of each, oldest first; the last hour.
    std::span<const MaskedStretch> history() const noexcept;

private:
    class State;
    std::unique_ptr<State> state_;
};

} // namespace prefade
