#include "daemon/config.h"

#include "core/places.h"
#include "daemon/settings.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace prefade {
namespace {

Setting<Config> path_of(const char* key, const char* standard, const char* doc,
                        std::filesystem::path Config::*member) {
    return {key, standard, doc,
            text_setting<Config>(
                [member](Config& c, const std::string& text) -> std::optional<std::string> {
                    if (!std::filesystem::path(text).is_absolute())
                        return "an absolute path is expected";
                    c.*member = text;
                    return std::nullopt;
                })};
}

Setting<Config> brief_of(const char* key, const char* standard, const char* doc) {
    return {key, standard, doc,
            text_setting<Config>(
                [key](Config& c, const std::string& text) -> std::optional<std::string> {
                    if (const auto done = set(c.brief, key, text); !done)
                        return done.error().message;
                    return std::nullopt;
                })};
}

const std::vector<Setting<Config>>& settings() {
    static const std::vector<Setting<Config>> all{
        {"host", "\"\"",
         "the DAW: \"ardour\", \"ardour=127.0.0.1:3820\"; empty: the one that answers on this "
         "machine",
         text_setting<Config>([](Config& c, const std::string& text) -> std::optional<std::string> {
             c.host = text;
             return std::nullopt;
         })},
        path_of("socket", "\"$XDG_RUNTIME_DIR/prefade.sock\"",
                "where `prefade` finds the daemon; PREFADE_SOCKET in the environment wins",
                &Config::socket),
        path_of("journal", "\"~/.local/state/prefade/journal.sqlite\"",
                "every move and its outcome", &Config::journal),
        path_of("policy", "\"~/.config/prefade/policy.toml\"",
                "the limits of automatic moves; without it the shipped ones hold", &Config::policy),
        path_of("rules", "\"~/.config/prefade/rules\"",
                "your own rules; same id as a shipped one: yours holds", &Config::rules),
        path_of("plugins", "\"~/.config/prefade/plugins\"",
                "your own plugin entries; same id as a shipped one: yours holds", &Config::plugins),
        brief_of("genre", "\"\"", "what you mostly mix; a session's own `brief` wins"),
        brief_of("platform", "\"\"", "where it mostly goes; a session's own `brief` wins"),
    };
    return all;
}

} // namespace

Config default_config() {
    Config c;
    c.socket = default_socket();
    c.journal = state_folder() / "journal.sqlite";
    c.policy = config_folder() / "policy.toml";
    c.rules = config_folder() / "rules";
    c.plugins = config_folder() / "plugins";
    return c;
}

Result<Config> load_config(const std::filesystem::path& file) {
    Config c = default_config();
    if (const auto read = read_settings(file, settings(), c); !read) return read.error();
    if (const char* given = std::getenv("PREFADE_SOCKET"); given && *given) c.socket = given;
    return c;
}

std::string config_help() {
    return "\nSettings (prefade.toml) and their defaults:\n" + settings_help(settings());
}

Result<Config> own_config() {
    std::error_code failed;
    const std::filesystem::path settings = config_folder() / "prefade.toml";
    return std::filesystem::exists(settings, failed) ? load_config(settings)
                                                     : Result<Config>(default_config());
}

} // namespace prefade
