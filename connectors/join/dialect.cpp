#include "connectors/join/dialect.h"

#include <algorithm>
#include <utility>

namespace prefade {
namespace {

using namespace std::chrono_literals;

/// Both doors are read at their own pace: what does not fit for a moment is nothing to tell people.
constexpr Duration misfit_patience = 10s;

/// Strips of a surface that is alone are none of the tracks.
constexpr std::uint32_t alone_from = 1'000'000;

bool is_switch(Control control) { return control == Control::mute || control == Control::solo; }

} // namespace

JoinedDialect::JoinedDialect(Setup setup, std::unique_ptr<Dialect> surface,
                             std::unique_ptr<TrackDoor> tracks)
    : setup_(std::move(setup)),
      surface_(std::move(surface)),
      tracks_(std::move(tracks)) {}

Capabilities JoinedDialect::capabilities() const {
    if (!tracks_are_there_) return surface_->capabilities();
    if (!surface_is_there_) return tracks_->capabilities();
    Capabilities both = surface_->capabilities();
    const bool all_in_sight = both.has(Capability::sees_all_strips);
    both.set |= tracks_->capabilities().set;
    both.set.set(static_cast<std::size_t>(Capability::sees_all_strips), all_in_sight);
    return both;
}

void JoinedDialect::receive(const WireMessage& message, TimePoint now, DialectOutput& out) {
    const Moment m{now, out};
    DialectOutput said;
    if (std::holds_alternative<CallMessage>(message)) {
        tracks_->receive(message, now, said);
        take_tracks(std::move(said), m);
    } else {
        surface_->receive(message, now, said);
        take_surface(std::move(said), m);
    }
    settle(m);
}

TimePoint JoinedDialect::tick(TimePoint now, DialectOutput& out) {
    const Moment m{now, out};
    DialectOutput by_tracks, by_surface;
    TimePoint next = tracks_->tick(now, by_tracks);
    take_tracks(std::move(by_tracks), m);
    next = std::min(next, surface_->tick(now, by_surface));
    take_surface(std::move(by_surface), m);
    settle(m);
    complain(m);
    if (uncertain_since_ && complaint_.empty())
        next = std::min(next, *uncertain_since_ + misfit_patience);
    return std::min(next, moves_due());
}

void JoinedDialect::resync(TimePoint now, DialectOutput& out) {
    const Moment m{now, out};
    DialectOutput by_tracks, by_surface;
    tracks_->resync(now, by_tracks);
    surface_->resync(now, by_surface);
    take_tracks(std::move(by_tracks), m);
    take_surface(std::move(by_surface), m);
}

void JoinedDialect::farewell(DialectOutput& out) {
    tracks_->farewell(out);
    surface_->farewell(out);
}

Result<void> JoinedDialect::transport(bool roll, TimePoint now, DialectOutput& out) {
    const bool by_tracks = tracks_are_there_ && tracks_->capabilities().has(Capability::transport);
    Dialect& door = by_tracks ? *tracks_ : *surface_;
    return door.transport(roll, now, out);
}

Result<void> JoinedDialect::watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                                  DialectOutput& out) {
    const auto own = strip_of(strip);
    if (!own) return Error{ErrorCode::refused, why_not(strip), {}};
    return surface_->watch(*own, insert, until, now, out);
}

// ---- what the tracks' door tells --------------------------------------------------------------

void JoinedDialect::take_tracks(DialectOutput said, const Moment& m) {
    for (WireMessage& message : said.to_send) m.out.to_send.push_back(std::move(message));
    for (const Observation& told : said.observed) hear_tracks(told, m);
}

void JoinedDialect::hear_tracks(const Observation& told, const Moment& m) {
    const Happening& what = told.what;
    if (const auto* lost = std::get_if<HostLost>(&what)) return lose_tracks(*lost, m);
    if (const auto* found = std::get_if<HostFound>(&what)) {
        tracks_are_there_ = true;
        list_.clear();
        track_of_.clear();
        m.tell(HostFound{setup_.host, found->version, setup_.address});
        return m.tell(CapabilitiesChanged{capabilities()});
    }
    if (std::holds_alternative<CapabilitiesChanged>(what))
        return m.tell(CapabilitiesChanged{capabilities()});
    m.out.observed.push_back(told);
    if (const auto* listed = std::get_if<StripsListed>(&what)) {
        list_ = listed->strips;
        rematch(m);
    } else if (const auto* renamed = std::get_if<StripRenamed>(&what)) {
        for (auto& each : list_)
            if (each.id == renamed->strip) each.name = renamed->name;
        rematch(m);
    }
}

