// Moves and what became of them. Only the Gate can make an ApprovedMove, and only that can be
// encoded by a dialect. Plain values; any thread.
#pragma once

#include "core/control.h"
#include "core/names.h"

#include <cstdint>
#include <optional>
#include <string>

namespace prefade {

enum class Source { user, rule, model, api, undo };
inline constexpr Names<Source, 5> source_names{{{Source::user, "user"},
                                                {Source::rule, "rule"},
                                                {Source::model, "model"},
                                                {Source::api, "api"},
                                                {Source::undo, "undo"}}};

/// An intent: this control to this value. `epoch` is the Session's when it was thought up.
struct Move {
    MoveId id;
    ControlPath path;
    ControlValue target{Decibel{}};
    Milliseconds glide; ///< 0: at once
    Source source{Source::user};
    std::string why;
    std::uint64_t epoch{0};
    AdviceId advice; ///< the advice that suggested it, if any
    MoveId undoes;   ///< the move it puts back, if any
};

/// A move that passed the Gate: the one licence to write. It covers the target, its glide steps and
/// one restore of a control hit by mistake.
class ApprovedMove {
public:
    const Move& move() const noexcept { return move_; }
    /// The target's value when it was approved.
    const ControlValue& before() const noexcept { return before_; }
    TimePoint approved_at() const noexcept { return approved_at_; }
    /// "user", "mode auto": who said yes.
    const std::string& approved_by() const noexcept { return approved_by_; }

private:
    friend class Gate;
    friend class JoinedDialect; ///< connectors/join: one host by two doors
    /// The same licence, for the same strip by the id that one door has for it.
    ApprovedMove at_door(StripId strip) const {
        ApprovedMove same = *this;
        same.move_.path.strip = strip;
        return same;
    }
    ApprovedMove(Move move, ControlValue before, std::string by, TimePoint at)
        : move_(std::move(move)),
          before_(before),
          approved_by_(std::move(by)),
          approved_at_(at) {}
    Move move_;
    ControlValue before_;
    std::string approved_by_;
    TimePoint approved_at_;
};

/// How a move ended; each ends in exactly one. "Sent" is not an outcome.
struct Outcome {
    enum class Kind {
        confirmed,   ///< the host has the value: read back, held
        unconfirmed, ///< written, but the host did not prove it
        superseded,  ///< a hand or automation moved the control on
        refused,     ///< nothing was written; the reason says why
        failed,      ///< something else happened; the reason names every control touched
        unknown,     ///< the daemon died between intent and outcome; never repeated
    };
    Kind kind{Kind::refused};
    std::optional<ControlValue> read_back;
    std::string reason; ///< empty when confirmed
};

/// False when it is certain that nothing went to the host.
constexpr bool wrote_something(Outcome::Kind kind) noexcept {
    return kind != Outcome::Kind::refused;
}

inline constexpr Names<Outcome::Kind, 6> outcome_names{{
    {Outcome::Kind::confirmed, "confirmed"},
    {Outcome::Kind::unconfirmed, "unconfirmed"},
    {Outcome::Kind::superseded, "superseded"},
    {Outcome::Kind::refused, "refused"},
    {Outcome::Kind::failed, "failed"},
    {Outcome::Kind::unknown, "unknown"},
}};

/// Where a move stands before it has an outcome, for people.
enum class MoveStage { proposed, journalling, sent, in_place, done };
inline constexpr Names<MoveStage, 5> move_stage_names{{{MoveStage::proposed, "proposed"},
                                                       {MoveStage::journalling, "journalling"},
                                                       {MoveStage::sent, "sent"},
                                                       {MoveStage::in_place, "in place"},
                                                       {MoveStage::done, "done"}}};

/// One line of the journal: all that is known of one move, names kept beside the ids because ids do
/// not outlive a run.
struct MoveRecord {
    Move move;
    std::string session_key; ///< which session of which host it belongs to
    std::string strip_name;
    std::string on_name;        ///< plugin or send destination; may be empty
    std::string parameter_name; ///< may be empty
    ControlValue before{Decibel{}};
    /// The values for people: a parameter's in the host's own number and unit, which its 0..1 does not tell.
    std::string before_text, target_text, read_back_text;
    std::string approved_by;
    MoveStage stage{MoveStage::proposed};
    std::optional<Outcome> outcome;
    std::string proof; ///< what was proved or repaired on the way; may be empty
    WallTime begun_at{}, ended_at{};
    bool undone{false}; ///< a later move put it back, confirmed
};

} // namespace prefade
