#include "tests/knowledge/playground.h"

#include <cmath>

using namespace prefade;
using namespace prefade::test;

namespace {

struct Watched {
    explicit Watched(const std::string& rule) : evaluator(book_of(rule)) {
        strip = play.add("Synth");
    }

    void run(double seconds, double level) {
        const int steps = static_cast<int>(std::lround(seconds * 10.0));
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

const std::string one_loud_rule = "when = 'peak_hold(1 s) > -12 dBFS'\nclear_for = \"500 ms\"\n";

/// The same rule without a number: it has no "worse".
std::string switched() {
    std::string text = peak_rule(one_loud_rule);
    const std::string number = "value = 'peak_hold(1 s)'";
    return text.replace(text.find(number), number.size(), "value = 'peak_hold(1 s) > -12 dBFS'");
}

} // namespace

TEST_CASE("a dismissed advice stays away while its number is about the same") {
    Watched stage(peak_rule(one_loud_rule));
    stage.run(2.0, -10.0);
    stage.dismiss();
    stage.run(60.0, -8.0);
    CHECK(stage.evaluator.firing().empty());
    stage.run(10.0, -40.0);
    stage.run(10.0, -8.0); // resolved in between: still the same matter
    CHECK(stage.evaluator.firing().empty());
}

TEST_CASE("a dismissed advice comes back when its number got 3 dB worse, with a new id") {
    Watched stage(peak_rule(one_loud_rule));
    stage.run(2.0, -10.0);
    const AdviceId first = stage.evaluator.firing()[0].id;
    stage.dismiss();
    stage.run(40.0, -10.0);
    stage.run(2.0, -6.9);
    REQUIRE(stage.evaluator.firing().size() == 1);
    CHECK(stage.evaluator.firing()[0].id > first);
}

TEST_CASE("a dismissed advice stays away for half a minute whatever happens") {
    Watched stage(peak_rule(one_loud_rule));
    stage.run(2.0, -10.0);
    stage.dismiss();
    stage.run(29.0, 0.0);
    CHECK(stage.evaluator.firing().empty());
    stage.run(3.0, 0.0);
    CHECK(stage.evaluator.firing().size() == 1);
}

TEST_CASE("a rule says how much worse is worse, and in which direction") {
    Watched stage(peak_rule(one_loud_rule, "[worse]\nby = \"6 dB\"\ndirection = \"lower\"\n"));
    stage.run(2.0, 0.0);
    stage.dismiss();
    stage.run(40.0, -5.0);
    CHECK(stage.evaluator.firing().empty());
    stage.run(2.0, -7.0);
    CHECK(stage.evaluator.firing().size() == 1);
}

TEST_CASE("without a number a dismissed advice comes back after it resolved and came again") {
    Watched stage(switched());
    stage.run(2.0, -10.0);
    stage.dismiss();
    stage.run(60.0, 0.0);
    CHECK(stage.evaluator.firing().empty());
    stage.run(5.0, -40.0);
    stage.run(2.0, -10.0);
    CHECK(stage.evaluator.firing().size() == 1);
}

TEST_CASE("only what fires can be dismissed") {
    Watched stage(peak_rule(one_loud_rule));
    stage.run(2.0, -10.0);
    const auto done = stage.evaluator.dismiss({77}, at(2.0));
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::not_found);
    CHECK(done.error().message == "no advice 77 stands; standing: 1");
}

TEST_CASE("dismissals are kept by name over a restart") {
    Watched before(peak_rule(one_loud_rule));
    before.run(2.0, -10.0);
    before.dismiss();
    const auto kept = before.evaluator.dismissals();
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].strip == "Synth");
    CHECK(kept[0].worst.value() == Approx(-10.0));

    Watched after(peak_rule(one_loud_rule));
    Dismissal restored = kept[0];
    restored.until = {};
    after.evaluator.restore({restored});
    after.run(10.0, -9.0);
    CHECK(after.evaluator.firing().empty());
    after.run(2.0, -5.0);
    CHECK(after.evaluator.firing().size() == 1);
    CHECK(after.evaluator.dismissals().empty());
}

