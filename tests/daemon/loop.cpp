// The daemon's own loop with real threads, sockets and files, at a simulated Ardour and on a disk that fails.
#include "tests/support/loop_rig.h"

#include <nlohmann/json.hpp>

using namespace prefade;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::FailingDisk;
using test::LoopRig;
using test::Seconds;

namespace {

const Json vox_down{{"strip", "Vox"}, {"control", "fader"}, {"value", "-5"}};

double fader(const Json& snapshot, const char* strip) {
    const Json& level = test::find_by(snapshot["strips"], "name", strip)["fader_db"];
    return level.is_null() ? 99.0 : test::level_of(level);
}

/// So many different meter values go from the host to a client, one after the other.
int meters_seen(LoopRig& rig, int wanted) {
    int seen = 0;
    for (; seen < wanted; ++seen) {
        const float level = -20.0F - static_cast<float>(seen);
        rig.ardour.with([&](test::ArdourSim& sim) { sim.set_meter("Kick", level); });
        const bool arrived = rig.client->wait_snapshot(Seconds(20), [&](const Json& s) {
            const Json& meters = test::find_by(s["strips"], "name", "Kick")["readings"];
            return !meters.empty() && meters[0]["value"].is_number()
                   && std::abs(meters[0]["value"].get<double>() - static_cast<double>(level)) < 0.1;
        });
        if (!arrived) return seen;
    }
    return seen;
}

} // namespace

TEST_CASE("on a stalled disk nothing moves, everything else goes on, and a late commit is closed") {
    LoopRig rig;
    rig.connect();
    rig.ardour.take_heard();
    rig.disk.set(FailingDisk::Mode::stalled);
    const auto request = rig.client->send("set", vox_down);
    REQUIRE(rig.disk.wait_stalled(20s));
    CHECK(meters_seen(rig, 20) == 20);
    const Json answer = rig.client->await(request);
    INFO(answer.dump());
    const Json& move = answer["result"]["moves"][0];
    CHECK(move["outcome"] == "refused");
    CHECK_THAT(move["reason"].get<std::string>(), Contains("did not answer within a second"));
    CHECK(rig.client->call("status")["host"]["state"] == "connected");
    CHECK(meters_seen(rig, 5) == 5);
    rig.disk.set(FailingDisk::Mode::healthy);
    const Json after = rig.client->set("Vox", "fader", "-7");
    CHECK(after["outcome"] == "confirmed"); // behind the late commit
    for (const OscMessage& set : rig.ardour.take_heard())
        CHECK(std::get<float>(set.arguments.at(1)) != Approx(-5.0F));
    rig.end();
    const auto records = rig.recorded();
    REQUIRE(records.size() == 2);
    CHECK(records[0].outcome->kind == Outcome::Kind::refused);
    CHECK(records[1].outcome->kind == Outcome::Kind::confirmed);
}

TEST_CASE(
    "on a full disk a move is refused with the reason; when there is room again all is as before") {
    LoopRig rig;
    rig.connect();
    rig.ardour.take_heard();
    rig.disk.set(FailingDisk::Mode::full);
    for (int i = 0; i < 3; ++i) {
        const Json move = rig.client->set("Vox", "fader", "-5");
        CHECK(move["outcome"] == "refused");
        CHECK_THAT(move["reason"].get<std::string>(), Contains("the disk is full"));
    }
    CHECK(rig.ardour.take_heard().empty());
    CHECK(rig.client->wait_snapshot(Seconds(20), [](const Json& s) {
        return s["last_error"].get<std::string>().find("the disk is full") != std::string::npos;
    }));
    CHECK(meters_seen(rig, 5) == 5);
    rig.disk.set(FailingDisk::Mode::healthy);
    CHECK(rig.client->set("Vox", "fader", "-5")["outcome"] == "confirmed");
    rig.end();
    const auto records = rig.recorded();
    REQUIRE(records.size() == 4);
    for (std::size_t i = 0; i < 3; ++i) CHECK(records[i].outcome->kind == Outcome::Kind::refused);
    CHECK(records[3].outcome->kind == Outcome::Kind::confirmed);
}

TEST_CASE("an outcome that finds no room is written when there is some") {
    LoopRig rig;
    rig.connect();
    const auto request = rig.client->send("set", vox_down);
    REQUIRE(rig.client->wait_snapshot(Seconds(20), [](const Json& s) {
        return !s["moves"].empty() && s["moves"].back()["stage"] != "journalling";
    }));
    rig.disk.set(FailingDisk::Mode::full);
    CHECK(rig.client->await(request)["result"]["moves"][0]["outcome"] == "confirmed");
    REQUIRE(rig.client->wait_snapshot(Seconds(20), [](const Json& s) {
        return s["last_error"].get<std::string>().find("the disk is full") != std::string::npos;
    }));
    rig.disk.set(FailingDisk::Mode::healthy);
    rig.end();
    const auto records = rig.recorded();
    REQUIRE(records.size() == 1);
    CHECK(records[0].outcome->kind == Outcome::Kind::confirmed);
}

