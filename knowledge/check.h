// What `prefade check` does: loads rules, roles, plugin entries and mixing knowledge, runs every rule's cases, and says what
// failed where. Values only; printing is the caller's. Reads files; any thread.
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
    std::size_t files{0}, rules{0}, cases{0}, passed{0}, plugins{0};
    std::size_t entries{0};        ///< of mixing knowledge
    std::vector<Error> errors;     ///< files that did not load
    std::vector<Failure> failures; ///< cases that did not come out

    bool is_good() const noexcept { return errors.empty() && failures.empty(); }
};

/// Files and folders of knowledge by what they hold.
struct KnowledgePaths {
    std::vector<std::filesystem::path> rules, roles, words, plugins, mix;
};

/// Told apart by their place: a file named roles.toml holds roles, words.toml the words of questions; a folder named plugins, and a file in one, plugin
/// entries; a file of a name that MixKnowledge knows its entries. A folder that holds some of these, or a folder
/// named rules, stands for them, and what else lies in it is left alone. Everything else is rules.
KnowledgePaths by_name(const std::vector<std::filesystem::path>& paths);

/// What is in `beside` is known to what is checked (relatives, bases, roles and rules that are referred to), and
/// neither counted nor complained about. A file in both is checked.
CheckReport check(const KnowledgePaths& asked, const KnowledgePaths& beside = {});
CheckReport check(const std::vector<std::filesystem::path>& paths,
                  const std::vector<std::filesystem::path>& beside = {});
/// A folder named plugins, or a file in one.
bool holds_plugins(const std::filesystem::path& path);

} // namespace prefade
