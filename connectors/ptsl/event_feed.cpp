#include "connectors/ptsl/event_feed.h"

#include <algorithm>
#include <utility>

namespace prefade::ptsl {
namespace {

using namespace std::chrono_literals;

constexpr Duration retry_pause = 5s; ///< after what failed
constexpr Duration shortest_wait =
    250ms; ///< between questions for an event to a host that does not wait for one

} // namespace

void EventFeed::follow(const std::vector<std::string>& track_ids) {
    tracks_ = track_ids;
    const std::set<std::string> here(track_ids.begin(), track_ids.end());
    for (Group& group : groups_)
        if (group.per_track)
            std::erase_if(group.followed,
                          [&](const std::string& id) { return !here.contains(id); });
}

std::vector<std::string> EventFeed::missing(const Group& group) const {
    std::vector<std::string> ids;
    if (group.given_up()) return ids;
    const std::vector<std::string> nobodys{""};
    for (const std::string& id : group.per_track ? tracks_ : nobodys)
        if (!group.followed.contains(id)) ids.push_back(id);
    return ids;
}

TimePoint EventFeed::due(const Commands& commands) const {
    const bool can =
        commands.has(Command::subscribe_to_events) && commands.has(Command::poll_events);
    return asked_ || !can ? TimePoint::max() : next_;
}

std::optional<EventFeed::Question> EventFeed::next(const Commands& commands, TimePoint now) {
    if (due(commands) > now) return std::nullopt;
    for (Group& group : groups_) {
        asked_for_ = missing(group);
        if (asked_for_.empty()) continue;
        asking_ = &group;
        asked_ = true;
        std::vector<Subscription> wanted;
        for (const std::string& id : asked_for_)
            for (const EventKind kind : group.kinds) wanted.push_back({kind, id});
        return Question{Command::subscribe_to_events, events_request(wanted)};
    }
    const bool any = std::any_of(groups_.begin(), groups_.end(),
                                 [](const Group& group) { return !group.followed.empty(); });
    if (!any) {
        next_ = now + retry_pause;
        return std::nullopt;
    }
    asking_ = nullptr;
    asked_ = true;
    asked_at_ = now;
    return Question{};
}

EventFeed::News EventFeed::hear(const CallMessage& answer, TimePoint now) {
    News news;
    asked_ = false;
    next_ = now;
    Group* group = std::exchange(asking_, nullptr);
    if (answer.end == CallMessage::End::away) {
        reset(now);
    } else if (answer.end != CallMessage::End::answered) {
        news.complaint = answer.why;
        next_ = now + retry_pause;
        if (group) ++group->refusals;
    } else if (group) {
        group->followed.insert(asked_for_.begin(), asked_for_.end());
        group->refusals = 0;
        news.session = !group->per_track; // what happened before it was asked for
        news.tracks = group->per_track;
    } else if (const auto event = event_in(answer.body); !event) {
        news.complaint = event.error().message;
        next_ = now + retry_pause;
    } else if (!*event) {
        next_ = std::max(now, asked_at_ + shortest_wait);
    } else {
        const EventKind kind = (*event)->kind;
        const auto& of_session = groups_.front().kinds;
        const bool session =
            std::find(of_session.begin(), of_session.end(), kind) != of_session.end();
        (session ? news.session : news.tracks) = true;
    }
    return news;
}

void EventFeed::reset(TimePoint now) {
    for (Group& group : groups_) {
        group.followed.clear();
        group.refusals = 0;
    }
    asked_ = false;
    asking_ = nullptr;
    next_ = now + retry_pause;
}

} // namespace prefade::ptsl
