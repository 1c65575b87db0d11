// Puts back a control that a stray message of ours hit: prove, write its former value, prove.
#include "connectors/bracket_write.h"

#include <algorithm>
#include <utility>

namespace prefade {
namespace {

class Repair final : public Write {
public:
    Repair(Bracketing& all, Write& culprit, const ControlPath& path, const ControlValue& former)
        : Write(all, culprit.move(), path),
          culprit_(culprit),
          former_(former) {}

    void start(Moment& m) override {
        deadline_ = m.now + all_.timing.repair_deadline + all_.extra(8);
        ask(m);
    }
    /// A hand has set it while ours was on its way, which overruled it: an echo is told after what was there before.
    void observed(const ControlValue& value, Moment&) override {
        if (is_echoed_) return;
        is_echoed_ = wrote() && same_value(value, former_); // what comes after it is a hand's own
        const bool is_ours = same_value(value, former_) || culprit_.explains(path_, value)
                             || all_.may_be_stray(path_, value);
        if (all_.link.ordered && wrote() && !is_ours && !is_second_) by_hand_ = value;
    }
    void structure_changed(Moment& m) override {
        if (!ended_) ask(m);
    }
    void lost(Moment& m) override {
        if (!ended_) end(false, m);
    }
    bool ended() const override { return ended_; }
    bool holds_address() const override { return wrote() && !ended_ && !waits_; }

private:
    void proved(const Proof& proof, TimePoint asked, Moment& m) override;
    TimePoint advance(Moment& m) override {
        if (m.now >= deadline_) end(false, m);
        return ended_ ? TimePoint::max() : deadline_;
    }
    bool more_to_send() const override { return !ended_; }

    void end(bool restored, Moment& m, bool vanished = false) {
        ended_ = true;
        question_.close();
        m.tell(WriteMisled{move_, path_, former_, restored});
        culprit_.repair_over(path_, vanished, m);
    }

    Write& culprit_; ///< not to be used once ended
    ControlValue former_;
    std::optional<ControlValue> by_hand_;
    bool is_echoed_{false};
    bool is_second_{false}; ///< it brings back what the first has overruled
    TimePoint deadline_{};
    bool ended_{false};
    bool waits_{false}; ///< for another repair of the same control
};

void Repair::proved(const Proof& proof, TimePoint asked, Moment& m) {
    const TimePoint soon = m.now + all_.link.retry;
    if (!proof.same && !culprit_.may_have_hit(path_)) return end(false, m, true);
    if (!proof.same || !proof.value) return question_.ask_at(soon);
    // Brought back in steps of its own, once: where that has led it is as near as it comes.
    if (const auto is_back =
            wrote() ? all_.port.arrived(path_, *proof.value, former_) : std::nullopt)
        return end(*is_back, m);
    const bool is_busy =
        all_.path_busy(*this, m.now) || all_.address_busy(path_, proof.address, m.now);
    if (same_value(*proof.value, former_)) {
        if (!by_hand_) return end(true, m);
        if (is_busy) return question_.ask_at(soon);
        is_second_ = true;
        former_ = *std::exchange(by_hand_, std::nullopt);
        write(proof.address, former_, m);
        return ask(m);
    }
    // Hit by another message of ours since: what becomes of that is waited for, and other questions are let pass.
    waits_ = !culprit_.explains(path_, *proof.value) && all_.may_be_stray(path_, *proof.value);
    if (waits_) return question_.ask_at(m.now + all_.timing.echo_deadline);
    // As near as the host repeats it, or someone has set it since: theirs stays.
    if (!culprit_.explains(path_, *proof.value))
        return end(wrote() && nearly_equal(*proof.value, former_), m);
    if (wrote() && asked < std::max(arrived_by(), last_byte_ + all_.link.retry))
        return question_.ask_at(std::max(arrived_by(), soon)); // ours may still arrive
    if (is_busy) return question_.ask_at(soon);
    write(proof.address, former_, m);
    ask(m);
}

/// Nobody knows yet which strip it is for: its path has none, and every strip may be one that it has hit.
class PutBack final : public Write {
public:
    PutBack(Bracketing& all, MoveId move, Control control, Address address,
            const ControlValue& former)
        : Write(all, move, {{}, control, {}, 0}),
          address_(address),
          former_(former) {}
    void start(Moment& m) override { write(address_, former_, m); }
    void lost(Moment&) override {}
    bool ended() const override { return true; }
    bool holds_address() const override { return false; }

private:
    void proved(const Proof&, TimePoint, Moment&) override {}
    TimePoint advance(Moment&) override { return TimePoint::max(); }
    bool more_to_send() const override { return false; }

    const Address address_;
    const ControlValue former_;
};

} // namespace

std::unique_ptr<Write> make_put_back(Bracketing& all, MoveId move, Control control, Address address,
                                     const ControlValue& former) {
    return std::make_unique<PutBack>(all, move, control, address, former);
}

std::unique_ptr<Write> make_repair(Bracketing& all, Write& culprit, const ControlPath& path,
                                   const ControlValue& former) {
    return std::make_unique<Repair>(all, culprit, path, former);
}

} // namespace prefade
