// What the desk thread spends: on a meter message with all that follows from it, on one evaluation of all
// rules, and what a snapshot weighs.
#include "core/json.h"
#include "tests/bench/desk_at_sim.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace prefade;
using namespace prefade::bench;
using namespace std::chrono_literals;

namespace {

/// Frames of meters 50 ms apart, handed over as the loop does: one event each.
Samples frames(DeskAtSim& at, int count) {
    Samples per_message;
    for (int i = 0; i < count; ++i) {
        at.now += 50ms;
        const WireArrived arrived = at.frame();
        REQUIRE(arrived.messages.size() >= at.desk().session().strips.size());
        const TimePoint start = Clock::now();
        at.handle(arrived);
        per_message.add(microseconds(Clock::now() - start)
                        / static_cast<double>(arrived.messages.size()));
    }
    return per_message;
}

void evaluate(std::size_t strips) {
    DeskAtSim at(strips - 2);
    LoadedRules rules = RuleBook::load({PREFADE_TESTS_DIR "/../knowledge/rules"});
    const std::size_t count = rules.book.rules().size();
    Evaluator evaluator(std::move(rules.book));
    Samples took;
    for (int i = 0; i < 400; ++i) {
        at.now += 50ms;
        at.handle(at.frame());
        const Session& session = at.desk().session();
        const TimePoint start = Clock::now();
        keep(evaluator.evaluate(session, {}, at.now));
        took.add(milliseconds(Clock::now() - start));
    }
    CHECK(at.desk().session().strips.size() == strips);
    report("one evaluation of " + std::to_string(count) + " rules, " + std::to_string(strips)
               + " strips",
           took.summary("ms", 3), strips == 64 ? "1 ms" : "");
}

} // namespace

TEST_CASE("a meter message costs the desk little") {
    for (const std::size_t strips : {64U, 200U}) {
        DeskAtSim at(strips - 2);
        const std::uint64_t before = at.published();
        const Samples cost = frames(at, 600);
        CHECK(at.published() - before >= 590); // a view was made of nearly every frame
        report("desk, one meter message with rules and snapshot, " + std::to_string(strips)
                   + " strips",
               cost.summary("us", 2), "");
    }
}

TEST_CASE("all rules over a whole session are quick") {
    evaluate(64);
    evaluate(200);
}

TEST_CASE("what a snapshot weighs") {
    DeskAtSim at(62);
    frames(at, 100);
    Snapshot snapshot = at.newest();
    REQUIRE(snapshot.session.strips.size() == 64);
    const auto weigh = [&](const std::string& what) {
        std::string line;
        const Samples took = timed(300, [&] { line = to_line(snapshot, at.now); });
        CHECK(parse_json(line)->at("moves").size() == snapshot.moves.size());
        report(what,
               text(static_cast<double>(line.size()) / 1024.0, 1) + " KiB; to text "
                   + took.summary("ms", 3),
               "");
    };
    weigh("snapshot, 64 strips, each with two inserts, a send and a meter");
    const std::string strips = to_line(parse_json(to_line(snapshot, at.now))->at("strips"));
    report("snapshot, one strip of it", text(static_cast<double>(strips.size()) / 64.0) + " bytes",
           "about 250 bytes");
    MoveRecord record;
    record.move.why = "\"Lead Vox\" peaks at -0.4 dBFS after its fader";
    record.move.path = {StripId{7}, Control::fader, {}, 0};
    record.session_key = "ardour/mix";
    record.strip_name = "Lead Vox";
    record.outcome = Outcome{Outcome::Kind::confirmed, Decibel{-4.5}, {}};
    snapshot.moves.assign(50, record);
    weigh("snapshot, the same with the 50 moves it shows at most");
}
