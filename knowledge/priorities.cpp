#include "knowledge/priorities.h"

#include <algorithm>

namespace prefade {
namespace {

bool holds(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

Priorities::Priorities(const MixKnowledge& knowledge) {
    for (const MixEntry& entry : knowledge.entries()) {
        if (entry.kind != MixKind::priority) continue;
        Order order{entry.genres, {}};
        for (const MixStep& step : entry.steps) order.places.push_back(step.on);
        orders_.push_back(std::move(order));
    }
}

Priorities Priorities::load(const std::filesystem::path& folder, const RoleBook& roles) {
    return Priorities(MixKnowledge::load({folder / "targets.toml", folder / "pairs.toml"},
                                         {roles.roles(), {}, {}})
                          .knowledge);
}

const Priorities::Order* Priorities::find(std::string_view genre) const {
    const auto found = std::find_if(orders_.begin(), orders_.end(),
                                    [&](const Order& order) { return holds(order.genres, genre); });
    return found == orders_.end() ? nullptr : &*found;
}

double Priorities::of(std::string_view role, std::string_view genre) const {
    const Order* order = find(genre);
    if (!order) order = find(usual_genre);
    if (!order) return 0.0;
    for (std::size_t place = 0; place < order->places.size(); ++place)
        if (holds(order->places[place], role))
            return static_cast<double>(order->places.size() - place);
    return 0.0;
}

} // namespace prefade
