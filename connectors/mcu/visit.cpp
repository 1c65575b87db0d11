#include "connectors/mcu/visit.h"

#include <algorithm>
#include <utility>

namespace prefade::mcu {
namespace {

using namespace std::chrono_literals;

/// The lights come first, the texts up to 25 ms after them (Ardour 7.3, measured on JACK periods of 21 ms).
constexpr Duration picture_calm = 100ms;
/// A message of the host stands where the light of the assignment would have come 20 ms after the press.
constexpr Duration light_by = 250ms;
constexpr Duration picture_by = 1s;
constexpr Duration message_over_by = 2500ms; ///< Ardour lets it stand for 1 s
/// A page that does not come is none (Ardour paints in 5 to 45 ms); a press may be lost, so that none must be so twice.
constexpr Duration page_by = 200ms;
constexpr int most_pan_presses = 3; ///< of PAN, on the way back: one may be lost

} // namespace

std::vector<std::size_t> selected_cells(const Surface& surface) {
    std::vector<std::size_t> cells;
    for (std::size_t cell = 0; cell < surface.size(); ++cell)
        if (surface.at(cell).select.value_or(LedState::off) != LedState::off) cells.push_back(cell);
    return cells;
}

Visit::Visit(std::size_t cell, std::uint8_t assignment, const Surface& surface, TimePoint now)
    : cell_(cell),
      assignment_(assignment),
      names_(surface.row(0)),
      since_(now),
      lit_(now) {}

void Visit::enter(State state, TimePoint now) {
    state_ = state;
    since_ = now;
    presses_ = 0;
    painted_.reset();
}

void Visit::fail(std::string why, TimePoint now) {
    if (why_.empty()) why_ = std::move(why);
    enter(State::leaving, now);
}

void Visit::change(Button button, TimePoint now) {
    button_ = button;
    enter(State::changing, now);
}

void Visit::open(std::size_t column, TimePoint now) {
    const auto pot = static_cast<std::uint8_t>(column % strips_of_unit);
    last_page_ = false;
    change({static_cast<std::uint8_t>(vpot_of_strip + pot), column / strips_of_unit}, now);
}

void Visit::turn_page(bool is_next, TimePoint now) {
    last_page_ = false;
    change({is_next ? cursor_right : cursor_left, 0}, now);
}

void Visit::arrive(const Surface& surface, TimePoint now) {
    enter(State::there, now);
    titles_.clear();
    for (std::size_t cell = 0; cell < surface.size(); ++cell)
        titles_.push_back(surface.upper(cell));
}

void Visit::leave(TimePoint now) {
    if (state_ != State::leaving && state_ != State::over) enter(State::leaving, now);
}

bool Visit::is_selected(const Surface& surface) const {
    return selected_cells(surface) == std::vector<std::size_t>{cell_};
}

bool Visit::is_calm(TimePoint now) const { return painted_ && now - *painted_ >= picture_calm; }

/// A selection is one light that goes off and one that goes on; whose it is the names tell, which may come after them.
bool Visit::is_selection_calm(TimePoint now) const {
    return now - std::max({since_, lit_, painted_.value_or(since_)}) >= picture_calm;
}

void Visit::told(const Surface& surface, const Surface::Change& change, TimePoint now) {
    if (change.part == Surface::Part::light && change.differs) lit_ = now;
    // On the way back too a hand may choose: then there is nothing to give back.
    if (state_ == State::leaving && was_selected_ && !other_window_
        && change.part == Surface::Part::light && change.differs && !is_selected(surface))
        deselected_ = true;
    if (state_ == State::selecting && change.part == Surface::Part::light && presses_ > 0) {
        if (was_selected_ && !is_selected(surface)) {
            deselected_ = true;
            return fail("another strip was selected", now);
        }
        was_selected_ = is_selected(surface);
    }
    const bool is_title = change.part == Surface::Part::upper && change.differs;
    const bool is_page = state_ == State::changing && change.part == Surface::Part::ring;
    if (is_title || is_page) painted_ = now;
    const bool is_under_way =
        state_ == State::assigning || state_ == State::refused || state_ == State::changing;
    if (!is_under_way && state_ != State::there) return;
    // What the host told before the assignment's own picture was so when it took our press: the two come in order.
    if (change.part == Surface::Part::light && !is_selected(surface)) {
        deselected_ = true;
        fail("another strip was selected", now);
    } else if (is_title && state_ == State::there
               && surface.upper(change.cell) != titles_[change.cell]) {
        fail("the columns became others", now);
    }
}

std::optional<Visit::Button> Visit::tick(const Surface& surface, TimePoint now) {
    switch (state_) {
    case State::selecting: return select(surface, now);
    case State::assigning: return assign(surface, now);
    case State::refused:
        if (surface.row(0) == names_ && is_calm(now)) {
            nothing_ = true;
            enter(State::leaving, now);
        } else if (now - since_ >= message_over_by) {
            fail("the names did not come back", now);
        }
        break;
    case State::changing:
    case State::there:
        if (!surface.is_lit(assignment_)) fail("the assignment became another", now);
        break;
    default: break;
    }
    if (state_ == State::changing) return wait_for_page(surface, now);
    return state_ == State::leaving ? go_back(surface, now) : std::nullopt;
}

std::optional<Visit::Button> Visit::select(const Surface& surface, TimePoint now) {
    if (surface.row(0) != names_) {
        other_window_ = true;
        fail("the window became another", now);
    } else if (is_selected(surface)) {
        if (!is_selection_calm(now)) return std::nullopt;
        was_selected_ = true;
        enter(State::assigning, now);
        return assign(surface, now);
    } else if (presses_ == 0) {
        ++presses_;
        const auto strip = static_cast<std::uint8_t>(cell_ % strips_of_unit);
        return Button{static_cast<std::uint8_t>(select_of_strip + strip), cell_ / strips_of_unit};
    } else if (now - since_ >= picture_by) {
        fail("the host did not select the strip", now);
    }
    return std::nullopt;
}

std::optional<Visit::Button> Visit::assign(const Surface& surface, TimePoint now) {
    if (presses_++ == 0) return Button{assignment_, 0};
    if (surface.is_lit(assignment_)) {
        if (is_calm(now)) {
            arrive(surface, now);
            return std::nullopt;
        }
    } else if (painted_ && now - since_ >= light_by) {
        state_ = State::refused; // the names may have come back already
        return std::nullopt;
    }
    if (now - since_ >= picture_by) fail("the host did not show the assignment", now);
    return std::nullopt;
}

std::optional<Visit::Button> Visit::wait_for_page(const Surface& surface, TimePoint now) {
    if (presses_ == 0) {
        ++presses_;
        since_ = now;
        return button_;
    }
    if (is_calm(now) && presses_ > 1) { // which of the two it answers nobody can say
        fail("the host took too long to turn a page", now);
    } else if (is_calm(now)) {
        arrive(surface, now);
    } else if (!painted_ && now - since_ >= page_by) {
        if (button_.note != cursor_right
            && button_.note != cursor_left) { // never pressed twice: what it opens may have come
            fail("the plug-in did not open", now);
        } else if (presses_ == 1) {
            ++presses_;
            since_ = now;
            return button_;
        } else {
            last_page_ = true;
            arrive(surface, now);
        }
    }
    return std::nullopt;
}

/// Once the host has painted the window, whatever it is now: who looks at it then sees.
bool Visit::is_back(const Surface& surface, TimePoint now) const {
    if (!surface.is_lit(assign_pan) || surface.is_lit(assignment_)) return false;
    if (painted_) return is_calm(now);
    return surface.row(0) == names_ || now - since_ >= light_by;
}

std::optional<Visit::Button> Visit::go_back(const Surface& surface, TimePoint now) {
    if (is_back(surface, now)) {
        state_ = State::over;
        return std::nullopt;
    }
    const bool is_in_pan = surface.is_lit(assign_pan) && !surface.is_lit(assignment_);
    if (is_in_pan || (presses_ > 0 && now - since_ < picture_by)) return std::nullopt;
    if (presses_ == most_pan_presses) {
        state_ = State::over;
        if (why_.empty()) why_ = "the host did not go back to PAN";
        return std::nullopt;
    }
    ++presses_;
    since_ = now;
    return Button{assign_pan, 0};
}

} // namespace prefade::mcu
