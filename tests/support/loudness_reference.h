// The sums of BS.1770-4, Tech 3341 and Tech 3342 as they are written, over every sample, and libebur128: what a fast
// meter is compared with. All take stereo or mono samples, interleaved.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace prefade::test {

struct LoudnessFigures {
    double integrated, range, true_peak; ///< LUFS, LU, dBTP
};

/// Of any number of channels in the order of default_layout(); fails the test when there is nothing to tell.
LoudnessFigures by_libebur128(std::span<const float> interleaved, std::size_t channels,
                              unsigned sample_rate);

class PlainLoudness {
public:
    /// Filters all of it; channels weigh 1.
    PlainLoudness(std::span<const float> interleaved, std::size_t channels, double sample_rate);
    double integrated() const; ///< LUFS
    /// LU, from a window of 3 s every `step` seconds.
    double range(double step) const;

private:
    std::vector<double> levels(double window, double step) const;
    double rate_;
    std::vector<double> energy_until_; ///< sum of K-weighted squares before each frame
};

} // namespace prefade::test
