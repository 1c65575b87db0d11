// Moves: how each ends, what binds them, and the way back.
#include "tests/support/desk_bench.h"
#include "tests/support/move_record.h"

using namespace prefade;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::Bench;
using test::kick_fader;
using test::vox_fader;

namespace {

std::string reason_of(const Bench& b) { return b.last().outcome.value().reason; }

/// What an undo that could not start says.
std::string refusal(const Bench& b, std::uint64_t request) {
    const auto answer = b.answer(request);
    REQUIRE(answer);
    REQUIRE(answer->result == nullptr);
    return answer->error.message;
}

/// A record of a run before, of the Vox fader of this session: -6 to -4.5 dB.
MoveRecord earlier(Outcome::Kind kind = Outcome::Kind::confirmed) {
    MoveRecord r = test::record_of(9);
    r.move.path = {StripId{77}, Control::fader, {}, 0}; // an id of that run
    r.move.target = Decibel{-4.5};
    return test::ended(r, kind);
}

Bench with_history(std::vector<MoveRecord> history) {
    auto setup = Bench::setup(Mode::ask, {});
    setup.history = std::move(history);
    setup.last_move = MoveId{9};
    return Bench(std::move(setup));
}

void vox_at(Bench& b, double db) {
    b.say({ControlChanged{vox_fader, Decibel{db}}});
    b.now += 3s; // the hand is off again
}

} // namespace

TEST_CASE("each end of a write is the outcome of its move, told once, and journalled") {
    Bench b;
    const auto request = b.set_vox("-4.5");
    const MoveId id = b.last().move.id;
    b.effects.clear();
    struct Case {
        const char* name;
        Happening end;
        Outcome::Kind kind;
        std::optional<ControlValue> read_back;
        const char* reason;
    };
    const auto c = GENERATE_REF(values<Case>({
        {"proved", WriteProved{id, Decibel{-4.51}}, Outcome::Kind::confirmed, Decibel{-4.51}, ""},
        {"superseded", WriteSuperseded{id, Decibel{-9.0}, "a hand"}, Outcome::Kind::superseded,
         Decibel{-9.0}, "a hand"},
        {"refused", WriteRefused{id, "the strip is another"}, Outcome::Kind::refused, std::nullopt,
         "the strip is another"},
        {"unproved", WriteUnproved{id, "no echo", std::nullopt}, Outcome::Kind::unconfirmed,
         std::nullopt, "no echo"},
        {"failed", WriteFailed{id, "it holds -7", Decibel{-7.0}}, Outcome::Kind::failed,
         Decibel{-7.0}, "it holds -7"},
    }));
    INFO(c.name);
    b.say({WriteBegins{id, Decibel{-6.1}}, WriteInPlace{id, Decibel{-4.5}}});
    CHECK(b.last().stage == MoveStage::in_place);
    CHECK_FALSE(b.answer(request));
    b.say({c.end});
    b.say({WriteProved{id, Decibel{-1.0}}, WriteFailed{id, "late", Decibel{-1.0}}}); // too late
    CHECK(b.last().stage == MoveStage::done);
    CHECK(b.last().before == ControlValue{Decibel{-6.1}});
    CHECK(b.last().outcome->kind == c.kind);
    CHECK(b.last().outcome->read_back == c.read_back);
    CHECK(b.last().outcome->reason == c.reason);
    CHECK((b.last().proof.find("proved") != std::string::npos)
          == (c.kind == Outcome::Kind::confirmed));
    CHECK(b.count<JournalFinish>() == 1);
    CHECK(b.count<Answer>() == 1);
    REQUIRE(b.answer(request)->result);
    CHECK((*b.answer(request)->result)["moves"][0]["outcome"] == name_in(outcome_names, c.kind));
    CHECK_FALSE(b.desk.moves().any_under_way());
}

