#include "tests/support/hui_host.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

namespace prefade::test {
namespace {

using namespace std::chrono_literals;

constexpr Duration ping_pause = 1s, off_line_after = 2s, level_stands = 300ms;

std::array<char, 4> four(const std::string& text) {
    std::array<char, 4> letters{' ', ' ', ' ', ' '};
    std::copy_n(text.begin(), std::min(text.size(), letters.size()), letters.begin());
    return letters;
}

/// Some level in four letters: the law does not matter, that it is no name does.
std::string level_text(std::uint16_t position) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%+.1f", (position - 12'808) / 400.0);
    return std::string(text.data()).substr(0, 4);
}

} // namespace

HuiHost::HuiHost(HuiHabits which, std::size_t units, std::vector<HuiStrip> mixer)
    : habits(std::move(which)),
      strips(std::move(mixer)),
      cells_(units * 8),
      readers_(units),
      zones_(units, -1) {}

std::string HuiHost::cut(const std::string& name) const {
    std::string all = name;
    if (habits.squeezes_names)
        while (all.size() > 4) {
            const auto vowel = all.find_last_of("aeiou ");
            if (vowel == std::string::npos) break;
            all.erase(vowel, 1);
        }
    return all.substr(0, 4);
}

// ---- words ----------------------------------------------------------------------------------

void HuiHost::send(hui::Bytes bytes, std::size_t unit, TimePoint now) {
    on_its_way_.push_back(
        {now + habits.latency, {std::move(bytes), static_cast<std::uint8_t>(unit)}});
}

void HuiHost::say(const hui::FromHost& message, std::size_t unit, TimePoint now) {
    auto all = hui::to_bytes(message);
    if (!all) throw std::logic_error(all.error().message);
    if (const auto* led = std::get_if<hui::Led>(&message)) {
        const bool is_known = habits.latches_zone && zones_[unit] == led->of.zone;
        zones_[unit] = led->of.zone;
        if (is_known) all->erase(all->begin());
    }
    for (hui::Bytes& bytes : *all) send(std::move(bytes), unit, now);
}

void HuiHost::light(const hui::Switch& of, bool on, std::size_t unit, TimePoint now) {
    say(hui::Led{of, on ? hui::Light::on : hui::Light::off}, unit, now);
}

std::vector<MidiMessage> HuiHost::tell(TimePoint now) {
    std::vector<MidiMessage> arrived;
    while (!on_its_way_.empty() && on_its_way_.front().due <= now) {
        arrived.push_back(std::move(on_its_way_.front().message));
        on_its_way_.pop_front();
    }
    return arrived;
}

TimePoint HuiHost::next_arrival() const {
    return on_its_way_.empty() ? TimePoint::max() : on_its_way_.front().due;
}

// ---- time -----------------------------------------------------------------------------------

bool HuiHost::is_online(TimePoint now) const {
    return answered_ && (!habits.falls_silent || now - answered_at_ <= off_line_after);
}

void HuiHost::tick(TimePoint now) {
    if (pings && now >= next_ping_) {
        next_ping_ = now + ping_pause;
        for (std::size_t unit = 0; unit < readers_.size(); ++unit) {
            if (habits.pings_as_note_off)
                send({0x80, 0x00, 0x40}, unit, now);
            else
                say(hui::Ping{}, unit, now);
        }
        if (answered_ && !is_online(now))
            answered_ = false; // the next answer finds it painting anew
    }
    for (std::size_t at = 0; at < cells_.size(); ++at)
        if (now >= cells_[at].named_at) {
            cells_[at].named_at = TimePoint::max();
            cells_[at].name = "(a level)";
            paint_names(at / 8, now, false);
        }
}

TimePoint HuiHost::next_deadline() const {
    TimePoint next = pings ? next_ping_ : TimePoint::max();
    for (const CellState& cell : cells_) next = std::min(next, cell.named_at);
    return next;
}

