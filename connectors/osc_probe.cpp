#include "connectors/osc_probe.h"

#include "connectors/osc_codec.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace prefade {
namespace {

Error probe_error(const std::string& what) {
    return {ErrorCode::io, what + ": " + std::strerror(errno), {}};
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    made.sin_port = htons(port);
    return made;
}

} // namespace

OscProbe::~OscProbe() {
    if (socket_ >= 0) ::close(socket_);
}

Result<void> OscProbe::open() {
    if (socket_ >= 0) return {};
    socket_ = ::socket(AF_INET, SOCK_DGRAM, 0);
    const sockaddr_in local = loopback(0);
    if (socket_ >= 0 && ::fcntl(socket_, F_SETFL, O_NONBLOCK) == 0
        && ::fcntl(socket_, F_SETFD, FD_CLOEXEC) == 0
        && ::bind(socket_, reinterpret_cast<const sockaddr*>(&local), sizeof local) == 0)
        return {};
    const Error error = probe_error("UDP socket on loopback");
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    return error;
}

Result<void> OscProbe::send(std::uint16_t port, const OscMessage& message) {
    const auto bytes = encode_osc(message);
    if (!bytes) return bytes.error();
    const sockaddr_in host = loopback(port);
    for (;;) {
        const ssize_t sent = ::sendto(socket_, (*bytes).data(), (*bytes).size(), MSG_NOSIGNAL,
                                      reinterpret_cast<const sockaddr*>(&host), sizeof host);
        if (sent >= 0) return {};
        if (errno != EINTR && errno != ECONNREFUSED)
            return probe_error("send to 127.0.0.1:" + std::to_string(port));
    }
}

std::optional<OscProbe::Heard> OscProbe::receive(TimePoint deadline) {
    std::array<std::uint8_t, osc_packet_limit> buffer; // NOLINT: filled by recvfrom
    for (;;) {
        sockaddr_in from{};
        socklen_t size = sizeof from;
        const ssize_t got = ::recvfrom(socket_, buffer.data(), buffer.size(), 0,
                                       reinterpret_cast<sockaddr*>(&from), &size);
        if (got >= 0) {
            const auto messages = decode_osc({buffer.data(), static_cast<std::size_t>(got)});
            if (messages && !messages->empty() && from.sin_addr.s_addr == htonl(INADDR_LOOPBACK))
                return Heard{ntohs(from.sin_port), messages->front()};
            continue;
        }
        if (errno == EINTR || errno == ECONNREFUSED) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return std::nullopt;
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return std::nullopt;
        pollfd watched{socket_, POLLIN, 0};
        ::poll(&watched, 1, static_cast<int>(std::min<std::int64_t>(left, 1000)));
    }
}

} // namespace prefade
