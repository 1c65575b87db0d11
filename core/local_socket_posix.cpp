#include "core/local_socket.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace prefade {
namespace {

Error system_error(const std::string& what, const std::filesystem::path& path) {
    return {ErrorCode::io, what + ": " + std::strerror(errno), path.string()};
}

bool prepare(int fd) noexcept {
    const int flags = ::fcntl(fd, F_GETFL);
    const bool is_ready = flags >= 0 && ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) >= 0
                          && ::fcntl(fd, F_SETFD, FD_CLOEXEC) >= 0;
#ifdef SO_NOSIGPIPE
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    return is_ready;
}

int new_socket() noexcept {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd >= 0 && !prepare(fd)) {
        ::close(fd);
        return -1;
    }
    return fd;
}

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string text = path.string();
    if (text.empty() || text.size() >= sizeof address.sun_path)
        return Error{ErrorCode::invalid,
                     "the path of a socket has 1 to " + std::to_string(sizeof address.sun_path - 1)
                         + " bytes, \"" + text + "\" has " + std::to_string(text.size()),
                     {}};
    std::memcpy(address.sun_path, text.data(), text.size());
    return address;
}

/// The folder exists, or is made for us alone. One made by somebody else at that place is no place for
/// a socket: whoever owns the folder can exchange what is in it.
Result<void> prepare_folder(const std::filesystem::path& folder) {
    if (folder.empty()) return {};
    std::error_code failed; // which shows in the next call
    std::filesystem::create_directories(folder.parent_path(), failed);
    if (::mkdir(folder.c_str(), 0700) == 0) return {};
    if (errno != EEXIST) return system_error("cannot make the folder of the socket", folder);
    struct stat found {};
    if (::stat(folder.c_str(), &found) != 0)
        return system_error("cannot look at the folder of the socket", folder);
    const bool others_may_exchange =
        (found.st_mode & S_IWOTH) != 0 && (found.st_mode & S_ISVTX) == 0;
    if (!S_ISDIR(found.st_mode) || (found.st_uid != ::geteuid() && found.st_uid != 0)
        || others_may_exchange)
        return Error{ErrorCode::refused,
                     "no safe place for a socket: others could exchange what is in it",
                     folder.string()};
    return {};
}

std::string process_in(int lock) {
    char text[32]{};
    const ssize_t count = ::pread(lock, text, sizeof text - 1, 0);
    std::string process(text, count > 0 ? static_cast<std::size_t>(count) : 0);
    while (!process.empty() && (process.back() < '0' || process.back() > '9')) process.pop_back();
    return process.empty() ? "unknown" : process;
}

/// Holds the lock from here on, with our process id in it. Answers its descriptor.
Result<int> take_lock(const std::filesystem::path& path) {
    const std::string file = path.string() + ".lock";
    const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) return system_error("cannot open the lock file of the socket", file);
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        const bool held = errno == EWOULDBLOCK;
        Error error = system_error("cannot lock", file);
        if (held)
            error = {ErrorCode::refused,
                     "another daemon is already running on " + path.string() + " (pid "
                         + process_in(lock) + ')',
                     path.string()};
        ::close(lock);
        return error;
    }
    const std::string process = std::to_string(::getpid()) + '\n';
    if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, process.data(), process.size(), 0) < 0) {
        Error error = system_error("cannot write the lock file of the socket", file);
        ::close(lock);
        return error;
    }
    return lock;
}

/// Binds and listens. The mode is set before anyone can connect, which is possible from `listen` on.
Result<int> listen_at(const std::filesystem::path& path, const sockaddr_un& address) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) == 0) { // we hold the lock: whoever made it is gone
        if (!S_ISSOCK(found.st_mode))
            return Error{ErrorCode::refused,
                         "there is a file at the place of the socket, and it is none",
                         path.string()};
        if (::unlink(path.c_str()) != 0)
            return system_error("cannot replace the socket of a dead daemon", path);
    }
    const int fd = new_socket();
    if (fd < 0) return system_error("cannot make a socket", path);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0
        || ::chmod(path.c_str(), 0600) != 0 || ::listen(fd, 16) != 0) {
        Error error = system_error("cannot listen", path);
        ::close(fd);
        return error;
    }
    return fd;
}

bool is_ours(int fd) noexcept {
    uid_t user{};
#ifdef SO_PEERCRED
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    user = peer.uid;
#else
    gid_t group{};
    if (::getpeereid(fd, &user, &group) != 0) return false;
#endif
    return user == ::geteuid() || user == 0 || ::geteuid() == 0;
}

} // namespace

