// A Mackie dialect at a simulated host.
#pragma once

#include "connectors/mcu/codec.h"
#include "tests/support/mackie_host.h"
#include "tests/support/mackie_profile.h"
#include "tests/support/surface_rig.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

inline std::vector<MackieStrip> mackie_strips(std::size_t count) {
    std::vector<MackieStrip> strips;
    for (std::size_t i = 0; i < count; ++i) {
        MackieStrip strip;
        strip.name = "Trk " + std::to_string(i + 1);
        strip.fader = static_cast<std::uint16_t>(6000 + 137 * i);
        strip.mute = i % 5 == 2;
        strip.solo = i == 4;
        strip.arm = i == 1;
        strip.pan = (static_cast<double>(i % 11) - 5.0) / 5.0;
        strips.push_back(strip);
    }
    return strips;
}

/// Each of them in turn, in a test of its own.
inline MackieHabits each_habits() {
    return all_habits()[GENERATE(range(std::size_t{0}, std::size_t{4}))];
}

/// What we say: a position of a fader, and the press of a strip's mute.
inline bool moves_fader(const MidiMessage& message) { return (message.bytes[0] & 0xF0U) == 0xE0; }
inline bool presses_mute(const MidiMessage& message) {
    return message.bytes[0] == 0x90 && message.bytes[1] >= mcu::mute_of_strip
           && message.bytes[1] < mcu::mute_of_strip + 8 && message.bytes[2] != 0;
}

class MackieRig : public SurfaceRig<MackieHost> {
public:
    MackieRig(const MackieHabits& habits, std::size_t units, std::vector<MackieStrip> strips)
        : SurfaceRig(MackieHost(habits, units, std::move(strips)), mackie_profile(habits), "here",
                     units) {}

    /// With a profile that is not quite the host's.
    MackieRig(const MackieHabits& habits, std::size_t units, std::vector<MackieStrip> strips,
              const std::function<void(HostProfile&)>& but)
        : SurfaceRig(
            MackieHost(habits, units, std::move(strips)),
            [&] {
                HostProfile profile = mackie_profile(habits);
                but(profile);
                return profile;
            }(),
            "here", units) {}

    /// Until the whole mixer was read.
    void connect() {
        if (host.habits.greeting == MackieHabits::Greeting::none) host.wake(now);
        REQUIRE(wait(60s, [&] { return names().size() == host.strips.size(); }));
        run(500ms);
    }
    /// The host says this, whatever it shows.
    void hear(const mcu::FromHost& message) {
        receive(MidiMessage{mcu::to_bytes(message).value(), 0});
    }
};

} // namespace prefade::test
