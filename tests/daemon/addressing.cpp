// What people type: exact, or an error that lists what exists.
#include "daemon/addressing.h"
#include "tests/support/catch.h"

#include <cmath>
#include <limits>

using namespace prefade;

namespace {

Session two_strips() {
    Session s;
    Strip vox;
    vox.id = StripId{3};
    vox.name = "Lead Vox";
    Insert eq;
    eq.id = InsertId{1};
    eq.plugin = "ACE EQ";
    Parameter gain;
    gain.number = 7;
    gain.name = "Gain 2";
    gain.minimum = -20.0;
    gain.maximum = 20.0;
    gain.unit = "dB";
    Parameter reduction;
    reduction.number = 8;
    reduction.name = "Gain Reduction";
    reduction.output = true;
    Parameter steps;
    steps.number = 9;
    steps.name = "Divisor";
    steps.minimum = 1.0;
    steps.maximum = 4.0;
    steps.stepped = true;
    Parameter enable;
    enable.number = 10;
    enable.name = "Enable";
    enable.toggle = true;
    eq.parameters = {gain, reduction, steps, enable};
    for (Parameter& p : eq.parameters) p.value.learn(Normalized{0.5}, {});
    Insert second = eq;
    second.id = InsertId{2};
    second.slot = 1;
    Insert comp;
    comp.id = InsertId{3};
    comp.plugin = "ACE Compressor";
    vox.inserts = {eq, second, comp};
    vox.sends = {{SendId{5}, "Reverb", 0, 0, {}, {}},
                 {SendId{6}, "Delay", 1, 0, {}, {}},
                 {SendId{7}, "Delay", 2, 0, {}, {}}};
    Strip bass;
    bass.id = StripId{4};
    bass.name = "Bass";
    bass.inserts_listed = bass.sends_listed = vox.inserts_listed = vox.sends_listed = true;
    Strip twin = bass;
    twin.id = StripId{9};
    s.strips = {vox, bass, twin};
    return s;
}

} // namespace

TEST_CASE("a strip is found by its exact name or its number, never by part of it") {
    const Session s = two_strips();
    CHECK((*find_strip(s, "Lead Vox"))->id == StripId{3});
    CHECK((*find_strip(s, "#4"))->id == StripId{4});
    CHECK(find_strip(s, "Lead").error().code == ErrorCode::not_found);
    CHECK(find_strip(s, "lead vox").error().code == ErrorCode::not_found);
    CHECK(find_strip(s, "#5").error().code == ErrorCode::not_found);
    CHECK(find_strip(s, "").error().message.find("\"Lead Vox\"") != std::string::npos);
    const auto twins = find_strip(s, "Bass");
    REQUIRE_FALSE(twins);
    CHECK(twins.error().code == ErrorCode::ambiguous);
    CHECK(twins.error().message.find("#4, #9") != std::string::npos);
}

TEST_CASE("controls are found by word, destination, plugin and parameter") {
    const Session s = two_strips();
    const Strip& vox = s.strips[0];
    CHECK(find_control(vox, "fader")->control == Control::fader);
    CHECK(find_control(vox, "send/Reverb")->send() == SendId{5});
    CHECK(find_control(vox, "send/Delay").error().code == ErrorCode::ambiguous);
    CHECK(find_control(vox, "send/Hall").error().message.find("\"Reverb\"") != std::string::npos);
    CHECK(find_control(vox, "ACE EQ/Gain 2").error().code == ErrorCode::ambiguous);
    CHECK(find_control(vox, "ACE EQ#2/Gain 2")->insert() == InsertId{2});
    CHECK(find_control(vox, "ACE EQ#2/Gain 2")->parameter == 7);
    CHECK(find_control(vox, "ACE EQ#3/Gain 2").error().code == ErrorCode::not_found);
    CHECK(find_control(vox, "ACE EQ#1/Gain Reduction").error().code
          == ErrorCode::not_found); // a reading
    CHECK(find_control(vox, "ACE Compressor/Ratio").error().code == ErrorCode::unavailable);
    Strip unread = s.strips[1];
    unread.inserts_listed = unread.sends_listed = false;
    CHECK(find_control(unread, "bypass/ACE EQ").error().code == ErrorCode::unavailable);
    CHECK(find_control(unread, "send/Reverb").error().code == ErrorCode::unavailable);
    CHECK(find_control(vox, "send").error().code == ErrorCode::not_found);
    CHECK(find_control(vox, "volume").error().message.find("fader") != std::string::npos);
}

TEST_CASE("a plugin whose name holds a slash is found by its whole name") {
    Session s = two_strips();
    Strip& vox = s.strips[0];
    vox.inserts[2].plugin = "ACE High/Low Pass Filter";
    vox.inserts[2].parameters = {vox.inserts[0].parameters[0]};
    vox.inserts[2].parameters[0].name = "Slope 1/2";
    CHECK(find_control(vox, "ACE High/Low Pass Filter/Slope 1/2")->insert() == InsertId{3});
    CHECK(insert_part(vox, "ACE EQ/Gain 2") == "ACE EQ"); // ambiguous is found too
    CHECK(find_control(vox, "ACE High/Low Pass Filter/Gain").error().code == ErrorCode::not_found);
    CHECK(find_control(vox, "ACE High/Slope 1/2").error().code == ErrorCode::not_found);
    CHECK(find_control(vox, "/").error().code == ErrorCode::not_found);
}

