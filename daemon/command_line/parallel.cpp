#include "daemon/command_line/parallel.h"

#include "core/units.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace prefade::command_line {
namespace {
constexpr Duration look_interval = std::chrono::milliseconds(100);
}

void in_parallel(std::size_t count, std::size_t jobs,
                 const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    const auto go_on = [&] {
        for (std::size_t i = next++; i < count; i = next++) work(i);
    };
    std::vector<std::jthread> others;
    for (std::size_t t = 1; t < std::min(count, jobs); ++t) others.emplace_back(go_on);
    go_on();
}

void in_parallel(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& work,
                 const std::function<void()>& meanwhile) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::condition_variable finished;
    std::size_t working = std::min(count, std::max<std::size_t>(jobs, 1));
    std::vector<std::jthread> threads;
    const std::size_t started = working;
    for (std::size_t t = 0; t < started; ++t)
        threads.emplace_back([&] {
            for (std::size_t i = next++; i < count; i = next++) work(i);
            const std::lock_guard lock(mutex);
            if (--working == 0) finished.notify_all();
        });
    std::unique_lock lock(mutex);
    while (!finished.wait_for(lock, look_interval, [&] { return working == 0; })) {
        lock.unlock();
        meanwhile();
        lock.lock();
    }
}

} // namespace prefade::command_line
