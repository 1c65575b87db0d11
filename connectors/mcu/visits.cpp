// What a strip has beside what its cell shows: its sends and inserts. They are in sight only while the strip is
// selected and the surface shows them, so a visit is made when somebody looks or a move is about one, and the selection
// is given back.
#include "connectors/mcu/engine.h"
#include "connectors/mcu/known_list.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace prefade::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Duration errand_span = 15s;         ///< a look that could not be had by then is given up
constexpr Duration selection_settled = 300ms; ///< a selection of ours shows by then
constexpr Duration after_a_failure = 500ms;
constexpr Duration after_a_hand =
    3s; ///< who selects strips works there: no selection is taken away
constexpr Duration proof_time =
    250ms; ///< as for every proof: what was said before it may be older than the question
constexpr double position_rounding = 1e-6;

/// " -12.0", "-inf": what a host prints of a send.
std::optional<Decibel> send_level_in(const std::string& text) {
    if (text == "-inf") return Decibel::silence();
    const auto level = level_in(text);
    return level ? std::optional(Decibel{*level}) : std::nullopt;
}

} // namespace

// ---- whom to visit --------------------------------------------------------------------------

Result<void> Dialect::Engine::may_visit(StripId strip) const {
    const auto error = [](ErrorCode code, std::string why) {
        return Error{code, std::move(why), {}};
    };
    if (state_ == State::searching)
        return error(ErrorCode::unavailable, profile_.title + " does not answer");
    const Entry* entry = find_entry(strip);
    if (!entry) return error(ErrorCode::not_found, "that strip is not in the mixer (any more)");
    if (master_ && master_->id == strip)
        return error(ErrorCode::unsupported,
                     "over " + std::string(protocol_->name())
                         + " the sends and inserts of the master are not seen");
    if (is_double(entry->seen.name))
        return error(ErrorCode::ambiguous, "two strips show the name \"" + entry->seen.name
                                               + "\" and cannot be told apart");
    if (!visit_ && selected_cells(surface_).size() > 1)
        return error(ErrorCode::refused, "several strips are selected in " + profile_.title
                                             + ": to look at one would undo that");
    return {};
}

void Dialect::Engine::add_errand(StripId strip, std::uint8_t assignment, InsertId insert,
                                 TimePoint now) {
    const auto known = std::find_if(errands_.begin(), errands_.end(), [&](const Errand& errand) {
        return errand.strip == strip && errand.assignment == assignment && errand.insert == insert;
    });
    if (known == errands_.end())
        errands_.push_back({strip, assignment, insert, now + errand_span});
    else
        known->until = now + errand_span;
}

void Dialect::Engine::end_errand(std::uint8_t assignment, InsertId insert) {
    std::erase_if(errands_, [&](const Errand& errand) {
        return errand.strip == visited_ && errand.assignment == assignment
               && errand.insert == insert;
    });
}

Result<void> Dialect::Engine::look(StripId strip, TimePoint now) {
    if (!can_visit()) return {};
    if (const auto may = may_visit(strip); !may) return may;
    if (shows_sends()) add_errand(strip, assign_send, {}, now);
    if (profile_.surface.shows_plugins) add_errand(strip, assign_plugin, {}, now);
    return {};
}

std::optional<Dialect::Engine::Errand> Dialect::Engine::next_errand(TimePoint now) const {
    const auto is_void = [&](const Asked& asked) { // by a turn of ours after it: it was asked again
        const auto turn = pot_turns_.find(asked.path);
        return turn != pot_turns_.end() && asked.at <= turn->second.dial.turned_at();
    };
    for (const Asked& asked : asked_) // of a write that was stopped nobody waits for an answer
        if (asked.path.control == Control::send && brackets_.busy() && !is_void(asked)
            && find_entry(asked.path.strip))
            return Errand{asked.path.strip};
    for (const Errand& errand : errands_)
        if (now < errand.until && find_entry(errand.strip)) return errand;
    return std::nullopt;
}

bool Dialect::Engine::is_visit_wanted(TimePoint now) const {
    const bool is_turning = std::any_of(pot_turns_.begin(), pot_turns_.end(),
                                        [](const auto& each) { return !each.second.is_told; });
    const auto errand = next_errand(now);
    return is_turning
           || (errand && errand->strip == visited_ && errand->assignment == visit_->assignment());
}

// ---- there and back -------------------------------------------------------------------------

