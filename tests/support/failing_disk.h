// A disk that fills, breaks, stalls or takes the whole process with it: an SQLite VFS over the real one,
// by name, so that the product's journal runs on it unchanged. Reading, writing and syncing pass through
// it; locks and the rest are the real ones. Any thread.
#pragma once

#include "core/units.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

#include <sqlite3.h>

namespace prefade::test {

class FailingDisk {
public:
    FailingDisk();
    ~FailingDisk(); ///< waits until every file on it is closed
    FailingDisk(const FailingDisk&) = delete;
    FailingDisk& operator=(const FailingDisk&) = delete;

    const char* name() const noexcept { return name_.c_str(); }

    enum class Mode {
        healthy,
        full,    ///< what makes a file longer or changes it: SQLITE_FULL
        broken,  ///< reads, writes and syncs: SQLITE_IOERR
        stalled, ///< writes and syncs wait until the mode changes
    };
    void set(Mode mode);
    /// The process is killed (SIGKILL) in this many writes and syncs from now: after half of a write, before a
    /// sync.
    void kill_at(std::uint64_t operation);
    std::uint64_t operations() const;  ///< writes and syncs since the start
    bool wait_stalled(Duration limit); ///< until a write or sync waits; false when none did

    /// For the C callbacks: what becomes of a write or sync; SQLITE_OK: do it. `half`: do half of it, then
    /// the process ends.
    int judge(bool& half);
    int judge_read();
    void opened();
    void closed();

private:
    std::string name_;
    sqlite3_vfs vfs_{};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Mode mode_{Mode::healthy};
    std::uint64_t operations_{0}, kill_at_{0};
    int stalled_{0}, open_{0};
};

} // namespace prefade::test
