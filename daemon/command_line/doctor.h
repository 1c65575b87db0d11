// `prefade doctor`: every link of the chain, from the files to the DAW. Looking (facts) and judging are
// apart, so that the judgement can be tested with plain values.
#pragma once

#include "connectors/registry.h"
#include "core/json.h"
#include "core/result.h"
#include "daemon/command_line/finding.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace prefade::command_line {

/// A file that may be there and is read when it is.
struct FileFact {
    std::filesystem::path path;
    bool there{false};
    std::optional<Error> wrong;
};

struct FolderFact {
    std::filesystem::path path;
    bool there{false};      ///< else it is made at the first start
    bool writable{false};   ///< it, or the nearest folder above that exists
    std::uintmax_t free{0}; ///< bytes of its file system
};

/// A program that belongs beside this one.
struct ProgramFact {
    std::string name;
    bool there{false};
    std::string version;              ///< that it tells; empty when it does not run
    std::optional<std::string> wrong; ///< what it said instead, or of its own check
};

/// What was looked at.
struct Facts {
    std::string version; ///< of this program
    std::optional<std::filesystem::path> data;
    std::string data_wrong;
    ProgramFact daemon_program, overlay;
    FileFact settings, policy;
    std::size_t shipped_rules{0}, own_rules{0}, shipped_plugins{0}, own_plugins{0};
    std::vector<Error> shipped_wrong,
        own_wrong; ///< rules, roles, limits and plugin entries that did not load
    std::vector<Error> own_plugins_wrong;
    FolderFact journal, socket_folder;
    std::filesystem::path socket;
    std::optional<Error> daemon_wrong; ///< why it did not answer
    std::optional<Json> status;        ///< of the running daemon
    std::vector<FoundHost> hosts;      ///< that answer on this machine
    std::vector<std::string> known_hosts;
    std::optional<Error> hosts_wrong;
    /// Of the known hosts by title, where none answers: what their own files say.
    std::vector<std::pair<std::string, HostSetting>> host_settings;
    std::vector<std::pair<std::string, bool>> parts; ///< optional ones, and whether they are there
};

Facts look_around(const std::optional<std::filesystem::path>& socket);
std::vector<Finding> judge(const Facts& facts);

} // namespace prefade::command_line
