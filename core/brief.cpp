#include "core/brief.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <locale>
#include <sstream>

namespace prefade {

namespace {

// The genres for which working targets are written down.
constexpr std::array<std::string_view, 21> genres{
    "ambient", "classical", "country",  "drum & bass",       "edm",   "folk", "hip-hop", "indie",
    "jazz",    "lo-fi",     "metal",    "podcast",           "pop",   "punk", "r&b",     "rap",
    "reggae",  "rock",      "shoegaze", "singer-songwriter", "techno"};

// The destinations whose delivery loudness is written down.
constexpr std::array<std::string_view, 17> platforms{
    "amazon music", "apple music", "atsc a/85", "audiobook", "bandcamp", "cd",
    "club",         "deezer",      "ebu r128",  "netflix",   "podcast",  "soundcloud",
    "spotify",      "tidal",       "tiktok",    "vinyl",     "youtube"};

template <class Names> std::string joined(const Names& names) {
    std::string text;
    for (std::string_view name : names) (text += text.empty() ? "" : ", ") += name;
    return text;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// The number at the start of `text` when nothing but `unit` follows.
std::optional<double> number_with(std::string_view text, std::string_view unit) {
    std::istringstream in{std::string(text)};
    in.imbue(std::locale::classic());
    double number{};
    std::string rest, more;
    if (!(in >> number) || !std::isfinite(number)) return std::nullopt;
    if (in >> rest && lowered(rest) != lowered(unit)) return std::nullopt;
    if (in >> more) return std::nullopt;
    return number;
}

std::string shortest(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", number);
    return text;
}

template <class Names>
Result<void> set_name(std::string& into, std::string_view key, std::string_view value,
                      const Names& known) {
    const std::string name = lowered(value);
    if (!name.empty() && std::find(known.begin(), known.end(), name) == known.end())
        return Error{ErrorCode::invalid,
                     std::string(key) + " \"" + std::string(value)
                         + "\" is not known; known: " + joined(known),
                     {}};
    into = name;
    return {};
}

template <class T>
Result<void> set_number(std::optional<T>& into, std::string_view key, std::string_view value,
                        std::string_view unit, double lowest, double highest) {
    if (value.empty()) {
        into.reset();
        return {};
    }
    const auto number = number_with(value, unit);
    if (!number || *number < lowest || *number > highest)
        return Error{ErrorCode::invalid,
                     std::string(key) + " \"" + std::string(value) + "\" is not a number of "
                         + shortest(lowest) + " .. " + shortest(highest) + ' ' + std::string(unit),
                     {}};
    into = T{*number};
    return {};
}

} // namespace

std::vector<std::string_view> known_genres() { return {genres.begin(), genres.end()}; }
std::vector<std::string_view> known_platforms() { return {platforms.begin(), platforms.end()}; }

Result<void> set(Brief& brief, std::string_view key, std::string_view value) {
    if (key == "genre") return set_name(brief.genre, key, value, genres);
    if (key == "platform") return set_name(brief.platform, key, value, platforms);
    if (key == "target") return set_number(brief.target, key, value, "LUFS", -40.0, -3.0);
    if (key == "tempo") return set_number(brief.tempo, key, value, "bpm", 20.0, 400.0);
    return Error{ErrorCode::not_found,
                 "brief has no \"" + std::string(key) + "\"; known: genre, platform, target, tempo",
                 {}};
}

std::vector<std::pair<std::string, std::string>> entries(const Brief& brief) {
    std::vector<std::pair<std::string, std::string>> all;
    if (!brief.genre.empty()) all.emplace_back("genre", brief.genre);
    if (!brief.platform.empty()) all.emplace_back("platform", brief.platform);
    if (brief.target) all.emplace_back("target", shortest(brief.target->value()) + " LUFS");
    if (brief.tempo) all.emplace_back("tempo", shortest(*brief.tempo) + " bpm");
    return all;
}

} // namespace prefade
