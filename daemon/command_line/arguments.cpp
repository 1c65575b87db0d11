#include "daemon/command_line/arguments.h"

#include "core/text.h"
#include "daemon/command_line/manual.h"
#include "daemon/command_line/text.h"
#include "daemon/tools.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace prefade::command_line {
namespace {

using Type = ToolArgument::Type;

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

Error misuse(std::string message) { return {ErrorCode::invalid, std::move(message), {}}; }

Error misuse(const Command& command, const std::string& message) {
    return misuse(message + "; usage: prefade " + command.usage());
}

std::string in_quotes(std::string_view word) { return '"' + printable(word) + '"'; }

Argument* find(std::vector<Argument>& arguments, std::string_view name) {
    const auto found = std::find_if(arguments.begin(), arguments.end(),
                                    [&](const Argument& a) { return a.described.name == name; });
    return found == arguments.end() ? nullptr : &*found;
}

/// The tools of the daemon as commands; `advice` can also be followed and read aloud, and `ask` works without one.
std::vector<Command> tool_commands() {
    std::vector<Command> commands;
    for (const Tool& tool : all_tools()) {
        commands.push_back(command_of(tool.described));
        if (commands.back().name == "ask") // its words need no quotes
            commands.back().arguments.front().form = Form::words;
        if (commands.back().name != "advice") continue;
        commands.back().arguments.push_back(
            {{"follow", Type::flag, false, "print each advice as it fires and ends, until Ctrl-C"},
             Form::flag,
             {}});
        commands.back().arguments.push_back(
            {{"speakable", Type::flag, false,
              "a line of plain sentences each, for a screen reader: signs and units as words"},
             Form::flag,
             {}});
    }
    return commands;
}

/// Reads words one by one into a Request.
class Reader {
public:
    Reader(std::span<const std::string> words, const std::vector<Command>& commands)
        : words_(words),
          commands_(commands) {}

    Result<Request> read() {
        for (; at_ < words_.size(); ++at_) {
            const std::string& word = words_[at_];
            Result<void> taken;
            if (!only_bare_ && word == "--")
                only_bare_ = true;
            else if (!only_bare_ && (word == "-h" || word.starts_with("--")))
                taken = option(word);
            else if (!request_.command)
                taken = choose(word);
            else
                taken = value(word);
            if (!taken) return taken.error();
        }
        if (request_.help || request_.version) return request_;
        if (!request_.command) return misuse("a command is missing; `prefade --help` lists them");
        for (const Argument& a : request_.command->arguments)
            if (a.described.required && !request_.arguments.contains(a.described.name))
                return misuse(*request_.command, a.label + " is missing");
        return request_;
    }

private:
    Result<void> choose(const std::string& word) {
        if (word == "help") {
            request_.help = true;
            return {};
        }
        const auto found = std::find_if(commands_.begin(), commands_.end(),
                                        [&](const Command& c) { return c.name == word; });
        if (found == commands_.end())
            return misuse("there is no command " + in_quotes(word)
                          + "; `prefade --help` lists them");
        request_.command = &*found;
        arguments_ = found->arguments;
        return {};
    }

    Result<std::string> rest_or_next(const std::string& word, std::size_t equals) {
        if (equals != std::string::npos) return word.substr(equals + 1);
        if (at_ + 1 >= words_.size()) return misuse(in_quotes(word) + " needs a value after it");
        return words_[++at_];
    }

    Result<void> option(const std::string& word) {
        const std::size_t equals = word.find('=');
        const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
        if (word == "-h" || word == "--help")
            request_.help = true;
        else if (word == "--version")
            request_.version = true;
        else if (word == "--json")
            request_.json = true;
        else if (name == "socket") {
            auto path = rest_or_next(word, equals);
            if (!path) return path.error();
            request_.socket = *path;
        } else if (const Argument* argument = find(arguments_, name); !argument) {
            const std::string message = "there is no option " + in_quotes(word.substr(0, equals));
            return request_.command ? misuse(*request_.command, message)
                                    : misuse(message + "; `prefade --help` lists them");
        } else if (argument->form == Form::flag) {
            if (equals != std::string::npos)
                return misuse(*request_.command, "--" + name + " takes no value");
            request_.arguments[name] = true;
        } else {
            auto text = rest_or_next(word, equals);
            if (!text) return text.error();
            return store(*argument, *text);
        }
        return {};
    }

    Result<void> value(const std::string& word) {
        if (const std::size_t equals = word.find('='); !only_bare_ && equals != std::string::npos)
            if (const Argument* pair = find(arguments_, word.substr(0, equals));
                pair && !pair->described.required && pair->form != Form::flag)
                return store(*pair, word.substr(equals + 1));
        for (const Argument& a : arguments_) {
            if (a.form == Form::list) {
                request_.arguments[a.described.name].push_back(word);
                return {};
            }
            if (a.form == Form::words) {
                Json& text = request_.arguments[a.described.name];
                text = text.is_string() ? text.get<std::string>() + ' ' + word : word;
                return {};
            }
            if (a.form == Form::bare && !request_.arguments.contains(a.described.name))
                return store(a, word);
        }
        return misuse(*request_.command,
                      in_quotes(word) + " is one word too many; a name with spaces needs quotes");
    }

