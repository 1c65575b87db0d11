// How an approved move ends: prove, write step by step, wait for the echo, hold, read back.
#include "connectors/bracket_write.h"

#include <algorithm>
#include <cmath>

namespace prefade {
namespace {

class MoveWrite final : public Write {
public:
    MoveWrite(Bracketing& all, const ApprovedMove& move)
        : Write(all, move.move().id, move.move().path),
          target_(move.move().target),
          before_(move.before()),
          glide_(move.move().glide.span()) {}

    void start(Moment& m) override {
        deadline_ = m.now + all_.timing.proof_deadline + all_.extra();
        ask(m);
    }
    void observed(const ControlValue& value, Moment& m) override;
    void structure_changed(Moment& m) override;
    void touched(Moment& m) override;
    void halt(Moment& m) override;
    void lost(Moment& m) override;
    bool ended() const override { return stage_ == Stage::ended; }
    bool holds_address() const override { return !ended() && stage_ != Stage::misplaced; }
    bool stepping() const override { return stage_ == Stage::gliding; }

private:
    /// stopped: a glide was cut short, where does it stand? misplaced: the control could not be proved
    /// after we wrote; the survey says what was hit.
    enum class Stage {
        proving,
        gliding,
        paused,
        stopped,
        awaiting,
        holding,
        closing,
        misplaced,
        ended
    };

    void proved(const Proof& proof, TimePoint asked, Moment& m) override;
    TimePoint advance(Moment& m) override;
    bool more_to_send() const override {
        return stage_ == Stage::proving || stage_ == Stage::gliding || stage_ == Stage::paused;
    }
    void misled(Moment& m) override;
    void surveyed(Moment& m) override;

    void proved_before(const Proof& proof, Moment& m);
    void proved_paused(const Proof& proof, TimePoint asked, Moment& m);
    void proved_stopped(const Proof& proof, TimePoint asked, Moment& m);
    void proved_after(const Proof& proof, TimePoint asked, Moment& m);
    void proved_held(const Proof& proof, Moment& m);
    void begin_steps(Moment& m);
    void step(Moment& m);
    void enter_hold(const ControlValue& value, Moment& m);
    void overdue(Moment& m);
    void overdue_after_writing(Moment& m);
    TimePoint hold_end() const;
    bool is_step(const ControlValue& value, std::size_t from) const;
    bool explained(const ControlValue& value) const;
    bool explained(const ControlValue& proved, TimePoint asked) const;
    void hear(const ControlValue& value, TimePoint now);
    /// What it holds may be a stray value of another move, close to the target by chance.
    bool in_doubt() const { return all_.known.suspected(path_); }
    bool on_target(const ControlValue& value) const {
        return all_.port.arrived(path_, value, target_).value_or(nearly_equal(value, target_));
    }
    /// In steps of the port's own, which go on without us.
    bool is_being_brought() const {
        return stage_ == Stage::awaiting && all_.port.on_its_way(path_);
    }
    ControlValue found() const { return found_.value_or(sent_.empty() ? before_ : sent_.back()); }
    void leave(std::string why, Moment& m);
    void end(Happening how, Moment& m);
    void unproved(const std::string& why, std::optional<ControlValue> found, Moment& m);
    void supersede(const ControlValue& value, const std::string& why, Moment& m);
    void misplace(const std::string& why, Moment& m);

