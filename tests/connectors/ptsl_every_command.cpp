// Every command the client sends, and what each of its errors becomes: all numbers the host has, a host that hangs, one that
// dies, ends that are none, and bodies that make no sense.
#include "tests/connectors/ptsl_connected.h"

#include <functional>
#include <future>
#include <optional>
#include <set>

using namespace prefade;
using namespace prefade::test;
using Catch::Matchers::Contains;
using ptsl::Client;
using ptsl::Command;

namespace {

/// Nothing when it went well.
using Complaint = std::optional<Error>;

template <class T> Complaint complaint(const Result<T>& result) {
    return result ? std::nullopt : Complaint{result.error()};
}

/// How the client comes to send one command.
struct Way {
    Command command;
    std::function<Complaint(Client&)> go;
    bool optional_fact{
        false};       ///< one fact among others: it is left out where the host does not tell it
    bool reads{true}; ///< the answer has a body that must make sense
};

const std::vector<Way>& ways() {
    const auto session = [](Client& c) { return complaint(c.session()); };
    const ptsl::AutomatedControl level;
    static const std::vector<Way> all{
        {Command::get_track_list, [](Client& c) { return complaint(c.tracks()); }},
        {Command::get_session_name, session},
        {Command::get_session_path, session, true},
        {Command::get_session_sample_rate, session, true},
        {Command::get_session_time_code_rate, session, true},
        {Command::get_session_start_time, session, true},
        {Command::get_session_length, session, true},
        {Command::get_session_ids, session, true},
        {Command::get_transport_armed, [](Client& c) { return complaint(c.transport_armed()); }},
        {Command::get_transport_state, [](Client& c) { return complaint(c.transport()); }},
        {Command::toggle_play_state, [](Client& c) { return complaint(c.roll(true)); }, false,
         false},
        {Command::get_memory_locations, [](Client& c) { return complaint(c.memory_locations()); }},
        {Command::set_track_mute_state,
         [](Client& c) { return complaint(c.set_mute("Kick In", true)); }, false, false},
        {Command::set_track_solo_state,
         [](Client& c) { return complaint(c.set_solo("Kick In", true)); }, false, false},
        {Command::set_track_record_enable_state,
         [](Client& c) { return complaint(c.set_record_enable("Kick In", true)); }, false, false},
        {Command::subscribe_to_events, [](Client& c) { return complaint(c.subscribe({})); }, false,
         false},
        {Command::unsubscribe_from_events, [](Client& c) { return complaint(c.unsubscribe({})); },
         false, false},
        {Command::poll_events,
         [](Client& c) { return complaint(c.next_event(std::chrono::seconds(20))); }},
        {Command::get_track_control_info,
         [level](Client& c) { return complaint(c.range_of("{v}", level)); }},
        {Command::get_track_control_breakpoints,
         [level](Client& c) { return complaint(c.automation_of("{v}", level)); }},
        {Command::set_track_control_breakpoints,
         [level](Client& c) { return complaint(c.write_automation("{v}", level, {})); }, false,
         false},
    };
    return all;
}

/// Those by which a client introduces itself.
constexpr Command introductions[] = {Command::host_ready_check, Command::register_connection,
                                     Command::get_version};

constexpr int numbers[] = {
    0,   1,   2,   3,   4,   5,   6,   7,   8,   9,   10,  11,  100, 105, 106,
    107, 108, 109, 111, 122, 123, 124, 125, 126, 127, 129, 130, 134, 135, 136,
    137, 138, 139, 140, 141, 200, 401, 402, 403, 501, 777, 133}; // 133 last: it is remembered

bool leaves_out(const Way& way, const Error& error) {
    return way.optional_fact && error.code != ErrorCode::unavailable;
}

} // namespace

TEST_CASE("every command that is known here is sent by this test") {
    std::set<Command> sent(std::begin(introductions), std::end(introductions));
    for (const Way& way : ways()) sent.insert(way.command);
    for (const auto& [command, name] : ptsl::command_names) {
        CAPTURE(name);
        CHECK(sent.contains(command));
    }
}

TEST_CASE("each number of the host's, said against each command, is told with both") {
    PtslServer server;
    for (const Way& way : ways()) {
        Client client = connected(server);
        for (const int number : numbers) {
            CAPTURE(name_in(ptsl::command_names, way.command), number);
            server.answer(way.command, [number](const Json&) {
                return PtslServer::failed(number, "in its own words");
            });
            const Error expected = error_of(way.command, number, "in its own words");
            const Complaint told = way.go(client);
            if (leaves_out(way, expected)) {
                CHECK_FALSE(told);
            } else {
                REQUIRE(told);
                CHECK(told->code == expected.code);
                CHECK(told->message == expected.message);
            }
        }
        CHECK_FALSE(client.has(way.command)); // its last word was that it does not have it
        server.answer(way.command, {});
    }
}

