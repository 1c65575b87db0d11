// The wire of calls on the server written from the facts, alone and with its dialect.
#include "connectors/ptsl/wire.h"

#include "connectors/ptsl/dialect.h"
#include "core/session.h"
#include "tests/support/catch.h"
#include "tests/support/ptsl_server.h"

#include <condition_variable>
#include <deque>
#include <mutex>

using namespace prefade;
using namespace prefade::test;
using Catch::Matchers::Contains;
using ptsl::Command;
using End = CallMessage::End;

namespace {

/// What the wire's thread handed on, for the test's own.
class Arrivals {
public:
    Receiver receiver() {
        return [this](Arrival arrival) {
            {
                const std::lock_guard lock(mutex_);
                waiting_.push_back(std::move(arrival));
            }
            came_.notify_all();
            return true;
        };
    }
    std::optional<Arrival> next(TimePoint until) {
        std::unique_lock lock(mutex_);
        if (!came_.wait_until(lock, until, [&] { return !waiting_.empty(); })) return std::nullopt;
        Arrival first = std::move(waiting_.front());
        waiting_.pop_front();
        return first;
    }

private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<Arrival> waiting_;
};

CallMessage question(std::uint32_t number, const std::string& command,
                     const std::string& body = "") {
    CallMessage call;
    call.number = number;
    call.command = command;
    call.body = body;
    return call;
}

CallMessage answer_of(const ptsl::Wire& wire, Arrivals& arrivals) {
    const auto arrival = arrivals.next(Clock::now() + std::chrono::seconds(20));
    REQUIRE(arrival);
    std::vector<WireMessage> messages;
    REQUIRE(wire.decode(*arrival, messages));
    REQUIRE(messages.size() == 1);
    return std::get<CallMessage>(messages.front());
}

/// Wire and dialect as the daemon joins them.
class JoinedHost {
public:
    explicit JoinedHost(std::uint16_t port)
        : wire({port, std::chrono::seconds(20)}),
          dialect(profile(), "127.0.0.1:" + std::to_string(port)) {
        REQUIRE(wire.open(arrivals.receiver()));
    }
    static HostProfile profile() {
        HostProfile made;
        made.name = "protools-sdk";
        made.title = "Pro Tools";
        return made;
    }
    bool run_until(const std::function<bool()>& holds) {
        const TimePoint limit = Clock::now() + std::chrono::seconds(20);
        while (!holds() && Clock::now() < limit) {
            DialectOutput out;
            const TimePoint due = dialect.tick(Clock::now(), out);
            carry(out);
            if (const auto arrival = arrivals.next(std::min(due, limit))) {
                std::vector<WireMessage> messages;
                REQUIRE(wire.decode(*arrival, messages));
                for (const WireMessage& message : messages)
                    dialect.receive(message, Clock::now(), out);
                carry(out);
            }
        }
        return holds();
    }

    Session session;
    Arrivals arrivals;
    ptsl::Wire wire;
    ptsl::Dialect dialect;

private:
    void carry(DialectOutput& out) {
        for (const Observation& each : out.observed) apply(session, each);
        for (const WireMessage& message : out.to_send) REQUIRE(wire.send(message));
        out = {};
    }
};

} // namespace

TEST_CASE("questions on the wire are answered in their order, each with its number") {
    PtslServer server;
    Arrivals arrivals;
    ptsl::Wire wire({server.port(), std::chrono::seconds(20)});
    CHECK(wire.send(question(1, "GetPTSLVersion")).error().code == ErrorCode::unavailable);
    REQUIRE(wire.open(arrivals.receiver()));
    CHECK(wire.open(arrivals.receiver()).error().code == ErrorCode::internal);
    REQUIRE(wire.send(question(7, "GetSessionName")));
    REQUIRE(wire.send(question(8, "GetTransportState")));
    REQUIRE(wire.send(question(9, "MakeCoffee")));
    const CallMessage name = answer_of(wire, arrivals);
    CHECK((name.number == 7 && name.end == End::answered));
    CHECK_THAT(name.body, Contains("Ballad"));
    CHECK(answer_of(wire, arrivals).number == 8);
    CHECK(answer_of(wire, arrivals).end == End::unsupported);
    server.close_session();
    REQUIRE(wire.send(question(10, "GetSessionName")));
    const CallMessage closed = answer_of(wire, arrivals);
    CHECK((closed.end == End::failed && closed.code == 106));
    CHECK(wire.send(OscMessage{"/x", {}}).error().code == ErrorCode::internal);
}

TEST_CASE("a host that is not there is away, and answers once it is there") {
    std::uint16_t port = 0;
    {
        PtslServer gone;
        port = gone.port();
    }
    Arrivals arrivals;
    ptsl::Wire wire({port, std::chrono::seconds(20)});
    REQUIRE(wire.open(arrivals.receiver()));
    REQUIRE(wire.send(question(1, "GetPTSLVersion")));
    const CallMessage away = answer_of(wire, arrivals);
    CHECK(away.end == End::away);
    CHECK_THAT(away.why, Contains("not running"));
    PtslServer server(ptsl::newest_known, port);
    REQUIRE(wire.send(question(2, "GetPTSLVersion")));
    CHECK(answer_of(wire, arrivals).end == End::answered);
    server.die();
    REQUIRE(wire.send(question(3, "GetPTSLVersion")));
    CHECK(answer_of(wire, arrivals).end == End::away);
}

