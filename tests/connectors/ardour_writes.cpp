#include "tests/support/sim_desk.h"

using namespace prefade;
using namespace prefade::test;

TEST_CASE("each kind of control is written, confirmed and holds the value in Ardour") {
    SimDesk desk;
    desk.connect();
    struct Case {
        ControlPath path;
        ControlValue target;
        std::function<double()> held;
        double expected;
    };
    auto& vox = desk.sim.strip("Vox");
    const ControlPath threshold = desk.path("Vox", "ACE Compressor", 2);
    const std::vector<Case> cases{
        {desk.path("Vox", Control::fader), Decibel{-7.3}, [&] { return db_of(vox.gain); }, -7.3},
        {desk.path("Vox", Control::fader), Decibel::silence(),
         [&] { return static_cast<double>(vox.gain); }, 0},
        {desk.path("Vox", Control::trim), Decibel{-3.7}, [&] { return db_of(vox.trim); }, -3.7},
        {desk.path("Vox", Control::pan), Pan{0.5}, [&] { return static_cast<double>(vox.pan); },
         0.25},
        {desk.path("Vox", Control::mute), true, [&] { return vox.mute ? 1.0 : 0.0; }, 1},
        {desk.path("Vox", Control::solo), true, [&] { return vox.solo ? 1.0 : 0.0; }, 1},
        {desk.send_path("Vox", Control::send), Decibel{-14},
         [&] { return db_of(vox.sends[0].gain); }, -14},
        {desk.send_path("Vox", Control::send_enabled), false,
         [&] { return vox.sends[0].enabled ? 1.0 : 0.0; }, 0},
        {desk.path("Vox", "ACE EQ", 0), true, [&] { return vox.plugins[0].active ? 1.0 : 0.0; }, 0},
        {threshold, normalized_of(*desk.session.parameter(threshold), -18.25),
         [&] { return static_cast<double>(vox.plugins[1].parameters[1].value); }, -18.25},
        {desk.path("Drums", Control::fader), Decibel{-1},
         [&] { return db_of(desk.sim.strip("Drums").gain); }, -1},
        {desk.path("Master", Control::fader), Decibel{-4},
         [&] { return db_of(desk.sim.strip("Master").gain); }, -4},
    };
    for (const Case& c : cases) {
        desk.forget();
        INFO(desk.session.describe(c.path) << " to " << to_text(c.target));
        REQUIRE(desk.encode(c.path, c.target));
        desk.run(1500ms);
        REQUIRE(desk.all<WriteProved>().size() == 1);
        CHECK(nearly_equal(desk.all<WriteProved>()[0].read_back, c.target));
        CHECK(c.held() == Approx(c.expected).margin(1e-4));
        CHECK(nearly_equal(*desk.session.value(c.path)->value, c.target));
    }
}

TEST_CASE("a move is in place within a few milliseconds") {
    SimDesk desk;
    desk.connect();
    desk.forget();
    REQUIRE(desk.encode(desk.path("Vox", Control::fader), Decibel{-7}));
    desk.run(10ms);
    CHECK(desk.all<WriteInPlace>().size() == 1);
}

TEST_CASE("a mute, which Ardour does at its next period, is in place as soon as it says so") {
    SimDesk desk;
    desk.connect();
    desk.forget();
    REQUIRE(desk.encode(desk.path("Vox", Control::mute), true));
    desk.run(15ms);
    CHECK(desk.all<WriteInPlace>().empty());
    desk.run(15ms);
    CHECK(desk.all<WriteInPlace>().size() == 1);
}

TEST_CASE("a parameter read and sent back is the same float") {
    SimDesk desk;
    auto& parameters = desk.sim.strip("Vox").plugins[0].parameters;
    parameters[0].value = 1234.5677F;
    parameters[1].value = -0.1F;
    desk.connect();
    for (const std::uint16_t number : {std::uint16_t{1}, std::uint16_t{2}}) {
        const ControlPath path = desk.path("Vox", "ACE EQ", number);
        const float before = parameters[number - 1U].value;
        const ControlValue old = *desk.session.value(path)->value;
        REQUIRE(desk.encode(path, Normalized{0.5}));
        desk.run(1500ms);
        CHECK(parameters[number - 1U].value != before);
        REQUIRE(desk.encode(path, old));
        desk.run(1500ms);
        CHECK(parameters[number - 1U].value == before);
    }
}

