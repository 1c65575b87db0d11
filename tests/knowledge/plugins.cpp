// The shipped plugin entries, and the ways to find one.
#include "knowledge/check.h"
#include "knowledge/plugin_catalog.h"
#include "knowledge/roles.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <cmath>
#include <map>

using namespace prefade;

namespace {

const std::string plugin_data = PREFADE_TESTS_DIR "/../knowledge/";

const PluginCatalog& plugin_entries() {
    static const PluginCatalog catalog = [] {
        LoadedPlugins loaded = PluginCatalog::load({plugin_data + "plugins"});
        for (const Error& error : loaded.errors) FAIL_CHECK(error.where << ": " << error.message);
        return std::move(loaded.catalog);
    }();
    return catalog;
}

const Plugin& plugin(const char* id) {
    const Plugin* found = plugin_entries().find(id);
    if (!found) FAIL("no entry " << id);
    return *found;
}

std::string id_of(const Result<const Plugin*>& found) {
    return found ? (*found)->id : "error: " + found.error().message;
}

/// The law's way there and back at this place of the host's 0..1.
void check_round_trip(const PluginControl& control, double at) {
    const auto value = control.to_unit(Normalized{at});
    REQUIRE(value);
    const auto back = control.from_unit(*value);
    if (!back) FAIL_CHECK(back.error().message);
    if (back) CHECK(*control.to_unit(*back) == Approx(*value).margin(1e-9));
    if (back && control.law) CHECK(back->value() == Approx(at).margin(1e-6));
}

} // namespace

TEST_CASE("every shipped plugin entry loads, over a hundred of them") {
    const CheckReport report = check({plugin_data + "plugins"});
    for (const Error& error : report.errors) FAIL_CHECK(error.where << ": " << error.message);
    CHECK(report.plugins >= 140);
    CHECK(report.files == report.plugins);
}

TEST_CASE("every law of the catalog is monotone and comes back") {
    std::size_t laws = 0, exact = 0;
    for (const Plugin& each : plugin_entries().plugins())
        for (const PluginControl& control : each.controls) {
            INFO(each.id << ", " << control.id);
            if (control.is_exact) ++exact;
            if (control.law) {
                ++laws;
                const bool rising =
                    control.law->points().back().value > control.law->points().front().value;
                double before = control.law->unit_of(Normalized{0.0});
                for (int i = 0; i <= 100; ++i) {
                    const double value = control.law->unit_of(Normalized{i / 100.0});
                    if (i > 0) CHECK((rising ? value > before : value < before));
                    CHECK((value >= *control.lowest && value <= *control.highest));
                    before = value;
                    if (std::isfinite(value)) check_round_trip(control, i / 100.0);
                }
            }
            for (std::size_t i = 0; i < control.positions.size(); ++i) {
                const Normalized at{control.positions[i]};
                if (control.is_choice()) {
                    CHECK(*control.choice_at(at) == control.choices[i]);
                    CHECK(control.from_choice(control.choices[i])->value() == at.value());
                } else {
                    check_round_trip(control, at.value());
                }
            }
        }
    CHECK(laws >= 70);
    CHECK(exact >= 50);
}

TEST_CASE("every recommended setting lies in the range and on the steps of its control") {
    std::size_t settings = 0;
    for (const Plugin& each : plugin_entries().plugins())
        for (const PluginUse& use : each.uses)
            for (const PluginSetting& setting : use.settings) {
                INFO(setting.where << ": " << each.id << ", " << setting.control);
                ++settings;
                const PluginControl* control = each.find(setting.control);
                REQUIRE(control);
                CHECK(setting.band <= control->bands);
                for (const std::string& choice : setting.choices)
                    CHECK(std::count(control->choices.begin(), control->choices.end(), choice)
                          == 1);
                if (control->is_choice()) continue;
                CHECK(setting.amount.unit == control->unit);
                if (control->lowest) {
                    CHECK(setting.amount.from >= *control->lowest - 1e-9);
                    CHECK(setting.amount.to <= *control->highest + 1e-9);
                }
                for (const double end : {setting.amount.from, setting.amount.to})
                    if (!control->steps.empty())
                        CHECK(std::any_of(control->steps.begin(), control->steps.end(),
                                          [end](double s) { return std::abs(s - end) < 1e-9; }));
            }
    CHECK(settings >= 400);
}

