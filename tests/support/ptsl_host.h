// Pro Tools at the other end of a wire of calls, without sockets: two lines as the wire has them, one question at a time on
// each, answered after a while that differs. Refuses while it is busy, breaks connections, and says answers twice, on demand.
// Test's thread; time runs as the test says.
#pragma once

#include "connectors/message.h"
#include "core/units.h"
#include "tests/support/ptsl_session.h"

#include <deque>
#include <optional>
#include <vector>

namespace prefade::test {

struct PtslHabits {
    Duration latency{std::chrono::milliseconds(4)}; ///< each way
    Duration longest_latency{latency};              ///< each way it is somewhere between the two
    unsigned busy{0}; ///< percent of the questions about its session that it answers with 138
    unsigned breaks{
        0}; ///< percent of the questions with which the connection breaks, half of them heard
    unsigned lost_events{0}; ///< percent
    bool doubles{false};     ///< says each answer twice
};

class PtslHost {
public:
    PtslHost(ptsl::Version version, const PtslHabits& which) : session(version), habits(which) {}

    PtslSession session;
    PtslHabits habits;
    bool alive{true};

    void ask(const CallMessage& question);
    /// The answers that have come by `now`. Call at `next_deadline`, or more often.
    std::vector<CallMessage> tell(TimePoint now);
    TimePoint next_deadline() const;
    void restart(); ///< it knows nobody, and nobody's wishes
    std::size_t switches_heard() const {
        return switches_;
    } ///< commands to turn one, refused ones included

private:
    struct Line {
        std::deque<CallMessage> waiting;
        std::optional<CallMessage> under_way;
        TimePoint due{}; ///< at the host, or back
        bool heard{false};
        TimePoint asked_at{}; ///< for the next event
        std::optional<CallMessage> answer{};
    };
    void advance(Line& line, TimePoint now, std::vector<CallMessage>& told);
    void hear(Line& line, TimePoint now);
    CallMessage answer_to(const CallMessage& question);
    Duration way();
    bool happens(unsigned percent);
    unsigned random();

    Line questions_, events_;
    std::size_t switches_{0};
    std::uint32_t seed_{20'240'611};
};

} // namespace prefade::test
