// The journal on a real file system, and on a disk that fills, breaks and stalls.
#include "daemon/journal.h"
#include "core/inbox.h"
#include "core/json.h"
#include "tests/support/catch.h"
#include "tests/support/failing_disk.h"
#include "tests/support/figures.h"
#include "tests/support/move_record.h"
#include "tests/support/own_folder.h"
#include "tests/support/process.h"

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>

#include <sys/stat.h>

using namespace prefade;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using test::ended;
using test::FailingDisk;
using test::record_of;

namespace {

constexpr auto longest_wait = 30s; ///< never waited for when all is well

/// A journal and everything it says, in order.
struct Diary {
    explicit Diary(const fs::path& file, const char* vfs = nullptr) {
        auto opened = Journal::open(
            file, [this](JournalReport report) { heard.push(std::move(report)); }, vfs);
        INFO((opened ? "" : opened.error().message));
        REQUIRE(opened);
        journal = std::move(*opened);
    }
    JournalReport next() {
        if (batch.empty()) {
            REQUIRE(heard.take(batch, Clock::now() + longest_wait));
            std::reverse(batch.begin(), batch.end());
        }
        REQUIRE_FALSE(batch.empty());
        JournalReport report = std::move(batch.back());
        batch.pop_back();
        return report;
    }
    void begun(std::uint32_t id) {
        journal->begin(record_of(id));
        const JournalReport report = next();
        INFO(report.reason);
        REQUIRE(report.kind == JournalReport::Kind::begun);
        REQUIRE(report.move == MoveId{id});
    }
    /// Everything asked before has been written: the second answer comes after all that was with the first.
    void settle() {
        for (int i = 0; i < 2; ++i) {
            journal->load_session("nobody");
            REQUIRE(next().kind == JournalReport::Kind::session);
        }
    }

    Inbox<JournalReport> heard;
    std::vector<JournalReport> batch;
    std::unique_ptr<Journal> journal;
};

std::vector<MoveRecord> records_in(const fs::path& file) { return Diary(file).journal->found(); }

Outcome::Kind outcome_in(const fs::path& file, std::uint32_t id) {
    for (const MoveRecord& r : records_in(file))
        if (r.move.id == MoveId{id}) return r.outcome.value().kind;
    FAIL("no move " << id);
    return {};
}

Error refused(const fs::path& file) {
    const auto opened = Journal::open(file, [](const JournalReport&) {});
    REQUIRE_FALSE(opened);
    CHECK(opened.error().where == file.string());
    return opened.error();
}

void execute(const fs::path& file, const char* sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_close(db) == SQLITE_OK);
}

int number_in(const fs::path& file, const char* sql) {
    sqlite3* db = nullptr;
    sqlite3_stmt* read = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_prepare_v2(db, sql, -1, &read, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(read) == SQLITE_ROW);
    const int number = sqlite3_column_int(read, 0);
    sqlite3_finalize(read);
    sqlite3_close(db);
    return number;
}

mode_t mode_of(const fs::path& file) {
    struct stat found {};
    REQUIRE(::stat(file.c_str(), &found) == 0);
    return found.st_mode & 07777U;
}

struct Place {
    test::OwnFolder folder;
    fs::path file = folder.path() / "state" / "prefade" / "journal.sqlite";
};

} // namespace

TEST_CASE("what the journal holds comes back whole, oldest first, in the next run") {
    const Place place;
    MoveRecord full = record_of(7);
    full.move.path = {StripId{3}, Control::parameter, InsertId{2}, 12};
    full.move.target = Normalized{1.0 / 3.0};
    full.before = Normalized{0.25};
    full.on_name = "ACE \"EQ\"";
    full.parameter_name = "Gain 2";
    full.proof = "identity proved";
    full.undone = true;
    full = ended(full, Outcome::Kind::confirmed);
    {
        Diary rig(place.file);
        CHECK(rig.journal->found().empty());
        CHECK(rig.journal->last_id().value == 0);
        for (std::uint32_t id = 1; id <= 3; ++id) rig.begun(id);
        for (std::uint32_t id = 3; id >= 1; --id)
            rig.journal->finish(ended(record_of(id), Outcome::Kind::failed, "it broke"));
        rig.journal->finish(full); // never begun: added whole
    }
    Diary rig(place.file);
    const auto& found = rig.journal->found();
    REQUIRE(found.size() == 4);
    for (std::uint32_t id = 1; id <= 3; ++id) {
        CHECK(found[id - 1].move.id == MoveId{id});
        CHECK(found[id - 1].outcome->reason == "it broke");
    }
    CHECK(to_line(to_json(found[3])) == to_line(to_json(full)));
    CHECK(rig.journal->last_id().value == 7); // it ended in order: no number is skipped
}

