// What the faders of the cells held before messages of ours arrived there. A host takes messages in their order: when
// another strip came into a cell, its position is told before the echo of what we wrote to it, even while nobody knows yet
// which strip it is. Pure; desk thread.
#pragma once

#include "core/units.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace prefade::mcu {

class CellHistory {
public:
    /// Beyond any look at what a write has hit.
    static constexpr Duration memory = std::chrono::seconds(60);
    /// An echo comes within this; and what was told longer before our message is of the strip that stood there then.
    static constexpr Duration on_its_way = std::chrono::milliseconds(300);

    void told(std::size_t cell, std::uint16_t position, TimePoint now);
    void sent(std::size_t cell, std::uint16_t position, TimePoint now);
    /// What a fader held before a message of ours brought it to `position`. Nothing where no message is known to have, or
    /// where two may have and differ in this.
    std::optional<std::uint16_t> before(std::uint16_t position) const;
    void clear() { items_.clear(); }

private:
    struct Item {
        std::size_t cell;
        std::uint16_t position;
        TimePoint at;
        bool ours;
    };
    void add(const Item& item);
    std::optional<TimePoint> sent_for(const Item& told) const;
    std::optional<std::uint16_t> before_echo(std::size_t index) const;

    std::deque<Item> items_;
};

} // namespace prefade::mcu