void wait_for_any(PollEntry* entries, std::size_t count, TimePoint deadline) noexcept {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const auto wait = left < 0 ? 0 : left > 60'000 ? 60'000 : left;
    if (::poll(entries, static_cast<nfds_t>(count), static_cast<int>(wait)) < 0)
        for (std::size_t i = 0; i < count; ++i) entries[i].revents = 0;
}

LocalSocket::~LocalSocket() {
    if (socket_ != no_socket) ::close(socket_);
}

LocalSocket::Step LocalSocket::read(char* into, std::size_t size) noexcept {
    for (;;) {
        const ssize_t count = ::recv(socket_, into, size, 0);
        if (count > 0) return {State::moved, static_cast<std::size_t>(count)};
        if (count == 0) return {State::closed, 0};
        if (errno == EAGAIN || errno == EWOULDBLOCK) return {State::would_block, 0};
        if (errno != EINTR) return {State::closed, 0};
    }
}

LocalSocket::Step LocalSocket::write(std::string_view bytes) noexcept {
#ifdef MSG_NOSIGNAL
    constexpr int flags = MSG_NOSIGNAL;
#else
    constexpr int flags = 0;
#endif
    for (;;) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), flags);
        if (count >= 0) return {State::moved, static_cast<std::size_t>(count)};
        if (errno == EAGAIN || errno == EWOULDBLOCK) return {State::would_block, 0};
        if (errno != EINTR) return {State::closed, 0};
    }
}

void LocalSocket::end_writing() noexcept { ::shutdown(socket_, SHUT_WR); }

// ---- listening ------------------------------------------------------------------------------

Result<LocalListener> LocalListener::open(const std::filesystem::path& path) {
    const auto address = address_of(path);
    if (!address) return address.error();
    if (const auto folder = prepare_folder(path.parent_path()); !folder) return folder.error();
    LocalListener listener; // gives back what it holds on every way out
    const auto lock = take_lock(path);
    if (!lock) return lock.error();
    listener.lock_ = *lock;
    const auto socket = listen_at(path, *address);
    if (!socket) return socket.error();
    listener.socket_ = *socket;
    listener.path_ = path;
    return listener;
}

LocalListener::LocalListener(LocalListener&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      socket_(std::exchange(other.socket_, no_socket)),
      lock_(std::exchange(other.lock_, -1)) {}

LocalListener::~LocalListener() {
    if (socket_ != no_socket) {
        ::unlink(path_.c_str());
        ::close(socket_);
    }
    if (lock_ >= 0) ::close(lock_);
}

std::optional<LocalSocket> LocalListener::accept(bool& failed) noexcept {
    failed = false;
    const int fd = ::accept(socket_, nullptr, nullptr);
    if (fd < 0) {
        failed = errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR && errno != ECONNABORTED;
        return std::nullopt;
    }
    LocalSocket socket(fd);
    if (!prepare(fd)) {
        failed = true;
        return std::nullopt;
    }
    return socket;
}

Result<LocalSocket> connect_local(const std::filesystem::path& path, Duration patience) {
    const auto address = address_of(path);
    if (!address) return address.error();
    const TimePoint deadline = Clock::now() + patience;
    for (;;) {
        LocalSocket socket(new_socket());
        if (socket.native() == no_socket) return system_error("cannot make a socket", path);
        if (::connect(socket.native(), reinterpret_cast<const sockaddr*>(&*address),
                      sizeof *address)
            == 0) {
            if (!is_ours(socket.native()))
                return Error{ErrorCode::refused, "the socket belongs to another user",
                             path.string()};
            return socket;
        }
        if (errno != EAGAIN && errno != EINTR) break; // EAGAIN: its queue of callers is full now
        if (Clock::now() >= deadline) break;
        wait_for_any(nullptr, 0, Clock::now() + std::chrono::milliseconds(5));
    }
    if (errno == ENOENT || errno == ECONNREFUSED || errno == EAGAIN)
        return Error{ErrorCode::unavailable, "no daemon answers on " + path.string(),
                     path.string()};
    return system_error("cannot connect", path);
}

// ---- waking ---------------------------------------------------------------------------------

Doorbell::Doorbell() {
    const bool made = ::pipe(ends_) == 0 && prepare(ends_[0]) && prepare(ends_[1]);
    PREFADE_ASSERT(made, "a pipe can be made");
}

Doorbell::~Doorbell() {
    ::close(ends_[0]);
    ::close(ends_[1]);
}

void Doorbell::ring() noexcept {
    const char byte = 1;
    if (::write(ends_[1], &byte, 1) < 0) return; // full: it rings already
}

void Doorbell::silence() noexcept {
    char bytes[64];
    while (::read(ends_[0], bytes, sizeof bytes) > 0) {
    }
}

} // namespace prefade
