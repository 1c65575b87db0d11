// Band energies of a whole song in little room: 44 bytes a frame, a MB for a quarter of an hour. What stems are compared by
// after they were heard, and what is kept of them for a second look. Pure; any thread.
#pragma once

#include "core/bands.h"

#include <array>
#include <cstddef>

namespace prefade {

/// The strongest band's level, then how far each band is under it, in steps of 0.375 dB; 95 dB under it is silence. The same
/// bytes on every machine.
using PackedBands = std::array<std::byte, 2 + erb_band_count>;

PackedBands pack(const BandEnergies& energies) noexcept;
/// Within 0.19 dB of what was packed.
BandEnergies unpack(const PackedBands& packed) noexcept;

} // namespace prefade
