// What a move does to the sound: Ardour's own export before and after it.
#include "tests/e2e/studio.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"

#include <nlohmann/json.hpp>

#include <sstream>
#include <stdexcept>

using namespace prefade;
using namespace prefade::test;

namespace {

/// RMS over both channels of the whole file, dBFS, by sox.
double rms_of(const std::filesystem::path& wav) {
    const Ran ran = run({"sox", wav.string(), "-n", "stats"});
    std::istringstream lines(ran.err);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("RMS lev dB")) return std::stod(line.substr(10));
    throw std::runtime_error("sox tells no RMS level:\n" + ran.err);
}

double seconds_of(const std::filesystem::path& wav) {
    return std::stod(run({"soxi", "-D", wav.string()}).out);
}

} // namespace

TEST_CASE("with all other tracks muted the export changes by what the move says") {
    Studio s({{"-s", "10"}, "jack"});
    for (const auto& [ssid, strip] : s.witness.strips())
        if (strip.name != "Guitar L" && strip.type != "MA")
            s.witness.hand("/strip/mute", {std::int32_t{ssid}, std::int32_t{1}});
    REQUIRE(eventually(Seconds(5), [&] {
        return s.witness.strip(13).mute == true && s.witness.strip(14).mute == true;
    }));
    s.ardour.save();
    const auto before = s.ardour.folder() / "before.wav", after = s.ardour.folder() / "after.wav";
    s.ardour.export_to(before);

    const Json moved = s.rpc().set("Guitar L", "fader", "-12.4dB"); // 4 dB down
    REQUIRE(moved["outcome"] == "confirmed");
    s.ardour.save();
    s.ardour.export_to(after);

    CAPTURE(rms_of(before), rms_of(after));
    REQUIRE(seconds_of(before) == Approx(10.0));
    REQUIRE(seconds_of(after) == Approx(10.0));
    const double change = rms_of(after) - rms_of(before);
    figure("export after a fader move of -4.00 dB: " + text_of(change, 2)
           + " dB (bar: within 0.1 dB)");
    CHECK(rms_of(before) > -60.0);
    CHECK(change == Approx(-4.0).margin(0.1));
}
