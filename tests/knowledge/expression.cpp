#include "tests/knowledge/playground.h"

#include "knowledge/expression.h"

#include <cmath>

using namespace prefade;
using namespace prefade::test;

namespace {

struct Bench {
    Playground play;
    MeasureTable measures;
    StripId vox, kick, master;

    Bench() {
        vox = play.add("Lead Vox", StripKind::audio_track, "lead vocal");
        kick = play.add("Kick", StripKind::audio_track, "kick");
        master = play.add("Master", StripKind::master);
        play.add("VCA 1", StripKind::vca);
        play.set(vox, Control::fader, Decibel{-4.5}, 1.0);
        play.set(vox, Control::pan, Pan{-0.3}, 1.0);
        play.set(vox, Control::mute, false, 1.0);
        play.set(kick, Control::fader, Decibel{2.0}, 1.0);
        play.set(master, Control::fader, Decibel{0.0}, 1.0);
        for (int i = 0; i <= 100; ++i) {
            play.meter(vox, i < 50 ? -20.0 : -12.0, i / 10.0);
            play.meter(kick, -8.0, i / 10.0);
            play.meter(master, -3.0, i / 10.0);
        }
    }

    std::variant<Expression, ExpressionError> compile(const std::string& text,
                                                      Scope scope = Scope::each_strip) {
        return Expression::compile(text, {scope, ReadingNeed{}, measures, false});
    }
    Value value(const std::string& text, Scope scope = Scope::each_strip) {
        auto compiled = compile(text, scope);
        if (const auto* error = std::get_if<ExpressionError>(&compiled)) {
            FAIL("'" << text << "' at " << error->offset << ": " << error->message);
        }
        expression = std::get<Expression>(std::move(compiled));
        const Session& session = play.session;
        const Frame frame{session,
                          play.brief,
                          at(10.0),
                          at(0.0),
                          scope == Scope::session ? nullptr : session.find(vox),
                          nullptr,
                          nullptr,
                          session.find(master),
                          nullptr,
                          nullptr};
        return expression.evaluate(frame);
    }

    Expression expression;
};

/// "true", "false", "unknown", or the number.
std::string said(const Value& value) {
    if (!value.is_known()) return "unknown";
    if (value.held.index() == 1) return value.is_true() ? "true" : "false";
    if (value.held.index() == 3) return std::string(value.text());
    char text[32];
    std::snprintf(text, sizeof text, "%g", std::round(value.number() * 1000.0) / 1000.0);
    return text;
}

} // namespace

TEST_CASE("expressions give what they say") {
    const std::pair<const char*, const char*> table[] = {
        {"1 + 2 * 3", "7"},
        {"(1 + 2) * 3", "9"},
        {"-2 * -3", "6"},
        {"10 - 3 - 2", "5"},
        {"12 / 4 / 3", "1"},
        {"-6 dBFS - -18 dBFS", "12"},
        {"-18 dBFS + 12 dB", "-6"},
        {"12 dB + -18 dBFS", "-6"},
        {"2 * 3 dB", "6"},
        {"6 dB / 4", "1.5"},
        {"6 dB / 4 dB", "1.5"},
        {"1.5 kHz > 1400 Hz", "true"},
        {"300 ms < 0.31 s", "true"},
        {"1 min == 60 s", "true"},
        {"-inf dB < -100 dB", "true"},
        {"abs(-3 dB)", "3"},
        {"min(2 s, 1 s)", "1"},
        {"max(-6 dBFS, -3 dBFS)", "-3"},
        {"not true or true", "true"},
        {"not (true or true)", "false"},
        {"true or false and false", "true"},
        {"1 < 2 and 2 <= 2 and 3 != 4 and 4 == 4 and 5 >= 5 and 6 > 5", "true"},
        {"strip.fader", "-4.5"},
        {"fader < 0 dB", "true"},
        {"strip.name == \"Lead Vox\"", "true"},
        {"strip.role != 'kick'", "true"},
        {"strip.kind", "audio track"},
        {"strip.side", "left"},
        {"strip.pan", "-30"},
        {"strip.mute == false", "true"},
        {"peak", "-12"},
        {"peak_hold(3 s)", "-12"},
        {"headroom(3 s)", "12"},
        {"level_jump(5 s, 4 s)", "8"},
        {"master.peak_hold(1 s) - peak_hold(1 s)", "9"},
        {"highest(other where other.kind == \"audio track\": other.peak_hold(3 s))", "-8"},
        {"lowest(each: each.peak_hold(3 s))", "-12"},
        {"sum(each where each.kind == \"audio track\" and each.role == \"kick\": each.peak_hold(3 "
         "s))",
         "-8"},
        {"count(each where each.kind == \"audio track\")", "2"},
        {"count(each)", "4"},
        {"count(other)", "3"},
        {"any(each: each.fader > 0 dB)", "true"},
        {"all(each where each.kind != \"VCA\": each.fader < 3 dB)", "true"},
        {"transport.rolling", "true"},
        {"transport.rolling_for", "10"},
        {"brief.genre == \"\"", "true"},
        {"is_silent(3 s)", "false"},
    };
    Bench bench;
    for (const auto& [text, expected] : table) {
        INFO(text);
        CHECK(said(bench.value(text)) == expected);
    }
}

