// Advice: what a rule found, on what, with which readings, and what it suggests. Plain values.
#pragma once

#include "core/move.h"

#include <cstddef>
#include <string>
#include <vector>

namespace prefade {

enum class Severity { hint, caution, fault };
inline constexpr Names<Severity, 3> severity_names{
    {{Severity::hint, "hint"}, {Severity::caution, "caution"}, {Severity::fault, "fault"}}};

enum class AdviceState { pending, firing, resolved, dismissed };
inline constexpr Names<AdviceState, 4> advice_state_names{{{AdviceState::pending, "pending"},
                                                           {AdviceState::firing, "firing"},
                                                           {AdviceState::resolved, "resolved"},
                                                           {AdviceState::dismissed, "dismissed"}}};

/// A number that made a rule fire. No evidence, no advice.
struct Evidence {
    StripId strip;
    std::string measure; ///< "sample peak post-fader", "fader"
    double value{0.0};
    std::string unit;      ///< "dBFS", "dB", ""
    TimePoint at{};        ///< of the measurement
    bool is_switch{false}; ///< `value` is 1 for yes, 0 for no
};

struct Advice {
    AdviceId id;
    std::string rule;
    Severity severity{Severity::hint};
    std::vector<ControlPath> about;
    std::string says;
    std::vector<Evidence> evidence;
    std::vector<Move> suggests; ///< without ids until one is proposed
    AdviceState state{AdviceState::firing};
    TimePoint since{};  ///< of firing
    std::string source; ///< of the rule, for "why should I believe this"
};

/// How many advices are true and not shown: those beside the first are folded by the views.
struct HeldBack {
    std::size_t dismissed{0}; ///< until clearly worse
    std::size_t later{0};     ///< "not now": until the session ends
    std::size_t hand{0};      ///< new ones, while a hand is on a control
    friend bool operator==(const HeldBack&, const HeldBack&) = default;
};

} // namespace prefade
