// Pro Tools' scripting interface as a wire: questions are asked one after the other on the wire's own thread, which
// waits for the answers and hands them on, each with its question's number. It connects with the first question, and
// anew with the next one after the host was away.
#pragma once

#include "connectors/wire.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace prefade::ptsl {

class Client;

class Wire final : public prefade::Wire {
public:
    struct Setup {
        std::uint16_t port{31416};
        Duration deadline{std::chrono::seconds(5)}; ///< of one question
    };
    explicit Wire(const Setup& setup);
    ~Wire() override;

    Result<void> open(Receiver receive) override;
    /// A CallMessage. Errors: closed, or 64 questions wait already.
    Result<void> send(const WireMessage& message) override;
    Result<void> decode(const Arrival& arrival, std::vector<WireMessage>& out) const override;
    void close() override; ///< a question under way is given up at once
    std::string describe() const override;

private:
    void run(const std::stop_token& stop) noexcept;
    CallMessage ask(CallMessage question, const std::stop_token& stop);

    const Setup setup_;
    Receiver receive_;
    std::unique_ptr<Client> client_; ///< the wire's thread
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<CallMessage> questions_; ///< under `mutex_`
    std::jthread thread_;
};

} // namespace prefade::ptsl
