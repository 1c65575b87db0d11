// Chance that is the same on every machine and with every library: what the truth sets are drawn with.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace prefade::truth {

/// SplitMix64 (Steele, Lea, Flood 2014). One seed, one sequence.
class Dice {
public:
    explicit Dice(std::uint64_t seed)
        : state_(seed * 0x9E3779B97F4A7C15ULL + 0x632BE59BD9B4E019ULL) {}

    std::uint64_t bits() noexcept {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    /// Even between `low` and `high`.
    double between(double low, double high) noexcept {
        return low + (high - low) * static_cast<double>(bits() >> 11) * 0x1.0p-53;
    }
    /// 0 to `count` - 1.
    std::size_t below(std::size_t count) noexcept {
        return static_cast<std::size_t>(between(0.0, static_cast<double>(count)));
    }
    bool chance(double probability) noexcept { return between(0.0, 1.0) < probability; }

private:
    std::uint64_t state_;
};

} // namespace prefade::truth
