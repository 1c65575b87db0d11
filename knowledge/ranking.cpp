#include "knowledge/ranking.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace prefade {

bool is_before(const Rank& a, const Rank& b) noexcept {
    const auto key = [](const Rank& r) {
        return std::tuple(-static_cast<int>(r.severity), -std::floor(r.over / clearly_worse),
                          r.confidence == Confidence::expertise, r.resolution.value(), r.id.value);
    };
    return key(a) < key(b);
}

bool takes_the_lead(const Rank& other, const Rank& leader) noexcept {
    if (other.severity != leader.severity) return other.severity > leader.severity;
    return other.over >= leader.over + clearly_worse;
}

void put_in_order(std::vector<Rank>& ranks, AdviceId leader) {
    std::sort(ranks.begin(), ranks.end(), is_before);
    const auto led =
        std::find_if(ranks.begin(), ranks.end(), [&](const Rank& r) { return r.id == leader; });
    if (led == ranks.end()) return;
    const auto first = std::find_if(ranks.begin(), ranks.end(),
                                    [&](const Rank& r) { return takes_the_lead(r, *led); });
    const auto leads = first == ranks.end() ? led : first;
    std::rotate(ranks.begin(), leads, std::next(leads));
}

} // namespace prefade
