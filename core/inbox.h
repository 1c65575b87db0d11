// The one bounded queue into the desk. Producers (wires, doors, workers) push from any thread and
// never wait; the desk thread takes all at once. Full: the item is dropped and counted, and whoever
// lost messages is asked for a resync by the loop.
#pragma once

#include "core/units.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace prefade {

template <class T> class Inbox {
public:
    explicit Inbox(std::size_t capacity = 65'536) : capacity_(capacity) {}

    /// any thread; false when full (counted as dropped) or closed.
    bool push(T item) {
        {
            const std::lock_guard lock(mutex_);
            if (closed_) return false;
            if (waiting_.size() >= capacity_) {
                ++dropped_;
                return false;
            }
            waiting_.push_back(std::move(item));
        }
        arrived_.notify_one();
        return true;
    }

    /// desk thread. Waits until something is there, `deadline` passes or the inbox is closed, then
    /// swaps everything waiting into `out` (cleared first). False when closed and empty.
    bool take(std::vector<T>& out, TimePoint deadline) {
        out.clear();
        std::unique_lock lock(mutex_);
        arrived_.wait_until(lock, deadline, [&] { return closed_ || !waiting_.empty(); });
        out.swap(waiting_);
        return !(closed_ && out.empty());
    }

    /// any thread: no more is accepted; a waiting `take` returns.
    void close() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        arrived_.notify_all();
    }

    /// any thread: items refused because the inbox was full, since the start.
    std::uint64_t dropped() const {
        const std::lock_guard lock(mutex_);
        return dropped_;
    }

private:
    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<T> waiting_;
    std::uint64_t dropped_{0};
    bool closed_{false};
};

} // namespace prefade
