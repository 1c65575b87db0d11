// What the window tells: values of strips in sight, their meters, the transport.
#include "connectors/mcu/engine.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace prefade::mcu {
namespace {

using namespace std::chrono_literals;

/// Hosts paint values and names of a changed window in any order: a value is believed once so much time went by without
/// a name becoming another.
constexpr Duration belief = 60ms;
constexpr Duration believed_silence = 3s;

} // namespace

Dialect::Engine::Entry* Dialect::Engine::entry_in(std::size_t cell) {
    const std::size_t at = first_ + cell;
    return at < entries_.size() ? &entries_[at] : nullptr;
}

/// The cells show what the list says they do, as far as was told, and their faders are strips' levels.
bool Dialect::Engine::window_is_sure() const {
    return state_ == State::connected && !renamed_at_ && !turning_ && !visit_
           && next_walk_ == TimePoint::max() && other_mode().empty();
}

/// With FLIP, or in an assignment other than pan, faders and names are not what they seem. Lights tell.
std::string Dialect::Engine::other_mode() const {
    constexpr std::pair<std::uint8_t, const char*> modes[] = {{flip, "FLIP"},
                                                              {assign_send, "SEND"},
                                                              {assign_plugin, "PLUG-IN"},
                                                              {assign_eq, "EQ"},
                                                              {assign_instrument, "INSTRUMENT"}};
    for (const auto& [note, name] : modes)
        if (surface_.is_lit(note)) return name;
    return {};
}

void Dialect::Engine::hear(const Surface::Change& change, TimePoint now, DialectOutput& out) {
    if (turning_) {
        turning_->told(change, now);
        return;
    }
    if (visit_) return hear_visit(change, now);
    probe_.told(surface_, change, now);
    const bool is_pan = pans_.told(surface_, change, now);
    switch (change.part) {
    case Surface::Part::upper:
        if (!change.differs) return;
        leave_cell(change.cell, now, out);
        if (!renamed_at_) brackets_.structure_changed(now, out);
        renamed_at_ = now;
        probe_.forget();
        pans_.forget_window();
        return;
    case Surface::Part::fader:
    case Surface::Part::light:
    case Surface::Part::ring:
        // An echo of the same value is news too: that the host took it.
        pending_.try_emplace(change.cell, now);
        if (change.part == Surface::Part::fader && touched_.contains(change.cell))
            hear_own_fader(change.cell, now, out);
        return;
    case Surface::Part::lower:
        if (is_pan) pending_.try_emplace(change.cell, now);
        return;
    case Surface::Part::meter: return;
    }
}

/// Another strip came, or another name. A fader is no longer ours to hold, and what a message has met that was on its way the
/// host is made to tell.
void Dialect::Engine::leave_cell(std::size_t cell, TimePoint now, DialectOutput& out) {
    const auto held = touched_.find(cell);
    if (!protocol_->tells_held() && held != touched_.end() && held->second.down) {
        let_go(cell, out);
        held->second.down = false;
    }
    constexpr Duration pause =
        100ms; // a host that paints names anew does not make us ask without end
    if (!profile_.surface.paints_on_hello || !history_.is_open(now) || now - nudged_at_ < pause)
        return;
    nudged_at_ = now;
    say_hello(now, out);
}

/// Where our own hand is, another's must be noticed before our next step: not believed yet, but the move hears of it.
void Dialect::Engine::hear_own_fader(std::size_t cell, TimePoint now, DialectOutput& out) {
    const bool is_master = cell == surface_.master();
    const Entry* entry = is_master ? (master_ ? &*master_ : nullptr) : entry_in(cell);
    const auto position = is_master ? surface_.master_fader() : surface_.at(cell).fader;
    if (entry && position)
        brackets_.glimpse({entry->id, Control::fader, {}, 0},
                          profile_.surface.law.level_of(*position), now, out);
}

/// The window became another. After a press of ours it must be where the press led. Else it may be another hand on the
/// banks as well as another mixer: a strip taken out in front looks like a step to the right. The banks are read anew.
void Dialect::Engine::check_window(TimePoint now, DialectOutput& out) {
    std::vector<std::string> shown;
    for (std::size_t cell = 0; cell < surface_.size(); ++cell)
        shown.push_back(surface_.upper(cell));
    const auto places = places_of(shown, names());
    const auto can_be = [&](std::size_t first) {
        return std::find(places.begin(), places.end(), first) != places.end();
    };
    const bool moved = turning_ && turning_->state(now) == Settling::State::moved;
    renamed_at_.reset();
    turning_.reset();
    turned_at_ = now;
    next_tour_ = now + stay();
    if (moved && can_be(turned_to_)) first_ = turned_to_;
    // It may have been elsewhere and be back: a write may have landed there.
    if (!moved || first_ != turned_to_) note_window(now);
    // While a write is open strips that came meanwhile, out of sight now, must be known too.
    if (moved ? first_ != turned_to_ : !can_be(first_) || brackets_.busy()) {
        brackets_.structure_changed(now, out);
        return want_walk(now);
    }
    noted_ = shown_now();
    // A turn of ours brings no write to another strip: the host takes press and write in the order we sent them.
    for (std::size_t cell = 0; cell < surface_.size(); ++cell) pending_.try_emplace(cell, now);
    flush(now, out, true);
}

/// A host tells what changes: while it talks at all, what it did not tell anew is still so. Of one that has fallen silent
/// nobody knows whether it is still there, and values grow old.
void Dialect::Engine::affirm(TimePoint now) {
    if (now < next_affirmation_ || now - heard_at_ > believed_silence || !window_is_sure()) return;
    next_affirmation_ = now + 3s;
    for (std::size_t cell = 0; cell <= surface_.master(); ++cell) pending_.try_emplace(cell, now);
}

