// Which strip of a picture is which of those known before.
#include "tests/support/fake_evidence.h"

#include <algorithm>
#include <utility>

namespace prefade::test {
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
        for (const Feature& f : features(strip))
            add(to, mark(f.control, f.parameter, f.value), who);
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

    std::vector<StripId> window(picture.strips.size());
    bool listed = place_known(picture, revised, once, window, now) || revised;
    listed = place_new(picture, revised, once && picture.total == total_before + 1, window, now)
             || listed;
    if (rearranged) rearranged_.push_back({now, once, std::exchange(window_, window), window});
    if (complete()) {
        complete_total_ = total_;
        listed =
            std::erase_if(entries_, [](const Entry& e) { return e.position < 0; }) > 0 || listed;
    }
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
        return a.position != b.position && a.position >= 0
               && (b.position < 0 || a.position < b.position);
    });
    return listed;
}

/// Those known. What is left of the entries is missing, or by bank in another one.
bool FakeDialect::place_known(const Picture& picture, bool revised, bool once,
                              std::vector<StripId>& window, TimePoint now) {
    const auto same = same_strips(picture, once && revised);
    const PartChange change = revised ? part_change(picture, same, once) : PartChange::none;
    bool placed = false;
    for (std::size_t s = 0; s < window.size(); ++s) {
        const int position = first_ + static_cast<int>(s);
        if (const Entry* known = at(position)) {
            window[s] = known->id;
        } else if (same[s] >= 0 && entries_[index(same[s])].position < 0) {
            Entry& entry = entries_[index(same[s])];
            adopt_parts(entry, picture.strips[s], change, now);
            entry.told.name = picture.strips[s].name;
            entry.position = position;
            window[s] = entry.id;
            placed = true;
        }
    }
    return placed;
}

/// The others get new ids. `one_more`: all that happened since is that one was added.
bool FakeDialect::place_new(const Picture& picture, bool revised, bool one_more,
                            std::vector<StripId>& window, TimePoint now) {
    const auto likely =
        ids_are_real() ? std::vector<int>(window.size(), -1) : same_by_value(picture, false, 1);
    bool placed = false;
    for (std::size_t s = 0; s < window.size(); ++s) {
        if (window[s]) continue;
        const bool made = made_now(picture, s, window, one_more);
        const Entry* missing =
            nullptr; // by a value, or its name, or its neighbours, or as the last
        if (likely[s] >= 0 && entries_[index(likely[s])].position < 0)
            missing = &entries_[index(likely[s])];
        if (!missing) missing = missing_called(picture.strips[s].name);
        if (!missing && revised) missing = beside(window, s);
        if (!missing) missing = last_missing();
        Entry entry = minted(picture.strips[s], made, missing, now);
        entry.position = first_ + static_cast<int>(s);
        window[s] = entry.id;
        entries_.push_back(std::move(entry)); // at the end: `likely` counts from the front
        placed = true;
    }
    return placed;
}

/// A strip that the host has just made: nobody is missing, or the only change since added one, and it pushed
/// on the one after it and none before.
bool FakeDialect::made_now(const Picture& picture, std::size_t cell,
                           const std::vector<StripId>& window, bool one_more) const {
    if (std::none_of(entries_.begin(), entries_.end(),
                     [](const Entry& e) { return e.position < 0; }))
        return true;
    if (!one_more || cell + 1 >= window.size()) return false;
    const int position = picture.first + static_cast<int>(cell);
    const auto was = [&](std::size_t at) {
        const Entry* entry = window[at] ? find(window[at]) : nullptr;
        return entry ? entry->was : -1;
    };
    const bool first = position == 0 || (cell > 0 && was(cell - 1) == position - 1);
    return first && was(cell + 1) == position;
}

/// The missing strip that stood between the same neighbours before.
const FakeDialect::Entry* FakeDialect::beside(const std::vector<StripId>& window,
                                              std::size_t cell) const {
    const Entry* between = nullptr;
    const int position = first_ + static_cast<int>(cell);
    for (const int step : {1, -1}) {
        if (position + step < 0 || position + step >= total_) continue; // no neighbour on that side
        const auto at = static_cast<std::size_t>(static_cast<int>(cell) + step);
        const Entry* neighbour = at < window.size() && window[at] ? find(window[at]) : nullptr;
        const Entry* found = nullptr;
        for (const Entry& e : entries_)
            if (neighbour && neighbour->was >= 0 && e.position < 0
                && e.was == neighbour->was - step)
                found = &e;
        if (!found || (between && between != found)) return nullptr;
        between = found;
    }
    return between;
}

bool FakeDialect::complete() const {
    const auto placed = std::count_if(entries_.begin(), entries_.end(),
                                      [](const Entry& e) { return e.position >= 0; });
    return placed == total_;
}

/// Goes on under another id already, as far as anyone can say.
bool FakeDialect::goes_on(const Entry& entry) const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [&](const Entry& other) { return other.likely == entry.id; });
}

/// The missing strip of that name, when there is one.
const FakeDialect::Entry* FakeDialect::missing_called(const std::string& name) const {
    const Entry* found = nullptr;
    for (const Entry& e : entries_) {
        if (e.position >= 0 || e.told.name != name) continue;
        const bool as_such = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& other) {
            return other.likely == e.id && other.told.name == name;
        });
        if (as_such) continue;
        if (found) return nullptr;
        found = &e;
    }
    return found;
}

/// The only one that is missing, when all others are placed and there are as many as before.
const FakeDialect::Entry* FakeDialect::last_missing() const {
    const Entry* found = nullptr;
    int placed = 0;
    for (const Entry& e : entries_) {
        if (e.position >= 0) {
            ++placed;
        } else if (!goes_on(e)) {
            if (found) return nullptr;
            found = &e;
        }
    }
    return placed == total_ - 1 && total_ == complete_total_ ? found : nullptr;
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
    const Entry* former = likely;
    // There are more than when all were known, and it is none of the missing ones: it is one of the new.
    entry.born_known = former || total_ > complete_total_;
    if (!former) return entry;
    entry.likely = former->id;
    entry.trusted.fader = former->trusted.fader;
    entry.trusted.pan = former->trusted.pan;
    entry.trusted.mute = former->trusted.mute;
    if (former->trusted.sends.size() == said.sends.size())
        entry.trusted.sends = former->trusted.sends;
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
            inserts.inserts.push_back({InsertId{e.inserts[i].id},
                                       e.told.inserts[i].plugin,
                                       static_cast<std::uint16_t>(i),
                                       0,
                                       {},
                                       {}});
        for (std::size_t i = 0; i < e.sends.size(); ++i)
            sends.sends.push_back({SendId{e.sends[i].id},
                                   e.told.sends[i].destination,
                                   static_cast<std::uint16_t>(i),
                                   0,
                                   {},
                                   {}});
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

} // namespace prefade::test
