// The chain from Prefade's MIDI ports to a DAW's mixer, link by link: which is alive, and what to do about the first that is
// not. Looking and judging are apart. Pure; any thread.
#pragma once

#include "core/json.h"
#include "daemon/command_line/finding.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace prefade::command_line {

/// What the daemon says; nothing when none answers.
struct ChainFacts {
    std::optional<Json> status;  ///< of `status`
    std::optional<Json> strips;  ///< of `strips`
    std::optional<Json> journal; ///< of `journal`
};

/// Of a DAW that comes to our ports: daemon, ports, answer, names, levels, meters, a move that came back. Links behind the
/// first that is broken are absent.
std::vector<Finding> judge_chain(const std::string& host, const ChainFacts& facts);
/// Every link that needs no move of the user's is alive.
bool is_whole(const std::vector<Finding>& chain);

} // namespace prefade::command_line
