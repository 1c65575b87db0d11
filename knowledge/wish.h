// What a wish ("darker") may mean, and each of its ways as moves of this session: faders, or a bell of an EQ that the
// catalog knows. The right control or none; what a hand must do is said so. Used by knowledge/answer*.cpp.
#pragma once

#include "knowledge/answer_parts.h"

#include <optional>
#include <vector>

namespace prefade {

/// The ways of a descriptor, those for the sources that were named first.
Wish wish_for(const Composition& c, const MixEntry& descriptor);

/// One of its ways, with values as the session stands now. `look` is set where something was not read yet.
GivenWay way_of(const Composition& c, const Wish& wish, const MixStep& step,
                std::optional<GivenLook>& look);

/// "do the third": which way of the wish before, from 1. Nothing: the words say something else.
std::optional<std::size_t> way_chosen(const std::vector<std::string>& words);

} // namespace prefade
