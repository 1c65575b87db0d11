// What the desk remembers of a session, what it lets go when host or daemon goes, and what mode auto does.
#include "tests/support/desk_bench.h"

using namespace prefade;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::Bench;
using test::vox_fader;

namespace {

std::shared_ptr<const Json> shared(Json json) {
    return std::make_shared<const Json>(std::move(json));
}

Desk::Setup remembering() {
    auto setup = Bench::setup(Mode::ask, {});
    auto roles = RoleBook::parse("[[role]]\nname = \"kick\"\nwords = [\"kick\"]\n"
                                 "[[role]]\nname = \"lead vocal\"\nwords = [\"vox\"]\n"
                                 "[[role]]\nname = \"bass\"\nwords = [\"bass\"]\n",
                                 "roles.toml");
    REQUIRE(roles);
    setup.roles = std::move(*roles);
    setup.brief.genre = "rock";
    return setup;
}

/// Fires while a fader stands above 0 dB and wants it 5 dB lower.
RuleBook high_fader() {
    auto loaded = RuleBook::parse(R"(
id = "high-fader"
scope = "each strip"
severity = "caution"
confidence = "EXPERTISE"
source = "a test"
when = 'fader > 0 dB'
says = '"{strip.name}" stands at {fader}'
[[evidence]]
measure = "fader"
value = 'fader'
[[suggests]]
control = "fader"
delta = '-5 dB'
[[case]]
name = "high"
[[case.strip]]
name = "A"
fader = "3 dB"
[[case.expect]]
at = "1 s"
fires = ["A"]
[[case]]
name = "low"
[[case.strip]]
name = "A"
fader = "-3 dB"
[[case.expect]]
at = "1 s"
fires = []
)",
                                  "high-fader.toml");
    for (const Error& error : loaded.errors) FAIL(error.where << ' ' << error.message);
    return std::move(loaded.book);
}

const std::string& role(const Bench& b, std::uint32_t strip) {
    return b.desk.session().find(StripId{strip})->role;
}

} // namespace

TEST_CASE("a session's memory is asked for when it is named, and comes back") {
    Bench b(remembering());
    REQUIRE(b.newest<LoadSession>());
    CHECK(b.newest<LoadSession>()->session_key == "fake/song");
    CHECK(role(b, 2) == "lead vocal");
    b.handle(SessionLoaded{"fake/song", shared({{"roles", {{"Vox", "bass"}}},
                                                {"brief", {{"genre", "jazz"}, {"tempo", "96 bpm"}}},
                                                {"dismissed", Json::array()}})});
    CHECK(role(b, 2) == "bass");
    CHECK(b.desk.session().find(StripId{2})->role_set_by_user);
    CHECK(b.desk.brief().genre == "jazz");
    CHECK(b.count<KeepSession>() == 0); // nothing new
    SECTION("kept as it stands") {
        b.call("role", {{"strip", "Kick"}, {"role", "bass"}});
        REQUIRE(b.newest<KeepSession>());
        CHECK(b.newest<KeepSession>()->session_key == "fake/song");
        CHECK(*b.newest<KeepSession>()->kept
              == Json{{"roles", {{"Vox", "bass"}, {"Kick", "bass"}}},
                      {"brief", {{"genre", "jazz"}, {"tempo", "96 bpm"}}},
                      {"dismissed", Json::array()}});
    }
    SECTION("guessed again") {
        b.call("role", {{"strip", "Vox"}, {"role", ""}});
        CHECK(role(b, 2) == "lead vocal");
        CHECK((*b.newest<KeepSession>()->kept)["roles"].empty());
    }
    SECTION("another session starts anew") {
        b.say({SessionNamed{"other"}});
        CHECK(b.newest<LoadSession>()->session_key == "fake/other");
        CHECK(b.desk.brief().genre == "rock");
        b.handle(SessionLoaded{"fake/other", nullptr});
        b.say({StripsListed{{{StripId{9}, "Vox", false, StripKind::audio_track, false, false}},
                            true}});
        CHECK(role(b, 9) == "lead vocal");
    }
}

TEST_CASE("what the user says before the memory came is newer, and nothing kept is lost") {
    Bench b(remembering());
    b.call("role", {{"strip", "Vox"}, {"role", "bass"}});
    b.call("brief", {{"tempo", "120"}});
    CHECK(b.count<KeepSession>() == 0);
    b.handle(SessionLoaded{"fake/song", shared({{"roles", {{"Vox", "kick"}, {"Kick", "bass"}}},
                                                {"brief", {{"genre", "jazz"}, {"tempo", "96"}}}})});
    CHECK(role(b, 2) == "bass");
    CHECK(role(b, 1) == "bass");
    CHECK(b.desk.brief().tempo == 120.0);
    CHECK(b.desk.brief().genre == "jazz");
    REQUIRE(b.newest<KeepSession>());
    CHECK((*b.newest<KeepSession>()->kept)["roles"] == Json{{"Vox", "bass"}, {"Kick", "bass"}});
    CHECK((*b.newest<KeepSession>()->kept)["brief"]
          == Json{{"genre", "jazz"}, {"tempo", "120 bpm"}});
}

