#include "knowledge/control_law.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace prefade {

namespace {

Error wrong(std::string message) { return {ErrorCode::invalid, std::move(message), {}}; }

/// The values of a shape on the scale on which they are straight.
double straightened(LawShape shape, double value) noexcept {
    switch (shape) {
    case LawShape::log: return std::log(value);
    case LawShape::amplitude: return std::pow(10.0, value / 20.0);
    default: return value;
    }
}

double bent_back(LawShape shape, double straight) noexcept {
    switch (shape) {
    case LawShape::log: return std::exp(straight);
    case LawShape::amplitude: return 20.0 * std::log10(straight);
    default: return straight;
    }
}

/// 0..1 to 0..1.
double bent(LawShape shape, double part, double bend) noexcept {
    switch (shape) {
    case LawShape::power: return std::pow(part, bend);
    case LawShape::exponential: return std::expm1(bend * part) / std::expm1(bend);
    default: return part;
    }
}

double unbent(LawShape shape, double part, double bend) noexcept {
    switch (shape) {
    case LawShape::power: return std::pow(part, 1.0 / bend);
    case LawShape::exponential: return std::log1p(part * std::expm1(bend)) / bend;
    default: return part;
    }
}

bool can_hold(LawShape shape, double value) noexcept {
    if (shape == LawShape::amplitude) return !std::isnan(value) && value < 1000.0;
    return std::isfinite(value) && (shape != LawShape::log || value > 0.0);
}

bool all_one_way(const std::vector<ControlLaw::Point>& points) {
    const bool rising = points[1].value > points[0].value;
    for (std::size_t i = 1; i < points.size(); ++i)
        if (points[i].value == points[i - 1].value
            || (points[i].value > points[i - 1].value) != rising)
            return false;
    return true;
}

} // namespace

ControlLaw::ControlLaw(LawShape shape, std::vector<Point> points, double bend)
    : shape_(shape),
      points_(std::move(points)),
      bend_(bend) {}

Result<ControlLaw> ControlLaw::make(LawShape shape, std::vector<Point> points, double bend) {
    const bool bends = shape == LawShape::power || shape == LawShape::exponential;
    const std::string name(name_in(law_shape_names, shape));
    if (points.size() < 2) return wrong("a law needs at least two points");
    if (bends && points.size() > 2) return wrong("a law of shape " + name + " has two ends only");
    for (const Point& point : points)
        if (!can_hold(shape, point.value))
            return wrong("a law of shape " + name + " cannot hold " + std::to_string(point.value));
    for (std::size_t i = 1; i < points.size(); ++i)
        if (!(points[i].normalized > points[i - 1].normalized))
            return wrong("the host's side of a law rises from 0 to 1");
    if (points.front().normalized != 0.0 || points.back().normalized != 1.0)
        return wrong("the host's side of a law goes from 0 to 1");
    if (!all_one_way(points))
        return wrong("a law is monotone: its values must all rise or all fall");
    if (bends && (!std::isfinite(bend) || bend == 0.0 || std::abs(bend) > 50.0))
        return wrong("a law of shape " + name + " needs how much it bends, up to 50");
    if (shape == LawShape::power && bend < 0.0) return wrong("a power is above 0");
    if (!bends && bend != 0.0) return wrong("a law of shape " + name + " does not bend");
    return ControlLaw(shape, std::move(points), bend);
}

double ControlLaw::unit_of(Normalized normalized) const noexcept {
    const double at = std::clamp(normalized.value(), 0.0, 1.0);
    std::size_t end = 1;
    while (end + 1 < points_.size() && points_[end].normalized < at) ++end;
    const Point& low = points_[end - 1];
    const Point& high = points_[end];
    if (at == low.normalized) return low.value; // exact at the points, whatever rounding does
    if (at == high.normalized) return high.value;
    const double part =
        bent(shape_, (at - low.normalized) / (high.normalized - low.normalized), bend_);
    const double from = straightened(shape_, low.value), to = straightened(shape_, high.value);
    return bent_back(shape_, from + part * (to - from));
}

Normalized ControlLaw::normalized_of(double value) const noexcept {
    value = std::clamp(value, lowest(), highest());
    const bool rising = points_.back().value > points_.front().value;
    std::size_t end = 1;
    while (end + 1 < points_.size()
           && (rising ? points_[end].value < value : points_[end].value > value))
        ++end;
    const Point& low = points_[end - 1];
    const Point& high = points_[end];
    const double from = straightened(shape_, low.value), to = straightened(shape_, high.value);
    const double part = (straightened(shape_, value) - from) / (to - from);
    return Normalized{low.normalized
                      + unbent(shape_, part, bend_) * (high.normalized - low.normalized)};
}

double ControlLaw::lowest() const noexcept {
    return std::min(points_.front().value, points_.back().value);
}

double ControlLaw::highest() const noexcept {
    return std::max(points_.front().value, points_.back().value);
}

} // namespace prefade
