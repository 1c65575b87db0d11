#include "analysis/packed_bands.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace prefade {
namespace {

constexpr double step_db = 0.375;
constexpr int lowest_step = 255; ///< under the strongest band: silence
constexpr int level_of_one = 0x8000;

} // namespace

PackedBands pack(const BandEnergies& energies) noexcept {
    PackedBands packed{};
    packed.fill(std::byte{lowest_step});
    packed[0] = std::byte{0};
    packed[1] = std::byte{level_of_one >> 8};
    const float strongest = *std::max_element(energies.begin(), energies.end());
    if (!(strongest > 0.0F) || !std::isfinite(strongest)) return packed;
    const auto steps = [](float energy) {
        return static_cast<int>(
            std::lround(10.0 * std::log10(static_cast<double>(energy)) / step_db));
    };
    const int top = steps(strongest); // of a float: -1200 to 1028 steps
    const auto level = static_cast<std::uint16_t>(level_of_one + top);
    packed[0] = static_cast<std::byte>(level & 0xFF);
    packed[1] = static_cast<std::byte>(level >> 8);
    for (std::size_t b = 0; b < erb_band_count; ++b)
        if (energies[b] > 0.0F)
            packed[2 + b] = static_cast<std::byte>(std::min(top - steps(energies[b]), lowest_step));
    return packed;
}

BandEnergies unpack(const PackedBands& packed) noexcept {
    static const auto factors = [] {
        std::array<float, 256> made{};
        for (int step = 0; step < lowest_step; ++step)
            made[static_cast<std::size_t>(step)] =
                static_cast<float>(std::pow(10.0, -0.1 * step_db * step));
        return made;
    }();
    const int level = std::to_integer<int>(packed[0]) | std::to_integer<int>(packed[1]) << 8;
    const auto top = static_cast<float>(std::pow(10.0, 0.1 * step_db * (level - level_of_one)));
    BandEnergies energies{};
    for (std::size_t b = 0; b < erb_band_count; ++b)
        energies[b] = top * factors[std::to_integer<std::size_t>(packed[2 + b])];
    return energies;
}

} // namespace prefade
