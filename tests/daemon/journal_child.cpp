// Not a test of its own: what tests/daemon/journal_kill.cpp starts and kills.
#include "core/inbox.h"
#include "daemon/journal.h"
#include "tests/support/catch.h"
#include "tests/support/failing_disk.h"
#include "tests/support/move_record.h"

#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace prefade;
using namespace std::chrono_literals;

namespace {

/// What is written here holds whatever becomes of this process.
class Book {
public:
    explicit Book(const std::string& path)
        : file_(::open(path.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600)) {}
    void note(MoveId id) const {
        const std::string line = std::to_string(id.value) + '\n';
        REQUIRE(::write(file_, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
    }

private:
    int file_;
};

} // namespace

TEST_CASE("a child that makes journalled moves until it is killed", "[.]") {
    const char* where = std::getenv("PREFADE_CHILD_FOLDER");
    if (where == nullptr) return; // started by nobody who would kill it
    const std::string folder = where;
    const Book given(folder + "/given"), sent(folder + "/sent");
    test::FailingDisk disk;
    disk.kill_at(std::stoull(std::getenv("PREFADE_CHILD_KILL_AT")));
    Inbox<JournalReport> reports;
    auto journal = Journal::open(
        folder + "/state/journal.sqlite",
        [&](JournalReport report) { reports.push(std::move(report)); }, disk.name());
    REQUIRE(journal);
    std::uint32_t last = (*journal)->last_id().value;
    std::vector<JournalReport> batch;
    for (int round = 0; round < 1000; ++round) {
        given.note(MoveId{++last}); // a proposal: it has a number and no record
        const int moves = 1 + round % 3;
        for (int i = 0; i < moves; ++i) {
            given.note(MoveId{++last});
            (*journal)->begin(test::record_of(last));
        }
        (*journal)->keep_session("fake/song", {{"round", round}});
        for (int heard = 0; heard < moves;) {
            REQUIRE(reports.take(batch, Clock::now() + 60s));
            for (const JournalReport& report : batch) {
                REQUIRE(report.kind == JournalReport::Kind::begun);
                ++heard;
                sent.note(report.move); // the first byte goes out
                if (report.move.value % 3 != 0)
                    (*journal)->finish(
                        test::ended(test::record_of(report.move.value), Outcome::Kind::confirmed));
            }
        }
    }
    FAIL("nobody killed it");
}
