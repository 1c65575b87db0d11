#include "tests/support/sim_desk.h"

using namespace prefade;
using namespace prefade::test;

// ---- reading --------------------------------------------------------------------------------

TEST_CASE("everything an Ardour session holds is read after connecting") {
    SimDesk desk;
    desk.sim.strip("Kick").mute = true;
    desk.sim.strip("Bass").record = true;
    desk.sim.strip("Vox").gain_mode = 1;
    desk.sim.strip("Reverb").hidden = true;
    desk.connect();
    CHECK(desk.session.host.name == "ardour");
    CHECK(desk.session.host.session_name == "mix");
    const std::vector<std::pair<std::string, StripKind>> expected{
        {"Kick", StripKind::audio_track}, {"Bass", StripKind::audio_track},
        {"Vox", StripKind::audio_track},  {"Reverb", StripKind::audio_bus},
        {"Drums", StripKind::vca},        {"Master", StripKind::master}};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(desk.session.strips[i].name == expected[i].first);
        CHECK(desk.session.strips[i].kind == expected[i].second);
        CHECK(desk.session.strips[i].position == i);
    }
    CHECK(desk.strip("Kick").fader.value->value() == Approx(-3.2));
    CHECK(desk.strip("Kick").mute.value == true);
    CHECK(desk.strip("Bass").trim.value->value() == Approx(1.5));
    CHECK(desk.strip("Bass").arm.value == true);
    CHECK(desk.strip("Vox").pan.value->value() == Approx(-0.3));
    CHECK(desk.strip("Vox").automation.value == AutomationMode::read);
    CHECK(desk.strip("Reverb").hidden);
    CHECK_FALSE(desk.strip("Drums").trim.is_known());
    CHECK(desk.session.transport.rolling.value == false);
}

TEST_CASE("sends, inserts and all their parameters are read, with text and unit") {
    SimDesk desk;
    desk.connect();
    for (const Strip& strip : desk.session.strips) {
        INFO(strip.name);
        CHECK(strip.inserts_listed);
        CHECK(strip.sends_listed);
    }
    const Strip& vox = desk.strip("Vox");
    REQUIRE(vox.sends.size() == 1);
    CHECK(vox.sends[0].destination == "Reverb");
    CHECK(vox.sends[0].level.value->value() == Approx(-9.5).margin(1e-4));
    CHECK(vox.sends[0].enabled.value == true);
    REQUIRE(vox.inserts.size() == 2);
    CHECK(vox.inserts[0].plugin == "ACE EQ");
    CHECK(vox.inserts[1].slot == 1);
    CHECK(vox.inserts[0].bypassed.value == false);
    REQUIRE(vox.inserts[0].parameters.size() == 2);
    const Parameter& frequency = vox.inserts[0].parameters[0];
    CHECK(frequency.logarithmic);
    CHECK(frequency.text == "300 Hz");
    CHECK(frequency.unit == "Hz");
    CHECK(plain_of(frequency, *frequency.value.value) == Approx(300));
    CHECK(vox.inserts[0].parameters[1].text == "1.5 dB");
    REQUIRE(vox.inserts[1].parameters.size() == 4);
    CHECK(vox.inserts[1].parameters[2].output);
    CHECK(vox.inserts[1].parameters[3].text == "on");
}

TEST_CASE("an enumeration shows the label of its present point") {
    SimDesk desk;
    desk.sim.strip("Kick").plugins = {
        {"ACE Delay",
         {{"Divisor",
           131,
           1,
           48,
           4,
           "",
           {{1, "a - Whole note"}, {4, "c - Quarter"}, {2, "b - Half note"}}}}}};
    desk.connect();
    const Parameter& divisor = desk.strip("Kick").inserts.at(0).parameters.at(0);
    CHECK(divisor.text == "c - Quarter");
    CHECK(divisor.stepped);
}

TEST_CASE("a hand in Ardour is seen at once, and silence is silence") {
    SimDesk desk;
    desk.connect();
    desk.sim.set_gain("Vox", -12.5);
    desk.sim.set_mute("Vox", true);
    desk.sim.set_pan("Vox", 0.0F);
    desk.sim.set_gain("Kick", -300);
    desk.run(5ms);
    CHECK(desk.strip("Vox").fader.value->value() == Approx(-12.5));
    CHECK(desk.strip("Vox").mute.value == true);
    CHECK(desk.strip("Vox").pan.value->value() == Approx(1.0)); // Ardour's 0 is hard right
    CHECK(desk.strip("Kick").fader.value->is_silence());
}

