#include "core/values.h"
#include "daemon/command_line/coach_view.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace prefade;
using namespace prefade::command_line;
using Catch::Matchers::Contains;

namespace {

Json advice(int id, const char* severity = "fault") {
    return {
        {"id", id},
        {"rule", "master-over"},
        {"severity", severity},
        {"strips", {"Master"}},
        {"says",
         "The master peaks at +1.2 dBFS: converters and fixed-point exports clip there. Lower its "
         "fader by 4.2 dB, or the loudest strips by as much."},
        {"evidence",
         {{{"measure", "sample peak, last 3 s"},
           {"value", 1.25},
           {"unit", "dBFS"},
           {"strip_name", "Master"},
           {"age_ms", 80}}}},
        {"suggests", {{{"says", "\"Master\" fader -2.00 dB -> -6.20 dB"}}}},
        {"age_ms", 2000}};
}

Json move(int id, const Json& outcome, const char* stage = "done") {
    return {{"id", id},
            {"outcome", outcome},
            {"stage", stage},
            {"strip", "Bass"},
            {"control", "fader"},
            {"before", {{"db", -5.3}}},
            {"target", {{"db", -9.0}}},
            {"read_back", nullptr},
            {"reason", ""}};
}

Json snapshot(const char* state = "connected") {
    return {
        {"host",
         {{"name", "ardour"}, {"state", state}, {"address", "127.0.0.1:3819"}, {"session", "mix"}}},
        {"transport", {{"rolling", true}, {"seconds", 12.3}}},
        {"mode", "ask"},
        {"strips", Json::array()},
        {"advice", Json::array()},
        {"moves", Json::array()},
        {"traffic", {{"received_per_second", 212.0}}}};
}

std::vector<Happened::Kind> kinds(const std::vector<Happened>& news) {
    std::vector<Happened::Kind> all;
    for (const Happened& one : news) all.push_back(one.kind);
    return all;
}

Json strip(const std::string& name, const Json& peak, double age_ms) {
    return {{"name", name},
            {"readings",
             {{{"kind", "sample_peak"},
               {"value", peak},
               {"unit", "dBFS"},
               {"age_ms", age_ms},
               {"maximum_10s", peak}}}}};
}

std::string whole(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + '\n';
    return text;
}

} // namespace

TEST_CASE("an advice is told when it fires and when it ends, once each") {
    Watcher watcher;
    Json now = snapshot();
    CHECK(kinds(watcher.take(now)) == std::vector{Happened::Kind::host, Happened::Kind::transport});
    now["advice"] = Json::array({advice(3)});
    const auto fires = watcher.take(now);
    REQUIRE(kinds(fires) == std::vector{Happened::Kind::fires});
    now["advice"][0]["says"] = "the numbers moved a little";
    CHECK(watcher.take(now).empty());
    now["advice"] = Json::array();
    const auto ends = watcher.take(now);
    REQUIRE(kinds(ends) == std::vector{Happened::Kind::ends});
    CHECK(watcher.take(now).empty());

    const std::string line = log_line(fires[0], "18:04:05");
    CHECK_THAT(line, Contains("18:04:05 FAULT   [3] The master peaks at +1.2 dBFS"));
    CHECK_THAT(line, Contains("Master: sample peak, last 3 s: +1.25 dBFS")
                         && Contains("`prefade apply 3`: \"Master\""));
    CHECK_THAT(log_line(ends[0], "18:04:07"),
               Contains("over    [3] Master: master-over no longer fires, after 2.0 s"));
}

TEST_CASE("what fired when the DAW went away is not called mended") {
    Watcher watcher;
    Json now = snapshot();
    now["advice"] = Json::array({advice(3)});
    watcher.take(now);
    const auto news = watcher.take(snapshot("lost"));
    REQUIRE(kinds(news) == std::vector{Happened::Kind::host, Happened::Kind::withdrawn});
    CHECK_THAT(log_line(news[0], ""), Contains("does not answer any more"));
    CHECK_THAT(log_line(news[1], ""), !Contains("no longer fires") && Contains("without the DAW"));
}

TEST_CASE("a move is told when it ends, and a proposal when it is made; old ones are no news") {
    Watcher watcher;
    Json now = snapshot();
    now["moves"] = Json::array({move(1, "confirmed")});
    CHECK(kinds(watcher.take(now)) == std::vector{Happened::Kind::host, Happened::Kind::transport});
    now["moves"].push_back(move(2, nullptr, "sent"));
    CHECK(watcher.take(now).empty());
    now["moves"].push_back(move(3, nullptr, "proposed"));
    const auto proposed = watcher.take(now);
    REQUIRE(kinds(proposed) == std::vector{Happened::Kind::proposed});
    CHECK_THAT(log_line(proposed[0], ""), Contains("`prefade approve 3`"));
    now["moves"][1]["outcome"] = "superseded";
    now["moves"][1]["reason"] = "a hand moved it";
    const auto moved = watcher.take(now);
    REQUIRE(kinds(moved) == std::vector{Happened::Kind::moved});
    CHECK_THAT(log_line(moved[0], ""),
               Contains("move 2 superseded") && Contains("a hand moved it"));
    CHECK(watcher.take(now).empty());
}