TEST_CASE("a record names strip, plugin and parameter, and its values in the host's own words") {
    Bench b;
    Parameter gain;
    gain.number = 3;
    gain.name = "Gain";
    gain.minimum = -24.0;
    gain.maximum = 24.0;
    gain.unit = "dB";
    gain.value.learn(Normalized{0.5}, b.now);
    b.say({InsertsListed{StripId{2}, {{InsertId{4}, "ACE EQ", 0, 0, {}, {}}}, false},
           ParametersListed{StripId{2}, InsertId{4}, {gain}}});
    b.call("set", {{"strip", "Vox"}, {"control", "ACE EQ/Gain"}, {"value", "6"}, {"why", "dull"}});
    const MoveRecord& r = b.last();
    CHECK(r.session_key == "fake/song");
    CHECK(r.strip_name == "Vox");
    CHECK(r.on_name == "ACE EQ");
    CHECK(r.parameter_name == "Gain");
    CHECK(r.before_text == "0 dB");
    CHECK(r.target_text == "6 dB");
    CHECK(r.move.why == "dull");
    CHECK(r.approved_by == "user");
    const MoveId id = r.move.id;
    b.handle(JournalBegun{id});
    b.say({InsertsListed{StripId{2}, {}, true}, WriteFailed{id, "gone", std::nullopt}});
    CHECK(b.last().target_text == "6 dB"); // the words it had
}

TEST_CASE("a proposal waits for a person, and is judged again when approved") {
    Bench b;
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-7"}}, Door::mcp);
    const double id = b.last().move.id.value;
    CHECK(b.last().stage == MoveStage::proposed);
    CHECK(b.count<JournalBegin>() == 0);
    SECTION("approved") {
        vox_at(b, -6.5);
        const auto request = b.call("approve", {{"move", id}});
        CHECK(b.last().before == ControlValue{Decibel{-6.5}}); // as it is now
        CHECK(b.last().approved_by == "user");
        REQUIRE(b.newest<JournalBegin>());
        CHECK(b.newest<JournalBegin>()->record.before == ControlValue{Decibel{-6.5}});
        const auto again = b.call("approve", {{"move", id}});
        CHECK(b.answer(again)->error.code == ErrorCode::refused);
        b.handle(JournalBegun{b.last().move.id});
        b.confirm(Decibel{-7.0});
        CHECK((*b.answer(request)->result)["moves"][0]["outcome"] == "confirmed");
    }
    SECTION("approved while a hand is on it") {
        b.say({Touched{StripId{2}, true}});
        const auto request = b.call("approve", {{"move", id}});
        CHECK((*b.answer(request)->result)["moves"][0]["outcome"] == "refused");
        CHECK(b.dialect->encoded.empty());
    }
    SECTION("rejected") {
        b.call("reject", {{"move", id}});
        CHECK(b.last().outcome->kind == Outcome::Kind::refused);
        CHECK(b.count<JournalFinish>() == 1);
        const auto again = b.call("reject", {{"move", id}});
        CHECK(b.answer(again)->error.code == ErrorCode::refused);
    }
    SECTION("an unknown number") {
        const auto tool = GENERATE("approve", "reject", "undo");
        const auto request = b.call(tool, {{"move", 4711}});
        CHECK(b.answer(request)->error.code == ErrorCode::not_found);
        CHECK(b.last().stage == MoveStage::proposed);
    }
}

TEST_CASE("only so many proposals wait; one more is refused, and all that wait are shown") {
    Bench b;
    for (std::size_t i = 0; i < Moves::most_proposals + 3; ++i)
        b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-7"}}, Door::mcp);
    CHECK(b.desk.moves().open().size() == Moves::most_proposals);
    CHECK_THAT(reason_of(b), Contains("wait for approval"));
    b.after(100ms);
    const auto& shown = b.newest<Publish>()->snapshot->moves;
    CHECK(std::count_if(shown.begin(), shown.end(),
                        [](const MoveRecord& r) { return r.stage == MoveStage::proposed; })
          == Moves::most_proposals);
    CHECK(std::is_sorted(shown.begin(), shown.end(), [](const MoveRecord& a, const MoveRecord& c) {
        return a.move.id < c.move.id;
    }));
}

TEST_CASE("a hand that moves the control while the journal still writes is not overruled") {
    Bench b;
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-2"}});
    const MoveId id = b.last().move.id;
    b.say({ControlChanged{vox_fader, Decibel{-4.0}}}); // on the way there: nothing was sent yet
    b.handle(JournalBegun{id});
    CHECK(b.dialect->encoded.empty());
    CHECK(b.last().outcome->kind == Outcome::Kind::refused);
    CHECK_THAT(reason_of(b), Contains("a hand moved"));
}

