// The daemon's settings: prefade.toml in the configuration folder. One table in config.cpp holds key,
// default, range and documentation. Plain values; any thread.
#pragma once

#include "core/brief.h"
#include "core/result.h"

#include <filesystem>
#include <string>

namespace prefade {

struct Config {
    std::string host;              ///< "ardour" or "ardour=127.0.0.1:3819"; empty: look for one
    std::filesystem::path socket;  ///< default_socket()
    std::filesystem::path journal; ///< state_folder()/journal.sqlite
    std::filesystem::path policy;  ///< config_folder()/policy.toml; may be absent
    std::filesystem::path rules;   ///< config_folder()/rules; may be absent
    std::filesystem::path plugins; ///< config_folder()/plugins; may be absent
    Brief brief;                   ///< what holds when a session says nothing else
};

/// Defaults of this machine, then `file` over them, then PREFADE_SOCKET. Errors: unreadable, syntax, unknown key, bad value;
/// with file:line:column.
Result<Config> load_config(const std::filesystem::path& file);
Config default_config();
/// The user's prefade.toml where there is one, else the defaults. Errors: as load_config.
Result<Config> own_config();

/// Every setting with its default and meaning, for --help.
std::string config_help();

} // namespace prefade
