#include "connectors/ptsl/dialect.h"

#include <algorithm>
#include <utility>

namespace prefade::ptsl {
namespace {

using namespace std::chrono_literals;

// How often what is asked: a list every one or two seconds and the transport a few times a second are cheap for the host.
constexpr Duration search_pause = 2s;
constexpr Duration name_pause = 3s, tracks_pause = 1500ms, transport_pause = 500ms,
                   markers_pause = 10s;
constexpr Duration busy_pause = 5s; ///< before a question that failed is asked again
constexpr Duration patience = 30s;  ///< the wire answers for the host long before
constexpr std::size_t page = 100;
constexpr int no_session = 106;

} // namespace

Dialect::Dialect(const HostProfile& profile, std::string address)
    : profile_(profile),
      address_(std::move(address)),
      tracks_(page),
      locations_(page) {
    want(Command::get_version, {});
}

Capabilities Dialect::capabilities() const {
    Capabilities can = capabilities_of(commands_);
    for (const Capability each : {Capability::write_mute, Capability::write_solo})
        can.set.reset(static_cast<std::size_t>(each)); // this dialect only reads
    return can;
}

void Dialect::observe(Happening what, TimePoint now, DialectOutput& out) {
    out.observed.push_back({now, std::move(what)});
}

/// Told at most once a second.
void Dialect::complain(const std::string& what, TimePoint now, DialectOutput& out) {
    ++complaints_;
    if (now < next_complaint_) return;
    const std::string more = complaints_ > 1 ? " (and " + std::to_string(complaints_ - 1)
                                                   + " more since the last notice)"
                                             : "";
    observe(Noticed{what + more}, now, out);
    next_complaint_ = now + 1s;
    complaints_ = 0;
}

// ---- questions ------------------------------------------------------------------------------

void Dialect::want(Command command, TimePoint at) {
    if (!commands_.has(command)) return;
    const auto [due, added] = due_.emplace(command, at);
    if (!added) due->second = std::min(due->second, at);
}

std::string Dialect::request_of(Command command) const {
    if (command == Command::get_track_list)
        return track_list_request(tracks_.next(), commands_.version());
    if (command == Command::get_memory_locations)
        return memory_locations_request(locations_.next());
    return {};
}

void Dialect::ask_next(TimePoint now, DialectOutput& out) {
    if (asked_) return;
    const auto next = std::min_element(
        due_.begin(), due_.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (next == due_.end() || next->second > now) return;
    const Command command = next->first;
    due_.erase(next);
    asked_ = Asked{++numbers_, command, now};
    CallMessage question;
    question.number = numbers_;
    question.command = name_in(command_names, command);
    question.body = request_of(command);
    out.to_send.emplace_back(std::move(question));
}

TimePoint Dialect::tick(TimePoint now, DialectOutput& out) {
    if (asked_ && now - asked_->at > patience)
        lose("no answer came for " + std::string(name_in(command_names, asked_->command)), now,
             out);
    ask_next(now, out);
    if (asked_) return asked_->at + patience + 1ms;
    TimePoint next = now + search_pause;
    for (const auto& due : due_) next = std::min(next, due.second);
    return next;
}

void Dialect::receive(const WireMessage& message, TimePoint now, DialectOutput& out) {
    const auto* answer = std::get_if<CallMessage>(&message);
    if (answer == nullptr || !asked_ || answer->number != asked_->number) return;
    const Command command = std::exchange(asked_, std::nullopt)->command;
    if (answer->end == CallMessage::End::away) {
        lose(answer->why, now, out);
    } else if (answer->end != CallMessage::End::answered) {
        failed(command, *answer, now, out);
    } else if (const auto taken = take(command, answer->body, now, out); !taken) {
        complain(taken.error().message, now, out);
        want(command, now + busy_pause);
    }
    ask_next(now, out);
}

// ---- life -----------------------------------------------------------------------------------

void Dialect::find(const std::string& body, TimePoint now, DialectOutput& out) {
    const auto version = version_in(body);
    if (!version) {
        complain(version.error().message, now, out);
        return want(Command::get_version, now + search_pause);
    }
    commands_ = Commands(*version);
    found_ = true;
    observe(HostFound{profile_.name, "scripting interface " + to_text(*version), address_}, now,
            out);
    observe(CapabilitiesChanged{capabilities()}, now, out);
    want(Command::get_session_name, now);
}

void Dialect::lose(const std::string& why, TimePoint now, DialectOutput& out) {
    asked_.reset();
    due_.clear();
    commands_ = {};
    tracks_ = TrackListing(page);
    locations_ = MemoryListing(page);
    session_name_.reset();
    clock_ = {};
    listed_.reset();
    told_locations_.reset();
    told_closed_ = false;
    rolling_.reset();
    recording_.reset();
    roll_wanted_.reset();
    want(Command::get_version, now + search_pause);
    if (std::exchange(found_, false)) observe(HostLost{why}, now, out);
}

void Dialect::close_session(TimePoint now, DialectOutput& out) {
    due_.clear();
    tracks_ = TrackListing(page);
    locations_ = MemoryListing(page);
    session_name_.reset();
    clock_ = {};
    want(Command::get_session_name, now + search_pause);
    if (std::exchange(told_closed_, true)) return;
    observe(SessionNamed{}, now, out);
    if (listed_ && !listed_->empty()) observe(StripsListed{{}, true}, now, out);
    if (told_locations_) observe(MarkersListed{}, now, out);
    listed_.reset();
    told_locations_.reset();
    observe(Noticed{"no session is open in " + profile_.title}, now, out);
}

void Dialect::failed(Command command, const CallMessage& answer, TimePoint now,
                     DialectOutput& out) {
    if (answer.code == no_session) return close_session(now, out);
    if (command == Command::toggle_play_state || command == Command::get_transport_state)
        roll_wanted_.reset();
    if (answer.end == CallMessage::End::unsupported) {
        commands_.miss(command);
        observe(CapabilitiesChanged{capabilities()}, now, out);
        return complain(answer.why, now, out);
    }
    complain(answer.why, now, out);
    if (command != Command::toggle_play_state) want(command, now + busy_pause);
}

void Dialect::resync(TimePoint now, DialectOutput&) {
    asked_.reset(); // its answer may be what was dropped
    listed_.reset();
    told_locations_.reset();
    rolling_.reset();
    recording_.reset();
    if (!found_) return want(Command::get_version, now);
    tracks_ = TrackListing(page);
    locations_ = MemoryListing(page);
    want(Command::get_session_name, now);
    if (!session_name_) return;
    for (const Command each :
         {Command::get_track_list, Command::get_transport_state, Command::get_memory_locations})
        want(each, now);
}

// ---- answers --------------------------------------------------------------------------------

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
    session_name_ = *name;
    observe(SessionNamed{*name}, now, out);
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
        tracks_ = TrackListing(page);
        return part.error();
    }
    const auto whole = tracks_.take(std::move(*part));
    if (whole && !*whole) {
        want(Command::get_track_list, now);
        return {};
    }
    auto read = std::exchange(tracks_, TrackListing(page));
    if (!whole && whole.error().code != ErrorCode::unavailable) return whole.error();
    want(Command::get_track_list, now + tracks_pause);
    if (whole) adopt(std::move(read).items(), now, out);
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
    for (const Track& track : tracks) {
        if (!strip_kind(track.type)) continue;
        const StripId id = id_of(track.id);
        if (track.muted) observe(ControlChanged{{id, Control::mute}, *track.muted}, now, out);
        if (track.soloed) observe(ControlChanged{{id, Control::solo}, *track.soloed}, now, out);
        if (track.armed) observe(ArmChanged{id, *track.armed}, now, out);
    }
}

