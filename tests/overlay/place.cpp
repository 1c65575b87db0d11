// Where the window goes, on monitors that come and go.
#include "overlay/place.h"

#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <fstream>

using namespace prefade;
using namespace prefade::overlay;

namespace {

const std::vector<Monitor> two{{"left", 0, 0, 1920, 1080}, {"right", 1920, 0, 2560, 1440}};

} // namespace

TEST_CASE("a window that was never moved stands at the right edge of the first monitor") {
    CHECK(area_of({}, two, 1.0) == Area{1920 - 430 - 24, 24, 430, 680});
    CHECK(area_of({}, {}, 1.0) == Area{0, 0, 430, 680});
}

TEST_CASE(
    "a window comes back to its monitor, wherever that is now, and to the first when it is gone") {
    Place place;
    place.monitor = "right";
    place.x = 100;
    place.y = 50;
    CHECK(area_of(place, two, 1.0) == Area{2020, 50, 430, 680});
    const std::vector<Monitor> moved{{"right", 0, 200, 2560, 1440}};
    CHECK(area_of(place, moved, 1.0) == Area{100, 250, 430, 680});
    const std::vector<Monitor> other{{"third", 0, 0, 1280, 800}};
    CHECK(area_of(place, other, 1.0) == Area{1280 - 430 - 24, 24, 430, 680});
}

TEST_CASE("a window is wholly on its monitor, and no larger") {
    Place place;
    place.monitor = "left";
    place.x = 5000;
    place.y = -300;
    CHECK(area_of(place, two, 1.0) == Area{1920 - 430, 0, 430, 680});
    CHECK(area_of(place, two, 2.0) == Area{1920 - 860, 0, 860, 1080});
    place.compact = true;
    CHECK(area_of(place, two, 1.0).height == Place{}.compact_height);
}

TEST_CASE("a window belongs to the monitor that has most of it") {
    CHECK(monitor_of({1800, 0, 400, 300}, two)->name == "right");
    CHECK(monitor_of({1500, 0, 430, 300}, two)->name == "left");
    CHECK(monitor_of({-900, 0, 400, 300}, two) == nullptr);
}

TEST_CASE("a place is kept exactly, and a file that is none of ours gives the usual one") {
    const test::OwnFolder folder;
    const auto file = folder.path() / "state" / "overlay.json";
    CHECK(load_place(file) == Place{});
    const Place place{"right \"1\"", 12, 34, 500, 700, 410, 300, true, "strips", 1.25, 0.7};
    REQUIRE(save_place(place, file));
    CHECK(load_place(file) == place);
    for (const char* text : {"", "[]", "{\"x\":", "{\"x\":\"1\",\"scale\":null}", "3"}) {
        std::ofstream(file) << text;
        CHECK(load_place(file) == Place{});
    }
    std::ofstream(file) << R"({"x":1e300,"scale":99,"opacity":0,"width":-5})";
    CHECK(load_place(file).scale == 3.0);
    CHECK(load_place(file).opacity == 0.3);
    CHECK(load_place(file).width == 320);
    CHECK_FALSE(save_place(place, folder.path()));
}
