// Bodies of the scripting interface without a host: what is read, and what is refused.
#include "connectors/ptsl/answers.h"
#include "connectors/ptsl/command.h"
#include "core/json.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace prefade;
using namespace prefade::ptsl;
using Catch::Matchers::Contains;

namespace {

std::string track_list(const std::string& members) {
    return R"({"track_list":[{"id":"{1}","name":"Vox",)" + members + "}]}";
}

Track only(const std::string& members) {
    const auto part = track_list_in(track_list(members));
    REQUIRE(part);
    REQUIRE(part->items.size() == 1);
    return part->items.front();
}

SessionClock clock_of(TimeCodeRate rate, const std::string& start) { return {48'000, rate, start}; }

} // namespace

TEST_CASE("a track's type is read as a number, digits, or a name with the old prefix or the new") {
    for (const char* type : {"2", R"("2")", R"("TT_Audio")", R"("TType_Audio")", R"("AudioTrack")"})
        CHECK(only(std::string(R"("type":)") + type).type == TrackType::audio);
    CHECK(only(R"("type":"TType_RoutingFolder")").type == TrackType::routing_folder);
    CHECK(only(R"("type":16)").type == TrackType::comp_lane);
    for (const char* type : {"17", "-1", R"("TT_Theremin")", "null", "[]", "2.5"})
        CHECK(only(std::string(R"("type":)") + type).type == TrackType::unknown);
}

TEST_CASE("every type of track has a kind of strip, or none") {
    int without = 0;
    for (int i = 0; i <= static_cast<int>(TrackType::comp_lane); ++i)
        if (!strip_kind(static_cast<TrackType>(i))) ++without;
    CHECK(without == 8);
    CHECK(strip_kind(TrackType::audio) == StripKind::audio_track);
    CHECK(strip_kind(TrackType::instrument) == StripKind::midi_track);
    CHECK(strip_kind(TrackType::aux) == StripKind::audio_bus);
    CHECK(strip_kind(TrackType::vca) == StripKind::vca);
    CHECK(strip_kind(TrackType::master) == StripKind::master);
}

TEST_CASE("a switch that the host does not tell is unknown, not off") {
    const Track told = only(R"("track_attributes":{"is_muted":true,"is_soloed":"false"})");
    CHECK(told.muted == true);
    CHECK(told.soloed == false);
    CHECK_FALSE(told.armed);
    const Track untold = only(R"("type":2)");
    CHECK_FALSE(untold.muted);
    CHECK_FALSE(only(R"("track_attributes":{"is_muted":"perhaps"})").muted);
    CHECK_FALSE(only(R"("track_attributes":[])").muted);
}

TEST_CASE("hidden and inactive are told in four ways, two of which are no") {
    const auto hidden = [](const char* state) {
        return only(std::string(R"("track_attributes":{"is_hidden":)") + state + "}").hidden;
    };
    for (const char* yes : {"2", "3", "4", "true", R"("TAS_SetExplicitly")",
                            R"("TAState_SetImplicitly")", R"("SetExplicitlyAndImplicitly")"})
        CHECK(hidden(yes));
    for (const char* no : {"0", "1", "false", R"("TAState_None")", R"("TAS_Unknown")", "null"})
        CHECK_FALSE(hidden(no));
}

TEST_CASE("an empty list may be an empty object, or not be there") {
    for (const char* body : {R"({"track_list":{}})", R"({"track_list":[]})", "{}", "", " \n"}) {
        const auto part = track_list_in(body);
        REQUIRE(part);
        CHECK(part->items.empty());
    }
    CHECK_FALSE(track_list_in(R"({"track_list":{"a":1}})"));
    CHECK_FALSE(track_list_in(R"({"track_list":"none"})"));
    CHECK(memory_locations_in(R"({"memory_locations":{}})")->items.empty());
    CHECK_FALSE(memory_locations_in(R"({"memory_locations":[{"name":"x"}]})"));
}

TEST_CASE("how long a list is, is told by the newer word or the older, as a number or as digits") {
    CHECK(track_list_in(R"({"pagination_response":{"total":"12"}})")->total == 12U);
    CHECK(track_list_in(R"({"stats":{"total":7}})")->total == 7U);
    CHECK_FALSE(track_list_in(R"({"pagination_response":{"total":-1}})")->total);
    CHECK_FALSE(track_list_in("{}")->total);
}

TEST_CASE("a list without a count ends with its first short part") {
    const auto part = [](int from, int to) {
        Part<Track> made;
        for (int i = from; i < to; ++i) {
            Track track;
            track.id = std::to_string(i);
            made.items.push_back(track);
        }
        return made;
    };
    TrackListing listing(3);
    CHECK(listing.next().offset == 0);
    CHECK(*listing.take(part(0, 3)) == false);
    CHECK(listing.next().offset == 3);
    CHECK(*listing.take(part(3, 5)) == true);
    CHECK(std::move(listing).items().size() == 5);

    TrackListing deaf(3); // a host that does not hear the limit sends all at once
    CHECK(*deaf.take(part(0, 8)) == true);

    TrackListing repeating(3);
    CHECK(*repeating.take(part(0, 3)) == false);
    CHECK(repeating.take(part(0, 3)).error().code == ErrorCode::unavailable);
}

TEST_CASE("a sample rate is Hz, however it is written; what cannot be one is refused") {
    for (const char* body :
         {R"({"sample_rate":48000})", R"({"sample_rate":"48000"})",
          R"({"current_setting":"SR_48000"})", R"({"sample_rate":"SRate_48000"})"})
        CHECK(*sample_rate_in(body) == 48'000U);
    for (const char* body : {R"({"sample_rate":0})", R"({"sample_rate":-1})",
                             R"({"sample_rate":1e9})", R"({"sample_rate":"fast"})", "{}"})
        CHECK_FALSE(sample_rate_in(body));
}

TEST_CASE("time code rates are read by number and by name") {
    const auto rate = [](const char* setting) {
        return time_code_rate_in(std::string(R"({"current_setting":)") + setting + "}");
    };
    CHECK(rate("1")->a_second() == Approx(23.976).epsilon(1e-4));
    CHECK(rate(R"("STCR_Fps2997Drop")")->drop);
    CHECK(rate(R"("STCR_Fps2997Drop")")->a_second() == Approx(29.97).epsilon(1e-4));
    CHECK(rate("3")->a_second() == 25.0);
    CHECK(rate("19")->frames == 120);
    CHECK(rate(R"("STCRate_Fps5994")")->frames == 60);
    for (const char* wrong : {"0", "20", R"("STCR_Fps33")", "{}", "null"}) CHECK_FALSE(rate(wrong));
}

TEST_CASE("times are seconds from the session's start, in samples, time code or minutes") {
    const auto clock = clock_of({25, false, false}, "01:00:00:00");
    CHECK(*seconds_in("480000", clock) == 10.0);
    CHECK(*seconds_in("01:00:02:12", clock) == Approx(2.48));
    CHECK(*seconds_in("1:02.500", clock) == Approx(62.5));
    CHECK(*seconds_in("1:00:02.5", clock) == Approx(3602.5));
    CHECK_FALSE(seconds_in("00:59:59:24", clock)); // before the start
    for (const char* none : {"", "17|1|000", "12+08", "01:00:02:25", "01:61:00:00", "-5", "5-",
                             "1:2:3", ":", "1.", "later", "999999999999999999999"})
        CHECK_FALSE(seconds_in(none, clock));
    CHECK_FALSE(seconds_in("480000", SessionClock{}));
    CHECK_FALSE(seconds_in("01:00:00:00", SessionClock{}));
}

TEST_CASE("drop-frame time code keeps up with the clock over an hour") {
    const auto clock = clock_of({30, true, true}, "00:00:00;00");
    // 107,892 frames of 1001/30000 s: an hour but 3.6 ms (SMPTE 12M)
    CHECK(*seconds_in("01:00:00;00", clock) == Approx(3599.9964).epsilon(1e-7));
    CHECK(*seconds_in("00:01:00;02", clock) == Approx(1800 * 1001.0 / 30000.0));
    CHECK(*seconds_in("00:10:00;00", clock) == Approx(17982 * 1001.0 / 30000.0));
    const auto full = clock_of({30, false, true}, "00:00:00:00");
    CHECK(*seconds_in("01:00:00:00", full) == Approx(3603.6));
}

TEST_CASE("the transport's state is read by number and by name, old and new") {
    const auto state = [](const std::string& setting) {
        return transport_state_in(R"({"current_setting":)" + setting + "}");
    };
    CHECK(state("1")->rolling);
    CHECK(state(R"("TS_TransportPlaying")")->rolling);
    CHECK(state(R"("TState_TransportStopped")")->name == "Stopped");
    CHECK_FALSE(state("2")->rolling);
    CHECK((state("3")->recording && state("3")->rolling));
    CHECK(state(R"("TState_TransportIsCueing")")->name == "IsCueing");
    for (const char* wrong : {"0", "16", R"("TS_Dancing")", "null", "true"})
        CHECK_FALSE(state(wrong));
}

TEST_CASE("a version is read with what is left out being 0") {
    CHECK(*version_in(R"({"version":2025,"version_minor":10})") == ptsl::Version{2025, 10, 0});
    CHECK(*version_in(R"({"version":"5"})") == ptsl::Version{5, 0, 0});
    for (const char* wrong : {"{}", R"({"version":0})", R"({"version":1e300})", "7"})
        CHECK_FALSE(version_in(wrong));
    CHECK(to_text(ptsl::Version{5, 0, 0}) == "5");
    CHECK(to_text(ptsl::Version{2025, 6, 0}) == "2025.6");
    CHECK(to_text(ptsl::Version{2025, 6, 1}) == "2025.6.1");
}

TEST_CASE("an event is of a known kind, or an error; none is none") {
    CHECK_FALSE(*event_in(""));
    CHECK_FALSE(*event_in(R"({"event":{}})"));
    const auto solo = event_in(R"({"event":{"event_id":"EId_TrackSoloStateChanged",)"
                               R"("event_data_json":"{\"track_id\":\"{7}\",\"state\":false}"}})");
    REQUIRE(solo);
    REQUIRE(*solo);
    CHECK((*solo)->kind == EventKind::solo_changed);
    CHECK((*solo)->track_id == "{7}");
    CHECK((*solo)->state == false);
    const auto monitor = event_in(
        R"({"event":{"event_id":6,"event_data_json":"{\"state\":\"TAState_SetExplicitly\"}"}})");
    CHECK((*monitor)->state == true);
    CHECK_FALSE(event_in(R"({"event":{"event_id":10}})"));
    CHECK_FALSE(event_in(R"({"event":{"event_id":1,"event_data_json":"{"}})"));
}

TEST_CASE("the first complaint that is no warning counts, its number in any of three spellings") {
    const auto code = [](const std::string& type) {
        return complaint_in(R"({"errors":[{"command_error_type":105,"is_warning":true},)"
                            R"({"command_error_type":)"
                            + type + R"(,"command_error_message":"m"}]})")
            .code;
    };
    CHECK(code("106") == 106);
    CHECK(code(R"("106")") == 106);
    CHECK(code(R"("PT_NoOpenedSession")") == 106);
    CHECK(code(R"("NoOpenedSession")") == 106);
    CHECK(code("-5") == no_code);
    CHECK(code("[]") == no_code);
    CHECK_THAT(complaint_in(R"({"errors":[{"command_error_type":"PT_New"}]})").message,
               Contains("PT_New"));
    CHECK_THAT(error_of(Command::get_track_list, 106, "evil\x1b[2J").message,
               Contains("evil\\x1b[2J"));
}

TEST_CASE("no body, however cut or changed, does more than be refused") {
    const std::string bodies[] = {
        track_list(R"("type":"TType_Audio","index":1,"track_attributes":{"is_muted":true,)"
                   R"("is_hidden":"TAState_None"}})"),
        R"({"breakpoints":[{"time":{"location":"0","time_type":1},"value":-6.5}]})",
        R"({"control_info":[{"min_value":-144,"max_value":12,"steps":9}]})",
        R"({"event":{"event_id":8,"event_data_json":"{\"track_id\":\"a\",\"state\":true}"}})",
        R"({"errors":[{"command_error_type":"PT_NoOpenedSession","is_warning":false}]})"};
    int read = 0, tried = 0;
    const auto feed = [&](const std::string& body) {
        ++tried;
        read += track_list_in(body).has_value();
        read += breakpoints_in(body).has_value() + control_ranges_in(body).has_value();
        read += event_in(body).has_value() + memory_locations_in(body).has_value();
        read += transport_state_in(body).has_value() + version_in(body).has_value();
        CHECK_FALSE(error_of(Command::poll_events, complaint_in(body).code, body).message.empty());
    };
    for (const std::string& body : bodies) {
        for (std::size_t i = 0; i <= body.size(); ++i) feed(body.substr(0, i));
        for (std::size_t i = 0; i < body.size(); ++i)
            for (const char c : {'\0', '"', '[', '9', '\x80'}) {
                std::string changed = body;
                changed[i] = c;
                feed(changed);
            }
    }
    CHECK(read > 0);
    CHECK(read < tried * 7);
}