TEST_CASE("the end in the middle of a glide stops it, says so, and takes leave of the host") {
    LoopRig rig;
    rig.connect();
    Json slow = vox_down;
    slow["value"] = "-40";
    slow["glide"] = "50s";
    const auto request = rig.client->send("set", slow);
    REQUIRE(rig.client->wait_snapshot(Seconds(20),
                                      [](const Json& s) { return fader(s, "Vox") < -3.0; }));
    rig.stop = true;
    REQUIRE(rig.ran.wait_for(20s) == std::future_status::ready);
    CHECK(rig.ran.get());
    CHECK(rig.client->await(request)["result"]["moves"][0]["outcome"] == "unconfirmed");
    rig.end();
    CHECK(test::eventually(Seconds(20), [&] { // the host tells us nothing any more
        std::size_t told = 1;
        rig.ardour.with([&](test::ArdourSim& sim) {
            sim.take_sent();
            sim.set_gain("Kick", sim.strip("Kick").gain > 0.5F ? -20.0 : 0.0);
            told = sim.take_sent().size();
        });
        return told == 0;
    }));
    const auto records = rig.recorded();
    REQUIRE(records.size() == 1);
    CHECK(records[0].outcome->kind == Outcome::Kind::unconfirmed);
    CHECK_THAT(records[0].outcome->reason, Contains("stopped"));
}

TEST_CASE("the end comes though the disk is dead") {
    LoopRig rig;
    rig.connect();
    rig.ardour.take_heard();
    rig.disk.set(FailingDisk::Mode::stalled);
    const auto request = rig.client->send("set", vox_down);
    REQUIRE(rig.disk.wait_stalled(20s));
    rig.end(); // or this test ends by its time limit
    CHECK(rig.client->await(request)["result"]["moves"][0]["outcome"] == "refused");
    CHECK(rig.ardour.take_heard().empty());
    rig.disk.set(FailingDisk::Mode::healthy);
    for (const MoveRecord& r : rig.recorded()) CHECK(r.outcome->kind == Outcome::Kind::refused);
}

TEST_CASE("a host that cannot be opened ends the start, with the reason") {
    LoopRig rig;
    rig.start(GENERATE("ardour=10.0.0.1:3819", "ardour=:0", "audacity"));
    REQUIRE(rig.ran.wait_for(20s) == std::future_status::ready);
    const auto ran = rig.ran.get();
    REQUIRE_FALSE(ran);
    CHECK_FALSE(ran.error().message.empty());
}

TEST_CASE("a host that cannot be opened later leaves the one that is open") {
    LoopRig rig;
    rig.connect();
    rig.client->call("host", {{"host", "audacity"}});
    CHECK(rig.client->wait_snapshot(Seconds(20), [](const Json& s) {
        return s["last_error"].get<std::string>().find("cannot open audacity") != std::string::npos;
    }));
    CHECK(rig.client->set("Vox", "fader", "-5")["outcome"] == "confirmed");
}

TEST_CASE("the DAW that answers is opened by itself, and another one when it is named") {
    LoopRig rig;
    rig.start("");
    test::RpcClient client(rig.folder.path() / "s");
    REQUIRE(client.wait_snapshot(Seconds(30), [](const Json& s) {
        return s["host"]["state"] == "connected" && s["strips"].size() == 6;
    }));
    test::ArdourServer other([](test::ArdourSim& sim) {
        test::SimStrip strip;
        strip.name = "Other";
        sim.add(strip);
    });
    client.call("host", {{"host", other.host()}});
    // Whatever the first still says is not for the second.
    for (int i = 0; i < 200; ++i)
        rig.ardour.with([](test::ArdourSim& sim) { sim.rename("Kick", "Kick"); });
    REQUIRE(client.wait_snapshot(Seconds(30), [](const Json& s) {
        return s["host"]["state"] == "connected" && s["strips"].size() == 1
               && s["strips"][0]["name"] == "Other";
    }));
}

TEST_CASE("an inbox that ran over makes the host be asked for everything again") {
    LoopRig rig(500);
    rig.connect();
    // a change that nobody tells: only asking again brings it
    rig.ardour.with([](test::ArdourSim& sim) { sim.strip("Vox").gain = test::gain_of(-17.0); });
    std::uint64_t floods = 0;
    while (rig.inbox.dropped() == 0 && ++floods < 2000)
        rig.ardour.with([](test::ArdourSim& sim) {
            for (int i = 0; i < 200; ++i) sim.set_pan("Vox", 0.1F + 0.001F * static_cast<float>(i));
            for (int i = 0; i < 200; ++i) sim.set_pan("Vox", 0.4F + 0.001F * static_cast<float>(i));
        });
    REQUIRE(rig.inbox.dropped() > 0);
    CHECK(rig.client->wait_snapshot(
        Seconds(30), [](const Json& s) { return std::abs(fader(s, "Vox") + 17.0) < 0.05; }));
    CHECK(test::eventually(Seconds(20), [&] { // counted once a second
        return rig.client->call("status")["traffic"]["dropped"] > 0;
    }));
}

TEST_CASE("a question reaches the thread of the answers over the socket, and is refused where "
          "there is none") {
    LoopRig rig;
    rig.connect();
    const Json refused = rig.client->await(rig.client->send("ask", {{"question", "what is LRA"}}));
    CHECK_THAT(refused["error"]["message"].get<std::string>(), Contains("no knowledge"));
    rig.end();
}