TEST_CASE("the journal and its side files are the user's alone, in a folder that is made") {
    const Place place;
    const mode_t before = ::umask(0);
    Diary rig(place.file);
    rig.begun(1);
    ::umask(before);
    int files = 0;
    for (const auto& entry : fs::directory_iterator(place.file.parent_path())) {
        CHECK(mode_of(entry.path()) == 0600);
        ++files;
    }
    CHECK(files == 2); // the log of writes lies beside it
}

TEST_CASE("a journal that is a link, or no file at all, is refused and left alone") {
    const Place place;
    fs::create_directories(place.file.parent_path());
    SECTION("link to a file") {
        const fs::path other = place.folder.path() / "precious";
        std::ofstream(other) << "precious";
        fs::create_symlink(other, place.file);
        CHECK_THAT(refused(place.file).message, Contains("link"));
        CHECK(test::text_of_file(other) == "precious");
    }
    SECTION("link to nowhere") {
        fs::create_symlink(place.folder.path() / "nowhere", place.file);
        CHECK_THAT(refused(place.file).message, Contains("link"));
        CHECK_FALSE(fs::exists(place.folder.path() / "nowhere"));
    }
    SECTION("folder") {
        fs::create_directories(place.file);
        CHECK_THAT(refused(place.file).message, Contains("plain file"));
    }
    SECTION("in a place that is a file") {
        std::ofstream(place.folder.path() / "file") << "x";
        CHECK(refused(place.folder.path() / "file" / "journal.sqlite").code == ErrorCode::io);
    }
}

TEST_CASE("a file that is no database is set aside, told, and a new journal begins") {
    const Place place;
    fs::create_directories(place.file.parent_path());
    const std::string text(5000, 'x');
    std::ofstream(place.file) << text;
    {
        Diary rig(place.file);
        const JournalReport told = rig.next();
        CHECK(told.kind == JournalReport::Kind::trouble);
        CHECK_THAT(told.reason, Contains("journal.sqlite.broken-"));
        const fs::path aside = told.reason.substr(told.reason.find('/'));
        CHECK(test::text_of_file(aside) == text);
        rig.begun(1);
    }
    CHECK(records_in(place.file).size() == 1);
}

TEST_CASE("an empty file is a new journal") {
    const Place place;
    fs::create_directories(place.file.parent_path());
    std::ofstream(place.file).flush();
    Diary(place.file).begun(1);
}

TEST_CASE("a damaged journal is refused with what to do, and not touched") {
    const Place place;
    {
        Diary rig(place.file);
        for (std::uint32_t id = 1; id <= 300; ++id)
            rig.journal->finish(ended(record_of(id), Outcome::Kind::confirmed));
    }
    const auto size = fs::file_size(place.file);
    {
        std::fstream damage(place.file, std::ios::in | std::ios::out | std::ios::binary);
        damage.seekp(4096);
        damage << std::string(static_cast<std::size_t>(size) - 4096, '\x55');
    }
    const std::string damaged = test::text_of_file(place.file);
    const Error error = refused(place.file);
    CHECK_THAT(error.message, Contains("damaged") && Contains("move it away"));
    CHECK((test::text_of_file(place.file) == damaged));
    CHECK(std::distance(fs::directory_iterator(place.file.parent_path()), {}) == 1);
}

TEST_CASE("a journal of a newer Prefade is refused") {
    const Place place;
    Diary(place.file).begun(1);
    execute(place.file, "PRAGMA user_version=2");
    const Error error = refused(place.file);
    CHECK(error.code == ErrorCode::unsupported);
    CHECK_THAT(error.message, Contains("newer Prefade"));
}

