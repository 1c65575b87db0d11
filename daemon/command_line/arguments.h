// Commands, and the words of a command line read against them. The commands of the daemon come from the
// table of tools, so a new tool is a command at once; a few more run in this program. Pure; any thread.
#pragma once

#include "core/json.h"
#include "core/result.h"
#include "core/tool.h"
#include "core/units.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace prefade::command_line {

/// How an argument is written. Every one may also be written --name VALUE or name=VALUE but the
/// required ones, which are bare.
enum class Form {
    bare,   ///< by its place: STRIP, [MOVE]
    list,   ///< by its place, once or more, behind all others: PATH...
    words,  ///< by its place, all the words that follow as one text: QUESTION...
    pair,   ///< name=VALUE, where several may be left out
    option, ///< --name VALUE
    flag,   ///< --name
};

struct Argument {
    ToolArgument described;
    Form form{Form::bare};
    std::string label; ///< of the value: "STRIP"
    std::string usage() const;
};

struct Command {
    std::string name, summary;
    std::vector<Argument> arguments; ///< bare ones first, in their order
    std::string manual;              ///< what the columns mean, examples; may be empty
    std::string usage() const;       ///< "set STRIP CONTROL VALUE [glide=GLIDE]"
};

/// The command of a tool. A single argument that may be left out is bare, several are pairs.
Command command_of(const ToolDescription& tool);
/// All there are: the daemon's tools in their order, then our own (coach, setup, analyse, doctor ...).
std::vector<Command> all_commands();

/// What a command line asks for.
struct Request {
    const Command* command{nullptr}; ///< null: only `help` or `version`
    Json arguments = Json::object();
    bool json{false}, help{false}, version{false};
    std::optional<std::filesystem::path> socket;
};

/// The words after the program's name. Errors: misuse, in one line with the usage.
Result<Request> parse(std::span<const std::string> words, const std::vector<Command>& commands);

/// "90", "90s", "1.5m", "1h", "300ms". Errors: anything else, or not above 0.
Result<Duration> parse_duration(std::string_view text);

/// For a terminal of `width` columns; 0: as wide as it gets.
std::string help_text(const std::vector<Command>& commands, std::string_view version,
                      std::size_t width);
std::string help_text(const Command& command, std::size_t width);

} // namespace prefade::command_line
