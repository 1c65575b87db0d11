#include "tests/knowledge/playground.h"

#include <fstream>

using namespace prefade;
using namespace prefade::test;

namespace {

const std::string condition = "when = 'peak_hold(1 s) > -3 dBFS'\n";

/// The good rule with_line `from` replaced by `to`.
std::string with_line(const std::string& from, const std::string& to) {
    std::string text = peak_rule(condition);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("mistakes in a rule file are told with_line file, line and column") {
    struct Wrong {
        std::string text;
        const char* where;
        const char* message;
    };
    const Wrong table[] = {
        {with_line("id = \"loud\"", "id = \"lowd\""), ":2:6", "must be the file's name, \"loud\""},
        {with_line("severity = \"caution\"", "severity = \"bad\""), ":3:12",
         "none of: hint, caution, fault"},
        {with_line("severity = \"caution\"", ""), ":1:1", "severity: a rule needs it"},
        {with_line("source = \"a test\"", ""), ":1:1", "source: a rule needs it"},
        {with_line("source =", "sauce = \"x\"\nsource ="), ":5:9", "a rule has no \"sauce\""},
        {with_line("source =", "sauce = \"x\"\nsource ="), ":5:9", "did you mean source?"},
        {with_line(condition, "when = 3\n"), ":7:8", "must be a text in quotes"},
        {with_line(condition, "when = 'peak_hold(1 s) > -3 LUFS'\n"), ":7:24", "cannot compare"},
        {with_line(condition, "when = \"strip.nam == \\\"\\u00e4\\\" and peek\"\n"), ":7:15",
         "a strip has no 'nam'"},
        {with_line(condition, "when = \"strip.name == '\\u00e4' and peek > 0 dB\"\n"), ":7:36",
         "a strip has no 'peek'"},
        {with_line(condition, "when = '''\n  peak > -3 dBFS\n  and peek > 0 dB'''\n"), ":9:7",
         "did you mean peak?"},
        {with_line(condition, "when = 'peak'\n"), ":7:8", "must be true or false"},
        {with_line(condition, condition + "for = \"3 dB\"\n"), ":8:7", "not a number in s"},
        {with_line(condition, condition + "over = 'peak_hold(1 s)'\n"), ":8:8",
         "must be a number in dB"},
        {with_line(condition, condition + "kinds = [\"tape\"]\n"), ":8:9", "none of: audio track"},
        {with_line("{peak_hold(1 s)}", "{peak_hold(1)}"), ":6:38", "needs a constant time"},
        {with_line("{peak_hold(1 s)}", "{peak_hold(1 s)"), ":6:27", "without its '}'"},
        {with_line("{peak_hold(1 s)}", "{peak:%d}"), ":6:33", "a format is as +.1f"},
        {with_line("tap = \"post_fader\"", "tap = \"unknown\""), ":11:7", "a rule names the tap"},
        {with_line("reading = \"sample_peak\"\n", ""), ":7:9", "looks at a meter"},
        {with_line("coarsest = \"1 dB\"", "coarsest = 1"), ":13:12", "must be a text in quotes"},
        {with_line("rolling = true", "rolling = \"yes\""), ":14:11", "true or false"},
        {with_line("value = 'peak_hold(1 s)'", "value = 'strip.name'"), ":17:9", "this is text"},
        {with_line("[[evidence]]\nmeasure = \"peak\"\nvalue = 'peak_hold(1 s)'\n", ""), ":1:1",
         "at least one number"},
        {with_line("control = \"fader\"", "control = \"parameter\""), ":19:11",
         "plugins are moved in the scope \"each insert\" only"},
        {with_line("control = \"fader\"", "control = \"send\""), ":19:11", "each send"},
        {with_line("delta =", "target = '0 dB'\ndelta ="), ":20:10", "either a target or a delta"},
        {with_line("delta = '-6 dBFS - peak_hold(1 s)'", "delta = 'peak_hold(1 s)'"), ":20:9",
         "fader takes a number in dB"},
        {with_line("control = \"fader\"\ndelta = '-6 dBFS - peak_hold(1 s)'",
                   "control = \"mute\"\ndelta = 'true'"),
         ":20:9", "a switch has a target"},
        {with_line("delta =", "clamp = [\"0 dB\", \"-6 dB\"]\ndelta ="), ":20:9",
         "two numbers in dB"},
        {with_line("meter = \"-1 dBFS\"", "meter = \"-1 dBFS for 2 s, loud\""), ":26:9",
         "\"loud\" must be none or as"},
        {with_line("meter = \"-1 dBFS\"", "meter = \"-1 dBFS, -2 dBFS\""), ":26:9",
         "all but the last"},
        {with_line("meter = \"-1 dBFS\"", "meter = \"-1 dBTP\""), ":26:9",
         "the unit of the rule's reading"},
        {with_line("fires = [\"X\"]", "fires = [\"Y\"]"), ":29:9", "no strip called \"Y\""},
        {with_line("fires = [\"X\"]", "fires = []"), ":21:1", "at least one case that fires"},
        {with_line("fires = []", "fires = [\"X\"]"), ":21:1",
         "at least one case that stays silent"},
        {with_line("at = \"3 s\"", "at = \"500 s\""), ":27:1", "at most 120 s"},
        {with_line("[needs]", "[needs"), ":9:7", ""},
    };
    for (const Wrong& wrong : table) {
        INFO(wrong.text);
        const LoadedRules loaded = RuleBook::parse(wrong.text, "loud.toml");
        CHECK(loaded.book.rules().empty());
        REQUIRE_FALSE(loaded.errors.empty());
        bool found = false;
        for (const Error& error : loaded.errors) {
            UNSCOPED_INFO(error.where << ": " << error.message);
            found = found
                    || (error.where == "loud.toml" + std::string(wrong.where)
                        && error.message.find(wrong.message) != std::string::npos);
        }
        CHECK(found);
    }
}

TEST_CASE("all mistakes of a file are told at once") {
    const LoadedRules loaded = RuleBook::parse("id = \"x\"\nwhen = 'fadr'\nsays = '{'\n", "y.toml");
    CHECK(loaded.errors.size() >= 6);
}

TEST_CASE("a user's rule of the same name takes the place of ours, others are added") {
    const auto folder = std::filesystem::temp_directory_path() / "prefade_test_rule_files";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder / "ours");
    std::filesystem::create_directories(folder / "theirs");
    const auto write = [&](const char* name, std::string text, const std::string& id) {
        text.replace(text.find("\"loud\""), 6, '"' + id + '"');
        std::ofstream(folder / name) << text;
    };
    write("ours/loud.toml", peak_rule(condition), "loud");
    write("theirs/loud.toml", peak_rule("when = 'peak_hold(1 s) > -2 dBFS'\nfor = \"2 s\"\n"),
          "loud");
    write("theirs/extra.toml", peak_rule(condition), "extra");
    std::ofstream(folder / "theirs/notes.txt") << "not a rule";
    const LoadedRules loaded = RuleBook::load({folder / "ours", folder / "theirs"});
    std::filesystem::remove_all(folder);
    CHECK(loaded.errors.empty());
    CHECK(loaded.files == 3);
    REQUIRE(loaded.book.rules().size() == 2);
    REQUIRE(loaded.book.find("loud"));
    CHECK(loaded.book.find("loud")->hold == std::chrono::seconds(2));
    CHECK(loaded.book.find("extra"));
}

TEST_CASE("a session-wide rule tells the strips it is about") {
    const std::string text = R"(
id = "loud"
scope = "session"
severity = "hint"
confidence = "DERIVED"
source = "a test"
when = 'count(each where each.fader > 0 dB) >= 2'
about = 'each.fader > 0 dB'
says = '{count(each where each.fader > 0 dB)} faders are up'
[[evidence]]
measure = "faders up"
value = 'count(each where each.fader > 0 dB)'
[[suggests]]
control = "fader"
on = "master"
delta = '-3 dB'
[[case]]
name = "fires"
[[case.strip]]
name = "A"
fader = "1 dB"
[[case.strip]]
name = "B"
fader = "1 dB"
[[case.strip]]
name = "Main"
kind = "master"
fader = "0 dB"
[[case.expect]]
at = "1 s"
fires = ["session"]
says = "2 faders are up"
moves = ["fader -3.00 dB"]
[[case]]
name = "silent"
[[case.strip]]
name = "A"
fader = "1 dB"
[[case.expect]]
at = "1 s"
fires = []
)";
    Evaluator evaluator(book_of(text));
    Playground play;
    const StripId a = play.add("A"), b = play.add("B"), c = play.add("C");
    play.set(a, Control::fader, Decibel{1.0}, 0.0);
    play.set(b, Control::fader, Decibel{-1.0}, 0.0);
    play.set(c, Control::fader, Decibel{2.0}, 0.0);
    (void)evaluator.evaluate(play.session, play.brief, at(1.0));
    REQUIRE(evaluator.firing().size() == 1);
    const std::vector<ControlPath> about = evaluator.firing()[0].about;
    REQUIRE(about.size() == 2);
    CHECK(about[0].strip == a);
    CHECK(about[1].strip == c);
    CHECK(evaluator.firing()[0].says == "2 faders are up");
}
