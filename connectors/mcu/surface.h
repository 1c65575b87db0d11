// What a host shows on a surface: one row of cells over all its units, each a strip's place, with the master fader
// and the displays of the first unit beside it. Holds what was told last, and nothing else. Pure; desk thread.
#pragma once

#include "connectors/mcu/messages.h"
#include "connectors/mcu/protocol.h"
#include "core/units.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace prefade::mcu {

inline constexpr std::size_t strips_of_unit = 8;

/// One strip's place. What was never told is empty.
struct Cell {
    std::optional<std::uint16_t> fader; ///< 0 .. 16383
    std::optional<LedState> arm, solo, mute, select;
    std::optional<Ring> ring;
    std::optional<std::uint8_t>
        meter; ///< step 0 .. 13, as told; it falls by itself, see `meter_step`
    TimePoint metered_at{};
    bool clip{false}; ///< latched by the host
    /// As told, where the host lets the meter of each side rise and fall.
    struct Side {
        std::uint8_t step{0};
        TimePoint at{};
    };
    std::optional<Side> left, right;
};

class Surface {
public:
    /// 1 .. 8 units.
    explicit Surface(std::size_t units);

    /// What became of the cells in a message. Only what shows another strip or another value of it: no ticking clock.
    enum class Part { upper, lower, fader, light, ring, meter };
    struct Change {
        Part part;
        std::size_t cell; ///< `master` for the master fader
        bool differs;     ///< from what was shown before
    };
    /// A unit that this surface does not have is passed over. Appends to `changes`.
    void take(std::uint8_t unit, const FromHost& message, TimePoint now,
              std::vector<Change>& changes);
    void take(std::uint8_t unit, const SideLevel& level, TimePoint now,
              std::vector<Change>& changes);
    /// As at power-up: nothing was told yet.
    void clear();

    std::size_t size() const noexcept { return cells_.size(); } ///< cells
    std::size_t master() const noexcept {
        return cells_.size();
    } ///< the number of its fader in a Change
    const Cell& at(std::size_t cell) const { return cells_.at(cell); }
    std::optional<std::uint16_t> master_fader() const noexcept { return master_; }
    /// The characters of a cell, without blanks at either end; what is no character is '?'.
    std::string upper(std::size_t cell) const { return text(cell, 0); }
    std::string lower(std::size_t cell) const { return text(cell, 1); }
    /// The whole row over all units, blanks and all: what runs across cells is read here.
    std::string row(std::size_t which) const;
    /// Of any note that is no strip's; empty while it was never told.
    std::optional<LedState> light(std::uint8_t note) const;
    bool is_lit(std::uint8_t note) const {
        return light(note).value_or(LedState::off) != LedState::off;
    }
    /// No name in any cell.
    bool is_blank() const;
    std::string assignment() const; ///< two characters, with a dot behind each that has one
    std::string timecode() const;   ///< ten digits from the left, with dots; blanks kept

private:
    void take_text(std::size_t unit, const DisplayText& text, std::vector<Change>& changes);
    void take_light(std::size_t unit, const Led& led, std::vector<Change>& changes);
    std::string text(std::size_t cell, std::size_t row) const;
    std::string digits(std::size_t from, std::size_t count) const;

    std::vector<Cell> cells_;
    std::optional<std::uint16_t> master_;
    std::vector<std::array<char, display_size>> displays_; ///< one a unit
    std::map<std::uint8_t, LedState> lights_;
    std::array<Digit, 12> digits_{};
};

/// The step that a meter stands at: a surface lets it fall by one a `meter_fall` when nothing new comes, for hosts tell
/// rises only (REAPER, by its own source).
inline constexpr Duration meter_fall = std::chrono::milliseconds(300);
std::optional<std::uint8_t> meter_step(const Cell& cell, TimePoint now);

} // namespace prefade::mcu
