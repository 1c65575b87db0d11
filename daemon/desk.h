// The desk owns all state: session, advice, moves, what the user said. `handle(event, now)` is all
// there is: no socket, file, clock or thread below it, so a whole session can be replayed in
// milliseconds. Called by the loop, on the desk thread.
#pragma once

#include "connectors/dialect.h"
#include "core/brief.h"
#include "core/session.h"
#include "core/snapshot.h"
#include "daemon/event.h"
#include "daemon/masking_watch.h"
#include "daemon/moves.h"
#include "daemon/policy.h"
#include "daemon/tools.h"
#include "knowledge/evaluator.h"
#include "knowledge/roles.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace prefade {

class Desk {
public:
    struct Setup {
        Policy policy;
        RuleBook rules;
        RoleBook roles;
        Brief brief;                     ///< defaults, before the session's own
        std::vector<MoveRecord> history; ///< from the journal, oldest first
        MoveId last_move;                ///< the largest id ever used
        std::string version;
        WallTime wall{};         ///< wall clock and
        TimePoint steady{};      ///< steady clock at the same instant
        Priorities priorities{}; ///< who is protected, by genre
    };
    explicit Desk(Setup setup);
    ~Desk();

    Effects handle(const Event& event, TimePoint now);
    /// When a Tick is due.
    TimePoint next_deadline() const noexcept { return next_; }

    /// A host was opened: from now on `dialect` hears the wire. Replaces the one before; moves under
    /// way there end unconfirmed.
    Effects attach(std::unique_ptr<Dialect> dialect, std::string address, TimePoint now);
    Effects detach(const std::string& reason, TimePoint now);

    const Session& session() const noexcept { return session_; }
    const Moves& moves() const noexcept { return moves_; }
    Mode mode() const noexcept { return mode_; }

    // ---- for the tools (daemon/tools.cpp) ---------------------------------------------------
    const Capabilities& capabilities() const noexcept { return capabilities_; }
    std::vector<Advice> advice() const;
    void set_mode(Mode mode, TimePoint now, Effects& effects);
    void stop(TimePoint now, Effects& effects);
    MoveId propose(Move move, bool approved_by_user, TimePoint now, Effects& effects);
    MoveId propose_order(Move move, TimePoint now, Effects& effects); ///< as Moves
    Result<void> approve(MoveId id, TimePoint now, Effects& effects);
    std::string not_its_turn(MoveId id) const;
    Result<void> reject(MoveId id, TimePoint now, Effects& effects);
    Result<MoveId> undo(MoveId id, TimePoint now, Effects& effects);
    std::vector<MoveId> undoable() const; ///< of this run and session, newest first
    Result<void> dismiss(AdviceId id, TimePoint now, Effects& effects);
    Result<void> put_to_rest(AdviceId id, bool whole_rule); ///< until the session ends
    void bring_back();                                      ///< all that rests
    const std::vector<Rest>& at_rest() const noexcept { return evaluator_.at_rest(); }
    const HeldBack& held_back() const noexcept { return evaluator_.held_back(); }
    Result<void> set_role(StripId strip, const std::string& role,
                          Effects& effects); ///< empty: guess again
    std::vector<CannotSay> cannot_say(TimePoint now) const {
        return evaluator_.cannot_say(session_, brief_, now);
    }
    const WireTraffic& traffic() const noexcept { return traffic_; }
    const std::string& last_error() const noexcept { return last_error_; }
    const std::string& version() const noexcept { return version_; }
    const std::string& session_key() const noexcept { return session_key_; }
    const Brief& brief() const noexcept { return brief_; }
    void set_brief(Brief brief, Effects& effects);
    /// A person looks at this strip: what the host tells to who asks alone is read. Errors: as the dialect's.
    Result<void> look(StripId strip, TimePoint now, Effects& effects);
    Result<void> watch(StripId strip, InsertId insert, TimePoint now, Effects& effects);
    Result<void> transport(bool roll, TimePoint now, Effects& effects);
    const std::vector<std::string>& hosts_seen() const noexcept { return hosts_seen_; }
    const std::vector<HostSetup>& hosts_known() const noexcept { return hosts_known_; }
    const RuleBook& rules() const noexcept { return evaluator_.book(); }
    /// Answers `call` with the records of `ids` once all of them are done.
    void answer_when_done(const ToolCalled& call, std::vector<MoveId> ids);
    /// Undoes `ids` in this order, one after the other where they share a control, then answers.
    void undo_in_order(const ToolCalled& call, std::vector<MoveId> ids);
    /// The call runs again whenever parameters arrive, and a last time after 3 s. False on that last
    /// time: answer now.
    bool wait_until_read(const ToolCalled& called, TimePoint now);
    /// When a call that waits was first made; `now` for one that does not.
    TimePoint first_called(const ToolCalled& called, TimePoint now) const;

private:
    struct Waiter {
        Caller caller;
        std::uint64_t request{0};
        std::deque<MoveId> to_undo;       ///< not started yet
        std::vector<MoveId> moves;        ///< started
        std::vector<std::string> refused; ///< undos that could not start
    };
    struct Retry {
        ToolCalled call;
        TimePoint since, until;
        bool waiting{true};
    };

