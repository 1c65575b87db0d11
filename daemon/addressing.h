// What a person types, into paths and values: strips by name, controls by word, values with units.
// Exact or an error that lists what exists; never something near. Pure; any thread.
#pragma once

#include "core/result.h"
#include "core/session.h"

#include <string_view>

namespace prefade {

/// By full name, exactly as the DAW shows it, or by "#7", our id. Errors: not_found with the known
/// names, ambiguous with the ids to tell them apart.
Result<const Strip*> find_strip(const Session& session, std::string_view text);

/// `fader trim pan mute solo`, `send/DESTINATION`, `send_enabled/DESTINATION`, `bypass/PLUGIN`,
/// `PLUGIN/PARAMETER`. A plugin that stands several times on a strip is told apart by its place:
/// `ACE EQ#2`. Errors: not_found, ambiguous; unavailable when the strip's inserts or sends, or the
/// insert's parameters, are not read.
Result<ControlPath> find_control(const Strip& strip, std::string_view text);

/// What names the insert in `PLUGIN/PARAMETER`; both may hold slashes: the longest name that is on this
/// strip, else what stands before the first slash.
std::string_view insert_part(const Strip& strip, std::string_view text);

/// The insert `text` names on this strip, as in find_control.
Result<const Insert*> find_insert(const Strip& strip, std::string_view text);

/// `-4.5dB` `-4.5` `-inf` for levels; `L30` `C` `R100` `-0.3` `-30%` for pan; `on` `off` for switches;
/// for a parameter the host's own number with or without its unit (`-24 dB`, `120 ms`) or `43%` of
/// its range. Errors: invalid with the form that is expected; a number outside a parameter's range.
Result<ControlValue> parse_value(const Session& session, const ControlPath& path,
                                 std::string_view text);

/// "800ms", "2s", "2 s", "250" (ms). Errors: invalid; at most one minute.
Result<Milliseconds> parse_glide(std::string_view text);

/// A number and what stands behind it, trimmed. Errors: invalid when no finite number (or "-inf")
/// leads the text.
struct NumberWithUnit {
    double number{0.0};
    std::string_view unit;
};
Result<NumberWithUnit> parse_number(std::string_view text);

} // namespace prefade