void JoinedDialect::lose_tracks(const HostLost& lost, const Moment& m) {
    if (!std::exchange(tracks_are_there_, false)) return;
    list_.clear();
    rematch(m);
    settle(m);
    if (!surface_is_there_) return m.tell(lost);
    m.tell(Noticed{lost.reason + "; the control surface goes on alone"});
    stand_alone(m);
}

/// The surface is the host: told as if it were found just now, with all it has shown.
void JoinedDialect::stand_alone(const Moment& m) {
    m.tell(HostFound{setup_.host, surface_version_, setup_.address});
    m.tell(CapabilitiesChanged{capabilities()});
    if (transport_.rolling || transport_.recording) m.tell(transport_);
    if (strips_.empty()) return;
    tell_surface_list(true, m);
    for (const auto& each : strips_) recall(each.id, m);
    for (const auto& [strip, is_armed] : armed_) m.tell(ArmChanged{*joint(strip), is_armed});
}

// ---- what the surface tells -------------------------------------------------------------------

void JoinedDialect::take_surface(DialectOutput said, const Moment& m) {
    for (WireMessage& message : said.to_send) m.out.to_send.push_back(std::move(message));
    for (const Observation& told : said.observed) hear_surface(told, m);
}

void JoinedDialect::hear_surface(const Observation& told, const Moment& m) {
    if (hear_life_of_surface(told.what, m) || hear_move(told, m)) return;
    if (const auto* transport = std::get_if<TransportChanged>(&told.what)) {
        if (transport->rolling) transport_.rolling = transport->rolling;
        if (transport->recording) transport_.recording = transport->recording;
    } else if (const auto* arm = std::get_if<ArmChanged>(&told.what)) {
        armed_[arm->strip] = arm->armed;
    } else if (const auto* changed = std::get_if<ControlChanged>(&told.what)) {
        shown_[changed->path] = {changed->value, told.at};
        if (tracks_are_there_ && is_switch(changed->path.control)) return; // the list tells it
    }
    tell_of_surface(told, m);
}

/// Coming and going, its strips and their names. False for all else.
bool JoinedDialect::hear_life_of_surface(const Happening& what, const Moment& m) {
    if (const auto* found = std::get_if<HostFound>(&what)) {
        surface_is_there_ = true;
        surface_version_ = found->version;
        if (tracks_are_there_)
            m.tell(CapabilitiesChanged{capabilities()});
        else
            stand_alone(m);
    } else if (const auto* lost = std::get_if<HostLost>(&what)) {
        surface_is_there_ = false;
        strips_.clear();
        shown_.clear();
        transport_ = {};
        armed_.clear();
        rematch(m);
        if (!tracks_are_there_) {
            m.tell(*lost);
        } else {
            m.tell(Noticed{lost->reason + "; faders and meters are not seen until it is back"});
            m.tell(CapabilitiesChanged{capabilities()});
        }
    } else if (const auto* listed = std::get_if<StripsListed>(&what)) {
        strips_ = listed->strips;
        const auto is_gone = [&](StripId id) {
            return std::none_of(strips_.begin(), strips_.end(), [&](const auto& strip) {
                return strip.id == id && !strip.identity_broken;
            });
        };
        std::erase_if(shown_, [&](const auto& each) { return is_gone(each.first.strip); });
        std::erase_if(armed_, [&](const auto& each) { return is_gone(each.first); });
        if (!tracks_are_there_) tell_surface_list(listed->structure_changed, m);
        rematch(m);
        if (tracks_are_there_) tracks_->look_again(m.now, m.out);
    } else if (const auto* renamed = std::get_if<StripRenamed>(&what)) {
        for (auto& each : strips_)
            if (each.id == renamed->strip) each.name = renamed->name;
        if (!tracks_are_there_) m.tell(StripRenamed{*joint(renamed->strip), renamed->name});
        rematch(m);
        if (tracks_are_there_) tracks_->look_again(m.now, m.out);
    } else if (std::holds_alternative<CapabilitiesChanged>(what)) {
        m.tell(CapabilitiesChanged{capabilities()});
    } else {
        return false;
    }
    return true;
}

/// By the joint id. What is about a strip that is certainly nobody's is not told, nor what the list tells better.
void JoinedDialect::tell_of_surface(Observation told, const Moment& m) {
    const bool listed_better = std::holds_alternative<ArmChanged>(told.what)
                               || std::holds_alternative<TransportChanged>(told.what);
    if (listed_better && tracks_are_there_) return;
    const bool tellable = std::visit(
        [&](auto& what) {
            StripId* strip = nullptr;
            if constexpr (requires { what.path.strip; })
                strip = &what.path.strip;
            else if constexpr (requires { what.strip = StripId{}; })
                strip = &what.strip;
            if (!strip) return true;
            const auto own = joint(*strip);
            if (own) *strip = *own;
            return own.has_value();
        },
        told.what);
    if (tellable) m.out.observed.push_back(std::move(told));
}

