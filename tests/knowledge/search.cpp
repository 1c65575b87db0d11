// Finding plugins and entries by words.
#include "knowledge/search.h"
#include "tests/knowledge/shipped.h"
#include "tests/support/catch.h"

#include <chrono>

using namespace prefade;

namespace {

KnowledgeSearch& shipped_search() {
    static const auto search = [] {
        const Library& library = test::shipped_library();
        auto opened = KnowledgeSearch::open(library.plugins, library.mix);
        REQUIRE(opened);
        return std::move(*opened);
    }();
    return *search;
}

std::string first_for(std::string_view text) {
    const auto hits = shipped_search().find(text);
    if (hits.empty()) return "nothing";
    return hits.front().plugin ? hits.front().plugin->id : hits.front().entry->id;
}

bool is_among(std::string_view text, std::string_view id) {
    for (const SearchHit& hit : shipped_search().find(text))
        if ((hit.plugin ? hit.plugin->id : hit.entry->id) == id) return true;
    return false;
}

} // namespace

TEST_CASE("a plugin is found by its names as they are typed, said and misspelt") {
    CHECK(first_for("1176") == "urei-1176ln");
    CHECK(first_for("eleven seventy six") == "urei-1176ln");
    CHECK(first_for("CLA76") == "waves-cla-76");
    CHECK(first_for("cla seventy six") == "waves-cla-76");
    CHECK(first_for("LA-2A") == "teletronix-la-2a");
    CHECK(first_for("la two a") == "teletronix-la-2a");
    CHECK(first_for("fabfiler proq4") == "fabfilter-pro-q-4");
    CHECK(first_for("the distresor") == "empirical-labs-distressor");
    CHECK(first_for("decapitater drive") == "soundtoys-decapitator");
}

TEST_CASE("entries are found by their words, the rare ones first") {
    CHECK(first_for("chorus missing energy") == "chorus-missing-energy");
    CHECK(is_among("loudness for spotify", "spotify"));
    CHECK(is_among("what is sibilance", "sibilance"));
    CHECK(is_among("compression for a snare crack", "CP-13"));
    CHECK(is_among("how do I export stems", "export-stems"));
}

TEST_CASE("a frequency finds the zone it lies in, in any unit") {
    CHECK(is_among("what is around 300 Hz", "mud"));
    CHECK(is_among("too much at 0.3 kilohertz", "mud"));
    CHECK_FALSE(is_among("what is around 5 Hz", "mud"));
}

TEST_CASE("what no text speaks of covers little, what is asked for word by word covers all") {
    const auto hits = shipped_search().find("chorus missing energy");
    REQUIRE_FALSE(hits.empty());
    CHECK(hits.front().coverage > 0.95);
    for (const SearchHit& hit : shipped_search().find("zebra quantum pineapple chorus"))
        CHECK(hit.coverage < 0.5);
    CHECK(shipped_search().find("").empty());
    CHECK(shipped_search().find("qqq zzz").empty());
}

TEST_CASE("signs and operators in a question are only words") {
    for (const char* text : {"\"", "a\" OR key:*", "NOT la2a NEAR(", "* ^ ( ) AND",
                             "'; DROP TABLE knowledge; --", "\xFF\xFE\x80", "((((((((((("})
        CHECK_NOTHROW(shipped_search().find(text));
    CHECK(first_for("LA-2A AND (") == "teletronix-la-2a");
    CHECK_NOTHROW(shipped_search().find(std::string(20'000, 'a') + " la2a"));
}

TEST_CASE("a slip is taken for the one word it can be, a model number never") {
    const Vocabulary& words = shipped_search().vocabulary();
    CHECK(words.meant_by("compresor") == "compressor");
    CHECK(words.meant_by("compressor").empty());
    CHECK(words.meant_by("1175").empty());
    CHECK(words.meant_by("la4a").empty());
    CHECK(words.meant_by("qwxzy").empty());
    CHECK(words.knows("sibilance"));
    CHECK_FALSE(words.knows("pineapple"));
}
