// Through the real wire: a socket on loopback, the receive thread, the inbox, the decoder on the taking
// thread; beside liblo's own server thread hearing the same. What is lost is counted.
#include "connectors/osc_codec.h"
#include "connectors/osc_wire.h"
#include "core/inbox.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"

#include <lo/lo.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace prefade;
using namespace prefade::bench;
using namespace std::chrono_literals;

namespace {

/// A host that talks: one socket on loopback, one meter message again and again.
class Talker {
public:
    Talker() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in own = at(0);
        socklen_t size = sizeof own;
        if (socket_ < 0 || ::bind(socket_, reinterpret_cast<sockaddr*>(&own), size) != 0
            || ::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size) != 0)
            throw std::runtime_error("no UDP socket on loopback");
        port_ = ntohs(own.sin_port);
    }
    ~Talker() { ::close(socket_); }
    Talker(const Talker&) = delete;
    Talker& operator=(const Talker&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    /// `count` messages, `per_second` of them a second in portions of a millisecond; 0: at once.
    void talk(std::uint16_t to, std::size_t count, double per_second) const {
        const auto packet = encode_osc({"/strip/meter", {std::int32_t{7}, -12.5F}}).value();
        const sockaddr_in there = at(to);
        const TimePoint start = Clock::now();
        for (std::size_t sent = 0; sent < count;) {
            std::size_t due = count;
            if (per_second > 0.0)
                due = std::min(
                    count, static_cast<std::size_t>(seconds(Clock::now() - start) * per_second));
            for (; sent < due; ++sent)
                if (::sendto(socket_, packet.data(), packet.size(), 0,
                             reinterpret_cast<const sockaddr*>(&there), sizeof there)
                    < 0)
                    throw std::runtime_error("cannot send");
            if (sent < count) std::this_thread::sleep_until(Clock::now() + 1ms);
        }
    }

private:
    static sockaddr_in at(std::uint16_t port) {
        sockaddr_in made{};
        made.sin_family = AF_INET;
        made.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        made.sin_port = htons(port);
        return made;
    }
    int socket_{-1};
    std::uint16_t port_{0};
};

struct Heard {
    std::size_t count{0};
    double took{0.0}; ///< from the first byte sent to the last message decoded, seconds
    double per_second() const { return static_cast<double>(count) / took; }
};

/// As the loop does: takes all that waits and decodes it. Ends when all came or none for half a second.
Heard hear(Inbox<Arrival>& inbox, const OscWire& wire, std::size_t count) {
    Heard heard;
    const TimePoint start = Clock::now();
    std::vector<Arrival> batch;
    std::vector<WireMessage> messages;
    while (heard.count < count && inbox.take(batch, Clock::now() + 500ms) && !batch.empty()) {
        for (const Arrival& arrival : batch) {
            messages.clear();
            if (wire.decode(arrival, messages)) heard.count += messages.size();
        }
        heard.took = seconds(Clock::now() - start);
    }
    return heard;
}

Heard ours(std::size_t count, double per_second, std::uint64_t& dropped, int& buffer) {
    const Talker talker;
    Inbox<Arrival> inbox;
    auto wire = OscWire::to("127.0.0.1", talker.port());
    REQUIRE(wire);
    REQUIRE((*wire)->open([&](Arrival arrival) { return inbox.push(std::move(arrival)); }));
    buffer = (*wire)->receive_buffer();
    std::jthread talking([&, to = (*wire)->local_port()] { talker.talk(to, count, per_second); });
    const Heard heard = hear(inbox, **wire, count);
    talking.join();
    (*wire)->close();
    dropped = inbox.dropped();
    return heard;
}

struct FreeServer {
    void operator()(lo_server_thread server) const {
        lo_server_thread_stop(server);
        lo_server_thread_free(server);
    }
};

extern "C" int on_meter(const char*, const char*, lo_arg**, int, lo_message, void* count) {
    static_cast<std::atomic<std::size_t>*>(count)->fetch_add(1);
    return 0;
}

Heard liblo(std::size_t count, double per_second) {
    std::atomic<std::size_t> counted{0};
    const std::unique_ptr<void, FreeServer> server(lo_server_thread_new(nullptr, nullptr));
    REQUIRE(server);
    lo_server_thread_add_method(server.get(), "/strip/meter", "if", on_meter, &counted);
    lo_server_thread_start(server.get());
    const Talker talker;
    const TimePoint start = Clock::now();
    std::jthread talking([&, to = static_cast<std::uint16_t>(lo_server_thread_get_port(
                                 server.get()))] { talker.talk(to, count, per_second); });
    Heard heard;
    TimePoint last = start;
    while (heard.count < count && Clock::now() - last < 500ms) {
        std::this_thread::sleep_for(1ms);
        const std::size_t now = counted.load();
        if (now == heard.count) continue;
        heard.count = now;
        last = Clock::now();
    }
    heard.took = seconds(last - start);
    return heard;
}

std::string told(const Heard& heard, std::size_t count) {
    return text(heard.per_second()) + " messages/s, " + std::to_string(count - heard.count)
           + " lost";
}

} // namespace

TEST_CASE("50,000 messages a second come through the wire without loss") {
    constexpr std::size_t count = 250'000;
    std::uint64_t dropped = 0;
    int buffer = 0;
    const Heard heard = ours(count, 50'000.0, dropped, buffer);
    const Heard peer = liblo(count, 50'000.0);
    CHECK(heard.count == count);
    CHECK(dropped == 0);
    report("wire, 50,000 messages/s for 5 s, received and decoded",
           told(heard, count) + "; liblo's server " + told(peer, count),
           "50000 messages/s, none lost");
}

TEST_CASE("a burst of 20,000 messages comes through the wire") {
    constexpr std::size_t count = 20'000;
    std::uint64_t dropped = 0;
    int buffer = 0;
    Samples rate, lost, peer_rate, peer_lost;
    for (int run = 0; run < 7; ++run) {
        const Heard heard = ours(count, 0.0, dropped, buffer);
        const Heard peer = liblo(count, 0.0);
        rate.add(heard.per_second());
        lost.add(static_cast<double>(count - heard.count));
        peer_rate.add(peer.per_second());
        peer_lost.add(static_cast<double>(count - peer.count));
        CHECK(dropped == 0); // the inbox holds three such bursts
        if (buffer >= 4 << 20) CHECK(heard.count == count);
    }
    report("wire, bursts of 20,000 messages at once, receive buffer of "
               + text(static_cast<double>(buffer) / 1024.0) + " KiB",
           text(rate.middle()) + " messages/s, " + text(lost.highest()) + " lost at worst of "
               + std::to_string(rate.size()) + "; liblo's server " + text(peer_rate.middle())
               + " messages/s, " + text(peer_lost.highest()) + " lost at worst",
           "");
}
