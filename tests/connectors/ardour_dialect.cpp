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

TEST_CASE("the meter of a strip with more channels than one is told as the first one's") {
    SimDesk desk;
    desk.sim.strip("Reverb").inputs = 2;
    desk.connect();
    desk.sim.roll(true);
    desk.sim.set_meter("Reverb", -14.25F);
    desk.run(300ms);
    const Strip& reverb = desk.strip("Reverb");
    const Meter* left = reverb.meter(MeterKind::sample_peak, Tap::post_fader, Channel::left);
    REQUIRE(left);
    CHECK(left->latest.value == Approx(-14.25));
    desk.sim.set_meter("Reverb", -193.0F);
    desk.run(3s);
    CHECK(left->latest.value == -std::numeric_limits<double>::infinity());
    CHECK(desk.now - left->latest.at <= 1100ms);
    CHECK(reverb.meters.size() == 1);
    CHECK(desk.strip("Vox").meter(MeterKind::sample_peak, Tap::post_fader, Channel::sum));
}

TEST_CASE(
    "of a MIDI track only what its instrument makes is a level, not the velocity of its notes") {
    SimDesk desk;
    SimStrip notes, piano;
    notes.type = piano.type = "MT";
    notes.name = "Keys Notes";
    piano.name = "Piano";
    notes.inputs = notes.outputs = piano.inputs = 0;
    desk.connect();
    desk.sim.add(notes);
    desk.sim.add(piano);
    desk.run(3s);
    desk.sim.roll(true);
    desk.sim.set_meter("Keys Notes", -3.5F);
    desk.sim.set_meter("Piano", -3.5F);
    desk.run(3s);
    CHECK(desk.strip("Keys Notes").meters.empty());
    const Meter* left =
        desk.strip("Piano").meter(MeterKind::sample_peak, Tap::post_fader, Channel::left);
    REQUIRE(left);
    CHECK(left->latest.value == Approx(-3.5));
}

TEST_CASE("a change whose feedback was lost is found all the same") {
    SimDesk desk;
    desk.connect();
    desk.lost = [](const OscMessage& m) { return m.arguments.size() == 2; };
    SimStrip& vox = desk.sim.strip("Vox");
    desk.sim.set_gain("Vox", -12.5);
    desk.sim.set_mute("Vox", true);
    desk.sim.set_pan("Vox", 0.25F);
    vox.solo = vox.record = true;
    vox.trim = gain_of(-3);
    desk.run(5ms);
    desk.lost = [](const OscMessage&) { return false; };
    CHECK(desk.strip("Vox").mute.value == false);
    desk.run(5500ms);
    CHECK(desk.strip("Vox").fader.value->value() == Approx(-12.5).margin(0.001));
    CHECK(desk.strip("Vox").trim.value->value() == Approx(-3).margin(0.001));
    CHECK(desk.strip("Vox").pan.value->value() == Approx(0.5));
    CHECK(desk.strip("Vox").mute.value == true);
    CHECK(desk.strip("Vox").solo.value == true);
    CHECK(desk.strip("Vox").arm.value == true);
    CHECK(desk.strip("Kick").mute.value == false);
    for (const Strip& strip : desk.session.strips) {
        CHECK(desk.now - strip.mute.at <= 5500ms);
        CHECK(desk.now - strip.fader.at <= 2500ms);
    }
}

TEST_CASE("what is polled repeats the value told, to the last digit") {
    SimDesk desk;
    desk.sim.strip("Vox").trim = gain_of(-12);
    desk.connect();
    const Strip vox = desk.strip("Vox");
    desk.run(6s);
    CHECK(desk.strip("Vox").fader.value == vox.fader.value);
    CHECK(desk.strip("Vox").trim.value == vox.trim.value);
    CHECK(desk.strip("Vox").pan.value == vox.pan.value);
    CHECK(desk.strip("Vox").trim.at > vox.trim.at);
}

