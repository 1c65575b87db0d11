// The session and its only writer: every kind of observation, in order and out of it.
#include "core/observation.h"
#include "tests/support/catch.h"
#include "tests/support/moment.h"

#include <limits>
#include <string>

using namespace prefade;
using test::infinity, test::now;
using namespace std::chrono_literals;

namespace {

const StripId kick{1}, vox{2}, unknown{99};
const InsertId eq{5};
const SendId reverb{6};
const ControlPath vox_fader{vox, Control::fader, {}, 0};

StripsListed::Entry entry(StripId id, const char* name, bool broken = false) {
    return {id, name, false, StripKind::audio_track, false, broken};
}

/// Two strips, the second with a plugin and a send, at a connected host; epoch 3.
struct Scene {
    Session session;
    Scene() {
        tell(HostFound{"fake", "1", "here"});
        tell(StripsListed{{entry(kick, "Kick"), entry(vox, "Vox")}, true});
        tell(InsertsListed{vox, {{eq, "EQ", 0, 0, {}, {}}}, false});
        Parameter gain;
        gain.number = 7;
        gain.name = "Gain";
        gain.minimum = -20.0;
        gain.maximum = 20.0;
        tell(ParametersListed{vox, eq, {gain}});
        tell(SendsListed{vox, {{reverb, "Reverb", 0, 0, {}, {}}}, false});
    }
    void tell(Happening what, TimePoint at = now) { apply(session, {at, std::move(what)}); }
    const Strip& strip(StripId id) const {
        REQUIRE(session.find(id));
        return *session.find(id);
    }
    const Strip& strip() const { return strip(vox); }
};

} // namespace

TEST_CASE("each control learns its value and when the host said so") {
    Scene s;
    const std::pair<ControlPath, ControlValue> told[] = {
        {{vox, Control::trim, {}, 0}, Decibel{1.0}},
        {vox_fader, Decibel{-4.5}},
        {{vox, Control::pan, {}, 0}, Pan{-0.5}},
        {{vox, Control::mute, {}, 0}, true},
        {{vox, Control::solo, {}, 0}, true},
        {{vox, Control::send, reverb, 0}, Decibel{-9.0}},
        {{vox, Control::send_enabled, reverb, 0}, true},
        {{vox, Control::bypass, eq, 0}, true},
        {{vox, Control::parameter, eq, 7}, Normalized{0.75}},
    };
    static_assert(std::size(told) == control_names.size());
    for (const auto& [path, value] : told) CHECK_FALSE(s.session.value(path));
    for (const auto& [path, value] : told) s.tell(ControlChanged{path, value}, now + 1s);
    for (const auto& [path, value] : told) {
        INFO(s.session.describe(path));
        const auto known = s.session.value(path);
        REQUIRE(known);
        CHECK(known->value == value);
        CHECK(known->at == now + 1s);
    }
    CHECK(s.session.parameter({vox, Control::parameter, eq, 7})->plain == Approx(10.0));
    CHECK_FALSE(s.strip(kick).fader.is_known());
}

