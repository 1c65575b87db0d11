// Which strip, send and insert of a picture is which of those known before.
#include "tests/support/fake_dialect.h"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

namespace prefade::test {
namespace {

/// A value that may tell one thing from all others: kind of control (and number) and the bits.
using Mark = std::pair<int, std::uint32_t>;

Mark mark(Control control, int parameter, float value) {
    return {static_cast<int>(control) * 16 + parameter, std::bit_cast<std::uint32_t>(value)};
}

/// Who bears each mark; -1 where several do.
using Holders = std::map<Mark, int>;

void add(Holders& holders, const Mark& m, int who) {
    const auto [at, fresh] = holders.emplace(m, who);
    if (!fresh && at->second != who) at->second = -1;
}

/// How many marks speak for each pair of an old and a new thing.
class Votes {
public:
    Votes(const Holders& old, const Holders& fresh) {
        for (const auto& [m, who] : old) {
            const auto also = fresh.find(m);
            if (who >= 0 && also != fresh.end() && also->second >= 0) ++count_[{who, also->second}];
        }
    }
    int of(int old, int fresh) const {
        const auto found = count_.find({old, fresh});
        return found == count_.end() ? 0 : found->second;
    }
    /// Some mark says that one of the two is another.
    bool contradicted(int old, int fresh) const {
        return std::any_of(count_.begin(), count_.end(), [&](const auto& c) {
            return (c.first.first == old) != (c.first.second == fresh);
        });
    }

private:
    std::map<std::pair<int, int>, int> count_;
};

template <class Parts, class Name> bool same_names(const Parts& a, const Parts& b, Name name) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](const auto& x, const auto& y) { return name(x) == name(y); });
}

bool same_plugins(const FakeStrip& a, const FakeStrip& b) {
    return same_names(a.inserts, b.inserts, [](const FakeInsert& i) { return i.plugin; });
}

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// What a control held before we ever read it, as far as anyone can say: as the host makes it.
FakeStrip newborn(FakeStrip said) {
    said.fader = born(Control::fader);
    said.pan = born(Control::pan);
    said.mute = false;
    for (FakeSend& send : said.sends) {
        send.level = born(Control::send);
        send.enabled = true;
    }
    for (FakeInsert& insert : said.inserts) {
        insert.bypassed = false;
        insert.parameters.fill(default_parameter);
    }
    return said;
}

} // namespace

/// Neither what every new strip holds nor what a stray of ours may have put there.
bool FakeDialect::tells_apart(Control control, float value) const {
    return value != born(control) && !brackets_.in_question(control, from_float(control, value));
}

// ---- strips ---------------------------------------------------------------------------------

std::vector<int> FakeDialect::same_strips(const Picture& picture, bool once) const {
    std::vector<int> same(picture.strips.size(), -1);
    if (ids_are_real()) {
        for (std::size_t s = 0; s < same.size(); ++s)
            for (std::size_t e = 0; e < entries_.size(); ++e)
                if (entries_[e].told.id == picture.strips[s].id) same[s] = static_cast<int>(e);
        return same;
    }
    return once && !by_bank() ? same_by_name(picture) : same_by_value(picture, once, 2);
}

/// After a single change names are identities: it renamed, added, removed or moved one strip.
std::vector<int> FakeDialect::same_by_name(const Picture& picture) const {
    std::vector<int> same(picture.strips.size(), -1);
    for (std::size_t s = 0; s < same.size(); ++s)
        for (std::size_t e = 0; e < entries_.size(); ++e)
            if (entries_[e].told.name == picture.strips[s].name) same[s] = static_cast<int>(e);
    const auto missing = std::count(same.begin(), same.end(), -1);
    if (missing != 1 || entries_.size() != same.size()) return same;
    const auto renamed = std::find(same.begin(), same.end(), -1) - same.begin();
    for (std::size_t e = 0; e < entries_.size(); ++e)
        if (std::find(same.begin(), same.end(), static_cast<int>(e)) == same.end()
            && entries_[e].was == renamed)
            same[index(static_cast<int>(renamed))] = static_cast<int>(e);
    return same;
}

