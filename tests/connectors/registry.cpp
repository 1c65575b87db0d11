#include "connectors/registry.h"

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