TEST_CASE("what is not known stays unknown unless the rest decides") {
    const std::pair<const char*, const char*> table[] = {
        {"strip.solo", "unknown"},
        {"not strip.solo", "unknown"},
        {"strip.solo and false", "false"},
        {"false and strip.solo", "false"},
        {"strip.solo and true", "unknown"},
        {"strip.solo or true", "true"},
        {"strip.solo or false", "unknown"},
        {"strip.trim > 0 dB", "unknown"},
        {"strip.trim + 3 dB", "unknown"},
        {"1 / 0", "unknown"},
        {"0 / 0 == 0 / 0", "unknown"},
        {"-inf dBFS - -inf dBFS", "unknown"},
        {"brief.target < -10 LUFS", "unknown"},
        {"any(each: each.solo)", "unknown"},
        {"any(each: each.solo or each.fader > 0 dB)", "true"},
        {"all(each: each.solo and each.fader > 90 dB)", "false"},
        {"count(each where each.solo)", "unknown"},
        {"highest(each: each.trim)", "unknown"},
        {"highest(each where each.role == \"tuba\": each.fader)", "unknown"},
        {"highest(each: each.fader)", "unknown"},     // the VCA's is not told
        {"highest(each: each.peak_hold(3 s))", "-3"}, // the VCA has no such meter, so no say
    };
    Bench bench;
    for (const auto& [text, expected] : table) {
        INFO(text);
        CHECK(said(bench.value(text)) == expected);
    }
}

TEST_CASE("a value carries the time of its oldest measurement") {
    Bench bench;
    CHECK(bench.value("strip.fader").at == at(1.0));
    CHECK(bench.value("peak_hold(3 s)").at == at(10.0));
    CHECK(bench.value("peak_hold(3 s) - 3 dB > -90 dBFS and strip.fader < 0 dB").at == at(1.0));
    CHECK(bench.value("3 dB").at == TimePoint::max());
}

TEST_CASE("a meter of one channel is as good as one of all, and its old readings are not of now") {
    Bench bench;
    const auto left = [&](double level, double seconds) {
        bench.play.tell(Metered{bench.vox,
                                {MeterKind::sample_peak, Channel::left, Tap::post_fader, level,
                                 Decibel{0.1}, at(seconds)}},
                        seconds);
    };
    bench.play.tell(StripsListed{{{bench.vox, "Lead Vox", false, {}, false, true}}, true}, 0.5);
    REQUIRE(bench.play.session.find(bench.vox)->meters.empty());
    bench.play.meter(bench.vox, -3.0, 1.0);
    CHECK(bench.value("strip.peak").missing == Missing::stale);
    for (int i = 20; i <= 100; ++i) left(-9.0, i / 10.0);
    CHECK(bench.value("strip.peak").number() == -9.0);
    CHECK(bench.value("strip.peak_hold(5s)").number() == -9.0);
    CHECK(bench.value("strip.mean_peak(5s)").number() == Approx(-9.0));
    CHECK(bench.value("strip.headroom(5s)").number() == 9.0);
    CHECK(bench.value("strip.age").number() == Approx(0.0));
}

