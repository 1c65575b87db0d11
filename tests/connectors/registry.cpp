#include "connectors/registry.h"

#include "connectors/ardour/preferences.h"
#include "connectors/host_profile.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <fstream>

using namespace prefade;
using Catch::Matchers::Contains;

namespace {
const std::filesystem::path shipped =
    std::filesystem::path(PREFADE_TESTS_DIR).parent_path() / "config" / "hosts";
} // namespace

TEST_CASE("every shipped host profile is read, and Ardour's says what was measured") {
    const auto profiles = load_host_profiles(shipped);
    REQUIRE(profiles);
    const auto ardour = load_host_profile(shipped / "ardour.toml");
    REQUIRE(ardour);
    CHECK(ardour->title == "Ardour");
    CHECK(ardour->ports.size() == 20);
    CHECK(ardour->ports.front() == 3819);
    CHECK(ardour->fader_top == Decibel{6.0206});
}

TEST_CASE("a profile that makes no sense is refused with the place and the known keys") {
    const test::OwnFolder folder;
    const auto error = [&](const std::string& text) {
        const auto path = folder.path() / "some.toml";
        std::ofstream(path) << text;
        const auto profile = load_host_profile(path);
        REQUIRE_FALSE(profile);
        CHECK_THAT(profile.error().where, Contains("some.toml"));
        return profile.error().message + ' ' + profile.error().where;
    };
    const std::string good = "title = \"Some\"\ndialect = \"ardour\"\nports = [3819]\n";
    CHECK_THAT(error(good + "colour = 1\n"), Contains("title, dialect, ports") && Contains(":4:"));
    CHECK_THAT(error("title = \"Some\"\n"), Contains("are needed"));
    CHECK_THAT(error("title = \"Some\"\ndialect = \"ardour\"\nports = [0]\n"),
               Contains("1 to 65535"));
    CHECK_THAT(error(good + "fader_top_db = \"loud\"\n"), Contains("0 to 60 dB"));
    CHECK_THAT(error(good + "setup = [1]\n"), Contains("list of texts"));
    CHECK_THAT(error("title ="), Contains(":1:"));
    CHECK(load_host_profiles(folder.path() / "none").error().code == ErrorCode::io);
}

TEST_CASE("a host is opened by name and address, and only on loopback") {
    const auto other = open_host("ardour", ":3825", shipped);
    REQUIRE(other);
    CHECK(other->address == "127.0.0.1:3825");
    CHECK(other->dialect->capabilities().fader_top == Decibel{6.0206});
    CHECK(open_host("ardour", "127.0.0.1", shipped)->address == "127.0.0.1:3819");
    CHECK(open_host("ardour", "localhost:3820", shipped)->address == "localhost:3820");
    CHECK(open_host("ardour", "10.0.0.1:3819", shipped).error().code == ErrorCode::refused);
    CHECK(open_host("ardour", "127.0.0.1:port", shipped).error().code == ErrorCode::invalid);
    CHECK(open_host("ardour", ":0", shipped).error().code == ErrorCode::invalid);
    const test::OwnFolder folder; // where there is one port only, none is asked
    std::ofstream(folder.path() / "some.toml")
        << "title = \"Some\"\ndialect = \"ardour\"\nports = [3826]\n";
    CHECK(open_host("some", "", folder.path())->address == "127.0.0.1:3826");
    const auto unknown = open_host("audacity", "", shipped);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == ErrorCode::not_found);
    CHECK_THAT(unknown.error().message, Contains("ardour"));
}

TEST_CASE("the demo is opened by its name, with the faults its address names") {
    const auto demo = open_host("demo", "", shipped);
    REQUIRE(demo);
    CHECK_THAT(demo->address, Contains("usual"));
    CHECK(demo->dialect->capabilities().has(Capability::stable_ids));
    CHECK_THAT(open_host("demo", "quiet-vocal", shipped)->address, Contains("quiet-vocal"));
    CHECK_THAT(open_host("demo", "127.0.0.1", shipped).error().message, Contains("no fault"));
    CHECK_THAT(open_host("audacity", "", shipped).error().message,
               Contains("ardour, ") && Contains(", demo"));
}

TEST_CASE(
    "a MIDI surface is opened by its system and its units, and every profile of one is sound") {
    for (const char* name : {"ardour-mackie", "live-mackie", "reaper-mackie", "logic", "mackie"}) {
        INFO(name);
        const auto opened = open_host(name, "jack:3", shipped);
        REQUIRE(opened);
        CHECK(opened->host == name);
        CHECK_THAT(opened->address, Contains("Prefade 1 .. 3"));
        CHECK(opened->dialect->capabilities().bank_width == 24);
        CHECK(open_host(name, "", shipped)->dialect->capabilities().bank_width == 8);
        CHECK_FALSE(look_at_setup(name, shipped)->steps.empty());
    }
    for (const char* wrong :
         {"midi", "jack:", "jack:0", "jack:9", ":x", "jack:1x", "127.0.0.1:3819"})
        CHECK(open_host("logic", wrong, shipped).error().code == ErrorCode::invalid);
}

