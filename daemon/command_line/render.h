// What the daemon answers, for people. One renderer a command, in the table of render.cpp; an answer
// without one is shown member by member. Pure; any thread.
#pragma once

#include "core/json.h"
#include "core/wording.h"
#include "daemon/command_line/text.h"

#include <optional>
#include <string>
#include <string_view>

namespace prefade::command_line {

/// Ends with a line feed.
std::string render(std::string_view command, const Json& answer, const Look& look);

/// Why an answer about moves is no success: one line; nothing when every move is confirmed or waits
/// for approval, and for answers that are about something else.
std::optional<std::string> shortfall(const Json& answer);

// ---- what several views share ---------------------------------------------------------------

/// One line: `move 3 confirmed: "Bass" fader -5.30 dB -> -9.00 dB`; what it waits for, or why it did not.
std::string move_line(const Json& record);
/// A confirmed move is good, a refused one only a warning: nothing was written.
Tone tone_of_outcome(std::string_view outcome);
Tone tone_of_severity(std::string_view severity);

std::string render_strips(const Json& answer, const Look& look);
std::string render_parameters(const Json& answer, const Look& look);
std::string render_advice(const Json& answer, const Look& look);
/// A line each, for a screen reader.
std::string render_speakable(const Json& answer);
std::string render_records(const Json& answer, const Look& look);
std::string render_ended(const Json& answer, const Look& look);
/// Members and values, for what nobody wrote a view for.
std::string render_plainly(const Json& answer, const Look& look);

} // namespace prefade::command_line
