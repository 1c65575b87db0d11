// How often each loudness was met and with how much power: enough to gate and to take percentiles of a programme of
// any length in constant memory (160 kB). Bins are 0.01 LU wide from -70 to +30 LUFS; as each keeps the power of its
// blocks, means are those of the blocks themselves. No allocation after construction; one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace prefade {

/// Loudness in LUFS of the weighted mean square `power` after K weighting, and back (BS.1770-4, annex 1).
double lufs_of_power(double power);
double power_of_lufs(double lufs);

class LoudnessHistogram {
public:
    LoudnessHistogram();
    /// Blocks under -70 LUFS (the absolute gate of BS.1770-4) do not count; those over +30 share the last bin.
    void add(double power) noexcept;
    void clear() noexcept;

    /// Mean power of the blocks no more than `below_mean` LU under the mean of all; empty without blocks.
    std::optional<double> gated_mean(double below_mean) const;
    /// LU between two percentiles (0..1, nearest rank) of the blocks no more than `below_mean` LU under the mean.
    std::optional<double> spread(double below_mean, double low, double high) const;

private:
    struct Bin {
        double power{};
        std::uint64_t blocks{};
        double mean() const noexcept { return power / static_cast<double>(blocks); }
    };
    Bin sum_from(double gate) const;
    double percentile(std::uint64_t rank, double gate) const;
    std::vector<Bin> bins_;
};

} // namespace prefade
