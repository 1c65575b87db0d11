// Playing: the planted problems are found with the right numbers, and are not found where they are absent.
#include "tests/e2e/studio.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace prefade;
using namespace prefade::test;

namespace {

/// The advice of one of `rules` on `strip` that fires in this snapshot; null when there is none.
Json advice_on(const Json& snapshot, const std::string& strip,
               const std::vector<std::string>& rules) {
    for (const Json& advice : snapshot["advice"])
        if (std::find(rules.begin(), rules.end(), advice["rule"]) != rules.end()
            && std::find(advice["strips"].begin(), advice["strips"].end(), strip)
                   != advice["strips"].end())
            return advice;
    return nullptr;
}

const std::vector<std::string> too_hot = {"clipping-strip", "hot-track"};
const std::vector<std::string> silent = {"silent-unmuted"};
const std::vector<std::string> one_sided = {"lead-off-centre"};

struct Found {
    Json advice;
    double seconds{0.0}; ///< since the transport started
};

Found wait_for_advice(Studio& s, SteadyTime playing, const std::string& strip,
                      const std::vector<std::string>& rules, Seconds limit) {
    Found found;
    s.rpc().wait_snapshot(limit, [&](const Json& snapshot) {
        found.advice = advice_on(snapshot, strip, rules);
        return !found.advice.is_null();
    });
    found.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - playing).count();
    return found;
}

double evidence(const Json& advice, const std::string& measure) {
    for (const Json& one : advice["evidence"])
        if (one["measure"].get<std::string>().starts_with(measure)) return level_of(one["value"]);
    throw std::runtime_error("no evidence of " + measure + " in " + advice.dump());
}

} // namespace

TEST_CASE("planted problems are told with the numbers Ardour shows, and a clean session has none "
          "of them") {
    Studio planted({{"-s", "60"}, "jack"}), clean({{"-s", "60", "-c"}, "jack"});
    const int synth = planted.witness.ssid("Hot Synth");
    CHECK(planted.rpc().call("advice")["advice"].dump().find("Hot Synth") == std::string::npos);
    clean.witness.play();
    planted.witness.forget();
    planted.witness.play();
    const auto playing = std::chrono::steady_clock::now();

    const Found hot = wait_for_advice(planted, playing, "Hot Synth", too_hot, Seconds(10));
    REQUIRE_FALSE(hot.advice.is_null());
    INFO(hot.advice.dump());
    figure("transport starts to advice on the planted hot track: " + text_of(hot.seconds, 2)
           + " s (bar 5 s)");
    CHECK(hot.seconds < 5.0);
    CHECK(std::abs(evidence(hot.advice, "sample peak") - planted.witness.highest_meter(synth))
          < 1.0);
    CHECK(std::abs(evidence(hot.advice, "fader") - 3.0) < 0.1);
    REQUIRE_FALSE(hot.advice["suggests"].empty());
    const double target = level_of(hot.advice["suggests"][0]["target"]["db"]);
    CHECK(std::abs(target - (3.0 - 6.0 - planted.witness.highest_meter(synth))) < 1.0);

    const Found bass = wait_for_advice(planted, playing, "Bass", one_sided, Seconds(15));
    REQUIRE_FALSE(bass.advice.is_null());
    CHECK(bass.advice["suggests"][0]["target"]["pan"] == 0.0);

    const Found room = wait_for_advice(planted, playing, "Room", silent, Seconds(50));
    REQUIRE_FALSE(room.advice.is_null());
    figure("transport starts to advice on the planted silent track: " + text_of(room.seconds, 1)
           + " s (its rule waits 40 s)");
    CHECK(room.seconds > 30.0);

    const Json told = clean.rpc().call("advice");
    INFO(told.dump());
    CHECK(advice_on(told, "Synth", too_hot).is_null());
    CHECK(advice_on(told, "Bass", one_sided).is_null());
    CHECK(advice_on(told, "Room", silent).is_null());
    CHECK(planted.rpc().call("status")["traffic"]["dropped"] == 0);
}
