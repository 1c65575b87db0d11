// What a list that is read anew has of the one before. Pure; desk thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace prefade::mcu {

/// Gives those of the new list the ids of the old one by their names; several of one name are told apart by their order, as
/// long as there are as many. Others get the next id. True: the lists are the same. `Known` has an `id` and a `name`.
template <class Known>
bool go_on(const std::optional<std::vector<Known>>& were, std::vector<Known>& are,
           std::uint32_t& minted) {
    const auto called = [](const std::vector<Known>& list, const std::string& name) {
        std::vector<Known> same;
        std::copy_if(list.begin(), list.end(), std::back_inserter(same),
                     [&](const Known& each) { return each.name == name; });
        return same;
    };
    bool is_same = were && were->size() == are.size();
    std::map<std::string, std::size_t> taken;
    for (Known& each : are) {
        const auto before = were ? called(*were, each.name) : std::vector<Known>{};
        const bool goes_on = !before.empty() && before.size() == called(are, each.name).size();
        each.id.value = goes_on ? before[taken[each.name]++].id.value : ++minted;
        is_same = is_same && goes_on;
    }
    return is_same;
}

} // namespace prefade::mcu