TEST_CASE(
    "meters are readings after the fader, and a silent strip goes on being silent while rolling") {
    SimDesk desk;
    desk.connect();
    desk.sim.roll(true);
    desk.sim.set_meter("Vox", -14.25F);
    CHECK(desk.strip("Drums").meters.empty()); // what a dump tells of a VCA is no meter
    desk.run(300ms);
    CHECK(desk.session.transport.rolling.value == true);
    const Meter* meter = desk.strip("Vox").meter(MeterKind::sample_peak, Tap::post_fader);
    REQUIRE(meter);
    CHECK(meter->latest.value == Approx(-14.25));
    CHECK(meter->latest.resolution == Decibel{0.1});
    desk.run(5s);
    const Meter* silent = desk.strip("Kick").meter(MeterKind::sample_peak, Tap::post_fader);
    REQUIRE(silent);
    CHECK(silent->latest.value == -std::numeric_limits<double>::infinity());
    CHECK(desk.now - silent->latest.at <= 1100ms);
    CHECK(desk.now - meter->latest.at > 4s); // an unchanged level is not invented again
}

TEST_CASE("a locate while rolling is no stop, and passed markers get their place") {
    SimDesk desk;
    desk.connect();
    desk.sim.roll(true);
    desk.run(5ms);
    desk.hear({"/transport_play", {0.0F}});
    desk.hear({"/transport_stop", {0.0F}});
    CHECK(desk.session.transport.rolling.value == true);
    desk.sim.locate(1.9, "start <-> Verse");
    desk.sim.locate(2.0, "Verse <-> Chorus");
    desk.sim.locate(14.95, "Verse <-> Chorus");
    desk.sim.locate(15.05, "Chorus <-> end");
    desk.run(5ms);
    REQUIRE(desk.session.markers.size() == 2);
    CHECK(desk.session.markers[0].name == "Verse");
    CHECK(desk.session.markers[0].seconds == Approx(2.0));
    CHECK(desk.session.markers[1].seconds == Approx(15.05));
    CHECK(desk.session.transport.seconds.value == Approx(15.05));
    desk.hear({"/transport_stop", {1.0F}});
    CHECK(desk.session.transport.rolling.value == false);
}

TEST_CASE("recording is armed and rolling, not one of them") {
    SimDesk desk;
    desk.connect();
    desk.hear({"/record_tally", {1.0F}});
    CHECK_FALSE(desk.session.transport.recording.value.value_or(false));
    desk.sim.roll(true);
    desk.run(5ms);
    CHECK(desk.session.transport.recording.value == true);
    desk.sim.roll(false);
    desk.run(5ms);
    CHECK(desk.session.transport.recording.value == false);
}

TEST_CASE("watched parameters stay fresh, others are left alone") {
    SimDesk desk;
    desk.connect();
    const ControlPath threshold = desk.path("Bass", "ACE Compressor", 2);
    DialectOutput out;
    REQUIRE(desk.dialect.watch(threshold.strip, threshold.insert(), desk.now + 10s, desk.now, out));
    desk.talk(std::move(out));
    desk.sim.strip("Bass").plugins[0].parameters[1].value = -30;
    desk.run(1200ms);
    CHECK(desk.session.parameter(threshold)->plain == Approx(-30));
    CHECK(desk.session.parameter(threshold)->text == "-30");
    const TimePoint other = desk.session.parameter(desk.path("Vox", "ACE EQ", 1))->value.at;
    CHECK(desk.now - other > 1s);
    DialectOutput none;
    CHECK(desk.dialect.watch(threshold.strip, InsertId{99}, desk.now + 1s, desk.now, none)
              .error()
              .code
          == ErrorCode::not_found);
    CHECK(desk.dialect.watch(StripId{99}, InsertId{1}, desk.now + 1s, desk.now, none).error().code
          == ErrorCode::not_found);
}

