// What `prefade analyse` prints of tone and of who hides whom, for people. Pure; any thread.
#pragma once

#include "daemon/command_line/stem_sets.h"
#include "daemon/command_line/text.h"

#include <filesystem>
#include <string>
#include <vector>

namespace prefade::command_line {

/// Of each file that sounds its tilt and how much of it lies where; of one file alone a line for each region. Names are shown
/// under `common`.
std::string render_tone(const std::vector<AnalysedFile>& files, const std::filesystem::path& common,
                        const Look& look);

/// Each set's conflicts, the worst first, with what to do; then what was not compared and why.
std::string render(const StemSets& sets, const std::vector<AnalysedFile>& files,
                   const std::string& genre, const Look& look);

} // namespace prefade::command_line
