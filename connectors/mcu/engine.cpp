#include "connectors/mcu/engine.h"
#include "connectors/mcu/identity.h"

#include <algorithm>
#include <utility>

namespace prefade::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Duration hello_pause = 2s; ///< while nothing answers
constexpr Duration hello_silence =
    5s; ///< a word every so often to a silent host; it may have been started anew
constexpr Duration painting_calm = 300ms; ///< no stroke for so long: the first picture is whole
constexpr Duration painting_limit = 3s;
constexpr Duration walk_pause = 2s; ///< before a walk that failed is tried again
constexpr const char* master_name = "Master";

/// A proof may wait for the window: other moves have theirs in other banks. And what a write may have hit is looked for
/// once the banks were read again, which takes up to half a second a bank, there and back.
BracketTiming with_time_for_the_banks(BracketTiming timing) {
    timing.proof_deadline = std::max<Duration>(timing.proof_deadline, 10s);
    timing.repair_deadline = std::max<Duration>(timing.repair_deadline, 60s);
    return timing;
}

} // namespace

Dialect::Engine::Engine(const HostProfile& profile, std::string address, std::size_t units,
                        std::unique_ptr<Protocol> protocol, BracketTiming timing)
    : profile_(profile),
      address_(std::move(address)),
      surface_(units),
      units_(units),
      protocol_(std::move(protocol)),
      walk_(surface_.size(), profile.surface.last_bank_shifted ? BankWalk::LastBank::shifted
                                                               : BankWalk::LastBank::partial),
      probe_(surface_.size()),
      pans_(profile.surface),
      brackets_(*this, {}, with_time_for_the_banks(timing)),
      linger_(timing.hold + 500ms),
      rolling_linger_(timing.rolling_hold) {}

Capabilities Dialect::Engine::capabilities() const {
    Capabilities can;
    for (const Capability each :
         {Capability::read_pan, Capability::read_mute, Capability::write_mute,
          Capability::read_solo, Capability::write_solo, Capability::sees_all_strips,
          Capability::transport})
        can.with(each);
    if (profile_.surface.law.is_known())
        can.with(Capability::read_fader).with(Capability::write_fader);
    if (pans_.can_turn()) can.with(Capability::write_pan);
    if (shows_sends()) can.with(Capability::read_send).with(Capability::write_send);
    if (profile_.surface.shows_plugins)
        can.with(Capability::list_inserts)
            .with(Capability::read_parameter)
            .with(Capability::write_parameter)
            .with(Capability::parameter_text);
    if (protocol_->shows_levels()) can.with(Capability::fader_positions);
    can.bank_width = static_cast<std::uint8_t>(surface_.size());
    can.meter_interval = Milliseconds{100.0};
    can.fader_top = profile_.surface.law.top();
    can.fader_step = Decibel{0.01};
    can.pan_step = pans_.step();
    return can;
}

// ---- words ----------------------------------------------------------------------------------

void Dialect::Engine::observe(Happening what, TimePoint now, DialectOutput& out) {
    out.observed.push_back({now, std::move(what)});
}

void Dialect::Engine::say(std::size_t unit, const FromSurface& message, DialectOutput& out) {
    for (MidiMessage& said : protocol_->write(unit, message))
        out.to_send.emplace_back(std::move(said));
}

void Dialect::Engine::click(std::uint8_t note, std::size_t unit, DialectOutput& out) {
    say(unit, Press{note, true}, out);
    say(unit, Press{note, false}, out);
}

void Dialect::Engine::complain(std::string what, TimePoint now, DialectOutput& out) {
    ++complaints_;
    if (now < next_complaint_) return;
    if (complaints_ > 1)
        what += " (and " + std::to_string(complaints_ - 1) + " more since the last notice)";
    observe(Noticed{profile_.title + ": " + std::move(what)}, now, out);
    next_complaint_ = now + 1s;
    complaints_ = 0;
}

void Dialect::Engine::say_hello(TimePoint now, DialectOutput& out) {
    for (MidiMessage& said : protocol_->hello()) out.to_send.emplace_back(std::move(said));
    next_hello_ = now + (state_ == State::searching ? hello_pause : hello_silence);
}

// ---- life -----------------------------------------------------------------------------------

void Dialect::Engine::find(TimePoint now, DialectOutput& out) {
    state_ = State::painting;
    found_at_ = painted_at_ = now;
    observe(HostFound{profile_.name, {}, address_}, now, out);
    observe(CapabilitiesChanged{capabilities()}, now, out);
    observe(Progressed{"the mixer is being read"}, now, out);
}