TEST_CASE("the host is told when its state changes, and so is the transport") {
    Watcher watcher;
    Json searching = {{"host", {{"name", ""}, {"state", "searching"}}}};
    auto news = watcher.take(searching);
    REQUIRE(kinds(news) == std::vector{Happened::Kind::host});
    CHECK_THAT(log_line(news[0], ""), Contains("looking for a DAW"));
    news = watcher.take(snapshot());
    REQUIRE(kinds(news) == std::vector{Happened::Kind::host, Happened::Kind::transport});
    CHECK_THAT(log_line(news[0], ""), Contains("connected to ardour \"mix\" at 127.0.0.1:3819"));
    CHECK_THAT(log_line(news[1], ""), Contains("plays"));
    Json stopped = snapshot();
    stopped["transport"]["rolling"] = false;
    CHECK(kinds(watcher.take(stopped)) == std::vector{Happened::Kind::transport});
    stopped["transport"]["rolling"] = nullptr; // not known: nothing to say
    CHECK(watcher.take(stopped).empty());
}

TEST_CASE("an event for programs holds what happened whole") {
    Watcher watcher;
    Json now = snapshot();
    now["advice"] = Json::array({advice(3)});
    const auto news = watcher.take(now);
    const Json event = event_json(news.back(), WallTime{});
    CHECK(event["event"] == "fires");
    CHECK(event["advice"] == advice(3));
    CHECK(event["at"] == "1970-01-01T00:00:00.000Z");
}

TEST_CASE("the demo is called so, and what it still has to do is told") {
    Watcher watcher;
    Json demo = snapshot("connecting");
    demo["host"] = {
        {"name", ""}, {"state", "connecting"}, {"address", "the demo"}, {"progress", ""}};
    watcher.take(demo);
    demo["host"]["progress"] = "its music is being made, once: 40 %";
    const auto news = watcher.take(demo);
    REQUIRE(kinds(news) == std::vector{Happened::Kind::host});
    CHECK_THAT(log_line(news[0], ""),
               Contains("connecting to the demo: its music") && Contains("40 %"));
    CHECK(watcher.take(demo).empty());
    demo["host"] = {
        {"name", "demo"}, {"state", "connected"}, {"demo", true}, {"session", "Night Bus"}};
    CHECK_THAT(log_line(watcher.take(demo).at(0), ""),
               Contains("DEMO \"Night Bus\"") && Contains("no DAW of yours"));
}

TEST_CASE("hostile names stay on their line in the log") {
    Json hostile = advice(3);
    hostile["says"] = "\x1b[2J\nforged";
    CHECK_THAT(log_line({Happened::Kind::fires, hostile}, ""), Contains("\\x1b[2J\\x0aforged"));
}

TEST_CASE("the picture fits any terminal and shows the worst first") {
    Json now = snapshot();
    for (int i = 1; i <= 12; ++i) now["advice"].push_back(advice(i, i < 3 ? "fault" : "hint"));
    for (int i = 1; i <= 30; ++i) {
        now["strips"].push_back(
            strip("ボーカル with a very long name " + std::to_string(i), 3.0 - i, 50));
        now["moves"].push_back(move(i, "confirmed"));
    }
    for (const std::size_t columns : {20U, 40U, 80U, 120U, 200U})
        for (const std::size_t rows : {3U, 10U, 24U, 36U, 60U}) {
            CoachState state;
            state.columns = columns;
            state.rows = rows;
            const auto lines = coach_picture(now, state);
            CAPTURE(columns, rows);
            CHECK(!lines.empty());
            CHECK(lines.size() <= rows);
            if (columns >= 80)
                for (const std::string& line : lines) CHECK(display_width(line) <= columns);
        }
    CoachState state;
    state.rows = 20;
    const std::string text = whole(coach_picture(now, state));
    CHECK(text.find("   1 FAULT") < text.find("   2 FAULT"));
    CHECK_THAT(text, Contains("mode ask") && Contains("playing") && Contains("0:12.3")
                         && Contains("+2.0 dBFS"));
    CHECK_THAT(text, Contains("and ") && Contains("more: `prefade advice`")
                         && Contains("move 30 confirmed"));
}

TEST_CASE("the picture without a DAW says what is looked for and what helps") {
    CoachState state;
    state.hosts_found = {"ardour=127.0.0.1:3819", "ardour=127.0.0.1:3820"};
    const std::string text = whole(
        coach_picture({{"host", {{"name", ""}, {"state", "searching"}}}, {"mode", "ask"}}, state));
    CHECK_THAT(text, Contains("looking for a DAW") && Contains("prefade setup")
                         && Contains("several DAWs"));
    CHECK_THAT(text, Contains("no levels in the last ten seconds"));
    CHECK_THAT(whole(coach_picture(Json(), CoachState{})), Contains("looking for a DAW"));
}

TEST_CASE("the picture tells why a move was refused in full") {
    Json now = snapshot();
    now["moves"] = Json::array({move(9, "refused")});
    now["moves"][0]["reason"] = "the fader of \"Bass\" plays its automation: Ardour ignores every "
                                "other value; trim moves all";
    std::string text;
    for (const std::string& line : coach_picture(now, CoachState{})) text += line + ' ';
    CHECK_THAT(text, Contains("move 9 refused") && Contains("moves all"));
}

TEST_CASE("the picture tells how to reach a daemon that is not at its usual place") {
    CoachState state;
    CHECK_THAT(whole(coach_picture(snapshot(), state)), !Contains("--socket"));
    state.socket = "/tmp/x/prefade.sock";
    CHECK_THAT(whole(coach_picture(snapshot(), state)),
               Contains("prefade --socket /tmp/x/prefade.sock COMMAND"));
}

TEST_CASE("a level in the picture grows old with the snapshot it came in") {
    Json now = snapshot();
    now["strips"] = Json::array({strip("Bass", -13.8, 100)});
    CoachState state;
    CHECK_THAT(whole(coach_picture(now, state)), !Contains("(-13.8)"));
    state.snapshot_age_ms = 2000;
    CHECK_THAT(whole(coach_picture(now, state)), Contains("(-13.8)"));
}
