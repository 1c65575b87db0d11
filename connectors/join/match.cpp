#include "connectors/join/match.h"

#include <algorithm>
#include <optional>

namespace prefade {
namespace {

char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string without_blanks(std::string_view text) {
    std::string kept;
    for (const char c : text)
        if (c != ' ') kept += lower_case(c);
    return kept;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return text;
}

/// The first track each strip can have, in order; nothing where one finds none.
template <class Fits>
std::optional<std::vector<std::size_t>> first_fit(std::size_t strips, std::size_t tracks,
                                                  Fits fits) {
    std::vector<std::size_t> places;
    std::size_t next = 0;
    for (std::size_t strip = 0; strip < strips; ++strip, ++next) {
        while (next < tracks && !fits(strip, next)) ++next;
        if (next == tracks) return std::nullopt;
        places.push_back(next);
    }
    return places;
}

} // namespace

bool may_stand_for(std::string_view shown, std::string_view full, std::size_t letters) {
    const std::string part = without_blanks(shown), whole = without_blanks(full);
    if (part.empty()) return false;
    if (trimmed(full).size() <= letters) return part == whole;
    std::size_t at = 0;
    for (const char c : whole)
        if (at < part.size() && part[at] == c) ++at;
    return at == part.size();
}

/// The possible tracks of a strip lie between the one it gets when all are put as far to the front as they go, and the one
/// when all are put as far to the back.
std::vector<StripMatch> match(const std::vector<std::string>& shown,
                              const std::vector<std::string>& tracks, std::size_t letters) {
    std::vector<StripMatch> matches(shown.size());
    const std::size_t strips = shown.size(), all = tracks.size();
    const auto front = first_fit(strips, all, [&](std::size_t strip, std::size_t track) {
        return may_stand_for(shown[strip], tracks[track], letters);
    });
    const auto back = first_fit(strips, all, [&](std::size_t strip, std::size_t track) {
        return may_stand_for(shown[strips - 1 - strip], tracks[all - 1 - track], letters);
    });
    if (!front || !back) return matches;
    for (std::size_t strip = 0; strip < strips; ++strip) {
        const std::size_t first = (*front)[strip], last = all - 1 - (*back)[strips - 1 - strip];
        const bool shared = std::count(shown.begin(), shown.end(), shown[strip]) > 1;
        matches[strip].track = first;
        matches[strip].kind = shared          ? StripMatch::Kind::shared
                              : first == last ? StripMatch::Kind::certain
                                              : StripMatch::Kind::ambiguous;
    }
    return matches;
}

} // namespace prefade
