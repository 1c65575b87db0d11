// The journal's database: the only place that speaks SQL to it. Blocking; used by one thread at a time.
#pragma once

#include "core/json.h"
#include "core/move.h"
#include "core/result.h"

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace prefade {

class JournalFile {
public:
    /// Errors as Journal::open. `set_aside` gets the new name of a file that was no database.
    static Result<JournalFile> open(const std::filesystem::path& file, const char* vfs,
                                    std::string& set_aside);

    Result<void>
    begin(const MoveRecord& record); ///< committed on return; keeps a record that is there
    Result<void> finish(const MoveRecord& record); ///< committed on return; added or replaced
    Result<void> keep(const std::string& session_key, const std::string& kept);
    Result<std::string> kept(const std::string& session_key); ///< empty when nothing
    Result<std::vector<MoveRecord>> records(std::size_t limit);
    Result<MoveId> last_id();

private:
    struct Close {
        void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
    };
    using Handle = std::unique_ptr<sqlite3, Close>;
    JournalFile(Handle db, std::filesystem::path file)
        : db_(std::move(db)),
          file_(std::move(file)) {}

    static Result<Handle> connect(const std::filesystem::path& file, const char* vfs);
    Result<void> prepare_schema();
    Result<void> close_unknown();
    Result<void> write(const MoveRecord& record, const char* on_conflict);
    Result<void> run(const char* sql);
    Error error() const;

    Handle db_;
    std::filesystem::path file_;
};

} // namespace prefade
