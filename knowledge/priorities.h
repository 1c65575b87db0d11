// Who is protected in a mix, by genre: the order of roles that knowledge/pairs.toml holds. Immutable; any thread.
#pragma once

#include "knowledge/mix_knowledge.h"
#include "knowledge/roles.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

class Priorities {
public:
    /// Taken while the genre is not known, or has no order of its own.
    static constexpr std::string_view usual_genre = "pop";

    Priorities() = default; ///< nobody before anybody
    explicit Priorities(const MixKnowledge& knowledge);
    /// From the files of the shipped knowledge that hold them; `folder` is theirs. What else those name (plugins, rules) is
    /// not looked at, and what is wrong with them is told by `prefade check`.
    static Priorities load(const std::filesystem::path& folder, const RoleBook& roles);

    /// One step for each place in the order, the first highest; 0 for a role that has no place.
    double of(std::string_view role, std::string_view genre) const;

private:
    struct Order {
        std::vector<std::string> genres;
        std::vector<std::vector<std::string>> places; ///< roles; the first is protected most
    };
    const Order* find(std::string_view genre) const;
    std::vector<Order> orders_;
};

} // namespace prefade
