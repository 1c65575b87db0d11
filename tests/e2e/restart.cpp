// Ardour dies in the middle of a move and comes back.
#include "tests/e2e/studio.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"

#include <nlohmann/json.hpp>

#include <future>

using namespace prefade;
using namespace prefade::test;

namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_between(SteadyTime from, SteadyTime to) {
    return std::chrono::duration<double>(to - from).count();
}

double youngest_meter_ms(const Json& snapshot) {
    double youngest = 1e9;
    for (const Json& strip : snapshot["strips"])
        for (const Json& reading : strip["readings"])
            youngest = std::min(youngest, reading["age_ms"].get<double>());
    return youngest;
}

/// When an Ardour that is just starting answers on `port`, by asking again and again.
SteadyTime when_it_answers(std::uint16_t port) {
    const OscPeer peer(port);
    const bool answered = eventually(Seconds(60), [&] {
        peer.send({"/set_surface", {}});
        return !peer.receive(Seconds(0.02)).empty();
    });
    return answered ? SteadyClock::now() : SteadyTime::max();
}

bool all_known(const Json& snapshot) {
    if (snapshot["host"]["state"] != "connected" || snapshot["strips"].size() != 15) return false;
    for (const Json& strip : snapshot["strips"])
        if (strip["fader_db"].is_null() || strip["mute"].is_null()) return false;
    return true;
}

} // namespace

TEST_CASE("Ardour killed during a glide leaves it unconfirmed, and after a restart everything is "
          "read again") {
    Studio s;
    const Json saved = s.rpc().set("Bass", "fader", "-8dB");
    REQUIRE(saved["outcome"] == "confirmed");
    s.ardour.save();
    const auto file = read_session_file(s.ardour.session_file());
    REQUIRE(s.rpc().set("Vox", "fader", "-7dB")["outcome"]
            == "confirmed"); // will be lost with the crash
    s.witness.play();
    REQUIRE(s.rpc().wait_snapshot(
        Seconds(5), [](const Json& snapshot) { return youngest_meter_ms(snapshot) < 500.0; }));

    const int guitar = s.witness.ssid("Guitar L");
    const auto request = s.rpc().send(
        "set", {{"strip", "Guitar L"}, {"control", "fader"}, {"value", "-20dB"}, {"glide", "2s"}});
    REQUIRE(s.witness.wait_for(Seconds(5), [&] { return s.witness.strip(guitar).gain < -10.0; }));
    const auto killed = SteadyClock::now();
    s.ardour.crash();
    double age = 0.0;
    REQUIRE(s.rpc().wait_snapshot(Seconds(10), [&](const Json& snapshot) {
        age = youngest_meter_ms(snapshot);
        return snapshot["host"]["state"] != "connected";
    }));
    const double lost_after = seconds_between(killed, SteadyClock::now());
    const Json move = s.rpc().await(request)["result"]["moves"][0];
    INFO(move.dump());
    CHECK(move["outcome"] == "unconfirmed");
    CHECK_FALSE(move["reason"].get<std::string>().empty());
    CHECK(lost_after < 3.0);
    CHECK(s.rpc().call("status")["host"]["state"] != "connected");
    double later = 0.0;
    for (const Json& strip : s.rpc().call("strips")["strips"])
        for (const Json& reading : strip["readings"])
            later = std::max(later, reading["age_ms"].get<double>());
    CHECK(later > 1000.0);
    CHECK(s.rpc().set("Bass", "fader", "-3dB")["outcome"] == "refused");

    auto watch = std::async(std::launch::async, when_it_answers, s.ardour.port());
    auto start = std::async(std::launch::async, [&] { s.ardour.start_again(); });
    const bool read = s.rpc().wait_snapshot(Seconds(60), all_known);
    const auto read_at = SteadyClock::now();
    start.get();
    REQUIRE(read);
    const double after = seconds_between(watch.get(), read_at);
    figure("Ardour killed: told after " + text_of(lost_after, 2) + " s (bar 3 s); back: all read "
           + text_of(after, 2) + " s after it answers (bar 3 s)");
    CHECK(after < 3.0);
    CHECK(joined(differences(s.rpc().call("strips", {{"parameters", true}})["strips"], file))
          == "");

    // the saved move is still in Ardour, the lost one is not
    const Json undone = s.rpc().await(s.rpc().send("undo", {{"move", saved["id"]}}));
    INFO(undone.dump());
    ArdourWitness again(s.ardour.port());
    if (undone.contains("error")) {
        CHECK_FALSE(undone["error"]["message"].get<std::string>().empty());
        CHECK(again.by_name().at("Bass").gain.value() == Approx(-8.0).margin(0.01));
    } else {
        CHECK(undone["result"]["moves"][0]["outcome"] == "confirmed");
        CHECK(again.by_name().at("Bass").gain.value() == Approx(-5.3).margin(0.01));
    }
    CHECK(s.rpc().set("Vox", "fader", "-4dB")["outcome"] == "confirmed");
    CHECK(again.by_name().at("Vox").gain.value() == Approx(-4.0).margin(0.01));
}
