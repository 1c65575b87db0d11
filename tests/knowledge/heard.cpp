// What of a session is heard, and what its meters tell of it.
#include "tests/knowledge/playground.h"

using namespace prefade;
using namespace prefade::test;

namespace {

struct Listener {
    Playground play;
    StripId vox, kick, piano, drums, master;

    Listener() {
        vox = play.add("Vox");
        kick = play.add("Kick");
        piano = play.add("Piano", StripKind::midi_track);
        drums = play.add("Drums", StripKind::audio_bus);
        master = play.add("Master", StripKind::master);
    }
    void tell_all() {
        for (const Strip& strip : play.session.strips) {
            play.set(strip.id, Control::mute, false, 0.0);
            play.set(strip.id, Control::solo, false, 0.0);
        }
    }
    Value value(StripId strip, const std::string& text, double now = 1.0) {
        MeasureTable measures;
        auto compiled =
            Expression::compile(text, {Scope::each_strip, ReadingNeed{}, measures, false});
        REQUIRE(std::holds_alternative<Expression>(compiled));
        const Session& session = play.session;
        const Frame frame{session, play.brief, at(now), at(0.0), session.find(strip),
                          nullptr, nullptr,    nullptr, nullptr, nullptr};
        return std::get<Expression>(compiled).evaluate(frame);
    }
    std::string audible(StripId strip) {
        const Value said = value(strip, "strip.audible");
        return !said.is_known() ? "unknown" : said.is_true() ? "yes" : "no";
    }
    void meter(StripId strip, Channel channel, double level, double seconds,
               double resolution = 0.1) {
        play.tell(Metered{strip,
                          {MeterKind::sample_peak, channel, Tap::post_fader, level,
                           Decibel{resolution}, at(seconds)}},
                  seconds);
    }
};

} // namespace

TEST_CASE("a move of fader or trim makes the meters begin anew, where they listen behind it") {
    Listener here;
    const auto hold = [&](double now) { return here.value(here.vox, "peak_hold(3 s)", now); };
    here.play.set(here.vox, Control::fader, Decibel{0.0}, 0.0);
    here.play.set(here.vox, Control::trim, Decibel{0.0}, 0.0);
    here.play.meter(here.vox, -1.0, 0.5);
    CHECK(hold(1.0).number() == -1.0);
    here.play.set(here.vox, Control::fader, Decibel{-5.0}, 1.0);
    here.play.meter(here.vox, -3.0, 1.2);
    CHECK(hold(1.3).missing == Missing::too_few);
    CHECK(here.value(here.vox, "peak", 1.3).missing == Missing::too_few);
    here.play.meter(here.vox, -6.0, 1.6);
    CHECK(hold(1.7).number() == -6.0);
    CHECK(here.value(here.vox, "peak", 1.7).number() == -6.0);
    here.play.set(here.vox, Control::trim, Decibel{3.0}, 2.0);
    CHECK(hold(2.4).missing == Missing::too_few);
    here.play.set(here.vox, Control::pan, Pan{0.5}, 2.5);
    here.play.meter(here.vox, -3.0, 2.6);
    CHECK(hold(2.7).number() == -3.0);
    CHECK_FALSE(here.value(here.vox, "level_jump(1 s, 1 s)", 4.0).is_known());
}

TEST_CASE("a strip that is not muted is heard, if its host tells mutes and solos") {
    Listener here;
    CHECK(here.audible(here.vox) == "unknown");
    here.play.set(here.vox, Control::mute, false, 0.0);
    CHECK(here.audible(here.vox) == "unknown"); // no solo was told
    here.play.set(here.vox, Control::mute, true, 0.0);
    CHECK(here.audible(here.vox) == "no");
    here.tell_all();
    for (const Strip& strip : here.play.session.strips) CHECK(here.audible(strip.id) == "yes");
    here.play.set(here.vox, Control::mute, true, 0.0);
    CHECK(here.audible(here.vox) == "no");
    CHECK(here.audible(here.kick) == "yes");
}

TEST_CASE("beside soloed tracks the other tracks are not heard; of a bus nobody knows") {
    Listener here;
    here.tell_all();
    here.play.set(here.kick, Control::solo, true, 0.0);
    CHECK(here.audible(here.kick) == "yes");
    CHECK(here.audible(here.vox) == "no");
    CHECK(here.audible(here.piano) == "no");
    CHECK(here.audible(here.drums) == "unknown"); // the kick may go through it
    CHECK(here.audible(here.master) == "yes");
    here.play.set(here.kick, Control::mute, true, 0.0);
    CHECK(here.audible(here.kick) == "no");
    here.play.set(here.kick, Control::solo, false, 0.0);
    CHECK(here.audible(here.vox) == "yes");
}

TEST_CASE("which tracks feed a soloed bus nobody knows") {
    Listener here;
    here.tell_all();
    here.play.set(here.drums, Control::solo, true, 0.0);
    CHECK(here.audible(here.drums) == "yes");
    CHECK(here.audible(here.kick) == "unknown");
    CHECK(here.value(here.kick, "audible").missing == Missing::behind_solo);
    here.play.set(here.kick, Control::mute, true, 0.0);
    CHECK(here.audible(here.kick) == "no");
}

TEST_CASE("the loudest channel counts, wherever it lies") {
    Listener here;
    here.meter(here.vox, Channel::left, -20.0, 0.5);
    CHECK(here.value(here.vox, "peak").number() == -20.0);
    here.meter(here.vox, Channel::right, -8.0, 0.6);
    CHECK(here.value(here.vox, "peak").number() == -8.0);
    CHECK(here.value(here.vox, "peak_hold(1 s)").number() == -8.0);
    here.meter(here.vox, Channel::right, -30.0, 0.9);
    CHECK(here.value(here.vox, "peak").number() == -20.0);
    CHECK(here.value(here.vox, "peak_hold(1 s)").number() == -8.0);
    CHECK(here.value(here.vox, "highest(each: each.peak_hold(1 s))").number() == -8.0);
}

TEST_CASE("a channel too coarse or too old has no say beside one that is good") {
    Listener here;
    here.meter(here.vox, Channel::left, -20.0, 0.9);
    here.meter(here.vox, Channel::right, -1.0, 0.9, 6.0);
    CHECK(here.value(here.vox, "peak").number() == -20.0);
    CHECK(here.value(here.vox, "peak_hold(1 s)").number() == -20.0);

    here.meter(here.kick, Channel::right, -1.0, 0.5);
    here.meter(here.kick, Channel::left, -20.0, 5.0);
    CHECK(here.value(here.kick, "peak", 5.0).number() == -20.0);
    CHECK(here.value(here.kick, "peak_hold(1 s)", 5.0).number() == -20.0);
}

TEST_CASE("the evidence says when a host tells one channel only") {
    const auto measure = [](std::initializer_list<Channel> channels) {
        Listener here;
        Evaluator evaluator(book_of(peak_rule("when = 'peak_hold(1 s) > -3 dBFS'\n")));
        for (const Channel channel : channels) here.meter(here.vox, channel, -1.0, 0.0);
        (void)evaluator.evaluate(here.play.session, here.play.brief, at(0.0));
        REQUIRE(evaluator.firing().size() == 1);
        return evaluator.firing()[0].evidence[0].measure;
    };
    CHECK(measure({Channel::left}) == "peak, left channel only");
    CHECK(measure({Channel::left, Channel::right}) == "peak");
    CHECK(measure({Channel::sum}) == "peak");
}
