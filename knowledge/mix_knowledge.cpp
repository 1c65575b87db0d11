#include "knowledge/mix_knowledge.h"

#include "knowledge/data_files.h"
#include "knowledge/mix_reader.h"
#include "knowledge/spelling.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace prefade {

namespace {

/// What stands for roles where no strip has one of its own.
constexpr std::array<std::string_view, 3> role_groups{"any", "dialogue", "music"};

/// The hosts whose ways are told apart.
constexpr std::array<std::string_view, 6> hosts_with_ways{"ardour", "reaper",   "live",
                                                          "logic",  "protools", "cubase"};

const Amount* figure_in(const std::vector<Figure>& figures, std::string_view name) noexcept {
    for (const Figure& figure : figures)
        if (figure.name == name) return &figure.amount;
    return nullptr;
}

/// ", did you mean ...?" with the nearest, or nothing.
template <class Names> std::string nearest_of(const std::string& name, const Names& names) {
    const std::vector<std::string_view> all(names.begin(), names.end());
    const std::string_view near = nearest(name, all, std::max<std::size_t>(2, name.size() / 3));
    return near.empty() ? std::string{} : "; did you mean " + in_quotes(near) + '?';
}

class MixLoader {
public:
    explicit MixLoader(const KnownNames& known) : known_(known) {}

    void read(std::string_view text, const std::string& name) {
        ++loaded_.files;
        TomlFile file(text, name);
        for (MixEntry& entry : read_mix_file(file)) add(std::move(entry));
        keep(file.errors());
    }

    void keep(std::vector<Error>& errors) {
        std::move(errors.begin(), errors.end(), std::back_inserter(loaded_.errors));
    }

    LoadedMix finish(std::vector<MixEntry>& into) {
        for (const MixEntry& entry : entries_) ids_[entry.kind].insert(entry.id);
        for (const MixEntry& entry : entries_)
            if (entry.kind == MixKind::measure) units_[entry.id] = entry.unit;
        for (MixEntry& entry : entries_) {
            const std::size_t before = loaded_.errors.size();
            check_references(entry);
            check_names(entry);
            if (loaded_.errors.size() == before) into.push_back(std::move(entry));
        }
        return std::move(loaded_);
    }

private:
    static std::filesystem::path file_of(const MixEntry& entry) {
        return entry.origin.where.substr(0, entry.origin.where.find(".toml:"));
    }

    /// A file of the same name in another folder takes the place; else a second one is a mistake.
    void add(MixEntry entry) {
        const auto same = std::find_if(entries_.begin(), entries_.end(), [&](const MixEntry& e) {
            return e.kind == entry.kind && e.id == entry.id;
        });
        if (same == entries_.end()) {
            entries_.push_back(std::move(entry));
            return;
        }
        const auto ours = file_of(*same), theirs = file_of(entry);
        if (ours == theirs || ours.filename() != theirs.filename())
            complain(entry.origin, "id: there are two of " + in_quotes(entry.id)
                                       + ", the other is at " + same->origin.where);
        else
            *same = std::move(entry);
    }

    void complain(const Origin& at, std::string message) {
        loaded_.errors.push_back({ErrorCode::invalid, std::move(message), at.where});
    }

    template <class Names>
    void must_know(const Origin& at, const std::string& key, const std::string& name,
                   const Names& names) {
        if (std::find(names.begin(), names.end(), name) == names.end())
            complain(at, key + ": there is no " + in_quotes(name) + nearest_of(name, names));
    }

    void check_roles(const Origin& at, const std::string& key,
                     const std::vector<std::string>& roles) {
        for (const std::string& role : roles)
            if (std::find(role_groups.begin(), role_groups.end(), role) == role_groups.end())
                must_know(at, key, role, known_.roles);
    }

    void check_references(const MixEntry& entry) {
        check_roles(entry.origin, "on", entry.on);
        check_roles(entry.origin, "against", entry.against);
        for (const std::string& genre : entry.genres)
            must_know(entry.origin, "genres", genre, ids_[MixKind::genre]);
        for (const MixStep& step : entry.steps) check_step(step);
    }

