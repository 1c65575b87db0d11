#include "knowledge/plugin_catalog.h"

#include "knowledge/data_files.h"
#include "knowledge/plugin_reader.h"
#include "knowledge/roles.h"
#include "knowledge/spelling.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace prefade {

namespace {

/// A name that people say: name, id or alias.
std::vector<std::string> spoken_names(const Plugin& plugin) {
    std::vector<std::string> names{plugin.id, plugin.name};
    names.insert(names.end(), plugin.aliases.begin(), plugin.aliases.end());
    return names;
}

/// What some hosts write before a plugin's name.
constexpr std::array<std::string_view, 10> wrappers{"vst", "vsti", "vst2", "vst3", "vst3i",
                                                    "au",  "clap", "lv2",  "js",   "aax"};
/// What some write behind it, in brackets or not.
constexpr std::array<std::string_view, 6> layouts{"mono",         "stereo", "mono/stereo",
                                                  "mono->stereo", "m",      "s"};

std::string small(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

/// The name without wrapper and layout: "VST3: Pro-Q 4 (FabFilter)" -> "Pro-Q 4 (FabFilter)".
std::string_view bare(std::string_view name) {
    if (const std::size_t colon = name.find(": "); colon != std::string_view::npos)
        if (std::count(wrappers.begin(), wrappers.end(), small(name.substr(0, colon))) > 0)
            name.remove_prefix(colon + 2);
    const std::size_t open = name.rfind(" (");
    if (open != std::string_view::npos && name.back() == ')') {
        const std::string inside = small(name.substr(open + 2, name.size() - open - 3));
        if (std::count(layouts.begin(), layouts.end(), inside) > 0) name = name.substr(0, open);
    }
    return name;
}

/// The names that `host` uses; those of every host when it is empty.
std::vector<std::string_view> names_in(const Plugin& plugin, std::string_view host) {
    std::vector<std::string_view> names;
    for (const ReportedNames& some : plugin.reported)
        if (host.empty() || some.host == host || some.host == "any")
            names.insert(names.end(), some.names.begin(), some.names.end());
    return names;
}

using Found = std::vector<const Plugin*>;

std::string ids_of(const Found& found) {
    std::string ids;
    for (const Plugin* plugin : found) (ids += ids.empty() ? "" : ", ") += plugin->id;
    return ids;
}

/// The one that was found, or why not.
Result<const Plugin*> only_one(std::string_view name, const Found& found) {
    if (found.size() == 1) return found.front();
    return Error{ErrorCode::ambiguous, in_quotes(name) + " may be any of: " + ids_of(found), {}};
}

Error not_known(std::string_view name, const std::string& key,
                const std::map<std::string, std::string>& known) {
    return {ErrorCode::not_found,
            in_quotes(name) + " is not in the plugin catalog" + nearest_spoken(key, known),
            {}};
}

/// "pro q" is several; a name of one or two letters says nothing.
Found beginning_with(const std::vector<Plugin>& plugins, const std::string& key) {
    Found found;
    if (key.size() < 3) return found;
    for (const Plugin& plugin : plugins) {
        const auto names = spoken_names(plugin);
        if (std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                return spoken_key(name).rfind(key, 0) == 0;
            }))
            found.push_back(&plugin);
    }
    return found;
}

// ---- loading ---------------------------------------------------------------------------------

/// Entries by id, those that one id has in the order they were read: the last counts. Where it does not hold, or
/// what was read before it no longer does because of it, the one under it takes its place again.
class Loader {
public:
    explicit Loader(std::span<const std::string> roles) : roles_(roles) {}

    void read(std::string_view text, const std::string& name) {
        ++loaded_.files;
        TomlFile file(text, name);
        seen_.insert(std::filesystem::path(name).stem().string());
        if (auto plugin = read_plugin(file)) {
            const std::string id = plugin->id;
            entries_[id].push_back({std::move(*plugin), loaded_.files});
        }
        keep(file.errors());
    }

    void keep(std::vector<Error>& errors) {
        std::move(errors.begin(), errors.end(), std::back_inserter(loaded_.errors));
    }

    LoadedPlugins finish(std::vector<Plugin>& into) {
        std::vector<Plugin> good = try_all();
        while (step_back()) good = try_all();
        for (auto& [id, errors] : wrong_) keep(errors);
        into = std::move(good);
        std::sort(into.begin(), into.end(),
                  [](const Plugin& a, const Plugin& b) { return a.id < b.id; });
        return std::move(loaded_);
    }

private:
    struct Read {
        Plugin plugin;
        std::size_t order{0}; ///< of its file
    };

