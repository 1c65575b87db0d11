// Proofs and writes, and the way to the bank of the strip they are about. An address is a cell and a control: where
// names say so, the cell is the strip.
#include "connectors/mcu/engine.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace prefade::mcu {
namespace {

using namespace std::chrono_literals;

/// What the host said within so long after a question may still be older than it: the way there and back, and the time a
/// host takes to paint (Live: 200 ms, by its script).
constexpr Duration way_there_and_back = 250ms;
constexpr Duration forgotten = 4s;    ///< a question that nobody waits for any more
constexpr Duration ours = 150ms;      ///< so long after its last position a fader is in our hand
constexpr Duration press_effect = 1s; ///< a switch shows what a press did within this
constexpr Duration longest_turn = 1500ms; ///< of a bank, when a question waits in another ...
constexpr Duration too_long = 4s;         ///< ... for so long
constexpr Duration memory = 60s;          ///< of windows: beyond any look at what was hit

std::string called(const std::string& name) { return '"' + name + '"'; }

} // namespace

const Dialect::Engine::Entry* Dialect::Engine::find_entry(StripId id) const {
    if (master_ && master_->id == id) return &*master_;
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.id == id; });
    return found == entries_.end() ? nullptr : &*found;
}

std::optional<std::size_t> Dialect::Engine::cell_of(StripId id) const {
    if (master_ && master_->id == id) return surface_.master();
    for (std::size_t cell = 0; cell < surface_.size(); ++cell)
        if (first_ + cell < entries_.size() && entries_[first_ + cell].id == id) return cell;
    return std::nullopt;
}

/// Who stands in the cells by the names they show; 0 where a name is none or several's.
std::vector<Dialect::Engine::Shown> Dialect::Engine::shown_now() const {
    std::vector<Shown> shown(surface_.size());
    for (std::size_t cell = 0; cell < shown.size(); ++cell) {
        shown[cell].name = surface_.upper(cell);
        if (shown[cell].name.empty() || is_double(shown[cell].name)) continue;
        for (const Entry& entry : entries_)
            if (entry.seen.name == shown[cell].name) shown[cell].id = entry.id;
    }
    return shown;
}

/// The window is, or may have become, another by somebody else's doing.
void Dialect::Engine::note_window(TimePoint now) {
    const auto shown = shown_now();
    rearranged_.push_back({now, std::exchange(noted_, shown), shown});
}

std::optional<ControlValue> Dialect::Engine::held(const Entry& entry, Control control) const {
    const Seen& seen = entry.seen;
    if (control == Control::fader && seen.fader) return profile_.surface.law.level_of(*seen.fader);
    if (control == Control::mute && seen.mute) return *seen.mute;
    if (control == Control::solo && seen.solo) return *seen.solo;
    if (control == Control::pan)
        if (const auto at = pan(entry)) return *at;
    return std::nullopt;
}

Result<void> Dialect::Engine::encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) {
    const ControlPath& path = move.move().path;
    const auto error = [](ErrorCode code, std::string why) {
        return Error{code, std::move(why), {}};
    };
    if (state_ == State::searching)
        return error(ErrorCode::unavailable, profile_.title + " does not answer");
    const Entry* entry = find_entry(path.strip);
    if (!entry) return error(ErrorCode::not_found, "that strip is not in the mixer (any more)");
    const bool is_parameter = path.control == Control::parameter && profile_.surface.shows_plugins;
    const bool is_send = path.control == Control::send && shows_sends();
    if (path.control != Control::fader && path.control != Control::mute
        && path.control != Control::solo && path.control != Control::pan && !is_send
        && !is_parameter)
        return error(ErrorCode::unsupported,
                     "over " + std::string(protocol_->name()) + " only fader, mute, solo, pan"
                         + (shows_sends() ? ", sends" : "")
                         + (profile_.surface.shows_plugins ? ", parameters" : "")
                         + " are moved, not " + std::string(name_in(control_names, path.control)));
    if (const std::string mode = other_mode(); !mode.empty() && !visit_)
        return error(ErrorCode::refused,
                     "the surface is in " + mode + ": its faders are not the strips' levels now");
    if (is_double(entry->seen.name))
        return error(ErrorCode::ambiguous, "two strips show the name " + called(entry->seen.name)
                                               + " and cannot be told apart");
    if (is_send || is_parameter) {
        const auto may = is_send ? may_set_send(move.move()) : may_set_parameter(move.move());
        if (!may) return may.error();
        return brackets_.begin(move, now, out);
    }
    if (!held(*entry, path.control))
        return error(ErrorCode::unsupported,
                     called(entry->seen.name) + " has not shown its "
                         + std::string(name_in(control_names, path.control)));
    if (const auto* level = std::get_if<Decibel>(&move.move().target)) {
        if (!profile_.surface.law.is_known())
            return error(ErrorCode::unsupported,
                         "the fader law of " + profile_.title + " is not known");
        if (*level > profile_.surface.law.top())
            return error(ErrorCode::refused, to_text(*level) + " is above the fader's top of "
                                                 + to_text(profile_.surface.law.top()));
    }
    if (path.control == Control::pan) {
        if (const auto may = may_turn(); !may) return may.error();
        if (move.move().source == Source::undo)
            undoing_.insert(path.strip);
        else
            undoing_.erase(path.strip);
    }
    return brackets_.begin(move, now, out);
}

