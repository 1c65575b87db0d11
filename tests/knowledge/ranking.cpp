// Which advice comes first, and that it does not flicker.
#include "knowledge/ranking.h"
#include "tests/knowledge/playground.h"

using namespace prefade;
using namespace prefade::test;

namespace {

std::vector<std::uint32_t> order(std::vector<Rank> ranks, std::uint32_t leader = 0) {
    put_in_order(ranks, AdviceId{leader});
    std::vector<std::uint32_t> ids;
    for (const Rank& rank : ranks) ids.push_back(rank.id.value);
    return ids;
}

using Ids = std::vector<std::uint32_t>;
constexpr auto hint = Severity::hint, caution = Severity::caution, fault = Severity::fault;
constexpr auto looked_up = Confidence::source, practice = Confidence::expertise,
               arithmetic = Confidence::derived;

} // namespace

TEST_CASE("harm comes before certainty, and certainty before age") {
    CHECK(order({{{1}, hint}, {{2}, fault}, {{3}, caution}}) == Ids{2, 3, 1});
    CHECK(order({{{1}, hint, 1.0}, {{2}, hint, 12.0}, {{3}, hint, 4.0}}) == Ids{2, 3, 1});
    // Less than a step of 3 dB apart the better source decides, then the finer meter, then age.
    CHECK(order({{{1}, hint, 2.5, practice}, {{2}, hint, 0.5, looked_up}}) == Ids{2, 1});
    CHECK(order({{{1}, hint, 3.5, practice}, {{2}, hint, 0.5, looked_up}}) == Ids{1, 2});
    CHECK(order({{{1}, hint, 1.0, looked_up, Decibel{1.0}},
                 {{2}, hint, 1.0, arithmetic, Decibel{0.1}}})
          == Ids{2, 1});
    CHECK(order({{{9}, hint}, {{4}, hint}, {{7}, hint}}) == Ids{4, 7, 9});
}

TEST_CASE("what leads goes on leading until another is clearly worse") {
    const Rank leader{{5}, hint, 2.0, practice};
    CHECK(order({leader, {{1}, hint, 2.0, looked_up}}, 5) == Ids{5, 1});
    CHECK(order({leader, {{6}, hint, 4.9, looked_up}}, 5) == Ids{5, 6});
    CHECK(order({leader, {{6}, hint, 5.0}}, 5) == Ids{6, 5});
    CHECK(order({leader, {{6}, caution}}, 5) == Ids{6, 5});
    CHECK(order({leader, {{6}, hint, 5.5}, {{7}, caution}}, 5) == Ids{7, 6, 5});
    CHECK(order({{{1}, hint}, {{6}, hint, 2.0}}, 5) == Ids{1, 6}); // it has gone
    CHECK(order({}, 5).empty());
}

TEST_CASE("two strips that take turns at being louder do not take turns at the top") {
    const std::string rule = peak_rule("when = 'peak_hold(1 s) > -20 dBFS'\nfor = \"200 ms\"\n"
                                       "over = 'peak_hold(1 s) - -20 dBFS'\n");
    Playground play;
    Evaluator evaluator(book_of(rule));
    const StripId a = play.add("A"), b = play.add("B");
    play.set(a, Control::fader, Decibel{0.0}, 0.0);
    play.set(b, Control::fader, Decibel{0.0}, 0.0);
    double now = 0.0;
    const auto run = [&](double seconds, double level_a, double level_b) {
        int changes = 0;
        std::optional<StripId> first;
        for (const double end = now + seconds; now < end; now += 0.1) {
            play.meter(a, level_a, now);
            play.meter(b, level_b, now);
            (void)evaluator.evaluate(play.session, play.brief, at(now));
            if (evaluator.firing().empty()) continue;
            const StripId top = evaluator.firing().front().about.front().strip;
            changes += first && *first != top;
            first = top;
        }
        return std::pair(changes, first.value_or(StripId{}));
    };
    CHECK(run(3.0, -10.0, -11.0) == std::pair(0, a));
    for (int i = 0; i < 5; ++i) {
        CHECK(run(3.0, -10.0, -8.0) == std::pair(0, a));
        CHECK(run(3.0, -10.0, -11.0) == std::pair(0, a));
    }
    CHECK(run(3.0, -10.0, -5.0) == std::pair(1, b));
    CHECK(run(3.0, -10.0, -11.0) == std::pair(0, b));
}
