// The players of the demo's song: each gives one mono recording, computed, the same every time on one machine
// and build. A player knows the song, not the mixer. Pure; any thread.
#pragma once

#include "connectors/demo/song.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace prefade::demo {

enum class Instrument {
    kick,
    snare,
    hats,
    overheads,
    bass,
    guitar_left,
    guitar_right,
    keys,
    pad,
    lead,
    backing_high,
    backing_low,
    hum ///< what a bad cable adds: a second of 50 Hz and its overtones
};
inline constexpr std::size_t instrument_count = 13;

/// Raised whenever a player or the song changes: recordings kept from another version are not used.
inline constexpr std::uint32_t synthesiser_version = 1;

/// The first `bars` bars (1 to song_bars), seamless as a loop; peaks at 0.5 (-6 dBFS). `hum` is one second.
std::vector<std::int16_t> record(Instrument instrument, int bars = song_bars);

} // namespace prefade::demo
