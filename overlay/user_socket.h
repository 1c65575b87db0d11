// Where the user's daemon listens.
#pragma once

#include "core/result.h"

#include <filesystem>

namespace prefade::overlay {

/// PREFADE_SOCKET, else `socket` of prefade.toml, else the usual place. Errors: prefade.toml cannot be read, with
/// file:line:column.
Result<std::filesystem::path> user_socket();

} // namespace prefade::overlay
