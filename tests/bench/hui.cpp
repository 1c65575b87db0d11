// HUI: messages decoded and encoded a second beside a plain copy of the same bytes, and how long it takes to see a whole
// mixer through a window of eight. The walk's time is the host's and its cables', simulated: it does not depend on this
// machine.
#include "connectors/hui/codec.h"
#include "tests/bench/measure.h"
#include "tests/support/hui_rig.h"

using namespace prefade;
using namespace prefade::bench;

namespace {

/// What a host sends while it plays, roughly in proportion: mostly meters of both sides.
std::vector<hui::FromHost> words_of_pro_tools() {
    std::vector<hui::FromHost> told;
    for (unsigned i = 0; i < 1000; ++i) {
        const auto strip = static_cast<std::uint8_t>(i % 8);
        hui::FromHost message =
            hui::MeterLevel{strip, i % 2 == 0 ? hui::Side::left : hui::Side::right,
                            static_cast<std::uint8_t>(i % 13)};
        if (i % 10 == 0) message = hui::TimeText{"\x04\x13\x02"};
        if (i % 20 == 0) message = hui::Fader{strip, static_cast<std::uint16_t>(i * 16)};
        if (i % 25 == 0) message = hui::Led{{strip, hui::mute}, hui::Light::on};
        if (i % 50 == 0) message = hui::ScribbleText{strip, {'L', 'd', 'V', 'x'}};
        told.push_back(message);
    }
    return told;
}

} // namespace

TEST_CASE("HUI messages decoded and encoded a second beside a copy of their bytes") {
    const auto told = words_of_pro_tools();
    std::vector<hui::Bytes> all; // MIDI messages: some of HUI's are two
    for (const hui::FromHost& message : told) {
        const auto made = hui::to_bytes(message).value();
        all.insert(all.end(), made.begin(), made.end());
    }
    constexpr int runs = 15, repeats = 100;
    hui::HostReader reader;
    std::vector<hui::FromHost> decoded;
    std::size_t good = 0;
    const Samples reading = timed(runs, [&] {
        for (int i = 0; i < repeats; ++i) {
            decoded.clear();
            for (const hui::Bytes& bytes : all)
                good += reader.take(bytes, decoded).has_value() ? 1U : 0U;
        }
    });
    CHECK(decoded == told);
    const Samples writing = timed(runs, [&] {
        for (int i = 0; i < repeats; ++i)
            for (const hui::FromHost& message : told)
                good += hui::to_bytes(message).has_value() ? 1U : 0U;
    });
    const Samples copying = timed(runs, [&] {
        for (int i = 0; i < repeats; ++i)
            for (const hui::Bytes& bytes : all) keep(hui::Bytes(bytes));
    });
    CHECK(good == (all.size() + told.size()) * repeats * runs);
    const double each = static_cast<double>(all.size()) / static_cast<double>(told.size());
    report("HUI, decoded and encoded",
           text(million_per_second(reading, repeats) * each, 1) + " and "
               + text(million_per_second(writing, repeats) * each, 1)
               + " million MIDI messages/s, a plain copy "
               + text(million_per_second(copying, repeats) * each, 1) + " million",
           "");
}

TEST_CASE("a Pro Tools of 64 strips is seen by walking through its banks") {
    for (const std::size_t units : {1U, 2U, 4U}) {
        test::HuiRig rig(test::HuiHabits{}, units, test::hui_strips(64));
        const TimePoint start = rig.now;
        REQUIRE(rig.wait(std::chrono::seconds(120), [&] { return rig.names() == rig.expected(); }));
        report("64 strips of a simulated Pro Tools read through " + text(double(units)) + " x 8",
               text(seconds(rig.now - start), 1) + " s from its first ping, "
                   + text(double(rig.host.presses())) + " presses",
               "");
    }
}
