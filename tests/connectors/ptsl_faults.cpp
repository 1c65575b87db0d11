// The client at a host that refuses, hangs, dies, lacks commands or talks nonsense.
#include "tests/connectors/ptsl_connected.h"
#include "tests/support/network.h"
#include "tests/support/process.h"

#include <future>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace prefade;
using namespace prefade::test;
using Catch::Matchers::Contains;
using ptsl::Client;
using ptsl::Command;

namespace {

/// A listening socket that takes connections and never says a word.
class SilentPort {
public:
    SilentPort() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in local{};
        local.sin_family = AF_INET;
        local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof local;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&local), size) == 0);
        REQUIRE(::listen(socket_, 4) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&local), &size) == 0);
        port = ntohs(local.sin_port);
    }
    ~SilentPort() { ::close(socket_); }
    SilentPort(const SilentPort&) = delete;
    SilentPort& operator=(const SilentPort&) = delete;
    std::uint16_t port{0};

private:
    int socket_;
};

} // namespace

TEST_CASE("every error of the host is told in words with its number") {
    struct Case {
        int code;
        ErrorCode kind;
        const char* words;
    };
    const Case cases[] = {
        {0, ErrorCode::io, "write"},
        {1, ErrorCode::io, "system"},
        {2, ErrorCode::io, "location"},
        {3, ErrorCode::io, "no session was found"},
        {4, ErrorCode::io, "path"},
        {5, ErrorCode::io, "read"},
        {6, ErrorCode::io, "disk is full"},
        {7, ErrorCode::io, "of that name"},
        {8, ErrorCode::io, "characters"},
        {9, ErrorCode::io, "too long"},
        {10, ErrorCode::unavailable, "not available"},
        {11, ErrorCode::io, "no such file"},
        {100, ErrorCode::unavailable, "does not name"},
        {105, ErrorCode::not_found, "no tracks"},
        {106, ErrorCode::unavailable, "no session is open"},
        {107, ErrorCode::not_found, "no such track"},
        {108, ErrorCode::not_found, "no clips"},
        {109, ErrorCode::not_found, "nothing is selected"},
        {111, ErrorCode::not_found, "preset"},
        {122, ErrorCode::internal, "task"},
        {123, ErrorCode::not_found, "no such file"},
        {124, ErrorCode::invalid, "selection"},
        {125, ErrorCode::refused, "only be read"},
        {126, ErrorCode::invalid, "does not accept"},
        {127, ErrorCode::refused, "forbidden"},
        {129, ErrorCode::invalid, "out of range"},
        {130, ErrorCode::unsupported, "tracks of this type"},
        {133, ErrorCode::unsupported, "does not have it"},
        {134, ErrorCode::unavailable, "not ready"},
        {135, ErrorCode::refused, "cannot be done"},
        {136, ErrorCode::invalid, "too long"},
        {137, ErrorCode::unavailable, "too long"},
        {138, ErrorCode::unavailable, "busy"},
        {139, ErrorCode::unsupported, "outdated"},
        {140, ErrorCode::unsupported, "outdated"},
        {141, ErrorCode::unsupported, "renderer"},
        {200, ErrorCode::unavailable, "informs"},
        {401, ErrorCode::unsupported, "another version"},
        {402, ErrorCode::unsupported, "not made"},
        {403, ErrorCode::unavailable, "connect again"},
        {501, ErrorCode::unavailable, "gRPC"},
        {777, ErrorCode::unavailable, "not known here"},
    };
    PtslServer server;
    for (const Case& each : cases) {
        CAPTURE(each.code);
        server.answer(Command::get_transport_state, [&](const Json&) {
            return PtslServer::failed(each.code, "in the host's own words");
        });
        const auto state = connected(server).transport();
        REQUIRE_FALSE(state);
        CHECK(state.error().code == each.kind);
        CHECK_THAT(state.error().message, Contains(each.words) && Contains("GetTransportState")
                                              && Contains(std::to_string(each.code))
                                              && Contains("own words"));
    }
}