    /// The entries that hold as they stand now; what is wrong with the others is in wrong_.
    std::vector<Plugin> try_all() {
        std::vector<const Read*> order; // of two that claim a name the later is at fault
        for (const auto& [id, read] : entries_) order.push_back(&read.back());
        std::sort(order.begin(), order.end(),
                  [](const Read* a, const Read* b) { return a->order < b->order; });
        wrong_.clear();
        claims_.clear();
        std::vector<Plugin> good;
        for (const Read* read : order) {
            Plugin plugin = read->plugin;
            errors_ = &wrong_[plugin.id];
            check_roles(plugin);
            if (take_base(plugin)) {
                const auto errors = check_plugin(plugin);
                errors_->insert(errors_->end(), errors.begin(), errors.end());
                check_relatives(plugin);
                check_names(plugin);
            }
            if (!errors_->empty()) continue;
            wrong_.erase(plugin.id);
            good.push_back(std::move(plugin));
        }
        return good;
    }

    /// Takes away what stands over another entry and is at fault: by itself, or else as the base of what was read
    /// before it. False when there is nothing such.
    bool step_back() {
        bool changed = false;
        for (auto& [id, errors] : wrong_) {
            if (entries_[id].size() < 2) continue;
            take_away(id, errors);
            changed = true;
        }
        if (changed) return true;
        for (const auto& [id, errors] : wrong_) {
            const Read& read = entries_[id].back();
            const auto base = entries_.find(read.plugin.based_on);
            if (base == entries_.end() || base->second.size() < 2
                || base->second.back().order < read.order)
                continue;
            std::vector<Error> blamed{{ErrorCode::invalid,
                                       in_quotes(id) + ", which is based on it, would not hold: "
                                           + errors.front().message,
                                       base->second.back().plugin.origin.where}};
            take_away(base->first, blamed);
            changed = true;
        }
        return changed;
    }

    void take_away(const std::string& id, std::vector<Error>& errors) {
        std::vector<Read>& reads = entries_[id];
        reads.pop_back();
        for (Error& error : errors)
            error.message += "; the entry at " + reads.back().plugin.origin.where + " is used";
        keep(errors);
    }

    void complain(const std::string& where, std::string message) {
        errors_->push_back({ErrorCode::invalid, std::move(message), where});
    }

    std::string nearest_id(const std::string& id) const {
        return did_you_mean(id, {seen_.begin(), seen_.end()});
    }

    /// Of its own uses: those of a base are looked at with the base.
    void check_roles(const Plugin& plugin) {
        if (roles_.empty()) return;
        for (const PluginUse& use : plugin.uses)
            for (const std::string& role : use.sources)
                if (std::find(roles_.begin(), roles_.end(), role) == roles_.end()
                    && std::find(role_groups.begin(), role_groups.end(), role) == role_groups.end())
                    complain(use.origin.where,
                             "on: there is no role " + in_quotes(role)
                                 + did_you_mean(role, {roles_.begin(), roles_.end()}));
    }

    /// False when what it is based on is not there: nothing else can be said of it.
    bool take_base(Plugin& plugin) {
        if (plugin.based_on.empty()) return true;
        const auto base = entries_.find(plugin.based_on);
        if (base == entries_.end())
            complain(plugin.origin.where,
                     "based_on: there is no entry " + in_quotes(plugin.based_on)
                         + (seen_.count(plugin.based_on) > 0 ? " without errors"
                                                             : nearest_id(plugin.based_on)));
        else if (const Plugin& of = base->second.back().plugin;
                 !of.based_on.empty() || of.id == plugin.id)
            complain(plugin.origin.where, "based_on: " + in_quotes(plugin.based_on)
                                              + " is itself based on " + in_quotes(of.based_on));
        else
            take_over(plugin, of);
        return base != entries_.end();
    }

    void check_relatives(const Plugin& plugin) {
        for (const PluginRelative& relative : plugin.relatives) {
            if (relative.id == plugin.id)
                complain(relative.origin.where, "id: an entry is no relative of itself");
            else if (seen_.count(relative.id) == 0)
                complain(relative.origin.where, "id: there is no entry " + in_quotes(relative.id)
                                                    + nearest_id(relative.id));
        }
    }

    /// Each spoken name, and each host's, belongs to the entry that was read first.
    void check_names(const Plugin& plugin) {
        std::set<std::string> own; // spellings of one name are told once
        for (const std::string& name : spoken_names(plugin))
            if (own.insert(spoken_key(name)).second)
                claim("aliases", "", name, spoken_key(name), plugin);
        for (const ReportedNames& some : plugin.reported)
            for (const std::string& name : some.names)
                claim("reported", some.host, name, some.host + ':' + spoken_key(bare(name)),
                      plugin);
    }