TEST_CASE(
    "echoes, steps and late steps of a write are ours; what nothing of ours explains is a hand's") {
    Bench b;
    b.set_vox("-2");
    const MoveId id = b.last().move.id;
    const auto hand = [&] { return b.desk.session().find(StripId{2})->hand_at != TimePoint{}; };
    b.say({WriteBegins{id, Decibel{-6.0}}, ControlChanged{vox_fader, Decibel{-5.0}},
           ControlChanged{vox_fader, Decibel{-2.0}}, ControlChanged{vox_fader, Decibel{-4.0}}});
    CHECK_FALSE(hand());
    SECTION("elsewhere on the scale") { b.say({ControlChanged{vox_fader, Decibel{-1.0}}}); }
    SECTION("beyond the start") { b.say({ControlChanged{vox_fader, Decibel{-6.5}}}); }
    SECTION("another control of the strip") {
        b.say({ControlChanged{{StripId{2}, Control::trim, {}, 0}, Decibel{0.0}},
               ControlChanged{{StripId{2}, Control::trim, {}, 0}, Decibel{-3.0}}});
    }
    SECTION("a step, once it is confirmed") {
        b.say({ControlChanged{vox_fader, Decibel{-2.0}}, WriteProved{id, Decibel{-2.0}}});
        b.say({ControlChanged{vox_fader, Decibel{-4.0}}});
    }
    SECTION("a step, long after it was given up") {
        b.say({WriteUnproved{id, "no echo", std::nullopt}});
        b.now += 5s;
        b.say({ControlChanged{vox_fader, Decibel{-3.0}}});
        CHECK_FALSE(hand());
        b.now += 1ms;
        b.say({ControlChanged{vox_fader, Decibel{-5.5}}});
    }
    CHECK(hand());
}

TEST_CASE("a switch of ours is no hand's, its way back is") {
    Bench b;
    const ControlPath mute{StripId{2}, Control::mute, {}, 0};
    b.say({ControlChanged{mute, false}});
    b.call("set", {{"strip", "Vox"}, {"control", "mute"}, {"value", "on"}});
    const MoveId id = b.last().move.id;
    b.handle(JournalBegun{id});
    b.say({WriteBegins{id, false}, ControlChanged{mute, true}, WriteProved{id, true}});
    CHECK(b.desk.session().find(StripId{2})->hand_at == TimePoint{});
    b.say({ControlChanged{mute, false}});
    CHECK(b.desk.session().find(StripId{2})->hand_at == b.now);
}

TEST_CASE("what programs move in a minute is added up for each control, and forgotten after it") {
    Bench b;
    const auto asks = [&](const char* strip, const char* value) {
        b.call("set", {{"strip", strip}, {"control", "fader"}, {"value", value}}, Door::mcp);
        return b.last().outcome ? reason_of(b) : "";
    };
    const auto make = [&](const char* value, double db) {
        REQUIRE(asks("Vox", value).empty());
        b.call("approve", {{"move", b.last().move.id.value}});
        b.handle(JournalBegun{b.last().move.id});
        b.confirm(Decibel{db});
    };
    make("-8.5", -8.5);
    make("-6", -6.0);
    CHECK_THAT(asks("Vox", "-7.1"), Contains("5.00 dB in the last minute"));
    CHECK(asks("Kick", "-4.1").empty()); // another control
    CHECK(asks("Vox", "-7").empty());    // up to 6 dB
    b.now += 61s;
    CHECK(asks("Vox", "-8.5").empty());
}

TEST_CASE("a person's own moves and undos use nothing of a program's limit") {
    Bench b;
    b.set_vox("-1");
    b.confirm(Decibel{-1.0});
    b.call("undo");
    b.handle(JournalBegun{b.last().move.id});
    b.confirm(Decibel{-6.0});
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-8.9"}}, Door::mcp);
    CHECK(b.last().stage == MoveStage::proposed);
}

TEST_CASE("what was refused wrote nothing and uses nothing") {
    Bench b;
    for (int i = 0; i < 5; ++i) {
        b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-8.9"}}, Door::mcp);
        b.call("approve", {{"move", b.last().move.id.value}});
        b.handle(JournalBegun{b.last().move.id});
        b.say({WriteRefused{b.last().move.id, "the strip could not be proved"}});
        CHECK_THAT(reason_of(b), Contains("could not be proved"));
    }
    const auto request = b.call("undo");
    CHECK(b.answer(request)->error.code == ErrorCode::not_found);
}

