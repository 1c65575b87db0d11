// Which of the files that were measured are stems of one song, who they are by their names, and who hides whom among them.
// The second half of the work of `prefade analyse`.
#pragma once

#include "analysis/stem_masking.h"
#include "core/json.h"
#include "core/result.h"
#include "daemon/command_line/analyse.h"
#include "knowledge/priorities.h"
#include "knowledge/roles.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace prefade::command_line {

struct Stem {
    std::size_t file{0};     ///< among those that were measured
    std::string name;        ///< of the file, without folder and ending
    std::string role;        ///< guessed from it; empty: no words for it
    double start_s{0.0};     ///< behind the first of the set
    bool tells_start{false}; ///< a broadcast WAV
};

/// Files that play together.
struct StemSet {
    std::filesystem::path folder; ///< that all lie in or under
    std::vector<Stem> stems;      ///< that are compared
    struct LeftOut {
        std::size_t file{0};
        std::string reason;
    };
    std::vector<LeftOut> left_out;
    Result<StemMasking> masking{Error{ErrorCode::unavailable, "was not compared", {}}};
    bool from_cache{false};
};

/// Files of one folder that are not taken for stems of one song.
struct NoSet {
    std::filesystem::path folder;
    std::size_t files{0};
    std::string reason;
};

struct StemSets {
    std::vector<StemSet> sets;
    std::vector<NoSet> not_compared;
};

/// Which files play together.
enum class Together {
    by_folder, ///< those of one folder, when their names or lengths say that they are stems
    all,
    none
};

/// Files that could be measured, by that. Those of one folder are stems of one song when half of them or more are named as
/// something that is mixed, two at least, or are equally long, to 0.05 s.
StemSets find_stem_sets(const std::vector<AnalysedFile>& files, Together together,
                        const RoleBook& roles);

struct ComparisonTask {
    std::string genre; ///< empty: the usual one
    std::size_t jobs{1};
    AnalysisCache* cache{nullptr};
    std::function<void(const AnalysisProgress&)> tell;
    std::function<bool()> ended;
};

/// Compares each set, or looks up what was found before. A set that fails says so in its `masking`; the others go on.
/// Error (`unavailable`): it was ended.
Result<void> compare(StemSets& sets, const std::vector<AnalysedFile>& files,
                     const Priorities& priorities, const ComparisonTask& task);

/// For each set its stems, conflicts and pairs, with files by their paths.
Json to_json(const StemSets& sets, const std::vector<AnalysedFile>& files,
             const std::string& genre);

} // namespace prefade::command_line
