#include "daemon/command_line/run.h"

#include "core/places.h"
#include "core/text.h"
#include "core/values.h"
#include "daemon/command_line/arguments.h"
#include "daemon/command_line/ask.h"
#include "daemon/command_line/calibrate.h"
#include "daemon/command_line/client.h"
#include "daemon/command_line/coach.h"
#include "daemon/command_line/offline.h"
#include "daemon/command_line/render.h"
#include "daemon/command_line/terminal.h"
#include "daemon/config.h"

#include <cstdio>
#include <cstdlib>

namespace prefade::command_line {
namespace fs = std::filesystem;
namespace {

constexpr int done = 0, not_done = 1, misused = 2;

int complain(const Error& error, int status) {
    const std::string line =
        printable(error.where.empty() || error.message.find(error.where) != std::string::npos
                      ? error.message
                      : error.where + ": " + error.message);
    std::fprintf(stderr, "prefade: %s\n", line.c_str());
    return status;
}

int finish(const Result<void>& ended) { return ended ? done : complain(ended.error(), not_done); }

/// Where the daemon listens: as asked for, else where it would by its own settings.
Result<fs::path> socket_of(const Request& request) {
    if (request.socket) return *request.socket;
    std::error_code failed;
    const fs::path settings = config_folder() / "prefade.toml";
    if (!fs::exists(settings, failed)) return default_socket();
    const auto config = load_config(settings);
    if (!config) return config.error();
    return config->socket;
}

Result<void> ask_daemon(const Request& request, const fs::path& socket) {
    auto client = Client::connect(socket);
    if (!client) return client.error();
    const std::string& command = request.command->name;
    Json arguments = request.arguments;
    const bool speakable = command == "advice" && arguments.erase("speakable") > 0; // ours
    const auto answer = client->call(command, arguments);
    if (!answer) return answer.error();
    const auto wrong = shortfall(*answer);
    const std::string text =
        request.json ? answer->dump(2, ' ', false, Json::error_handler_t::replace) + '\n'
        : speakable  ? render_speakable(*answer)
                     : render(command, *answer, look_of_output());
    if ((request.json || !wrong) && !print(text))
        return Error{ErrorCode::io, "standard output cannot be written", {}};
    if (wrong) return Error{ErrorCode::refused, *wrong, {}};
    return {};
}

Result<void> run_ask(const Request& request, const fs::path& socket) {
    const auto answer = ask(request.arguments["question"].get<std::string>(), socket);
    if (!answer) return answer.error();
    if (print(request.json ? answer->dump(2, ' ', false, Json::error_handler_t::replace) + '\n'
                           : render_answer(*answer, look_of_output())))
        return {};
    return Error{ErrorCode::io, "standard output cannot be written", {}};
}

Result<std::optional<Duration>> span_of(const Request& request) {
    if (!request.arguments.contains("for")) return std::optional<Duration>{};
    const auto parsed = parse_duration(request.arguments["for"].get<std::string>());
    if (!parsed) return parsed.error();
    return std::optional<Duration>{*parsed};
}

Result<void> run_coach(const Request& request, const fs::path& socket) {
    const auto span = span_of(request);
    if (!span) return span.error();
    const char* given = std::getenv("PREFADE_SOCKET");
    const bool usual = !request.socket && !(given && *given);
    return coach(socket, usual, *span, request.json);
}

/// A value that only this program reads and cannot use: misuse, as when the daemon's table refuses one.
std::optional<Error> misuse_of(const Request& request) {
    const std::string& command = request.command->name;
    if (command == "analyse") return misuse_of_analyse(request.arguments);
    if (command != "coach" && command != "calibrate") return std::nullopt;
    const auto span = span_of(request);
    return span ? std::nullopt : std::optional(span.error());
}

Result<void> carry_out(const Request& request) {
    const std::string& command = request.command->name;
    const Output output{look_of_output(), request.json};
    if (command == "check")
        return run_check(request.arguments.value("path", std::string{}), output);
    if (command == "analyse") return run_analyse(request.arguments, output);
    if (command == "doctor") return run_doctor(request.socket, output);
    const auto socket = socket_of(request);
    if (!socket) return socket.error();
    if (command == "setup")
        return run_setup(request.arguments["host"].get<std::string>(), *socket,
                         request.arguments.contains("watch"), output);
    if (command == "coach") return run_coach(request, *socket);
    if (command == "ask") return run_ask(request, *socket);
    if (command == "calibrate") {
        const auto span = span_of(request);
        if (!span) return span.error();
        return calibrate(*socket, request.arguments["host"].get<std::string>(), *span,
                         request.json);
    }
    if (command == "advice" && request.arguments.contains("follow"))
        return follow_advice(*socket, request.json ? LineForm::json
                                      : request.arguments.contains("speakable")
                                          ? LineForm::speakable
                                          : LineForm::log);
    return ask_daemon(request, *socket);
}

} // namespace

int run(std::span<const std::string> words) {
    const std::vector<Command> commands = all_commands();
    const auto request = parse(words, commands);
    if (!request) return complain(request.error(), misused);
    if (request->version) return print("prefade " PREFADE_VERSION "\n") ? done : not_done;
    const std::size_t width = look_of_output().width;
    if (request->help)
        return print(request->command ? help_text(*request->command, width)
                                      : help_text(commands, PREFADE_VERSION, width))
                   ? done
                   : not_done;
    if (const auto misuse = misuse_of(*request)) return complain(*misuse, misused);
    return finish(carry_out(*request));
}

} // namespace prefade::command_line
