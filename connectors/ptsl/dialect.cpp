#include "connectors/ptsl/dialect.h"

#include <algorithm>
#include <utility>

namespace prefade::ptsl {
namespace {

using namespace std::chrono_literals;

// How often what is asked: a list every one or two seconds and the transport a few times a second are cheap for the host.
constexpr Duration search_pause = 2s;
constexpr Duration busy_pause = 5s;     ///< before a question that failed is asked again
constexpr Duration event_pause = 100ms; ///< between track lists that events bring about
constexpr Duration patience = 30s;      ///< the wire answers for the host long before

} // namespace

Dialect::Dialect(const HostProfile& profile, std::string address, BracketTiming timing)
    : profile_(profile),
      address_(std::move(address)),
      tracks_(list_part),
      locations_(list_part),
      brackets_(*this, {}, timing) {
    want(Command::get_version, {});
}

Capabilities Dialect::capabilities() const { return capabilities_of(commands_); }

void Dialect::observe(Happening what, TimePoint now, DialectOutput& out) {
    out.observed.push_back({now, std::move(what)});
}

/// Told at most once a second.
void Dialect::complain(const std::string& what, TimePoint now, DialectOutput& out) {
    ++complaints_;
    if (now < next_complaint_) return;
    const std::string more = complaints_ > 1 ? " (and " + std::to_string(complaints_ - 1)
                                                   + " more since the last notice)"
                                             : "";
    observe(Noticed{what + more}, now, out);
    next_complaint_ = now + 1s;
    complaints_ = 0;
}

// ---- questions ------------------------------------------------------------------------------

void Dialect::want(Command command, TimePoint at) {
    if (!commands_.has(command)) return;
    const auto [due, added] = due_.emplace(command, at);
    if (!added) due->second = std::min(due->second, at);
}

std::string Dialect::request_of(Command command) const {
    if (command == Command::get_track_list)
        return track_list_request(tracks_.next(), commands_.version());
    if (command == Command::get_memory_locations)
        return memory_locations_request(locations_.next());
    return {};
}

void Dialect::ask_next(TimePoint now, DialectOutput& out) {
    if (asked_) return;
    const auto next = std::min_element(
        due_.begin(), due_.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (next == due_.end() || next->second > now) return;
    const Command command = next->first;
    due_.erase(next);
    const std::string body = request_of(command);
    const bool begins = command == Command::get_track_list && tracks_.next().offset == 0;
    send(command, body, out);
    asked_ = Asked{numbers_, command, now};
    if (!begins) return;
    list_begun_ = numbers_;
    list_at_ = now;
}

void Dialect::send(Command command, std::string body, DialectOutput& out) {
    CallMessage question;
    question.number = ++numbers_;
    question.command = name_in(command_names, command);
    question.body = std::move(body);
    out.to_send.emplace_back(std::move(question));
}

TimePoint Dialect::tick(TimePoint now, DialectOutput& out) {
    if (asked_ && now - asked_->at > patience)
        lose("no answer came for " + std::string(name_in(command_names, asked_->command)), now,
             out);
    TimePoint next = std::min(now + search_pause, brackets_.tick(now, out));
    ask_next(now, out);
    ask_for_events(now, out);
    next = std::min(next, events_.due(commands_));
    if (asked_) return std::min(next, asked_->at + patience + 1ms);
    for (const auto& due : due_) next = std::min(next, due.second);
    return next;
}

void Dialect::receive(const WireMessage& message, TimePoint now, DialectOutput& out) {
    const auto* answer = std::get_if<CallMessage>(&message);
    if (answer == nullptr) return;
    if (const auto wrote = writing_.extract(answer->number)) {
        written(wrote.mapped(), *answer, now, out);
        return ask_next(now, out);
    }
    if (answer->number == events_asked_) {
        hear_of_events(*answer, now, out);
        return ask_next(now, out);
    }
    if (!asked_ || answer->number != asked_->number) return;
    const Command command = std::exchange(asked_, std::nullopt)->command;
    if (answer->end == CallMessage::End::away) {
        lose(answer->why, now, out);
    } else if (answer->end != CallMessage::End::answered) {
        failed(command, *answer, now, out);
    } else if (const auto taken = take(command, answer->body, now, out); !taken) {
        complain(taken.error().message, now, out);
        want(command, now + busy_pause);
    }
    ask_next(now, out);
}

// ---- events: beside the questions, on the wire's other connection -------------------------------

void Dialect::ask_for_events(TimePoint now, DialectOutput& out) {
    if (!found_) return;
    auto question = events_.next(commands_, now);
    if (!question) return;
    send(question->command, std::move(question->body), out);
    events_asked_ = numbers_;
}

void Dialect::hear_of_events(const CallMessage& answer, TimePoint now, DialectOutput& out) {
    events_asked_.reset();
    const EventFeed::News news = events_.hear(answer, now);
    if (!news.complaint.empty()) complain(news.complaint, now, out);
    const auto command = value_in(command_names, answer.command);
    if (answer.code == unsupported_command && command) note_missing(*command, answer, now, out);
    if (news.session) want(Command::get_session_name, now);
    if (news.tracks && session_name_)
        want(Command::get_track_list, std::max(now, list_at_ + event_pause));
    ask_for_events(now, out);
}

// ---- life -----------------------------------------------------------------------------------

void Dialect::find(const std::string& body, TimePoint now, DialectOutput& out) {
    const auto version = version_in(body);
    if (!version) {
        complain(version.error().message, now, out);
        return want(Command::get_version, now + search_pause);
    }
    commands_ = Commands(*version);
    found_ = true;
    observe(HostFound{profile_.name, "scripting interface " + to_text(*version), address_}, now,
            out);
    observe(CapabilitiesChanged{capabilities()}, now, out);
    want(Command::get_session_name, now);
}

void Dialect::lose(const std::string& why, TimePoint now, DialectOutput& out) {
    forget_writes(now, out);
    asked_.reset();
    due_.clear();
    commands_ = {};
    tracks_ = TrackListing(list_part);
    locations_ = MemoryListing(list_part);
    session_name_.reset();
    clock_ = {};
    listed_.reset();
    told_locations_.reset();
    told_closed_ = false;
    rolling_.reset();
    recording_.reset();
    roll_wanted_.reset();
    events_.reset(now);
    events_.follow({});
    events_asked_.reset();
    want(Command::get_version, now + search_pause);
    if (std::exchange(found_, false)) observe(HostLost{why}, now, out);
}

void Dialect::close_session(TimePoint now, DialectOutput& out) {
    forget_writes(now, out);
    due_.clear();
    tracks_ = TrackListing(list_part);
    locations_ = MemoryListing(list_part);
    session_name_.reset();
    clock_ = {};
    events_.follow({});
    want(Command::get_session_name, now + search_pause);
    if (std::exchange(told_closed_, true)) return;
    observe(SessionNamed{}, now, out);
    if (listed_ && !listed_->empty()) observe(StripsListed{{}, true}, now, out);
    if (told_locations_) observe(MarkersListed{}, now, out);
    listed_.reset();
    told_locations_.reset();
    observe(Noticed{"no session is open in " + profile_.title}, now, out);
}

void Dialect::failed(Command command, const CallMessage& answer, TimePoint now,
                     DialectOutput& out) {
    if (answer.code == no_open_session) return close_session(now, out);
    if (command == Command::toggle_play_state || command == Command::get_transport_state)
        roll_wanted_.reset();
    complain(answer.why, now, out);
    if (note_missing(command, answer, now, out)) return;
    if (command != Command::toggle_play_state) want(command, now + busy_pause);
}

/// True where the host said that it does not have the command.
bool Dialect::note_missing(Command command, const CallMessage& answer, TimePoint now,
                           DialectOutput& out) {
    if (answer.end != CallMessage::End::unsupported) return false;
    commands_.miss(command);
    observe(CapabilitiesChanged{capabilities()}, now, out);
    return true;
}

void Dialect::resync(TimePoint now, DialectOutput&) {
    asked_.reset(); // its answer may be what was dropped
    events_asked_.reset();
    events_.reset(now);
    listed_.reset();
    told_locations_.reset();
    rolling_.reset();
    recording_.reset();
    if (!found_) return want(Command::get_version, now);
    tracks_ = TrackListing(list_part);
    locations_ = MemoryListing(list_part);
    want(Command::get_session_name, now);
    if (!session_name_) return;
    for (const Command each :
         {Command::get_track_list, Command::get_transport_state, Command::get_memory_locations})
        want(each, now);
}

TrackDoor::Look Dialect::look_again(TimePoint now, DialectOutput& out) {
    look_wanted_ = numbers_;
    if (session_name_) want(Command::get_track_list, now);
    ask_next(now, out);
    return look_wanted_;
}

// ---- what a person asks ---------------------------------------------------------------------

void Dialect::halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) {
    brackets_.halt(move, now, out);
    ask_next(now, out);
}

Result<void> Dialect::watch(StripId, InsertId, TimePoint, TimePoint, DialectOutput&) {
    return Error{ErrorCode::unsupported,
                 profile_.title + "'s scripting interface tells no plugin parameters",
                 {}};
}

Result<void> Dialect::transport(bool roll, TimePoint now, DialectOutput& out) {
    if (!found_ || !rolling_)
        return Error{
            ErrorCode::unavailable, profile_.title + " has not told its transport yet", {}};
    if (recording_ == true)
        return Error{
            ErrorCode::refused, profile_.title + " records; its transport is left alone", {}};
    if (!commands_.has(Command::toggle_play_state))
        return missing(Command::toggle_play_state, commands_.version());
    roll_wanted_ = roll;
    want(Command::get_transport_state, now);
    ask_next(now, out);
    return {};
}

} // namespace prefade::ptsl
