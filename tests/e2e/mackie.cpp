// Ardour's Mackie surface over real MIDI ports on a real JACK server; the same session read over OSC at the same time is
// the truth. By hand, test_e2e "[mackie]": Ardour misses a connection now and then and JACK a message, so that one run in
// ten or twenty fails for no fault of ours; every run of the tests cannot afford that yet.
#include "tests/e2e/studio.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"
#include "tests/support/jack_patchbay.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>

using namespace prefade;
using namespace prefade::test;

namespace {

/// JACK clients of this process and its children use the server of that Ardour.
void use_jack_of(const ArdourRig& ardour) {
    std::ifstream file(ardour.folder() / "run" / "env.sh");
    for (std::string word; file >> word;)
        if (word.starts_with("JACK_")) {
            const auto equals = word.find('=');
            ::setenv(word.substr(0, equals).c_str(), word.substr(equals + 1).c_str(), 1);
        }
}

/// Ardour's ports and those of each unit, as Ardour's own settings connect them.
std::vector<JackPatchbay::Cable> cables(int units) {
    std::vector<JackPatchbay::Cable> all;
    for (int unit = 1; unit <= units; ++unit) {
        const std::string ours = "Prefade " + std::to_string(unit);
        const std::string ext = unit == 1 ? "" : " ext " + std::to_string(unit);
        all.push_back({ours + " out:" + ours, "ardour:mackie control in" + ext});
        all.push_back({"ardour:mackie control out" + ext, ours + " in:" + ours});
    }
    return all;
}

/// The daemon has said for the `nth` time that it is connected. Ardour sometimes misses that a cable was plugged (7.3: one
/// time in ten, nothing comes then however long one waits).
std::function<bool()> is_heard(const std::filesystem::path& log, int nth,
                               const std::string& host = "ardour-mackie") {
    return [=] {
        const std::string text = text_of_file(log), word = "connected to " + host;
        int found = 0;
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
            ++found;
        return found >= nth;
    };
}

struct Surface {
    explicit Surface(int units, const ArdourRig::Setup& setup,
                     const std::string& host = "ardour-mackie")
        : ardour(setup),
          witness(ardour.port()),
          patchbay((use_jack_of(ardour), cables(units)),
                   is_heard(ardour.folder() / "prefade" / "prefaded.log", 1, host)),
          prefaded({ardour.folder() / "prefade", host + "=jack:" + std::to_string(units), {}, {}}) {
    }

    ArdourRig ardour;
    ArdourWitness witness;
    JackPatchbay patchbay;
    PrefadedRig prefaded;

    RpcClient& rpc() { return prefaded.rpc(); }
    /// What Ardour tells over OSC of all that stands in its Mackie banks, in order.
    std::vector<WitnessedStrip> banked() {
        std::vector<WitnessedStrip> all;
        for (const auto& [ssid, strip] : witness.strips())
            if (strip.type != "MA") all.push_back(strip);
        return all;
    }
};

/// Ardour may miss the connection of one unit of several, which the daemon cannot tell from a unit that shows nothing: then
/// all once more.
std::unique_ptr<Surface> surface(int units, const ArdourRig::Setup& setup,
                                 const std::string& host = "ardour-mackie") {
    for (int go = 1;; ++go) try {
            return std::make_unique<Surface>(units, setup, host);
        } catch (const std::runtime_error& error) {
            if (go == 3) throw;
            WARN("once more: " << error.what());
        }
}

/// All letters of `cut` are in `name`, in this order: how Ardour shortens a name to six.
bool is_cut_of(const std::string& cut, const std::string& name) {
    std::size_t at = 0;
    for (const char c : name)
        if (at < cut.size() && std::tolower(c) == std::tolower(cut[at])) ++at;
    return at == cut.size();
}

std::string difference(const Json& told, const WitnessedStrip& is) {
    const std::string name = told["name"];
    std::string wrong;
    if (!is_cut_of(name, is.name)) wrong += " is called \"" + name + '"';
    const double fader = level_of(told["fader_db"]);
    // Both foots are silence: OSC tells -193 dB, a fader at 0 is -inf.
    if (is.gain && !(std::abs(fader - *is.gain) <= 0.1 || (*is.gain < -100 && fader < -100)))
        wrong += " fader " + text_of(fader, 2) + " for " + text_of(*is.gain, 2);
    // A ring has eleven steps; OSC counts from the right.
    if (is.pan && !(std::abs(told["pan"].get<double>() - (1.0 - 2.0 * *is.pan)) <= 0.11))
        wrong += " pan " + text_of(told["pan"], 2) + " for " + text_of(1.0 - 2.0 * *is.pan, 2);
    if (is.mute && told["mute"] != *is.mute) wrong += " mute";
    if (is.solo && told["solo"] != *is.solo) wrong += " solo";
    return wrong.empty() ? "" : is.name + wrong;
}

std::vector<std::string> differences(const Json& told, const std::vector<WitnessedStrip>& is) {
    std::vector<std::string> found;
    std::size_t at = 0;
    for (const Json& strip : told) {
        if (strip["kind"] == "master") continue;
        if (at == is.size()) return {"more strips than Ardour has"};
        if (auto wrong = difference(strip, is[at++]); !wrong.empty()) found.push_back(wrong);
    }
    if (at < is.size()) found.push_back(text_of(double(is.size() - at), 0) + " strips are missing");
    return found;
}

} // namespace

