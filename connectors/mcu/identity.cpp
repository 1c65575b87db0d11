#include "connectors/mcu/identity.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>

namespace prefade::mcu {
namespace {

/// A list with how often each name stands in it.
struct Named {
    explicit Named(const std::vector<Seen>& seen) : strips(seen) {}
    std::size_t size() const { return strips.size(); }
    const Seen& operator[](std::size_t at) const { return strips[at]; }
    std::ptrdiff_t count(const std::string& name) const {
        return std::count_if(strips.begin(), strips.end(),
                             [&](const Seen& each) { return each.name == name; });
    }
    /// The only one of its name whose fader stands there.
    bool is_only(std::size_t at) const {
        return std::count_if(strips.begin(), strips.end(),
                             [&](const Seen& each) {
                                 return each.name == strips[at].name
                                        && each.fader == strips[at].fader;
                             })
               == 1;
    }
    const std::vector<Seen>& strips;
};

class Comparison {
public:
    Comparison(const std::vector<Seen>& were, const std::vector<Seen>& are,
               std::optional<std::uint16_t> born, const std::function<bool(std::uint16_t)>& is_ours)
        : was_(were),
          is_(are),
          born_(born),
          found_(are.size()) {
        for (const Seen& each : are) ours_.push_back(each.fader && is_ours(*each.fader));
        for (std::size_t i = 0; i < are.size() && are.size() == were.size(); ++i)
            if (were[i].name != are[i].name) others_.push_back(i);
    }

