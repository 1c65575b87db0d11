// Stands between a daemon and a host on loopback: what either sends is passed on as it came, and a test can
// put datagrams of its own among those of the host, or hold the host's back. A thread of its own; the
// methods are for the test's main thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <thread>

namespace prefade::test {

class OscRelay {
public:
    explicit OscRelay(std::uint16_t host); ///< the host's port
    ~OscRelay();
    OscRelay(const OscRelay&) = delete;
    OscRelay& operator=(const OscRelay&) = delete;

    std::uint16_t port() const noexcept { return port_; } ///< where the daemon finds "the host"
    /// The port the daemon speaks from; 0 before its first word.
    std::uint16_t daemon() const noexcept { return daemon_.load(); }
    /// To the daemon, from the host's address. False when the system takes no datagram of this size.
    bool say(std::span<const std::uint8_t> datagram) const;

private:
    void run(const std::stop_token& stop);

    int front_{-1}, back_{-1};
    std::uint16_t port_{0};
    std::atomic<std::uint16_t> daemon_{0};
    std::jthread thread_;
};

/// One datagram to 127.0.0.1:port from a socket of its own. False when the system takes none of this size.
bool send_as_stranger(std::uint16_t port, std::span<const std::uint8_t> datagram);

} // namespace prefade::test