TEST_CASE("at rest two hundred strips cost few messages") {
    SimDesk desk;
    for (int i = 0; i < 194; ++i) {
        SimStrip strip;
        strip.name = "Extra " + std::to_string(i);
        desk.sim.add(strip, 3);
    }
    desk.run(10s);
    REQUIRE(desk.session.strips.size() == 200);
    desk.forget();
    const auto dumps = desk.sim.dumps;
    desk.run(10s);
    CHECK(desk.sim.dumps == dumps);
    CHECK(desk.sent < 300);
}

// ---- structure ------------------------------------------------------------------------------

TEST_CASE(
    "a strip keeps its id and values when others are added, removed, moved and hidden around it") {
    SimDesk desk;
    desk.connect();
    const StripId vox = desk.strip("Vox").id, bass = desk.strip("Bass").id;
    const InsertId eq = desk.strip("Vox").inserts[0].id;
    const auto epoch = desk.session.epoch;
    SimStrip added;
    added.name = "New";
    added.gain = gain_of(-20);
    desk.sim.add(added, 0);
    desk.run(300ms);
    REQUIRE(desk.session.strips.size() == 7);
    CHECK(desk.session.epoch > epoch);
    CHECK(desk.session.strips[0].name == "New");
    CHECK(desk.strip("New").fader.value->value() == Approx(-20));
    CHECK(desk.strip("Vox").id == vox);
    CHECK(desk.strip("Vox").fader.value->value() == Approx(-2.6));
    CHECK(desk.strip("Vox").inserts.at(0).id == eq);
    CHECK(desk.strip("Vox").inserts.at(0).parameters.size() == 2);

    desk.sim.remove("Bass");
    desk.run(300ms);
    CHECK(desk.session.strips.size() == 6);
    CHECK(desk.session.find(bass) == nullptr);
    CHECK(desk.strip("Vox").id == vox);

    desk.sim.move("Vox", 0);
    desk.run(300ms);
    CHECK(desk.session.strips[0].id == vox);
    CHECK(desk.session.identity_since(desk.path("Vox", Control::fader)) <= epoch);

    desk.sim.hide("Kick", true);
    desk.run(300ms);
    CHECK(desk.strip("Kick").hidden);
    CHECK(desk.session.strips.size() == 6);
}

TEST_CASE("feedback that arrives with new numbers never reaches the strip that had them before") {
    SimDesk desk;
    desk.connect();
    desk.forget();
    SimStrip added;
    added.name = "New";
    added.gain = gain_of(-40);
    desk.sim.add(added, 1); // everything from Bass on shifts
    desk.run(300ms);
    for (const auto& changed : desk.all<ControlChanged>()) {
        if (changed.path.control != Control::fader) continue;
        const Strip* strip = desk.session.find(changed.path.strip);
        REQUIRE(strip);
        CHECK(std::get<Decibel>(changed.value).value()
              == Approx(db_of(desk.sim.strip(strip->name).gain)));
    }
    CHECK_FALSE(desk.all<ControlChanged>().empty());
}

TEST_CASE(
    "of several dumps behind each other the last one counts, and nothing is asked for again") {
    SimDesk desk;
    desk.connect();
    desk.run(1s);
    const auto dumps = desk.sim.dumps;
    desk.forget();
    desk.sim.remove("Bass");
    desk.run(1s);
    CHECK(desk.session.strips.size() == 5);
    CHECK(desk.sim.dumps == dumps + 3);
    for (const auto& changed : desk.all<ControlChanged>())
        if (const Strip* strip = desk.session.find(changed.path.strip);
            strip && changed.path.control == Control::fader) {
            INFO(strip->name);
            CHECK(std::get<Decibel>(changed.value).value()
                  == Approx(db_of(desk.sim.strip(strip->name).gain)));
        }
}

TEST_CASE("a track put in the place of a removed one is another strip") {
    SimDesk desk;
    desk.connect();
    const StripId bass = desk.strip("Bass").id;
    desk.sim.remove("Bass");
    SimStrip added;
    added.name = "Bass DI";
    desk.sim.add(added, 1);
    desk.run(300ms);
    CHECK(desk.strip("Bass DI").id != bass);
    CHECK(desk.session.find(bass) == nullptr);
}

