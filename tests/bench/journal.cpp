// Moves committed a second by the journal, each synced to the disk, beside plain SQLite doing the same
// with a row of the same text.
#include "daemon/journal.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <condition_variable>
#include <memory>
#include <mutex>

using namespace prefade;
using namespace prefade::bench;

namespace {

constexpr int moves = 300;

MoveRecord record(std::uint32_t id) {
    MoveRecord made;
    made.move.id = {id};
    made.move.path = {StripId{7}, Control::fader, {}, 0};
    made.move.target = Decibel{-4.5};
    made.move.why = "\"Lead Vox\" peaks at -0.4 dBFS after its fader";
    made.session_key = "ardour/mix";
    made.strip_name = "Lead Vox";
    made.before = Decibel{-3.0};
    made.before_text = "-3.00 dB";
    made.target_text = "-4.50 dB";
    made.approved_by = "user";
    made.stage = MoveStage::journalling;
    made.begun_at = std::chrono::system_clock::now();
    return made;
}

/// Counts what the journal says is committed.
class Commits {
public:
    void take(const JournalReport& report) {
        const std::lock_guard lock(mutex_);
        if (report.kind == JournalReport::Kind::begun) ++begun_;
        if (report.kind == JournalReport::Kind::begin_failed) ++failed_;
        changed_.notify_all();
    }
    bool wait_for(int count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), [&] {
            return begun_ + failed_ >= count;
        }) && failed_ == 0;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int begun_{0}, failed_{0};
};

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

/// A table of SQLite's own, as durable as the journal.
class Plain {
public:
    explicit Plain(const std::filesystem::path& file) {
        sqlite3* opened = nullptr;
        REQUIRE(sqlite3_open(file.c_str(), &opened) == SQLITE_OK);
        db_.reset(opened);
        REQUIRE(
            sqlite3_exec(opened,
                         "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                         "CREATE TABLE moves(id INTEGER PRIMARY KEY, session TEXT, record TEXT)",
                         nullptr, nullptr, nullptr)
            == SQLITE_OK);
        sqlite3_stmt* prepared = nullptr;
        REQUIRE(sqlite3_prepare_v2(opened, "INSERT INTO moves VALUES(?, 'ardour/mix', ?)", -1,
                                   &prepared, nullptr)
                == SQLITE_OK);
        insert_.reset(prepared);
    }
    void commit(std::uint32_t id, const std::string& line) {
        sqlite3_reset(insert_.get());
        sqlite3_bind_int64(insert_.get(), 1, id);
        sqlite3_bind_text(insert_.get(), 2, line.data(), static_cast<int>(line.size()),
                          SQLITE_STATIC);
        REQUIRE(sqlite3_step(insert_.get()) == SQLITE_DONE);
    }

private:
    std::unique_ptr<sqlite3, Close> db_;
    std::unique_ptr<sqlite3_stmt, Close> insert_;
};

} // namespace

TEST_CASE("moves committed a second beside plain SQLite") {
    const test::OwnFolder folder;
    Commits commits;
    auto journal = Journal::open(folder.path() / "journal.sqlite",
                                 [&](const JournalReport& r) { commits.take(r); });
    REQUIRE(journal);
    Plain plain(folder.path() / "plain.sqlite");
    const std::string line = to_line(to_json(record(1)));
    Samples ours, peer; // in turns, so that both meet the same disk
    for (std::uint32_t id = 1; id <= moves; ++id) {
        const TimePoint start = Clock::now();
        (*journal)->begin(record(id));
        REQUIRE(commits.wait_for(static_cast<int>(id)));
        const TimePoint between = Clock::now();
        plain.commit(id, line);
        ours.add(milliseconds(between - start));
        peer.add(milliseconds(Clock::now() - between));
    }
    const auto told = [](const Samples& took) {
        return text(1000.0 / took.middle()) + "/s (p50 " + text(took.middle(), 2) + ", p95 "
               + text(took.percentile(0.95), 2) + " ms)";
    };
    report("journal, intents committed and answered",
           told(ours) + "; plain SQLite with full sync " + told(peer), "");
}
