// Which advice comes first: the one place that decides it, for every view and for mode auto. By harm (severity, then how
// far over), then by certainty (a looked-up number before working practice, a fine meter before a coarse one), then by
// age. What leads goes on leading until another is clearly worse. Pure; any thread.
#pragma once

#include "core/advice.h"
#include "knowledge/rule.h"

#include <vector>

namespace prefade {

struct Rank {
    AdviceId id; ///< minted in order of time
    Severity severity{Severity::hint};
    double over{0.0}; ///< dB beyond what the rule allows; 0 where it has no such number
    Confidence confidence{Confidence::expertise};
    Decibel resolution{0.0}; ///< of the meter it looked at; 0: it looked at controls only
};

/// "How far over" is compared in steps of this size, and the leader is displaced by this much: 3 dB is a change
/// that anybody hears.
inline constexpr double clearly_worse = 3.0; // dB

/// A strict weak order: true where `a` belongs before `b`.
bool is_before(const Rank& a, const Rank& b) noexcept;
/// Whether `other` takes the lead from `leader`: more severe, or as severe and clearly further over.
bool takes_the_lead(const Rank& other, const Rank& leader) noexcept;
/// Orders `ranks`; `leader` stays first unless another takes the lead or it is not among them.
void put_in_order(std::vector<Rank>& ranks, AdviceId leader);

} // namespace prefade
