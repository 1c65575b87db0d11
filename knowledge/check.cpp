#include "knowledge/check.h"

#include "knowledge/data_files.h"
#include "knowledge/mix_knowledge.h"
#include "knowledge/plugin_catalog.h"
#include "knowledge/roles.h"
#include "knowledge/rule_cases.h"

#include <algorithm>
#include <system_error>

namespace prefade {

namespace {

bool is_roles_file(const std::filesystem::path& path) { return path.filename() == "roles.toml"; }

/// `where` is file:line:column; files are named as their folder was.
bool is_in(const std::string& where, const std::vector<std::filesystem::path>& paths) {
    return std::any_of(paths.begin(), paths.end(), [&](const std::filesystem::path& path) {
        return where.rfind((path / "").string(), 0) == 0
               || where.rfind(path.string() + ':', 0) == 0;
    });
}

/// Paths by what they hold.
struct Sorted {
    std::vector<std::filesystem::path> rules, roles, plugins, mix;
    void add(const std::vector<std::filesystem::path>& paths) {
        for (const auto& path : paths)
            (holds_plugins(path)         ? plugins
             : is_roles_file(path)       ? roles
             : holds_mix_knowledge(path) ? mix
                                         : rules)
                .push_back(path);
    }
};

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

/// What entries may refer to. Errors of those files are told elsewhere, or belong to `beside`.
KnownNames names_to_refer_to(const Sorted& all) {
    KnownNames names;
    for (const auto& path : all.roles)
        if (const auto roles = RoleBook::load(path))
            names.roles.insert(names.roles.end(), roles->roles().begin(), roles->roles().end());
    const LoadedPlugins plugins = PluginCatalog::load(all.plugins);
    for (const Plugin& plugin : plugins.catalog.plugins()) names.plugins.push_back(plugin.id);
    const LoadedRules rules = RuleBook::load(all.rules);
    for (const Rule& rule : rules.book.rules()) names.rules.push_back(rule.id);
    return names;
}

void check_mix(const std::vector<std::filesystem::path>& files,
               const std::vector<std::filesystem::path>& beside, const Sorted& all,
               CheckReport& report) {
    LoadedMix loaded = MixKnowledge::load(all.mix, names_to_refer_to(all));
    const auto is_asked = [&](const std::string& where) { return !is_in(where, beside); };
    for (const auto& path : files) report.files += find_data_files(path).files.size();
    for (Error& error : loaded.errors)
        if (is_asked(error.where)) report.errors.push_back(std::move(error));
    for (const MixEntry& entry : loaded.knowledge.entries())
        if (is_asked(entry.origin.where)) ++report.entries;
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

bool holds_mix_knowledge(const std::filesystem::path& path) {
    return MixKnowledge::is_file_name(path.filename().string());
}

CheckReport check(const std::vector<std::filesystem::path>& paths,
                  const std::vector<std::filesystem::path>& beside) {
    CheckReport report;
    Sorted asked;
    asked.add(paths);
    for (const auto& path : asked.roles) {
        ++report.files;
        if (const auto roles = RoleBook::load(path); !roles) report.errors.push_back(roles.error());
    }
    LoadedRules loaded = RuleBook::load(asked.rules);
    std::move(loaded.errors.begin(), loaded.errors.end(), std::back_inserter(report.errors));
    report.files += loaded.files;
    report.rules = loaded.book.rules().size();
    run_cases(loaded.book, report);
    std::vector<std::filesystem::path> plugins_beside;
    std::copy_if(beside.begin(), beside.end(), std::back_inserter(plugins_beside), holds_plugins);
    if (!asked.plugins.empty()) check_plugins(asked.plugins, plugins_beside, report);
    if (asked.mix.empty()) return report;
    Sorted all;
    all.add(beside);
    all.add(paths);
    check_mix(asked.mix, beside, all, report);
    return report;
}

} // namespace prefade
