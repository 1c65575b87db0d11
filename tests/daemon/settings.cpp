// What is written down: settings, limits, and where files lie.
#include "core/places.h"
#include "daemon/config.h"
#include "daemon/policy.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <cstdlib>
#include <fstream>
#include <map>

using namespace prefade;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

const fs::path shipped_config = fs::path(PREFADE_TESTS_DIR).parent_path() / "config";

struct Folder {
    test::OwnFolder folder;
    fs::path write(const std::string& text) const {
        const fs::path file = folder.path() / "some.toml";
        std::ofstream(file) << text;
        return file;
    }
};

template <class Load> std::string error_of(Load load, const std::string& text) {
    const Folder folder;
    const auto loaded = load(folder.write(text));
    INFO(text);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().code == ErrorCode::invalid);
    return loaded.error().where.substr(loaded.error().where.rfind('/') + 1) + ' '
           + loaded.error().message;
}

/// Environment variables of this process, as they were again afterwards. An empty optional: not set.
class Variables {
public:
    using Wanted = std::map<const char*, std::optional<std::string>>;
    explicit Variables(const Wanted& wanted) {
        for (const auto& [name, value] : wanted) {
            const char* was = std::getenv(name);
            before_[name] = was ? std::optional<std::string>(was) : std::nullopt;
            set(name, value);
        }
    }
    ~Variables() {
        for (const auto& [name, value] : before_) set(name, value);
    }
    Variables(const Variables&) = delete;
    Variables& operator=(const Variables&) = delete;

private:
    static void set(const char* name, const std::optional<std::string>& value) {
        if (value)
            ::setenv(name, value->c_str(), 1);
        else
            ::unsetenv(name);
    }
    std::map<const char*, std::optional<std::string>> before_;
};

} // namespace

TEST_CASE("the shipped_config settings and policy are read and say what holds without them") {
    const auto policy = load_policy(shipped_config / "policy.toml");
    REQUIRE(policy);
    const Policy standard;
    CHECK(policy->mode == standard.mode);
    CHECK(policy->step == standard.step);
    CHECK(policy->per_minute == standard.per_minute);
    CHECK(policy->ceiling == standard.ceiling);
    CHECK(policy->hand_pause == standard.hand_pause);
    CHECK(policy->value_age == standard.value_age);
    CHECK(policy->glide == standard.glide);
    CHECK(policy->automatic == standard.automatic);
    CHECK(policy->strips == standard.strips);
    const auto config = load_config(shipped_config / "prefade.toml");
    INFO((config ? "" : config.error().where + config.error().message));
    REQUIRE(config);
    CHECK(config->journal == default_config().journal);
}

TEST_CASE("a file changes what it names and leaves the rest; an empty one changes nothing") {
    const Folder folder;
    const auto policy =
        load_policy(folder.write("mode = \"auto\"\nstep_db = 1\nglide_ms = 0\n"
                                 "automatic = [\"trim\"]\nstrips = [\"Vox\", \"lead vocal\"]\n"));
    REQUIRE(policy);
    CHECK(policy->mode == Mode::automatic);
    CHECK(policy->step == Decibel{1.0});
    CHECK(policy->glide == Milliseconds{0.0});
    CHECK(policy->automatic == std::vector<Control>{Control::trim});
    CHECK(policy->per_minute == Policy{}.per_minute);
    const auto empty = load_policy(folder.write(""));
    REQUIRE(empty);
    CHECK(empty->step == Policy{}.step);
    CHECK(load_policy(folder.write("# nothing but words\n")));
    const auto config =
        load_config(folder.write("host = \"ardour=127.0.0.1:3820\"\nsocket = \"/tmp/x\"\n"
                                 "journal = \"/tmp/j\"\ngenre = \"jazz\"\n"));
    REQUIRE(config);
    CHECK(config->host == "ardour=127.0.0.1:3820");
    CHECK(config->socket == "/tmp/x");
    CHECK(config->journal == "/tmp/j");
    CHECK(config->brief.genre == "jazz");
    CHECK(config->policy == default_config().policy);
}

TEST_CASE("what is wrong in a file is told with its place and what is expected") {
    const std::pair<const char*, const char*> policies[] = {
        {"mode = \"ask\"\nstep = 3\n",
         "some.toml:2:1 there is no setting \"step\"; there are: mode"},
        {"mode = \"loud\"\n", "some.toml:1:8 mode: one of watch, ask, auto"},
        {"mode = 3\n", "some.toml:1:8 mode: a text in quotes"},
        {"step_db = 0\n", "some.toml:1:11 step_db: a number from 0.1 to 12"},
        {"step_db = 12.01\n", "a number from 0.1 to 12"},
        {"step_db = \"3\"\n", "a number from 0.1 to 12"},
        {"step_db = nan\n", "a number from 0.1 to 12"},
        {"step_db = inf\n", "a number from 0.1 to 12"},
        {"per_minute_db = 61\n", "from 0.1 to 60"},
        {"ceiling_db = 12.5\n", "from -40 to 12"},
        {"hand_pause_ms = 1999\n", "from 2000 to 60000"},
        {"value_age_ms = 99\n", "from 100 to 60000"},
        {"glide_ms = -1\n", "from 0 to 10000"},
        {"\nautomatic = \"fader\"\n", "some.toml:2:13 automatic: a list of texts"},
        {"automatic = [\"fader\", 3]\n", "a list of texts"},
        {"automatic = [\"volume\"]\n", "\"volume\" is no control; there are: trim, fader"},
        {"strips = 1\n", "a list of texts"},
        {"step_db = 3\nstep_db = 4\n", "some.toml:2:"},
        {"step_db =\n", "some.toml:1:"},
        {"[policy]\nstep_db = 3\n", "there is no setting \"policy\""},
        {"\x80\xff", "some.toml:1:"},
    };
    for (const auto& [text, says] : policies)
        CHECK_THAT(error_of(load_policy, text), Contains(says));
    const std::pair<const char*, const char*> configs[] = {
        {"socket = \"relative\"\n", "some.toml:1:10 socket: an absolute path"},
        {"journal = \"\"\n", "an absolute path"},
        {"genre = \"polka-metal\"\n", "genre: "},
        {"colour = 1\n",
         "there are: host, socket, journal, policy, rules, plugins, genre, platform"},
    };
    for (const auto& [text, says] : configs)
        CHECK_THAT(error_of(load_config, text), Contains(says));
}

