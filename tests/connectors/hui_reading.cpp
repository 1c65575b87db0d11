// A mixer read through a HUI's window of eight, from hosts with each of the habits.
#include "tests/support/hui_rig.h"

#include <random>

using namespace prefade;
using namespace prefade::test;

namespace {

HuiHabits each_hui() { return hui_habits()[GENERATE(range(std::size_t{0}, std::size_t{5}))]; }

void check_hui_mixer(const HuiRig& rig) {
    const FaderLaw law = hui_profile(rig.host.habits).surface.law;
    REQUIRE(rig.names() == rig.expected());
    for (std::size_t i = 0; i < rig.host.strips.size(); ++i) {
        const HuiStrip& is = rig.host.strips[i];
        const Strip& told = rig.session.strips[i];
        INFO(is.name);
        CHECK(told.name_is_short);
        REQUIRE(told.fader.is_known());
        CHECK(nearly_equal(*told.fader.value, law.level_of(is.fader)));
        CHECK(told.mute.value == is.mute);
        CHECK(told.solo.value == is.solo);
        CHECK(told.arm.value == is.arm);
        REQUIRE(told.pan.is_known());
        CHECK(told.pan.value->value() == Approx((is.ring - 6) / 5.0));
    }
}

std::size_t replies(const HuiRig& rig) {
    return static_cast<std::size_t>(
        std::count_if(rig.said.begin(), rig.said.end(), [](const MidiMessage& m) {
            return m.bytes == std::vector<std::uint8_t>{0x90, 0x00, 0x7F};
        }));
}

} // namespace

TEST_CASE("a HUI's whole mixer is read by its banks, and the window goes back") {
    const HuiHabits habits = each_hui();
    const std::size_t count = GENERATE(1U, 7U, 8U, 9U, 16U, 19U, 33U);
    INFO(habits.name << ", " << count << " strips");
    HuiRig rig(habits, 1, hui_strips(count));
    rig.connect();
    check_hui_mixer(rig);
    CHECK(rig.all<StripsListed>().size() == 1); // found at once
    CHECK(rig.session.host.state == HostState::connected);
}

TEST_CASE("four HUI units are one window of 32") {
    HuiRig rig(HuiHabits{}, 4, hui_strips(40));
    rig.connect();
    check_hui_mixer(rig);
    CHECK(rig.dialect.capabilities().bank_width == 32);
}

TEST_CASE(
    "nothing is said to a HUI host before its first ping, and each ping is answered at once") {
    HuiRig rig(HuiHabits{}, 2, hui_strips(4));
    rig.host.pings = false;
    rig.run(30s);
    CHECK(rig.said.empty());
    rig.hear({0xB0, 0x0C, 0x0E}); // a word that is no ping
    rig.hear({0xB0, 0x2C, 0x44});
    rig.run(5s);
    CHECK(rig.said.empty());
    CHECK(rig.session.host.state != HostState::connected);
    rig.host.pings = true;
    rig.run(1ms);
    rig.run(20ms);
    REQUIRE(rig.said.size() == 2); // one of each unit
    CHECK(rig.said[0].bytes == std::vector<std::uint8_t>{0x90, 0x00, 0x7F});
    CHECK((rig.said[0].port == 0 && rig.said[1].port == 1));
    rig.run(10s);
    CHECK(replies(rig) == 2 + 2 * 10);
    CHECK(rig.session.host.state == HostState::connected);
}

TEST_CASE("a HUI host that pings no more is lost within three seconds, whatever else it says") {
    HuiRig rig(HuiHabits{}, 1, hui_strips(4));
    rig.connect();
    rig.host.pings = false;
    TimePoint lost{};
    for (const TimePoint since = rig.now; rig.now < since + 5s; rig.run(100ms)) {
        rig.hear({0xA0, 0x00, 0x05}); // its meters go on
        if (lost == TimePoint{} && rig.session.host.state == HostState::lost) lost = rig.now;
        if (rig.now < since + 1900ms) CHECK(rig.session.host.state == HostState::connected);
    }
    CHECK(lost != TimePoint{});
    CHECK(rig.all<HostLost>().size() == 1);
    rig.host.pings = true;
    rig.host.strips[1].name = "Solo";
    rig.host.restart(rig.now);
    CHECK(rig.wait(10s, [&] { return rig.names() == rig.expected(); }));
    rig.run(2s);
    check_hui_mixer(rig);
}

