#include "knowledge/check.h"

#include "knowledge/data_files.h"
#include "knowledge/plugin_catalog.h"
#include "knowledge/roles.h"
#include "knowledge/rule_cases.h"

#include <algorithm>
#include <system_error>

namespace prefade {

namespace {

bool is_roles_file(const std::filesystem::path& path) { return path.filename() == "roles.toml"; }

/// `where` is file:line:column; files are named as their folder was.
bool is_in(const std::string& where, const std::vector<std::filesystem::path>& folders) {
    return std::any_of(folders.begin(), folders.end(), [&](const std::filesystem::path& folder) {
        return where.rfind((folder / "").string(), 0) == 0;
    });
}

void check_plugins(const std::vector<std::filesystem::path>& paths,
                   const std::vector<std::filesystem::path>& beside, CheckReport& report) {
    std::vector<std::filesystem::path> all = beside;
    all.insert(all.end(), paths.begin(), paths.end());
    LoadedPlugins loaded = PluginCatalog::load(all);
    const auto is_asked = [&](const std::string& where) { return !is_in(where, beside); };
    for (const auto& path : paths) report.files += find_data_files(path).files.size();
    for (Error& error : loaded.errors)
        if (is_asked(error.where)) report.errors.push_back(std::move(error));
    for (const Plugin& plugin : loaded.catalog.plugins())
        if (is_asked(plugin.origin.where)) ++report.plugins;
}

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

bool holds_plugins(const std::filesystem::path& path) {
    if (path.empty()) return false;
    std::error_code failed;
    std::filesystem::path folder = std::filesystem::absolute(path, failed).lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path(); // "plugins/"
    if (!std::filesystem::is_directory(folder, failed)) folder = folder.parent_path();
    return folder.filename() == "plugins";
}

CheckReport check(const std::vector<std::filesystem::path>& paths,
                  const std::vector<std::filesystem::path>& beside) {
    CheckReport report;
    std::vector<std::filesystem::path> rules, plugins;
    for (const auto& path : paths) {
        if (holds_plugins(path)) {
            plugins.push_back(path);
            continue;
        }
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
    if (!plugins.empty()) check_plugins(plugins, beside, report);
    return report;
}

} // namespace prefade
