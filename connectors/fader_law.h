// Positions of a fader <-> dB, as points of one host's own law. Values: between points linear in dB. Pure; any thread.
#pragma once

#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <vector>

namespace prefade {

class FaderLaw {
public:
    struct Point {
        double level{0.0};         ///< dB
        std::uint32_t position{0}; ///< 0 .. 16383
        friend bool operator==(const Point&, const Point&) = default;
    };

    FaderLaw() = default;
    /// Points in any order. Errors: less than two, or a position or level twice, or one that falls while the other
    /// rises.
    static Result<FaderLaw> of(std::vector<Point> points);

    /// At or below the lowest point it is silence where that is position 0, else that point's level.
    Decibel level_of(std::uint32_t position) const;
    /// The nearest position; levels beyond the ends are at the ends.
    std::uint32_t position_of(Decibel level) const;
    bool is_known() const noexcept { return !points_.empty(); }
    Decibel top() const;

private:
    std::vector<Point> points_; ///< rising
};

} // namespace prefade
