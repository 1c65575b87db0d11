// Signals to measure loudness meters with, made to the sample: tones in steps, and those of EBU Tech 3341 (2023) that
// lie between the samples. Full scale is 1.0; all of them interleaved, the same in every channel unless said.
#pragma once

#include "analysis/loudness.h"

#include <cstddef>
#include <span>
#include <vector>

namespace prefade::test {

inline constexpr double no_sound = -1000.0; ///< dBFS

struct Tone {
    double seconds;
    double dbfs; ///< of its peak
};

/// Steps of one sine whose phase runs on; each begins and ends at the nearest sample. `channel_db`: how each channel
/// differs from the steps' level.
std::vector<float> tones(std::span<const Tone> steps,
                         const std::vector<double>& channel_db = {0, 0},
                         double sample_rate = 48000.0, double hertz = 1000.0);
/// `times` after another.
std::vector<Tone> repeated(const std::vector<Tone>& steps, int times);

/// Tech 3341 cases 15 to 19: a sine of `sample_rate / divisor`, faded in and out over 10 ms, stereo.
std::vector<float> steady_sine(double divisor, double amplitude, double degrees, double seconds,
                               double sample_rate = 48000.0);
/// Tech 3341 cases 20 to 23: half of full scale at 8 kHz holding one period of 12 kHz at full scale, made at 192 kHz,
/// low-passed, every fourth sample taken from `offset` (0 to 3) on; stereo at 48 kHz.
std::vector<float> hidden_peak(int offset);

/// Block lengths in frames that fit nothing: what a live meter is given.
inline constexpr std::size_t odd_blocks[] = {1, 7, 441, 1023, 64, 4801, 13};

/// Gives all of `interleaved` to the only programme of `meter`, in one piece or in odd blocks; `between` runs after
/// each block.
void play_whole(LoudnessMeter& meter, std::span<const float> interleaved);
template <class Between>
void play_live(LoudnessMeter& meter, std::span<const float> interleaved, Between between) {
    const std::size_t channels = meter.loudness().channels();
    for (std::size_t i = 0; !interleaved.empty(); ++i) {
        const std::size_t wanted = odd_blocks[i % std::size(odd_blocks)] * channels;
        const auto block = interleaved.first(std::min(wanted, interleaved.size()));
        meter.add(block);
        interleaved = interleaved.subspan(block.size());
        between();
    }
}

} // namespace prefade::test
