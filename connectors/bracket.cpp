#include "connectors/bracket.h"

#include "connectors/bracket_write.h"

#include <algorithm>

namespace prefade {

struct Brackets::Impl : Bracketing {
    struct Answer {
        Token token;
        Proof proof;
    };

    bool inside{false}; ///< a port may answer from within its own call: such answers wait
    std::vector<Answer> waiting;
    TimePoint closed_until{}; ///< after a lost host: its messages may still be under way

    /// Calls `f` for each write, new ones included, then takes in what the port answered meanwhile.
    /// True when there was any.
    template <class F> bool each(Moment& m, F f) {
        inside = true;
        for (std::size_t i = 0; i < writes.size(); ++i) f(*writes[i]);
        inside = false;
        return drain(m);
    }
    void answer(const Answer& a, Moment& m) {
        inside = true;
        for (std::size_t i = 0; i < writes.size() && !writes[i]->answered(a.token, a.proof, m);
             ++i) {
        }
        inside = false;
    }
    bool drain(Moment& m) {
        const bool any = !waiting.empty();
        while (!waiting.empty()) {
            const Answer a = std::move(waiting.front());
            waiting.erase(waiting.begin());
            answer(a, m);
        }
        std::erase_if(writes, [&](const auto& w) { return w->finished() && !w->under_way(m.now); });
        return any;
    }
};

Brackets::Brackets(BracketPort& port, LinkTraits link, BracketTiming timing)
    : impl_(new Impl{{port, link, timing, {}, {}, 0}, false, {}, {}}) {}

Brackets::~Brackets() = default;

Result<void> Brackets::begin(const ApprovedMove& move, TimePoint now, DialectOutput& out) {
    Impl& all = *impl_;
    const auto refuse = [](const char* why) { return Error{ErrorCode::refused, why, {}}; };
    const ControlPath& path = move.move().path;
    for (const auto& w : all.writes) {
        if (w->path() != path) continue;
        if (!w->ended()) return refuse("another write to this control is under way");
        if (w->under_way(now)) return refuse("an earlier write to this control may still arrive");
    }
    if (now < all.closed_until) return refuse("writes to the host that was lost may still arrive");
    if (all.known.suspected(path))
        return refuse("an earlier write may have hit this control; it is being looked at");
    Moment m{now, out};
    all.writes.push_back(make_move_write(all, move));
    all.inside = true;
    all.writes.back()->start(m);
    all.inside = false;
    all.drain(m);
    return {};
}

void Brackets::observe(const ControlPath& path, const ControlValue& value, TimePoint now,
                       DialectOutput& out) {
    impl_->learn(path, value);
    if (impl_->writes.empty()) return;
    Moment m{now, out};
    impl_->each(m, [&](Write& w) {
        if (w.path() == path && !w.ended()) w.observed(value, m);
    });
}

void Brackets::glimpse(const ControlPath& path, const ControlValue& value, TimePoint now,
                       DialectOutput& out) {
    Moment m{now, out};
    impl_->each(m, [&](Write& w) {
        if (w.path() == path && w.stepping() && !w.explains(path, value)) w.observed(value, m);
    });
}

void Brackets::proof(Token token, const Proof& proof, TimePoint now, DialectOutput& out) {
    if (impl_->inside) {
        impl_->waiting.push_back({token, proof});
        return;
    }
    Moment m{now, out};
    impl_->answer({token, proof}, m);
    impl_->drain(m);
}

std::optional<MoveId> Brackets::put_back(const ControlPath& target, Address address,
                                         const ControlValue& former, TimePoint now,
                                         DialectOutput& out) {
    Impl& all = *impl_;
    const auto culprit = std::find_if(all.writes.begin(), all.writes.end(), [&](const auto& w) {
        return w->path() == target && w->wrote() && !w->settled();
    });
    if (culprit == all.writes.end()) return std::nullopt;
    const MoveId move = (*culprit)->move();
    Moment m{now, out};
    all.writes.push_back(make_put_back(all, move, target.control, address, former));
    all.inside = true;
    all.writes.back()->start(m);
    all.inside = false;
    all.drain(m);
    return move;
}

void Brackets::structure_changed(TimePoint now, DialectOutput& out) {
    Moment m{now, out};
    impl_->each(m, [&](Write& w) { w.structure_changed(m); });
}

void Brackets::touched(StripId strip, TimePoint now, DialectOutput& out) {
    Moment m{now, out};
    impl_->each(m, [&](Write& w) {
        if (w.path().strip == strip && !w.ended()) w.touched(m);
    });
}

void Brackets::halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) {
    Moment m{now, out};
    impl_->each(m, [&](Write& w) {
        if ((!move || w.move() == *move) && !w.ended()) w.halt(m);
    });
}

void Brackets::host_lost(TimePoint now, DialectOutput& out) {
    Impl& all = *impl_;
    Moment m{now, out};
    for (const auto& w : all.writes) {
        if (w->ended() && !w->settled())
            m.tell(Noticed{"the host was lost before it could be looked at what else move "
                           + std::to_string(w->move().value) + " may have hit"});
        w->lost(m);
        if (w->under_way(now)) all.closed_until = now + all.link.longest_delay;
    }
    all.writes.clear();
    all.waiting.clear();
    all.known.clear();
}

TimePoint Brackets::tick(TimePoint now, DialectOutput& out) {
    Moment m{now, out};
    TimePoint next = TimePoint::max();
    const bool answered = impl_->each(m, [&](Write& w) { next = std::min(next, w.tick(m)); });
    return answered ? now : next; // an answer from within may have brought a deadline nearer
}

bool Brackets::busy() const noexcept { return !impl_->writes.empty(); }

bool Brackets::is_open(const ControlPath& path) const noexcept {
    return std::any_of(impl_->writes.begin(), impl_->writes.end(), [&](const auto& w) {
        return w->path() == path && w->wrote() && !w->ended();
    });
}

bool Brackets::exposed(TimePoint now) const noexcept {
    return std::any_of(impl_->writes.begin(), impl_->writes.end(),
                       [&](const auto& w) { return w->exposed(now); });
}

bool Brackets::may_be_stray(const ControlPath& path, const ControlValue& value) const {
    return impl_->may_be_stray(path, value);
}

bool Brackets::in_question(Control control, const ControlValue& value) const {
    return std::any_of(impl_->writes.begin(), impl_->writes.end(), [&](const auto& w) {
        return !w->settled() && w->path().control == control && w->explains(w->path(), value);
    });
}

void Brackets::forget(StripId strip) { impl_->known.forget(strip); }

} // namespace prefade
