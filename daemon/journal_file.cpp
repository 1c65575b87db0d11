#include "daemon/journal_file.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <limits>
#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

namespace prefade {
namespace fs = std::filesystem;
namespace {

constexpr int schema_version = 1;
/// Ids reserved at a time. More can only be given out without a record landing here while the disk answers
/// nothing at all for as many moves.
constexpr std::int64_t block = 200;

constexpr const char* unknown_reason = "the daemon ended before the outcome was known";

// What people query stands in columns of its own; `record` is the whole in JSON and the one read back.
constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS moves (
    id INTEGER PRIMARY KEY, session_key TEXT, begun_at TEXT, ended_at TEXT, strip TEXT, control TEXT,
    on_name TEXT, parameter TEXT, before TEXT, target TEXT, read_back TEXT, outcome TEXT, reason TEXT,
    source TEXT, why TEXT, approved_by TEXT, proof TEXT, undone INTEGER, record TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS moves_open ON moves(id) WHERE outcome IS NULL;
CREATE TABLE IF NOT EXISTS session_kept (session_key TEXT PRIMARY KEY, kept TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ids (one INTEGER PRIMARY KEY CHECK (one = 1), reserved INTEGER NOT NULL);
)";

/// A prepared statement that takes its values in order.
class Statement {
public:
    Statement(sqlite3* db, const char* sql) {
        if (sqlite3_prepare_v2(db, sql, -1, &statement_, nullptr) != SQLITE_OK)
            statement_ = nullptr;
    }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    explicit operator bool() const noexcept { return statement_ != nullptr; }
    Statement& text(const std::string& value) {
        sqlite3_bind_text(statement_, ++bound_, value.data(), static_cast<int>(value.size()),
                          SQLITE_TRANSIENT);
        return *this;
    }
    Statement& number(std::int64_t value) {
        sqlite3_bind_int64(statement_, ++bound_, value);
        return *this;
    }
    Statement& null() {
        sqlite3_bind_null(statement_, ++bound_);
        return *this;
    }
    int step() { return sqlite3_step(statement_); }
    std::string text_at(int column) const {
        const unsigned char* value = sqlite3_column_text(statement_, column);
        return value
                   ? std::string(reinterpret_cast<const char*>(value),
                                 static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)))
                   : std::string();
    }
    std::int64_t number_at(int column) const { return sqlite3_column_int64(statement_, column); }

private:
    sqlite3_stmt* statement_{nullptr};
    int bound_{0};
};

/// Made by us before SQLite sees it, readable by the user only; its side files take the same mode. One that
/// is there is not opened: closing it again would drop the locks this process holds on it.
Result<void> make_private(const fs::path& file) {
    std::error_code failed;
    if (!file.parent_path().empty()) fs::create_directories(file.parent_path(), failed);
#ifndef _WIN32
    const int made = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (made >= 0) {
        ::close(made);
        return {};
    }
    if (errno != EEXIST)
        return Error{ErrorCode::io,
                     "the journal cannot be made: " + std::string(std::strerror(errno)),
                     file.string()};
    if (!fs::is_regular_file(fs::symlink_status(file, failed)))
        return Error{ErrorCode::io,
                     "the journal is a plain file; a link or anything else is not followed",
                     file.string()};
#endif
    return {};
}

} // namespace

Error JournalFile::error() const {
    const int code = sqlite3_errcode(db_.get());
    std::string text = sqlite3_errmsg(db_.get());
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        text = "the journal is in use by another daemon";
    if (code == SQLITE_FULL) text = "the disk is full";
    if (code == SQLITE_CORRUPT)
        text = "the journal is damaged (" + text
               + "); it was left as it is: move it away to start a new one";
    return {ErrorCode::io, text, file_.string()};
}

Result<void> JournalFile::run(const char* sql) {
    if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return error();
    return {};
}

