#include "tests/support/ardour_server.h"

#include "connectors/osc_codec.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace prefade::test {
namespace {

bool same(const sockaddr_in& a, const sockaddr_in& b) {
    return a.sin_port == b.sin_port && a.sin_addr.s_addr == b.sin_addr.s_addr;
}

} // namespace

ArdourServer::ArdourServer(const std::function<void(ArdourSim&)>& fill)
    : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    if (socket_ < 0 || ::bind(socket_, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0
        || ::getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
        throw std::system_error(errno, std::generic_category());
    port_ = ntohs(here.sin_port);
    fill(sim_);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

ArdourServer::~ArdourServer() {
    thread_ = {};
    ::close(socket_);
}

void ArdourServer::with(const std::function<void(ArdourSim&)>& act) {
    const std::lock_guard lock(mutex_);
    act(sim_);
    flush(client_);
}

std::vector<OscMessage> ArdourServer::take_heard() {
    const std::lock_guard lock(mutex_);
    return std::exchange(sim_.heard, {});
}

std::uint64_t ArdourServer::received() const {
    const std::lock_guard lock(mutex_);
    return received_;
}

void ArdourServer::after(std::uint64_t datagrams, std::function<void()> act) {
    const std::lock_guard lock(mutex_);
    act_at_ = received_ + datagrams;
    act_ = std::move(act);
}

void ArdourServer::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd wait{socket_, POLLIN, 0};
        ::poll(&wait, 1, 5); // the simulation's time goes on in steps of 5 ms
        const std::lock_guard lock(mutex_);
        while (take_one()) {
        }
        sim_.tick(Clock::now());
        flush(client_);
    }
}

bool ArdourServer::take_one() {
    std::array<std::uint8_t, 65'536> bytes;
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const auto count = ::recvfrom(socket_, bytes.data(), bytes.size(), 0,
                                  reinterpret_cast<sockaddr*>(&from), &size);
    if (count < 0) return errno == ECONNREFUSED; // of a client that died
    const auto messages = decode_osc({bytes.data(), static_cast<std::size_t>(count)});
    if (!messages) return true;
    for (const OscMessage& message : *messages) {
        const bool surface = message.address == "/set_surface";
        if (surface && !message.arguments.empty()) client_ = from;
        if (!surface && !same(from, client_)) continue; // whoever only looks for a DAW
        sim_.receive(message, Clock::now());
        flush(surface ? from : client_);
    }
    if (!same(from, client_)) return true;
    ++received_;
    if (act_ && received_ >= act_at_) std::exchange(act_, nullptr)();
    return true;
}

void ArdourServer::flush(const sockaddr_in& to) {
    for (const OscMessage& message : sim_.take_sent()) {
        const auto bytes = encode_osc(message);
        if (!bytes || to.sin_port == 0) continue;
        // Full buffers lose it, as the real one does.
        static_cast<void>(::sendto(socket_, bytes->data(), bytes->size(), 0,
                                   reinterpret_cast<const sockaddr*>(&to), sizeof to));
    }
}

} // namespace prefade::test
