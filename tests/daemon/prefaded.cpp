// The program itself, as a process of its own at a simulated Ardour: two of it, its end, and its murder.
#include "tests/support/ardour_server.h"
#include "tests/support/figures.h"
#include "tests/support/own_folder.h"
#include "tests/support/prefaded_rig.h"
#include "tests/support/sim_desk.h"

#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <random>
#include <set>

#include <sys/mount.h>

using namespace prefade;
using Catch::Matchers::Contains;
using test::ArdourServer;
using test::OwnFolder;
using test::PrefadedRig;
using test::Seconds;
namespace fs = std::filesystem;

namespace {

test::Ran second_daemon(const PrefadedRig& first, const std::string& socket) {
    return test::run(
        {test::program("prefaded").string(), "--host", "ardour=127.0.0.1:9", "--socket", socket},
        first.environment(), Seconds(30));
}

/// The sets of faders that arrived: strip number and dB.
std::set<std::pair<int, int>> faders_set(ArdourServer& ardour) {
    std::set<std::pair<int, int>> sets;
    for (const OscMessage& message : ardour.take_heard()) {
        REQUIRE(message.address == "/strip/gain");
        sets.emplace(std::get<std::int32_t>(message.arguments.at(0)),
                     static_cast<int>(std::lround(std::get<float>(message.arguments.at(1)) * 10)));
    }
    return sets;
}

} // namespace

TEST_CASE("a second daemon on the same socket or the same journal ends with a clear line") {
    const OwnFolder folder;
    ArdourServer ardour(test::fill);
    PrefadedRig first({folder.path(), ardour.host(), {}, ""});
    const auto same_socket = second_daemon(first, first.socket().string());
    CHECK(same_socket.status == 1);
    CHECK_THAT(same_socket.err, Contains("another daemon is already running on")
                                    && Contains("pid " + std::to_string(first.process().pid())));
    const auto same_journal = second_daemon(first, (folder.path() / "other.sock").string());
    CHECK(same_journal.status == 1);
    CHECK_THAT(same_journal.err,
               Contains("journal.sqlite: the journal is in use by another daemon"));
    CHECK(std::count(same_journal.err.begin(), same_journal.err.end(), '\n') == 1);
    CHECK_FALSE(fs::exists(folder.path() / "other.sock"));
    CHECK(first.rpc().set("Vox", "fader", "-5")["outcome"] == "confirmed");
    CHECK(first.process().running());
}

TEST_CASE("SIGTERM ends the daemon soon, whatever it is at") {
    const OwnFolder folder;
    ArdourServer ardour(test::fill);
    PrefadedRig rig({folder.path(), ardour.host(), {}, ""});
    SECTION("nothing") {}
    SECTION("a glide") {
        rig.rpc().send(
            "set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-40"}, {"glide", "50s"}});
        REQUIRE(rig.rpc().wait_snapshot(Seconds(20), [](const Json& s) {
            return !s["moves"].empty() && s["moves"].back()["stage"] == "sent";
        }));
    }
    SECTION("many calls") {
        for (int i = 0; i < 200; ++i) rig.rpc().send("strips", {{"parameters", true}});
    }
    SECTION("a host that does not answer any more") {
        ardour.with([](test::ArdourSim& sim) { sim.kill(); });
        rig.rpc().send("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-9"}});
    }
    SECTION("a host that floods it") {
        for (int i = 0; i < 50; ++i)
            ardour.with([](test::ArdourSim& sim) {
                for (int k = 0; k < 100; ++k)
                    sim.set_pan("Vox", 0.1F + 0.001F * static_cast<float>(k));
            });
    }
    SECTION("twice") { rig.process().signal(SIGTERM); }
    rig.process().signal(SIGTERM);
    CHECK(rig.process().wait(Seconds(20)) == 0);
    CHECK_FALSE(fs::exists(rig.socket()));
    ardour.with([](test::ArdourSim& sim) { sim.restart(); });
    const auto after = ardour.received();
    PrefadedRig again({folder.path(), ardour.host(), {}, ""});
    for (const Json& move : again.rpc().call("journal", {{"all", true}})["moves"])
        CHECK(move["outcome"] != "unknown"); // it ended in order
    CHECK(ardour.received() > after);
}

TEST_CASE("SIGTERM ends a daemon that has no host yet") {
    const OwnFolder folder;
    fs::create_directories(folder.path() / "data");
    test::Process process(
        {test::program("prefaded").string(), "--socket", (folder.path() / "s").string()},
        folder.path() / "log",
        {{"HOME", folder.path()},
         {"XDG_CONFIG_HOME", folder.path() / "c"},
         {"XDG_STATE_HOME", folder.path() / "st"}});
    REQUIRE(test::eventually(Seconds(20), [&] { return fs::exists(folder.path() / "s"); }));
    process.signal(SIGTERM);
    CHECK(process.wait(Seconds(20)) == 0);
}

