// What only the user knows about the song: genre, where it goes, how loud it shall be, its tempo.
// Plain values, checked when set; the daemon keeps it per session, rules read it. Pure; any thread.
#pragma once

#include "core/result.h"
#include "core/units.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prefade {

struct Brief {
    std::string genre;           ///< one of `known_genres`, or empty
    std::string platform;        ///< one of `known_platforms`, or empty
    std::optional<Lufs> target;  ///< integrated loudness of the finished master, -40 .. -3 LUFS
    std::optional<double> tempo; ///< beats per minute, 20 .. 400
};

std::vector<std::string_view> known_genres();
std::vector<std::string_view> known_platforms();

/// Sets "genre", "platform", "target" ("-14", "-14 LUFS") or "tempo" ("120", "120 bpm"); an empty
/// value forgets it. Errors: unknown key, unknown name, number out of range; each with what is allowed.
Result<void> set(Brief& brief, std::string_view key, std::string_view value);

/// Key and value of all that is set, in a form that `set` takes.
std::vector<std::pair<std::string, std::string>> entries(const Brief& brief);

} // namespace prefade
