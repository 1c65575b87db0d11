#include "connectors/mcu/surface.h"

#include <algorithm>
#include <utility>

namespace prefade::mcu {
namespace {

constexpr std::size_t cell_width = 7, row_width = 56;

/// What a display shows of a byte: its glyphs below a blank and what is no ASCII are not characters of a name.
char printable(char c) { return c >= ' ' && c <= '~' ? c : c == '\0' ? ' ' : '?'; }

template <class T> bool put(std::optional<T>& into, T value) {
    const bool differs = into != value;
    into = value;
    return differs;
}

} // namespace

Surface::Surface(std::size_t units) : cells_(units * strips_of_unit), displays_(units) { clear(); }

void Surface::clear() {
    std::fill(cells_.begin(), cells_.end(), Cell{});
    master_.reset();
    for (auto& display : displays_) display.fill(' ');
    lights_.clear();
    for (std::size_t i = 0; i < digits_.size(); ++i)
        digits_[i] = {static_cast<std::uint8_t>(i), ' ', false};
}

void Surface::take(std::uint8_t unit, const FromHost& message, TimePoint now,
                   std::vector<Change>& changes) {
    if (unit >= displays_.size()) return;
    const std::size_t first = unit * strips_of_unit;
    if (const auto* text = std::get_if<DisplayText>(&message)) {
        take_text(unit, *text, changes);
    } else if (const auto* led = std::get_if<Led>(&message)) {
        take_light(unit, *led, changes);
    } else if (const auto* fader = std::get_if<Fader>(&message)) {
        if (fader->strip < master_strip)
            changes.push_back({Part::fader, first + fader->strip,
                               put(cells_[first + fader->strip].fader, fader->position)});
        else
            changes.push_back({Part::fader, master(), put(master_, fader->position)});
    } else if (const auto* ring = std::get_if<Ring>(&message)) {
        changes.push_back(
            {Part::ring, first + ring->strip, put(cells_[first + ring->strip].ring, *ring)});
    } else if (const auto* level = std::get_if<MeterLevel>(&message)) {
        Cell& cell = cells_[first + level->strip];
        cell.metered_at = now;
        changes.push_back({Part::meter, first + level->strip, put(cell.meter, level->step)});
    } else if (const auto* clip = std::get_if<MeterClip>(&message)) {
        bool& shown = cells_[first + clip->strip].clip;
        changes.push_back(
            {Part::meter, first + clip->strip, std::exchange(shown, clip->on) != clip->on});
    } else if (const auto* digit = std::get_if<Digit>(&message)) {
        digits_[digit->place] = *digit;
    }
}

void Surface::take(std::uint8_t unit, const SideLevel& level, TimePoint now,
                   std::vector<Change>& changes) {
    if (unit >= displays_.size() || level.strip >= strips_of_unit) return;
    const std::size_t at = unit * strips_of_unit + level.strip;
    auto& side = level.side == Channel::right ? cells_[at].right : cells_[at].left;
    const bool differs = !side || side->step != level.step;
    side = Cell::Side{level.step, now};
    changes.push_back({Part::meter, at, differs});
}

void Surface::take_text(std::size_t unit, const DisplayText& text, std::vector<Change>& changes) {
    auto& display = displays_[unit];
    std::array<bool, display_size / cell_width> told{}, differs{};
    for (std::size_t i = 0; i < text.text.size() && text.offset + i < display.size(); ++i) {
        const std::size_t at = text.offset + i;
        const char shown = printable(text.text[i]);
        told[at / cell_width] = true;
        differs[at / cell_width] = differs[at / cell_width] || display[at] != shown;
        display[at] = shown;
    }
    for (std::size_t i = 0; i < told.size(); ++i)
        if (told[i])
            changes.push_back({i < strips_of_unit ? Part::upper : Part::lower,
                               unit * strips_of_unit + i % strips_of_unit, differs[i]});
}

void Surface::take_light(std::size_t unit, const Led& led, std::vector<Change>& changes) {
    if (led.note >= vpot_of_strip) {
        lights_[led.note] = led.state;
        return;
    }
    const std::size_t cell = unit * strips_of_unit + led.note % strips_of_unit;
    constexpr std::optional<LedState> Cell::*lamps[] = {&Cell::arm, &Cell::solo, &Cell::mute,
                                                        &Cell::select};
    changes.push_back(
        {Part::light, cell, put(cells_[cell].*lamps[led.note / strips_of_unit], led.state)});
}

std::string Surface::text(std::size_t cell, std::size_t row) const {
    const auto& display = displays_.at(cell / strips_of_unit);
    const std::size_t from = row * row_width + cell % strips_of_unit * cell_width;
    std::string text(display.data() + from, cell_width);
    text.erase(text.find_last_not_of(' ') + 1);
    text.erase(0, text.find_first_not_of(' '));
    return text;
}

std::string Surface::row(std::size_t which) const {
    std::string all;
    for (const auto& display : displays_) all.append(display.data() + which * row_width, row_width);
    return all;
}

std::optional<LedState> Surface::light(std::uint8_t note) const {
    const auto found = lights_.find(note);
    return found == lights_.end() ? std::nullopt : std::optional(found->second);
}

bool Surface::is_blank() const { return row(0).find_first_not_of(' ') == std::string::npos; }

std::string Surface::digits(std::size_t from, std::size_t count) const {
    std::string shown;
    for (std::size_t i = count; i-- > 0;) {
        const Digit& digit = digits_.at(from + i);
        shown += digit.shown == '@' ? ' ' : digit.shown;
        if (digit.dot) shown += '.';
    }
    return shown;
}

std::string Surface::timecode() const { return digits(0, 10); }
std::string Surface::assignment() const { return digits(10, 2); }

std::optional<std::uint8_t> meter_step(const Cell& cell, TimePoint now) {
    if (!cell.meter) return std::nullopt;
    const auto fallen = (now - cell.metered_at) / meter_fall;
    return fallen >= *cell.meter ? std::uint8_t{0}
                                 : static_cast<std::uint8_t>(*cell.meter - fallen);
}

} // namespace prefade::mcu