TEST_CASE("what names nothing that is there changes nothing") {
    Scene s;
    const std::uint64_t epoch = s.session.epoch;
    const Happening happenings[] = {
        ControlChanged{{unknown, Control::fader, {}, 0}, Decibel{0.0}},
        ControlChanged{{StripId{}, Control::fader, {}, 0}, Decibel{0.0}},
        ControlChanged{{vox, Control::send, SendId{99}, 0}, Decibel{0.0}},
        ControlChanged{{vox, Control::send, InsertId{6}, 0}, Decibel{0.0}},
        ControlChanged{{vox, Control::parameter, eq, 8}, Normalized{0.0}},
        ControlChanged{{vox, Control::parameter, InsertId{99}, 7}, Normalized{0.0}},
        ControlChanged{{vox, Control::bypass, {}, 0}, true},
        ControlChanged{vox_fader, true}, // not what a fader holds
        ControlChanged{{vox, Control::mute, {}, 0}, Decibel{0.0}},
        ControlChanged{{vox, static_cast<Control>(99), {}, 0}, Decibel{0.0}},
        StripRenamed{unknown, "x"},
        ArmChanged{unknown, true},
        AutomationChanged{unknown, AutomationMode::write},
        Metered{unknown, {}},
        Touched{unknown, true},
        InsertsListed{unknown, {{eq, "EQ", 0, 0, {}, {}}}, true},
        ParametersListed{unknown, eq, {{}}},
        ParametersListed{vox, InsertId{99}, {{}}},
        SendsListed{unknown, {{reverb, "x", 0, 0, {}, {}}}, true},
        WriteBegins{MoveId{1}, Decibel{}},
        WriteInPlace{MoveId{1}, Decibel{}},
        WriteProved{MoveId{1}, Decibel{}},
        WriteSuperseded{MoveId{1}, Decibel{}, ""},
        WriteRefused{MoveId{1}, ""},
        WriteUnproved{MoveId{1}, "", {}},
        WriteFailed{MoveId{1}, "", {}},
        WriteMisled{MoveId{1}, vox_fader, Decibel{}, true},
        CapabilitiesChanged{},
        Noticed{"x"},
    };
    for (const Happening& what : happenings) s.tell(what);
    CHECK(s.session.epoch == epoch);
    CHECK(s.session.strips.size() == 2);
    CHECK(s.strip().name == "Vox");
    CHECK_FALSE(s.strip().fader.is_known());
    CHECK_FALSE(s.strip().mute.is_known());
    CHECK_FALSE(s.strip().inserts[0].bypassed.is_known());
    CHECK_FALSE(s.strip().sends[0].level.is_known());
    CHECK(s.strip().meters.empty());
    CHECK_FALSE(s.strip().touched);
    CHECK(s.strip().inserts[0].parameters.size() == 1);
}

TEST_CASE("the rest of what a host says of a strip is learned as said") {
    Scene s;
    s.tell(StripRenamed{vox, "Lead Vox"});
    s.tell(ArmChanged{vox, true});
    s.tell(AutomationChanged{vox, AutomationMode::latch});
    s.tell(Touched{vox, true});
    CHECK(s.strip().name == "Lead Vox");
    CHECK(s.strip().arm.value == true);
    CHECK(s.strip().automation.value == AutomationMode::latch);
    CHECK(s.strip().touched);
    s.tell(Touched{vox, false}, now + 2s);
    CHECK_FALSE(s.strip().touched);
    CHECK(s.strip().hand_at == now + 2s);
    CHECK(s.session.identity_since(vox_fader) == 3); // a told rename breaks no identity
}

TEST_CASE("a meter keeps its newest reading for each kind, tap and channel") {
    Scene s;
    const auto read = [&](MeterKind kind, Tap tap, Channel channel, double value) {
        s.tell(Metered{vox, {kind, channel, tap, value, Decibel{0.1}, now}});
    };
    read(MeterKind::sample_peak, Tap::post_fader, Channel::sum, -6.0);
    read(MeterKind::sample_peak, Tap::post_fader, Channel::sum, -9.0);
    read(MeterKind::sample_peak, Tap::pre_fader, Channel::sum, -3.0);
    read(MeterKind::sample_peak, Tap::post_fader, Channel::left, -infinity);
    read(MeterKind::lufs_short_term, Tap::post_fader, Channel::sum, -18.0);
    CHECK(s.strip().meters.size() == 4);
    const Meter* m = s.strip().meter(MeterKind::sample_peak, Tap::post_fader);
    REQUIRE(m);
    CHECK(m->latest.value == -9.0);
    CHECK(m->recent.maximum(now, 1s) == -6.0);
    CHECK(s.strip().meter(MeterKind::true_peak, Tap::post_fader) == nullptr);
    CHECK(s.strip().meter(MeterKind::sample_peak, Tap::input) == nullptr);
}

TEST_CASE("a strip keeps what is known of it across a list, and its place is the list's") {
    Scene s;
    s.tell(ControlChanged{vox_fader, Decibel{-4.5}});
    const StripId bass{3};
    s.tell(StripsListed{{entry(vox, "Voice"), entry(bass, "Bass"), entry(kick, "Kick")}, true});
    CHECK(s.session.epoch == 4);
    CHECK(s.strip().name == "Voice");
    CHECK(s.strip().fader.value == Decibel{-4.5});
    CHECK(s.strip().inserts.size() == 1);
    CHECK(s.strip().position == 0);
    CHECK(s.strip(kick).position == 2);
    CHECK(s.session.identity_since(vox_fader) == 3);
    CHECK(s.session.identity_since({bass, Control::fader, {}, 0}) == 4);
    s.tell(StripsListed{{entry(bass, "Bass")}, true});
    CHECK(s.session.strips.size() == 1);
    CHECK_FALSE(s.session.identity_since(vox_fader));
    s.tell(StripsListed{{entry(bass, "Bass"), entry(vox, "Vox")}, true}); // back, and a stranger
    CHECK_FALSE(s.strip().fader.is_known());
    CHECK(s.session.identity_since(vox_fader) == 6);
}

