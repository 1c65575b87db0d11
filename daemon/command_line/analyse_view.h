// What `prefade analyse` prints: a table for people, a document for programs (docs/analyse.md), and how far it is.
// Pure; any thread.
#pragma once

#include "core/json.h"
#include "daemon/command_line/analyse.h"
#include "daemon/command_line/sound_files.h"
#include "daemon/command_line/stem_sets.h"
#include "daemon/command_line/text.h"

#include <string>
#include <vector>

namespace prefade::command_line {

struct AnalysisReport {
    std::vector<AnalysedFile> files;
    std::size_t passed_over{0};
    std::vector<std::string> unread; ///< folders, with the reason
    Duration took{0};
    bool spectrum{false}; ///< whether that was asked for; else the rest is empty
    StemSets stems{};
    std::string genre{Priorities::usual_genre}; ///< whose ranks were taken
};

Json to_json(const AnalysisReport& report);
std::string render(const AnalysisReport& report, const Look& look);
/// "measuring 12 of 32 files, 45 %, 12 s left"
std::string render(const AnalysisProgress& progress);
/// "2 of 12 files are broken: a.wav, b.wav"; empty when all is well.
std::string what_is_broken(const AnalysisReport& report);

} // namespace prefade::command_line
