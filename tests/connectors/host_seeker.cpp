#include "connectors/registry.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"
#include "tests/support/udp_peer.h"

#include <fstream>
#include <thread>

using namespace prefade;
using test::Peer;

namespace {

const OscMessage hello{"/set_surface", {}}, answer{"/set_surface", {std::int32_t{0}}},
    goodbye{"/set_surface/feedback", {std::int32_t{0}}};

std::string address(const Peer& peer) { return "127.0.0.1:" + std::to_string(peer.port()); }

/// A host "some" that may be at either port.
struct Profile {
    Profile(const Peer& first, const Peer& second) {
        std::ofstream(folder.path() / "some.toml")
            << "title = \"Some\"\ndialect = \"ardour\"\nports = [" << first.port() << ", "
            << second.port() << "]\n";
    }
    const test::OwnFolder folder;
};

/// Answers a hello, and keeps what came with it.
struct Answering {
    explicit Answering(Peer& host)
        : thread([&] {
              first = host.receive();
              asker = host.last_sender();
              host.send(answer, asker);
              last = host.receive();
          }) {}
    OscMessage first, last;
    std::uint16_t asker{0};
    std::jthread thread;
};

} // namespace

TEST_CASE("a host that answers is found, one that is silent is not, and all are let go") {
    Peer host, silent;
    const Profile profile(silent, host);
    Answering answering(host);
    const auto found = find_hosts(profile.folder.path());
    answering.thread.join();
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    CHECK(found->front().name == "some");
    CHECK(found->front().address == address(host));
    CHECK(answering.first == hello);
    CHECK(answering.last == goodbye);
    CHECK(silent.receive() == hello);
    CHECK(silent.receive() == goodbye); // its answer may come too late to be heard
}

TEST_CASE("a seeker asks out of one socket, round after round") {
    Peer host, silent;
    const Profile profile(silent, host);
    HostSeeker seeker(profile.folder.path());
    std::vector<std::uint16_t> askers;
    for (int round = 0; round < 3; ++round) {
        Answering answering(host);
        CHECK(seeker.look()->size() == 1);
        answering.thread.join();
        askers.push_back(answering.asker);
        host.send(answer, answering.asker); // late news, no answer to the next round
    }
    CHECK(askers == std::vector(3, askers.front()));
    CHECK(seeker.look({}, std::chrono::milliseconds(20))->empty());
}

TEST_CASE("who was silent is asked to answer to us, who answers is left as it is") {
    Peer host, silent;
    const Profile profile(silent, host);
    HostSeeker seeker(profile.folder.path());
    for (int round = 0; round < 2; ++round) {
        Answering answering(host);
        CHECK(seeker.look()->size() == 1);
        answering.thread.join();
        CHECK(answering.first == hello);
        if (round > 0)
            CHECK(silent.receive() == OscMessage{"/set_surface/port", {std::int32_t{0}}});
        CHECK(silent.receive() == hello);
        CHECK(silent.receive() == goodbye);
    }
}

TEST_CASE("a connected address is found without being asked") {
    Peer host, silent;
    const Profile profile(silent, host);
    HostSeeker seeker(profile.folder.path());
    const auto found = seeker.look(address(host), std::chrono::milliseconds(20));
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    CHECK(found->front().address == address(host));
    CHECK(silent.receive() == hello);
    const OscMessage first{"/first", {}};
    silent.send(first, host.port());
    CHECK(host.receive() == first);
}

TEST_CASE("a host opened without an address is opened where it answers, else at its first port") {
    Peer host, silent;
    const Profile profile(silent, host);
    CHECK(open_host("some", "", profile.folder.path())->address == address(silent));
    CHECK(host.receive() == hello);
    CHECK(host.receive() == goodbye);
    Answering answering(host);
    CHECK(open_host("some", "", profile.folder.path())->address == address(host));
    answering.thread.join();
    CHECK(answering.last == goodbye);
}