void Dialect::Engine::lose(std::string why, TimePoint now, DialectOutput& out) {
    if (state_ == State::searching) return;
    state_ = State::searching;
    next_hello_ = now + hello_pause;
    next_walk_ = TimePoint::max();
    surface_.clear();
    protocol_->forget();
    pending_.clear();
    metered_.clear();
    asked_.clear();
    waiting_.clear();
    touched_.clear();
    brought_back_.clear();
    pressed_.clear();
    undoing_.clear();
    pans_.clear();
    if (visit_) left_in_ = visit_->assignment();
    visit_.reset();
    errands_.clear();
    parts_.clear();
    pot_turns_.clear();
    pot_steps_.clear();
    selected_.reset();
    theirs_.reset();
    renamed_at_.reset();
    turning_.reset();
    probe_.forget();
    history_.clear();
    rolling_.reset();
    recording_.reset();
    brackets_.host_lost(now, out);
    observe(HostLost{std::move(why)}, now, out);
}

void Dialect::Engine::obey(const SurfaceOrder& order, TimePoint now, DialectOutput& out) {
    switch (order.order) {
    case Order::reset_by_host:
    case Order::go_offline: return lose(profile_.title + " said goodbye", now, out);
    case Order::reset:
        surface_.clear(); // it paints anew
        want_walk(now + painting_calm);
        return;
    case Order::leds_off:
    case Order::faders_down: return; // for a surface that is being put away: no news of the mixer
    }
}

void Dialect::Engine::receive(const MidiMessage& message, TimePoint now, DialectOutput& out) {
    if (message.port >= units_) return;
    auto heard = protocol_->read(message, now);
    if (!heard) {
        if (heard.error().code == ErrorCode::invalid) complain(heard.error().message, now, out);
        return;
    }
    heard_at_ = now;
    if (heard->alive) alive_at_ = now;
    next_hello_ = now + hello_silence;
    for (const FromHost& told : heard->told)
        if (const auto* order = std::get_if<SurfaceOrder>(&told)) return obey(*order, now, out);
    if (state_ == State::searching && heard->alive) find(now, out);
    for (MidiMessage& answer : heard->answers) out.to_send.emplace_back(std::move(answer));
    std::vector<Surface::Change> changes;
    for (const FromHost& told : heard->told) surface_.take(message.port, told, now, changes);
    for (const SideLevel& level : heard->levels) surface_.take(message.port, level, now, changes);
    for (const Surface::Change& change : changes) {
        if (change.part != Surface::Part::meter) painted_at_ = now;
        note(change, now);
        if (state_ == State::walking)
            walk_.told(change, now);
        else if (state_ == State::connected)
            hear(change, now, out);
    }
    if (state_ == State::connected) put_back_hits(now, out);
    if (state_ == State::connected || state_ == State::walking) tell_transport(now, out);
    if (surface_.row(0).find("Device is offline") != std::string::npos) // Live, by its script
        lose(profile_.title + " said goodbye", now, out);
}

/// For the look at what a write has hit.
void Dialect::Engine::note(const Surface::Change& change, TimePoint now) {
    if (change.cell >= surface_.size()) return;
    const Cell& cell = surface_.at(change.cell);
    if (change.part == Surface::Part::fader) history_.told(change.cell, *cell.fader, now);
    if (change.part == Surface::Part::upper && change.differs)
        history_.named(change.cell, surface_.upper(change.cell), now);
    if (change.part != Surface::Part::light) return;
    if (cell.mute) history_.lit(change.cell, Control::mute, *cell.mute != LedState::off, now);
    if (cell.solo) history_.lit(change.cell, Control::solo, *cell.solo != LedState::off, now);
}

