// HUI in the terms of a Mackie Control, so that one engine plays both surfaces: names of four letters for names of seven,
// zones and ports for notes, halves of a position for a position. Pure; desk thread.
#pragma once

#include "connectors/mcu/protocol.h"

#include <cstddef>
#include <memory>

namespace prefade::hui {

/// More than this a host does not take (Pro Tools).
inline constexpr std::size_t most_units = 4;

/// Each ping is answered, and is the only sign of life. Nothing is said before the host's first word.
std::unique_ptr<mcu::Protocol> protocol(std::size_t units);

} // namespace prefade::hui
