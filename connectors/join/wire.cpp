#include "connectors/join/wire.h"

#include <utility>

namespace prefade {
namespace {

constexpr std::uint8_t calls_port = 0xFF; ///< no surface has so many units

} // namespace

JoinedWire::JoinedWire(std::unique_ptr<Wire> midi, std::unique_ptr<Wire> calls)
    : midi_(std::move(midi)),
      calls_(std::move(calls)) {}

Result<void> JoinedWire::open(Receiver receive) {
    if (const auto opened = midi_->open(receive); !opened) return opened;
    auto opened = calls_->open([receive = std::move(receive)](Arrival arrival) {
        arrival.port = calls_port;
        return receive(std::move(arrival));
    });
    if (!opened) midi_->close();
    return opened;
}

Result<void> JoinedWire::send(const WireMessage& message) {
    return (std::holds_alternative<CallMessage>(message) ? calls_ : midi_)->send(message);
}

Result<void> JoinedWire::decode(const Arrival& arrival, std::vector<WireMessage>& out) const {
    return (arrival.port == calls_port ? calls_ : midi_)->decode(arrival, out);
}

void JoinedWire::close() {
    midi_->close();
    calls_->close();
}

std::string JoinedWire::describe() const { return midi_->describe() + "; " + calls_->describe(); }

} // namespace prefade
