// Messages a second through the inbox, from two producers like a busy wire and a door, beside a queue
// that locks for every item it takes.
#include "core/inbox.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"

#include <chrono>
#include <deque>
#include <thread>
#include <vector>

using namespace prefade;
using namespace prefade::bench;

namespace {

struct Message { ///< about the size of an arrival: a stamp and a small buffer
    TimePoint at;
    std::vector<std::uint8_t> bytes;
};

constexpr std::size_t messages = 1'000'000;

/// The obvious queue: one lock an item on both sides.
class ItemQueue {
public:
    void push(Message m) {
        const std::lock_guard lock(mutex_);
        items_.push_back(std::move(m));
        arrived_.notify_one();
    }
    Message pop() {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [&] { return !items_.empty(); });
        Message m = std::move(items_.front());
        items_.pop_front();
        return m;
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Message> items_;
};

/// Two producers push all messages while `take` takes them; messages a second.
template <class Push, class Take> double rate(Push push, Take take) {
    const TimePoint start = Clock::now();
    std::vector<std::jthread> producers;
    for (int p = 0; p < 2; ++p)
        producers.emplace_back([&] {
            for (std::size_t i = 0; i < messages / 2; ++i)
                push({Clock::now(), std::vector<std::uint8_t>(32)});
        });
    take();
    return static_cast<double>(messages) / seconds(Clock::now() - start);
}

} // namespace

TEST_CASE("inbox messages a second beside a queue that locks for every item") {
    Samples ours, peer;
    for (int run = 0; run < 7; ++run) {
        Inbox<Message> inbox(messages);
        ours.add(rate([&](Message m) { inbox.push(std::move(m)); },
                      [&] {
                          std::vector<Message> batch;
                          for (std::size_t taken = 0; taken < messages; taken += batch.size())
                              inbox.take(batch, Clock::now() + std::chrono::seconds(5));
                      }));
        CHECK(inbox.dropped() == 0);
        ItemQueue queue;
        peer.add(rate([&](Message m) { queue.push(std::move(m)); },
                      [&] {
                          for (std::size_t taken = 0; taken < messages; ++taken) queue.pop();
                      }));
    }
    report("inbox alone, two producers",
           text(ours.middle()) + " messages/s, a queue locking each item " + text(peer.middle())
               + " (middle of " + std::to_string(ours.size()) + " runs)",
           "50000 messages/s, none lost");
}