TEST_CASE("what is no readable file is an error, a folder too") {
    const Folder folder;
    for (const fs::path& path :
         {folder.folder.path() / "none.toml", folder.folder.path(), fs::path("/dev/null/x")}) {
        const auto loaded = load_policy(path);
        INFO(path);
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error().code == ErrorCode::io);
        CHECK(loaded.error().where == path.string());
    }
    CHECK(load_policy("/dev/null")); // nothing in it
}

TEST_CASE("help names every setting with its default") {
    const std::string help = config_help();
    for (const char* key :
         {"host", "socket", "journal", "policy", "rules", "plugins", "genre", "platform"})
        CHECK_THAT(help, Contains("  " + std::string(key) + " = "));
}

TEST_CASE(
    "a policy covers what it names, by name or role, and its star every strip but the master") {
    Policy policy;
    Strip vox, master;
    vox.name = "Vox";
    vox.role = "lead vocal";
    master.name = "Master";
    master.kind = GENERATE(StripKind::master, StripKind::monitor);
    CHECK(covers(policy, vox, Control::fader));
    CHECK_FALSE(covers(policy, vox, Control::mute));
    CHECK_FALSE(covers(policy, master, Control::fader));
    policy.strips = {"lead vocal"};
    CHECK(covers(policy, vox, Control::trim));
    policy.strips = {"Master", "vox"};
    CHECK_FALSE(covers(policy, vox, Control::fader));
    CHECK(covers(policy, master, Control::fader)); // named by the user
    policy.strips = {""};
    vox.role.clear();
    CHECK_FALSE(covers(policy, vox, Control::fader)); // no role is not the role ""
    policy.strips = {};
    CHECK_FALSE(covers(policy, vox, Control::fader));
}

TEST_CASE("files lie where the environment says, and a relative folder in it does not count") {
    {
        const Variables none(Variables::Wanted{{"HOME", "/home/me"},
                                               {"XDG_CONFIG_HOME", std::nullopt},
                                               {"XDG_STATE_HOME", std::nullopt},
                                               {"XDG_RUNTIME_DIR", std::nullopt},
                                               {"PREFADE_SOCKET", std::nullopt}});
        CHECK(config_folder() == "/home/me/.config/prefade");
        CHECK(state_folder() == "/home/me/.local/state/prefade");
        CHECK(default_socket() == "/home/me/.local/state/prefade/prefade.sock");
        CHECK(default_config().journal == "/home/me/.local/state/prefade/journal.sqlite");
    }
    {
        const Variables all(Variables::Wanted{{"XDG_CONFIG_HOME", "/c"},
                                              {"XDG_STATE_HOME", "/s"},
                                              {"XDG_RUNTIME_DIR", "/run/user/7"},
                                              {"PREFADE_SOCKET", ""}});
        CHECK(config_folder() == "/c/prefade");
        CHECK(state_folder() == "/s/prefade");
        CHECK(default_socket() == "/run/user/7/prefade.sock");
        const Variables given(Variables::Wanted{{"PREFADE_SOCKET", "/my/socket"}});
        CHECK(default_socket() == "/my/socket");
    }
    const Variables relative(Variables::Wanted{{"HOME", "/home/me"},
                                               {"XDG_CONFIG_HOME", "c"},
                                               {"XDG_STATE_HOME", ""},
                                               {"XDG_RUNTIME_DIR", "run"},
                                               {"PREFADE_SOCKET", std::nullopt}});
    CHECK(config_folder() == "/home/me/.config/prefade");
    CHECK(default_socket() == "/home/me/.local/state/prefade/prefade.sock");
}

TEST_CASE("the data folder is the one named, which must be one, or that beside the program") {
    const test::OwnFolder folder;
    {
        const Variables given(Variables::Wanted{{"PREFADE_DATA_DIR", folder.path().string()}});
        const auto none = data_folder();
        REQUIRE_FALSE(none);
        CHECK_THAT(none.error().message, Contains("PREFADE_DATA_DIR"));
        CHECK(none.error().where == folder.path().string());
        fs::create_directory(folder.path() / "knowledge");
        REQUIRE(data_folder());
        CHECK(*data_folder() == folder.path());
    }
    const Variables none(Variables::Wanted{{"PREFADE_DATA_DIR", std::nullopt}});
    const auto beside = data_folder();
    REQUIRE(beside);
    CHECK(fs::exists(*beside / "config" / "policy.toml"));
}