TEST_CASE("an answer that is not the end of a command is an error that says what is the matter") {
    PtslServer server;
    Client client = connected(server);
    const std::pair<int, const char*> cases[] = {{0, "not finished"},
                                                 {1, "not finished"},
                                                 {2, "not finished"},
                                                 {5, "dialog"},
                                                 {6, "could not say so"},
                                                 {7, "could not say why"},
                                                 {23, "state that is not known"}};
    for (const auto& each : cases) {
        const int status = each.first;
        server.answer(Command::get_transport_state, [status](const Json&) -> PtslServer::Answer {
            return {status, "{}", "{}"};
        });
        const auto state = client.transport();
        REQUIRE_FALSE(state);
        CHECK_THAT(state.error().message, Contains(each.second));
    }
}

TEST_CASE("a host that hangs costs no more than the deadline, and the next call is answered") {
    PtslServer server;
    server.set_tracks(band());
    const Duration deadline = std::chrono::milliseconds(200);
    auto client = Client::connect({server.port(), deadline, 250});
    REQUIRE(client);
    server.hang(Command::get_track_list);
    const TimePoint before = Clock::now();
    const auto tracks = client->tracks();
    const Duration took = Clock::now() - before;
    REQUIRE_FALSE(tracks);
    CHECK(tracks.error().code == ErrorCode::unavailable);
    CHECK_THAT(tracks.error().message, Contains("GetTrackList within 200 ms"));
    CHECK(took >= deadline);
    CHECK(took < std::chrono::seconds(5));
    CHECK(server.wait_for_hanging());
    CHECK(client->session());
}

TEST_CASE("a host that hangs from the first word on costs no more than the deadline either") {
    const SilentPort silent;
    const TimePoint before = Clock::now();
    const auto client = Client::connect({silent.port, std::chrono::milliseconds(200), 250});
    CHECK(Clock::now() - before < std::chrono::seconds(5));
    REQUIRE_FALSE(client);
    CHECK(client.error().code == ErrorCode::unavailable);
}

TEST_CASE(
    "a host that dies in the middle of a call is told at once, and found again when it is back") {
    PtslServer server;
    Client client = connected(server);
    server.hang(Command::get_track_list);
    auto asked = std::async(std::launch::async, [&] { return client.tracks(); });
    REQUIRE(server.wait_for_hanging());
    const TimePoint before = Clock::now();
    server.die();
    const auto tracks = asked.get();
    CHECK(Clock::now() - before < std::chrono::seconds(10)); // the deadline is 20 s
    REQUIRE_FALSE(tracks);
    CHECK(tracks.error().code == ErrorCode::unavailable);
    const auto after = client.transport();
    REQUIRE_FALSE(after);
    CHECK(after.error().code == ErrorCode::unavailable);
    CHECK_THAT(after.error().message, Contains("not running"));

    const PtslServer again(ptsl::newest_known, server.port());
    Result<ptsl::TransportState> state = after;
    CHECK(eventually(Seconds(10), [&] {
        state = client.transport();
        return state || state.error().message.find("connect again") == std::string::npos
                   ? state.has_value()
                   : true;
    }));
    CHECK(connected(again).transport());
}

TEST_CASE("where nothing listens, Pro Tools is not running") {
    std::uint16_t port = 0;
    {
        const SilentPort free;
        port = free.port;
    }
    const auto client = Client::connect({port, std::chrono::seconds(20), 250});
    REQUIRE_FALSE(client);
    CHECK(client.error().code == ErrorCode::unavailable);
    CHECK_THAT(client.error().message, Contains("not running"));
    CHECK(client.error().where == "127.0.0.1:" + std::to_string(port));
}