TEST_CASE("a HUI host's hands are seen: values, names, a strip taken out, the banks") {
    const HuiHabits habits = each_hui();
    INFO(habits.name);
    HuiRig rig(habits, 1, hui_strips(19));
    rig.connect();
    rig.host.strips[2].fader = 12'000;
    rig.host.strips[2].mute = false;
    rig.host.strips[17].solo = true;
    rig.host.changed(rig.now);
    rig.run(12s);
    check_hui_mixer(rig);
    const StripId fourth = rig.session.strips[3].id;
    rig.host.strips[3].name = "Bass";
    rig.host.changed(rig.now);
    REQUIRE(rig.wait(20s, [&] { return rig.names() == rig.expected(); }));
    CHECK(rig.find("Bass")->id == fourth);
    rig.host.strips.erase(rig.host.strips.begin());
    rig.host.changed(rig.now);
    REQUIRE(rig.wait(20s, [&] { return rig.names() == rig.expected(); }));
    CHECK(rig.find("Bass")->id == fourth);
    rig.host.bank(8, rig.now);
    rig.run(20s);
    check_hui_mixer(rig);
}

TEST_CASE("names that Pro Tools squeezes to four letters are kept as they are shown") {
    HuiHabits habits;
    habits.squeezes_names = true;
    auto strips = hui_strips(5);
    strips[0].name = "Lead Vocal";
    strips[1].name = "Kick In";
    strips[2].name = "Kick Out";
    HuiRig rig(habits, 1, std::move(strips));
    rig.connect();
    check_hui_mixer(rig);
    CHECK(rig.find("LdVc"));
}

TEST_CASE("a HUI's meters are told by side, as coarse as they are, and age when none comes") {
    HuiRig rig(HuiHabits{}, 1, hui_strips(8));
    rig.connect();
    rig.host.strips[1].left = 9; // -6 dBFS and more by the sheet
    rig.host.strips[1].right = 12;
    rig.host.changed(rig.now);
    rig.run(300ms);
    const Strip& strip = rig.session.strips[1];
    const Meter* left = strip.meter(MeterKind::segments, Tap::unknown, Channel::left);
    const Meter* right = strip.meter(MeterKind::segments, Tap::unknown, Channel::right);
    REQUIRE((left && right));
    CHECK((left->latest.value == -6.0 && left->latest.resolution == Decibel{2.0}));
    CHECK(right->latest.value == 0.0); // and over: it is red
    CHECK_FALSE(strip.meter(MeterKind::segments, Tap::unknown, Channel::sum));
    const TimePoint told = left->latest.at;
    rig.run(5s); // it does not fall by itself, and is not told again
    CHECK(strip.meter(MeterKind::segments, Tap::unknown, Channel::left)->latest.value == -6.0);
    CHECK(strip.meter(MeterKind::segments, Tap::unknown, Channel::left)->latest.at - told < 300ms);
    rig.host.strips[1].left = 0;
    rig.host.changed(rig.now);
    rig.run(300ms);
    CHECK(strip.meter(MeterKind::segments, Tap::unknown, Channel::left)->latest.value
          == -std::numeric_limits<double>::infinity());
    for (std::size_t i = 0; i < rig.session.strips.size(); ++i)
        if (i != 1) CHECK(rig.session.strips[i].meters.empty());
}

TEST_CASE("what stands on a meter when the window turns is not taken for the next strip's") {
    HuiRig rig(HuiHabits{}, 1, hui_strips(16));
    rig.connect();
    rig.hear({0xA0, 0x00, 0x0C}); // of whatever stands in the first cell now
    rig.run(40s);                 // the window goes round
    std::size_t metered = 0;
    for (const Strip& strip : rig.session.strips) metered += strip.meters.empty() ? 0 : 1;
    CHECK(metered == 1);
}

