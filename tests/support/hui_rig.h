// HUI's dialect at a simulated Pro Tools.
#pragma once

#include "connectors/hui/protocol.h"
#include "tests/support/hui_host.h"
#include "tests/support/surface_rig.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

/// As config/hosts/protools.toml, with a law: as after a calibration.
inline HostProfile hui_profile(const HuiHabits& habits) {
    HostProfile profile;
    profile.name = "protools";
    profile.title = habits.name;
    profile.dialect = "hui";
    profile.surface.law =
        *FaderLaw::of({{-60, 647}, {-30, 3307}, {-10, 8362}, {0, 12'808}, {12, 16'383}});
    profile.surface.meter_levels = {-std::numeric_limits<double>::infinity(),
                                    -60,
                                    -50,
                                    -40,
                                    -30,
                                    -20,
                                    -14,
                                    -10,
                                    -8,
                                    -6,
                                    -4,
                                    -2,
                                    0};
    profile.surface.longest_silence = 3s;
    profile.surface.last_bank_shifted = habits.last_bank == HuiHabits::LastBank::shifted;
    return profile;
}

inline std::vector<HuiStrip> hui_strips(std::size_t count) {
    std::vector<HuiStrip> strips;
    for (std::size_t i = 0; i < count; ++i) {
        HuiStrip strip;
        strip.name = "T" + std::to_string(i + 1);
        strip.fader = static_cast<std::uint16_t>(6000 + 137 * i);
        strip.mute = i % 5 == 2;
        strip.solo = i == 4;
        strip.arm = i == 1;
        strip.ring = static_cast<std::uint8_t>(1 + i % 11);
        strips.push_back(strip);
    }
    return strips;
}

/// The habits that differ, one by one and together.
inline std::vector<HuiHabits> hui_habits() {
    std::vector<HuiHabits> all(5);
    all[1].last_bank = HuiHabits::LastBank::partial;
    all[1].latches_zone = true;
    all[2].shows_level = true;
    all[3].packs_names = all[3].pings_as_note_off = true;
    all[4].shows_level = all[4].latches_zone = all[4].packs_names = all[4].hints_automation = true;
    all[4].latency = 100ms;
    for (std::size_t i = 0; i < all.size(); ++i) all[i].name = "Pro Tools " + std::to_string(i);
    return all;
}

class HuiRig : public SurfaceRig<HuiHost> {
public:
    HuiRig(const HuiHabits& habits, std::size_t units, std::vector<HuiStrip> strips)
        : HuiRig(habits, hui_profile(habits), units, std::move(strips)) {}
    HuiRig(const HuiHabits& habits, const HostProfile& profile, std::size_t units,
           std::vector<HuiStrip> strips)
        : SurfaceRig(HuiHost(habits, units, std::move(strips)), profile, "here", units,
                     hui::protocol(units)) {}

    /// Until the whole mixer was read.
    void connect() {
        REQUIRE(wait(60s, [&] { return session.strips.size() == host.strips.size(); }));
        run(500ms);
    }
    void hear(const std::vector<std::uint8_t>& bytes, std::uint8_t unit = 0) {
        receive(MidiMessage{bytes, unit});
    }
};

} // namespace prefade::test
