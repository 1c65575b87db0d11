// A session of 200 strips: all of it is read, and the traffic stays sane.
#include "tests/e2e/studio.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"

#include <nlohmann/json.hpp>

using namespace prefade;
using namespace prefade::test;

namespace {

/// Messages a second between daemon and Ardour over `span`: received, sent.
std::pair<double, double> rates(Studio& s, Seconds span) {
    const Json before = s.rpc().call("status")["traffic"];
    const auto start = std::chrono::steady_clock::now();
    s.rpc().wait_snapshot(span, [](const Json&) { return false; });
    const Json after = s.rpc().call("status")["traffic"];
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return {(after["received"].get<double>() - before["received"].get<double>()) / seconds,
            (after["sent"].get<double>() - before["sent"].get<double>()) / seconds};
}

bool complete(const Json& snapshot) {
    for (const Json& strip : snapshot["strips"])
        if (strip["fader_db"].is_null()) return false;
    return snapshot["strips"].size() == 201 && snapshot["host"]["state"] == "connected";
}

} // namespace

TEST_CASE("200 strips are all read, none is lost, and the traffic stays sane") {
    ArdourRig::Setup large;
    large.session = {"-x", "186"};
    Studio s(large);
    REQUIRE(s.rpc().wait_snapshot(Seconds(30), complete));
    const auto file = read_session_file(s.ardour.session_file());
    std::string found;
    CHECK(eventually(Seconds(20), [&] {
        found = joined(differences(s.rpc().call("strips", {{"parameters", true}})["strips"], file));
        return found.empty();
    }));
    CHECK(found == "");
    const auto [watched_in, watched_out] = rates(s, Seconds(5)); // a look keeps all fresh for 30 s
    s.rpc().wait_snapshot(Seconds(30), [](const Json&) { return false; });
    const auto [rest_in, rest_out] = rates(s, Seconds(5));
    s.witness.play();
    const auto [rolling_in, rolling_out] = rates(s, Seconds(8));
    figure("200 strips, messages a second while all parameters are looked at: "
           + text_of(watched_in) + " in, " + text_of(watched_out)
           + " out; at rest: " + text_of(rest_in) + " in, " + text_of(rest_out)
           + " out; rolling: " + text_of(rolling_in) + " in, " + text_of(rolling_out) + " out");
    CHECK(watched_in < 1000.0);
    CHECK(rest_in < 300.0);
    CHECK(rest_out < 100.0);
    const Json moved = s.rpc().set("Extra 150", "fader", "-7dB");
    INFO(moved.dump());
    CHECK(moved["outcome"] == "confirmed");
    CHECK(s.reported_fader("Extra 150") == Approx(-7.0).margin(0.01));
    const Json traffic = s.rpc().call("status")["traffic"];
    CHECK(traffic["dropped"] == 0);
    CHECK(traffic["malformed"] == 0);
}
