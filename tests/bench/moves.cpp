// A move from the caller's request to the host's echo, journal on a real disk included: at the simulated
// Ardour with 64 strips metering, and at a real one that plays.
#include "tests/bench/daemon_process.h"
#include "tests/bench/measure.h"
#include "tests/support/ardour_rig.h"
#include "tests/support/catch.h"
#include "tests/support/osc_peer.h"

#include <nlohmann/json.hpp>

#include <optional>

using namespace prefade;
using namespace prefade::bench;
using test::Seconds;

namespace {

const std::string bar = "p95 100 ms";

/// Sends one `set` of a fader and waits until a snapshot tells it in place; when that was.
TimePoint set_in_place(test::RpcClient& rpc, const std::string& strip, double level,
                       std::vector<std::uint64_t>& requests) {
    requests.push_back(
        rpc.send("set", {{"strip", strip}, {"control", "fader"}, {"value", text(level, 2)}}));
    const bool in_place = rpc.wait_snapshot(Seconds(10), [&](const Json& snapshot) {
        for (const Json& move : snapshot["moves"])
            if (move["strip"] == strip
                && std::abs(move["target"]["db"].get<double>() - level) < 1e-6
                && (move["stage"] == "in place" || move["stage"] == "done"))
                return true;
        return false;
    });
    REQUIRE(in_place);
    return Clock::now();
}

void check_confirmed(test::RpcClient& rpc, const std::vector<std::uint64_t>& requests) {
    for (const std::uint64_t request : requests) {
        const Json answer = rpc.await(request);
        INFO(answer.dump());
        CHECK(answer["result"]["moves"][0]["outcome"] == "confirmed");
    }
}

} // namespace

TEST_CASE("a move is soon in place at the simulated Ardour") {
    Desktop desktop(62, 20.0);
    desktop.play();
    desktop.pass(Seconds(1));
    Samples echo, told;
    std::vector<std::uint64_t> requests;
    for (int i = 0; i < 120; ++i) {
        const std::string strip = "Track " + std::to_string(i % 60 + 1);
        const double level = -7.0 - 0.05 * i;
        desktop.host.take_sets();
        const TimePoint start = Clock::now();
        told.add(milliseconds(set_in_place(desktop.rpc(), strip, level, requests) - start));
        const auto sets = desktop.host.take_sets();
        REQUIRE(sets.size() == 1);
        CHECK(sets[0].message.address == "/strip/gain");
        echo.add(milliseconds(sets[0].answered - start));
        if (i == 59) check_confirmed(desktop.rpc(), std::exchange(requests, {}));
    }
    check_confirmed(desktop.rpc(), requests);
    report("move to its echo, simulated Ardour, 64 strips at 20 frames/s, journal included",
           echo.summary("ms", 1), bar);
    report("move to in place in a snapshot, simulated Ardour", told.summary("ms", 1), "");
}

TEST_CASE("a move is soon in place at a real Ardour that plays") {
    const test::ArdourRig ardour;
    test::ArdourWitness witness(ardour.port());
    test::PrefadedRig prefaded({ardour.folder() / "prefade", ardour.address(), {}, {}});
    witness.play();
    Samples echo, told;
    std::vector<std::uint64_t> requests;
    const std::vector<std::string> strips{"Guitar L", "Guitar R", "Bass", "Hot Synth", "Reverb"};
    for (int i = 0; i < 50; ++i) {
        const std::string& strip = strips[static_cast<std::size_t>(i) % strips.size()];
        const int ssid = witness.ssid(strip);
        const double level = -8.0 - 0.1 * i;
        witness.forget();
        const TimePoint start = Clock::now();
        told.add(milliseconds(set_in_place(prefaded.rpc(), strip, level, requests) - start));
        std::optional<TimePoint> heard;
        for (const test::Heard& one : witness.heard("/strip/gain", ssid))
            if (std::abs(one.value - level) < 0.01 && !heard) heard = one.at;
        REQUIRE(heard);
        echo.add(milliseconds(*heard - start));
        if ((i + 1) % static_cast<int>(strips.size()) == 0)
            check_confirmed(prefaded.rpc(), std::exchange(requests, {}));
    }
    witness.stop();
    report("move to its echo, real Ardour playing, journal included", echo.summary("ms", 1), bar);
    report("move to in place in a snapshot, real Ardour", told.summary("ms", 1), "");
}
