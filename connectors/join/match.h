// Which strip of a control surface is which track of the session: the surface shows short names in the order of the mixer,
// the session tells full names in the same order. A match is certain where no other one is possible. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// Whether a display of `letters` may show `shown` for `full`: its letters stand in the name in this order, upper case or
/// lower, without the blanks. A name that fits is shown whole.
bool may_stand_for(std::string_view shown, std::string_view full, std::size_t letters);

struct StripMatch {
    enum class Kind {
        certain,
        shared,    ///< several strips show this name
        ambiguous, ///< several tracks fit, by name and order
        none       ///< the two lists do not fit each other
    };
    Kind kind{Kind::none};
    std::size_t track{0}; ///< in the list of tracks; valid when certain
};

/// One for each of `shown`. Every strip must have its track, in order; tracks may have no strip. Both lists in mixer order.
std::vector<StripMatch> match(const std::vector<std::string>& shown,
                              const std::vector<std::string>& tracks, std::size_t letters);

} // namespace prefade
