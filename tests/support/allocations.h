// How often this test binary has taken memory with `new` so far, in all threads: linked in, it replaces the operator.
#pragma once

#include <cstdint>

namespace prefade::test {

std::uint64_t allocations() noexcept;

} // namespace prefade::test