TEST_CASE("values carry their unit or none, and lie in the parameter's range") {
    const Session s = two_strips();
    const ControlPath fader{StripId{3}, Control::fader, {}, 0},
        pan{StripId{3}, Control::pan, {}, 0}, mute{StripId{3}, Control::mute, {}, 0},
        gain{StripId{3}, Control::parameter, InsertId{1}, 7},
        divisor{StripId{3}, Control::parameter, InsertId{1}, 9},
        enable{StripId{3}, Control::parameter, InsertId{1}, 10};
    struct Row {
        ControlPath path;
        const char* text;
        std::optional<ControlValue> value;
    };
    const Row rows[] = {
        {fader, "-4.5dB", Decibel{-4.5}},
        {fader, " +2 dB ", Decibel{2.0}},
        {fader, "-inf", Decibel::silence()},
        {fader, "-4.5 LUFS", std::nullopt},
        {fader, "loud", std::nullopt},
        {fader, "nan", std::nullopt},
        {fader, "inf", std::nullopt},
        {fader, "1e999", std::nullopt},
        {fader, "", std::nullopt},
        {pan, "L30", Pan{-0.3}},
        {pan, "r100", Pan{1.0}},
        {pan, "C", Pan{0.0}},
        {pan, "-0.25", Pan{-0.25}},
        {pan, "1%", Pan{0.01}},
        {pan, "-30 %", Pan{-0.3}},
        {pan, "L30%", Pan{-0.3}},
        {pan, "L130", std::nullopt},
        {pan, "L-3", std::nullopt},
        {pan, "2", std::nullopt},
        {mute, "on", true},
        {mute, "OFF", false},
        {mute, "maybe", std::nullopt},
        {gain, "-3 dB", Normalized{17.0 / 40.0}},
        {gain, "50%", Normalized{0.5}},
        {gain, "-3 ms", std::nullopt},
        {gain, "21", std::nullopt},
        {gain, "-inf", std::nullopt},
        {gain, "101%", std::nullopt},
        {divisor, "2", Normalized{1.0 / 3.0}},
        {divisor, "2.5", std::nullopt},
        {enable, "on", Normalized{1.0}},
    };
    for (const Row& row : rows) {
        INFO('"' << row.text << '"');
        const auto value = parse_value(s, row.path, row.text);
        REQUIRE(value.has_value() == row.value.has_value());
        if (row.value) CHECK(nearly_equal(*value, *row.value));
        if (!value) CHECK(value.error().code == ErrorCode::invalid);
    }
}

TEST_CASE(
    "what tells no range takes a number as its display shows it, what shows none takes nothing") {
    Session s = two_strips();
    const ControlPath path{StripId{3}, Control::parameter, InsertId{1}, 7};
    Parameter shown;
    shown.number = 7;
    shown.name = "Thresh";
    shown.unit = "dB";
    shown.text = "-18.0";
    const auto set = [&](const char* text) {
        for (Strip& strip : s.strips)
            for (Insert& insert : strip.inserts)
                if (strip.id == path.strip && insert.id == path.insert())
                    insert.parameters = {shown};
        return parse_value(s, path, text);
    };
    CHECK(set("-24").error().code == ErrorCode::unsupported);
    shown.displayed.learn(Displayed{-18.0}, {});
    for (const char* text : {"-24", " -24.0 dB", "-24db"}) {
        INFO(text);
        CHECK(*set(text) == ControlValue{Displayed{-24.0}});
    }
    for (const char* text : {"-24 ms", "50%", "-inf", "soft", ""}) {
        INFO(text);
        CHECK(set(text).error().code == ErrorCode::invalid);
    }
}

TEST_CASE("glides take at most a minute") {
    CHECK(parse_glide("300ms")->value() == 300.0);
    CHECK(parse_glide("2 s")->value() == 2000.0);
    CHECK(parse_glide("250")->value() == 250.0);
    CHECK_FALSE(parse_glide("61s"));
    CHECK_FALSE(parse_glide("-1s"));
    CHECK_FALSE(parse_glide("2 m"));
}

TEST_CASE("a float read from a host comes back as the same float") {
    for (const auto& [low, high, log] : {std::tuple{-60.0, 0.0, false},
                                         {-15.0, 20.0, false},
                                         {20.0, 20000.0, true},
                                         {0.1, 4.0, true}}) {
        Parameter p;
        p.minimum = low;
        p.maximum = high;
        p.logarithmic = log;
        for (int i = 0; i <= 10'000; ++i) {
            const auto sent = static_cast<float>(low + (high - low) * i / 10'000.0);
            REQUIRE(static_cast<float>(plain_of(p, normalized_of(p, static_cast<double>(sent))))
                    == sent);
        }
        if (low < 0.0) REQUIRE(static_cast<float>(plain_of(p, normalized_of(p, 0.0))) == 0.0F);
    }
}
