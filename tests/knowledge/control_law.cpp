#include "knowledge/control_law.h"

#include "knowledge/control_unit.h"
#include "knowledge/spelling.h"
#include "tests/support/catch.h"

#include <cmath>
#include <limits>

using namespace prefade;

namespace {

constexpr double silence = -std::numeric_limits<double>::infinity();

ControlLaw law(LawShape shape, std::vector<ControlLaw::Point> points, double bend = 0.0) {
    auto made = ControlLaw::make(shape, std::move(points), bend);
    if (!made) FAIL(made.error().message);
    return *made;
}

} // namespace

TEST_CASE("a law goes through what is known of it") {
    // REAPER's ReaEQ and ReaComp, FabFilter's Pro-Q 4 and Pro-C 3: the values of the reference tables.
    const ControlLaw eq = law(LawShape::exponential, {{0, 20}, {1, 24000}}, 6.01);
    CHECK(eq.unit_of(Normalized{0.1167}) == Approx(80.0).epsilon(0.01));
    CHECK(eq.unit_of(Normalized{0.477}) == Approx(1000.0).epsilon(0.01));
    CHECK(eq.normalized_of(10000.0).value() == Approx(0.855).margin(0.001));
    const ControlLaw threshold = law(LawShape::amplitude, {{0, silence}, {1, 6.0205999}});
    CHECK(threshold.unit_of(Normalized{0.5}) == Approx(0.0).margin(1e-6));
    CHECK(threshold.unit_of(Normalized{0.25}) == Approx(-6.02).margin(0.01));
    CHECK(threshold.unit_of(Normalized{0.0}) == silence);
    CHECK(threshold.normalized_of(silence).value() == 0.0);
    const ControlLaw frequency = law(LawShape::log, {{0, 10}, {1, 30000}});
    CHECK(frequency.unit_of(Normalized{0.2597}) == Approx(80.0).epsilon(0.001));
    const ControlLaw attack = law(LawShape::power, {{0, 0}, {1, 250}}, 3.0);
    CHECK(attack.unit_of(Normalized{0.342}) == Approx(10.0).epsilon(0.001));
    const ControlLaw middle = law(LawShape::amplitude, {{0, silence}, {0.5, 0}, {1, 12.0412}});
    CHECK(middle.unit_of(Normalized{0.666}) == Approx(6.0).margin(0.02));
    CHECK(middle.unit_of(Normalized{0.354}) == Approx(-3.0).margin(0.01));
}

TEST_CASE("a law that falls goes both ways too") {
    const ControlLaw falling = law(LawShape::log, {{0, 1000}, {0.5, 100}, {1, 1}});
    for (double at = 0.0; at <= 1.0; at += 0.05)
        CHECK(falling.normalized_of(falling.unit_of(Normalized{at})).value()
              == Approx(at).margin(1e-9));
    CHECK(falling.lowest() == 1.0);
    CHECK(falling.normalized_of(5000.0).value() == 0.0); // beyond an end is the end
    CHECK(falling.unit_of(Normalized{2.0}) == 1.0);
}

TEST_CASE("what is no law is refused, with the reason") {
    struct Wrong {
        LawShape shape;
        std::vector<ControlLaw::Point> points;
        double bend;
        const char* why;
    };
    const Wrong table[] = {
        {LawShape::linear, {{0, 1}}, 0, "at least two points"},
        {LawShape::linear, {{0, 1}, {0.5, 3}, {1, 2}}, 0, "must all rise or all fall"},
        {LawShape::linear, {{0, 1}, {1, 1}}, 0, "must all rise or all fall"},
        {LawShape::linear, {{0, 1}, {0.9, 2}}, 0, "from 0 to 1"},
        {LawShape::linear, {{0, 1}, {1, 2}, {0.5, 3}}, 0, "rises from 0 to 1"},
        {LawShape::log, {{0, 0}, {1, 2}}, 0, "cannot hold 0"},
        {LawShape::linear, {{0, silence}, {1, 2}}, 0, "cannot hold"},
        {LawShape::power, {{0, 0}, {1, 2}}, 0, "how much it bends"},
        {LawShape::power, {{0, 0}, {1, 2}}, -2, "a power is above 0"},
        {LawShape::power, {{0, 0}, {0.5, 1}, {1, 2}}, 2, "two ends only"},
        {LawShape::log, {{0, 1}, {1, 2}}, 2, "does not bend"},
    };
    for (const Wrong& wrong : table) {
        INFO(wrong.why);
        const auto made = ControlLaw::make(wrong.shape, wrong.points, wrong.bend);
        REQUIRE_FALSE(made);
        CHECK(made.error().message.find(wrong.why) != std::string::npos);
    }
}

