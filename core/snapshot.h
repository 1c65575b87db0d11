// What a view needs to draw: the newest state, never a backlog. Built by the desk, immutable,
// shared across threads as shared_ptr<const Snapshot>.
#pragma once

#include "core/advice.h"
#include "core/capabilities.h"
#include "core/session.h"

#include <string>
#include <vector>

namespace prefade {

enum class Mode { watch, ask, automatic };
inline constexpr Names<Mode, 3> mode_names{
    {{Mode::watch, "watch"}, {Mode::ask, "ask"}, {Mode::automatic, "auto"}}};

/// Message counts of the one wire, for people: rates over the last second, sums since the start.
struct WireTraffic {
    double received_per_second{0.0}, sent_per_second{0.0};
    std::uint64_t received{0}, sent{0}, malformed{0}, dropped{0};
};

struct Snapshot {
    std::uint64_t sequence{0};
    TimePoint taken{};
    Session session;
    Capabilities capabilities;
    Mode mode{Mode::ask};
    WireTraffic traffic;
    std::string last_error;
    std::vector<Advice> advice; ///< firing; the first is the one to do now
    HeldBack held_back;
    std::vector<MoveRecord> moves; ///< proposed, pending and the latest done, newest last
};

/// A copy without the parameters: there may be tens of thousands, and a view asks for those it shows.
Session for_views(const Session& session);

} // namespace prefade
