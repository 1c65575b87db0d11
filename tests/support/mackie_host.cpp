#include "tests/support/mackie_host.h"

#include "connectors/mcu/codec.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace prefade::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t cell_width = 7, row_width = 56;
// Ardour 7.3
constexpr const char* no_sends = "no sends for selected track/bus";
constexpr const char* no_plugins = "no plugins in selected track/bus";

std::string printed(double pan, PanText form) {
    char text[16] = "";
    const auto whole = [&](double of) { return static_cast<int>(std::lround(of)); };
    if (form == PanText::percent) {
        const int right = whole(50.0 + 50.0 * pan);
        std::snprintf(text, sizeof text, "L%dR%d", 100 - right, right);
    } else if (form == PanText::fifty) {
        const int side = whole(50.0 * pan);
        if (side == 0) return "C";
        std::snprintf(text, sizeof text, "%d%c", std::abs(side), side < 0 ? 'L' : 'R');
    } else if (form == PanText::signed_64) {
        const int side = whole(pan < 0.0 ? 64.0 * pan : 63.0 * pan);
        std::snprintf(text, sizeof text, side > 0 ? "+%d" : "%d", side);
    }
    return text;
}

std::string padded(const std::string& text, std::size_t width) {
    return text.substr(0, width) + std::string(width - std::min(width, text.size()), ' ');
}

} // namespace

FaderLaw mackie_law() {
    return *FaderLaw::of({{-60, 647}, {-30, 3307}, {-10, 8362}, {0, 12'808}, {6, 16'369}});
}

MackieHabits ardour_habits() {
    MackieHabits h{"Ardour"};
    h.asks = h.paints_on_hello = true;
    h.end_blinks = true;
    h.pan_tick = 2.0 / 63.0;
    h.send_tick = 16'383.0 / 63.0;
    h.shows_plugins = true;
    h.pan_text = PanText::percent;
    return h;
}
MackieHabits live_habits() {
    MackieHabits h{"Live"};
    h.greeting = MackieHabits::Greeting::none;
    h.whole_rows = h.paints_lights = true;
    h.latency = 100ms;
    h.pan_tick = 1.0 / 40.0;
    h.pan_text = PanText::fifty;
    h.pan_text_stays = true;
    return h;
}
MackieHabits reaper_habits() {
    MackieHabits h{"REAPER"};
    h.paints_on_hello = true;
    h.echoes = false;
    h.pan_tick = 1.0 / 31.0;
    return h;
}
MackieHabits logic_habits() {
    MackieHabits h{"Logic"};
    h.asks = true;
    h.last_bank = MackieHabits::LastBank::shifted;
    h.pan_tick = 1.0 / 50.0;
    h.pan_text = PanText::signed_64;
    h.pan_text_stays = true;
    return h;
}

mcu::Challenge response_to(const mcu::Challenge& c) {
    const auto low = [](unsigned value) { return static_cast<std::uint8_t>(value & 0x7FU); };
    const unsigned c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3];
    return {low(c0 + (c1 ^ 0x0AU) - c3), low((c2 >> 4U) ^ (c0 + c3)),
            low((c3 - (c2 << 2U)) ^ (c0 | c1)), low(c1 - c2 + (0xF0U ^ (c3 << 4U)))};
}

MackieHost::MackieHost(MackieHabits which, std::size_t units, std::vector<MackieStrip> mixer)
    : habits(std::move(which)),
      strips(std::move(mixer)),
      shown_(units * 8) {}

std::uint8_t MackieStrip::ring() const {
    return static_cast<std::uint8_t>(std::lround(5.0 * pan) + 6);
}

double MackieInsert::Parameter::number() const {
    if (scale == Scale::logarithmic) return low * std::pow(high / low, part);
    const double at = low + (high - low) * part;
    return scale == Scale::whole ? std::round(at) : at;
}

std::string MackieInsert::Parameter::shown() const {
    if (scale == Scale::none) return text.substr(0, 6);
    if (part <= 0.0 && !foot.empty()) return foot;
    char printed[32];
    std::snprintf(printed, sizeof printed, "%.*f", scale == Scale::whole ? 0 : decimals, number());
    return (printed + unit).substr(0, 6);
}

int MackieInsert::Parameter::lights() const {
    return scale == Scale::none ? ring : static_cast<int>(std::lround(part * 10.0)) + 1;
}

