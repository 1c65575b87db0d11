// Sum of the last N values of a row that never ends, two additions a value, none of them a subtraction: after loud
// values comes exactly what the quiet ones add up to. Fixed memory; one thread at a time.
#pragma once

#include <array>
#include <cstddef>

namespace prefade {

template <std::size_t N> class SlidingSum {
public:
    void add(double value) noexcept {
        newest_[filled_] = value;
        sum_of_newest_ += value;
        if (++filled_ == N) turn();
        if (seen_ < N) ++seen_;
    }
    bool is_full() const noexcept { return seen_ == N; }
    /// Of fewer than N values while not full.
    double sum() const noexcept { return older_[filled_] + sum_of_newest_; }

private:
    /// `older_[i]` becomes the sum of values i .. N-1 of the N just collected.
    void turn() noexcept {
        double sum = 0.0;
        for (std::size_t i = N; i-- > 0;) older_[i] = sum += newest_[i];
        filled_ = 0;
        sum_of_newest_ = 0.0;
    }

    std::array<double, N + 1> older_{};
    std::array<double, N> newest_{};
    std::size_t filled_{}, seen_{};
    double sum_of_newest_{};
};

} // namespace prefade
