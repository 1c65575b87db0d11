// A fader whose automation lane plays takes every value back: a move on it is never called confirmed.
#include "tests/e2e/studio.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace prefade;
using namespace prefade::test;

namespace {

Studio& studio() {
    static Studio one;
    return one;
}

void set_mode(const ArdourWitness& witness, int ssid, std::int32_t mode) {
    witness.hand("/strip/gain/automation", {std::int32_t{ssid}, mode});
}

void wait_for_mode(Studio& s, const std::string& mode) {
    REQUIRE(s.rpc().wait_snapshot(Seconds(5), [&](const Json& snapshot) {
        return find_by(snapshot["strips"], "name", "Keys").value("automation", "") == mode;
    }));
}

} // namespace

TEST_CASE("a fader whose lane plays never ends confirmed while rolling, and the reason says why") {
    Studio& s = studio();
    const int keys = s.witness.ssid("Keys");
    s.witness.play();
    REQUIRE(s.witness.wait_for(Seconds(5),
                               [&] { return s.witness.heard("/strip/gain", keys).size() > 50; }));
    for (const char* value : {"-3dB", "-12dB", "-40dB", "0dB", "now", "now", "now"}) {
        const std::string target =
            value == std::string("now") ? text_of(s.witness.strip(keys).gain.value(), 6) : value;
        const Json moved = s.rpc().set("Keys", "fader", target);
        INFO(target << ": " << moved.dump());
        CHECK(moved["outcome"] != "confirmed");
        CHECK(moved["reason"].get<std::string>().find("automation") != std::string::npos);
    }
    const Json glide = s.rpc().set("Keys", "fader", "-9dB", "1s");
    CHECK(glide["outcome"] != "confirmed");
    // the trim moves the whole line
    CHECK(s.rpc().set("Keys", "trim", "-2dB")["outcome"] == "confirmed");
}

TEST_CASE("automation that is switched on during a move's hold ends it unconfirmed or superseded") {
    Studio& s = studio();
    const int keys = s.witness.ssid("Keys");
    if (!s.witness.rolling()) s.witness.play();
    for (const double delay : {0.0, 0.1, 0.4, 1.0}) {
        set_mode(s.witness, keys, 0);
        wait_for_mode(s, "off");
        // what the lane did last may look like a hand, after which we stay away for 2 s
        REQUIRE(eventually(Seconds(20), [&] {
            return s.rpc().set("Keys", "fader", "-20dB")["outcome"] == "confirmed";
        }));
        const auto request =
            s.rpc().send("set", {{"strip", "Keys"}, {"control", "fader"}, {"value", "-30dB"}});
        if (delay > 0.0)
            REQUIRE(s.witness.wait_for(Seconds(5), [&] {
                return s.witness.strip(keys).gain && *s.witness.strip(keys).gain < -29.0;
            }));
        const auto from = std::chrono::steady_clock::now();
        eventually(Seconds(delay),
                   [&] { return std::chrono::steady_clock::now() - from >= Seconds(delay); });
        set_mode(s.witness, keys, 1);
        const Json moved = s.rpc().await(request)["result"]["moves"][0];
        INFO(delay << " s: " << moved.dump());
        CHECK(moved["outcome"] != "confirmed");
        wait_for_mode(s, "read");
    }
    s.witness.stop();
}

TEST_CASE("a fader that records its automation is not moved") {
    Studio& s = studio();
    const int keys = s.witness.ssid("Keys");
    for (const auto& [number, name] :
         {std::pair(2, "write"), std::pair(3, "touch"), std::pair(4, "latch")}) {
        set_mode(s.witness, keys, number);
        wait_for_mode(s, name);
        const Json moved = s.rpc().set("Keys", "fader", "-3dB");
        INFO(name << ": " << moved.dump());
        CHECK(moved["outcome"] == "refused");
    }
}
