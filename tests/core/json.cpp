#include "core/json.h"
#include "core/snapshot.h"
#include "tests/support/catch.h"
#include "tests/support/moment.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

using namespace prefade;
using test::infinity, test::now;
using namespace std::chrono_literals;

namespace {

ControlPath parameter_path() { return {StripId{7}, Control::parameter, InsertId{3}, 12}; }

MoveRecord full_record() {
    MoveRecord record;
    record.move = {MoveId{41},
                   parameter_path(),
                   Normalized{0.1 + 0.2},
                   Milliseconds{300.0},
                   Source::rule,
                   "why \"it\" moves",
                   9,
                   AdviceId{5},
                   MoveId{40}};
    record.session_key = "ardour/Song";
    record.strip_name = "Léad \x01 Vox";
    record.on_name = "ACE EQ";
    record.parameter_name = "Gain 2";
    record.before = Normalized{0.25};
    record.before_text = "-24 dB";
    record.target_text = "-21 dB";
    record.read_back_text = "-21.5 dB";
    record.approved_by = "user";
    record.stage = MoveStage::done;
    record.outcome = Outcome{Outcome::Kind::superseded, Normalized{0.5}, "a hand"};
    record.proof = "name and neighbours";
    record.begun_at = *from_iso8601("2026-01-31T18:04:05.123Z");
    record.ended_at = record.begun_at + 700ms;
    record.undone = true;
    return record;
}

std::string error_of(std::string_view text) {
    const auto json = parse_json(text);
    REQUIRE_FALSE(json);
    CHECK(json.error().code == ErrorCode::invalid);
    return json.error().message;
}

} // namespace

TEST_CASE("a control value comes back from JSON exactly") {
    const ControlValue values[] = {
        Decibel{-4.5},   Decibel{0.1 + 0.2}, Decibel::silence(),
        Pan{-1.0},       Pan{1.0 / 3.0},     true,
        false,           Normalized{1e-17},  Normalized{static_cast<double>(0.43F)},
        Displayed{-18.3}};
    for (const ControlValue& value : values) {
        const auto parsed = parse_json(to_line(to_json(value)));
        REQUIRE(parsed);
        const auto back = control_value_from_json(*parsed);
        REQUIRE(back);
        CHECK(*back == value);
    }
}

TEST_CASE("silence goes out as a word, because JSON has no infinity") {
    CHECK(to_line(to_json(Decibel::silence())) == R"("-inf")");
    CHECK(to_line(to_json(ControlValue{Decibel::silence()})) == R"({"db":"-inf"})");
}

TEST_CASE("a control value that is none is refused") {
    const char* texts[] = {"{}",
                           "null",
                           "-4.5",
                           R"({"db":"inf"})",
                           R"({"db":"nan"})",
                           R"({"db":null})",
                           R"({"db":-4.5,"pan":0})",
                           R"({"pan":1.01})",
                           R"({"normalized":-0.001})",
                           R"({"on":1})",
                           R"({"displayed":"-18"})",
                           R"({"volume":1})"};
    for (const char* text : texts) {
        CAPTURE(text);
        CHECK_FALSE(control_value_from_json(*parse_json(text)));
    }
    CHECK_FALSE(control_value_from_json(Json{{"db", std::nan("")}}));
    CHECK_FALSE(control_value_from_json(Json{{"db", infinity}}));
}

TEST_CASE("a control path comes back from JSON") {
    const ControlPath paths[] = {{StripId{1}, Control::fader, {}, 0},
                                 {StripId{4294967295U}, Control::mute, {}, 0},
                                 {StripId{2}, Control::bypass, InsertId{5}, 0},
                                 {StripId{2}, Control::send, SendId{6}, 0},
                                 {StripId{2}, Control::send_enabled, SendId{6}, 0},
                                 parameter_path()};
    for (const ControlPath& path : paths) {
        const auto back = control_path_from_json(to_json(path));
        REQUIRE(back);
        CHECK(*back == path);
    }
}

