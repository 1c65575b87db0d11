#include "connectors/bracket_write.h"

#include <algorithm>

namespace prefade {

// ---- what all writes share ------------------------------------------------------------------

bool Bracketing::may_be_stray(const ControlPath& path, const ControlValue& value) const {
    bool stray = false;
    for (const auto& w : writes) {
        if (w->settled() || !w->explains(path, value)) continue;
        if (w->path() != path)
            stray = true;
        else if (!w->ended())
            return false; // one that ended may have been overruled: what comes late is a stray
    }
    return stray;
}

void Bracketing::learn(const ControlPath& path, const ControlValue& value) {
    if (!may_be_stray(path, value)) return known.learn(path, value);
    if (!known.find(path)) { // never read before: what the host made it with
        auto former = told_before(path, value);
        if (!former) former = port.born_with(path, TimePoint::min());
        if (former) known.learn(path, *former);
    }
    const ControlValue* held = known.find(path);
    if (held && same_value(*held, value))
        known.learn(path, value);
    else
        known.suspect(path, value);
}

/// It may have been hit more than once: back to what no message of ours explains.
std::optional<ControlValue> Bracketing::told_before(const ControlPath& path,
                                                    const ControlValue& value) const {
    constexpr int most = 8;
    auto former = port.held_before(path, value);
    for (int hits = 1; former && may_be_stray(path, *former); ++hits)
        former = hits < most ? port.held_before(path, *former) : std::nullopt;
    return former;
}

bool Bracketing::address_busy(const ControlPath& path, Address address, TimePoint now) const {
    return std::any_of(writes.begin(), writes.end(), [&](const auto& w) {
        return w->path() != path && w->under_way(now) && w->aimed_at(address);
    });
}

bool Bracketing::path_busy(const Write& but, TimePoint now) const {
    return std::any_of(writes.begin(), writes.end(), [&](const auto& w) {
        return w.get() != &but && w->path() == but.path()
               && ((!w->ended() && w->holds_address()) || w->under_way(now));
    });
}

bool Bracketing::others_unheard_of(const Write& but) const {
    return std::any_of(writes.begin(), writes.end(), [&](const auto& w) {
        return w->path() != but.path() && w->path().control == but.path().control
               && w->unheard_of();
    });
}

void Bracketing::settle() {
    known.settle([this](const KnownValues::Suspect& s) {
        return std::any_of(writes.begin(), writes.end(), [&](const auto& w) {
            return !w->settled() && w->path() != s.path && w->explains(s.path, s.value);
        });
    });
}

// ---- questions ------------------------------------------------------------------------------

void ProofQuestion::ask(const ControlPath& path, Bracketing& all, Moment& m) {
    serial_ = ++all.questions;
    tries_ = 0;
    since_ = m.now;
    send(path, all, m);
}

void ProofQuestion::ask_at(TimePoint at) {
    serial_ = 0;
    next_ = at;
}

void ProofQuestion::close() {
    serial_ = 0;
    next_ = TimePoint::max();
}

void ProofQuestion::tick(const ControlPath& path, Bracketing& all, Moment& m) {
    if (m.now < next_) return;
    if (serial_ == 0)
        ask(path, all, m);
    else
        send(path, all, m);
}

void ProofQuestion::send(const ControlPath& path, Bracketing& all, Moment& m) {
    next_ = m.now + all.link.retry;
    all.port.request_proof(serial_ << 8 | (tries_++ & 0xFF), path, m.now, m.out);
}

// ---- one write ------------------------------------------------------------------------------

bool Write::under_way(TimePoint now) const { return !sent_.empty() && now < arrived_by(); }

bool Write::has_sent(const ControlValue& value) const {
    return std::any_of(sent_.begin(), sent_.end(),
                       [&](const ControlValue& v) { return same_value(v, value); });
}

bool Write::explains(const ControlPath& path, const ControlValue& value) const {
    if (path.control != path_.control || path.parameter != path_.parameter) return false;
    return std::any_of(sent_.begin(), sent_.end(), [&](const ControlValue& v) {
        const auto taken = all_.port.taken_by(path, path_, v);
        return taken && same_value(*taken, value);
    });
}

bool Write::aimed_at(Address address) const {
    return std::any_of(aims_.begin(), aims_.end(),
                       [&](const Aim& a) { return a.address == address; });
}

void Write::write(Address address, const ControlValue& value, Moment& m) {
    if (!aimed_at(address)) aims_.push_back({address, m.now});
    if (!has_sent(value)) sent_.push_back(value);
    last_byte_ = m.now;
    first_after_ = all_.questions + 1;
    all_.port.write(path_, address, value, m.now, m.out);
}

bool Write::answered(Token token, const Proof& proof, Moment& m) {
    const auto learn = [&](const ControlPath& path) {
        if (proof.same && proof.value) all_.learn(path, *proof.value);
    };
    if (question_.answered_by(token)) {
        const std::uint64_t serial = question_.serial();
        const TimePoint asked = question_.since();
        question_.close();
        learn(path_);
        evidence(serial, asked, m); // first: what it finds decides how the move ends
        if (!ended()) proved(proof, asked, m);
        return true;
    }
    if (settling_.answered_by(token)) {
        learn(path_);
        evidence(settling_.serial(), settling_.since(), m);
        return true;
    }
    for (std::size_t i = 0; i < candidates_.size(); ++i)
        if (candidates_[i].question.answered_by(token)) {
            learn(candidates_[i].path);
            candidate_answered(i, proof, m);
            return true;
        }
    return false;
}

TimePoint Write::tick(Moment& m) {
    TimePoint next = ended() ? TimePoint::max() : advance(m);
    question_.tick(path_, all_, m);
    settle_tick(m);
    next = std::min({next, question_.next(), settling_.next()});
    for (const Candidate& c : candidates_) next = std::min(next, c.question.next());
    if (settled()) return next;
    if (aftermath_ == Aftermath::surveying) return std::min(next, survey_until_);
    return arrived_by() > m.now ? std::min(next, arrived_by()) : next;
}

// ---- the aftermath --------------------------------------------------------------------------

void Write::settle_tick(Moment& m) {
    if (settled()) return;
    if (aftermath_ == Aftermath::surveying) {
        for (std::size_t i = 0; i < candidates_.size(); ++i)
            candidates_[i].question.tick(candidates_[i].path, all_, m);
        if (m.now >= survey_until_) end_survey(m);
        return;
    }
    if (aftermath_ == Aftermath::over) return; // repairs go on by themselves
    if (more_to_send() || m.now < arrived_by()) return;
    // On an ordered link the move's own questions tell; afterwards, and on others, one more is needed.
    if (all_.link.ordered && !ended()) return;
    if (settling_.open())
        settling_.tick(path_, all_, m);
    else
        settling_.ask(path_, all_, m);
    if (m.now >= arrived_by() + all_.timing.repair_deadline + all_.extra(8)) start_survey(m);
}

void Write::evidence(std::uint64_t serial, TimePoint asked, Moment& m) {
    if (settled() || aftermath_ != Aftermath::waiting || more_to_send()) return;
    if (serial >= first_after_ && asked >= arrived_by()) start_survey(m);
}

std::vector<ControlPath> Write::bearers() const {
    std::vector<ControlPath> all;
    for (const Aim& aim : aims_)
        for (const ControlPath& path : all_.port.bearers(path_, aim.address, aim.since))
            if (path != path_ && std::find(all.begin(), all.end(), path) == all.end())
                all.push_back(path);
    return all;
}

void Write::start_survey(Moment& m) {
    aftermath_ = Aftermath::surveying;
    settling_.close();
    survey_until_ = m.now + all_.timing.repair_deadline + all_.extra(8);
    look_further(m);
    if (candidates_.empty()) end_survey(m);
}

bool Write::may_have_hit(const ControlPath& path) const {
    const auto now = bearers();
    return std::find(now.begin(), now.end(), path) != now.end();
}

/// Asks for every bearer that was not looked at yet.
void Write::look_further(Moment& m) {
    for (const ControlPath& path : bearers()) {
        if (std::find(looked_at_.begin(), looked_at_.end(), path) != looked_at_.end()) continue;
        looked_at_.push_back(path);
        candidates_.push_back({path, {}});
        candidates_.back().question.ask(path, all_, m);
    }
}

void Write::repair_over(const ControlPath& path, bool is_gone, Moment& m) {
    --repairs_;
    if (is_gone) vanished(path, true, m);
    if (!candidates_.empty() && aftermath_ == Aftermath::over) {
        aftermath_ = Aftermath::surveying;
        survey_until_ = m.now + all_.timing.repair_deadline + all_.extra(8);
    }
    if (settled()) all_.settle();
}

/// It may go by another id now.
void Write::vanished(const ControlPath& path, bool was_hit, Moment& m) {
    const ControlValue* former = all_.known.find(path);
    if (was_hit && former) gone_.push_back(*former);
    look_further(m);
}

/// One that holds a value of ours and was never read by its id is the one that has lost its own after it was hit, if only one
/// has. A switch shows one of two, whoever has turned it.
std::optional<ControlValue> Write::lost_with_its_id(const ControlValue& found) {
    if (std::holds_alternative<bool>(found) || std::holds_alternative<Pan>(found)
        || gone_.size() != 1)
        return std::nullopt;
    const ControlValue held = gone_.front();
    gone_.clear();
    return held;
}

bool Write::is_as_before(const ControlPath& path, const ControlValue& value) const {
    // Of a switch that was read long ago the host may have told more since.
    if (std::holds_alternative<bool>(value))
        if (const auto told = all_.told_before(path, value)) return *told == value;
    const ControlValue* former = all_.known.find(path);
    return former && (same_value(*former, value) || all_.port.same_reading(path, *former, value));
}

void Write::candidate_answered(std::size_t index, const Proof& proof, Moment& m) {
    const ControlPath path = candidates_[index].path;
    if (!proof.same && may_have_hit(path))
        return candidates_[index].question.ask_at(m.now + all_.link.retry);
    // Hit by another message of ours since: whether by this one too shows when that is mended.
    const bool is_another = proof.same && proof.value && !explains(path, *proof.value)
                            && all_.may_be_stray(path, *proof.value)
                            && !is_as_before(path, *proof.value);
    if (is_another) return candidates_[index].question.ask_at(m.now + all_.timing.echo_deadline);
    candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(index));
    if (!proof.same) vanished(path, false, m);
    if (proof.same && proof.value && explains(path, *proof.value)
        && !is_as_before(path, *proof.value))
        hit(path, *proof.value, m);
    if (candidates_.empty()) end_survey(m);
}

void Write::hit(const ControlPath& path, const ControlValue& found, Moment& m) {
    std::optional<ControlValue> former = all_.told_before(path, found);
    if (!former)
        if (const ControlValue* known = all_.known.find(path)) former = *known;
    if (!former) former = all_.port.born_with(path, aims_.front().since);
    if (!former) former = lost_with_its_id(found);
    if (former && same_value(*former, found)) return;
    misled(m);
    if (former) {
        ++repairs_;
        all_.writes.push_back(make_repair(all_, *this, path, *former));
        all_.writes.back()->start(m);
    } else {
        m.tell(WriteMisled{move_, path, found, false});
        m.tell(Noticed{"a control that may have been hit by move " + std::to_string(move_.value)
                       + " holds " + to_text(found)
                       + "; what it held before was never told, so it is left alone"});
        all_.known.learn(path, found); // what it holds from now on
    }
}

void Write::end_survey(Moment& m) {
    aftermath_ = Aftermath::over;
    if (!candidates_.empty())
        m.tell(Noticed{std::to_string(candidates_.size()) + " controls that move "
                       + std::to_string(move_.value) + " may have hit could not be read"});
    candidates_.clear();
    all_.settle();
    surveyed(m);
}

} // namespace prefade
