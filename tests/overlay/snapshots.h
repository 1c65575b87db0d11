// Snapshots as a daemon makes them, for every state the window has to show. Pure.
#pragma once

#include "core/json.h"
#include "core/snapshot.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>

namespace prefade::test {

inline const TimePoint drawn_at{std::chrono::hours(1)};

Snapshot nothing_yet();                  ///< no DAW was ever there
Snapshot three_strips();                 ///< one of them in trouble, the song plays
Snapshot demo();                         ///< as three_strips, from a host that is called demo
Snapshot many_strips(std::size_t count); ///< with long names, Hebrew, Arabic and control characters
Snapshot lost_host();                    ///< as three_strips, then the DAW went away
Snapshot masked_strips(); ///< as three_strips, heard: two hide the third, one the other
Snapshot much_advice(std::size_t count); ///< of every severity, some with moves in every state
Json json_of(const Snapshot& snapshot);

} // namespace prefade::test
