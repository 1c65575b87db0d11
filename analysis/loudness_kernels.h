// The three loops over samples that loudness and true peak are made of, each in the widest vectors of the processor
// it runs on (Highway picks at run time; plain code where there are none). Every width does the same operations in
// the same order per channel. Used by loudness.cpp alone; no state of its own, allocates nothing; any thread.
#pragma once

#include "analysis/k_weighting.h"

#include <array>
#include <cstddef>

namespace prefade::kernels {

/// Filter memory: per kind one value a channel, channels side by side.
struct KState {
    static constexpr std::size_t values = 6; ///< last two of input, of shelf and of high pass
    double* at;                              ///< values x stride
    std::size_t stride;                      ///< channels, padded
};

/// Interpolation between samples: sinc under a Hann window, 49 taps over the oversampled signal, as pairs around
/// their middle.
struct TruePeakFilter {
    static constexpr std::size_t history = 24; ///< samples that must lie before the first one
    unsigned factor{1};                        ///< 4, 2 or 1 (which looks at the samples only)
    std::array<float, 12>
        middle{}; ///< half way between samples: of x[n-k] + x[n-K+k], K = 11 or 23
    std::array<float, 6> even{}, odd{}; ///< a quarter and three quarters: of sum and difference
    float most{1.0F};                   ///< no output exceeds this times the largest sample
};
/// 4 x below 96 kHz, 2 x below 192 kHz, else 1.
TruePeakFilter true_peak_filter(double sample_rate);

/// Buffers of samples may be read up to so many past their end.
inline constexpr std::size_t slack = 32;

/// Adds the squares of `count` K-weighted samples of each channel to `energy`.
/// `channels`: as many as `padded_channels` says, which is what padded() gave.
void add_energy(const float* const* channels, std::size_t padded_channels, std::size_t count,
                const KWeighting& weighting, KState state, double* energy);
/// What add_energy takes at once: 2, 4 or a multiple of 8, with up to 2 rest after it.
std::size_t padded(std::size_t channels);

struct Peaks {
    float sample{}; ///< largest |x|
    float
        between{}; ///< largest of |x| and of what lies between; exact though most of it is never computed
};
/// Raises `peaks` by `count` samples of one channel, TruePeakFilter::history samples before them included in the
/// interpolation. False, with `peaks` as it was, when there are samples that are no sound.
bool raise_peaks(const float* samples, std::size_t count, const TruePeakFilter& filter,
                 Peaks& peaks);

/// Interleaved stereo taken apart.
void split_stereo(const float* interleaved, std::size_t frames, float* left, float* right);

/// The instruction set that runs here now, in Highway's words: "AVX2".
const char* instruction_set();

} // namespace prefade::kernels
