// The journal's database: the only place that speaks SQL to it. Blocking; used by one thread at a time.
#pragma once

#include "core/json.h"
#include "core/move.h"
#include "core/result.h"

#include <sqlite3.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace prefade {

class JournalFile {
public:
    struct Found {
        std::vector<MoveRecord> records; ///< the newest, oldest first
        std::size_t unreadable{0};       ///< passed over; they stay in the file
    };

    /// Reads the newest `most` records. What was left open is closed as unknown. All of that is one
    /// transaction: a file that gives an error is left as it was. Errors as Journal::open. `set_aside` gets
    /// the new name of a file that was no database.
    static Result<JournalFile> open(const std::filesystem::path& file, const char* vfs,
                                    std::size_t most, std::string& set_aside);

    /// Committed on return. An id that is in the file already is an error.
    Result<void> begin(const MoveRecord& record);
    Result<void> finish(const MoveRecord& record); ///< committed on return; added or replaced
    /// What `writes` does is committed as one, with one wait for the disk, or none of it.
    Result<void> together(const std::function<Result<void>()>& writes);
    Result<void> keep(const std::string& session_key, const std::string& kept);
    Result<std::string> kept(const std::string& session_key); ///< empty when nothing
    Found take_found() { return std::move(found_); }          ///< once, after `open`
    /// The largest id the runs before may have given out. Ids are given out before their record lands here
    /// (a proposal has none for a while), so a run reserves some ahead, and after a crash the next one goes
    /// on above those.
    MoveId last_id() const { return MoveId{static_cast<std::uint32_t>(last_)}; }
    /// The run ends in order: every id it gave out has its record. What it had reserved is free again.
    Result<void> release();

private:
    struct Close {
        void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
    };
    using Handle = std::unique_ptr<sqlite3, Close>;
    JournalFile(Handle db, std::filesystem::path file)
        : db_(std::move(db)),
          file_(std::move(file)) {}

    static Result<Handle> connect(const std::filesystem::path& file, const char* vfs);
    Result<void> prepare(std::size_t most);
    Result<void> make_schema();
    Result<void> read(std::size_t most);
    Result<void> close_unknown();
    Result<void> close_unreadable();
    Result<void> find_last();
    Result<void> reserve(std::int64_t used);
    Result<std::int64_t> number(const char* sql);
    Result<void> write(const MoveRecord& record, const char* on_conflict);
    Result<void> run(const char* sql);
    Error error() const;

    Handle db_;
    std::filesystem::path file_;
    Found found_;
    std::int64_t last_{0}; ///< largest id of the runs before
    std::int64_t reserved_{
        0}; ///< ids up to this one may be given out before the file must say more
};

} // namespace prefade
