// Where the window was and how it looked, kept in the state folder so that it comes back there. Monitors come and go:
// a place on one that is gone is put on the first one. Pure but for load and save; main thread.
#pragma once

#include "core/result.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace prefade::overlay {

/// The part of a monitor that windows may take, in screen coordinates.
struct Monitor {
    std::string name;
    int x{0}, y{0}, width{0}, height{0};
};

struct Place {
    std::string monitor;                         ///< empty: the first one, at its right edge
    int x{0}, y{0};                              ///< from the monitor's left top
    int width{430}, height{680};                 ///< of the full size, in px at scale 1
    int compact_width{400}, compact_height{296}; ///< of the compact size
    bool compact{false};
    std::string panel{"advice"}; ///< that was shown last, by its name
    double scale{1.0};           ///< the user's, beside the monitor's own; 0.5 .. 3
    double opacity{1.0};         ///< 0.3 .. 1
    friend bool operator==(const Place&, const Place&) = default;
};

struct Area {
    int x{0}, y{0}, width{0}, height{0};
    friend bool operator==(const Area&, const Area&) = default;
};
/// Where it goes on these monitors, wholly on one of them. `pixels` per px at scale 1, of that monitor.
Area area_of(const Place& place, std::span<const Monitor> monitors, double pixels);
/// The monitor that has most of `area`; null when there is none.
const Monitor* monitor_of(const Area& area, std::span<const Monitor> monitors);

/// The usual place when there is no file, or none that can be used.
Place load_place(const std::filesystem::path& file);
/// Errors: io.
Result<void> save_place(const Place& place, const std::filesystem::path& file);

} // namespace prefade::overlay
