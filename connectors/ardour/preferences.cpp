#include "connectors/ardour/preferences.h"

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace prefade::ardour {
namespace fs = std::filesystem;
namespace {

using State = HostSetting::State;

/// The value of an attribute within one tag; empty when it is not there.
std::string_view attribute(std::string_view tag, std::string_view name) {
    const std::string begin = ' ' + std::string(name) + "=\"";
    const auto at = tag.find(begin);
    if (at == std::string_view::npos) return {};
    const auto from = at + begin.size();
    return tag.substr(from, tag.find('"', from) - from);
}

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// The session file used last: `recent` holds name and folder on lines of their own, newest first.
fs::path newest_session(const fs::path& folder) {
    std::ifstream recent(folder / "recent");
    std::string name, path;
    if (!std::getline(recent, name) || !std::getline(recent, path)) return {};
    return fs::path(path) / (name + ".ardour");
}

/// "ardour7" -> 7; 0 for any other name.
int version_in(const std::string& name) {
    constexpr std::string_view begin = "ardour";
    std::string lower = name;
    if (!lower.empty() && lower[0] == 'A') lower[0] = 'a';
    int version = 0;
    if (lower.starts_with(begin))
        std::from_chars(lower.data() + begin.size(), lower.data() + lower.size(), version);
    return version;
}

} // namespace

std::optional<SurfaceNode> surface_node(std::string_view xml) {
    constexpr std::string_view name = "name=\"Open Sound Control (OSC)\"";
    const auto at = xml.find(name);
    if (at == std::string_view::npos) return std::nullopt;
    const auto from = xml.rfind('<', at);
    if (from == std::string_view::npos) return std::nullopt;
    const std::string_view tag = xml.substr(from, xml.find('>', at) - from);
    // Ardour writes the details only once the surface was on; its own default is Port Mode Manual.
    return SurfaceNode{attribute(tag, "active") == "1", attribute(tag, "address-only") == "0"};
}

fs::path preferences_folder() {
    const auto variable = [](const char* which) -> fs::path {
        const char* value = std::getenv(which);
        return value ? value : "";
    };
    const fs::path home = variable("HOME"), xdg = variable("XDG_CONFIG_HOME");
    fs::path newest;
    int highest = 0;
    for (const fs::path& parent :
         {xdg.is_absolute() ? xdg : home / ".config", home / "Library/Preferences"}) {
        std::error_code failed;
        for (const auto& entry : fs::directory_iterator(parent, failed))
            if (const int version = version_in(entry.path().filename().string());
                version > highest) {
                highest = version;
                newest = entry.path();
            }
    }
    return newest;
}

bool is_installed() {
    const char* value = std::getenv("PATH");
    std::istringstream folders(value ? value : "");
    std::error_code failed;
    for (std::string folder; std::getline(folders, folder, ':');)
        for (const char* name : {"ardour", "ardour7", "Ardour7"})
            if (!folder.empty() && fs::is_regular_file(fs::path(folder) / name, failed))
                return true;
    return false;
}

std::vector<HostSetting> surface_settings(const fs::path& folder) {
    if (folder.empty())
        return {
            {State::unknown, "no preferences of Ardour found: it was never started by this user"}};
    std::error_code failed;
    fs::path file = newest_session(folder);
    const bool session = !file.empty() && fs::exists(file, failed);
    if (!session) file = folder / "config";
    const std::string what =
        (session ? "the session used last, " : "the preferences, ") + file.string();
    const auto node = surface_node(text_of(file));
    if (!node)
        return {{State::unknown, what + ", does not speak of OSC: it was never switched on"}};
    std::vector<HostSetting> settings{
        {node->active ? State::right : State::wrong,
         "OSC is " + std::string(node->active ? "on" : "off") + " in " + what}};
    if (node->active)
        settings.push_back(
            {node->replies_to_sender ? State::right : State::wrong,
             "its Port Mode is " + std::string(node->replies_to_sender ? "Auto" : "Manual")});
    return settings;
}

} // namespace prefade::ardour
