// The desk with a scripted dialect: what it asks of the journal, the wire and the callers, in order.
#include "tests/knowledge/playground.h"
#include "tests/support/desk_bench.h"

using namespace prefade;
using namespace std::chrono_literals;
using test::Bench;
using test::vox_fader;

TEST_CASE("nothing is written before the journal has the intent") {
    Bench b;
    b.effects.clear();
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-4.5dB"}});
    CHECK(b.count<JournalBegin>() == 1);
    CHECK(b.count<ToWire>() == 0);
    CHECK(b.dialect->encoded.empty());
    b.handle(JournalBegun{b.last().move.id});
    REQUIRE(b.dialect->encoded.size() == 1);
    CHECK(b.count<ToWire>() == 1);
    CHECK(b.dialect->encoded[0].before() == ControlValue{Decibel{-6.0}});
    CHECK(b.last().stage == MoveStage::sent);
}

TEST_CASE("a journal that fails or keeps silent for a second refuses the move for good") {
    Bench b;
    const bool fails = GENERATE(true, false);
    const auto request =
        b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-4.5dB"}});
    const MoveId id = b.last().move.id;
    if (fails)
        b.handle(JournalFailed{id, "disk full"});
    else
        b.after(1001ms);
    REQUIRE(b.answer(request));
    CHECK(b.last().outcome->kind == Outcome::Kind::refused);
    b.effects.clear();
    b.handle(JournalBegun{id}); // the commit lands late
    CHECK(b.dialect->encoded.empty());
    CHECK(b.count<JournalFinish>() == 1); // and is closed as what it is
}

TEST_CASE("set answers with the outcome once it is proved, and not before") {
    Bench b;
    const auto request = b.set_vox("-4.5");
    CHECK_FALSE(b.answer(request));
    b.confirm(Decibel{-4.5});
    const auto answer = b.answer(request);
    REQUIRE(answer);
    REQUIRE(answer->result);
    CHECK((*answer->result)["moves"][0]["outcome"] == "confirmed");
    CHECK(b.desk.session().find(StripId{2})->fader.value == Decibel{-4.5});
}

TEST_CASE("undo goes back to the value before, and only while nobody changed it") {
    Bench b;
    b.set_vox("-4.5");
    b.confirm(Decibel{-4.5});
    SECTION("untouched") {
        const auto request = b.call("undo");
        CHECK(b.last().move.source == Source::undo);
        CHECK(b.last().move.target == ControlValue{Decibel{-6.0}});
        b.handle(JournalBegun{b.last().move.id});
        b.confirm(Decibel{-6.0});
        REQUIRE(b.answer(request));
        CHECK(b.desk.moves().records().front().undone);
        const auto again = b.call("undo");
        CHECK(b.answer(again)->error.code == ErrorCode::not_found);
    }
    SECTION("changed by hand") {
        b.now += 10s;
        b.say({ControlChanged{vox_fader, Decibel{-9.0}}});
        const auto request = b.call("undo");
        REQUIRE(b.answer(request));
        CHECK(b.answer(request)->error.code == ErrorCode::refused);
        CHECK(b.answer(request)->error.message.find("changed since") != std::string::npos);
        CHECK(b.dialect->encoded.size() == 1);
    }
    SECTION("the strip was exchanged") {
        b.say({StripsListed{{{StripId{1}, "Kick", false, StripKind::audio_track, false, false},
                             {StripId{2}, "Other", false, StripKind::audio_track, false, true}},
                            true},
               ControlChanged{vox_fader, Decibel{-4.5}}});
        b.call("undo");
        CHECK(b.last().outcome->kind == Outcome::Kind::refused);
        CHECK(b.dialect->encoded.size() == 1);
    }
}

TEST_CASE("undo --all goes back through every move of the run, newest first") {
    Bench b;
    b.set_vox("-4.5");
    b.confirm(Decibel{-4.5});
    b.set_vox("-2");
    b.confirm(Decibel{-2.0});
    b.set_vox("-1"); // a glide that is stopped before its first step leaves nothing to undo
    b.say({WriteFailed{b.last().move.id, "the glide was stopped at -2.00 dB", Decibel{-2.0}}});
    const auto request = b.call("undo", {{"all", true}});
    CHECK(b.last().move.target == ControlValue{Decibel{-4.5}});
    b.handle(JournalBegun{b.last().move.id});
    b.confirm(Decibel{-4.5});
    CHECK_FALSE(b.answer(request));
    CHECK(b.last().move.target == ControlValue{Decibel{-6.0}});
    b.handle(JournalBegun{b.last().move.id});
    b.confirm(Decibel{-6.0});
    REQUIRE(b.answer(request));
    CHECK((*b.answer(request)->result)["moves"].size() == 2);
    CHECK((*b.answer(request)->result)["refused"].empty());
}

