#include "connectors/ardour/mixer.h"

#include <algorithm>
#include <utility>

namespace prefade::ardour {
namespace {

/// How long back a bracket may ask who bore a number; far above any bracket's life.
constexpr Duration memory = std::chrono::minutes(1);

/// Pairs each of `now` with an index into `before`, by name. Where nothing changed all keep their
/// place; else only names that are single on both sides can be told apart.
std::vector<std::optional<std::size_t>> matched(const std::vector<std::string>& before,
                                                const std::vector<std::string>& now) {
    std::vector<std::optional<std::size_t>> pairs(now.size());
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (before == now) {
            pairs[i] = i;
        } else if (std::count(before.begin(), before.end(), now[i]) == 1
                   && std::count(now.begin(), now.end(), now[i]) == 1) {
            pairs[i] = static_cast<std::size_t>(std::find(before.begin(), before.end(), now[i])
                                                - before.begin());
        }
    }
    return pairs;
}

template <class IdType> std::vector<std::uint32_t> values_of(const std::vector<IdType>& ids) {
    std::vector<std::uint32_t> values;
    for (const IdType id : ids) values.push_back(id.value);
    return values;
}

/// What was known of inserts and sends is to be read anew; their ids go on by name.
void void_parts(KnownStrip& strip) {
    strip.parts_listed = strip.heard = false;
    strip.dumps_missed = 0;
    strip.told.clear();
    for (KnownInsert& insert : strip.inserts) insert.parameters.clear();
}

} // namespace

void Bearers::remember(std::vector<std::uint32_t> ids, TimePoint now) {
    if (!lists_.empty() && lists_.back().ids == ids) return;
    lists_.push_back({now, std::move(ids)});
    // Keep the one in force at the edge of memory.
    while (lists_.size() > 1 && lists_[1].at <= now - memory) lists_.erase(lists_.begin());
}

std::vector<std::uint32_t> Bearers::of(std::size_t position, TimePoint since) const {
    std::vector<std::uint32_t> found;
    for (std::size_t i = 0; i < lists_.size(); ++i) {
        // A list was in force until the next one was read.
        if (i + 1 < lists_.size() && lists_[i + 1].at < since) continue;
        if (position >= lists_[i].ids.size()) continue;
        const std::uint32_t id = lists_[i].ids[position];
        if (std::find(found.begin(), found.end(), id) == found.end()) found.push_back(id);
    }
    return found;
}

StripKind kind_of(std::string_view type) noexcept {
    if (type == "AT") return StripKind::audio_track;
    if (type == "MT") return StripKind::midi_track;
    if (type == "B") return StripKind::audio_bus;
    if (type == "MB") return StripKind::midi_bus;
    if (type == "V") return StripKind::vca;
    if (type == "MA") return StripKind::master;
    if (type == "MO") return StripKind::monitor;
    if (type == "FB") return StripKind::foldback;
    return StripKind::other;
}

KnownStrip* Mixer::at(Ssid ssid) noexcept {
    return ssid >= 1 && static_cast<std::size_t>(ssid) <= strips_.size()
               ? &strips_[static_cast<std::size_t>(ssid) - 1]
               : nullptr;
}

const KnownStrip* Mixer::find(StripId id) const noexcept {
    const auto found = std::find_if(strips_.begin(), strips_.end(),
                                    [&](const KnownStrip& s) { return s.id == id; });
    return found == strips_.end() ? nullptr : &*found;
}

KnownStrip* Mixer::find(StripId id) noexcept {
    return const_cast<KnownStrip*>(std::as_const(*this).find(id));
}

Ssid Mixer::ssid_of(StripId id) const noexcept {
    const KnownStrip* strip = find(id);
    return strip ? static_cast<Ssid>(strip - strips_.data()) + 1 : 0;
}

StripsListed Mixer::listed(bool structure_changed) const {
    StripsListed told;
    told.structure_changed = structure_changed;
    for (const KnownStrip& s : strips_)
        told.strips.push_back({s.id, s.line.name, false, kind_of(s.line.type), s.hidden, false});
    return told;
}

KnownStrip* Mixer::heir(const StripLine& line, const std::vector<StripLine>& lines,
                        std::vector<KnownStrip>& before,
                        const std::map<std::string, StripId>& renames) {
    const auto is_listed = [&](const std::string& name) {
        return std::any_of(lines.begin(), lines.end(),
                           [&](const StripLine& l) { return l.name == name; });
    };
    // Until Ardour has renumbered, a removed strip and one that took its name stand side by side.
    if (std::count(lines.begin(), lines.end(), line) != 1) return nullptr;
    KnownStrip* named = nullptr;
    KnownStrip* renamed = nullptr;
    const auto told = renames.find(line.name);
    for (KnownStrip& strip : before) {
        if (strip.line == line) {
            if (named) return nullptr;
            named = &strip;
        }
        if (told != renames.end() && strip.id == told->second && strip.line.type == line.type
            && !is_listed(strip.line.name))
            renamed = &strip;
    }
    if (named && renamed) return nullptr;
    return named ? named : renamed;
}

bool Mixer::shares_name(const KnownStrip& strip) const {
    return std::count_if(strips_.begin(), strips_.end(),
                         [&](const KnownStrip& s) { return s.line.name == strip.line.name; })
           > 1;
}

