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
    const Json told = studio().rpc().call("strips", {{"parameters", true}});
    CHECK(joined(differences(told["strips"], file)) == "");
}

TEST_CASE("the parameters of one strip read as the session file holds them") {
    const auto file = read_session_file(studio().ardour.session_file());
    for (const FileStrip& strip : file) {
        const Json told = studio().rpc().call("parameters", {{"strip", strip.name}});
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
    REQUIRE(s.witness.wait_for(Seconds(5), [&] { // Ardour switches at its next period
        return s.witness.strip(13).gain > -3.0 && s.witness.strip(12).mute == true
               && s.witness.strip(4).solo == true;
    }));
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

TEST_CASE("a track that is hidden is still read, and is told as hidden until it is shown again") {
    Studio& s = studio();
    const Json before = s.strip("Shaker");
    const int shaker = s.witness.ssid("Shaker");
    REQUIRE(before["hidden"] == false);
    for (const bool hidden : {true, false}) {
        INFO("hidden: " << hidden);
        s.witness.hand("/strip/hide", {std::int32_t{shaker}, std::int32_t{hidden}});
        CHECK(s.rpc().wait_snapshot(Seconds(5), [&](const Json& snapshot) {
            const Json& strip = find_by(snapshot["strips"], "name", "Shaker");
            return snapshot["strips"].size() == 15 && strip.value("hidden", false) == hidden
                   && strip["id"] == before["id"];
        }));
        INFO("hidden: " << hidden << ", told: " << s.strip("Shaker").dump());
        const float level = hidden ? -13.5F : -7.7F;
        s.witness.hand("/strip/gain", {std::int32_t{shaker}, level});
        CHECK(s.rpc().wait_snapshot(Seconds(5), [&](const Json& snapshot) {
            return find_by(snapshot["strips"], "name", "Shaker")["fader_db"]
                   == Approx(static_cast<double>(level)).margin(0.01);
        }));
    }
}

TEST_CASE(
    "the transport is told as it rolls, moves and stands, and markers once they were passed") {
    Studio& s = studio();
    const auto transport = [&](const std::function<bool(const Json&)>& holds) {
        return s.rpc().wait_snapshot(
            Seconds(10), [&](const Json& snapshot) { return holds(snapshot["transport"]); });
    };
    const auto place = [&](int seconds) { // a locate can be dropped, see ArdourWitness
        return eventually(Seconds(10), [&] {
            s.witness.locate(seconds * 48'000);
            return s.rpc().wait_snapshot(Seconds(1), [&](const Json& snapshot) {
                const Json& t = snapshot["transport"];
                return t["rolling"] == false && t["seconds"] == Approx(seconds).margin(0.05);
            });
        });
    };
    CHECK(place(1)); // Verse stands at 2 s, Chorus at 15 s
    s.witness.play();
    CHECK(transport([](const Json& t) { return t["rolling"] == true && t["seconds"] > 2.5; }));
    s.witness.stop();
    CHECK(transport([](const Json& t) { return t["rolling"] == false; }));
    CHECK(place(15));
    CHECK(s.rpc().wait_snapshot(Seconds(10), [](const Json& snapshot) {
        const Json& markers = snapshot["markers"];
        return markers.size() == 2 && markers[0]["name"] == "Verse"
               && markers[0]["seconds"] == Approx(2.0).margin(0.3) && markers[1]["name"] == "Chorus"
               && markers[1]["seconds"] == Approx(15.0).margin(0.05);
    }));
}
