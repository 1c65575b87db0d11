// Ardour's Mackie surface: what its pots turn and its columns show: pans, sends, inserts and their parameters.
#include "tests/e2e/mackie_studio.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

using namespace prefade;
using namespace prefade::test;

TEST_CASE("pans are turned by their pots to where OSC says they are, and back to where they were",
          "[mackie]") {
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
    "[mackie]") {
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
          "[mackie]") {
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

TEST_CASE("parameters are set by their pots to where OSC says they are, on every page, and undone",
          "[mackie]") {
    const auto made = surface(1, {});
    Surface& s = *made;
    const int snare = s.witness.ssid("Snare");
    const std::vector<std::string> shown = {"ACE EQ", "CCmpss"};
    const auto inputs = [&](int plugin) {
        std::vector<WitnessedParameter> controls;
        for (const WitnessedParameter& each : s.witness.parameters(snare, plugin))
            if (each.control) controls.push_back(each);
        return controls;
    };
    const std::vector<std::vector<WitnessedParameter>> before = {inputs(1), inputs(2)};
    const auto strips = s.witness.by_name();
    std::vector<double> took;
    std::map<std::string, double> off; // of the way between the ends, by parameter
    int set = 0, refused = 0;
    for (std::size_t plugin = 0; plugin < shown.size(); ++plugin) {
        Json told;
        CHECK(eventually(Seconds(30), [&] {
            try {
                told = s.rpc().call("parameters", {{"strip", "Snare"}, {"insert", shown[plugin]}});
            } catch (const std::runtime_error&) { // its inserts are not read yet
                return false;
            }
            return told["complete"] == true;
        }));
        const Json& parameters = told["inserts"][0]["parameters"];
        REQUIRE(parameters.size() == before[plugin].size());
        for (std::size_t i = 0; i < before[plugin].size(); ++i) {
            const WitnessedParameter& was = before[plugin][i];
            const std::string name = parameters[i]["name"];
            const auto same = std::count_if(parameters.begin(), parameters.end(),
                                            [&](const Json& p) { return p["name"] == name; });
            INFO(shown[plugin] << '/' << name << " for " << was.name << ' ' << was.value << " of "
                               << was.minimum << " .. " << was.maximum);
            const Json request = {
                {"strip", "Snare"}, {"control", shown[plugin] + '/' + name}, {"value", "1"}};
            if (same > 1 || parameters[i]["value"].is_null()) {
                const std::string why = s.rpc().refusal("set", request);
                INFO(why);
                CHECK((why.find(same > 1 ? "several" : "read only") != std::string::npos));
                ++refused;
                continue;
            }
            // Two thirds of the way, by steps or by ratios, as its display shows it.
            const bool by_ratio = was.minimum > 0.0F && was.maximum > 50.0F * was.minimum;
            const double low = was.minimum, high = was.maximum;
            const double target =
                by_ratio ? low * std::pow(high / low, 0.66) : low + (high - low) * 0.66;
            const std::string asked = text_of(target, std::abs(target) < 10.0 ? 2 : 1);
            const auto begun = std::chrono::steady_clock::now();
            const Json moved = s.rpc().set("Snare", shown[plugin] + '/' + name, asked);
            took.push_back(Seconds(std::chrono::steady_clock::now() - begun).count());
            const double is = inputs(static_cast<int>(plugin) + 1)[i].value;
            INFO(asked << ": " << moved.dump() << " is " << is);
            REQUIRE(moved["outcome"] == "confirmed");
            CHECK(moved["read_back"]["displayed"].get<double>()
                  == Approx(is).epsilon(0.01).margin(0.06));
            const auto part = [&](double value) {
                return by_ratio ? std::log(value / low) / std::log(high / low)
                                : (value - low) / (high - low);
            };
            off[shown[plugin] + '/' + name] =
                std::abs(part(is) - part(std::strtod(asked.c_str(), nullptr)));
            ++set;
            for (std::size_t other = 0; other < 2; ++other) {
                const auto now = inputs(static_cast<int>(other) + 1);
                for (std::size_t j = 0; j < now.size(); ++j)
                    if (other > plugin || (other == plugin && j > i))
                        CHECK(now[j].value == before[other][j].value);
            }
        }
    }
    CHECK(set > 15);
    const auto worst = std::max_element(
        off.begin(), off.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    figure("real Ardour over Mackie, " + std::to_string(set)
           + " parameters set by their pots, farthest from the target: "
           + text_of(100.0 * worst->second, 1) + " % of the way between the ends (" + worst->first
           + "; a tick is 1.6 %); median until confirmed " + text_of(percentile(took, 0.5), 1)
           + " s; " + std::to_string(refused) + " refused");
    CHECK(worst->second < 0.02);
    const Json undone = s.rpc().call("undo", {{"all", true}});
    INFO(undone.dump());
    const auto is_back = [&] {
        for (std::size_t plugin = 0; plugin < 2; ++plugin) {
            const auto now = inputs(static_cast<int>(plugin) + 1);
            for (std::size_t i = 0; i < now.size(); ++i)
                if (std::abs(now[i].value - before[plugin][i].value)
                    > 1e-3F * std::max(1.0F, std::abs(before[plugin][i].value)))
                    return false;
        }
        return true;
    };
    CHECK(eventually(Seconds(150), is_back));
    for (std::size_t plugin = 0; plugin < 2; ++plugin) {
        const auto now = inputs(static_cast<int>(plugin) + 1);
        for (std::size_t i = 0; i < now.size(); ++i) {
            INFO(shown[plugin] << ' ' << now[i].name);
            CHECK(now[i].value == Approx(before[plugin][i].value).epsilon(1e-3).margin(1e-3));
        }
    }
    CHECK(joined(differences(strips, s.witness.by_name())) == "");
    CHECK(s.ardour.running());
}
