#include "connectors/ptsl/answers.h"

#include "connectors/ptsl/reading.h"

#include <algorithm>
#include <set>

namespace prefade::ptsl {
namespace {

/// Names as the host spells them, without prefixes.
constexpr Names<TrackType, 17> track_type_names{{
    {TrackType::unknown, "Unknown"},
    {TrackType::midi, "Midi"},
    {TrackType::audio, "Audio"},
    {TrackType::aux, "Aux"},
    {TrackType::video, "Video"},
    {TrackType::vca, "Vca"},
    {TrackType::tempo, "Tempo"},
    {TrackType::markers, "Markers"},
    {TrackType::meter, "Meter"},
    {TrackType::key_signature, "KeySignature"},
    {TrackType::chord_symbols, "ChordSymbols"},
    {TrackType::instrument, "Instrument"},
    {TrackType::master, "Master"},
    {TrackType::heat, "Heat"},
    {TrackType::basic_folder, "BasicFolder"},
    {TrackType::routing_folder, "RoutingFolder"},
    {TrackType::comp_lane, "CompLane"},
}};

/// TT_Audio, TType_Audio, AudioTrack, 2.
TrackType track_type_of(const Json& value) {
    if (const auto number = integer_of(value)) {
        const auto last = static_cast<std::int64_t>(TrackType::comp_lane);
        return *number >= 0 && *number <= last ? static_cast<TrackType>(*number)
                                               : TrackType::unknown;
    }
    std::string_view name = bare_name(value);
    constexpr std::string_view suffix = "Track";
    if (name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix)
        name.remove_suffix(suffix.size());
    return value_in(track_type_names, name).value_or(TrackType::unknown);
}

/// A TrackAttributeState: 0 and 1 (None) are not set, 2 to 4 are, in one way or another.
bool is_set(const Json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (const auto number = integer_of(value)) return *number >= 2;
    return bare_name(value).substr(0, 3) == "Set";
}

Result<Track> track_of(const Json& json) {
    Track track;
    track.id = string_of(json, "id");
    track.name = string_of(json, "name");
    if (track.id.empty() || track.name.empty())
        return broken("a track in its list has no id or no name");
    track.type = track_type_of(at(json, "type"));
    if (const auto index = integer_of(at(json, "index")))
        track.index = static_cast<int>(std::clamp<std::int64_t>(*index, 0, 1'000'000));
    track.color = string_of(json, "color");
    const Json& attributes = at(json, "track_attributes");
    track.muted = flag_of(at(attributes, "is_muted"));
    track.soloed = flag_of(at(attributes, "is_soloed"));
    track.armed = flag_of(at(attributes, "is_record_enabled"));
    track.hidden = is_set(at(attributes, "is_hidden"));
    track.inactive = is_set(at(attributes, "is_inactive"));
    return track;
}

std::optional<std::size_t> total_of(const Json& json) {
    const Json& page = at(json, "pagination_response");
    const auto total = integer_of(at(page.is_object() ? page : at(json, "stats"), "total"));
    if (!total || *total < 0) return std::nullopt;
    return static_cast<std::size_t>(*total);
}

Json page_of(const Page& page) { return {{"limit", page.limit}, {"offset", page.offset}}; }

struct FrameRate {
    std::string_view name; ///< digits as the host spells them behind a prefix (UNCERTAIN)
    TimeCodeRate rate;
};
/// SessionTimeCodeRate, 1 to 19.
constexpr FrameRate frame_rates[] = {
    {"23976", {24, false, true}},     {"24", {24, false, false}},
    {"25", {25, false, false}},       {"2997", {30, false, true}},
    {"2997Drop", {30, true, true}},   {"30", {30, false, false}},
    {"30Drop", {30, true, false}},    {"47952", {48, false, true}},
    {"48", {48, false, false}},       {"50", {50, false, false}},
    {"5994", {60, false, true}},      {"5994Drop", {60, true, true}},
    {"60", {60, false, false}},       {"60Drop", {60, true, false}},
    {"100", {100, false, false}},     {"11988", {120, false, true}},
    {"11988Drop", {120, true, true}}, {"120", {120, false, false}},
    {"120Drop", {120, true, false}},
};

} // namespace

std::optional<StripKind> strip_kind(TrackType type) noexcept {
    switch (type) {
    case TrackType::audio: return StripKind::audio_track;
    case TrackType::midi:
    case TrackType::instrument: return StripKind::midi_track;
    case TrackType::aux:
    case TrackType::routing_folder: return StripKind::audio_bus;
    case TrackType::vca: return StripKind::vca;
    case TrackType::master: return StripKind::master;
    case TrackType::unknown:
    case TrackType::basic_folder: return StripKind::other;
    case TrackType::video:
    case TrackType::tempo:
    case TrackType::markers:
    case TrackType::meter:
    case TrackType::key_signature:
    case TrackType::chord_symbols:
    case TrackType::heat:
    case TrackType::comp_lane: return std::nullopt;
    }
    return std::nullopt;
}

std::string track_list_request(const Page& page, const Version& version) {
    constexpr int all = 1; // TrackListFilter
    Json body{{"pagination_request", page_of(page)},
              {"track_filter_list", Json::array({{{"filter", all}, {"is_inverted", false}}})},
              {"is_filter_list_additive", true}};
    if (version < Version{2}) body["page_limit"] = page.limit;
    return body.dump();
}

Result<Part<Track>> track_list_in(std::string_view body) {
    const auto json = object_in(body);
    if (!json) return json.error();
    Part<Track> part;
    std::set<std::string> ids;
    const auto list = list_in(*json, "track_list");
    if (!list) return list.error();
    for (const Json& each : **list) {
        auto track = track_of(each);
        if (!track) return track.error();
        if (!ids.insert(track->id).second) return broken("two tracks in its list have one id");
        part.items.push_back(std::move(*track));
    }
    part.total = total_of(*json);
    return part;
}

Result<std::uint32_t> sample_rate_in(std::string_view body) {
    const auto json = object_in(body);
    if (!json) return json.error();
    constexpr std::int64_t lowest = 8'000, highest = 768'000;
    for (const char* member : {"sample_rate", "current_setting"}) {
        auto rate = integer_of(at(*json, member));
        if (!rate) rate = integer_of(Json(std::string(bare_name(at(*json, member))))); // SR_48000
        if (rate && *rate >= lowest && *rate <= highest) return static_cast<std::uint32_t>(*rate);
    }
    return broken("its sample rate is no number of Hz");
}

Result<TimeCodeRate> time_code_rate_in(std::string_view body) {
    const auto json = object_in(body);
    if (!json) return json.error();
    const Json& setting = at(*json, "current_setting");
    if (const auto number = integer_of(setting)) {
        if (*number >= 1 && *number <= static_cast<std::int64_t>(std::size(frame_rates)))
            return frame_rates[*number - 1].rate;
    } else {
        std::string_view name = bare_name(setting);
        constexpr std::string_view prefix = "Fps";
        if (name.substr(0, prefix.size()) == prefix) name.remove_prefix(prefix.size());
        for (const FrameRate& each : frame_rates)
            if (each.name == name) return each.rate;
    }
    return broken("its time code rate is none that is known here");
}

Result<std::string> text_in(std::string_view body, const char* member) {
    const auto json = object_in(body);
    if (!json) return json.error();
    const Json& value = at(*json, member);
    if (!value.is_string()) return broken(std::string("it told no ") + member);
    return value.get<std::string>();
}

Result<std::string> session_path_in(std::string_view body) {
    const auto json = object_in(body);
    if (!json) return json.error();
    const Json& path = at(*json, "session_path");
    const Json& text = path.is_object() ? at(path, "path") : path;
    if (!text.is_string()) return broken("it told no session_path");
    return text.get<std::string>();
}

Result<bool> flag_in(std::string_view body, const char* member) {
    const auto json = object_in(body);
    if (!json) return json.error();
    if (const auto flag = flag_of(at(*json, member))) return *flag;
    return broken(std::string("it told no ") + member);
}

Result<Version> version_in(std::string_view body) {
    const auto json = object_in(body);
    if (!json) return json.error();
    const auto number = integer_of(at(*json, "version"));
    if (!number || *number < 1 || *number > 9999) return broken("its version is no number");
    const auto part = [&](const char* member) { // left out where it is 0
        const auto value = integer_of(at(*json, member)).value_or(0);
        return static_cast<int>(std::clamp<std::int64_t>(value, 0, 9999));
    };
    return Version{static_cast<int>(*number), part("version_minor"), part("version_revision")};
}

std::vector<Marker> markers_of(const std::vector<MemoryLocation>& locations,
                               const SessionClock& clock) {
    std::vector<Marker> markers;
    for (const MemoryLocation& location : locations)
        if (const auto seconds = seconds_in(location.start, clock))
            markers.push_back({location.name, *seconds});
    std::stable_sort(markers.begin(), markers.end(),
                     [](const Marker& a, const Marker& b) { return a.seconds < b.seconds; });
    return markers;
}

std::string memory_locations_request(const Page& page) {
    return Json{{"pagination_request", page_of(page)}}.dump();
}

Result<Part<MemoryLocation>> memory_locations_in(std::string_view body) {
    const auto json = object_in(body);
    if (!json) return json.error();
    Part<MemoryLocation> part;
    const auto list = list_in(*json, "memory_locations");
    if (!list) return list.error();
    for (const Json& each : **list) {
        const auto number = integer_of(at(each, "number"));
        if (!number || *number < 0 || *number > 1'000'000)
            return broken("a memory location has no number");
        part.items.push_back(
            {static_cast<int>(*number), string_of(each, "name"), string_of(each, "start_time")});
    }
    part.total = total_of(*json);
    return part;
}

Result<TransportState> transport_state_in(std::string_view body) {
    const auto json = object_in(body);
    if (!json) return json.error();
    const Json& setting = at(*json, "current_setting");
    constexpr std::string_view names[] = {"Playing",
                                          "Stopped",
                                          "Recording",
                                          "PlayingHalfSpeed",
                                          "RecordingHalfSpeed",
                                          "FastForward",
                                          "Rewind",
                                          "Scrub",
                                          "Shuttle",
                                          "Primed",
                                          "IsCueing",
                                          "IsCued",
                                          "IsCuedForPreview",
                                          "IsStopping",
                                          "IsPreviewing"};
    std::string_view name;
    if (const auto number = integer_of(setting)) {
        if (*number >= 1 && *number <= static_cast<std::int64_t>(std::size(names)))
            name = names[*number - 1];
    } else {
        name = bare_name(setting);
        constexpr std::string_view prefix = "Transport";
        if (name.substr(0, prefix.size()) == prefix) name.remove_prefix(prefix.size());
        if (std::find(std::begin(names), std::end(names), name) == std::end(names)) name = {};
    }
    if (name.empty()) return broken("its transport is in a state that is not known here");
    TransportState state;
    state.name = name;
    state.recording = name == "Recording" || name == "RecordingHalfSpeed";
    state.rolling = state.recording || name == "Playing" || name == "PlayingHalfSpeed"
                    || name == "IsPreviewing";
    return state;
}

std::string track_state_request(const std::string& name, bool enabled) {
    return text_of({{"track_names", {name}}, {"enabled", enabled}});
}

std::string events_request(const std::vector<Subscription>& subscriptions) {
    Json events = Json::array();
    for (const Subscription& each : subscriptions) {
        const Json filter =
            each.track_id.empty() ? Json::object() : Json{{"track_id", each.track_id}};
        events.push_back(
            {{"event_id", static_cast<int>(each.kind)}, {"event_data_json", text_of(filter)}});
    }
    return text_of({{"events", std::move(events)}});
}

Result<std::optional<Event>> event_in(std::string_view body) {
    constexpr Names<EventKind, 9> names{{
        {EventKind::session_opened, "SessionOpened"},
        {EventKind::session_created, "SessionCreated"},
        {EventKind::session_closed, "SessionClosed"},
        {EventKind::record_enable_changed, "TrackRecordEnabledStateChanged"},
        {EventKind::menu_item_selected, "MenuItemSelected"},
        {EventKind::input_monitor_changed, "TrackInputMonitorStateChanged"},
        {EventKind::solo_changed, "TrackSoloStateChanged"},
        {EventKind::mute_changed, "TrackMuteStateChanged"},
        {EventKind::batch_job_changed, "BatchJobStatusChanged"},
    }};
    const auto json = object_in(body);
    if (!json) return json.error();
    const Json& event = at(*json, "event");
    if (!event.is_object() || event.empty()) return std::optional<Event>{};
    Event told;
    const Json& id = at(event, "event_id");
    if (const auto number = integer_of(id); number && *number >= 1 && *number <= 9)
        told.kind = static_cast<EventKind>(*number);
    else if (const auto named = value_in(names, bare_name(id)))
        told.kind = *named;
    else
        return broken("an event is of a kind that is not known here");
    const auto happened = object_in(string_of(event, "event_data_json"));
    if (!happened) return happened.error();
    told.track_id = string_of(*happened, "track_id");
    const Json& state = at(*happened, "state");
    if (told.kind == EventKind::input_monitor_changed)
        told.state = is_set(state);
    else
        told.state = flag_of(state);
    return std::optional{std::move(told)};
}

std::string register_request() {
    return Json{{"company_name", "Prefade"}, {"application_name", "Prefade"}}.dump();
}

} // namespace prefade::ptsl
