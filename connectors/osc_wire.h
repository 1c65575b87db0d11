// OSC over a UDP socket of our own, bound to 127.0.0.1 on a free port, to one host on loopback. Its
// thread copies, stamps and hands on what that host sends; what anyone else sends is counted and
// dropped. A host that is not there (connection refused) is no error: packets just stop.
#pragma once

#include "connectors/wire.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace prefade {

class OscWire final : public Wire {
public:
    /// `host`: "localhost" or an address in 127.0.0.0/8; anything else is refused.
    static Result<std::unique_ptr<OscWire>> to(std::string_view host, std::uint16_t port);
    ~OscWire() override;

    Result<void> open(Receiver receive) override;
    Result<void> send(const WireMessage& message) override;
    Result<void> decode(const Arrival& arrival, std::vector<WireMessage>& out) const override;
    void close() override;
    std::string describe() const override;

    std::uint16_t local_port() const noexcept { return local_port_; } ///< desk thread; 0 until open
    /// Receive buffer the system granted, in bytes; desk thread; 0 until open. 4 MB are asked for: a
    /// burst of 20,000 messages lost 8-14 % in the default buffer and none in 4 MB.
    int receive_buffer() const noexcept { return receive_buffer_; }
    std::uint64_t strangers() const noexcept {
        return strangers_.load();
    } ///< any thread; datagrams not from the host

private:
    OscWire(std::uint32_t address, std::uint16_t port) : address_(address), port_(port) {}
    void run(const std::stop_token& stop, const Receiver& receive) noexcept;
    void drain(const Receiver& receive);

    std::uint32_t address_; ///< of the host, network byte order
    std::uint16_t port_;    ///< of the host
    int socket_{-1};
    std::array<int, 2> wake_{-1, -1}; ///< pipe: written once, to end the thread's poll
    std::uint16_t local_port_{0};
    int receive_buffer_{0};
    std::atomic<std::uint64_t> strangers_{0};
    std::uint32_t lost_{
        0}; ///< datagrams the system dropped, of those told with an arrival; the wire's thread
    std::jthread thread_;
};

} // namespace prefade
