#include "knowledge/rule_cases.h"
#include "knowledge/check.h"
#include "knowledge/roles.h"
#include "tests/knowledge/playground.h"

#include <cmath>
#include <fstream>
#include <regex>

using namespace prefade;
using namespace prefade::test;

namespace {

const std::string knowledge = PREFADE_TESTS_DIR "/../knowledge/";

/// Where the faders of a case stand in place of what it says, and the trims of those under automation.
struct Standing {
    Decibel fader;
    std::optional<Decibel> automated_trim;
};

RuleCase with(RuleCase played, const Standing& standing) {
    const auto held = [](ControlValue value) { return CaseSeries{{{}, value, {}, {}}}; };
    for (CaseStrip& strip : played.strips) {
        strip.fader = held(standing.fader);
        if (!standing.automated_trim) continue;
        strip.trim = held(*standing.automated_trim);
        strip.automation = {{{}, {}, {}, "read"}};
    }
    played.expects.clear(); // only its length counts
    return played;
}

/// The step an advice names, with its sign: "Lower it by 5.6 dB".
std::optional<double> dose_of(const std::string& says) {
    static const std::regex dose(R"((Lower|Bring|Raise) [^.]*?by (\d+(?:\.\d)?) dB)");
    std::smatch found;
    if (!std::regex_search(says, found, dose)) return std::nullopt;
    return (found[1] == "Raise" ? 1.0 : -1.0) * std::stod(found[2]);
}

/// How many relative moves were suggested; each must be what the words say.
int check_doses(const Session& session, std::span<const Advice> firing) {
    int checked = 0;
    for (const Advice& advice : firing)
        for (const Move& move : advice.suggests) {
            const auto* target = std::get_if<Decibel>(&move.target);
            const auto present = session.value(move.path);
            if (!target || !present) continue;
            const double step = target->value() - std::get<Decibel>(*present->value).value();
            const auto dose = dose_of(advice.says);
            INFO(advice.rule << ": " << advice.says << " The move: " << session.describe(move.path)
                             << " by " << step << " dB");
            REQUIRE(dose);
            REQUIRE(std::abs(*dose - step) <= 0.1); // both are rounded to 0.1 dB
            ++checked;
        }
    return checked;
}

bool moves_a_fader(const Rule& rule) {
    return std::any_of(rule.suggests.begin(), rule.suggests.end(), [](const SuggestionSpec& s) {
        return s.control == Control::fader || s.control == Control::trim
               || s.control == Control::send;
    });
}

} // namespace

TEST_CASE("every shipped rule loads and all its cases come out") {
    const CheckReport report =
        check({knowledge + "rules", knowledge + "roles.toml"}, {knowledge + "plugins"});
    for (const Error& error : report.errors) FAIL_CHECK(error.where << ": " << error.message);
    for (const auto& f : report.failures)
        FAIL_CHECK(f.where << ": " << f.rule << ", " << f.case_name << ": expected " << f.expected
                           << ", saw " << f.seen);
    CHECK(report.rules >= 25);
    CHECK(report.files == report.rules + 1);
    CHECK(report.passed == report.cases);
    CHECK(report.is_good());
}

TEST_CASE(
    "the words of every advice name the step that its move makes, wherever the fader stands") {
    LoadedRules loaded = RuleBook::load({knowledge + "rules"});
    loaded.book.know(std::make_shared<const PluginCatalog>(
        PluginCatalog::load({knowledge + "plugins"}).catalog));
    const Standing standings[] = {{Decibel{6.0}, {}},
                                  {Decibel{5.0}, {}},
                                  {Decibel{0.0}, {}},
                                  {Decibel{-3.04}, {}},
                                  {Decibel{-11.0}, {}},
                                  {Decibel{-57.0}, {}},
                                  {Decibel{-70.0}, {}},
                                  {Decibel{-3.0}, Decibel{0.0}},
                                  {Decibel{-3.0}, Decibel{-18.0}},
                                  {Decibel{-3.0}, Decibel{19.0}}};
    int checked = 0;
    for (const Rule& rule : loaded.book.rules()) {
        if (!moves_a_fader(rule)) continue;
        for (const RuleCase& played : rule.cases)
            for (const Standing& standing : standings)
                (void)run_case(loaded.book, rule, with(played, standing),
                               [&](const Session& session, std::span<const Advice> firing) {
                                   checked += check_doses(session, firing);
                               });
    }
    CHECK(checked > 1000);
}

TEST_CASE("roles named in rules are roles there are") {
    LoadedRules loaded = RuleBook::load({knowledge + "rules"});
    loaded.book.know(std::make_shared<const PluginCatalog>(
        PluginCatalog::load({knowledge + "plugins"}).catalog));
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
