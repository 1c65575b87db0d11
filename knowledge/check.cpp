#include "knowledge/check.h"

#include "knowledge/data_files.h"
#include "knowledge/lexicon.h"
#include "knowledge/mix_knowledge.h"
#include "knowledge/plugin_catalog.h"
#include "knowledge/roles.h"
#include "knowledge/rule_cases.h"

#include <algorithm>
#include <set>
#include <system_error>

namespace prefade {

namespace {

namespace fs = std::filesystem;

using Paths = std::vector<fs::path>;

bool is_roles_file(const fs::path& path) { return path.filename() == "roles.toml"; }
bool is_words_file(const fs::path& path) { return path.filename() == "words.toml"; }

/// The parts of knowledge that a folder holds by their names; none for a folder of rules or of plugins.
Paths parts_of(const fs::path& folder) {
    Paths parts;
    std::error_code failed;
    if (!fs::is_directory(folder, failed) || holds_plugins(folder)) return parts;
    for (const char* name : {"rules", "plugins"})
        if (fs::is_directory(folder / name, failed)) parts.push_back(folder / name);
    for (const char* name : {"roles.toml", "words.toml"})
        if (fs::exists(folder / name, failed)) parts.push_back(folder / name);
    for (const std::string_view name : MixKnowledge::file_names())
        if (fs::exists(folder / name, failed)) parts.push_back(folder / name);
    return parts;
}

void sort_in(const fs::path& path, KnowledgePaths& into) {
    (holds_plugins(path)                                    ? into.plugins
     : is_roles_file(path)                                  ? into.roles
     : is_words_file(path)                                  ? into.words
     : MixKnowledge::is_file_name(path.filename().string()) ? into.mix
                                                            : into.rules)
        .push_back(path);
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

/// The files of one kind that are asked for, and those that stand beside them.
class Files {
public:
    Files(const Paths& asked, const Paths& beside) {
        std::set<fs::path> places;
        for (const fs::path& path : asked) {
            FoundFiles found = find_data_files(path);
            std::move(found.errors.begin(), found.errors.end(), std::back_inserter(errors));
            for (const fs::path& file : found.files) {
                asked_.push_back(file);
                places.insert(place_of(file));
            }
        }
        for (const fs::path& path : beside)
            for (const fs::path& file : find_data_files(path).files)
                if (places.count(place_of(file)) == 0) all_.push_back(file);
        all_.insert(all_.end(), asked_.begin(), asked_.end());
    }

    const Paths& asked() const noexcept { return asked_; }
    const Paths& all() const noexcept { return all_; } ///< those beside first
    /// `where` is file:line:column.
    bool is_asked(const std::string& where) const {
        return std::any_of(asked_.begin(), asked_.end(), [&](const fs::path& file) {
            return where == file.string() || where.rfind(file.string() + ':', 0) == 0;
        });
    }
    void keep_asked(std::vector<Error>& from, std::vector<Error>& into) const {
        for (Error& error : from)
            if (is_asked(error.where)) into.push_back(std::move(error));
    }

    std::vector<Error> errors; ///< asked for, and not there

private:
    static fs::path place_of(const fs::path& file) {
        std::error_code failed;
        fs::path place = fs::weakly_canonical(file, failed);
        return failed ? file : place;
    }

    Paths asked_, all_;
};

/// Roles of all files. Errors of those files are told elsewhere, or belong to `beside`.
std::vector<std::string> roles_of(const Paths& files) {
    std::vector<std::string> names;
    for (const fs::path& path : files)
        if (const auto roles = RoleBook::load(path))
            names.insert(names.end(), roles->roles().begin(), roles->roles().end());
    return names;
}

class Checker {
public:
    Checker(const KnowledgePaths& asked, const KnowledgePaths& beside)
        : rules_(asked.rules, beside.rules),
          roles_(asked.roles, beside.roles),
          words_(asked.words, beside.words),
          plugins_(asked.plugins, beside.plugins),
          mix_(asked.mix, beside.mix) {}

    CheckReport run() {
        names_.roles = roles_of(roles_.all());
        check_roles();
        check_words();
        check_plugins();
        check_rules();
        if (!mix_.asked().empty()) check_mix();
        for (Files* files : {&roles_, &words_, &rules_, &plugins_, &mix_}) {
            report_.files += files->asked().size();
            std::move(files->errors.begin(), files->errors.end(),
                      std::back_inserter(report_.errors));
        }
        return std::move(report_);
    }

private:
    void check_roles() {
        for (const fs::path& path : roles_.asked())
            if (const auto roles = RoleBook::load(path); !roles)
                report_.errors.push_back(roles.error());
    }

    void check_words() {
        for (const fs::path& path : words_.asked())
            if (const auto words = load_word_lists(path, names_.roles); !words)
                report_.errors.push_back(words.error());
    }

    void check_rules() {
        LoadedRules loaded = RuleBook::load(rules_.asked());
        std::move(loaded.errors.begin(), loaded.errors.end(), std::back_inserter(report_.errors));
        report_.rules = loaded.book.rules().size();
        loaded.book.know(catalog_);
        run_cases(loaded.book, report_);
    }

    void check_plugins() {
        LoadedPlugins loaded = PluginCatalog::load(plugins_.all(), names_.roles);
        plugins_.keep_asked(loaded.errors, report_.errors);
        for (const Plugin& plugin : loaded.catalog.plugins()) {
            names_.plugins.push_back(plugin.id);
            if (plugins_.is_asked(plugin.origin.where)) ++report_.plugins;
        }
        catalog_ = std::make_shared<const PluginCatalog>(std::move(loaded.catalog));
    }

    void check_mix() {
        const LoadedRules rules = RuleBook::load(rules_.all());
        for (const Rule& rule : rules.book.rules()) names_.rules.push_back(rule.id);
        LoadedMix loaded = MixKnowledge::load(mix_.all(), names_);
        mix_.keep_asked(loaded.errors, report_.errors);
        for (const MixEntry& entry : loaded.knowledge.entries())
            if (mix_.is_asked(entry.origin.where)) ++report_.entries;
    }

    Files rules_, roles_, words_, plugins_, mix_;
    KnownNames names_; ///< that entries may refer to
    std::shared_ptr<const PluginCatalog> catalog_;
    CheckReport report_;
};

} // namespace

bool holds_plugins(const fs::path& path) {
    if (path.empty()) return false;
    std::error_code failed;
    fs::path folder = fs::absolute(path, failed).lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path(); // "plugins/"
    if (!fs::is_directory(folder, failed)) folder = folder.parent_path();
    return folder.filename() == "plugins";
}

KnowledgePaths by_name(const std::vector<fs::path>& paths) {
    KnowledgePaths sorted;
    for (const fs::path& path : paths) {
        const Paths parts = parts_of(path);
        for (const fs::path& part : parts) sort_in(part, sorted);
        if (parts.empty()) sort_in(path, sorted);
    }
    return sorted;
}

CheckReport check(const KnowledgePaths& asked, const KnowledgePaths& beside) {
    return Checker(asked, beside).run();
}

CheckReport check(const std::vector<fs::path>& paths, const std::vector<fs::path>& beside) {
    return check(by_name(paths), by_name(beside));
}

} // namespace prefade