void Dialect::Engine::begin_visit(TimePoint now) {
    std::erase_if(errands_, [&](const Errand& errand) { return now >= errand.until; });
    const auto errand = next_errand(now);
    const auto cell = errand ? cell_of(errand->strip) : std::nullopt;
    const bool is_recording = recording_.value_or(false) && rolling();
    if (!cell || now < next_visit_ || is_recording || !window_is_sure() || !touched_.empty()
        || pans_.is_busy() || brackets_.exposed(now) || selected_cells(surface_).size() > 1)
        return;
    for (const Asked& asked : asked_) // what the present window can answer is answered first
        if (asked.path.control != Control::send && cell_of(asked.path.strip)) return;
    if (!theirs_) theirs_ = selected_;
    if (theirs_ == errand->strip) theirs_.reset();
    visited_ = errand->strip;
    is_taken_ = false;
    opened_ = {};
    wanted_at_ = now;
    probe_.forget();
    visit_.emplace(*cell, errand->assignment, surface_, now);
}

void Dialect::Engine::hear_visit(const Surface::Change& change, TimePoint now) {
    const auto cells = selected_cells(surface_);
    const bool is_before_ours = visit_->state() == Visit::State::selecting
                                && change.part == Surface::Part::light && change.differs
                                && cells.size() == 1 && cells.front() != visit_->cell();
    // Somebody has selected it while our press was on its way.
    if (const Entry* entry = is_before_ours ? entry_in(cells.front()) : nullptr)
        theirs_ = entry->id;
    visit_->told(surface_, change, now);
    const bool is_ring = change.part == Surface::Part::ring;
    if (!visit_->is_there() || (!is_ring && change.part != Surface::Part::lower)) return;
    for (auto& [path, turn] : pot_turns_) {
        if (turn.column != change.cell || turn.dial.is_over()) continue;
        const auto level = is_ring ? std::nullopt : send_level_in(surface_.lower(change.cell));
        if (level)
            turn.dial.shown(profile_.surface.law.position_of(*level), now);
        else
            turn.dial.painted(now);
    }
}

void Dialect::Engine::visit(TimePoint now, DialectOutput& out) {
    if (const auto button = visit_->tick(surface_, now)) click(button->note, button->unit, out);
    if (visit_->is_there()) {
        if (!is_taken_) take_list(now, out);
        if (visit_->assignment() == assign_send)
            follow_sends(now, out);
        else
            read_pages(now, out);
    }
    turn_sends(now, out);
    if (is_visit_wanted(now)) wanted_at_ = now;
    // A write asks once more when its value has held for a while.
    const Duration stay_for = !brackets_.busy() ? Duration::zero()
                              : rolling()       ? linger_ + rolling_linger_
                                                : linger_;
    if (visit_->is_there() && now - wanted_at_ > stay_for) visit_->leave(now);
    if (visit_->state() == Visit::State::over) end_visit(now, out);
}

void Dialect::Engine::end_visit(TimePoint now, DialectOutput& out) {
    if (visit_->found_nothing()) take_list(now, out);
    const Visit visit = *visit_;
    visit_.reset();
    if (!visit.why().empty()) {
        next_visit_ = now + (visit.is_deselected() ? after_a_hand : after_a_failure);
        const Entry* entry = find_entry(visited_);
        complain((visit.assignment() == assign_send ? "the sends of \"" : "the plug-ins of \"")
                     + (entry ? entry->seen.name : "a strip that is gone")
                     + "\" were in sight for too short: " + visit.why(),
                 now, out);
    }
    if (visit.is_deselected()) yield_to_hand(now, out);
    next_tour_ = now + stay();
    // What happened to values and names meanwhile was not looked at.
    for (std::size_t cell = 0; cell <= surface_.master(); ++cell) pending_.try_emplace(cell, now);
    for (std::size_t cell = 0; cell < surface_.size() && !renamed_at_; ++cell) {
        const Entry* entry = entry_in(cell);
        if (surface_.upper(cell) != (entry ? entry->seen.name : "")) renamed_at_ = now;
    }
    if (renamed_at_) brackets_.structure_changed(now, out);
}

// ---- whose selection it is ------------------------------------------------------------------

/// Who has selected another strip keeps it: what the visit was for is given up, not tried again.
void Dialect::Engine::yield_to_hand(TimePoint now, DialectOutput& out) {
    theirs_.reset();
    std::erase_if(errands_, [&](const Errand& errand) { return errand.strip == visited_; });
    std::vector<Token> given_up;
    std::erase_if(asked_, [&](const Asked& asked) {
        const bool is_its = asked.path.control == Control::send && asked.path.strip == visited_;
        if (is_its) given_up.push_back(asked.token);
        return is_its;
    });
    for (const Token token : given_up)
        brackets_.proof(token, {false, "somebody has selected another strip", 0, {}}, now, out);
}

