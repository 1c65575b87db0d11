// Mackie Control: messages decoded and encoded a second beside a plain copy of the same bytes, and how long it takes to
// see a whole mixer through a window of eight. The walk's time is the host's and its cables', simulated: it does not
// depend on this machine.
#include "connectors/mcu/codec.h"
#include "tests/bench/measure.h"
#include "tests/support/mackie_rig.h"

using namespace prefade;
using namespace prefade::bench;

namespace {

/// What a host sends while it plays, roughly in proportion: mostly meters and clock.
std::vector<mcu::Bytes> from_a_host() {
    std::vector<mcu::Bytes> made;
    for (unsigned i = 0; i < 1000; ++i) {
        const auto strip = static_cast<std::uint8_t>(i % 8);
        mcu::FromHost message = mcu::MeterLevel{strip, static_cast<std::uint8_t>(i % 13)};
        if (i % 4 == 0) message = mcu::Digit{static_cast<std::uint8_t>(i % 10), '7', false};
        if (i % 20 == 0) message = mcu::Fader{strip, static_cast<std::uint16_t>(i * 16)};
        if (i % 25 == 0)
            message =
                mcu::Led{static_cast<std::uint8_t>(mcu::mute_of_strip + strip), mcu::LedState::on};
        if (i % 50 == 0)
            message = mcu::DisplayText{mcu::Device::main, static_cast<std::uint8_t>(7 * strip),
                                       "LdVox  "};
        made.push_back(mcu::to_bytes(message).value());
    }
    return made;
}

} // namespace

TEST_CASE("Mackie messages decoded and encoded a second beside a copy of their bytes") {
    const std::vector<mcu::Bytes> all = from_a_host();
    std::vector<mcu::FromHost> decoded;
    for (const mcu::Bytes& bytes : all) decoded.push_back(mcu::from_host(bytes).value());
    constexpr int runs = 15, repeats = 100;
    std::size_t good = 0;
    const Samples reading = timed(runs, [&] {
        for (int i = 0; i < repeats; ++i)
            for (const mcu::Bytes& bytes : all) good += mcu::from_host(bytes).has_value() ? 1U : 0U;
    });
    const Samples writing = timed(runs, [&] {
        for (int i = 0; i < repeats; ++i)
            for (const mcu::FromHost& message : decoded)
                good += mcu::to_bytes(message).has_value() ? 1U : 0U;
    });
    const Samples copying = timed(runs, [&] {
        for (int i = 0; i < repeats; ++i)
            for (const mcu::Bytes& bytes : all) keep(mcu::Bytes(bytes));
    });
    CHECK(good == 2U * all.size() * repeats * runs);
    report("Mackie Control, decoded and encoded",
           text(million_per_second(reading, repeats), 1) + " and "
               + text(million_per_second(writing, repeats), 1)
               + " million messages/s, a plain copy "
               + text(million_per_second(copying, repeats), 1) + " million",
           "");
}

TEST_CASE("a mixer of 64 strips is seen by walking through its banks") {
    for (const test::MackieHabits& habits : test::all_habits())
        for (const std::size_t units : {1U, 3U, 8U}) {
            test::MackieRig rig(habits, units, test::mackie_strips(64));
            const TimePoint start = rig.now;
            if (habits.greeting == test::MackieHabits::Greeting::none) rig.host.wake(rig.now);
            REQUIRE(
                rig.wait(std::chrono::seconds(120), [&] { return rig.names() == rig.expected(); }));
            report("64 strips of " + habits.name + " read through " + text(double(units)) + " x 8",
                   text(seconds(rig.now - start), 1) + " s from its first word, "
                       + text(double(rig.host.presses())) + " presses",
                   "");
        }
}
