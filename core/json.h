// JSON of every core type, written once: snapshot, journal, API, tool results, transcripts. Times
// go out as ages in ms relative to `now`; silence as the string "-inf"; ids as numbers; enums by
// name; unknown as null. Names carry units: fader_db, age_ms. What is written back (control values,
// parameters) is exact; what is only looked at is rounded: levels of strips to 0.0001 dB, readings to
// 0.01. Pure; any thread.
#pragma once

#include "core/advice.h"
#include "core/move.h"
#include "core/result.h"
#include "core/session.h"
#include "core/snapshot.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace prefade {

using Json = nlohmann::json;

/// A decibel as a number, silence as "-inf".
Json to_json(Decibel level);
Json to_json(
    const ControlValue&
        value); ///< {"db":-4.5} {"pan":-0.3} {"on":true} {"normalized":0.43} {"displayed":-18}
Json to_json(const ControlPath& path);
Json to_json(const Reading& reading, TimePoint now);
Json to_json(const Parameter& parameter, TimePoint now);
Json to_json(const Strip& strip, TimePoint now, bool with_parameters = false);
Json to_json(const Host& host, TimePoint now);
Json to_json(const Transport& transport, TimePoint now);
Json to_json(const Capabilities& capabilities);
Json to_json(const Evidence& evidence, TimePoint now);
Json to_json(const Move& move);
Json to_json(
    const Outcome& outcome); ///< {"outcome":"confirmed","read_back":{"db":-4.5},"reason":""}
Json to_json(
    const MoveRecord& record); ///< the move's and the outcome's members and its own in one object
Json to_json(const Masking& masking, const Session& session, TimePoint now);
Json to_json(const Advice& advice, const Session& session, TimePoint now);
/// With `folded`: all but the first of the `standing` ones.
Json to_json(const HeldBack& held, std::size_t standing);
Json to_json(const Error& error);

/// One line without a line feed; never throws: bytes of a host's text that are no UTF-8 become U+FFFD.
std::string to_line(const Json& json);
/// The session's members and its own in one object; of its strips what a view shows, some 300 bytes each:
/// sends, inserts, trim and the like are to be asked for. Written as text at once: it is made 20 times a second.
std::string to_line(const Snapshot& snapshot, TimePoint now);

// What is missing or of the wrong kind is an error in words; members that are not known are passed over.
Result<ControlValue> control_value_from_json(const Json& json);
Result<ControlPath> control_path_from_json(const Json& json);
Result<Move> move_from_json(const Json& json);
Result<Outcome> outcome_from_json(const Json& json);
Result<MoveRecord> move_record_from_json(const Json& json);

/// Parses one document; a syntax error names line and column. Depth is limited to 64 and numbers
/// that are no numbers (NaN, 1e999) are refused.
Result<Json> parse_json(std::string_view text);

/// UTC as "2026-01-31T18:04:05.123Z"; the inverse refuses anything else.
std::string to_iso8601(WallTime at);
Result<WallTime> from_iso8601(std::string_view text);

} // namespace prefade