TEST_CASE("every entry says what it is for, whence it knows it, and what else there is") {
    const auto roles = RoleBook::load(plugin_data + "roles.toml");
    REQUIRE(roles);
    for (const Plugin& each : plugin_entries().plugins()) {
        INFO(each.id);
        CHECK_FALSE(each.what.empty());
        CHECK_FALSE(each.origin.source.empty());
        CHECK_FALSE(each.relatives.empty());
        CHECK((!each.uses.empty() || each.kind == PluginKind::pitch));
        for (const PluginUse& use : each.uses) {
            CHECK_FALSE(use.origin.source.empty());
            for (const std::string& source : use.sources) {
                INFO(source);
                CHECK((roles->knows(source) || source == "any" || source == "dialogue"));
            }
        }
    }
}

TEST_CASE("a plugin is found by the name its host reports") {
    struct Row {
        const char *name, *host, *id;
    };
    const Row table[] = {
        {"ACE Compressor", "ardour", "ace-compressor"}, // as Ardour 7.3 tells them
        {"ACE EQ", "ardour", "ace-eq"},
        {"ACE Delay", "ardour", "ace-delay"},
        {"ACE Reverb", "ardour", "ace-reverb"},
        {"ACE Expander", "ardour", "ace-expander"},
        {"ACE High/Low Pass Filter", "ardour", "ace-high-low-pass"},
        {"ReaComp", "reaper", "reacomp"},
        {"VST: ReaComp (Cockos)", "reaper", "reacomp"},
        {"VST3: Pro-Q 3 (FabFilter)", "reaper", "fabfilter-pro-q-3"},
        {"FabFilter Pro-Q 4", "live", "fabfilter-pro-q-4"},
        {"FabFilter Pro-Q 4 (mono)", "", "fabfilter-pro-q-4"},
        {"Compressor", "live", "live-compressor"},
        {"Compressor", "logic", "logic-compressor"},
        {"Compressor", "cubase", "cubase-compressor"},
        {"Channel EQ", "logic", "logic-channel-eq"},
        {"CLA-76 (m)", "protools", "waves-cla-76"},
        {"UAD Teletronix LA-2A", "", "teletronix-la-2a"},
    };
    for (const Row& row : table) {
        INFO(row.name << " in " << row.host);
        CHECK(id_of(plugin_entries().reported(row.name, row.host)) == row.id);
    }
}

TEST_CASE("a name of a host is ambiguous or unknown, and never taken for its neighbour") {
    const auto several = plugin_entries().reported("Compressor");
    REQUIRE_FALSE(several);
    CHECK(several.error().code == ErrorCode::ambiguous);
    CHECK(several.error().message.find("cubase-compressor, live-compressor, logic-compressor")
          != std::string::npos);
    for (const char* name : {"Pro-Q 5", "ReaCompo", "CLA-77", "", "()", "Compressor 3000 Deluxe"}) {
        INFO(name);
        const auto none = plugin_entries().reported(name);
        REQUIRE_FALSE(none);
        CHECK(none.error().code == ErrorCode::not_found);
    }
    CHECK(plugin_entries().reported("ReaCompo").error().message.find("the nearest is \"ReaComp\"")
          != std::string::npos);
    CHECK(plugin_entries().reported("Compressor", "ardour").error().code == ErrorCode::not_found);
}

TEST_CASE("a plugin is found by what people type or say") {
    const std::pair<const char*, const char*> table[] = {
        {"1176", "urei-1176ln"},
        {"eleven seventy six", "urei-1176ln"},
        {"CLA76", "waves-cla-76"},
        {"CLA-76", "waves-cla-76"},
        {"la two a", "teletronix-la-2a"},
        {"LA2A", "teletronix-la-2a"},
        {"cl one b", "tube-tech-cl-1b"},
        {"CL1B", "tube-tech-cl-1b"},
        {"distressor", "empirical-labs-distressor"},
        {"ssl bus comp", "ssl-g-bus"},
        {"pro q three", "fabfilter-pro-q-3"},
        {"dbx one sixty", "dbx-160"},
        {"thirty three six oh nine", "neve-33609"},
        {"vintage verb", "valhalla-vintage-verb"},
        {"autotune", "auto-tune"},
        {"a-comp", "ace-compressor"},
    };
    for (const auto& [words, id] : table) {
        INFO(words);
        CHECK(id_of(plugin_entries().called(words)) == id);
    }
    const auto none = plugin_entries().called("fabfilter pro z");
    REQUIRE_FALSE(none);
    CHECK(none.error().code == ErrorCode::not_found);
    CHECK_FALSE(plugin_entries().called(""));
    const auto versions = plugin_entries().called("pro q");
    REQUIRE_FALSE(versions);
    CHECK(versions.error().code == ErrorCode::ambiguous);
    CHECK(versions.error().message.find("fabfilter-pro-q-3, fabfilter-pro-q-4")
          != std::string::npos);
    CHECK(plugin_entries().called("ab").error().code == ErrorCode::not_found);
}