TEST_CASE("a renamed strip keeps its id and its epoch") {
    SimDesk desk;
    desk.connect();
    const StripId bass = desk.strip("Bass").id;
    const auto epoch = desk.session.epoch;
    desk.sim.rename("Bass", "Bass DI");
    desk.run(50ms);
    CHECK(desk.strip("Bass DI").id == bass);
    CHECK(desk.session.epoch == epoch);
    CHECK(desk.all<StripRenamed>().size() == 1);
    desk.sim.rename("Bass DI", "Bass");
    desk.run(50ms);
    CHECK(desk.strip("Bass").id == bass);
}

TEST_CASE("a strip renamed to the name of one just removed is trusted to be neither") {
    SimDesk desk;
    desk.connect();
    const StripId bass = desk.strip("Bass").id, vox = desk.strip("Vox").id;
    desk.sim.remove("Vox");
    desk.sim.rename("Bass", "Vox");
    desk.run(6s);
    CHECK(desk.strip("Vox").id != bass);
    CHECK(desk.strip("Vox").id != vox);
    CHECK(desk.strip("Vox").fader.value->value() == Approx(-5.3));
}

TEST_CASE(
    "plugins put in, taken out and reordered are found; names that occur once keep their ids") {
    SimDesk desk;
    desk.connect();
    const InsertId eq = desk.strip("Vox").inserts[0].id,
                   compressor = desk.strip("Vox").inserts[1].id;
    const auto epoch = desk.session.epoch;
    auto& plugins = desk.sim.strip("Vox").plugins;
    std::swap(plugins[0], plugins[1]);
    plugins.insert(plugins.begin(),
                   SimPlugin{"ACE Delay", {{"Time", 132, 1, 8000, 160, "", {}}}, false});
    desk.run(3s);
    const auto& inserts = desk.strip("Vox").inserts;
    REQUIRE(inserts.size() == 3);
    CHECK(inserts[0].plugin == "ACE Delay");
    CHECK(inserts[0].bypassed.value == true);
    CHECK(inserts[0].parameters.size() == 1);
    CHECK(inserts[1].id == compressor);
    CHECK(inserts[1].parameters.size() == 4);
    CHECK(inserts[2].id == eq);
    CHECK(desk.session.epoch > epoch);
}

// ---- host lost and found --------------------------------------------------------------------

TEST_CASE("a killed Ardour is noticed within three seconds, a restarted one is read again under "
          "the same ids") {
    SimDesk desk;
    desk.connect();
    const StripId vox = desk.strip("Vox").id;
    const auto epoch = desk.session.epoch;
    desk.sim.kill();
    desk.run(3s);
    CHECK(desk.session.host.state == HostState::lost);
    CHECK(desk.all<HostLost>().size() == 1);
    desk.sim.strip("Vox").gain = gain_of(-17);
    desk.sim.restart();
    desk.run(2s);
    CHECK(desk.session.host.state == HostState::connected);
    CHECK(desk.strip("Vox").id == vox);
    CHECK(desk.strip("Vox").fader.value->value() == Approx(-17));
    CHECK(desk.strip("Vox").inserts.at(0).parameters.size() == 2);
    CHECK(desk.session.identity_since(desk.path("Vox", Control::fader)) > epoch);
}

TEST_CASE("an Ardour that came back unnoticed and knows us no more is set up again") {
    SimDesk desk;
    desk.connect();
    desk.sim.restart(); // so fast that no silence was heard
    desk.run(9s);
    CHECK(desk.session.host.state == HostState::connected);
    desk.sim.set_gain("Vox", -11);
    desk.run(5ms);
    CHECK(desk.strip("Vox").fader.value->value() == Approx(-11));
}

TEST_CASE("without a host the dialect asks once a second and no more") {
    SimDesk desk;
    desk.sim.kill();
    desk.run(10s);
    CHECK(desk.sent <= 11);
    CHECK(desk.sent >= 9);
    CHECK(desk.next_tick > desk.now);
}

TEST_CASE("a resync reads everything again") {
    SimDesk desk;
    desk.connect();
    desk.sim.loses = [] { return true; };
    desk.sim.set_gain("Vox", -11);
    desk.sim.loses = [] { return false; };
    desk.run(50ms);
    CHECK(desk.strip("Vox").fader.value->value() == Approx(-2.6));
    DialectOutput out;
    desk.dialect.resync(desk.now, out);
    desk.talk(std::move(out));
    desk.run(50ms);
    CHECK(desk.strip("Vox").fader.value->value() == Approx(-11));
}

