#include "knowledge/library.h"

#include "knowledge/check.h"
#include "knowledge/rule.h"

#include <optional>

namespace prefade {

Result<LoadedLibrary> load_library(const std::vector<std::filesystem::path>& paths) {
    std::vector<std::filesystem::path> plugin_paths, mix_paths, rule_paths;
    std::optional<RoleBook> roles;
    std::filesystem::path words_file;
    for (const auto& path : paths) {
        if (path.filename() == "roles.toml") {
            auto loaded = RoleBook::load(path);
            if (!loaded) return loaded.error();
            roles = std::move(*loaded);
        } else if (path.filename() == "words.toml") {
            words_file = path;
        } else {
            (holds_plugins(path)         ? plugin_paths
             : holds_mix_knowledge(path) ? mix_paths
                                         : rule_paths)
                .push_back(path);
        }
    }
    if (!roles) return Error{ErrorCode::not_found, "there is no roles.toml", {}};
    auto words = load_word_lists(words_file, roles->roles());
    if (!words) return words.error();
    LoadedLibrary loaded;
    const auto keep = [&loaded](std::vector<Error>& errors) {
        std::move(errors.begin(), errors.end(), std::back_inserter(loaded.errors));
    };
    LoadedPlugins plugins = PluginCatalog::load(plugin_paths);
    LoadedRules rules = RuleBook::load(rule_paths);
    KnownNames names;
    names.roles = roles->roles();
    for (const Plugin& plugin : plugins.catalog.plugins()) names.plugins.push_back(plugin.id);
    for (const Rule& rule : rules.book.rules()) names.rules.push_back(rule.id);
    LoadedMix mix = MixKnowledge::load(mix_paths, names);
    keep(plugins.errors);
    keep(mix.errors);
    loaded.library = std::make_unique<const Library>(Library{std::move(plugins.catalog),
                                                             std::move(mix.knowledge),
                                                             std::move(*roles), std::move(*words)});
    return loaded;
}

} // namespace prefade
