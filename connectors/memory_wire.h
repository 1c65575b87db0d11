// A wire without a transport, for tests and for hosts in this process: what is sent is kept, what is
// to arrive is handed in. OSC messages take the way of real ones: they are encoded, arrive as bytes
// and are decoded again.
#pragma once

#include "connectors/wire.h"

#include <mutex>
#include <vector>

namespace prefade {

class MemoryWire final : public Wire {
public:
    Result<void> open(Receiver receive) override;
    Result<void> send(const WireMessage& message) override;
    Result<void> decode(const Arrival& arrival, std::vector<WireMessage>& out) const override;
    void close() override;
    std::string describe() const override { return "memory"; }

    /// any thread. One datagram from the host; an error while closed or when the receiver drops it.
    Result<void> deliver(const OscMessage& message, TimePoint at);
    /// any thread: what was sent since the last call.
    std::vector<WireMessage> take_sent();

private:
    std::mutex mutex_;
    Receiver receive_;
    std::vector<WireMessage> sent_;
};

} // namespace prefade
