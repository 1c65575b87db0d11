// The user's daemon, started from the window when none answers. It outlives the window: it is not a child to be ended
// with it. One thread.
#pragma once

#include "core/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace prefade::overlay {

class DaemonProcess {
public:
    /// `program`: prefaded; `log`: where its words go, written anew at each start.
    DaemonProcess(std::filesystem::path program, std::filesystem::path log)
        : program_(std::move(program)),
          log_(std::move(log)) {}

    bool can_start() const;
    /// Errors: io, when there is no program or no log.
    Result<void> start(const std::vector<std::string>& arguments);
    /// True while the one that was started here runs.
    bool runs();
    /// Asks it to end and waits at most 5 s.
    void end();
    /// What it said before it ended: the line with its error. Empty when there is none.
    std::string last_words() const;

private:
    std::filesystem::path program_, log_;
    std::optional<long> process_;
};

} // namespace prefade::overlay