TEST_CASE("after a restart of the host an undo finds its strip by its full name") {
    Bench b;
    b.set_vox("-4.5");
    b.confirm(Decibel{-4.5});
    b.say({HostLost{"gone"}});
    b.say({HostFound{"fake", "1", "here"}, SessionNamed{"song"},
           StripsListed{{{StripId{5}, "Vox", false, StripKind::audio_track, false, false}}, true},
           ControlChanged{{StripId{5}, Control::fader, {}, 0}, Decibel{-4.5}}});
    b.call("undo");
    CHECK(b.last().move.path.strip == StripId{5});
    CHECK(b.last().stage == MoveStage::journalling);
}

TEST_CASE("a move under way when the host vanishes does not end confirmed") {
    Bench b;
    const auto request = b.set_vox("-4.5");
    const MoveId id = b.last().move.id;
    b.say({WriteBegins{id, Decibel{-6.0}}, HostLost{"no heartbeat"},
           WriteUnproved{id, "host lost", std::nullopt}});
    REQUIRE(b.answer(request));
    CHECK(b.last().outcome->kind == Outcome::Kind::unconfirmed);
}

TEST_CASE("a move that the dialect never ends is unconfirmed after its deadline") {
    Bench b;
    b.set_vox("-4.5");
    b.after(Moves::write_deadline + 1ms);
    CHECK(b.last().outcome->kind == Outcome::Kind::unconfirmed);
    CHECK(b.dialect->halted.back() == b.last().move.id); // nothing goes out for it any more
}

TEST_CASE("a hand on the strip keeps us away for two seconds") {
    Bench b;
    b.say({ControlChanged{vox_fader, Decibel{-8.0}}});
    b.now += 1500ms;
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-4.5"}});
    CHECK(b.last().outcome->kind == Outcome::Kind::refused);
    b.now += 600ms;
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-4.5"}});
    CHECK(b.last().stage == MoveStage::journalling);
}

TEST_CASE("what is only told more exactly was moved by no hand") {
    Bench b;
    b.say({ControlChanged{{StripId{2}, Control::pan, {}, 0}, Pan{0.2}}});
    b.say(
        {ControlChanged{{StripId{2}, Control::pan, {}, 0}, Pan{0.26}, ControlChanged::By::nobody}});
    CHECK(b.desk.session().find(StripId{2})->hand_at == TimePoint{});
    b.say({ControlChanged{{StripId{2}, Control::pan, {}, 0}, Pan{0.3}}});
    CHECK(b.desk.session().find(StripId{2})->hand_at != TimePoint{});
}

TEST_CASE("our own echo is no hand") {
    Bench b;
    b.set_vox("-4.5");
    b.confirm(Decibel{-4.5});
    CHECK(b.desk.session().find(StripId{2})->hand_at == TimePoint{});
}

TEST_CASE("strips that follow a VCA of ours are not moved by a hand") {
    Bench b(Mode::automatic);
    const ControlPath vca_fader{StripId{3}, Control::fader, {}, 0};
    b.say({StripsListed{{{StripId{1}, "Kick", false, StripKind::audio_track, false, false},
                         {StripId{2}, "Vox", false, StripKind::audio_track, false, false},
                         {StripId{3}, "Drums", false, StripKind::vca, false, false}},
                        true},
           ControlChanged{vca_fader, Decibel{0.0}}});
    b.call("set", {{"strip", "Drums"}, {"control", "fader"}, {"value", "-2"}});
    b.handle(JournalBegun{b.last().move.id});
    b.say({ControlChanged{{StripId{1}, Control::fader, {}, 0}, Decibel{-5.0}},
           ControlChanged{vca_fader, Decibel{-2.0}}});
    CHECK(b.desk.mode() == Mode::automatic);
    CHECK(b.desk.session().find(StripId{1})->hand_at == TimePoint{});
    SECTION("the other way") { b.say({ControlChanged{vox_fader, Decibel{-5.5}}}); }
    SECTION("farther than the VCA") { b.say({ControlChanged{vox_fader, Decibel{-8.5}}}); }
    SECTION("another control") {
        b.say({ControlChanged{{StripId{2}, Control::trim, {}, 0}, Decibel{0.0}},
               ControlChanged{{StripId{2}, Control::trim, {}, 0}, Decibel{-1.0}}});
    }
    SECTION("afterwards") {
        const MoveId id = b.last().move.id;
        b.say({WriteInPlace{id, Decibel{-2.0}}, WriteProved{id, Decibel{-2.0}}});
        b.say({ControlChanged{vox_fader, Decibel{-7.0}}});
    }
    CHECK(b.desk.mode() == Mode::ask);
}

