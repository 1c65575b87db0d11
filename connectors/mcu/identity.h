// Which strips of a list that was read anew are those of the list before. Pure; desk thread.
#pragma once

#include "connectors/mcu/bank_walk.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace prefade::mcu {

/// For each of `are` its index in `were`; nothing for one that is new, or cannot be told from another. Where no name is
/// another, each is what it was. Else a name can wander from strip to strip, or be several's, so something else must speak
/// for it too: a neighbour that it had on that side before, whose name only one strip has; or, of a name that is there once
/// before and after, the fader where it was. Of several of one name the fader must speak for each. A strip whose name alone is
/// another is known by its fader and by its place: in a list in which nothing else is another, or between its neighbours.
/// Failing that, the only one left that was renamed and moved is known by its fader alone, when no other stands just there;
/// not where it is `born`, where hosts put new ones (nothing: nobody knows where). A number that a host counts itself is no
/// name. `is_ours`: a write of ours that may have gone astray has perhaps brought a fader to this position, which then says
/// nothing.
std::vector<std::optional<std::size_t>>
same_strips(const std::vector<Seen>& were, const std::vector<Seen>& are,
            std::optional<std::uint16_t> born, const std::function<bool(std::uint16_t)>& is_ours);

} // namespace prefade::mcu
