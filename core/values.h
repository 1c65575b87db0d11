// Values of the daemon's JSON as an engineer reads them: "-4.5", "L30", "12 s ago". Unknown is "-",
// never 0; a missing or wrong member is unknown too, as the daemon may be another version. Pure.
#pragma once

#include "core/json.h"
#include "core/units.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace prefade {

/// Readings older than this look stale: ten times the interval of a meter that tells ten times a second.
inline constexpr double stale_ms = 1000.0;

/// The member, or null.
const Json& member(const Json& object, std::string_view name);
/// The member as one harmless line; empty when it is no text.
std::string text_of(const Json& object, std::string_view name);
/// The member when it is a finite number, else `otherwise`.
double number_of(const Json& object, std::string_view name, double otherwise);
bool flag_of(const Json& object, std::string_view name);
/// What people call this host: its name, and DEMO where it is no DAW of theirs. Empty while there is none.
std::string host_name(const Json& host);
/// The elements of a list; of anything else none.
const Json& list_of(const Json& object, std::string_view name);
/// Texts of a list, joined.
std::string joined(const Json& list, std::string_view between = ", ");

/// "-4.5", "+3.0" where `sign` asks for it, "-inf", "-".
std::string level_text(const Json& level, int decimals = 1, bool sign = false);
std::string level_text(double level, int decimals = 1, bool sign = false);
/// "L30", "C", "R100", "-".
std::string pan_text(const Json& pan);
/// "12": a whole number, an id; "-".
std::string whole_text(const Json& number);
/// "0.3 s", "42 s", "3 min", "2 h", "-".
std::string age_text(const Json& age_ms);
/// "1:02.5" of seconds; "-".
std::string clock_text(const Json& seconds);
/// "2026-01-31T18:04:05.123Z" as local "18:04:05", or with the date when `date` asks for it; "-".
std::string time_text(const Json& iso8601, bool date = false);
std::string time_text(WallTime at, bool date = false);

} // namespace prefade