TEST_CASE("amounts are read exactly or not at all") {
    const auto range = parse_amount("0.4..0.8 s");
    REQUIRE(range);
    CHECK(range->from == 0.4);
    CHECK(range->to == 0.8);
    CHECK(range->unit == ControlUnit::seconds);
    CHECK(to_text(*in_unit(*range, ControlUnit::milliseconds)) == "400..800 ms");
    CHECK(to_text(*parse_amount("2.5..3:1")) == "2.5..3:1");
    CHECK(to_text(*parse_amount("inf:1")) == "inf:1");
    CHECK(to_text(*parse_amount("-6..-3 dB")) == "-6..-3 dB");
    CHECK(parse_amount("-inf dB")->from == silence);
    CHECK(parse_amount("7")->unit == ControlUnit::number);
    CHECK(
        in_unit(*parse_amount("7"), ControlUnit::panel)); // a mark on the face has no unit to write
    CHECK_FALSE(in_unit(*parse_amount("7"), ControlUnit::decibel));
    CHECK_FALSE(in_unit(*parse_amount("7 dB"), ControlUnit::dbu));
    CHECK(in_unit(*parse_amount("12 kHz"), ControlUnit::hertz)->from == 12000.0);
    for (const char* wrong : {"", "dB", "3 dBx", "3dB", "5..3 dB", "3.. dB", "3 .. 5 dB", "nan dB",
                              "1e999", "3 panel", "three ms", "3  ms", "4: 1", "..3", "-"}) {
        INFO(wrong);
        CHECK_FALSE(parse_amount(wrong));
    }
}

TEST_CASE("the spellings of a model number meet") {
    const std::pair<const char*, const char*> table[] = {
        {"1176", "1176"},
        {"eleven seventy six", "1176"},
        {"Eleven Seventy-Six LN", "1176ln"},
        {"LA-2A", "la2a"},
        {"la two a", "la2a"},
        {"CL 1B", "cl1b"},
        {"cl one b", "cl1b"},
        {"dbx one sixty", "dbx160"},
        {"API twenty five hundred", "api2500"},
        {"thirty three six oh nine", "33609"},
        {"neve ten seventy three", "neve1073"},
        {"pro q three", "proq3"},
        {"Pro-Q 3", "proq3"},
        {"four eighty l", "480l"},
        {"seventy", "70"},
        {"the glue", "theglue"},
        {"Oh Boy", "ohboy"}, // "oh" is a zero after a number only
        {"Hundred", "hundred"},
        {"", ""},
        {"- / -", ""},
    };
    for (const auto& [text, key] : table) {
        INFO(text);
        CHECK(spoken_key(text) == key);
    }
}

TEST_CASE("choices differ by more than capitals and dashes") {
    CHECK(choice_key("Low Cut") == choice_key("low-cut"));
    CHECK(choice_key("IRC 4") == choice_key("irc4"));
    CHECK(choice_key("C# minor") == choice_key("c#Minor"));
    const std::pair<const char*, const char*> different[] = {
        {"1.5:1", "15:1"}, {"C#", "C"},   {"+4", "4"},           {"-12 dB", "12 dB"},
        {"1 2", "12"},     {"1-2", "12"}, {"Fix/Man", "fixman"}, {"1/8", "18"},
    };
    for (const auto& [one, other] : different) {
        INFO(one);
        CHECK(choice_key(one) != choice_key(other));
    }
}