    void claim(std::string_view what, const std::string& host, const std::string& name,
               const std::string& key, const Plugin& plugin) {
        const auto [place, is_new] = claims_.try_emplace(std::string(what) + ' ' + key, plugin.id);
        if (is_new || place->second == plugin.id) return;
        complain(plugin.origin.where, std::string(what) + ": " + in_quotes(name)
                                          + (host.empty() ? "" : " in " + host) + " is claimed by "
                                          + in_quotes(place->second) + " and "
                                          + in_quotes(plugin.id));
    }

    std::span<const std::string> roles_;
    LoadedPlugins loaded_;
    std::map<std::string, std::vector<Read>> entries_;
    std::set<std::string> seen_; ///< ids of all files, those with errors too
    std::map<std::string, std::vector<Error>> wrong_;
    std::vector<Error>* errors_{nullptr}; ///< of the entry that is looked at
    std::map<std::string, std::string> claims_;
};

} // namespace

LoadedPlugins PluginCatalog::load(const std::vector<std::filesystem::path>& paths,
                                  std::span<const std::string> roles) {
    Loader loader(roles);
    ReadFiles read = read_data_files(paths);
    loader.keep(read.errors);
    for (const DataText& file : read.files) loader.read(file.text, file.name);
    PluginCatalog catalog;
    LoadedPlugins loaded = loader.finish(catalog.plugins_);
    catalog.index();
    loaded.catalog = std::move(catalog);
    return loaded;
}

LoadedPlugins PluginCatalog::parse(std::string_view text, const std::string& file) {
    Loader loader({});
    loader.read(text, file);
    PluginCatalog catalog;
    LoadedPlugins loaded = loader.finish(catalog.plugins_);
    catalog.index();
    loaded.catalog = std::move(catalog);
    return loaded;
}

// ---- finding ---------------------------------------------------------------------------------

const Plugin* PluginCatalog::find(std::string_view id) const noexcept {
    const auto found =
        std::find_if(plugins_.begin(), plugins_.end(), [&](const Plugin& p) { return p.id == id; });
    return found == plugins_.end() ? nullptr : &*found;
}

void PluginCatalog::index() {
    for (std::size_t i = 0; i < plugins_.size(); ++i) {
        const std::string maker = spoken_key(plugins_[i].maker);
        for (const ReportedNames& some : plugins_[i].reported)
            for (const std::string& name : some.names) {
                const std::string own = spoken_key(bare(name));
                for (const std::string& key : std::set<std::string>{own, own + maker, maker + own})
                    reported_.emplace(key, Reported{name, some.host, i});
            }
    }
}

Result<const Plugin*> PluginCatalog::reported(std::string_view name, std::string_view host) const {
    const std::string key = spoken_key(bare(name));
    Found exactly, nearly;
    const auto add = [](Found& found, const Plugin& plugin) {
        if (std::find(found.begin(), found.end(), &plugin) == found.end()) found.push_back(&plugin);
    };
    const auto [from, to] = reported_.equal_range(key);
    for (auto at = from; at != to; ++at) {
        const Reported& one = at->second;
        if (!host.empty() && one.host != host && one.host != "any") continue;
        if (one.name == name) add(exactly, plugins_[one.plugin]);
        add(nearly, plugins_[one.plugin]);
    }
    if (!exactly.empty()) return only_one(name, exactly);
    if (!nearly.empty() && !key.empty()) return only_one(name, nearly);
    std::map<std::string, std::string> known;
    for (const Plugin& plugin : plugins_)
        for (const std::string_view one : names_in(plugin, host))
            known.emplace(spoken_key(bare(one)), one);
    return not_known(name, key, known);
}

Result<const Plugin*> PluginCatalog::called(std::string_view words) const {
    const std::string key = spoken_key(words);
    Found found;
    std::map<std::string, std::string> known;
    for (const Plugin& plugin : plugins_) {
        bool is_it = false;
        for (const std::string& name : spoken_names(plugin)) {
            const std::string own = spoken_key(name);
            is_it = is_it || own == key;
            known.emplace(own, name);
        }
        if (is_it) found.push_back(&plugin);
    }
    if (!found.empty() && !key.empty()) return only_one(words, found);
    if (const Found several = beginning_with(plugins_, key); several.size() > 1)
        return only_one(words, several);
    return not_known(words, key, known);
}

} // namespace prefade