// ---- proofs ---------------------------------------------------------------------------------

void Dialect::Engine::request_proof(Token token, const ControlPath& path, TimePoint now,
                                    DialectOutput& out) {
    asked_.push_back({token, path, now});
    waiting_.try_emplace(path, now);
    // What is not echoed is told when everything is painted anew; while the banks are read that would only disturb.
    if (profile_.surface.paints_on_hello && cell_of(path.strip) && window_is_sure())
        say_hello(now, out);
}

/// Nothing while the window cannot tell. Of two that show one name each is known by its place in a list that has not changed:
/// good enough to put back what was hit, and no move begins on one (see `encode`).
std::optional<Proof> Dialect::Engine::prove(const Asked& asked, TimePoint now) const {
    const bool is_early = now - asked.at < way_there_and_back;
    if (!asked.path.strip && (!window_is_sure() || is_early))
        return std::nullopt; // of one that was brought back: what has become of the strips
    const Entry* entry = find_entry(asked.path.strip);
    if (!entry) return Proof{false, "the strip is gone, or cannot be told from others", 0, {}};
    if (is_visited(asked.path.control)) return prove_pot(asked, now);
    const auto cell = cell_of(entry->id);
    if (!cell || !window_is_sure() || pending_.contains(*cell) || is_early) return std::nullopt;
    // A host that is never silent has said something since; of others their silence must do.
    if (profile_.surface.longest_silence > Duration::zero()
        && heard_at_ < asked.at + way_there_and_back)
        return std::nullopt;
    if (asked.path.control == Control::pan) {
        if (!pots_hold_pans()) return std::nullopt;
        const auto turned = pans_.turned_at(entry->id);
        if (pans_.is_turning(entry->id) || (turned && asked.at <= *turned)) return std::nullopt;
    }
    const auto value = held(*entry, asked.path.control);
    if (!value) return Proof{false, "it shows no such control", 0, {}};
    return Proof{true, {}, packed(*cell, asked.path.control), *value};
}

void Dialect::Engine::answer(TimePoint now, DialectOutput& out) {
    std::erase_if(rearranged_, [&](const Rearranged& r) { return now - r.at > memory; });
    std::vector<std::pair<Token, Proof>> ready;
    std::erase_if(asked_, [&](const Asked& asked) {
        if (now - asked.at > forgotten) return true;
        auto proof = prove(asked, now);
        if (proof) waiting_.erase(asked.path);
        if (proof) ready.emplace_back(asked.token, std::move(*proof));
        return proof.has_value();
    });
    std::erase_if(waiting_, [&](const auto& each) {
        return std::none_of(asked_.begin(), asked_.end(),
                            [&](const Asked& asked) { return asked.path == each.first; });
    });
    for (const auto& [token, proof] : ready) brackets_.proof(token, proof, now, out);
}

// ---- writes ---------------------------------------------------------------------------------