std::vector<FakeDialect::Feature> FakeDialect::features(const FakeStrip& strip) const {
    std::vector<Feature> found;
    const auto consider = [&](Control control, int part, int parameter, float value) {
        if (tells_apart(control, value)) found.push_back({control, part, parameter, value});
    };
    consider(Control::fader, 0, 0, strip.fader);
    consider(Control::pan, 0, 0, strip.pan);
    for (std::size_t i = 0; i < strip.sends.size(); ++i)
        consider(Control::send, static_cast<int>(i), 0, strip.sends[i].level);
    for (std::size_t i = 0; i < strip.inserts.size(); ++i)
        for (std::size_t p = 0; p < parameters_each; ++p)
            consider(Control::parameter, static_cast<int>(i), static_cast<int>(p),
                     strip.inserts[i].parameters[p]);
    return found;
}

std::ptrdiff_t FakeDialect::named(const std::string& name) const {
    return std::count_if(entries_.begin(), entries_.end(),
                         [&](const Entry& e) { return e.told.name == name; });
}

/// No other strip holds this value.
bool FakeDialect::is_only(const Entry& entry, const Feature& f) const {
    return std::none_of(entries_.begin(), entries_.end(), [&](const Entry& other) {
        return other.id != entry.id && held(other.told, f.control, f.part, f.parameter) == f.value;
    });
}

/// Were it moved right after we wrote `path`: something else would still tell which strip, and which
/// insert, it is.
bool FakeDialect::known_without(const Entry& entry, const ControlPath& path, int part) const {
    int speaking = named(entry.told.name) == 1 ? 1 : 0; // two are needed: same_by_value
    bool insert = !path.insert();
    for (const Feature& f : features(entry.told)) {
        if (f.control == path.control && f.parameter == path.parameter) continue;
        if (!is_only(entry, f)) continue;
        ++speaking;
        insert = insert || (f.control == Control::parameter && f.part == part);
    }
    return speaking >= 2 && insert;
}

/// Two values that nobody else has, or one and the name (or after a single change the place).
std::vector<int> FakeDialect::same_by_value(const Picture& picture, bool once, int needed) const {
    Holders old, fresh;
    const auto collect = [this](Holders& to, const FakeStrip& strip, int who) {
        for (const Feature& f : features(strip)) add(to, mark(f.control, f.parameter, f.value), who);
    };
    for (std::size_t e = 0; e < entries_.size(); ++e)
        collect(old, entries_[e].told, static_cast<int>(e));
    for (std::size_t s = 0; s < picture.strips.size(); ++s)
        collect(fresh, picture.strips[s], static_cast<int>(s));
    const Votes votes{old, fresh};
    std::vector<int> same(picture.strips.size(), -1);
    for (int s = 0; s < static_cast<int>(same.size()); ++s)
        for (int e = 0; e < static_cast<int>(entries_.size()); ++e) {
            const Entry& entry = entries_[index(e)];
            const FakeStrip& said = picture.strips[index(s)];
            const bool hinted = (entry.told.name == said.name && named(entry.told.name) == 1)
                                || (once && entry.was == picture.first + s);
            if (votes.of(e, s) + (hinted ? 1 : 0) >= needed && votes.of(e, s) > 0
                && !votes.contradicted(e, s))
                same[index(s)] = e;
        }
    return same;
}