TEST_CASE("a plugin is not missing while the strip's plugins were not told yet") {
    Bench b;
    b.dialect->can.with(Capability::list_inserts);
    b.say({CapabilitiesChanged{b.dialect->can}});
    const auto set = b.call("set", {{"strip", "Vox"}, {"control", "bypass/EQ"}, {"value", "on"}});
    const auto read = b.call("parameters", {{"strip", "Vox"}});
    CHECK_FALSE(b.answer(set));
    CHECK_FALSE(b.answer(read));
    SECTION("they come") {
        Insert eq;
        eq.id = InsertId{4};
        eq.plugin = "EQ";
        eq.bypassed.learn(false, b.now);
        b.say({InsertsListed{StripId{2}, {eq}, false}});
        CHECK(b.last().stage == MoveStage::journalling);
        CHECK_FALSE(b.dialect->watched.empty()); // now its parameters are asked for
    }
    SECTION("there are none") {
        b.say({InsertsListed{StripId{2}, {}, false}});
        REQUIRE(b.answer(set));
        CHECK(b.answer(set)->error.code == ErrorCode::not_found);
        REQUIRE(b.answer(read));
        CHECK((*b.answer(read)->result)["complete"] == true);
    }
    SECTION("nothing is told") {
        b.after(4s);
        REQUIRE(b.answer(set));
        CHECK(b.answer(set)->error.code == ErrorCode::unavailable);
        REQUIRE(b.answer(read));
        CHECK((*b.answer(read)->result)["complete"] == false);
    }
}

TEST_CASE("the plugins that rules know are read again one after the other") {
    RuleBook book;
    book.know(std::make_shared<const PluginCatalog>(
        PluginCatalog::parse(
            "id = \"squeezer\"\nname = \"Squeezer\"\nmaker = \"Nobody\"\nkind = \"eq\"\n"
            "formats = [\"LV2\"]\nwhat = \"x\"\nconfidence = \"EXPERTISE\"\n"
            "source = \"a test\"\n[reported]\nany = [\"Squeezer\"]\n"
            "[[control]]\nid = \"gain\"\nunit = \"dB\"\n",
            "squeezer.toml")
            .catalog));
    Bench b(Mode::ask, book);
    const auto plugin = [](std::uint32_t id, const char* name) {
        Insert insert;
        insert.id = InsertId{id};
        insert.plugin = name;
        return insert;
    };
    b.say({InsertsListed{StripId{1}, {plugin(4, "Squeezer"), plugin(5, "Other")}, false},
           InsertsListed{StripId{2}, {plugin(6, "Squeezer")}, false}});
    b.dialect->watched.clear();
    for (int i = 0; i < 130; ++i) b.after(50ms);
    CHECK(b.dialect->watched.size() >= 3);
    CHECK(b.dialect->watched.size() <= 4); // in 6.5 s
    for (std::size_t i = 1; i < b.dialect->watched.size(); ++i)
        CHECK(b.dialect->watched[i] != b.dialect->watched[i - 1]);
    CHECK(std::count(b.dialect->watched.begin(), b.dialect->watched.end(), InsertId{5}) == 0);
    // Where a window of a few strips is all that is seen, to read one would open it.
    b.dialect->can.bank_width = 8;
    b.say({CapabilitiesChanged{b.dialect->can}});
    b.dialect->watched.clear();
    for (int i = 0; i < 130; ++i) b.after(50ms);
    CHECK(b.dialect->watched.empty());
}

TEST_CASE("stop halts glides, takes proposals back and goes to watch") {
    Bench b;
    b.set_vox("-4.5");
    b.call("set", {{"strip", "Kick"}, {"control", "fader"}, {"value", "-4"}}, Door::mcp);
    CHECK(b.last().stage == MoveStage::proposed);
    b.call("stop");
    CHECK_FALSE(b.dialect->halted.empty());
    CHECK(b.last().outcome->kind == Outcome::Kind::refused);
    CHECK(b.desk.mode() == Mode::watch);
    b.call("set", {{"strip", "Kick"}, {"control", "fader"}, {"value", "-4"}});
    CHECK(b.last().outcome->kind == Outcome::Kind::refused);
}

TEST_CASE("the API's moves wait for approval and never exceed the step limit") {
    Bench b;
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-20"}}, Door::mcp);
    CHECK(b.last().outcome->kind == Outcome::Kind::refused);
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-7"}}, Door::mcp);
    CHECK(b.last().stage == MoveStage::proposed);
    b.call("approve", {{"move", b.last().move.id.value}});
    CHECK(b.last().stage == MoveStage::journalling);
}