Result<void> Dialect::take_markers(const std::string& body, TimePoint now, DialectOutput& out) {
    auto part = memory_locations_in(body);
    if (!part) {
        locations_ = MemoryListing(page);
        return part.error();
    }
    const auto whole = locations_.take(std::move(*part));
    if (whole && !*whole) {
        want(Command::get_memory_locations, now);
        return {};
    }
    auto read = std::exchange(locations_, MemoryListing(page));
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

// ---- what a person asks ---------------------------------------------------------------------

Result<void> Dialect::encode(const ApprovedMove&, TimePoint, DialectOutput&) {
    return Error{ErrorCode::unsupported,
                 profile_.title + " is only read through its scripting interface",
                 {}};
}

Result<void> Dialect::watch(StripId, InsertId, TimePoint, TimePoint, DialectOutput&) {
    return Error{ErrorCode::unsupported,
                 profile_.title + "'s scripting interface tells no plugin parameters",
                 {}};
}

Result<void> Dialect::transport(bool roll, TimePoint now, DialectOutput& out) {
    if (!found_ || !rolling_)
        return Error{
            ErrorCode::unavailable, profile_.title + " has not told its transport yet", {}};
    if (recording_ == true)
        return Error{
            ErrorCode::refused, profile_.title + " records; its transport is left alone", {}};
    if (!commands_.has(Command::toggle_play_state))
        return missing(Command::toggle_play_state, commands_.version());
    roll_wanted_ = roll;
    want(Command::get_transport_state, now);
    ask_next(now, out);
    return {};
}

} // namespace prefade::ptsl
