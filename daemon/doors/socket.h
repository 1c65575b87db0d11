// JSON-RPC 2.0 over the local socket: one request a line becomes one ToolCalled, one Answer becomes one
// line back. `subscribe` {"snapshots":true} is the door's own method: from then on the connection is told
// {"method":"snapshot"}, at most 20 times a second, the newest only. No batches. A request without an id
// runs and is not answered.
#pragma once

#include "core/line_socket.h"
#include "daemon/event.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace prefade {

class SocketDoor {
public:
    static constexpr Duration snapshot_interval = std::chrono::milliseconds(50);

    /// Listens at `path`. `push` puts an event before the desk from the door's thread, never blocks, and
    /// says false when the desk's inbox is full. Errors: refused when another daemon listens there; io.
    static Result<std::unique_ptr<SocketDoor>> open(const std::filesystem::path& path,
                                                    std::function<bool(Event)> push);
    ~SocketDoor(); ///< no `push` after it

    void answer(const Answer& answer); ///< any thread
    void
    publish(std::shared_ptr<const Snapshot> snapshot); ///< any thread; serialised on the door's own
    std::uint64_t skipped_snapshots() const; ///< any thread: a slow reader had no time for

private:
    struct Impl;
    explicit SocketDoor(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade
