// A whole mixer through a window of eight, from hosts with the habits of the real ones.
#include "connectors/mcu/messages.h"
#include "tests/support/mackie_rig.h"

#include <limits>

using namespace prefade;
using namespace prefade::test;

namespace {

/// Every strip of the host as the session has it, values included.
void check_mixer(const MackieRig& rig) {
    CHECK(rig.names() == rig.expected());
    const HostProfile profile = mackie_profile(rig.host.habits);
    for (std::size_t i = 0; i < rig.host.strips.size() && i < rig.session.strips.size(); ++i) {
        const MackieStrip& is = rig.host.strips[i];
        const Strip& told = rig.session.strips[i];
        INFO(is.name);
        CHECK(told.name_is_short);
        REQUIRE(told.fader.is_known());
        CHECK(nearly_equal(*told.fader.value, profile.surface.law.level_of(is.fader)));
        CHECK(told.mute.value == is.mute);
        CHECK(told.solo.value == is.solo);
        CHECK(told.arm.value == is.arm);
        REQUIRE(told.pan.is_known());
        CHECK(told.pan.value->value() == Approx(is.pan).margin(0.01));
    }
}

} // namespace

TEST_CASE("every strip of a mixer is read, however many banks it has, and the window goes back") {
    const MackieHabits habits = each_habits();
    const std::size_t count = GENERATE(as<std::size_t>{}, 1, 7, 8, 9, 16, 19, 30);
    const std::size_t from = GENERATE(as<std::size_t>{}, 0, 8);
    INFO(habits.name << ", " << count << " strips, window at " << from);
    MackieRig rig(habits, 1, mackie_strips(count));
    if (from < count) rig.host.bank(static_cast<int>(from), rig.now);
    const std::size_t stood = rig.host.first();
    rig.connect();
    check_mixer(rig);
    CHECK(rig.host.first() == stood);
    REQUIRE(rig.find("Master"));
    CHECK(rig.find("Master")->fader.is_known());
}

TEST_CASE("with extenders the window is wider, and the walk shorter") {
    MackieRig one(ardour_habits(), 1, mackie_strips(30)),
        three(ardour_habits(), 3, mackie_strips(30));
    one.connect();
    three.connect();
    check_mixer(three);
    CHECK(three.host.presses() < one.host.presses());
    CHECK(three.dialect.capabilities().bank_width == 24);
}

TEST_CASE("strips that show the same name are all there, and none is taken for another") {
    for (const MackieHabits& habits : all_habits()) {
        INFO(habits.name);
        auto strips = mackie_strips(19);
        for (std::size_t i : {3U, 11U, 12U, 17U}) strips[i].name = "Guitar";
        MackieRig rig(habits, 1, std::move(strips));
        rig.connect();
        check_mixer(rig);
    }
}

TEST_CASE("a bank of names that equal those before is seen by what else is painted") {
    auto strips = mackie_strips(16);
    for (MackieStrip& strip : strips) strip.name = "Same";
    MackieRig rig(live_habits(), 1, std::move(strips));
    rig.connect();
    check_mixer(rig);
}

TEST_CASE("what a hand at the host does is told of the strip it did it to") {
    MackieRig rig(each_habits(), 1, mackie_strips(12));
    rig.connect();
    rig.host.strips[3].fader = 9999;
    rig.host.strips[5].mute = !rig.host.strips[5].mute;
    rig.host.strips[6].pan = 1.0;
    rig.host.changed(rig.now);
    rig.run(500ms);
    check_mixer(rig);
}

TEST_CASE(
    "another hand on the banks is followed, and values go to the strips that are in sight then") {
    MackieRig rig(each_habits(), 1, mackie_strips(30));
    rig.connect();
    const auto ids = [&] {
        std::vector<StripId> all;
        for (const Strip& strip : rig.session.strips) all.push_back(strip.id);
        return all;
    };
    const auto before = ids();
    for (const int by : {8, 8, -8, 1, 1}) {
        rig.host.bank(by, rig.now);
        rig.host.strips[rig.host.first() + 2].fader = static_cast<std::uint16_t>(4000 + by);
        rig.host.changed(rig.now);
        rig.run(20s);
        check_mixer(rig);
        CHECK(ids() == before);
    }
}

TEST_CASE("a hand on the banks while they are read leaves no hole in the list") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(40));
    if (habits.greeting == MackieHabits::Greeting::none) rig.host.wake(rig.now);
    for (int i = 0; i < 30; ++i) {
        rig.host.bank(i % 3 == 2 ? -8 : 8, rig.now);
        rig.run(Milliseconds{137.0 + 61.0 * (i % 7)}.span());
        if (!rig.names().empty()) CHECK(rig.names() == rig.expected());
    }
    REQUIRE(rig.wait(60s, [&] { return rig.names() == rig.expected(); }));
}

TEST_CASE("a hand that turns the banks back while they are read doubles nothing in the list") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(24));
    rig.connect();
    rig.host.strips[0].name = "New";
    rig.host.changed(rig.now); // all is read once more
    REQUIRE(rig.wait(30s, [&] { return rig.host.first() == 0; }));
    REQUIRE(rig.wait(30s, [&] { return rig.host.first() == 16; }));
    rig.run(350ms); // there it ends; the press that finds that is answered by a hand
    rig.host.bank(GENERATE(-8, -3), rig.now);
    REQUIRE(rig.wait(60s, [&] { return rig.find("New") != nullptr; }));
    for (const StripsListed& listed : rig.all<StripsListed>())
        CHECK(listed.strips.size() <= rig.host.strips.size() + 1);
    CHECK(rig.names() == rig.expected());
}

TEST_CASE("a mixer in which the same few names come again and again is read all the same") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    auto strips = mackie_strips(24);
    const char* parts[] = {"Lead", "Double", "Third", "Fifth"};
    for (std::size_t i = 0; i < strips.size(); ++i) strips[i].name = parts[i % 4];
    MackieRig rig(habits, 1, std::move(strips));
    rig.connect();
    CHECK(rig.names() == rig.expected());
}

TEST_CASE("a strip that is renamed keeps its id; one that comes, goes or moves shifts no other's") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(12));
    rig.connect();
    const auto id_of = [&](const char* name) {
        return rig.find(name) ? rig.find(name)->id : StripId{};
    };
    const StripId third = id_of("Trk 3"), sixth = id_of("Trk 6");
    rig.host.strips[2].name = "Bass";
    rig.host.changed(rig.now);
    REQUIRE(rig.wait(30s, [&] { return rig.find("Bass") != nullptr; }));
    rig.run(2s);
    CHECK(id_of("Bass") == third);

    rig.host.strips.erase(rig.host.strips.begin());
    rig.host.changed(rig.now);
    REQUIRE(rig.wait(30s, [&] { return rig.names().size() == 11; }));
    rig.run(2s);
    check_mixer(rig);
    CHECK(id_of("Bass") == third);
    CHECK(id_of("Trk 6") == sixth);

    std::rotate(rig.host.strips.begin(), rig.host.strips.begin() + 4, rig.host.strips.end());
    rig.host.changed(rig.now);
    REQUIRE(rig.wait(30s, [&] { return rig.names() == rig.expected(); }));
    rig.run(2s);
    check_mixer(rig);
    CHECK(id_of("Bass") == third);
    CHECK(id_of("Trk 6") == sixth);
}

TEST_CASE("no strip is out of sight for long: the window goes round by itself") {
    const MackieHabits habits = each_habits();
    const std::size_t count = GENERATE(as<std::size_t>{}, 9, 19, 64);
    INFO(habits.name << ", " << count << " strips");
    MackieRig rig(habits, 1, mackie_strips(count));
    rig.connect();
    for (int i = 0; i < 20; ++i) {
        rig.run(1s);
        for (const Strip& strip : rig.session.strips) {
            INFO(strip.name);
            CHECK(rig.now - strip.fader.at < 12s);
        }
    }
    check_mixer(rig);
    MackieRig small(habits, 1, mackie_strips(8));
    small.connect();
    const std::size_t presses = small.host.presses();
    small.run(20s);
    CHECK(small.host.presses() == presses);
}

TEST_CASE("meters say their step, fall by themselves and are told of strips in sight only") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(8));
    rig.connect();
    rig.host.strips[1].meter = 9; // -6 dBFS and more by the scale of the profile
    rig.host.changed(rig.now);
    rig.run(200ms);
    const Strip& strip = rig.session.strips[1];
    REQUIRE(strip.meters.size() == 1);
    CHECK(strip.meters[0].latest.kind == MeterKind::segments);
    CHECK(strip.meters[0].latest.tap == Tap::unknown);
    CHECK(strip.meters[0].latest.value == -6.0);
    CHECK(strip.meters[0].latest.resolution == Decibel{2.0});
    rig.run(700ms); // nothing new is told
    CHECK(strip.meters[0].latest.value <= -10.0);
    rig.run(4s);
    CHECK(strip.meters[0].latest.value == -std::numeric_limits<double>::infinity());
    for (std::size_t i = 0; i < rig.session.strips.size(); ++i)
        if (i != 1) CHECK(rig.session.strips[i].meters.empty());
}