TEST_CASE("a control that does not exist is said to, with what to do instead") {
    struct Row {
        const char *id, *control, *instead;
    };
    // The claims that people make, of the cross-plugin index.
    const Row table[] = {
        {"teletronix-la-2a", "ratio", "Compress or Limit"},
        {"teletronix-la-3a", "ratio", "soft knee"},
        {"urei-1176ln", "threshold", "Input drives into a fixed threshold"},
        {"urei-1176ln", "slow attack", "0.8 ms"},
        {"dbx-160", "attack", "RMS detector"},
        {"dbx-160", "release", "RMS detector"},
        {"fairchild-670", "attack", "Time Constant"},
        {"fairchild-670", "ratio", "DC Threshold"},
        {"ssl-g-bus", "side-chain filter", "none"},
        {"ace-eq", "hpf", "High/Low Pass"},
        {"reaeq", "band type", "by hand"},
        {"reatune", "retune speed", "by hand"},
        {"fabfilter-pro-q-4", "attack in ms", "percent"},
        {"fabfilter-pro-mb", "attack in ms", "percent"},
        {"fabfilter-pro-q-3", "dynamic attack", "Pro-Q 4"},
        {"fabfilter-pro-ds", "ratio", "Range"},
        {"fabfilter-pro-l-2", "threshold", "Gain"},
        {"waves-c4", "ratio", "Range"},
        {"waves-c6", "ratio", "Range"},
        {"waves-rvox", "attack", "Gate, Comp and Gain"},
        {"soundtheory-gullfoss", "frequency", "no bands"},
        {"melodyne", "retune speed", "Pitch Centre"},
        {"maag-eq4", "Q", "fixed"},
        {"manley-variable-mu", "ratio", "1.5:1"},
        {"oeksound-soothe3", "sharpness", "Detail"},
        {"waves-cla-76", "threshold", "Input drives"}, // what the original lacks its clones lack
    };
    for (const Row& row : table) {
        INFO(row.id << ", " << row.control);
        const Plugin& of = plugin(row.id);
        REQUIRE(of.missing_control(row.control));
        const auto none = of.control(row.control);
        REQUIRE_FALSE(none);
        CHECK(none.error().code == ErrorCode::unsupported);
        CHECK(none.error().message.find(row.instead) != std::string::npos);
    }
    const auto unheard = plugin("urei-1176ln").control("warp drive");
    REQUIRE_FALSE(unheard);
    CHECK(unheard.error().code == ErrorCode::not_found);
    CHECK_FALSE(plugin("urei-1176ln").missing_control("warp drive"));
}

TEST_CASE("what the classics do is as their makers say") {
    const Plugin& fet = plugin("urei-1176ln");
    const PluginControl& attack = *fet.find("attack");
    CHECK(attack.marks.front().value > attack.marks.back().value); // 7 is the fastest
    CHECK(attack.marks_unit == ControlUnit::microseconds);
    CHECK_FALSE(attack.takes({30, 30, ControlUnit::milliseconds}));
    CHECK_FALSE(plugin("ssl-g-bus").find("attack")->takes({5, 5, ControlUnit::milliseconds}));
    CHECK(plugin("ssl-g-bus").find("attack")->takes({10, 10, ControlUnit::milliseconds}));
    const Plugin& opto = plugin("tube-tech-cl-1b");
    CHECK(opto.find("release")->takes({0.4, 0.8, ControlUnit::seconds}));
    CHECK_FALSE(opto.find("ratio")->takes({12, 12, ControlUnit::ratio}));
    const auto fixed = std::find_if(opto.modes.begin(), opto.modes.end(),
                                    [](const PluginMode& mode) { return mode.choice == "Fixed"; });
    REQUIRE(fixed != opto.modes.end());
    CHECK(fixed->does.find("ignored") != std::string::npos);
    const PluginControl& knee = *plugin("ace-compressor").find("knee");
    CHECK(knee.from_unit(12.0).error().message.find("from 0 dB to 8 dB") != std::string::npos);
}