    const ControlValue target_;
    ControlValue before_;
    const Duration glide_;
    Stage stage_{Stage::proving};
    TimePoint deadline_{}, next_step_{TimePoint::max()}, in_place_at_{};
    Address address_{0};
    int step_{0}, steps_{1};
    std::optional<ControlValue> found_; ///< last value told of the target since the first byte
    bool echoed_{false};
    std::size_t passed_{
        0}; ///< on ordered links: so many of `sent_` lie before the last that was echoed
    std::optional<TimePoint> heard_at_; ///< when the host last told one of `sent_`
    std::optional<ControlValue>
        read_;        ///< proved to be the target's when no byte could be under way
    std::string why_; ///< of stopped and misplaced
};

// ---- what the host and people do ------------------------------------------------------------

void MoveWrite::observed(const ControlValue& value, Moment& m) {
    if (wrote()) found_ = value;
    const bool ours = explained(value);
    hear(value, m.now);
    switch (stage_) {
    case Stage::gliding:
        if (ours) return;
        if (all_.link.ordered)
            return supersede(value, "another value came from elsewhere; the glide stopped", m);
        stage_ = Stage::paused; // perhaps an old value that came late: the next proof decides
        deadline_ = m.now + all_.timing.proof_deadline + all_.extra();
        return ask(m);
    case Stage::awaiting:
        if (on_target(value)) {
            echoed_ = true;
            // The proof came before the host had done it: now it has.
            if (question_.serial() == 0) ask(m);
        }
        if (ours) return;
        if (all_.link.ordered) return supersede(value, "another value came from elsewhere", m);
        return ask(m);
    case Stage::holding:
    case Stage::closing:
        if (on_target(value)) return;
        if (all_.link.ordered)
            return supersede(value, "it did not hold: a hand or automation moved it on", m);
        return ask(m);
    default: return;
    }
}

void MoveWrite::structure_changed(Moment& m) {
    if (stage_ == Stage::gliding) {
        stage_ = Stage::paused;
        deadline_ = m.now + all_.timing.proof_deadline + all_.extra();
    }
    if (stage_ != Stage::ended && question_.open())
        ask(m); // what was asked before says nothing now
    if (stage_ == Stage::paused && !question_.open()) ask(m);
}

void MoveWrite::touched(Moment& m) {
    if (stage_ == Stage::proving) return end(WriteRefused{move_, "a hand is on it"}, m);
    if (stage_ == Stage::gliding || stage_ == Stage::paused)
        return supersede(found(), "a hand touched it; the glide stopped", m);
    if (!is_being_brought()) return;
    all_.port.rest(path_);
    supersede(found(), "a hand touched it; it was turned no further", m);
}

void MoveWrite::halt(Moment& m) {
    if (stage_ == Stage::proving)
        return end(WriteRefused{move_, "stopped before anything was sent"}, m);
    if (is_being_brought()) {
        all_.port.rest(path_);
        return leave("it was stopped", m);
    }
    if (stage_ == Stage::gliding || stage_ == Stage::paused) leave("the glide was stopped", m);
}

/// Where it stands; the next proof tells where that is.
void MoveWrite::leave(std::string why, Moment& m) {
    stage_ = Stage::stopped;
    why_ = std::move(why);
    deadline_ = m.now + all_.timing.echo_deadline + all_.extra();
    if (arrived_by() > m.now)
        question_.ask_at(arrived_by());
    else
        ask(m);
}

void MoveWrite::lost(Moment& m) {
    if (ended()) return;
    unproved("host lost", found_, m);
}

// ---- proofs ---------------------------------------------------------------------------------

void MoveWrite::proved(const Proof& proof, TimePoint asked, Moment& m) {
    if (wrote() && proof.same && proof.value) found_ = proof.value;
    switch (stage_) {
    case Stage::proving: return proved_before(proof, m);
    case Stage::paused: return proved_paused(proof, asked, m);
    case Stage::stopped: return proved_stopped(proof, asked, m);
    case Stage::awaiting: return proved_after(proof, asked, m);
    case Stage::holding:
    case Stage::closing: return proved_held(proof, m);
    default: return;
    }
}

void MoveWrite::proved_before(const Proof& proof, Moment& m) {
    if (!proof.same) return end(WriteRefused{move_, proof.mismatch}, m);
    const ControlValue* known = all_.known.find(path_);
    const ControlValue value = proof.value ? *proof.value : known ? *known : before_;
    if (!nearly_equal(value, before_))
        return end(WriteRefused{move_, "changed since it was looked at: now " + to_text(value)
                                           + ", was " + to_text(before_)},
                   m);
    if (all_.address_busy(path_, proof.address, m.now))
        return question_.ask_at(m.now + all_.link.retry);
    before_ = value;
    address_ = proof.address;
    m.tell(WriteBegins{move_, before_});
    if (on_target(value)) return enter_hold(value, m);
    begin_steps(m);
}

void MoveWrite::proved_paused(const Proof& proof, TimePoint asked, Moment& m) {
    if (!proof.same) return misplace(proof.mismatch + "; the glide was cut short", m);
    if (proof.value && !explained(*proof.value, asked))
        return supersede(*proof.value, "another value came from elsewhere; the glide stopped", m);
    if (all_.address_busy(path_, proof.address, m.now))
        return question_.ask_at(m.now + all_.link.retry);
    address_ = proof.address;
    stage_ = Stage::gliding;
    next_step_ = step_ + 1 < steps_ ? m.now : std::max(m.now, arrived_by());
}

void MoveWrite::proved_stopped(const Proof& proof, TimePoint asked, Moment& m) {
    if (!proof.same) return misplace(why_ + "; " + proof.mismatch, m);
    if (asked < arrived_by()) return question_.ask_at(arrived_by());
    end(WriteFailed{move_, why_ + " at " + to_text(found()), found_}, m);
}

void MoveWrite::proved_after(const Proof& proof, TimePoint asked, Moment& m) {
    if (!proof.same) return misplace(proof.mismatch, m);
    if (in_doubt()) return question_.ask_at(m.now + all_.link.retry);
    if (proof.value ? on_target(*proof.value) : echoed_) return enter_hold(found(), m);
    if (proof.value && !explained(*proof.value, asked))
        return supersede(*proof.value, "another value came from elsewhere", m);
    if (proof.value && asked >= arrived_by()) read_ = proof.value;
    question_.ask_at(m.now + all_.link.retry);
}

void MoveWrite::proved_held(const Proof& proof, Moment& m) {
    if (!proof.same) return misplace(proof.mismatch, m);
    if (in_doubt()) return question_.ask_at(m.now + all_.link.retry);
    const ControlValue value = proof.value.value_or(found());
    if (!on_target(value))
        return supersede(value, "it did not hold: a hand or automation moved it on", m);
    if (stage_ != Stage::closing) return;
    // What is still on its way to another may land here yet: said to be so once nothing is, as long as there is time.
    const TimePoint next = m.now + all_.link.retry;
    if (all_.others_unheard_of(*this) && next + all_.link.retry < deadline_)
        return question_.ask_at(next);
    end(WriteProved{move_, value}, m);
}

// ---- steps ----------------------------------------------------------------------------------

void MoveWrite::begin_steps(Moment& m) {
    const bool gliding = glide_ > Duration::zero() && !std::holds_alternative<bool>(target_)
                         && all_.port.can_glide(path_);
    if (gliding)
        steps_ = std::max(
            1, static_cast<int>((glide_ + all_.timing.step - Duration{1}) / all_.timing.step));
    step(m);
}

void MoveWrite::step(Moment& m) {
    ++step_;
    if (step_ < steps_) {
        stage_ = Stage::gliding;
        write(address_, part_way(before_, target_, static_cast<double>(step_) / steps_), m);
        next_step_ = m.now + all_.timing.step;
        // Where messages overtake each other the last step waits until all others have arrived.
        if (step_ + 1 == steps_) next_step_ = std::max(next_step_, arrived_by());
        return;
    }
    stage_ = Stage::awaiting;
    next_step_ = TimePoint::max();
    write(address_, target_, m);
    deadline_ = m.now + all_.timing.echo_deadline + all_.extra();
    ask(m);
}

void MoveWrite::enter_hold(const ControlValue& value, Moment& m) {
    stage_ = Stage::holding;
    in_place_at_ = m.now;
    found_ = value;
    m.tell(WriteInPlace{move_, value});
}

TimePoint MoveWrite::hold_end() const {
    return in_place_at_ + all_.timing.hold
           + (all_.port.rolling() ? all_.timing.rolling_hold : Duration::zero());
}

bool MoveWrite::is_step(const ControlValue& value, std::size_t from) const {
    return std::any_of(sent_.begin() + static_cast<std::ptrdiff_t>(from), sent_.end(),
                       [&](const ControlValue& v) { return nearly_equal(v, value); });
}

/// On an ordered link an echo never goes back: once a step was told, what lay before it is a hand's.
bool MoveWrite::explained(const ControlValue& value) const {
    const bool may_be_old = !heard_at_ || !all_.link.ordered;
    return on_target(value) || (may_be_old && nearly_equal(value, before_))
           || is_step(value, passed_) || all_.port.on_its_way(path_);
}

/// A proof that was asked before the last echo came may be older news than it.
bool MoveWrite::explained(const ControlValue& proved, TimePoint asked) const {
    if (heard_at_ && asked <= *heard_at_ && (nearly_equal(proved, before_) || is_step(proved, 0)))
        return true;
    return explained(proved);
}

/// Steps of a slow glide are nearly equal: the one that was sent to the last digit, else the first.
void MoveWrite::hear(const ControlValue& value, TimePoint now) {
    const auto from = sent_.begin() + static_cast<std::ptrdiff_t>(passed_);
    auto told = std::find_if(from, sent_.end(),
                             [&](const ControlValue& v) { return same_value(v, value); });
    if (told == sent_.end())
        told = std::find_if(from, sent_.end(),
                            [&](const ControlValue& v) { return nearly_equal(v, value); });
    if (told == sent_.end()) return;
    heard_at_ = now;
    if (all_.link.ordered) passed_ = static_cast<std::size_t>(told - sent_.begin());
}

// ---- time -----------------------------------------------------------------------------------

TimePoint MoveWrite::advance(Moment& m) {
    if (stage_ == Stage::gliding && m.now >= next_step_) step(m);
    if (stage_ == Stage::holding && m.now >= hold_end()) {
        stage_ = Stage::closing;
        deadline_ = m.now + all_.timing.proof_deadline + all_.extra();
        ask(m);
    }
    switch (stage_) {
    case Stage::ended: return TimePoint::max();
    case Stage::gliding: return next_step_;
    case Stage::holding: return hold_end();
    default: break;
    }
    if (m.now >= deadline_) overdue(m);
    return ended() ? TimePoint::max() : deadline_;
}

void MoveWrite::overdue(Moment& m) {
    switch (stage_) {
    case Stage::proving:
        return end(WriteRefused{move_, "the host did not prove which control this is in time"}, m);
    case Stage::paused:
        return unproved("the control could not be proved again; the glide was cut short", found_,
                        m);
    case Stage::stopped:
        return end(WriteFailed{move_, why_ + "; where it stands was not told", found_}, m);
    case Stage::closing: return unproved("in place, but not proved after the hold", found_, m);
    case Stage::misplaced: return unproved(why_, {}, m);
    default: return overdue_after_writing(m);
    }
}

void MoveWrite::overdue_after_writing(Moment& m) {
    if (read_)
        return end(WriteFailed{move_,
                               "the host holds " + to_text(*read_) + ", not " + to_text(target_),
                               read_},
                   m);
    unproved("no echo and no proof in time", found_, m);
}

// ---- ends -----------------------------------------------------------------------------------

void MoveWrite::end(Happening how, Moment& m) {
    stage_ = Stage::ended;
    question_.close();
    m.tell(std::move(how));
}

void MoveWrite::unproved(const std::string& why, std::optional<ControlValue> found, Moment& m) {
    if (wrote()) return end(WriteUnproved{move_, why, found}, m);
    end(WriteRefused{move_, why + "; nothing was sent"}, m);
}

void MoveWrite::supersede(const ControlValue& value, const std::string& why, Moment& m) {
    end(WriteSuperseded{move_, value, why}, m);
}

void MoveWrite::misplace(const std::string& why, Moment& m) {
    why_ = why;
    if (settled()) return unproved(why_, {}, m);
    stage_ = Stage::misplaced;
    deadline_ = std::max(m.now, arrived_by()) + all_.timing.echo_deadline + all_.extra();
    if (all_.link.ordered)
        ask(m); // the survey waits for an answer to a question asked after the last byte
}

void MoveWrite::misled(Moment& m) {
    if (ended()) return;
    end(WriteFailed{move_,
                    (why_.empty() ? "" : why_ + "; ") + "the write reached another control",
                    {}},
        m);
}

void MoveWrite::surveyed(Moment& m) {
    if (stage_ == Stage::misplaced) unproved(why_, {}, m);
}

} // namespace

std::unique_ptr<Write> make_move_write(Bracketing& all, const ApprovedMove& move) {
    return std::make_unique<MoveWrite>(all, move);
}

} // namespace prefade
