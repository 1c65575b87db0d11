// A transport: one class per kind. Its thread copies what arrives, stamps it and hands it on,
// nothing else; decoding happens on the desk thread, by `decode`.
#pragma once

#include "connectors/message.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace prefade {

/// Bytes as they came: one datagram, or one MIDI message.
struct Arrival {
    TimePoint at{};
    std::vector<std::uint8_t> bytes;
    std::uint32_t lost_before{
        0}; ///< the system dropped so many since the one before; 0 where it cannot say
    std::uint8_t port{0}; ///< which pair of a wide MIDI surface
};

/// Takes an arrival from the wire's thread; false when it was dropped (inbox full).
using Receiver = std::function<bool(Arrival)>;

class Wire {
public:
    virtual ~Wire() = default;
    /// desk thread. Opens and starts the wire's own thread, which calls `receive`.
    virtual Result<void> open(Receiver receive) = 0;
    /// desk thread; never blocks: what cannot be handed over at once is an error.
    virtual Result<void> send(const WireMessage& message) = 0;
    /// desk thread. Appends the messages in `arrival` to `out`; malformed input is an error in words
    /// and appends nothing.
    virtual Result<void> decode(const Arrival& arrival, std::vector<WireMessage>& out) const = 0;
    /// desk thread; joins the wire's thread. Idempotent; the destructor calls it.
    virtual void close() = 0;
    /// For people: "udp 127.0.0.1:45678 -> 127.0.0.1:3819".
    virtual std::string describe() const = 0;
};

} // namespace prefade
