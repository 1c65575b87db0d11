// The faults that are planted in the demo session: the one table of them, each with a switch, so that people see
// something to mend and tests know the truth. docs/hosts/demo.md shows the same table. Plain values; any thread.
#pragma once

#include "core/result.h"
#include "core/units.h"

#include <bitset>
#include <span>
#include <string>
#include <string_view>

namespace prefade::demo {

enum class Fault {
    clipping_keys,
    quiet_vocal,
    over_limited,
    guitars_one_side,
    dead_echo,
    low_fader,
    hot_bus,
    missing_backing,
    solo_left_on,
    kick_and_bass,
    muddy_vocal,
    guitar_hum
};
inline constexpr std::size_t fault_count = 12;

/// By what a fault can be found.
enum class FoundBy {
    levels,   ///< meters and controls: within 15 s of playback
    patience, ///< controls, and time: its rule waits on purpose
    hearing,  ///< spectra and loudness: within 20 s of playback
    analysis  ///< more of the sound than is listened to live
};

struct FaultEntry {
    Fault fault;
    std::string_view name;  ///< as --demo=NAME takes it
    std::string_view strip; ///< where
    std::string_view what;  ///< what was done, for people
    FoundBy found_by;
    std::string_view rule; ///< that finds it; empty where none can yet
    Duration within;       ///< of playback from the start, with this fault alone or all
    bool at_start;         ///< part of the session as it opens
};

std::span<const FaultEntry> all_faults() noexcept;

using Faults = std::bitset<fault_count>;

/// Those that are there when nobody says otherwise.
Faults usual_faults() noexcept;
/// "", "usual", "all", "none", or names with commas between. Error: no such fault, with the known names.
Result<Faults> faults_from(const std::string& text);

inline bool has(const Faults& faults, Fault fault) {
    return faults.test(static_cast<std::size_t>(fault));
}

} // namespace prefade::demo
