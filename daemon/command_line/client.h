// The daemon as this program sees it: calls that are answered, and snapshots that come by themselves.
// Blocks; main thread.
#pragma once

#include "core/json.h"
#include "core/line_socket.h"

#include <nlohmann/json.hpp>

#include <deque>
#include <filesystem>
#include <optional>
#include <string>

namespace prefade::command_line {

class Client {
public:
    /// Errors: unavailable when no daemon listens at `socket` (with how to start one), refused, io.
    static Result<Client> connect(const std::filesystem::path& socket);

    /// The result of a tool. Waits as long as the daemon shows signs of life. Errors: the daemon's own;
    /// unavailable when it has gone or is silent for 10 s.
    Result<Json> call(const std::string& tool, const Json& arguments);

    /// From now on snapshots come.
    Result<void> subscribe();
    /// The newest snapshot; nothing when none came until `deadline` or a signal came first.
    Result<std::optional<Json>> snapshot(TimePoint deadline);

private:
    Client(LineClient line, std::filesystem::path socket)
        : line_(std::move(line)),
          socket_(std::move(socket)) {}
    Result<void> send(const std::string& method, const Json& params, std::uint64_t id);
    Result<std::optional<Json>> receive(TimePoint deadline);
    Error gone() const;

    LineClient line_;
    std::filesystem::path socket_;
    std::optional<Json> newest_; ///< a snapshot that came while something else was waited for
    std::uint64_t last_id_{0};
};

} // namespace prefade::command_line
