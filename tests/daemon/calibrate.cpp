// When the points of a fader's law are enough, and what the person at the fader is told until then.
#include "daemon/command_line/calibrate.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace prefade;
using namespace prefade::command_line;

namespace {

std::vector<FaderLaw::Point> from_to(double low, double high, double step) {
    std::vector<FaderLaw::Point> points;
    std::uint32_t position = 0;
    for (double level = low; level <= high + 1e-9; level += step)
        points.push_back({level, position += 100});
    return points;
}

} // namespace

TEST_CASE("a law needs its length, no holes where one mixes, and enough points") {
    CHECK(missing_in({}) == "nothing is known yet");
    CHECK(missing_in(from_to(-60.0, 6.0, 3.0)).empty());
    CHECK(missing_in(from_to(-39.0, 6.0, 3.0)) == "further down: -40.0 dB or below is missing");
    CHECK(missing_in(from_to(-60.0, -3.0, 3.0)) == "further up: 0.0 dB or above is missing");
    CHECK(missing_in(from_to(-54.0, 6.0, 6.0)) == "more steps: 1 are missing");
    auto holed = from_to(-60.0, 6.0, 3.0);
    holed.erase(holed.begin() + 16, holed.begin() + 18); // -12 and -9
    CHECK(missing_in(holed) == "a step between -15.0 dB and -6.0 dB is missing");
    auto deep = from_to(-40.0, 6.0, 2.0);
    deep.insert(deep.begin(), {-90.0, 3}); // so far down a hole does not matter
    CHECK(missing_in(deep).empty());
}

TEST_CASE("points come from the daemon's answer") {
    const Json answer = {
        {"fader_points",
         {{{"level_db", -12.5}, {"position", 7000}}, {{"level_db", 0.0}, {"position", 12'443}}}}};
    CHECK(points_in(answer) == std::vector<FaderLaw::Point>{{-12.5, 7000}, {0.0, 12'443}});
    CHECK(points_in(Json::object()).empty());
}
