// Real RtMidi ports on a real JACK server with its dummy driver.
#include "connectors/midi_wire.h"
#include "tests/support/catch.h"
#include "tests/support/jack_server.h"

#include <RtMidi.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <numeric>

using namespace prefade;
using namespace prefade::test;
using Catch::Matchers::Contains;

namespace {

/// What the wire's thread handed on.
class Heard {
public:
    Receiver receiver() {
        return [this](Arrival arrival) {
            const std::lock_guard lock(mutex_);
            arrivals_.push_back(std::move(arrival));
            return true;
        };
    }
    std::vector<Arrival> wait(std::size_t count) {
        eventually(Seconds(5), [&] { return all().size() >= count; });
        return all();
    }
    std::vector<Arrival> all() {
        const std::lock_guard lock(mutex_);
        return arrivals_;
    }

private:
    std::mutex mutex_;
    std::vector<Arrival> arrivals_;
};

/// A host's pair of ports, connected to those of one unit.
struct PortsOfHost {
    PortsOfHost(const JackServer& jack, const std::string& unit)
        : in(RtMidi::UNIX_JACK, "host of " + unit + " in"),
          out(RtMidi::UNIX_JACK, "host of " + unit + " out") {
        in.ignoreTypes(false, false, false);
        in.openVirtualPort("port");
        out.openVirtualPort("port");
        jack.connect("host of " + unit + " out:port", unit + " in:" + unit);
        jack.connect(unit + " out:" + unit, "host of " + unit + " in:port");
    }
    std::vector<unsigned char> next() {
        std::vector<unsigned char> bytes;
        eventually(Seconds(5), [&] {
            in.getMessage(&bytes);
            return !bytes.empty();
        });
        return bytes;
    }
    void say(std::vector<unsigned char> bytes) { out.sendMessage(&bytes); }

    RtMidiIn in;
    RtMidiOut out;
};

std::vector<std::uint8_t> system_exclusive(std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    for (std::uint8_t& byte : bytes) byte &= 0x7F;
    bytes.front() = 0xF0;
    bytes.back() = 0xF7;
    return bytes;
}

MidiWire::Setup on_jack(std::size_t units) { return {units, MidiWire::System::jack, "Prefade"}; }

} // namespace

TEST_CASE("a surface has a pair of ports for each unit, of the same names at every start") {
    const JackServer jack;
    for (int start = 0; start < 2; ++start) {
        Heard heard;
        MidiWire wire(on_jack(3));
        REQUIRE(wire.open(heard.receiver()));
        CHECK(wire.describe() == "JACK ports Prefade 1 .. 3");
        const auto ports = jack.ports();
        for (const char* port :
             {"Prefade 1 in:Prefade 1", "Prefade 1 out:Prefade 1", "Prefade 2 in:Prefade 2",
              "Prefade 2 out:Prefade 2", "Prefade 3 in:Prefade 3", "Prefade 3 out:Prefade 3"}) {
            CAPTURE(port);
            CHECK(std::count(ports.begin(), ports.end(), port) == 1);
        }
        wire.close();
        CHECK(jack.ports().size() < ports.size());
    }
}

TEST_CASE("messages go both ways whole, each through the ports of its unit") {
    const JackServer jack;
    Heard heard;
    MidiWire wire(on_jack(2));
    REQUIRE(wire.open(heard.receiver()));
    PortsOfHost first(jack, "Prefade 1"), second(jack, "Prefade 2");
    const auto text = system_exclusive(120);

    const TimePoint before = Clock::now();
    first.say(text);
    second.say({0x90, 0x10, 0x7F});
    const auto arrivals = heard.wait(2);
    REQUIRE(arrivals.size() == 2);
    for (const Arrival& arrival : arrivals) {
        std::vector<WireMessage> messages;
        REQUIRE(wire.decode(arrival, messages));
        CHECK(std::get<MidiMessage>(messages.at(0))
              == (arrival.port == 0 ? MidiMessage{text, 0} : MidiMessage{{0x90, 0x10, 0x7F}, 1}));
        CHECK((arrival.at > before && arrival.at < Clock::now()));
        CHECK(arrival.lost_before == 0);
    }
    CHECK(arrivals[0].port != arrivals[1].port);

    REQUIRE(wire.send(MidiMessage{{0x90, 0x68, 0x7F}, 1}));
    REQUIRE(wire.send(MidiMessage{text, 0}));
    CHECK(second.next() == std::vector<unsigned char>{0x90, 0x68, 0x7F});
    CHECK(first.next() == std::vector<unsigned char>(text.begin(), text.end()));
}

TEST_CASE("a JACK server that dies is told when something is to be sent, and nothing hangs") {
    JackServer jack;
    Heard heard;
    MidiWire wire(on_jack(1));
    REQUIRE(wire.open(heard.receiver()));
    jack.kill();
    Result<void> sent;
    // RtMidi itself would wait for ever once its 16 KB are full.
    REQUIRE(eventually(Seconds(5), [&] {
        sent = wire.send(MidiMessage{system_exclusive(120), 0});
        return !sent;
    }));
    CHECK(sent.error().code == ErrorCode::unavailable);
    CHECK_THAT(sent.error().message, Contains("JACK server has ended"));
    wire.close();
    CHECK(wire.send(MidiMessage{{0x90, 1, 1}, 0}).error().code == ErrorCode::unavailable);
}

TEST_CASE("where there is nothing to make ports with, the error says what to do") {
    Heard heard;
    ::setenv("JACK_DEFAULT_SERVER", "prefade.none", 1);
    ::setenv("JACK_NO_START_SERVER", "1", 1);
    MidiWire on(on_jack(1));
    const auto opened = on.open(heard.receiver());
    REQUIRE_FALSE(opened);
    CHECK_THAT(opened.error().message, Contains("no JACK server runs") && Contains("start JACK"));
    MidiWire usual({1, MidiWire::System::usual, "Prefade"});
    const auto without = usual.open(heard.receiver());
    if (std::filesystem::exists("/dev/snd/seq"))
        CHECK(without);
    else
        CHECK_THAT(without.error().message, Contains("ALSA") && Contains("modprobe snd-seq"));
    ::unsetenv("JACK_DEFAULT_SERVER");
}

TEST_CASE("what is no message for a unit of the surface is refused in words") {
    const JackServer jack;
    Heard heard;
    for (const std::size_t units : {std::size_t{0}, std::size_t{9}})
        CHECK(MidiWire(on_jack(units)).open(heard.receiver()).error().code == ErrorCode::invalid);
    MidiWire wire(on_jack(1));
    CHECK(wire.send(MidiMessage{{0x90, 1, 1}, 0}).error().code == ErrorCode::unavailable);
    REQUIRE(wire.open(heard.receiver()));
    CHECK(wire.open(heard.receiver()).error().code == ErrorCode::internal);
    CHECK(wire.send(MidiMessage{{0x90, 1, 1}, 1}).error().code == ErrorCode::internal);
    CHECK(wire.send(OscMessage{"/strip", {}}).error().code == ErrorCode::internal);
    std::vector<WireMessage> messages;
    for (const std::vector<std::uint8_t>& bytes : {std::vector<std::uint8_t>{}, {0x40, 0x01}}) {
        CHECK_FALSE(wire.decode({{}, bytes}, messages));
        CHECK(messages.empty());
    }
}
