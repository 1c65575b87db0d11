// Two constants that tests of pure code share.
#pragma once

#include "core/known.h"

#include <limits>

namespace prefade::test {

/// When it is, where a test does not let time pass.
inline const TimePoint now{std::chrono::seconds(1000)};

inline constexpr double infinity = std::numeric_limits<double>::infinity();

} // namespace prefade::test