    void check_step(const MixStep& step) {
        check_roles(step.origin, "on", step.on);
        for (const std::string& plugin : step.plugins)
            must_know(step.origin, "plugins", plugin, known_.plugins);
        if (!step.descriptor.empty())
            must_know(step.origin, "descriptor", step.descriptor, ids_[MixKind::descriptor]);
        if (!step.rule.empty()) must_know(step.origin, "rule", step.rule, known_.rules);
        if (!step.host.empty()) must_know(step.origin, "host", step.host, hosts_with_ways);
        if (step.measure.empty()) return;
        must_know(step.origin, "measure", step.measure, ids_[MixKind::measure]);
        const auto unit = units_.find(step.measure);
        if (unit == units_.end() || !step.confirms || !step.refutes) return;
        if (!in_unit(*step.confirms, unit->second) || !in_unit(*step.refutes, unit->second))
            complain(step.origin, "confirms: " + in_quotes(step.measure) + " is measured in "
                                      + std::string(name_in(control_unit_names, unit->second)));
    }

    /// Each name belongs to one entry of its kind, the one that was read first.
    void check_names(const MixEntry& entry) {
        std::set<std::string> own;
        std::vector<std::string> names{entry.id, entry.name};
        names.insert(names.end(), entry.aliases.begin(), entry.aliases.end());
        for (const std::string& name : names) {
            const std::string key = spoken_key(name);
            if (!own.insert(key).second) continue;
            const auto [place, is_new] = claims_[entry.kind].try_emplace(key, entry.id);
            if (!is_new)
                complain(entry.origin, "aliases: " + in_quotes(name) + " is claimed by "
                                           + in_quotes(place->second) + " and "
                                           + in_quotes(entry.id));
        }
    }

    const KnownNames& known_;
    LoadedMix loaded_;
    std::vector<MixEntry> entries_;
    std::map<MixKind, std::set<std::string>> ids_;
    std::map<std::string, ControlUnit> units_;
    std::map<MixKind, std::map<std::string, std::string>> claims_;
};

} // namespace

const Amount* MixStep::figure(std::string_view figure_name) const noexcept {
    return figure_in(figures, figure_name);
}

const Amount* MixEntry::figure(std::string_view figure_name) const noexcept {
    return figure_in(figures, figure_name);
}

std::vector<std::string_view> MixKnowledge::file_names() {
    std::vector<std::string_view> names;
    for (const MixForm& form : mix_forms())
        if (std::find(names.begin(), names.end(), form.file) == names.end())
            names.push_back(form.file);
    return names;
}

bool MixKnowledge::is_file_name(std::string_view name) {
    const auto names = file_names();
    return std::find(names.begin(), names.end(), name) != names.end();
}

LoadedMix MixKnowledge::load(const std::vector<std::filesystem::path>& files,
                             const KnownNames& known) {
    MixLoader loader(known);
    ReadFiles read = read_data_files(files);
    loader.keep(read.errors);
    for (const DataText& file : read.files) loader.read(file.text, file.name);
    MixKnowledge knowledge;
    LoadedMix loaded = loader.finish(knowledge.entries_);
    loaded.knowledge = std::move(knowledge);
    return loaded;
}

LoadedMix MixKnowledge::parse(std::string_view text, const std::string& file,
                              const KnownNames& known) {
    MixLoader loader(known);
    loader.read(text, file);
    MixKnowledge knowledge;
    LoadedMix loaded = loader.finish(knowledge.entries_);
    loaded.knowledge = std::move(knowledge);
    return loaded;
}

const MixEntry* MixKnowledge::find(MixKind kind, std::string_view id) const noexcept {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const MixEntry& e) {
        return e.kind == kind && e.id == id;
    });
    return found == entries_.end() ? nullptr : &*found;
}

Result<const MixEntry*> MixKnowledge::called(MixKind kind, std::string_view words) const {
    const std::string key = spoken_key(words);
    std::map<std::string, std::string> known;
    for (const MixEntry& entry : entries_) {
        if (entry.kind != kind) continue;
        std::vector<std::string> names{entry.id, entry.name};
        names.insert(names.end(), entry.aliases.begin(), entry.aliases.end());
        for (const std::string& name : names) {
            const std::string own = spoken_key(name);
            if (own == key && !key.empty()) return &entry;
            known.emplace(own, name);
        }
    }
    std::vector<std::string_view> keys;
    for (const auto& one : known) keys.push_back(one.first);
    const std::string_view near = nearest(key, keys, std::max<std::size_t>(2, key.size() / 3));
    std::string message =
        "there is no " + std::string(name_in(mix_kind_names, kind)) + " called " + in_quotes(words);
    if (!near.empty())
        message += "; the nearest is " + in_quotes(known.find(std::string(near))->second)
                   + ", which is not taken for it";
    return Error{ErrorCode::not_found, std::move(message), {}};
}

} // namespace prefade
