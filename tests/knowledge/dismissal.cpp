#include "tests/knowledge/playground.h"

using namespace prefade;
using namespace prefade::test;

namespace {

struct Stage {
    explicit Stage(const std::string& rule) : evaluator(book_of(rule)) {
        strip = play.add("Synth");
    }

    void run(double seconds, double level) {
        const int steps = static_cast<int>(seconds * 10.0 + 0.5);
        for (int i = 0; i < steps; ++i, now += 0.1) {
            play.meter(strip, level, now);
            (void)evaluator.evaluate(play.session, play.brief, at(now));
        }
    }
    void dismiss() {
        REQUIRE(evaluator.firing().size() == 1);
        const auto done = evaluator.dismiss(evaluator.firing()[0].id, at(now));
        REQUIRE(done);
        CHECK(done->state == AdviceState::dismissed);
        CHECK(evaluator.firing().empty());
    }

    Playground play;
    Evaluator evaluator;
    StripId strip;
    double now{0.0};
};

const std::string loud = "when = 'peak_hold(1 s) > -12 dBFS'\nclear_for = \"500 ms\"\n";

/// The same rule without a number: it has no "worse".
std::string switched() {
    std::string text = peak_rule(loud);
    const std::string number = "value = 'peak_hold(1 s)'";
    return text.replace(text.find(number), number.size(), "value = 'peak_hold(1 s) > -12 dBFS'");
}

} // namespace

TEST_CASE("a dismissed advice stays away while its number is about the same") {
    Stage stage(peak_rule(loud));
    stage.run(2.0, -10.0);
    stage.dismiss();
    stage.run(60.0, -8.0);
    CHECK(stage.evaluator.firing().empty());
    stage.run(10.0, -40.0);
    stage.run(10.0, -8.0); // resolved in between: still the same matter
    CHECK(stage.evaluator.firing().empty());
}

TEST_CASE("a dismissed advice comes back when its number got 3 dB worse, with a new id") {
    Stage stage(peak_rule(loud));
    stage.run(2.0, -10.0);
    const AdviceId first = stage.evaluator.firing()[0].id;
    stage.dismiss();
    stage.run(40.0, -10.0);
    stage.run(2.0, -6.9);
    REQUIRE(stage.evaluator.firing().size() == 1);
    CHECK(stage.evaluator.firing()[0].id > first);
}

TEST_CASE("a dismissed advice stays away for half a minute whatever happens") {
    Stage stage(peak_rule(loud));
    stage.run(2.0, -10.0);
    stage.dismiss();
    stage.run(29.0, 0.0);
    CHECK(stage.evaluator.firing().empty());
    stage.run(3.0, 0.0);
    CHECK(stage.evaluator.firing().size() == 1);
}

TEST_CASE("a rule says how much worse is worse, and in which direction") {
    Stage stage(peak_rule(loud, "[worse]\nby = \"6 dB\"\ndirection = \"lower\"\n"));
    stage.run(2.0, 0.0);
    stage.dismiss();
    stage.run(40.0, -5.0);
    CHECK(stage.evaluator.firing().empty());
    stage.run(2.0, -7.0);
    CHECK(stage.evaluator.firing().size() == 1);
}

TEST_CASE("without a number a dismissed advice comes back after it resolved and came again") {
    Stage stage(switched());
    stage.run(2.0, -10.0);
    stage.dismiss();
    stage.run(60.0, 0.0);
    CHECK(stage.evaluator.firing().empty());
    stage.run(5.0, -40.0);
    stage.run(2.0, -10.0);
    CHECK(stage.evaluator.firing().size() == 1);
}

TEST_CASE("only what fires can be dismissed") {
    Stage stage(peak_rule(loud));
    stage.run(2.0, -10.0);
    const auto done = stage.evaluator.dismiss({77}, at(2.0));
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::not_found);
    CHECK(done.error().message == "no advice 77 stands; standing: 1");
}

TEST_CASE("dismissals are kept by name over a restart") {
    Stage before(peak_rule(loud));
    before.run(2.0, -10.0);
    before.dismiss();
    const auto kept = before.evaluator.dismissals();
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].strip == "Synth");
    CHECK(kept[0].worst.value() == Approx(-10.0));

    Stage after(peak_rule(loud));
    Dismissal restored = kept[0];
    restored.until = {};
    after.evaluator.restore({restored});
    after.run(10.0, -9.0);
    CHECK(after.evaluator.firing().empty());
    after.run(2.0, -5.0);
    CHECK(after.evaluator.firing().size() == 1);
    CHECK(after.evaluator.dismissals().empty());
}
