// What a wish ("darker") may mean, and each of its ways as moves of this session: faders, or a bell or shelf of an EQ
// that the catalog knows. The right control or none; what is done by hand is said so. Used by knowledge/answer*.cpp.
#pragma once

#include "knowledge/answer_parts.h"

#include <optional>
#include <vector>

namespace prefade {

/// The ways of a descriptor, those for the sources that were named first. Nothing to choose from (`is_open` is false)
/// where the words forbid, leave out or turn it round ("less", "but not the hats", "too dark").
Wish wish_for(const Composition& c, const MixEntry& descriptor);

/// Each of its ways, with values as the session stands now.
std::vector<GivenWay> ways_of(const Composition& c, const Wish& wish);

/// "Do the third": which ways of the wish before, from 1. Empty: the words say something else.
std::vector<std::size_t> ways_chosen(const std::vector<std::string>& words);

} // namespace prefade
