// The one way to a write. Judges values only: no host, no journal, no clock. Every move passes
// twice: when it is proposed and again when it is approved, because approval is not a stale licence.
#pragma once

#include "core/capabilities.h"
#include "core/move.h"
#include "core/session.h"
#include "daemon/policy.h"

#include <optional>
#include <string>

namespace prefade {

/// What the Gate knows beside the Session.
struct GateView {
    const Session& session;
    const Capabilities& capabilities;
    const Policy& policy;
    Mode mode{Mode::ask};
    Decibel moved_last_minute; ///< sum of automatic changes of this control within 60 s
    bool pending{false};       ///< another move of this control is under way
};

struct Verdict {
    enum class Kind { allowed, needs_approval, refused } kind{Kind::refused};
    std::string reason; ///< empty when allowed
};

class Gate {
public:
    /// `approved_by_user`: a person said yes to exactly this move (their own `set`, `apply`, `approve`,
    /// `undo`).
    static Verdict judge(const Move& move, const GateView& view, bool approved_by_user,
                         TimePoint now);

    /// Judges again and mints the licence; nothing unless `allowed`.
    static std::optional<ApprovedMove> approve(const Move& move, const GateView& view,
                                               bool approved_by_user, TimePoint now,
                                               Verdict& verdict);
};

} // namespace prefade
