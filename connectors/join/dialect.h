// One host by two doors: a control surface, which has the live faders and meters of strips with short names, and a door that
// tells all tracks with full names and lasting identities. Where both answer, the tracks are the strips, and each has what
// the surface shows of the strip that is certainly its own (match.h); of the others no fader is told, and none is moved.
// Where one answers alone, it is the host. Pure; desk thread.
//
// A move goes to the door of tracks where that can do it. Else to the surface, between two looks at the tracks: the list is
// read anew before it begins, and before it is called proved, and the strip must be the track's own both times. That
// the strip under the fader is the one meant is proved by the surface's own bracket.
#pragma once

#include "connectors/join/match.h"
#include "connectors/join/track_door.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace prefade {

class JoinedDialect final : public Dialect {
public:
    struct Setup {
        std::string host;       ///< the profile's name, for HostFound
        std::string title;      ///< for people: "Pro Tools"
        std::string address;    ///< where both doors are, for people
        std::size_t letters{4}; ///< of a name on the surface
    };
    JoinedDialect(Setup setup, std::unique_ptr<Dialect> surface, std::unique_ptr<TrackDoor> tracks);

    Capabilities capabilities() const override;
    void receive(const WireMessage& message, TimePoint now, DialectOutput& out) override;
    TimePoint tick(TimePoint now, DialectOutput& out) override;
    Result<void> encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) override;
    void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) override;
    void resync(TimePoint now, DialectOutput& out) override;
    Result<void> watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                       DialectOutput& out) override;
    Result<void> transport(bool roll, TimePoint now, DialectOutput& out) override;
    void farewell(DialectOutput& out) override;

private:
    struct Moment {
        TimePoint now;
        DialectOutput& out;
        void tell(Happening what, TimePoint at) const {
            out.observed.push_back({at, std::move(what)});
        }
        void tell(Happening what) const { tell(std::move(what), now); }
    };

    // ---- dialect.cpp
    void take_tracks(DialectOutput said, const Moment& m);
    void take_surface(DialectOutput said, const Moment& m);
    void hear_tracks(const Observation& told, const Moment& m);
    void hear_surface(const Observation& told, const Moment& m);
    bool hear_life_of_surface(const Happening& what, const Moment& m);
    void tell_of_surface(Observation told, const Moment& m);
    void lose_tracks(const HostLost& lost, const Moment& m);
    void stand_alone(const Moment& m);
    void tell_surface_list(bool structure_changed, const Moment& m);
    void rematch(const Moment& m);
    void recall(StripId surface, const Moment& m);
    void complain(const Moment& m);
    bool joined() const { return tracks_are_there_ && surface_is_there_; }
    std::optional<StripId> joint(StripId surface) const;
    std::optional<StripId> strip_of(StripId track) const;
    std::string why_not(StripId track) const;

    // ---- moves.cpp
    struct Waiting { ///< for a look, before it begins
        ApprovedMove move;
        TrackDoor::Look look;
        TimePoint until;
    };
    struct Running { ///< on the surface
        StripId track, strip;
    };
    struct Proved { ///< by the surface; waits for a look
        Observation end;
        MoveId move;
        Running of;
        TrackDoor::Look look;
        TimePoint until;
    };
    bool hear_move(const Observation& told, const Moment& m);
    void settle(const Moment& m);
    void start(const Waiting& waiting, const Moment& m);
    void finish(const Proved& proved, bool seen, const Moment& m);
    TimePoint moves_due() const;

    const Setup setup_;
    const std::unique_ptr<Dialect> surface_;
    const std::unique_ptr<TrackDoor> tracks_;
    bool surface_is_there_{false}, tracks_are_there_{false};
    std::string surface_version_; ///< as it was found with

    std::vector<StripsListed::Entry> strips_; ///< of the surface, by its own ids
    std::vector<StripsListed::Entry> list_;   ///< of the tracks
    std::vector<StripMatch> matches_;         ///< one for each of `strips_`
    std::map<StripId, StripId> track_of_;     ///< certain ones: by the surface's id
    struct Held {
        ControlValue value{};
        TimePoint at{};
    };
    std::map<ControlPath, Held> shown_; ///< by the surface, by its own ids
    TransportChanged transport_;    ///< as the surface has told it, which counts while it is alone
    std::map<StripId, bool> armed_; ///< the same of its strips, by its own ids
    std::optional<TimePoint> uncertain_since_;
    std::string complaint_; ///< told last

    std::vector<Waiting> waiting_;
    std::map<MoveId, Running> running_;
    std::vector<Proved> proved_;
};

} // namespace prefade
