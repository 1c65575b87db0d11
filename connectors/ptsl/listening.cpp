// What Pro Tools' answers tell: the session, its tracks, markers and transport.
#include "connectors/ptsl/dialect.h"

#include <algorithm>
#include <utility>

namespace prefade::ptsl {
namespace {

using namespace std::chrono_literals;

// How often what is asked: a list every one or two seconds and the transport a few times a second are cheap for the host.
constexpr Duration name_pause = 3s, tracks_pause = 1500ms, transport_pause = 500ms,
                   markers_pause = 10s;

} // namespace

Result<void> Dialect::take(Command command, const std::string& body, TimePoint now,
                           DialectOutput& out) {
    switch (command) {
    case Command::get_version: find(body, now, out); return {};
    case Command::get_session_name: return take_name(body, now, out);
    case Command::get_track_list: return take_tracks(body, now, out);
    case Command::get_memory_locations: return take_markers(body, now, out);
    case Command::get_transport_state: return take_transport(body, now, out);
    case Command::toggle_play_state: want(Command::get_transport_state, now); return {};
    case Command::get_session_sample_rate: {
        const auto rate = sample_rate_in(body);
        if (!rate) return rate.error();
        clock_.sample_rate = *rate;
        break;
    }
    case Command::get_session_time_code_rate: {
        const auto rate = time_code_rate_in(body);
        if (!rate) return rate.error();
        clock_.rate = *rate;
        break;
    }
    case Command::get_session_start_time: {
        const auto start = text_in(body, "session_start_time");
        if (!start) return start.error();
        clock_.start = *start;
        break;
    }
    default: break;
    }
    told_locations_.reset(); // their times are by this clock
    want(Command::get_memory_locations, now);
    return {};
}

Result<void> Dialect::take_name(const std::string& body, TimePoint now, DialectOutput& out) {
    const auto name = text_in(body, "session_name");
    if (!name) return name.error();
    want(Command::get_session_name, now + name_pause);
    told_closed_ = false;
    if (*name == session_name_) return {};
    if (session_name_) { // opened in its place: nothing that was known of tracks holds for these
        forget_writes(now, out);
        tracks_ = TrackListing(list_part);
        locations_ = MemoryListing(list_part);
        told_locations_.reset();
    }
    const bool is_another = session_name_.has_value();
    session_name_ = *name;
    observe(SessionNamed{*name}, now, out);
    if (is_another) {
        observe(StripsListed{{}, true}, now, out);
        observe(MarkersListed{}, now, out);
        listed_.emplace();
    }
    for (const Command each :
         {Command::get_session_sample_rate, Command::get_session_time_code_rate,
          Command::get_session_start_time})
        want(each, now);
    want(Command::get_track_list, now);
    want(Command::get_transport_state, now);
    return {};
}

Result<void> Dialect::take_tracks(const std::string& body, TimePoint now, DialectOutput& out) {
    auto part = track_list_in(body);
    if (!part) {
        tracks_ = TrackListing(list_part);
        return part.error();
    }
    const auto whole = tracks_.take(std::move(*part));
    if (whole && !*whole) {
        want(Command::get_track_list, now);
        return {};
    }
    auto read = std::exchange(tracks_, TrackListing(list_part));
    if (!whole && whole.error().code != ErrorCode::unavailable) return whole.error();
    want(Command::get_track_list, now + tracks_pause);
    if (!whole) {
        if (!unproved_.empty()) want(Command::get_track_list, now);
        return {};
    }
    const std::vector<Track> tracks = std::move(read).items();
    note_names(tracks, now);
    adopt(tracks, now, out);
    list_told_ = list_begun_;
    prove_all(tracks, now, out);
    if (look_wanted_ >= list_told_) want(Command::get_track_list, now);
    return {};
}

StripId Dialect::id_of(const std::string& track_id) {
    const auto next = static_cast<std::uint32_t>(ids_.size() + 1);
    return ids_.emplace(track_id, StripId{next}).first->second;
}

void Dialect::adopt(const std::vector<Track>& tracks, TimePoint now, DialectOutput& out) {
    std::vector<Listed> strips;
    for (const Track& track : tracks)
        if (const auto kind = strip_kind(track.type))
            strips.push_back({id_of(track.id), track.name, *kind, track.hidden});
    const bool same_order =
        listed_
        && std::equal(strips.begin(), strips.end(), listed_->begin(), listed_->end(),
                      [](const Listed& a, const Listed& b) { return a.id == b.id; });
    if (same_order)
        for (std::size_t i = 0; i < strips.size(); ++i)
            if (strips[i].name != (*listed_)[i].name) {
                observe(StripRenamed{strips[i].id, strips[i].name}, now, out);
                (*listed_)[i].name = strips[i].name;
            }
    if (!listed_ || *listed_ != strips) {
        StripsListed told;
        told.structure_changed = listed_ && !same_order;
        for (const Listed& strip : strips)
            told.strips.push_back({strip.id, strip.name, false, strip.kind, strip.hidden, false});
        observe(std::move(told), now, out);
        listed_ = std::move(strips);
    }
    std::vector<std::string> followed;
    for (const Track& track : tracks) {
        if (!strip_kind(track.type)) continue;
        followed.push_back(track.id);
        const StripId id = id_of(track.id);
        tell({id, Control::mute}, track.muted, now, out);
        tell({id, Control::solo}, track.soloed, now, out);
        if (track.armed) observe(ArmChanged{id, *track.armed}, now, out);
    }
    events_.follow(followed);
}

void Dialect::tell(const ControlPath& path, std::optional<bool> on, TimePoint now,
                   DialectOutput& out) {
    if (!on) return;
    observe(ControlChanged{path, *on}, now, out);
    brackets_.observe(path, *on, now, out);
}

Result<void> Dialect::take_markers(const std::string& body, TimePoint now, DialectOutput& out) {
    auto part = memory_locations_in(body);
    if (!part) {
        locations_ = MemoryListing(list_part);
        return part.error();
    }
    const auto whole = locations_.take(std::move(*part));
    if (whole && !*whole) {
        want(Command::get_memory_locations, now);
        return {};
    }
    auto read = std::exchange(locations_, MemoryListing(list_part));
    if (!whole && whole.error().code != ErrorCode::unavailable) return whole.error();
    want(Command::get_memory_locations, now + markers_pause);
    if (!whole) return {};
    auto locations = std::move(read).items();
    if (told_locations_ == locations) return {};
    observe(MarkersListed{markers_of(locations, clock_)}, now, out);
    told_locations_ = std::move(locations);
    return {};
}

Result<void> Dialect::take_transport(const std::string& body, TimePoint now, DialectOutput& out) {
    const auto state = transport_state_in(body);
    if (!state) {
        roll_wanted_.reset();
        return state.error();
    }
    want(Command::get_transport_state, now + transport_pause);
    TransportChanged changed;
    if (rolling_ != state->rolling) changed.rolling = rolling_ = state->rolling;
    if (recording_ != state->recording) changed.recording = recording_ = state->recording;
    if (changed.rolling || changed.recording) observe(changed, now, out);
    const auto wanted = std::exchange(roll_wanted_, std::nullopt);
    if (!wanted || *wanted == state->rolling) return {};
    if (state->recording)
        complain(profile_.title + " began to record; its transport is left alone", now, out);
    else
        want(Command::toggle_play_state, now);
    return {};
}

} // namespace prefade::ptsl