void Dialect::Engine::write(const ControlPath& path, Address address, const ControlValue& value,
                            TimePoint now, DialectOutput& out) {
    if (is_visited(path.control)) return write_pot(path, value, now);
    const std::size_t cell = cell_in(address), unit = cell / strips_of_unit;
    const auto at = static_cast<std::uint8_t>(cell % strips_of_unit);
    if (path.control == Control::fader) {
        const bool is_master = cell == surface_.master();
        const std::uint8_t strip = is_master ? master_strip : at;
        const std::size_t where = is_master ? 0 : unit;
        Hold& hold = touched_[cell];
        if (!std::exchange(hold.down, true))
            say(where, Press{static_cast<std::uint8_t>(touch_of_strip + strip), true}, out);
        hold.since = now;
        const auto position =
            static_cast<std::uint16_t>(profile_.surface.law.position_of(std::get<Decibel>(value)));
        if (!is_master)
            history_.sent(cell, {path.strip, surface_.upper(cell), brings_back_}, position, now);
        say(where, Fader{strip, position}, out);
        return;
    }
    const Cell& shown = surface_.at(cell);
    if (path.control == Control::pan) {
        pans_.begin(path.strip, cell, std::get<Pan>(value), shown.ring,
                    undoing_.erase(path.strip) > 0, now);
        return turn_pots(now, out);
    }
    const auto& lamp = path.control == Control::mute ? shown.mute : shown.solo;
    const bool is_on = lamp && *lamp != LedState::off;
    const auto note = static_cast<std::uint8_t>(
        (path.control == Control::mute ? mute_of_strip : solo_of_strip) + at);
    TimePoint& last = pressed_[{path.strip, path.control}];
    // A press turns the switch, whatever it stands at: one that already does so is not pressed again.
    if (is_on == std::get<bool>(value) || (!brings_back_ && now - last < press_effect)) return;
    last = now;
    if (brings_back_) // a repair of the same strip waits for what this does, too
        for (const Entry& entry : entries_)
            if (entry.seen.name == surface_.upper(cell)) pressed_[{entry.id, path.control}] = now;
    history_.pressed(cell, {path.strip, surface_.upper(cell), brings_back_}, path.control, now);
    click(note, unit, out);
}

void Dialect::Engine::let_go(std::size_t cell, DialectOutput& out) {
    const bool is_master = cell == surface_.master();
    const std::size_t strip = is_master ? master_strip : cell % strips_of_unit;
    say(is_master ? 0 : cell / strips_of_unit,
        Press{static_cast<std::uint8_t>(touch_of_strip + strip), false}, out);
}

void Dialect::Engine::release(TimePoint now, DialectOutput& out) {
    for (auto each = touched_.begin(); each != touched_.end();) {
        auto& [cell, held] = *each;
        if (held.down && now - held.since >= protocol_->hold()) {
            let_go(cell, out);
            held.down = false;
        }
        each = !held.down && now - held.since >= ours ? touched_.erase(each) : std::next(each);
    }
    std::erase_if(pressed_, [&](const auto& press) { return now - press.second > press_effect; });
}

/// A fader that stayed touched would go on recording where its automation does so.
void Dialect::Engine::farewell(DialectOutput& out) {
    for (const auto& [cell, held] : touched_)
        if (held.down) let_go(cell, out);
    touched_.clear();
    if (visit_) click(assign_pan, 0, out);
    // Only where it is certain which strip the press would reach, and nobody has chosen another meanwhile.
    if (!theirs_ || state_ != State::connected || turning_ || renamed_at_) return;
    const auto cell = cell_of(*theirs_);
    if (!cell) return;
    const bool is_known = visit_ ? !visit_->is_deselected()
                                 : surface_.upper(*cell) == find_entry(*theirs_)->seen.name;
    if (is_known)
        click(static_cast<std::uint8_t>(select_of_strip + *cell % strips_of_unit),
              *cell / strips_of_unit, out);
}

// ---- banks ----------------------------------------------------------------------------------

/// Where the window stands after a press of this button, when nothing else changes.
std::size_t Dialect::Engine::place_after(std::uint8_t note) const {
    const std::size_t width = surface_.size(), count = entries_.size();
    const bool shifted = profile_.surface.last_bank_shifted;
    const std::size_t last = shifted && count > width ? count - width : count;
    switch (note) {
    case channel_right: return first_ + 1;
    case channel_left: return first_ - std::min<std::size_t>(first_, 1);
    case bank_right: return std::min(first_ + width, last);
    default: // from a shifted last bank it goes back to the regular one before
        if (shifted && first_ % width != 0) return first_ / width * width;
        return first_ - std::min(first_, width);
    }
}

