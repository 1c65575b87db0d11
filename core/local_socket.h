// Stream sockets between processes of one user on one machine: Unix domain sockets with mode 0600; on
// Windows the same in the user's own folder. Only line_socket uses this; it is what differs between
// operating systems. None of these calls blocks unless it says so; none is for two threads at
// once, except Doorbell::ring.
#pragma once

#include "core/result.h"
#include "core/units.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#ifdef _WIN32
#include <winsock2.h>
#else
#include <poll.h>
#endif

namespace prefade {

#ifdef _WIN32
using NativeSocket = SOCKET;
inline constexpr NativeSocket no_socket = INVALID_SOCKET;
#else
using NativeSocket = int;
inline constexpr NativeSocket no_socket = -1;
#endif
using PollEntry = ::pollfd;

/// Waits for any of the entries, at most until `deadline`. Interruptions by signals return early.
void wait_for_any(PollEntry* entries, std::size_t count, TimePoint deadline) noexcept;

/// Owns one connected, non-blocking socket.
class LocalSocket {
public:
    enum class State { moved, would_block, closed };
    struct Step {
        State state{State::closed};
        std::size_t count{0}; ///< bytes, with `moved`
    };

    LocalSocket() noexcept = default;
    explicit LocalSocket(NativeSocket socket) noexcept : socket_(socket) {}
    LocalSocket(LocalSocket&& other) noexcept : socket_(std::exchange(other.socket_, no_socket)) {}
    LocalSocket& operator=(LocalSocket&& other) noexcept {
        std::swap(socket_, other.socket_);
        return *this;
    }
    ~LocalSocket();

    NativeSocket native() const noexcept { return socket_; }
    Step read(char* into, std::size_t size) noexcept;
    Step write(std::string_view bytes) noexcept;
    /// Nothing more will be written; the other side reads to the end.
    void end_writing() noexcept;

private:
    NativeSocket socket_{no_socket};
};

/// The one listening socket at a path. A lock file beside it (PATH.lock, held while we live) decides
/// who may listen, so that of two daemons started at once exactly one wins and a socket left by a dead
/// one is replaced.
class LocalListener {
public:
    /// Errors: refused when another process holds the lock (with its process id); io.
    static Result<LocalListener> open(const std::filesystem::path& path);
    LocalListener(LocalListener&& other) noexcept;
    LocalListener& operator=(LocalListener&&) = delete;
    ~LocalListener(); ///< removes the socket; the lock file stays, as removing it would be a race

    NativeSocket native() const noexcept { return socket_; }
    /// Nothing when nobody waits; `failed` when the system has no descriptors left, for one.
    std::optional<LocalSocket> accept(bool& failed) noexcept;

private:
    LocalListener() = default;
    std::filesystem::path path_;
    NativeSocket socket_{no_socket};
    int lock_{-1};
};

/// Blocks at most `patience`. Errors: unavailable when nobody listens there; io; refused when the
/// listener belongs to another user.
Result<LocalSocket> connect_local(const std::filesystem::path& path, Duration patience);

/// Wakes a thread that waits in wait_for_any.
class Doorbell {
public:
    Doorbell(); ///< stops the program when the system has no descriptors left
    ~Doorbell();
    Doorbell(const Doorbell&) = delete;
    Doorbell& operator=(const Doorbell&) = delete;

    void ring() noexcept; ///< any thread
    void silence() noexcept;
    NativeSocket native() const noexcept { return ends_[0]; }

private:
    NativeSocket ends_[2]{no_socket, no_socket};
};

} // namespace prefade