TEST_CASE("two moves of one control follow each other") {
    Bench b;
    b.set_vox("-4.5");
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-3"}});
    CHECK_THAT(reason_of(b), Contains("under way"));
    b.call("set", {{"strip", "Kick"}, {"control", "fader"}, {"value", "-2"}});
    CHECK(b.last().stage == MoveStage::journalling);
}

TEST_CASE("a dialect that cannot encode a move ends it refused, with its reason") {
    Bench b;
    b.dialect->encode_error = Error{ErrorCode::unsupported, "no such address", {}};
    b.set_vox("-4.5");
    CHECK(b.last().outcome->kind == Outcome::Kind::refused);
    CHECK(reason_of(b) == "no such address");
}

TEST_CASE("undo says why it does not go back") {
    Bench b;
    SECTION("it is under way") {
        b.set_vox("-4.5");
        const auto request = b.call("undo", {{"move", b.last().move.id.value}});
        CHECK_THAT(refusal(b, request), Contains("under way"));
    }
    SECTION("it wrote nothing") {
        b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "40"}});
        REQUIRE(b.last().outcome);
        const auto request = b.call("undo", {{"move", b.last().move.id.value}});
        CHECK_THAT(refusal(b, request), Contains("nothing to undo"));
    }
    SECTION("it is undone") {
        b.set_vox("-4.5");
        b.confirm(Decibel{-4.5});
        const double id = b.last().move.id.value;
        b.call("undo", {{"move", id}});
        b.handle(JournalBegun{b.last().move.id});
        b.effects.clear();
        b.confirm(Decibel{-6.0});
        CHECK(b.count<JournalFinish>() == 2); // the undo, and that the move is undone
        const auto request = b.call("undo", {{"move", id}});
        CHECK_THAT(refusal(b, request), Contains("undone already"));
    }
    SECTION("a hand took it over") {
        b.set_vox("-4.5");
        const MoveId id = b.last().move.id;
        b.say({WriteBegins{id, Decibel{-6.0}}, ControlChanged{vox_fader, Decibel{-9.0}},
               WriteSuperseded{id, Decibel{-9.0}, "a hand"}});
        b.now += 10s;
        const auto request = b.call("undo", {{"move", id.value}});
        CHECK_THAT(refusal(b, request), Contains("taken over"));
    }
    SECTION("the value is back already") {
        b.set_vox("-4.5");
        b.confirm(Decibel{-4.5});
        vox_at(b, -6.02);
        const auto request = b.call("undo");
        CHECK_THAT(refusal(b, request), Contains("holds its former -6.00 dB already"));
    }
    SECTION("another session is open") {
        b.set_vox("-4.5");
        b.confirm(Decibel{-4.5});
        const double id = b.last().move.id.value;
        b.say({SessionNamed{"next song"}});
        const auto request = b.call("undo", {{"move", id}});
        CHECK_THAT(refusal(b, request), Contains("belongs to the session \"fake/song\""));
        const auto last = b.call("undo");
        CHECK(b.answer(last)->error.code == ErrorCode::not_found);
    }
    CHECK(b.dialect->encoded.size() <= 2);
}

TEST_CASE("a failed undo leaves the move to be undone") {
    Bench b;
    b.set_vox("-4.5");
    b.confirm(Decibel{-4.5});
    b.call("undo");
    b.handle(JournalBegun{b.last().move.id});
    b.say({WriteUnproved{b.last().move.id, "no echo", std::nullopt}});
    CHECK_FALSE(b.desk.moves().records().front().undone);
    b.call("undo");
    CHECK(b.last().stage == MoveStage::journalling);
}

TEST_CASE("undo is allowed in watch, beyond step and rate") {
    Bench b;
    b.set_vox("5.9");
    b.confirm(Decibel{5.9});
    b.call("mode", {{"mode", "watch"}});
    b.call("undo");
    CHECK(b.last().stage == MoveStage::journalling);
}

