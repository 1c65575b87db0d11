// Ardour's Mackie surface: the whole mixer, faders, switches, meters, three units, a host that dies, a law that is measured.
#include "tests/e2e/mackie_studio.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"

#include <algorithm>
#include <cmath>

using namespace prefade;
using namespace prefade::test;

TEST_CASE("30 strips are read through one unit of eight, each as Ardour tells it over OSC",
          "[mackie]") {
    const auto begun = std::chrono::steady_clock::now();
    const auto made = surface(1, {{"-x", "16"}});
    Surface& s = *made;
    const auto is = s.banked();
    REQUIRE(is.size() >= 30);
    CHECK(joined(differences(s.rpc().call("strips")["strips"], is)) == "");
    figure("real Ardour over Mackie, start of both and all " + std::to_string(is.size())
           + " strips read through one unit: "
           + text_of(Seconds(std::chrono::steady_clock::now() - begun).count()) + " s");

    // The chain as a user looks at it: all that needs no song and no move is alive.
    const Ran setup = s.prefaded.prefade({"setup", "ardour-mackie"});
    for (const char* link : {"daemon", "ports", "answer", "names", "levels"})
        CHECK_THAT(setup.out, Catch::Matchers::Contains(std::string("ok      ") + link));

    // What a hand does in Ardour, in and out of the window, is told once the window shows it.
    s.witness.hand("/strip/gain", {s.witness.ssid("Bass"), -7.5F});
    s.witness.hand("/strip/mute", {s.witness.ssid("Keys"), 1.0F});
    s.witness.hand("/strip/solo", {s.witness.ssid("Hat"), 1.0F});
    CHECK(eventually(Seconds(5), [&] {
        return differences(s.rpc().call("strips")["strips"], s.banked()).empty();
    }));
    s.witness.hand("/strip/solo", {s.witness.ssid("Hat"), 0.0F});
    REQUIRE(eventually(Seconds(5), [&] { return s.witness.by_name().at("Hat").solo == false; }));

    // And what is set here is what Ardour has then, in whatever bank it is; and undone.
    const auto before = s.witness.by_name();
    for (const auto& [strip, shown] : std::map<std::string, std::string>{{"Kick", "Kick"},
                                                                         {"Extra 9", "Extra9"},
                                                                         {"Extra 16", "Extr16"},
                                                                         {"Reverb", "Reverb"}}) {
        INFO(strip);
        const Json moved = s.rpc().set(shown, "fader", "-12.5");
        INFO(moved.dump());
        CHECK(moved["outcome"] == "confirmed");
        CHECK(*s.witness.by_name().at(strip).gain == Approx(-12.5).margin(0.1));
        const Json muted = s.rpc().set(shown, "mute", before.at(strip).mute.value() ? "off" : "on");
        CHECK(muted["outcome"] == "confirmed");
        CHECK(s.witness.by_name().at(strip).mute != before.at(strip).mute);
    }
    const Json soloed = s.rpc().set("Extra3", "solo", "on");
    CHECK(soloed["outcome"] == "confirmed");
    CHECK(s.witness.by_name().at("Extra 3").solo == true);
    const Json master = s.rpc().set("Master", "fader", "-6");
    CHECK(master["outcome"] == "confirmed");
    CHECK(*s.witness.by_name().at("Master").gain == Approx(-6.0).margin(0.1));
    const Json undone = s.rpc().call("undo", {{"all", true}});
    INFO(undone.dump());
    const auto after = s.witness.by_name();
    for (const auto& [name, was] : before) {
        INFO(name);
        CHECK(after.at(name).mute == was.mute);
        CHECK(after.at(name).solo == was.solo);
        // The nearest of 16384 positions to where it stood.
        if (was.gain) CHECK(*after.at(name).gain == Approx(*was.gain).margin(0.01));
    }
}

