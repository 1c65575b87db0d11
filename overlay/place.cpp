#include "overlay/place.h"

#include "core/json.h"
#include "core/values.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

namespace prefade::overlay {
namespace fs = std::filesystem;
namespace {

constexpr int margin = 24; ///< px from the edges of the first monitor, before anybody moved it

int overlap(int from, int length, int other_from, int other_length) {
    return std::min(from + length, other_from + other_length) - std::max(from, other_from);
}

int whole_of(const Json& json, const char* name, int usual, int low, int high) {
    const double number = number_of(json, name, usual);
    return static_cast<int>(
        std::clamp(number, static_cast<double>(low), static_cast<double>(high)));
}

} // namespace

Area area_of(const Place& place, std::span<const Monitor> monitors, double pixels) {
    const auto scaled = [&](int px) { return static_cast<int>(std::lround(px * pixels)); };
    Area area{place.x, place.y, scaled(place.compact ? place.compact_width : place.width),
              scaled(place.compact ? place.compact_height : place.height)};
    if (monitors.empty()) return area;
    const auto found = std::find_if(monitors.begin(), monitors.end(),
                                    [&](const Monitor& m) { return m.name == place.monitor; });
    const Monitor& monitor = found == monitors.end() ? monitors.front() : *found;
    area.width = std::min(area.width, monitor.width);
    area.height = std::min(area.height, monitor.height);
    if (found == monitors.end()) {
        area.x = monitor.width - area.width - margin;
        area.y = margin;
    }
    area.x = monitor.x + std::clamp(area.x, 0, monitor.width - area.width);
    area.y = monitor.y + std::clamp(area.y, 0, monitor.height - area.height);
    return area;
}

const Monitor* monitor_of(const Area& area, std::span<const Monitor> monitors) {
    const Monitor* best = nullptr;
    long most = 0;
    for (const Monitor& monitor : monitors) {
        const int wide = overlap(area.x, area.width, monitor.x, monitor.width),
                  high = overlap(area.y, area.height, monitor.y, monitor.height);
        const long shared = wide > 0 && high > 0 ? static_cast<long>(wide) * high : 0;
        if (shared <= most) continue;
        most = shared;
        best = &monitor;
    }
    return best;
}

Place load_place(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    const auto json = parse_json(text.str());
    if (!in || !json || !json->is_object()) return {};
    const Place usual;
    Place place;
    if (const std::string panel = text_of(*json, "panel"); !panel.empty()) place.panel = panel;
    const Json& monitor = member(*json, "monitor");
    if (monitor.is_string()) place.monitor = monitor.get<std::string>();
    place.x = whole_of(*json, "x", usual.x, -100000, 100000);
    place.y = whole_of(*json, "y", usual.y, -100000, 100000);
    place.width = whole_of(*json, "width", usual.width, 320, 4000);
    place.height = whole_of(*json, "height", usual.height, 240, 4000);
    place.compact_width = whole_of(*json, "compact_width", usual.compact_width, 320, 4000);
    place.compact_height = whole_of(*json, "compact_height", usual.compact_height, 160, 4000);
    place.compact = flag_of(*json, "compact");
    place.scale = std::clamp(number_of(*json, "scale", usual.scale), 0.5, 3.0);
    place.opacity = std::clamp(number_of(*json, "opacity", usual.opacity), 0.3, 1.0);
    return place;
}

Result<void> save_place(const Place& place, const fs::path& file) {
    const Json json = {{"monitor", place.monitor},
                       {"x", place.x},
                       {"y", place.y},
                       {"width", place.width},
                       {"height", place.height},
                       {"compact_width", place.compact_width},
                       {"compact_height", place.compact_height},
                       {"compact", place.compact},
                       {"panel", place.panel},
                       {"scale", place.scale},
                       {"opacity", place.opacity}};
    std::error_code failed;
    fs::create_directories(file.parent_path(), failed);
    fs::path fresh = file;
    fresh += ".new";
    {
        std::ofstream out(fresh, std::ios::binary);
        out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
        if (!out.flush()) return Error{ErrorCode::io, "cannot be written", fresh.string()};
    }
    fs::rename(fresh, file, failed);
    if (failed) return Error{ErrorCode::io, failed.message(), file.string()};
    return {};
}

} // namespace prefade::overlay
