// What speaks for two things being the same: values that only one of the old and one of the new ones bear.
// Inside of FakeDialect only; desk thread.
#pragma once

#include "tests/support/fake_dialect.h"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

namespace prefade::test {

/// A value that may tell one thing from all others: kind of control (and number) and the bits.
using Mark = std::pair<int, std::uint32_t>;

inline Mark mark(Control control, int parameter, float value) {
    return {static_cast<int>(control) * 16 + parameter, std::bit_cast<std::uint32_t>(value)};
}

/// Who bears each mark; -1 where several do.
using Holders = std::map<Mark, int>;

inline void add(Holders& holders, const Mark& m, int who) {
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

inline bool same_plugins(const FakeStrip& a, const FakeStrip& b) {
    return same_names(a.inserts, b.inserts, [](const FakeInsert& i) { return i.plugin; });
}

inline std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// What a control held before we ever read it, as far as anyone can say: as the host makes it.
inline FakeStrip newborn(FakeStrip said) {
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

} // namespace prefade::test