TEST_CASE("through three units 24 strips are in sight at once, meters while rolling among them",
          "[mackie]") {
    const auto made = surface(3, {{"-x", "16", "-m", "Mackie Control with Two Extenders"}});
    Surface& s = *made;
    CHECK(joined(differences(s.rpc().call("strips")["strips"], s.banked())) == "");
    CHECK(s.rpc().set("Extr12", "fader", "-9")["outcome"] == "confirmed");
    CHECK(*s.witness.by_name().at("Extra 12").gain == Approx(-9.0).margin(0.1));
    s.witness.play();
    const auto level_told = [&](const std::string& shown) -> std::optional<double> {
        const Json strips = s.rpc().call("strips")["strips"];
        const Json& readings = find_by(strips, "name", shown)["readings"];
        if (readings.empty() || readings[0]["age_ms"] > 1000.0) return std::nullopt;
        CHECK(readings[0]["kind"] == "segments");
        return level_of(readings[0]["value"]);
    };
    for (const auto& [strip, shown] : std::map<std::string, std::string>{
             {"Bass", "Bass"}, {"Vox", "Vox"}, {"Hot Synth", "HtSynt"}}) {
        INFO(strip);
        // Both fall at their own pace; over two seconds each shows the strip's peak, ours in steps of 3 to 14 dB.
        s.witness.forget();
        double highest = -200.0;
        CHECK(eventually(Seconds(10), [&] {
            if (const auto level = level_told(shown)) highest = std::max(highest, *level);
            const double peak = s.witness.highest_meter(s.witness.ssid(strip));
            return highest > -100.0 && highest <= peak + 1.0 && highest >= peak - 9.0;
        }));
        INFO("told " << highest << ", OSC " << s.witness.highest_meter(s.witness.ssid(strip)));
    }
    CHECK(s.rpc().wait_snapshot(
        Seconds(3), [](const Json& told) { return told["transport"]["rolling"] == true; }));
    s.witness.stop();
    CHECK(s.rpc().wait_snapshot(
        Seconds(3), [](const Json& told) { return told["transport"]["rolling"] == false; }));
}

TEST_CASE("an Ardour that is killed is told as lost, and read again when it is back", "[mackie]") {
    const auto made = surface(1, {});
    Surface& s = *made;
    s.ardour.crash();
    CHECK(s.rpc().wait_snapshot(Seconds(5),
                                [](const Json& told) { return told["host"]["state"] == "lost"; }));
    s.ardour.start_again();
    ArdourWitness witness(s.ardour.port());
    const JackPatchbay again(cables(1),
                             is_heard(s.ardour.folder() / "prefade" / "prefaded.log", 2));
    const bool is_back = s.rpc().wait_snapshot(Seconds(30), [](const Json& told) {
        return told["host"]["state"] == "connected" && told["strips"].size() == 15;
    });
    INFO(run({"jack_lsp", "-c"}).out << s.rpc().call("status").dump());
    CHECK(is_back);
    CHECK(s.rpc().set("Vox", "fader", "-12.5")["outcome"] == "confirmed");
    CHECK(*witness.by_name().at("Vox").gain == Approx(-12.5).margin(0.1));
}

TEST_CASE("the law of a DAW that says no dB is measured from its display, and is Ardour's own",
          "[mackie]") {
    const auto made = surface(1, {}, "mackie"); // any DAW with such a port: no law is known of it
    Surface& s = *made;
    const Json before = s.rpc().call("status")["capabilities"]["can"];
    CHECK(std::find(before.begin(), before.end(), "write_fader") == before.end());
    CHECK(s.rpc().call("strips")["strips"][0]["fader_db"].is_null());
    // A person moves a fader, step by step.
    const int kick = s.witness.ssid("Kick");
    for (int level = -60; level <= 6; level += 3) {
        INFO(level);
        const auto is_known = [&] {
            const Json told = s.rpc().call("host");
            for (const Json& point : told["fader_points"])
                if (std::abs(point["level_db"].get<double>() - level) < 0.05) return true;
            return false;
        };
        bool known = false;
        for (int go = 0; go < 10 && !known; ++go) { // the strip may be out of sight when one begins
            s.witness.hand("/strip/gain", {kick, static_cast<float>(level) - 1.0F});
            s.witness.hand("/strip/gain", {kick, static_cast<float>(level)});
            known = eventually(Seconds(1), is_known);
        }
        CHECK(known);
    }
    const Ran ran = s.prefaded.prefade({"calibrate", "mackie", "--for", "2s"});
    INFO(ran.out << ran.err);
    REQUIRE(ran.status == 0);
    // By Ardour's source: position = 16383 ((6 log2(gain) + 192) / 198)^8.
    const auto law = [](double position) {
        return 20.0 / std::log2(10.0) * (198.0 * std::pow(position / 16'383.0, 0.125) - 192.0)
               / 6.0;
    };
    double worst = 0.0;
    const Json told = s.rpc().call("host");
    for (const Json& point : told["fader_points"])
        worst = std::max(worst, std::abs(law(point["position"]) - point["level_db"].get<double>()));
    CHECK(worst <= 0.1);
    figure("the law of a real Ardour's faders, measured from its Mackie display: "
           + text_of(double(told["fader_points"].size()), 0)
           + " points, farthest from Ardour's own " + text_of(worst, 3) + " dB");
}
