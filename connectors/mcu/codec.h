// Bytes of Mackie Control to named messages and back, in both directions. One whole MIDI message at a time: a stream is
// cut into them by midi_stream.h. Pure; any thread.
#pragma once

#include "connectors/mcu/messages.h"
#include "core/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace prefade::mcu {

using Bytes = std::vector<std::uint8_t>;

/// Errors: unsupported for a message that is whole but none of Mackie Control's (another maker's system exclusive, a
/// note that no light has); invalid for one of Mackie Control's that is cut short or holds what its field cannot. A
/// note-off is a light that goes off; CC come on channel 1 or, from some hosts, 16.
Result<FromHost> from_host(std::span<const std::uint8_t> message);
/// Errors as above. Any velocity from 64 on is a press, below it and a note-off a release; 0 ticks count as 1.
Result<FromSurface> from_surface(std::span<const std::uint8_t> message);

/// The one form in which each is sent. A field out of its range is invalid, and nothing is made.
Result<Bytes> to_bytes(const FromHost& message);
Result<Bytes> to_bytes(const FromSurface& message);

} // namespace prefade::mcu
