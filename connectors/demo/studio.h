// The demo session: its strips, how they are routed, what stands on their inserts, and the balance of a mix that is
// in order; the planted faults come on top. Data and one function; any thread.
#pragma once

#include "connectors/demo/faults.h"
#include "connectors/demo/instruments.h"
#include "connectors/demo/mixer.h"

#include <array>

namespace prefade::demo {

/// By Instrument. The recordings outlive the mixer.
using Recordings = std::array<Recording, instrument_count>;

inline constexpr const char* session_name = "Night Bus";

/// Seventeen strips with ids of their own.
Mixer build_session(const Recordings& recordings, const Faults& faults);

} // namespace prefade::demo
