// At most one of something an interval, without making who keeps to that already wait for our own late
// wake-ups. A plain value; one thread.
#pragma once

#include "core/units.h"

namespace prefade {

class Pace {
public:
    explicit Pace(Duration interval) : interval_(interval) {}

    bool is_due(TimePoint now) const noexcept { return now >= next_; }
    TimePoint next() const noexcept { return next_; }
    /// It was done at `now`. A little late does not count: the next one is due an interval after this one
    /// was, else every wake-up's delay would add up to a whole interval.
    void done(TimePoint now) noexcept {
        const bool is_little_late = now - next_ < interval_ / 2;
        next_ = (is_little_late ? next_ : now) + interval_;
    }

private:
    Duration interval_;
    TimePoint next_{};
};

} // namespace prefade