/// Nothing more is pressed for anybody.
void Dialect::Engine::halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) {
    brackets_.halt(move, now, out);
    if (move) return;
    errands_.clear();
    if (visit_ && !brackets_.busy()) visit_->leave(now);
}

void Dialect::Engine::note_selection(TimePoint now) {
    if (!window_is_sure() || now < next_visit_) return; // what we selected last may not show yet
    const auto cells = selected_cells(surface_);
    const Entry* entry = cells.size() == 1 ? entry_in(cells.front()) : nullptr;
    const auto in_sight = [&](const std::optional<StripId>& strip) {
        return strip && cell_of(*strip).has_value();
    };
    if (entry)
        selected_ = entry->id;
    else if (!cells.empty() || in_sight(selected_))
        selected_.reset();
    // Another than ours: somebody has chosen anew.
    if (entry ? entry->id != visited_ : !cells.empty() || in_sight(visited_)) theirs_.reset();
}

void Dialect::Engine::give_back_selection(TimePoint now, DialectOutput& out) {
    if (!theirs_ || next_errand(now) || !window_is_sure() || now < next_visit_) return;
    if (!find_entry(*theirs_)) theirs_.reset();
    const auto cell = theirs_ ? cell_of(*theirs_) : std::nullopt;
    if (!cell) return; // in another bank: on the way there
    click(static_cast<std::uint8_t>(select_of_strip + *cell % strips_of_unit),
          *cell / strips_of_unit, out);
    selected_ = std::exchange(theirs_, std::nullopt);
    next_visit_ = now + selection_settled;
}

// ---- reading --------------------------------------------------------------------------------

const Dialect::Engine::KnownSend* Dialect::Engine::find_send(const ControlPath& path) const {
    const auto parts = parts_.find(path.strip);
    if (parts == parts_.end() || !parts->second.sends) return nullptr;
    for (const KnownSend& send : *parts->second.sends)
        if (send.id == path.send()) return &send;
    return nullptr;
}

bool Dialect::Engine::shows_sends_of(StripId strip) const {
    return visit_ && visit_->is_there() && visit_->assignment() == assign_send && visited_ == strip;
}

/// While its column stands under its name.
std::optional<Decibel> Dialect::Engine::shown_level(const KnownSend& send) const {
    if (surface_.upper(send.column) != send.name) return std::nullopt;
    return send_level_in(surface_.lower(send.column));
}

/// As the columns show it, or none.
void Dialect::Engine::take_list(TimePoint now, DialectOutput& out) {
    is_taken_ = true;
    end_errand(visit_->assignment(), {});
    parts_[visited_].read_at = now;
    if (visit_->assignment() == assign_send)
        take_sends(now, out);
    else
        take_inserts(now, out);
}

void Dialect::Engine::take_sends(TimePoint now, DialectOutput& out) {
    std::vector<KnownSend> sends;
    for (std::size_t column = 0; !visit_->found_nothing() && column < surface_.size(); ++column)
        if (const std::string name = surface_.upper(column); !name.empty())
            sends.push_back({{}, name, column, send_level_in(surface_.lower(column))});
    Parts& parts = parts_[visited_];
    const bool is_same = go_on(parts.sends, sends, minted_sends_);
    SendsListed listed{visited_, {}, parts.sends && !is_same};
    for (const KnownSend& send : sends) {
        Send told;
        told.id = send.id;
        told.destination = send.name;
        told.slot = static_cast<std::uint16_t>(send.column);
        if (send.level) told.level.learn(*send.level, now);
        listed.sends.push_back(std::move(told));
    }
    parts.sends = sends;
    observe(std::move(listed), now, out);
    for (const KnownSend& send : sends)
        if (send.level) tell({visited_, Control::send, send.id, 0}, *send.level, now, out);
}

/// Somebody moves a send that is in sight.
void Dialect::Engine::follow_sends(TimePoint now, DialectOutput& out) {
    std::vector<std::pair<ControlPath, Decibel>> news;
    for (KnownSend& send : *parts_[visited_].sends) {
        const ControlPath path{visited_, Control::send, send.id, 0};
        const auto turn = pot_turns_.find(path);
        const bool is_turning = turn != pot_turns_.end() && !turn->second.is_told;
        const auto level = shown_level(send);
        if (is_turning || !level || level == send.level) continue;
        send.level = level;
        news.emplace_back(path, *level);
    }
    for (const auto& [path, level] : news) tell(path, level, now, out);
}

// ---- writing --------------------------------------------------------------------------------

