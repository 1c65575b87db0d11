// Mute and solo of a track: which name is its alone, the write, and what the list says after it.
#include "connectors/ptsl/dialect.h"

#include <algorithm>
#include <utility>

namespace prefade::ptsl {
namespace {

std::optional<Command> command_for(Control control) {
    if (control == Control::mute) return Command::set_track_mute_state;
    if (control == Control::solo) return Command::set_track_solo_state;
    return std::nullopt;
}

} // namespace

Result<void> Dialect::encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) {
    const auto command = command_for(move.move().path.control);
    if (!command)
        return Error{ErrorCode::unsupported,
                     profile_.title
                         + " takes mute and solo through its scripting interface, "
                           "and no other move",
                     {}};
    if (!commands_.has(*command)) return missing(*command, commands_.version());
    if (!session_name_)
        return Error{ErrorCode::unavailable, "no session is open in " + profile_.title, {}};
    const auto begun = brackets_.begin(move, now, out);
    ask_next(now, out);
    return begun;
}

void Dialect::request_proof(Token token, const ControlPath& path, TimePoint now, DialectOutput&) {
    unproved_.push_back({token, path, numbers_});
    want(Command::get_track_list, now);
}

/// Answers what was asked before this list was begun; the rest waits for the next one.
void Dialect::prove_all(const std::vector<Track>& tracks, TimePoint now, DialectOutput& out) {
    const auto later =
        std::stable_partition(unproved_.begin(), unproved_.end(),
                              [&](const Unproved& each) { return each.after < list_begun_; });
    const std::vector<Unproved> answered(unproved_.begin(), later);
    unproved_.erase(unproved_.begin(), later);
    for (const Unproved& each : answered)
        brackets_.proof(each.token, prove(each.path, tracks), now, out);
    if (!unproved_.empty()) want(Command::get_track_list, now);
}

Proof Dialect::prove(const ControlPath& path, const std::vector<Track>& tracks) {
    const auto track = std::find_if(tracks.begin(), tracks.end(), [&](const Track& each) {
        const auto id = ids_.find(each.id);
        return id != ids_.end() && id->second == path.strip;
    });
    Proof proof;
    if (track == tracks.end()) {
        proof.mismatch = "its track is not in the session any more";
        return proof;
    }
    const auto bearers = std::count_if(tracks.begin(), tracks.end(),
                                       [&](const Track& each) { return each.name == track->name; });
    if (bearers != 1) {
        proof.mismatch = std::to_string(bearers) + " tracks are called \"" + track->name
                         + "\", and " + profile_.title + " is told a name only";
        return proof;
    }
    proof.same = true;
    proof.address = address_of(track->name);
    const auto& on = path.control == Control::solo ? track->soloed : track->muted;
    if (on) proof.value = *on;
    return proof;
}

Address Dialect::address_of(const std::string& name) {
    auto known = std::find(addresses_.begin(), addresses_.end(), name);
    if (known == addresses_.end()) known = addresses_.insert(known, name);
    return static_cast<Address>(known - addresses_.begin()) + 1;
}

void Dialect::write(const ControlPath& path, Address address, const ControlValue& value, TimePoint,
                    DialectOutput& out) {
    const Command command = *command_for(path.control);
    send(command, track_state_request(addresses_.at(address - 1), std::get<bool>(value)), out);
    writing_.emplace(numbers_, command);
}

void Dialect::note_names(const std::vector<Track>& tracks, TimePoint now) {
    std::map<StripId, Called> called;
    for (const Track& track : tracks) {
        if (!strip_kind(track.type)) continue;
        const StripId id = id_of(track.id);
        const auto known = called_.find(id);
        const bool same = known != called_.end() && known->second.name == track.name;
        called[id] = same ? known->second : Called{track.name, now};
    }
    called_ = std::move(called);
}

/// While the target keeps the name nobody else is called so, but who came or was renamed may have been for a moment. Once
/// it has lost it, any other may.
std::vector<ControlPath> Dialect::bearers(const ControlPath& target, Address address,
                                          TimePoint since) const {
    const auto own = called_.find(target.strip);
    const bool kept = own != called_.end() && own->second.name == addresses_.at(address - 1)
                      && own->second.since < since;
    std::vector<ControlPath> all;
    for (const auto& [strip, called] : called_)
        if (strip != target.strip && (!kept || called.since >= since))
            all.push_back({strip, target.control, {}, 0});
    return all;
}

/// That the host took it proves nothing: the list does. That it did not take it is told to people, and the bracket finds
/// the old value.
void Dialect::written(Command command, const CallMessage& answer, TimePoint now,
                      DialectOutput& out) {
    if (answer.end == CallMessage::End::answered) return;
    if (answer.end == CallMessage::End::away) return lose(answer.why, now, out);
    if (answer.code == no_open_session) return close_session(now, out);
    complain(answer.why, now, out);
    if (answer.code == unsupported_command) note_missing(command, answer, now, out);
}

void Dialect::forget_writes(TimePoint now, DialectOutput& out) {
    brackets_.host_lost(now, out);
    unproved_.clear();
    writing_.clear();
    called_.clear();
}

} // namespace prefade::ptsl
