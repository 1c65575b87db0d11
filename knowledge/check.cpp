#include "knowledge/check.h"

#include "knowledge/roles.h"
#include "knowledge/rule_cases.h"

#include <algorithm>

namespace prefade {

namespace {

bool is_roles_file(const std::filesystem::path& path) { return path.filename() == "roles.toml"; }

void run_cases(const RuleBook& book, CheckReport& report) {
    for (const Rule& rule : book.rules())
        for (const RuleCase& played : rule.cases) {
            ++report.cases;
            const auto failure = run_case(book, rule, played);
            if (!failure) {
                ++report.passed;
                continue;
            }
            report.failures.push_back({rule.file + ':' + std::to_string(failure->line), rule.id,
                                       played.name, failure->expected, failure->seen});
        }
}

} // namespace

CheckReport check(const std::vector<std::filesystem::path>& paths) {
    CheckReport report;
    std::vector<std::filesystem::path> rules;
    for (const auto& path : paths) {
        if (!is_roles_file(path)) {
            rules.push_back(path);
            continue;
        }
        ++report.files;
        if (const auto roles = RoleBook::load(path); !roles) report.errors.push_back(roles.error());
    }
    LoadedRules loaded = RuleBook::load(rules);
    std::move(loaded.errors.begin(), loaded.errors.end(), std::back_inserter(report.errors));
    report.files += loaded.files;
    report.rules = loaded.book.rules().size();
    run_cases(loaded.book, report);
    return report;
}

} // namespace prefade