/// What takes whole numbers alone stays where it is when that is less than half a step (Ardour 7.3, by its source).
void MackieInsert::Parameter::turn(double by) {
    if (scale == Scale::none) return;
    part = std::clamp(part + by, 0.0, 1.0);
    if (scale == Scale::whole) part = (number() - low) / (high - low);
}

std::string MackieHost::cut(const std::string& name) const {
    return name.substr(0, habits.letters);
}

void MackieHost::say(const mcu::FromHost& message, std::size_t unit, TimePoint now) {
    auto bytes = mcu::to_bytes(message);
    if (!bytes) throw std::logic_error(bytes.error().message);
    on_its_way_.push_back(
        {now + habits.latency, {std::move(*bytes), static_cast<std::uint8_t>(unit)}});
}

std::vector<MidiMessage> MackieHost::tell(TimePoint now) {
    std::vector<MidiMessage> arrived;
    while (!on_its_way_.empty() && on_its_way_.front().due <= now) {
        arrived.push_back(std::move(on_its_way_.front().message));
        on_its_way_.pop_front();
    }
    return arrived;
}

TimePoint MackieHost::next_arrival() const {
    return on_its_way_.empty() ? TimePoint::max() : on_its_way_.front().due;
}

// ---- what the surface says ------------------------------------------------------------------

void MackieHost::hear(const MidiMessage& message, TimePoint now) {
    const auto told = mcu::from_surface(message.bytes);
    if (!told)
        throw std::logic_error("the surface says what no surface says: " + told.error().message);
    if (const auto* hello = std::get_if<mcu::ConnectionQuery>(&*told)) {
        if (habits.asks)
            say(mcu::ConnectionReply{hello->device, hello->serial, response_to(hello->challenge)},
                message.port, now);
        if (!awake() || habits.paints_on_hello) wake(now);
        return;
    }
    if (const auto* press_ = std::get_if<mcu::Press>(&*told)) {
        if (press_->down) press(press_->note, message.port, now);
    } else if (const auto* fader = std::get_if<mcu::Fader>(&*told)) {
        move(message.port, *fader, now);
    } else if (const auto* turn_ = std::get_if<mcu::Turn>(&*told)) {
        turn(message.port, *turn_, now);
    }
}

void MackieHost::press(std::uint8_t note, std::size_t unit, TimePoint now) {
    using namespace mcu;
    if (note < vpot_of_strip) {
        const std::size_t at = first_ + unit * 8 + note % 8;
        if (at >= strips.size()) return;
        MackieStrip& strip = strips[at];
        bool* switches[] = {&strip.arm, &strip.solo, &strip.mute, nullptr};
        if (note >= select_of_strip) select(strip);
        if (bool* one = switches[note / 8]) *one = !*one;
        if (on_write && note / 8 == 2) on_write(strip, false);
        return paint(now, false);
    }
    if (habits.send_tick > 0.0 && note >= assign_track && note <= assign_instrument)
        return assign(note, now);
    if (assignment_ == assign_plugin) {
        if (note >= vpot_of_strip && note < vpot_of_strip + 8 && opened_.empty())
            return open(unit * 8 + note % 8, now);
        if (note == cursor_right) return turn_page(1, now);
        if (note == cursor_left) return turn_page(-1, now);
    }
    if (!is_in_pan()) return; // no other window while an assignment shows a strip's own
    const auto step = static_cast<int>(width());
    if (note == bank_left) ++presses_, bank(-step, now);
    if (note == bank_right) ++presses_, bank(step, now);
    if (note == channel_left) ++presses_, bank(-1, now);
    if (note == channel_right) ++presses_, bank(1, now);
    if (note == play || note == stop) {
        rolling = note == play;
        paint(now, false);
    }
}

void MackieHost::select(MackieStrip& strip) {
    ++choices_heard_;
    for (MackieStrip& each : strips) each.selected = &each == &strip;
}

void MackieHost::assign(std::uint8_t note, TimePoint now) {
    ++choices_heard_;
    const auto selected = std::find_if(strips.begin(), strips.end(),
                                       [](const MackieStrip& strip) { return strip.selected; });
    const bool any = selected != strips.end();
    const bool has = note == mcu::assign_pan
                     || (note == mcu::assign_send && any && !selected->sends.empty())
                     || (note == mcu::assign_plugin && any && !selected->inserts.empty());
    opened_.clear();
    if (has) {
        assignment_ = note;
        bound_ = any ? selected->name : "";
        message_until_.reset();
    } else if (note == mcu::assign_send || note == mcu::assign_plugin) {
        message_ = note == mcu::assign_send ? no_sends : no_plugins;
        message_until_ = now + 1s;
    }
    paint(now, false);
}

