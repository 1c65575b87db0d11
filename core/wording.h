// The words for what a snapshot or an answer of the daemon says: the same in the terminal, in the window and
// in a screen reader's voice. Takes JSON as core/json.h writes it; what another version left out is worded as not
// known. Pure; any thread.
#pragma once

#include "core/json.h"

#include <string>
#include <string_view>

namespace prefade {

/// "connected to ardour "mix" at 127.0.0.1:3819", "looking for a DAW on this machine".
std::string host_line(const Json& host);
/// "ask: each move waits for your yes; your own are made at once".
std::string mode_text(std::string_view mode);
/// "playing at 1:02.5", "stopped", "not known".
std::string transport_text(const Json& transport);
/// "fader, trim": what of the names in the list `can` begins with `verb`, or, where not `able`, is missing from it.
/// Without a verb: those that begin with none. "nothing" when there is none.
std::string capabilities_text(const Json& can, std::string_view verb, bool able);
/// What `can` has not: "reading of pan; writing of trim, pan; undo"; empty when nothing is missing.
std::string lacks_text(const Json& can);

/// "FAULT", "CAUTION", "HINT".
std::string severity_text(const Json& advice);
/// "sample peak of the master after its fader, last 3 s: +1.25 dBFS", "armed: yes", "track faders over +2 dB: 3".
std::string evidence_text(const Json& evidence);
/// All of an advice in one line, each with its strip.
std::string evidence_line(const Json& advice);

/// What of the advice that is true is not shown at once, of a snapshot or an answer of `advice`: "3 folded, 1 dismissed,
/// 2 not now, 1 new one waits for your hand"; empty when nothing is held back. Where the folded ones are seen, without them.
std::string held_back_text(const Json& told, bool with_folded = true);

/// Older than `stale_ms`, or of no known age.
bool is_stale(const Json& age_ms);
/// A reading as text, in parentheses when it is stale.
std::string reading_text(const Json& level, const Json& age_ms, bool sign = false);
/// The newest level meter of a strip's readings; null when it has none.
const Json& level_meter(const Json& strip);

/// `"Bass" fader`, `"Vox" ACE EQ / Gain 2`, `"Snare" send to "Reverb"`.
std::string control_text(const Json& record);
/// The value that a move's record has under `name` (before, target, read_back): "-4.50 dB", "L30", "on", "-".
std::string value_text(const Json& record, std::string_view name);
/// True for a move that waits for a person.
bool is_proposed(const Json& record);
/// "confirmed", "in place": its outcome, else its stage.
std::string stage_or_outcome(const Json& record);
/// What a move changes, what the DAW has instead where that is not so, and why.
std::string change_text(const Json& record);

/// An advice for a screen reader, one sentence a fact: what, why with its numbers, what can be done. Signs, arrows and
/// units are words.
std::string speakable(const Json& advice);
/// `text` with its signs, arrows and units as words: "minus 4.5 decibels".
std::string spoken(std::string_view text);

} // namespace prefade