TEST_CASE("with a tenth of all messages lost everything is read all the same") {
    SimDesk desk;
    std::uint32_t random = 1;
    desk.sim.loses = [&] {
        random = random * 1664525U + 1013904223U;
        return random >> 16 < 65536 / 10;
    };
    desk.run(30s);
    REQUIRE(desk.session.strips.size() == 6);
    CHECK(desk.strip("Vox").inserts.size() == 2);
    CHECK(desk.strip("Vox").inserts[1].parameters.size() == 4);
    CHECK(desk.strip("Vox").sends.size() == 1);
}

TEST_CASE("on leaving Ardour is asked to forget us") {
    SimDesk desk;
    desk.connect();
    DialectOutput out;
    desk.dialect.farewell(out);
    REQUIRE(out.to_send.size() == 1);
    CHECK(std::get<OscMessage>(out.to_send[0])
          == OscMessage{"/set_surface/feedback", {std::int32_t{0}}});
}

// ---- bad input ------------------------------------------------------------------------------

TEST_CASE("messages that make no sense change nothing and are told at most once a second") {
    SimDesk desk;
    desk.connect();
    desk.run(2s);
    desk.forget();
    const std::vector<OscMessage> nonsense{
        {"/strip/gain", {std::int32_t{3}}},
        {"/strip/gain", {3.0F, -6.0F}},
        {"/strip/gain", {std::int32_t{0}, -6.0F}},
        {"/strip/gain", {std::int32_t{-3}, -6.0F}},
        {"/strip/gain", {std::int32_t{3}, std::string("loud")}},
        {"/strip/gain", {std::int32_t{3}, std::numeric_limits<float>::infinity()}},
        {"/strip/pan_stereo_position", {std::int32_t{3}, 1.5F}},
        {"/strip/mute", {std::int32_t{3}, 2.0F}},
        {"/strip/gain/automation", {std::int32_t{3}, 7.0F}},
        {"/strip/name", {std::int32_t{3}, 1.0F}},
        {"/strip/name", {}},
        {"/position/time", {std::string("soon")}},
        {"/transport_play", {std::string("yes")}},
        {"/strip/gain", {std::int32_t{1000000}, -6.0F}},
        {"/strip/gain", {std::int32_t{1000001}, -6.0F}},
        {"/strip", {std::int32_t{1}, std::string("AT")}},
        {"/unheard/of", {}},
    };
    for (const OscMessage& message : nonsense) desk.hear(message);
    CHECK(desk.all<ControlChanged>().empty());
    CHECK(desk.all<StripsListed>().empty());
    CHECK(desk.all<StripRenamed>().empty());
    CHECK(desk.all<Noticed>().size() == 1);
    CHECK(desk.session.strips.size() == 6);
    desk.run(1s);
    desk.hear(nonsense[0]);
    CHECK(desk.all<Noticed>().size() == 2);
}

// ---- writing --------------------------------------------------------------------------------

