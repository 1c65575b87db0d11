// What was looked at and what is to do: the lines of `doctor`, `setup` and `check`. Plain values.
#pragma once

#include "core/json.h"
#include "core/names.h"
#include "daemon/command_line/text.h"

#include <string>
#include <vector>

namespace prefade::command_line {

enum class Verdict { ok, warn, fail, absent };
inline constexpr Names<Verdict, 4> verdict_names{{{Verdict::ok, "ok"},
                                                  {Verdict::warn, "warn"},
                                                  {Verdict::fail, "FAIL"},
                                                  {Verdict::absent, "absent"}}};

struct Finding {
    std::string link; ///< of the chain: "settings", "DAW"
    Verdict verdict{Verdict::ok};
    std::string found;
    std::string to_do; ///< empty when nothing is
};

Json to_json(const std::vector<Finding>& findings);
std::string render(const std::vector<Finding>& findings, const Look& look);
/// "2 links are broken: daemon, DAW"; empty when none is.
std::string broken_links(const std::vector<Finding>& findings);

} // namespace prefade::command_line