void Dialect::Engine::flush(TimePoint now, DialectOutput& out, bool all) {
    if (!window_is_sure()) return;
    for (auto each = pending_.begin(); each != pending_.end();) {
        if (!all && now - each->second < belief) {
            ++each;
            continue;
        }
        const std::size_t cell = each->first;
        each = pending_.erase(each);
        tell_cell(cell, now, out);
    }
}

void Dialect::Engine::tell_cell(std::size_t cell, TimePoint now, DialectOutput& out) {
    if (cell == surface_.master()) return tell_master(now, out);
    Entry* entry = entry_in(cell);
    if (!entry) return;
    if (pots_hold_pans()) pans_.take(surface_, cell, entry->id);
    tell_strip(*entry, seen_in(surface_, cell), now, out);
}

void Dialect::Engine::tell_strip(Entry& entry, const Seen& seen, TimePoint now,
                                 DialectOutput& out) {
    const Seen was = std::exchange(entry.seen, seen);
    entry.seen_at = now;
    if (seen.mute) note_switch(entry, Control::mute, *seen.mute, now);
    if (seen.solo) note_switch(entry, Control::solo, *seen.solo, now);
    const StripId id = entry.id;
    if (seen.fader && profile_.surface.law.is_known())
        tell({id, Control::fader, {}, 0}, profile_.surface.law.level_of(*seen.fader), now, out);
    if (seen.mute) tell({id, Control::mute, {}, 0}, *seen.mute, now, out);
    if (seen.solo) tell({id, Control::solo, {}, 0}, *seen.solo, now, out);
    // While we turn it, only where it comes to rest is news.
    if (const auto at = pan(entry); at && pots_hold_pans() && !pans_.is_turning(id)) {
        const bool is_finer = pans_.is_finer(id, entry.seen.ring, *at);
        pans_.note_told(id, entry.seen.ring, *at);
        tell({id, Control::pan, {}, 0}, *at, now, out,
             is_finer ? ControlChanged::By::nobody : ControlChanged::By::anybody);
    }
    if (seen.arm && seen.arm != was.arm) observe(ArmChanged{id, *seen.arm}, now, out);
}

void Dialect::Engine::tell_master(TimePoint now, DialectOutput& out) {
    if (!master_ || !surface_.master_fader() || !profile_.surface.law.is_known()) return;
    master_->seen.fader = surface_.master_fader();
    master_->seen_at = now;
    tell({master_->id, Control::fader, {}, 0},
         profile_.surface.law.level_of(*surface_.master_fader()), now, out);
}

void Dialect::Engine::tell(const ControlPath& path, ControlValue value, TimePoint now,
                           DialectOutput& out, ControlChanged::By by) {
    observe(ControlChanged{path, value, by}, now, out);
    brackets_.observe(path, value, now, out);
}

/// Ten times a second at most, and only what is another step or was told anew.
void Dialect::Engine::tell_meters(TimePoint now, DialectOutput& out) {
    if (now < next_fall_ || !window_is_sure()) return;
    next_fall_ = now + 100ms;
    const auto is_fresh = [&](TimePoint at) { return now - at < 200ms; };
    for (std::size_t index = 0; index < surface_.size(); ++index) {
        const Entry* entry = entry_in(index);
        if (!entry) continue;
        const Cell& cell = surface_.at(index);
        if (const auto step = meter_step(cell, now))
            tell_meter(entry->id, Channel::sum, *step, is_fresh(cell.metered_at), now, out);
        // What a side stood at before the window turned may be another strip's.
        if (cell.left && cell.left->at >= turned_at_)
            tell_meter(entry->id, Channel::left, cell.left->step, is_fresh(cell.left->at), now,
                       out);
        if (cell.right && cell.right->at >= turned_at_)
            tell_meter(entry->id, Channel::right, cell.right->step, is_fresh(cell.right->at), now,
                       out);
    }
}

void Dialect::Engine::tell_meter(StripId strip, Channel channel, std::uint8_t step, bool is_fresh,
                                 TimePoint now, DialectOutput& out) {
    const auto& levels = profile_.surface.meter_levels;
    if (step >= levels.size()) return;
    const auto [told, is_new] = metered_.try_emplace({strip, channel}, step);
    if (!is_new && !is_fresh && told->second == step) return;
    told->second = step;
    // As coarse as the step to the next: the level may be anywhere between.
    const double level = levels[step];
    const double above = step + 1U < levels.size() ? levels[step + 1U] : level + 6.0;
    const double width = std::isfinite(level) ? above - level : 0.0;
    observe(
        Metered{strip, {MeterKind::segments, channel, Tap::unknown, level, Decibel{width}, now}},
        now, out);
}

void Dialect::Engine::tell_law(TimePoint now, DialectOutput& out) {
    if (!window_is_sure() || !protocol_->shows_levels()) return;
    for (const FaderPoint& point : probe_.tick(now)) observe(FaderShown{point}, now, out);
}

/// What no light has told yet is not known.
void Dialect::Engine::tell_transport(TimePoint now, DialectOutput& out) {
    TransportChanged changed;
    const auto tell = [&](std::uint8_t note, std::optional<bool>& told, std::optional<bool>& news) {
        if (surface_.light(note) && told != surface_.is_lit(note))
            news = told = surface_.is_lit(note);
    };
    tell(play, rolling_, changed.rolling);
    tell(record, recording_, changed.recording);
    if (changed.rolling || changed.recording) observe(changed, now, out);
}

} // namespace prefade::mcu