TEST_CASE("a record that cannot be read is passed over, closed and told; the others hold") {
    const Place place;
    {
        Diary rig(place.file);
        for (std::uint32_t id = 1; id <= 3; ++id) rig.begun(id);
    }
    execute(place.file, "UPDATE moves SET record='{' WHERE id=2");
    {
        Diary rig(place.file);
        const JournalReport told = rig.next();
        CHECK(told.kind == JournalReport::Kind::trouble);
        CHECK_THAT(told.reason, Contains("1 records cannot be read"));
        REQUIRE(rig.journal->found().size() == 2);
        CHECK(rig.journal->last_id().value == 3);
    }
    CHECK(number_in(place.file, "SELECT count(*) FROM moves WHERE id=2 AND outcome='unknown'")
          == 1);
}

TEST_CASE("moves without an outcome are closed as unknown, once") {
    const Place place;
    {
        Diary rig(place.file);
        for (std::uint32_t id = 1; id <= 3; ++id) rig.begun(id);
        rig.journal->finish(ended(record_of(2), Outcome::Kind::confirmed));
    }
    const auto first = records_in(place.file), second = records_in(place.file);
    REQUIRE(first.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(first[i].stage == MoveStage::done);
        CHECK(first[i].outcome->kind
              == (i == 1 ? Outcome::Kind::confirmed : Outcome::Kind::unknown));
        CHECK(first[i].ended_at >= first[i].begun_at);
        CHECK(to_line(to_json(first[i])) == to_line(to_json(second[i])));
    }
    CHECK_THAT(first[0].outcome->reason, Contains("before the outcome was known"));
}

TEST_CASE("a number that has its record is never begun again") {
    const Place place;
    Diary rig(place.file);
    rig.begun(5);
    rig.journal->finish(ended(record_of(5), Outcome::Kind::confirmed));
    rig.journal->begin(record_of(5));
    CHECK(rig.next().kind == JournalReport::Kind::begin_failed);
    rig.journal.reset();
    CHECK(outcome_in(place.file, 5) == Outcome::Kind::confirmed);
}

TEST_CASE("one journal is one daemon's, and the second leaves the first undisturbed") {
    const Place place;
    Diary rig(place.file);
    rig.begun(1);
    for (int i = 0; i < 3; ++i) // and refusing it gives nothing away
        CHECK_THAT(refused(place.file).message, Contains("in use by another daemon"));
    rig.begun(2);
}

TEST_CASE("a journal that was closed is free at once") {
    const Place place;
    for (int i = 0; i < 20; ++i) Diary(place.file).begun(static_cast<std::uint32_t>(i) + 1);
}

TEST_CASE("what was kept for a session comes back, the newest of each") {
    const Place place;
    {
        Diary rig(place.file);
        rig.journal->keep_session("ardour/song", {{"tempo", 90}});
        rig.journal->keep_session("ardour/song", {{"tempo", 96}});
        rig.journal->keep_session("ardour/other", {{"tempo", 140}});
    }
    Diary rig(place.file);
    rig.journal->load_session("ardour/song");
    rig.journal->load_session("ardour/third");
    const JournalReport song = rig.next(), third = rig.next();
    CHECK(song.session_key == "ardour/song");
    REQUIRE(song.kept);
    CHECK(*song.kept == Json{{"tempo", 96}});
    CHECK(third.session_key == "ardour/third");
    CHECK(third.kept == nullptr);
}

TEST_CASE(
    "a disk that is full or broken refuses intents with the reason, and told outcomes land later") {
    const Place place;
    FailingDisk disk;
    const auto mode = GENERATE(FailingDisk::Mode::full, FailingDisk::Mode::broken);
    {
        Diary rig(place.file, disk.name());
        rig.begun(1);
        disk.set(mode);
        rig.journal->finish(ended(record_of(1), Outcome::Kind::confirmed));
        const JournalReport trouble = rig.next();
        CHECK(trouble.kind == JournalReport::Kind::trouble);
        for (std::uint32_t id = 2; id < 20; ++id) { // each asks at once, and makes it try again
            rig.journal->begin(record_of(id));
            const JournalReport report = rig.next();
            CHECK(report.kind == JournalReport::Kind::begin_failed); // and the trouble is told once
            CHECK(report.move == MoveId{id});
            CHECK_THAT(report.reason,
                       Contains(mode == FailingDisk::Mode::full ? "the disk is full" : "I/O"));
            rig.journal->finish(ended(record_of(id), Outcome::Kind::refused));
        }
        disk.set(FailingDisk::Mode::healthy);
        rig.begun(20);
        rig.settle();
    }
    CHECK(outcome_in(place.file, 1) == Outcome::Kind::confirmed);
    CHECK(outcome_in(place.file, 19) == Outcome::Kind::refused);
    CHECK(outcome_in(place.file, 20) == Outcome::Kind::unknown);
}

