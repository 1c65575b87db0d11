// Pro Tools through its scripting interface: full names, ids that last, mute, solo and arm of every track, markers, the
// transport; mute and solo are written too. It asks, one question at a time, and asks again; a host that is busy is asked
// less often. Live faders, pans, sends and meters are not in this interface. One class, its concepts in three files:
// dialect.cpp (life and questions), listening.cpp (what answers tell), writes.cpp (proofs and writes). Pure; desk thread.
//
// Tracks have ids, but are written to by name: so a name is the address that a bracket proves (connectors/bracket.h). One
// that two tracks share is refused, and after a write all tracks that came or were renamed meanwhile are looked at.
#pragma once

#include "connectors/bracket.h"
#include "connectors/host_profile.h"
#include "connectors/join/track_door.h"
#include "connectors/ptsl/answers.h"
#include "connectors/ptsl/command.h"
#include "connectors/ptsl/event_feed.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace prefade::ptsl {

class Dialect final : public TrackDoor,
                      private BracketPort {
public:
    /// `address`: where the host is, for HostFound.
    Dialect(const HostProfile& profile, std::string address, BracketTiming timing = {});

    Capabilities capabilities() const override;
    void receive(const WireMessage& message, TimePoint now, DialectOutput& out) override;
    TimePoint tick(TimePoint now, DialectOutput& out) override;
    /// Mute and solo, where the version has them; all else is an error.
    Result<void> encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) override;
    void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) override;
    void resync(TimePoint now, DialectOutput& out) override;
    Look look_again(TimePoint now, DialectOutput& out) override;
    bool has_seen(Look look) const override { return list_told_ > look; }
    Result<void> watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                       DialectOutput& out) override;
    /// A toggle in the host: its state is read first. Refused while it records.
    Result<void> transport(bool roll, TimePoint now, DialectOutput& out) override;

private:
    struct Asked {
        std::uint32_t number;
        Command command;
        TimePoint at;
    };
    struct Listed {
        StripId id;
        std::string name;
        StripKind kind;
        bool hidden;
        friend bool operator==(const Listed&, const Listed&) = default;
    };

    // ---- dialect.cpp
    void observe(Happening what, TimePoint now, DialectOutput& out);
    void complain(const std::string& what, TimePoint now, DialectOutput& out);
    void want(Command command, TimePoint at);
    void ask_next(TimePoint now, DialectOutput& out);
    void send(Command command, std::string body, DialectOutput& out);
    void ask_for_events(TimePoint now, DialectOutput& out);
    void hear_of_events(const CallMessage& answer, TimePoint now, DialectOutput& out);
    std::string request_of(Command command) const;

    void find(const std::string& body, TimePoint now, DialectOutput& out);
    void lose(const std::string& why, TimePoint now, DialectOutput& out);
    void close_session(TimePoint now, DialectOutput& out);
    void failed(Command command, const CallMessage& answer, TimePoint now, DialectOutput& out);
    bool note_missing(Command command, const CallMessage& answer, TimePoint now,
                      DialectOutput& out);

    // ---- listening.cpp
    /// Errors: the answer makes no sense.
    Result<void> take(Command command, const std::string& body, TimePoint now, DialectOutput& out);
    Result<void> take_name(const std::string& body, TimePoint now, DialectOutput& out);
    Result<void> take_tracks(const std::string& body, TimePoint now, DialectOutput& out);
    Result<void> take_markers(const std::string& body, TimePoint now, DialectOutput& out);
    Result<void> take_transport(const std::string& body, TimePoint now, DialectOutput& out);
    void adopt(const std::vector<Track>& tracks, TimePoint now, DialectOutput& out);
    void tell(const ControlPath& path, std::optional<bool> on, TimePoint now, DialectOutput& out);
    StripId id_of(const std::string& track_id);

    // ---- writes.cpp
    struct Unproved {
        Token token;
        ControlPath path;
        std::uint32_t after; ///< the list must have been asked for after this question
    };
    struct Called {
        std::string name;
        TimePoint since; ///< it came, or was renamed
    };
    void request_proof(Token token, const ControlPath& path, TimePoint now,
                       DialectOutput& out) override;
    void write(const ControlPath& path, Address address, const ControlValue& value, TimePoint now,
               DialectOutput& out) override;
    std::vector<ControlPath> bearers(const ControlPath& target, Address address,
                                     TimePoint since) const override;
    bool rolling() const override { return rolling_.value_or(false); }
    void note_names(const std::vector<Track>& tracks, TimePoint now);
    void prove_all(const std::vector<Track>& tracks, TimePoint now, DialectOutput& out);
    Proof prove(const ControlPath& path, const std::vector<Track>& tracks);
    Address address_of(const std::string& name);
    void forget_writes(TimePoint now, DialectOutput& out);
    void written(Command command, const CallMessage& answer, TimePoint now, DialectOutput& out);

    static constexpr std::size_t list_part = 100; ///< items asked for at a time

    const HostProfile profile_;
    const std::string address_;
    bool found_{false};
    bool told_closed_{false}; ///< that no session is open
    Commands commands_;
    std::map<Command, TimePoint> due_; ///< what is to be asked, and not before
    std::optional<Asked> asked_;
    std::uint32_t numbers_{0};
    std::uint32_t list_begun_{0};  ///< question that asked for the first part of `tracks_`
    std::uint32_t list_told_{0};   ///< the same of the list that was told last
    std::uint32_t look_wanted_{0}; ///< the list must have been begun after this question

    std::map<std::string, StripId> ids_;      ///< by the host's own id, for as long as we run
    TrackListing tracks_;                     ///< being read
    MemoryListing locations_;                 ///< being read
    std::optional<std::string> session_name_; ///< nothing while none is open
    SessionClock clock_;
    std::optional<std::vector<Listed>> listed_; ///< as told last
    std::optional<std::vector<MemoryLocation>> told_locations_;
    std::optional<bool> rolling_, recording_; ///< as told last
    std::optional<bool> roll_wanted_;         ///< by a person, until the state is read

    EventFeed events_;
    std::optional<std::uint32_t> events_asked_; ///< number of the question
    TimePoint list_at_{};                       ///< when the track list was last begun

    Brackets brackets_;
    std::vector<Unproved> unproved_;
    std::map<StripId, Called> called_;
    std::vector<std::string> addresses_;       ///< each a name; an address is its place, from 1
    std::map<std::uint32_t, Command> writing_; ///< by the number of its question

    TimePoint next_complaint_{};
    int complaints_{0};
};

} // namespace prefade::ptsl
