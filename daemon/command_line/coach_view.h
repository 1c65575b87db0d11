// What coaching shows, computed from snapshots: the lines of a log, and the picture of a terminal. Pure;
// any thread.
#pragma once

#include "core/json.h"
#include "daemon/command_line/text.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace prefade::command_line {

/// Something that happened between two snapshots.
struct Happened {
    enum class Kind { fires, ends, withdrawn, moved, proposed, host, transport } kind{Kind::fires};
    Json what; ///< the advice, the move's record, the host or the transport
};

/// Sees snapshots one after the other and tells what changed. Moves that had ended before the first
/// one are no news.
class Watcher {
public:
    std::vector<Happened> take(const Json& snapshot);

private:
    void take_host(const Json& snapshot, std::vector<Happened>& news);
    void take_advice(const Json& snapshot, std::vector<Happened>& news);
    void take_moves(const Json& snapshot, std::vector<Happened>& news);

    std::map<std::uint64_t, Json> firing_;
    std::set<std::uint64_t> ended_, proposed_;
    std::string host_state_, host_address_, host_progress_;
    Json rolling_;
    bool first_{true};
};

/// One line of the log: `18:04:05 FAULT [2] The master peaks at ...`.
std::string log_line(const Happened& happened, const std::string& time);
/// What a screen reader says of it: "Over: ...", or the advice in plain sentences.
std::string spoken_line(const Happened& happened);
/// The same for a program: {"at":...,"event":"fires","advice":{...}}.
Json event_json(const Happened& happened, WallTime at);

/// What the picture needs beside a snapshot.
struct CoachState {
    std::vector<std::string> hosts_found; ///< DAWs that answer on this machine
    std::string socket;                   ///< where the daemon is when it is not at its usual place
    double snapshot_age_ms{0.0};          ///< since it came: its readings are that much older
    std::size_t columns{80}, rows{24};
    bool colour{false};
};
/// The lines of the terminal, at most `rows` of at most `columns`; never empty.
std::vector<std::string> coach_picture(const Json& snapshot, const CoachState& state);

} // namespace prefade::command_line
