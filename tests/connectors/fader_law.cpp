#include "connectors/fader_law.h"
#include "tests/support/catch.h"

using namespace prefade;

namespace {
/// Ableton Live's published points: positions of 14 bits.
const std::vector<FaderLaw::Point> live{{-70, 0}, {-18, 6553}, {0, 13'926}, {6, 16'383}};
} // namespace

TEST_CASE("a fader law goes through its points and is straight in dB between them") {
    const FaderLaw law = *FaderLaw::of(live);
    for (const auto& [level, position] : live) {
        if (position == 0) continue;
        CHECK(law.level_of(position).value() == level);
        CHECK(law.position_of(Decibel{level}) == position);
    }
    CHECK(law.level_of((6553 + 13'926) / 2).value() == Approx(-9.0).margin(0.01));
    for (std::uint32_t position = 1; position <= 16'383; position += 7)
        CHECK(law.position_of(law.level_of(position)) == position);
}

TEST_CASE("silence is the lowest position, and levels beyond the ends are at the ends") {
    const FaderLaw law = *FaderLaw::of(live);
    CHECK(law.level_of(0).is_silence());
    CHECK(law.position_of(Decibel::silence()) == 0);
    CHECK(law.position_of(Decibel{-200.0}) == 0);
    CHECK(law.position_of(Decibel{40.0}) == 16'383);
    CHECK(law.top() == Decibel{6.0});
    const FaderLaw high = *FaderLaw::of({{-60, 647}, {0, 12'808}});
    CHECK(high.level_of(100).value() == -60.0);
    CHECK(high.level_of(16'000).value() == 0.0);
    CHECK_FALSE(FaderLaw().is_known());
    CHECK(FaderLaw().level_of(8000).is_silence());
}

TEST_CASE("points that are no law are refused") {
    const double infinity = std::numeric_limits<double>::infinity();
    for (const std::vector<FaderLaw::Point>& points : {std::vector<FaderLaw::Point>{},
                                                       {{0, 1}},
                                                       {{0, 1}, {-1, 2}},
                                                       {{0, 1}, {0, 2}},
                                                       {{0, 1}, {1, 1}},
                                                       {{-infinity, 0}, {1, 1}}})
        CHECK(FaderLaw::of(points).error().code == ErrorCode::invalid);
    CHECK(FaderLaw::of({{6, 16'383}, {-70, 0}, {0, 13'926}}));
}
