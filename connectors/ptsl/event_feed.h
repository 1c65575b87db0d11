// What Pro Tools tells unasked, from version 2025.6 on: that a session was opened or closed, and that the mute, solo or arm
// of a track changed. Names, order and transport are not among it. An event says that there is something to read, and not
// what: it comes by a connection of its own, so it may be older than what was read meanwhile. Who follows events still
// reads now and then, for one may be lost. Pure; desk thread.
#pragma once

#include "connectors/message.h"
#include "connectors/ptsl/answers.h"
#include "connectors/ptsl/command.h"
#include "core/units.h"

#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace prefade::ptsl {

class EventFeed {
public:
    struct Question {
        Command command{Command::poll_events};
        std::string body;
    };
    struct News {
        bool session{false}, tracks{false}; ///< to be read anew
        std::string complaint;              ///< for people; may be empty
    };

    /// The tracks whose switches are followed from now on. The host forgets those that are gone by itself.
    void follow(const std::vector<std::string>& track_ids);
    /// The next question, one at a time; nothing where the version has no events, or for now.
    std::optional<Question> next(const Commands& commands, TimePoint now);
    /// When `next` may have one; max() while an answer is waited for.
    TimePoint due(const Commands& commands) const;
    /// The answer to the last question.
    News hear(const CallMessage& answer, TimePoint now);
    /// The host, or its connection for events, is gone: what was asked for is void.
    void reset(TimePoint now);

private:
    /// Kinds that are asked for together: of an older host a later kind may make all of its question fail.
    struct Group {
        std::vector<EventKind> kinds;
        bool per_track{true};
        std::set<std::string> followed{}; ///< track ids; "" of what is no track's
        int refusals{0};                  ///< one after the other
        bool given_up() const { return refusals == 3; }
    };
    std::vector<std::string> missing(const Group& group) const;

    std::array<Group, 3> groups_{
        {{{EventKind::session_opened, EventKind::session_created, EventKind::session_closed},
          false},
         {{EventKind::record_enable_changed}},
         {{EventKind::solo_changed, EventKind::mute_changed}}}};
    std::vector<std::string> tracks_;
    bool asked_{false};
    Group* asking_{nullptr}; ///< nothing while an event is waited for
    std::vector<std::string> asked_for_;
    TimePoint next_{};
    TimePoint asked_at_{};
};

} // namespace prefade::ptsl
