// What is shown, computed from snapshots: no drawing.
#include "overlay/picture.h"

#include "overlay/ui.h"
#include "overlay/visual_text.h"
#include "tests/overlay/snapshots.h"
#include "tests/support/catch.h"

#include <cmath>

using namespace prefade;
using namespace prefade::overlay;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::drawn_at;

namespace {

Picture picture(const Snapshot& snapshot) { return picture_of(test::json_of(snapshot), drawn_at); }

std::vector<std::string> names(const std::vector<const StripRow*>& rows) {
    std::vector<std::string> all;
    for (const StripRow* row : rows) all.push_back(row->name);
    return all;
}

} // namespace

TEST_CASE("what another version of the daemon tells, or nothing at all, makes an empty picture") {
    for (const Json& odd :
         {Json(), Json::array(), Json{{"host", 3}, {"strips", {{"x", 1}}}},
          Json{{"advice", {1, "a", nullptr}}, {"moves", {Json::object()}}},
          Json{{"mode", "dance"}, {"strips", {{{"readings", {{{"kind", "vu"}}}}}}}}}) {
        const Picture p = picture_of(odd, drawn_at);
        CHECK(p.mode == Mode::ask);
        CHECK(p.host == HostState::searching);
    }
}

TEST_CASE("the worst advice comes first with its dose, and the strips it is about are marked") {
    const Picture p = picture(test::three_strips());
    REQUIRE(p.advice.size() == 2);
    CHECK(p.advice[0].word == "FAULT");
    CHECK(p.advice[0].strips == "Hot Synth");
    CHECK(p.advice[0].doses
          == std::vector<std::string>{"\"Hot Synth\" fader +3.00 dB \u2192 -5.70 dB"});
    REQUIRE(p.advice[0].evidence.size() == 2);
    CHECK(p.advice[0].evidence[0].text
          == "Hot Synth: sample peak after the fader, last 3 s: +2.69 dBFS");
    CHECK(drawn_at - p.advice[0].evidence[0].at.point == 120ms);
    CHECK(p.strips[1].trouble == Severity::fault);
    CHECK(p.strips[0].trouble == Severity::hint);
    CHECK_FALSE(p.strips[2].trouble);
}

TEST_CASE("by trouble: advice first, then who is loudest, what is muted last") {
    const Picture p = picture(test::three_strips());
    CHECK(names(listed(p, "", false)) == std::vector<std::string>{"Kick", "Hot Synth", "Lead Vox"});
    CHECK(names(listed(p, "", true)) == std::vector<std::string>{"Hot Synth", "Kick", "Lead Vox"});
    CHECK(names(listed(p, "VOCAL", true)) == std::vector<std::string>{"Lead Vox"}); // its role
    CHECK(names(listed(p, "zzz", true)).empty());
    CHECK(names(worst_meters(p, 3))
          == std::vector<std::string>{"Hot Synth", "Kick"}); // none is muted
    CHECK(worst_meters(p, 1).size() == 1);
}

TEST_CASE("a meter has the decimals, the tap and the age of its source") {
    const Picture p = picture(test::three_strips());
    CHECK(p.strips[0].meter.level_text() == "-8.4");
    CHECK(p.strips[0].meter.hold_text() == "-6.0");
    CHECK(p.strips[2].meter.level_text() == "-14"); // steps of 6 dB have no tenths
    CHECK_FALSE(p.strips[0].meter.is_stale(drawn_at));
    CHECK(p.strips[0].meter.is_stale(drawn_at + 1s));
    REQUIRE(next_stale(p, drawn_at));
    CHECK(*next_stale(p, drawn_at) == drawn_at - 60ms + 1s);
    Snapshot silent = test::three_strips();
    silent.session.strips[0].meters[0].latest.value = -INFINITY;
    CHECK(picture(silent).strips[0].meter.level_text() == "-inf");
    silent.session.strips[0].meters.clear();
    CHECK_FALSE(picture(silent).strips[0].meter.there);
}

TEST_CASE("moves are what they are: waiting, under way, and six ways to end") {
    const Picture p = picture(test::much_advice(3));
    std::vector<std::pair<std::uint64_t, MoveState>> seen;
    for (const MoveRow& row : p.moves) seen.emplace_back(row.id, row.state);
    CHECK(seen
          == std::vector<std::pair<std::uint64_t, MoveState>>{{10, MoveState::proposed},
                                                              {9, MoveState::proposed},
                                                              {8, MoveState::pending},
                                                              {7, MoveState::pending},
                                                              {6, MoveState::unknown},
                                                              {5, MoveState::failed},
                                                              {4, MoveState::refused},
                                                              {3, MoveState::superseded},
                                                              {2, MoveState::unconfirmed},
                                                              {1, MoveState::confirmed}});
    CHECK(p.moves[2].word == "IN PLACE"); // not confirmed yet
    CHECK(p.moves[0].word == "WAITS FOR YOUR YES");
    CHECK_FALSE(p.moves[6].can_undo); // nothing was written
    CHECK(p.moves[9].can_undo);
    REQUIRE(move_of(p, p.advice[0]));
    CHECK(move_of(p, p.advice[0])->state == MoveState::superseded);
    CHECK_FALSE(move_of(p, p.advice[2]));
}