TimePoint Dialect::Engine::tick(TimePoint now, DialectOutput& out) {
    const Duration silence = profile_.surface.longest_silence;
    // Ardour sends no meters while an assignment shows a strip's own.
    if (visit_ && visit_->is_there()) alive_at_ = now;
    if (silence > Duration::zero() && state_ != State::searching && now - alive_at_ >= silence)
        lose("no word from " + profile_.title + " for "
                 + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(silence).count())
                 + " s",
             now, out);
    if (now >= next_hello_) say_hello(now, out);
    TimePoint next = std::min(next_hello_, brackets_.tick(now, out));
    if (state_ == State::searching) return next;
    if (silence > Duration::zero()) next = std::min(next, alive_at_ + silence);
    if (state_ == State::painting
        && (now - painted_at_ >= painting_calm || now - found_at_ >= painting_limit))
        want_walk(now);
    if (state_ == State::connected) {
        if (turning_ && turning_->state(now) != Settling::State::waiting) check_window(now, out);
        if (renamed_at_ && !turning_ && now - *renamed_at_ >= Settling::calm)
            check_window(now, out);
    }
    // The host was lost while it showed what we had asked for, and comes back showing it.
    if (state_ == State::painting && left_in_ && surface_.is_lit(*left_in_)) {
        left_in_.reset();
        click(assign_pan, 0, out);
    } else if (state_ == State::connected) {
        left_in_.reset();
    }
    // Hosts paint blanks first; and a display that was wiped is no mixer without strips.
    const bool is_readable = !surface_.is_blank() && other_mode().empty();
    if (state_ != State::walking && now >= next_walk_ && is_readable && !brackets_.exposed(now)
        && !pans_.is_busy() && !visit_) {
        state_ = State::walking;
        turning_.reset();
        probe_.forget();
        pans_.forget_window();
        walk_.begin(surface_, now);
    }
    if (state_ == State::walking) walk(now, out);
    if (state_ == State::connected) {
        put_back_hits(now, out);
        affirm(now);
        flush(now, out, false);
        tell_meters(now, out);
        tell_law(now, out);
        turn_pots(now, out);
        if (visit_) visit(now, out);
        answer(now, out);
        note_selection(now);
        begin_visit(now);
        give_back_selection(now, out);
        turn_to(now, out);
    }
    release(now, out);
    constexpr Duration beat = 20ms; ///< while something is under way
    next = std::min({next, brackets_.tick(now, out), std::max(next_walk_, now + beat)});
    if (state_ == State::painting) next = std::min(next, painted_at_ + painting_calm);
    if (state_ == State::walking) next = std::min(next, walk_.due());
    const bool is_busy = renamed_at_ || turning_ || !pending_.empty() || !asked_.empty()
                         || !touched_.empty() || visit_ || !errands_.empty() || theirs_;
    if (is_busy || pans_.is_busy()) next = std::min(next, now + beat);
    if (state_ == State::connected) next = std::min(next, std::max(next_affirmation_, now + beat));
    if (!metered_.empty()) next = std::min(next, next_fall_);
    if (state_ == State::connected && entries_.size() > surface_.size())
        next = std::min(next, std::max(next_tour_, now + beat));
    return std::max(next, now + 1ms);
}

void Dialect::Engine::resync(TimePoint now, DialectOutput& out) {
    if (state_ == State::searching) return;
    brackets_.structure_changed(now, out);
    say_hello(now, out); // REAPER and Ardour paint everything anew
    want_walk(now + painting_calm);
}

Result<void> Dialect::Engine::transport(bool roll, TimePoint, DialectOutput& out) {
    if (state_ == State::searching)
        return Error{ErrorCode::unavailable, profile_.title + " does not answer", {}};
    click(roll ? play : stop, 0, out);
    return {};
}

// ---- the list -------------------------------------------------------------------------------

void Dialect::Engine::want_walk(TimePoint at) {
    if (state_ != State::walking) next_walk_ = std::min(next_walk_, at);
}

void Dialect::Engine::walk(TimePoint now, DialectOutput& out) {
    next_walk_ = TimePoint::max();
    if (const auto note = walk_.tick(surface_, now)) {
        history_.turned_window(now);
        click(*note, 0, out);
    }
    if (walk_.state() == BankWalk::State::over) {
        adopt(now, out);
    } else if (walk_.state() == BankWalk::State::failed) {
        note_window(now);
        complain(walk_.why(), now, out);
        state_ = entries_.empty() ? State::painting : State::connected;
        found_at_ = painted_at_ = now;
        want_walk(now + walk_pause);
    }
}

std::vector<std::string> Dialect::Engine::names() const {
    std::vector<std::string> all;
    for (const Entry& entry : entries_) all.push_back(entry.seen.name);
    return all;
}

bool Dialect::Engine::is_double(const std::string& name) const {
    return std::count_if(entries_.begin(), entries_.end(),
                         [&](const Entry& e) { return e.seen.name == name; })
           > 1;
}

