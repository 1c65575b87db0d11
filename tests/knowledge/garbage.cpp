#include "tests/knowledge/playground.h"
#include "tests/knowledge/texts.h"

#include "knowledge/roles.h"

using namespace prefade;
using namespace prefade::test;

TEST_CASE("no text makes the expression parser do anything but answer") {
    const char* pieces[] = {"(",      ")",        "any(",   "each",     "other", "where",
                            ":",      "and",      "or",     "not",      "-",     "+",
                            "*",      "/",        "<",      ">=",       "==",    "3",
                            "0.5",    "dB",       "dBFS",   "s",        "peak",  "peak_hold(3 s)",
                            "strip.", "fader",    "\"x\"",  "'",        "\"",    ",",
                            ".",      "true",     "count(", "highest(", "abs(",  "min(",
                            "\xff",   "\xC3\xA4", "inf",    "%",        " "};
    std::mt19937 random(20240607);
    std::uniform_int_distribution<std::size_t> pick(0, std::size(pieces) - 1), length(0, 30);
    Playground play;
    play.add("A");
    play.add("B");
    MeasureTable measures;
    const ExpressionContext context{Scope::each_strip, ReadingNeed{}, measures, false};
    std::size_t compiled_count = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (std::size_t n = length(random); n > 0; --n) (text += pieces[pick(random)]) += ' ';
        auto compiled = Expression::compile(text, context);
        if (const auto* error = std::get_if<ExpressionError>(&compiled)) {
            REQUIRE(error->offset <= text.size());
            REQUIRE_FALSE(error->message.empty());
            continue;
        }
        ++compiled_count;
        const Frame frame{play.session, play.brief, at(1.0), at(0.0), &play.session.strips[0],
                          nullptr,      nullptr,    nullptr, nullptr, nullptr};
        (void)std::get<Expression>(compiled).evaluate(frame);
    }
    CHECK(compiled_count > 100);
}

TEST_CASE("no change to a rule file does more than make errors") {
    const std::string good = peak_rule("when = 'peak_hold(1 s) > -3 dBFS'\n");
    std::mt19937 random(20240608);
    for (int i = 0; i < 1500; ++i) {
        const std::string text = garbled(good, random);
        const LoadedRules loaded = RuleBook::parse(text, "loud.toml");
        CHECK(loaded.book.rules().size() + (loaded.errors.empty() ? 0 : 1) == 1);
        (void)RoleBook::parse(text, "roles.toml");
    }
}
