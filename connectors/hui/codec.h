// Bytes of HUI to named messages and back, in both directions. Whole MIDI messages, one at a time: a stream is cut into
// them by midi_stream.h. Several of HUI's own take two of them, so reading remembers the first. Pure; any thread.
#pragma once

#include "connectors/hui/messages.h"
#include "core/result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace prefade::hui {

using Bytes = std::vector<std::uint8_t>;

/// Firsts of two: the upper half of a fader's position, and the zone of switches, which goes on for every port that
/// follows until another is chosen.
class Pairs {
public:
    /// Chosen, or no zone any more where there is none of this number.
    bool choose(std::uint8_t zone);
    std::optional<Switch> at(std::uint8_t port) const; ///< in the zone
    void upper(std::uint8_t strip, std::uint8_t bits) { upper_.at(strip) = bits; }
    /// The whole position, once: the next takes an upper half of its own.
    std::optional<std::uint16_t> lower(std::uint8_t strip, std::uint8_t bits);

private:
    std::optional<std::uint8_t> zone_;
    std::array<std::optional<std::uint8_t>, strips_of_unit> upper_{};
};

/// What one unit hears. Errors: unsupported for a message that is whole but none of HUI's (another maker's system exclusive,
/// another channel, a zone that no unit has); invalid for one of HUI's that is cut short, holds what its field cannot, or is
/// the second half of something whose first did not come. What is wrong is skipped; nothing of it is kept.
class HostReader {
public:
    /// Appends what `message` makes whole: nothing after a first half, several where one display message holds several.
    Result<void> take(std::span<const std::uint8_t> message, std::vector<FromHost>& told);

private:
    Pairs pairs_;
};

/// What one host hears; errors as above. 0 ticks are invalid.
class SurfaceReader {
public:
    Result<void> take(std::span<const std::uint8_t> message, std::vector<FromSurface>& told);

private:
    Pairs pairs_;
};

/// The one form in which each is sent: one MIDI message, or two. A field out of its range is invalid, and nothing is made.
Result<std::vector<Bytes>> to_bytes(const FromHost& message);
Result<std::vector<Bytes>> to_bytes(const FromSurface& message);

} // namespace prefade::hui
