#include "tests/knowledge/playground.h"

#include <cmath>

using namespace prefade;
using namespace prefade::test;

namespace {

const std::string loud =
    "when = 'peak_hold(1 s) > -3 dBFS'\nfor = \"1 s\"\nclear_when = 'peak_hold(1 s) < -6 dBFS'\n"
    "clear_for = \"500 ms\"\n";

/// One strip, a level held over time, the rule evaluated ten times a second.
struct Stage {
    explicit Stage(const std::string& rule = peak_rule(loud)) : evaluator(book_of(rule)) {
        strip = play.add("Synth");
        play.set(strip, Control::fader, Decibel{-1.0}, 0.0);
    }

    /// Meters `level` from now on for `seconds`; no readings when it is empty.
    void run(double seconds, std::optional<double> level) {
        const int steps = static_cast<int>(std::lround(seconds * 10.0));
        for (int i = 0; i < steps; ++i) {
            if (level) play.meter(strip, *level, now);
            step();
        }
    }
    void step() {
        const AdviceChanges changes = evaluator.evaluate(play.session, play.brief, at(now));
        fired += changes.fired.size();
        ended += changes.ended.size();
        updated += changes.updated.size();
        now += 0.1;
    }
    bool fires() const { return !evaluator.firing().empty(); }
    const Advice& advice() const { return evaluator.firing().front(); }

    Playground play;
    Evaluator evaluator;
    StripId strip;
    double now{0.0};
    std::size_t fired{0}, ended{0}, updated{0};
};

} // namespace

TEST_CASE("a rule fires once it has been true for its time") {
    Stage stage;
    stage.run(0.9, -1.0);
    CHECK_FALSE(stage.fires());
    stage.run(0.3, -1.0);
    CHECK(stage.fires());
    CHECK(stage.fired == 1);
}

TEST_CASE("a rule that was true for too short a time never fires") {
    Stage stage(peak_rule("when = 'peak > -3 dBFS'\nfor = \"1 s\"\n"));
    for (int i = 0; i < 10; ++i) {
        stage.run(0.8, -1.0);
        stage.run(0.2, -20.0);
    }
    CHECK(stage.fired == 0);
}

TEST_CASE("between the two thresholds a firing rule goes on and a silent one stays silent") {
    Stage stage;
    stage.run(5.0, -5.0);
    CHECK_FALSE(stage.fires());
    stage.run(3.0, -1.0);
    REQUIRE(stage.fires());
    const AdviceId id = stage.advice().id;
    stage.run(10.0, -5.0);
    REQUIRE(stage.fires());
    CHECK(stage.advice().id == id);
}

TEST_CASE("a rule resolves once it has been clear for its time") {
    Stage stage;
    stage.run(3.0, -1.0);
    REQUIRE(stage.fires());
    stage.run(1.3, -20.0); // the hold of 1 s empties, and 300 ms of clear
    CHECK(stage.fires());
    stage.run(0.6, -20.0);
    CHECK_FALSE(stage.fires());
    CHECK(stage.ended == 1);
}

TEST_CASE("an advice keeps its id while it fires, and each new one has a new id") {
    Stage stage;
    stage.run(3.0, -1.0);
    const AdviceId first = stage.advice().id;
    stage.run(3.0, -2.0);
    CHECK(stage.advice().id == first);
    stage.run(5.0, -20.0);
    CHECK_FALSE(stage.fires());
    stage.run(3.0, -1.0);
    CHECK(stage.advice().id > first);
}

