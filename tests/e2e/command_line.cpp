// The command line as a user has it, against a real Ardour: words and exit statuses, output to a file.
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

/// Runs `prefade ...` and checks status and words; what it printed on standard output.
std::string prefade_says(const std::vector<std::string>& arguments, int status,
                         const std::vector<std::string>& words) {
    const Ran ran = studio().prefaded.prefade(arguments);
    INFO("prefade " << joined(arguments) << '\n' << ran.out << ran.err);
    CHECK(ran.status == status);
    CHECK(ran.out.find('\x1b') == std::string::npos); // no colours into a file
    for (const std::string& word : words) {
        INFO(word);
        CHECK((ran.out + ran.err).find(word) != std::string::npos);
    }
    if (status != 0) {
        CHECK(ran.out.empty());
        CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
    }
    return ran.out;
}

} // namespace

TEST_CASE("a user looks, moves, undoes and reads the journal on the command line") {
    prefade_says({"status"}, 0, {"ardour", "connected", "ask", "15"});
    prefade_says({"strips"}, 0, {"Hot Synth", "Vox Double", "Master", "-11.3", "Drums"});
    prefade_says({"parameters", "Kick"}, 0, {"ACE Compressor", "Threshold"});
    prefade_says({"set", "Bass", "fader", "-9dB"}, 0, {"Bass", "confirmed", "-9.0"});
    CHECK(studio().reported_fader("Bass") == Approx(-9.0).margin(0.01));
    prefade_says({"journal"}, 0, {"Bass", "confirmed", "-5.3", "-9.0"});
    prefade_says({"undo"}, 0, {"Bass", "confirmed", "-5.3"});
    CHECK(studio().reported_fader("Bass") == Approx(-5.3).margin(0.01));
    prefade_says({"set", "Kick", "ACE Compressor/Threshold", "-20"}, 0, {"confirmed"});
    prefade_says({"undo"}, 0, {"confirmed"});
}

TEST_CASE("advice can be read and taken on the command line") {
    Studio& s = studio();
    s.witness.play();
    Json advice;
    REQUIRE(s.rpc().wait_snapshot(Seconds(15), [&](const Json& snapshot) {
        for (const Json& one : snapshot["advice"])
            if (one["strips"].dump().find("Hot Synth") != std::string::npos
                && !one["suggests"].empty())
                advice = one;
        return !advice.is_null();
    }));
    prefade_says({"advice", std::to_string(advice["id"].get<int>())}, 0,
                 {"Hot Synth", advice["rule"].get<std::string>()});
    prefade_says({"apply", std::to_string(advice["id"].get<int>())}, 0, {"Hot Synth", "confirmed"});
    CHECK(s.reported_fader("Hot Synth")
          == Approx(level_of(advice["suggests"][0]["target"]["db"])).margin(0.01));
    prefade_says({"undo"}, 0, {"Hot Synth", "confirmed"});
    CHECK(s.reported_fader("Hot Synth") == Approx(3.0).margin(0.01));
    s.witness.stop();
}

TEST_CASE("mistakes on the command line say what to do and have their exit status") {
    prefade_says({"set", "Bas", "fader", "-3dB"}, 1, {"Bas", "Bass"});
    prefade_says({"set", "Bass", "fader", "+20dB"}, 1, {"Bass"});
    prefade_says({"set", "Bass", "fader"}, 2, {"VALUE"});
    prefade_says({"frobnicate"}, 2, {"frobnicate"});
    prefade_says({"--socket", "/nonexistent/prefade.sock", "status"}, 1, {"prefaded"});
}

TEST_CASE("JSON output is one document and holds what the human output holds") {
    Studio& s = studio();
    CHECK(s.prefaded.prefade_json({"status"})["host"]["state"] == "connected");
    CHECK(s.prefaded.prefade_json({"strips"})["strips"].size() == 15);
    CHECK(s.prefaded.prefade_json({"mode"})["mode"] == "ask");
    CHECK(s.prefaded.prefade_json({"journal"})["moves"].is_array());
    CHECK(find_by(s.prefaded.prefade_json({"strips"})["strips"], "name", "Guitar L")["pan"]
              .get<double>()
          == Approx(-0.8).margin(0.001));
}
