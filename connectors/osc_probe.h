// One UDP socket on 127.0.0.1 that asks any port there and hears whoever answers: for finding hosts,
// which keep a client for every socket that ever asked. No thread of its own; one thread uses it.
#pragma once

#include "connectors/message.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <optional>

namespace prefade {

class OscProbe {
public:
    OscProbe() = default;
    ~OscProbe();
    OscProbe(const OscProbe&) = delete;
    OscProbe& operator=(const OscProbe&) = delete;

    Result<void> open(); ///< does nothing when it is open
    Result<void> send(std::uint16_t port, const OscMessage& message);

    struct Heard {
        std::uint16_t port{0}; ///< of who sent it
        OscMessage message;
    };
    /// Waits for the next message until `deadline`; what is no OSC is passed over.
    std::optional<Heard> receive(TimePoint deadline);

private:
    int socket_{-1};
};

} // namespace prefade