TEST_CASE("after a restart a move is undone by the names it was made on") {
    Bench b = with_history({earlier()});
    vox_at(b, -4.5);
    SECTION("the strip is there") {
        b.call("undo", {{"move", 9}});
        CHECK(b.last().move.id == MoveId{10}); // above every number used
        CHECK(b.last().move.path == vox_fader);
        CHECK(b.last().move.target == ControlValue{Decibel{-6.0}});
        CHECK(b.last().stage == MoveStage::journalling);
        b.handle(JournalBegun{MoveId{10}});
        b.confirm(Decibel{-6.0});
        CHECK(b.desk.moves().find(MoveId{9})->undone);
    }
    SECTION("not without being named: it is not of this run") {
        const auto request = b.call("undo"), all = b.call("undo", {{"all", true}});
        CHECK(b.answer(request)->error.code == ErrorCode::not_found);
        CHECK(b.answer(all)->error.code == ErrorCode::not_found);
    }
    SECTION("two strips bear the name") {
        b.say({StripsListed{{{StripId{1}, "Vox", false, StripKind::audio_track, false, false},
                             {StripId{2}, "Vox", false, StripKind::audio_track, false, false}},
                            true}});
        const auto request = b.call("undo", {{"move", 9}});
        CHECK(b.answer(request)->error.code == ErrorCode::ambiguous);
        CHECK_THAT(refusal(b, request), Contains("more than one strip called \"Vox\""));
    }
    SECTION("none does") {
        b.say({StripRenamed{StripId{2}, "Voice"}});
        const auto request = b.call("undo", {{"move", 9}});
        CHECK(b.answer(request)->error.code == ErrorCode::not_found);
    }
    SECTION("it holds another value") {
        vox_at(b, -4.0);
        const auto request = b.call("undo", {{"move", 9}});
        CHECK_THAT(refusal(b, request), Contains("changed since"));
    }
}

TEST_CASE("a move whose outcome nobody knows is undone only where its value stands") {
    Bench b = with_history({earlier(Outcome::Kind::unknown)});
    SECTION("it arrived") {
        vox_at(b, -4.5);
        b.call("undo", {{"move", 9}});
        CHECK(b.last().stage == MoveStage::journalling);
    }
    SECTION("its glide stopped half-way") {
        vox_at(b, -5.2);
        const auto request = b.call("undo", {{"move", 9}});
        CHECK_THAT(refusal(b, request), Contains("changed since"));
    }
    SECTION("it never left") {
        const auto request = b.call("undo", {{"move", 9}});
        CHECK_THAT(refusal(b, request), Contains("already"));
    }
}

TEST_CASE("after a restart sends and parameters are found by destination, plugin and name") {
    MoveRecord send = earlier(), parameter = earlier();
    send.move.path = {StripId{77}, Control::send, SendId{70}, 0};
    send.on_name = "Reverb";
    parameter.move.id = MoveId{8};
    parameter.move.path = {StripId{77}, Control::parameter, InsertId{71}, 3};
    parameter.move.target = Normalized{0.75};
    parameter.before = Normalized{0.5};
    parameter.outcome->read_back = Normalized{0.75};
    parameter.on_name = "ACE EQ";
    parameter.parameter_name = "Gain";
    Bench b = with_history({parameter, send});
    const auto undo = [&](int id) { return b.call("undo", {{"move", id}}); };
    const auto list = [&](const std::string& plugin, const std::string& name, bool twice) {
        Parameter p;
        p.number = 3;
        p.name = name;
        p.value.learn(Normalized{0.75}, b.now);
        std::vector<Insert> inserts{{InsertId{5}, plugin, 0, 0, {}, {}}};
        if (twice) inserts.push_back({InsertId{6}, plugin, 1, 0, {}, {}});
        b.say({InsertsListed{StripId{2}, inserts, true}});
        if (!name.empty()) b.say({ParametersListed{StripId{2}, InsertId{5}, {p}}});
    };
    SECTION("a send") {
        Send reverb{SendId{3}, "Reverb", 0, 0, {}, {}};
        reverb.level.learn(Decibel{-4.5}, b.now);
        b.say({SendsListed{StripId{2}, {reverb}, true}});
        undo(9);
        CHECK(b.last().move.path == ControlPath{StripId{2}, Control::send, SendId{3}, 0});
        CHECK(b.last().stage == MoveStage::journalling);
    }
    SECTION("no such send") { CHECK_THAT(refusal(b, undo(9)), Contains("there is no send of")); }
    SECTION("a parameter") {
        list("ACE EQ", "Gain", false);
        undo(8);
        CHECK(b.last().move.path == ControlPath{StripId{2}, Control::parameter, InsertId{5}, 3});
        CHECK(b.last().move.target == ControlValue{Normalized{0.5}});
        CHECK(b.last().stage == MoveStage::journalling);
    }
    SECTION("no such plugin") {
        list("ACE Reverb", "Gain", false);
        CHECK_THAT(refusal(b, undo(8)), Contains("there is no ACE EQ on \"Vox\""));
    }
    SECTION("two of the plugin") {
        list("ACE EQ", "Gain", true);
        CHECK(b.answer(undo(8))->error.code == ErrorCode::ambiguous);
    }
    SECTION("its parameters are not read") {
        list("ACE EQ", "", false);
        CHECK(b.answer(undo(8))->error.code == ErrorCode::unavailable);
    }
    SECTION("the number means another parameter now") {
        list("ACE EQ", "Frequency", false);
        CHECK_THAT(refusal(b, undo(8)), Contains("another one now"));
    }
}