TEST_CASE("a host that forgot us is away, so that we register anew") {
    PtslServer server;
    Arrivals arrivals;
    ptsl::Wire wire({server.port(), std::chrono::seconds(20)});
    REQUIRE(wire.open(arrivals.receiver()));
    server.answer(Command::get_transport_state,
                  [](const Json&) { return PtslServer::failed(403); });
    REQUIRE(wire.send(question(1, "GetTransportState")));
    CHECK(answer_of(wire, arrivals).end == End::away);
    server.answer(Command::get_transport_state, {});
    REQUIRE(wire.send(question(2, "GetTransportState")));
    CHECK(answer_of(wire, arrivals).end == End::answered);
    CHECK(server.count(Command::register_connection) == 2);
}

TEST_CASE("closing the wire does not wait for a host that hangs") {
    PtslServer server;
    Arrivals arrivals;
    ptsl::Wire wire({server.port(), std::chrono::seconds(60)});
    REQUIRE(wire.open(arrivals.receiver()));
    server.hang(Command::get_track_list);
    REQUIRE(wire.send(question(1, "GetTrackList")));
    REQUIRE(server.wait_for_hanging());
    std::size_t taken = 0;
    while (taken < 100 && wire.send(question(2, "GetTransportState"))) ++taken;
    CHECK(taken == 64);
    const TimePoint before = Clock::now();
    wire.close();
    CHECK(Clock::now() - before < std::chrono::seconds(10));
    REQUIRE(wire.open(arrivals.receiver())); // and it opens again
    REQUIRE(wire.send(question(3, "GetTransportState")));
    CHECK(answer_of(wire, arrivals).number == 3);
}

TEST_CASE("who waits for an event keeps nobody else waiting, and none is an empty answer") {
    PtslServer server;
    server.set_tracks({{"{v}", "Vox"}});
    Arrivals arrivals;
    ptsl::Wire wire({server.port(), std::chrono::seconds(20), std::chrono::milliseconds(300)});
    REQUIRE(wire.open(arrivals.receiver()));
    REQUIRE(wire.send(question(1, "SubscribeToEvents",
                               ptsl::events_request({{ptsl::EventKind::mute_changed, "{v}"}}))));
    CHECK(answer_of(wire, arrivals).number == 1);
    REQUIRE(wire.send(question(2, "PollEvents")));
    REQUIRE(wire.send(question(3, "GetSessionName")));
    CHECK(answer_of(wire, arrivals).number == 3);
    const CallMessage none = answer_of(wire, arrivals);
    CHECK((none.number == 2 && none.end == End::answered && none.body.empty()));
    REQUIRE(server.wait_until_nobody_polls());

    server.mute_by_hand("{v}", true);
    REQUIRE(wire.send(question(4, "PollEvents")));
    const CallMessage event = answer_of(wire, arrivals);
    CHECK((event.number == 4 && event.end == End::answered));
    CHECK_THAT(event.body, Contains("{v}"));
    CHECK(server.count(Command::register_connection) == 2);

    REQUIRE(wire.send(question(5, "PollEvents")));
    server.die();
    CHECK(answer_of(wire, arrivals).end == End::away);
}

TEST_CASE("wire and dialect read a session, follow it, lose the host and find it again") {
    PtslServer server;
    server.set_tracks({{"{k}", "Kick In", "TType_Audio", true}, {"{v}", "Lead Vox — Dbl", 2}});
    server.set_memory_locations(
        {{{"number", 1}, {"name", "Verse"}, {"start_time", "01:00:10:00"}}});
    JoinedHost host(server.port());
    REQUIRE(host.run_until([&] {
        return host.session.strips.size() == 2 && !host.session.markers.empty()
               && host.session.transport.rolling.is_known();
    }));
    CHECK(host.session.host.session_name == "Ballad");
    CHECK(host.session.strips[1].name == "Lead Vox — Dbl");
    CHECK(host.session.strips[0].mute.value == true);
    CHECK(host.session.markers[0].seconds == 10.0);
    const StripId vox = host.session.strips[1].id;

    server.mute_by_hand("{v}", true);
    CHECK(host.run_until([&] { return host.session.strips[1].mute.value == true; }));
    server.set_transport("TState_TransportPlaying");
    CHECK(host.run_until([&] { return host.session.transport.rolling.value == true; }));

    server.die();
    CHECK(host.run_until([&] { return host.session.host.state == HostState::lost; }));
    PtslServer again(ptsl::newest_known, server.port());
    again.set_tracks({{"{v}", "Lead Vox — Dbl", 2}});
    REQUIRE(host.run_until([&] {
        return host.session.host.state == HostState::connected && host.session.strips.size() == 1;
    }));
    CHECK(host.session.strips[0].id == vox);
    host.wire.close();
}
