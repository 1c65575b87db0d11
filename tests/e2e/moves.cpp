// Moves of every kind in a real Ardour: set, confirmed, reported by Ardour itself, put back, journalled.
#include "tests/e2e/studio.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"

#include <nlohmann/json.hpp>

using namespace prefade;
using namespace prefade::test;

namespace {

Studio& studio() {
    static Studio one;
    return one;
}

/// One move: what to set, and where Ardour itself says what the control holds.
struct Trial {
    const char* strip;
    const char* control;
    const char* value;
    double expected; ///< as Ardour reports it
    double (*reported)(Studio&, const std::string& strip);
    double exact{0.01}; ///< how near undo comes to the value before; 0: bit for bit
};

double fader(Studio& s, const std::string& strip) {
    return s.witness.by_name().at(strip).gain.value();
}
double trim(Studio& s, const std::string& strip) {
    return s.witness.by_name().at(strip).trim.value();
}
double pan(Studio& s, const std::string& strip) {
    return s.witness.by_name().at(strip).pan.value();
}
double mute(Studio& s, const std::string& strip) {
    return s.witness.by_name().at(strip).mute.value() ? 1.0 : 0.0;
}
double solo(Studio& s, const std::string& strip) {
    return s.witness.by_name().at(strip).solo.value() ? 1.0 : 0.0;
}
double send(Studio& s, const std::string& strip) {
    return decibels_of_position(s.witness.sends(s.witness.ssid(strip)).at(0).position);
}
double send_on(Studio& s, const std::string& strip) {
    return s.witness.sends(s.witness.ssid(strip)).at(0).enabled ? 1.0 : 0.0;
}
template <int plugin, int parameter> double plugin_parameter(Studio& s, const std::string& strip) {
    return static_cast<double>(
        s.witness.parameters(s.witness.ssid(strip), plugin).at(parameter - 1).value);
}

const Trial trials[] = {
    {"Bass", "fader", "-9.7dB", -9.7, fader},
    {"Hot Synth", "fader", "-1.25dB", -1.25, fader},
    {"Master", "fader", "-3.3dB", -3.3, fader},
    {"Reverb", "fader", "-12dB", -12.0, fader},
    {"Drums", "fader", "-2dB", -2.0, fader},
    {"Kick", "fader", "-5dB", -5.0, fader},
    {"Bass", "trim", "-2.5dB", -2.5, trim},
    {"Guitar L", "pan", "L30", 0.65, pan, 0.001},
    {"Guitar R", "pan", "R100", 0.0, pan, 0.001},
    {"Vox", "mute", "on", 1.0, mute, 0.0},
    {"Vox Double", "mute", "off", 0.0, mute, 0.0},
    {"Bass", "solo", "on", 1.0, solo, 0.0},
    {"Vox", "send/Reverb", "-15.5dB", -15.5, send},
    {"Snare", "send_enabled/Reverb", "off", 0.0, send_on, 0.0},
    {"Kick", "ACE Compressor/Threshold", "-23.7", static_cast<double>(-23.7F),
     plugin_parameter<1, 5>, 0.0},
    {"Vox", "ACE EQ/Frequency 1", "431.5", static_cast<double>(431.5F), plugin_parameter<1, 3>,
     0.0},
    {"Vox", "ACE Compressor/Ratio", "2.35", static_cast<double>(2.35F), plugin_parameter<2, 4>,
     0.0},
    {"Guitar R", "ACE Delay/Divisor", "8", 8.0, plugin_parameter<1, 4>, 0.0},
};

void check_journal(const Json& row, const Trial& trial) {
    INFO(row.dump());
    CHECK(row["strip"] == trial.strip);
    CHECK(row["outcome"] == "confirmed");
    CHECK(row["stage"] == "done");
    CHECK_FALSE(row["before"].is_null());
    CHECK_FALSE(row["target"].is_null());
    CHECK_FALSE(row["read_back"].is_null());
    CHECK_FALSE(row["proof"].get<std::string>().empty());
    CHECK_FALSE(row["when"].is_null());
    CHECK_FALSE(row["ended"].is_null());
    CHECK(row["approved_by"] == "user");
}

} // namespace

TEST_CASE("a move of any kind is confirmed, is what Ardour reports, and is undone exactly") {
    Studio& s = studio();
    for (const Trial& trial : trials) {
        INFO(trial.strip << ' ' << trial.control << ' ' << trial.value);
        const auto others = s.witness.by_name();
        const double before = trial.reported(s, trial.strip);
        const Json moved = s.rpc().set(trial.strip, trial.control, trial.value);
        INFO(moved.dump());
        CHECK(moved["outcome"] == "confirmed");
        CHECK(trial.reported(s, trial.strip)
              == Approx(trial.expected).margin(trial.exact == 0.0 ? 0.0 : 0.01).epsilon(1e-6));
        const Json undone = s.rpc().undo(moved["id"].get<std::uint64_t>());
        INFO(undone.dump());
        CHECK(undone["outcome"] == "confirmed");
        CHECK(std::abs(trial.reported(s, trial.strip) - before) <= trial.exact);
        CHECK(joined(differences(others, s.witness.by_name())) == "");
        const Json journal = s.rpc().call("journal")["moves"];
        REQUIRE(journal.size() >= 2);
        check_journal(journal[journal.size() - 2], trial);
        check_journal(journal[journal.size() - 1], trial);
        CHECK(journal[journal.size() - 1]["undoes"] == moved["id"]);
        CHECK(journal[journal.size() - 2]["undone"] == true);
    }
}