/// The button towards a strip; a bank that did not move when it was pressed last is left to single steps.
std::uint8_t Dialect::Engine::button_towards(std::size_t at) const {
    const bool right = at >= first_ + surface_.size();
    const std::uint8_t bank = right ? bank_right : bank_left;
    const bool in_vain = turned_by_ == bank && turned_from_ == first_;
    if (!in_vain) return bank;
    return right ? channel_right : channel_left;
}

void Dialect::Engine::turn(std::uint8_t button, TimePoint now, DialectOutput& out) {
    turned_by_ = button;
    turned_from_ = first_;
    turned_to_ = place_after(button);
    turning_.emplace();
    probe_.forget();
    pans_.forget_window();
    turning_->begin(now);
    history_.turned_window(now);
    click(button, 0, out);
}

void Dialect::Engine::turn_towards(StripId strip, TimePoint now, DialectOutput& out) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.id == strip; });
    if (found == entries_.end()) return; // the master is beside the banks
    turn(button_towards(static_cast<std::size_t>(found - entries_.begin())), now, out);
}

/// The strip in another bank that a question is about which has waited longest, and for too long: where there is always one
/// more that the present window can answer, it would wait for ever.
std::optional<StripId> Dialect::Engine::kept_waiting(TimePoint now) const {
    if (now - turned_at_ < longest_turn) return std::nullopt;
    for (std::size_t cell = 0; cell <= surface_.master(); ++cell) {
        const bool is_master = cell == surface_.master();
        const StripId strip = is_master ? (master_ ? master_->id : StripId{})
                              : first_ + cell < entries_.size() ? entries_[first_ + cell].id
                                                                : StripId{};
        for (const Control control : {Control::fader, Control::mute, Control::solo, Control::pan})
            if (brackets_.is_open({strip, control, {}, 0}))
                return std::nullopt; // its proof is here
    }
    std::optional<StripId> found;
    TimePoint since = now - too_long;
    for (const auto& [path, asked] : waiting_)
        if (asked < since && find_entry(path.strip) && !cell_of(path.strip)) {
            found = path.strip;
            since = asked;
        }
    return found;
}

/// Turns to the bank of a strip that a question is about, when no write can be under way to a cell of this one; and
/// when there is no question, to the next bank, so that no strip is out of sight for long.
void Dialect::Engine::turn_to(TimePoint now, DialectOutput& out) {
    if (!window_is_sure() || !touched_.empty() || pans_.is_busy() || brackets_.exposed(now)) return;
    if (const auto strip = kept_waiting(now)) return turn_towards(*strip, now, out);
    for (const Asked& asked : asked_)
        if (cell_of(asked.path.strip)) return; // the present window answers first
    for (const Asked& asked : asked_)
        if (find_entry(asked.path.strip)) return turn_towards(asked.path.strip, now, out);
    if (const auto errand = next_errand(now)) {
        if (!cell_of(errand->strip)) turn_towards(errand->strip, now, out);
        return;
    }
    if (theirs_) return turn_towards(*theirs_, now, out);
    if (now < next_tour_ || entries_.size() <= surface_.size()) return;
    // Whoever measures the law needs the fader in sight; while there is none, no level grows old.
    if (!profile_.surface.law.is_known() && probe_.is_in_hand(now)) return;
    if (first_ == 0) tour_to_right_ = true;
    if (first_ + surface_.size() >= entries_.size()) tour_to_right_ = false;
    turn(button_towards(tour_to_right_ ? entries_.size() : 0), now, out);
}

/// Long enough for meters to be heard, short enough to be everywhere within ten seconds: what the gate takes for old.
Duration Dialect::Engine::stay() const {
    constexpr Duration longest = 1s, shortest = 100ms, round_trip = 8s, step = 200ms;
    const auto banks = static_cast<int>((entries_.size() + surface_.size() - 1) / surface_.size());
    return std::clamp<Duration>(round_trip / std::max(1, 2 * (banks - 1)) - step, shortest,
                                longest);
}

} // namespace prefade::mcu
