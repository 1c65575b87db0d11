// What the daemon's sockets let in and out: nothing but loopback, nothing but the host, and nothing that a
// host might say wrong does harm.
#include "tests/support/network.h"
#include "connectors/osc_codec.h"
#include "tests/e2e/studio.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"
#include "tests/support/osc_relay.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>
#include <set>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace prefade;
using namespace prefade::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(const OscMessage& message) { return encode_osc(message).value(); }

/// Every socket the daemon held at some moment of `span`; it looks for other hosts every 2 s.
std::vector<HeldSocket> sockets_over(Process& daemon, Seconds span) {
    std::vector<HeldSocket> all;
    const auto end = std::chrono::steady_clock::now() + span;
    eventually(span + Seconds(1), [&] {
        for (const HeldSocket& one : sockets_of(daemon.pid()))
            if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
        return std::chrono::steady_clock::now() >= end;
    });
    return all;
}

void check_sockets(Studio& s) {
    const auto held = sockets_over(s.prefaded.process(), Seconds(5));
    std::map<std::string, int> kinds;
    for (const HeldSocket& one : held) {
        INFO(one.text());
        CHECK(one.is_local());
        ++kinds[one.kind];
    }
    CHECK(kinds["udp"] >= 2); // towards the host, and looking for others
    CHECK(std::any_of(held.begin(), held.end(), [&](const HeldSocket& one) {
        return one.kind == "unix" && one.address == s.prefaded.socket();
    }));
    figure("sockets the daemon held within 5 s: " + std::to_string(kinds["udp"])
           + " UDP on loopback, " + std::to_string(kinds["unix"]) + " local, "
           + std::to_string(held.size() - static_cast<std::size_t>(kinds["udp"] + kinds["unix"]))
           + " others");
}

