// `prefade ask`: of the daemon where one runs, which adds what this session shows; else of the knowledge alone.
// Blocks; main thread.
#pragma once

#include "core/json.h"
#include "core/result.h"
#include "daemon/command_line/text.h"

#include <filesystem>
#include <string>

namespace prefade::command_line {

/// The answer as the daemon gives it (docs/ask.md). Errors: the daemon's own, no knowledge.
Result<Json> ask(const std::string& question, const std::filesystem::path& socket);

/// The text, the moves that were proposed as commands, the sources.
std::string render_answer(const Json& answer, const Look& look);

} // namespace prefade::command_line