bool Mixer::is_double(const KnownStrip& strip) const {
    return std::count_if(strips_.begin(), strips_.end(),
                         [&](const KnownStrip& s) { return s.line == strip.line; })
           > 1;
}

Mixer::Update Mixer::list(const std::vector<StripLine>& lines,
                          const std::map<std::string, StripId>& renames, TimePoint now) {
    std::vector<StripLine> lines_before;
    std::vector<StripId> ids_before, ids_now;
    for (const KnownStrip& s : strips_) {
        lines_before.push_back(s.line);
        ids_before.push_back(s.id);
    }
    if (!in_doubt_ && lines == lines_before) return {};

    const bool first = strips_.empty() || in_doubt_;
    StripsListed told;
    told.structure_changed = !first;
    std::vector<KnownStrip> before = std::exchange(strips_, {});
    for (const StripLine& line : lines) {
        KnownStrip* kept = heir(line, lines, before, renames);
        KnownStrip strip = kept ? std::move(*kept) : KnownStrip{};
        if (kept) *kept = KnownStrip{}; // its line is nobody's now
        if (!strip.id) strip.id = StripId{++last_strip_};
        if (in_doubt_) void_parts(strip);
        strip.line = line;
        told.strips.push_back(
            {strip.id, line.name, false, kind_of(line.type), strip.hidden, in_doubt_});
        strips_.push_back(std::move(strip));
    }
    for (const KnownStrip& s : strips_) ids_now.push_back(s.id);

    Update update;
    update.structure_changed = in_doubt_ || ids_now != ids_before;
    if (update.structure_changed) {
        update.happenings.emplace_back(std::move(told));
        if (in_doubt_) past_.clear();
        past_.remember(values_of(ids_now), now);
    } else {
        for (const KnownStrip& s : strips_)
            if (renames.contains(s.line.name))
                update.happenings.emplace_back(StripRenamed{s.id, s.line.name});
    }
    in_doubt_ = false;
    return update;
}

std::vector<StripId> Mixer::bearers(Ssid ssid, TimePoint since) const {
    std::vector<StripId> found;
    if (ssid < 1) return found;
    for (const std::uint32_t id : past_.of(static_cast<std::size_t>(ssid) - 1, since))
        found.push_back(StripId{id});
    return found;
}

void Mixer::doubt() { in_doubt_ = true; }

Mixer::Update Mixer::list_inserts(KnownStrip& strip,
                                  const std::vector<std::pair<std::string, bool>>& plugins,
                                  std::optional<std::size_t> exchanged, TimePoint now) {
    std::vector<std::string> before, names;
    for (const KnownInsert& insert : strip.inserts) before.push_back(insert.plugin);
    for (const auto& [name, active] : plugins) names.push_back(name);
    auto pairs = matched(before, names);
    if (exchanged) pairs[*exchanged].reset();

    InsertsListed told{strip.id, {}, exchanged || (strip.parts_listed && before != names)};
    std::vector<KnownInsert> inserts;
    for (std::size_t i = 0; i < names.size(); ++i) {
        KnownInsert insert;
        if (pairs[i])
            insert = std::move(strip.inserts[*pairs[i]]);
        else
            insert.id = InsertId{++last_insert_};
        insert.plugin = names[i];
        insert.active = plugins[i].second;
        Insert entry;
        entry.id = insert.id;
        entry.plugin = insert.plugin;
        entry.slot = static_cast<std::uint16_t>(i);
        entry.bypassed.learn(!insert.active, now);
        told.inserts.push_back(std::move(entry));
        inserts.push_back(std::move(insert));
    }
    std::vector<InsertId> ids;
    for (const KnownInsert& insert : inserts) ids.push_back(insert.id);
    strip.inserts_past.remember(values_of(ids), now);
    strip.inserts = std::move(inserts);
    const bool changed = told.structure_changed;
    return {{std::move(told)}, changed};
}

Mixer::Update Mixer::exchange_insert(KnownStrip& strip, std::size_t slot, TimePoint now) {
    std::vector<std::pair<std::string, bool>> plugins;
    plugins.reserve(strip.inserts.size());
    for (const KnownInsert& insert : strip.inserts)
        plugins.emplace_back(insert.plugin, insert.active);
    return list_inserts(strip, plugins, slot, now);
}

Mixer::Update Mixer::list_sends(KnownStrip& strip, const std::vector<Send>& told_sends,
                                TimePoint now) {
    std::vector<std::string> before, names;
    for (const KnownSend& send : strip.sends) before.push_back(send.destination);
    for (const Send& send : told_sends) names.push_back(send.destination);
    const auto pairs = matched(before, names);

    SendsListed told{strip.id, told_sends, strip.parts_listed && before != names};
    std::vector<KnownSend> sends;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const SendId id = pairs[i] ? strip.sends[*pairs[i]].id : SendId{++last_send_};
        sends.push_back({id, names[i], *told_sends[i].level.value, *told_sends[i].enabled.value});
        told.sends[i].id = id;
        told.sends[i].slot = static_cast<std::uint16_t>(i);
    }
    std::vector<SendId> ids;
    ids.reserve(sends.size());
    for (const KnownSend& send : sends) ids.push_back(send.id);
    strip.sends_past.remember(values_of(ids), now);
    strip.sends = std::move(sends);
    const bool changed = told.structure_changed;
    return {{std::move(told)}, changed};
}

} // namespace prefade::ardour