TEST_CASE("a plugin that is switched off by a move is off in Ardour and on again after undo") {
    Studio& s = studio();
    const auto active = [&] { return s.witness.plugin_active(8, 2); };
    REQUIRE(active());
    const Json moved = s.rpc().set("Vox", "bypass/ACE Compressor", "on");
    INFO(moved.dump());
    CHECK(moved["outcome"] == "confirmed");
    CHECK_FALSE(active());
    CHECK(s.rpc().undo(moved["id"].get<std::uint64_t>())["outcome"] == "confirmed");
    CHECK(active());
}

TEST_CASE(
    "an order in words is set by unit after a yes, confirmed by Ardour's own text, and undone") {
    Studio& s = studio();
    const auto ratio = [&] { return plugin_parameter<2, 4>(s, "Vox"); };
    REQUIRE(s.rpc().set("Vox", "ACE Compressor/Ratio", "2.35")["outcome"] == "confirmed");
    const double before = ratio();
    Json answer;
    REQUIRE(eventually(Seconds(30), [&] { // until its controls were read
        answer = s.rpc().call("ask", {{"question", "set the compressor on Vox to a ratio of 4"}});
        return !answer["moves"].empty();
    }));
    INFO(answer.dump());
    REQUIRE(answer["moves"].size() == 1);
    const Json& proposed = answer["moves"][0];
    CHECK(proposed["name"] == "Vox");
    CHECK(proposed["control"] == "ACE Compressor/Ratio");
    CHECK(proposed["stage"] == "proposed");
    CHECK(answer["plugin"] == "ace-compressor");
    CHECK(ratio() == before);
    const Json moved = s.rpc().call("approve", {{"move", proposed["move"]}})["moves"][0];
    INFO(moved.dump());
    CHECK(moved["outcome"] == "confirmed");
    CHECK(moved["why"] == "asked: set the compressor on Vox to a ratio of 4");
    CHECK(std::stod(moved["read_back_text"].get<std::string>()) == 4.0);
    CHECK(ratio() == 4.0);
    const Json undone = s.rpc().undo(moved["id"].get<std::uint64_t>());
    INFO(undone.dump());
    CHECK(undone["outcome"] == "confirmed");
    CHECK(ratio() == before);
}

TEST_CASE("a wish becomes a bell of Ardour's EQ, place before gain, and is undone") {
    Studio& s = studio();
    const int vox = s.witness.ssid("Vox");
    const auto eq = [&](const std::string& name) {
        for (const WitnessedParameter& each : s.witness.parameters(vox, 1))
            if (each.name == name) return static_cast<double>(each.value);
        throw std::runtime_error("the EQ has no " + name);
    };
    const double place_before = eq("Frequency 1");
    REQUIRE(s.rpc().set("Vox", "ACE EQ/Frequency 1", "900")["outcome"] == "confirmed");
    Json chosen;
    REQUIRE(eventually(Seconds(30), [&] { // until its controls were read
        s.rpc().call("ask", {{"question", "make the Vox warmer"}});
        chosen = s.rpc().call("ask", {{"question", "do number one"}});
        return !chosen["moves"].empty();
    }));
    INFO(chosen.dump());
    REQUIRE(chosen["moves"].size() == 3);
    CHECK(chosen["moves"][0]["control"] == "ACE EQ/Frequency 1");
    CHECK(chosen["moves"][1]["control"] == "ACE EQ/Bandwidth 1");
    CHECK(chosen["moves"][2]["control"] == "ACE EQ/Gain 1");
    CHECK(s.rpc().refusal("approve", {{"move", chosen["moves"][2]["move"]}}).find("comes first")
          != std::string::npos);
    std::vector<std::uint64_t> made;
    for (const Json& move : chosen["moves"]) {
        const Json moved = s.rpc().call("approve", {{"move", move["move"]}})["moves"][0];
        INFO(moved.dump());
        CHECK(moved["outcome"] == "confirmed");
        made.push_back(moved["id"].get<std::uint64_t>());
    }
    CHECK(eq("Frequency 1") == Approx(210.0).epsilon(0.001));
    CHECK(eq("Bandwidth 1") == Approx(1.9).epsilon(0.001)); // Q 0.7
    CHECK(eq("Gain 1") == Approx(1.5).margin(0.001));
    for (auto id = made.rbegin(); id != made.rend(); ++id)
        CHECK(s.rpc().undo(*id)["outcome"] == "confirmed");
    CHECK(eq("Frequency 1") == Approx(900.0).epsilon(1e-5));
    CHECK(eq("Gain 1") == 0.0);
    CHECK(s.rpc().set("Vox", "ACE EQ/Frequency 1", std::to_string(place_before))["outcome"]
          == "confirmed");
}

