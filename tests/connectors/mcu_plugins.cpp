// Inserts and their parameters through PLUG-IN: listed when somebody looks, opened when somebody asks for one's parameters.
#include "connectors/mcu/messages.h"
#include "connectors/mcu/visit.h"
#include "tests/support/visit_rig.h"

using namespace prefade;
using namespace prefade::test;

namespace {

MackieInsert insert(const std::string& name, std::size_t parameters) {
    MackieInsert made{name, {}};
    for (std::size_t i = 0; i < parameters; ++i)
        made.parameters.push_back({"Par" + std::to_string(i + 1), std::to_string(10 * i) + ".0",
                                   static_cast<int>(i % 11) + 1});
    return made;
}

/// The fourth has three inserts, the second of `parameters` parameters; the first none.
std::vector<MackieStrip> treated_strips(std::size_t count, std::size_t parameters) {
    auto strips = mackie_strips(count);
    for (std::size_t i = 3; i < count; i += 6)
        strips[i].inserts = {insert("ACE EQ", 24), insert("CCmpss", parameters),
                             insert("Reverb", 5)};
    return strips;
}

} // namespace

TEST_CASE(
    "a look lists the inserts of a strip, in any bank, opens none and gives the selection back") {
    const std::size_t strip = GENERATE(3U, 15U);
    VisitRig rig(treated_strips(19, 8));
    rig.select(1);
    rig.run(12s);
    const auto before = rig.host.strips;
    const std::string name = rig.host.strips[strip].name;
    rig.read(name);
    CHECK(rig.wait(10s, [&] { return rig.host.strips == before; }));
    CHECK(rig.host.is_in_pan());
    CHECK(rig.host.windows() == 0);
    const auto& inserts = rig.find(name)->inserts;
    REQUIRE(inserts.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(inserts[i].plugin == before[strip].inserts[i].name);
        CHECK(inserts[i].slot == i);
        CHECK(inserts[i].parameters.empty());
    }
    CHECK(rig.find(name)->sends.empty());
    const Capabilities can = rig.dialect.capabilities();
    CHECK(can.has(Capability::list_inserts));
    CHECK(can.has(Capability::read_parameter));
    CHECK(can.has(Capability::write_parameter));
    // Looked at again they are the same.
    const InsertId id = inserts[1].id;
    REQUIRE(rig.look(name));
    rig.run(8s);
    CHECK(rig.find(name)->inserts.at(1).id == id);
}

TEST_CASE("who asks for an insert's parameters gets all pages of them, names and texts") {
    const std::size_t count = GENERATE(0U, 3U, 8U, 11U, 16U, 40U);
    INFO(count << " parameters");
    VisitRig rig(treated_strips(8, count));
    rig.select(0);
    rig.run(1s);
    rig.read("Trk 4");
    const InsertId id = rig.find("Trk 4")->inserts[1].id;
    REQUIRE(rig.watch("Trk 4", id));
    REQUIRE(rig.wait(20s, [&] { return !rig.all<ParametersListed>().empty(); }));
    const auto& told = rig.find("Trk 4")->inserts[1].parameters;
    const auto& are = rig.host.strips[3].inserts[1].parameters;
    REQUIRE(told.size() == are.size());
    for (std::size_t i = 0; i < are.size(); ++i) {
        CHECK(told[i].number == i + 1);
        CHECK(told[i].name == are[i].name);
        CHECK(told[i].text == are[i].text);
        CHECK_FALSE(told[i].value.value); // what its range is nobody tells
        CHECK(told[i].displayed.value == Displayed{10.0 * static_cast<double>(i)});
    }
    CHECK(rig.wait(10s, [&] { return rig.selected() == "Trk 1;"; }));
    rig.run(60s);
    CHECK(rig.host.windows() == 1); // once
    CHECK(rig.host.is_in_pan());
    CHECK_FALSE(rig.host.has_crashed());
    CHECK(rig.names() == rig.expected());
}

