// The client against a server written from the facts: every command it sends, and what it makes of the answers. What goes
// wrong stands in ptsl_faults.cpp.
#include "tests/connectors/ptsl_connected.h"

#include <future>

using namespace prefade;
using namespace prefade::test;
using Catch::Matchers::Contains;
using ptsl::Client;
using ptsl::Command;

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