// ---- not now, and a hand on a control --------------------------------------------------------

namespace {

/// Two strips at -1 dBFS under the one_loud_rule rule; every step is a tenth of a second.
struct Pair {
    Playground play;
    Evaluator evaluator{
        book_of(peak_rule("when = 'peak_hold(1 s) > -3 dBFS'\nfor = \"500 ms\"\n"))};
    StripId a, b;
    double now{0.0};

    Pair() {
        a = play.add("A");
        b = play.add("B");
    }
    void run(double seconds, double level = -1.0) {
        for (int i = 0; i < static_cast<int>(std::lround(seconds * 10.0)); ++i, now += 0.1) {
            play.meter(a, level, now);
            play.meter(b, level, now);
            (void)evaluator.evaluate(play.session, play.brief, at(now));
        }
    }
    std::size_t standing() const { return evaluator.firing().size(); }
    const HeldBack& held() const { return evaluator.held_back(); }
};

} // namespace

TEST_CASE("not now: an advice rests until it is brought back, however bad it gets") {
    Pair pair;
    pair.run(1.0);
    REQUIRE(pair.standing() == 2);
    REQUIRE(pair.evaluator.put_to_rest(pair.evaluator.firing()[0].id, false));
    CHECK(pair.standing() == 1);
    CHECK(pair.held() == HeldBack{0, 1, 0});
    pair.run(60.0, 9.0); // a dismissed one would be back: 10 dB worse
    CHECK(pair.standing() == 1);
    CHECK(pair.held() == HeldBack{0, 1, 0});
    CHECK(pair.evaluator.dismissals().empty()); // not kept for another run
    REQUIRE(pair.evaluator.at_rest().size() == 1);
    CHECK(pair.evaluator.at_rest()[0].strip == "A");
    pair.evaluator.bring_back();
    pair.run(1.0);
    CHECK(pair.standing() == 2);
    CHECK(pair.held() == HeldBack{});
}

TEST_CASE("not now for a whole rule takes it away on every strip") {
    Pair pair;
    pair.run(1.0);
    CHECK_FALSE(pair.evaluator.put_to_rest(AdviceId{99}, true));
    REQUIRE(pair.evaluator.put_to_rest(pair.evaluator.firing()[1].id, true));
    CHECK(pair.standing() == 0);
    CHECK(pair.held() == HeldBack{0, 2, 0});
    pair.run(5.0);
    CHECK(pair.standing() == 0);
    CHECK(pair.held() == HeldBack{0, 2, 0});
}

TEST_CASE("what is dismissed and still true is counted") {
    Pair pair;
    pair.run(1.0);
    REQUIRE(pair.evaluator.dismiss(pair.evaluator.firing()[0].id, at(pair.now)));
    CHECK(pair.held() == HeldBack{1, 0, 0});
    pair.run(2.0);
    CHECK(pair.held() == HeldBack{1, 0, 0});
    pair.run(5.0, -20.0);
    CHECK(pair.held() == HeldBack{});
}

TEST_CASE("nothing new fires while a hand is on a control, and two seconds after") {
    Pair pair;
    const StripId other = pair.play.add("Other");
    pair.play.tell(Touched{other, true}, pair.now);
    pair.run(3.0);
    CHECK(pair.standing() == 0);
    CHECK(pair.held() == HeldBack{0, 0, 2});
    pair.play.tell(Touched{other, false}, pair.now);
    pair.run(1.9);
    CHECK(pair.standing() == 0);
    pair.run(0.3);
    CHECK(pair.standing() == 2);
    CHECK(pair.held() == HeldBack{});
}

TEST_CASE("what shows already stays while a hand is on a control, and ends as ever") {
    Pair pair;
    pair.run(1.0);
    REQUIRE(pair.standing() == 2);
    const AdviceId first = pair.evaluator.firing()[0].id;
    pair.play.tell(Touched{pair.b, true}, pair.now);
    pair.run(3.0);
    CHECK(pair.standing() == 2);
    CHECK(pair.evaluator.firing()[0].id == first);
    pair.run(4.0, -20.0);
    CHECK(pair.standing() == 0);
}
