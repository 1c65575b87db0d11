// Where things live: the user's configuration and state, the socket, and the data that ships with the
// programs. XDG on Linux, the platform's own folders elsewhere (macOS and Windows: not tried).
// Reads the environment; creates nothing. A part of prefade_line, as it looks at files. Any thread.
#pragma once

#include "core/result.h"

#include <filesystem>

namespace prefade {

std::filesystem::path config_folder(); ///< ~/.config/prefade
std::filesystem::path state_folder();  ///< ~/.local/state/prefade
std::filesystem::path cache_folder();  ///< ~/.cache/prefade: what can be made again
std::filesystem::path
default_socket(); ///< PREFADE_SOCKET, or $XDG_RUNTIME_DIR/prefade.sock, or in the state folder

std::filesystem::path
program_folder(); ///< of the running program; empty when the system does not tell

/// The folder with config/ and knowledge/: PREFADE_DATA_DIR, or ../share/prefade beside the running
/// program's folder. Error: neither is there.
Result<std::filesystem::path> data_folder();

} // namespace prefade
