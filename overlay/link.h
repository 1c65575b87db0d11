// The line to the daemon: one thread that connects, subscribes, turns snapshots into what is shown and swaps the
// newest in; commands go out on it. When the daemon goes away it tries again until it is back, and shows that. What
// it publishes is immutable.
#pragma once

#include "overlay/daemon_process.h"
#include "overlay/ui.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace prefade::overlay {

class Link {
public:
    struct Setup {
        std::filesystem::path socket;
        DaemonProcess daemon;
        bool start_daemon{true}; ///< once, when none answers at first
        bool demo{false};        ///< that one with the demo
        /// Reader thread: there is something new.
        std::function<void()> wake;
    };
    explicit Link(Setup setup);
    ~Link(); ///< closes the line; the daemon goes on
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// any thread; never null.
    std::shared_ptr<const View> newest() const;
    /// any thread. Without a daemon it is dropped, and that is said.
    void send(Command command);
    /// any thread: start the user's daemon, or the demo in it.
    void start_daemon();
    void start_demo();
    /// any thread: what only `status` tells is wanted from now on.
    void want_status(bool wanted);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade::overlay
