#include "tests/support/ptsl_host.h"

#include <algorithm>

namespace prefade::test {

using ptsl::Command;

namespace {

constexpr Duration event_patience = std::chrono::seconds(3);

Command command_of(const CallMessage& question) {
    return *value_in(ptsl::command_names, question.command);
}

bool is_about_events(Command command) {
    return command == Command::poll_events || command == Command::subscribe_to_events
           || command == Command::unsubscribe_from_events;
}

/// What the wire makes of a host that is not there.
CallMessage away(const CallMessage& question) {
    CallMessage answer = question;
    answer.body.clear();
    answer.end = CallMessage::End::away;
    answer.why = "Pro Tools does not answer " + question.command;
    return answer;
}

} // namespace

unsigned PtslHost::random() {
    seed_ = seed_ * 1664525U + 1013904223U;
    return seed_ >> 16;
}

bool PtslHost::happens(unsigned percent) { return percent > 0 && random() % 100 < percent; }

Duration PtslHost::way() {
    const auto spread = (habits.longest_latency - habits.latency).count();
    return habits.latency + Duration(spread > 0 ? random() * 16'807LL % spread : 0);
}

void PtslHost::ask(const CallMessage& question) {
    (is_about_events(command_of(question)) ? events_ : questions_).waiting.push_back(question);
}

std::vector<CallMessage> PtslHost::tell(TimePoint now) {
    std::vector<CallMessage> told;
    advance(questions_, now, told);
    advance(events_, now, told);
    return told;
}

TimePoint PtslHost::next_deadline() const {
    TimePoint next = TimePoint::max();
    for (const Line* line : {&questions_, &events_}) {
        if (line->under_way && line->asked_at != TimePoint{} && session.has_event())
            next = TimePoint{};
        else if (line->under_way)
            next = std::min(next, line->due);
        else if (!line->waiting.empty())
            next = TimePoint{};
    }
    return next;
}

void PtslHost::restart() {
    session.forget_subscriptions();
    alive = true;
}

void PtslHost::advance(Line& line, TimePoint now, std::vector<CallMessage>& told) {
    for (;;) {
        if (!line.under_way) {
            if (line.waiting.empty()) return;
            line.under_way = std::move(line.waiting.front());
            line.waiting.pop_front();
            line.due = now + way();
            line.heard = false;
            line.asked_at = {};
            line.answer.reset();
        }
        if (!alive && !line.answer) {
            line.answer = away(*line.under_way);
            line.due = now;
        }
        if (line.asked_at != TimePoint{} && session.has_event()) line.due = now;
        if (line.due > now) return;
        if (!line.heard && !line.answer) {
            hear(line, now);
            continue;
        }
        told.insert(told.end(), habits.doubles ? 2 : 1, *line.answer);
        line.under_way.reset();
    }
}

void PtslHost::hear(Line& line, TimePoint now) {
    const CallMessage& question = *line.under_way;
    const Command command = command_of(question);
    if (command == Command::poll_events && !session.habits.contains(command)) {
        CallMessage answer = question;
        if (line.asked_at == TimePoint{}) line.asked_at = now;
        auto event = session.take_event();
        if (event && happens(habits.lost_events)) event.reset();
        if (!event && now - line.asked_at < event_patience) {
            line.due = line.asked_at + event_patience;
            return;
        }
        if (event) answer.body = event->dump();
        line.answer = answer;
    } else if (happens(habits.breaks)) {
        if (random() % 2 == 0) answer_to(question); // it was heard, and done
        line.answer = away(question);
        if (is_about_events(command)) session.forget_subscriptions();
    } else {
        line.answer = answer_to(question);
    }
    line.asked_at = {};
    line.heard = true;
    line.due = now + way();
}

CallMessage PtslHost::answer_to(const CallMessage& question) {
    const Command command = command_of(question);
    if (question.command.starts_with("SetTrack")) ++switches_;
    PtslAnswer said;
    if (command != Command::get_version && happens(habits.busy))
        said = PtslSession::failed(138, "a dialog");
    else
        said =
            *session.answer(command, question.body.empty() ? Json{} : Json::parse(question.body));
    CallMessage answer = question;
    answer.body = said.body;
    if (said.status == 3) return answer;
    // As client and wire say it.
    const ptsl::Complaint complaint = ptsl::complaint_in(said.error);
    const Error error = ptsl::error_of(command, complaint.code, complaint.message);
    answer.end = error.code == ErrorCode::unsupported ? CallMessage::End::unsupported
                                                      : CallMessage::End::failed;
    answer.code = complaint.code;
    answer.why = error.message;
    return answer;
}

} // namespace prefade::test
