// Orders in words: proposed, and moved by nobody but a person's yes.
#include "tests/support/desk_bench.h"

using namespace prefade;
using test::Bench;
using test::kick_fader;
using test::vox_fader;

namespace {

struct Orders : Bench {
    /// As the knowledge has understood "set the Vox to ...": the answer that its caller gets.
    Json order(Result<Move> move, Door door = Door::local) {
        const Json result = {{"answer", "Proposed."}, {"moves", {{{"control", "fader"}}}}};
        effects.clear();
        handle(QuestionAnswered{
            {{3}, 77, std::make_shared<const Json>(result), {}}, door, {}, {std::move(move)}});
        const auto given = answer(77);
        REQUIRE(given);
        CHECK(given->caller.connection == 3);
        REQUIRE(given->result);
        CHECK((*given->result)["answer"] == "Proposed.");
        return (*given->result)["moves"][0];
    }
    Move vox_to(double level) const {
        Move move;
        move.path = vox_fader;
        move.target = Decibel{level};
        move.epoch = desk.session().epoch;
        move.why = "asked: vox";
        return move;
    }
};

} // namespace

TEST_CASE("an order waits for a yes, in mode auto too, and is then moved and proved") {
    Orders b;
    const bool is_auto = GENERATE(false, true);
    if (is_auto) b.call("mode", {{"mode", "auto"}});
    const Json told = b.order(b.vox_to(-12.0));
    CHECK(told["control"] == "fader");
    CHECK(told["stage"] == "proposed");
    CHECK(told["outcome"].is_null());
    CHECK(b.count<JournalBegin>() == 0);
    const MoveRecord& record = b.last();
    CHECK(told["move"] == record.move.id.value);
    CHECK(record.move.source == Source::user);
    CHECK(record.move.why == "asked: vox");
    const auto request = b.call("approve", {{"move", told["move"]}});
    b.handle(JournalBegun{record.move.id});
    b.confirm(Decibel{-12.0});
    REQUIRE(b.answer(request));
    CHECK((*b.answer(request)->result)["moves"][0]["outcome"] == "confirmed");
}

TEST_CASE(
    "a second order for the same control takes the first one's place, another control's stays") {
    Orders b;
    Move kick = b.vox_to(-4.0);
    kick.path = kick_fader;
    const Json of_kick = b.order(kick), first = b.order(b.vox_to(-7.0)),
               second = b.order(b.vox_to(-8.0));
    const auto stage = [&](const Json& told) {
        return b.desk.moves().find(MoveId{told["move"].get<std::uint32_t>()})->stage;
    };
    CHECK(stage(of_kick) == MoveStage::proposed);
    CHECK(stage(first) == MoveStage::done);
    CHECK(stage(second) == MoveStage::proposed);
}

TEST_CASE("a yes to a change from one level is none to that from another") {
    Orders b;
    const Json told = b.order(b.vox_to(-8.0));
    b.say({ControlChanged{vox_fader, Decibel{-20.0}}});
    b.after(std::chrono::seconds(30)); // no hand's any more
    const auto request = b.call("approve", {{"move", told["move"]}});
    REQUIRE(b.answer(request));
    CHECK(b.last().outcome->kind == Outcome::Kind::refused);
    CHECK(b.last().outcome->reason.find("changed since") != std::string::npos);
    CHECK(b.dialect->encoded.empty());
}

TEST_CASE("an order that is refused leaves the one that waits") {
    Orders b;
    const Json waits = b.order(b.vox_to(-8.0)), refused = b.order(b.vox_to(30.0));
    CHECK(refused["outcome"] == "refused");
    CHECK(b.desk.moves().find(MoveId{waits["move"].get<std::uint32_t>()})->stage
          == MoveStage::proposed);
}

TEST_CASE("what an answer could not be given without is read for the next time") {
    Orders b;
    const Json result = {{"answer", "Not read yet."}, {"moves", Json::array()}};
    b.effects.clear();
    b.handle(QuestionAnswered{{{3}, 77, std::make_shared<const Json>(result), {}},
                              Door::local,
                              std::pair{StripId{2}, InsertId{5}},
                              {}});
    REQUIRE(b.answer(77));
    CHECK((*b.answer(77)->result)["answer"] == "Not read yet.");
    CHECK(b.dialect->watched == std::vector{InsertId{5}});
}

TEST_CASE("what the gate refuses, or is no value of its control, is told with the reason") {
    Orders b;
    SECTION("mode watch") {
        b.call("mode", {{"mode", "watch"}});
        const Json told = b.order(b.vox_to(-8.0));
        CHECK(told["outcome"] == "refused");
        CHECK(told["reason"].get<std::string>().find("mode watch") != std::string::npos);
    }
    SECTION("no value") {
        const Json told = b.order(Error{ErrorCode::invalid, "not a level", {}});
        CHECK(told["outcome"] == "refused");
        CHECK(told["reason"] == "not a level");
    }
    SECTION("a model asks for more than its limit") {
        const Json told = b.order(b.vox_to(-30.0), Door::model);
        CHECK(told["outcome"] == "refused");
        CHECK(b.last().move.source == Source::model);
    }
    CHECK(b.count<JournalBegin>() == 0);
    CHECK(b.dialect->encoded.empty());
}

