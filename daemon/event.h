// What the desk hears and what it wants done. `Desk::handle(event, now) -> effects` is all there is
// between them; the loop makes the events and carries the effects out in order.
#pragma once

#include "connectors/message.h"
#include "connectors/registry.h"
#include "core/brief.h"
#include "core/json.h"
#include "core/move.h"
#include "core/snapshot.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace prefade {

/// One caller of one door; answers go back there.
struct Caller {
    std::uint64_t connection{0};
    friend auto operator<=>(Caller, Caller) = default;
};

/// Which door a call came through; the tool table says who may call what.
enum class Door { local, mcp, model };

/// Whose a move is that came through it.
constexpr Source source_of(Door door) noexcept {
    switch (door) {
    case Door::local: return Source::user;
    case Door::mcp: return Source::api;
    case Door::model: return Source::model;
    }
    return Source::api;
}

/// Exactly one per ToolCalled, at once or later.
struct Answer {
    Caller caller;
    std::uint64_t request{0};
    std::shared_ptr<const Json> result; ///< null: `error` holds
    Error error;
};

// ---- events ---------------------------------------------------------------------------------

struct Tick {};
struct WireArrived {
    std::vector<WireMessage> messages;
};
/// Messages were lost on our side (inbox full, socket overrun): the dialect asks for everything again.
struct WireOverrun {
    std::uint64_t dropped{0};
};
struct WireBroke {
    std::string reason;
};
/// Bytes that were no message.
struct WireMalformed {
    std::string reason;
};
/// Counted by the loop once a second.
struct WireCounted {
    WireTraffic traffic;
};
struct ToolCalled {
    Caller caller;
    std::uint64_t request{0}; ///< echoed in the answer
    Door door{Door::local};
    std::string tool;
    std::shared_ptr<const Json> arguments; ///< an object
};
struct CallerGone {
    Caller caller;
};
struct JournalBegun {
    MoveId move;
};
struct JournalFailed {
    MoveId move;
    std::string reason;
};
/// The journal could not write something that was already done.
struct JournalTroubled {
    std::string reason;
};
/// What the journal had kept for the session that LoadSession named; null when nothing.
struct SessionLoaded {
    std::string session_key;
    std::shared_ptr<const Json> kept;
};
/// DAWs that answer on this machine now: "ardour=127.0.0.1:3819"; and what is found of those we know.
struct HostsSeen {
    std::vector<std::string> hosts;
    std::vector<HostSetup> known{}; ///< looked at while none is connected; else empty
};
/// What the knowledge has to say to a question. Where it was an order, the desk proposes `orders`, adds to
/// `moves` of the result (as many, in the same order) what became of each, and then answers.
struct QuestionAnswered {
    Answer answer;
    Door door{Door::local};
    /// What it could not be answered without: the inserts of a strip, or the parameters of one. Is read for the next time.
    std::optional<std::pair<StripId, InsertId>> look{};
    std::vector<Result<Move>> orders{}; ///< errors: what is no value of its control
};
struct ShutDown {};

using Event = std::variant<Tick, WireArrived, WireOverrun, WireBroke, WireMalformed, WireCounted,
                           ToolCalled, CallerGone, JournalBegun, JournalFailed, JournalTroubled,
                           SessionLoaded, HostsSeen, QuestionAnswered, ShutDown>;

// ---- effects --------------------------------------------------------------------------------

struct ToWire {
    std::vector<WireMessage> messages;
};
/// Commit this intent, then say JournalBegun or JournalFailed. Nothing is sent before that.
struct JournalBegin {
    MoveRecord record;
};
/// Write the record's present state; a record that was never begun (refused) is added whole.
struct JournalFinish {
    MoveRecord record;
};
struct Publish {
    std::shared_ptr<const Snapshot> snapshot;
};
/// Answer this from the knowledge, on a thread that the desk does not wait for.
struct AskKnowledge {
    Caller caller;
    std::uint64_t request{0};
    Door door{Door::local};
    std::string text;
    std::shared_ptr<const Session> session; ///< a copy, with the parameters that were read
    Brief brief;
    TimePoint now{};
    Decibel fader_top{6.0}; ///< of the host
};
/// A line for the log.
struct Log {
    std::string text;
};
/// Roles, dismissals and brief of this session changed: keep them.
struct KeepSession {
    std::string session_key;
    std::shared_ptr<const Json> kept;
};

/// Read what was kept for this session, then say SessionLoaded.
struct LoadSession {
    std::string session_key;
};
/// Leave the present host, if any, and open this one: "ardour" or "ardour=127.0.0.1:3820".
struct OpenHost {
    std::string host;
};

using Effect = std::variant<ToWire, JournalBegin, JournalFinish, Publish, Answer, Log, KeepSession,
                            LoadSession, OpenHost, AskKnowledge>;
using Effects = std::vector<Effect>;

} // namespace prefade