TEST_CASE("an answer about another session, or a second one, changes nothing") {
    Bench b(remembering());
    b.handle(SessionLoaded{"fake/other", shared({{"brief", {{"tempo", "96"}}}})});
    CHECK_FALSE(b.desk.brief().tempo);
    b.handle(SessionLoaded{"fake/song", nullptr});
    b.handle(SessionLoaded{"fake/song", shared({{"brief", {{"tempo", "96"}}}})});
    CHECK_FALSE(b.desk.brief().tempo);
}

TEST_CASE("a memory of the wrong form is passed over piece by piece") {
    Bench b(remembering());
    const Json kept =
        GENERATE(as<Json>{}, Json("text"), Json(3), Json::array({1, 2}), Json(nullptr),
                 Json{{"roles", 7}, {"brief", "x"}, {"dismissed", {{"a", 1}}}},
                 Json{{"roles", {{"Vox", 3}, {"Kick", "no such role"}}},
                      {"brief", {{"tempo", "9999"}, {"colour", "red"}, {"genre", 1}}},
                      {"dismissed", {"x", {{"rule", 1}}, {{"rule", "r"}, {"worst", "bad"}}}}});
    b.handle(SessionLoaded{"fake/song", shared(kept)});
    CHECK(role(b, 2) == "lead vocal");
    CHECK(b.desk.brief().genre == "rock");
    CHECK_FALSE(b.desk.brief().tempo);
}

TEST_CASE("a dismissal is kept with its session and does not follow into another") {
    Bench b(Mode::ask, high_fader());
    b.handle(SessionLoaded{"fake/song", nullptr});
    b.say({ControlChanged{vox_fader, Decibel{3.0}}});
    b.after(2100ms);
    REQUIRE(b.desk.advice().size() == 1);
    b.call("dismiss", {{"advice", b.desk.advice()[0].id.value}});
    CHECK(b.desk.advice().empty());
    const Json kept = *b.newest<KeepSession>()->kept;
    REQUIRE(kept["dismissed"].size() == 1);
    CHECK(kept["dismissed"][0]["rule"] == "high-fader");
    CHECK(kept["dismissed"][0]["strip"] == "Vox");
    b.after(40s);
    CHECK(b.desk.advice().empty());
    b.say({SessionNamed{"other"}});
    b.handle(SessionLoaded{"fake/other", nullptr});
    b.after(40s);
    CHECK(b.desk.advice().size() == 1);
}

TEST_CASE("not now ends with the session, is told by name and can be taken back") {
    Bench b(Mode::ask, high_fader());
    b.handle(SessionLoaded{"fake/song", nullptr});
    b.say({ControlChanged{vox_fader, Decibel{3.0}}});
    b.after(2100ms);
    REQUIRE(b.desk.advice().size() == 1);
    const auto kept_before = b.count<KeepSession>();
    const auto rests = b.call("later", {{"advice", b.desk.advice()[0].id.value}});
    CHECK(b.desk.advice().empty());
    b.after(100ms);
    CHECK(b.newest<Publish>()->snapshot->held_back.later == 1);
    CHECK((*b.answer(rests)->result)["later"][0]["strip"] == "Vox");
    CHECK(b.count<KeepSession>() == kept_before); // it is not kept for another day
    b.after(40s);
    CHECK(b.desk.advice().empty());
    b.call("later", {{"back", true}});
    b.after(100ms);
    REQUIRE(b.desk.advice().size() == 1);
    b.call("later", {{"advice", b.desk.advice()[0].id.value}, {"rule", true}});
    CHECK(b.desk.advice().empty());
    CHECK(b.answer(b.call("later", {{"rule", true}}))->error.code == ErrorCode::invalid);
    CHECK(b.answer(b.call("later", {{"advice", 1}, {"back", true}}))->error.code
          == ErrorCode::invalid);
    CHECK(b.answer(b.call("later", {{"advice", 77}}))->error.code == ErrorCode::not_found);
    b.say({SessionNamed{"other"}});
    b.handle(SessionLoaded{"fake/other", nullptr});
    b.after(1s);
    CHECK(b.desk.advice().size() == 1);
}

