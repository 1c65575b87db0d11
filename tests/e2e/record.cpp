// Records tests/transcripts/ardour-7.3.jsonl: what a real Ardour says to a daemon that connects, while hands
// work, while it plays, and when it is killed and starts again. No test and no entry of CTest; how to use it
// is in tests/transcripts/README.md.
#include "tests/support/ardour_rig.h"
#include "tests/support/catch.h"
#include "tests/support/osc_peer.h"
#include "tests/support/prefaded_rig.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>

using namespace prefade;
using namespace prefade::test;

namespace {

/// A daemon that nobody asks anything: a look at parameters would change what it asks the host.
struct Recorder {
    std::filesystem::path file, socket;
    Process process;
    std::unique_ptr<RpcClient> rpc;

    Recorder(const std::filesystem::path& folder, const std::string& host)
        : file(folder / "recorded.jsonl"),
          socket(folder / "prefade.sock"),
          process({program("prefaded").string(), "--host", host, "--socket", socket.string(),
                   "--record", file.string()},
                  folder / "prefaded.log",
                  {{"HOME", folder.string()},
                   {"XDG_CONFIG_HOME", (folder / "config").string()},
                   {"XDG_STATE_HOME", (folder / "state").string()}}) {
        REQUIRE(eventually(Seconds(10), [&] {
            return bool(LineClient::connect(socket, std::chrono::seconds(1)));
        }));
        rpc = std::make_unique<RpcClient>(socket);
    }
    bool told(const std::function<bool(const Json&)>& holds) {
        return rpc->wait_snapshot(Seconds(60), holds);
    }
    bool shows(const std::string& strip, const char* key, double value) {
        return told([&](const Json& snapshot) {
            for (const Json& s : snapshot["strips"])
                if (s["name"] == strip && s[key].is_number())
                    return std::abs(s[key].get<double>() - value) < 0.01;
            return false;
        });
    }
    bool names(const std::string& strip) {
        return told([&](const Json& snapshot) {
            for (const Json& s : snapshot["strips"])
                if (s["name"] == strip) return true;
            return false;
        });
    }
    std::size_t recorded(const std::string& what) const {
        const std::string text = text_of_file(file);
        std::size_t count = 0;
        for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
            ++count;
        return count;
    }
    /// The session's nine plugins are all read, `times` times.
    bool all_read(std::size_t times) const {
        return eventually(Seconds(60), [&] { return recorded("descriptor_end\"") >= 9 * times; });
    }
};

void work(Recorder& recorder, std::uint16_t port) {
    ArdourWitness hands(port);
    const auto vox = static_cast<std::int32_t>(hands.ssid("Vox"));
    const auto bass = static_cast<std::int32_t>(hands.ssid("Bass"));
    hands.hand("/strip/gain", {vox, -7.5F});
    REQUIRE(recorder.shows("Vox", "fader_db", -7.5));
    hands.hand("/strip/pan_stereo_position", {bass, 0.25F});
    REQUIRE(recorder.shows("Bass", "pan", 0.5));
    hands.hand("/strip/mute", {bass, 1.0F});
    hands.hand("/strip/name", {bass, std::string("Bass DI")});
    REQUIRE(recorder.names("Bass DI"));
    hands.play();
    REQUIRE(recorder.told([](const Json& snapshot) {
        for (const Json& s : snapshot["strips"])
            for (const Json& r : s["readings"])
                if (s["name"] == "Kick" && r["value"].is_number() && r["age_ms"] < 300.0)
                    return true;
        return false;
    }));
}

} // namespace

TEST_CASE("a transcript of a real Ardour is recorded", "[.][record]") {
    const char* to = std::getenv("PREFADE_RECORD");
    REQUIRE(to != nullptr);
    ArdourRig ardour;
    std::filesystem::path file;
    {
        Recorder recorder(ardour.folder(), ardour.address());
        REQUIRE(recorder.all_read(1));
        work(recorder, ardour.port());
        ardour.crash();
        REQUIRE(recorder.told(
            [](const Json& snapshot) { return snapshot["host"]["state"] == "lost"; }));
        ardour.start_again();
        REQUIRE(recorder.names("Bass")); // of the last save
        REQUIRE(recorder.shows("Vox", "fader_db", -2.6));
        REQUIRE(recorder.all_read(2));
        file = recorder.file;
    }
    using std::filesystem::perms;
    std::filesystem::copy_file(file, to, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::permissions(to, perms::owner_read | perms::owner_write | perms::group_read
                                         | perms::others_read);
    WARN(std::filesystem::file_size(to) << " bytes recorded");
}
