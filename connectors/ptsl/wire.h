// Pro Tools' scripting interface as a wire: questions are asked one after the other on the wire's own thread, which
// waits for the answers and hands them on, each with its question's number. It connects with the first question, and
// anew with the next one after the host was away. Events have a second line of the same kind, with a connection of its own:
// the question for the next one is answered when there is one, empty where there was none for a while.
#pragma once

#include "connectors/wire.h"

#include <cstdint>
#include <memory>

namespace prefade::ptsl {

class Wire final : public prefade::Wire {
public:
    struct Setup {
        std::uint16_t port{31416};
        Duration deadline{std::chrono::seconds(5)};       ///< of one question
        Duration event_patience{std::chrono::seconds(3)}; ///< of the one for the next event
    };
    explicit Wire(const Setup& setup);
    ~Wire() override;

    Result<void> open(Receiver receive) override;
    /// A CallMessage. Errors: closed, or 64 questions wait already on its line.
    Result<void> send(const WireMessage& message) override;
    Result<void> decode(const Arrival& arrival, std::vector<WireMessage>& out) const override;
    void close() override; ///< a question under way is given up at once
    std::string describe() const override;

private:
    class Line;
    const Setup setup_;
    std::unique_ptr<Line> questions_, events_; ///< while it is open
};

} // namespace prefade::ptsl
