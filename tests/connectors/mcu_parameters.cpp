// Parameters of plug-ins through PLUG-IN: brought by their pots to the number that the display shows, on any page, with
// the selection given back.
#include "tests/support/visit_rig.h"

#include <algorithm>
#include <cmath>

using namespace prefade;
using namespace prefade::test;

namespace {

using P = MackieInsert::Parameter;

P knob(const std::string& name, P::Scale scale, double low, double high, double part,
       int decimals = 1, const std::string& unit = {}) {
    return {name, {}, 6, scale, low, high, part, decimals, unit};
}

MackieInsert compressor() {
    return {"CCmpss",
            {knob("Attack", P::Scale::logarithmic, 0.1, 100.0, 0.5, 2),
             knob("Releas", P::Scale::logarithmic, 1.0, 2000.0, 0.6),
             knob("Knee", P::Scale::linear, 0.0, 8.0, 0.25),
             knob("Ratio", P::Scale::logarithmic, 1.0, 20.0, 0.31, 2),
             knob("Thrshl", P::Scale::linear, -60.0, 0.0, 0.7),
             knob("Makeup", P::Scale::linear, 0.0, 30.0, 0.0),
             {"Enable", "on", 11}}};
}

/// Three pages: four bands of five, and a switch.
MackieInsert equaliser() {
    MackieInsert eq{"ACE EQ", {}};
    for (const char* band : {"1", "2", "3", "4"}) {
        eq.parameters.push_back(
            knob("Freq" + std::string(band), P::Scale::logarithmic, 20.0, 20'000.0, 0.5));
        eq.parameters.push_back(
            knob("Gain" + std::string(band), P::Scale::linear, -20.0, 20.0, 0.5));
        eq.parameters.push_back(knob("BW" + std::string(band), P::Scale::linear, 0.1, 4.0, 0.3, 2));
        eq.parameters.push_back(knob("Mode" + std::string(band), P::Scale::whole, 0.0, 4.0, 0.25));
        eq.parameters.push_back({"On" + std::string(band), "off", 1});
    }
    return eq;
}

std::vector<MackieStrip> plugin_strips(std::size_t count) {
    auto strips = mackie_strips(count);
    for (std::size_t i = 3; i < count; i += 6) strips[i].inserts = {equaliser(), compressor()};
    return strips;
}

class ParameterRig : public VisitRig {
public:
    using VisitRig::VisitRig;
    /// Lists the inserts of a strip, and reads the parameters of all of them.
    void read_all(const std::string& strip) {
        read(strip);
        const std::size_t count = find(strip)->inserts.size();
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t told = all<ParametersListed>().size();
            REQUIRE(watch(strip, find(strip)->inserts[i].id));
            REQUIRE(wait(20s, [&] { return all<ParametersListed>().size() > told; }));
        }
        REQUIRE(wait(10s, [&] { return host.is_in_pan(); }));
        run(1s);
    }
    ControlPath parameter(const std::string& strip, const std::string& insert,
                          const std::string& name) const {
        for (const Insert& each : find(strip)->inserts)
            for (const Parameter& p : each.parameters)
                if (each.plugin == insert && p.name == name)
                    return {find(strip)->id, Control::parameter, each.id, p.number};
        FAIL(strip << " has no " << insert << '/' << name);
        return {};
    }
    P& real(std::size_t strip, const std::string& insert, const std::string& name) {
        for (MackieInsert& each : host.strips[strip].inserts)
            for (P& p : each.parameters)
                if (each.name == insert && p.name == name) return p;
        FAIL("no " << insert << '/' << name);
        return host.strips[strip].inserts[0].parameters[0];
    }
    void end_of_move() {
        const std::size_t before = ends();
        REQUIRE(wait(20s, [&] { return ends() > before; }));
    }
};

} // namespace

TEST_CASE("a parameter is brought to the number on its display, on any page, in any bank, and no "
          "other with it") {
    struct Asked {
        const char *insert, *name;
        double target, within;
    };
    ParameterRig rig(plugin_strips(19));
    rig.select(0);
    rig.run(12s);
    for (const std::size_t i : {3U, 15U}) {
        const std::string name = rig.host.strips[i].name;
        rig.read_all(name);
        for (const Asked& asked : std::vector<Asked>{{"CCmpss", "Thrshl", -30.0, 0.55},
                                                     {"CCmpss", "Ratio", 3.0, 0.09},
                                                     {"CCmpss", "Attack", 20.0, 1.3},
                                                     {"ACE EQ", "Freq1", 120.0, 8.0},
                                                     {"ACE EQ", "Freq4", 9000.0, 520.0},
                                                     {"ACE EQ", "Gain2", -3.5, 0.4},
                                                     {"ACE EQ", "BW3", 2.0, 0.05},
                                                     {"ACE EQ", "Mode4", 3.0, 0.0}}) {
            INFO(name << ' ' << asked.insert << '/' << asked.name << " to " << asked.target);
            auto expected = rig.host.strips;
            const std::size_t before = rig.ends();
            REQUIRE(
                rig.encode(rig.parameter(name, asked.insert, asked.name), Displayed{asked.target}));
            REQUIRE(rig.wait(20s, [&] { return rig.ends() > before; }));
            CHECK(rig.failures() == "");
            CHECK(rig.wait(10s, [&] { return rig.selected() == "Trk 1;"; }));
            CHECK(rig.host.is_in_pan());
            const P& is = rig.real(i, asked.insert, asked.name);
            CHECK(std::abs(is.number() - asked.target) <= asked.within);
            const Parameter* told =
                rig.session.parameter(rig.parameter(name, asked.insert, asked.name));
            CHECK(told->displayed.value->value() == Approx(is.number()).margin(0.051));
            for (MackieInsert& each : expected[i].inserts)
                for (P& p : each.parameters)
                    if (each.name == asked.insert && p.name == asked.name) p = is;
            CHECK(rig.host.strips == expected);
        }
    }
    CHECK_FALSE(rig.host.has_crashed());
}

TEST_CASE("undo brings a parameter back to where it stood") {
    ParameterRig rig(plugin_strips(8));
    rig.read_all("Trk 4");
    for (const auto& [insert, name, target] :
         std::vector<std::tuple<std::string, std::string, double>>{
             {"CCmpss", "Thrshl", -33.0}, {"ACE EQ", "Freq2", 4000.0}, {"ACE EQ", "Mode3", 4.0}}) {
        INFO(insert << '/' << name);
        const double from = rig.real(3, insert, name).part;
        const ControlPath path = rig.parameter("Trk 4", insert, name);
        const ControlValue before = *rig.session.value(path)->value;
        rig.source = Source::user;
        REQUIRE(rig.encode(path, Displayed{target}));
        rig.end_of_move();
        CHECK(rig.real(3, insert, name).part != from);
        rig.source = Source::undo;
        REQUIRE(rig.encode(path, before));
        rig.end_of_move();
        CHECK(rig.failures() == "");
        CHECK(rig.real(3, insert, name).part == Approx(from).margin(1e-9));
    }
}

TEST_CASE("parameters of several pages and inserts are all done, each in its turn") {
    ParameterRig rig(plugin_strips(19));
    rig.read_all("Trk 4");
    REQUIRE(rig.encode(rig.parameter("Trk 4", "ACE EQ", "Gain4"), Displayed{4.0}));
    REQUIRE(rig.encode(rig.parameter("Trk 4", "ACE EQ", "Gain1"), Displayed{-4.0}));
    REQUIRE(rig.encode(rig.parameter("Trk 4", "CCmpss", "Makeup"), Displayed{6.0}));
    REQUIRE(rig.encode(rig.path("Trk 4", Control::fader), Decibel{-5.0}));
    REQUIRE(rig.wait(60s, [&] { return rig.ends() == 4; }));
    CHECK(rig.failures() == "");
    CHECK(rig.real(3, "ACE EQ", "Gain4").number() == Approx(4.0).margin(0.4));
    CHECK(rig.real(3, "ACE EQ", "Gain1").number() == Approx(-4.0).margin(0.4));
    CHECK(rig.real(3, "CCmpss", "Makeup").number() == Approx(6.0).margin(0.3));
    CHECK(rig.host.strips[3].fader == mackie_law().position_of(Decibel{-5.0}));
}

TEST_CASE("a number beyond the parameter's range ends where it began, and is not confirmed") {
    ParameterRig rig(plugin_strips(8));
    rig.read_all("Trk 4");
    const double from = rig.real(3, "CCmpss", "Thrshl").part;
    REQUIRE(rig.encode(rig.parameter("Trk 4", "CCmpss", "Thrshl"), Displayed{12.0}));
    rig.end_of_move();
    CHECK(rig.all<WriteProved>().empty());
    CHECK(rig.real(3, "CCmpss", "Thrshl").part == Approx(from).margin(1.01 / 63.0));
}

TEST_CASE("what shows no number is read only, and what fills its column without a point is none") {
    auto strips = plugin_strips(8);
    auto& parameters = strips[3].inserts[1].parameters;
    parameters.push_back({"Cut", "123456", 3});
    parameters.push_back({"Mode", "1/4", 3});
    parameters.push_back({"Tiny", "1e-05", 3});
    parameters.push_back(knob("Delay", P::Scale::linear, 0.0, 90.0, 0.5, 1, "ms"));
    parameters.push_back(knob("Wide", P::Scale::logarithmic, 20.0, 20'000.0, 0.301, 0, " Hz"));
    ParameterRig rig(strips);
    rig.read_all("Trk 4");
    const ControlPath wide = rig.parameter("Trk 4", "CCmpss", "Wide");
    CHECK(rig.session.describe(wide, Displayed{160.0}) == "160 Hz");
    for (const double target : {1992.0, 15'000.0, 90.0}) { // "1992 H", "15000 ", "90 Hz"
        REQUIRE(rig.encode(wide, Displayed{target}));
        rig.end_of_move();
        INFO(rig.failures());
        CHECK(rig.real(3, "CCmpss", "Wide").number() == Approx(target).epsilon(0.06));
        CHECK(std::get<Displayed>(*rig.session.value(wide)->value).value()
              == Approx(rig.real(3, "CCmpss", "Wide").number()).margin(0.51));
    }
    CHECK(rig.failures() == "");
    for (const char* name : {"Enable", "Cut", "Mode", "Tiny"}) {
        INFO(name);
        const ControlPath path = rig.parameter("Trk 4", "CCmpss", name);
        CHECK_FALSE(rig.session.value(path));
        CHECK(rig.encode(path, Displayed{1.0}).error().code == ErrorCode::unsupported);
    }
    const ControlPath delay = rig.parameter("Trk 4", "CCmpss", "Delay");
    CHECK(rig.session.parameter(delay)->unit == "ms");
    CHECK(rig.session.describe(delay, Displayed{12.5}) == "12.5 ms");
    REQUIRE(rig.encode(delay, Displayed{20.0}));
    rig.end_of_move();
    CHECK(rig.failures() == "");
    CHECK(rig.real(3, "CCmpss", "Delay").number() == Approx(20.0).margin(0.8));
}

TEST_CASE("a parameter that was turned since it was read is not written over") {
    ParameterRig rig(plugin_strips(8));
    rig.read_all("Trk 4");
    rig.real(3, "ACE EQ", "Gain3").part = 0.9;
    REQUIRE(rig.encode(rig.parameter("Trk 4", "ACE EQ", "Gain3"), Displayed{-3.0}));
    rig.end_of_move();
    REQUIRE(rig.all<WriteRefused>().size() == 1);
    CHECK(rig.all<WriteRefused>()[0].reason.starts_with("changed since it was looked at"));
    CHECK(rig.real(3, "ACE EQ", "Gain3").part == 0.9);
    // What it saw is told: the next try knows.
    const ControlPath path = rig.parameter("Trk 4", "ACE EQ", "Gain3");
    CHECK(std::get<Displayed>(*rig.session.value(path)->value).value()
          == Approx(16.0).margin(0.06));
}

TEST_CASE("a plug-in that is gone, or another by its name, is refused, and nothing is turned") {
    const int which = GENERATE(0, 1, 2);
    ParameterRig rig(plugin_strips(8));
    rig.read_all("Trk 4");
    const ControlPath path = rig.parameter("Trk 4", "ACE EQ", "Gain3");
    auto& inserts = rig.host.strips[3].inserts;
    if (which == 0) inserts.erase(inserts.begin());
    if (which == 1)
        std::rotate(inserts[0].parameters.begin(), inserts[0].parameters.begin() + 1,
                    inserts[0].parameters.end());
    if (which == 2) inserts[0].parameters.resize(3);
    const auto before = rig.host.strips;
    const std::size_t turns = rig.host.turns_heard();
    REQUIRE(rig.encode(path, Displayed{4.0}));
    rig.end_of_move();
    REQUIRE(rig.all<WriteRefused>().size() == 1);
    INFO(rig.failures());
    CHECK(rig.wait(10s, [&] { return rig.host.is_in_pan(); }));
    for (std::size_t i = 0; i < before.size(); ++i)
        CHECK(rig.host.strips[i].inserts == before[i].inserts);
    CHECK(rig.host.turns_heard() == turns);
    CHECK_FALSE(rig.encode(path, Displayed{4.0}));
    CHECK_FALSE(rig.host.has_crashed());
}

TEST_CASE("two plug-ins of one name, and two pages of the same names, are read, and not set") {
    auto strips = plugin_strips(8);
    strips[3].inserts.push_back(compressor());
    MackieInsert twins{"Twins", {}};
    for (int i = 0; i < 16; ++i)
        twins.parameters.push_back(
            knob("Par" + std::to_string(i % 8), P::Scale::linear, 0.0, 10.0, 0.5));
    twins.parameters.push_back(knob("Last", P::Scale::linear, 0.0, 10.0, 0.5));
    strips[3].inserts.push_back(twins);
    ParameterRig rig(strips);
    rig.read_all("Trk 4");
    REQUIRE(rig.find("Trk 4")->inserts.size() == 4);
    CHECK(rig.encode(rig.parameter("Trk 4", "CCmpss", "Knee"), Displayed{1.0}).error().code
          == ErrorCode::ambiguous);
    CHECK(rig.encode(rig.parameter("Trk 4", "Twins", "Par3"), Displayed{1.0}).error().code
          == ErrorCode::ambiguous);
    REQUIRE(rig.encode(rig.parameter("Trk 4", "Twins", "Last"), Displayed{1.0}));
    rig.end_of_move();
    CHECK(rig.failures() == "");
    CHECK(rig.real(3, "Twins", "Last").number() == Approx(1.0).margin(0.1));
}

TEST_CASE("who selects another strip while a parameter is set keeps it, and no other is turned") {
    const int offset_ms = GENERATE(0, 60, 120, 200, 300, 400, 500, 600, 700, 800, 1000);
    INFO(offset_ms << " ms after the move began");
    ParameterRig rig(plugin_strips(19));
    rig.read_all("Trk 4");
    auto expected = rig.host.strips;
    REQUIRE(rig.encode(rig.parameter("Trk 4", "ACE EQ", "Gain3"), Displayed{14.0}));
    rig.run(Milliseconds{static_cast<double>(offset_ms)}.span());
    rig.select(1);
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 1; }));
    rig.run(20s);
    CHECK(rig.host.is_in_pan());
    CHECK(rig.selected() == "Trk 2;");
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (i != 3) CHECK(rig.host.strips[i].inserts == expected[i].inserts);
    for (P& p : expected[3].inserts[0].parameters)
        if (p.name == "Gain3") p = rig.real(3, "ACE EQ", "Gain3");
    CHECK(rig.host.strips[3].inserts == expected[3].inserts);
}

TEST_CASE("who turns the page on while a parameter is set gets no turn of ours on another") {
    const int offset_ms = GENERATE(range(0, 1500, 25));
    INFO(offset_ms << " ms after the move began");
    ParameterRig rig(plugin_strips(8));
    rig.read_all("Trk 4");
    rig.host.speed = 0.2; // so that it takes its time
    auto expected = rig.host.strips;
    REQUIRE(rig.encode(rig.parameter("Trk 4", "ACE EQ", "Gain1"), Displayed{14.0}));
    rig.run(Milliseconds{static_cast<double>(offset_ms)}.span());
    rig.host.hear(
        MidiMessage{mcu::to_bytes(mcu::FromSurface{mcu::Press{mcu::cursor_right, true}}).value(),
                    0},
        rig.now);
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 1; }));
    rig.run(20s);
    CHECK(rig.host.is_in_pan());
    for (P& p : expected[3].inserts[0].parameters)
        if (p.name == "Gain1") p = rig.real(3, "ACE EQ", "Gain1");
    CHECK(rig.host.strips[3].inserts == expected[3].inserts);
}

