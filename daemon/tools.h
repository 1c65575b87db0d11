// The one table of tools: name, who may call, arguments, handler. Every door shows and calls the
// same entries. A new command is one entry in tools.cpp and its handler in tools/.
#pragma once

#include "core/json.h"
#include "core/tool.h"
#include "daemon/event.h"

#include <functional>
#include <span>
#include <string_view>
#include <variant>

namespace prefade {

class Desk;

/// The answer comes later as an Answer effect: when the move has its outcome, for one.
struct AnswerLater {};
using ToolReply = std::variant<std::shared_ptr<const Json>, Error, AnswerLater>;

struct ToolContext {
    Desk& desk;
    const ToolCalled& call;
    const Json& arguments; ///< already checked against the description: names, types, required ones
    TimePoint now;
    Effects& effects;
};

struct Tool {
    ToolDescription described;
    ToolReply (*run)(const ToolContext& context);
};

/// desk thread; the descriptions may be read from any thread.
std::span<const Tool> all_tools();
const Tool* find_tool(std::string_view name);

/// Names, types and presence against the description. Errors: invalid, with the usage.
Result<void> check_arguments(const ToolDescription& tool, const Json& arguments);

/// JSON schema (2020-12) of a tool's arguments.
Json schema_of(const ToolDescription& tool);

} // namespace prefade
