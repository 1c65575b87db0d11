#include "core/values.h"
#include "daemon/command_line/ask.h"
#include "daemon/command_line/render.h"
#include "daemon/tools.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace prefade;
using namespace prefade::command_line;
using Catch::Matchers::Contains;

namespace {

const Look plain{};
const Look narrow{80, false};

Json reading(const Json& value, double age_ms) {
    return {{"kind", "sample_peak"}, {"value", value},   {"unit", "dBFS"},      {"channel", "sum"},
            {"tap", "post_fader"},   {"age_ms", age_ms}, {"maximum_10s", value}};
}

Json strip(const std::string& name) {
    return {{"id", 4},
            {"name", name},
            {"kind", "audio track"},
            {"role", "bass"},
            {"fader_db", -5.3},
            {"trim_db", 1.5},
            {"pan", 1.0},
            {"mute", false},
            {"solo", false},
            {"arm", false},
            {"touched", false},
            {"automation", "off"},
            {"hidden", false},
            {"inserts", Json::array()},
            {"sends", Json::array()},
            {"readings", Json::array({reading(-13.84, 80.0)})}};
}

/// A strip of which nothing is known yet.
Json unknown_strip() {
    return {{"id", 9},        {"name", "New"},       {"kind", "audio track"},
            {"role", ""},     {"fader_db", nullptr}, {"trim_db", nullptr},
            {"pan", nullptr}, {"mute", nullptr},     {"readings", Json::array()}};
}

std::string shown(const char* command, const Json& answer, const Look& look = plain) {
    const std::string text = render(command, answer, look);
    CHECK(!text.empty());
    CHECK(text.back() == '\n');
    CHECK(text.find('\x1b') == std::string::npos);
    return text;
}

Json record(const Json& outcome, const std::string& reason = {}) {
    return {{"id", 7},
            {"outcome", outcome},
            {"reason", reason},
            {"stage", outcome.is_null() ? "proposed" : "done"},
            {"strip", "Bass"},
            {"control", "fader"},
            {"on", ""},
            {"parameter", ""},
            {"before", {{"db", -5.3}}},
            {"target", {{"db", -9.0}}},
            {"read_back", nullptr},
            {"before_text", "-5.30 dB"},
            {"target_text", "-9.00 dB"},
            {"read_back_text", ""},
            {"proof", "read back and held"},
            {"source", "user"},
            {"why", ""},
            {"when", "2026-01-31T18:04:05.123Z"},
            {"undone", false}};
}

Json ended(const Json& moves, const Json& refused = Json::array()) {
    return {{"moves", moves}, {"refused", refused}};
}

} // namespace

TEST_CASE("a strip is shown with its levels, position and the age of its reading") {
    const std::string text = shown("strips", {{"strips", Json::array({strip("Bass")})}});
    CHECK_THAT(text, Contains("Bass") && Contains("-5.3") && Contains("+1.5") && Contains("R100")
                         && Contains("-13.8") && Contains("0.1 s"));
    CHECK_THAT(text, !Contains("("));
}

TEST_CASE("a stale reading stands in parentheses, an unknown value is a dash and never 0") {
    Json old = strip("Old");
    old["readings"] = Json::array({reading(-20.0, 5000.0)});
    const std::string text = shown("strips", {{"strips", Json::array({old, unknown_strip()})}});
    CHECK_THAT(text, Contains("(-20.0)") && Contains("5.0 s"));
    const std::string unknown = text.substr(text.find("New"));
    CHECK_THAT(unknown, Contains("-") && !Contains("0"));
}