void MackieHost::open(std::size_t column, TimePoint now) {
    const MackieInsert* insert = insert_in(column);
    if (!insert) {
        crashed_ = true;
        awake_ = false;
        return;
    }
    ++windows_;
    opened_ = insert->name;
    page_ = 0;
    for (Shown& shown : shown_) shown.ring = -1; // all that have a control are painted
    paint(now, false);
}

void MackieHost::turn_page(int by, TimePoint now) {
    const std::size_t page = page_ + static_cast<std::size_t>(by);
    const std::size_t was = std::exchange(page_, page);
    if ((by < 0 && was == 0) || !parameter_in(0)) {
        page_ = was; // the old page stays, and nothing is painted
        return;
    }
    for (Shown& shown : shown_) shown.ring = -1;
    paint(now, false);
}

const MackieStrip* MackieHost::bound() const {
    const auto found = std::find_if(strips.begin(), strips.end(),
                                    [&](const MackieStrip& s) { return s.name == bound_; });
    return found == strips.end() ? nullptr : &*found;
}

MackieStrip* MackieHost::bound() { return const_cast<MackieStrip*>(std::as_const(*this).bound()); }

const MackieSend* MackieHost::send_in(std::size_t cell) const {
    const MackieStrip* strip = bound();
    const bool is_there = strip && assignment_ == mcu::assign_send && cell < strip->sends.size();
    return is_there ? &strip->sends[cell] : nullptr;
}

const MackieInsert* MackieHost::insert_in(std::size_t cell) const {
    const MackieStrip* strip = bound();
    return strip && cell < strip->inserts.size() ? &strip->inserts[cell] : nullptr;
}

const MackieInsert::Parameter* MackieHost::parameter_in(std::size_t cell) const {
    const MackieStrip* strip = bound();
    if (!strip) return nullptr;
    for (const MackieInsert& insert : strip->inserts)
        if (insert.name == opened_ && page_ * width() + cell < insert.parameters.size())
            return &insert.parameters[page_ * width() + cell];
    return nullptr;
}

MackieInsert::Parameter* MackieHost::parameter_in(std::size_t cell) {
    return const_cast<MackieInsert::Parameter*>(std::as_const(*this).parameter_in(cell));
}