Result<JournalFile::Handle> JournalFile::connect(const fs::path& file, const char* vfs) {
    if (const auto made = make_private(file); !made) return made.error();
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(file.string().c_str(), &raw,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
    Handle db(raw);
    if (opened != SQLITE_OK)
        return Error{ErrorCode::io, raw ? sqlite3_errmsg(raw) : "out of memory", file.string()};
    return db;
}

Result<JournalFile> JournalFile::open(const fs::path& file, const char* vfs, std::size_t most,
                                      std::string& set_aside) {
    for (bool again = true;; again = false) {
        auto db = connect(file, vfs);
        if (!db) return db.error();
        JournalFile journal(std::move(*db), file);
        const auto prepared = journal.prepare(most);
        if (prepared) return journal;
        if (sqlite3_errcode(journal.db_.get()) != SQLITE_NOTADB || !again) return prepared.error();
        journal.db_.reset();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
            std::chrono::system_clock::now().time_since_epoch());
        set_aside = file.string() + ".broken-" + std::to_string(seconds.count());
        std::error_code failed, no_matter;
        fs::rename(file, set_aside, failed);
        if (failed) return prepared.error();
        fs::rename(file.string() + "-wal", set_aside + "-wal", no_matter); // mostly there is none
    }
}

Result<void> JournalFile::prepare(std::size_t most) {
    // One daemon a journal: the lock is taken here and kept.
    for (const char* first : {"PRAGMA locking_mode=EXCLUSIVE", "PRAGMA journal_mode=WAL",
                              "PRAGMA synchronous=FULL", "BEGIN IMMEDIATE"})
        if (auto done = run(first); !done) return done;
    if (auto made = make_schema(); !made) return made;
    if (auto found = find_last(); !found) return found;
    if (auto reserved = reserve(last_); !reserved) return reserved;
    if (auto closed = close_unknown(); !closed) return closed;
    if (auto done = read(most); !done) return done;
    return run("COMMIT");
}

Result<void> JournalFile::make_schema() {
    const auto version = number("PRAGMA user_version");
    if (!version) return version.error();
    if (*version > schema_version)
        return Error{ErrorCode::unsupported, "the journal was written by a newer Prefade",
                     file_.string()};
    if (*version == schema_version) return {};
    if (auto made = run(schema); !made) return made;
    return run("PRAGMA user_version=1");
}

Result<std::int64_t> JournalFile::number(const char* sql) {
    Statement read(db_.get(), sql);
    if (!read || read.step() != SQLITE_ROW) return error();
    return read.number_at(0);
}

Result<void> JournalFile::close_unknown() {
    std::vector<MoveRecord> open;
    {
        Statement read(db_.get(), "SELECT record FROM moves WHERE outcome IS NULL ORDER BY id");
        if (!read) return error();
        int stepped = SQLITE_ROW;
        while ((stepped = read.step()) == SQLITE_ROW)
            if (const auto json = parse_json(read.text_at(0)))
                if (auto record = move_record_from_json(*json)) open.push_back(std::move(*record));
        if (stepped != SQLITE_DONE) return error();
    }
    for (MoveRecord& record : open) {
        record.stage = MoveStage::done;
        record.ended_at = std::chrono::system_clock::now();
        record.outcome = Outcome{Outcome::Kind::unknown, std::nullopt, unknown_reason};
        if (auto written = finish(record); !written) return written;
    }
    return close_unreadable();
}

/// What is still open now has a record that cannot be read; its columns tell what is known of it.
Result<void> JournalFile::close_unreadable() {
    Statement close(db_.get(), "UPDATE moves SET outcome=?, reason=? WHERE outcome IS NULL");
    if (!close) return error();
    close.text(std::string(name_in(outcome_names, Outcome::Kind::unknown))).text(unknown_reason);
    if (close.step() != SQLITE_DONE) return error();
    return {};
}

Result<void> JournalFile::reserve(std::int64_t used) {
    if (used + block / 2 <= reserved_) return {};
    Statement set(db_.get(), "INSERT OR REPLACE INTO ids VALUES (1, ?)");
    if (!set || set.number(used + block).step() != SQLITE_DONE) return error();
    reserved_ = used + block;
    return {};
}

