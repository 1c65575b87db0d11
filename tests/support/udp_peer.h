// A host's end of an OSC wire: a plain socket on loopback.
#pragma once

#include "connectors/osc_codec.h"
#include "tests/support/catch.h"

#include <cstdint>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace prefade::test {

class Peer {
public:
    Peer() : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
        sockaddr_in local = at(0);
        socklen_t size = sizeof local;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&local), size) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&local), &size) == 0);
        port_ = ntohs(local.sin_port);
        const timeval patience{5, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Peer() { ::close(socket_); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    std::uint16_t port() const { return port_; }
    std::uint16_t last_sender() const { return sender_; }
    void send(const OscMessage& message, std::uint16_t to) {
        const auto bytes = encode_osc(message);
        const sockaddr_in there = at(to);
        REQUIRE(::sendto(socket_, bytes->data(), bytes->size(), 0,
                         reinterpret_cast<const sockaddr*>(&there), sizeof there)
                == static_cast<ssize_t>(bytes->size()));
    }
    OscMessage receive() {
        std::vector<std::uint8_t> bytes(osc_packet_limit);
        sockaddr_in from{};
        socklen_t size = sizeof from;
        const ssize_t got = ::recvfrom(socket_, bytes.data(), bytes.size(), 0,
                                       reinterpret_cast<sockaddr*>(&from), &size);
        sender_ = ntohs(from.sin_port);
        REQUIRE(got > 0);
        bytes.resize(static_cast<std::size_t>(got));
        return decode_osc(bytes)->front();
    }

private:
    static sockaddr_in at(std::uint16_t port) {
        sockaddr_in made{};
        made.sin_family = AF_INET;
        made.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        made.sin_port = htons(port);
        return made;
    }
    int socket_;
    std::uint16_t port_{0};
    std::uint16_t sender_{0};
};

} // namespace prefade::test
