// What the faders and switches of the cells held before messages of ours arrived there. A host takes messages in their
// order: when another strip came into a cell, what it holds is told with its name, and before the echo of what we wrote to
// it. Pure; desk thread.
#pragma once

#include "core/control.h"
#include "core/ids.h"
#include "core/units.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace prefade::mcu {

class CellHistory {
public:
    /// Beyond any look at what a write has hit.
    static constexpr Duration memory = std::chrono::seconds(60);
    /// An echo comes within this, and the news of what our message has met.
    static constexpr Duration on_its_way = std::chrono::milliseconds(300);
    /// Name and values of a strip that comes into a cell are told within this of each other.
    static constexpr Duration stroke = std::chrono::milliseconds(60);

    void named(std::size_t cell, std::string name, TimePoint now);
    void told(std::size_t cell, std::uint16_t position, TimePoint now);
    /// `strip` is the one that it is meant for.
    void sent(std::size_t cell, StripId strip, std::uint16_t position, TimePoint now);
    /// `of` is mute or solo. A light that is told again is no news.
    void lit(std::size_t cell, Control of, bool is_on, TimePoint now);
    void pressed(std::size_t cell, StripId strip, Control of, TimePoint now);

    /// By us: the host takes it after what we sent before, and what comes into the cells then was not hit by that.
    void turned_window(TimePoint now);

    /// A strip that may have come into a cell while a message to it, meant for another, was on its way.
    struct Comer {
        StripId id;
        std::string name;
        std::optional<std::uint16_t>
            fader{};       ///< where its cell has shown it, if others have its name
        TimePoint since{}; ///< not before this: it was seen otherwise then
    };
    /// What its fader held before such a message brought it to `position`. Nothing where none is known to have, or where two
    /// may have and differ in this.
    std::optional<std::uint16_t> before(std::uint16_t position, const Comer& comer) const;
    /// From where, and to where, presses have turned its switch: one, or several.
    struct Turned {
        bool from, to;
        friend bool operator==(const Turned&, const Turned&) = default;
    };
    std::optional<Turned> turned(Control of, const Comer& comer) const;
    /// Names that came into the cell while a message of ours to it was on its way.
    std::set<std::string> met(std::size_t cell, TimePoint since) const;
    /// In any cell.
    bool met(const std::string& name, TimePoint since) const;
    void clear();

private:
    enum class What { name, fader, mute, solo };
    struct Item {
        std::size_t cell;
        TimePoint at;
        What what;
        bool ours;
        std::uint16_t value; ///< of a fader, or of a switch; of its press nothing
        std::string name;
        StripId strip{};
    };
    void add(Item item);
    template <class Visit> void each_arrival(const Item& sent, Visit visit) const;
    bool is_echo(std::size_t index) const;
    std::set<std::size_t> arrivals(const Item& sent, const Comer& comer) const;
    std::optional<std::uint16_t> painted_with(std::size_t arrival) const;
    std::optional<std::uint16_t> shown_at(std::size_t arrival) const;
    std::optional<std::size_t> lit_after(std::size_t arrival, What what) const;
    bool has_shown(std::size_t arrival, std::uint16_t position) const;

    std::deque<Item> items_;
    std::deque<TimePoint> turns_;                         ///< of the window, by us
    std::optional<TimePoint> pressed_;                    ///< last
    std::map<std::pair<std::size_t, What>, bool> lights_; ///< as told last
};

} // namespace prefade::mcu