TEST_CASE("a polled value is old news once feedback overtook it") {
    SimDesk desk;
    desk.connect();
    bool overtaken = false;
    const auto tell = [&](const char* address, float value) {
        DialectOutput out;
        desk.dialect.receive(OscMessage{address, {std::int32_t{3}, value}}, desk.now, out);
        for (const Observation& o : out.observed) apply(desk.session, o);
        overtaken = true;
    };
    // Between the answer and the end of its frame.
    SECTION("an answer about the fader") {
        desk.lost = [&](const OscMessage& m) {
            if (m.address.starts_with("/strip/pan_stereo_position_") && m.address.ends_with("/3"))
                tell("/strip/gain", -11.0F);
            return false;
        };
        while (!overtaken) desk.run(5ms);
        CHECK(desk.strip("Vox").fader.value->value() == Approx(-11));
    }
    SECTION("the list") {
        desk.lost = [&](const OscMessage& m) {
            if (m.address == "/strip" && std::get<std::int32_t>(m.arguments[0]) == 6)
                tell("/strip/mute", 1.0F);
            return false;
        };
        while (!overtaken) desk.run(5ms);
        CHECK(desk.strip("Vox").mute.value == true);
    }
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

TEST_CASE(
    "an Ardour that came back unnoticed and knows us no more is set up again in three seconds") {
    SimDesk desk;
    desk.connect();
    desk.forget();
    desk.sim.restart(); // so fast that no silence was heard
    desk.run(3s);
    CHECK(desk.all<HostLost>().size() == 1);
    CHECK(desk.session.host.state == HostState::connected);
    desk.sim.set_gain("Vox", -11);
    desk.run(5ms);
    CHECK(desk.strip("Vox").fader.value->value() == Approx(-11));
}

TEST_CASE("heartbeats lost on the way are asked about, and the host stays") {
    SimDesk desk;
    desk.connect();
    desk.forget();
    desk.lost = [](const OscMessage& m) { return m.address == "/heartbeat"; };
    desk.run(10s);
    CHECK(desk.all<HostLost>().empty());
    SECTION("but not when nothing is answered about them either") {
        desk.lost = [](const OscMessage& m) {
            return m.address == "/heartbeat" || m.address == "/set_surface";
        };
        desk.run(3s);
        CHECK(desk.all<HostLost>().size() == 1);
    }
}

TEST_CASE("without a host the dialect asks once a second and no more") {
    SimDesk desk;
    desk.sim.kill();
    desk.run(10s);
    CHECK(desk.sent <= 22); // a question, and from the second time on a plea before it
    CHECK(desk.sent >= 18);
    CHECK(desk.next_tick > desk.now);
}

TEST_CASE("after Ardour's last word no meter is younger than it, not even a silent one") {
    SimDesk desk;
    desk.connect();
    desk.sim.set_meter("Vox", -20);
    desk.sim.roll(true);
    desk.run(3s);
    desk.sim.kill();
    const TimePoint killed = desk.now;
    desk.run(2400ms);
    for (const Strip& strip : desk.session.strips)
        for (const Meter& meter : strip.meters) {
            INFO(strip.name);
            CHECK(meter.latest.at <= killed);
        }
}

TEST_CASE("an Ardour that answers to another port is asked to answer to ours, but not at once") {
    SimDesk desk;
    desk.sim.answers_elsewhere = true;
    desk.run(900ms);
    CHECK(desk.sim.answers_elsewhere); // one that answers is left as it is
    desk.run(1s);
    CHECK_FALSE(desk.sim.answers_elsewhere);
    CHECK(desk.session.host.state == HostState::connected);
    desk.sim.kill();
    desk.run(3s);
    desk.sim.answers_elsewhere = true; // as after a start during which we asked
    desk.sim.restart();
    desk.run(2s);
    CHECK(desk.session.host.state == HostState::connected);
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
