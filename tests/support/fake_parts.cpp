// Which send and insert of a strip is which of those known before.
#include "tests/support/fake_evidence.h"

#include <algorithm>
#include <utility>

namespace prefade::test {

FakeDialect::PartChange FakeDialect::part_change(const Picture& picture,
                                                 const std::vector<int>& same, bool once) const {
    if (!once) return PartChange::several;
    bool elsewhere = entries_.size() != picture.strips.size(), seen = false;
    for (std::size_t s = 0; s < same.size(); ++s) {
        if (same[s] < 0) continue;
        const Entry& entry = entries_[index(same[s])];
        elsewhere = elsewhere || entry.was != static_cast<int>(s)
                    || entry.told.name != picture.strips[s].name;
        seen = seen || !same_plugins(entry.told, picture.strips[s]);
    }
    if (elsewhere) return PartChange::none;
    return seen ? PartChange::one_seen : PartChange::one_hidden;
}

std::vector<int> FakeDialect::same_sends(const Entry& entry, const FakeStrip& said,
                                         PartChange change) const {
    std::vector<int> same(said.sends.size(), -1);
    for (std::size_t i = 0; i < same.size() && i < entry.sends.size(); ++i) {
        const FakeSend &was = entry.told.sends[i], &is = said.sends[i];
        if (change != PartChange::several || was.destination == is.destination
            || (was.level == is.level && tells_apart(Control::send, is.level)))
            same[i] = static_cast<int>(i);
    }
    return same;
}

std::vector<int> FakeDialect::same_inserts(const Entry& entry, const FakeStrip& said,
                                           PartChange change) const {
    const auto &old = entry.told.inserts, &fresh = said.inserts;
    std::vector<int> same(fresh.size(), -1);
    const bool untouched = change == PartChange::none
                           || (change == PartChange::one_seen && same_plugins(entry.told, said));
    if (untouched && old.size() == fresh.size()) {
        for (std::size_t i = 0; i < same.size(); ++i) same[i] = static_cast<int>(i);
        return same;
    }
    Holders before, now;
    const auto collect = [this](Holders& to, const std::vector<FakeInsert>& inserts) {
        for (std::size_t i = 0; i < inserts.size(); ++i)
            for (std::size_t p = 0; p < parameters_each; ++p)
                if (tells_apart(Control::parameter, inserts[i].parameters[p]))
                    add(to, mark(Control::parameter, static_cast<int>(p), inserts[i].parameters[p]),
                        static_cast<int>(i));
    };
    collect(before, old);
    collect(now, fresh);
    const Votes votes{before, now};
    const auto bearing = [](const std::vector<FakeInsert>& in, const std::string& plugin) {
        return std::count_if(in.begin(), in.end(),
                             [&](const FakeInsert& i) { return i.plugin == plugin; });
    };
    for (int f = 0; f < static_cast<int>(fresh.size()); ++f)
        for (int o = 0; o < static_cast<int>(old.size()); ++o) {
            const std::string& plugin = fresh[index(f)].plugin;
            if (old[index(o)].plugin != plugin) continue;
            // A single change that shows: a plugin that is there once before and after is the same.
            const bool only = change == PartChange::one_seen && bearing(old, plugin) == 1
                              && bearing(fresh, plugin) == 1;
            if (only || (votes.of(o, f) > 0 && !votes.contradicted(o, f))) same[index(f)] = o;
        }
    return same;
}

/// Of two in the same slot: not provably another, as one that is as new while the other was not.
bool FakeDialect::may_be_same(const FakeInsert& was, const FakeInsert& is) const {
    bool as_new = true, differs = false;
    for (std::size_t p = 0; p < parameters_each; ++p) {
        if (brackets_.in_question(Control::parameter,
                                  from_float(Control::parameter, is.parameters[p])))
            continue;
        as_new = as_new && is.parameters[p] == default_parameter;
        differs = differs || is.parameters[p] != was.parameters[p];
    }
    return was.plugin == is.plugin && !(as_new && differs);
}

/// Gives the parts of `entry` the order of `said`; what cannot be told to be the same gets a new id.
void FakeDialect::adopt_parts(Entry& entry, const FakeStrip& said, PartChange change,
                              TimePoint now) {
    if (by_bank()) return;
    const auto real_ids = [&](const auto& known, const auto& told) {
        std::vector<int> same(told.size(), -1);
        for (std::size_t i = 0; i < told.size(); ++i)
            for (std::size_t k = 0; k < known.size(); ++k)
                if (part_witness_.at(known[k].id) == told[i].id) same[i] = static_cast<int>(k);
        return same;
    };
    const auto adopt = [&](std::vector<Part>& parts, const std::vector<int>& same, auto& told,
                           auto& trusted, const auto& saying, const auto& new_born) {
        std::vector<Part> now_parts;
        auto now_told = saying, now_trusted = new_born;
        for (std::size_t i = 0; i < saying.size(); ++i) {
            if (same[i] < 0) {
                part_witness_[++minted_] = saying[i].id;
                now_parts.push_back({minted_, now, true});
                continue;
            }
            now_parts.push_back(parts[index(same[i])]);
            now_told[i] = told[index(same[i])];
            now_trusted[i] = trusted[index(same[i])];
        }
        parts = std::move(now_parts);
        told = std::move(now_told);
        trusted = std::move(now_trusted);
    };
    const auto sends =
        ids_are_real() ? real_ids(entry.sends, said.sends) : same_sends(entry, said, change);
    const auto inserts =
        ids_are_real() ? real_ids(entry.inserts, said.inserts) : same_inserts(entry, said, change);
    FakeStrip fresh = newborn(said);
    for (std::size_t i = 0; i < said.inserts.size() && i < entry.told.inserts.size(); ++i)
        if (inserts[i] < 0 && may_be_same(entry.trusted.inserts[i], said.inserts[i])
            && std::find(inserts.begin(), inserts.end(), static_cast<int>(i)) == inserts.end())
            fresh.inserts[i] = entry.trusted.inserts[i];
    adopt(entry.sends, sends, entry.told.sends, entry.trusted.sends, said.sends, fresh.sends);
    adopt(entry.inserts, inserts, entry.told.inserts, entry.trusted.inserts, said.inserts,
          fresh.inserts);
    for (std::size_t i = 0; i < said.sends.size(); ++i)
        entry.told.sends[i].destination = said.sends[i].destination;
    for (std::size_t i = 0; i < said.inserts.size(); ++i)
        entry.told.inserts[i].plugin = said.inserts[i].plugin;
}

} // namespace prefade::test
