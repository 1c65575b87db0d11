// Windows has Unix domain sockets since version 10 1803, without ancillary data. Who may connect is who
// may open the socket's file: the folder is the user's own (%LOCALAPPDATA%), which its ACL keeps from others.
#include "core/local_socket.h"

#include <winsock2.h> // before windows.h

#include <afunix.h>
#include <windows.h>

#include <cstring>
#include <limits>
#include <string>
#include <system_error>

namespace prefade {
namespace {

/// Once a process; never undone, as sockets may outlive any place that could undo it.
bool sockets_started() noexcept {
    static const bool started = [] {
        WSADATA data{};
        return ::WSAStartup(MAKEWORD(2, 2), &data) == 0;
    }();
    return started;
}

Error system_error(const std::string& what, const std::filesystem::path& path, DWORD code) {
    return {ErrorCode::io, what + ": " + std::system_category().message(static_cast<int>(code)),
            path.string()};
}

Error socket_error(const std::string& what, const std::filesystem::path& path) {
    return system_error(what, path, static_cast<DWORD>(::WSAGetLastError()));
}

bool prepare(SOCKET socket) noexcept {
    u_long on = 1;
    return ::ioctlsocket(socket, FIONBIO, &on) == 0
           && ::SetHandleInformation(reinterpret_cast<HANDLE>(socket), HANDLE_FLAG_INHERIT, 0);
}

SOCKET new_socket(int family, int type) noexcept {
    if (!sockets_started()) return no_socket;
    const SOCKET socket = ::socket(family, type, 0);
    if (socket != no_socket && !prepare(socket)) {
        ::closesocket(socket);
        return no_socket;
    }
    return socket;
}

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::u8string text = path.u8string();
    if (text.empty() || text.size() >= sizeof address.sun_path)
        return Error{ErrorCode::invalid,
                     "the path of a socket has 1 to " + std::to_string(sizeof address.sun_path - 1)
                         + " bytes, \"" + path.string() + "\" has " + std::to_string(text.size()),
                     {}};
    std::memcpy(address.sun_path, text.data(), text.size());
    return address;
}

/// Opened without sharing: a second daemon cannot open it while we live. The handle fits an int: handles
/// are small numbers on every Windows (32 significant bits, by its documentation).
Result<int> take_lock(const std::filesystem::path& path) {
    std::filesystem::path file = path;
    file += ".lock";
    const HANDLE lock = ::CreateFileW(file.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr,
                                      OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (lock != INVALID_HANDLE_VALUE)
        return static_cast<int>(reinterpret_cast<std::intptr_t>(lock));
    const DWORD code = ::GetLastError();
    if (code == ERROR_SHARING_VIOLATION)
        return Error{ErrorCode::refused, "another daemon is already running on " + path.string(),
                     path.string()};
    return system_error("cannot open the lock file of the socket", file, code);
}

int chunk(std::size_t size) noexcept {
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<int>::max());
    return static_cast<int>(size < most ? size : most);
}

LocalSocket::Step step_of(int count, bool zero_is_end) noexcept {
    if (count > 0 || (count == 0 && !zero_is_end))
        return {LocalSocket::State::moved, static_cast<std::size_t>(count)};
    if (count < 0 && ::WSAGetLastError() == WSAEWOULDBLOCK)
        return {LocalSocket::State::would_block, 0};
    return {LocalSocket::State::closed, 0};
}

} // namespace

void wait_for_any(PollEntry* entries, std::size_t count, TimePoint deadline) noexcept {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const auto wait = left < 0 ? 0 : left > 60'000 ? 60'000 : left;
    if (count == 0) // WSAPoll refuses an empty list
        return ::Sleep(static_cast<DWORD>(wait));
    if (::WSAPoll(entries, static_cast<ULONG>(count), static_cast<INT>(wait)) < 0)
        for (std::size_t i = 0; i < count; ++i) entries[i].revents = 0;
}

LocalSocket::~LocalSocket() {
    if (socket_ != no_socket) ::closesocket(socket_);
}

LocalSocket::Step LocalSocket::read(char* into, std::size_t size) noexcept {
    return step_of(::recv(socket_, into, chunk(size), 0), true);
}