Result<void> JournalFile::release() {
    Statement set(db_.get(), "INSERT OR REPLACE INTO ids SELECT 1, max(?, coalesce(max(id), 0)) "
                             "FROM moves");
    if (!set || set.number(last_).step() != SQLITE_DONE) return error();
    reserved_ = 0;
    return {};
}

Result<void> JournalFile::write(const MoveRecord& r, const char* on_conflict) {
    if (auto reserved = reserve(r.move.id.value); !reserved) return reserved;
    const std::string sql = std::string("INSERT ") + on_conflict
                            + " INTO moves VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
    Statement add(db_.get(), sql.c_str());
    if (!add) return error();
    add.number(r.move.id.value).text(r.session_key).text(to_iso8601(r.begun_at));
    if (r.outcome)
        add.text(to_iso8601(r.ended_at));
    else
        add.null();
    add.text(r.strip_name).text(std::string(name_in(control_names, r.move.path.control)));
    add.text(r.on_name).text(r.parameter_name).text(to_text(r.before)).text(to_text(r.move.target));
    if (r.outcome) {
        if (r.outcome->read_back)
            add.text(to_text(*r.outcome->read_back));
        else
            add.null();
        add.text(std::string(name_in(outcome_names, r.outcome->kind))).text(r.outcome->reason);
    } else {
        add.null().null().null();
    }
    add.text(std::string(name_in(source_names, r.move.source)))
        .text(r.move.why)
        .text(r.approved_by)
        .text(r.proof);
    add.number(r.undone ? 1 : 0).text(to_line(to_json(r)));
    if (add.step() != SQLITE_DONE) return error();
    return {};
}

Result<void> JournalFile::begin(const MoveRecord& record) { return write(record, "OR ABORT"); }
Result<void> JournalFile::finish(const MoveRecord& record) { return write(record, "OR REPLACE"); }

Result<void> JournalFile::together(const std::function<Result<void>()>& writes) {
    if (auto begun = run("BEGIN"); !begun) return begun;
    const std::int64_t reserved = reserved_;
    auto done = writes();
    if (done) done = run("COMMIT");
    if (!done) {
        reserved_ = reserved;
        static_cast<void>(run("ROLLBACK")); // an error here: SQLite has taken it back already
    }
    return done;
}

Result<void> JournalFile::keep(const std::string& session_key, const std::string& kept) {
    Statement add(db_.get(), "INSERT OR REPLACE INTO session_kept VALUES (?,?)");
    if (!add) return error();
    if (add.text(session_key).text(kept).step() != SQLITE_DONE) return error();
    return {};
}

Result<std::string> JournalFile::kept(const std::string& session_key) {
    Statement read(db_.get(), "SELECT kept FROM session_kept WHERE session_key=?");
    if (!read) return error();
    const int stepped = read.text(session_key).step();
    if (stepped == SQLITE_DONE) return std::string();
    if (stepped != SQLITE_ROW) return error();
    return read.text_at(0);
}

Result<void> JournalFile::read(std::size_t most) {
    Statement rows(
        db_.get(),
        "SELECT record FROM (SELECT id, record FROM moves ORDER BY id DESC LIMIT ?) ORDER BY id");
    if (!rows) return error();
    rows.number(static_cast<std::int64_t>(most));
    int stepped = SQLITE_ROW;
    while ((stepped = rows.step()) == SQLITE_ROW) {
        const auto json = parse_json(rows.text_at(0));
        auto record = json ? move_record_from_json(*json) : json.error();
        if (record)
            found_.records.push_back(std::move(*record));
        else
            ++found_.unreadable;
    }
    if (stepped != SQLITE_DONE) return error();
    return {};
}

Result<void> JournalFile::find_last() {
    const auto last = number("SELECT max(coalesce((SELECT max(id) FROM moves), 0), "
                             "coalesce((SELECT reserved FROM ids), 0))");
    if (!last) return last.error();
    if (*last < 0 || *last > std::numeric_limits<std::uint32_t>::max() - block)
        return Error{ErrorCode::io, "the journal's numbers are used up", file_.string()};
    last_ = *last;
    return {};
}

} // namespace prefade
