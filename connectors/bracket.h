// Bracketed writes: prove which control an address means, write, prove again, hold, read back; and
// put back what was hit by mistake. The one implementation for every dialect whose host may move
// things between our look and our write. Pure; desk thread.
//
// One move: prove -> WriteBegins -> write (glide: steps every 50 ms) -> echo and proof ->
// WriteInPlace -> hold -> read back -> WriteProved. Once no copy of its messages can be under way any
// more (at once on an ordered link), the port names the controls that may have borne the address;
// each is proved, and one that took a value of ours is put back by a bracketed write of its own
// -> WriteMisled. That may come after the move's end.
#pragma once

#include "connectors/dialect.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace prefade {

/// How messages may travel between us and the host.
struct LinkTraits {
    bool ordered{true};       ///< never overtake each other, never doubled (loopback UDP, MIDI)
    Duration longest_delay{}; ///< a message or its double may arrive this late (0 when ordered)
    Duration retry{
        std::chrono::milliseconds(250)}; ///< an unanswered question is asked again after this
};

struct BracketTiming {
    Duration step{std::chrono::milliseconds(50)};  ///< between glide steps
    Duration hold{std::chrono::milliseconds(500)}; ///< no departure for this long after the echo
    Duration rolling_hold{std::chrono::milliseconds(2000)}; ///< and this much more while rolling
    Duration echo_deadline{std::chrono::milliseconds(2000)};
    Duration proof_deadline{std::chrono::milliseconds(1500)};
    /// Looking for what was hit, and each repair, give up after this (longer on unordered links).
    Duration repair_deadline{std::chrono::seconds(20)};
};

using Address =
    std::uint64_t; ///< where a control is now; meaning only for the dialect that minted it
/// Of one question. Asking again takes a new token, but an answer to any try counts that was asked
/// late enough; the engine knows which. A dialect may answer all open tokens of a path with one proof.
using Token = std::uint64_t;

/// The host's answer to "where is this control, and what does it hold?", joined by the dialect.
/// All of it must come from what the host said after the question was asked.
struct Proof {
    bool same{false};                  ///< provably the control the path means
    std::string mismatch;              ///< why not, for people
    Address address{0};                ///< valid when `same`
    std::optional<ControlValue> value; ///< as the host holds it now; empty when it cannot say
};

/// What a dialect lends its brackets. Questions are answered by calling back, or never (loss).
/// `Brackets::proof` may be called from within any of these; nothing else of Brackets may.
class BracketPort {
public:
    virtual ~BracketPort() = default;
    /// -> Brackets::proof(token, ...)
    virtual void request_proof(Token token, const ControlPath& path, TimePoint now,
                               DialectOutput& out) = 0;
    virtual void write(const ControlPath& path, Address address, const ControlValue& value,
                       TimePoint now, DialectOutput& out) = 0;
    /// Controls other than `target` that may have borne `address` at any time since `since`: the same control
    /// (and parameter number) of other strips, inserts or sends. Empty
    /// when the address is an identity, or when the structure provably did not change.
    virtual std::vector<ControlPath> bearers(const ControlPath& target, Address address,
                                             TimePoint since) const = 0;
    /// What `path` reads as after it took `value`, which was meant for `target`: on another scale, or where a
    /// fader has steps, it is another value. `path` may be `target`. Nothing when the host does not take it there.
    virtual std::optional<ControlValue> taken_by(const ControlPath& /*path*/,
                                                 const ControlPath& /*target*/,
                                                 const ControlValue& value) const {
        return value;
    }
    /// Of a control that the port brings to its value in steps of its own, a pot that is turned by ticks: `value` is
    /// as near to `target` as the host can bring it and show it. Nothing for a control that takes every value.
    virtual std::optional<bool> arrived(const ControlPath&, const ControlValue& /*value*/,
                                        const ControlValue& /*target*/) const {
        return std::nullopt;
    }
    /// Such a control is still being brought there: what is told of it meanwhile is no hand's.
    virtual bool on_its_way(const ControlPath&) const { return false; }
    /// Such a control is brought no further: it stays where it stands.
    virtual void rest(const ControlPath&) {}
    /// `found` is what `former` was, told more exactly: no hit.
    virtual bool same_reading(const ControlPath&, const ControlValue& /*former*/,
                              const ControlValue& /*found*/) const {
        return false;
    }
    virtual bool rolling() const = 0;
    /// False where values on the way make no sense (a stepped parameter): the target is written at
    /// once. A bool never glides.
    virtual bool can_glide(const ControlPath&) const { return true; }
    /// What `path` held before a message of ours brought it to `found`, where the host has told that meanwhile: later than
    /// any value that was told of it before.
    virtual std::optional<ControlValue> held_before(const ControlPath&,
                                                    const ControlValue& /*found*/) const {
        return std::nullopt;
    }
    /// What the host gave `path` when it made it, if that was after `since` and is known: the former
    /// value of a control that was hit before it was ever read.
    virtual std::optional<ControlValue> born_with(const ControlPath&, TimePoint /*since*/) const {
        return std::nullopt;
    }
};

