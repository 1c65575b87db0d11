#include "tests/knowledge/playground.h"

#include <chrono>
#include <cstdio>

using namespace prefade;
using namespace prefade::test;

namespace {

LoadedRules shipped() { return RuleBook::load({PREFADE_TESTS_DIR "/../knowledge/rules"}); }

/// `count` tracks with everything told, sends included, and a master.
void fill(Playground& play, int count) {
    StripsListed listed;
    for (int i = 1; i <= count; ++i)
        listed.strips.push_back({{static_cast<std::uint32_t>(i)},
                                 "Track " + std::to_string(i),
                                 false,
                                 i == count ? StripKind::master : StripKind::audio_track,
                                 false,
                                 false});
    play.tell(listed, 0.0);
    for (Strip& strip : play.session.strips) {
        strip.role = strip.id.value % 7 == 0 ? "electric guitar" : "synth";
        if (strip.id.value == 3) strip.role = "lead vocal";
        SendsListed sends{strip.id, {}, false};
        for (std::uint32_t n = 1; n <= 2; ++n) {
            Send send;
            send.id = {strip.id.value * 10 + n};
            send.destination = "Track " + std::to_string(count - 1);
            send.level.learn(Decibel{-12.0}, at(0.0));
            send.enabled.learn(true, at(0.0));
            sends.sends.push_back(send);
        }
        play.tell(sends, 0.0);
        for (const Control control : {Control::fader, Control::trim})
            play.set(strip.id, control, Decibel{-3.0}, 0.0);
        play.set(strip.id, Control::pan, Pan{0.0}, 0.0);
        play.set(strip.id, Control::mute, false, 0.0);
        play.set(strip.id, Control::solo, false, 0.0);
    }
}

void meter_all(Playground& play, double now) {
    for (const Strip& strip : play.session.strips)
        play.meter(strip.id, strip.id.value == 5 ? -0.4 : -14.0 - strip.id.value % 9, now);
}

} // namespace

TEST_CASE("one hot track among 200 strips gets the one advice") {
    Playground play;
    fill(play, 200);
    Evaluator evaluator(shipped().book);
    for (int i = 0; i < 30; ++i) {
        meter_all(play, i / 10.0);
        (void)evaluator.evaluate(play.session, play.brief, at(i / 10.0));
    }
    REQUIRE(evaluator.firing().size() == 1);
    CHECK(evaluator.firing()[0].rule == "hot-track");
    CHECK(evaluator.firing()[0].about[0].strip == StripId{5});
}

namespace {

/// A session of so many strips, and the quickest evaluation of all shipped rules over it so far, in milliseconds.
struct Timed {
    explicit Timed(int strips) : evaluator(shipped().book) { fill(play, strips); }
    void evaluate(double now) {
        meter_all(play, now);
        const auto before = std::chrono::steady_clock::now();
        (void)evaluator.evaluate(play.session, play.brief, at(now));
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - before;
        best = std::min(best, took.count());
    }
    Playground play;
    Evaluator evaluator;
    double best{1e9};
};

} // namespace

TEST_CASE("a tick over 64 strips is printed beside its bar of 1 ms, and grows with them, not with "
          "their square") {
    Timed sixteen(16), sixty_four(64);
    for (int i = 0; i < 50; ++i) { // in turn: what else the machine does meets both
        sixteen.evaluate(i / 10.0);
        sixty_four.evaluate(i / 10.0);
    }
    const double few = sixteen.best, many = sixty_four.best;
    std::printf("evaluate all shipped rules, 64 strips: %.3f ms, 16 strips: %.3f ms in this build "
                "(bar: 1 ms "
                "for 64, optimised)\n",
                many, few);
    CHECK(many < 10.0 * few); // 4 times the strips; their square would be 16
}
