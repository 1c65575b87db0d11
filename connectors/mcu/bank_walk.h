// Finds every strip of a mixer through a window of a few: presses the bank buttons, watches what the press does, and
// goes back to where the window stood. Pure; desk thread.
#pragma once

#include "connectors/mcu/surface.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace prefade::mcu {

/// What a cell shows of a strip.
struct Seen {
    std::string name; ///< as cut by the host; empty: no strip there
    std::optional<std::uint16_t> fader;
    std::optional<bool> mute, solo, arm;
    std::optional<Ring> ring; ///< its strip is always 0
    friend bool operator==(const Seen&, const Seen&) = default;
};
Seen seen_in(const Surface& surface, std::size_t cell);
std::vector<Seen> window_of(const Surface& surface);

/// What a press has done. Hosts say nothing of a press itself: they paint what is new, in any order, or nothing.
class Settling {
public:
    /// Nothing came for so long: the press did nothing. Hosts paint within 60 ms (Ardour 7.3, measured) to 200 ms (Live,
    /// by its script).
    static constexpr Duration patience = std::chrono::milliseconds(400);
    /// So long after the last stroke the picture is whole.
    static constexpr Duration calm = std::chrono::milliseconds(150);
    /// A mixer that plays automation is never calm.
    static constexpr Duration longest = std::chrono::milliseconds(1500);

    void begin(TimePoint now);
    void told(const Surface::Change& change, TimePoint now);
    enum class State { waiting, nothing, moved };
    State state(TimePoint now) const;
    TimePoint due() const; ///< when the state may have become another

private:
    /// One fader may have been moved by a hand; names, or several cells at once, are another window.
    bool painted() const { return named_ || cells_.size() > 1; }
    TimePoint begun_{}, last_{};
    bool named_{false};
    std::set<std::size_t> cells_;
};

class BankWalk {
public:
    /// How the last bank stands where the strips are no multiple of the window: its rest blank, or shifted so that it
    /// is full and repeats strips of the bank before.
    enum class LastBank { unknown, partial, shifted };
    BankWalk(std::size_t width, LastBank last) : width_(width), last_(last) {}

    void begin(const Surface& surface, TimePoint now);
    void told(const Surface::Change& change, TimePoint now) { settling_.told(change, now); }
    /// The button to press now, if any.
    std::optional<Note> tick(const Surface& surface, TimePoint now);
    TimePoint due() const;

    enum class State { idle, walking, over, failed };
    State state() const noexcept { return state_; }
    /// Once it is over: all strips in mixer order, and which of them stands in the first cell now.
    const std::vector<Seen>& strips() const noexcept { return strips_; }
    std::size_t first() const noexcept { return first_; }
    const std::string& why() const noexcept { return why_; } ///< it failed

private:
    enum class Leg { to_left, to_right, home_left, home_right };
    std::optional<Note> press(Note button, TimePoint now);
    bool is_end_again();
    std::optional<Note> fail(std::string why);
    std::optional<Note> next_window(const std::vector<Seen>& window, TimePoint now);
    std::optional<Note> assemble(TimePoint now);
    std::optional<Note> home(TimePoint now);
    bool was_here(const std::vector<Seen>& window) const;
    bool shows(const std::vector<Seen>& window, std::size_t first) const;
    std::size_t overlap(const std::vector<Seen>& window) const;

    std::size_t width_;
    LastBank last_;
    State state_{State::idle};
    Leg leg_{Leg::to_left};
    bool pressed_{false};
    int presses_{0}, ends_{0}, refusals_{0};
    Settling settling_;
    std::vector<std::string> origin_; ///< names in the window before the first press
    std::vector<std::vector<Seen>> windows_;
    std::vector<Seen> strips_;
    std::size_t first_{0}, home_{0};
    std::string why_;
};

/// Where `window`, a row of names, stands in `strips`: all offsets at which each cell shows the strip's name, and blanks
/// behind the last.
std::vector<std::size_t> places_of(const std::vector<std::string>& window,
                                   const std::vector<std::string>& strips);

} // namespace prefade::mcu