void HuiHost::restart(TimePoint now) {
    on_its_way_.clear();
    std::fill(cells_.begin(), cells_.end(), CellState{});
    std::fill(zones_.begin(), zones_.end(), -1);
    shown_play_ = -1;
    first_ = 0;
    answered_ = false;
    next_ping_ = now;
}

// ---- what the surface says ------------------------------------------------------------------

void HuiHost::hear(const MidiMessage& message, TimePoint now) {
    std::vector<hui::FromSurface> told;
    if (const auto taken = readers_.at(message.port).take(message.bytes, told); !taken)
        throw std::logic_error("the surface says what no surface says: " + taken.error().message);
    for (const hui::FromSurface& one : told) {
        if (std::holds_alternative<hui::PingReply>(one)) {
            answered_at_ = now;
            if (!std::exchange(answered_, true)) paint(now, true);
        } else if (!is_online(now)) {
            throw std::logic_error("the surface speaks before it has answered a ping");
        } else if (const auto* pressed = std::get_if<hui::Press>(&one)) {
            press(*pressed, message.port, now);
        } else if (const auto* fader = std::get_if<hui::Fader>(&one)) {
            move(message.port * 8U + fader->strip, fader->position, now);
        }
    }
}

void HuiHost::press(const hui::Press& pressed, std::size_t unit, TimePoint now) {
    const auto& [of, down] = pressed;
    if (of.zone < 8 && of.port == hui::fader_touch) return touch(unit * 8 + of.zone, down, now);
    if (!down) return;
    if (of.zone < 8) {
        const std::size_t at = first_ + unit * 8 + of.zone;
        if (at >= strips.size()) return;
        if (of.port == hui::mute) strips[at].mute = !strips[at].mute;
        if (of.port == hui::solo) strips[at].solo = !strips[at].solo;
        if (of.port == hui::rec_ready) strips[at].arm = !strips[at].arm;
        if (on_write && of.port == hui::mute) on_write(strips[at], false);
        return paint(now, false);
    }
    const auto step = static_cast<int>(cells_.size());
    const auto turned = [&](int by) {
        ++presses_;
        bank(by, now);
    };
    if (of == hui::bank_left) turned(-step);
    if (of == hui::bank_right) turned(step);
    if (of == hui::channel_left) turned(-1);
    if (of == hui::channel_right) turned(1);
    if (of == hui::play || of == hui::stop) {
        rolling = of == hui::play;
        paint(now, false);
    }
}

/// Nothing is told of a fader that is held; where it stands is told when it is let go.
void HuiHost::touch(std::size_t cell, bool down, TimePoint now) {
    CellState& state = cells_[cell];
    const std::size_t at = first_ + cell;
    if (at >= strips.size() || state.held == down) return;
    state.held = down;
    HuiStrip& strip = strips[at];
    if (down) {
        state.before = strip.fader;
        if (habits.shows_level) {
            state.named_at = TimePoint::max();
            say(hui::ScribbleText{static_cast<std::uint8_t>(cell % 8),
                                  four(level_text(strip.fader))},
                cell / 8, now);
        }
        return;
    }
    if (!strip.obeys) strip.fader = state.before;
    state.fader = -1;
    if (habits.shows_level) state.named_at = now + level_stands;
    paint(now, false);
}

void HuiHost::move(std::size_t cell, std::uint16_t position, TimePoint now) {
    const std::size_t at = first_ + cell;
    if (at >= strips.size()) return;
    ++faders_heard_;
    CellState& state = cells_[cell];
    if (!state.held) { // the motor pulls it back
        state.fader = -1;
        return paint(now, false);
    }
    strips[at].fader = position;
    if (on_write) on_write(strips[at], true);
    if (habits.shows_level)
        say(hui::ScribbleText{static_cast<std::uint8_t>(cell % 8), four(level_text(position))},
            cell / 8, now);
}

