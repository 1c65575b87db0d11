#include "connectors/osc_wire.h"

#include "connectors/osc_codec.h"
#include "connectors/replay_wire.h"
#include "core/inbox.h"
#include "tests/support/catch.h"
#include "tests/support/udp_peer.h"

#include <latch>
#include <thread>

using namespace prefade;
using test::Peer;
using namespace std::chrono_literals;

namespace {

const OscMessage gain_message{"/strip/gain", {std::int32_t{2}, -6.0F}};

} // namespace

// The inbox stands first in each of these, so that it outlives the wire's thread.

TEST_CASE("an OSC wire carries messages both ways over loopback") {
    Inbox<Arrival> inbox;
    Peer host;
    auto wire = OscWire::to("localhost", host.port());
    REQUIRE(wire);
    REQUIRE((*wire)->open([&](Arrival arrival) { return inbox.push(std::move(arrival)); }));
    CHECK((*wire)->receive_buffer() > 0);
    INFO((*wire)->describe() << ", receive buffer " << (*wire)->receive_buffer());
    REQUIRE((*wire)->send(gain_message));
    CHECK(host.receive() == gain_message);

    const TimePoint before = Clock::now();
    host.send(gain_message, (*wire)->local_port());
    std::vector<Arrival> arrived;
    REQUIRE(inbox.take(arrived, Clock::now() + 5s));
    REQUIRE(arrived.size() == 1);
    CHECK(arrived.front().at >= before);
    std::vector<WireMessage> messages;
    REQUIRE((*wire)->decode(arrived.front(), messages));
    CHECK(std::get<OscMessage>(messages.front()) == gain_message);
    (*wire)->close();
    (*wire)->close();
    CHECK_FALSE((*wire)->send(gain_message));
    REQUIRE((*wire)->open([](const Arrival&) { return true; }));
}

TEST_CASE("datagrams from anyone but the host are counted and dropped") {
    Inbox<Arrival> inbox;
    Peer host, stranger;
    auto wire = OscWire::to("127.0.0.1", host.port());
    REQUIRE((*wire)->open([&](Arrival arrival) { return inbox.push(std::move(arrival)); }));
    stranger.send({"/strip/gain", {std::int32_t{1}, 0.0F}}, (*wire)->local_port());
    host.send(gain_message, (*wire)->local_port());
    std::vector<Arrival> arrived;
    REQUIRE(inbox.take(arrived, Clock::now() + 5s));
    REQUIRE(arrived.size() == 1); // the stranger's came first on the same socket
    CHECK(decode_osc(arrived.front().bytes)->front() == gain_message);
    CHECK((*wire)->strangers() == 1);
}

#ifdef __linux__
TEST_CASE("what the system drops because we are slow is counted with the next arrival") {
    std::latch slow{1};
    Inbox<Arrival> inbox;
    Peer host;
    auto wire = OscWire::to("127.0.0.1", host.port());
    REQUIRE((*wire)->open([&](Arrival arrival) {
        slow.wait();
        return inbox.push(std::move(arrival));
    }));
    const OscMessage large{"/large", {std::string(8000, 'x')}};
    const auto buffer = static_cast<std::size_t>((*wire)->receive_buffer());
    const std::size_t sent = 4 * buffer / 8000; // twice what Linux may take in
    for (std::size_t i = 0; i < sent; ++i) host.send(large, (*wire)->local_port());
    slow.count_down();
    std::vector<Arrival> arrived;
    std::size_t lost = 0;
    for (std::size_t i = 0; lost == 0 && i < sent; ++i) {
        host.send(gain_message, (*wire)->local_port()); // the loss shows with what came after it
        REQUIRE(inbox.take(arrived, Clock::now() + 5s));
        REQUIRE_FALSE(arrived.empty());
        for (const Arrival& arrival : arrived) lost += arrival.lost_before;
    }
    CHECK(lost > sent / 4);
    CHECK(lost < sent);
}
#endif

TEST_CASE("a host that is not there is no error, and is heard once it is back") {
    std::uint16_t port = 0;
    {
        Peer gone;
        port = gone.port();
    }
    auto wire = OscWire::to("127.0.0.1", port);
    REQUIRE((*wire)->open([](const Arrival&) { return true; }));
    for (int i = 0; i < 5; ++i) CHECK((*wire)->send(gain_message));
}

TEST_CASE("only loopback is spoken to") {
    CHECK(OscWire::to("127.3.2.1", 3819));
    CHECK(OscWire::to("192.168.1.4", 3819).error().code == ErrorCode::refused);
    CHECK(OscWire::to("0.0.0.0", 3819).error().code == ErrorCode::refused);
    CHECK(OscWire::to("example.org", 3819).error().code == ErrorCode::invalid);
    CHECK_FALSE(OscWire::to("127.0.0.1", 0));
}

TEST_CASE("a wire paced by the clock delivers and can be closed before its end") {
    Inbox<Arrival> inbox;
    Transcript transcript{{0.0, WireDirection::in, gain_message},
                          {3600.0, WireDirection::in, gain_message}};
    ReplayWire wire(transcript, ReplayWire::Pace::clock);
    REQUIRE(wire.open([&](Arrival arrival) { return inbox.push(std::move(arrival)); }));
    std::vector<Arrival> arrived;
    REQUIRE(inbox.take(arrived, Clock::now() + 5s));
    CHECK(arrived.size() == 1);
    wire.close();
    CHECK_FALSE(wire.finished());
}
