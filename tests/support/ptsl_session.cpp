#include "tests/support/ptsl_session.h"

#include <algorithm>

namespace prefade::test {

using ptsl::Command;
using ptsl::EventKind;

namespace {

PtslAnswer ptsl_list(const char* member, const Json& all, const Json& body) {
    const Json& page = body["pagination_request"];
    const auto limit = page["limit"].get<std::size_t>(), offset = page["offset"].get<std::size_t>();
    Json part = Json::array();
    for (std::size_t i = offset; i < std::min(all.size(), offset + limit); ++i)
        part.push_back(all[i]);
    if (all.empty()) part = Json::object(); // a habit of the host
    return {
        3,
        Json{{member, std::move(part)},
             {"pagination_response", {{"total", all.size()}, {"limit", limit}, {"offset", offset}}}}
            .dump(),
        {}};
}

std::string ptsl_lane(const Json& body) {
    return body["track_id"].get<std::string>() + body["control_id"].dump();
}

} // namespace

std::optional<PtslAnswer> PtslSession::answer(Command command, const Json& body) {
    if (habits.contains(command)) {
        const auto habit = habits[command]; // it may end itself
        return habit(body);
    }
    if (ptsl::first_with(command) > version) return failed(ptsl::unsupported_command);
    if (command == Command::get_version)
        return PtslAnswer{3,
                          Json{{"version", version.number},
                               {"version_minor", version.minor},
                               {"version_revision", version.revision}}
                              .dump(),
                          {}};
    if (command == Command::poll_events) return std::nullopt;
    if (!open) return failed(ptsl::no_open_session, "no session");
    return about_session(command, body);
}

PtslAnswer PtslSession::about_session(Command command, const Json& body) {
    switch (command) {
    case Command::get_track_list: return ptsl_list("track_list", track_list(), body);
    case Command::get_memory_locations: return ptsl_list("memory_locations", locations, body);
    case Command::get_session_name: return {3, R"({"session_name":"Ballad"})", {}};
    case Command::get_session_path:
        return {
            3, R"({"session_path":{"path":"/Mixes/Ballad.ptx","info":{"is_online":true}}})", {}};
    case Command::get_session_sample_rate: return {3, R"({"sample_rate":"SR_48000"})", {}};
    case Command::get_session_time_code_rate:
        return {3, R"({"current_setting":"STCRate_Fps25","possible_settings":[]})", {}};
    case Command::get_session_start_time: return {3, R"({"session_start_time":"01:00:00:00"})", {}};
    case Command::get_session_length: return {3, R"({"session_length":"00:05:00:00"})", {}};
    case Command::get_session_ids:
        return {3, R"({"origin_id":"o","instance_id":"i-77","parent_id":"p"})", {}};
    case Command::get_transport_state: return {3, Json{{"current_setting", transport}}.dump(), {}};
    case Command::get_transport_armed: return {3, R"({"is_transport_armed":false})", {}};
    case Command::toggle_play_state:
        transport = transport == "TState_TransportPlaying" ? "TState_TransportStopped"
                                                           : "TState_TransportPlaying";
        return {};
    case Command::set_track_mute_state:
        return set_switch(body, &PtslTrack::muted, EventKind::mute_changed);
    case Command::set_track_solo_state:
        return set_switch(body, &PtslTrack::soloed, EventKind::solo_changed);
    case Command::set_track_record_enable_state:
        return set_switch(body, &PtslTrack::armed, EventKind::record_enable_changed);
    case Command::subscribe_to_events:
        for (const Json& each : body["events"]) subscribed_.push_back(each);
        return {};
    case Command::unsubscribe_from_events:
        for (const Json& each : body["events"]) std::erase(subscribed_, each);
        return {};
    case Command::get_track_control_info:
        return {3,
                Json{{"control_info",
                      {{{"control_id", body["control_id"]},
                        {"min_value", -144.0},
                        {"max_value", 12.0},
                        {"steps", 1560}}}}}
                    .dump(),
                {}};
    case Command::get_track_control_breakpoints:
        return {3, Json{{"breakpoints", lanes_[ptsl_lane(body)]}}.dump(), {}};
    case Command::set_track_control_breakpoints:
        lanes_[ptsl_lane(body)] = body["breakpoints"];
        return {};
    default: return failed(ptsl::unsupported_command);
    }
}

Json PtslSession::track_list() const {
    Json list = Json::array();
    int index = 1;
    for (const PtslTrack& each : tracks)
        list.push_back({{"id", each.id},
                        {"name", each.name},
                        {"type", each.type},
                        {"index", index++},
                        {"color", "#ff8000"},
                        {"track_attributes",
                         {{"is_muted", each.muted},
                          {"is_soloed", each.soloed},
                          {"is_record_enabled", each.armed},
                          {"is_hidden", each.hidden},
                          {"is_inactive", "TAState_None"}}}});
    return list;
}

PtslAnswer PtslSession::set_switch(const Json& body, bool PtslTrack::*which, EventKind told) {
    bool any = false;
    for (PtslTrack& each : tracks)
        for (const Json& name : body["track_names"])
            if (name == each.name) {
                each.*which = body["enabled"].get<bool>();
                happen(told, {{"track_id", each.id}, {"state", each.*which}});
                any = true;
            }
    return any ? PtslAnswer{} : failed(107);
}

PtslAnswer PtslSession::failed(Json code, const std::string& message) {
    constexpr int failed = 4;
    return {failed,
            {},
            Json{{"errors",
                  {{{"command_error_type", std::move(code)},
                    {"command_error_message", message},
                    {"is_warning", false}}}}}
                .dump()};
}

void PtslSession::set_by_hand(const std::string& track_id, bool PtslTrack::*which, bool on) {
    for (PtslTrack& each : tracks)
        if (each.id == track_id) each.*which = on;
    happen(which == &PtslTrack::muted    ? EventKind::mute_changed
           : which == &PtslTrack::soloed ? EventKind::solo_changed
                                         : EventKind::record_enable_changed,
           {{"track_id", track_id}, {"state", on}});
}

void PtslSession::close() {
    open = false;
    happen(EventKind::session_closed, Json::object());
}

void PtslSession::happen(EventKind kind, const Json& what) {
    for (const Json& wish : subscribed_) {
        const Json filter = Json::parse(wish["event_data_json"].get<std::string>());
        if (wish["event_id"] != static_cast<int>(kind)) continue;
        if (filter.contains("track_id") && filter["track_id"] != what["track_id"]) continue;
        events_.push_back(
            {{"event", {{"event_id", static_cast<int>(kind)}, {"event_data_json", what.dump()}}}});
    }
}

std::optional<Json> PtslSession::take_event() {
    if (events_.empty()) return std::nullopt;
    Json event = std::move(events_.front());
    events_.pop_front();
    return event;
}

void PtslSession::forget_subscriptions() {
    subscribed_.clear();
    events_.clear();
}

} // namespace prefade::test
