// Two wires to one host as one: MIDI to its control surface, calls to its scripting interface. What is sent tells by its kind
// which of them it is for; what arrives is marked. One that cannot be opened is an error of both.
#pragma once

#include "connectors/wire.h"

#include <memory>

namespace prefade {

class JoinedWire final : public Wire {
public:
    JoinedWire(std::unique_ptr<Wire> midi, std::unique_ptr<Wire> calls);

    Result<void> open(Receiver receive) override;
    Result<void> send(const WireMessage& message) override;
    Result<void> decode(const Arrival& arrival, std::vector<WireMessage>& out) const override;
    void close() override;
    std::string describe() const override;

private:
    std::unique_ptr<Wire> midi_, calls_;
};

} // namespace prefade