TEST_CASE("each kind of control is written, confirmed and holds the value in Ardour") {
    SimDesk desk;
    desk.connect();
    struct Case {
        ControlPath path;
        ControlValue target;
        std::function<double()> held;
        double expected;
    };
    auto& vox = desk.sim.strip("Vox");
    const ControlPath threshold = desk.path("Vox", "ACE Compressor", 2);
    const std::vector<Case> cases{
        {desk.path("Vox", Control::fader), Decibel{-7.3}, [&] { return db_of(vox.gain); }, -7.3},
        {desk.path("Vox", Control::fader), Decibel::silence(),
         [&] { return static_cast<double>(vox.gain); }, 0},
        {desk.path("Vox", Control::trim), Decibel{-3.7}, [&] { return db_of(vox.trim); }, -3.7},
        {desk.path("Vox", Control::pan), Pan{0.5}, [&] { return static_cast<double>(vox.pan); },
         0.25},
        {desk.path("Vox", Control::mute), true, [&] { return vox.mute ? 1.0 : 0.0; }, 1},
        {desk.path("Vox", Control::solo), true, [&] { return vox.solo ? 1.0 : 0.0; }, 1},
        {desk.send_path("Vox", Control::send), Decibel{-14},
         [&] { return db_of(vox.sends[0].gain); }, -14},
        {desk.send_path("Vox", Control::send_enabled), false,
         [&] { return vox.sends[0].enabled ? 1.0 : 0.0; }, 0},
        {desk.path("Vox", "ACE EQ", 0), true, [&] { return vox.plugins[0].active ? 1.0 : 0.0; }, 0},
        {threshold, normalized_of(*desk.session.parameter(threshold), -18.25),
         [&] { return static_cast<double>(vox.plugins[1].parameters[1].value); }, -18.25},
        {desk.path("Drums", Control::fader), Decibel{-1},
         [&] { return db_of(desk.sim.strip("Drums").gain); }, -1},
        {desk.path("Master", Control::fader), Decibel{-4},
         [&] { return db_of(desk.sim.strip("Master").gain); }, -4},
    };
    for (const Case& c : cases) {
        desk.forget();
        INFO(desk.session.describe(c.path) << " to " << to_text(c.target));
        REQUIRE(desk.encode(c.path, c.target));
        desk.run(1500ms);
        REQUIRE(desk.all<WriteProved>().size() == 1);
        CHECK(nearly_equal(desk.all<WriteProved>()[0].read_back, c.target));
        CHECK(c.held() == Approx(c.expected).margin(1e-4));
        CHECK(nearly_equal(*desk.session.value(c.path)->value, c.target));
    }
}

TEST_CASE("a move is in place within a few milliseconds") {
    SimDesk desk;
    desk.connect();
    desk.forget();
    REQUIRE(desk.encode(desk.path("Vox", Control::fader), Decibel{-7}));
    desk.run(10ms);
    CHECK(desk.all<WriteInPlace>().size() == 1);
}

TEST_CASE("a mute, which Ardour does at its next period, is in place as soon as it says so") {
    SimDesk desk;
    desk.connect();
    desk.forget();
    REQUIRE(desk.encode(desk.path("Vox", Control::mute), true));
    desk.run(15ms);
    CHECK(desk.all<WriteInPlace>().empty());
    desk.run(15ms);
    CHECK(desk.all<WriteInPlace>().size() == 1);
}

TEST_CASE("a parameter read and sent back is the same float") {
    SimDesk desk;
    auto& parameters = desk.sim.strip("Vox").plugins[0].parameters;
    parameters[0].value = 1234.5677F;
    parameters[1].value = -0.1F;
    desk.connect();
    for (const std::uint16_t number : {std::uint16_t{1}, std::uint16_t{2}}) {
        const ControlPath path = desk.path("Vox", "ACE EQ", number);
        const float before = parameters[number - 1U].value;
        const ControlValue old = *desk.session.value(path)->value;
        REQUIRE(desk.encode(path, Normalized{0.5}));
        desk.run(1500ms);
        CHECK(parameters[number - 1U].value != before);
        REQUIRE(desk.encode(path, old));
        desk.run(1500ms);
        CHECK(parameters[number - 1U].value == before);
    }
}

TEST_CASE(
    "what cannot be confirmed or is not there is refused with the reason, and nothing is sent") {
    SimDesk desk;
    auto& kick = desk.sim.strip("Kick");
    kick.plugins = {SimPlugin{"ACE EQ", {{"Gain 1", 128, -20, 20, 0, "", {}}}},
                    SimPlugin{"ACE EQ", {{"Gain 1", 128, -20, 20, 0, "", {}}}}};
    kick.gain_mode = 1;
    desk.connect();
    desk.forget();
    const auto reason = [&](const ControlPath& path, const ControlValue& target) {
        const auto result = desk.encode(path, target);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == ErrorCode::refused);
        return result.error().message;
    };
    using Catch::Matchers::Contains;
    CHECK_THAT(reason(desk.path("Kick", Control::fader), Decibel{-5}),
               Contains("plays its automation"));
    CHECK_THAT(reason(desk.path("Kick", "ACE EQ", 1), Normalized{0.6}),
               Contains("cannot be told apart"));
    CHECK_THAT(reason({desk.strip("Drums").id, Control::pan, {}, 0}, Pan{0.2}),
               Contains("has no pan"));
    CHECK_THAT(reason({desk.strip("Master").id, Control::solo, {}, 0}, true),
               Contains("has no solo"));
    CHECK_THAT(reason(desk.path("Bass", "ACE Compressor", 3), Normalized{0.6}),
               Contains("a reading of the plugin"));
    desk.run(100ms);
    CHECK(desk.sim.heard.empty());
    CHECK(desk.all<WriteBegins>().empty());
}

