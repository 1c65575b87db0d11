// The commands that need no daemon: analyse, check, setup, doctor. Each prints its report on standard output; an
// error is what makes the exit status 1.
#pragma once

#include "core/json.h"
#include "core/result.h"
#include "daemon/command_line/text.h"
#include "knowledge/check.h"

#include <filesystem>
#include <optional>
#include <string>

namespace prefade::command_line {

struct Output {
    Look look;
    bool json{false};
};

/// `path`: empty for the shipped rules and the user's own.
Result<void> run_check(const std::string& path, const Output& output);
/// The steps, and what of them is done. Of a DAW that comes to Prefade's ports that is the chain from those to its mixer, as
/// the daemon at `socket` knows it; `watch`: a line whenever a link becomes another, until all are alive or a signal comes.
Result<void> run_setup(const std::string& host, const std::filesystem::path& socket, bool watch,
                       const Output& output);
/// Error also when a file is broken, after the report of all.
Result<void> run_analyse(const Json& arguments, const Output& output);
/// What of the words of `analyse` can be no number or measure; nothing when all can.
std::optional<Error> misuse_of_analyse(const Json& arguments);
Result<void> run_doctor(const std::optional<std::filesystem::path>& socket, const Output& output);

std::string render(const CheckReport& report, const Look& look);
Json to_json(const CheckReport& report);

} // namespace prefade::command_line
