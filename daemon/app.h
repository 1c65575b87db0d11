// The daemon, assembled: what happens first is the list in app.cpp, and everything is taken down in
// the opposite order. Built by main; any failure names the step.
#pragma once

#include "core/result.h"

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

namespace prefade {

/// The command line of prefaded; what is empty comes from the configuration.
struct AppOptions {
    std::string host; ///< "ardour", "ardour=127.0.0.1:3819", "demo" or "demo=none"
    std::optional<std::filesystem::path> config; ///< must exist when given
    std::optional<std::filesystem::path> socket;
    std::optional<std::filesystem::path> record; ///< transcript of the wire; must not exist yet
    bool play{false};                            ///< the demo's sound on this machine's device
};

/// Runs until `stop` becomes true. Errors: configuration, rules folder, journal, socket (another daemon
/// is there), a host that cannot be opened.
Result<void> run_app(const AppOptions& options, const std::atomic<bool>& stop);

} // namespace prefade
