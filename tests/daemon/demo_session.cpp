// What the coach says of the demo session: the planted faults are found in time and little else is, and a mix in order
// is left in peace. Real engine, desk and rules, faster than the clock.
#include "tests/support/demo_desk.h"
#include "tests/support/figures.h"

#include <cstdio>
#include <set>

using namespace prefade;
using namespace prefade::test;
using demo::Fault;
using demo::FaultEntry;
using demo::FoundBy;

namespace {

double seconds(Duration d) { return std::chrono::duration<double>(d).count(); }

/// Advice that is true because of a fault, beside the one that names it.
struct Follows {
    Fault fault;
    const char* rule;
    const char* strip;
};
constexpr Follows consequences[] = {
    {Fault::quiet_vocal, "backing-over-lead", "BV High"}, // measured against a lead that is too low
    {Fault::quiet_vocal, "backing-over-lead", "BV Low"},
    {Fault::clipping_keys, "master-headroom", "Master"}, // its level goes on to the master
    {Fault::over_limited, "true-peak-over", "Master"},   // its ceiling is of samples, not between
    {Fault::over_limited, "reduction-master", "Master"}, // what its limiter shows
    {Fault::over_limited, "reduction-master-constant", "Master"},
};

bool names(const FaultEntry& entry, const DemoDesk::Fired& fired) {
    return fired.advice.rule == entry.rule && fired.strip == entry.strip;
}

bool is_true(const demo::Faults& faults, const DemoDesk::Fired& fired) {
    for (const FaultEntry& entry : demo::all_faults())
        if (has(faults, entry.fault) && names(entry, fired)) return true;
    for (const Follows& follows : consequences)
        if (has(faults, follows.fault) && fired.advice.rule == follows.rule
            && fired.strip == follows.strip)
            return true;
    return false;
}

std::string listed(const std::vector<DemoDesk::Fired>& fired) {
    std::string text;
    for (const DemoDesk::Fired& f : fired)
        text += f.advice.rule + " on " + f.strip + " after " + std::to_string(seconds(f.after))
                + " s: " + f.advice.says + '\n';
    return text;
}

} // namespace

TEST_CASE(
    "the faults the demo opens with are advised within 15 s of playback by levels, 20 s by ear") {
    const demo::Faults faults = demo::usual_faults();
    DemoDesk desk(faults);
    desk.run(20s);
    INFO(listed(desk.fired()));
    std::size_t planted = 0, found = 0;
    Duration latest{};
    for (const FaultEntry& entry : demo::all_faults()) {
        const bool in_time =
            entry.found_by == FoundBy::levels || entry.found_by == FoundBy::hearing;
        if (!in_time || !has(faults, entry.fault)) continue;
        ++planted;
        INFO(entry.name);
        const auto fired = std::find_if(desk.fired().begin(), desk.fired().end(),
                                        [&](const auto& f) { return names(entry, f); });
        CHECK(fired != desk.fired().end());
        if (fired == desk.fired().end()) continue;
        ++found;
        latest = std::max(latest, fired->after);
        CHECK(fired->after <= entry.within);
    }
    CHECK(planted == 9);
    desk.run(160s);
    const auto false_ones = std::count_if(desk.fired().begin(), desk.fired().end(),
                                          [&](const auto& f) { return !is_true(faults, f); });
    CHECK(false_ones <= 2);
    char text[200];
    std::snprintf(text, sizeof text,
                  "planted faults of the demo advised within 15 s by levels, 20 s by ear: %zu of "
                  "%zu, the last "
                  "after %.1f s (bar all)",
                  found, planted, seconds(latest));
    figure(text);
    figure("false advice on the demo with its faults, 180 s: " + std::to_string(false_ones)
           + " (bar 2)");
}

TEST_CASE("each fault alone is advised in its time, and without it nothing of it is said") {
    for (const FaultEntry& entry : demo::all_faults()) {
        demo::Faults alone;
        alone.set(static_cast<std::size_t>(entry.fault));
        DemoDesk desk(alone);
        const bool can_be_found = entry.found_by != FoundBy::analysis;
        desk.run(can_be_found ? entry.within : Duration(40s));
        INFO(entry.name << '\n' << listed(desk.fired()));
        const auto said = std::count_if(desk.fired().begin(), desk.fired().end(),
                                        [&](const auto& f) { return names(entry, f); });
        CHECK(said == (can_be_found ? 1 : 0));
        CHECK(std::count_if(desk.fired().begin(), desk.fired().end(),
                            [&](const auto& f) { return !is_true(alone, f); })
              <= 1);
    }
}

TEST_CASE("a mix in order is left in peace: at most one advice in three minutes") {
    DemoDesk desk(demo::Faults{});
    desk.run(180s);
    INFO(listed(desk.fired()));
    CHECK(desk.fired().size() <= 1);
    figure("advice on the demo without faults, 180 s: " + std::to_string(desk.fired().size())
           + " (bar 1)");
    // The ears agree: nothing clips, everyone plays, the limiter rests.
    for (const Strip& strip : desk.session().strips) {
        INFO(strip.name);
        const Meter* post = strip.meter(MeterKind::sample_peak, Tap::post_fader);
        REQUIRE(post);
        CHECK(post->latest.value < -3.0);
    }
}
