// What a strip has beside what its cell shows: its sends and inserts. They are in sight only while the strip is
// selected and the surface shows them, so a visit is made when somebody looks or a move is about one, and the selection
// is given back.
#include "connectors/mcu/engine.h"
#include "connectors/mcu/known_list.h"

#include <algorithm>
#include <utility>

namespace prefade::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Duration errand_span = 15s;         ///< a look that could not be had by then is given up
constexpr Duration selection_settled = 300ms; ///< a selection of ours shows by then
constexpr Duration after_a_failure = 500ms;
constexpr Duration after_a_turn = 500ms;
constexpr Duration after_a_hand =
    3s; ///< who selects strips works there: no selection is taken away

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
    const auto for_proof = [](const ControlPath& path) {
        return path.control == Control::send ? Errand{path.strip}
                                             : Errand{path.strip, assign_plugin, path.insert(),
                                                      TimePoint::max(), path.parameter};
    };
    const Asked* first = nullptr;
    for (const Asked& asked : asked_) { // of a write that was stopped nobody waits for an answer
        if (!is_visited(asked.path.control) || !brackets_.busy() || is_void(asked)
            || !find_entry(asked.path.strip))
            continue;
        if (column_of(asked.path)) return for_proof(asked.path); // what is in sight comes first
        if (!first || (!cell_of(first->path.strip) && cell_of(asked.path.strip))) first = &asked;
    }
    if (first) return for_proof(first->path);
    for (const Errand& errand : errands_)
        if (now < errand.until && find_entry(errand.strip)) return errand;
    return std::nullopt;
}

bool Dialect::Engine::is_visit_wanted(TimePoint now) const {
    const bool is_turning = std::any_of(pot_turns_.begin(), pot_turns_.end(),
                                        [](const auto& each) { return !each.second.is_told; });
    const auto errand = next_errand(now);
    return is_turning
           || (errand && errand->strip == visited_ && errand->assignment == visit_->assignment()
               && can_show(*errand));
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
        if (!is_visited(asked.path.control) && cell_of(asked.path.strip)) return;
    if (!theirs_) theirs_ = selected_;
    if (theirs_ == errand->strip) theirs_.reset();
    visited_ = errand->strip;
    is_taken_ = false;
    opened_ = {};
    paging_.reset();
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
        const auto value = is_ring ? std::nullopt : shown_value(path);
        if (value)
            turn.dial.shown(on_dial(*value), now);
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
            show_pages(now, out);
    }
    turn_columns(now, out);
    if (is_visit_wanted(now)) wanted_at_ = now;
    // A write asks once more when its value has held for a while.
    const Duration stay_for = brackets_.busy() ? linger() : Duration::zero();
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
        const bool is_near =
            std::any_of(pot_turns_.begin(), pot_turns_.end(), [&](const auto& each) {
                return now - each.second.dial.turned_at() < after_a_turn;
            });
        complain((visit.assignment() == assign_send ? "the sends of \"" : "the plug-ins of \"")
                     + (entry ? entry->seen.name : "a strip that is gone")
                     + "\" were in sight for too short: " + visit.why()
                     + (is_near ? ", as a pot was being turned: what stands there now may have got "
                                  "a turn of it"
                                : ""),
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
        const bool is_its = is_visited(asked.path.control) && asked.path.strip == visited_;
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

} // namespace prefade::mcu
