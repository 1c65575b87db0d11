#include "daemon/moves.h"

#include <algorithm>
#include <cmath>

namespace prefade {
namespace {

/// How long after a write its echo, or that of a late step, still counts as ours. The longest
/// bracket (echo deadline and hold while rolling) lasts under 5 s.
constexpr Duration echo_span = std::chrono::seconds(5);
constexpr Duration rate_span = std::chrono::seconds(60);

bool between(const ControlValue& a, const ControlValue& value, const ControlValue& b) {
    const auto part = [](const ControlValue& v) -> std::optional<double> {
        if (const auto* level = std::get_if<Decibel>(&v)) return level->value();
        if (const auto* pan = std::get_if<Pan>(&v)) return pan->value();
        if (const auto* normalized = std::get_if<Normalized>(&v)) return normalized->value();
        if (const auto* displayed = std::get_if<Displayed>(&v)) return displayed->value();
        return std::nullopt;
    };
    const auto low = part(a), high = part(b), at = part(value);
    return low && high && at && *at >= std::min(*low, *high) - 1e-6
           && *at <= std::max(*low, *high) + 1e-6;
}

/// Room for this many more before the oldest are forgotten again.
constexpr std::size_t forgotten_at_once = 1000;

} // namespace

Moves::Moves(std::vector<MoveRecord> history, MoveId last)
    : records_(std::move(history)),
      last_(last.value) {
    for (std::size_t i = 0; i < records_.size(); ++i) {
        index_[records_[i].move.id] = i;
        last_ = std::max(last_, records_[i].move.id.value);
    }
}

const MoveRecord* Moves::find(MoveId id) const {
    const auto at = index_.find(id);
    return at == index_.end() ? nullptr : &records_[at->second];
}

MoveRecord* Moves::record(MoveId id) {
    const auto at = index_.find(id);
    return at == index_.end() ? nullptr : &records_[at->second];
}

bool Moves::is_done(MoveId id) const { return !open_.contains(id); }

std::vector<const MoveRecord*> Moves::open() const {
    std::vector<const MoveRecord*> found;
    for (const MoveId id : open_) found.push_back(find(id));
    return found;
}

std::size_t Moves::proposals() const {
    return static_cast<std::size_t>(std::count_if(open_.begin(), open_.end(), [&](MoveId id) {
        return find(id)->stage == MoveStage::proposed;
    }));
}

void Moves::forget_oldest() {
    if (records_.size() < most_kept + forgotten_at_once) return;
    std::size_t surplus = records_.size() - most_kept;
    std::erase_if(records_, [&](const MoveRecord& r) {
        if (surplus == 0 || r.stage != MoveStage::done) return false;
        --surplus;
        generations_.erase(r.move.id);
        return true;
    });
    index_.clear();
    for (std::size_t i = 0; i < records_.size(); ++i) index_[records_[i].move.id] = i;
}

bool Moves::under_way(const ControlPath& path, MoveId except) const {
    return std::any_of(flights_.begin(), flights_.end(),
                       [&](const auto& f) { return f.first != except && f.second.path == path; });
}

std::vector<MoveId> Moves::sent_to(StripId strip) const {
    std::vector<MoveId> found;
    for (const auto& [id, flight] : flights_)
        if (flight.encoded && flight.path.strip == strip) found.push_back(id);
    return found;
}

bool Moves::open_for(AdviceId advice) const {
    return std::any_of(open_.begin(), open_.end(),
                       [&](MoveId id) { return find(id)->move.advice == advice; });
}

bool Moves::explains(const ControlPath& path, const ControlValue& value, double pan_step,
                     TimePoint now) const {
    const auto is_at = [&](const ControlValue& to) {
        const auto *pan = std::get_if<Pan>(&value), *wanted = std::get_if<Pan>(&to);
        return nearly_equal(to, value)
               || (pan && wanted && std::abs(pan->value() - wanted->value()) <= pan_step);
    };
    for (const auto& [id, flight] : flights_)
        if (flight.encoded && flight.path == path
            && (is_at(flight.to) || between(flight.from, value, flight.to)))
            return true;
    return std::any_of(recent_.begin(), recent_.end(), [&](const Recent& r) {
        return r.path == path && now - r.at <= echo_span
               && (is_at(r.to) || (!r.settled && between(r.from, value, r.to)));
    });
}

bool Moves::follows_vca(const Session& session, const ControlPath& path, const ControlValue& before,
                        const ControlValue& value) const {
    return std::any_of(flights_.begin(), flights_.end(), [&](const auto& f) {
        const Flight& flight = f.second;
        const Strip* vca = session.find(flight.path.strip);
        if (!flight.encoded || !vca || vca->kind != StripKind::vca || vca->id == path.strip
            || flight.path.control != path.control)
            return false;
        const auto *from = std::get_if<Decibel>(&flight.from),
                   *to = std::get_if<Decibel>(&flight.to), *was = std::get_if<Decibel>(&before),
                   *is = std::get_if<Decibel>(&value);
        if (!from || !to || !was || !is) return value == flight.to;
        // as far as the VCA goes, in its direction
        return (*is < *was) == (*to < *from)
               && distance(*is, *was) <= distance(*to, *from) + Decibel{0.01};
    });
}

Decibel Moves::moved_last_minute(const ControlPath& path, TimePoint now) const {
    double sum = 0.0;
    for (const Recent& r : recent_) {
        if (r.path != path || !r.automatic || now - r.at > rate_span) continue;
        const auto *from = std::get_if<Decibel>(&r.from), *to = std::get_if<Decibel>(&r.to);
        if (from && to) sum += distance(*from, *to).value();
    }
    return Decibel{sum};
}

GateView Moves::view(const Move& move, const MoveSurroundings& around) const {
    return {around.session,
            around.capabilities,
            around.policy,
            around.mode,
            moved_last_minute(move.path, around.now),
            under_way(move.path, move.id)};
}

// ---- from intent to the wire ----------------------------------------------------------------

namespace {

/// The record's values for people; a parameter that is gone by now keeps the words it had.
void put_into_words(MoveRecord& r, const Session& session) {
    const ControlPath& path = r.move.path;
    if (r.outcome && r.outcome->read_back)
        r.read_back_text = session.describe(path, *r.outcome->read_back);
    if (path.control == Control::parameter && !session.parameter(path) && !r.target_text.empty())
        return;
    r.before_text = session.describe(path, r.before);
    r.target_text = session.describe(path, r.move.target);
}

} // namespace

Verdict Moves::judge(const Move& move, const MoveSurroundings& around) const {
    return Gate::judge(move, view(move, around), false, around.now);
}

MoveId Moves::propose(Move move, bool approved_by_user, const MoveSurroundings& around) {
    forget_oldest();
    move.id = MoveId{++last_};
    MoveRecord r;
    r.session_key = around.session_key;
    r.begun_at = around.wall;
    if (const Strip* strip = around.session.find(move.path.strip)) r.strip_name = strip->name;
    if (const Insert* insert = around.session.find(move.path.strip, move.path.insert()))
        r.on_name = insert->plugin;
    if (const Send* send = around.session.find(move.path.strip, move.path.send()))
        r.on_name = send->destination;
    if (const Parameter* p = around.session.parameter(move.path)) r.parameter_name = p->name;
    if (const auto current = around.session.value(move.path)) r.before = *current->value;
    r.move = std::move(move);
    put_into_words(r, around.session);
    index_[r.move.id] = records_.size();
    generations_[r.move.id] = around.generation;
    open_.insert(r.move.id);
    records_.push_back(std::move(r));

    MoveRecord& made = records_.back();
    const Verdict verdict =
        Gate::judge(made.move, view(made.move, around), approved_by_user, around.now);
    if (verdict.kind == Verdict::Kind::refused) {
        end(made, {Outcome::Kind::refused, std::nullopt, verdict.reason}, around);
    } else if (verdict.kind == Verdict::Kind::needs_approval) {
        made.proof = verdict.reason;
        if (proposals() > most_proposals)
            end(made,
                {Outcome::Kind::refused, std::nullopt,
                 std::to_string(most_proposals)
                     + " moves wait for approval; approve or reject some first"},
                around);
    } else {
        approved_[made.move.id] = approved_by_user;
        begin(made, around);
    }
    return records_.back().move.id;
}

void Moves::begin(MoveRecord& r, const MoveSurroundings& around) {
    r.stage = MoveStage::journalling;
    r.approved_by = approved_[r.move.id] ? "user" : "mode auto";
    r.begun_at = around.wall;
    r.proof.clear();
    flights_[r.move.id] = {r.move.path, r.before, r.move.target, around.now + journal_deadline,
                           false};
    around.effects.push_back(JournalBegin{r});
}

MoveId Moves::propose_order(Move move, const MoveSurroundings& around) {
    const ControlPath path = move.path;
    const Source source = move.source;
    MoveSurroundings asking = around;
    if (asking.mode == Mode::automatic) asking.mode = Mode::ask;
    const MoveId made = propose(std::move(move), false, asking);
    if (record(made)->stage != MoveStage::proposed) return made; // what waits goes on waiting
    for (const MoveId id : std::vector<MoveId>(open_.begin(), open_.end())) {
        MoveRecord& open = *record(id);
        if (id != made && open.stage == MoveStage::proposed && open.move.path == path
            && open.move.source == source && !open.move.advice)
            end(open, {Outcome::Kind::refused, std::nullopt, "another order took its place"},
                around);
    }
    return made;
}

namespace {

/// A yes to "from -6 to -8 dB" is none to the same from -20. A pan is read more exactly by and by.
bool is_elsewhere(const ControlValue& proposed_at, const ControlValue& now) {
    return !std::holds_alternative<Pan>(now) && !nearly_equal(proposed_at, now);
}

} // namespace

Result<void> Moves::approve(MoveId id, const MoveSurroundings& around) {
    MoveRecord* r = record(id);
    if (!r) return Error{ErrorCode::not_found, "there is no move " + std::to_string(id.value), {}};
    if (r->stage != MoveStage::proposed)
        return Error{ErrorCode::refused,
                     "move " + std::to_string(id.value) + " is not waiting for approval",
                     {}};
    const Verdict verdict = Gate::judge(r->move, view(r->move, around), true, around.now);
    if (verdict.kind != Verdict::Kind::allowed) {
        end(*r, {Outcome::Kind::refused, std::nullopt, verdict.reason}, around);
        return {};
    }
    const auto current = around.session.value(r->move.path);
    const bool is_order = r->move.source == Source::user && !r->move.advice;
    if (current && is_order && is_elsewhere(r->before, *current->value)) {
        end(*r,
            {Outcome::Kind::refused, std::nullopt,
             "changed since it was proposed: was " + to_text(r->before) + ", is "
                 + to_text(*current->value) + "; say it again"},
            around);
        return {};
    }
    if (current) r->before = *current->value;
    approved_[id] = true;
    begin(*r, around);
    return {};
}

Result<void> Moves::reject(MoveId id, const MoveSurroundings& around) {
    MoveRecord* r = record(id);
    if (!r) return Error{ErrorCode::not_found, "there is no move " + std::to_string(id.value), {}};
    if (r->stage != MoveStage::proposed)
        return Error{ErrorCode::refused,
                     "move " + std::to_string(id.value) + " is not waiting for approval",
                     {}};
    end(*r, {Outcome::Kind::refused, std::nullopt, "rejected by the user"}, around);
    return {};
}

void Moves::journal_begun(MoveId id, const MoveSurroundings& around) {
    MoveRecord* r = record(id);
    if (!r) return;
    if (r->stage != MoveStage::journalling) { // committed too late: closed as it ended, never sent
        around.effects.push_back(JournalFinish{*r});
        return;
    }
    Verdict verdict;
    auto approved =
        Gate::approve(r->move, view(r->move, around), approved_[id], around.now, verdict);
    if (!approved || !around.dialect) {
        const std::string reason = around.dialect ? verdict.reason : "no DAW is connected";
        end(*r, {Outcome::Kind::refused, std::nullopt, reason}, around);
        return;
    }
    Flight& flight = flights_.at(id);
    r->stage = MoveStage::sent;
    flight.encoded = true;
    flight.from = approved->before();
    flight.deadline = around.now + write_deadline + r->move.glide.span();
    const Result<void> encoded = around.dialect->encode(*approved, around.now, around.output);
    if (!encoded) end(*r, {Outcome::Kind::refused, std::nullopt, encoded.error().message}, around);
}

void Moves::journal_failed(MoveId id, const std::string& reason, const MoveSurroundings& around) {
    MoveRecord* r = record(id);
    if (r && r->stage == MoveStage::journalling)
        end(*r,
            {Outcome::Kind::refused, std::nullopt, "the journal could not be written: " + reason},
            around);
}

// ---- from the wire to the outcome -----------------------------------------------------------

void Moves::end(MoveRecord& r, Outcome outcome, const MoveSurroundings& around) {
    const MoveId id = r.move.id;
    if (const auto flight = flights_.find(id); flight != flights_.end()) {
        if (flight->second.encoded && wrote_something(outcome.kind)) {
            const bool automatic = !approved_[id] && r.move.source != Source::undo;
            recent_.push_back(
                {r.move.path, flight->second.from, r.move.target,
                 automatic || r.move.source == Source::model || r.move.source == Source::api,
                 outcome.kind == Outcome::Kind::confirmed, around.now});
        }
        flights_.erase(flight);
    }
    approved_.erase(id);
    open_.erase(id);
    r.stage = MoveStage::done;
    r.ended_at = around.wall;
    r.outcome = std::move(outcome);
    put_into_words(r, around.session);
    around.effects.push_back(JournalFinish{r});
    if (r.move.source == Source::undo && r.outcome->kind == Outcome::Kind::confirmed)
        note_undone(r, around);
}

void Moves::note_undone(const MoveRecord& undo, const MoveSurroundings& around) {
    if (MoveRecord* original = record(undo.move.undoes)) {
        original->undone = true;
        around.effects.push_back(JournalFinish{*original});
    }
}

namespace {

void append(std::string& text, const std::string& more) {
    if (!text.empty()) text += "; ";
    text += more;
}

std::string misled_text(const WriteMisled& misled, const Session& session) {
    return session.describe(misled.hit) + " was hit by this write and "
           + (misled.restored
                  ? "holds its former " + to_text(misled.before) + " again, read back"
                  : "could not be proved to hold its former " + to_text(misled.before) + " again");
}

} // namespace

bool Moves::concerned_by(const Observation& observation) noexcept {
    return std::visit(
        [](const auto& what) {
            using T = std::decay_t<decltype(what)>;
            return std::
                       is_same_v<T, WriteBegins> || std::is_same_v<T, WriteInPlace> || std::is_same_v<T, WriteProved> || std::is_same_v<T, WriteSuperseded> || std::is_same_v<T, WriteRefused> || std::is_same_v<T, WriteUnproved> || std::is_same_v<T, WriteFailed> || std::is_same_v<T, WriteMisled>;
        },
        observation.what);
}

void Moves::observe(const Observation& observation, const MoveSurroundings& around) {
    const auto ended = [&](MoveId id, Outcome::Kind kind, std::optional<ControlValue> read_back,
                           std::string reason) {
        MoveRecord* r = record(id);
        if (r && r->stage != MoveStage::done) end(*r, {kind, read_back, std::move(reason)}, around);
    };
    if (const auto* begins = std::get_if<WriteBegins>(&observation.what)) {
        if (MoveRecord* r = record(begins->move)) r->before = begins->before;
    } else if (const auto* in_place = std::get_if<WriteInPlace>(&observation.what)) {
        if (MoveRecord* r = record(in_place->move); r && r->stage == MoveStage::sent)
            r->stage = MoveStage::in_place;
    } else if (const auto* proved = std::get_if<WriteProved>(&observation.what)) {
        if (MoveRecord* r = record(proved->move); r && r->stage != MoveStage::done)
            append(r->proof, "identity proved before and after, value read back and held");
        ended(proved->move, Outcome::Kind::confirmed, proved->read_back, {});
    } else if (const auto* superseded = std::get_if<WriteSuperseded>(&observation.what)) {
        ended(superseded->move, Outcome::Kind::superseded, superseded->found, superseded->reason);
    } else if (const auto* refused = std::get_if<WriteRefused>(&observation.what)) {
        ended(refused->move, Outcome::Kind::refused, std::nullopt, refused->reason);
    } else if (const auto* unproved = std::get_if<WriteUnproved>(&observation.what)) {
        ended(unproved->move, Outcome::Kind::unconfirmed, unproved->found, unproved->reason);
    } else if (const auto* failed = std::get_if<WriteFailed>(&observation.what)) {
        ended(failed->move, Outcome::Kind::failed, failed->found, failed->reason);
    } else if (const auto* misled = std::get_if<WriteMisled>(&observation.what)) {
        MoveRecord* r = record(misled->move);
        if (!r) return;
        append(r->proof, misled_text(*misled, around.session));
        if (r->stage == MoveStage::done) around.effects.push_back(JournalFinish{*r});
    }
}

TimePoint Moves::tick(const MoveSurroundings& around) {
    while (!recent_.empty() && around.now - recent_.front().at > rate_span) recent_.pop_front();
    std::vector<MoveId> late;
    TimePoint next = TimePoint::max();
    for (const auto& [id, flight] : flights_) {
        if (flight.deadline <= around.now)
            late.push_back(id);
        else
            next = std::min(next, flight.deadline);
    }
    for (const MoveId id : late) {
        MoveRecord& r = *record(id);
        if (r.stage == MoveStage::journalling)
            end(r,
                {Outcome::Kind::refused, std::nullopt,
                 "the journal did not answer within a second"},
                around);
        else {
            if (around.dialect) around.dialect->halt(id, around.now, around.output);
            end(r, {Outcome::Kind::unconfirmed, std::nullopt, "no proof within the deadline"},
                around);
        }
    }
    return next;
}

void Moves::stop(const MoveSurroundings& around) {
    if (around.dialect) around.dialect->halt(std::nullopt, around.now, around.output);
    for (const MoveId id : std::set<MoveId>(open_)) {
        MoveRecord& r = *record(id);
        if (r.stage == MoveStage::proposed)
            end(r, {Outcome::Kind::refused, std::nullopt, "stopped by the user"}, around);
        else if (r.stage == MoveStage::journalling)
            end(r,
                {Outcome::Kind::refused, std::nullopt,
                 "stopped by the user before anything was sent"},
                around);
    }
}

void Moves::abandon(const std::string& reason, const MoveSurroundings& around) {
    std::vector<MoveId> open;
    for (const auto& entry : flights_) open.push_back(entry.first);
    for (const MoveId id : open) {
        const bool sent = flights_.at(id).encoded;
        end(*record(id),
            {sent ? Outcome::Kind::unconfirmed : Outcome::Kind::refused, std::nullopt, reason},
            around);
    }
}

} // namespace prefade