TEST_CASE("a hostile name is shown and does nothing") {
    const std::string name = "\x1b]0;owned\x07\nFAULT \u202e";
    Json hostile = strip(name);
    hostile["sends"] =
        Json::array({{{"destination", name}, {"level_db", -6.0}, {"enabled", false}}});
    hostile["inserts"] = Json::array({{{"plugin", name}, {"bypassed", true}}});
    const std::string text = shown("strips", {{"strips", Json::array({hostile})}});
    CHECK_THAT(text, Contains("\\x1b]0;owned\\x07\\x0aFAULT \\xe2\\x80\\xae"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
    Json moved = record("confirmed");
    moved["strip"] = name;
    CHECK(std::count_if(name.begin(), name.end(), [](char c) { return c == '\n'; }) == 1);
    for (const char* command : {"set", "journal"}) {
        const std::string line = shown(command, ended(Json::array({moved})));
        CHECK_THAT(line, Contains("\\x0a"));
        CHECK(std::count(line.begin(), line.end(), '\n') == 2);
    }
}

TEST_CASE("empty answers are said in words") {
    CHECK_THAT(shown("strips", {{"strips", Json::array()}}), Contains("no strips"));
    CHECK_THAT(shown("advice", {{"advice", Json::array()}}), Contains("nothing fires"));
    CHECK_THAT(shown("moves", {{"moves", Json::array()}}), Contains("none"));
    CHECK_THAT(shown("parameters", {{"strip", "Vox"}, {"inserts", Json::array()}}),
               Contains("no inserts"));
}

TEST_CASE("no answer, however odd, breaks a view") {
    const Json odd[] = {
        Json::object(),
        Json::array(),
        Json(),
        Json("text"),
        Json(7),
        Json(true),
        {{"strips", 1}, {"moves", "x"}, {"advice", {{"a", 1}}}, {"host", Json::array()}},
        {{"strips", Json::array({1, Json(), "x", Json::object()})},
         {"moves", Json::array({1, Json::object()})},
         {"advice", Json::array({Json::object(), 3})},
         {"inserts", Json::array({Json::object()})},
         {"refused", Json::array({1})}}};
    for (const Tool& tool : all_tools())
        for (const Json& answer : odd) {
            INFO(tool.described.name << ' ' << answer.dump());
            CHECK_FALSE(render(tool.described.name, answer, plain).empty());
            CHECK_FALSE(render(tool.described.name, answer, narrow).empty());
        }
}

TEST_CASE("the status says what the host has not, what was lost and which rules cannot say") {
    const Json status = {{"version", "1.0"},
                         {"host",
                          {{"name", "ardour"},
                           {"state", "connected"},
                           {"address", "127.0.0.1:3819"},
                           {"session", "mix"},
                           {"state_age_ms", 3000}}},
                         {"capabilities", {{"can", {"read_fader", "write_fader", "transport"}}}},
                         {"mode", "ask"},
                         {"transport", {{"rolling", false}, {"seconds", 62.5}}},
                         {"strips", 15},
                         {"advice", 0},
                         {"cannot_say",
                          {{{"rule", "hot-track"}, {"reason", "the song does not play"}},
                           {{"rule", "too-quiet"}, {"reason", "the song does not play"}}}},
                         {"traffic",
                          {{"received_per_second", 16.998},
                           {"sent_per_second", 15.2},
                           {"received", 1160},
                           {"sent", 141},
                           {"malformed", 2},
                           {"dropped", 7}}},
                         {"hosts_seen", {"ardour=127.0.0.1:3819"}},
                         {"last_error", "disk\nfull"}};
    const std::string text = shown("status", status);
    CHECK_THAT(text, Contains("ardour") && Contains("\"mix\"") && Contains("connected for 3.0 s"));
    CHECK_THAT(text, Contains("stopped at 1:02.5") && Contains("17/s in"));
    CHECK_THAT(text, Contains("2 rules, the song does not play: hot-track, too-quiet"));
    CHECK_THAT(text, Contains("7 dropped, 2 malformed") && Contains("disk\\x0afull"));
    CHECK_THAT(text, Contains("reading of trim") && Contains("undo block"));
    Json searching = status;
    searching["host"] = {{"name", ""}, {"state", "searching"}};
    searching["hosts_seen"] = Json::array();
    searching["transport"]["rolling"] = nullptr;
    CHECK_THAT(shown("status", searching), Contains("none yet, searching") && Contains("no DAW")
                                               && Contains("transport   not known"));
}

TEST_CASE("an advice shows its numbers with their age and how to take it") {
    const Json advice = {
        {"id", 3},
        {"rule", "clipping-strip"},
        {"severity", "fault"},
        {"strips", {"Hot Synth"}},
        {"says", "\"Hot Synth\" peaks at +2.7 dBFS after its fader, over full scale."},
        {"evidence",
         {{{"measure", "sample peak, last 3 s"},
           {"value", 2.69},
           {"unit", "dBFS"},
           {"age_ms", 885},
           {"strip_name", "Hot Synth"}}}},
        {"suggests",
         {{{"says", "\"Hot Synth\" fader +3.00 dB -> -5.70 dB"}},
          {{"says", "\"Hot Synth\" trim 0 -> -8.7 dB"}}}},
        {"age_ms", 7894}};
    const std::string text = shown("advice", {{"advice", Json::array({advice})}}, narrow);
    CHECK_THAT(text, Contains("FAULT") && Contains("clipping-strip, for 7.9 s"));
    CHECK_THAT(text, Contains("Hot Synth: sample peak, last 3 s: +2.69 dBFS (0.9 s ago)"));
    CHECK_THAT(text, Contains("`prefade apply 3`:") && Contains("`prefade apply 3 2`:"));
    CHECK(render_speakable({{"advice", Json::array({advice})}})
          == "Fault 3, Hot Synth. \"Hot Synth\" peaks at plus 2.7 decibels full scale after its "
             "fader, over full scale. Hot Synth, sample peak, last 3 seconds: plus 2.69 decibels "
             "full scale, 0.9 seconds ago. To take it, type prefade apply 3: \"Hot Synth\" fader "
             "plus 3.00 decibels to minus 5.70 decibels. To take it, type prefade apply 3 2: \"Hot "
             "Synth\" trim 0 to minus 8.7 decibels.\n");
    CHECK(render_speakable({{"advice", Json::array()}}) == "Nothing fires now.\n");
    CHECK(render_speakable({{"advice", Json::array()},
                            {"held_back", {{"folded", 3}, {"dismissed", 1}, {"later", 2}}}})
          == "Nothing fires now.\nHeld back: 1 dismissed, 2 not now.\n");
    const std::string coloured = render("advice", {{"advice", Json::array({advice})}}, {80, true});
    CHECK_THAT(coloured, Contains("\x1b[1;31mFAULT") && Contains("\x1b[0m"));
}

TEST_CASE("one advice is shown in full, the rest a line each, and what is held back is counted") {
    const auto one = [](int id, const char* strip, const char* says) {
        return Json{{"id", id},
                    {"rule", "hot-track"},
                    {"severity", "hint"},
                    {"strips", {strip}},
                    {"says", says},
                    {"evidence", Json::array()},
                    {"suggests", {{{"says", std::string(strip) + " fader lower"}}}},
                    {"age_ms", 10}};
    };
    Json answer = {
        {"advice", Json::array({one(4, "Bass", "Bass is hot."), one(2, "Keys", "Keys are hot."),
                                one(9, "Pad", "A pad is hot.")})},
        {"held_back", {{"folded", 2}, {"dismissed", 1}, {"later", 0}, {"hand", 0}}}};
    const std::string text = shown("advice", answer);
    CHECK_THAT(text, Contains("`prefade apply 4`") && !Contains("`prefade apply 2`"));
    CHECK_THAT(text,
               Contains("\n  2  HINT     Keys  Keys are hot.\n  9  HINT     Pad  A pad is hot.\n"));
    CHECK_THAT(text, Contains("held back: 2 folded, 1 dismissed\n"));
    answer["advice"] = Json::array();
    answer["held_back"]["folded"] = 0;
    CHECK_THAT(shown("advice", answer),
               Contains("nothing fires now") && Contains("held back: 1 dismissed\n"));
    CHECK_THAT(
        shown("later",
              {{"later",
                {{{"rule", "hot-track"}, {"strip", "Bass"}, {"send", ""}, {"whole_rule", false}},
                 {{"rule", "too-quiet"}, {"strip", ""}, {"send", ""}, {"whole_rule", true}}}}}),
        Contains("hot-track on Bass rests until") && Contains("too-quiet everywhere rests"));
    CHECK(shown("later", {{"later", Json::array()}}) == "nothing rests\n");
}

TEST_CASE("parameters are shown in the plugin's own number and text, meters apart") {
    const Json answer = {{"strip", "Kick"},
                         {"complete", false},
                         {"inserts",
                          {{{"plugin", "ACE Compressor"},
                            {"slot", 0},
                            {"bypassed", true},
                            {"parameters",
                             {{{"name", "Threshold"},
                               {"value", -20.0},
                               {"unit", "dB"},
                               {"text", "-20.0 dB"},
                               {"minimum", -60.0},
                               {"maximum", 0.0},
                               {"age_ms", 10},
                               {"output", false}},
                              {{"name", "Mkup"}, // over a control surface
                               {"value", 6.5},
                               {"unit", "dB"},
                               {"text", "6.5 dB"},
                               {"minimum", nullptr},
                               {"maximum", nullptr},
                               {"age_ms", 10},
                               {"output", false}},
                              {{"name", "Gain Reduction"},
                               {"value", nullptr},
                               {"unit", "dB"},
                               {"text", ""},
                               {"minimum", 0.0},
                               {"maximum", 45.0},
                               {"age_ms", nullptr},
                               {"output", true}}}}}}}};
    const std::string text = shown("parameters", answer);
    CHECK_THAT(text, Contains("ACE Compressor (off), slot 1") && Contains("-60 .. 0"));
    CHECK_THAT(text, Contains("Threshold") && Contains("-20.0 dB") && Contains("meter"));
    CHECK_THAT(text, Contains("not all could be read"));
    CHECK_THAT(text, Catch::Matchers::Matches("(.|\\n)*Mkup +6\\.5 +dB +6\\.5 dB +- +(.|\\n)*"));
}

TEST_CASE("only confirmed moves and those that wait for approval are a success") {
    CHECK_FALSE(shortfall(ended(Json::array({record("confirmed")}))));
    CHECK_FALSE(shortfall(ended(Json::array({record(nullptr)}))));
    CHECK_FALSE(shortfall(Json{{"moves", Json::array({record("refused")})}})); // the journal
    CHECK_FALSE(shortfall(Json{{"mode", "ask"}}));
    for (const char* outcome : {"unconfirmed", "superseded", "refused", "failed", "unknown"}) {
        const auto line = shortfall(ended(Json::array({record(outcome, "because")})));
        REQUIRE(line);
        CHECK_THAT(*line, Contains(outcome) && Contains("because") && Contains("\"Bass\" fader"));
        CHECK(line->find('\n') == std::string::npos);
    }
    const auto several = shortfall(
        ended(Json::array({record("confirmed"), record("superseded", "automation took it back")}),
              Json::array({"a hand changed it"})));
    REQUIRE(several);
    CHECK_THAT(*several, Contains("1 of 3 moves confirmed") && Contains("automation took it back")
                             && Contains("a hand changed it"));
}

TEST_CASE("how a move ended is one line with its values") {
    CHECK(move_line(record("confirmed"))
          == "move 7 confirmed: \"Bass\" fader -5.30 dB -> -9.00 dB");
    Json taken = record("superseded", "a hand moved it");
    taken["read_back"] = {{"db", -7.25}};
    taken["read_back_text"] = "-7.25 dB";
    CHECK(move_line(taken)
          == "move 7 superseded: \"Bass\" fader -5.30 dB -> -9.00 dB, the DAW has -7.25 dB: a hand "
             "moved it");
    CHECK(move_line(record("refused", "\"Bass\" fader: too high"))
          == "move 7 refused: \"Bass\" fader: too high");
    CHECK_THAT(move_line(record(nullptr)),
               Contains("waits for your yes") && Contains("`prefade approve 7`"));
    Json parameter = record("confirmed");
    parameter["control"] = "parameter";
    parameter["on"] = "ACE EQ";
    parameter["parameter"] = "Gain 2";
    CHECK_THAT(move_line(parameter), Contains("\"Bass\" ACE EQ / Gain 2 "));
}

TEST_CASE("the journal says what was read back, what was undone and why") {
    Json undone = record("confirmed");
    undone["undone"] = true;
    undone["read_back"] = {{"db", -9.0}};
    undone["read_back_text"] = "-9.00 dB";
    const std::string text =
        shown("journal", {{"moves", Json::array({undone, record("refused", "too loud")})}});
    CHECK_THAT(text, Contains("confirmed, undone") && Contains("too loud") && Contains("-9.00 dB"));
    CHECK_THAT(shown("journal", {{"moves", Json::array({undone})}}, narrow), !Contains("WHY"));
}

TEST_CASE("an answer without a view of its own is shown member by member") {
    const std::string text = shown("brighten", {{"strip", "Vox\x1b"},
                                                {"done", true},
                                                {"nothing", nullptr},
                                                {"list", {1, "two", {{"three", 3}}}},
                                                {"none", Json::array()}});
    CHECK(text
          == "done: true\nlist:\n  - 1\n  - two\n  -\n    three: 3\nnone: none\nnothing: -\nstrip: "
             "Vox\\x1b\n");
}

TEST_CASE("an order is shown with the command that lets it go, or with why it was refused") {
    const Json told = {
        {"answer", "Proposed: fader of \"Bass\" to -8 dB."},
        {"moves",
         {{{"control", "fader"}, {"move", 7}, {"stage", "proposed"}},
          {{"control", "pan"}, {"outcome", "refused"}, {"reason", "mode \033watch"}}}},
        {"sources", Json::array()}};
    const std::string shown = command_line::render_answer(told, {});
    CHECK(shown.find("  prefade approve 7\n") != std::string::npos);
    CHECK(shown.find("  refused: mode ") != std::string::npos);
    CHECK(shown.find('\033') == std::string::npos);
}