void JoinedDialect::tell_surface_list(bool structure_changed, const Moment& m) {
    StripsListed told{strips_, structure_changed};
    for (auto& each : told.strips) each.id = *joint(each.id);
    m.tell(std::move(told));
}

/// What the surface has shown of a strip, with the time it was shown.
void JoinedDialect::recall(StripId surface, const Moment& m) {
    for (const auto& [path, held] : shown_)
        if (path.strip == surface && !(tracks_are_there_ && is_switch(path.control)))
            tell_of_surface({held.at, ControlChanged{path, held.value}}, m);
}

// ---- which is which -----------------------------------------------------------------------------

std::optional<StripId> JoinedDialect::joint(StripId surface) const {
    if (!tracks_are_there_) return StripId{alone_from + surface.value};
    const auto track = track_of_.find(surface);
    return track == track_of_.end() ? std::nullopt : std::optional{track->second};
}

std::optional<StripId> JoinedDialect::strip_of(StripId track) const {
    if (!tracks_are_there_)
        return track.value > alone_from ? std::optional{StripId{track.value - alone_from}}
                                        : std::nullopt;
    for (const auto& [strip, its_track] : track_of_)
        if (its_track == track) return strip;
    return std::nullopt;
}

void JoinedDialect::rematch(const Moment& m) {
    std::vector<std::string> shown, names;
    std::vector<StripId> tracks;
    for (const auto& each : strips_) shown.push_back(each.name);
    for (const auto& each : list_)
        if (!each.hidden) {
            names.push_back(each.name);
            tracks.push_back(each.id);
        }
    const auto before = std::exchange(track_of_, {});
    matches_ = match(shown, names, setup_.letters);
    bool all = true;
    for (std::size_t i = 0; i < strips_.size(); ++i) {
        if (matches_[i].kind == StripMatch::Kind::certain)
            track_of_[strips_[i].id] = tracks[matches_[i].track];
        else
            all = false;
    }
    if (!joined() || all || list_.empty()) {
        uncertain_since_.reset();
        complaint_.clear();
    } else if (!uncertain_since_) {
        uncertain_since_ = m.now;
    }
    if (!joined()) return;
    for (const auto& [strip, track] : track_of_) {
        const auto old = before.find(strip);
        if (old == before.end() || old->second != track) recall(strip, m);
    }
}

/// Told once for each way of not being certain.
void JoinedDialect::complain(const Moment& m) {
    if (!uncertain_since_ || m.now - *uncertain_since_ < misfit_patience) return;
    std::string names;
    for (std::size_t i = 0; i < strips_.size(); ++i)
        if (matches_[i].kind != StripMatch::Kind::certain && names.size() < 60)
            names += (names.empty() ? "\"" : ", \"") + strips_[i].name + '"';
    const std::string text =
        std::to_string(strips_.size() - track_of_.size()) + " of the "
        + std::to_string(strips_.size())
        + " strips on the control surface are no track of the session for certain (" + names
        + "): faders of what is not certain are neither shown nor moved";
    if (text == complaint_) return;
    complaint_ = text;
    m.tell(Noticed{text});
}

std::string JoinedDialect::why_not(StripId track) const {
    const auto own = std::find_if(list_.begin(), list_.end(),
                                  [&](const auto& each) { return each.id == track; });
    if (own == list_.end()) return "its track is not in the session any more";
    if (!surface_is_there_)
        return setup_.title + " does not speak to its control surface; faders are moved there";
    if (own->hidden) return "a hidden track has no strip on the control surface";
    for (std::size_t i = 0; i < strips_.size(); ++i) {
        if (matches_[i].kind == StripMatch::Kind::none)
            return "the names on the control surface do not fit the tracks of the session, in "
                   "their order";
        if (matches_[i].kind == StripMatch::Kind::certain
            || !may_stand_for(strips_[i].name, own->name, setup_.letters))
            continue;
        return matches_[i].kind == StripMatch::Kind::shared
                   ? "several strips on the control surface show \"" + strips_[i].name + '"'
                   : "the strip that shows \"" + strips_[i].name
                         + "\" on the control surface may be that of several tracks";
    }
    return "no strip on the control surface shows it";
}

} // namespace prefade