TEST_CASE("of moves on one plug-in that belong together a later one waits for the one before it") {
    Orders b;
    Insert eq;
    eq.id = InsertId{5};
    eq.plugin = "EQ";
    std::vector<Parameter> parameters(2);
    for (std::uint16_t n = 0; n < 2; ++n) {
        parameters[n].number = n;
        parameters[n].name = n == 0 ? "Frequency" : "Gain";
        parameters[n].value.learn(Normalized{0.5}, b.now);
    }
    b.say({InsertsListed{StripId{2}, {eq}, false},
           ParametersListed{StripId{2}, InsertId{5}, parameters}});
    std::vector<Result<Move>> set;
    for (std::uint16_t n = 0; n < 2; ++n) {
        Move move = b.vox_to(0.0);
        move.path = {StripId{2}, Control::parameter, InsertId{5}, n};
        move.target = Normalized{0.25};
        set.emplace_back(move);
    }
    const Json result = {{"answer", "Proposed."}, {"moves", {Json::object(), Json::object()}}};
    b.handle(QuestionAnswered{
        {{3}, 77, std::make_shared<const Json>(result), {}}, Door::local, {}, std::move(set)});
    const Json told = (*b.answer(77)->result)["moves"];
    REQUIRE(told[0]["stage"] == "proposed");
    REQUIRE(told[1]["stage"] == "proposed");
    const auto too_early = b.answer(b.call("approve", {{"move", told[1]["move"]}}));
    REQUIRE(too_early);
    CHECK_FALSE(too_early->result);
    CHECK_THAT(too_early->error.message, Catch::Matchers::Contains("comes first"));
    CHECK(b.count<JournalBegin>() == 0);

    const MoveId place{told[0]["move"].get<std::uint32_t>()};
    b.call("approve", {{"move", place.value}});
    b.handle(JournalBegun{place});
    b.say({WriteBegins{place, Normalized{0.5}}, WriteInPlace{place, Normalized{0.25}},
           WriteProved{place, Normalized{0.25}}});
    REQUIRE(b.desk.moves().find(place)->outcome);
    const ControlPath at_place = b.desk.moves().find(place)->move.path;
    b.say({ControlChanged{at_place, Normalized{0.25}}});
    b.after(std::chrono::seconds(5));
    SECTION("in its place") {
        b.call("approve", {{"move", told[1]["move"]}});
        CHECK(b.last().stage == MoveStage::journalling);
    }
    SECTION("by a hand elsewhere since") {
        b.say({ControlChanged{at_place, Normalized{0.9}}});
        b.after(std::chrono::seconds(30));
        const auto moved = b.answer(b.call("approve", {{"move", told[1]["move"]}}));
        REQUIRE(moved);
        CHECK_THAT(moved->error.message, Catch::Matchers::Contains("not in place"));
    }
}

TEST_CASE(
    "the first of three moves on one plug-in does not go once the last one's control was turned") {
    Orders b;
    Insert eq;
    eq.id = InsertId{5};
    eq.plugin = "EQ";
    std::vector<Parameter> parameters(3);
    std::vector<Result<Move>> set;
    for (std::uint16_t n = 0; n < 3; ++n) {
        parameters[n].number = n;
        parameters[n].name = std::to_string(n);
        parameters[n].value.learn(Normalized{0.5}, b.now);
        Move move = b.vox_to(0.0);
        move.path = {StripId{2}, Control::parameter, InsertId{5}, n};
        move.target = Normalized{0.25};
        set.emplace_back(move);
    }
    const ControlPath gain = set.back()->path;
    b.say({InsertsListed{StripId{2}, {eq}, false},
           ParametersListed{StripId{2}, InsertId{5}, parameters}});
    const Json result = {{"answer", "Proposed."},
                         {"moves", {Json::object(), Json::object(), Json::object()}}};
    b.handle(QuestionAnswered{
        {{3}, 77, std::make_shared<const Json>(result), {}}, Door::local, {}, std::move(set)});
    const Json first = (*b.answer(77)->result)["moves"][0];
    REQUIRE(first["stage"] == "proposed");
    b.say({ControlChanged{gain, Normalized{0.9}}});
    b.after(std::chrono::seconds(30)); // no hand's any more
    const auto refused = b.answer(b.call("approve", {{"move", first["move"]}}));
    REQUIRE(refused);
    CHECK_THAT(refused->error.message, Catch::Matchers::Contains("has changed since"));
    CHECK(b.count<JournalBegin>() == 0);
}

TEST_CASE("of a set of moves on one plug-in nothing follows one that is not proposed") {
    Orders b;
    std::vector<Result<Move>> set;
    set.emplace_back(Error{ErrorCode::unsupported, "cannot be set", {}});
    Move gain = b.vox_to(0.0);
    gain.path = {StripId{2}, Control::parameter, InsertId{5}, 1};
    gain.target = Normalized{0.25};
    set.emplace_back(gain);
    const Json result = {{"answer", "Proposed."}, {"moves", {Json::object(), Json::object()}}};
    b.handle(QuestionAnswered{
        {{3}, 77, std::make_shared<const Json>(result), {}}, Door::local, {}, std::move(set)});
    const Json told = (*b.answer(77)->result)["moves"];
    CHECK(told[0]["reason"] == "cannot be set");
    CHECK(told[1]["reason"] == "what comes before it is not proposed");
    CHECK(b.desk.moves().records().empty());
}