    std::vector<std::optional<std::size_t>> find() {
        const bool is_in_order = was_.size() == is_.size() && others_.size() < 2;
        for (std::size_t i = 0; i < is_.size(); ++i)
            found_[i] = is_in_order && was_[i].name == is_[i].name ? i : by_name(i);
        // Two that claim to be one are neither.
        const auto claims = found_;
        for (auto& each : found_)
            if (each && std::count(claims.begin(), claims.end(), each) > 1) each.reset();
        for (std::size_t i = 0; i < is_.size(); ++i)
            if (!found_[i]) found_[i] = as_last_of_name(i);
        for (std::size_t i = 0; i < is_.size(); ++i)
            if (!found_[i]) found_[i] = by_place(i);
        const auto left = std::count(found_.begin(), found_.end(), std::nullopt);
        if (left != 1 || is_.size() != was_.size()) return found_;
        for (std::size_t i = 0; i < is_.size(); ++i)
            if (!found_[i]) found_[i] = by_fader(i);
        return found_;
    }

private:
    bool is_single(const std::string& name) const {
        return is_.count(name) == 1 && was_.count(name) == 1;
    }
    bool stands_still(std::size_t now, std::size_t before) const {
        return was_[before].fader == is_[now].fader;
    }
    bool may_stand_still(std::size_t now, std::size_t before) const {
        return ours_[now] || stands_still(now, before);
    }
    bool left(std::size_t now, std::size_t before) const {
        return now > 0 && before > 0 && is_[now - 1].name == was_[before - 1].name
               && is_single(is_[now - 1].name);
    }
    bool right(std::size_t now, std::size_t before) const {
        return now + 1 < is_.size() && before + 1 < was_.size()
               && is_[now + 1].name == was_[before + 1].name && is_single(is_[now + 1].name);
    }
    bool is_beside(std::size_t now, std::size_t before) const {
        return left(now, before) || right(now, before);
    }
    /// Neither of its neighbours is another.
    bool is_between(std::size_t now, std::size_t before) const {
        const bool at_left = now == 0 ? before == 0 : before > 0 && found_[now - 1] == before - 1;
        const bool is_last = now + 1 == is_.size();
        const bool at_right = is_last ? before + 1 == was_.size() : found_[now + 1] == before + 1;
        return at_left && at_right;
    }
    /// Its fader stands where it says something: it was read, and is not where new strips have theirs.
    bool is_telling(std::size_t now) const {
        const auto& fader = is_[now].fader;
        return fader && born_ && std::abs(static_cast<int>(*fader) - static_cast<int>(*born_)) > 1;
    }
    /// Its fader stands where that of another has stood: names have slid.
    bool is_anothers(std::size_t now, std::size_t before) const {
        if (!is_telling(now) || stands_still(now, before)) return false;
        for (std::size_t other = 0; other < was_.size(); ++other)
            if (other != before && was_[other].fader == is_[now].fader) return true;
        return false;
    }
    /// "03" in the third place: hosts count strips that nobody has named, and count anew when one goes.
    bool is_counted(std::size_t now, std::size_t before) const {
        const std::string& name = is_[now].name;
        const auto first = name.find_first_of("0123456789");
        if (now != before || first == std::string::npos) return false;
        const auto last = name.find_last_of("0123456789");
        std::size_t number = 0;
        const auto [end, failed] =
            std::from_chars(name.data() + first, name.data() + last + 1, number);
        return failed == std::errc{} && end == name.data() + last + 1 && number == now + 1;
    }
    bool speaks_for(std::size_t now, std::size_t before) const {
        const std::string& name = is_[now].name;
        if (is_counted(now, before)) return is_telling(now) && stands_still(now, before);
        if (is_single(name))
            return (is_beside(now, before) && !is_anothers(now, before))
                   || may_stand_still(now, before);
        if (ours_[now]) return is_beside(now, before) && is_.count(name) == was_.count(name);
        return stands_still(now, before)
               && (is_beside(now, before)
                   || (is_[now].fader && is_.is_only(now) && was_.is_only(before)));
    }
    std::optional<std::size_t> by_name(std::size_t now) const {
        std::optional<std::size_t> found;
        for (std::size_t before = 0; before < was_.size(); ++before) {
            if (was_[before].name != is_[now].name || !speaks_for(now, before)) continue;
            if (found) return std::nullopt;
            found = before;
        }
        return found;
    }
    /// All others of its name are known, and it stands where a message of ours may have brought it.
    std::optional<std::size_t> as_last_of_name(std::size_t now) const {
        const std::string& name = is_[now].name;
        if (!ours_[now] || is_.count(name) < 2 || is_.count(name) != was_.count(name))
            return std::nullopt;
        for (std::size_t i = 0; i < is_.size(); ++i)
            if (i != now && is_[i].name == name && !found_[i]) return std::nullopt;
        for (std::size_t before = 0; before < was_.size(); ++before)
            if (was_[before].name == name && std::count(found_.begin(), found_.end(), before) == 0)
                return before;
        return std::nullopt;
    }
    /// Its name is another, or tells it from no other.
    std::optional<std::size_t> by_place(std::size_t now) const {
        for (std::size_t before = 0; before < was_.size(); ++before) {
            const bool is_there = others_.size() == 1 ? now == before : is_between(now, before);
            const bool is_taken = std::count(found_.begin(), found_.end(), before) > 0;
            if (is_there && !is_taken && may_stand_still(now, before)
                && (others_.size() == 1 || is_telling(now))
                && (is_[now].name == was_[before].name || is_renamed(now, before)))
                return before;
        }
        return std::nullopt;
    }
    /// It has another name and another place: the only one left whose fader stands just there, before and after. Not of one
    /// that stands as hosts make them.
    std::optional<std::size_t> by_fader(std::size_t now) const {
        const auto& fader = is_[now].fader;
        if (!is_telling(now) || ours_[now]) return std::nullopt;
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < is_.size(); ++i)
            if (i != now && is_[i].fader == fader) return std::nullopt;
        for (std::size_t before = 0; before < was_.size(); ++before) {
            if (was_[before].fader != fader) continue;
            const bool is_taken = std::count(found_.begin(), found_.end(), before) > 0;
            if (found || is_taken || !is_renamed(now, before)) return std::nullopt;
            found = before;
        }
        return found;
    }
    bool is_renamed(std::size_t now, std::size_t before) const {
        const std::string &name = is_[now].name, &former = was_[before].name;
        return was_.count(name) == 0 && is_.count(former) == 0;
    }

    const Named was_, is_;
    const std::optional<std::uint16_t> born_;
    std::vector<bool> ours_;          ///< of `is_`
    std::vector<std::size_t> others_; ///< in lists of one length: places where another name stands
    std::vector<std::optional<std::size_t>> found_;
};

} // namespace

std::vector<std::optional<std::size_t>>
same_strips(const std::vector<Seen>& were, const std::vector<Seen>& are,
            std::optional<std::uint16_t> born, const std::function<bool(std::uint16_t)>& is_ours) {
    return Comparison(were, are, born, is_ours).find();
}

} // namespace prefade::mcu