TEST_CASE("advice carries words, evidence with its time and a move with everything filled in") {
    Stage stage;
    stage.run(1.2, -0.4);
    REQUIRE(stage.fires());
    const Advice& advice = stage.advice();
    CHECK(advice.rule == "loud");
    CHECK(advice.severity == Severity::caution);
    CHECK(advice.says == "\"Synth\" at -0.4 dBFS");
    CHECK(advice.source == "a test");
    CHECK(advice.state == AdviceState::firing);
    REQUIRE(advice.about.size() == 1);
    CHECK(advice.about[0] == ControlPath{stage.strip, Control::fader});
    REQUIRE(advice.evidence.size() == 1);
    CHECK(advice.evidence[0].strip == stage.strip);
    CHECK(advice.evidence[0].value == Approx(-0.4));
    CHECK(advice.evidence[0].unit == "dBFS");
    CHECK(advice.evidence[0].at == advice.since);
    REQUIRE(advice.suggests.size() == 1);
    const Move& move = advice.suggests[0];
    CHECK(move.path == ControlPath{stage.strip, Control::fader});
    CHECK(std::get<Decibel>(move.target).value() == Approx(-6.6));
    CHECK(move.source == Source::rule);
    CHECK(move.advice == advice.id);
    CHECK(move.epoch == stage.play.session.epoch);
    CHECK(move.why == advice.says);
    CHECK(move.glide.value() == 300.0);
}

TEST_CASE("words and numbers are renewed once a second") {
    Stage stage;
    stage.run(1.2, -2.0);
    REQUIRE(stage.fires());
    stage.run(3.0, -0.5);
    CHECK(stage.updated == 3);
    CHECK(stage.advice().says == "\"Synth\" at -0.5 dBFS");
}

TEST_CASE("a stale meter never fires a rule") {
    Stage stage;
    stage.run(0.3, -1.0);
    stage.run(10.0, std::nullopt);
    CHECK(stage.fired == 0);
}

TEST_CASE("a meter too coarse, or at the wrong place, never fires a rule") {
    Stage stage;
    for (int i = 0; i < 50; ++i) {
        stage.play.meter(stage.strip, -1.0, stage.now, 5.0);
        stage.play.meter(stage.strip, -1.0, stage.now, 0.1, Tap::unknown);
        stage.play.meter(stage.strip, -1.0, stage.now, 0.1, Tap::pre_fader);
        stage.step();
    }
    CHECK(stage.fired == 0);
    const auto cannot =
        stage.evaluator.cannot_say(stage.play.session, stage.play.brief, at(stage.now));
    REQUIRE(cannot.size() == 1);
    CHECK(cannot[0].reason == "the meter is too coarse (sample_peak, post_fader)");
}

TEST_CASE("nothing fires while the song stands still") {
    Stage stage;
    stage.play.roll(false, 0.0);
    stage.run(10.0, -1.0);
    CHECK(stage.fired == 0);
}

TEST_CASE("what was metered before the song started is not held against it") {
    Stage stage;
    stage.play.roll(false, 0.0);
    stage.run(2.0, 0.0);
    stage.play.roll(true, stage.now);
    stage.run(5.0, -20.0);
    CHECK(stage.fired == 0);
}

TEST_CASE("advice stands while the song is stopped, so that it can be taken") {
    Stage stage;
    stage.run(3.0, -1.0);
    REQUIRE(stage.fires());
    stage.play.roll(false, stage.now);
    stage.run(60.0, -200.0);
    CHECK(stage.fires());
}

TEST_CASE("advice that cannot be judged goes once the control it wanted moved has been moved") {
    Stage stage;
    stage.run(3.0, -1.0);
    stage.play.roll(false, stage.now);
    stage.run(1.0, std::nullopt);
    REQUIRE(stage.fires());
    stage.play.set(stage.strip, Control::fader, Decibel{-6.0}, stage.now);
    stage.run(0.1, std::nullopt);
    CHECK_FALSE(stage.fires());
    CHECK(stage.ended == 1);
}

