#include "connectors/ptsl/wire.h"

#include "connectors/call_codec.h"
#include "connectors/ptsl/client.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace prefade::ptsl {
namespace {

constexpr std::size_t most_questions = 64;

bool is_about_events(std::string_view command) {
    const auto known = value_in(command_names, command);
    return known == Command::poll_events || known == Command::subscribe_to_events
           || known == Command::unsubscribe_from_events;
}

} // namespace

/// One connection and the thread that waits for its answers.
class Wire::Line {
public:
    Line(const Setup& setup, Receiver receive)
        : setup_(setup),
          receive_(std::move(receive)),
          thread_([this](const std::stop_token& stop) { run(stop); }) {}

    /// False where too many wait already.
    bool push(const CallMessage& question) {
        {
            const std::lock_guard lock(mutex_);
            if (waiting_.size() >= most_questions) return false;
            waiting_.push_back(question);
        }
        wake_.notify_one();
        return true;
    }

private:
    void run(const std::stop_token& stop) noexcept;
    CallMessage ask(CallMessage question, const std::stop_token& stop);

    const Setup setup_;
    const Receiver receive_;
    std::unique_ptr<Client> client_; ///< the line's thread
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<CallMessage> waiting_; ///< under `mutex_`
    std::jthread thread_;             ///< last: it ends before what it uses
};

Wire::Wire(const Setup& setup) : setup_(setup) {}
Wire::~Wire() { close(); }

Result<void> Wire::open(Receiver receive) {
    if (questions_) return Error{ErrorCode::internal, "the wire is open already", describe()};
    questions_ = std::make_unique<Line>(setup_, receive);
    events_ = std::make_unique<Line>(setup_, std::move(receive));
    return {};
}

Result<void> Wire::send(const WireMessage& message) {
    const auto* call = std::get_if<CallMessage>(&message);
    if (call == nullptr)
        return Error{ErrorCode::internal, "no call on a wire of calls", describe()};
    if (!questions_) return Error{ErrorCode::unavailable, "the wire is closed", describe()};
    Line& line = is_about_events(call->command) ? *events_ : *questions_;
    if (!line.push(*call))
        return Error{ErrorCode::unavailable, "too many questions wait", describe()};
    return {};
}

Result<void> Wire::decode(const Arrival& arrival, std::vector<WireMessage>& out) const {
    auto call = decode_call(arrival.bytes);
    if (!call) return call.error();
    out.emplace_back(std::move(*call));
    return {};
}

void Wire::close() {
    events_.reset();
    questions_.reset();
}

std::string Wire::describe() const { return "calls to 127.0.0.1:" + std::to_string(setup_.port); }

void Wire::Line::run(const std::stop_token& stop) noexcept {
    for (;;) {
        CallMessage question;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [&] { return !waiting_.empty(); })) return;
            question = std::move(waiting_.front());
            waiting_.pop_front();
        }
        const CallMessage answer = ask(std::move(question), stop);
        if (stop.stop_requested()) return;
        receive_({Clock::now(), encode_call(answer)});
    }
}

CallMessage Wire::Line::ask(CallMessage question, const std::stop_token& stop) {
    CallMessage answer;
    answer.number = question.number;
    answer.command = question.command;
    const auto fail = [&](const Error& error) {
        answer.end = error.code == ErrorCode::unsupported ? CallMessage::End::unsupported
                                                          : CallMessage::End::failed;
        answer.why = error.message;
    };
    const auto command = value_in(command_names, question.command);
    if (!command) {
        fail({ErrorCode::unsupported, "there is no command " + question.command, {}});
        return answer;
    }
    if (!client_) {
        auto connected = Client::connect({setup_.port, setup_.deadline, 250, stop});
        if (!connected) {
            answer.end = CallMessage::End::away;
            answer.why = connected.error().message;
            return answer;
        }
        client_ = std::make_unique<Client>(std::move(*connected));
    }
    auto body = *command == Command::poll_events ? client_->poll(setup_.event_patience)
                                                 : client_->call(*command, question.body);
    if (body) {
        answer.body = std::move(*body);
        return answer;
    }
    fail(body.error());
    answer.code = client_->complaint().value_or(-1);
    constexpr int unknown_session = 403; // it was started anew since
    if (client_->is_broken() || answer.code == unknown_session) {
        answer.end = CallMessage::End::away;
        client_.reset();
    }
    return answer;
}

} // namespace prefade::ptsl
