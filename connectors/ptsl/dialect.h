// Pro Tools through its scripting interface, read only: full names, ids that last, mute, solo and arm of every track,
// markers, the transport. It asks, one question at a time, and asks again; a host that is busy is asked less often.
// Live faders, pans, sends and meters are not in this interface. Pure; desk thread.
#pragma once

#include "connectors/dialect.h"
#include "connectors/host_profile.h"
#include "connectors/ptsl/answers.h"
#include "connectors/ptsl/command.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace prefade::ptsl {

class Dialect final : public prefade::Dialect {
public:
    /// `address`: where the host is, for HostFound.
    Dialect(const HostProfile& profile, std::string address);

    Capabilities capabilities() const override;
    void receive(const WireMessage& message, TimePoint now, DialectOutput& out) override;
    TimePoint tick(TimePoint now, DialectOutput& out) override;
    /// Always an error: nothing is written through this interface.
    Result<void> encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) override;
    void halt(std::optional<MoveId>, TimePoint, DialectOutput&) override {} ///< nothing to halt
    void resync(TimePoint now, DialectOutput& out) override;
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

    void observe(Happening what, TimePoint now, DialectOutput& out);
    void complain(const std::string& what, TimePoint now, DialectOutput& out);
    void want(Command command, TimePoint at);
    void ask_next(TimePoint now, DialectOutput& out);
    std::string request_of(Command command) const;

    void find(const std::string& body, TimePoint now, DialectOutput& out);
    void lose(const std::string& why, TimePoint now, DialectOutput& out);
    void close_session(TimePoint now, DialectOutput& out);
    void failed(Command command, const CallMessage& answer, TimePoint now, DialectOutput& out);
    /// Errors: the answer makes no sense.
    Result<void> take(Command command, const std::string& body, TimePoint now, DialectOutput& out);
    Result<void> take_name(const std::string& body, TimePoint now, DialectOutput& out);
    Result<void> take_tracks(const std::string& body, TimePoint now, DialectOutput& out);
    Result<void> take_markers(const std::string& body, TimePoint now, DialectOutput& out);
    Result<void> take_transport(const std::string& body, TimePoint now, DialectOutput& out);
    void adopt(const std::vector<Track>& tracks, TimePoint now, DialectOutput& out);
    StripId id_of(const std::string& track_id);

    const HostProfile profile_;
    const std::string address_;
    bool found_{false};
    bool told_closed_{false}; ///< that no session is open
    Commands commands_;
    std::map<Command, TimePoint> due_; ///< what is to be asked, and not before
    std::optional<Asked> asked_;
    std::uint32_t numbers_{0};

    std::map<std::string, StripId> ids_;      ///< by the host's own id, for as long as we run
    TrackListing tracks_;                     ///< being read
    MemoryListing locations_;                 ///< being read
    std::optional<std::string> session_name_; ///< nothing while none is open
    SessionClock clock_;
    std::optional<std::vector<Listed>> listed_; ///< as told last
    std::optional<std::vector<MemoryLocation>> told_locations_;
    std::optional<bool> rolling_, recording_; ///< as told last
    std::optional<bool> roll_wanted_;         ///< by a person, until the state is read

    TimePoint next_complaint_{};
    int complaints_{0};
};

} // namespace prefade::ptsl
