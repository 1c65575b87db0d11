// kill -9 in the middle of the journal's own writes. The points are seeded: this many writes and syncs after
// the child's start, so that they fall into opening, closing what was left open, commits and checkpoints.
#include "core/json.h"
#include "daemon/journal.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"
#include "tests/support/own_folder.h"
#include "tests/support/process.h"

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <csignal>
#include <map>
#include <random>
#include <set>
#include <sstream>

using namespace prefade;
namespace fs = std::filesystem;

namespace {

std::vector<std::uint32_t> numbers_in(const fs::path& book) {
    std::istringstream in(test::text_of_file(book));
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t one = 0; in >> one;) numbers.push_back(one);
    return numbers;
}

/// What a crash left, as any program would read it: id and whether there is an outcome.
std::map<std::uint32_t, bool> left_in(const fs::path& file) {
    std::map<std::uint32_t, bool> moves;
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE, "unix") == SQLITE_OK);
    sqlite3_stmt* read = nullptr;
    // Killed in its very first writes, it has no table yet.
    if (sqlite3_prepare_v2(db, "SELECT id, outcome IS NOT NULL FROM moves", -1, &read, nullptr)
        == SQLITE_OK)
        while (sqlite3_step(read) == SQLITE_ROW)
            moves[static_cast<std::uint32_t>(sqlite3_column_int64(read, 0))] =
                sqlite3_column_int(read, 1) != 0;
    sqlite3_finalize(read);
    sqlite3_close(db);
    return moves;
}

/// The journal's files as the crash left them, elsewhere: the next child finds the originals so.
fs::path copy_of(const fs::path& state, const fs::path& to) {
    fs::remove_all(to);
    fs::copy(state, to, fs::copy_options::recursive);
    return to / "journal.sqlite";
}

} // namespace

TEST_CASE("the journal survives kill -9 at fifty points of its own writes") {
    const test::OwnFolder folder;
    const fs::path state = folder.path() / "state";
    std::mt19937 random(20260131);
    std::string points;
    std::size_t unknown = 0, longest = 0;
    for (int point = 0; point < 50; ++point) {
        // early: opening and closing what was open; late: past a checkpoint, at 1000 pages
        const auto at =
            std::uniform_int_distribution<std::uint64_t>(1, point % 3 ? 160 : 5000)(random);
        points += (point ? ", " : "") + std::to_string(at);
        const auto ran = test::run({fs::read_symlink("/proc/self/exe").string(),
                                    "a child that makes journalled moves until it is killed"},
                                   {{"PREFADE_CHILD_FOLDER", folder.path()},
                                    {"PREFADE_CHILD_KILL_AT", std::to_string(at)}});
        INFO("killed at " << points << '\n' << ran.out << ran.err);
        REQUIRE(ran.status == 128 + SIGKILL);

        const auto given = numbers_in(folder.path() / "given"),
                   sent = numbers_in(folder.path() / "sent");
        for (std::size_t i = 1; i < given.size(); ++i) // no number is given out twice, in any run
            REQUIRE(given[i - 1] < given[i]);
        longest = std::max(longest, sent.size());
        if (!fs::exists(state / "journal.sqlite")) continue;
        const auto left = left_in(copy_of(state, folder.path() / "raw"));

        std::string trouble;
        auto journal =
            Journal::open(copy_of(state, folder.path() / "reopened"),
                          [&](const JournalReport& report) { trouble += report.reason; });
        REQUIRE(journal);
        CHECK(trouble.empty());
        CHECK((*journal)->last_id().value >= (given.empty() ? 0 : given.back()));
        std::map<std::uint32_t, Outcome::Kind> found;
        for (const MoveRecord& r : (*journal)->found()) {
            REQUIRE(r.outcome);
            REQUIRE(r.stage == MoveStage::done);
            found[r.move.id.value] = r.outcome->kind;
        }
        for (const std::uint32_t id : sent) REQUIRE(found.contains(id)); // no intent is lost
        REQUIRE(found.size() == left.size());
        unknown = 0;
        for (const auto& [id, kind] : found) { // what had no outcome is unknown, the rest as it was
            const bool ended_by_restart = kind == Outcome::Kind::unknown;
            if (!left.at(id)) CHECK(ended_by_restart);
            if (!ended_by_restart) CHECK(kind == Outcome::Kind::confirmed);
            unknown += ended_by_restart ? 1 : 0;
        }
    }
    CHECK(longest > 1000);
    CHECK(unknown > 100);
    test::figure("kill -9 at 50 of the journal's writes and syncs (" + points
                 + "): " + std::to_string(longest) + " moves sent, 0 lost, "
                 + std::to_string(unknown) + " listed as unknown");
}