LocalSocket::Step LocalSocket::write(std::string_view bytes) noexcept {
    return step_of(::send(socket_, bytes.data(), chunk(bytes.size()), 0), false);
}

void LocalSocket::end_writing() noexcept { ::shutdown(socket_, SD_SEND); }

// ---- listening ------------------------------------------------------------------------------

Result<LocalListener> LocalListener::open(const std::filesystem::path& path) {
    const auto address = address_of(path);
    if (!address) return address.error();
    std::error_code failed; // shows in the next call
    if (!path.parent_path().empty())
        std::filesystem::create_directories(path.parent_path(), failed);
    LocalListener listener; // gives back what it holds on every way out
    const auto lock = take_lock(path);
    if (!lock) return lock.error();
    listener.lock_ = *lock;
    std::filesystem::remove(path, failed); // we hold the lock: whoever made it is gone
    listener.socket_ = new_socket(AF_UNIX, SOCK_STREAM);
    if (listener.socket_ == no_socket) return socket_error("cannot make a socket", path);
    if (::bind(listener.socket_, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0
        || ::listen(listener.socket_, 16) != 0)
        return socket_error("cannot listen", path);
    listener.path_ = path;
    return listener;
}

LocalListener::LocalListener(LocalListener&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      socket_(std::exchange(other.socket_, no_socket)),
      lock_(std::exchange(other.lock_, -1)) {}

LocalListener::~LocalListener() {
    std::error_code failed; // nobody is left to tell
    if (socket_ != no_socket) {
        ::closesocket(socket_);
        if (!path_.empty()) std::filesystem::remove(path_, failed);
    }
    if (lock_ != -1) ::CloseHandle(reinterpret_cast<HANDLE>(static_cast<std::intptr_t>(lock_)));
}

std::optional<LocalSocket> LocalListener::accept(bool& failed) noexcept {
    failed = false;
    const SOCKET caller = ::accept(socket_, nullptr, nullptr);
    if (caller == no_socket) {
        const int code = ::WSAGetLastError();
        failed = code != WSAEWOULDBLOCK && code != WSAECONNRESET && code != WSAEINTR;
        return std::nullopt;
    }
    LocalSocket socket(caller);
    if (!prepare(caller)) {
        failed = true;
        return std::nullopt;
    }
    return socket;
}

Result<LocalSocket> connect_local(const std::filesystem::path& path, Duration) {
    const auto address = address_of(path);
    if (!address) return address.error();
    LocalSocket socket(new_socket(AF_UNIX, SOCK_STREAM));
    if (socket.native() == no_socket) return socket_error("cannot make a socket", path);
    if (::connect(socket.native(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address)
        == 0)
        return socket;
    return Error{ErrorCode::unavailable, "no daemon answers on " + path.string(), path.string()};
}

// ---- waking ---------------------------------------------------------------------------------

/// No pipe can be polled there: two UDP sockets on loopback, each connected to the other alone.
Doorbell::Doorbell() {
    sockaddr_in places[2]{};
    bool made = true;
    for (int i = 0; i < 2; ++i) {
        ends_[i] = new_socket(AF_INET, SOCK_DGRAM);
        places[i].sin_family = AF_INET;
        places[i].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int size = sizeof places[i];
        auto* const place = reinterpret_cast<sockaddr*>(&places[i]);
        made = made && ends_[i] != no_socket && ::bind(ends_[i], place, size) == 0
               && ::getsockname(ends_[i], place, &size) == 0;
    }
    for (int i = 0; i < 2; ++i)
        made = made
               && ::connect(ends_[i], reinterpret_cast<const sockaddr*>(&places[1 - i]),
                            sizeof places[1 - i])
                      == 0;
    PREFADE_ASSERT(made, "a pair of loopback sockets can be made");
}

Doorbell::~Doorbell() {
    ::closesocket(ends_[0]);
    ::closesocket(ends_[1]);
}

void Doorbell::ring() noexcept {
    const char byte = 1;
    if (::send(ends_[1], &byte, 1, 0) < 0) return; // full: it rings already
}

void Doorbell::silence() noexcept {
    char bytes[64];
    while (::recv(ends_[0], bytes, sizeof bytes, 0) > 0) {
    }
}

} // namespace prefade
