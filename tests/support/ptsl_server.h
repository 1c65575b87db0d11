// Pro Tools' scripting interface as its facts have it, on a port of its own: one session (ptsl_session.h) over gRPC. It
// refuses who is not registered, hangs and dies on demand. Calls are answered on gRPC's threads; everything here may be called from the
// test's.
#pragma once

#include "tests/support/ptsl_session.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace prefade::test {

class PtslServer {
public:
    /// `port` 0: any that is free.
    explicit PtslServer(ptsl::Version version = ptsl::newest_known, std::uint16_t port = 0);
    ~PtslServer();
    PtslServer(const PtslServer&) = delete;
    PtslServer& operator=(const PtslServer&) = delete;

    std::uint16_t port() const;

    using Track = PtslTrack;
    void set_tracks(std::vector<Track> tracks);
    std::vector<Track> tracks() const;
    void set_memory_locations(Json locations); ///< as they stand in an answer
    void set_transport(Json state);
    /// Changed by hand in the host: told to those who subscribed to it.
    void mute_by_hand(const std::string& track_id, bool on);
    void close_session(); ///< told too; every command about it is answered 106 from here on

    using Answer = PtslAnswer;
    static Answer failed(Json code, const std::string& message = {});
    using Habit = std::function<Answer(const Json& request)>;
    /// Answers `command` so from here on; an empty function: as it should again.
    void answer(ptsl::Command command, Habit habit);
    /// Never answers `command`, until the caller gives up.
    void hang(ptsl::Command command);
    /// Waits until a call hangs.
    bool wait_for_hanging();
    /// Waits until no call for the next event is open: one that was given up is not over here at once.
    bool wait_until_nobody_polls();
    /// Ends at once, calls under way included.
    void die();

    struct Heard {
        ptsl::Command command;
        Json body; ///< null where it was empty
        ptsl::Version version;
        std::string session;
    };
    std::vector<Heard> heard() const;
    std::size_t count(ptsl::Command command) const; ///< of those heard

private:
    class Host;
    std::unique_ptr<Host> host_;
};

} // namespace prefade::test
