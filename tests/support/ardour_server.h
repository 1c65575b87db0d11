// The simulated Ardour behind a real UDP socket on 127.0.0.1, on a thread of its own: the DAW of tests that
// run the daemon's own loop or program. Whoever sets up a surface last is its client. Test's main thread.
#pragma once

#include "tests/support/ardour_sim.h"

#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <netinet/in.h>

namespace prefade::test {

class ArdourServer {
public:
    /// `fill` makes the session.
    explicit ArdourServer(const std::function<void(ArdourSim&)>& fill);
    ~ArdourServer();
    ArdourServer(const ArdourServer&) = delete;
    ArdourServer& operator=(const ArdourServer&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    std::string host() const { return "ardour=127.0.0.1:" + std::to_string(port_); }

    /// `act` on the simulation, between two of its messages; what it says goes out.
    void with(const std::function<void(ArdourSim&)>& act);
    std::vector<OscMessage> take_heard(); ///< the sets that arrived since the last call
    std::uint64_t received() const;       ///< datagrams of the client, since the start
    /// Once this many more have arrived, `act` is called, on the server's thread, before the answer.
    void after(std::uint64_t datagrams, std::function<void()> act);

private:
    void run(const std::stop_token& stop);
    bool take_one();
    void flush(const sockaddr_in& to);

    int socket_{-1};
    std::uint16_t port_{0};
    mutable std::mutex mutex_;
    ArdourSim sim_;
    sockaddr_in client_{};
    std::uint64_t received_{0}, act_at_{0};
    std::function<void()> act_;
    std::jthread thread_;
};

} // namespace prefade::test