TEST_CASE("a list without a change of structure leaves the epoch") {
    Scene s;
    s.tell(StripsListed{{entry(kick, "Kick"), entry(vox, "Vox")}, false});
    s.tell(InsertsListed{vox, {{eq, "EQ", 0, 0, {}, {}}}, false});
    s.tell(SendsListed{vox, {{reverb, "Reverb", 0, 0, {}, {}}}, false});
    CHECK(s.session.epoch == 3);
}

TEST_CASE("a strip whose identity broke is a new one, whatever the list says of the structure") {
    Scene s;
    s.tell(ControlChanged{vox_fader, Decibel{-4.5}});
    const bool structure_changed = GENERATE(true, false);
    s.tell(StripsListed{{entry(kick, "Kick"), entry(vox, "Vox", true)}, structure_changed});
    CHECK_FALSE(s.strip().fader.is_known());
    CHECK(s.strip().inserts.empty());
    CHECK(s.session.identity_since(vox_fader) == 4); // a move of epoch 3 does not reach it
    CHECK(s.session.identity_since({kick, Control::fader, {}, 0}) == 3);
}

TEST_CASE("an id stands for one thing, however often a list says it, and none for nothing") {
    Scene s;
    s.tell(ControlChanged{vox_fader, Decibel{-4.5}});
    s.tell(StripsListed{
        {entry(vox, "Vox"), entry(vox, "Twin"), entry(StripId{}, "None"), entry(kick, "Kick")},
        true});
    REQUIRE(s.session.strips.size() == 2);
    CHECK(s.strip().name == "Vox");
    CHECK(s.strip().fader.value == Decibel{-4.5});
    CHECK(s.strip(kick).position == 1);
    s.tell(InsertsListed{vox, {{eq, "EQ", 0, 0, {}, {}}, {eq, "Twin", 1, 0, {}, {}}}, false});
    REQUIRE(s.strip().inserts.size() == 1);
    CHECK(s.strip().inserts[0].parameters.size() == 1);
    s.tell(SendsListed{
        vox, {{SendId{}, "None", 0, 0, {}, {}}, {reverb, "Reverb", 0, 0, {}, {}}}, false});
    CHECK(s.strip().sends.size() == 1);
}

TEST_CASE("inserts and sends keep their values across a list, move, come and go") {
    Scene s;
    s.tell(ControlChanged{{vox, Control::bypass, eq, 0}, true});
    s.tell(ControlChanged{{vox, Control::send, reverb, 0}, Decibel{-9.0}});
    const InsertId compressor{8};
    s.tell(
        InsertsListed{vox, {{compressor, "Comp", 0, 0, {}, {}}, {eq, "EQ", 1, 0, {}, {}}}, true});
    s.tell(SendsListed{
        vox, {{SendId{9}, "Delay", 0, 0, {}, {}}, {reverb, "Hall", 1, 0, {}, {}}}, true});
    CHECK(s.session.epoch == 5);
    const Insert* kept = s.session.find(vox, eq);
    REQUIRE(kept);
    CHECK(kept->slot == 1);
    CHECK(kept->bypassed.value == true);
    CHECK(kept->parameters.size() == 1);
    CHECK(s.session.find(vox, reverb)->level.value == Decibel{-9.0});
    CHECK(s.session.find(vox, reverb)->destination == "Hall");
    CHECK(s.session.identity_since({vox, Control::bypass, eq, 0}) == 3);
    CHECK(s.session.identity_since({vox, Control::bypass, compressor, 0}) == 4);
    CHECK(s.session.identity_since({vox, Control::send, SendId{9}, 0}) == 5);
    CHECK_FALSE(s.session.identity_since({vox, Control::bypass, InsertId{77}, 0}));
    CHECK_FALSE(s.session.identity_since({vox, Control::send, SendId{77}, 0}));
    Known<bool> off;
    off.learn(false, now);
    s.tell(InsertsListed{vox, {{eq, "EQ", 0, 0, off, {}}}, true}); // this list tells the switch too
    CHECK(s.session.find(vox, eq)->bypassed.value == false);
    CHECK(s.session.find(vox, compressor) == nullptr);
}

