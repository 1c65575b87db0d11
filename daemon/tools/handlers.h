// What the tools of the table do, by concept: looking.cpp, moving.cpp, telling.cpp. A handler finds its arguments
// checked against its description; what it cannot do it answers as an Error in words. desk thread.
#pragma once

#include "daemon/desk.h"
#include "daemon/tools.h"

#include <nlohmann/json.hpp>

#include <string>

namespace prefade {

ToolReply run_status(const ToolContext& c);
ToolReply run_strips(const ToolContext& c);
ToolReply run_parameters(const ToolContext& c);
ToolReply run_advice(const ToolContext& c);
ToolReply run_moves(const ToolContext& c);
ToolReply run_journal(const ToolContext& c);

ToolReply run_set(const ToolContext& c);
ToolReply run_apply(const ToolContext& c);
ToolReply run_dismiss(const ToolContext& c);
ToolReply run_later(const ToolContext& c);
ToolReply run_approve(const ToolContext& c);
ToolReply run_reject(const ToolContext& c);
ToolReply run_stop(const ToolContext& c);
ToolReply run_undo(const ToolContext& c);

ToolReply run_mode(const ToolContext& c);
ToolReply run_role(const ToolContext& c);
ToolReply run_brief(const ToolContext& c);
ToolReply run_host(const ToolContext& c);
ToolReply run_rules(const ToolContext& c);
ToolReply run_ask(const ToolContext& c);
ToolReply run_transport(const ToolContext& c);

// ---- arguments ------------------------------------------------------------------------------

inline ToolReply reply(Json json) { return std::make_shared<const Json>(std::move(json)); }

inline std::string text_of(const ToolContext& c, const char* name) {
    return c.arguments.value(name, std::string{});
}
inline bool flag_of(const ToolContext& c, const char* name) {
    return c.arguments.value(name, false);
}

/// An id in a tool's arguments: a whole number above 0.
template <class IdType> Result<IdType> id_of(const ToolContext& c, const char* name) {
    const auto& value = c.arguments.at(name);
    const double number = value.get<double>();
    if (!(number >= 1.0 && number <= 4294967295.0)
        || number != static_cast<double>(static_cast<std::uint32_t>(number)))
        return Error{ErrorCode::invalid,
                     std::string(name)
                         + " is a whole number from 1, as `prefade advice` and "
                           "`prefade journal` show it",
                     {}};
    return IdType{static_cast<std::uint32_t>(number)};
}

/// Asks the host for these inserts' parameters; true when all of them are newer than `since`.
Result<bool> read_parameters(const ToolContext& c, const Strip& strip, const Insert* only,
                             TimePoint since);

} // namespace prefade
