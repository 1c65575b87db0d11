// Text as it is drawn from left to right: Dear ImGui knows neither the direction of a script nor joined letters.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace prefade::overlay {

/// UTF-8 in visual order by the Unicode bidirectional algorithm (UAX #9) in a left-to-right paragraph, Arabic
/// letters in their joined forms. Text without such scripts comes back as it is; so does text that is no UTF-8.
std::string visual(std::string_view text);

} // namespace prefade::overlay
