// Lines of text over local sockets, both ends: what the daemon listens on and what the command line
// and the window connect to. A line ends in \n and holds at most 1 MiB. Knows nothing of what is in
// the lines. A target of its own (prefade_line), so that the vocabulary stays free of I/O.
#pragma once

#include "core/local_socket.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace prefade {

/// Listens at a path and serves all connections on one thread of its own.
class LineServer {
public:
    using Connection = std::uint64_t; ///< never used twice

    struct Limits {
        std::size_t line{1U << 20U}; ///< bytes; a longer line ends the connection
        std::size_t connections{32}; ///< one more is told so and closed
        std::size_t waiting{
            4U << 20U}; ///< bytes of answers one connection has not read; beyond it is closed. An
                        ///< answer that waits alone may be longer
    };
    /// Called on the server's thread: must not block. They may call the server.
    struct Callbacks {
        std::function<void(Connection, std::string_view line)> line; ///< without its end
        std::function<void(Connection)> gone;
        /// Called after every wake-up; answers when it wants to be called next.
        std::function<TimePoint(TimePoint now)> idle;
        std::string too_long; ///< the last line to a connection that sent too long a line
        std::string too_many; ///< the only line to a connection too many
    };

    /// The folder of `path` is made (mode 0700) when it is missing. Errors: refused "another daemon is
    /// already running on PATH (pid N)"; io.
    static Result<std::unique_ptr<LineServer>> open(const std::filesystem::path& path,
                                                    Limits limits);
    static Result<std::unique_ptr<LineServer>> open(const std::filesystem::path& path) {
        return open(path, Limits{});
    }
    /// Starts the thread. Once.
    void start(Callbacks callbacks);
    ~LineServer(); ///< writes what goes out at once, then closes all; no callback after it

    /// any thread. A line that must arrive, `line` without its end; nothing when the connection is gone.
    void send(Connection to, std::string line);
    /// any thread. A line that is worth something only while it is the newest: it replaces one offered
    /// before that the connection had no time for, which counts as skipped.
    void offer(std::span<const Connection> to, const std::shared_ptr<const std::string>& line);
    /// any thread: `idle` is called soon.
    void wake() noexcept;
    /// any thread: lines offered that were replaced before they went out, since the start.
    std::uint64_t skipped() const;

private:
    struct Impl;
    explicit LineServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// One connection to a LineServer. One thread.
class LineClient {
public:
    /// Errors: unavailable when nobody listens there, refused, io.
    static Result<LineClient> connect(const std::filesystem::path& path, Duration patience);

    /// `line` without its end. Errors: unavailable when the server is gone or does not read until `deadline`.
    Result<void> send(std::string_view line, TimePoint deadline);
    /// The next line without its end; nothing when none came until `deadline` or a signal came first.
    /// Errors: unavailable when the server is gone; invalid when a line is longer than 64 MiB.
    Result<std::optional<std::string>> receive(TimePoint deadline);

private:
    explicit LineClient(LocalSocket socket) noexcept : socket_(std::move(socket)) {}
    std::optional<std::string> next_line();
    LocalSocket socket_;
    std::string in_;
    std::size_t searched_{0};
};

} // namespace prefade
