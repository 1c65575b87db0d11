#include "tests/support/osc_relay.h"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace prefade::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

int bound_socket() {
    const int made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int wanted = 4 << 20;
    setsockopt(made, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
    const sockaddr_in any = loopback(0);
    if (made < 0 || bind(made, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0)
        throw std::runtime_error("no UDP socket");
    return made;
}

bool send_to(int socket, std::uint16_t port, std::span<const std::uint8_t> datagram) {
    const sockaddr_in to = loopback(port);
    return sendto(socket, datagram.data(), datagram.size(), 0,
                  reinterpret_cast<const sockaddr*>(&to), sizeof to)
           == static_cast<ssize_t>(datagram.size());
}

std::uint16_t port_of(int socket) {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size);
    return ntohs(own.sin_port);
}

} // namespace

OscRelay::OscRelay(std::uint16_t host)
    : front_(bound_socket()),
      back_(bound_socket()),
      port_(port_of(front_)) {
    const sockaddr_in to = loopback(host);
    if (connect(back_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error("no UDP socket towards the host");
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

OscRelay::~OscRelay() {
    thread_.request_stop();
    thread_.join();
    close(front_);
    close(back_);
}

void OscRelay::run(const std::stop_token& stop) {
    std::array<std::uint8_t, 65536> bytes; // NOLINT: filled by recvfrom
    std::array<pollfd, 2> waiting{{{front_, POLLIN, 0}, {back_, POLLIN, 0}}};
    constexpr int patience_ms = 50;
    while (!stop.stop_requested()) {
        poll(waiting.data(), waiting.size(), patience_ms);
        sockaddr_in from{};
        socklen_t size = sizeof from;
        for (ssize_t got; (got = recvfrom(front_, bytes.data(), bytes.size(), 0,
                                          reinterpret_cast<sockaddr*>(&from), &size))
                          >= 0;) {
            daemon_.store(ntohs(from.sin_port));
            ::send(back_, bytes.data(), static_cast<std::size_t>(got), 0);
        }
        for (ssize_t got; (got = recv(back_, bytes.data(), bytes.size(), 0)) >= 0;)
            say({bytes.data(), static_cast<std::size_t>(got)});
    }
}

bool OscRelay::say(std::span<const std::uint8_t> datagram) const {
    return daemon() != 0 && send_to(front_, daemon(), datagram);
}

bool send_as_stranger(std::uint16_t port, std::span<const std::uint8_t> datagram) {
    const int own = bound_socket();
    const bool sent = send_to(own, port, datagram);
    close(own);
    return sent;
}

} // namespace prefade::test