TEST_CASE(
    "what cannot be confirmed or is not there is refused with the reason, and nothing is sent") {
    SimDesk desk;
    auto& kick = desk.sim.strip("Kick");
    kick.plugins = {SimPlugin{"ACE EQ", {{"Gain 1", 128, -20, 20, 0, "", {}}}},
                    SimPlugin{"ACE EQ", {{"Gain 1", 128, -20, 20, 0, "", {}}}}};
    kick.gain_mode = 1;
    desk.connect();
    desk.forget();
    const auto reason = [&](const ControlPath& path, const ControlValue& target) {
        const auto result = desk.encode(path, target);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == ErrorCode::refused);
        return result.error().message;
    };
    using Catch::Matchers::Contains;
    CHECK_THAT(reason(desk.path("Kick", Control::fader), Decibel{-5}),
               Contains("plays its automation"));
    CHECK_THAT(reason(desk.path("Kick", "ACE EQ", 1), Normalized{0.6}),
               Contains("cannot be told apart"));
    CHECK_THAT(reason({desk.strip("Drums").id, Control::pan, {}, 0}, Pan{0.2}),
               Contains("has no pan"));
    CHECK_THAT(reason({desk.strip("Master").id, Control::solo, {}, 0}, true),
               Contains("has no solo"));
    CHECK_THAT(reason(desk.path("Bass", "ACE Compressor", 3), Normalized{0.6}),
               Contains("a reading of the plugin"));
    desk.run(100ms);
    CHECK(desk.sim.heard.empty());
    CHECK(desk.all<WriteBegins>().empty());
}

TEST_CASE("a control whose automation plays or records is not written, whichever control it is") {
    SimDesk desk;
    desk.connect();
    struct Case {
        Control control;
        const char* address;
        ControlValue target;
    };
    const std::vector<Case> cases{{Control::fader, "/strip/gain", Decibel{-7}},
                                  {Control::trim, "/strip/trimdB", Decibel{-3}},
                                  {Control::pan, "/strip/pan_stereo_position", Pan{0.5}},
                                  {Control::mute, "/strip/mute", true}};
    for (const Case& c : cases) {
        const auto set_mode = [&](float mode) {
            desk.hear({std::string(c.address) + "/automation", {std::int32_t{3}, mode}});
            desk.forget();
        };
        const ControlPath path = desk.path("Vox", c.control);
        for (const auto& [mode, why] :
             {std::pair{1.0F, "plays its automation"}, std::pair{2.0F, "automation write"},
              std::pair{3.0F, "automation touch"}, std::pair{4.0F, "automation latch"}}) {
            set_mode(mode);
            INFO(c.address << " in mode " << mode);
            const auto result = desk.encode(path, c.target);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == ErrorCode::refused);
            CHECK_THAT(result.error().message, Catch::Matchers::Contains(why));
            desk.run(100ms);
            CHECK(desk.sim.heard.empty());
        }
        set_mode(0.0F);
        CHECK(desk.encode(path, c.target));
        desk.run(1500ms);
        CHECK(desk.all<WriteProved>().size() == 1);
    }
}

TEST_CASE("a strip that moves between the look and the write is found again or nothing else is "
          "kept changed") {
    for (const Duration head_start : {0ms, 60ms, 95ms, 100ms, 105ms}) {
        SimDesk desk;
        desk.connect();
        desk.forget();
        const ControlPath fader = desk.path("Vox", Control::fader);
        SimStrip added;
        added.name = "New";
        desk.sim.add(added, 0);
        if (head_start > 0ms) desk.run(head_start);
        REQUIRE(desk.encode(fader, Decibel{-7}));
        desk.run(5s);
        INFO("renumbered "
             << std::chrono::duration_cast<std::chrono::milliseconds>(head_start).count()
             << " ms after the change");
        CHECK(db_of(desk.sim.strip("Vox").gain) == Approx(-7).margin(0.001));
        CHECK(db_of(desk.sim.strip("Bass").gain) == Approx(-5.3).margin(0.001));
        CHECK(db_of(desk.sim.strip("Reverb").gain) == Approx(-6.5).margin(0.001));
        CHECK(desk.all<WriteProved>().size() == 1);
    }
}

TEST_CASE("plugins swapped under a parameter move are told apart by their names") {
    SimDesk desk;
    desk.connect();
    const ControlPath threshold = desk.path("Vox", "ACE Compressor", 2);
    const auto target = normalized_of(*desk.session.parameter(threshold), -10);
    auto& plugins = desk.sim.strip("Vox").plugins;
    std::swap(plugins[0], plugins[1]); // nothing is told
    REQUIRE(desk.encode(threshold, target));
    desk.run(3s);
    CHECK(plugins[0].parameters[1].value == Approx(-10));
    CHECK(plugins[1].parameters[1].value == 1.5F);
    CHECK(desk.all<WriteProved>().size() == 1);
}

