#include "connectors/mcu/handshake.h"

namespace prefade::mcu {
namespace {

/// With 4 in the last place the two readings of the response that hosts have (Ardour shifts by it, the others by 4)
/// come to the same.
constexpr Challenge challenge{0x01, 0x02, 0x03, 0x04};

} // namespace

Handshake::Handshake(std::size_t unit)
    : own_(unit == 0 ? Device::main : Device::extender),
      // "XYZ" at the start makes REAPER paint everything anew.
      serial_{'X', 'Y', 'Z', 'P', 'R', 'F', static_cast<std::uint8_t>('1' + unit)} {}

ConnectionQuery Handshake::query(Device device) const { return {device, serial_, challenge}; }

std::optional<FromSurface> Handshake::answer(const FromHost& message) {
    if (const auto* asks = std::get_if<DeviceQuery>(&message)) {
        // Ardour asks for each kind of unit in turn; an answer to a second one would make it another unit.
        const bool is_own = asks->device == own_;
        const bool first = asked_.empty() || asked_.contains(asks->device);
        const bool own_known = asked_.contains(own_);
        asked_.insert(asks->device);
        if (is_own || (first && !own_known)) return query(asks->device);
        return std::nullopt;
    }
    if (const auto* reply = std::get_if<ConnectionReply>(&message))
        return ConnectionAnswer{reply->device, reply->serial, true};
    if (const auto* asks = std::get_if<VersionRequest>(&message)) {
        // Live streams meters to a unit of version 1 or 2 always, to a later one only when asked by a button.
        return Version{asks->device};
    }
    return std::nullopt;
}

} // namespace prefade::mcu