TEST_CASE("a control path that could mean something else is refused") {
    const char* texts[] = {R"([])",
                           R"({"strip":1})",
                           R"({"strip":1,"control":"volume"})",
                           R"({"strip":-1,"control":"fader"})",
                           R"({"strip":1.5,"control":"fader"})",
                           R"({"strip":4294967296,"control":"fader"})",
                           R"({"strip":"1","control":"fader"})",
                           R"({"strip":1,"control":"fader","insert":2})",
                           R"({"strip":1,"control":"send"})",
                           R"({"strip":1,"control":"send","send":1,"insert":2})",
                           R"({"strip":1,"control":"parameter","insert":2})",
                           R"({"strip":1,"control":"parameter","insert":2,"parameter":65536})"};
    for (const char* text : texts) {
        CAPTURE(text);
        CHECK_FALSE(control_path_from_json(*parse_json(text)));
    }
}

TEST_CASE("a line of the journal comes back from JSON with all it holds") {
    const MoveRecord record = full_record();
    const auto parsed = parse_json(to_line(to_json(record)));
    REQUIRE(parsed);
    const auto back = move_record_from_json(*parsed);
    REQUIRE(back);
    CHECK(to_json(*back) == to_json(record));
    CHECK(back->move.target == record.move.target);
    CHECK(back->move.path == record.move.path);
    CHECK(back->move.undoes == MoveId{40});
    CHECK(back->outcome->read_back == record.outcome->read_back);
    CHECK(back->begun_at == record.begun_at);
    CHECK(back->strip_name == record.strip_name);
    CHECK(back->undone);
}

TEST_CASE("a move without an outcome has none after JSON either") {
    MoveRecord record = full_record();
    record.outcome.reset();
    record.ended_at = {};
    record.move.id = {};
    const Json json = to_json(record);
    CHECK(json.at("outcome").is_null());
    CHECK(json.at("ended").is_null());
    const auto back = move_record_from_json(json);
    REQUIRE(back);
    CHECK_FALSE(back->outcome);
    CHECK(back->ended_at == WallTime{});
    CHECK(back->move.id == MoveId{});
}

TEST_CASE("a move whose target is of another kind than its control is refused") {
    Json json = to_json(full_record().move);
    json["target"] = {{"db", -3.0}};
    CHECK_FALSE(move_from_json(json));
}

TEST_CASE("every member of a line of the journal that is of a wrong kind is refused") {
    const Json good = to_json(full_record());
    for (const auto& [key, value] : good.items()) {
        if (key == "control") continue; // stands in the path; here for people
        Json bad = good;
        bad[key] = Json::array({1});
        CAPTURE(key);
        CHECK_FALSE(move_record_from_json(bad));
    }
}

TEST_CASE("a reading says its unit, where it listens and how old it is") {
    const Reading reading{MeterKind::sample_peak, Channel::left, Tap::post_fader, -6.123456,
                          Decibel{0.5},           now - 2500ms};
    CHECK(to_json(reading, now)
          == Json{{"kind", "sample_peak"},
                  {"value", -6.12},
                  {"unit", "dBFS"},
                  {"channel", "left"},
                  {"tap", "post_fader"},
                  {"resolution_db", 0.5},
                  {"age_ms", 2500.0}});
}

