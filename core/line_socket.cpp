#include "core/line_socket.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace prefade {
namespace {

constexpr std::size_t one_read = 64U << 10U;           ///< bytes a connection gets in its turn
constexpr Duration farewell = std::chrono::seconds(1); ///< for a client to read why it was closed
constexpr Duration breather = std::chrono::milliseconds(100); ///< after a failed accept
constexpr Duration longest = std::chrono::seconds(60);
constexpr std::size_t longest_answer = 64U << 20U; ///< of a server to a client

} // namespace

// ---- server ---------------------------------------------------------------------------------

struct LineServer::Impl {
    /// What any thread puts there for a connection.
    struct Outbox {
        std::deque<std::string> lines;
        std::size_t bytes{0};
        std::shared_ptr<const std::string> offered;
        bool overflowed{false};
    };
    /// What the server's thread alone knows of it.
    struct Peer {
        LocalSocket socket;
        std::string in;
        std::size_t searched{0}; ///< of `in`, without a line's end
        std::string out;         ///< being written
        std::size_t written{0};
        bool heard_out{false};              ///< nothing more comes from it
        std::optional<TimePoint> leaving{}; ///< closed when it read all, at the latest then
        bool ended{false};                  ///< writing was shut down
        bool gone{false};
    };

    Impl(LocalListener own, Limits l) : listener(std::move(own)), limits(l) {}

    void run(const std::stop_token& stop) noexcept;
    void wait(TimePoint deadline);
    void accept_all();
    void serve(Connection id, Peer& peer, short happened);
    void read(Connection id, Peer& peer);
    void take_lines(Connection id, Peer& peer);
    void write(Connection id, Peer& peer);
    bool next_output(Connection id, Peer& peer);
    void dismiss(Peer& peer, const std::string& why);
    void bury();
    bool has_output(Connection id, const Peer& peer);

    LocalListener listener;
    Callbacks callbacks;
    const Limits limits;
    Doorbell bell;
    std::map<Connection, Peer> peers;
    std::vector<PollEntry> entries;
    std::vector<Connection> entry_of;
    TimePoint accept_from{};
    Connection last{0};

    mutable std::mutex mutex;
    std::map<Connection, Outbox> outboxes; ///< under `mutex`
    std::uint64_t skipped{0};              ///< under `mutex`

    std::jthread thread; ///< last: ends before what it uses
};

void LineServer::Impl::run(const std::stop_token& stop) noexcept {
    const std::stop_callback ring(stop, [this] { bell.ring(); });
    while (!stop.stop_requested()) {
        TimePoint deadline = Clock::now() + longest;
        if (callbacks.idle) deadline = std::min(deadline, callbacks.idle(Clock::now()));
        wait(deadline);
        bell.silence();
        accept_all();
        for (std::size_t i = 0; i < entry_of.size(); ++i)
            if (const auto peer = peers.find(entry_of[i]); peer != peers.end())
                serve(peer->first, peer->second, entries[i + 2].revents);
        bury();
    }
    for (auto& [id, peer] : peers) write(id, peer); // what the last callers were told
}

void LineServer::Impl::wait(TimePoint deadline) {
    const TimePoint now = Clock::now();
    entries.clear();
    entry_of.clear();
    entries.push_back({bell.native(), POLLIN, 0});
    const bool accepting = now >= accept_from;
    entries.push_back({listener.native(), static_cast<short>(accepting ? POLLIN : 0), 0});
    if (!accepting) deadline = std::min(deadline, accept_from);
    for (auto& [id, peer] : peers) {
        int wanted = 0;
        if (!peer.heard_out) wanted |= POLLIN;
        if (has_output(id, peer)) wanted |= POLLOUT;
        if (peer.leaving) deadline = std::min(deadline, *peer.leaving);
        entries.push_back({peer.socket.native(), static_cast<short>(wanted), 0});
        entry_of.push_back(id);
    }
    wait_for_any(entries.data(), entries.size(), deadline);
}

bool LineServer::Impl::has_output(Connection id, const Peer& peer) {
    if (peer.written < peer.out.size()) return true;
    if (peer.leaving) return false;
    const std::lock_guard lock(mutex);
    const Outbox& outbox = outboxes[id];
    return !outbox.lines.empty() || outbox.offered || outbox.overflowed;
}

