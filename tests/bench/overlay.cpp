// What the window uses, on a software renderer: beside an empty window of the same libraries, and at rest.
#include "tests/bench/daemon_process.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"
#include "tests/support/x_display.h"

#include <sstream>

using namespace prefade;
using namespace prefade::bench;
using test::Seconds;

namespace {

struct Drawn {
    double ms{0.0}, mb{0.0}, reading{0.0};
};

Drawn draw(const test::XDisplay& display, const std::string& what) {
    const test::OwnFolder folder;
    const test::Ran ran = test::run({test::program("overlay_frames").string(), what, "300",
                                     (folder.path() / "overlay.json").string()},
                                    display.environment());
    INFO(ran.err);
    REQUIRE(ran.status == 0);
    Drawn drawn;
    std::istringstream(ran.out) >> drawn.ms >> drawn.mb >> drawn.reading;
    REQUIRE(drawn.ms > 0.0);
    return drawn;
}

} // namespace

TEST_CASE("a frame of the full view at 64 strips beside an empty window's") {
    const test::XDisplay display(900, 800);
    const Drawn empty = draw(display, "empty"), full = draw(display, "full");
    report("overlay, processor time a frame, 64 strips in motion, software renderer",
           text(full.ms - full.reading, 2) + " ms, and " + text(full.reading, 2)
               + " ms to read its snapshot; an empty GLFW and ImGui window " + text(empty.ms, 2)
               + " ms",
           "3 times the empty one's + 2 ms, here " + text(3.0 * empty.ms + 2.0, 2) + " ms");
    report("overlay, memory",
           text(full.mb, 1) + " MB; an empty GLFW and ImGui window " + text(empty.mb, 1) + " MB",
           "40 MB above it");
}

TEST_CASE("the window at rest, the song stopped") {
    const test::XDisplay display(900, 800);
    Desktop desktop(64, 20.0);
    desktop.settle();
    const test::OwnFolder folder;
    test::Environment environment = display.environment();
    environment["XDG_STATE_HOME"] = (folder.path() / "state").string();
    test::Process overlay({test::program("prefade-overlay").string(), "--no-start", "--socket",
                           desktop.prefaded.socket().string()},
                          folder.path() / "log", environment);
    REQUIRE(test::eventually(Seconds(20), [&] { return display.find("Prefade").has_value(); }));
    desktop.pass(Seconds(5)); // meters have become old, the place is kept
    const auto used = [&](Seconds span) {
        const double before = cpu_seconds(overlay.pid());
        const TimePoint start = Clock::now();
        desktop.pass(span);
        return 100.0 * (cpu_seconds(overlay.pid()) - before) / seconds(Clock::now() - start);
    };
    const double at_rest = used(Seconds(20));
    desktop.play();
    desktop.pass(Seconds(3));
    const double playing = used(Seconds(20));
    CHECK(overlay.running());
    report("overlay at rest, 64 strips, song stopped", text(at_rest, 2) + " % of a core",
           "under 0.5 %");
    report("overlay while 64 strips meter at 20 frames/s, software renderer",
           text(playing, 1) + " % of a core", "");
}
