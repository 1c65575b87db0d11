// What the help of the command line says beyond the table of tools: columns, units, examples; and the
// commands that this program runs by itself. Texts only.
#pragma once

#include "core/tool.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prefade::command_line {

struct OwnCommand {
    ToolDescription described;
    /// Names and labels of the arguments that are written --name LABEL; others are as a tool's.
    std::vector<std::pair<std::string, std::string>> options;
    std::string listed; ///< the argument that may be given more than once; empty: none
};

std::span<const OwnCommand> own_commands();

/// For `prefade COMMAND --help`; empty for a command without one.
std::string manual_of(std::string_view command);

extern const std::string_view general_manual; ///< the end of `prefade --help`

} // namespace prefade::command_line