TEST_CASE("types and units are checked, with the place of the mistake") {
    struct Wrong {
        const char* text;
        std::size_t offset;
        const char* message;
    };
    const Wrong table[] = {
        {"peak_hold(3 s) > -14 LUFS", 15, "cannot compare a level in dBFS with a level in LUFS"},
        {"strip.fader > 0", 12, "cannot compare a number in dB with a plain number"},
        {"strip.mute > 0 dB", 11, "cannot compare true or false with a number in dB"},
        {"strip.mute < true", 11, "needs numbers"},
        {"strip.name < 'a'", 11, "needs numbers"},
        {"-6 dBFS + -6 dBFS", 8, "there is no a level in dBFS plus a level in dBFS"},
        {"-6 dBFS - 3 LU", 8, "there is no"},
        {"3 dB - -6 dBFS", 5, "there is no"},
        {"2 * -6 dBFS", 2, "there is no"},
        {"3 s * 2 s", 4, "there is no"},
        {"-peak", 0, "no level"},
        {"not 3", 0, "'not' needs true or false"},
        {"1 and true", 2, "'and' needs true or false"},
        {"strip.fadr < 0 dB", 6, "a strip has no 'fadr'; known: name, kind, role, fader"},
        {"strip.fadr < 0 dB", 6, "(did you mean fader?)"},
        {"strp.fader < 0 dB", 0, "nothing called 'strp'"},
        {"fader < 3 dBX", 10, "unknown unit 'dBX'; known: dB, dBFS"},
        {"peak_hold > 0 dBFS", 0, "expected peak_hold(time), as in peak_hold(3 s)"},
        {"peak_hold(3) > 0 dBFS", 10, "needs a constant time"},
        {"peak_hold(3 dB) > 0 dBFS", 10, "needs a constant time"},
        {"peak_hold(30 s) > 0 dBFS", 10, "100 ms to 10 s"},
        {"level_jump(6 s, 6 s) > 0 dB", 16, "100 ms to 10 s in all"},
        {"level_jump(6 s) > 0 dB", 14, "expected ','"},
        {"fader(3 s)", 6, "takes no arguments"},
        {"each.fader > 0 dB", 0, "only inside any, all"},
        {"any(each: other.mute)", 10, "only inside any, all"},
        {"any(each: any(each: each.mute))", 10, "inside another of its kind is not allowed"},
        {"any(strip: strip.mute)", 4, "expected 'each' or 'other'"},
        {"any(each where each.fader: each.mute)", 9, "'where' needs true or false"},
        {"any(each: each.fader)", 0, "'any' asks for true or false of each strip"},
        {"highest(each: each.mute)", 0, "'highest' asks for a number of each strip"},
        {"sum(each: each.fader)", 0, "'sum' adds the power of levels"},
        {"send.level > 0 dB", 0, "nothing called 'send' in the scope \"each strip\""},
        {"min(1 s, 2 dB)", 0, "cannot compare"},
        {"abs(-3 dBFS)", 0, "'abs' needs a number that is no level"},
        {"", 0, "expected a number, a name or '(', found the end"},
        {"1 +", 3, "expected a number, a name or '(', found the end"},
        {"(1 + 2", 6, "expected ')' to close the bracket"},
        {"1 < 2 < 3", 6, "expected the end or an operator"},
        {"1 2", 2, "expected the end or an operator"},
        {"strip.", 6, "expected a name after 'strip.'"},
        {"strip.name == \"open", 14, "closing quote"},
        {"fader ? 3", 6, "found '?'"},
        {"fader > \xC3\xA4", 8, "found '\xC3\xA4'"},
    };
    Bench bench;
    for (const Wrong& wrong : table) {
        INFO(wrong.text);
        const auto compiled = bench.compile(wrong.text);
        const auto* error = std::get_if<ExpressionError>(&compiled);
        REQUIRE(error);
        CHECK(error->offset == wrong.offset);
        INFO(error->message);
        CHECK(error->message.find(wrong.message) != std::string::npos);
    }
}