TEST_CASE(
    "a host that is found again voids strips, markers and transport; a lost one the transport") {
    Scene s;
    s.tell(SessionNamed{"song"});
    s.tell(MarkersListed{{{"verse", 12.0}}});
    s.tell(TransportChanged{true, false, 3.5});
    s.tell(TransportChanged{std::nullopt, true, std::nullopt});
    CHECK(s.session.transport.rolling.value == true);
    CHECK(s.session.transport.recording.value == true);
    CHECK(s.session.transport.seconds.value == 3.5);
    s.tell(HostLost{"gone"}, now + 1s);
    CHECK(s.session.host.state == HostState::lost);
    CHECK(s.session.host.since == now + 1s);
    CHECK_FALSE(s.session.transport.rolling.is_known());
    CHECK(s.session.strips.size() == 2); // with their ages
    CHECK(s.session.markers.size() == 1);
    const std::uint64_t epoch = s.session.epoch;
    s.tell(HostFound{"fake", "2", "there"}, now + 2s);
    CHECK(s.session.host.state == HostState::connected);
    CHECK(s.session.host.version == "2");
    CHECK(s.session.strips.empty());
    CHECK(s.session.markers.empty());
    CHECK(s.session.epoch > epoch);
}

TEST_CASE("values as far out as a double goes are held as told and crash nothing") {
    Scene s;
    for (const double huge : {infinity, -infinity, 1e308, -1e308, 5e-324}) {
        s.tell(ControlChanged{vox_fader, Decibel{huge}});
        CHECK(s.strip().fader.value == Decibel{huge});
        s.tell(ControlChanged{{vox, Control::pan, {}, 0}, Pan{huge}});
        s.tell(ControlChanged{{vox, Control::parameter, eq, 7}, Normalized{huge}});
        const double plain = s.session.parameter({vox, Control::parameter, eq, 7})->plain;
        CHECK(plain >= -20.0);
        CHECK(plain <= 20.0);
        s.tell(Metered{vox, {MeterKind::sample_peak, Channel::sum, Tap::input, huge, {}, now}});
        s.tell(TransportChanged{true, true, huge});
        CHECK_FALSE(s.session.describe(vox_fader, Decibel{huge}).empty());
    }
    StripsListed many;
    for (std::uint32_t id = 1; id <= 2000; ++id) many.strips.push_back(entry(StripId{id}, ""));
    many.structure_changed = true;
    s.tell(many);
    CHECK(s.session.strips.size() == 2000);
    CHECK(s.strip(StripId{2000}).position == 1999);
}

TEST_CASE("a path is described with what is known of it, and by number where nothing is") {
    Scene s;
    CHECK(s.session.describe(vox_fader) == "\"Vox\" fader");
    CHECK(s.session.describe({vox, Control::bypass, eq, 0}) == "\"Vox\" EQ bypass");
    CHECK(s.session.describe({vox, Control::parameter, eq, 7}) == "\"Vox\" EQ / Gain");
    CHECK(s.session.describe({vox, Control::parameter, eq, 8}) == "\"Vox\" EQ / parameter 8");
    CHECK(s.session.describe({vox, Control::send, reverb, 0}) == "\"Vox\" send to \"Reverb\"");
    CHECK(s.session.describe({vox, Control::send_enabled, SendId{9}, 0})
          == "\"Vox\" send switch to 9");
    CHECK(s.session.describe({unknown, Control::bypass, InsertId{4}, 0})
          == "strip 99 insert 4 bypass");
    CHECK(s.session.describe({vox, Control::parameter, eq, 7}, Normalized{0.25}) == "-10");
    CHECK(s.session.describe({vox, Control::parameter, eq, 8}, Normalized{0.25}) == "0.2500");
}

