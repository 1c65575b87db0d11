// Pro Tools as a user meets it: prefaded as a process, called on by the command line, and the server beside both.
#include "core/json.h"
#include "tests/support/catch.h"
#include "tests/support/network.h"
#include "tests/support/own_folder.h"
#include "tests/support/process.h"
#include "tests/support/ptsl_server.h"

#include <nlohmann/json.hpp>

#include <csignal>
#include <filesystem>

using namespace prefade;
using namespace prefade::test;
using Catch::Matchers::Contains;

namespace {

/// `prefaded --host protools-sdk=PLACE` with folders of its own.
class Daemon {
public:
    explicit Daemon(std::uint16_t port)
        : process_({program("prefaded").string(), "--host",
                    "protools-sdk=127.0.0.1:" + std::to_string(port)},
                   folder_.path() / "log", environment()) {}

    Environment environment() const {
        std::filesystem::create_directories(folder_.path() / "runtime");
        std::filesystem::permissions(folder_.path() / "runtime", std::filesystem::perms::owner_all);
        const auto in = [&](const char* name) { return (folder_.path() / name).string(); };
        return {{"HOME", folder_.path().string()}, {"XDG_CONFIG_HOME", in("config")},
                {"XDG_STATE_HOME", in("state")},   {"XDG_RUNTIME_DIR", in("runtime")},
                {"XDG_DATA_HOME", in("data")},     {"XDG_CACHE_HOME", in("cache")},
                {"PREFADE_SOCKET", in("socket")},  {"LC_ALL", "C.UTF-8"}};
    }
    Ran prefade(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), program("prefade").string());
        return run(arguments, environment(), Seconds(60));
    }
    /// Nothing while it has no answer.
    Json strips() const {
        const Ran ran = prefade({"strips", "--json"});
        return ran.status == 0 ? Json::parse(ran.out)["strips"] : Json::array();
    }
    Process& process() { return process_; }

private:
    OwnFolder folder_;
    Process process_;
};

} // namespace

TEST_CASE("prefaded shows Pro Tools' strips, follows them, and moves the switches it can") {
    PtslServer server;
    server.set_tracks({{"{k}", "Kick In", "TType_Audio", true},
                       {"{v}", "Lead Vox — Dbl", 2},
                       {"{t}", "Tempo", "TType_Tempo"}});
    Daemon daemon(server.port());
    Json strips;
    REQUIRE(eventually(Seconds(30), [&] {
        strips = daemon.strips();
        return strips.size() == 2;
    }));
    CHECK(strips[0]["name"] == "Kick In");
    CHECK(strips[0]["mute"] == true);
    CHECK(strips[0]["fader_db"].is_null());
    CHECK(strips[1]["name"] == "Lead Vox — Dbl");
    CHECK(strips[1]["mute"] == false);
    CHECK_THAT(daemon.prefade({"status"}).out,
               Contains("protools-sdk") && Contains("Ballad") && Contains("2025.10"));

    server.mute_by_hand("{v}", true);
    CHECK(eventually(Seconds(10), [&] { return daemon.strips()[1]["mute"] == true; }));

    const Ran moved = daemon.prefade({"set", "Kick In", "mute", "off"});
    CHECK(moved.status == 0);
    CHECK_THAT(moved.out, Contains("confirmed"));
    CHECK_FALSE(server.tracks()[0].muted);
    CHECK(server.count(ptsl::Command::set_track_mute_state) == 1);
    const Ran undone = daemon.prefade({"undo"});
    CHECK(undone.status == 0);
    CHECK(server.tracks()[0].muted);
    const Ran fader = daemon.prefade({"set", "Kick In", "fader", "-6dB"});
    CHECK(fader.status != 0);
    CHECK_THAT(fader.out + fader.err, Contains("this host cannot"));

    for (const HeldSocket& each : sockets_of(daemon.process().pid())) {
        CAPTURE(each.text());
        CHECK(each.is_local());
    }
    server.die();
    CHECK(eventually(Seconds(20), [&] {
        return daemon.prefade({"status"}).out.find("lost") != std::string::npos;
    }));
    daemon.process().signal(SIGTERM);
    CHECK(daemon.process().wait(Seconds(10)) == 0);
}