TEST_CASE("the transport rolls when its light says so, and is started by its buttons") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(4));
    rig.connect();
    DialectOutput out;
    REQUIRE(rig.dialect.transport(true, rig.now, out));
    for (const WireMessage& message : out.to_send)
        rig.host.hear(std::get<MidiMessage>(message), rig.now);
    rig.run(200ms);
    CHECK(rig.host.rolling);
    CHECK(rig.session.transport.rolling.value == true);
    rig.host.rolling = false;
    rig.host.changed(rig.now);
    rig.run(200ms);
    CHECK(rig.session.transport.rolling.value == false);
}

TEST_CASE("a display that is wiped is no mixer without strips") {
    MackieRig rig(live_habits(), 1, mackie_strips(4));
    rig.connect();
    rig.hear(mcu::SurfaceOrder{mcu::Device::main, mcu::Order::reset});
    rig.run(10s);
    CHECK(rig.names() == rig.expected());
    const auto strips = rig.host.strips;
    REQUIRE(rig.encode({rig.find("Trk 1")->id, Control::fader, {}, 0}, Decibel{-9}));
    rig.run(15s);
    CHECK(rig.all<WriteRefused>().size() == 1); // nothing proves which strip is where
    CHECK(rig.host.strips == strips);
    CHECK(rig.wait(10s, [&] {
        rig.host.restart(rig.now);
        rig.run(3s);
        return rig.names() == rig.expected();
    }));
}

TEST_CASE("a host that has fallen silent is not affirmed: what it told grows old") {
    MackieRig rig(live_habits(), 1, mackie_strips(4)); // no beat, and no more strips than cells
    rig.connect();
    rig.run(30s);
    CHECK(rig.now - rig.session.strips[0].fader.at > 20s);
    rig.host.beat(rig.now);
    rig.run(4s);
    CHECK(rig.now - rig.session.strips[0].fader.at < 5s);
}

TEST_CASE("a transport of which no light was told is not known") {
    MackieHabits habits = live_habits();
    MackieRig rig(habits, 1, mackie_strips(4));
    rig.hear(mcu::DisplayText{mcu::Device::main, 0, "Kick   "});
    rig.run(4s);
    CHECK_FALSE(rig.session.transport.rolling.is_known());
    rig.hear(mcu::Led{mcu::play, mcu::LedState::off});
    CHECK(rig.session.transport.rolling.value == false);
}

TEST_CASE("a host that says goodbye is lost at once, and read again when it is back") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(12));
    rig.connect();
    rig.host.goodbye(rig.now);
    rig.run(100ms);
    CHECK(rig.session.host.state == HostState::lost);
    rig.host.strips[0].name = "Room"; // the hello that it hears next wakes it
    REQUIRE(rig.wait(30s, [&] {
        return rig.session.host.state == HostState::connected && rig.names() == rig.expected();
    }));
}

TEST_CASE("a host that is never silent is lost when it is, where its profile says so") {
    HostProfile profile = mackie_profile(ardour_habits());
    profile.surface.longest_silence = 3s;
    mcu::Dialect dialect(profile, "here", 1);
    DialectOutput out;
    TimePoint now{1h};
    dialect.receive(MidiMessage{{0xD0, 0x00}, 0}, now, out);
    for (; now < TimePoint{1h} + 2900ms; now += 50ms) dialect.tick(now, out);
    const auto lost = [&] {
        return std::any_of(out.observed.begin(), out.observed.end(), [](const Observation& o) {
            return std::holds_alternative<HostLost>(o.what);
        });
    };
    CHECK_FALSE(lost());
    dialect.tick(now + 200ms, out);
    CHECK(lost());
}

TEST_CASE("torn and foreign messages are told in words, or passed over, and harm nothing") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(4));
    rig.connect();
    DialectOutput out;
    for (const std::vector<std::uint8_t>& bytes :
         {std::vector<std::uint8_t>{},
          {0xF0},
          {0xF0, 0x00, 0x00, 0x66, 0x14, 0x12, 0x70, 'x', 0xF7},
          {0xE0, 0x00},
          {0xF0, 0x7E, 0x00, 0x06, 0x01, 0xF7},
          {0x90, 0x7F, 0x7F},
          {0xFE}})
        rig.dialect.receive(MidiMessage{bytes, 0}, rig.now, out);
    rig.dialect.receive(MidiMessage{{0xE0, 0x00, 0x00}, 5}, rig.now, out);
    rig.dialect.receive(OscMessage{"/strip", {}}, rig.now, out);
    CHECK(
        std::count_if(out.observed.begin(), out.observed.end(),
                      [](const Observation& o) { return std::holds_alternative<Noticed>(o.what); })
        == 1);
    rig.run(500ms);
    check_mixer(rig);
}
