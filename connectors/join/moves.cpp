// Which door a move takes, and the looks at the tracks before and after one that takes the surface.
#include "connectors/join/dialect.h"

#include <algorithm>
#include <utility>

namespace prefade {
namespace {

using namespace std::chrono_literals;

constexpr Duration look_deadline = 3s; ///< a list of tracks is told well within

std::optional<Capability> switch_of_tracks(Control control) {
    if (control == Control::mute) return Capability::write_mute;
    if (control == Control::solo) return Capability::write_solo;
    return std::nullopt;
}

} // namespace

Result<void> JoinedDialect::encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) {
    const Moment m{now, out};
    const ControlPath& path = move.move().path;
    const auto by_tracks = switch_of_tracks(path.control);
    if (tracks_are_there_ && by_tracks && tracks_->capabilities().has(*by_tracks)) {
        DialectOutput said;
        auto begun = tracks_->encode(move, now, said);
        take_tracks(std::move(said), m);
        return begun;
    }
    const auto strip = strip_of(path.strip);
    if (!strip) return Error{ErrorCode::refused, why_not(path.strip), {}};
    if (tracks_are_there_) {
        waiting_.push_back({move, tracks_->look_again(now, out), now + look_deadline});
        return {};
    }
    DialectOutput said;
    auto begun = surface_->encode(move.at_door(*strip), now, said);
    take_surface(std::move(said), m);
    return begun;
}

void JoinedDialect::halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) {
    const Moment m{now, out};
    std::erase_if(waiting_, [&](const Waiting& each) {
        const MoveId id = each.move.move().id;
        if (move && id != *move) return false;
        m.tell(WriteRefused{id, "stopped before anything was sent"});
        return true;
    });
    DialectOutput by_tracks, by_surface;
    tracks_->halt(move, now, by_tracks);
    take_tracks(std::move(by_tracks), m);
    surface_->halt(move, now, by_surface);
    take_surface(std::move(by_surface), m);
}

/// What became of a move on the surface. False for all else, and for what needs no second look.
bool JoinedDialect::hear_move(const Observation& told, const Moment& m) {
    if (const auto* proved = std::get_if<WriteProved>(&told.what)) {
        const auto running = running_.extract(proved->move);
        if (!running) return false; // the surface was alone
        const auto look = tracks_are_there_ ? tracks_->look_again(m.now, m.out) : 0;
        proved_.push_back({told, proved->move, running.mapped(), look, m.now + look_deadline});
        return true;
    }
    if (const auto* misled = std::get_if<WriteMisled>(&told.what)) {
        Observation known = told;
        auto& hit = std::get<WriteMisled>(known.what).hit.strip;
        hit = joint(misled->hit.strip).value_or(StripId{}); // nobody's for certain
        m.out.observed.push_back(std::move(known));
        return true;
    }
    std::visit(
        [&](const auto& what) {
            using What = std::decay_t<decltype(what)>;
            if constexpr (
                std::is_same_v<
                    What,
                    WriteSuperseded> || std::is_same_v<What, WriteRefused> || std::is_same_v<What, WriteUnproved> || std::is_same_v<What, WriteFailed>)
                running_.erase(what.move);
        },
        told.what);
    return false;
}

/// Begins and ends what a look has been waited for.
void JoinedDialect::settle(const Moment& m) {
    const auto over = [&](TrackDoor::Look look, TimePoint until) {
        return !tracks_are_there_ || tracks_->has_seen(look) || m.now >= until;
    };
    const auto later =
        std::stable_partition(waiting_.begin(), waiting_.end(),
                              [&](const Waiting& each) { return over(each.look, each.until); });
    const std::vector<Waiting> begun(waiting_.begin(), later);
    waiting_.erase(waiting_.begin(), later);
    for (const Waiting& each : begun) start(each, m);
    const auto open =
        std::stable_partition(proved_.begin(), proved_.end(),
                              [&](const Proved& each) { return over(each.look, each.until); });
    const std::vector<Proved> ended(proved_.begin(), open);
    proved_.erase(proved_.begin(), open);
    for (const Proved& each : ended)
        finish(each, tracks_are_there_ && tracks_->has_seen(each.look), m);
}

void JoinedDialect::start(const Waiting& waiting, const Moment& m) {
    const MoveId id = waiting.move.move().id;
    const StripId track = waiting.move.move().path.strip;
    if (!tracks_are_there_ || !tracks_->has_seen(waiting.look))
        return m.tell(WriteRefused{
            id, "the list of tracks was not told in time to prove which strip this is"});
    const auto strip = strip_of(track);
    if (!strip) return m.tell(WriteRefused{id, why_not(track)});
    running_[id] = {track, *strip};
    DialectOutput said;
    const auto begun = surface_->encode(waiting.move.at_door(*strip), m.now, said);
    take_surface(std::move(said), m);
    if (begun) return;
    running_.erase(id);
    m.tell(WriteRefused{id, begun.error().message});
}

void JoinedDialect::finish(const Proved& proved, bool seen, const Moment& m) {
    const auto value = std::get<WriteProved>(proved.end.what).read_back;
    if (!seen)
        return m.tell(WriteUnproved{proved.move,
                                    "in place, but the list of tracks was not told again", value});
    if (strip_of(proved.of.track) != proved.of.strip)
        return m.tell(
            WriteUnproved{proved.move,
                          "the tracks changed while it was written: " + why_not(proved.of.track),
                          {}});
    m.tell(proved.end.what);
}

TimePoint JoinedDialect::moves_due() const {
    TimePoint next = TimePoint::max();
    for (const Waiting& each : waiting_) next = std::min(next, each.until);
    for (const Proved& each : proved_) next = std::min(next, each.until);
    return next;
}

} // namespace prefade
