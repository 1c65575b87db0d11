#include "analysis/loudness_histogram.h"

#include <algorithm>
#include <cmath>

namespace prefade {

namespace {

constexpr double absolute_gate = -70.0, top = 30.0; // LUFS
constexpr double bins_per_lu = 100.0;
constexpr double offset =
    -0.691; // BS.1770-4: a 997 Hz sine of 0 dBFS in one front channel reads -3.01

} // namespace

double lufs_of_power(double power) { return offset + 10.0 * std::log10(power); }
double power_of_lufs(double lufs) { return std::pow(10.0, (lufs - offset) / 10.0); }

LoudnessHistogram::LoudnessHistogram()
    : bins_(static_cast<std::size_t>((top - absolute_gate) * bins_per_lu)) {}

void LoudnessHistogram::add(double power) noexcept {
    static const double lowest = power_of_lufs(absolute_gate);
    if (!(power >= lowest)) return;
    const double place = (lufs_of_power(power) - absolute_gate) * bins_per_lu;
    const auto last = static_cast<double>(bins_.size() - 1);
    Bin& bin = bins_[static_cast<std::size_t>(std::clamp(place, 0.0, last))];
    bin.power += power;
    ++bin.blocks;
}

void LoudnessHistogram::clear() noexcept { std::fill(bins_.begin(), bins_.end(), Bin{}); }

/// Of the bins whose mean power is `gate` or more.
LoudnessHistogram::Bin LoudnessHistogram::sum_from(double gate) const {
    Bin sum;
    for (const Bin& bin : bins_) {
        if (bin.blocks == 0 || bin.mean() < gate) continue;
        sum.power += bin.power;
        sum.blocks += bin.blocks;
    }
    return sum;
}

std::optional<double> LoudnessHistogram::gated_mean(double below_mean) const {
    const Bin all = sum_from(0.0);
    if (all.blocks == 0) return {};
    return sum_from(all.mean() * std::pow(10.0, -below_mean / 10.0)).mean();
}

/// LUFS of the block that `rank` others lie under.
double LoudnessHistogram::percentile(std::uint64_t rank, double gate) const {
    for (const Bin& bin : bins_) {
        if (bin.blocks == 0 || bin.mean() < gate) continue;
        if (rank < bin.blocks) return lufs_of_power(bin.mean());
        rank -= bin.blocks;
    }
    return top; // not reached: ranks are less than the number of blocks
}

std::optional<double> LoudnessHistogram::spread(double below_mean, double low, double high) const {
    const Bin all = sum_from(0.0);
    if (all.blocks == 0) return {};
    const double gate = all.mean() * std::pow(10.0, -below_mean / 10.0);
    const auto last = static_cast<double>(sum_from(gate).blocks - 1);
    const auto rank = [&](double part) {
        return static_cast<std::uint64_t>(std::llround(last * part));
    };
    return percentile(rank(high), gate) - percentile(rank(low), gate);
}

} // namespace prefade
