// One bracketed write, and the look at what its messages may have hit. Inside of Brackets only.
//
// A write has two threads of events: how the move ends (derived classes), and its aftermath: a proof
// asked when no copy can be under way any more, then a proof of each control that may have borne an
// address we wrote to (the survey), then the repairs. Pure; desk thread.
#pragma once

#include "connectors/bracket.h"
#include "connectors/bracket_values.h"

#include <functional>
#include <string>

namespace prefade {

class Write;

struct Moment {
    TimePoint now;
    DialectOutput& out;

    void tell(Happening what) { out.observed.push_back({now, std::move(what)}); }
};

/// What all writes to one host share.
struct Bracketing {
    BracketPort& port;
    LinkTraits link;
    BracketTiming timing;
    KnownValues known;
    std::vector<std::unique_ptr<Write>> writes; ///< may grow while it is walked: by index only
    std::uint64_t questions{0};

    Duration extra(int delays = 2) const { return delays * link.longest_delay; }
    void learn(const ControlPath& path, const ControlValue& value);
    bool may_be_stray(const ControlPath& path, const ControlValue& value) const;
    /// What it held before messages of ours brought it there, where the host has told that meanwhile.
    std::optional<ControlValue> told_before(const ControlPath& path,
                                            const ControlValue& value) const;
    /// A message to `address`, meant for another control than `path`, may still be under way.
    bool address_busy(const ControlPath& path, Address address, TimePoint now) const;
    /// Another write of `path` is not over yet.
    bool path_busy(const Write& but, TimePoint now) const;
    /// A message of another write to such a control may land here yet.
    bool others_unheard_of(const Write& but) const;
    /// A survey is over: suspects that no open write explains are believed.
    void settle();
};

/// A question that is asked again until it is answered. A new round ignores answers to older ones.
class ProofQuestion {
public:
    void ask(const ControlPath& path, Bracketing& all, Moment& m);
    void ask_at(TimePoint at); ///< a new round, later
    void close();
    void tick(const ControlPath& path, Bracketing& all, Moment& m);
    bool answered_by(Token token) const { return serial_ != 0 && token >> 8 == serial_; }
    bool open() const { return serial_ != 0 || next_ != TimePoint::max(); }
    TimePoint next() const { return next_; }
    TimePoint since() const { return since_; } ///< the first try of this round
    std::uint64_t serial() const { return serial_; }

private:
    void send(const ControlPath& path, Bracketing& all, Moment& m);
    std::uint64_t serial_{0};
    std::uint64_t tries_{0};
    TimePoint since_{}, next_{TimePoint::max()};
};

class Write {
public:
    Write(Bracketing& all, MoveId move, const ControlPath& path)
        : all_(all),
          move_(move),
          path_(path) {}
    virtual ~Write() = default;
    Write(const Write&) = delete;
    Write& operator=(const Write&) = delete;

    virtual void start(Moment& m) = 0;
    virtual void observed(const ControlValue&, Moment&) {}
    virtual void structure_changed(Moment&) {}
    virtual void touched(Moment&) {}
    virtual void halt(Moment&) {}
    virtual void lost(Moment& m) = 0;
    virtual bool ended() const = 0;
    /// Holds on to the address: it may write again, or waits for what the host says about it.
    virtual bool holds_address() const = 0;
    /// In a glide: the next step asks nothing first.
    virtual bool stepping() const { return false; }

    bool answered(Token token, const Proof& proof,
                  Moment& m); ///< false: not a question of this write
    TimePoint tick(Moment& m);

    MoveId move() const { return move_; }
    const ControlPath& path() const { return path_; }
    bool settled() const {
        return (sent_.empty() || aftermath_ == Aftermath::over) && repairs_ == 0;
    }
    bool wrote() const { return !sent_.empty(); }
    bool finished() const { return ended() && settled(); }
    bool under_way(TimePoint now) const;
    /// A byte is under way, or will be before anything is proved again.
    bool exposed(TimePoint now) const { return under_way(now) || stepping(); }
    /// Nothing is known yet of where its last message landed, or more will come.
    bool unheard_of() const {
        return !sent_.empty() && (more_to_send() || aftermath_ == Aftermath::waiting);
    }
    bool has_sent(const ControlValue& value) const;
    /// `path` may hold `value` because of this write: as its target, or hit by mistake, which brings the same
    /// control elsewhere to what it makes of it.
    bool explains(const ControlPath& path, const ControlValue& value) const;
    bool aimed_at(Address address) const;
    /// A message of ours may have reached `path`, as far as the port can say now.
    bool may_have_hit(const ControlPath& path) const;
    /// `is_gone`: what was to be repaired goes by another id now, if it is there at all.
    void repair_over(const ControlPath& path, bool is_gone, Moment& m);

protected:
    virtual void proved(const Proof& proof, TimePoint asked, Moment& m) = 0;
    virtual TimePoint advance(Moment& m) = 0; ///< deadlines; returns the next one
    virtual bool more_to_send() const = 0;
    virtual void misled(Moment&) {}   ///< the survey found a control that was hit
    virtual void surveyed(Moment&) {} ///< nothing more will be found

    void write(Address address, const ControlValue& value, Moment& m);
    void ask(Moment& m) { question_.ask(path_, all_, m); }
    TimePoint arrived_by() const { return last_byte_ + all_.link.longest_delay; }

    Bracketing& all_;
    const MoveId move_;
    const ControlPath path_;
    ProofQuestion question_;
    std::vector<ControlValue> sent_;
    TimePoint last_byte_{};

private:
    enum class Aftermath { waiting, surveying, over };
    struct Aim {
        Address address;
        TimePoint since;
    };
    struct Candidate {
        ControlPath path;
        ProofQuestion question;
    };

    std::vector<ControlPath> bearers() const;
    void look_further(Moment& m);
    void settle_tick(Moment& m);
    void evidence(std::uint64_t serial, TimePoint asked, Moment& m);
    void start_survey(Moment& m);
    void candidate_answered(std::size_t index, const Proof& proof, Moment& m);
    void vanished(const ControlPath& path, bool was_hit, Moment& m);
    std::optional<ControlValue> lost_with_its_id(const ControlValue& found);
    bool is_as_before(const ControlPath& path, const ControlValue& value) const;
    void hit(const ControlPath& path, const ControlValue& found, Moment& m);
    void end_survey(Moment& m);

    Aftermath aftermath_{Aftermath::waiting};
    std::vector<Aim> aims_;
    std::uint64_t first_after_{0}; ///< serial of the first question asked after the last byte
    ProofQuestion settling_;
    std::vector<Candidate> candidates_;
    std::vector<ControlPath> looked_at_; ///< every candidate of this survey, past ones included
    std::vector<ControlValue> gone_;     ///< of those that were hit and lost their ids
    int repairs_{0};                     ///< under way; each holds a reference to us
    TimePoint survey_until_{};
};

/// A move as the Gate approved it: ends in exactly one of the Write* observations.
std::unique_ptr<Write> make_move_write(Bracketing& all, const ApprovedMove& move);
/// Writes `former` to `address` at once, for whatever control stands there, and looks at what else that may have hit.
std::unique_ptr<Write> make_put_back(Bracketing& all, MoveId move, Control control, Address address,
                                     const ControlValue& former);
/// Puts `path`, which holds one of the values that `culprit` sent, back to `former`: ends in one
/// WriteMisled. `culprit` lives until it heard `repair_over`.
std::unique_ptr<Write> make_repair(Bracketing& all, Write& culprit, const ControlPath& path,
                                   const ControlValue& former);

} // namespace prefade
