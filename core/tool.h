// What a tool is, for whoever offers it: the command line, the socket, MCP, a model. The handlers
// live in daemon/tools; this is the description only.
#pragma once

#include <string>
#include <vector>

namespace prefade {

struct ToolArgument {
    enum class Type { text, number, flag };
    std::string name;
    Type type{Type::text};
    bool required{false};
    std::string doc; ///< one line: meaning, unit, default
};

struct ToolDescription {
    std::string name;
    std::string summary;                 ///< one line for --help and for a model
    std::vector<ToolArgument> arguments; ///< the required ones first, in command line order
    bool mcp{false};                     ///< offered over MCP
    bool model{false};                   ///< offered to a language model
};

} // namespace prefade