TEST_CASE("requests say all that the host wants said") {
    const Json list = Json::parse(track_list_request({50, 100}, ptsl::Version{2}));
    CHECK(list
          == Json{{"pagination_request", {{"limit", 50}, {"offset", 100}}},
                  {"track_filter_list", {{{"filter", 1}, {"is_inverted", false}}}},
                  {"is_filter_list_additive", true}});
    CHECK(Json::parse(track_list_request({50, 0}, ptsl::Version{1}))["page_limit"] == 50);
    const Json events = Json::parse(
        events_request({{EventKind::mute_changed, "{1}"}, {EventKind::session_closed, ""}}));
    CHECK(events["events"][0]
          == Json{{"event_id", 8}, {"event_data_json", R"({"track_id":"{1}"})"}});
    CHECK(events["events"][1]["event_data_json"] == "{}");
    CHECK(Json::parse(track_state_request("a\"b", true))
          == Json{{"track_names", {"a\"b"}}, {"enabled", true}});
}

TEST_CASE("a command is there from its version on, and gone once the host said that it lacks it") {
    CHECK(first_with(Command::get_track_list) == ptsl::Version{1});
    CHECK(first_with(Command::register_connection) == ptsl::Version{1});
    CHECK(first_with(Command::set_track_mute_state) == ptsl::Version{2});
    CHECK(first_with(Command::get_session_ids) == ptsl::Version{3});
    CHECK(first_with(Command::poll_events) == ptsl::Version{2025, 6, 0});
    Commands commands(ptsl::Version{2, 0, 0});
    CHECK(commands.has(Command::set_track_mute_state));
    CHECK_FALSE(commands.has(Command::poll_events));
    CHECK(capabilities_of(commands).has(Capability::write_mute));
    commands.miss(Command::set_track_mute_state);
    CHECK_FALSE(capabilities_of(commands).has(Capability::write_mute));
    CHECK(capabilities_of(commands).has(Capability::write_solo));
}