TEST_CASE("a parameter of another plugin that was hit, on a scale of its own, is put back") {
    SimDesk desk;
    desk.connect();
    desk.forget();
    const ControlPath threshold = desk.path("Vox", "ACE Compressor", 2),
                      gain = desk.path("Vox", "ACE EQ", 2);
    const auto target = normalized_of(*desk.session.parameter(threshold), -10);
    auto& plugins = desk.sim.strip("Vox").plugins;
    bool swapped = false;
    desk.lost = [&](const OscMessage& message) { // the look is answered, the write not yet sent
        if (message.address == "/strip/plugin/descriptor_end" && !std::exchange(swapped, true))
            std::swap(plugins[0], plugins[1]);
        return false;
    };
    REQUIRE(desk.encode(threshold, target));
    desk.run(4s);
    REQUIRE(swapped);
    CHECK(plugins[1].parameters[1].value == 1.5F);
    CHECK(plugins[0].parameters[1].value == -24.5F);
    const auto misled = desk.all<WriteMisled>();
    REQUIRE(misled.size() == 1);
    CHECK(misled[0].hit == gain);
    CHECK(misled[0].restored);
    CHECK(desk.all<WriteFailed>().size() == 1);
}

TEST_CASE("a parameter is proved by the plugin's name too, or it is not written") {
    SimDesk desk;
    desk.connect();
    desk.forget();
    const ControlPath threshold = desk.path("Vox", "ACE Compressor", 2);
    desk.sim.strip("Vox").plugins[1].name = "Other Compressor"; // the same parameters
    desk.lost = [](const OscMessage& message) { return message.address == "/strip/plugin/list"; };
    REQUIRE(desk.encode(threshold, Normalized{0.5}));
    desk.run(3s);
    CHECK(desk.all<WriteRefused>().size() == 1);
    CHECK(desk.all<WriteBegins>().empty());
    CHECK(desk.sim.heard.empty());
}

TEST_CASE("a plugin exchanged for one of the same name is another insert, and its parameters are "
          "not written for the old one's") {
    SimDesk desk;
    desk.connect();
    const ControlPath gain = desk.path("Vox", "ACE EQ", 2);
    const InsertId compressor = desk.strip("Vox").inserts[1].id;
    const auto epoch = desk.session.epoch;
    auto& parameters = desk.sim.strip("Vox").plugins[0].parameters;
    SECTION("its second parameter has another name") { parameters[1].label = "Q 1"; }
    SECTION("its second parameter has another range") { parameters[1].high = 12; }
    SECTION("it has one parameter less") { parameters.pop_back(); }
    desk.forget();
    REQUIRE(desk.encode(gain, Normalized{0.5}));
    desk.run(3s);
    CHECK(desk.all<WriteRefused>().size() == 1);
    CHECK(desk.all<WriteBegins>().empty());
    CHECK(desk.sim.heard.empty());
    const auto& inserts = desk.strip("Vox").inserts;
    REQUIRE(inserts.size() == 2);
    CHECK(inserts[0].id != gain.insert());
    CHECK(inserts[0].parameters.size() == parameters.size());
    CHECK(inserts[1].id == compressor);
    CHECK(desk.session.epoch > epoch);
    CHECK(desk.session.identity_since(desk.path("Vox", "ACE EQ", 1)) > epoch);
}

TEST_CASE("a hand that takes over a move supersedes it") {
    SimDesk desk;
    desk.connect();
    REQUIRE(desk.encode(desk.path("Vox", Control::fader), Decibel{-7}));
    desk.run(100ms);
    desk.sim.set_gain("Vox", -20);
    desk.run(2s);
    CHECK(desk.all<WriteProved>().empty());
    CHECK(desk.all<WriteSuperseded>().size() == 1);
    CHECK(db_of(desk.sim.strip("Vox").gain) == Approx(-20));
}

TEST_CASE("an Ardour killed during a glide ends the move unproved") {
    SimDesk desk;
    desk.connect();
    REQUIRE(desk.encode(desk.path("Vox", Control::fader), Decibel{-12}, Milliseconds{2000}));
    desk.run(500ms);
    desk.sim.kill();
    desk.run(4s);
    CHECK(desk.all<WriteUnproved>().size() == 1);
    CHECK(desk.all<WriteProved>().empty());
}

TEST_CASE("with messages lost no confirmed move is a lie") {
    std::uint32_t random = 7;
    int proved = 0;
    for (int round = 0; round < 20; ++round) {
        SimDesk desk;
        desk.connect();
        desk.sim.loses = [&] {
            random = random * 1664525U + 1013904223U;
            return random >> 16 < 65536 / 5;
        };
        REQUIRE(desk.encode(desk.path("Vox", Control::fader), Decibel{-7.0 - round}));
        desk.run(8s);
        for (const auto& ended : desk.all<WriteProved>()) {
            ++proved;
            CHECK(db_of(desk.sim.strip("Vox").gain) == Approx(-7.0 - round).margin(0.001));
            CHECK(std::get<Decibel>(ended.read_back).value() == Approx(-7.0 - round).margin(0.01));
        }
    }
    CHECK(proved > 0);
}

TEST_CASE("the transport starts and stops on request") {
    SimDesk desk;
    DialectOutput none;
    CHECK_FALSE(desk.dialect.transport(true, desk.now, none));
    desk.connect();
    DialectOutput out;
    REQUIRE(desk.dialect.transport(true, desk.now, out));
    desk.talk(std::move(out));
    CHECK(desk.session.transport.rolling.value == true);
}