TEST_CASE("a parameter's own numbers and its range go into each other exactly") {
    Parameter p;
    p.minimum = 20.0;
    p.maximum = 20'000.0;
    for (const bool logarithmic : {false, true}) {
        p.logarithmic = logarithmic;
        CHECK(plain_of(p, Normalized{0.0}) == 20.0);
        CHECK(plain_of(p, Normalized{1.0}) == 20'000.0);
        CHECK(plain_of(p, Normalized{2.0}) == 20'000.0);
        CHECK(normalized_of(p, 1e9) == Normalized{1.0});
        CHECK(normalized_of(p, -5.0) == Normalized{0.0});
        double last = 0.0;
        for (int i = 1; i <= 100; ++i) {
            const double plain = plain_of(p, Normalized{i / 100.0});
            CHECK(plain > last);
            CHECK(normalized_of(p, plain).value() == Approx(i / 100.0).epsilon(1e-12));
            last = plain;
        }
    }
    CHECK(plain_of(p, Normalized{0.5}) == Approx(632.4555));
    p.minimum = p.maximum = 3.0; // a parameter with one value
    CHECK(plain_of(p, Normalized{0.7}) == 3.0);
    CHECK(normalized_of(p, 3.0) == Normalized{0.0});
    p.minimum = -20.0;
    p.maximum = 20.0; // logarithmic over 0 makes no sense: linear
    CHECK(plain_of(p, Normalized{0.5}) == 0.0);
}

TEST_CASE("every kind of reading has its unit") {
    for (const auto& [kind, name] : meter_kind_names) CHECK_FALSE(unit_of(kind).empty());
    CHECK(unit_of(MeterKind::true_peak) == "dBTP");
    CHECK(unit_of(MeterKind::lufs_integrated) == "LUFS");
    CHECK(unit_of(static_cast<MeterKind>(99)).empty());
}

TEST_CASE("a tone is the mean of what sounded, silence says nothing of it, and it forgets") {
    Session session;
    const auto at = [](double seconds) {
        return TimePoint{std::chrono::hours(1)}
               + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
    };
    apply(session, {at(0), StripsListed{{{StripId{1}, "Vox"}}, true}});
    BandEnergies low{}, high{}, wrong{};
    low[5] = high[30] = 0.01F;
    wrong[5] = std::numeric_limits<float>::quiet_NaN();
    const auto hear = [&](const BandEnergies& energies, double seconds, double when) {
        apply(session, {at(when), SpectraHeard{{{StripId{1}, energies}, {StripId{7}, energies}},
                                               Tap::post_fader,
                                               seconds}});
    };
    hear({}, 1.0, 1.0);
    CHECK_FALSE(session.strips[0].spectrum);
    hear(low, 3.0, 4.0);
    hear(wrong, 1.0, 5.0);
    hear({}, 5.0, 9.0);
    hear(high, 1.0, 10.0);
    REQUIRE(session.strips[0].spectrum);
    CHECK(session.strips[0].spectrum->seconds == Approx(4.0));
    CHECK(session.strips[0].spectrum->energies[5] == Approx(0.0075));
    CHECK(session.strips[0].spectrum->energies[30] == Approx(0.0025));
    for (int k = 0; k < 100; ++k) hear(high, 1.0, 11.0 + k);
    CHECK(session.strips[0].spectrum->seconds == Approx(Spectrum::memory));
    CHECK(session.strips[0].spectrum->energies[5] < 1e-5F);
}

TEST_CASE("a conflict keeps the time since when it is there, and goes with its strips") {
    Session session;
    const TimePoint start{std::chrono::hours(1)};
    apply(session, {start, StripsListed{{{StripId{1}, "Kick"}, {StripId{2}, "Bass"}}, true}});
    Masking conflict;
    conflict.masker = StripId{1};
    conflict.target = StripId{2};
    conflict.low = Hertz{47.0};
    Masking of_nobody = conflict;
    of_nobody.target = StripId{9};
    apply(session, {start, MaskingHeard{{conflict, of_nobody}}});
    REQUIRE(session.masking.size() == 1);
    apply(session, {start + std::chrono::seconds(5), MaskingHeard{{conflict}}});
    CHECK(session.masking[0].since == start);
    CHECK(session.masking[0].at == start + std::chrono::seconds(5));
    apply(session, {start, StripsListed{{{StripId{2}, "Bass"}}, true}});
    CHECK(session.masking.empty());
}