void LineServer::Impl::accept_all() {
    if (Clock::now() < accept_from) return;
    for (;;) {
        bool failed = false;
        auto socket = listener.accept(failed);
        if (failed) accept_from = Clock::now() + breather;
        if (!socket) return;
        if (peers.size() >= 2 * limits.connections) continue; // not even a place to be told so
        const auto staying = std::count_if(peers.begin(), peers.end(),
                                           [](const auto& p) { return !p.second.leaving; });
        const bool too_many = static_cast<std::size_t>(staying) >= limits.connections;
        Peer& peer = peers[++last];
        peer.socket = std::move(*socket);
        {
            const std::lock_guard lock(mutex);
            outboxes[last];
        }
        if (too_many) dismiss(peer, callbacks.too_many);
    }
}

void LineServer::Impl::serve(Connection id, Peer& peer, short happened) {
    if ((happened & POLLIN) != 0 || ((happened & POLLHUP) != 0 && !peer.heard_out)) read(id, peer);
    write(id, peer);
    if ((happened & (POLLERR | POLLNVAL)) != 0) peer.gone = true;
    if ((happened & POLLHUP) != 0 && peer.heard_out) peer.gone = true;
    if (peer.leaving && Clock::now() >= *peer.leaving) peer.gone = true;
}

void LineServer::Impl::read(Connection id, Peer& peer) {
    std::array<char, 16U << 10U> bytes;
    for (std::size_t total = 0; total < one_read && !peer.heard_out;) {
        const auto [state, count] = peer.socket.read(bytes.data(), bytes.size());
        if (state == LocalSocket::State::would_block) return;
        if (state == LocalSocket::State::closed) {
            peer.heard_out = true;
            if (peer.leaving) peer.gone = true;
            return;
        }
        total += count;
        if (peer.leaving) continue; // what it still says does not count
        peer.in.append(bytes.data(), count);
        take_lines(id, peer);
    }
}

void LineServer::Impl::take_lines(Connection id, Peer& peer) {
    std::size_t start = 0;
    for (;;) {
        const auto end = peer.in.find('\n', std::max(start, peer.searched));
        if ((end == std::string::npos ? peer.in.size() : end) - start > limits.line) {
            dismiss(peer, callbacks.too_long);
            return;
        }
        if (end == std::string::npos) break;
        std::string_view line(peer.in.data() + start, end - start);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (!line.empty()) callbacks.line(id, line);
        start = end + 1;
    }
    peer.in.erase(0, start);
    peer.searched = peer.in.size();
}

/// Tells it why and hears nothing more from it; it has a second to read that.
void LineServer::Impl::dismiss(Peer& peer, const std::string& why) {
    peer.leaving = Clock::now() + farewell;
    peer.in.clear();
    peer.searched = 0;
    peer.out.erase(0, peer.written);
    peer.written = 0;
    peer.out += why;
    peer.out += '\n';
}

/// Takes what goes out next into `peer.out`; false when there is nothing.
bool LineServer::Impl::next_output(Connection id, Peer& peer) {
    peer.out.clear();
    peer.written = 0;
    const std::lock_guard lock(mutex);
    Outbox& outbox = outboxes[id];
    if (peer.leaving) return false;
    if (outbox.overflowed) {
        peer.gone = true;
    } else if (!outbox.lines.empty()) {
        peer.out = std::move(outbox.lines.front());
        outbox.lines.pop_front();
        outbox.bytes -= peer.out.size();
    } else if (outbox.offered) {
        peer.out = *std::exchange(outbox.offered, nullptr);
    } else {
        return false;
    }
    peer.out += '\n';
    return !peer.gone;
}

void LineServer::Impl::write(Connection id, Peer& peer) {
    while (!peer.gone && (peer.written < peer.out.size() || next_output(id, peer))) {
        const auto [state, count] =
            peer.socket.write(std::string_view(peer.out).substr(peer.written));
        if (state == LocalSocket::State::would_block) return;
        if (state == LocalSocket::State::closed) peer.gone = true;
        peer.written += count;
    }
    if (peer.leaving && !peer.ended && !peer.gone) {
        peer.socket.end_writing();
        peer.ended = true;
    }
}

