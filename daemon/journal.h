// The journal: every move from intent to outcome, in SQLite (WAL, full sync), on a thread of its
// own, so that a slow disk never holds up the desk. The intent is committed before the first byte
// is sent. A crash leaves moves without an outcome; on the next start they are listed as unknown
// and never repeated.
#pragma once

#include "core/json.h"
#include "core/move.h"
#include "core/result.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace prefade {

/// What the journal thread says back; the loop turns it into events.
struct JournalReport {
    enum class Kind { begun, begin_failed, trouble, session } kind{Kind::trouble};
    MoveId move;
    std::string reason;
    std::string session_key;          ///< with `session`
    std::shared_ptr<const Json> kept; ///< with `session`; null when nothing was kept
};

class Journal {
public:
    /// Opens or creates `file` (mode 0600) and starts the thread. `report` is called on the journal
    /// thread and must not block. Moves found without an outcome are closed as `unknown` first.
    /// Errors: cannot open, not a database, written by a newer version.
    static Result<std::unique_ptr<Journal>> open(const std::filesystem::path& file,
                                                 std::function<void(JournalReport)> report);
    ~Journal(); ///< finishes what is queued, at most 2 s, then ends the thread

    void begin(MoveRecord record);  ///< any thread; answered by begun or begin_failed
    void finish(MoveRecord record); ///< any thread; never dropped: retried until it is written or we end
    void keep_session(std::string session_key, Json kept); ///< roles, dismissals, brief; newest wins

    /// Answered by `session` on the journal thread: the disk may be slow, the caller must not wait.
    void load_session(std::string session_key);

    /// Called once after open, before any begin: the newest `limit` records, oldest first, all
    /// sessions. MoveIds of this run start above the largest in the file.
    Result<std::vector<MoveRecord>> records(std::size_t limit) const;
    MoveId last_id() const;

private:
    struct Impl;
    explicit Journal(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade
