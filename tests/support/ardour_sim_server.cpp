#include "tests/support/ardour_sim_server.h"

#include "connectors/osc_codec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace prefade::test {
namespace {

sockaddr_in loopback(std::uint32_t address, std::uint16_t port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_addr.s_addr = address;
    made.sin_port = port;
    return made;
}

Duration interval_of(double rate) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(1.0 / rate));
}

/// `count` controls in dB behind each other.
SimPlugin plugin(const char* name, int count) {
    SimPlugin made{name, {}};
    for (int i = 1; i <= count; ++i)
        made.parameters.push_back(
            {"Gain " + std::to_string(i), 128, -20, 20, 1.5F, "%4.1f dB", {}});
    return made;
}

} // namespace

std::vector<SimStrip*> add_mix(ArdourSim& sim, std::size_t tracks) {
    std::vector<SimStrip*> metered;
    for (std::size_t i = 0; i < tracks; ++i) {
        SimStrip strip;
        strip.name = "Track " + std::to_string(i + 1);
        strip.gain = gain_of(-6.0);
        strip.plugins = {plugin("ACE Compressor", 10), plugin("ACE EQ", 20)};
        strip.sends = {{"Reverb", gain_of(-12.0)}};
        metered.push_back(&sim.add(strip));
    }
    for (const auto& [type, name] : {std::pair{"B", "Reverb"}, std::pair{"MA", "Master"}}) {
        SimStrip strip;
        strip.type = type;
        strip.name = name;
        metered.push_back(&sim.add(strip));
    }
    return metered;
}

ArdourSimServer::ArdourSimServer(std::size_t tracks, double rate, Levels levels)
    : metered_(add_mix(sim_, tracks)),
      levels_(std::move(levels)),
      socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sim_.meter_interval = Duration::zero(); // what changed goes out at once; the frames are ours
    frames_per_second(rate);

    sockaddr_in own = loopback(htonl(INADDR_LOOPBACK), 0);
    socklen_t size = sizeof own;
    if (socket_ < 0 || ::bind(socket_, reinterpret_cast<sockaddr*>(&own), size) != 0
        || ::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size) != 0)
        throw std::runtime_error("no UDP socket on loopback");
    port_ = ntohs(own.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

ArdourSimServer::~ArdourSimServer() {
    thread_.request_stop();
    thread_.join();
    ::close(socket_);
}

std::string ArdourSimServer::address() const { return "ardour=127.0.0.1:" + std::to_string(port_); }

float ArdourSimServer::music(std::size_t index, std::uint64_t frame) {
    const auto phase = static_cast<double>(frame * 7 + index * 13);
    return static_cast<float>(-16.5 + 7.5 * std::sin(phase * 0.37));
}

void ArdourSimServer::levels(Levels levels) {
    const std::lock_guard lock(mutex_);
    levels_ = std::move(levels);
}

void ArdourSimServer::frames_per_second(double rate) {
    const std::lock_guard lock(mutex_);
    interval_ = interval_of(rate);
    next_frame_ = {};
}

TimePoint ArdourSimServer::plant(const std::string& strip, float dbfs) {
    std::unique_lock lock(mutex_);
    plants_[strip] = dbfs;
    const std::uint64_t before = frame_;
    planted_.wait(lock, [&] { return frame_ > before; });
    return frame_at_;
}

void ArdourSimServer::unplant(const std::string& strip) {
    const std::lock_guard lock(mutex_);
    plants_.erase(strip);
}

std::uint64_t ArdourSimServer::sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
}

std::vector<ArdourSimServer::Set> ArdourSimServer::take_sets() {
    const std::lock_guard lock(mutex_);
    return std::exchange(sets_, {});
}

void ArdourSimServer::run(const std::stop_token& stop) {
    constexpr auto step = std::chrono::milliseconds(5);
    while (!stop.stop_requested()) {
        const TimePoint now = Clock::now();
        TimePoint wake = now + step;
        {
            const std::lock_guard lock(mutex_);
            while (hear(now)) {
            }
            if (now >= next_frame_) next_frame(now);
            sim_.tick(now);
            say();
            wake = std::min(wake, next_frame_);
        }
        planted_.notify_all();
        const auto pause = std::chrono::ceil<std::chrono::nanoseconds>(
            std::max(wake - Clock::now(), Duration::zero()));
        pollfd readable{socket_, POLLIN, 0};
        const timespec limit{0, pause.count()};
        ::ppoll(&readable, 1, &limit, nullptr);
    }
}

/// One datagram; false when there is none.
bool ArdourSimServer::hear(TimePoint now) {
    std::array<std::uint8_t, 2048> bytes; // NOLINT: filled by recvfrom
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const auto got = ::recvfrom(socket_, bytes.data(), bytes.size(), 0,
                                reinterpret_cast<sockaddr*>(&from), &size);
    if (got < 0) return errno == ECONNREFUSED || errno == EINTR;
    client_address_ = from.sin_addr.s_addr;
    client_port_ = from.sin_port;
    if (const auto heard = decode_osc({bytes.data(), static_cast<std::size_t>(got)}))
        for (const OscMessage& message : *heard) sim_.receive(message, now);
    return true;
}

void ArdourSimServer::next_frame(TimePoint now) {
    // Woken up late, the frames missed follow at once, so that the rate holds.
    next_frame_ = std::max(next_frame_ + interval_, now - std::chrono::milliseconds(50));
    ++frame_;
    frame_at_ = now;
    for (std::size_t i = 0; i < metered_.size(); ++i) metered_[i]->meter = levels_(i, frame_);
    for (const auto& [name, level] : plants_) sim_.set_meter(name, level);
}

void ArdourSimServer::say() {
    const sockaddr_in to = loopback(client_address_, client_port_);
    for (const OscMessage& message : sim_.take_sent()) {
        const auto packet = encode_osc(message);
        if (!packet) throw std::runtime_error(packet.error().message);
        ::sendto(socket_, packet->data(), packet->size(), 0, reinterpret_cast<const sockaddr*>(&to),
                 sizeof to);
        ++sent_;
    }
    for (OscMessage& set : std::exchange(sim_.heard, {}))
        sets_.push_back({Clock::now(), std::move(set)});
}

} // namespace prefade::test