TEST_CASE("without a law faders are not read, and that is what the capabilities say") {
    const HuiHabits habits;
    HostProfile profile = hui_profile(habits);
    profile.surface.law = {};
    HuiRig rig(habits, profile, 1, hui_strips(12));
    rig.connect();
    const Capabilities can = rig.dialect.capabilities();
    CHECK_FALSE(can.has(Capability::read_fader));
    CHECK_FALSE(can.has(Capability::write_fader));
    CHECK_FALSE(can.has(Capability::list_inserts));
    CHECK_FALSE(can.has(Capability::full_names));
    CHECK(can.has(Capability::write_mute));
    for (const Strip& strip : rig.session.strips) {
        CHECK_FALSE(strip.fader.is_known());
        CHECK(strip.mute.is_known());
    }
    const std::size_t said = rig.said.size();
    CHECK(rig.encode(rig.path("T3", Control::fader), Decibel{-9}).error().code
          == ErrorCode::unsupported);
    CHECK(rig.said.size() == said);
}

TEST_CASE("a light of which Pro Tools says what nobody understands stays as it is") {
    HuiRig rig(HuiHabits{}, 1, hui_strips(8)); // the third is muted
    rig.connect();
    rig.hear({0xB0, 0x0C, 0x02});
    rig.hear({0xB0, 0x2C, 0x22});
    rig.hear({0xB0, 0x0C, 0x03});
    rig.hear({0xB0, 0x2C, 0x22});
    rig.run(1s);
    CHECK(rig.all<Noticed>().empty());
    check_hui_mixer(rig);
}

TEST_CASE("a HUI's transport is read from its lights and started by its buttons") {
    HuiRig rig(HuiHabits{}, 1, hui_strips(4));
    rig.connect();
    CHECK(rig.session.transport.rolling.value == false);
    DialectOutput out;
    REQUIRE(rig.dialect.transport(true, rig.now, out));
    for (const WireMessage& message : out.to_send)
        rig.host.hear(std::get<MidiMessage>(message), rig.now);
    rig.run(200ms);
    CHECK(rig.host.rolling);
    CHECK(rig.session.transport.rolling.value == true);
}

TEST_CASE("torn and foreign messages of a HUI host are told in words, or passed over") {
    HuiRig rig(HuiHabits{}, 1, hui_strips(4));
    rig.connect();
    const std::size_t before = rig.all<Noticed>().size();
    for (const std::vector<std::uint8_t>& bytes :
         {std::vector<std::uint8_t>{},
          {0xF0},
          {0xB0, 0x20, 0x11}, // half a position
          {0xA0, 0x00, 0x0D},
          {0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x10, 0x00, 'x', 0xF7},
          {0xF0, 0x00, 0x00, 0x66, 0x14, 0x12, 0x00, 'x', 0xF7}, // a Mackie Control's
          {0x90, 0x7F, 0x7F},
          {0xFE}})
        rig.hear(bytes);
    CHECK(rig.all<Noticed>().size() == before + 1); // the rest is counted
    rig.hear({0xB0, 0x00, 0x00}, 5);                // no such unit
    rig.run(2s);
    check_hui_mixer(rig);
}

TEST_CASE("random messages of a HUI host harm nothing: what it says after them is read") {
    const unsigned seed = GENERATE(1U, 2U, 3U);
    std::mt19937 random(seed);
    const auto byte = [&] { return static_cast<std::uint8_t>(random() % 0x80); };
    HuiRig rig(HuiHabits{}, 2, hui_strips(19));
    rig.connect();
    for (int i = 0; i < 3000; ++i) {
        std::vector<std::uint8_t> bytes{0xB0, byte(), byte()};
        switch (random() % 4) {
        case 0: bytes = {0xA0, byte(), byte()}; break;
        case 1:
            bytes = {0xF0, 0x00, 0x00, 0x66,
                     0x05, 0x00, 0x10, static_cast<std::uint8_t>(byte() % 10)};
            for (int letter = 0; letter < 4; ++letter) bytes.push_back(byte());
            bytes.push_back(0xF7);
            break;
        case 2: bytes[1] = byte() % 2 == 0 ? 0x0C : 0x2C; break;
        default: break;
        }
        rig.hear(bytes, static_cast<std::uint8_t>(random() % 3));
        if (i % 100 == 0) rig.run(30ms);
    }
    rig.is_there = false; // and then it starts anew
    rig.run(5s);
    REQUIRE(rig.session.host.state == HostState::lost);
    rig.is_there = true;
    rig.host.restart(rig.now);
    REQUIRE(rig.wait(30s, [&] { return rig.names() == rig.expected(); }));
    rig.run(5s);
    check_hui_mixer(rig);
}