TEST_CASE("a move that cannot be is refused with the reason and changes nothing") {
    Studio& s = studio();
    const auto before = s.witness.by_name();
    CHECK(s.rpc().set("Bass", "fader", "20dB")["outcome"] == "refused");
    CHECK(s.rpc()
              .refusal("set", {{"strip", "Bas"}, {"control", "fader"}, {"value", "-3"}})
              .find("Bass")
          != std::string::npos);
    CHECK(
        s.rpc()
            .refusal("set",
                     {{"strip", "Kick"}, {"control", "ACE Compressor/Threshold"}, {"value", "-99"}})
            .find("-60")
        != std::string::npos);
    CHECK(s.rpc()
              .refusal("set", {{"strip", "Bass"}, {"control", "send/Reverb"}, {"value", "-3dB"}})
              .find("no send")
          != std::string::npos);
    CHECK(joined(differences(before, s.witness.by_name())) == "");
}

TEST_CASE("a glide arrives in small steps and a hand stops it") {
    Studio& s = studio();
    const int bass = s.witness.ssid("Bass");
    s.witness.forget();
    const Json glided = s.rpc().set("Bass", "fader", "-15dB", "1s");
    CHECK(glided["outcome"] == "confirmed");
    const auto steps = s.witness.heard("/strip/gain", bass);
    CHECK(steps.size() >= 10);
    double largest = 0.0;
    for (std::size_t i = 1; i < steps.size(); ++i) {
        CHECK(steps[i].value <= steps[i - 1].value + 1e-6);
        largest = std::max(largest, steps[i - 1].value - steps[i].value);
    }
    CHECK(largest < 2.0);
    s.rpc().undo(glided["id"].get<std::uint64_t>());

    const auto request = s.rpc().send(
        "set", {{"strip", "Bass"}, {"control", "fader"}, {"value", "-25dB"}, {"glide", "3s"}});
    REQUIRE(s.witness.wait_for(Seconds(5), [&] { return s.witness.strip(bass).gain < -8.0; }));
    s.witness.hand("/strip/gain", {std::int32_t{bass}, -2.0F});
    const Json stopped = s.rpc().await(request)["result"]["moves"][0];
    INFO(stopped.dump());
    CHECK(stopped["outcome"] == "superseded");
    s.witness.forget();
    CHECK_FALSE(s.witness.wait_for(Seconds(2),
                                   [&] { return !s.witness.heard("/strip/gain", bass).empty(); }));
    CHECK(s.reported_fader("Bass") == Approx(-2.0).margin(0.001));
}

TEST_CASE("a move is in place soon") {
    Studio& s = studio();
    const int bass = s.witness.ssid("Guitar L");
    std::vector<double> echo, told;
    for (int i = 0; i < 30; ++i) {
        const double target = -10.0 - 0.1 * i;
        const auto start = std::chrono::steady_clock::now();
        const auto since = [&] {
            return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now()
                                                             - start)
                .count();
        };
        s.witness.forget();
        const auto request = s.rpc().send(
            "set", {{"strip", "Guitar L"}, {"control", "fader"}, {"value", text_of(target, 1)}});
        REQUIRE(s.rpc().wait_snapshot(Seconds(5), [&](const Json& snapshot) {
            const Json& moves = snapshot["moves"];
            return !moves.empty() && moves.back()["target"]["db"].get<double>() == Approx(target)
                   && (moves.back()["stage"] == "in place" || moves.back()["stage"] == "done");
        }));
        told.push_back(since());
        const auto heard = s.witness.heard("/strip/gain", bass);
        REQUIRE_FALSE(heard.empty());
        echo.push_back(std::chrono::duration<double, std::milli>(heard.front().at - start).count());
        CHECK(s.rpc().await(request)["result"]["moves"][0]["outcome"] == "confirmed");
    }
    figure("move to its echo from a real Ardour, journal included: p50 "
           + text_of(percentile(echo, 0.5)) + " ms, p95 " + text_of(percentile(echo, 0.95))
           + " ms (bar 100 ms)");
    figure("move to \"in place\" in a snapshot on the socket: p50 " + text_of(percentile(told, 0.5))
           + " ms, p95 " + text_of(percentile(told, 0.95)) + " ms");
    CHECK(percentile(echo, 1.0) < 2000.0);
}
