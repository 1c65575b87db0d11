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
#include <vector>

namespace prefade::mcu {

class CellHistory {
public:
    /// Beyond any look at what a write has hit.
    static constexpr Duration memory = std::chrono::seconds(60);
    /// An echo comes within this, and the news of what our message has met.
    static constexpr Duration on_its_way = std::chrono::milliseconds(300);
    /// Name and values of a strip that comes into a cell are told within this of each other.
    static constexpr Duration stroke = std::chrono::milliseconds(60);

    /// What a host tells in one go has no longer pauses: a name of 15 bytes takes 5 ms on a MIDI cable.
    static constexpr Duration breath = std::chrono::milliseconds(10);

    void named(std::size_t cell, std::string name, TimePoint now);
    void told(std::size_t cell, std::uint16_t position, TimePoint now);
    /// What a message of ours is for: the strip of a write, or the one in its cell that was hit by it and is brought back.
    struct Meant {
        StripId strip;    ///< of the write
        std::string name; ///< that the cell shows
        bool brings_back{false};
    };
    void sent(std::size_t cell, Meant meant, std::uint16_t position, TimePoint now);
    /// `of` is mute or solo. A light that is told again is no news.
    void lit(std::size_t cell, Control of, bool is_on, TimePoint now);
    void pressed(std::size_t cell, Meant meant, Control of, TimePoint now);

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
    /// Such a message may have brought its fader to that position.
    bool may_be_ours(std::uint16_t position, const Comer& comer) const;
    /// From where, and to where, presses have turned its switch: one, or several.
    struct Turned {
        bool from, to;
        friend bool operator==(const Turned&, const Turned&) = default;
    };
    std::optional<Turned> turned(Control of, const Comer& comer) const;
    /// A strip that stands in a cell, to which the host has told that a message of ours came which was meant for another.
    struct Hit {
        std::size_t cell;
        Control of;
        StripId target;    ///< of the write
        std::string name;  ///< of the one that was hit
        std::uint16_t now; ///< what it holds: a position, or a switch as 0 or 1
        /// What it held before. Nothing of a fader that was held, and so not told of, when it came.
        std::optional<std::uint16_t> former;
        std::optional<std::uint16_t> shown; ///< else what the cell showed, which may be another's
    };
    /// Those that no message of ours has answered yet. `tells_held`: of faders that we hold, too.
    std::vector<Hit> hits(TimePoint now, bool tells_held) const;
    /// A message of ours brought a strip that showed this name back to that position.
    bool brought_back(const std::string& name, std::uint16_t position) const;
    /// The host told one of the cell's values since.
    bool is_told(std::size_t cell, Control of, TimePoint since) const;
    /// A strip of this name was made while its place was in sight: the one that stood there went one to the
    /// right, and those on the left stayed.
    bool was_inserted(const std::string& name) const;
    /// The host may not have told all of a window yet.
    bool is_painting(TimePoint now) const { return now - told_at_ < breath; }
    /// A message of ours may be on its way, or the news of what it has met.
    bool is_open(TimePoint now) const;

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
        std::string name;    ///< of ours: what its cell showed
        StripId strip{};
        bool brings_back{false};
    };
    void add(Item item);
    template <class Visit> void each_arrival(const Item& sent, Visit visit) const;
    bool is_echo(std::size_t index) const;
    std::set<std::size_t> arrivals(const Item& sent, const Comer& comer) const;
    std::optional<std::uint16_t> painted_with(std::size_t arrival) const;
    std::optional<std::uint16_t> shown_at(std::size_t arrival) const;
    std::optional<std::size_t> lit_after(std::size_t arrival, What what) const;
    bool are_one_paint(std::size_t first, std::size_t last) const;
    bool is_turned_back(std::size_t light, const std::string& name) const;
    bool is_of_next(std::size_t told) const;
    bool has_shown(std::size_t arrival, std::uint16_t position) const;
    std::optional<Hit> hit(std::size_t sent, bool tells_held) const;
    std::optional<std::size_t> comer_after(std::size_t sent) const;
    std::optional<std::size_t> namesake_after(std::size_t sent) const;
    bool is_told_again(std::size_t told) const;
    bool is_rename(std::size_t arrival) const;

    std::deque<Item> items_;
    std::deque<TimePoint> turns_;                         ///< of the window, by us
    std::optional<TimePoint> pressed_;                    ///< last
    TimePoint told_at_{};                                 ///< last, by the host
    std::map<std::pair<std::size_t, What>, bool> lights_; ///< as told last
};

} // namespace prefade::mcu
