// The plugin entries, shipped and the user's own, and the ways to find one: by the name a host reports,
// and by what people type or say. A lookup never takes a neighbour: what is not found is an error that
// names the nearest as such. Reads files, otherwise pure; any thread.
#pragma once

#include "core/result.h"
#include "knowledge/plugin.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

struct LoadedPlugins;

/// Immutable once loaded.
class PluginCatalog {
public:
    /// Files, or folders whose *.toml are read in order of name. A later path overrides an entry of the
    /// same id or adds to it. What is `based_on` another entry takes over its parts; names, ranges,
    /// relatives and uses are checked over all of them, roles of uses among `roles` where there are some.
    /// Entries with errors are left out; where one of them would have taken another's place, that one stays.
    static LoadedPlugins load(const std::vector<std::filesystem::path>& paths,
                              std::span<const std::string> roles = {});
    /// One entry from the text of a file; `file` is for messages and must end in ID.toml.
    static LoadedPlugins parse(std::string_view text, const std::string& file);

    const std::vector<Plugin>& plugins() const noexcept { return plugins_; } ///< in order of id
    const Plugin* find(std::string_view id) const noexcept;

    /// By the name a host gives an insert. First exactly; then without what hosts add: "VST3: " and the
    /// like before it, the maker in front or behind, "(mono)" or "(stereo)" at the end, and with small and
    /// capital letters, spaces and punctuation alike. `host` is a profile's name; without it the names of
    /// all hosts count. Errors: ambiguous with the ids, not_found with the nearest.
    Result<const Plugin*> reported(std::string_view name, std::string_view host = {}) const;

    /// By id, name or alias as typed or said, in any spelling (spoken_key). Errors: as `reported`; what is
    /// only the beginning of several names ("pro q") is ambiguous.
    Result<const Plugin*> called(std::string_view words) const;

private:
    struct Reported {
        std::string name, host;
        std::size_t plugin{0}; ///< its place in plugins_
    };
    void index();

    std::vector<Plugin> plugins_;
    std::multimap<std::string, Reported, std::less<>>
        reported_; ///< by the keys a host's name may have
};

struct LoadedPlugins {
    PluginCatalog catalog;
    std::vector<Error> errors; ///< `where` is file:line:column
    std::size_t files{0};      ///< looked at
};

} // namespace prefade
