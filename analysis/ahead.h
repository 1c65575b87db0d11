// Blocks that another thread makes while this one works on those before: two steps of one job at a time, where a core
// has nothing else to do.
//
//     Ahead<Block> ahead({Block(n), Block(n)}, [&](Block& block) { return read(block); });
//     while (const Block* block = ahead.next()) measure(*block);
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace prefade {

template <class Block> class Ahead {
public:
    /// `fill` is called on the other thread, for one of `blocks` after the other and round again; false: there is no
    /// more. At least two blocks.
    Ahead(std::vector<Block> blocks, std::function<bool(Block&)> fill)
        : blocks_(std::move(blocks)),
          fill_(std::move(fill)),
          maker_([this] { make(); }) {}
    /// Waits for the block that is being made, no longer.
    ~Ahead() {
        const std::lock_guard lock(mutex_);
        over_ = true;
        changed_.notify_all();
    }
    Ahead(const Ahead&) = delete;
    Ahead& operator=(const Ahead&) = delete;

    /// The next block, good until the next call; null after the last. Throws what `fill` threw, in its turn.
    const Block* next() {
        std::unique_lock lock(mutex_);
        if (std::exchange(one_is_out_, false)) {
            ++taken_;
            changed_.notify_all();
        }
        changed_.wait(lock, [this] { return made_ > taken_ || ended_; });
        if (made_ > taken_) {
            one_is_out_ = true;
            return &blocks_[taken_ % blocks_.size()];
        }
        if (failure_) std::rethrow_exception(failure_);
        return nullptr;
    }

private:
    void make() {
        std::exception_ptr failure;
        try {
            while (make_one()) {
            }
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard lock(mutex_);
        failure_ = failure;
        ended_ = true;
        changed_.notify_all();
    }
    bool make_one() {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return over_ || made_ - taken_ < blocks_.size(); });
            if (over_) return false;
        }
        if (!fill_(blocks_[made_ % blocks_.size()])) return false; // only this thread changes made_
        const std::lock_guard lock(mutex_);
        ++made_;
        changed_.notify_all();
        return true;
    }

    std::vector<Block> blocks_;
    std::function<bool(Block&)> fill_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t made_{0}, taken_{0}; ///< blocks since the start
    bool one_is_out_{false}, ended_{false}, over_{false};
    std::exception_ptr failure_;
    std::jthread maker_; ///< last: joined before what it uses goes
};

} // namespace prefade
