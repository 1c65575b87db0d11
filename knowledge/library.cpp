#include "knowledge/library.h"

#include "knowledge/check.h"
#include "knowledge/rule.h"

namespace prefade {

Result<LoadedLibrary> load_library(const std::vector<std::filesystem::path>& paths) {
    const KnowledgePaths sorted = by_name(paths);
    if (sorted.roles.empty()) return Error{ErrorCode::not_found, "there is no roles.toml", {}};
    if (sorted.words.empty()) return Error{ErrorCode::not_found, "there is no words.toml", {}};
    auto roles = RoleBook::load(sorted.roles.back());
    if (!roles) return roles.error();
    auto words = load_word_lists(sorted.words.back(), roles->roles());
    if (!words) return words.error();
    LoadedLibrary loaded;
    const auto keep = [&loaded](std::vector<Error>& errors) {
        std::move(errors.begin(), errors.end(), std::back_inserter(loaded.errors));
    };
    LoadedPlugins plugins = PluginCatalog::load(sorted.plugins, roles->roles());
    LoadedRules rules = RuleBook::load(sorted.rules);
    KnownNames names;
    names.roles = roles->roles();
    for (const Plugin& plugin : plugins.catalog.plugins()) names.plugins.push_back(plugin.id);
    for (const Rule& rule : rules.book.rules()) names.rules.push_back(rule.id);
    LoadedMix mix = MixKnowledge::load(sorted.mix, names);
    keep(plugins.errors);
    keep(mix.errors);
    loaded.library = std::make_unique<const Library>(Library{std::move(plugins.catalog),
                                                             std::move(mix.knowledge),
                                                             std::move(*roles), std::move(*words)});
    return loaded;
}

} // namespace prefade
