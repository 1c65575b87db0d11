// A value that may not be known yet, and how old it is. "Unknown" is neither false nor 0 dB.
#pragma once

#include "core/units.h"

#include <optional>
#include <utility>

namespace prefade {

template <class T> struct Known {
    std::optional<T> value;
    TimePoint at{}; ///< when the host last said so; meaningless while `value` is empty

    bool is_known() const noexcept { return value.has_value(); }
    bool is_fresh(TimePoint now, Duration limit) const noexcept {
        return value && now - at <= limit;
    }
    Duration age(TimePoint now) const noexcept { return now - at; }
    void learn(T v, TimePoint when) {
        value = std::move(v);
        at = when;
    }
};

} // namespace prefade
