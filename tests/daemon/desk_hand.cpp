// The user's hand, and what auto leaves alone: the desk with a scripted dialect.
#include "tests/support/catch.h"
#include "tests/support/desk_bench.h"

#include <filesystem>

using namespace prefade;
using namespace prefade::test;
using namespace std::chrono_literals;

namespace {

Send send_to_reverb(double level_db) {
    Send send{SendId{1}, "Reverb", 0, 0, {}, {}};
    send.level.learn(Decibel{level_db}, at_start);
    return send;
}

Parameter threshold(double part) {
    Parameter p;
    p.number = 3;
    p.name = "Threshold";
    p.value.learn(Normalized{part}, at_start);
    return p;
}

Insert compressor(bool bypassed) {
    Insert insert;
    insert.id = InsertId{1};
    insert.plugin = "Compressor";
    insert.bypassed.learn(bypassed, at_start);
    return insert;
}

/// A desk whose Vox has a send and a plugin, with a standing transport.
struct Furnished : Bench {
    explicit Furnished(Mode mode = Mode::ask) : Bench(mode) {
        say({TransportChanged{false, false, {}},
             SendsListed{StripId{2}, {send_to_reverb(-12.0)}, true},
             InsertsListed{StripId{2}, {compressor(false)}, true},
             ParametersListed{StripId{2}, InsertId{1}, {threshold(0.5)}}});
        now += 10s;
    }
    bool hand_seen() const { return desk.session().find(StripId{2})->hand_at == now; }
};

std::filesystem::path knowledge(const char* name) {
    return std::filesystem::path(PREFADE_TESTS_DIR) / "../knowledge" / name;
}

Desk::Setup shipped(Mode mode) {
    Desk::Setup s = Bench::setup(mode, RuleBook::load({knowledge("rules")}).book);
    s.roles = *RoleBook::load(knowledge("roles.toml"));
    return s;
}

/// A desk in auto at a rolling host, with the shipped rules; the journal commits at once.
struct Playing : Bench {
    explicit Playing(Desk::Setup with, bool recording = false) : Bench(std::move(with)) {
        say({TransportChanged{true, recording, {}}});
        for (const StripId strip : {StripId{1}, StripId{2}})
            say({ControlChanged{{strip, Control::mute, {}, 0}, false},
                 ControlChanged{{strip, Control::solo, {}, 0}, false}});
    }
    void play(double kick_dbfs, Duration length) {
        for (const TimePoint end = now + length; now < end; now += 100ms) {
            const auto written = count<JournalBegin>();
            say({Metered{StripId{1},
                         {MeterKind::sample_peak, Channel::sum, Tap::post_fader, kick_dbfs,
                          Decibel{0.1}, now}}});
            if (count<JournalBegin>() > written) handle(JournalBegun{last().move.id});
        }
    }
};

} // namespace

TEST_CASE("a hand on any control of a strip stops the glide that runs there") {
    Furnished b;
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-20dB"}, {"glide", "10s"}});
    const MoveId gliding = b.last().move.id;
    b.handle(JournalBegun{gliding});
    b.say({WriteBegins{gliding, Decibel{-6.0}}, ControlChanged{vox_fader, Decibel{-7.0}}});
    CHECK(b.dialect->halted.empty()); // a step of ours
    SECTION("pan") {
        b.say({ControlChanged{{StripId{2}, Control::pan, {}, 0}, Pan{0.0}}});
        CHECK(b.dialect->halted.empty()); // told for the first time: nobody moved it
        b.say({ControlChanged{{StripId{2}, Control::pan, {}, 0}, Pan{0.3}}});
    }
    SECTION("touch") { b.say({Touched{StripId{2}, true}}); }
    SECTION("send") { b.say({SendsListed{StripId{2}, {send_to_reverb(-3.0)}, false}}); }
    REQUIRE(b.dialect->halted.size() == 1);
    CHECK(b.dialect->halted.front() == gliding);
}

TEST_CASE("a hand on one strip lets a glide on another go on") {
    Furnished b;
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-20dB"}, {"glide", "10s"}});
    b.handle(JournalBegun{b.last().move.id});
    b.say({ControlChanged{kick_fader, Decibel{-12.0}}});
    CHECK(b.dialect->halted.empty());
}