TEST_CASE("an older version lacks commands, which is a missing capability and never asked for") {
    PtslServer old({1, 0, 0});
    old.set_tracks(band());
    Client client = connected(old);
    const Capabilities few = client.capabilities();
    for (const Capability each :
         {Capability::full_names, Capability::stable_ids, Capability::read_mute,
          Capability::markers, Capability::transport})
        CHECK(few.has(each));
    for (const Capability each :
         {Capability::write_mute, Capability::write_solo, Capability::read_fader,
          Capability::write_fader, Capability::read_meter_peak})
        CHECK_FALSE(few.has(each));
    CHECK(client.tracks()->size() == 5);
    const auto asked = old.heard().size();
    const auto mute = client.set_mute("Kick In", true);
    REQUIRE_FALSE(mute);
    CHECK(mute.error().code == ErrorCode::unsupported);
    CHECK_THAT(mute.error().message,
               Contains("SetTrackMuteState") && Contains("version 1") && Contains("before 2"));
    CHECK(client.write_automation("{v}", {}, {}).error().code == ErrorCode::unsupported);
    CHECK(client.subscribe({}).error().code == ErrorCode::unsupported);
    CHECK(old.heard().size() == asked);

    PtslServer newer({2, 0, 0});
    CHECK(connected(newer).capabilities().has(Capability::write_mute));
}

TEST_CASE("a command that the host says it lacks is a missing capability from there on") {
    PtslServer server;
    server.answer(Command::get_memory_locations,
                  [](const Json&) { return PtslServer::failed("PT_UnsupportedCommand"); });
    server.answer(Command::set_track_control_breakpoints,
                  [](const Json&) { return PtslServer::failed("133"); });
    Client client = connected(server);
    CHECK(client.capabilities().has(Capability::markers));
    CHECK(client.memory_locations().error().code == ErrorCode::unsupported);
    CHECK_FALSE(client.capabilities().has(Capability::markers));
    const auto again = client.memory_locations();
    CHECK_THAT(again.error().message, Contains("comes without it"));
    CHECK(server.count(Command::get_memory_locations) == 1);
    CHECK(client.write_automation("{v}", {}, {}).error().code == ErrorCode::unsupported);
    CHECK_FALSE(client.has(Command::set_track_control_breakpoints));
}

TEST_CASE("who is not let in is told why") {
    PtslServer server;
    const auto refused = [&](Command command, const PtslServer::Answer& answer) {
        server.answer(command, [answer](const Json&) { return answer; });
        const auto client = Client::connect({server.port(), std::chrono::seconds(20), 250});
        server.answer(command, {});
        REQUIRE_FALSE(client);
        return client.error();
    };
    const Error forbidden = refused(Command::register_connection,
                                    PtslServer::failed("PT_Forbidden", "not this application"));
    CHECK(forbidden.code == ErrorCode::refused);
    CHECK_THAT(forbidden.message, Contains("not this application"));
    const Error old = refused(Command::register_connection, PtslServer::failed(133));
    CHECK(old.code == ErrorCode::unsupported);
    CHECK_THAT(old.message, Contains("2023.3"));
    CHECK_THAT(refused(Command::register_connection, {3, R"({"session_id":""})", {}}).message,
               Contains("without a session_id"));
    CHECK(refused(Command::register_connection, {}).code == ErrorCode::io);
    const Error busy = refused(Command::host_ready_check, {3, R"({"is_host_ready":false})", {}});
    CHECK(busy.code == ErrorCode::unavailable);
    CHECK_THAT(busy.message, Contains("not ready yet"));
    CHECK(refused(Command::get_version, {3, R"({"version":"new"})", {}}).code == ErrorCode::io);
    CHECK(connected(server).transport());
}