TEST_CASE("values go through the law of their control") {
    const PluginControl& ratio = *plugin("ace-compressor").find("ratio");
    CHECK(ratio.from_unit(4.0)->value() == Approx(std::log(4.0) / std::log(20.0)));
    const PluginControl& mix = *plugin("fabfilter-pro-c-3").find("mix");
    CHECK(mix.from_unit(50.0)->value() == Approx(0.25)); // the middle is 100 % wet
    CHECK(*plugin("reacomp").find("ratio")->to_unit(Normalized{0.0303})
          == Approx(4.0).epsilon(0.01));
    const PluginControl& style = *plugin("fabfilter-pro-l-2").find("style");
    CHECK(*style.choice_at(Normalized{5.0 / 7.0}) == "Modern");
    CHECK_FALSE(style.to_unit(Normalized{0.5}));
    CHECK_FALSE(style.from_choice("Gentle"));
    const PluginControl& key = *plugin("auto-tune").find("key");
    CHECK(key.choice_named("c#") == 1);
    CHECK(key.choice_named("c") == 0);
    const PluginControl& buttons = *plugin("urei-1176ln").find("ratio");
    CHECK(buttons.choice_named("ALL") == 4);
    CHECK_FALSE(buttons.choice_named("2:1"));
    CHECK_FALSE(buttons.choice_named("41")); // "4:1" without what makes it a ratio
    CHECK(*plugin("ace-delay").find("divisor")->choice_at(Normalized{11.0 / 47.0}) == "1/8T");
    const auto no_law = plugin("live-compressor").find("attack")->to_unit(Normalized{0.5});
    REQUIRE_FALSE(no_law);
    CHECK(no_law.error().code == ErrorCode::unsupported);
}

TEST_CASE("a host's parameter is tied to its control, with its band") {
    const auto gain = plugin("ace-eq").reported_control("Gain 2");
    REQUIRE(gain);
    CHECK(gain->control->id == "gain");
    CHECK(gain->band == 2);
    CHECK(plugin("ace-eq").reported_control("Gain L")->control->id == "low-gain");
    CHECK(plugin("ace-eq").reported_control("Master Gain")->band == 0);
    CHECK(plugin("reaeq").reported_control("Freq-Low Shelf")->band == 1);
    CHECK(plugin("reaeq").reported_control("Freq-Band 2")->band == 2);
    CHECK(plugin("reaeq").reported_control("Gain-High Pass 5")->band == 5);
    CHECK(plugin("reaeq").reported_control("Q-Band")->control->id == "bandwidth");
    CHECK_FALSE(plugin("reaeq").reported_control("Freq-Band 6"));
    CHECK(plugin("live-eq-eight").reported_control("8 Frequency A")->band == 8);
    const auto high = plugin("live-multiband-dynamics").reported_control("Above Ratio (High)");
    REQUIRE(high);
    CHECK(high->band == 3);
    for (const char* none : {"Gain 5", "Gain 0", "Gain", "Gain 2x", "gain 2", ""}) {
        INFO(none);
        CHECK_FALSE(plugin("ace-eq").reported_control(none));
    }
}

TEST_CASE("sources that differ are all kept") {
    const std::pair<const char*, const char*> table[] = {{"reaeq", "gain"},
                                                         {"fabfilter-pro-q-4", "q"},
                                                         {"fairchild-670", "time-constant"},
                                                         {"ssl-channel", "fast-attack"},
                                                         {"reacomp", "attack"}};
    for (const auto& [id, control] : table) {
        INFO(id);
        const auto& conflicts = plugin(id).conflicts;
        REQUIRE(conflicts.size() == 1);
        CHECK(conflicts[0].control == control);
        CHECK(conflicts[0].claims.size() >= 2);
        CHECK_FALSE(conflicts[0].settle.empty());
        CHECK(conflicts[0].origin.basis == Basis::uncertain);
    }
}
