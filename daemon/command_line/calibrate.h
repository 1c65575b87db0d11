// `prefade calibrate`: a person moves a fader in the DAW, step by step; what the DAW shows of it becomes the law of its
// faders, kept for this user. Writes nothing to the DAW.
#pragma once

#include "connectors/fader_law.h"
#include "core/json.h"
#include "core/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace prefade::command_line {

/// The points in the daemon's answer to `host`, rising.
std::vector<FaderLaw::Point> points_in(const Json& answer);

/// What is still needed before the points make a law: from -40 dB or below to 0 dB or above, twelve of them at least,
/// nowhere above -40 dB more than 6 dB apart. In words for the person at the fader; empty when they are enough.
std::string missing_in(const std::vector<FaderLaw::Point>& points);

/// Until the points are enough and nothing new came for a while, a signal comes or `span` is over. Errors: the daemon
/// is not connected to `host`, the host tells dB itself, too few points.
Result<void> calibrate(const std::filesystem::path& socket, const std::string& host,
                       std::optional<Duration> span, bool json);

} // namespace prefade::command_line
