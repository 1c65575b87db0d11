// Puts back a control that a stray message of ours hit: prove, write its former value, prove.
#include "connectors/bracket_write.h"

#include <algorithm>

namespace prefade {
namespace {

class Repair final : public Write {
public:
    Repair(Bracketing& all, MoveId move, const ControlPath& path, const ControlValue& former,
           std::vector<ControlValue> wrong)
        : Write(all, move, path),
          former_(former),
          wrong_(std::move(wrong)) {}

    void start(Moment& m) override {
        deadline_ = m.now + all_.timing.repair_deadline + all_.extra(8);
        ask(m);
    }
    void structure_changed(Moment& m) override {
        if (!ended_) ask(m);
    }
    void lost(Moment& m) override {
        if (!ended_) end(false, m);
    }
    bool ended() const override { return ended_; }
    bool holds_address() const override { return wrote() && !ended_; }

private:
    void proved(const Proof& proof, TimePoint asked, Moment& m) override;
    TimePoint advance(Moment& m) override {
        if (m.now >= deadline_) end(false, m);
        return ended_ ? TimePoint::max() : deadline_;
    }
    bool more_to_send() const override { return !ended_; }

    void end(bool restored, Moment& m) {
        ended_ = true;
        question_.close();
        m.tell(WriteMisled{move_, path_, former_, restored});
    }
    bool is_wrong(const ControlValue& value) const {
        return std::any_of(wrong_.begin(), wrong_.end(),
                           [&](const ControlValue& v) { return same_value(v, value); });
    }

    const ControlValue former_;
    const std::vector<ControlValue> wrong_;
    TimePoint deadline_{};
    bool ended_{false};
};

void Repair::proved(const Proof& proof, TimePoint asked, Moment& m) {
    const TimePoint soon = m.now + all_.link.retry;
    if (!proof.same || !proof.value) return question_.ask_at(soon);
    if (same_value(*proof.value, former_)) return end(true, m);
    if (!is_wrong(
            *proof
                 .value)) // as near as the host repeats it, or someone has set it since: theirs stays
        return end(wrote() && nearly_equal(*proof.value, former_), m);
    if (wrote() && asked < std::max(arrived_by(), last_byte_ + all_.link.retry))
        return question_.ask_at(std::max(arrived_by(), soon)); // ours may still arrive
    if (all_.path_busy(*this, m.now) || all_.address_busy(path_, proof.address, m.now))
        return question_.ask_at(soon);
    write(proof.address, former_, m);
    ask(m);
}

} // namespace

std::unique_ptr<Write> make_repair(Bracketing& all, MoveId move, const ControlPath& path,
                                   const ControlValue& former, std::vector<ControlValue> wrong) {
    return std::make_unique<Repair>(all, move, path, former, std::move(wrong));
}

} // namespace prefade
