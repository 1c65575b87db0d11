// A profile for simulated Mackie hosts: Ardour's law and Mackie's meters, near enough; the habits decide the rest.
#pragma once

#include "connectors/host_profile.h"
#include "tests/support/mackie_host.h"

#include <limits>

namespace prefade::test {

inline HostProfile mackie_profile(const MackieHabits& habits) {
    HostProfile profile;
    profile.name = "mackie";
    profile.title = habits.name;
    profile.dialect = "mackie";
    profile.surface.law = mackie_law();
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
                                    0,
                                    2};
    profile.surface.last_bank_shifted = habits.last_bank == MackieHabits::LastBank::shifted;
    if (habits.pan_tick > 0.0) profile.surface.pan_ticks = 2.0 / habits.pan_tick;
    profile.surface.pan_text = habits.pan_text;
    profile.surface.shows_plugins = habits.shows_plugins;
    if (habits.send_tick > 0.0) profile.surface.send_ticks = 16'383.0 / habits.send_tick;
    profile.surface.paints_on_hello = habits.paints_on_hello && !habits.echoes;
    return profile;
}

} // namespace prefade::test