TEST_CASE("an outcome that could not be written is tried a last time at the end") {
    const Place place;
    FailingDisk disk;
    {
        Diary rig(place.file, disk.name());
        rig.begun(1);
        disk.set(FailingDisk::Mode::full);
        rig.journal->finish(ended(record_of(1), Outcome::Kind::confirmed));
        CHECK(rig.next().kind == JournalReport::Kind::trouble);
        disk.set(FailingDisk::Mode::healthy);
    }
    CHECK(outcome_in(place.file, 1) == Outcome::Kind::confirmed);
}

TEST_CASE("a session's memory that cannot be read is asked again, not answered as empty") {
    const Place place;
    {
        Diary rig(place.file);
        rig.journal->keep_session("ardour/song", {{"roles", std::string(20'000, 'x')}});
    }
    FailingDisk disk;
    Diary rig(place.file, disk.name());
    disk.set(FailingDisk::Mode::broken);
    rig.journal->load_session("ardour/song");
    CHECK(rig.next().kind == JournalReport::Kind::trouble);
    disk.set(FailingDisk::Mode::healthy);
    const JournalReport told = rig.next();
    CHECK(told.kind == JournalReport::Kind::session);
    CHECK(told.kept != nullptr);
}

TEST_CASE("a stalled disk holds up nobody; what waits is bounded, and answered when it goes on") {
    const Place place;
    FailingDisk disk;
    Diary rig(place.file, disk.name());
    rig.begun(1);
    disk.set(FailingDisk::Mode::stalled);
    rig.journal->begin(record_of(2));
    REQUIRE(disk.wait_stalled(longest_wait));
    for (std::uint32_t id = 3; id < 3 + 1024 + 5; ++id) rig.journal->begin(record_of(id));
    for (std::uint32_t i = 0; i < 5; ++i) {
        const JournalReport report = rig.next();
        CHECK(report.kind == JournalReport::Kind::begin_failed);
        CHECK(report.move == MoveId{3 + 1024 + i});
        CHECK_THAT(report.reason, Contains("too many"));
    }
    disk.set(FailingDisk::Mode::healthy);
    for (std::uint32_t id = 2; id < 3 + 1024; ++id) {
        const JournalReport report = rig.next();
        REQUIRE(report.kind == JournalReport::Kind::begun);
        REQUIRE(report.move == MoveId{id});
    }
}

TEST_CASE("the end does not wait for a dead disk") {
    const Place place;
    FailingDisk disk;
    {
        Diary rig(place.file, disk.name());
        rig.begun(1);
        disk.set(FailingDisk::Mode::stalled);
        rig.journal->finish(ended(record_of(1), Outcome::Kind::confirmed));
        REQUIRE(disk.wait_stalled(longest_wait));
    }
    CHECK(disk.operations() > 0); // we are here, and it still waits
    CHECK_THAT(refused(place.file).message, Contains("in use"));
    disk.set(FailingDisk::Mode::healthy);
    CHECK(test::eventually(test::Seconds(30), [&] {
        return Journal::open(place.file, [](const JournalReport&) {}).has_value();
    }));
    CHECK(outcome_in(place.file, 1) == Outcome::Kind::confirmed);
}

TEST_CASE("a long history opens soon and is cut to the newest ten thousand") {
    const Place place;
    {
        Diary rig(place.file);
        for (std::uint32_t id = 1; id <= 10'500; ++id)
            rig.journal->finish(ended(record_of(id), Outcome::Kind::confirmed));
        rig.settle();
    }
    const TimePoint before = Clock::now();
    Diary rig(place.file);
    const double ms = Milliseconds::of(Clock::now() - before).value();
    CHECK(rig.journal->found().size() == Journal::most_records);
    CHECK(rig.journal->found().front().move.id == MoveId{501});
    CHECK(rig.journal->last_id().value == 10'500);
    test::figure("a journal of 10,500 moves opens in " + std::to_string(static_cast<int>(ms))
                 + " ms");
}