TEST_CASE("a strip that moves between the look and the write is found again or nothing else is "
          "kept changed") {
    for (const Duration head_start : {0ms, 60ms, 95ms, 100ms, 105ms}) {
        SimDesk desk;
        desk.connect();
        desk.forget();
        const ControlPath fader = desk.path("Vox", Control::fader);
        SimStrip added;
        added.name = "New";
        desk.sim.add(added, 0);
        if (head_start > 0ms) desk.run(head_start);
        REQUIRE(desk.encode(fader, Decibel{-7}));
        desk.run(5s);
        INFO("renumbered "
             << std::chrono::duration_cast<std::chrono::milliseconds>(head_start).count()
             << " ms after the change");
        CHECK(db_of(desk.sim.strip("Vox").gain) == Approx(-7).margin(0.001));
        CHECK(db_of(desk.sim.strip("Bass").gain) == Approx(-5.3).margin(0.001));
        CHECK(db_of(desk.sim.strip("Reverb").gain) == Approx(-6.5).margin(0.001));
        CHECK(desk.all<WriteProved>().size() == 1);
    }
}

TEST_CASE("plugins swapped under a parameter move are told apart by their names") {
    SimDesk desk;
    desk.connect();
    const ControlPath threshold = desk.path("Vox", "ACE Compressor", 2);
    const auto target = normalized_of(*desk.session.parameter(threshold), -10);
    auto& plugins = desk.sim.strip("Vox").plugins;
    std::swap(plugins[0], plugins[1]); // nothing is told
    REQUIRE(desk.encode(threshold, target));
    desk.run(3s);
    CHECK(plugins[0].parameters[1].value == Approx(-10));
    CHECK(plugins[1].parameters[1].value == 1.5F);
    CHECK(desk.all<WriteProved>().size() == 1);
}

TEST_CASE("a hand that takes over a move supersedes it") {
    SimDesk desk;
    desk.connect();
    REQUIRE(desk.encode(desk.path("Vox", Control::fader), Decibel{-7}));
    desk.run(100ms);
    desk.sim.set_gain("Vox", -20);
    desk.run(2s);
    CHECK(desk.all<WriteProved>().empty());
    CHECK(desk.all<WriteSuperseded>().size() == 1);
    CHECK(db_of(desk.sim.strip("Vox").gain) == Approx(-20));
}

TEST_CASE("an Ardour killed during a glide ends the move unproved") {
    SimDesk desk;
    desk.connect();
    REQUIRE(desk.encode(desk.path("Vox", Control::fader), Decibel{-12}, Milliseconds{2000}));
    desk.run(500ms);
    desk.sim.kill();
    desk.run(4s);
    CHECK(desk.all<WriteUnproved>().size() == 1);
    CHECK(desk.all<WriteProved>().empty());
}

TEST_CASE("with messages lost no confirmed move is a lie") {
    std::uint32_t random = 7;
    int proved = 0;
    for (int round = 0; round < 20; ++round) {
        SimDesk desk;
        desk.connect();
        desk.sim.loses = [&] {
            random = random * 1664525U + 1013904223U;
            return random >> 16 < 65536 / 5;
        };
        REQUIRE(desk.encode(desk.path("Vox", Control::fader), Decibel{-7.0 - round}));
        desk.run(8s);
        for (const auto& ended : desk.all<WriteProved>()) {
            ++proved;
            CHECK(db_of(desk.sim.strip("Vox").gain) == Approx(-7.0 - round).margin(0.001));
            CHECK(std::get<Decibel>(ended.read_back).value() == Approx(-7.0 - round).margin(0.01));
        }
    }
    CHECK(proved > 0);
}

TEST_CASE("the transport starts and stops on request") {
    SimDesk desk;
    DialectOutput none;
    CHECK_FALSE(desk.dialect.transport(true, desk.now, none));
    desk.connect();
    DialectOutput out;
    REQUIRE(desk.dialect.transport(true, desk.now, out));
    desk.talk(std::move(out));
    CHECK(desk.session.transport.rolling.value == true);
}
