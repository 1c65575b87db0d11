// The demo's dialect at its engine: what is listed, told and echoed, and that every control there is changes the sound.
#include "connectors/demo/dialect.h"
#include "connectors/demo/engine.h"
#include "connectors/demo/studio.h"
#include "core/session.h"
#include "tests/support/approved.h"
#include "tests/support/catch.h"

#include <cmath>
#include <fstream>
#include <sstream>

using namespace prefade;
using namespace prefade::demo;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// Two bars of every player at each place they are loudest would be best; two seconds of noise bursts do.
Recordings noises() {
    static const auto recorded = [] {
        std::array<std::vector<std::int16_t>, instrument_count> all;
        std::uint64_t dice = 1;
        for (auto& one : all) {
            one.resize(sample_rate);
            for (std::size_t i = 0; i < one.size(); ++i) {
                dice = dice * 6364136223846793005ULL + 1442695040888963407ULL;
                one[i] = static_cast<std::int16_t>(static_cast<std::int16_t>(dice >> 48) / 4);
            }
        }
        return all;
    }();
    Recordings recordings;
    for (std::size_t i = 0; i < recordings.size(); ++i) recordings[i] = recorded[i];
    return recordings;
}

struct DemoRig {
    explicit DemoRig(const Faults& faults = {})
        : engine(build_session(noises(), faults), session_name, {{"Verse", 0}, {"Chorus", 441'000}},
                 song_frames),
          dialect("usual") {
        DialectOutput out;
        dialect.tick(now, out);
        talk(std::move(out));
    }
    void run(Duration span) {
        for (const TimePoint end = now + span; now < end;) {
            now += step_span;
            engine.step();
            DialectOutput out;
            dialect.tick(now, out);
            talk(std::move(out));
        }
    }
    void talk(DialectOutput out) {
        for (;;) {
            for (Observation& o : out.observed) {
                apply(session, o);
                observed.push_back(std::move(o));
            }
            for (const WireMessage& m : out.to_send) engine.receive(std::get<OscMessage>(m));
            out = {};
            const auto said = engine.take_sent();
            if (said.empty()) return;
            for (const OscMessage& m : said) dialect.receive(m, now, out);
        }
    }
    void hear(const OscMessage& message) {
        DialectOutput out;
        dialect.receive(message, now, out);
        talk(std::move(out));
    }
    const Strip& strip(const std::string& name) const {
        for (const Strip& s : session.strips)
            if (s.name == name) return s;
        FAIL("no strip " << name);
        std::abort();
    }
    template <class What> std::vector<What> all() const {
        std::vector<What> found;
        for (const Observation& o : observed)
            if (const auto* what = std::get_if<What>(&o.what)) found.push_back(*what);
        return found;
    }

    Engine engine;
    demo::Dialect dialect;
    Session session;
    std::vector<Observation> observed;
    TimePoint now{1000s};
};

} // namespace

TEST_CASE("the demo lists seventeen strips with plugins, sends, parameters and markers") {
    const DemoRig rig;
    const Session& s = rig.session;
    CHECK(s.host.name == "demo");
    CHECK(s.host.demo);
    CHECK(s.host.session_name == session_name);
    CHECK(s.host.state == HostState::connected);
    REQUIRE(s.strips.size() == 17);
    CHECK(s.strips.front().name == "Kick");
    CHECK(s.strips.back().kind == StripKind::master);
    CHECK(rig.strip("Drum Bus").kind == StripKind::audio_bus);
    CHECK(std::count_if(s.strips.begin(), s.strips.end(),
                        [](const Strip& strip) { return strip.kind == StripKind::audio_track; })
          == 12);
    const Strip& vox = rig.strip("Lead Vox");
    REQUIRE(vox.inserts.size() == 2);
    CHECK(vox.inserts[0].plugin == "EQ");
    CHECK(vox.inserts[1].plugin == "Compressor");
    REQUIRE(vox.sends.size() == 2);
    CHECK(vox.sends[1].destination == "Echo");
    REQUIRE(vox.inserts[0].parameters.size() == 10);
    const Parameter& gain = vox.inserts[0].parameters[6];
    CHECK(gain.name == "High Mid Gain");
    CHECK(gain.unit == "dB");
    CHECK(gain.text == "2.0 dB");
    CHECK(gain.plain == 2.0);
    CHECK(vox.inserts[1].parameters[5].output);
    REQUIRE(s.markers.size() == 2);
    CHECK(s.markers[1].name == "Chorus");
    CHECK(s.markers[1].seconds == 10.0);
    for (const Strip& strip : s.strips) {
        CHECK(strip.fader.is_known());
        CHECK(strip.trim.is_known() == (strip.kind != StripKind::master));
        CHECK(strip.sends_listed);
        CHECK(strip.inserts_listed);
    }
}

TEST_CASE("meters come before and after the fader, twenty times a second while it rolls") {
    DemoRig rig;
    rig.run(1s);
    CHECK(rig.all<Metered>().empty());
    rig.engine.play(true);
    rig.observed.clear();
    rig.run(2s);
    std::size_t kicks = 0;
    for (const Metered& m : rig.all<Metered>())
        kicks += m.strip == rig.strip("Kick").id && m.reading.tap == Tap::post_fader
                         && m.reading.kind == MeterKind::sample_peak
                     ? 1
                     : 0;
    CHECK(kicks == 40);
    const Strip& kick = rig.strip("Kick");
    const Meter *pre = kick.meter(MeterKind::sample_peak, Tap::pre_fader),
                *post = kick.meter(MeterKind::sample_peak, Tap::post_fader);
    REQUIRE(pre);
    REQUIRE(post);
    CHECK(post->latest.value == Approx(pre->latest.value + kick.fader.value->value()).margin(0.01));
    CHECK(kick.meter(MeterKind::gain_reduction, Tap::pre_fader));
    CHECK_FALSE(rig.strip("Keys").meter(MeterKind::gain_reduction, Tap::pre_fader));
    CHECK(rig.session.transport.rolling.value == true);
    CHECK(*rig.session.transport.seconds.value == Approx(2.0).margin(0.06));
    rig.engine.play(false);
    rig.observed.clear();
    rig.run(2s);
    CHECK(rig.strip("Kick").meter(MeterKind::sample_peak, Tap::post_fader)->latest.value
          == -INFINITY);
    CHECK(rig.all<Metered>().size() <= 60); // once: silence
}

TEST_CASE("the transport plays, stops, locates and loops") {
    DemoRig rig;
    DialectOutput out;
    REQUIRE(rig.dialect.transport(true, rig.now, out));
    rig.talk(std::move(out));
    rig.run(1s);
    CHECK(rig.engine.rolling());
    CHECK(rig.engine.seconds() == Approx(1.0));
    rig.engine.receive({"/demo/locate", {20.0F}});
    CHECK(rig.engine.seconds() == Approx(20.0));
    rig.engine.receive({"/demo/loop", {20.0F, 20.5F}});
    rig.run(700ms);
    CHECK(rig.engine.seconds() == Approx(20.2).margin(0.011));
    rig.engine.receive({"/demo/loop", {0.0F, 0.0F}});
    rig.engine.locate(static_cast<double>(song_frames) / sample_rate - 0.1);
    rig.run(300ms);
    CHECK(rig.engine.seconds() == Approx(0.2).margin(0.011)); // the song begins again
    out = {};
    REQUIRE(rig.dialect.transport(false, rig.now, out));
    rig.talk(std::move(out));
    CHECK_FALSE(rig.engine.rolling());
    const float* last = std::max_element(rig.engine.left().data(), rig.engine.left().data() + 441);
    CHECK(*last == 0.0F);
}

TEST_CASE("every control there is changes the sound") {
    // From the same instant on, with one control changed: another sound at the master.
    const auto heard = [](const std::optional<std::pair<Place, float>>& change) {
        DemoRig rig;
        if (change) REQUIRE(rig.engine.set(change->first, change->second));
        rig.engine.play(true);
        std::vector<float> all;
        for (int i = 0; i < 100; ++i) {
            rig.engine.step();
            all.insert(all.end(), rig.engine.left().begin(), rig.engine.left().end());
            all.insert(all.end(), rig.engine.right().begin(), rig.engine.right().end());
        }
        return all;
    };
    const auto as_it_is = heard(std::nullopt);
    CHECK(heard(std::nullopt) == as_it_is);
    const DemoRig rig;
    int tried = 0;
    for (const Strip& strip : rig.session.strips) {
        const auto differs = [&](Control control, std::uint32_t part, std::uint16_t number,
                                 float value) {
            INFO(strip.name << ' ' << name_in(control_names, control) << ' ' << number);
            ++tried;
            CHECK(heard({{Place{strip.id.value, control, part, number}, value}}) != as_it_is);
        };
        differs(Control::fader, 0, 0, -20.0F);
        differs(Control::pan, 0, 0, strip.pan.value->value() > 0.5 ? 0.1F : 0.9F);
        differs(Control::mute, 0, 0, 1.0F);
        if (strip.kind == StripKind::master) continue;
        differs(Control::trim, 0, 0, -6.0F);
        differs(Control::solo, 0, 0, 1.0F);
        for (const Send& send : strip.sends) {
            differs(Control::send, send.id.value, 0, -3.0F);
            differs(Control::send_enabled, send.id.value, 0, 0.0F);
        }
    }
    CHECK(tried > 80);
    const Strip& vox = rig.strip("Lead Vox");
    for (const Insert& insert : vox.inserts) {
        CHECK(heard({{Place{vox.id.value, Control::bypass, insert.id.value, 0}, 1.0F}})
              != as_it_is);
        for (const Parameter& p : insert.parameters) {
            if (p.output) continue;
            INFO(insert.plugin << ' ' << p.name);
            const bool flat = p.name.starts_with("Low Mid") && p.name != "Low Mid Gain";
            const auto other = static_cast<float>(p.plain < p.maximum ? p.maximum : p.minimum);
            const Place place{vox.id.value, Control::parameter, insert.id.value, p.number};
            // A band at 0 dB lets all through, whatever its frequency: nothing to hear there.
            const bool idle = flat || p.name == "High Freq";
            CHECK((heard({{place, other}}) == as_it_is) == idle);
        }
    }
}

TEST_CASE("what was changed is told with its text, and stops at the end of its range") {
    DemoRig rig;
    const Strip& vox = rig.strip("Lead Vox");
    const InsertId eq = vox.inserts[0].id;
    rig.engine.set({vox.id.value, Control::parameter, eq.value, 4}, -99.0F);
    rig.engine.set({vox.id.value, Control::fader, 0, 0}, 40.0F);
    rig.run(20ms);
    const Parameter& gain = rig.strip("Lead Vox").inserts[0].parameters[3];
    CHECK(gain.plain == -18.0);
    CHECK(gain.text == "-18.0 dB");
    CHECK(gain.value.value == Normalized{0.0});
    CHECK(rig.strip("Lead Vox").fader.value == Decibel{6.0});
    CHECK_FALSE(rig.engine.set({vox.id.value, Control::parameter, eq.value, 11}, 1.0F));
    CHECK_FALSE(rig.engine.set({vox.id.value, Control::parameter, 999, 1}, 1.0F));
    CHECK_FALSE(rig.engine.set({99, Control::fader, 0, 0}, 1.0F));
    CHECK_FALSE(rig.engine.set({vox.id.value, Control::fader, 0, 0}, NAN));
}

TEST_CASE("a watched plugin is looked at again and again, and no longer than asked") {
    DemoRig rig;
    rig.engine.play(true);
    const Strip& vox = rig.strip("Lead Vox");
    DialectOutput out;
    CHECK_FALSE(rig.dialect.watch(vox.id, InsertId{999}, rig.now + 3s, rig.now, out));
    REQUIRE(rig.dialect.watch(vox.id, vox.inserts[1].id, rig.now + 3s, rig.now, out));
    rig.talk(std::move(out));
    rig.observed.clear();
    rig.run(10s);
    CHECK(rig.all<ParametersListed>().size() == Approx(5).margin(1));
}

TEST_CASE("nonsense from the wire is told and changes nothing") {
    DemoRig rig;
    const auto name = [](OscMessage message) { return message; };
    const std::vector<OscMessage> nonsense{
        name({"/demo/strips", {1, std::string("A")}}),
        name({"/demo/strips", {std::string("A"), 1, 0}}),
        name({"/demo/meters", {1, 0.5F}}),
        name({"/demo/value", {1, 99, 0, 0, 1.0F}}),
        name({"/demo/value", {-1, 1, 0, 0, 1.0F}}),
        name({"/demo/parameters", {10, 23, 1, std::string("x")}}),
        name({"/demo/transport", {1.0F}}),
        name({"/demo/renamed", {1}}),
        name({"/demo/touch", {}}),
        name({"/demo/proof", {3}}),
        name({"/demo/markers", {std::string("a")}}),
        name({"/demo/nothing", {}}),
        name({"/elsewhere", {}}),
    };
    for (const OscMessage& message : nonsense) {
        INFO(message.address);
        rig.observed.clear();
        rig.now += 2s; // complaints are told once a second
        rig.hear(message);
        CHECK(rig.all<Noticed>().size() == 1);
        CHECK(rig.observed.size() == 1);
    }
    rig.observed.clear();
    rig.hear({"/demo/value", {99, 1, 0, 0, 1.0F}}); // of a strip that is gone: late, not wrong
    CHECK(rig.observed.empty());
    CHECK(rig.session.strips.size() == 17);
}

TEST_CASE("before it can answer the demo tells how far its music is, or why it is not") {
    demo::Dialect dialect("usual");
    DialectOutput out;
    dialect.tick(TimePoint{1s}, out);
    REQUIRE(out.to_send.size() == 1);
    out = {};
    dialect.receive(OscMessage{"/demo/making", {40}}, TimePoint{2s}, out);
    REQUIRE(out.observed.size() == 1);
    CHECK_THAT(std::get<Progressed>(out.observed[0].what).text, Contains("40 %"));
    out = {};
    dialect.receive(OscMessage{"/demo/failed", {std::string("no room")}}, TimePoint{3s}, out);
    CHECK(std::get<Noticed>(out.observed.at(0).what).text == "no room");
    out = {};
    dialect.receive(OscMessage{"/demo/meters", {}}, TimePoint{3s}, out);
    CHECK(out.observed.empty());
    const ControlPath path{StripId{1}, Control::fader, {}, 0};
    CHECK(dialect
              .encode(test::approved(MoveId{1}, path, Decibel{0.0}, Decibel{-1.0}), TimePoint{4s},
                      out)
              .error()
              .code
          == ErrorCode::unavailable);
}

TEST_CASE(
    "the sound of every strip is heard while it rolls: spectra in step, loudness of what sounds") {
    DemoRig rig;
    rig.run(1s);
    CHECK(rig.all<SpectraHeard>().empty());
    rig.engine.play(true);
    rig.run(5s);
    const auto heard = rig.all<SpectraHeard>();
    REQUIRE(heard.size() > 90); // of 46 ms each
    for (const SpectraHeard& stretch : heard) {
        CHECK(stretch.strips.size() == rig.session.strips.size());
        CHECK(stretch.seconds == Approx(5.0 / static_cast<double>(heard.size())).epsilon(0.03));
    }
    const Strip& kick = rig.strip("Kick");
    REQUIRE(kick.spectrum);
    CHECK(kick.spectrum->tap == Tap::post_fader);
    for (const MeterKind kind :
         {MeterKind::lufs_short_term, MeterKind::lufs_integrated, MeterKind::true_peak}) {
        INFO(name_in(meter_kind_names, kind));
        const Meter *of_track = kick.meter(kind, Tap::post_fader),
                    *of_master = rig.strip("Master").meter(kind, Tap::post_fader);
        REQUIRE(of_track);
        REQUIRE(of_master);
        CHECK(of_track->latest.value < of_master->latest.value);
        CHECK(of_track->latest.value > -60.0);
    }
    // Nothing breaks step when strips come, go or move.
    rig.engine.move(kick.id.value, 3);
    rig.engine.remove(rig.strip("Keys").id.value);
    rig.observed.clear();
    rig.run(1s);
    for (const SpectraHeard& stretch : rig.all<SpectraHeard>())
        CHECK(stretch.strips.size() == rig.session.strips.size());
    rig.engine.play(false);
    rig.observed.clear();
    rig.run(1s);
    CHECK(rig.all<SpectraHeard>().empty());
}

TEST_CASE("the page of the demo shows the table of its faults") {
    std::ifstream file(std::filesystem::path(PREFADE_TESTS_DIR).parent_path()
                       / "docs/hosts/demo.md");
    std::ostringstream page;
    page << file.rdbuf();
    for (const FaultEntry& entry : all_faults()) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(entry.within).count();
        std::ostringstream line;
        line << "| `" << entry.name << "` | " << (entry.at_start ? "yes" : "no") << " | "
             << entry.strip << " | " << entry.what << " | ";
        if (entry.rule.empty())
            line << "not from levels |\n";
        else
            line << '`' << entry.rule << "`, " << seconds << " s |\n";
        CHECK_THAT(page.str(), Contains(line.str()));
    }
}

