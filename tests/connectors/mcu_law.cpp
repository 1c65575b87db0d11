// The law of a host's faders, measured from what its surface shows.
#include "connectors/mcu/law_probe.h"
#include "connectors/mcu/messages.h"
#include "tests/support/mackie_rig.h"

using namespace prefade;
using namespace prefade::test;

namespace {

/// A person's hand at the host moves the first strip's fader; the host tells its position, then its text after `late`.
void step(MackieRig& rig, std::uint16_t position, const std::string& text, Duration late = 30ms) {
    rig.hear(mcu::Fader{0, position});
    rig.run(late);
    rig.hear(mcu::DisplayText{mcu::Device::main, 56, text + std::string(7 - text.size(), ' ')});
    rig.run(500ms);
}

MackieRig one_bank() { return MackieRig(logic_habits(), 1, mackie_strips(8)); }

std::vector<FaderPoint> points(const MackieRig& rig) { return rig.session.fader_points; }

} // namespace

TEST_CASE("a text that is a level, and every other") {
    CHECK(mcu::level_in("-12.3") == -12.3);
    CHECK(mcu::level_in("  -0.5dB") == -0.5);
    CHECK(mcu::level_in("+ 6.0 dB") == 6.0);
    CHECK(mcu::level_in("0.0") == 0.0);
    for (const char* text : {"", "  ", "-inf", "-INF", "-oo", "L 30", "C", "50%", "-", "dB", "1e3",
                             "-12.3-", "0x10", "nan", "99", "-999", "1.2.3", "12 5"}) {
        INFO(text);
        CHECK_FALSE(mcu::level_in(text));
    }
}

TEST_CASE("a fader at rest with its text beneath is a point of the law") {
    MackieRig rig = one_bank();
    rig.connect();
    CHECK(points(rig).empty());
    step(rig, 4000, "-24.5dB");
    step(rig, 8000, "-11.0dB", 250ms); // a slow display
    step(rig, 12'443, "0.0dB");
    CHECK(points(rig)
          == std::vector<FaderPoint>{
              {Decibel{-24.5}, 4000}, {Decibel{-11.0}, 8000}, {Decibel{0.0}, 12'443}});
    step(rig, 9000, "-8.0dB"); // on the way back
    REQUIRE(points(rig).size() == 4);
    CHECK(points(rig)[2] == FaderPoint{Decibel{-8.0}, 9000});
}

TEST_CASE("a newer point wins over those that it contradicts") {
    MackieRig rig = one_bank();
    rig.connect();
    step(rig, 4000, "-3.0dB"); // of something else
    step(rig, 5000, "-20.0");
    CHECK(points(rig) == std::vector<FaderPoint>{{Decibel{-20.0}, 5000}});
    step(rig, 5001, "-20.0"); // within one step of the display
    CHECK(points(rig) == std::vector<FaderPoint>{{Decibel{-20.0}, 5001}});
}

TEST_CASE("what does not belong together is no point") {
    MackieRig rig = one_bank();
    rig.connect();
    step(rig, 4000, "L 30");
    step(rig, 4100, "-inf");
    step(rig, 4200, "-9.0", 600ms); // nobody knows what this text is about
    rig.hear(mcu::DisplayText{mcu::Device::main, 56, "-7.0   "});
    rig.run(300ms);
    rig.hear(mcu::Fader{0, 4300}); // a fader without a text
    rig.run(1s);
    CHECK(points(rig).empty());
}

TEST_CASE("a text of the bank before is none of this strip's") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(16));
    rig.connect();
    rig.hear(mcu::Fader{0, 4000});
    rig.host.bank(8, rig.now);
    rig.run(50ms);
    rig.hear(mcu::DisplayText{mcu::Device::main, 56, "-24.5  "});
    rig.run(3s);
    CHECK(points(rig).empty());
}

TEST_CASE("of a host whose law is not known faders are neither told nor moved, nor claimed to be") {
    HostProfile profile = mackie_profile(logic_habits());
    profile.surface.law = {};
    const mcu::Dialect dialect(profile, "here", 1);
    CHECK_FALSE(dialect.capabilities().has(Capability::read_fader));
    CHECK_FALSE(dialect.capabilities().has(Capability::write_fader));
    CHECK(dialect.capabilities().has(Capability::fader_positions));
}
