// Words, numbers and suggested moves of a rule that fires. Used by the Evaluator only. Pure.
#pragma once

#include "knowledge/rule.h"

#include <vector>

namespace prefade {

/// What `advice` is about: the strip's (or send's) control that the first suggestion would move.
std::vector<ControlPath> about_of(const Rule& rule, const Frame& frame);
/// The numbers, with the time of their measurement; what is not known is left out.
std::vector<Evidence> evidence_of(const Rule& rule, const Frame& frame);
/// Moves with their targets, for the session's present epoch; none where a present value is missing.
std::vector<Move> suggestions_of(const Rule& rule, const Frame& frame, AdviceId advice,
                                 const std::string& why);

} // namespace prefade
