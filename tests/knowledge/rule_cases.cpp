#include "knowledge/rule_cases.h"
#include "knowledge/check.h"
#include "knowledge/roles.h"
#include "tests/knowledge/playground.h"

#include <fstream>

using namespace prefade;
using namespace prefade::test;

namespace {
const std::string knowledge = PREFADE_TESTS_DIR "/../knowledge/";
}

TEST_CASE("every shipped rule loads and all its cases come out") {
    const CheckReport report = check({knowledge + "rules", knowledge + "roles.toml"});
    for (const Error& error : report.errors) FAIL_CHECK(error.where << ": " << error.message);
    for (const auto& f : report.failures)
        FAIL_CHECK(f.where << ": " << f.rule << ", " << f.case_name << ": expected " << f.expected
                           << ", saw " << f.seen);
    CHECK(report.rules >= 15);
    CHECK(report.files == report.rules + 1);
    CHECK(report.passed == report.cases);
    CHECK(report.is_good());
}

TEST_CASE("roles named in rules are roles there are") {
    const LoadedRules loaded = RuleBook::load({knowledge + "rules"});
    const auto roles = RoleBook::load(knowledge + "roles.toml");
    REQUIRE(roles);
    for (const Rule& rule : loaded.book.rules())
        for (const std::string& role : rule.roles) {
            INFO(rule.id << ": " << role);
            CHECK(roles->knows(role));
        }
}

TEST_CASE(
    "a case that does not come out is told with its line, what was expected and what was seen") {
    std::string text = peak_rule("when = 'peak_hold(1 s) > -3 dBFS'\n");
    const auto fails = [&](const std::string& from, const std::string& to) {
        std::string changed = text;
        changed.replace(changed.rfind(from), from.size(), to);
        const RuleBook book = book_of(changed);
        std::optional<CaseFailure> failure;
        for (const RuleCase& played : book.rules()[0].cases)
            if (auto f = run_case(book, book.rules()[0], played)) failure = f;
        REQUIRE(failure);
        return *failure;
    };
    const CaseFailure loud = fails("meter = \"-20 dBFS\"", "meter = \"-2 dBFS\"");
    CHECK(loud.line == 35);
    CHECK(loud.expected == "fires at 3 s: nothing");
    CHECK(loud.seen == "X");
    const CaseFailure silent = fails("meter = \"-1 dBFS\"", "meter = \"none\"");
    CHECK(silent.expected == "fires at 3 s: X");
    CHECK(silent.seen
          == "nothing; cannot say for X at 3 s: there is no such meter here (sample_peak, "
             "post_fader)");
    const CaseFailure words = fails("fires = [\"X\"]", "fires = [\"X\"]\nsays = \"too loud\"");
    CHECK(words.expected == "says at 3 s: ...too loud...");
    CHECK(words.seen == "\"X\" at -1.0 dBFS");
    const CaseFailure moves =
        fails("fires = [\"X\"]", "fires = [\"X\"]\nmoves = [\"fader -3.00 dB\"]");
    CHECK(moves.seen == "fader -5.00 dB");
}

TEST_CASE("a broken file and a missing one are errors, the rest still loads") {
    const auto folder = std::filesystem::temp_directory_path() / "prefade_test_rule_cases";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "broken.toml") << "id = \"broken\nwhen = 3\n";
    std::ofstream(folder / "loud.toml") << peak_rule("when = 'peak_hold(1 s) > -3 dBFS'\n");
    const CheckReport report = check({folder, folder / "nowhere"});
    std::filesystem::remove_all(folder);
    CHECK(report.rules == 1);
    CHECK(report.passed == 2);
    REQUIRE(report.errors.size() == 2);
    CHECK(report.errors[0].where.find("broken.toml:1:") != std::string::npos);
    CHECK(report.errors[1].code == ErrorCode::not_found);
    CHECK_FALSE(report.is_good());
}
