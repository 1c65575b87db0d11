// Ardour dies in the middle of a move and comes back.
#include "tests/e2e/studio.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"

#include <nlohmann/json.hpp>

#include <csignal>
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

bool all_known(const Json& snapshot) {
    if (snapshot["host"]["state"] != "connected" || snapshot["strips"].size() != 15) return false;
    for (const Json& strip : snapshot["strips"])
        if (strip["fader_db"].is_null()) return false;
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
    REQUIRE(s.rpc().wait_snapshot(Seconds(10), [&](const Json& snapshot) {
        return snapshot["host"]["state"] != "connected";
    }));
    const double lost_after = seconds_between(killed, SteadyClock::now());
    const Json move = s.rpc().await(request)["result"]["moves"][0];
    INFO(move.dump());
    CHECK(move["outcome"] == "unconfirmed");
    CHECK_FALSE(move["reason"].get<std::string>().empty());
    CHECK(lost_after < 3.0);
    CHECK(s.rpc().call("status")["host"]["state"] != "connected");
    const double stale = youngest_meter_ms(s.rpc().call("strips"));
    CHECK(stale > 1000.0); // and there is one
    CHECK(stale < 1e6);
    CHECK(s.rpc().set("Bass", "fader", "-3dB")["outcome"] == "refused");

    auto start = std::async(std::launch::async, [&] { s.ardour.start_again(); });
    const bool read = s.rpc().wait_snapshot(Seconds(60), all_known);
    const auto read_at = std::chrono::system_clock::now();
    start.get();
    REQUIRE(read);
    const double after = Seconds(read_at - s.ardour.answered_at()).count();
    figure("Ardour killed: told after " + text_of(lost_after, 2) + " s (bar 3 s); back: all read "
           + text_of(after, 2) + " s after it answers (bar 3 s)");
    CHECK(after < 3.0);
    std::string found;
    CHECK(eventually(Seconds(20), [&] {
        found = joined(differences(s.rpc().call("strips", {{"parameters", true}})["strips"], file));
        return found.empty();
    }));
    CHECK(found == "");

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

    // as in port mode Manual, and after a start during which it was asked: it answers to port 8000
    again.hand("/set_surface/port", {std::int32_t{8000}});
    CHECK(s.rpc().wait_snapshot(Seconds(10), [](const Json& snapshot) {
        return snapshot["host"]["state"] != "connected";
    }));
    CHECK(s.rpc().wait_snapshot(Seconds(10), all_known));
}

TEST_CASE("a daemon killed during a glide lists the move as unknown and never repeats it") {
    ArdourRig ardour;
    ArdourWitness witness(ardour.port());
    const PrefadedRig::Setup setup{ardour.folder() / "prefade", ardour.address(), {}, {}};
    const int guitar = witness.ssid("Guitar L");
    Json earlier;
    {
        PrefadedRig prefaded(setup);
        earlier = prefaded.rpc().set("Bass", "fader", "-9dB");
        REQUIRE(earlier["outcome"] == "confirmed");
        prefaded.rpc().send(
            "set",
            {{"strip", "Guitar L"}, {"control", "fader"}, {"value", "-20dB"}, {"glide", "2s"}});
        REQUIRE(witness.wait_for(Seconds(5), [&] { return witness.strip(guitar).gain < -10.0; }));
        prefaded.process().signal(SIGKILL);
        REQUIRE(prefaded.process().wait(Seconds(5)) == 128 + SIGKILL);
    }
    const double left = witness.by_name().at("Guitar L").gain.value();
    CHECK(left < -10.0);
    CHECK(left > -20.0);
    witness.forget();

    PrefadedRig again(setup);
    const Json journal = again.rpc().call("journal")["moves"];
    REQUIRE(journal.size() == 2);
    INFO(journal.dump());
    CHECK(journal[0]["outcome"] == "confirmed");
    CHECK(journal[1]["strip"] == "Guitar L");
    CHECK(journal[1]["outcome"] == "unknown");
    CHECK(journal[1]["stage"] == "done");
    CHECK(journal[1]["before"]["db"] == Approx(-8.4).margin(0.001));
    CHECK(journal[1]["target"]["db"] == -20.0);
    CHECK_FALSE(journal[1]["reason"].get<std::string>().empty());
    CHECK(again.rpc().call("moves")["moves"].empty());
    CHECK_FALSE(witness.wait_for(Seconds(4),
                                 [&] { return !witness.heard("/strip/gain", guitar).empty(); }));
    CHECK(witness.by_name().at("Guitar L").gain.value() == left);
    // the numbers go on, and what the run before confirmed can be undone
    const Json next = again.rpc().set("Vox", "fader", "-6dB");
    CHECK(next["outcome"] == "confirmed");
    CHECK(next["id"].get<int>() > journal[1]["id"].get<int>());
    CHECK(again.rpc().undo(earlier["id"].get<std::uint64_t>())["outcome"] == "confirmed");
    CHECK(witness.by_name().at("Bass").gain.value() == Approx(-5.3).margin(0.01));
}