TEST_CASE("what was metered before a fader was moved is not held against it any more") {
    Stage stage(peak_rule("when = 'peak_hold(3 s) > -3 dBFS'\nfor = \"200 ms\"\n"));
    stage.run(2.0, -1.0);
    REQUIRE(stage.fires());
    const Move move = stage.advice().suggests.front();
    stage.play.tell(ControlChanged{move.path, move.target}, stage.now);
    stage.run(0.2, -1.0); // the meter still falls
    CHECK_FALSE(stage.fires());
    stage.run(0.2, -4.0);
    stage.run(3.0, -6.0); // within the three seconds that the rule looks back
    CHECK(stage.fired == 1);
    stage.run(1.0, -1.0); // and now it is too loud anew
    CHECK(stage.fired == 2);
}

TEST_CASE("a fader that automation rides is judged while it moves") {
    Stage stage(peak_rule("when = 'peak_hold(3 s) > -3 dBFS'\nfor = \"1 s\"\n"));
    const AutomationMode mode = GENERATE(AutomationMode::read, AutomationMode::off);
    stage.play.tell(AutomationChanged{stage.strip, mode}, stage.now);
    for (int i = 0; i < 20; ++i) {
        stage.play.set(stage.strip, Control::fader, Decibel{-1.0 - 0.5 * i}, stage.now);
        stage.run(0.1, -1.0);
    }
    CHECK(stage.fires() == (mode == AutomationMode::read));
}

TEST_CASE("the same fader value told again hides no reading") {
    Stage stage(peak_rule("when = 'peak_hold(3 s) > -3 dBFS'\nfor = \"1 s\"\n"));
    for (int i = 0; i < 20; ++i) {
        stage.play.set(stage.strip, Control::fader, Decibel{-1.02}, stage.now);
        stage.run(0.1, -1.0);
    }
    CHECK(stage.fires());
}

TEST_CASE("advice goes with its strip") {
    Stage stage;
    stage.run(3.0, -1.0);
    REQUIRE(stage.fires());
    stage.play.remove(stage.strip);
    stage.step();
    CHECK_FALSE(stage.fires());
    CHECK(stage.ended == 1);
    CHECK(stage.evaluator.find({1}) == nullptr);
}

TEST_CASE("advice goes with its host") {
    Stage stage;
    stage.run(3.0, -1.0);
    REQUIRE(stage.fires());
    stage.play.tell(HostLost{"gone"}, stage.now);
    stage.step();
    CHECK_FALSE(stage.fires());
}

TEST_CASE("what a rule cannot say is told with its reason") {
    Stage stage;
    const auto reason = [&] {
        const auto cannot =
            stage.evaluator.cannot_say(stage.play.session, stage.play.brief, at(stage.now));
        return cannot.empty() ? std::string("-") : cannot.front().reason;
    };
    stage.step();
    CHECK(reason() == "there is no such meter here (sample_peak, post_fader)");
    stage.run(0.5, -20.0);
    CHECK(reason() == "-");
    stage.run(3.0, std::nullopt);
    CHECK(reason() == "the latest reading is too old (sample_peak, post_fader)");
    stage.play.roll(false, stage.now);
    stage.step();
    CHECK(reason() == "the song does not play, or not long enough");
    stage.play.tell(HostLost{"gone"}, stage.now);
    CHECK(reason() == "no host is connected");
}

TEST_CASE("a fader under automation is left alone: the trim is suggested if it is known") {
    Stage stage;
    stage.play.tell(AutomationChanged{stage.strip, AutomationMode::read}, 0.0);
    stage.run(1.2, -1.0);
    REQUIRE(stage.fires());
    CHECK(stage.advice().suggests.empty());
    stage.play.set(stage.strip, Control::trim, Decibel{2.0}, stage.now);
    stage.run(1.2, -1.0);
    REQUIRE(stage.advice().suggests.size() == 1);
    const Move& move = stage.advice().suggests[0];
    CHECK(move.path.control == Control::trim);
    CHECK(std::get<Decibel>(move.target).value() == Approx(-3.0));
    CHECK(move.why.find("automation") != std::string::npos);
}