TEST_CASE("a send, a plugin switch and a parameter set by hand are a hand") {
    Furnished b;
    SECTION("send level") { b.say({SendsListed{StripId{2}, {send_to_reverb(-9.0)}, false}}); }
    SECTION("bypass") { b.say({InsertsListed{StripId{2}, {compressor(true)}, false}}); }
    SECTION("parameter") { b.say({ParametersListed{StripId{2}, InsertId{1}, {threshold(0.25)}}}); }
    CHECK(b.hand_seen());
}

TEST_CASE("lists that tell what is known are no hand, nor is what may be automation") {
    Furnished b;
    SECTION("nothing new") {
        b.say({SendsListed{StripId{2}, {send_to_reverb(-12.0)}, false},
               InsertsListed{StripId{2}, {compressor(false)}, false},
               ParametersListed{StripId{2}, InsertId{1}, {threshold(0.5)}}});
    }
    SECTION("rolling") {
        b.say({TransportChanged{true, {}, {}},
               ParametersListed{StripId{2}, InsertId{1}, {threshold(0.25)}}});
    }
    CHECK_FALSE(b.hand_seen());
}

TEST_CASE("where a pot of ours came to rest beyond its target is no hand's") {
    const auto by =
        GENERATE(ControlChanged::By::us, ControlChanged::By::nobody, ControlChanged::By::anybody);
    Furnished b;
    b.call("set", {{"strip", "Vox"}, {"control", "send/Reverb"}, {"value", "-9dB"}});
    b.handle(JournalBegun{b.last().move.id});
    const ControlPath send{StripId{2}, Control::send, SendId{1}, 0};
    b.say({WriteBegins{b.last().move.id, Decibel{-12.0}}, ControlChanged{send, Decibel{-8.7}, by},
           WriteInPlace{b.last().move.id, Decibel{-8.7}}});
    CHECK(b.hand_seen() == (by == ControlChanged::By::anybody));
}

TEST_CASE("what our own move does to a parameter is no hand") {
    Furnished b;
    b.call("set", {{"strip", "Vox"}, {"control", "Compressor/Threshold"}, {"value", "25%"}});
    b.handle(JournalBegun{b.last().move.id});
    b.say({WriteBegins{b.last().move.id, Normalized{0.5}},
           ParametersListed{StripId{2}, InsertId{1}, {threshold(0.25)}}});
    CHECK_FALSE(b.hand_seen());
}

TEST_CASE("mode watch halts what runs, from ask as well") {
    Furnished b;
    b.call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "-20dB"}, {"glide", "10s"}});
    b.handle(JournalBegun{b.last().move.id});
    b.call("mode", {{"mode", "ask"}});
    CHECK(b.dialect->halted.empty());
    b.call("mode", {{"mode", "watch"}});
    REQUIRE(b.dialect->halted.size() == 1);
    CHECK_FALSE(b.dialect->halted.front()); // all
}

TEST_CASE("auto moves a hot strip within the step") {
    Playing b(shipped(Mode::automatic));
    b.play(-0.4, 5s);
    REQUIRE_FALSE(b.dialect->encoded.empty());
    const Move& made = b.dialect->encoded.front().move();
    CHECK(made.path == kick_fader);
    CHECK(std::get<Decibel>(made.target) == Decibel{-6.0});
}

TEST_CASE("what was applied is not offered again on levels from before the move") {
    Playing b(shipped(Mode::ask));
    b.play(-0.4, 5s);
    REQUIRE(b.desk.advice().size() == 1);
    const double advice = b.desk.advice()[0].id.value;
    b.call("apply", {{"advice", advice}});
    const MoveId id = b.last().move.id;
    b.handle(JournalBegun{id});
    const Decibel before{-3.0}, target = std::get<Decibel>(b.last().move.target);
    REQUIRE(target < before);
    b.say({WriteBegins{id, before}, ControlChanged{kick_fader, target}, WriteInPlace{id, target},
           WriteProved{id, target}});
    REQUIRE(b.last().outcome);
    CHECK(b.last().outcome->kind == Outcome::Kind::confirmed);
    b.after(100ms);
    const auto again = b.answer(b.call("apply", {{"advice", advice}}));
    REQUIRE(again);
    CHECK_FALSE(again->error.message.empty());
    CHECK(b.dialect->encoded.size() == 1);
    b.play(-0.4 + target.value() - before.value(), 10s); // as loud as the fader makes it now
    CHECK(b.desk.advice().empty());
    CHECK(b.desk.moves().records().size() == 1);
}

