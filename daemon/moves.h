// Every move from intent to outcome: proposed, judged, journalled, sent, in place, done; and back
// again by undo. Owns the records; asks the Gate; hands licences to the dialect. Pure; desk thread.
#pragma once

#include "connectors/dialect.h"
#include "core/move.h"
#include "core/session.h"
#include "daemon/event.h"
#include "daemon/gate.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace prefade {

/// What the moves need to see of the desk; refilled before every call.
struct MoveSurroundings {
    const Session& session;
    const Capabilities& capabilities;
    const Policy& policy;
    Mode mode{Mode::ask};
    Dialect* dialect{nullptr}; ///< null while no host is open
    const std::string& session_key;
    std::uint64_t generation{0}; ///< rises with every HostFound: ids of an older one mean nothing
    TimePoint now;
    WallTime wall;
    Effects& effects;
    DialectOutput& output; ///< of the dialect, for the desk to process
};

class Moves {
public:
    static constexpr Duration journal_deadline =
        std::chrono::seconds(1); ///< design: no answer, no move
    static constexpr Duration write_deadline = std::chrono::seconds(
        40); ///< beyond any bracket's own, whose repairs and surveys take longest
    static constexpr std::size_t most_proposals = 100; ///< one more is refused
    /// Done records beyond these are forgotten, oldest first; the journal has them all.
    static constexpr std::size_t most_kept = 10'000;

    /// `history`: what the journal holds, oldest first; `last`: the largest id ever used.
    Moves(std::vector<MoveRecord> history, MoveId last);

    /// Judges and, where allowed, starts a move. Always leaves a record: done (refused), proposed or
    /// under way.
    MoveId propose(Move move, bool approved_by_user, const MoveSurroundings& around);
    /// One that was understood from somebody's words: it waits for a person's yes in mode auto too, and takes the place
    /// of an earlier one for the same control.
    MoveId propose_order(Move move, const MoveSurroundings& around);
    /// What the Gate would say to it now, from nobody in particular; leaves no record.
    Verdict judge(const Move& move, const MoveSurroundings& around) const;
    Result<void> approve(MoveId id, const MoveSurroundings& around);
    Result<void> reject(MoveId id, const MoveSurroundings& around);

    /// Starts the inverse of a done move. Errors: not found, nothing written, already undone, another
    /// session, changed since.
    Result<MoveId> undo(MoveId id, const MoveSurroundings& around);
    /// Nothing is left to undo: the control holds what it held before the move.
    bool is_back(MoveId id, const MoveSurroundings& around) const;
    /// Moves of this run and session that can be undone, newest first.
    std::vector<MoveId> undoable(const std::string& session_key) const;
    /// The host has named its session: moves made since it was found, before it did, belong there.
    void name_session(const MoveSurroundings& around);

    /// Halts every glide and takes back every proposal.
    void stop(const MoveSurroundings& around);
    /// The dialect goes away: what it had under way ends here.
    void abandon(const std::string& reason, const MoveSurroundings& around);
    /// True for the Write* observations, which `observe` takes.
    static bool concerned_by(const Observation& observation) noexcept;
    void observe(const Observation& observation, const MoveSurroundings& around);
    void journal_begun(MoveId id, const MoveSurroundings& around);
    void journal_failed(MoveId id, const std::string& reason, const MoveSurroundings& around);
    /// Deadlines. Returns the next one, TimePoint::max() when there is none.
    TimePoint tick(const MoveSurroundings& around);

    const MoveRecord* find(MoveId id) const;
    std::span<const MoveRecord> records() const { return records_; } ///< oldest first
    std::vector<const MoveRecord*> open() const; ///< proposed and under way, oldest first
    bool is_done(MoveId id) const;
    /// Another move of this control is on its way.
    bool under_way(const ControlPath& path, MoveId except = {}) const;
    bool any_under_way() const noexcept { return !flights_.empty(); }
    /// Moves on this strip that are with the host.
    std::vector<MoveId> sent_to(StripId strip) const;
    /// A value the host may tell because of a write of ours, not because of a hand.
    /// `pan_step`: a pan comes as near to its target as that.
    bool explains(const ControlPath& path, const ControlValue& value, double pan_step,
                  TimePoint now) const;
    /// A control that a VCA of ours, under way, takes along: which strips follow it the host does not tell.
    bool follows_vca(const Session& session, const ControlPath& path, const ControlValue& before,
                     const ControlValue& value) const;
    /// A proposal or a move of this advice is open.
    bool open_for(AdviceId advice) const;

private:
    struct Flight {
        ControlPath path;
        ControlValue from, to;
        TimePoint deadline;
        bool encoded{false};
    };
    struct
        Recent { ///< a write of ours whose echoes may still come, and that counts for the rate limit
        ControlPath path;
        ControlValue from, to;
        bool automatic{false};
        bool settled{
            false}; ///< confirmed: only the target itself is ours from then on, no step before it
        TimePoint at;
    };

    MoveRecord* record(MoveId id);
    void forget_oldest();
    std::size_t proposals() const;
    GateView view(const Move& move, const MoveSurroundings& around) const;
    Decibel moved_last_minute(const ControlPath& path, TimePoint now) const;
    void begin(MoveRecord& r, const MoveSurroundings& around);
    void end(MoveRecord& r, Outcome outcome, const MoveSurroundings& around);
    void note_undone(const MoveRecord& undo, const MoveSurroundings& around);
    Result<Move> inverse(const MoveRecord& r, const MoveSurroundings& around) const;
    bool ids_hold(MoveId id, const MoveSurroundings& around) const;
    Result<ControlPath> locate(const MoveRecord& r, const MoveSurroundings& around) const;

    std::vector<MoveRecord> records_;
    std::map<MoveId, std::size_t> index_;
    std::set<MoveId> open_;                       ///< without an outcome yet
    std::map<MoveId, std::uint64_t> generations_; ///< of the moves of this run
    std::map<MoveId, Flight> flights_;
    std::deque<Recent> recent_;
    std::uint32_t last_{0};
    std::map<MoveId, bool> approved_; ///< by a person, for moves waiting on the journal
};

} // namespace prefade