TEST_CASE("a law that was measured here is kept, and taken in place of the profile's") {
    const test::OwnFolder folder;
    const auto laws = folder.path() / "laws";
    const auto profile = load_host_profile(shipped / "logic.toml");
    REQUIRE(profile);
    const auto opens = [&] { return open_host("logic", "", shipped, {{}, laws, false}); };
    CHECK_FALSE(opens()->dialect->capabilities().has(Capability::write_fader));
    const auto file = keep_measured_law(*profile, {{-60.25, 700}, {0.0, 12'443}, {6.0, 16'383}},
                                        "2026-01-02", laws);
    REQUIRE(file);
    CHECK(*file == laws / "logic.toml");
    CHECK(opens()->dialect->capabilities().has(Capability::write_fader));
    CHECK(opens()->dialect->capabilities().fader_top == Decibel{6.0});
    HostProfile measured = *profile;
    REQUIRE(take_measured_law(measured, laws));
    CHECK(nearly_equal(measured.surface.law.level_of(700), Decibel{-60.25}));

    CHECK(keep_measured_law(*profile, {{0.0, 100}}, "2026-01-02", laws).error().code
          == ErrorCode::invalid);
    // Two that are one once they are written would be no law when it is read.
    CHECK(keep_measured_law(*profile, {{0.001, 100}, {0.002, 101}}, "2026-01-02", laws).error().code
          == ErrorCode::invalid);
    CHECK(opens()->dialect->capabilities().has(
        Capability::write_fader)); // the old one is still there
    std::ofstream(*file) << "fader_law = [[0, 1]]\n";
    CHECK_THAT(opens().error().where, Contains("logic.toml:1"));
    std::ofstream(*file) << "title = \"x\"\n";
    CHECK_THAT(opens().error().message, Contains("there is no such key"));
    std::ofstream(folder.path() / "file") << "";
    CHECK(keep_measured_law(*profile, {{-60.0, 700}, {0.0, 12'443}}, "2026-01-02",
                            folder.path() / "file" / "laws")
              .error()
              .code
          == ErrorCode::io);
}

TEST_CASE("Pro Tools is opened as a HUI of up to four units, and its faders are not claimed") {
    const auto opened = open_host("protools", "jack:4", shipped);
    REQUIRE(opened);
    CHECK_THAT(opened->address, Contains("Prefade 1 .. 4"));
    const Capabilities can = opened->dialect->capabilities();
    CHECK(can.bank_width == 32);
    CHECK((can.has(Capability::write_mute) && can.has(Capability::transport)));
    CHECK_FALSE((can.has(Capability::read_fader) || can.has(Capability::write_fader)));
    CHECK_FALSE(can.has(Capability::fader_positions)); // no display tells their dB
    const test::OwnFolder folder;                      // with a law that somebody measured they are
    std::ofstream(folder.path() / "protools.toml") << "fader_law = [[-60, 647], [12, 16383]]\n";
    CHECK(open_host("protools", "", shipped, {{}, folder.path(), false})
              ->dialect->capabilities()
              .has(Capability::write_fader));
    CHECK(open_host("protools", "jack:5", shipped).error().code == ErrorCode::invalid);
    const auto setup = look_at_setup("protools", shipped);
    REQUIRE(setup);
    CHECK(setup->comes_to_us);
    CHECK_THAT(setup->steps.back(), Contains("HUI"));
    DialectOutput out; // it is spoken to as a HUI
    opened->dialect->receive(MidiMessage{{0x90, 0x00, 0x00}, 3}, TimePoint{}, out);
    REQUIRE(out.to_send.size() == 1);
    CHECK(std::get<MidiMessage>(out.to_send[0]) == MidiMessage{{0x90, 0x00, 0x7F}, 3});
#ifdef PREFADE_PTSL // and asked by its scripting interface
    out = {};
    opened->dialect->tick(TimePoint{std::chrono::seconds(1)}, out);
    CHECK(std::count_if(out.to_send.begin(), out.to_send.end(),
                        [](const WireMessage& message) {
                            const auto* call = std::get_if<CallMessage>(&message);
                            return call && call->command == "GetPTSLVersion";
                        })
          == 1);
    CHECK_THAT(opened->wire->describe(), Contains("calls to 127.0.0.1:31416"));
#endif
}

TEST_CASE("Pro Tools is opened by name, on loopback only, where gRPC was built in") {
    const auto opened = open_host("protools-sdk", "", shipped);
#ifndef PREFADE_PTSL
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::unsupported);
    CHECK_THAT(opened.error().message, Contains("without gRPC"));
#else
    REQUIRE(opened);
    CHECK(opened->address == "127.0.0.1:31416");
    CHECK(opened->dialect->capabilities().has(Capability::full_names));
    CHECK_FALSE(opened->dialect->capabilities().has(Capability::read_fader));
    CHECK(open_host("protools-sdk", ":4000", shipped)->address == "127.0.0.1:4000");
    CHECK(open_host("protools-sdk", "10.0.0.1:31416", shipped).error().code == ErrorCode::refused);
    CHECK(open_host("protools-sdk", ":x", shipped).error().code == ErrorCode::invalid);
#endif
    CHECK_FALSE(look_at_setup("protools-sdk", shipped)->steps.empty());
}

TEST_CASE("a surface's law and meters are checked where they are read") {
    const test::OwnFolder folder;
    const auto wrong = [&](const std::string& lines) {
        std::ofstream(folder.path() / "some.toml") << "title = \"Some\"\ndialect = \"mackie\"\n"
                                                   << lines;
        const auto opened = open_host("some", "", folder.path());
        return opened ? std::string() : opened.error().message;
    };
    CHECK(wrong("") == "");
    CHECK(wrong("fader_law = [[-60, 0], [0, 12808], [6.02, 16383]]\nmeter_levels_db = [-inf, -60, "
                "0.5]\n"
                "last_bank = \"shifted\"\nlongest_silence_s = 3\npaints_on_hello = true\n"
                "pan_ticks = 62\npan_text = \"12L\"\nsend_ticks = 63\nshows_plugins = true")
          == "");
    CHECK(wrong("joined_with = \"ptsl\"\nports = [4000]") == "");
    for (const char* lines : {"fader_law = 3",
                              "fader_law = [[0, 1]]",
                              "fader_law = [[0, 1], [1]]",
                              "fader_law = [[0, 1], [-1, 2]]",
                              "fader_law = [[0, 1], [1, 16384]]",
                              "fader_law = [[nan, 1], [1, 2]]",
                              "meter_levels_db = [-60, 0]",
                              "meter_levels_db = [-inf, 0, 0]",
                              "meter_levels_db = [-inf, nan]",
                              "last_bank = \"none\"",
                              "longest_silence_s = -1",
                              "paints_on_hello = 1",
                              "shows_plugins = \"yes\"",
                              "fader_low = []",
                              "joined_with = 3",
                              "joined_with = \"ptsl\"",
                              "joined_with = \"morse\"\nports = [4000]",
                              "pan_ticks = 0",
                              "pan_ticks = true",
                              "send_ticks = 1",
                              "pan_text = \"left\"",
                              "pan_text = 64"}) {
        INFO(lines);
        CHECK_FALSE(wrong(lines).empty());
    }
}

TEST_CASE(
    "the setup of a host holds its clicks, and an unknown host is an error with the known ones") {
    const auto setup = look_at_setup("ardour", shipped);
    REQUIRE(setup);
    CHECK(setup->title == "Ardour");
    REQUIRE(setup->steps.size() == 3);
    CHECK_THAT(setup->steps[1], Contains("Port Mode to Auto"));
    CHECK_FALSE(setup->settings.empty());
    const auto all = look_at_setups(shipped);
    CHECK(std::any_of(all.begin(), all.end(), [&](const HostSetup& one) {
        return one.title == setup->title && one.steps == setup->steps && one.here == setup->here;
    }));
    CHECK_THAT(look_at_setup("audacity", shipped).error().message, Contains("there are: ardour"));
}

TEST_CASE("Ardour's own files tell whether OSC is on and where its replies go") {
    using State = HostSetting::State;
    const auto node = [](const std::string& attributes) {
        return "<Session><ControlProtocols><Protocol name=\"Mackie\" active=\"1\"/>"
               "<Protocol name=\"Open Sound Control (OSC)\" "
               + attributes + "/></ControlProtocols></Session>";
    };
    CHECK_FALSE(ardour::surface_node("<Session/>"));
    CHECK_FALSE(ardour::surface_node("name=\"Open Sound Control (OSC)\""));
    CHECK_FALSE(ardour::surface_node(node("active=\"0\""))->active);
    CHECK(ardour::surface_node(node("active=\"1\" address-only=\"0\""))->replies_to_sender);
    CHECK_FALSE(ardour::surface_node(node("active=\"1\" address-only=\"1\""))->replies_to_sender);
    CHECK_FALSE(ardour::surface_node(node("active=\"1\""))->replies_to_sender);

    const test::OwnFolder folder;
    const auto states = [&] {
        std::vector<State> all;
        for (const HostSetting& s : ardour::surface_settings(folder.path())) all.push_back(s.state);
        return all;
    };
    CHECK(states() == std::vector{State::unknown});
    std::ofstream(folder.path() / "config") << node("active=\"0\"");
    CHECK(states() == std::vector{State::wrong});
    std::ofstream(folder.path() / "recent") << "song\n"
                                            << folder.path().string() << "\nold\n/nowhere\n";
    std::ofstream(folder.path() / "song.ardour") << node("active=\"1\" address-only=\"1\"");
    CHECK(states() == std::vector{State::right, State::wrong});
    CHECK_THAT(ardour::surface_settings(folder.path())[0].found, Contains("song.ardour"));
    CHECK(ardour::surface_settings({})[0].state == State::unknown);
}