TEST_CASE("each number of the host's, said while a client introduces itself, keeps it out") {
    PtslServer server;
    for (const Command command : introductions)
        for (const int number : numbers) {
            CAPTURE(name_in(ptsl::command_names, command), number);
            server.answer(command, [number](const Json&) {
                return PtslServer::failed(number, "in its own words");
            });
            const auto client = Client::connect({server.port(), std::chrono::seconds(20), 250});
            server.answer(command, {});
            REQUIRE_FALSE(client);
            CHECK(client.error().code == error_of(command, number, "").code);
            const bool too_old =
                command == Command::register_connection && number == ptsl::unsupported_command;
            CHECK_THAT(client.error().message, Contains(too_old ? "2023.3" : "in its own words"));
        }
}

TEST_CASE("a session whose length, path or clock the host does not tell is read without it") {
    struct Fact {
        Command command;
        bool (*told)(const ptsl::SessionFacts&);
    };
    const Fact facts[] = {
        {Command::get_session_path, [](const auto& f) { return !f.path.empty(); }},
        {Command::get_session_sample_rate,
         [](const auto& f) { return f.clock.sample_rate.has_value(); }},
        {Command::get_session_time_code_rate,
         [](const auto& f) { return f.clock.rate.has_value(); }},
        {Command::get_session_start_time, [](const auto& f) { return !f.clock.start.empty(); }},
        {Command::get_session_length, [](const auto& f) { return !f.length.empty(); }},
        {Command::get_session_ids, [](const auto& f) { return !f.id.empty(); }},
    };
    PtslServer server;
    for (const Fact& left_out : facts) {
        CAPTURE(name_in(ptsl::command_names, left_out.command));
        for (const char* body :
             {"{}", "nonsense", R"({"session_length":7,"sample_rate":"fast"})"}) {
            server.answer(left_out.command, [body](const Json&) -> PtslServer::Answer {
                return {3, body, {}};
            });
            const auto read = connected(server).session();
            REQUIRE(read);
            for (const Fact& each : facts)
                CHECK(each.told(*read) == (each.command != left_out.command));
        }
        server.answer(left_out.command,
                      [](const Json&) { return PtslServer::failed(138, "exporting"); });
        const auto busy = connected(server).session(); // it may tell it a moment later
        REQUIRE_FALSE(busy);
        CHECK_THAT(busy.error().message, Contains("busy") && Contains("exporting"));
        server.answer(left_out.command, {});
    }
}

TEST_CASE("no command waits for longer than its deadline at a host that hangs") {
    for (const Way& way : ways()) {
        if (way.command == Command::poll_events) continue; // there silence is an answer
        CAPTURE(name_in(ptsl::command_names, way.command));
        PtslServer server;
        auto client = Client::connect({server.port(), std::chrono::milliseconds(250), 250});
        REQUIRE(client);
        server.hang(way.command);
        const Complaint told = way.go(*client);
        REQUIRE(told);
        CHECK(told->code == ErrorCode::unavailable);
        CHECK_THAT(told->message, Contains(std::string(name_in(ptsl::command_names, way.command)))
                                      && Contains("within 250 ms"));
        CHECK(client->is_broken());
    }
}

TEST_CASE("a host that dies during a command is told for each of them") {
    for (const Way& way : ways()) {
        CAPTURE(name_in(ptsl::command_names, way.command));
        PtslServer server;
        Client client = connected(server);
        server.hang(way.command);
        auto asked = std::async(std::launch::async, [&] { return way.go(client); });
        REQUIRE(server.wait_for_hanging());
        server.die();
        const Complaint told = asked.get();
        REQUIRE(told);
        CHECK(told->code == ErrorCode::unavailable);
        CHECK(client.is_broken());
    }
}

TEST_CASE("an end that is none, and a body without sense, are errors of each command") {
    PtslServer server;
    for (const Way& way : ways()) {
        CAPTURE(name_in(ptsl::command_names, way.command));
        Client client = connected(server);
        for (const int status : {0, 1, 2, 5, 6, 7, 23}) {
            CAPTURE(status);
            server.answer(way.command, [status](const Json&) -> PtslServer::Answer {
                return {status, "{}", "{}"};
            });
            const bool later = status <= 5; // unfinished, or a person is asked
            const Complaint told = way.go(client);
            CHECK(told.has_value() == (later || !way.optional_fact));
            if (told) CHECK((told->code == ErrorCode::unavailable) == later);
        }
        server.answer(way.command, [](const Json&) -> PtslServer::Answer {
            return {3, "nonsense", {}};
        });
        const Complaint told = way.go(client);
        CHECK(told.has_value() == (way.reads && !way.optional_fact));
        server.answer(way.command, {});
    }
}