/// Whose ids go on. 0 for the others: what was meant for them is void.
std::vector<StripId> Dialect::Engine::identify(const std::vector<Seen>& strips) const {
    std::vector<Seen> were;
    for (const Entry& entry : entries_) were.push_back(entry.seen);
    const FaderLaw& law = profile_.surface.law;
    std::optional<std::uint16_t> born;
    if (law.is_known()) born = this->born();
    const auto same = same_strips(were, strips, born, [&](std::uint16_t position) {
        return brackets_.in_question(Control::fader, law.level_of(position));
    });
    std::vector<StripId> ids;
    for (const auto& before : same) ids.push_back(before ? entries_[*before].id : StripId{});
    return ids;
}

void Dialect::Engine::adopt(TimePoint now, DialectOutput& out) {
    const auto ids = identify(walk_.strips());
    note_window(now); // by the ids before
    std::vector<Entry> entries;
    bool structure_changed = ids.size() != entries_.size();
    // Where every name from before is still there, those have just been made that have a name there was not, or are as many
    // as it has more now.
    const std::vector<std::string> was = names();
    std::vector<std::string> is;
    for (const Seen& seen : walk_.strips()) is.push_back(seen.name);
    const bool all_there =
        !was.empty() && std::all_of(was.begin(), was.end(), [&](const auto& name) {
            return std::count(is.begin(), is.end(), name)
                   >= std::count(was.begin(), was.end(), name);
        });
    const auto is_new = [&](std::size_t at) {
        std::ptrdiff_t unknown = 0;
        for (std::size_t i = 0; i < ids.size(); ++i) unknown += !ids[i] && is[i] == is[at];
        return unknown
               == std::count(is.begin(), is.end(), is[at])
                      - std::count(was.begin(), was.end(), is[at]);
    };
    const auto renamed = [&](std::size_t i) {
        const Entry* before = ids[i] ? find_entry(ids[i]) : nullptr;
        return before && before->seen.name != is[i];
    };
    std::ptrdiff_t renames = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) renames += renamed(i);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        structure_changed = structure_changed || !ids[i] || entries_[i].id != ids[i];
        Entry entry;
        if (const Entry* before = ids[i] ? find_entry(ids[i]) : nullptr) entry = *before;
        entry.id = ids[i] ? ids[i] : StripId{++minted_};
        // Known by place or fader alone: good enough to put back what was hit, not for what was thought up before.
        entry.is_broken =
            renamed(i) && (renames > 1 || i >= entries_.size() || entries_[i].id != ids[i]);
        entry.former_fader = entry.seen.fader;
        entry.seen = walk_.strips()[i];
        entry.seen_at = now;
        const bool is_unknown = std::count(was.begin(), was.end(), is[i]) == 0;
        if (!ids[i] && ((all_there && is_new(i)) || (is_unknown && history_.was_inserted(is[i]))))
            entry.made = now;
        entries.push_back(std::move(entry));
    }
    entries_ = std::move(entries);
    std::erase_if(parts_, [&](const auto& each) { return !find_entry(each.first); });
    first_ = walk_.first();
    turned_at_ = now;
    next_tour_ = now + stay();
    state_ = State::connected;
    renamed_at_.reset();
    pending_.clear();
    if (structure_changed) brackets_.structure_changed(now, out);
    note_window(now);
    if (surface_.master_fader() && !master_) {
        master_ = Entry{StripId{++minted_}, {master_name, {}, {}, {}, {}, {}}, now};
        structure_changed = true;
    }
    list(structure_changed, now, out);
    end_putting_back(now, out);
    for (Entry& entry : entries_) {
        entry.is_broken = false;
        const Seen seen = std::exchange(entry.seen, Seen{entry.seen.name, {}, {}, {}, {}, {}});
        tell_strip(entry, seen, now, out);
    }
    tell_master(now, out);
    tell_transport(now, out);
    // What stands in the window now was read while the walk came by, and may have been moved since.
    for (std::size_t cell = 0; cell < surface_.size(); ++cell) pending_.try_emplace(cell, now);
}

void Dialect::Engine::list(bool structure_changed, TimePoint now, DialectOutput& out) {
    StripsListed listed;
    listed.structure_changed = structure_changed;
    const auto add = [&](const Entry& entry, StripKind kind, bool is_short) {
        StripsListed::Entry strip;
        strip.id = entry.id;
        strip.name = entry.seen.name;
        strip.name_is_short = is_short;
        strip.kind = kind;
        strip.identity_broken = entry.is_broken;
        listed.strips.push_back(std::move(strip));
    };
    for (const Entry& entry : entries_) add(entry, StripKind::other, true);
    if (master_) add(*master_, StripKind::master, false);
    observe(std::move(listed), now, out);
}

} // namespace prefade::mcu
