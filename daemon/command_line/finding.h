// What was looked at and what is to do: the lines of `doctor`, `setup` and `check`. Plain values.
#pragma once

#include "core/json.h"
#include "core/names.h"
#include "daemon/command_line/text.h"

#include <string>
#include <vector>

namespace prefade::command_line {

enum class Health { ok, warn, fail, absent };
inline constexpr Names<Health, 4> verdict_names{{{Health::ok, "ok"},
                                                 {Health::warn, "warn"},
                                                 {Health::fail, "FAIL"},
                                                 {Health::absent, "absent"}}};

struct Finding {
    std::string link; ///< of the chain: "settings", "DAW"
    Health verdict{Health::ok};
    std::string found;
    std::string to_do; ///< empty when nothing is
};

Json to_json(const std::vector<Finding>& findings);
std::string render(const std::vector<Finding>& findings, const Look& look);
/// "2 links are broken: daemon, DAW"; empty when none is.
std::string broken_links(const std::vector<Finding>& findings);

} // namespace prefade::command_line
