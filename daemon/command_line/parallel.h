// Work that falls into parts, on several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace prefade::command_line {

/// Does `work(i)` for each i below `count`, each once, on up to `jobs` threads, this one among them; returns when all is done.
void in_parallel(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& work);

/// As that, on other threads only; this one does `meanwhile()` ten times a second.
void in_parallel(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& work,
                 const std::function<void()>& meanwhile);

} // namespace prefade::command_line
