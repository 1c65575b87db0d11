// Identities minted by us, opaque, stable while the host can tell things apart. 0 is "none".
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace prefade {

template <class Tag> struct Id {
    std::uint32_t value{0};
    constexpr explicit operator bool() const noexcept { return value != 0; }
    friend constexpr auto operator<=>(Id, Id) = default;
};

using StripId = Id<struct StripTag>;
using InsertId = Id<struct InsertTag>; ///< a slot number is not an identity
using SendId = Id<struct SendTag>;
using MoveId = Id<struct MoveTag>;
using AdviceId = Id<struct AdviceTag>;

} // namespace prefade

template <class Tag> struct std::hash<prefade::Id<Tag>> {
    std::size_t operator()(prefade::Id<Tag> id) const noexcept { return id.value; }
};