TEST_CASE("30 strips are read through one unit of eight, each as Ardour tells it over OSC",
          "[.][mackie]") {
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

TEST_CASE("pans are turned by their pots to where OSC says they are, and back to where they were",
          "[.][mackie]") {
    const auto made = surface(1, {{"-x", "16"}});
    Surface& s = *made;
    const auto pan_of = [&](const std::string& strip) {
        return 1.0 - 2.0 * *s.witness.by_name().at(strip).pan;
    };
    const auto before = s.witness.by_name();
    double worst = 0.0;
    std::vector<double> took;
    for (const auto& [strip, shown] : std::map<std::string, std::string>{
             {"Snare", "Snare"}, {"Hat", "Hat"}, {"Bass", "Bass"}, {"Extra 16", "Extr16"}})
        for (const auto& [asked, target] : std::map<std::string, double>{
                 {"L30", -0.3}, {"R87", 0.87}, {"0", 0.0}, {"R100", 1.0}}) {
            INFO(strip << " to " << asked);
            const auto begun = std::chrono::steady_clock::now();
            const Json moved = s.rpc().set(shown, "pan", asked);
            took.push_back(Seconds(std::chrono::steady_clock::now() - begun).count());
            INFO(moved.dump());
            REQUIRE(moved["outcome"] == "confirmed");
            const double is = pan_of(strip);
            worst = std::max(worst, std::abs(is - target));
            CHECK(is == Approx(target).margin(0.03)); // a tick is 2/63
            CHECK(moved["read_back"]["pan"].get<double>() == Approx(is).margin(0.011));
        }
    figure("real Ardour over Mackie, 16 pans turned by their pots, farthest from the target: "
           + text_of(worst, 3) + " of -1 .. +1; median until confirmed "
           + text_of(percentile(took, 0.5), 1) + " s");
    const Json undone = s.rpc().call("undo", {{"all", true}});
    INFO(undone.dump());
    CHECK(eventually(Seconds(60), [&] {
        const auto now = s.witness.by_name();
        return std::all_of(before.begin(), before.end(), [&](const auto& was) {
            return !was.second.pan || std::abs(*now.at(was.first).pan - *was.second.pan) < 0.002;
        });
    }));
    for (const auto& [name, was] : before) {
        INFO(name);
        if (was.pan) CHECK(*s.witness.by_name().at(name).pan == Approx(*was.pan).margin(0.002));
        if (was.gain) CHECK(*s.witness.by_name().at(name).gain == Approx(*was.gain).margin(1e-6));
    }
}

TEST_CASE(
    "sends are read when somebody looks, set by their pots to where OSC says they are, and undone",
    "[.][mackie]") {
    const auto made = surface(1, {{"-x", "16"}});
    Surface& s = *made;
    const auto send_of = [&](const std::string& strip) {
        return decibels_of_position(s.witness.sends(s.witness.ssid(strip)).at(0).position);
    };
    const auto before = s.witness.by_name();
    const std::map<std::string, double> levels = {{"Snare", send_of("Snare")},
                                                  {"Vox", send_of("Vox")}};
    CHECK(find_by(s.rpc().call("strips")["strips"], "name", "Vox")["sends"].empty());
    double worst = 0.0;
    std::vector<double> took;
    for (const double target : {-20.0, 0.0, -6.5, -40.0})
        for (const auto& [strip, was] : levels) {
            INFO(strip << " to " << target);
            const auto begun = std::chrono::steady_clock::now();
            const Json moved = s.rpc().set(strip, "send/Reverb", text_of(target));
            took.push_back(Seconds(std::chrono::steady_clock::now() - begun).count());
            INFO(moved.dump());
            REQUIRE(moved["outcome"] == "confirmed");
            const double is = send_of(strip);
            worst = std::max(worst, std::abs(is - target));
            CHECK(is == Approx(target).margin(target < -30.0 ? 1.0 : 0.5)); // half a tick
            CHECK(level_of(moved["read_back"]["db"]) == Approx(is).margin(0.06));
        }
    figure("real Ardour over Mackie, " + std::to_string(took.size())
           + " sends set by their pots, farthest from the target: " + text_of(worst, 2)
           + " dB; median until confirmed " + text_of(percentile(took, 0.5), 1) + " s");
    // Nobody else's strip, and a strip that has none.
    CHECK(s.rpc()
              .refusal("set", {{"strip", "Kick"}, {"control", "send/Reverb"}, {"value", "-3"}})
              .find("has no send")
          != std::string::npos);
    const Json undone = s.rpc().call("undo", {{"all", true}});
    INFO(undone.dump());
    CHECK(eventually(Seconds(60), [&] {
        return std::all_of(levels.begin(), levels.end(), [&](const auto& was) {
            return std::abs(send_of(was.first) - was.second) < 0.02;
        });
    }));
    for (const auto& [strip, was] : levels) {
        INFO(strip);
        CHECK(send_of(strip) == Approx(was).margin(0.02));
    }
    CHECK(joined(differences(before, s.witness.by_name())) == "");
    CHECK(joined(differences(s.rpc().call("strips")["strips"], s.banked())) == "");
}

TEST_CASE("inserts are listed, and the parameters of one read page by page, as OSC tells them",
          "[.][mackie]") {
    const auto made = surface(1, {});
    Surface& s = *made;
    const int snare = s.witness.ssid("Snare");
    const auto plugins = s.witness.plugins(snare);
    const auto all_parameters = [&] {
        std::vector<WitnessedParameter> inputs;
        for (int plugin = 1; plugin <= static_cast<int>(plugins.size()); ++plugin)
            for (const WitnessedParameter& each : s.witness.parameters(snare, plugin))
                if (each.control) inputs.push_back(each);
        return inputs;
    };
    const auto before = all_parameters();
    const auto strips = s.witness.by_name();
    const auto read = [&](const std::string& insert) {
        Json told;
        CHECK(eventually(Seconds(30), [&] {
            try {
                told = s.rpc().call("parameters", {{"strip", "Snare"}, {"insert", insert}});
            } catch (const std::runtime_error&) { // its inserts are not read yet
                return false;
            }
            return told["complete"] == true;
        }));
        INFO(told.dump());
        REQUIRE(told["inserts"].size() == 1);
        return told["inserts"][0];
    };
    std::size_t at = 0, numbers = 0;
    for (std::size_t i = 0; i < plugins.size(); ++i) {
        const std::string shown = i == 0 ? "ACE EQ" : "CCmpss"; // as Ardour cuts "ACE Compressor"
        REQUIRE(is_cut_of(shown, plugins[i]));
        const Json insert = read(shown);
        for (const Json& each : insert["parameters"]) {
            REQUIRE(at < before.size());
            const WitnessedParameter& is = before[at++];
            const std::string name = each["name"], text = each["text"];
            INFO(name << " '" << text << "' for " << is.name << ' ' << is.value);
            CHECK(is_cut_of(name, is.name));
            if (text == "on" || text == "off") {
                CHECK((text == "on") == (is.value > 0.5F));
            } else if (!text.empty()) {
                ++numbers; // six characters of it
                CHECK(std::strtod(text.c_str(), nullptr)
                      == Approx(double(is.value)).epsilon(0.01).margin(0.06));
            }
        }
    }
    CHECK(at == before.size());
    CHECK(numbers > 20);
    const auto after = all_parameters();
    REQUIRE(after.size() == before.size());
    for (std::size_t i = 0; i < after.size(); ++i) CHECK(after[i].value == before[i].value);
    CHECK(joined(differences(strips, s.witness.by_name())) == "");
    CHECK(s.ardour.running());
    // A strip without any is no trouble, and all else goes on.
    CHECK(s.rpc().call("parameters", {{"strip", "Hat"}})["inserts"].empty());
    CHECK(s.rpc().set("Kick", "fader", "-9")["outcome"] == "confirmed");
}

TEST_CASE("through three units 24 strips are in sight at once, meters while rolling among them",
          "[.][mackie]") {
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

TEST_CASE("an Ardour that is killed is told as lost, and read again when it is back",
          "[.][mackie]") {
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
          "[.][mackie]") {
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
