#include "connectors/fader_law.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace prefade {
namespace {

Error bad(const std::string& what) { return {ErrorCode::invalid, "fader law: " + what, {}}; }

} // namespace

Result<FaderLaw> FaderLaw::of(std::vector<Point> points) {
    if (points.size() < 2) return bad("at least two points are needed");
    std::sort(points.begin(), points.end(),
              [](const Point& a, const Point& b) { return a.position < b.position; });
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!std::isfinite(points[i].level)) return bad("a level that is no number");
        if (i > 0
            && (points[i].position == points[i - 1].position
                || points[i].level <= points[i - 1].level))
            return bad("a higher position must be a higher level, at "
                       + std::to_string(points[i].position));
    }
    FaderLaw law;
    law.points_ = std::move(points);
    return law;
}

Decibel FaderLaw::top() const {
    return points_.empty() ? Decibel::silence() : Decibel{points_.back().level};
}

Decibel FaderLaw::level_of(std::uint32_t position) const {
    if (points_.empty() || position == 0) return Decibel::silence();
    const auto above =
        std::lower_bound(points_.begin(), points_.end(), position,
                         [](const Point& p, std::uint32_t at) { return p.position < at; });
    if (above == points_.end()) return Decibel{points_.back().level};
    if (above->position == position || above == points_.begin()) return Decibel{above->level};
    const Point &high = *above, &low = *(above - 1);
    const double part = static_cast<double>(position - low.position)
                        / static_cast<double>(high.position - low.position);
    return Decibel{low.level + part * (high.level - low.level)};
}

std::uint32_t FaderLaw::position_of(Decibel level) const {
    if (points_.empty() || level.is_silence()) return 0;
    const auto above = std::lower_bound(points_.begin(), points_.end(), level.value(),
                                        [](const Point& p, double at) { return p.level < at; });
    if (above == points_.end()) return points_.back().position;
    if (above == points_.begin()) return above->position;
    const Point &high = *above, &low = *(above - 1);
    const double part = (level.value() - low.level) / (high.level - low.level);
    return low.position
           + static_cast<std::uint32_t>(
               std::lround(part * static_cast<double>(high.position - low.position)));
}

} // namespace prefade