TEST_CASE("the scope decides which names there are") {
    Bench bench;
    CHECK(said(bench.value("count(each where each.fader > 0 dB) >= 1", Scope::session))
          == "unknown");
    CHECK(said(bench.value("soloed", Scope::session)) == "unknown");
    CHECK(std::holds_alternative<ExpressionError>(
        bench.compile("strip.fader > 0 dB", Scope::session)));
    CHECK(
        std::holds_alternative<ExpressionError>(bench.compile("count(other) > 0", Scope::session)));
    CHECK(std::holds_alternative<Expression>(
        bench.compile("send.level > destination.fader", Scope::each_send)));
}

TEST_CASE("a rule without a reading may not ask for meters") {
    MeasureTable measures;
    const auto compiled =
        Expression::compile("peak > 0 dBFS", {Scope::each_strip, std::nullopt, measures, false});
    REQUIRE(std::holds_alternative<ExpressionError>(compiled));
    CHECK(std::get<ExpressionError>(compiled).message.find("[needs]") != std::string::npos);
}

TEST_CASE("the reading decides the unit") {
    MeasureTable measures;
    ReadingNeed loudness;
    loudness.kind = MeterKind::lufs_short_term;
    const ExpressionContext context{Scope::each_strip, loudness, measures, false};
    CHECK(std::holds_alternative<Expression>(
        Expression::compile("peak_hold(3 s) - -14 LUFS > 1 LU", context)));
    CHECK(std::holds_alternative<ExpressionError>(
        Expression::compile("peak_hold(3 s) > 0 dBFS", context)));
}

TEST_CASE("rules share what they measure") {
    MeasureTable measures;
    const ExpressionContext context{Scope::each_strip, ReadingNeed{}, measures, false};
    (void)Expression::compile("peak_hold(3 s) > 0 dBFS", context);
    (void)Expression::compile("master.peak_hold(3 s) > 0 dBFS or peak_hold(3 s) > -3 dBFS",
                              context);
    CHECK(measures.size() == 1);
    (void)Expression::compile("peak_hold(4 s) > 0 dBFS", context);
    CHECK(measures.size() == 2);
}

TEST_CASE("nesting is bounded, however it is written") {
    MeasureTable measures;
    const ExpressionContext context{Scope::each_strip, ReadingNeed{}, measures, false};
    const auto repeated = [](std::string_view piece, int times) {
        std::string text;
        for (int i = 0; i < times; ++i) text += piece;
        return text;
    };
    for (const std::string& text :
         {repeated("(", 900) + "1" + repeated(")", 900), repeated("not ", 400) + "true",
          repeated("- ", 900) + "fader", "1" + repeated(" + 1", 400),
          "true" + repeated(" and true", 200), repeated("abs(", 400) + "1"}) {
        INFO(text.substr(0, 40));
        const auto compiled = Expression::compile(text, context);
        REQUIRE(std::holds_alternative<ExpressionError>(compiled));
        CHECK(std::get<ExpressionError>(compiled).message.find("nested too deeply")
              != std::string::npos);
    }
    CHECK(std::holds_alternative<ExpressionError>(
        Expression::compile(std::string(3000, ' ').append("1"), context)));
    CHECK(std::holds_alternative<Expression>(
        Expression::compile("1" + repeated(" + 1", 40), context)));
}