TEST_CASE("no move is suggested from a fader nobody told") {
    Playground play;
    Evaluator evaluator(book_of(peak_rule(loud)));
    const StripId strip = play.add("Synth");
    for (int i = 0; i < 20; ++i) {
        play.meter(strip, -1.0, i / 10.0);
        (void)evaluator.evaluate(play.session, play.brief, at(i / 10.0));
    }
    REQUIRE(evaluator.firing().size() == 1);
    CHECK(evaluator.firing()[0].suggests.empty());
}

TEST_CASE("the worst comes first, then the longest-standing") {
    const std::string hint = "when = 'peak_hold(1 s) > -30 dBFS'\n";
    std::string text = peak_rule(hint);
    Playground play;
    Evaluator evaluator(book_of(text));
    const StripId a = play.add("A"), b = play.add("B");
    for (int i = 0; i < 20; ++i) {
        if (i > 10) play.meter(a, -1.0, i / 10.0);
        play.meter(b, -1.0, i / 10.0);
        (void)evaluator.evaluate(play.session, play.brief, at(i / 10.0));
    }
    REQUIRE(evaluator.firing().size() == 2);
    CHECK(evaluator.firing()[0].about[0].strip == b);
    CHECK(evaluator.firing()[1].about[0].strip == a);
}

TEST_CASE("names are printed as data") {
    Playground play;
    Evaluator evaluator(book_of(peak_rule("when = 'peak_hold(1 s) > -30 dBFS'\n")));
    const StripId strip = play.add("a{peak}\n\x1b[31m\xc2\x9b" + std::string(200, 'x'));
    play.meter(strip, -1.0, 0.0);
    (void)evaluator.evaluate(play.session, play.brief, at(0.0));
    REQUIRE(evaluator.firing().size() == 1);
    const std::string& says = evaluator.firing()[0].says;
    CHECK(says.find("a{peak}\\x0a\\x1b[31m\\xc2\\x9bxxx") != std::string::npos);
    CHECK(says.size() < 120);
}

namespace {

/// The fader's first suggested target, with `value` in place of the delta of the loud rule.
std::optional<double> suggested(double fader, const std::string& value) {
    const std::string delta = "delta = '-6 dBFS - peak_hold(1 s)'";
    std::string rule = peak_rule(loud);
    rule.replace(rule.find(delta), delta.size(), value);
    Stage stage(rule);
    stage.play.set(stage.strip, Control::fader, Decibel{fader}, 0.0);
    stage.run(2.0, -1.0);
    REQUIRE(stage.fires());
    const std::vector<Move>& moves = stage.advice().suggests;
    if (moves.empty()) return std::nullopt;
    return std::get<Decibel>(moves.front().target).value();
}

} // namespace

TEST_CASE("a fader beyond a limit moves by the step that was asked, a step over a limit is none") {
    CHECK(suggested(5.0, "delta = '-3 dB'") == 2.0);    // not to 0, which would be 5 dB
    CHECK(suggested(-70.0, "delta = '6 dB'") == -64.0); // not to -60, which would be 10 dB
    CHECK(suggested(-3.0, "delta = '3 dB'") == 0.0);
    CHECK_FALSE(suggested(-3.0, "delta = '3.1 dB'"));
    CHECK_FALSE(suggested(5.0, "delta = '1 dB'"));
    CHECK_FALSE(suggested(-58.0, "delta = '-3 dB'"));
    CHECK(suggested(3.0, "clamp = [\"-60 dB\", \"6 dB\"]\ndelta = '3 dB'") == 6.0);
}

TEST_CASE("a target is limited on the way to it only") {
    CHECK(suggested(5.0, "target = '2 dB'") == 2.0);
    CHECK(suggested(-5.0, "target = '2 dB'") == 0.0);
    CHECK(suggested(-70.0, "target = '-65 dB'") == -65.0);
    CHECK(suggested(-50.0, "target = '-65 dB'") == -60.0);
}
