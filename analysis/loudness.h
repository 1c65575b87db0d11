// Loudness by ITU-R BS.1770-4 and EBU R 128 (Tech 3341, 3342) of one programme or of many in step, streaming, at any
// sample rate of 8 kHz and more, never resampled. Called by whoever has samples: stem analysis, the demo host, the
// probe. After make() nothing allocates, locks or logs, so add() may run in an audio callback. Not a file reader.
//
//     auto meter = LoudnessMeter::make(default_layout(2), 48000.0);     // Result
//     while (read(block)) meter->add(block);                            // interleaved, any length
//     if (auto i = meter->loudness().integrated()) print(i->value());   // LUFS
#pragma once

#include "analysis/channel_layout.h"
#include "core/result.h"
#include "core/units.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace prefade {

/// Samples that are no sound: NaN, infinite, or beyond +-2^40 (+240 dBFS). They are measured as 0.
struct BadSamples {
    std::uint64_t count{};
    std::uint64_t first_frame{}; ///< of the first one; meaningless while count is 0
    std::size_t first_channel{}; ///<
};

/// What has been heard of one programme so far. No value stands for "nothing to tell": too little heard, or
/// silence. One thread at a time with the meter's add().
class ProgrammeLoudness {
public:
    /// Last 400 ms and last 3 s, every 10 ms anew; no value before that much was heard, nor of digital silence.
    std::optional<Lufs> momentary() const;
    std::optional<Lufs> short_term() const;
    /// The loudest so far of those, each looked at every 10 ms.
    std::optional<Lufs> max_momentary() const;
    std::optional<Lufs> max_short_term() const;
    /// Gated at -70 LUFS and 10 LU under the mean; no value when no block of 400 ms passed the gate. Costs a walk
    /// over the histogram (some 10 us), as does range(). Within 0.001 LU of a sum over every block.
    std::optional<Lufs> integrated() const;
    /// LRA: from the 10th to the 95th percentile of the gated short-term loudness, taken every 10 ms (Tech 3342 asks for
    /// 100 ms or less). Other meters take it every 100 ms or every second and may read some 0.1 LU otherwise.
    std::optional<LoudnessUnits> range() const;
    /// Tech 3342: a range of less than 60 s of sound is not one to rely on.
    bool is_range_stable() const noexcept;

    /// Highest |sample|; in all channels or in one. No value while there were zeros only.
    std::optional<Decibel> sample_peak() const;
    std::optional<Decibel> sample_peak(std::size_t channel) const;
    /// Highest level between the samples: 4 x oversampled below 96 kHz, 2 x below 192 kHz (BS.1770-4 annex 2).
    std::optional<TruePeak> true_peak() const;
    std::optional<TruePeak> true_peak(std::size_t channel) const;

    std::optional<Decibel> peak_to_loudness() const; ///< PLR: true peak over integrated loudness

    std::uint64_t frames() const noexcept;
    std::size_t channels() const noexcept;
    const BadSamples& bad_samples() const noexcept;

    ProgrammeLoudness(ProgrammeLoudness&&) noexcept;
    ProgrammeLoudness& operator=(ProgrammeLoudness&&) noexcept;
    ~ProgrammeLoudness();

private:
    friend class LoudnessMeter;
    class State;
    explicit ProgrammeLoudness(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

class LoudnessMeter {
public:
    /// One programme. Errors (`unsupported`): a rate or a number of channels outside of what k_weighting.h names.
    static Result<LoudnessMeter> make(const ChannelLayout& layout, double sample_rate);
    /// Several of one rate, measured side by side in vector lanes: faster than one by one (four stereo stems fill the
    /// lanes). Each has its own results, the same to the last bit as if measured alone.
    static Result<LoudnessMeter> make(std::span<const ChannelLayout> programmes,
                                      double sample_rate);

    LoudnessMeter(LoudnessMeter&&) noexcept;
    LoudnessMeter& operator=(LoudnessMeter&&) noexcept;
    ~LoudnessMeter();

    /// Frames x channels of the only programme, interleaved, any number of frames. Full scale is 1.0.
    void add(std::span<const float> interleaved);
    /// One such block for each programme. A programme with a shorter block than the longest has come to its end:
    /// whatever it is given later is left out.
    void add(std::span<const std::span<const float>> blocks);

    std::size_t programmes() const noexcept;
    const ProgrammeLoudness& loudness(std::size_t programme = 0) const;
    /// Forgets all that was heard, as if made anew; allocates nothing.
    void reset();

private:
    class Engine;
    explicit LoudnessMeter(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> engine_;
};

} // namespace prefade
