#include "core/values.h"
#include "daemon/command_line/text.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

#include <limits>

using namespace prefade;
using namespace prefade::command_line;

TEST_CASE("width counts columns: combining marks none, wide letters two") {
    const std::pair<const char*, std::size_t> texts[] = {
        {"", 0},     {"Vox", 3},   {"Gesäng", 6}, {"Gesa\u0308ng", 6}, {"ボーカル", 8},
        {"한국", 4}, {"🎸 Gtr", 6}, {"กำ", 2},     {"e\u200d", 1},      {"\xff\xfe", 2}};
    for (const auto& [text, width] : texts) {
        CAPTURE(text);
        CHECK(display_width(text) == width);
    }
}

TEST_CASE("text is cut by columns and says so") {
    CHECK(cut("Lead Vox", 8) == "Lead Vox");
    CHECK(cut("Lead Vox", 7) == "Lead ..");
    CHECK(cut("ボーカル", 7) == "ボー..");
    CHECK(cut("ボーカル", 5) == "ボ..");
    CHECK(cut("abc", 1) == "a");
    CHECK(cut("abc", 0).empty());
    for (std::size_t width = 0; width < 12; ++width)
        CHECK(display_width(cut("ab ボーカ e\u0308", width)) <= width);
}

TEST_CASE("paragraphs break at spaces, and words that are too long anywhere") {
    CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
    CHECK(wrapped("one two three", 0) == std::vector<std::string>{"one two three"});
    CHECK(wrapped("abcdefgh ij", 4) == std::vector<std::string>{"abcd", "efgh", "ij"});
    CHECK(wrapped("", 10) == std::vector<std::string>{""});
    CHECK(wrapped("ボーカル", 5) == std::vector<std::string>{"ボー", "カル"});
    for (std::size_t width = 2; width < 30; ++width)
        for (const std::string& line :
             wrapped("The ボーカル peaks at -0.4 dBFS, converters clip there", width))
            CHECK(display_width(line) <= width);
}

TEST_CASE("a text of several lines is fitted line by line and keeps its indents") {
    CHECK(fitted("one\n  two three four five six\n\nseven\n", 25)
          == "one\n  two three four five six\n\nseven\n");
    CHECK(fitted("  two three four five six seven", 24) == "  two three four five\n  six seven\n");
    CHECK(fitted("a  b\n", 0) == "a  b\n");
}

TEST_CASE("colours are off unless asked for, and never around nothing") {
    CHECK(toned("FAULT", Tone::bad, {0, false}) == "FAULT");
    CHECK(toned("FAULT", Tone::bad, {0, true}) == "\x1b[1;31mFAULT\x1b[0m");
    CHECK(toned("", Tone::bad, {0, true}).empty());
    CHECK(toned("plain", Tone::plain, {0, true}) == "plain");
}

namespace {

Table sample_table() {
    Table table({{"#", true},
                 {"STRIP", false, 0, 6},
                 {"KIND", false, 2},
                 {"FADER", true},
                 {"SENDS", false, 3, 5}});
    table.add({"1", "Kick", "audio track", "-3.2", ""});
    table.add({"12", "ボーカル", "audio track", "-inf", "Reverb -12.0"});
    table.add({"3", "Lead Vocal Double", "bus", "-", ""});
    return table;
}

std::size_t widest(const std::string& text) {
    std::size_t most = 0;
    for (std::size_t from = 0, to = 0; (to = text.find('\n', from)) != std::string::npos;
         from = to + 1)
        most = std::max(most, display_width(text.substr(from, to - from)));
    return most;
}

} // namespace

TEST_CASE("columns of a table stand below their titles, numbers to the right") {
    CHECK(sample_table().text({0, false})
          == " #  STRIP              KIND         FADER  SENDS\n"
             " 1  Kick               audio track   -3.2\n"
             "12  ボーカル           audio track   -inf  Reverb -12.0\n"
             " 3  Lead Vocal Double  bus              -\n");
}

TEST_CASE("a narrow terminal loses the least columns first, then cuts names") {
    CHECK(sample_table().text({40, false})
          == " #  STRIP              FADER\n"
             " 1  Kick                -3.2\n"
             "12  ボーカル            -inf\n"
             " 3  Lead Vocal Double      -\n");
    CHECK(sample_table().text({21, false})
          == " #  STRIP       FADER\n"
             " 1  Kick         -3.2\n"
             "12  ボーカル     -inf\n"
             " 3  Lead Voc..      -\n");
    for (std::size_t width = 18; width < 70; ++width) {
        CAPTURE(width);
        CHECK(widest(sample_table().text({width, false})) <= width);
    }
}

TEST_CASE("levels, positions and ages are written as an engineer reads them, unknown is a dash") {
    CHECK(level_text(Json(-4.5)) == "-4.5");
    CHECK(level_text(Json(3.0), 1, true) == "+3.0");
    CHECK(level_text(Json(-0.01), 1, true) == "0.0");
    CHECK(level_text(Json("-inf")) == "-inf");
    CHECK(level_text(Json()) == "-");
    CHECK(level_text(Json(true)) == "-");
    CHECK(pan_text(Json(-0.3)) == "L30");
    CHECK(pan_text(Json(1.0)) == "R100");
    CHECK(pan_text(Json(0.001)) == "C");
    CHECK(pan_text(Json()) == "-");
    CHECK(age_text(Json(81.0)) == "0.1 s");
    CHECK(age_text(Json(42'400.0)) == "42 s");
    CHECK(age_text(Json(180'000.0)) == "3 min");
    CHECK(age_text(Json(3 * 3600e3)) == "3 h");
    CHECK(age_text(Json()) == "-");
    CHECK(clock_text(Json(62.55)) == "1:02.5");
    CHECK(clock_text(Json(59.99)) == "0:59.9");
    CHECK(clock_text(Json()) == "-");
    CHECK(time_text(Json()) == "-");
    CHECK(time_text(Json("yesterday")) == "-");
}

TEST_CASE("a member of the wrong kind is unknown, not a crash") {
    const Json odd = {{"name", 7}, {"list", "text"}, {"flag", "yes"}, {"number", "1"}};
    CHECK(text_of(odd, "name").empty());
    CHECK(list_of(odd, "list").empty());
    CHECK_FALSE(flag_of(odd, "flag"));
    CHECK(number_of(odd, "number", -1.0) == -1.0);
    CHECK(member(Json::array(), "x").is_null());
    CHECK(joined(Json::array({"a", 1, "b\x1b"})) == "a, b\\x1b");
}
