// What Prefade may do by itself, and how much. Data from config/policy.toml and the user's own
// file; the Gate applies it. Plain values; any thread.
#pragma once

#include "core/result.h"
#include "core/session.h"
#include "core/snapshot.h"

#include <filesystem>
#include <string>
#include <vector>

namespace prefade {

struct Policy {
    Mode mode{Mode::ask};    ///< at start
    Decibel step{3.0};       ///< largest change of one automatic move
    Decibel per_minute{6.0}; ///< largest sum of automatic changes of one control in a minute
    Decibel ceiling{6.0};    ///< no move, by whomever but undo, above this level
    Milliseconds hand_pause{
        2000.0}; ///< after a hand on the strip, nothing is written for this long
    Milliseconds value_age{
        10'000.0};             ///< older values do not count where the host shows only a bank
    Milliseconds glide{300.0}; ///< of automatic moves
    std::vector<Control> automatic{Control::fader, Control::trim,
                                   Control::send}; ///< controls `auto` may move
    std::vector<std::string> strips{
        "*"}; ///< names or roles `auto` may move; "*" is every strip but the master
};

/// Reads `file` over the defaults. Errors: unreadable, syntax, unknown key, value out of range; each
/// with file and line.
Result<Policy> load_policy(const std::filesystem::path& file);

/// True when mode auto may touch this strip and control.
bool covers(const Policy& policy, const Strip& strip, Control control);

} // namespace prefade
