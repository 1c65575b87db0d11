// What the daemon reads of a real Ardour, against the session file.
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

/// Every control of every strip to a value of its own, as somebody at the mixer would.
void move_everything(const ArdourWitness& witness, const std::map<int, WitnessedStrip>& strips) {
    for (const auto& [ssid, strip] : strips) {
        if (strip.type == "MA" || strip.type == "V")
            continue; // the hand's surface does not list the master
        const auto n = static_cast<float>(ssid);
        witness.hand("/strip/gain", {std::int32_t{ssid}, -20.0F + n * 1.37F});
        witness.hand("/strip/trimdB", {std::int32_t{ssid}, n * 0.7F - 5.0F});
        witness.hand("/strip/pan_stereo_position", {std::int32_t{ssid}, n / 20.0F});
        witness.hand("/strip/mute", {std::int32_t{ssid}, std::int32_t{ssid % 3 == 0}});
    }
    witness.hand("/strip/solo", {std::int32_t{4}, std::int32_t{1}});
    witness.hand("/strip/send/gain", {std::int32_t{8}, std::int32_t{1}, -21.25F});
    witness.hand("/strip/send/enable", {std::int32_t{2}, std::int32_t{1}, 0.0F});
    witness.hand("/strip/plugin/parameter",
                 {std::int32_t{1}, std::int32_t{1}, std::int32_t{5}, -31.7F});
    witness.hand("/strip/plugin/parameter",
                 {std::int32_t{8}, std::int32_t{1}, std::int32_t{4}, 2.6F});
    witness.hand("/strip/plugin/deactivate", {std::int32_t{8}, std::int32_t{2}});
}

} // namespace

TEST_CASE("every strip and parameter reads as the session file holds it") {
    const auto file = read_session_file(studio().ardour.session_file());
    REQUIRE(file.size() == 15);
    const Json told = studio().prefaded.prefade_json({"strips", "--parameters"});
    CHECK(joined(differences(told["strips"], file)) == "");
}

TEST_CASE("the parameters of one strip read as the session file holds them") {
    const auto file = read_session_file(studio().ardour.session_file());
    for (const FileStrip& strip : file) {
        const Json told = studio().prefaded.prefade_json({"parameters", strip.name});
        REQUIRE(told["inserts"].size() == strip.plugins.size());
        for (std::size_t i = 0; i < strip.plugins.size(); ++i)
            for (const Json& parameter : told["inserts"][i]["parameters"]) {
                if (parameter["output"]) continue;
                INFO(strip.name << ' ' << strip.plugins[i].name << ' ' << parameter.dump());
                CHECK(parameter["value"].get<float>()
                      == static_cast<float>(strip.plugins[i].parameters.at(parameter["name"])));
                CHECK(parameter["age_ms"].get<double>() < 5000.0);
            }
    }
}

TEST_CASE("a fader whose lane plays is told with its automation, as Ardour reports it") {
    const Json keys = studio().strip("Keys");
    CHECK(keys["automation"] == "read");
    CHECK(keys["fader_db"].get<double>() == Approx(studio().reported_fader("Keys")).margin(0.01));
    CHECK(studio().strip("Bass")["automation"] == "off");
}

TEST_CASE("what hands change in Ardour reads as the file saved afterwards holds it") {
    Studio& s = studio();
    move_everything(s.witness, s.witness.strips());
    REQUIRE(s.witness.wait_for(
        Seconds(5), [&] { return s.witness.strip(13).gain && *s.witness.strip(13).gain > -3.0; }));
    s.ardour.save();
    const auto file = read_session_file(s.ardour.session_file());
    std::string found;
    CHECK(eventually(Seconds(10), [&] {
        for (const FileStrip& strip : file)
            s.rpc().call("parameters", {{"strip", strip.name}}); // read anew
        found = joined(differences(s.rpc().call("strips", {{"parameters", true}})["strips"], file));
        return found.empty();
    }));
    CHECK(found == "");
}

TEST_CASE("a track that is renamed keeps its id and is told by its new name") {
    Studio& s = studio();
    const Json before = s.strip("Bass");
    s.witness.hand("/strip/name", {std::int32_t{4}, std::string("Bass DI / ü")});
    CHECK(s.rpc().wait_snapshot(Seconds(5), [&](const Json& snapshot) {
        for (const Json& strip : snapshot["strips"])
            if (strip["id"] == before["id"]) return strip["name"] == "Bass DI / ü";
        return false;
    }));
    s.witness.hand("/strip/name", {std::int32_t{4}, std::string("Bass")});
    CHECK(s.rpc().wait_snapshot(Seconds(5), [&](const Json& snapshot) {
        for (const Json& strip : snapshot["strips"])
            if (strip["id"] == before["id"]) return strip["name"] == "Bass";
        return false;
    }));
}