/// Of a column while an assignment shows a strip's own; 0: dark.
int MackieHost::column_ring(std::size_t cell) const {
    if (const MackieSend* send = send_in(cell))
        return static_cast<int>(std::lround(send->position / 16'383.0 * 10.0)) + 1;
    const auto* parameter = opened_.empty() ? nullptr : parameter_in(cell);
    return parameter ? parameter->lights() : 0;
}

std::string MackieHost::column_text(std::size_t cell, bool is_lower) const {
    if (assignment_ == mcu::assign_send) {
        const MackieSend* send = send_in(cell);
        if (!send) return {};
        if (!is_lower) return cut(send->name);
        const double level =
            mackie_law().level_of(static_cast<std::uint32_t>(std::lround(send->position))).value();
        char text[16];
        std::snprintf(text, sizeof text, std::isfinite(level) ? "%6.1f" : " -inf ", level);
        return text;
    }
    if (opened_.empty()) {
        const MackieInsert* insert = insert_in(cell);
        if (!insert) return {};
        return is_lower ? cut(insert->name) : "Ins" + std::to_string(cell + 1) + "Pl";
    }
    const auto* parameter = parameter_in(cell);
    if (!parameter) return {};
    return is_lower ? parameter->shown() : cut(parameter->name);
}

void MackieHost::tick(TimePoint now) {
    if (!message_until_ || now < *message_until_) return;
    message_until_.reset();
    paint(now, false);
}

void MackieHost::bank(int by, TimePoint now) {
    const int size = static_cast<int>(strips.size()), step = static_cast<int>(width()),
              at = static_cast<int>(first_);
    int to = at + by;
    const bool shifted = habits.last_bank == MackieHabits::LastBank::shifted;
    if (by > 1) {
        if (at + step >= size)
            to = at;
        else if (shifted)
            to = std::min(to, size - step);
    } else if (by < -1 && shifted && at % step != 0) {
        to = at / step * step; // from a shifted last bank back to the one before
    }
    to = std::clamp(to, 0, std::max(0, size - 1));
    if (by == 1 && shifted) to = std::min(to, std::max(0, size - step));
    if (to == at) {
        if (habits.end_blinks) {
            say(mcu::Led{mcu::bank_left, mcu::LedState::on}, 0, now);
            say(mcu::Led{mcu::bank_left, mcu::LedState::off}, 0, now);
        }
        return;
    }
    step_to(static_cast<std::size_t>(to), now);
}

void MackieHost::step_to(std::size_t first, TimePoint now) {
    first_ = first;
    painted_lights_ = habits.paints_lights;
    paint(now, false);
    painted_lights_ = false;
}

void MackieHost::move(std::size_t unit, const mcu::Fader& fader, TimePoint now) {
    ++faders_heard_;
    if (fader.strip == 8) {
        master = fader.position;
        if (!habits.echoes) shown_master_ = master;
        return paint(now, false);
    }
    const std::size_t cell = unit * 8 + fader.strip;
    if (first_ + cell >= strips.size()) return;
    strips[first_ + cell].fader = fader.position;
    if (on_write) on_write(strips[first_ + cell], true);
    if (!habits.echoes) shown_[cell].fader = fader.position;
    paint(now, false);
}

void MackieHost::turn(std::size_t unit, const mcu::Turn& turn, TimePoint now) {
    const std::size_t at = first_ + unit * 8 + turn.knob;
    if (turn.knob >= 8 || pots_are_dead) return;
    if (!is_in_pan()) {
        MackieStrip* strip = bound();
        const std::size_t column = unit * 8 + turn.knob;
        if (auto* parameter = opened_.empty() ? nullptr : parameter_in(column)) {
            ++turns_heard_;
            parameter->turn(turn.ticks * habits.parameter_tick * speed);
            return paint(now, false);
        }
        if (!strip || assignment_ != mcu::assign_send || column >= strip->sends.size()) return;
        ++turns_heard_;
        double& position = strip->sends[column].position;
        position = std::clamp(position + turn.ticks * habits.send_tick * speed, 0.0, 16'383.0);
        return paint(now, false);
    }
    if (at >= strips.size()) return;
    ++turns_heard_;
    strips[at].pan = std::clamp(strips[at].pan + turn.ticks * habits.pan_tick * speed, -1.0, 1.0);
    paint(now, false);
}

void MackieHost::wake(TimePoint now) {
    awake_ = true;
    paint(now, true);
}

void MackieHost::restart(TimePoint now) {
    on_its_way_.clear();
    std::fill(shown_.begin(), shown_.end(), Shown{});
    shown_master_ = shown_play_ = -1;
    first_ = 0;
    awake_ = false;
    assignment_ = mcu::assign_pan;
    opened_.clear();
    shown_assignment_ = 0;
    message_until_.reset();
    if (habits.greeting == MackieHabits::Greeting::none) wake(now);
}

void MackieHost::beat(TimePoint now) {
    if (awake()) say(mcu::Digit{0, '0', false}, 0, now);
}

void MackieHost::goodbye(TimePoint now) {
    say(mcu::SurfaceOrder{mcu::Device::main, mcu::Order::go_offline}, 0, now);
    awake_ = false;
}

// ---- what it shows --------------------------------------------------------------------------

void MackieHost::paint(TimePoint now, bool all) {
    if (!awake()) return;
    if (!is_in_pan() && !bound()) assignment_ = mcu::assign_pan; // it is gone
    const bool is_reassigned = std::exchange(shown_assignment_, assignment_) != assignment_;
    if (habits.send_tick > 0.0 && is_reassigned)
        for (const std::uint8_t note : {mcu::assign_send, mcu::assign_plugin, mcu::assign_eq,
                                        mcu::assign_instrument, mcu::assign_track, mcu::assign_pan})
            say(mcu::Led{note, note == assignment_ ? mcu::LedState::on : mcu::LedState::off}, 0,
                now);
    for (std::size_t cell = 0; cell < width(); ++cell) paint_cell(cell, now, all, painted_lights_);
    paint_rows(now, all);
    if (habits.master && (all || shown_master_ != master)) {
        shown_master_ = master;
        say(mcu::Fader{8, master}, 0, now);
    }
    if (all || shown_play_ != static_cast<int>(rolling)) {
        shown_play_ = rolling;
        say(mcu::Led{mcu::play, rolling ? mcu::LedState::on : mcu::LedState::off}, 0, now);
        say(mcu::Led{mcu::stop, rolling ? mcu::LedState::off : mcu::LedState::on}, 0, now);
    }
}

void MackieHost::paint_cell(std::size_t cell, TimePoint now, bool all, bool lights) {
    const bool there = first_ + cell < strips.size();
    const MackieStrip strip = there ? strips[first_ + cell] : MackieStrip{};
    Shown& shown = shown_[cell];
    const std::size_t unit = cell / 8;
    const auto at = static_cast<std::uint8_t>(cell % 8);
    const auto differs = [&](int& was, int is, bool anyway) {
        const bool news = all || anyway || was != is;
        was = is;
        return news;
    };
    if (differs(shown.fader, strip.fader, false)) say(mcu::Fader{at, strip.fader}, unit, now);
    const auto lamp = [&](int& was, bool on, std::uint8_t note) {
        if (differs(was, on, lights))
            say(mcu::Led{static_cast<std::uint8_t>(note + at),
                         on ? mcu::LedState::on : mcu::LedState::off},
                unit, now);
    };
    lamp(shown.mute, strip.mute, mcu::mute_of_strip);
    lamp(shown.solo, strip.solo, mcu::solo_of_strip);
    lamp(shown.arm, strip.arm, mcu::rec_of_strip);
    lamp(shown.select, strip.selected, mcu::select_of_strip);
    if (!is_in_pan()) {
        const int part = column_ring(cell);
        if (differs(shown.ring, part, false) && part > 0)
            say(mcu::Ring{at, mcu::RingMode::wrap, static_cast<std::uint8_t>(part), false}, unit,
                now);
        return;
    }
    const std::uint8_t ring = there ? strip.ring() : std::uint8_t{0};
    const bool is_same = std::exchange(shown.strip, first_ + cell) == first_ + cell;
    const bool panned = std::exchange(shown.pan, strip.pan) != strip.pan && is_same && !all;
    if (!is_same) shown.pan_until = TimePoint{};
    if (differs(shown.ring, ring, panned))
        say(mcu::Ring{at, mcu::RingMode::dot, ring, ring == 6}, unit, now);
    if (panned && there) shown.pan_until = now + 1s;
    if (there && strip.meter >= 0)
        say(mcu::MeterLevel{at, static_cast<std::uint8_t>(strip.meter)}, unit, now);
}

/// What stands beneath a pot: the pan while it moves, or all the time; else what the pots are.
std::string MackieHost::upper_of(std::size_t cell) const {
    if (message_until_)
        return cell * cell_width < message_.size() ? message_.substr(cell * cell_width, cell_width)
                                                   : "";
    if (!is_in_pan()) return column_text(cell, false);
    return first_ + cell < strips.size() ? cut(strips[first_ + cell].name) : "";
}

std::string MackieHost::lower_of(std::size_t cell, TimePoint now) const {
    if (message_until_) return {};
    if (!is_in_pan()) return column_text(cell, true);
    const std::size_t at = first_ + cell;
    if (at >= strips.size() || habits.pan_text == PanText::none) return {};
    const bool is_there = habits.pan_text_stays || now < shown_[cell].pan_until;
    return is_there ? printed(strips[at].pan, habits.pan_text) : "Pan";
}

void MackieHost::paint_rows(TimePoint now, bool all) {
    for (std::size_t unit = 0; unit < width() / 8; ++unit)
        for (const bool is_lower : {false, true}) paint_row(unit, is_lower, now, all);
}

void MackieHost::paint_row(std::size_t unit, bool is_lower, TimePoint now, bool all) {
    const std::size_t offset = is_lower ? row_width : 0;
    std::string row;
    bool differs = all && !(is_lower && habits.pan_text == PanText::none);
    for (std::size_t at = 0; at < 8; ++at) {
        const std::size_t cell = unit * 8 + at;
        const std::string text =
            padded(is_lower ? lower_of(cell, now) : upper_of(cell), cell_width);
        std::string& shown = is_lower ? shown_[cell].lower : shown_[cell].upper;
        if (is_lower && shown.empty() && habits.pan_text == PanText::none) shown = text;
        if (!habits.whole_rows && (all || shown != text))
            say(mcu::DisplayText{mcu::Device::main,
                                 static_cast<std::uint8_t>(offset + at * cell_width), text},
                unit, now);
        differs = differs || shown != text;
        shown = text;
        row += text;
    }
    if (habits.whole_rows && differs)
        say(mcu::DisplayText{mcu::Device::main, static_cast<std::uint8_t>(offset),
                             padded(row, row_width)},
            unit, now);
}

} // namespace prefade::test
