// What pots hold: pans, brought to a value by turning and looking. The cell was proved before the first turn; each further
// one goes out only while the window is still known to be where it was.
#include "connectors/mcu/engine.h"

#include <algorithm>
#include <cstdlib>

namespace prefade::mcu {
namespace {

constexpr int most_ticks_of_message = 15; ///< what a fast hand on the hardware turns in one

} // namespace

/// Lights tell what the pots are assigned to; hosts that light none have no other assignment.
bool Dialect::Engine::pots_hold_pans() const {
    return !surface_.is_lit(assign_track)
           && (!surface_.light(assign_pan) || surface_.is_lit(assign_pan));
}

std::optional<Pan> Dialect::Engine::pan(const Entry& entry) const {
    return pans_.value(entry.id, entry.seen.ring);
}

Result<void> Dialect::Engine::may_turn() const {
    if (!pans_.can_turn())
        return Error{ErrorCode::unsupported,
                     "how the pots of " + profile_.title
                         + " turn is not known: its pans are read only",
                     {}};
    if (!pots_hold_pans())
        return Error{ErrorCode::refused, "the surface's pots are not assigned to pans now", {}};
    return {};
}

void Dialect::Engine::turn_pots(TimePoint now, DialectOutput& out) {
    if (!pans_.is_busy()) return;
    if (!window_is_sure() || !pots_hold_pans()) pans_.forget_window();
    const double step = pans_.step();
    for (const Pans::Turned& turned : pans_.tick(surface_, now))
        twist(turned.cell, turned.ticks, out);
    if (pans_.step() != step) observe(CapabilitiesChanged{capabilities()}, now, out);
    if (pans_.is_busy()) return;
    for (std::size_t cell = 0; cell < surface_.size(); ++cell) pending_.try_emplace(cell, now);
}

void Dialect::Engine::twist(std::size_t cell, int ticks, DialectOutput& out) {
    const auto knob = static_cast<std::uint8_t>(cell % strips_of_unit);
    while (ticks != 0) {
        const int part = std::clamp(ticks, -most_ticks_of_message, most_ticks_of_message);
        say(cell / strips_of_unit, Turn{knob, static_cast<std::int8_t>(part)}, out);
        ticks -= part;
    }
}

std::optional<bool> Dialect::Engine::arrived(const ControlPath& path, const ControlValue& value,
                                             const ControlValue& target) const {
    if (is_visited(path.control)) return pot_arrived(path, value, target);
    if (path.control != Control::pan) return std::nullopt;
    const Entry* entry = find_entry(path.strip);
    return entry
           && pans_.arrived(entry->id, entry->seen.ring, std::get<Pan>(value),
                            std::get<Pan>(target));
}

bool Dialect::Engine::on_its_way(const ControlPath& path) const {
    if (const auto turn = pot_turns_.find(path); turn != pot_turns_.end())
        return !turn->second.is_told || turn->second.dial.state() == Dial::State::given_up;
    return path.control == Control::pan && pans_.is_on_its_way(path.strip);
}

void Dialect::Engine::rest(const ControlPath& path) {
    if (path.control == Control::pan) pans_.rest(path.strip);
    if (const auto turn = pot_turns_.find(path); turn != pot_turns_.end())
        turn->second.dial.give_up();
}

bool Dialect::Engine::same_reading(const ControlPath& path, const ControlValue& former,
                                   const ControlValue& found) const {
    return path.control == Control::pan
           && pans_.same_reading(path.strip, std::get<Pan>(former), std::get<Pan>(found));
}

} // namespace prefade::mcu