    void heard(const Event& event, TimePoint now, Effects& effects);
    void call(const ToolCalled& call, TimePoint now, Effects& effects);
    Result<void> ask(TimePoint now, Effects& effects,
                     const std::function<Result<void>(Dialect&, DialectOutput&)>& question);
    void process(DialectOutput& output, TimePoint now, Effects& effects);
    void observe(const Observation& observation, TimePoint now, Effects& effects);
    void notice_hand(const ControlChanged& changed, TimePoint at, TimePoint now, Effects& effects);
    std::vector<ControlChanged> changes_in(const Observation& observation) const;
    void hand_on(const ControlPath& path, TimePoint at, TimePoint now, Effects& effects);
    void halt_on(StripId strip, TimePoint now, Effects& effects);
    void carry_role(const StripRenamed& renamed, Effects& effects);
    bool automation_plays(const Strip& strip) const;
    void notice_structure(const Observation& observation, TimePoint now, Effects& effects);
    void assign_roles();
    void name_session(Effects& effects);
    void load_kept(const SessionLoaded& loaded, Effects& effects);
    void keep(Effects& effects);
    void retry_calls(TimePoint now, Effects& effects);
    void advance(TimePoint now, Effects& effects);
    void evaluate(TimePoint now, Effects& effects);
    void act_on_advice(TimePoint now, Effects& effects);
    void look_at_plugins(TimePoint now, Effects& effects);
    void answer_question(const QuestionAnswered& answered, TimePoint now, Effects& effects);
    void settle_waiters(TimePoint now, Effects& effects);
    void publish(TimePoint now, Effects& effects);
    template <class F> auto with_moves(TimePoint now, Effects& effects, F&& f);
    WallTime wall(TimePoint now) const;

    Policy policy_;
    Mode mode_;
    RoleBook roles_;
    MaskingWatch masking_;
    Evaluator evaluator_;
    Brief brief_, default_brief_;
    std::string version_;
    WallTime wall_start_;
    TimePoint steady_start_;

    Session session_;
    Capabilities capabilities_;
    std::unique_ptr<Dialect> dialect_;
    std::string address_;
    std::uint64_t generation_{0};
    bool is_connected_{false}; ///< the host was found, and not lost since
    std::string session_key_;
    std::map<std::string, std::string> user_roles_; ///< by strip name, of this session
    Moves moves_;
    std::map<MoveId, MoveId>
        comes_after_; ///< of moves that were proposed together: which must be in place first
    std::map<AdviceId, TimePoint> tried_; ///< advice that mode auto acted on, and when
    std::set<AdviceId> turned_down_;      ///< advice whose proposal was rejected: auto lets it be
    std::vector<Waiter> waiters_;
    std::vector<Retry> retries_;
    std::vector<std::string> hosts_seen_;
    std::vector<HostSetup> hosts_known_;
    WireTraffic traffic_;
    std::string last_error_;
    TimePoint next_{}, next_evaluation_{}, next_publish_{}, dialect_due_{}, next_look_{};
    std::size_t looked_at_{0}; ///< plugins, since the start
    std::uint64_t sequence_{0};
    bool changed_{true};
    bool loading_{false};     ///< what was kept for this session is on its way
    bool keep_wanted_{false}; ///< the user changed something meanwhile
};

} // namespace prefade
