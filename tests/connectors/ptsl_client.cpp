// The client against a server written from the facts: every command it sends, every error, and a host that hangs,
// dies, lacks commands or talks nonsense.
#include "connectors/ptsl/client.h"
#include "tests/support/catch.h"
#include "tests/support/network.h"
#include "tests/support/process.h"
#include "tests/support/ptsl_server.h"

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

Client connected(const PtslServer& server, std::size_t page = 250) {
    auto client = Client::connect({server.port(), std::chrono::seconds(20), page});
    if (!client) FAIL(client.error().message);
    return std::move(*client);
}

std::vector<PtslServer::Track> band() {
    return {{"{k}", "Kick In", "TType_Audio", true, false, false},
            {"{v}", "Lead Vox — Dbl", 2, false, true, true},
            {"{b}", "Drum Bus", "TT_Aux"},
            {"{m}", "Markers Ruler", "TType_Markers"},
            {"{o}", "Master 1", "TType_Master", false, false, false, "TAState_SetExplicitly"}};
}

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

TEST_CASE(
    "a client asks whether Pro Tools is ready, registers and learns the version, in this order") {
    PtslServer server({2025, 6, 0});
    Client client = connected(server);
    CHECK(client.version() == ptsl::Version{2025, 6, 0});
    REQUIRE(client.transport_armed());
    const auto heard = server.heard();
    REQUIRE(heard.size() == 4);
    CHECK(heard[0].command == Command::host_ready_check);
    CHECK(heard[0].body.is_null());
    CHECK(heard[1].command == Command::register_connection);
    CHECK(heard[1].body == Json{{"company_name", "Prefade"}, {"application_name", "Prefade"}});
    CHECK(heard[1].session.empty());
    CHECK(heard[1].version == ptsl::Version{1, 0, 0}); // no server is older than that
    CHECK(heard[2].command == Command::get_version);
    CHECK(heard[2].session == "5b1f0c9e-prefade");
    CHECK(heard[3].session == "5b1f0c9e-prefade");
    CHECK(heard[3].version == ptsl::Version{2025, 6, 0});
}

TEST_CASE("a server newer than all that is known here is spoken to as the newest that is") {
    PtslServer server({2031, 2, 0});
    Client client = connected(server);
    CHECK(client.version() == ptsl::Version{2031, 2, 0});
    REQUIRE(client.transport());
    CHECK(server.heard().back().version == ptsl::newest_known);
}

TEST_CASE("the whole track list comes in parts, with full names, ids, types and switches") {
    PtslServer server;
    server.set_tracks(band());
    Client client = connected(server, 2);
    const auto tracks = client.tracks();
    REQUIRE(tracks);
    REQUIRE(tracks->size() == 5);
    CHECK(server.count(Command::get_track_list) == 3);
    const ptsl::Track &kick = (*tracks)[0], &vox = (*tracks)[1], &master = (*tracks)[4];
    CHECK((kick.id == "{k}" && kick.name == "Kick In" && kick.index == 1));
    CHECK((kick.muted == true && kick.soloed == false && kick.armed == false && !kick.hidden));
    CHECK(vox.name == "Lead Vox — Dbl");
    CHECK((vox.muted == false && vox.soloed == true && vox.armed == true));
    CHECK(vox.type == ptsl::TrackType::audio);
    CHECK((*tracks)[2].type == ptsl::TrackType::aux);
    CHECK_FALSE(ptsl::strip_kind((*tracks)[3].type));
    CHECK(ptsl::strip_kind(master.type) == StripKind::master);
    CHECK(master.hidden);
}

TEST_CASE("an empty session has no tracks, which is no error") {
    PtslServer server;
    Client client = connected(server);
    const auto tracks = client.tracks();
    REQUIRE(tracks);
    CHECK(tracks->empty());
}

TEST_CASE("a list whose answer would be too long is asked for in smaller parts") {
    PtslServer server;
    Json all = Json::array();
    for (int i = 0; i < 9; ++i)
        all.push_back({{"id", std::to_string(i)}, {"name", "T" + std::to_string(i)}});
    server.answer(Command::get_track_list, [&](const Json& body) -> PtslServer::Answer {
        const Json& page = body["pagination_request"];
        const auto limit = page["limit"].get<std::size_t>(),
                   offset = page["offset"].get<std::size_t>();
        if (limit > 3) return PtslServer::failed("PT_ResponseLengthExceeded");
        Json part = Json::array();
        for (std::size_t i = offset; i < std::min<std::size_t>(9, offset + limit); ++i)
            part.push_back(all[i]);
        return {3, Json{{"track_list", part}, {"pagination_response", {{"total", 9}}}}.dump(), {}};
    });
    const auto tracks = connected(server).tracks();
    REQUIRE(tracks);
    CHECK(tracks->size() == 9);

    server.answer(Command::get_track_list,
                  [](const Json&) { return PtslServer::failed(ptsl::response_too_long); });
    CHECK_THAT(connected(server).tracks().error().message, Contains("too long"));
}