void HuiHost::bank(int by, TimePoint now) {
    const int size = static_cast<int>(strips.size()), step = static_cast<int>(cells_.size()),
              at = static_cast<int>(first_);
    const bool shifted = habits.last_bank == HuiHabits::LastBank::shifted;
    int to = at + by;
    if (by > 0 && shifted) to = std::min(to, std::max(0, size - step));
    if (by > 1 && at + step >= size) to = at;
    if (by < -1 && shifted && at % step != 0) to = at / step * step;
    first_ = static_cast<std::size_t>(std::clamp(to, 0, std::max(0, size - 1)));
    if (to == at) return;
    for (CellState& state : cells_) state.held = false; // it is another strip's hand now
    paint(now, false);
}

// ---- what it shows --------------------------------------------------------------------------

void HuiHost::paint(TimePoint now, bool all) {
    if (!answered_) return;
    for (std::size_t cell = 0; cell < cells_.size(); ++cell) paint_values(cell, now, all);
    for (std::size_t unit = 0; unit < readers_.size(); ++unit) paint_names(unit, now, all);
    if (all) light(hui::assign_pan, true, 0, now);
    if (all || shown_play_ != static_cast<int>(rolling)) {
        shown_play_ = rolling;
        light(hui::play, rolling, 0, now);
        light(hui::stop, !rolling, 0, now);
    }
}

void HuiHost::paint_values(std::size_t cell, TimePoint now, bool all) {
    const bool there = first_ + cell < strips.size();
    const HuiStrip strip = there ? strips[first_ + cell] : HuiStrip{};
    CellState& shown = cells_[cell];
    const std::size_t unit = cell / 8;
    const auto at = static_cast<std::uint8_t>(cell % 8);
    const auto differs = [&](int& was, int is) {
        const bool news = all || was != is;
        was = is;
        return news;
    };
    if (!shown.held && differs(shown.fader, strip.fader))
        say(hui::Fader{at, strip.fader}, unit, now);
    if (differs(shown.mute, strip.mute)) light({at, hui::mute}, strip.mute, unit, now);
    if (differs(shown.solo, strip.solo)) light({at, hui::solo}, strip.solo, unit, now);
    if (differs(shown.arm, strip.arm)) light({at, hui::rec_ready}, strip.arm, unit, now);
    if (habits.hints_automation && all)
        say(hui::Led{{at, hui::automation}, hui::Light::unexplained}, unit, now);
    if (differs(shown.ring, there ? strip.ring : 0))
        say(hui::Ring{at, hui::RingMode::dot, there ? strip.ring : std::uint8_t{0}, false}, unit,
            now);
    const auto meter = [&](int& was, int is, hui::Side side) {
        if (was == is) return;
        was = is;
        say(hui::MeterLevel{at, side, static_cast<std::uint8_t>(std::max(is, 0))}, unit, now);
    };
    meter(shown.left, strip.left, hui::Side::left);
    meter(shown.right, strip.right, hui::Side::right);
}

void HuiHost::paint_names(std::size_t unit, TimePoint now, bool all) {
    hui::Bytes packed{0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x10};
    const std::size_t bare = packed.size();
    for (std::uint8_t at = 0; at < 8; ++at) {
        const std::size_t cell = unit * 8 + at, strip = first_ + cell;
        CellState& shown = cells_[cell];
        const std::string name = strip < strips.size() ? cut(strips[strip].name) : "";
        if (!all && shown.name == name) continue;
        shown.name = name;
        const auto letters = four(name);
        if (habits.packs_names) {
            packed.push_back(at);
            packed.insert(packed.end(), letters.begin(), letters.end());
        } else {
            say(hui::ScribbleText{at, letters}, unit, now);
        }
    }
    if (packed.size() == bare) return;
    packed.push_back(0xF7);
    send(std::move(packed), unit, now);
}

} // namespace prefade::test
