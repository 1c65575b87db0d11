// A wire that plays the host's side of a transcript at its own pace. What is sent to it is counted
// and goes nowhere. desk thread, and its own when paced by the clock.
#pragma once

#include "connectors/transcript.h"
#include "connectors/wire.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace prefade {

class ReplayWire final : public Wire {
public:
    enum class Pace {
        clock,   ///< a thread of its own delivers each message when it is due
        by_hand, ///< `play_until` delivers: for tests
    };
    ReplayWire(Transcript transcript, Pace pace)
        : transcript_(std::move(transcript)),
          pace_(pace) {}
    ~ReplayWire() override;

    Result<void> open(Receiver receive) override;
    Result<void> send(const WireMessage& message) override;
    Result<void> decode(const Arrival& arrival, std::vector<WireMessage>& out) const override;
    void close() override;
    std::string describe() const override;

    /// Pace::by_hand: delivers what is due at `now`, the first call starting the clock at its `now`.
    void play_until(TimePoint now);
    bool finished() const noexcept { return next_ >= transcript_.size(); }
    std::size_t sent() const noexcept { return sent_; }

private:
    void run(const std::stop_token& stop) noexcept;
    void deliver_next(TimePoint at);
    TimePoint due(const TranscriptLine& line, TimePoint start) const;

    Transcript transcript_;
    Pace pace_;
    Receiver receive_;
    std::atomic<std::size_t> next_{0};
    std::size_t sent_{0};
    std::optional<TimePoint> start_;
    std::mutex mutex_;
    std::condition_variable_any stopped_;
    std::jthread thread_;
};

} // namespace prefade
