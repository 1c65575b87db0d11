#include "connectors/osc_wire.h"

#include "connectors/osc_codec.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace prefade {
namespace {

constexpr int wanted_receive_buffer = 4 << 20;

Error failed(const std::string& what) {
    return {ErrorCode::io, what + ": " + std::strerror(errno), {}};
}

sockaddr_in endpoint(std::uint32_t address, std::uint16_t port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_addr.s_addr = address;
    made.sin_port = htons(port);
    return made;
}

std::string to_text(std::uint32_t address, std::uint16_t port) {
    std::array<char, INET_ADDRSTRLEN> text{};
    const in_addr raw{address};
    inet_ntop(AF_INET, &raw, text.data(), text.size());
    return std::string(text.data()) + ':' + std::to_string(port);
}

bool set_flags(int descriptor) {
    return ::fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0
           && ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
}

/// The system caps what an ordinary user may ask for (Linux: net.core.rmem_max, 208 KB by default).
void ask_for_buffer(int socket) {
#ifdef SO_RCVBUFFORCE
    if (::setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &wanted_receive_buffer,
                     sizeof wanted_receive_buffer)
        == 0)
        return;
#endif
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &wanted_receive_buffer,
                 sizeof wanted_receive_buffer);
}

/// Linux tells with each datagram how many it dropped so far because the buffer was full.
void ask_for_losses([[maybe_unused]] int socket) {
#ifdef SO_RXQ_OVFL
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
#endif
}

/// As told with this datagram; nothing when it was not.
std::optional<std::uint32_t> losses_in([[maybe_unused]] msghdr& message) {
#ifdef SO_RXQ_OVFL
    for (cmsghdr* each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
        if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SO_RXQ_OVFL) continue;
        std::uint32_t lost = 0;
        std::memcpy(&lost, CMSG_DATA(each), sizeof lost);
        return lost;
    }
#endif
    return std::nullopt;
}

int granted_buffer(int socket) {
    int granted = 0;
    socklen_t size = sizeof granted;
    ::getsockopt(socket, SOL_SOCKET, SO_RCVBUF, &granted, &size);
#ifdef __linux__
    granted /= 2; // Linux tells twice the usable size
#endif
    return granted;
}

} // namespace

Result<std::unique_ptr<OscWire>> OscWire::to(std::string_view host, std::uint16_t port) {
    const std::string name = host.empty() || host == "localhost" ? "127.0.0.1" : std::string(host);
    in_addr address{};
    if (inet_pton(AF_INET, name.c_str(), &address) != 1)
        return Error{ErrorCode::invalid,
                     "\"" + name + "\" is no IPv4 address; use 127.0.0.1 or localhost",
                     {}};
    if (ntohl(address.s_addr) >> 24 != 127)
        return Error{ErrorCode::refused,
                     name + " is not on this machine; only loopback (127.0.0.0/8) is spoken to",
                     {}};
    if (port == 0) return Error{ErrorCode::invalid, "port 0 is no destination", {}};
    return std::unique_ptr<OscWire>(new OscWire(address.s_addr, port));
}

OscWire::~OscWire() { close(); }

Result<void> OscWire::open(Receiver receive) {
    if (socket_ >= 0) return Error{ErrorCode::internal, "the wire is open already", describe()};
    socket_ = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in local = endpoint(htonl(INADDR_LOOPBACK), 0);
    socklen_t size = sizeof local;
    if (socket_ < 0 || ::pipe(wake_.data()) != 0 || !set_flags(socket_) || !set_flags(wake_[0])
        || !set_flags(wake_[1]) || ::bind(socket_, reinterpret_cast<sockaddr*>(&local), size) != 0
        || ::getsockname(socket_, reinterpret_cast<sockaddr*>(&local), &size) != 0) {
        const Error error = failed("UDP socket on loopback");
        close();
        return error;
    }
    ask_for_buffer(socket_);
    ask_for_losses(socket_);
    receive_buffer_ = granted_buffer(socket_);
    local_port_ = ntohs(local.sin_port);
    thread_ = std::jthread(
        [this, receive = std::move(receive)](const std::stop_token& stop) { run(stop, receive); });
    return {};
}

void OscWire::run(const std::stop_token& stop, const Receiver& receive) noexcept {
    std::array<pollfd, 2> watched{{{socket_, POLLIN, 0}, {wake_[0], POLLIN, 0}}};
    constexpr int patience_ms = 1000; // a net below the pipe
    while (!stop.stop_requested()) {
        if (::poll(watched.data(), watched.size(), patience_ms) < 0 && errno != EINTR) return;
        drain(receive);
    }
}

void OscWire::drain(const Receiver& receive) {
    std::array<std::uint8_t, osc_packet_limit> buffer; // NOLINT: filled by recvmsg
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(std::uint32_t))> control{};
    for (;;) {
        sockaddr_in from{};
        iovec into{buffer.data(), buffer.size()};
        msghdr message{};
        message.msg_name = &from;
        message.msg_namelen = sizeof from;
        message.msg_iov = &into;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const ssize_t got = ::recvmsg(socket_, &message, 0);
        const TimePoint at = Clock::now();
        if (got < 0) {
            if (errno == ECONNREFUSED || errno == EINTR) continue; // the host is not there: no end
            return;
        }
        if (from.sin_addr.s_addr != address_ || ntohs(from.sin_port) != port_) {
            strangers_.fetch_add(1, std::memory_order_relaxed);
            continue;
        }
        const std::uint32_t lost = losses_in(message).value_or(lost_);
        receive({at, {buffer.data(), buffer.data() + got}, lost - std::exchange(lost_, lost)});
    }
}

Result<void> OscWire::send(const WireMessage& message) {
    const auto* osc = std::get_if<OscMessage>(&message);
    if (osc == nullptr)
        return Error{ErrorCode::internal, "a MIDI message on an OSC wire", describe()};
    if (socket_ < 0) return Error{ErrorCode::unavailable, "the wire is closed", describe()};
    const auto bytes = encode_osc(*osc);
    if (!bytes) return bytes.error();
    const sockaddr_in host = endpoint(address_, port_);
    for (;;) {
        const ssize_t sent = ::sendto(socket_, (*bytes).data(), (*bytes).size(), MSG_NOSIGNAL,
                                      reinterpret_cast<const sockaddr*>(&host), sizeof host);
        // ECONNREFUSED is the news about an earlier packet, and that the host is not there is no error.
        if (sent >= 0) return {};
        if (errno != EINTR && errno != ECONNREFUSED)
            return failed("send to " + to_text(address_, port_));
    }
}

Result<void> OscWire::decode(const Arrival& arrival, std::vector<WireMessage>& out) const {
    auto messages = decode_osc(arrival.bytes);
    if (!messages) return messages.error();
    for (OscMessage& message : *messages) out.emplace_back(std::move(message));
    return {};
}

void OscWire::close() {
    if (thread_.joinable()) {
        thread_.request_stop();
        [[maybe_unused]] const ssize_t written = ::write(wake_[1], "", 1);
        thread_.join();
    }
    for (int* descriptor : {&socket_, &wake_[0], &wake_[1]}) {
        if (*descriptor >= 0) ::close(*descriptor);
        *descriptor = -1;
    }
    local_port_ = 0;
    receive_buffer_ = 0;
    lost_ = 0;
}

std::string OscWire::describe() const {
    return "udp 127.0.0.1:" + std::to_string(local_port_) + " -> " + to_text(address_, port_);
}

} // namespace prefade
