#include "connectors/ptsl/wire.h"

#include "connectors/call_codec.h"
#include "connectors/ptsl/client.h"

#include <utility>

namespace prefade::ptsl {
namespace {

constexpr std::size_t most_questions = 64;

} // namespace

Wire::Wire(const Setup& setup) : setup_(setup) {}
Wire::~Wire() { close(); }

Result<void> Wire::open(Receiver receive) {
    if (thread_.joinable())
        return Error{ErrorCode::internal, "the wire is open already", describe()};
    receive_ = std::move(receive);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    return {};
}

Result<void> Wire::send(const WireMessage& message) {
    const auto* call = std::get_if<CallMessage>(&message);
    if (call == nullptr)
        return Error{ErrorCode::internal, "no call on a wire of calls", describe()};
    if (!thread_.joinable()) return Error{ErrorCode::unavailable, "the wire is closed", describe()};
    {
        const std::lock_guard lock(mutex_);
        if (questions_.size() >= most_questions)
            return Error{ErrorCode::unavailable, "too many questions wait", describe()};
        questions_.push_back(*call);
    }
    wake_.notify_one();
    return {};
}

Result<void> Wire::decode(const Arrival& arrival, std::vector<WireMessage>& out) const {
    auto call = decode_call(arrival.bytes);
    if (!call) return call.error();
    out.emplace_back(std::move(*call));
    return {};
}

void Wire::close() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    client_.reset();
    questions_.clear();
    receive_ = nullptr;
}

std::string Wire::describe() const { return "calls to 127.0.0.1:" + std::to_string(setup_.port); }

void Wire::run(const std::stop_token& stop) noexcept {
    for (;;) {
        CallMessage question;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [&] { return !questions_.empty(); })) return;
            question = std::move(questions_.front());
            questions_.pop_front();
        }
        const CallMessage answer = ask(std::move(question), stop);
        if (stop.stop_requested()) return;
        receive_({Clock::now(), encode_call(answer)});
    }
}

CallMessage Wire::ask(CallMessage question, const std::stop_token& stop) {
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
    auto body = client_->call(*command, question.body);
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