bool FakeDialect::place(const Picture& picture, TimePoint now) {
    const bool once = picture.layout - layout_ == 1, revised = picture.revision != revision_;
    const bool rearranged = picture.layout != layout_ || picture.first != first_;
    for (Entry& e : entries_) {
        if (revised) e.was = std::exchange(e.position, -1);
    }
    first_ = picture.first;
    const int total_before = std::exchange(total_, picture.total);
    layout_ = picture.layout;
    revision_ = picture.revision;
    if (!rearranged && complete()) return false;

    const auto same = same_strips(picture, once && revised);
    std::vector<StripId> likely(same.size()); // one value speaks for it, and none against
    if (!ids_are_real() && rearranged)
        for (std::size_t s = 0; const int e : same_by_value(picture, false, 1))
            likely[s++] = e < 0 ? StripId{} : entries_[index(e)].id;
    const PartChange change = revised ? part_change(picture, same, once) : PartChange::none;
    std::vector<StripId> window(picture.strips.size());
    bool listed = revised;
    for (std::size_t s = 0; s < window.size(); ++s) { // first those known: what is left is missing
        const int position = first_ + static_cast<int>(s);
        if (const Entry* known = at(position)) {
            window[s] = known->id;
        } else if (same[s] >= 0 && entries_[index(same[s])].position < 0) {
            Entry& entry = entries_[index(same[s])];
            adopt_parts(entry, picture.strips[s], change, now);
            entry.told.name = picture.strips[s].name;
            entry.position = position;
            window[s] = entry.id;
            listed = true;
        }
    }
    for (std::size_t s = 0; s < window.size(); ++s) {
        if (window[s]) continue;
        const bool made = made_now(picture, s, window, once && revised, total_before);
        const Entry* missing = nullptr;
        for (const Entry& e : entries_)
            if (likely[s] == e.id && e.position < 0) missing = &e;
        if (!missing && revised) missing = beside(window, s, picture.strips[s].name);
        entries_.push_back(minted(picture.strips[s], made, missing, now));
        entries_.back().position = first_ + static_cast<int>(s);
        window[s] = entries_.back().id;
        listed = true;
    }
    if (rearranged) rearranged_.push_back({now, once, std::exchange(window_, window), window});
    if (complete()) complete_total_ = total_;
    if (complete())
        listed = std::erase_if(entries_, [](const Entry& e) { return e.position < 0; }) > 0 || listed;
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
        return a.position != b.position && a.position >= 0 && (b.position < 0 || a.position < b.position);
    });
    return listed;
}

/// A strip that the host has just made: nobody is missing, or the only change since added one, and it pushed
/// on the one after it and none before.
bool FakeDialect::made_now(const Picture& picture, std::size_t cell,
                           const std::vector<StripId>& window, bool once, int total_before) const {
    if (std::none_of(entries_.begin(), entries_.end(),
                     [](const Entry& e) { return e.position < 0; }))
        return true;
    if (!once || picture.total != total_before + 1 || cell + 1 >= window.size()) return false;
    const int position = picture.first + static_cast<int>(cell);
    const auto was = [&](std::size_t at) {
        const Entry* entry = window[at] ? find(window[at]) : nullptr;
        return entry ? entry->was : -1;
    };
    const bool first = position == 0 || (cell > 0 && was(cell - 1) == position - 1);
    return first && was(cell + 1) == position;
}

/// The missing strip that stood beside the same neighbours before, or beside one of them with that name.
const FakeDialect::Entry* FakeDialect::beside(const std::vector<StripId>& window, std::size_t cell,
                                              const std::string& name) const {
    const Entry* between = nullptr;
    bool agreed = true;
    for (const std::ptrdiff_t step : {1, -1}) {
        const auto at = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(cell) + step);
        if (at >= window.size()) continue; // the end of the mixer, or of what we see of it
        const Entry* neighbour = window[at] ? find(window[at]) : nullptr;
        const Entry* found = nullptr;
        for (const Entry& e : entries_)
            if (neighbour && neighbour->was >= 0 && e.position < 0 && e.was == neighbour->was - step)
                found = &e;
        if (found && found->told.name == name) return found;
        agreed = agreed && found && (!between || between == found);
        between = found;
    }
    return agreed ? between : nullptr;
}

bool FakeDialect::complete() const {
    const auto placed = std::count_if(entries_.begin(), entries_.end(),
                                      [](const Entry& e) { return e.position >= 0; });
    return placed == total_;
}

