// What a surface answers when a host asks who it is. Pure; desk thread.
#pragma once

#include "connectors/mcu/messages.h"

#include <cstddef>
#include <optional>
#include <set>

namespace prefade::mcu {

/// One unit's side of it. Hosts differ: Logic and Ardour ask, REAPER repaints when it hears the serial, Live asks for
/// the version only. A reply that does not fit the challenge is confirmed all the same: only hosts that are sure of
/// theirs check.
class Handshake {
public:
    /// Unit 0 is the main one, all others are extenders.
    explicit Handshake(std::size_t unit);

    /// To be said unasked, at the start and after a long silence: it wakes hosts that wait for a word.
    ConnectionQuery hello() const { return query(own_); }
    std::optional<FromSurface> answer(const FromHost& message);

private:
    ConnectionQuery query(Device device) const;
    Device own_;
    Serial serial_;
    std::set<Device> asked_; ///< as which the host has asked for us
};

} // namespace prefade::mcu
