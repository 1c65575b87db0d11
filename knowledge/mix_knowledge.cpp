#include "knowledge/mix_knowledge.h"

#include "knowledge/data_files.h"
#include "knowledge/mix_reader.h"
#include "knowledge/roles.h"
#include "knowledge/spelling.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace prefade {

namespace {

const Amount* figure_in(const std::vector<Figure>& figures, std::string_view name) noexcept {
    for (const Figure& figure : figures)
        if (figure.name == name) return &figure.amount;
    return nullptr;
}

/// Entries by kind and id, those that one id has in the order they were read: the last counts. Where it does not
/// hold, or what was read before it no longer does because of it, the one under it takes its place again.
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
        for (const auto& [key, reads] : entries_) ids_[key.first].insert(key.second);
        std::vector<Read*> good = try_all();
        while (step_back()) good = try_all();
        for (auto& [key, errors] : wrong_) keep(errors);
        for (Read* read : good) into.push_back(std::move(read->entry));
        return std::move(loaded_);
    }

private:
    using Key = std::pair<MixKind, std::string>;
    struct Read {
        MixEntry entry;
        std::size_t order{0};
    };

    static Key key_of(const MixEntry& entry) { return {entry.kind, entry.id}; }
    static std::filesystem::path file_of(const MixEntry& entry) {
        return entry.origin.where.substr(0, entry.origin.where.find(".toml:"));
    }

    /// A file of the same name in another folder takes the place; else a second one is a mistake.
    void add(MixEntry entry) {
        std::vector<Read>& reads = entries_[key_of(entry)];
        if (!reads.empty()) {
            const MixEntry& there = reads.back().entry;
            const auto ours = file_of(there), theirs = file_of(entry);
            if (ours == theirs || ours.filename() != theirs.filename()) {
                loaded_.errors.push_back({ErrorCode::invalid,
                                          "id: there are two of " + in_quotes(entry.id)
                                              + ", the other is at " + there.origin.where,
                                          entry.origin.where});
                return;
            }
        }
        reads.push_back({std::move(entry), ++order_});
    }

    /// Those that hold as they stand now, in the order they were read; what is wrong with the others is in wrong_.
    std::vector<Read*> try_all() {
        std::vector<Read*> order;
        for (auto& [key, reads] : entries_) order.push_back(&reads.back());
        std::sort(order.begin(), order.end(),
                  [](const Read* a, const Read* b) { return a->order < b->order; });
        wrong_.clear();
        claims_.clear();
        for (const Read* read : order) {
            check_references(*read);
            check_names(read->entry);
        }
        std::erase_if(order,
                      [&](const Read* read) { return wrong_.count(key_of(read->entry)) > 0; });
        return order;
    }

    /// Takes away what stands over another entry and is at fault. False when there is nothing such.
    bool step_back() {
        bool changed = false;
        for (auto& [key, errors] : wrong_) {
            std::vector<Read>& reads = entries_[key];
            if (reads.size() < 2) continue;
            reads.pop_back();
            for (Error& error : errors)
                error.message += "; the entry at " + reads.back().entry.origin.where + " is used";
            keep(errors);
            changed = true;
        }
        return changed;
    }

    void complain(const MixEntry& entry, const Origin& at, std::string message) {
        wrong_[key_of(entry)].push_back({ErrorCode::invalid, std::move(message), at.where});
    }

    template <class Names>
    void must_know(const MixEntry& entry, const Origin& at, const std::string& key,
                   const std::string& name, const Names& names) {
        if (std::find(names.begin(), names.end(), name) == names.end())
            complain(entry, at,
                     key + ": there is no " + in_quotes(name)
                         + did_you_mean(name, {names.begin(), names.end()}));
    }

    void check_roles(const MixEntry& entry, const Origin& at, const std::string& key,
                     const std::vector<std::string>& roles) {
        for (const std::string& role : roles)
            if (std::find(role_groups.begin(), role_groups.end(), role) == role_groups.end())
                must_know(entry, at, key, role, known_.roles);
    }

    void check_references(const Read& read) {
        const MixEntry& entry = read.entry;
        check_roles(entry, entry.origin, "on", entry.on);
        check_roles(entry, entry.origin, "against", entry.against);
        for (const std::string& genre : entry.genres)
            must_know(entry, entry.origin, "genres", genre, ids_[MixKind::genre]);
        for (const MixStep& step : entry.steps) check_step(read, step);
    }

    void check_step(const Read& read, const MixStep& step) {
        const MixEntry& entry = read.entry;
        check_roles(entry, step.origin, "on", step.on);
        for (const std::string& plugin : step.plugins)
            must_know(entry, step.origin, "plugins", plugin, known_.plugins);
        if (!step.descriptor.empty())
            must_know(entry, step.origin, "descriptor", step.descriptor, ids_[MixKind::descriptor]);
        if (!step.rule.empty()) must_know(entry, step.origin, "rule", step.rule, known_.rules);
        if (!step.host.empty()) must_know(entry, step.origin, "host", step.host, host_ids());
        if (step.measure.empty()) return;
        must_know(entry, step.origin, "measure", step.measure, ids_[MixKind::measure]);
        check_test(read, step);
    }

    /// Of a measure that a later file says anew in another unit, that file is at fault.
    void check_test(const Read& read, const MixStep& step) {
        const auto found = entries_.find({MixKind::measure, step.measure});
        if (found == entries_.end() || !step.confirms || !step.refutes) return;
        const Read& measure = found->second.back();
        const ControlUnit unit = measure.entry.unit;
        if (in_unit(*step.confirms, unit) && in_unit(*step.refutes, unit)) return;
        const bool is_blamed = found->second.size() > 1 && measure.order > read.order;
        if (is_blamed && wrong_.count(key_of(measure.entry)) > 0) return; // once is enough
        if (is_blamed)
            complain(measure.entry, measure.entry.origin,
                     "unit: " + in_quotes(read.entry.id) + " tests it in "
                         + std::string(name_in(control_unit_names, step.confirms->unit)));
        else
            complain(read.entry, step.origin,
                     "confirms: " + in_quotes(step.measure) + " is measured in "
                         + std::string(name_in(control_unit_names, unit)));
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
                complain(entry, entry.origin,
                         "aliases: " + in_quotes(name) + " is claimed by "
                             + in_quotes(place->second) + " and " + in_quotes(entry.id));
        }
    }

    const KnownNames& known_;
    LoadedMix loaded_;
    std::map<Key, std::vector<Read>> entries_;
    std::size_t order_{0}; ///< of the last that was read
    std::map<MixKind, std::set<std::string>> ids_;
    std::map<Key, std::vector<Error>> wrong_;
    std::map<MixKind, std::map<std::string, std::string>> claims_;
};

} // namespace

std::vector<std::string_view> host_ids() {
    std::vector<std::string_view> ids;
    for (const WayHost& host : way_hosts) ids.push_back(host.id);
    return ids;
}

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
    return Error{ErrorCode::not_found,
                 "there is no " + std::string(name_in(mix_kind_names, kind)) + " called "
                     + in_quotes(words) + nearest_spoken(key, known),
                 {}};
}

} // namespace prefade
