// A visit to what an assignment of the surface shows of one strip. Its SELECT is pressed, then the button of the
// assignment; what stands in the columns then is that strip's, and goes on being it: the host binds texts and pots when
// the assignment begins (Ardour 7.3, by its source). The visit stays until it is called back, and leaves the surface in
// PAN. Knows no ids. Pure; desk thread.
#pragma once

#include "connectors/mcu/surface.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace prefade::mcu {

/// The cells whose SELECT is lit.
std::vector<std::size_t> selected_cells(const Surface& surface);

class Visit {
public:
    /// `cell` shows the strip now, in PAN; `assignment` is the note of the button.
    Visit(std::size_t cell, std::uint8_t assignment, const Surface& surface, TimePoint now);

    void told(const Surface& surface, const Surface::Change& change, TimePoint now);
    struct Button {
        std::uint8_t note;
        std::size_t unit;
    };
    /// The button to press now, if any.
    std::optional<Button> tick(const Surface& surface, TimePoint now);
    /// Opens what a column lists: its pot is pressed. Only a column that shows something: a press of an empty one ends Ardour
    /// 7.3 in a crash (measured; so it is by its source). Where it has a window of its own, that opens too.
    void open(std::size_t column, TimePoint now);
    /// The next page of what was opened, or the one before. Where there was none `is_last_page` says so then.
    void turn_page(bool is_next, TimePoint now);
    bool is_last_page() const noexcept { return last_page_; }
    /// Back to PAN, as soon as the host can take it.
    void leave(TimePoint now);

    enum class State {
        selecting,
        assigning,
        refused, ///< the host has put a message over the names instead: it is waited for
        there,
        changing, ///< a page is being painted
        leaving,
        over
    };
    State state() const noexcept { return state_; }
    /// The columns are the strip's: nobody else has selected another, or turned them to something else.
    bool is_there() const noexcept { return state_ == State::there; }
    /// The host has answered that the strip has none of these.
    bool found_nothing() const noexcept { return nothing_; }
    /// Why it did not come there, or did not stay; empty when neither.
    const std::string& why() const noexcept { return why_; }
    /// Somebody else has selected another strip.
    bool is_deselected() const noexcept { return deselected_; }
    /// When the state became what it is.
    TimePoint since() const noexcept { return since_; }
    std::size_t cell() const noexcept { return cell_; }
    std::uint8_t assignment() const noexcept { return assignment_; }

private:
    void enter(State state, TimePoint now);
    void fail(std::string why, TimePoint now);
    bool is_selected(const Surface& surface) const;
    bool is_calm(TimePoint now) const;
    bool is_selection_calm(TimePoint now) const;
    bool is_back(const Surface& surface, TimePoint now) const;
    std::optional<Button> select(const Surface& surface, TimePoint now);
    std::optional<Button> assign(const Surface& surface, TimePoint now);
    void arrive(const Surface& surface, TimePoint now);
    void change(Button button, TimePoint now);
    std::optional<Button> wait_for_page(const Surface& surface, TimePoint now);
    std::optional<Button> go_back(const Surface& surface, TimePoint now);

    std::size_t cell_;
    std::uint8_t assignment_;
    std::string names_;               ///< the upper row in PAN
    std::vector<std::string> titles_; ///< of the columns, once there
    State state_{State::selecting};
    TimePoint since_; ///< of the state, or of its last press
    int presses_{0};  ///< in this state
    std::optional<TimePoint>
        painted_; ///< a text of the upper row became another, last in this state; of a page, a ring too
    TimePoint lit_;   ///< a light of a cell became another, last
    Button button_{}; ///< that was pressed for a page
    bool nothing_{false}, deselected_{false}, last_page_{false};
    bool was_selected_{false}; ///< ours was, after our press
    bool other_window_{false}; ///< the names became others
    std::string why_;
};

} // namespace prefade::mcu