class Brackets {
public:
    explicit Brackets(BracketPort& port, LinkTraits link = {}, BracketTiming timing = {});
    ~Brackets();

    /// Error `refused` while an earlier write to the same control may still be under way.
    Result<void> begin(const ApprovedMove& move, TimePoint now, DialectOutput& out);
    /// Every value the host tells, echoes included, in the order the dialect observed them. Also of
    /// controls no move is about: they are the former values of what a stray write may hit.
    void observe(const ControlPath& path, const ControlValue& value, TimePoint now,
                 DialectOutput& out);
    /// A value that is this control's unless the window it is seen through just became another. Nothing is learned from
    /// it; a glide stops when it is not one of its own.
    void glimpse(const ControlPath& path, const ControlValue& value, TimePoint now,
                 DialectOutput& out);
    void proof(Token token, const Proof& proof, TimePoint now, DialectOutput& out);
    /// The host has told that a message of ours, meant for `target`, came to another control at `address`, which held `former`:
    /// that is written there at once. What else was hit is looked at as ever, this message included. The move it was; empty
    /// when none that is open has sent anything there.
    std::optional<MoveId> put_back(const ControlPath& target, Address address,
                                   const ControlValue& former, TimePoint now, DialectOutput& out);
    /// Strips, inserts or sends came, went, moved or were exchanged: glides pause until proved again.
    void structure_changed(TimePoint now, DialectOutput& out);
    void touched(StripId strip, TimePoint now, DialectOutput& out);
    void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out);
    /// Every open bracket ends: refused where nothing was sent, unproved otherwise.
    void host_lost(TimePoint now, DialectOutput& out);
    /// When it next wants to be called; TimePoint::max() when nothing is open.
    TimePoint tick(TimePoint now, DialectOutput& out);
    /// Something is open: a move, or the look at what one may have hit, or a repair.
    bool busy() const noexcept;
    /// A write of ours to it is not over: it will ask for another proof.
    bool is_open(const ControlPath& path) const noexcept;
    /// A byte may be under way, or a glide may send its next step without asking: a surface must not
    /// change banks now. Between this and the end of a move it may, and must where the proof that is
    /// asked needs another bank.
    bool exposed(TimePoint now) const noexcept;
    /// A stray message of ours, none of which can be ruled out yet, may have brought `value` to `path`.
    bool may_be_stray(const ControlPath& path, const ControlValue& value) const;
    /// The same for any control of this kind, those we write included: such a value does not tell which
    /// control one is.
    bool in_question(Control control, const ControlValue& value) const;
    /// The identity of this strip broke while its id goes on: what was known of it is void.
    void forget(StripId strip);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade
