// The demo as a user meets it: `prefaded --demo` as a process of its own, its socket, and the command line beside it.
#include "tests/support/figures.h"
#include "tests/support/own_folder.h"
#include "tests/support/prefaded_rig.h"

#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

#include <csignal>
#include <filesystem>

using namespace prefade;
using Catch::Matchers::Contains;
using test::OwnFolder;
using test::PrefadedRig;
using test::Seconds;
namespace fs = std::filesystem;

namespace {

/// The music is made once for all cases here, by whichever comes first.
struct Kept {
    OwnFolder folder;
    PrefadedRig rig(const std::string& host = "demo", std::vector<std::string> more = {}) {
        return PrefadedRig({folder.path(), host, std::move(more), ""});
    }
};
Kept& kept() {
    static Kept one;
    return one;
}

/// Its id while it fires; 0 while it does not.
std::uint64_t firing(const Json& snapshot, const std::string& rule) {
    for (const Json& advice : snapshot["advice"])
        if (advice["rule"] == rule) return advice["id"].get<std::uint64_t>();
    return 0;
}

} // namespace

TEST_CASE("the music is made in time, once, and the daemon answers meanwhile") {
    const fs::path cache = kept().folder.path() / "cache" / "prefade";
    REQUIRE_FALSE(fs::exists(cache));
    const TimePoint start = Clock::now();
    {
        auto rig = kept().rig(); // it answers at once and is connected when the music is there
        const double took = std::chrono::duration<double>(Clock::now() - start).count();
        CHECK(took < 20.0);
        char text[120];
        std::snprintf(text, sizeof text,
                      "first start of the demo, its music made: %.1f s (bar 20 s)", took);
        test::figure(text);
        CHECK_THAT(rig.log(), Contains("music is being made, once: 100 %"));
    }
    const TimePoint again = Clock::now();
    auto rig = kept().rig();
    const double took = std::chrono::duration<double>(Clock::now() - again).count();
    CHECK(took < 10.0);
    const std::string log = rig.log(); // of both starts
    CHECK_THAT(log.substr(log.rfind("listens at")), !Contains("music is being made"));
    CHECK(std::distance(fs::directory_iterator(cache), fs::directory_iterator()) == 1);
}

TEST_CASE("an advice on the demo is applied, confirmed, heard and undone") {
    auto rig = kept().rig();
    std::uint64_t id = 0;
    REQUIRE(rig.rpc().wait_snapshot(
        Seconds(20), [&](const Json& s) { return (id = firing(s, "clipping-strip")) != 0; }));
    const Json before = test::find_by(rig.rpc().call("strips")["strips"], "name", "Keys");
    const Json applied = rig.rpc().call("apply", {{"advice", id}})["moves"].at(0);
    CHECK(applied["outcome"] == "confirmed");
    const Json after = test::find_by(rig.rpc().call("strips")["strips"], "name", "Keys");
    CHECK(after["fader_db"].get<double>() < before["fader_db"].get<double>() - 3.0);
    // The sound follows: the advice resolves by its own meter.
    CHECK(rig.rpc().wait_snapshot(Seconds(20),
                                  [](const Json& s) { return firing(s, "clipping-strip") == 0; }));
    const Json undone = rig.rpc().undo(applied["id"].get<std::uint64_t>());
    CHECK(undone["outcome"] == "confirmed");
    const Json back = test::find_by(rig.rpc().call("strips")["strips"], "name", "Keys");
    CHECK(back["fader_db"] == before["fader_db"]);
    CHECK(rig.rpc().wait_snapshot(Seconds(20),
                                  [](const Json& s) { return firing(s, "clipping-strip") != 0; }));
}

TEST_CASE("every kind of control of the demo is moved from the command line") {
    auto rig = kept().rig("demo=none");
    for (const auto& [control, value] :
         std::vector<std::pair<std::string, std::string>>{{"fader", "-9.5dB"},
                                                          {"trim", "-2dB"},
                                                          {"pan", "L30"},
                                                          {"mute", "on"},
                                                          {"solo", "on"},
                                                          {"EQ/High Mid Gain", "4.5"},
                                                          {"send/Echo", "-20dB"}}) {
        INFO(control);
        const auto ran = rig.prefade({"set", "Lead Vox", control, value});
        INFO(ran.out << ran.err);
        CHECK(ran.status == 0);
        CHECK_THAT(ran.out, Contains("confirmed"));
    }
    CHECK(rig.prefade({"undo", "--all"}).status == 0);
}

TEST_CASE("status, coach and doctor call the demo what it is") {
    auto rig = kept().rig();
    CHECK_THAT(rig.prefade({"status"}).out, Contains("DEMO") && Contains("Night Bus"));
    CHECK_THAT(rig.prefade({"coach", "--for", "1s"}).out,
               Contains("DEMO") && Contains("no DAW of yours"));
    CHECK_THAT(rig.prefade({"doctor"}).out, Contains("DEMO") && Contains("sound of the demo"));
    const Json status = rig.prefade_json({"status"});
    CHECK(status["host"]["demo"] == true);
    CHECK(status["host"]["name"] == "demo");
}

TEST_CASE("the transport of the demo stands still and plays on") {
    auto rig = kept().rig();
    REQUIRE(rig.rpc().wait_snapshot(
        Seconds(10), [](const Json& s) { return s["transport"]["rolling"] == true; }));
    CHECK(rig.prefade({"transport", "stop"}).status == 0);
    REQUIRE(rig.rpc().wait_snapshot(
        Seconds(10), [](const Json& s) { return s["transport"]["rolling"] == false; }));
    CHECK(rig.prefade({"transport", "play"}).status == 0);
    CHECK(rig.rpc().wait_snapshot(Seconds(10),
                                  [](const Json& s) { return s["transport"]["rolling"] == true; }));
}

TEST_CASE("--demo takes faults by name, and refuses what it does not know") {
    const auto start = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), test::program("prefaded").string());
        arguments.insert(arguments.end(),
                         {"--socket", (kept().folder.path() / "other.sock").string()});
        return test::run(arguments, {{"HOME", kept().folder.path().string()}}, Seconds(30));
    };
    const auto unknown = start({"--demo=loud-drums"});
    CHECK(unknown.status == 1);
    CHECK_THAT(unknown.err, Contains("no fault \"loud-drums\"") && Contains("quiet-vocal"));
    CHECK(start({"--demo", "--host", "ardour"}).status == 2);
    CHECK(start({"--play"}).status == 2);
}

TEST_CASE("where there is no sound device the demo that should be heard goes on in silence") {
    auto rig = kept().rig("demo=none", {"--play"});
    CHECK(rig.rpc().wait_snapshot(Seconds(10), [](const Json& s) {
        return s["transport"]["rolling"] == true && s["transport"]["seconds"].get<double>() > 1.0;
    }));
    CHECK(rig.process().running());
}
