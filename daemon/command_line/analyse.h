// The work of `prefade analyse`: many sound files measured on all cores, those that were measured before looked up.
// Called on one thread, which tells how far it is while the others work.
#pragma once

#include "analysis/file_analysis.h"
#include "core/result.h"
#include "core/units.h"
#include "daemon/command_line/analysis_cache.h"
#include "daemon/command_line/band_track.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace prefade::command_line {

struct AnalysedFile {
    std::filesystem::path path;
    Result<FileAnalysis> analysis; ///< the error tells the reason, without the path
    bool from_cache{false};
    ContentKey key{};                         ///< empty: not known, or not to be relied on
    std::shared_ptr<const BandTrack> bands{}; ///< with the spectrum; the task's room outlives it
};

struct AnalysisProgress {
    enum class Step {
        looking,
        measuring,
        comparing
    } step{Step::looking}; ///< looking what files are
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
    BandRoom* bands{nullptr};    ///< spectra are measured too, and held there; null: loudness alone
};

/// All files, in the order of the task; whatever is wrong with one is told there and stops no other. Error
/// (`unavailable`): it was ended; what was measured until then is in the cache.
Result<std::vector<AnalysedFile>> analyse(const AnalysisTask& task);

} // namespace prefade::command_line
