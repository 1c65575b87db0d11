#include "connectors/host_profile.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>

namespace prefade {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view keys = "title, dialect, ports, fader_top_db, trim_top_db, fader_law, "
                                  "meter_levels_db, longest_silence_s, "
                                  "last_bank, paints_on_hello, pan_ticks, pan_text, send_ticks, "
                                  "shows_plugins, setup, joined_with";

/// Spoken to by MIDI, through ports of our own: it has no UDP ports.
bool is_surface(const HostProfile& profile) {
    return profile.dialect == "mackie" || profile.dialect == "hui";
}

std::string read_law(SurfaceTraits& surface, const toml::node& node) {
    constexpr const char* form = "a list of [dB, position] is expected, positions from 0 to 16383";
    const toml::array* list = node.as_array();
    if (!list) return form;
    std::vector<FaderLaw::Point> points;
    for (const toml::node& item : *list) {
        const toml::array* pair = item.as_array();
        if (!pair || pair->size() != 2) return form;
        const auto level = (*pair)[0].value<double>();
        const auto position = (*pair)[1].value_exact<std::int64_t>();
        if (!level || !position || *position < 0 || *position > 16'383) return form;
        points.push_back({*level, static_cast<std::uint32_t>(*position)});
    }
    auto law = FaderLaw::of(std::move(points));
    if (!law) return law.error().message;
    surface.law = std::move(*law);
    return {};
}

std::string read_meter(SurfaceTraits& surface, const toml::node& node) {
    constexpr const char* form = "a list of rising levels in dBFS is expected, the first -inf";
    const toml::array* list = node.as_array();
    if (!list || list->size() < 2) return form;
    for (const toml::node& item : *list) {
        const auto level = item.value<double>();
        auto& levels = surface.meter_levels;
        if (!level || std::isnan(*level)
            || (levels.empty() ? *level > -1e300 : *level <= levels.back()))
            return form;
        levels.push_back(*level);
    }
    return {};
}

/// Of a MIDI surface; nothing when `key` is none of these.
std::optional<std::string> read_surface_key(SurfaceTraits& surface, std::string_view key,
                                            const toml::node& node) {
    if (key == "fader_law") return read_law(surface, node);
    if (key == "meter_levels_db") return read_meter(surface, node);
    if (key == "longest_silence_s") {
        const auto seconds = node.value<double>();
        if (!node.is_number() || !(*seconds >= 0.0 && *seconds <= 3600.0))
            return "seconds from 0 to 3600 are expected";
        surface.longest_silence = Milliseconds{1e3 * *seconds}.span();
        return "";
    }
    if (key == "last_bank") {
        const auto how = node.value_exact<std::string>();
        if (how != "shifted" && how != "partial") return "\"shifted\" or \"partial\" is expected";
        surface.last_bank_shifted = how == "shifted";
        return "";
    }
    if (key == "pan_ticks" || key == "send_ticks") {
        const auto ticks = node.value<double>();
        if (!node.is_number() || !(*ticks >= 2.0 && *ticks <= 1000.0))
            return "ticks from 2 to 1000 are expected";
        (key == "pan_ticks" ? surface.pan_ticks : surface.send_ticks) = *ticks;
        return "";
    }
    if (key == "pan_text") {
        const auto form = node.value_exact<std::string>();
        const auto named = form ? value_in(pan_text_names, *form) : std::nullopt;
        if (!named) return "\"L63R37\", \"12L\" or \"-64\" is expected";
        surface.pan_text = *named;
        return "";
    }
    if (key == "paints_on_hello" || key == "shows_plugins") {
        if (!node.is_boolean()) return "true or false is expected";
        (key == "shows_plugins" ? surface.shows_plugins : surface.paints_on_hello) =
            *node.value<bool>();
        return "";
    }
    return std::nullopt;
}

Error complaint(const fs::path& file, const toml::source_region& at, const std::string& message) {
    return {ErrorCode::invalid, message,
            file.string() + ':' + std::to_string(at.begin.line) + ':'
                + std::to_string(at.begin.column)};
}

/// Empty when `node` fitted the member that `key` names.
std::string read_key(HostProfile& profile, std::string_view key, const toml::node& node) {
    if (key == "title" || key == "dialect" || key == "joined_with") {
        const auto text = node.value_exact<std::string>();
        if (!text || text->empty()) return "a text is expected";
        (key == "title"     ? profile.title
         : key == "dialect" ? profile.dialect
                            : profile.joined_with) = *text;
        return {};
    }
    if (key == "fader_top_db" || key == "trim_top_db") {
        const auto number = node.value<double>();
        if (!node.is_number() || !number || !(*number >= 0.0 && *number <= 60.0))
            return "a level from 0 to 60 dB is expected";
        (key == "fader_top_db" ? profile.fader_top : profile.trim_top) = Decibel{*number};
        return {};
    }
    if (key == "setup") {
        const toml::array* steps = node.as_array();
        if (!steps) return "a list of texts is expected";
        for (const toml::node& item : *steps) {
            const auto step = item.value_exact<std::string>();
            if (!step || step->empty()) return "a list of texts is expected";
            profile.setup.push_back(*step);
        }
        return {};
    }
    if (auto wrong = read_surface_key(profile.surface, key, node)) return std::move(*wrong);
    if (key != "ports") return "there is no such key; there are: " + std::string(keys);
    const toml::array* ports = node.as_array();
    if (!ports || ports->empty()) return "a list of UDP ports is expected";
    for (const toml::node& item : *ports) {
        const auto port = item.value_exact<std::int64_t>();
        if (!port || *port < 1 || *port > 65'535) return "a UDP port is a number from 1 to 65535";
        profile.ports.push_back(static_cast<std::uint16_t>(*port));
    }
    return {};
}

/// Gives each key of a file to `read`, which says what is wrong with it, if anything.
template <class Read> Result<void> for_each_key(const fs::path& path, Read read) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{ErrorCode::io, "cannot be read", path.string()};
    std::ostringstream text;
    text << file.rdbuf();
    try {
        const toml::table table = toml::parse(text.str());
        for (const auto& [key, node] : table)
            if (const std::string wrong = read(key.str(), node); !wrong.empty())
                return complaint(path, node.source(), std::string(key.str()) + ": " + wrong);
    } catch (const toml::parse_error& error) {
        return complaint(path, error.source(), std::string(error.description()));
    }
    return {};
}

fs::path law_file(const HostProfile& profile, const fs::path& folder) {
    return folder / (profile.name + ".toml");
}

} // namespace

Result<HostProfile> load_host_profile(const fs::path& path) {
    HostProfile profile;
    profile.name = path.stem().string();
    const auto read = for_each_key(path, [&](std::string_view key, const toml::node& node) {
        return read_key(profile, key, node);
    });
    if (!read) return read.error();
    if (profile.title.empty() || profile.dialect.empty()
        || (profile.ports.empty() && !is_surface(profile)))
        return Error{ErrorCode::invalid, "title, dialect and ports are needed", path.string()};
    if (!profile.joined_with.empty() && (profile.ports.empty() || !is_surface(profile)))
        return Error{ErrorCode::invalid,
                     "joined_with is for a MIDI surface, and needs the port of the other door",
                     path.string()};
    return profile;
}

Result<void> take_measured_law(HostProfile& profile, const fs::path& folder) {
    const fs::path file = law_file(profile, folder);
    std::error_code failed;
    if (folder.empty() || !fs::exists(file, failed)) return {};
    return for_each_key(file, [&](std::string_view key, const toml::node& node) -> std::string {
        if (key != "fader_law") return "there is no such key; there is: fader_law";
        return read_law(profile.surface, node);
    });
}

Result<fs::path> keep_measured_law(const HostProfile& profile,
                                   const std::vector<FaderLaw::Point>& points,
                                   const std::string& day, const fs::path& folder) {
    std::vector<FaderLaw::Point> kept = points;
    for (FaderLaw::Point& point : kept) point.level = std::round(point.level * 100.0) / 100.0;
    if (const auto law = FaderLaw::of(kept); !law) return law.error();
    std::error_code failed;
    fs::create_directories(folder, failed); // the file says what is wrong
    const fs::path file = law_file(profile, folder);
    fs::path fresh = file;
    fresh += ".new";
    {
        std::ofstream out(fresh, std::ios::binary);
        out << "# The fader law of " << profile.title << ", measured on this machine on " << day
            << " by `prefade calibrate " << profile.name << "`.\nfader_law = [ # dB, position\n";
        for (const FaderLaw::Point& point : kept) {
            char line[64];
            std::snprintf(line, sizeof line, "    [%.2f, %u],\n", point.level,
                          static_cast<unsigned>(point.position));
            out << line;
        }
        out << "]\n";
        if (!out.flush()) return Error{ErrorCode::io, "cannot be written", fresh.string()};
    }
    fs::rename(fresh, file, failed);
    if (failed) return Error{ErrorCode::io, failed.message(), file.string()};
    return file;
}

Result<std::vector<HostProfile>> load_host_profiles(const fs::path& folder) {
    std::error_code failed;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder, failed))
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    if (failed)
        return Error{ErrorCode::io, "the host profiles cannot be read: " + failed.message(),
                     folder.string()};
    std::sort(files.begin(), files.end(),
              [](const fs::path& a, const fs::path& b) { return a.stem() < b.stem(); });
    std::vector<HostProfile> profiles;
    for (const fs::path& file : files) {
        auto profile = load_host_profile(file);
        if (!profile) return profile.error();
        profiles.push_back(std::move(*profile));
    }
    return profiles;
}

} // namespace prefade