TEST_CASE("each fault of the table has its switch, and changes what the table says") {
    CHECK(usual_faults().count() == 11);
    CHECK_FALSE(has(usual_faults(), Fault::solo_left_on)); // it would hide the others
    CHECK(faults_from("none")->none());
    CHECK(faults_from("all")->all());
    CHECK(faults_from("")->count() == 11);
    CHECK(faults_from("quiet-vocal,guitar-hum")->count() == 2);
    CHECK_THAT(faults_from("quiet-vocal,loud").error().message,
               Contains("\"loud\"") && Contains("guitar-hum"));
    const Mixer sound = build_session(noises(), {});
    for (const FaultEntry& entry : all_faults()) {
        INFO(entry.name);
        const auto faults = faults_from(std::string(entry.name));
        REQUIRE(faults);
        CHECK(has(*faults, entry.fault));
        const Mixer faulty = build_session(noises(), *faults);
        const auto same = [&](const MixerStrip& a, const MixerStrip& b) {
            if (a.sources.size() != b.sources.size() || a.mute != b.mute || a.solo != b.solo)
                return false;
            for (std::size_t k = 0; k < a.inserts.size(); ++k) {
                const auto kind = a.inserts[k].processor->kind();
                for (std::size_t n = 1; n <= parameters_of(kind).size(); ++n)
                    if (a.inserts[k].processor->value(n) != b.inserts[k].processor->value(n))
                        return false;
            }
            return a.trim_db == b.trim_db && a.fader_db == b.fader_db && a.pan == b.pan;
        };
        std::vector<std::string> changed;
        for (std::size_t i = 0; i < sound.strips().size(); ++i)
            if (!same(sound.strips()[i], faulty.strips()[i]))
                changed.push_back(sound.strips()[i].name);
        const bool pair = entry.fault == Fault::kick_and_bass;
        const std::string named(entry.fault == Fault::dead_echo ? "Echo" : entry.strip);
        CHECK(changed == (pair ? std::vector<std::string>{"Kick", "Bass"} : std::vector{named}));
    }
}
