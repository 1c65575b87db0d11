// What a write may have hit that was not meant: who may have stood in its cell, what that held before, and what shows that
// it was hit.
#include "connectors/mcu/engine.h"

#include <algorithm>
#include <utility>

namespace prefade::mcu {

/// The banks were read anew since the write: in between any strip may have stood in that cell, and a fader tells by its
/// position whether it was hit. A switch that was turned could as well have been turned by a hand: there only those count
/// that were seen in the cell, or show a name that was.
std::vector<ControlPath> Dialect::Engine::bearers(const ControlPath& target, Address address,
                                                  TimePoint since) const {
    bool any = false, all = false;
    std::set<StripId> strips;
    std::set<std::string> names;
    const std::size_t cell = cell_in(address);
    for (const Rearranged& r : rearranged_) {
        if (r.at < since) continue;
        any = true;
        all = target.control == Control::fader;
        for (const auto* window : {&r.before, &r.after})
            if (cell < window->size()) {
                strips.insert((*window)[cell].id);
                names.insert((*window)[cell].name);
            }
    }
    std::vector<ControlPath> found;
    // What pots of an assignment hold was bound when it began, and goes on being that.
    if (is_visited(target.control)) return found;
    if (!any || cell == surface_.master()) return found;
    names.merge(history_.met(cell, since));
    for (const Entry& entry : entries_)
        if (entry.id != target.strip
            && (all || strips.contains(entry.id) || names.contains(entry.seen.name)))
            found.push_back({entry.id, target.control, {}, 0});
    return found;
}

/// What presses of ours have made of it since it was read last, as far as its cell has told that.
std::optional<CellHistory::Turned> Dialect::Engine::turned(const Entry& entry,
                                                           Control control) const {
    CellHistory::Comer comer{entry.id, entry.seen.name};
    comer.since = (control == Control::mute ? entry.mute : entry.solo).read_at;
    if (!is_double(entry.seen.name)) return history_.turned(control, comer);
    // It is told from others of its name by its fader: where it stands, or stood when the list was read before.
    for (const auto& fader : {entry.seen.fader, entry.former_fader}) {
        const auto is_there = [&](const Entry& e) {
            return e.seen.name == entry.seen.name && e.id != entry.id
                   && (e.seen.fader == fader || e.former_fader == fader);
        };
        if (!fader || std::any_of(entries_.begin(), entries_.end(), is_there)) continue;
        comer.fader = fader;
        if (const auto found = history_.turned(control, comer)) return found;
    }
    return std::nullopt;
}

/// What it is instead of what our presses have made of it is a hand's.
void Dialect::Engine::note_switch(Entry& entry, Control control, bool is_on, TimePoint now) {
    Entry::Switch& one = control == Control::mute ? entry.mute : entry.solo;
    const auto by_us = turned(entry, control);
    const bool was_turned = one.was_turned && one.read == (by_us ? by_us->from : is_on);
    if (by_us)
        one.was_turned = by_us->to == is_on && (by_us->from != was_turned) != is_on;
    else
        one.was_turned = was_turned;
    one.read = is_on;
    one.read_at = now;
}

/// What its cell showed as it came there, before ours reached it. Of two that may be meant nobody knows.
std::optional<ControlValue> Dialect::Engine::held_before(const ControlPath& path,
                                                         const ControlValue& found) const {
    const Entry* entry = find_entry(path.strip);
    if (!entry || !entry->seen.fader) return std::nullopt;
    if (path.control == Control::mute || path.control == Control::solo) {
        const Entry::Switch& one = path.control == Control::mute ? entry->mute : entry->solo;
        const bool is_it = one.was_turned && one.read == std::get<bool>(found);
        return is_it ? std::optional<ControlValue>(!*one.read) : std::nullopt;
    }
    const bool is_one_of_two = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) {
        return e.id != entry->id && e.seen.name == entry->seen.name
               && e.seen.fader == entry->seen.fader;
    });
    if (path.control != Control::fader || is_one_of_two) return std::nullopt;
    const FaderLaw& law = profile_.surface.law;
    const auto position = static_cast<std::uint16_t>(law.position_of(std::get<Decibel>(found)));
    const auto before = history_.before(position, {entry->id, entry->seen.name});
    return before ? std::optional<ControlValue>(law.level_of(*before)) : std::nullopt;
}

/// What new tracks have: 0 dB, in the centre, neither muted nor soloed, in each of the hosts we know.
std::optional<ControlValue> Dialect::Engine::born_with(const ControlPath& path,
                                                       TimePoint since) const {
    const Entry* entry = find_entry(path.strip);
    if (!entry || entry->made == TimePoint{} || entry->made < since) return std::nullopt;
    // A copy of a strip stands where that stands: only one that came to a cell as a message of ours did may have been hit.
    if (!history_.met(entry->seen.name, since)) return std::nullopt;
    const FaderLaw& law = profile_.surface.law;
    if (path.control == Control::fader) return law.level_of(born());
    if (path.control == Control::pan) return Pan{0.0};
    return false;
}

/// Where hosts make faders: 0 dB in each of those we know.
std::uint16_t Dialect::Engine::born() const {
    return static_cast<std::uint16_t>(profile_.surface.law.position_of(Decibel{0.0}));
}

/// A fader stands at one of 16384 positions. A press turns a switch: where it went astray it has brought the other of what
/// was there, which may be either, so whatever such a switch shows now may be ours, if the light in the cell has told so when
/// its strip came there. So it is with a pot that was turned, of which the cell tells less.
std::optional<ControlValue> Dialect::Engine::taken_by(const ControlPath& path,
                                                      const ControlPath& target,
                                                      const ControlValue& value) const {
    const auto* level = std::get_if<Decibel>(&value);
    if (is_visited(path.control)) return path == target ? std::optional(value) : std::nullopt;
    const Entry* entry = path == target ? nullptr : find_entry(path.strip);
    if (level) {
        const FaderLaw& law = profile_.surface.law;
        const auto position = law.position_of(*level);
        const bool is_its_own =
            entry && history_.brought_back(entry->seen.name, static_cast<std::uint16_t>(position));
        return is_its_own ? std::nullopt : std::optional<ControlValue>(law.level_of(position));
    }
    const auto shown = entry ? held(*entry, path.control) : std::nullopt;
    if (!shown) return value;
    const bool is_switch = path.control == Control::mute || path.control == Control::solo;
    const bool was_turned =
        path.control == Control::mute ? entry->mute.was_turned : entry->solo.was_turned;
    if (is_switch && !was_turned) return std::nullopt;
    return shown;
}

} // namespace prefade::mcu