TEST_CASE("nonsense in an answer is an error in words") {
    PtslServer server;
    Client client = connected(server);
    const char* bodies[] = {"",
                            "{",
                            "[]",
                            "null",
                            "nonsense",
                            R"({"track_list":7})",
                            R"({"track_list":[7]})",
                            R"({"track_list":[{"id":"a"}]})",
                            R"({"track_list":[{"id":"a","name":"x"},{"id":"a","name":"y"}]})",
                            R"({"track_list":[],"pagination_response":{"total":4}})",
                            R"({"track_list":[],"pagination_response":{"total":999999999}})",
                            R"({"track_list":NaN})"};
    for (const char* body : bodies) {
        CAPTURE(body);
        server.answer(Command::get_track_list, [body](const Json&) -> PtslServer::Answer {
            return {3, body, {}};
        });
        const auto tracks = client.tracks();
        if (*body == '\0') { // nothing is an empty list
            CHECK(tracks);
            continue;
        }
        REQUIRE_FALSE(tracks);
        CHECK_FALSE(tracks.error().message.empty());
    }
    for (const char* error : {"", "{", "[]", "7", R"({"errors":[]})", R"({"errors":[{}]})",
                              R"({"errors":[{"command_error_type":"PT_Surprise"}]})"}) {
        CAPTURE(error);
        server.answer(Command::get_transport_state, [error](const Json&) -> PtslServer::Answer {
            return {4, {}, error};
        });
        const auto state = client.transport();
        REQUIRE_FALSE(state);
        CHECK(state.error().code == ErrorCode::unavailable);
        CHECK_THAT(state.error().message, Contains("no number"));
    }
    server.answer(Command::get_track_control_breakpoints, [](const Json&) -> PtslServer::Answer {
        return {3,
                R"({"breakpoints":[{"time":{"location":"0","time_type":"TLType_Samples"},)"
                R"("value":"NaN"}]})",
                {}};
    });
    CHECK_THAT(client.automation_of("{v}", {}).error().message, Contains("no number"));
    server.answer(Command::get_track_control_info, [](const Json&) -> PtslServer::Answer {
        return {3, R"({"control_info":[{"min_value":"-Infinity","max_value":12}]})", {}};
    });
    CHECK_THAT(client.range_of("{v}", {}).error().message, Contains("no range"));
    server.answer(Command::get_track_control_info, [](const Json&) -> PtslServer::Answer {
        return {3, "{}", {}};
    });
    CHECK(client.range_of("{v}", {}).error().code == ErrorCode::not_found);
}

TEST_CASE("a list without end and an answer without measure are refused, not swallowed") {
    PtslServer server;
    int made = 0;
    server.answer(Command::get_track_list, [&](const Json& body) -> PtslServer::Answer {
        Json part = Json::array();
        for (auto i = body["pagination_request"]["limit"].get<int>(); i > 0; --i, ++made)
            part.push_back({{"id", std::to_string(made)}, {"name", "T"}});
        return {3, Json{{"track_list", std::move(part)}}.dump(), {}};
    });
    Client client = connected(server);
    const auto endless = client.tracks();
    REQUIRE_FALSE(endless);
    CHECK(endless.error().code == ErrorCode::unsupported);
    CHECK_THAT(endless.error().message, Contains("10000"));
    CHECK(made < 11'000);

    server.answer(Command::get_session_name, [](const Json&) -> PtslServer::Answer {
        return {3, R"({"session_name":")" + std::string(20'000'000, 'x') + "\"}", {}};
    });
    const auto huge = client.session();
    REQUIRE_FALSE(huge);
    CHECK_THAT(huge.error().message, Contains("16 MB"));
    CHECK(client.transport());
}

TEST_CASE("no socket of the client leads off this machine, whatever proxy the environment names") {
    ::setenv("http_proxy", "http://192.0.2.1:3128", 1);
    PtslServer server;
    Client client = connected(server);
    REQUIRE(client.transport());
    std::size_t connections = 0;
    for (const HeldSocket& each : sockets_of(::getpid())) {
        CAPTURE(each.text());
        CHECK(each.is_local());
        if (each.kind.starts_with("tcp")) ++connections;
    }
    CHECK(connections >= 3); // ours, the server's end of it, and where it listens
    ::unsetenv("http_proxy");
}