/// Sends a datagram to an address no machine has.
void try_to_leave() {
    const int own = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(9);
    inet_pton(AF_INET, "192.0.2.1", &to.sin_addr); // RFC 5737, TEST-NET-1
    sendto(own, "", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    close(own);
}

/// A daemon that knows Ardour only through a relay.
struct Relayed {
    ArdourRig ardour;
    ArdourWitness witness{ardour.port()};
    OscRelay relay{ardour.port()};
    PrefadedRig prefaded{
        {ardour.folder() / "prefade", "ardour=127.0.0.1:" + std::to_string(relay.port()), {}, {}}};

    Json traffic() { return prefaded.rpc().call("status")["traffic"]; }
    /// All that a lie could have changed, without ages.
    Json state() {
        Json strips = prefaded.rpc().call("strips")["strips"], all;
        for (const Json& strip : strips)
            for (const char* key : {"id", "name", "kind", "fader_db", "trim_db", "pan", "mute",
                                    "solo", "hidden", "automation"})
                all[strip["name"].get<std::string>()][key] = strip[key];
        return all;
    }
    /// Once the daemon has counted so many malformed datagrams more than `before`.
    bool counted(const Json& before, std::uint64_t malformed) {
        return eventually(Seconds(15), [&] {
            return traffic()["malformed"].get<std::uint64_t>()
                   >= before["malformed"].get<std::uint64_t>() + malformed;
        });
    }
};

/// What would do harm if it were believed.
std::vector<Bytes> lies() {
    const std::int32_t bass = 4;
    return {bytes_of({"/strip/gain", {bass, -60.0F}}),
            bytes_of({"/strip/mute", {bass, std::int32_t{1}}}),
            bytes_of({"/strip/name", {bass, std::string("Master")}}),
            bytes_of({"/strip",
                      {bass, std::string("MA"), std::string("Master"), std::int32_t{2},
                       std::int32_t{2}, std::int32_t{0}, std::int32_t{0}, std::int32_t{0}}}),
            bytes_of({"/session_name", {std::string("another")}}),
            bytes_of({"/strip/list", {}}),
            bytes_of({"/transport_play", {std::int32_t{1}}})};
}

/// Every datagram here is no OSC message, or holds what is no number.
std::vector<Bytes> torn() {
    const Bytes whole = bytes_of({"/strip/gain", {std::int32_t{4}, -60.0F}});
    std::vector<Bytes> all;
    for (std::size_t size = 1; size < whole.size(); ++size)
        all.emplace_back(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    all.emplace_back(65507, std::uint8_t{'x'}); // the largest a datagram can be
    all.emplace_back(65504, std::uint8_t{0});
    Bytes no_number = whole;
    const Bytes nan = {0x7f, 0xc0, 0, 0};
    std::copy(nan.begin(), nan.end(), no_number.end() - 4);
    all.push_back(no_number);
    Bytes bundle = {'#', 'b', 'u', 'n', 'd', 'l', 'e',  0,    0,    0,
                    0,   0,   0,   0,   0,   1,   0x7f, 0xff, 0xff, 0xfc};
    all.push_back(bundle); // an element larger than the datagram
    return all;
}

} // namespace

TEST_CASE("in a network of nothing but loopback all works, and nothing tries to leave") {
    const EmptyNetwork network;
    if (!network.problem().empty()) {
        figure("empty network namespace: not tested, " + network.problem());
        return;
    }
    Studio s;
    const Departed before = departed();
    s.witness.play();
    const Json moved = s.rpc().set("Guitar L", "fader", "-11dB");
    INFO(moved.dump());
    CHECK(moved["outcome"] == "confirmed");
    CHECK(s.reported_fader("Guitar L") == Approx(-11.0).margin(0.01));
    REQUIRE(s.rpc().wait_snapshot(
        Seconds(15), [](const Json& snapshot) { return !snapshot["advice"].empty(); }));
    check_sockets(s);
    CHECK(s.rpc().undo(moved["id"].get<std::uint64_t>())["outcome"] == "confirmed");
    const Departed after = departed();
    figure("empty network namespace: " + std::to_string(after.sent) + " bytes sent and "
           + std::to_string(after.no_route - before.no_route)
           + " packets without a way, to anything but loopback");
    CHECK(after.sent == 0);
    CHECK(after.no_route == before.no_route);
    try_to_leave();
    CHECK(departed().no_route == after.no_route + 1); // it would have been seen
}

TEST_CASE("no socket of the daemon is open to other machines") {
    Studio s;
    check_sockets(s);
    const int open_to_all = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    REQUIRE(bind(open_to_all, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0);
    const auto ours = sockets_of(getpid());
    CHECK_FALSE(std::all_of(ours.begin(), ours.end(), [](const HeldSocket& one) {
        return one.is_local();
    })); // it would be seen
    close(open_to_all);
}

TEST_CASE(
    "what anyone but the host sends is not heard, and what the host says wrong changes nothing") {
    Relayed s;
    auto& rpc = s.prefaded.rpc();
    const Json state = s.state();
    const auto reported = s.witness.by_name();
    const Json quiet = s.traffic();
    const std::uint16_t daemon = s.relay.daemon();

    for (int round = 0; round < 3000; ++round)
        for (const Bytes& lie : lies()) REQUIRE(send_as_stranger(daemon, lie));
    for (int round = 0; round < 50; ++round)
        for (const Bytes& piece : torn()) REQUIRE(send_as_stranger(daemon, piece));
    CHECK(rpc.set("Guitar L", "fader", "-11dB")["outcome"] == "confirmed");
    CHECK(rpc.undo(1)["outcome"] == "confirmed");
    CHECK(s.state() == state);
    CHECK(s.traffic()["malformed"] == quiet["malformed"]);
    // Ardour's own few hundred a second, and none of the 21,000
    CHECK(s.traffic()["received"].get<int>() - quiet["received"].get<int>() < 10'000);

    int said = 0;
    for (const Bytes& piece : torn()) said += s.relay.say(piece);
    CHECK(said == static_cast<int>(torn().size()));
    CHECK(s.counted(quiet, static_cast<std::uint64_t>(said)));
    for (const OscMessage& nonsense :
         std::vector<OscMessage>{{"/strip/gain", {std::int32_t{4}, 1e30F}},
                                 {"/strip/gain", {std::int32_t{999'999}, -6.0F}},
                                 {"/strip/gain", {std::int32_t{-1}, -6.0F}},
                                 {"/strip/gain", {std::string("4"), -6.0F}},
                                 {"/strip/gain", {}},
                                 {"/strip/mute", {std::int32_t{4}, std::int32_t{77}}},
                                 {"/strip/name", {std::int32_t{4}, std::int32_t{4}}},
                                 {"/position/time", {std::string("never")}},
                                 {"/strip/plugin/list", {std::int32_t{4}, std::int32_t{1}}},
                                 {"/no/such/thing", {std::string(5000, 'x')}}})
        CHECK(s.relay.say(bytes_of(nonsense)));
    CHECK(rpc.set("Guitar L", "fader", "-12dB")["outcome"] == "confirmed");
    CHECK(rpc.undo(3)["outcome"] == "confirmed");
    CHECK(eventually(Seconds(10), [&] { return s.state() == state; }));
    CHECK(joined(differences(reported, s.witness.by_name())) == "");
    CHECK(s.prefaded.process().running());
}

TEST_CASE("a flood from the host and from others is survived, and everything is right afterwards") {
    Relayed s;
    auto& rpc = s.prefaded.rpc();
    const auto reported = s.witness.by_name();
    std::mt19937 random(20240607);
    std::uniform_int_distribution<int> byte(0, 255), size(0, 300);
    const Bytes meter = bytes_of({"/strip/meter", {std::int32_t{5}, -20.0F}});
    constexpr int datagrams = 60'000;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < datagrams; ++i) {
        Bytes noise(static_cast<std::size_t>(size(random)));
        for (std::uint8_t& one : noise) one = static_cast<std::uint8_t>(byte(random));
        s.relay.say(i % 3 == 0 ? noise : meter);
        if (i % 100 == 0) send_as_stranger(s.relay.daemon(), noise);
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto file = read_session_file(s.ardour.session_file());
    std::string found;
    CHECK(eventually(Seconds(30), [&] {
        found = joined(differences(rpc.call("strips", {{"parameters", true}})["strips"], file));
        return found.empty();
    }));
    CHECK(found == "");
    const Json moved = rpc.set("Guitar L", "fader", "-11dB");
    INFO(moved.dump());
    CHECK(moved["outcome"] == "confirmed");
    CHECK(rpc.undo(moved["id"].get<std::uint64_t>())["outcome"] == "confirmed");
    CHECK(joined(differences(reported, s.witness.by_name())) == "");
    CHECK(s.prefaded.process().running());
    const Json traffic = s.traffic();
    figure("a flood of " + std::to_string(datagrams) + " datagrams at "
           + text_of(datagrams / seconds, 0) + " a second: " + traffic["received"].dump()
           + " received, " + traffic["malformed"].dump() + " malformed, "
           + traffic["dropped"].dump() + " dropped by the full inbox");
    CHECK(traffic["malformed"].get<int>() > 0);
}