TEST_CASE("what a door does not offer does not exist there") {
    Bench b;
    const std::string tool =
        GENERATE(as<std::string>{}, "approve", "mode", "apply", "no-such-tool");
    const auto request = b.call(tool, {{"move", 1}}, Door::model);
    REQUIRE(b.answer(request));
    CHECK(b.answer(request)->error.code == ErrorCode::not_found);
}

TEST_CASE("a wrong name is an error that lists the right ones, never a neighbour") {
    Bench b;
    const auto request = b.call("set", {{"strip", "Vo"}, {"control", "fader"}, {"value", "-4"}});
    CHECK(b.answer(request)->error.code == ErrorCode::not_found);
    CHECK(b.answer(request)->error.message.find("\"Vox\"") != std::string::npos);
    CHECK(b.desk.moves().records().empty());
}

TEST_CASE("a control hit by mistake is in the journal beside the move") {
    Bench b;
    b.set_vox("-4.5");
    const MoveId id = b.last().move.id;
    b.effects.clear();
    b.say({WriteBegins{id, Decibel{-6.0}},
           WriteMisled{id, {StripId{1}, Control::fader, {}, 0}, Decibel{-3.0}, true},
           WriteFailed{id, "the strips moved under the write", std::nullopt}});
    CHECK(b.last().outcome->kind == Outcome::Kind::failed);
    CHECK(b.last().proof.find("\"Kick\" fader") != std::string::npos);
    CHECK(b.count<JournalFinish>() == 1);
}

TEST_CASE("auto stops at a hand and when the host changes") {
    Bench b{Mode::automatic};
    SECTION("hand") { b.say({ControlChanged{vox_fader, Decibel{-9.0}}}); }
    SECTION("touch") { b.say({Touched{StripId{1}, true}}); }
    SECTION("host lost") { b.say({HostLost{"gone"}}); }
    SECTION("found anew, in place of the one that was there") {
        b.say({HostFound{"fake", "1", "here"}});
    }
    CHECK(b.desk.mode() == Mode::ask);
}

TEST_CASE("dropped messages make the dialect ask again") {
    Bench b;
    b.handle(WireOverrun{3});
    CHECK(b.dialect->resyncs == 1);
}

TEST_CASE("snapshots come at most twenty times a second and only when something changed") {
    Bench b;
    b.after(60ms);
    b.effects.clear();
    for (int i = 0; i < 100; ++i) {
        b.now += 10ms;
        b.say({ControlChanged{vox_fader, Decibel{-6.0}}});
    }
    CHECK(b.count<Publish>() <= 21);
    CHECK(b.count<Publish>() >= 18);
    b.after(60ms);
    b.effects.clear();
    for (int i = 0; i < 50; ++i) b.after(20ms);
    CHECK(b.count<Publish>() == 0);
}

TEST_CASE("an advice is in a snapshot the instant it fires, whatever came before") {
    for (const Duration before : {0ms, 7ms, 20ms, 33ms, 45ms}) {
        Bench b(Mode::ask, test::book_of(test::peak_rule("when = 'peak_hold(1 s) > -3 dBFS'")));
        b.say({TransportChanged{true, false, {}}});
        for (const TimePoint quiet = b.now + 500ms + before; b.now < quiet;)
            b.after(std::min(b.desk.next_deadline(), quiet) - b.now);
        std::size_t fired = 0;
        for (int i = 0; i < 80 && fired == 0; ++i) { // one strip meters, and later a hot one
            b.now += 7ms;
            b.effects.clear();
            const auto meter = [&](std::uint32_t strip, double level) {
                return Metered{StripId{strip},
                               {MeterKind::sample_peak, Channel::sum, Tap::post_fader, level,
                                Decibel{0.1}, b.now}};
            };
            b.say({meter(1, -20.0), meter(2, i < 20 ? -20.0 : -1.0)});
            fired = b.desk.advice().size();
        }
        REQUIRE(fired == 1);
        REQUIRE(b.count<Publish>() == 1);
        for (const Effect& effect : b.effects)
            if (const auto* publish = std::get_if<Publish>(&effect))
                CHECK(publish->snapshot->advice.size() == 1);
    }
}

TEST_CASE("roles and brief the user set come back with the session") {
    Bench b;
    b.handle(SessionLoaded{"fake/song",
                           std::make_shared<const Json>(Json{{"brief", {{"tempo", "96 bpm"}}}})});
    CHECK(b.desk.brief().tempo == 96.0);
    b.handle(SessionLoaded{"fake/other",
                           std::make_shared<const Json>(Json{{"brief", {{"tempo", "140"}}}})});
    CHECK(b.desk.brief().tempo == 96.0);
}
