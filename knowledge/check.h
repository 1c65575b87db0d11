// What `prefade check` does: loads rule and role files, runs every rule's cases, and says what failed
// where. Values only; printing is the caller's. Reads files; any thread.
#pragma once

#include "core/result.h"
#include "knowledge/rule.h"

#include <filesystem>
#include <string>
#include <vector>

namespace prefade {

struct CheckReport {
    struct Failure {
        std::string where; ///< file:line
        std::string rule, case_name;
        std::string expected; ///< "fires at 6 s: Hot Synth"
        std::string seen;     ///< "nothing", or why the rule cannot say
    };
    std::size_t files{0}, rules{0}, cases{0}, passed{0};
    std::vector<Error> errors;     ///< files that did not load
    std::vector<Failure> failures; ///< cases that did not come out

    bool is_good() const noexcept { return errors.empty() && failures.empty(); }
};

/// Files and folders, as RuleBook::load takes them; a file named roles.toml is read as roles.
CheckReport check(const std::vector<std::filesystem::path>& paths);

} // namespace prefade
