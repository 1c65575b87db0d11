#include "core/brief.h"
#include "tests/support/catch.h"

using namespace prefade;

TEST_CASE("a brief takes what is known, in any case of letters") {
    Brief brief;
    CHECK(set(brief, "genre", "Metal"));
    CHECK(set(brief, "platform", "EBU R128"));
    CHECK(set(brief, "target", "-14 LUFS"));
    CHECK(set(brief, "tempo", "92.5"));
    CHECK(brief.genre == "metal");
    CHECK(brief.platform == "ebu r128");
    CHECK(brief.target->value() == -14.0);
    CHECK(*brief.tempo == 92.5);
}

TEST_CASE("a brief refuses the rest and says what is allowed") {
    const std::pair<const char*, const char*> wrong[] = {
        {"genre", "polka rock"}, {"platform", "radio"}, {"target", "loud"}, {"target", "-14 dB"},
        {"target", "5"},         {"tempo", "0"},        {"tempo", "nan"},   {"tempo", "120 bpm x"},
        {"tempo", "1e9"},        {"colour", "red"},
    };
    for (const auto& [key, value] : wrong) {
        INFO(key << " = " << value);
        Brief brief;
        const auto done = set(brief, key, value);
        REQUIRE_FALSE(done);
        CHECK(done.error().message.find(key) != std::string::npos);
        CHECK(entries(brief).empty());
    }
}

TEST_CASE("what a brief tells of itself sets another the same, and an empty value forgets") {
    Brief brief, other;
    REQUIRE(set(brief, "genre", "rock"));
    REQUIRE(set(brief, "target", "-9.5 LUFS"));
    REQUIRE(set(brief, "tempo", "120 bpm"));
    for (const auto& [key, value] : entries(brief)) REQUIRE(set(other, key, value));
    CHECK(entries(other) == entries(brief));
    for (const char* key : {"genre", "platform", "target", "tempo"}) CHECK(set(other, key, ""));
    CHECK(entries(other).empty());
}