TEST_CASE("what auto may not do leaves no trace in the journal, however long it may not") {
    Playing b(shipped(Mode::automatic), true); // the DAW records
    b.play(-0.4, 60s);
    REQUIRE_FALSE(b.desk.advice().empty());
    CHECK(b.desk.moves().records().empty());
    CHECK(b.count<JournalBegin>() + b.count<JournalFinish>() == 0);
}

TEST_CASE("a proposal of auto that was rejected does not come back") {
    Desk::Setup pans = shipped(Mode::automatic);
    pans.policy.automatic = {Control::pan}; // not in dB: auto asks
    Playing b(std::move(pans));
    b.say({ControlChanged{{StripId{1}, Control::pan, {}, 0}, Pan{1.0}}});
    b.play(-12.0, 20s);
    REQUIRE(b.desk.moves().records().size() == 1);
    const MoveRecord proposed = b.last();
    REQUIRE(proposed.stage == MoveStage::proposed);
    b.call("reject", {{"move", proposed.move.id.value}});
    b.play(-12.0, 30s);
    CHECK(b.desk.moves().records().size() == 1);
}

TEST_CASE("a role goes with its strip to a new name and is kept under it") {
    Bench b(shipped(Mode::ask));
    b.handle(SessionLoaded{"fake/song", nullptr});
    b.call("role", {{"strip", "Vox"}, {"role", "lead vocal"}});
    b.effects.clear();
    b.say({StripRenamed{StripId{2}, "Take 7"}});
    CHECK(b.desk.session().find(StripId{2})->role == "lead vocal");
    const auto* kept = b.newest<KeepSession>();
    REQUIRE(kept);
    CHECK((*kept->kept)["roles"] == Json{{"Take 7", "lead vocal"}});
}

TEST_CASE("a host that is found again has no session until it names one") {
    Bench b;
    CHECK(b.desk.session_key() == "fake/song");
    b.call("brief", {{"tempo", "96"}});
    b.say({HostLost{"gone"}, HostFound{"fake", "1", "here"}});
    CHECK(b.desk.session_key().empty());
    CHECK_FALSE(b.desk.brief().tempo);
    b.effects.clear();
    b.call("brief", {{"tempo", "120"}});
    CHECK(b.count<KeepSession>() == 0); // whose it is is not known
    b.say({SessionNamed{"other"}});
    CHECK(b.newest<LoadSession>()->session_key == "fake/other");
}

TEST_CASE("a move made before the host names its session is that session's, and can be undone") {
    Bench b;
    const std::vector<StripsListed::Entry> strips{
        {StripId{2}, "Vox", false, StripKind::audio_track, false, false}};
    b.say({HostLost{"gone"}, HostFound{"fake", "1", "here"}, StripsListed{strips, true},
           ControlChanged{vox_fader, Decibel{-6.0}}});
    b.set_vox("-4.5");
    b.confirm(Decibel{-4.5});
    REQUIRE(b.last().session_key.empty());
    b.effects.clear();
    b.say({SessionNamed{"song"}});
    CHECK(b.last().session_key == "fake/song");
    REQUIRE(b.newest<JournalFinish>());
    CHECK(b.newest<JournalFinish>()->record.session_key == "fake/song");
    b.call("undo");
    CHECK(b.last().move.source == Source::undo);
    CHECK(b.last().move.target == ControlValue{Decibel{-6.0}});
}

TEST_CASE("moves of a host that went before it named its session are not given to the next one") {
    Bench b;
    const std::vector<StripsListed::Entry> strips{
        {StripId{2}, "Vox", false, StripKind::audio_track, false, false}};
    b.say({HostLost{"gone"}, HostFound{"fake", "1", "here"}, StripsListed{strips, true},
           ControlChanged{vox_fader, Decibel{-6.0}}});
    b.set_vox("-4.5");
    b.confirm(Decibel{-4.5});
    b.say({HostLost{"gone"}, HostFound{"fake", "1", "here"}, SessionNamed{"song"}});
    CHECK(b.last().session_key.empty());
}