TEST_CASE("what a hand sets off waits until the hand has gone, and the snapshot says so") {
    Bench b(Mode::ask, high_fader());
    b.say({ControlChanged{vox_fader, Decibel{3.0}}});
    b.after(200ms);
    CHECK(b.desk.advice().empty());
    CHECK(b.newest<Publish>()->snapshot->held_back.hand == 1);
    b.after(2s);
    CHECK(b.desk.advice().size() == 1);
    CHECK(b.newest<Publish>()->snapshot->held_back == HeldBack{});
}

TEST_CASE("mode auto takes an advice in steps, within its limits, and leaves it alone in between") {
    auto setup = Bench::setup(Mode::automatic, high_fader());
    setup.policy.step = Decibel{2.0};
    setup.policy.per_minute = Decibel{3.0};
    Bench b(std::move(setup));
    b.say({StripsListed{{{StripId{3}, "Bass", false, StripKind::audio_track, false, false}}, true},
           ControlChanged{{StripId{3}, Control::fader, {}, 0}, Decibel{4.0}}});
    b.after(200ms);
    REQUIRE(b.desk.moves().records().size() == 1);
    const MoveRecord first = b.last();
    CHECK(first.stage == MoveStage::journalling);
    CHECK(first.move.source == Source::rule);
    CHECK(first.move.target == ControlValue{Decibel{2.0}});
    CHECK(first.move.glide >= Milliseconds{300.0});
    CHECK(first.approved_by == "mode auto");
    CHECK_THAT(first.move.why, Contains("cut to the step limit"));
    for (int i = 0; i < 20; ++i) b.after(100ms);
    CHECK(b.desk.moves().records().size() == 1); // one at a time
    b.handle(JournalBegun{first.move.id});
    CHECK(b.last().outcome->kind == Outcome::Kind::refused); // the journal was too late for it
    b.after(5s);
    REQUIRE(b.desk.moves().records().size() == 2);
    const MoveId id = b.last().move.id;
    b.handle(JournalBegun{id});
    b.say({WriteBegins{id, Decibel{4.0}},
           ControlChanged{{StripId{3}, Control::fader, {}, 0}, Decibel{2.0}},
           WriteProved{id, Decibel{2.0}}});
    for (int i = 0; i < 60; ++i) b.after(100ms);
    CHECK(b.desk.mode() == Mode::automatic);
    CHECK(b.desk.moves().records().size() == 2); // 2 + 2 dB would pass the limit of a minute
    CHECK(b.dialect->encoded.size() == 1);
    for (int i = 0; i < 600; ++i) b.after(100ms);
    CHECK(b.desk.moves().records().size() > 2); // after that minute it goes on
}

TEST_CASE("mode auto never touches the master, and stop ends it") {
    Bench b(Mode::automatic, high_fader());
    b.say({StripsListed{{{StripId{3}, "Main", false, StripKind::master, false, false}}, true},
           ControlChanged{{StripId{3}, Control::fader, {}, 0}, Decibel{4.0}}});
    b.after(200ms);
    CHECK(b.desk.advice().size() == 1);
    CHECK(b.desk.moves().records().empty());
    b.call("stop");
    CHECK(b.desk.mode() == Mode::watch);
    CHECK_FALSE(b.dialect->halted.empty());
}

TEST_CASE("apply does what an advice suggests, once, in the name of its rule") {
    Bench b(Mode::ask, high_fader());
    b.say({ControlChanged{vox_fader, Decibel{3.0}}});
    b.after(3s);
    REQUIRE(b.desk.advice().size() == 1);
    const double id = b.desk.advice()[0].id.value;
    const auto wrong = b.call("apply", {{"advice", id}, {"choice", 2}});
    CHECK_THAT(b.answer(wrong)->error.message, Contains("from 1 to 1"));
    const auto unknown = b.call("apply", {{"advice", id + 1}});
    CHECK(b.answer(unknown)->error.code == ErrorCode::not_found);
    b.call("apply", {{"advice", id}});
    CHECK(b.last().move.source == Source::rule);
    CHECK(b.last().move.target == ControlValue{Decibel{-2.0}});
    CHECK(b.last().approved_by == "user");
    CHECK(b.desk.moves().open_for(b.desk.advice()[0].id));
}