void LineServer::Impl::bury() {
    for (auto peer = peers.begin(); peer != peers.end();) {
        {
            const std::lock_guard lock(mutex);
            if (outboxes[peer->first].overflowed) peer->second.gone = true;
        }
        if (!peer->second.gone) {
            ++peer;
            continue;
        }
        const Connection id = peer->first;
        peer = peers.erase(peer);
        {
            const std::lock_guard lock(mutex);
            outboxes.erase(id);
        }
        if (callbacks.gone) callbacks.gone(id);
    }
}

LineServer::LineServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineServer::~LineServer() = default;

Result<std::unique_ptr<LineServer>> LineServer::open(const std::filesystem::path& path,
                                                     Limits limits) {
    auto listener = LocalListener::open(path);
    if (!listener) return listener.error();
    return std::unique_ptr<LineServer>(
        new LineServer(std::make_unique<Impl>(std::move(*listener), limits)));
}

void LineServer::start(Callbacks callbacks) {
    PREFADE_ASSERT(!impl_->thread.joinable(), "a server is started once");
    impl_->callbacks = std::move(callbacks);
    impl_->thread =
        std::jthread([own = impl_.get()](const std::stop_token& stop) { own->run(stop); });
}

void LineServer::send(Connection to, std::string line) {
    {
        const std::lock_guard lock(impl_->mutex);
        const auto found = impl_->outboxes.find(to);
        if (found == impl_->outboxes.end()) return;
        Impl::Outbox& outbox = found->second;
        if (outbox.bytes > 0 && outbox.bytes + line.size() > impl_->limits.waiting) {
            outbox.overflowed = true; // it does not read its answers: closed
        } else {
            outbox.bytes += line.size();
            outbox.lines.push_back(std::move(line));
        }
    }
    impl_->bell.ring();
}

void LineServer::offer(std::span<const Connection> to,
                       const std::shared_ptr<const std::string>& line) {
    {
        const std::lock_guard lock(impl_->mutex);
        for (const Connection id : to) {
            const auto found = impl_->outboxes.find(id);
            if (found == impl_->outboxes.end()) continue;
            if (found->second.offered) ++impl_->skipped;
            found->second.offered = line;
        }
    }
    impl_->bell.ring();
}

void LineServer::wake() noexcept { impl_->bell.ring(); }

std::uint64_t LineServer::skipped() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->skipped;
}

// ---- client ---------------------------------------------------------------------------------

Result<LineClient> LineClient::connect(const std::filesystem::path& path, Duration patience) {
    auto socket = connect_local(path, patience);
    if (!socket) return socket.error();
    return LineClient(std::move(*socket));
}

Result<void> LineClient::send(std::string_view line, TimePoint deadline) {
    std::string out(line);
    out += '\n';
    std::string_view rest(out);
    while (!rest.empty()) {
        const auto [state, count] = socket_.write(rest);
        rest.remove_prefix(count);
        if (state == LocalSocket::State::closed)
            return Error{ErrorCode::unavailable, "the daemon is gone", {}};
        if (state != LocalSocket::State::would_block) continue;
        if (Clock::now() >= deadline)
            return Error{ErrorCode::unavailable, "the daemon does not read", {}};
        PollEntry entry{socket_.native(), POLLOUT, 0};
        wait_for_any(&entry, 1, deadline);
    }
    return {};
}

std::optional<std::string> LineClient::next_line() {
    const auto end = in_.find('\n', searched_);
    if (end == std::string::npos) {
        searched_ = in_.size();
        return std::nullopt;
    }
    std::string line = in_.substr(0, end);
    in_.erase(0, end + 1);
    searched_ = 0;
    return line;
}

Result<std::optional<std::string>> LineClient::receive(TimePoint deadline) {
    std::array<char, 64U << 10U> bytes;
    for (;;) {
        if (auto line = next_line()) return line;
        const auto [state, count] = socket_.read(bytes.data(), bytes.size());
        if (state == LocalSocket::State::closed)
            return Error{ErrorCode::unavailable, "the daemon is gone", {}};
        in_.append(bytes.data(), count);
        if (in_.size() > longest_answer)
            return Error{ErrorCode::invalid, "a line of more than 64 MiB", {}};
        if (state == LocalSocket::State::moved) continue;
        PollEntry entry{socket_.native(), POLLIN, 0};
        wait_for_any(&entry, 1, deadline);
        if (entry.revents == 0) return std::optional<std::string>{}; // time is up, or a signal came
    }
}

} // namespace prefade
