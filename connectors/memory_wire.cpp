#include "connectors/memory_wire.h"

#include "connectors/osc_codec.h"

#include <utility>

namespace prefade {

Result<void> MemoryWire::open(Receiver receive) {
    const std::lock_guard lock(mutex_);
    receive_ = std::move(receive);
    return {};
}

Result<void> MemoryWire::send(const WireMessage& message) {
    if (const auto* osc = std::get_if<OscMessage>(&message))
        if (const auto bytes = encode_osc(*osc); !bytes) return bytes.error();
    const std::lock_guard lock(mutex_);
    if (!receive_) return Error{ErrorCode::unavailable, "the wire is closed", describe()};
    sent_.push_back(message);
    return {};
}

Result<void> MemoryWire::decode(const Arrival& arrival, std::vector<WireMessage>& out) const {
    auto messages = decode_osc(arrival.bytes);
    if (!messages) return messages.error();
    for (OscMessage& message : *messages) out.emplace_back(std::move(message));
    return {};
}

void MemoryWire::close() {
    const std::lock_guard lock(mutex_);
    receive_ = nullptr;
}

Result<void> MemoryWire::deliver(const OscMessage& message, TimePoint at) {
    auto bytes = encode_osc(message);
    if (!bytes) return bytes.error();
    Receiver receive;
    {
        const std::lock_guard lock(mutex_);
        receive = receive_;
    }
    if (!receive) return Error{ErrorCode::unavailable, "the wire is closed", describe()};
    if (!receive({at, std::move(*bytes)}))
        return Error{ErrorCode::unavailable, "dropped by the receiver", describe()};
    return {};
}

std::vector<WireMessage> MemoryWire::take_sent() {
    const std::lock_guard lock(mutex_);
    return std::exchange(sent_, {});
}

} // namespace prefade
