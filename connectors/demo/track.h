// What the players write on: a loop of samples that notes are added to, and small tools of synthesis. Inside of
// the players only.
#pragma once

#include "connectors/demo/filters.h"
#include "connectors/demo/song.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

namespace prefade::demo {

/// A note that rings over the end rings on at the start.
class Track {
public:
    explicit Track(int bars) : samples_(static_cast<std::size_t>(bars) * bar_frames), bars_(bars) {}

    int bars() const { return bars_; }
    std::size_t size() const { return samples_.size(); }
    /// `frame` may lie before the start or after the end.
    void add(std::int64_t frame, float sample) {
        const auto length = static_cast<std::int64_t>(samples_.size());
        std::int64_t at = frame % length;
        if (at < 0) at += length;
        samples_[static_cast<std::size_t>(at)] += sample;
    }
    /// Runs `process(float) -> float` over all of it; once over the last second before, so that the loop has no seam.
    template <class F> void through(F process) {
        const std::size_t warm = samples_.size() > sample_rate ? samples_.size() - sample_rate : 0;
        for (std::size_t i = warm; i < samples_.size(); ++i) process(samples_[i]);
        for (float& sample : samples_) sample = process(sample);
    }
    std::vector<float>& samples() { return samples_; }

private:
    std::vector<float> samples_;
    int bars_;
};

/// Xorshift64*: the same numbers everywhere.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}
    float bipolar() { ///< -1 to 1
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        const auto high = static_cast<std::int32_t>((state_ * 0x2545F4914F6CDD1DULL) >> 32);
        return static_cast<float>(high) / 2147483648.0F;
    }
    float between(float low, float high) { return low + (high - low) * (bipolar() + 1.0F) / 2.0F; }

private:
    std::uint64_t state_;
};

inline double hz_of(double midi_note) { return 440.0 * std::exp2((midi_note - 69.0) / 12.0); }
inline std::int64_t frame_of(double beat) {
    return std::llround(beat * static_cast<double>(beat_frames));
}
inline std::int64_t frames_in(double seconds) { return std::llround(seconds * sample_rate); }

/// A value that falls by a factor e in `seconds`, sample by sample.
class Decay {
public:
    explicit Decay(double seconds, double from = 1.0)
        : value_(from),
          factor_(std::exp(-1.0 / (seconds * sample_rate))) {}
    double next() {
        const double now = value_;
        value_ *= factor_;
        return now;
    }

private:
    double value_, factor_;
};

// The players: drums.cpp, strings.cpp (bass, guitars), keyboards.cpp, voice.cpp.
void play_kick(Track& track);
void play_snare(Track& track);
void play_hats(Track& track);
void play_overheads(Track& track);
void play_bass(Track& track);
void play_guitar(Track& track, bool left);
void play_keys(Track& track);
void play_pad(Track& track);
void sing_lead(Track& track);
void sing_backing(Track& track, bool above);

} // namespace prefade::demo
