// Enumerations and their names, one table each: the same words in JSON, in rules, on the
// command line and in messages. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace prefade {

template <class E, std::size_t N> using Names = std::array<std::pair<E, std::string_view>, N>;

/// Name of `value`; "?" for a value outside the table.
template <class E, std::size_t N>
constexpr std::string_view name_in(const Names<E, N>& table, E value) noexcept {
    for (const auto& [candidate, name] : table)
        if (candidate == value) return name;
    return "?";
}

/// Value called `name`, exactly; nothing near.
template <class E, std::size_t N>
constexpr std::optional<E> value_in(const Names<E, N>& table, std::string_view name) noexcept {
    for (const auto& [value, candidate] : table)
        if (candidate == name) return value;
    return std::nullopt;
}

/// All names of a table, for error messages: "a, b, c".
template <class E, std::size_t N> std::string all_names(const Names<E, N>& table) {
    std::string joined;
    for (const auto& entry : table) {
        if (!joined.empty()) joined += ", ";
        joined += entry.second;
    }
    return joined;
}

} // namespace prefade