    Result<void> store(const Argument& argument, const std::string& text) {
        const std::string& name = argument.described.name;
        if (request_.arguments.contains(name))
            return misuse(*request_.command, argument.label + " is given twice");
        if (argument.described.type == Type::text) {
            request_.arguments[name] = text;
            return {};
        }
        double number = 0.0;
        const char* end = text.data() + text.size();
        const auto [at, failed] = std::from_chars(text.data(), end, number);
        if (failed != std::errc{} || at != end || !std::isfinite(number))
            return misuse(*request_.command,
                          argument.label + " is a number, not " + in_quotes(text));
        request_.arguments[name] = number;
        return {};
    }

    std::span<const std::string> words_;
    const std::vector<Command>& commands_;
    std::vector<Argument> arguments_; ///< of the command
    Request request_;
    std::size_t at_{0};
    bool only_bare_{false};
};

} // namespace

std::string Argument::usage() const {
    std::string text;
    switch (form) {
    case Form::bare: text = label; break;
    case Form::list:
    case Form::words: text = label + "..."; break;
    case Form::pair: text = described.name + '=' + label; break;
    case Form::option: text = "--" + described.name + ' ' + label; break;
    case Form::flag: text = "--" + described.name; break;
    }
    return described.required ? text : '[' + text + ']';
}

std::string Command::usage() const {
    std::string text = name;
    for (const Argument& a : arguments) text += ' ' + a.usage();
    return text;
}

Command command_of(const ToolDescription& tool) {
    const auto left_out =
        std::count_if(tool.arguments.begin(), tool.arguments.end(),
                      [](const auto& a) { return !a.required && a.type != Type::flag; });
    Command command{tool.name, tool.summary, {}, manual_of(tool.name)};
    for (const ToolArgument& a : tool.arguments) {
        const Form form = a.type == Type::flag          ? Form::flag
                          : a.required || left_out == 1 ? Form::bare
                                                        : Form::pair;
        command.arguments.push_back({a, form, upper(a.name)});
    }
    return command;
}

std::vector<Command> all_commands() {
    std::vector<Command> commands = tool_commands();
    for (const OwnCommand& own : own_commands()) {
        commands.push_back(command_of(own.described));
        for (Argument& a : commands.back().arguments) {
            if (a.described.name == own.listed) a.form = Form::list;
            for (const auto& [name, label] : own.options)
                if (a.described.name == name) {
                    a.form = Form::option;
                    a.label = label;
                }
        }
    }
    return commands;
}

Result<Request> parse(std::span<const std::string> words, const std::vector<Command>& commands) {
    return Reader(words, commands).read();
}

std::string help_text(const std::vector<Command>& commands, std::string_view version,
                      std::size_t width) {
    const std::size_t column = width && width < 100 ? 26 : 40;
    const std::string margin(column, ' ');
    std::string text = "prefade " + std::string(version)
                       + ": the command line of prefaded, which listens to your DAW's mixer\n\n"
                         "usage: prefade COMMAND [ARGUMENT...] [--json] [--socket PATH]\n\n";
    for (const Command& command : commands) {
        const std::string usage = "  " + command.usage();
        const bool beside = display_width(usage) < column;
        if (!beside) text += fitted(usage + '\n', width);
        std::string head = beside ? padded(usage, column) : margin;
        for (const std::string& line : wrapped(command.summary, width ? width - column : 0)) {
            text += head + line + '\n';
            head = margin;
        }
    }
    return text + fitted(general_manual, width);
}

std::string help_text(const Command& command, std::size_t width) {
    std::string text = "prefade " + command.usage() + "\n\n  " + command.summary + '\n';
    if (!command.arguments.empty()) text += '\n';
    for (const Argument& a : command.arguments)
        text += padded("  " + a.usage(), 24) + ' ' + a.described.doc + '\n';
    if (!command.manual.empty()) text += '\n' + command.manual;
    text += "\n--json prints one JSON document instead. `prefade --help` lists all commands.\n";
    return fitted(text, width);
}

Result<Duration> parse_duration(std::string_view text) {
    const Error wrong{ErrorCode::invalid,
                      '"' + printable(text) + "\" is no duration; write 90s, 300ms, 5m or 1h",
                      {}};
    double number = 0.0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{}) return wrong;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    constexpr std::pair<std::string_view, double> units[] = {
        {"", 1.0}, {"s", 1.0}, {"ms", 0.001}, {"m", 60.0}, {"min", 60.0}, {"h", 3600.0}};
    for (const auto& [name, seconds] : units)
        if (name == unit && number > 0.0 && number * seconds <= 1e7)
            return std::chrono::duration_cast<Duration>(
                std::chrono::duration<double>(number * seconds));
    return wrong;
}

} // namespace prefade::command_line