/// The one missing strip of that name; or, when all but one are placed and there are as many as before, the
/// one that is missing.
const FakeDialect::Entry* FakeDialect::most_likely(const std::string& name) const {
    std::vector<const Entry*> missing, of_that_name;
    std::ptrdiff_t placed = 0;
    for (const Entry& e : entries_) {
        if (e.position >= 0) {
            ++placed;
            continue;
        }
        const bool goes_on = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& other) {
            return other.likely == e.id;
        });
        if (goes_on) continue; // as that other one
        missing.push_back(&e);
        if (e.told.name == name) of_that_name.push_back(&e);
    }
    if (of_that_name.size() == 1) return of_that_name.front();
    const bool last = placed == total_ - 1 && total_ == complete_total_;
    return of_that_name.empty() && last && missing.size() == 1 ? missing.front() : nullptr;
}

/// A strip that is none of those known for sure. What it held before a stray of ours, if it was one of them
/// after all: what the missing one did that one value speaks for, or else its name.
FakeDialect::Entry FakeDialect::minted(const FakeStrip& said, bool made_now, const Entry* likely,
                                       TimePoint now) {
    Entry entry;
    entry.id = StripId{++minted_};
    entry.told = said;
    entry.trusted = newborn(said);
    entry.made = now;
    strip_witness_[entry.id] = said.id;
    const auto part = [&](std::uint32_t real) {
        part_witness_[++minted_] = real;
        return Part{minted_, now, true};
    };
    for (const FakeSend& send : said.sends) entry.sends.push_back(part(send.id));
    for (const FakeInsert& insert : said.inserts) entry.inserts.push_back(part(insert.id));
    if (made_now) return entry;
    const Entry* former = likely ? likely : most_likely(said.name);
    // There are more than when all were known, and it is none of the missing ones: it is one of the new.
    entry.born_known = former || total_ > complete_total_;
    if (!former) return entry;
    entry.likely = former->id;
    entry.trusted.fader = former->trusted.fader;
    entry.trusted.pan = former->trusted.pan;
    entry.trusted.mute = former->trusted.mute;
    if (former->trusted.sends.size() == said.sends.size()) entry.trusted.sends = former->trusted.sends;
    if (same_plugins(former->told, said)) entry.trusted.inserts = former->trusted.inserts;
    return entry;
}

void FakeDialect::list(bool structure_changed, TimePoint now, DialectOutput& out) {
    StripsListed strips{{}, structure_changed};
    for (const Entry& e : entries_)
        strips.strips.push_back(
            {e.id, e.told.name, by_bank(), StripKind::audio_track, false, false});
    out.observed.push_back({now, std::move(strips)});
    if (by_bank()) return;
    for (const Entry& e : entries_) {
        InsertsListed inserts{e.id, {}, false};
        SendsListed sends{e.id, {}, false};
        for (std::size_t i = 0; i < e.inserts.size(); ++i)
            inserts.inserts.push_back({InsertId{e.inserts[i].id}, e.told.inserts[i].plugin,
                                       static_cast<std::uint16_t>(i), 0, {}, {}});
        for (std::size_t i = 0; i < e.sends.size(); ++i)
            sends.sends.push_back({SendId{e.sends[i].id}, e.told.sends[i].destination,
                                   static_cast<std::uint16_t>(i), 0, {}, {}});
        out.observed.push_back({now, std::move(inserts)});
        out.observed.push_back({now, std::move(sends)});
        for (const Part& insert : e.inserts) {
            if (!insert.fresh && !e.fresh) continue;
            ParametersListed parameters{e.id, InsertId{insert.id}, {}};
            for (std::uint16_t p = 0; p < parameters_each; ++p) {
                Parameter parameter;
                parameter.number = p;
                parameter.name = "P" + std::to_string(p);
                parameters.parameters.push_back(std::move(parameter));
            }
            out.observed.push_back({now, std::move(parameters)});
        }
    }
}

// ---- sends and inserts ----------------------------------------------------------------------

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
        if (brackets_.in_question(Control::parameter, from_float(Control::parameter, is.parameters[p])))
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
    const auto sends = ids_are_real() ? real_ids(entry.sends, said.sends)
                                      : same_sends(entry, said, change);
    const auto inserts = ids_are_real() ? real_ids(entry.inserts, said.inserts)
                                        : same_inserts(entry, said, change);
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