TEST_CASE("a host's name stands in the header as it is, so a demo is called one") {
    CHECK(picture(test::demo()).host_name == "DEMO");
    CHECK(picture(test::three_strips()).host_name == "ARDOUR");
    CHECK(picture(test::nothing_yet()).host_name.empty());
    CHECK_THAT(picture(test::lost_host()).host_line, Contains("does not answer any more"));
}

TEST_CASE("ages alone are nothing new to draw, and rates only where they are shown") {
    View a, b;
    a.picture = picture_of(test::json_of(test::three_strips()), drawn_at);
    b.picture = picture_of(test::json_of(test::three_strips()), drawn_at + 40ms);
    CHECK(looks_same(a, b, true));
    b.picture->status.rates = "3/s in, 1/s out";
    CHECK(looks_same(a, b, false));
    CHECK_FALSE(looks_same(a, b, true));
    b = a;
    b.picture->strips[0].meter.level += 0.1;
    CHECK_FALSE(looks_same(a, b, false));
    b = a;
    ++b.notices; // the same words again are news
    CHECK_FALSE(looks_same(a, b, false));
}

TEST_CASE("two snapshots that differ in ages and their number only say the same") {
    Snapshot snapshot = test::three_strips();
    const std::string a = to_line(snapshot, drawn_at);
    snapshot.sequence = 1234;
    CHECK(says_the_same(a, to_line(snapshot, drawn_at + 9ms)));
    CHECK(says_the_same(a, a));
    CHECK(says_the_same("", ""));
    CHECK_FALSE(says_the_same(a, ""));
    CHECK_FALSE(says_the_same(a, a + " "));
    snapshot.session.strips[0].meters[0].latest.value = -8.5;
    CHECK_FALSE(says_the_same(a, to_line(snapshot, drawn_at)));
    CHECK_FALSE(says_the_same(R"({"value":-12})", R"({"value":-13})"));
    CHECK(says_the_same(R"({"age_ms":9,"x":1})", R"({"age_ms":10,"x":1})"));
    CHECK_FALSE(says_the_same(R"({"age_ms":9,"x":1})", R"({"age_ms":10,"x":2})"));
    CHECK(says_the_same(R"({"received_per_second":9.5,"x":1})",
                        R"({"received_per_second":10,"x":1})"));
    CHECK_FALSE(says_the_same(R"({"age_ms":null})", R"({"age_ms":10})"));
}

TEST_CASE("scripts from right to left are in visual order, and everything else is as it was") {
    CHECK(visual("Lead Vox \u2192 \u00fcber") == "Lead Vox \u2192 \u00fcber");
    CHECK(visual("\u05d0\u05d1\u05d2") == "\u05d2\u05d1\u05d0");
    CHECK(visual("\u05d0\u05d1 12") == "12 \u05d1\u05d0");
    // Arabic letters are joined: beh, initial and final form, from the right.
    CHECK(visual("\u0628\u0628") == "\ufe90\ufe91");
    CHECK(visual("\"\u05d0\u05d1\" fader") == "\"\u05d1\u05d0\" fader");
    CHECK(visual("") == "");
    for (const char* broken : {"\xff\xfe", "\xd7", "ok \xe2\x82"}) CHECK_NOTHROW(visual(broken));
}

TEST_CASE("what tools answer becomes what is missing, and names it once a reason") {
    Surroundings around;
    take_status(around, {{"version", "0.1.0"},
                         {"cannot_say",
                          {{{"rule", "a"}, {"reason", "it does not play"}},
                           {{"rule", "b"}, {"reason", "it does not play"}},
                           {{"rule", "c"}, {"reason", "no meters"}}}}});
    CHECK(around.cannot_say
          == std::vector<std::string>{"2 rules, it does not play: a, b", "1 rule, no meters: c"});
    take_host(around, {{"found", {"ardour=127.0.0.1:3819"}},
                       {"known",
                        {{{"name", "ardour"}, {"title", "Ardour"}, {"here", true}},
                         {{"name", "ard"}, {"title", "Ard"}, {"here", false}}}}});
    REQUIRE(around.daws.size() == 2);
    CHECK(around.daws[0].answers);
    CHECK_FALSE(around.daws[1].answers);
    CHECK(notice_of("stop", Json()));
    CHECK_FALSE(notice_of("apply", {{"moves", {{{"id", 1}}}}, {"refused", Json::array()}}));
    CHECK(notice_of("undo", {{"refused", {"move 3: changed by hand since"}}})
          == "move 3: changed by hand since");
}

TEST_CASE("who hides whom is told by names, share and what would make room") {
    const Picture picture = picture_of(test::json_of(test::masked_strips()), test::drawn_at);
    REQUIRE(picture.conflicts.size() == 3);
    const ConflictRow& worst = picture.conflicts[0];
    CHECK(worst.masker_name == "Hot Synth");
    CHECK(worst.target_name == "Lead Vox");
    CHECK(worst.where == "2.4 kHz");
    CHECK(worst.share == Approx(0.82));
    CHECK(worst.room == "Hot Synth: -3.0 dB at 2.4 kHz, Q 1.2; would leave 41 %");
    CHECK(worst.since.point == test::drawn_at - std::chrono::seconds(42));
    CHECK(picture.is_heard);
    CHECK_FALSE(picture_of(test::json_of(test::three_strips()), test::drawn_at).is_heard);
}
