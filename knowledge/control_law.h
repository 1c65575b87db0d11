// How a host's 0..1 of a plugin control becomes its number, and back. Pure; any thread.
#pragma once

#include "core/names.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <vector>

namespace prefade {

/// What lies between two points of a law.
enum class LawShape : std::uint8_t {
    linear,
    log,         ///< equal steps of the host are equal factors; all values above 0
    power,       ///< low + (high - low) n^p
    exponential, ///< low + (high - low) (e^kn - 1) / (e^k - 1)
    amplitude,   ///< values in dB, straight in amplitude; -inf dB is amplitude 0
};
inline constexpr Names<LawShape, 5> law_shape_names{{{LawShape::linear, "linear"},
                                                     {LawShape::log, "log"},
                                                     {LawShape::power, "power"},
                                                     {LawShape::exponential, "exponential"},
                                                     {LawShape::amplitude, "amplitude"}}};

/// A law is strictly monotone, so it goes both ways: unit_of(normalized_of(x)) = x within rounding.
class ControlLaw {
public:
    struct Point {
        double normalized{0.0}; ///< 0..1
        double value{0.0};      ///< in the control's unit
    };

    /// `bend` is the p of a power law and the k of an exponential one; other shapes have none.
    /// Errors, in words for whoever wrote it: fewer than two points, more than two in a bent law, not from
    /// 0 to 1 in rising order, values that do not all rise or all fall, values that the shape cannot hold,
    /// no bend or one that bends nothing (p of 0 or less, k of 0).
    static Result<ControlLaw> make(LawShape shape, std::vector<Point> points, double bend = 0.0);

    /// Outside 0..1 counts as its nearer end.
    double unit_of(Normalized normalized) const noexcept;
    /// A value beyond an end gives that end.
    Normalized normalized_of(double value) const noexcept;

    LawShape shape() const noexcept { return shape_; }
    const std::vector<Point>& points() const noexcept { return points_; }
    double lowest() const noexcept;
    double highest() const noexcept;

private:
    ControlLaw(LawShape shape, std::vector<Point> points, double bend);

    LawShape shape_;
    std::vector<Point> points_;
    double bend_;
};

} // namespace prefade
