// Pro Tools' session behind its scripting interface, as its facts have it: tracks with switches, memory locations, a
// transport, automation lanes, events. Answers each command of one version, and misbehaves on demand. Not a DAW: no audio.
// The gRPC server (ptsl_server.h) and the simulated host of the contract are made of it. One thread at a time.
#pragma once

#include "connectors/ptsl/answers.h"
#include "connectors/ptsl/command.h"
#include "core/json.h"

#include <nlohmann/json.hpp>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace prefade::test {

struct PtslTrack {
    std::string id, name;
    Json type = "TType_Audio";
    bool muted{false}, soloed{false}, armed{false};
    std::string hidden{"TAState_None"};
};

struct PtslAnswer {
    int status{3}; ///< TaskStatus; 3: completed
    std::string body, error;
};

class PtslSession {
public:
    explicit PtslSession(ptsl::Version which) : version(which) {}

    /// What is said to `command`; nothing for PollEvents, which waits.
    std::optional<PtslAnswer> answer(ptsl::Command command, const Json& body);
    static PtslAnswer failed(Json code, const std::string& message = {});

    /// A hand at the host; told to those who subscribed to it.
    void set_by_hand(const std::string& track_id, bool PtslTrack::*which, bool on);
    void close();
    void happen(ptsl::EventKind kind, const Json& what);
    /// As PollEvents tells it.
    std::optional<Json> take_event();
    bool has_event() const { return !events_.empty(); }
    void put_back(Json event) { events_.push_front(std::move(event)); }
    /// Who was registered is forgotten, with all it subscribed to.
    void forget_subscriptions();

    const ptsl::Version version;
    std::vector<PtslTrack> tracks;
    Json locations = Json::array(); ///< as they stand in an answer
    Json transport = "TState_TransportStopped";
    bool open{true};
    std::map<ptsl::Command, std::function<PtslAnswer(const Json& request)>> habits;

private:
    PtslAnswer about_session(ptsl::Command command, const Json& body);
    Json track_list() const;
    PtslAnswer set_switch(const Json& body, bool PtslTrack::*which, ptsl::EventKind told);

    std::deque<Json> events_;
    std::vector<Json> subscribed_;
    std::map<std::string, Json> lanes_;
};

} // namespace prefade::test