TEST_CASE("a host that takes its time for a page gets no turn that was meant for another") {
    const auto latency = GENERATE(100ms, 180ms, 220ms, 260ms, 400ms);
    INFO(latency.count() << " ms");
    MackieHabits slow = ardour_habits();
    slow.latency = latency;
    ParameterRig rig(
        plugin_strips(8), [](HostProfile&) {}, slow);
    rig.read("Trk 4");
    const InsertId id = rig.find("Trk 4")->inserts[0].id;
    auto expected = rig.host.strips;
    REQUIRE(rig.watch("Trk 4", id));
    if (!rig.wait(60s, [&] { return !rig.find("Trk 4")->inserts[0].parameters.empty(); })) {
        CHECK(latency > 200ms); // nobody could say which page it shows
        CHECK(rig.host.strips[3].inserts == expected[3].inserts);
        return;
    }
    rig.run(3s);
    REQUIRE(rig.encode(rig.parameter("Trk 4", "ACE EQ", "Gain4"), Displayed{4.0}));
    rig.end_of_move();
    rig.run(5s);
    for (P& p : expected[3].inserts[0].parameters)
        if (p.name == "Gain4") p = rig.real(3, "ACE EQ", "Gain4");
    CHECK(rig.host.strips[3].inserts == expected[3].inserts);
    CHECK(rig.host.is_in_pan());
}