TEST_CASE("undo --all puts back what it can, newest first, and says what it could not") {
    Bench b;
    b.set_vox("-4.5");
    b.confirm(Decibel{-4.5});
    b.call("set", {{"strip", "Kick"}, {"control", "fader"}, {"value", "-1"}});
    const MoveId kick = b.last().move.id;
    b.handle(JournalBegun{kick});
    b.say({WriteBegins{kick, Decibel{-3.0}}, ControlChanged{kick_fader, Decibel{-1.0}},
           WriteProved{kick, Decibel{-1.0}}});
    b.now += 10s;
    b.say({ControlChanged{kick_fader, Decibel{-8.0}}}); // a hand
    const auto request = b.call("undo", {{"all", true}});
    CHECK_FALSE(b.answer(request));
    CHECK(b.last().move.path == vox_fader);
    b.handle(JournalBegun{b.last().move.id});
    SECTION("to its end") {
        b.confirm(Decibel{-6.0});
        REQUIRE(b.answer(request));
        const Json& result = *b.answer(request)->result;
        CHECK(result["moves"].size() == 1);
        REQUIRE(result["refused"].size() == 1);
        CHECK_THAT(result["refused"][0].get<std::string>(), Contains("changed since"));
    }
    SECTION("though the caller is gone") {
        b.handle(CallerGone{{7}});
        b.confirm(Decibel{-6.0});
        CHECK(b.desk.moves().records().front().undone);
    }
}

TEST_CASE("a caller that is gone is not answered, and its move goes on") {
    Bench b;
    const auto request = b.set_vox("-4.5");
    b.handle(CallerGone{{7}});
    b.confirm(Decibel{-4.5});
    CHECK(b.last().outcome->kind == Outcome::Kind::confirmed);
    CHECK_FALSE(b.answer(request));
}

TEST_CASE("a long run keeps the newest moves and every open one, and the rest is the journal's") {
    std::vector<MoveRecord> history;
    for (std::uint32_t id = 1; id <= Moves::most_kept; ++id)
        history.push_back(test::ended(test::record_of(id), Outcome::Kind::confirmed));
    auto setup = Bench::setup(Mode::ask, {});
    setup.history = std::move(history);
    setup.last_move = MoveId{Moves::most_kept};
    Bench b(std::move(setup));
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-7"}}, Door::mcp);
    const MoveId waiting = b.last().move.id;
    CHECK(b.desk.moves().find(MoveId{1}));
    std::size_t most = 0;
    for (std::size_t i = 0; i < Moves::most_kept + 5000; ++i) {
        b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "40"}});
        REQUIRE(b.last().outcome);
        most = std::max(most, b.desk.moves().records().size());
        b.effects.clear();
    }
    CHECK(most <= Moves::most_kept + 1000);
    CHECK_FALSE(b.desk.moves().find(MoveId{1}));
    REQUIRE(b.desk.moves().find(waiting));
    CHECK(b.desk.moves().find(waiting)->stage == MoveStage::proposed);
    const auto request = b.call("undo", {{"move", 1}});
    CHECK(b.answer(request)->error.code == ErrorCode::not_found);
    b.call("approve", {{"move", waiting.value}});
    CHECK(b.desk.moves().find(waiting)->stage == MoveStage::journalling);
}