TEST_CASE("a host that is left hears a last word, and what was under way there ends") {
    Bench b;
    const auto request = b.set_vox("-4.5");
    b.call("set", {{"strip", "Kick"}, {"control", "fader"}, {"value", "-4"}}); // not begun yet
    b.effects.clear();
    b.dialect->last_words = OscMessage{"/bye", {}};
    SECTION("for another host") {
        b.keep(b.desk.attach(std::make_unique<test::ScriptedDialect>(), "there", b.now));
        CHECK(b.desk.session().host.state == HostState::connecting);
    }
    SECTION("for good") { b.handle(ShutDown{}); }
    CHECK(b.desk.session().strips.empty());
    REQUIRE(b.newest<ToWire>());
    CHECK(std::get<OscMessage>(b.newest<ToWire>()->messages.front()).address == "/bye");
    REQUIRE(b.answer(request));
    const auto& records = b.desk.moves().records();
    CHECK(records[0].outcome->kind == Outcome::Kind::unconfirmed); // it was sent
    CHECK(records[1].outcome->kind == Outcome::Kind::refused);     // it was not
    CHECK(b.count<JournalFinish>() == 2);
    b.effects.clear();
    b.handle(JournalBegun{records[1].move.id}); // the commit lands after that
    CHECK(b.count<ToWire>() == 0);
    CHECK(b.count<JournalFinish>() == 1);
}

TEST_CASE("the end takes back every proposal, stops auto and starts nothing more") {
    Bench b(Mode::automatic, high_fader());
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-7"}}, Door::mcp);
    CHECK(b.last().stage == MoveStage::proposed);
    b.say({ControlChanged{{StripId{1}, Control::fader, {}, 0}, Decibel{-3.0}}});
    b.handle(ShutDown{});
    CHECK(b.last().outcome->kind == Outcome::Kind::refused);
    CHECK(b.desk.mode() == Mode::watch);
    CHECK(b.desk.moves().open().empty());
    b.effects.clear();
    for (int i = 0; i < 30; ++i) b.after(100ms);
    CHECK(b.count<JournalBegin>() == 0);
    CHECK(b.count<ToWire>() == 0);
}

TEST_CASE("without a host every tool answers") {
    auto setup = Bench::setup(Mode::ask, {});
    setup.version = "1.2.3";
    Bench b(std::move(setup));
    b.keep(b.desk.detach("gone", b.now));
    b.effects.clear();
    for (const auto& [tool, arguments] : std::vector<std::pair<std::string, Json>>{
             {"status", Json::object()},
             {"strips", {{"parameters", true}}},
             {"parameters", {{"strip", "Vox"}}},
             {"advice", Json::object()},
             {"set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "0"}}},
             {"apply", {{"advice", 1}}},
             {"dismiss", {{"advice", 1}}},
             {"moves", Json::object()},
             {"approve", {{"move", 1}}},
             {"reject", {{"move", 1}}},
             {"stop", Json::object()},
             {"undo", Json::object()},
             {"journal", Json::object()},
             {"mode", {{"mode", "ask"}}},
             {"role", {{"strip", "Vox"}}},
             {"brief", Json::object()},
             {"host", Json::object()},
             {"transport", {{"action", "play"}}}}) {
        INFO(tool);
        CHECK(b.answer(b.call(tool, arguments)));
    }
    const auto status = b.call("status");
    CHECK((*b.answer(status)->result)["version"] == "1.2.3");
}

TEST_CASE("a call for parameters waits for them, and no longer than three seconds") {
    Bench b;
    b.say({InsertsListed{StripId{2}, {{InsertId{4}, "EQ", 0, 0, {}, {}}}, false},
           InsertsListed{StripId{1}, {}, false}});
    Parameter p;
    p.name = "Gain";
    const auto request = b.call("parameters", {{"strip", "Vox"}});
    CHECK(b.dialect->watched == std::vector<InsertId>{InsertId{4}});
    CHECK_FALSE(b.answer(request));
    SECTION("they come") {
        b.now += 1s;
        p.value.learn(Normalized{0.5}, b.now);
        b.say({ParametersListed{StripId{2}, InsertId{4}, {p}}});
        REQUIRE(b.answer(request));
        CHECK((*b.answer(request)->result)["complete"] == true);
    }
    SECTION("they do not") {
        b.after(2999ms);
        CHECK_FALSE(b.answer(request));
        b.after(1ms);
        REQUIRE(b.answer(request));
        CHECK((*b.answer(request)->result)["complete"] == false);
    }
    SECTION("the caller goes") {
        b.handle(CallerGone{{7}});
        b.after(10s);
        CHECK_FALSE(b.answer(request));
    }
    CHECK(b.count<Answer>() <= 1);
}

TEST_CASE("troubles of wire and journal are seen in the snapshot") {
    Bench b;
    const std::pair<Event, const char*> events[] = {
        {JournalTroubled{"the disk is full"}, "journal:"},
        {WireBroke{"no socket"}, "no socket"},
        {WireMalformed{"torn"}, "not a message: torn"}};
    for (const auto& [event, text] : events) {
        b.handle(event);
        CHECK_THAT(b.desk.last_error(), Contains(text));
    }
    b.handle(HostsSeen{{"ardour=127.0.0.1:3820"}});
    CHECK(b.desk.hosts_seen().size() == 1);
}
