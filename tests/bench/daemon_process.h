// The real daemon beside a simulated Ardour on real sockets, and what the system says it uses. Linux.
#pragma once

#include "tests/support/ardour_sim_server.h"
#include "tests/support/own_folder.h"
#include "tests/support/prefaded_rig.h"

#include <sys/types.h>

namespace prefade::bench {

struct Desktop {
    /// Silent, not rolling, all plugins read.
    Desktop(std::size_t tracks, double frames_per_second)
        : host(tracks, frames_per_second, test::ArdourSimServer::silence),
          prefaded({folder.path(), host.address(), {}, {}}) {}

    test::OwnFolder folder;
    test::ArdourSimServer host;
    test::PrefadedRig prefaded;

    test::RpcClient& rpc() { return prefaded.rpc(); }
    void subscribe(bool to_snapshots);
    /// Of a silent host: returns once the daemon asks no more than it always does. The rig has asked for
    /// all parameters, and they are kept fresh for half a minute.
    void settle();
    /// The song plays, with these levels.
    void play(test::ArdourSimServer::Levels levels = test::ArdourSimServer::music);
    /// Lets `span` pass, reading what the daemon tells.
    void pass(test::Seconds span);
};

/// Seconds of processor time a process has used, all its threads. Throws when it is gone.
double cpu_seconds(pid_t process);
/// Its resident memory in MB (10^6 bytes).
double resident_mb(pid_t process);

} // namespace prefade::bench