Result<void> Dialect::Engine::may_set_send(const Move& move) const {
    const auto error = [](ErrorCode code, std::string why) {
        return Error{code, std::move(why), {}};
    };
    const KnownSend* send = find_send(move.path);
    if (!send) return error(ErrorCode::not_found, "the strip has no such send (any more)");
    const auto& all = *parts_.at(move.path.strip).sends;
    if (std::count_if(all.begin(), all.end(),
                      [&](const KnownSend& each) { return each.name == send->name; })
        > 1)
        return error(ErrorCode::ambiguous,
                     "two sends show the name \"" + send->name + "\" and cannot be told apart");
    if (!send->level)
        return error(ErrorCode::unsupported, "\"" + send->name + "\" has not shown its level");
    const Decibel target = std::get<Decibel>(move.target), top = profile_.surface.law.top();
    if (target > top)
        return error(ErrorCode::refused,
                     to_text(target) + " is above the send's top of " + to_text(top));
    if (!visit_ && selected_cells(surface_).size() > 1)
        return error(ErrorCode::refused, "several strips are selected in " + profile_.title
                                             + ": to set a send would undo that");
    return {};
}

/// Nothing while the strip's sends are not in sight.
std::optional<Proof> Dialect::Engine::prove_send(const Asked& asked, TimePoint now) const {
    const KnownSend* send = find_send(asked.path);
    if (!send) return Proof{false, "the send is gone, or cannot be told from others", 0, {}};
    const bool is_in_sight = shows_sends_of(asked.path.strip) && is_taken_;
    if (!is_in_sight || now - asked.at < proof_time) return std::nullopt;
    const auto turn = pot_turns_.find(asked.path);
    if (turn != pot_turns_.end()
        && (!turn->second.is_told || asked.at <= turn->second.dial.turned_at()))
        return std::nullopt;
    const auto level = shown_level(*send);
    if (!level) return Proof{false, "it shows no level", 0, {}};
    return Proof{true, {}, static_cast<Address>(send->column), *level};
}

void Dialect::Engine::write_send(const ControlPath& path, Decibel target, TimePoint now) {
    const KnownSend* send = find_send(path);
    if (!send) return;
    const FaderLaw& law = profile_.surface.law;
    const double tick = highest_position / profile_.surface.send_ticks;
    const double to = law.position_of(target);
    // A tenth of a dB is what its text shows.
    const double step = static_cast<double>(law.position_of(target + Decibel{0.05}))
                        - static_cast<double>(law.position_of(target - Decibel{0.05}));
    Dial::Scale scale{tick, std::max(step, 1.0), {}};
    if (to <= 0.0) scale.slack = 0.5; // all the way down is a place that ticks do reach
    const auto level = shown_level(*send);
    const auto from =
        level ? std::optional(static_cast<double>(law.position_of(*level))) : std::nullopt;
    pot_turns_.erase(path);
    pot_turns_.emplace(
        path, PotTurn{send->column, Dial(to, scale, from, to - from.value_or(0.0), now), target});
}

/// Each turn goes out only while the column is known to be the send's.
void Dialect::Engine::turn_sends(TimePoint now, DialectOutput& out) {
    std::vector<std::pair<ControlPath, Decibel>> news;
    for (auto& [path, turn] : pot_turns_) {
        if (turn.is_told) continue;
        const KnownSend* send = find_send(path);
        const bool is_in_sight = send && shows_sends_of(path.strip) && shown_level(*send);
        if (!is_in_sight) turn.dial.give_up();
        if (const int ticks = turn.dial.tick(now); ticks != 0) twist(turn.column, ticks, out);
        if (!turn.dial.is_over()) continue;
        turn.is_told = true;
        if (!is_in_sight) continue;
        for (KnownSend& each : *parts_[path.strip].sends)
            if (each.id == send->id) each.level = shown_level(*send);
        news.emplace_back(path, *shown_level(*send));
    }
    for (const auto& [path, level] : news) tell(path, level, now, out);
}

/// As near as ticks and text allow; before a write of ours, where it would not be turned.
std::optional<bool> Dialect::Engine::send_arrived(const ControlPath& path, Decibel value,
                                                  Decibel target) const {
    const FaderLaw& law = profile_.surface.law;
    const double away = std::abs(static_cast<double>(law.position_of(value))
                                 - static_cast<double>(law.position_of(target)));
    const auto turn = pot_turns_.find(path);
    const bool is_ours = turn != pot_turns_.end() && turn->second.target == ControlValue{target}
                         && turn->second.dial.state() == Dial::State::arrived;
    const double tick = highest_position / profile_.surface.send_ticks;
    const bool is_silence = law.position_of(target) == 0;
    const double tolerance = is_ours      ? turn->second.dial.tolerance()
                             : is_silence ? 0.5
                                          : tick / 2.0;
    return away <= tolerance + position_rounding;
}

} // namespace prefade::mcu
