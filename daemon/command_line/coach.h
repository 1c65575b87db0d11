// Listening to a daemon until told to stop: `prefade coach` and `prefade advice --follow`. Main thread;
// signals end them.
#pragma once

#include "core/result.h"
#include "core/units.h"

#include <filesystem>
#include <optional>

namespace prefade::command_line {

/// Until Ctrl-C or for `span`. In a terminal a picture drawn in place, elsewhere (or with `json`) a line
/// for everything that happens. `usual`: commands without --socket find this daemon. Errors: no daemon, or it went away.
Result<void> coach(const std::filesystem::path& socket, bool usual, std::optional<Duration> span,
                   bool json);

/// How the lines of what happened are written.
enum class LineForm { log, json, speakable };

/// A line for each advice that fires or ends, until Ctrl-C. Errors: no daemon, or it went away; io when
/// the lines cannot be written.
Result<void> follow_advice(const std::filesystem::path& socket, LineForm form);

} // namespace prefade::command_line
