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
    /// thread and must not block. Moves found without an outcome are closed as `unknown` first. A file
    /// that is no database at all is set aside as FILE.broken-DATE and told as trouble. Errors: cannot
    /// open, damaged, in use by another daemon, written by a newer version. `vfs`: of SQLite, for tests
    /// with a failing disk.
    static Result<std::unique_ptr<Journal>> open(const std::filesystem::path& file,
                                                 std::function<void(JournalReport)> report,
                                                 const char* vfs = nullptr);
    ~Journal(); ///< writes what is queued; leaves after 2 s even if the disk still does not answer

    /// any thread; never waits. Answered by begun or begin_failed, once. At most 1024 may be waiting.
    void begin(MoveRecord record);
    /// any thread; never waits, never drops: tried again until it is written. The newest state wins; a
    /// record that was never begun is added whole.
    void finish(MoveRecord record);
    void keep_session(std::string session_key, const Json& kept); ///< any thread; the newest wins
    /// any thread; answered by `session`.
    void load_session(std::string session_key);

    static constexpr std::size_t most_records = 10'000;
    /// What the file held when it was opened: the newest `most_records`, oldest first, of all sessions.
    const std::vector<MoveRecord>& found() const;
    MoveId last_id() const; ///< the largest ever used; ids of this run start above it

private:
    struct Impl;
    explicit Journal(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_; ///< shared with the thread, which may outlive us on a dead disk
};

} // namespace prefade