TEST_CASE("a strip tells what is not known as null, neither as 0 nor as false") {
    Strip strip;
    strip.id = StripId{3};
    strip.name = "Bass";
    Json json = to_json(strip, now);
    for (const char* key :
         {"fader_db", "trim_db", "pan", "mute", "solo", "arm", "automation", "fader_age_ms"}) {
        CAPTURE(key);
        CHECK(json.at(key).is_null());
    }
    strip.fader.learn(Decibel{-3.2F}, now - 40s);
    strip.mute.learn(false, now);
    json = to_json(strip, now);
    CHECK(json.at("fader_db") == -3.2);
    CHECK(json.at("fader_age_ms") == 40'000.0);
    CHECK(json.at("mute") == false);
    CHECK_FALSE(json.dump().find("parameters") != std::string::npos);
}

TEST_CASE("a meter tells its latest value and the largest of ten seconds") {
    Strip strip;
    Reading reading{MeterKind::sample_peak, Channel::sum, Tap::post_fader, -2.0,
                    Decibel{0.1},           now - 5s};
    Meter meter;
    meter.recent.add(-2.0, now - 5s);
    reading.value = -infinity;
    reading.at = now;
    meter.latest = reading;
    meter.recent.add(reading.value, now);
    strip.meters.push_back(meter);
    const Json json = to_json(strip, now).at("readings").at(0);
    CHECK(json.at("value") == "-inf");
    CHECK(json.at("maximum_10s") == -2.0);
}

TEST_CASE("the number of a plugin parameter is not rounded") {
    Parameter parameter;
    parameter.number = 4;
    parameter.name = "Threshold";
    parameter.plain = static_cast<double>(-17.3F);
    parameter.minimum = -60.0;
    parameter.maximum = 0.0;
    CHECK(to_json(parameter, now).at("value").is_null());
    parameter.value.learn(normalized_of(parameter, parameter.plain), now - 10ms);
    const Json json = *parse_json(to_line(to_json(parameter, now)));
    CHECK(json.at("value").get<double>() == parameter.plain);
    CHECK(json.at("age_ms") == 10.0);
}

TEST_CASE("of a parameter without a range the displayed number is its value") {
    Parameter parameter;
    parameter.name = "Thresh";
    parameter.text = "-18.0";
    parameter.displayed.learn(Displayed{-18.0}, now - 20ms);
    const Json json = *parse_json(to_line(to_json(parameter, now)));
    CHECK(json.at("value") == -18.0);
    CHECK(json.at("age_ms") == 20.0);
    for (const char* none : {"normalized", "minimum", "maximum"}) CHECK(json.at(none).is_null());
}

TEST_CASE("a snapshot tells what is held back, those beside the first among it") {
    Snapshot snapshot;
    snapshot.advice.resize(3);
    snapshot.held_back = {1, 2, 3};
    CHECK(parse_json(to_line(snapshot, now))->at("held_back")
          == Json{{"folded", 2}, {"dismissed", 1}, {"later", 2}, {"hand", 3}});
    CHECK(to_json(HeldBack{}, 0).at("folded") == 0);
}

TEST_CASE("an advice names its strips and says its move in words") {
    Session session;
    Strip strip;
    strip.id = StripId{1};
    strip.name = "Lead Vox";
    strip.fader.learn(Decibel{-3.2}, now);
    session.strips.push_back(strip);
    Advice advice;
    advice.id = AdviceId{2};
    advice.about = {{StripId{1}, Control::fader, {}, 0}, {StripId{1}, Control::trim, {}, 0}};
    advice.evidence.push_back({StripId{1}, "sample peak", -0.4, "dBFS", now - 60ms});
    Move move;
    move.path = advice.about.front();
    move.target = Decibel{-4.5};
    advice.suggests.push_back(move);
    advice.evidence.push_back({StripId{1}, "armed", 1.0, "", now, true});
    const Json json = to_json(advice, session, now);
    CHECK(json.at("evidence").at(1).at("value") == true);
    CHECK(json.at("strips") == Json::array({"Lead Vox"}));
    CHECK(json.at("evidence").at(0).at("strip_name") == "Lead Vox");
    CHECK(json.at("evidence").at(0).at("age_ms") == 60.0);
    CHECK(json.at("suggests").at(0).at("says") == "\"Lead Vox\" fader -3.20 dB -> -4.50 dB");
}

TEST_CASE("a snapshot holds what a view draws in one object") {
    Snapshot snapshot;
    snapshot.sequence = 17;
    snapshot.taken = now - 20ms;
    snapshot.session.host.name = "ardour";
    snapshot.moves.push_back(full_record());
    const Json json = *parse_json(to_line(snapshot, now));
    CHECK(json.at("sequence") == 17);
    CHECK(json.at("age_ms") == 20.0);
    CHECK(json.at("host").at("name") == "ardour");
    CHECK(json.at("mode") == "ask");
    CHECK(json.at("moves").size() == 1);
    CHECK(json.at("strips").empty());
}

TEST_CASE("a snapshot tells of a strip what is shown of it, as the strip alone does") {
    Strip strip;
    strip.id = StripId{3};
    strip.name = "Bass \"DI\"\n\xff";
    strip.role = "bass";
    Snapshot snapshot;
    snapshot.session.strips.push_back(strip);
    const auto told = [&] { return parse_json(to_line(snapshot, now))->at("strips"); };
    const auto brief = [](Json whole) {
        for (const char* key : {"name_is_short", "role_set_by_user", "position", "trim_db",
                                "fader_age_ms", "sends", "inserts"})
            whole.erase(key);
        for (Json& reading : whole["readings"])
            for (const char* key : {"channel", "tap"}) reading.erase(key);
        for (const char* key : {"hidden", "mute", "solo", "arm", "touched", "automation"})
            if (whole[key].is_null() || whole[key] == false) whole.erase(key);
        return whole;
    };
    Json bare = brief(to_json(strip, now));
    bare["name"] = "Bass \"DI\"\n\xEF\xBF\xBD"; // what is no UTF-8 goes out as its sign
    CHECK(told() == Json::array({bare}));
    strip.name = "Bass";
    strip.hidden = strip.touched = strip.name_is_short = strip.role_set_by_user = true;
    strip.fader.learn(Decibel{-3.2F}, now - 40s);
    strip.trim.learn(Decibel::silence(), now);
    strip.pan.learn(Pan{-1.0}, now);
    strip.mute.learn(false, now);
    strip.solo.learn(true, now);
    strip.arm.learn(false, now);
    strip.automation.learn(AutomationMode::touch, now);
    Send send;
    send.destination = "Reverb";
    send.level.learn(Decibel{-12.5}, now);
    send.enabled.learn(true, now);
    strip.sends.push_back(send);
    Insert insert;
    insert.plugin = "EQ";
    insert.bypassed.learn(false, now);
    strip.inserts.assign(2, insert);
    Meter meter;
    meter.latest = {MeterKind::sample_peak, Channel::left, Tap::post_fader, -6.125,
                    Decibel{0.5},           now - 250ms};
    meter.recent.add(-infinity, now);
    strip.meters.push_back(meter);
    snapshot.session.strips = {strip, strip};
    CHECK(told() == Json::array({brief(to_json(strip, now)), brief(to_json(strip, now))}));
}

TEST_CASE("a host's bytes that are no text do not stop a line from going out") {
    const Json json = {{"name", "a\xff"
                                "b\nc"}};
    CHECK(to_line(json)
          == "{\"name\":\"a\xEF\xBF\xBD"
             "b\\nc\"}");
    CHECK(parse_json(to_line(json)));
}

TEST_CASE("a syntax error names line and column") {
    CHECK(error_of("{\n  \"a\": nul\n}").find("line 2, column 11") != std::string::npos);
    CHECK(error_of("").find("line 1, column 1") != std::string::npos);
    CHECK(error_of("{\"a\":1} x").find("column 9") != std::string::npos);
}

TEST_CASE("JSON beyond 64 levels is refused, brackets in text do not count") {
    const std::string deep(64, '['), closed(64, ']');
    CHECK(parse_json(deep + closed));
    CHECK(error_of('[' + deep + closed + ']').find("deeper than 64") != std::string::npos);
    CHECK(error_of(std::string(1'000'000, '[')).find("deeper than 64") != std::string::npos);
    CHECK(parse_json('"' + std::string(100, '[') + R"(\"[[[")"));
}

TEST_CASE("numbers that are no numbers are refused") {
    for (const char* text :
         {"NaN", "nan", "Infinity", "-inf", "1e999", "-1e999", "01", "1.", "+1", "0x10"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_json(text));
    }
    CHECK(parse_json("1e308"));
}

TEST_CASE("bytes that are no UTF-8 are refused") {
    CHECK_FALSE(parse_json("\"\xff\""));
    CHECK_FALSE(parse_json("\"\xc0\x80\""));
    CHECK_FALSE(parse_json(std::string_view("\0", 1)));
}

TEST_CASE("a time comes back from its text") {
    for (const char* text :
         {"2026-01-31T18:04:05.123Z", "1970-01-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z",
          "1678-01-01T00:00:00.001Z", "2261-12-31T23:59:59.999Z"}) {
        const auto time = from_iso8601(text);
        REQUIRE(time);
        CHECK(to_iso8601(*time) == text);
    }
}

TEST_CASE("text that is no time of the one form is refused") {
    for (const char* text :
         {"", "2026-01-31", "2026-01-31T18:04:05Z", "2026-01-31 18:04:05.123Z",
          "2026-01-31T18:04:05.123+", "2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z",
          "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z", "0000-01-01T00:00:00.000Z",
          "9999-01-01T00:00:00.000Z", "-026-01-31T18:04:05.123Z"}) {
        CAPTURE(text);
        CHECK_FALSE(from_iso8601(text));
    }
}

TEST_CASE("an error goes out with its code by name") {
    CHECK(to_json(Error{ErrorCode::not_found, "no strip \"X\"", "a"})
          == Json{{"code", "not_found"}, {"message", "no strip \"X\""}, {"where", "a"}});
}