TEST_CASE("a list that changes while it is read is read anew, and not for ever") {
    PtslServer server;
    server.set_tracks(band());
    int asked = 0;
    bool settles = true;
    const auto part = [](const char* id, int total) -> PtslServer::Answer {
        return {3,
                Json{{"track_list", {{{"id", id}, {"name", id}}}},
                     {"pagination_response", {{"total", total}}}}
                    .dump(),
                {}};
    };
    server.answer(Command::get_track_list, [&](const Json& body) {
        const bool first = body["pagination_request"]["offset"] == 0;
        ++asked;
        if (settles && asked > 2) return part(first ? "a" : "b", 2);
        return part("a", 2); // the same twice: something came before it meanwhile
    });
    const auto tracks = connected(server, 1).tracks();
    REQUIRE(tracks);
    CHECK(tracks->size() == 2);
    CHECK(asked == 4);

    settles = false;
    asked = 0;
    const auto restless = connected(server, 1).tracks();
    REQUIRE_FALSE(restless);
    CHECK(restless.error().code == ErrorCode::unavailable);
    CHECK_THAT(restless.error().message, Contains("changed while it was read"));
    CHECK(asked == 6);
}

TEST_CASE("the session's facts are told, and those a host does not tell are empty") {
    PtslServer server;
    const auto facts = connected(server).session();
    REQUIRE(facts);
    CHECK(facts->name == "Ballad");
    CHECK(facts->path == "/Mixes/Ballad.ptx");
    CHECK(facts->id == "i-77");
    CHECK(facts->length == "00:05:00:00");
    CHECK(facts->clock.start == "01:00:00:00");
    CHECK(facts->clock.sample_rate == 48'000U);
    REQUIRE(facts->clock.rate);
    CHECK(facts->clock.rate->a_second() == 25.0);

    PtslServer old({2, 0, 0});
    old.answer(Command::get_session_sample_rate,
               [](const Json&) { return PtslServer::failed(ptsl::unsupported_command); });
    old.answer(Command::get_session_time_code_rate, [](const Json&) -> PtslServer::Answer {
        return {3, R"({"current_setting":"STCR_Fps33"})", {}};
    });
    const auto fewer = connected(old).session();
    REQUIRE(fewer);
    CHECK(fewer->name == "Ballad");
    CHECK(fewer->id.empty());
    CHECK_FALSE(fewer->clock.sample_rate);
    CHECK_FALSE(fewer->clock.rate);

    old.close_session();
    const auto closed = connected(old).session();
    REQUIRE_FALSE(closed);
    CHECK(closed.error().code == ErrorCode::unavailable);
    CHECK_THAT(closed.error().message, Contains("no session is open"));
}

TEST_CASE("memory locations are markers at their time from the session's start") {
    PtslServer server;
    server.set_memory_locations({{{"number", 2}, {"name", "Chorus"}, {"start_time", "01:00:30:05"}},
                                 {{"number", 1}, {"name", "Verse"}, {"start_time", "480000"}},
                                 {{"number", 7}, {"name", "Bar"}, {"start_time", "17|1|000"}}});
    Client client = connected(server, 2);
    const auto locations = client.memory_locations();
    REQUIRE(locations);
    REQUIRE(locations->size() == 3);
    CHECK((*locations)[0].number == 2);
    const auto markers = ptsl::markers_of(*locations, client.session()->clock);
    REQUIRE(markers.size() == 2); // where a bar lies is not told
    CHECK(markers[0].name == "Verse");
    CHECK(markers[0].seconds == Approx(10.0));
    CHECK(markers[1].name == "Chorus");
    CHECK(markers[1].seconds == Approx(30.2));
}

TEST_CASE(
    "the transport is toggled only where that brings what is wanted, and not while recording") {
    PtslServer server;
    Client client = connected(server);
    CHECK_FALSE(client.transport()->rolling);
    REQUIRE(client.roll(true));
    CHECK(client.transport()->rolling);
    REQUIRE(client.roll(true));
    CHECK(server.count(Command::toggle_play_state) == 1);
    REQUIRE(client.roll(false));
    CHECK(client.transport()->name == "Stopped");
    CHECK(server.count(Command::toggle_play_state) == 2);

    server.set_transport(3);
    CHECK(client.transport()->recording);
    CHECK(client.roll(false).error().code == ErrorCode::refused);
    CHECK(server.count(Command::toggle_play_state) == 2);
}

TEST_CASE(
    "switches of a track go by its name, whatever is in it, and are read back from the list") {
    PtslServer server;
    auto tracks = band();
    tracks[0].name = "Kick \"in\" \\ \n";
    server.set_tracks(tracks);
    Client client = connected(server);
    REQUIRE(client.set_mute(tracks[0].name, false));
    REQUIRE(client.set_solo(tracks[0].name, true));
    REQUIRE(client.set_record_enable("Lead Vox — Dbl", false));
    const auto read = client.tracks();
    REQUIRE(read);
    CHECK(((*read)[0].muted == false && (*read)[0].soloed == true));
    CHECK((*read)[1].armed == false);
    const auto heard = server.heard();
    CHECK(heard[3].body == Json{{"track_names", {tracks[0].name}}, {"enabled", false}});
    const auto nobody = client.set_mute("Nobody", true);
    REQUIRE_FALSE(nobody);
    CHECK(nobody.error().code == ErrorCode::not_found);
}

TEST_CASE("events are told to who subscribed, and their absence is no error") {
    PtslServer server;
    server.set_tracks(band());
    Client client = connected(server);
    const std::vector<ptsl::Subscription> wanted{{ptsl::EventKind::mute_changed, "{v}"},
                                                 {ptsl::EventKind::session_closed, ""}};
    REQUIRE(client.subscribe(wanted));
    const auto none = client.next_event(std::chrono::milliseconds(50));
    REQUIRE(none);
    CHECK_FALSE(*none);
    REQUIRE(server.wait_until_nobody_polls());

    server.mute_by_hand("{k}", false); // not asked for
    server.mute_by_hand("{v}", true);
    const auto muted = client.next_event(std::chrono::seconds(10));
    REQUIRE(muted);
    REQUIRE(*muted);
    CHECK((*muted)->kind == ptsl::EventKind::mute_changed);
    CHECK((*muted)->track_id == "{v}");
    CHECK((*muted)->state == true);

    auto waiting =
        std::async(std::launch::async, [&] { return client.next_event(std::chrono::seconds(10)); });
    server.close_session();
    const auto closed = waiting.get();
    REQUIRE(closed);
    REQUIRE(*closed);
    CHECK((*closed)->kind == ptsl::EventKind::session_closed);
}

TEST_CASE("who unsubscribed hears no more events") {
    PtslServer server;
    server.set_tracks(band());
    Client client = connected(server);
    const std::vector<ptsl::Subscription> wanted{{ptsl::EventKind::mute_changed, "{v}"}};
    REQUIRE(client.subscribe(wanted));
    REQUIRE(client.unsubscribe(wanted));
    server.mute_by_hand("{v}", true);
    const auto none = client.next_event(std::chrono::milliseconds(50));
    REQUIRE(none);
    CHECK_FALSE(*none);
}

TEST_CASE("automation is read and written as breakpoints, within the control's range only") {
    PtslServer server;
    server.set_tracks(band());
    Client client = connected(server);
    ptsl::AutomatedControl level;
    const auto range = client.range_of("{v}", level);
    REQUIRE(range);
    CHECK(range->in_decibel());
    CHECK(range->steps == 1560);
    CHECK(client.automation_of("{v}", level)->empty());

    REQUIRE(client.write_automation("{v}", level, {{0, -6.5}, {48'000, 0.0}}));
    const auto read = client.automation_of("{v}", level);
    REQUIRE(read);
    REQUIRE(read->size() == 2);
    CHECK((*read)[0].value == -6.5);
    CHECK((*read)[1].samples == 48'000);
    CHECK(client.automation_of("{k}", level)->empty());

    for (const double value : {12.5, -145.0, std::nan(""), HUGE_VAL}) {
        const auto refused = client.write_automation("{v}", level, {{0, -6.5}, {10, value}});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::invalid);
        CHECK_THAT(refused.error().message, Contains("-144") && Contains("12"));
    }
    CHECK(server.count(Command::set_track_control_breakpoints) == 1);

    ptsl::AutomatedControl pan{ptsl::AutomatedControl::Section::send,
                               3,
                               ptsl::AutomatedControl::Kind::pan,
                               Channel::right,
                               "",
                               ""};
    REQUIRE(client.automation_of("{v}", pan));
    CHECK(server.heard().back().body["control_id"]
          == Json{{"section", 5},
                  {"control_type", 2},
                  {"pan", {{"pan_space", 1}, {"parameter", 1}, {"channel", 3}}}});
    ptsl::AutomatedControl threshold{ptsl::AutomatedControl::Section::insert,
                                     1,
                                     ptsl::AutomatedControl::Kind::parameter,
                                     Channel::sum,
                                     "7",
                                     "Threshold"};
    REQUIRE(client.automation_of("{v}", threshold));
    CHECK(server.heard().back().body["control_id"]
          == Json{{"section", 13},
                  {"control_type", 5},
                  {"plugin",
                   {{"multimono_index", 0}, {"control_id", "7"}, {"control_name", "Threshold"}}}});
}

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