TEST_CASE("a strip without inserts is told to have none, and one that is gone is not opened") {
    VisitRig rig(treated_strips(8, 8));
    rig.read("Trk 1");
    CHECK(rig.find("Trk 1")->inserts.empty());
    rig.read("Trk 4");
    const InsertId last = rig.find("Trk 4")->inserts[2].id;
    rig.host.strips[3]
        .inserts.pop_back(); // its column is empty now: a press there would end Ardour
    REQUIRE(rig.watch("Trk 4", last));
    rig.run(20s);
    CHECK_FALSE(rig.host.has_crashed());
    CHECK(rig.host.windows() == 0);
    CHECK(rig.find("Trk 4")->inserts.size() == 2);
    CHECK(rig.watch("Trk 4", last).error().code == ErrorCode::not_found);
    CHECK(rig.host.is_in_pan());
}

TEST_CASE("who selects another strip while pages are read keeps it, and nothing is told") {
    const int offset_ms = GENERATE(200, 300, 500, 800);
    INFO(offset_ms << " ms after the question");
    VisitRig rig(treated_strips(8, 40));
    rig.read("Trk 4");
    REQUIRE(rig.watch("Trk 4", rig.find("Trk 4")->inserts[1].id));
    rig.run(Milliseconds{static_cast<double>(offset_ms)}.span());
    rig.select(0);
    rig.run(20s);
    CHECK(rig.all<ParametersListed>().empty());
    CHECK(rig.host.is_in_pan());
    CHECK(rig.selected() == "Trk 1;");
}

TEST_CASE("who selects another strip just before our press arrives gets it back") {
    VisitRig rig(treated_strips(8, 40));
    rig.read("Trk 4");
    REQUIRE(rig.watch("Trk 4", rig.find("Trk 4")->inserts[1].id));
    rig.run(60ms);
    rig.select(0);
    rig.run(30ms);
    REQUIRE(rig.selected() == "Trk 4;"); // the press was on its way
    rig.run(20s);
    CHECK(rig.host.is_in_pan());
    CHECK(rig.selected() == "Trk 1;");
}

TEST_CASE("a selection counts once the names have had time to follow its light") {
    mcu::Surface surface(1);
    TimePoint now{1h};
    std::vector<mcu::Surface::Change> changes;
    std::optional<mcu::Visit> visit;
    const auto says = [&](const mcu::FromHost& message) {
        changes.clear();
        surface.take(0, message, now, changes);
        for (const auto& change : changes)
            if (visit) visit->told(surface, change, now);
    };
    const auto names = [&](const char* text) { says(mcu::DisplayText{{}, 0, text}); };
    const auto lit = [&](std::uint8_t cell) {
        says(mcu::Led{static_cast<std::uint8_t>(mcu::select_of_strip + cell), mcu::LedState::on});
    };
    names("A1     A2     A3     A4     A5     A6     A7     A8    ");
    visit.emplace(4U, mcu::assign_send, surface, now);
    REQUIRE(visit->tick(surface, now)->note == mcu::select_of_strip + 4);
    now += 70ms; // a slow host; another hand has turned the bank before it took our press
    lit(4);
    CHECK_FALSE(visit->tick(surface, now));
    now += 25ms;
    names("B1     B2     B3     B4     B5     B6     B7     B8    ");
    for (int i = 0; i < 20; ++i, now += 20ms) {
        const auto button = visit->tick(surface, now);
        CHECK((!button || button->note == mcu::assign_pan));
    }
    CHECK(visit->why() == "the window became another");
}

TEST_CASE("a host whose profile says nothing of plug-ins is not asked for any") {
    VisitRig rig(treated_strips(8, 8),
                 [](HostProfile& profile) { profile.surface.shows_plugins = false; });
    CHECK_FALSE(rig.dialect.capabilities().has(Capability::list_inserts));
    REQUIRE(rig.look("Trk 4"));
    rig.run(10s);
    CHECK(rig.find("Trk 4")->sends_listed);
    CHECK_FALSE(rig.find("Trk 4")->inserts_listed);
    CHECK(rig.watch("Trk 4", InsertId{1}).error().code == ErrorCode::unsupported);
}
