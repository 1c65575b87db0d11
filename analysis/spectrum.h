// How a sound's energy lies over frequency: the power in 42 bands of equal width on the ERB-rate scale, frame by frame,
// and what their long-term average says (level, tilt, crest). Streaming, at any sample rate of 8 kHz and more. Called by
// whoever has samples: stem analysis, the demo host, the probe. After make() nothing allocates, locks or logs, so
// add() may run in an audio callback. Masking and AverageSpectrum work on band energies alone.
//
//     auto meter = BandMeter::make(2, 48000.0);                                          // Result
//     while (read(block)) meter->add(block, [&](const BandEnergies& frame) { average.add(frame); });
//     print(average.tilt()->value());                                                     // dB per octave
#pragma once

#include "core/bands.h"
#include "core/result.h"
#include "core/units.h"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace prefade {

struct ErbBand {
    Hertz low, centre, high; ///< the centre lies midway on the ERB-rate scale
};
const ErbBand& erb_band(std::size_t band) noexcept;
/// Where a frequency lies among the bands: 3.0 is the low edge of band 3, 3.5 its centre. Below 0 or above
/// `erb_band_count` outside of them.
double erb_position(Hertz frequency) noexcept;
/// The inverse of erb_position.
Hertz erb_frequency(double position) noexcept;

BandLevels levels(const BandEnergies& energies) noexcept;
/// Energy between two frequencies; of a band that is cut by an end, the part of its width.
double energy_between(const BandEnergies& energies, Hertz from, Hertz to) noexcept;

/// Short-term spectrum of one programme. Frames of 85 to 93 ms overlap by half; the window's squares add up to one
/// (Vorbis I specification, 4.3.1), so each sample counts once and the mean over frames is the exact power. Below
/// 100 Hz the window resolves about +-20 Hz, half the width of the ear's own filter there.
class BandMeter {
public:
    /// Errors (`unsupported`): a rate or a number of channels outside of what k_weighting.h names.
    static Result<BandMeter> make(std::size_t channels, double sample_rate);

    BandMeter(BandMeter&&) noexcept;
    BandMeter& operator=(BandMeter&&) noexcept;
    ~BandMeter();

    /// Frames x channels, any number of frames. Calls `on_frame(const BandEnergies&)` for each frame that got full.
    /// What is no sound (NaN, infinite, beyond +-2^40) counts as 0.
    template <class OnFrame> void add(std::span<const float> interleaved, OnFrame&& on_frame) {
        while (!interleaved.empty()) {
            interleaved = interleaved.subspan(take(interleaved));
            if (const BandEnergies* frame = finished()) on_frame(*frame);
        }
    }
    /// The last samples' frames: what silence added behind them would give. Then as if made anew.
    template <class OnFrame> void finish(OnFrame&& on_frame) {
        while (take_silence())
            if (const BandEnergies* frame = finished()) on_frame(*frame);
        reset();
    }
    /// Forgets all that was heard.
    void reset() noexcept;

    /// Frames in a second of sound: 20.1 to 23.4 at the usual rates.
    double frames_per_second() const noexcept;
    static double frames_per_second(double sample_rate) noexcept;

private:
    class State;
    explicit BandMeter(std::unique_ptr<State> state);
    std::size_t take(std::span<const float> interleaved) noexcept; ///< samples used
    bool take_silence() noexcept;
    const BandEnergies* finished() noexcept;
    std::unique_ptr<State> state_;
};

/// Long-term average spectrum over the frames that sound (all bands together above -70 dBFS).
class AverageSpectrum {
public:
    void add(const BandEnergies& frame) noexcept;

    std::size_t frames() const noexcept { return frames_; } ///< that sounded
    BandEnergies energies() const noexcept;                 ///< mean; all 0 before anything sounded
    /// Slope of the power density between 100 Hz and 10 kHz, in dB per octave: 0 for white noise, -3.01 for pink.
    /// Least squares over the bands within 60 dB of the strongest; no value with fewer than eight of them.
    std::optional<Decibel> tilt() const;
    /// Strongest frame over the mean of each band, in dB: 0 when it sounds evenly; 0 too where nothing sounded.
    BandLevels crest() const noexcept;

private:
    std::array<double, erb_band_count> sum_{};
    BandEnergies highest_{};
    std::size_t frames_{};
};

} // namespace prefade
