#include "knowledge/plugin_catalog.h"

#include "knowledge/data_files.h"
#include "knowledge/plugin_reader.h"
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

/// What is nearest to `key`, for the message only. A third of the letters may differ.
Error not_known(std::string_view name, const std::string& key,
                const std::map<std::string, std::string>& known) {
    std::vector<std::string_view> keys;
    for (const auto& entry : known) keys.push_back(entry.first);
    const std::string_view near = nearest(key, keys, std::max<std::size_t>(2, key.size() / 3));
    std::string message = in_quotes(name) + " is not in the plugin catalog";
    if (!near.empty())
        message += "; the nearest name there is " + in_quotes(known.find(std::string(near))->second)
                   + ", which is not taken for it";
    return {ErrorCode::not_found, std::move(message), {}};
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

class Loader {
public:
    void read(std::string_view text, const std::string& name) {
        ++loaded_.files;
        TomlFile file(text, name);
        seen_.insert(std::filesystem::path(name).stem().string());
        if (auto plugin = read_plugin(file)) {
            const std::string id = plugin->id;
            order_.erase(std::remove(order_.begin(), order_.end(), id), order_.end());
            order_.push_back(id);
            entries_[id] = std::move(*plugin); // a later one of the same id takes the place
        }
        keep(file.errors());
    }

    void keep(std::vector<Error>& errors) {
        std::move(errors.begin(), errors.end(), std::back_inserter(loaded_.errors));
    }

    LoadedPlugins finish(std::vector<Plugin>& into) {
        const std::map<std::string, Plugin> as_written = entries_;
        for (const std::string& id : order_) { // of two that claim a name the later is at fault
            Plugin& plugin = entries_[id];
            const std::size_t before = loaded_.errors.size();
            if (!take_base(plugin, as_written)) continue;
            auto errors = check_plugin(plugin);
            keep(errors);
            check_relatives(plugin);
            check_names(plugin);
            if (loaded_.errors.size() == before) into.push_back(std::move(plugin));
        }
        std::sort(into.begin(), into.end(),
                  [](const Plugin& a, const Plugin& b) { return a.id < b.id; });
        return std::move(loaded_);
    }

private:
    void complain(const std::string& where, std::string message) {
        loaded_.errors.push_back({ErrorCode::invalid, std::move(message), where});
    }

    std::string known_ids(const std::string& id) const {
        std::vector<std::string_view> ids(seen_.begin(), seen_.end());
        const std::string_view near = nearest(id, ids, std::max<std::size_t>(2, id.size() / 3));
        return near.empty() ? std::string{} : "; did you mean " + in_quotes(near) + '?';
    }

    /// False when what it is based on is not there: nothing else can be said of it.
    bool take_base(Plugin& plugin, const std::map<std::string, Plugin>& as_written) {
        if (plugin.based_on.empty()) return true;
        const auto base = as_written.find(plugin.based_on);
        if (base == as_written.end())
            complain(plugin.origin.where,
                     "based_on: there is no entry " + in_quotes(plugin.based_on)
                         + (seen_.count(plugin.based_on) > 0 ? " without errors"
                                                             : known_ids(plugin.based_on)));
        else if (!base->second.based_on.empty() || base->first == plugin.id)
            complain(plugin.origin.where, "based_on: " + in_quotes(plugin.based_on)
                                              + " is itself based on "
                                              + in_quotes(base->second.based_on));
        else
            take_over(plugin, base->second);
        return base != as_written.end();
    }

    void check_relatives(const Plugin& plugin) {
        for (const PluginRelative& relative : plugin.relatives) {
            if (relative.id == plugin.id)
                complain(relative.origin.where, "id: an entry is no relative of itself");
            else if (seen_.count(relative.id) == 0)
                complain(relative.origin.where, "id: there is no entry " + in_quotes(relative.id)
                                                    + known_ids(relative.id));
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

    LoadedPlugins loaded_;
    std::map<std::string, Plugin> entries_;
    std::vector<std::string> order_; ///< ids as their entries were read
    std::set<std::string> seen_;     ///< ids of all files, those with errors too
    std::map<std::string, std::string> claims_;
};

} // namespace

LoadedPlugins PluginCatalog::load(const std::vector<std::filesystem::path>& paths) {
    Loader loader;
    ReadFiles read = read_data_files(paths);
    loader.keep(read.errors);
    for (const DataText& file : read.files) loader.read(file.text, file.name);
    PluginCatalog catalog;
    LoadedPlugins loaded = loader.finish(catalog.plugins_);
    loaded.catalog = std::move(catalog);
    return loaded;
}

LoadedPlugins PluginCatalog::parse(std::string_view text, const std::string& file) {
    Loader loader;
    loader.read(text, file);
    PluginCatalog catalog;
    LoadedPlugins loaded = loader.finish(catalog.plugins_);
    loaded.catalog = std::move(catalog);
    return loaded;
}

// ---- finding ---------------------------------------------------------------------------------

const Plugin* PluginCatalog::find(std::string_view id) const noexcept {
    const auto found =
        std::find_if(plugins_.begin(), plugins_.end(), [&](const Plugin& p) { return p.id == id; });
    return found == plugins_.end() ? nullptr : &*found;
}

Result<const Plugin*> PluginCatalog::reported(std::string_view name, std::string_view host) const {
    const std::string key = spoken_key(bare(name));
    Found exactly, nearly;
    std::map<std::string, std::string> known;
    for (const Plugin& plugin : plugins_) {
        bool is_exact = false, is_near = false;
        const std::string maker = spoken_key(plugin.maker);
        for (const std::string_view one : names_in(plugin, host)) {
            const std::string own = spoken_key(bare(one));
            is_exact = is_exact || one == name;
            is_near = is_near || own == key || own + maker == key || maker + own == key;
            known.emplace(own, one);
        }
        if (is_exact) exactly.push_back(&plugin);
        if (is_near) nearly.push_back(&plugin);
    }
    if (!exactly.empty()) return only_one(name, exactly);
    if (!nearly.empty() && !key.empty()) return only_one(name, nearly);
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