TEST_CASE("the daemon survives kill -9 at fifty points between its datagrams") {
    const OwnFolder folder;
    ArdourServer ardour(test::fill);
    std::mt19937 random(20260131);
    const char* strips[] = {"Kick", "Bass", "Vox", "Reverb"}; // numbers 1 to 4
    std::set<std::pair<int, int>> heard; ///< strip and tenths of a dB, over all runs
    std::string points;
    std::uint64_t highest = 0;
    std::size_t unknown = 0, moves = 0;
    int target = -100;
    for (int point = 0; point <= 50; ++point) {
        PrefadedRig rig({folder.path(), ardour.host(), {}, ""});
        CHECK(faders_set(ardour).empty()); // nothing is sent that nobody asked for
        const Json journal = rig.rpc().call("journal", {{"all", true}, {"limit", 1000}})["moves"];
        std::set<std::pair<int, int>> recorded;
        std::set<std::uint64_t> ids;
        unknown = 0;
        moves = journal.size();
        for (const Json& move : journal) {
            const int strip = static_cast<int>(
                std::find(std::begin(strips), std::end(strips), move["strip"]) - strips);
            INFO(move.dump());
            CHECK(move["stage"] == "done");
            CHECK(ids.insert(move["id"].get<std::uint64_t>()).second);
            const std::pair key{
                strip + 1, static_cast<int>(std::lround(move["target"]["db"].get<double>() * 10))};
            CHECK(recorded.insert(key).second); // each was asked for once
            if (move["outcome"] == "confirmed") CHECK(heard.contains(key));
            if (move["outcome"] == "refused") CHECK_FALSE(heard.contains(key));
            unknown += move["outcome"] == "unknown" ? 1 : 0;
        }
        for (const auto& key : heard) CHECK(recorded.contains(key)); // no intent is lost
        if (point == 50) break;
        // early: proofs and writes; late: some moves have their outcome
        const auto at =
            std::uniform_int_distribution<std::uint64_t>(1, point % 3 ? 40 : 160)(random);
        points += (point ? ", " : "") + std::to_string(at);
        ardour.after(at, [pid = rig.process().pid()] { ::kill(pid, SIGKILL); });
        for (const char* strip : strips) {
            const Json move = {
                {"strip", strip}, {"control", "fader"}, {"value", std::to_string(--target / 10.0)}};
            try {
                rig.rpc().send("set", move);
            } catch (const std::runtime_error&) { // it was killed before it heard this
                REQUIRE(rig.process().wait(Seconds(30)) == 128 + SIGKILL);
            }
        }
        INFO("killed at " << points);
        REQUIRE(rig.process().wait(Seconds(30)) == 128 + SIGKILL);
        heard.merge(faders_set(ardour));
        highest = ids.empty() ? highest : std::max(highest, *ids.rbegin());
    }
    CHECK(heard.size() > 50);
    CHECK(unknown > 25);
    CHECK(moves > unknown); // some had their outcome in time
    test::figure("kill -9 of prefaded at 50 datagrams to its host (" + points
                 + "): " + std::to_string(moves) + " moves recorded, "
                 + std::to_string(heard.size()) + " heard by the host, 0 lost, 0 repeated, "
                 + std::to_string(unknown) + " listed as unknown");
}

TEST_CASE("on a file system without room no move is made, and the daemon goes on") {
    const OwnFolder folder;
    const fs::path small = folder.path() / "small";
    fs::create_directories(small);
    if (::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=400k") != 0) {
        WARN("skipped: a small file system can be mounted by root only");
        return;
    }
    {
        ArdourServer ardour(test::fill);
        std::ofstream(folder.path() / "prefade.toml")
            << "journal = \"" << (small / "journal.sqlite").string() << "\"\n";
        PrefadedRig rig({folder.path(),
                         ardour.host(),
                         {"--config", (folder.path() / "prefade.toml").string()},
                         ""});
        CHECK(rig.rpc().set("Vox", "fader", "-5")["outcome"] == "confirmed");
        std::ofstream filler(small / "filler");
        while (filler << 'x' << std::flush) {
        }
        ardour.take_heard();
        Json refused;
        for (int i = 0; i < 400 && (refused.is_null() || refused["outcome"] != "refused"); ++i)
            refused = rig.rpc().set("Kick", "fader", i % 2 ? "-6" : "-7");
        INFO(refused.dump());
        REQUIRE(refused["outcome"] == "refused");
        CHECK_THAT(refused["reason"].get<std::string>(), Contains("the disk is full"));
        CHECK(rig.rpc().call("status")["host"]["state"] == "connected");
        filler.close();
        fs::remove(small / "filler");
        const Json moved = rig.rpc().set("Bass", "fader", "-8");
        INFO(moved.dump());
        CHECK(moved["outcome"] == "confirmed");
    }
    CHECK(::umount(small.c_str()) == 0);
}
