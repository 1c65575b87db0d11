// Which strips of a list that is read anew are those of the list before: names cut short, slid, or another's.
#include "connectors/mcu/identity.h"
#include "tests/support/catch.h"

#include <optional>
#include <string>
#include <vector>

using namespace prefade;

namespace {

constexpr std::uint16_t born = 12'808; // 0 dB

struct Standing {
    std::string name;
    std::optional<std::uint16_t> fader;
};

using Same = std::vector<std::optional<std::size_t>>;
constexpr auto none = std::nullopt;

Same same(const std::vector<Standing>& were, const std::vector<Standing>& are,
          std::optional<std::uint16_t> where_born = born) {
    const auto seen = [](const std::vector<Standing>& list) {
        std::vector<mcu::Seen> all;
        for (const Standing& each : list) {
            mcu::Seen one{};
            one.name = each.name;
            one.fader = each.fader;
            all.push_back(one);
        }
        return all;
    };
    return mcu::same_strips(seen(were), seen(are), where_born, [](std::uint16_t) { return false; });
}

} // namespace

TEST_CASE("strips that a host has counted anew do not pass for one another") {
    const std::vector<Standing> were = {{"01", 9000}, {"02", 8000}, {"03", 7000}, {"04", 6000}};
    CHECK(same(were, {{"01", 8000}, {"02", 7000}, {"03", 6000}}) == Same{none, none, none});
    CHECK(same(were, {{"01", 9000}, {"02", 8000}, {"03", 6000}}) == Same{0, 1, none});
    const std::vector<Standing> fresh = {{"Tr1", born}, {"Tr2", born}, {"Tr3", born}};
    CHECK(same(fresh, {{"Tr1", born}, {"Tr2", born}}) == Same{none, none});
    CHECK(same(fresh, fresh) == Same{0, 1, 2});
}

TEST_CASE("names that have slid by one are told by the faders that stayed behind") {
    CHECK(same({{"A", 9000}, {"B", 8000}, {"C", 7000}, {"D", 6000}},
               {{"A", 8000}, {"B", 7000}, {"C", 6000}})
          == Same{none, none, none});
    CHECK(same({{"A", 9000}, {"B", 8000}, {"C", 7000}}, {{"B", 8000}, {"C", 7000}}) == Same{1, 2});
}

TEST_CASE("a copy that gets a name of its own is not the strip it was made from") {
    const std::vector<Standing> before = {{"Gtr", 9000}, {"Bass", 8000}},
                                twins = {{"Gtr", 9000}, {"Gtr", 9000}, {"Bass", 8000}},
                                named = {{"Gtr", 9000}, {"Gtr 2", 9000}, {"Bass", 8000}};
    const Same first = same(before, twins), then = same(twins, named);
    // Whatever the copy was taken for while it had the same name: with its own it is that no more.
    CHECK(then[1] == none);
    CHECK(first[2] == 1U);
    CHECK(then[2] == 2U);
}

TEST_CASE("one strip that was renamed and moved is known by its fader, if that says something") {
    const std::vector<Standing> were = {{"A", 9000}, {"B", 8000}, {"C", 7000}, {"D", 6000}};
    CHECK(same(were, {{"A", 9000}, {"C", 7000}, {"D", 6000}, {"New", 8000}}) == Same{0, 2, 3, 1});
    // Another project in which one fader happens to stand there.
    CHECK(same(were, {{"P", 9000}, {"Q", 1}, {"R", 2}, {"S", 3}}) == Same{none, none, none, none});
    CHECK(same({{"A", 9000}, {"B", born}, {"C", 7000}}, {{"A", 9000}, {"C", 7000}, {"New", born}})
          == Same{0, 1 + 1, none});
    CHECK(same({{"A", 9000}, {"B", none}, {"C", 7000}}, {{"A", 9000}, {"C", 7000}, {"New", none}})
          == Same{0, 2, none});
    // Nobody knows where new ones stand.
    CHECK(same(were, {{"A", 9000}, {"C", 7000}, {"D", 6000}, {"New", 8000}}, none)[3] == none);
}

TEST_CASE("several that became others between the same neighbours are others where their faders "
          "say nothing") {
    const std::vector<Standing> were = {
        {"Drums", born}, {"X", born}, {"Bass", born}, {"Y", born}, {"Bus", born}};
    CHECK(same(were, {{"Drums", born}, {"P", born}, {"Bass", born}, {"Q", born}, {"Bus", born}})
          == Same{0, none, 2, none, 4});
    // The one whose name alone is another stays what it was.
    CHECK(same(were, {{"Drums", born}, {"P", born}, {"Bass", born}, {"Y", born}, {"Bus", born}})
          == Same{0, 1, 2, 3, 4});
}
