// The work of `prefade analyse`: many sound files measured on all cores, those that were measured before looked up.
// Called on one thread, which tells how far it is while the others work.
#pragma once

#include "analysis/file_analysis.h"
#include "core/result.h"
#include "core/units.h"
#include "daemon/command_line/analysis_cache.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace prefade::command_line {

struct AnalysedFile {
    std::filesystem::path path;
    Result<FileAnalysis> analysis; ///< the error tells the reason, without the path
    bool from_cache{false};
};

struct AnalysisProgress {
    bool measuring{false}; ///< false: still looking what the files are
    std::size_t files{0}, done{0};
    double part{0.0};  ///< of this step, 0 to 1
    Duration spent{0}; ///< on this step
};

struct AnalysisTask {
    std::vector<std::filesystem::path> files;
    std::size_t jobs{1};           ///< threads; fewer where they would be of no use
    AnalysisCache* cache{nullptr}; ///< null: neither looked into nor filled
    std::function<void(const AnalysisProgress&)>
        tell;                    ///< ten times a second, on the calling thread
    std::function<bool()> ended; ///< any thread: whether to stop soon
};

/// All files, in the order of the task; whatever is wrong with one is told there and stops no other. Error
/// (`unavailable`): it was ended; what was measured until then is in the cache.
Result<std::vector<AnalysedFile>> analyse(const AnalysisTask& task);

} // namespace prefade::command_line