TEST_CASE("a pot that turns to where its text is no number comes back from there") {
    auto strips = plugin_strips(8);
    P gain = knob("Level", P::Scale::linear, -60.0, 6.0, 0.2);
    gain.foot = "-inf";
    strips[3].inserts[1].parameters.push_back(gain);
    ParameterRig rig(strips);
    rig.read_all("Trk 4");
    const ControlPath path = rig.parameter("Trk 4", "CCmpss", "Level");
    REQUIRE(rig.encode(path, Displayed{-80.0}));
    rig.end_of_move();
    INFO(rig.failures());
    CHECK(rig.all<WriteProved>().empty());
    const P& is = rig.real(3, "CCmpss", "Level");
    CHECK(is.part > 0.0);
    CHECK(std::get<Displayed>(*rig.session.value(path)->value).value()
          == Approx(is.number()).margin(0.051));
}

TEST_CASE("moves that need visits in two banks are all done") {
    ParameterRig rig(plugin_strips(19));
    rig.run(12s);
    rig.read_all("Trk 4");
    rig.read_all("Trk 16");
    REQUIRE(rig.encode(rig.parameter("Trk 16", "CCmpss", "Knee"), Displayed{5.0}));
    REQUIRE(rig.encode(rig.parameter("Trk 4", "CCmpss", "Knee"), Displayed{6.0}));
    REQUIRE(rig.wait(60s, [&] { return rig.ends() == 2; }));
    CHECK(rig.failures() == "");
    CHECK(rig.real(15, "CCmpss", "Knee").number() == Approx(5.0).margin(0.1));
    CHECK(rig.real(3, "CCmpss", "Knee").number() == Approx(6.0).margin(0.1));
}

TEST_CASE("stop ends a parameter's turning, and the surface goes back to PAN") {
    ParameterRig rig(plugin_strips(8));
    rig.read_all("Trk 4");
    rig.host.speed = 0.1;
    REQUIRE(rig.encode(rig.parameter("Trk 4", "CCmpss", "Thrshl"), Displayed{-55.0}));
    REQUIRE(rig.wait(8s, [&] { return rig.host.turns_heard() > 2; }));
    rig.halt();
    rig.run(20ms);
    const std::size_t turns = rig.host.turns_heard();
    REQUIRE(rig.wait(10s, [&] { return rig.ends() == 1; }));
    CHECK(rig.all<WriteProved>().empty());
    rig.run(10s);
    CHECK(rig.host.turns_heard() == turns);
    CHECK(rig.host.is_in_pan());
}
