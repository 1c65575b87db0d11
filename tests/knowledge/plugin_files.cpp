// What can be wrong with a plugin entry, and where it is told.
#include "knowledge/check.h"
#include "knowledge/plugin_catalog.h"
#include "tests/knowledge/texts.h"
#include "tests/knowledge/told.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <filesystem>
#include <fstream>

using namespace prefade;

namespace {

const std::string good = R"(id = "squeezer"
name = "Squeezer"
maker = "Nobody"
kind = "compressor"
formats = ["VST3"]
what = "A compressor for tests."
aliases = ["squeeze", "squeezer three"]
confidence = "MANUAL"
source = "a test"

[reported]
any = ["Squeezer"]

[[control]]
id = "attack"
unit = "ms"
range = [1, 100]
default = 10
law = { shape = "log", exact = true }

[[control]]
id = "ratio"
unit = ":1"
steps = [2, 4, 10]
law = { shape = "steps" }

[[control]]
id = "mode"
choices = ["Soft", "Hard"]
default = "Soft"

[[control]]
id = "gain"
unit = "dB"
range = [-12, 12]
bands = 2

[[missing]]
control = "threshold"
aliases = ["thresh"]
instead = "turn the input"

[[mode]]
control = "mode"
choice = "Soft"
does = "A soft knee."

[[use]]
on = ["bass"]
turn = "gain"
gain_reduction = "3..5 dB"
why = "because"
[use.settings]
attack = "20..30 ms"
ratio = "4:1"
mode = "hard"
gain-2 = "3 dB"

[[conflict]]
about = "the attack"
control = "attack"
settle = "read it back"
[[conflict.claim]]
says = "fast"
source = "one"
[[conflict.claim]]
says = "slow"
source = "another"
)";

std::string changed(const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::string entry(const std::string& id, const std::string& more, const std::string& name = {}) {
    return "id = \"" + id + "\"\nname = \"" + (name.empty() ? id : name)
           + "\"\nmaker = \"Nobody\"\nkind = \"eq\"\nformats = [\"LV2\"]\nwhat = \"x\"\n"
             "confidence = \"EXPERTISE\"\nsource = \"a test\"\n"
           + more;
}
const std::string one_control = "[[control]]\nid = \"gain\"\nunit = \"dB\"\nrange = [-6, 6]\n";

/// A folder of entries that goes away with it.
class Folder {
public:
    Folder() { std::filesystem::create_directories(path_); }

    void write(const std::string& file, const std::string& text) const {
        std::ofstream(path_ / file) << text;
    }
    const std::filesystem::path& path() const { return path_; }

private:
    test::OwnFolder own_;
    std::filesystem::path path_{own_.path() / "plugins"};
};

} // namespace

TEST_CASE("a good entry loads, with settings in the units of its controls") {
    const LoadedPlugins loaded = PluginCatalog::parse(good, "squeezer.toml");
    for (const Error& error : loaded.errors) FAIL_CHECK(error.where << ": " << error.message);
    const Plugin* plugin = loaded.catalog.find("squeezer");
    REQUIRE(plugin);
    const PluginUse& use = plugin->uses.at(0);
    REQUIRE(use.settings.size() == 4);
    for (const PluginSetting& setting : use.settings) {
        if (setting.control == "mode") CHECK(setting.choices == std::vector<std::string>{"Hard"});
        if (setting.control == "gain") CHECK(setting.band == 2);
        if (setting.control == "attack") CHECK(to_text(setting.amount) == "20..30 ms");
    }
    CHECK(use.origin.basis == Basis::manual); // the entry's, where a part says none
    CHECK(use.origin.where == "squeezer.toml:48:1");
}

TEST_CASE("mistakes in a plugin entry are told with file, line and column") {
    struct Wrong {
        std::string text;
        const char* where;
        const char* message;
    };
    const Wrong table[] = {
        {changed("id = \"squeezer\"", "id = \"squeeser\""), ":1:6", "must be the file's name"},
        {changed("kind = \"compressor\"", "kind = \"compresor\""), ":4:8",
         "none of: compressor, limiter"},
        {changed("maker = \"Nobody\"\n", ""), ":1:1", "maker: a plugin entry needs it"},
        {changed("source = \"a test\"\n", ""), ":1:1", "source: a plugin entry needs it"},
        {changed("confidence = \"MANUAL\"\n", ""), ":1:1", "confidence: a plugin entry needs it"},
        {changed("confidence = \"MANUAL\"", "confidence = \"sure\""), ":8:14", "none of: MEASURED"},
        {changed("formats = [\"VST3\"]", "formats = [\"VST9\"]"), ":5:11", "\"VST9\" is none of"},
        {changed("maker =", "makr = \"x\"\nmaker ="), ":3:8", "did you mean maker?"},
        {changed("any =", "cubas = [\"x\"]\nany ="), ":12:9", "known: any, ardour"},
        {changed("unit = \"ms\"\n", ""), ":14:1", "unit: a control needs its unit"},
        {changed("unit = \"ms\"", "unit = \"msec\""), ":16:8", "none of: number, panel"},
        {changed("default = 10", "default = 200"), ":18:11", "200 ms is outside attack"},
        {changed("default = 10", "default = \"10 ms\""), ":18:11", "without quotes and unit"},
        {changed("default = 10", "default = nan"), ":18:11", "must be a number"},
        {changed("range = [1, 100]", "range = [100, 1]"), ":17:9", "the lowest and the highest"},
        {changed("steps = [2, 4, 10]", "steps = [2, 10, 4]"), ":24:9", "all rise or all fall"},
        {changed("{ shape = \"log\", exact = true }", "{ shape = \"lug\" }"), ":19:17",
         "none of: linear, log, power, exponential, amplitude, steps"},
        {changed("{ shape = \"log\", exact = true }",
                 "{ shape = \"log\", points = [[0, 1], [0.5, 200], [1, 100]] }"),
         ":19:17", "must all rise or all fall"},
        {changed("{ shape = \"log\", exact = true }",
                 "{ shape = \"linear\", points = [[0, 1], [1, 50]] }"),
         ":19:36", "the law goes from 1 ms to 50 ms, the range from 1 ms to 100 ms"},
        {changed("{ shape = \"log\", exact = true }", "{ shape = \"steps\" }"), ":19:17",
         "needs choices or steps"},
        {changed("exact = true }", "bend = 2 }"), ":19:31", "bend: a law of shape log has none"},
        {changed("exact = true }", "at = [0, 1] }"), ":19:29", "at: a law of shape log has none"},
        {changed("{ shape = \"steps\" }", "{ shape = \"steps\", points = [[0, 2], [1, 10]] }"),
         ":25:35", "points: a law of shape steps has none"},
        {changed("\"squeeze\", \"squeezer three\"", "\"\""), ":7:12",
         "aliases: an empty text says nothing"},
        {changed("what = \"A compressor for tests.\"", "what = \"\""), ":6:8",
         "what: says nothing"},
        {changed("{ shape = \"steps\" }", "{ shape = \"steps\", at = [0, 1] }"), ":25:31",
         "a place for each of the 3"},
        {changed("{ shape = \"steps\" }", "{ shape = \"steps\", at = [0, 0.6, 0.5] }"), ":25:31",
         "must be monotone"},
        {changed("default = \"Soft\"", "default = \"Mild\""), ":30:11", "none of the choices"},
        {changed("choices = [\"Soft\", \"Hard\"]", "choices = [\"Soft\", \"Hard\"]\nunit = \"dB\""),
         ":30:8", "a control with choices is no number"},
        {changed("id = \"mode\"\n", "id = \"attack\"\n"), ":27:1",
         "there are two controls \"attack\""},
        {changed("id = \"mode\"\n", "id = \"mode\"\naliases = [\"Attack\"]\n"), ":27:1",
         "\"attack\" means \"attack\" and \"mode\""},
        {changed("control = \"threshold\"", "control = \"ratio\""), ":38:1",
         "is said to be missing, and is \"ratio\""},
        {changed("choice = \"Soft\"\n", "choice = \"Mild\"\n"), ":43:1",
         "none of the choices of mode"},
        {changed("turn = \"gain\"", "turn = \"gian\""), ":48:1", "did you mean gain?"},
        {changed("gain_reduction = \"3..5 dB\"", "gain_reduction = \"3..5\""), ":51:18",
         "is not as \"3..5 dB\""},
        {changed("why = \"because\"\n", ""), ":48:1", "why: use needs it"},
        {changed("attack = \"20..30 ms\"", "attack = \"20..300 ms\""), ":54:10",
         "20..300 ms is outside attack, which goes from 1 ms to 100 ms"},
        {changed("attack = \"20..30 ms\"", "attack = \"20..30 dB\""), ":54:10",
         "is not in the unit of attack"},
        {changed("attack = \"20..30 ms\"", "attack = \"fast\""), ":54:10", "is not an amount"},
        {changed("attack = \"20..30 ms\"", "attack = 20"), ":54:10", "must be a text"},
        {changed("attack = \"20..30 ms\"", "attak = \"20 ms\""), ":54:9", "did you mean attack?"},
        {changed("attack = \"20..30 ms\"", "threshold = \"-20 dB\""), ":54:13",
         "as its own [[missing]] says: turn the input"},
        {changed("ratio = \"4:1\"", "ratio = \"3:1\""), ":55:9",
         "between the steps of ratio: 2:1, 4:1, 10:1"},
        {changed("mode = \"hard\"", "mode = \"mild\""), ":56:8", "none of its choices"},
        {changed("gain-2", "gain-3"), ":57:10", "has no \"gain-3\""},
        {changed("[[conflict.claim]]\nsays = \"fast\"\nsource = \"one\"\n", ""), ":63:1",
         "at least two sides"},
        {changed("control = \"attack\"", "control = \"attac\""), ":59:1", "did you mean attack?"},
        {changed("[[mode]]", "[[relative]]\nid = \"squeezer-2\"\nhow = \"x\"\n[[mode]]"), ":43:1",
         "there is no entry \"squeezer-2\"; did you mean \"squeezer\"?"},
        {changed("aliases = [\"squeeze\"", "based_on = \"squeeze\"\naliases = [\"squeeze\""),
         ":1:6", "there is no entry \"squeeze\""},
        {changed("[reported]", "[reported"), ":11:10", ""},
    };
    for (const Wrong& wrong : table) {
        INFO(wrong.text);
        const LoadedPlugins loaded = PluginCatalog::parse(wrong.text, "squeezer.toml");
        CHECK(loaded.catalog.plugins().empty());
        CHECK(is_told(loaded.errors, wrong.where, wrong.message));
    }
}

TEST_CASE("a name claimed by two entries is told with both") {
    const Folder folder;
    folder.write("one.toml",
                 entry("one", "aliases = [\"eleven seventy six\"]\n[reported]\nlive = [\"Tool\"]\n"
                                  + one_control));
    folder.write("two.toml", entry("two", "aliases = [\"11-76\"]\n[reported]\nlogic = [\"Tool\"]\n"
                                              + one_control));
    folder.write("three.toml",
                 entry("three", "[reported]\nlive = [\"VST3: Tool (mono)\"]\n" + one_control));
    const LoadedPlugins loaded = PluginCatalog::load({folder.path()});
    CHECK(is_told(loaded.errors, "two.toml:1:6",
                  "aliases: \"11-76\" is claimed by \"one\" and \"two\""));
    CHECK(is_told(loaded.errors, "three.toml:1:6",
                  "reported: \"VST3: Tool (mono)\" in live is claimed by \"one\" and \"three\""));
    CHECK(loaded.errors.size() == 2); // "Tool" in another host is another plugin
    REQUIRE(loaded.catalog.plugins().size() == 1);
    CHECK(loaded.catalog.plugins()[0].id == "one");
}

TEST_CASE("an entry takes over the parts of the one it is based on, and keeps its own") {
    const Folder folder;
    folder.write("squeezer.toml", good);
    folder.write("clone.toml",
                 entry("clone", "based_on = \"squeezer\"\n[[control]]\nid = \"attack\"\n"
                                "unit = \"ms\"\nrange = [1, 50]\n[[relative]]\n"
                                "id = \"squeezer\"\nhow = \"the original\"\n"));
    folder.write("copy.toml", entry("copy", "based_on = \"clone\"\n"));
    folder.write("tight.toml",
                 entry("tight", "based_on = \"squeezer\"\n[[control]]\nid = \"attack\"\n"
                                "unit = \"ms\"\nrange = [1, 10]\n"));
    const LoadedPlugins loaded = PluginCatalog::load({folder.path()});
    const Plugin* clone = loaded.catalog.find("clone");
    REQUIRE(clone);
    CHECK(clone->controls.size() == 4);
    CHECK(clone->find("attack")->highest == 50.0);
    CHECK(clone->uses.size() == 1);
    CHECK(clone->missing_control("thresh"));
    CHECK(is_told(loaded.errors, "copy.toml:1:6", "\"clone\" is itself based on \"squeezer\""));
    // What is taken over must hold for its own controls.
    CHECK(is_told(loaded.errors, "squeezer.toml:54:10", "20..30 ms is outside attack"));
    CHECK_FALSE(loaded.catalog.find("tight"));
}

TEST_CASE("a clone has the controls it says, and lacks what it says it lacks") {
    const Folder folder;
    folder.write("squeezer.toml", good);
    folder.write("clone.toml",
                 entry("clone", "based_on = \"squeezer\"\n[[control]]\nid = \"level\"\n"
                                "aliases = [\"threshold\"]\nunit = \"dB\"\n[[missing]]\n"
                                "control = \"mode\"\ninstead = \"it is soft\"\n"));
    const LoadedPlugins loaded = PluginCatalog::load({folder.path()});
    for (const Error& error : loaded.errors) FAIL_CHECK(error.where << ": " << error.message);
    const Plugin* clone = loaded.catalog.find("clone");
    REQUIRE(clone);
    REQUIRE(clone->control("threshold"));
    CHECK((*clone->control("threshold"))->id == "level");
    CHECK(clone->missing.size() == 1);
    CHECK_FALSE(clone->find("mode"));
    CHECK(clone->control("mode").error().code == ErrorCode::unsupported);
    CHECK(clone->modes.empty()); // they speak of the switch it has not
    CHECK(clone->uses.empty());
    CHECK(clone->conflicts.size() == 1);
}

TEST_CASE("a user's entry that does not hold, or breaks one of ours, takes nobody's place") {
    const Folder ours;
    const auto theirs = ours.path().parent_path() / "own" / "plugins";
    std::filesystem::create_directories(theirs);
    ours.write("squeezer.toml", good);
    ours.write("clone.toml", entry("clone", "based_on = \"squeezer\"\n"));
    std::ofstream(theirs / "squeezer.toml") << changed("20..30 ms", "20..300 ms");
    LoadedPlugins loaded = PluginCatalog::load({ours.path(), theirs});
    CHECK(is_told(loaded.errors, "own/plugins/squeezer.toml:54:10",
                  "is outside attack, which goes from 1 ms to 100 ms; the entry at "
                      + (ours.path() / "squeezer.toml").string() + ":1:6 is used"));
    CHECK(loaded.errors.size() == 1);
    CHECK(loaded.catalog.plugins().size() == 2);
    // Right by itself, but without what our clone of it sets.
    ours.write("clone.toml", entry("clone", "based_on = \"squeezer\"\n[[use]]\non = [\"bass\"]\n"
                                            "why = \"x\"\n[use.settings]\nratio = \"2:1\"\n"));
    std::ofstream(theirs / "squeezer.toml") << entry("squeezer", one_control, "Squeezer");
    loaded = PluginCatalog::load({ours.path(), theirs});
    CHECK(is_told(
        loaded.errors, "own/plugins/squeezer.toml:1:6",
        "\"clone\", which is based on it, would not hold: settings: clone has no \"ratio\""));
    CHECK(loaded.errors.size() == 1);
    CHECK(loaded.catalog.find("clone"));
    CHECK(loaded.catalog.find("squeezer")->find("ratio"));
}

TEST_CASE("a use for a role that there is not is told where it stands") {
    const Folder folder;
    folder.write("squeezer.toml", good);
    folder.write("clone.toml", entry("clone", "based_on = \"squeezer\"\n"));
    const std::vector<std::string> roles{"bass guitar", "lead vocal"};
    const LoadedPlugins loaded = PluginCatalog::load({folder.path()}, roles);
    CHECK(is_told(loaded.errors, "squeezer.toml:48:1", "on: there is no role \"bass\""));
    CHECK(loaded.errors.size() == 1); // once, not with each clone
}

TEST_CASE("a user's entry of the same id takes the place of ours") {
    const Folder ours;
    const auto theirs = ours.path().parent_path() / "own" / "plugins";
    std::filesystem::create_directories(theirs);
    ours.write("squeezer.toml", good);
    ours.write("other.toml", entry("other", one_control));
    std::ofstream(theirs / "squeezer.toml") << changed("range = [1, 100]", "range = [1, 99]");
    std::ofstream(theirs / "mine.toml") << entry("mine", one_control);
    const LoadedPlugins loaded = PluginCatalog::load({ours.path(), theirs});
    CHECK(loaded.errors.empty());
    CHECK(loaded.files == 4);
    REQUIRE(loaded.catalog.plugins().size() == 3);
    CHECK(loaded.catalog.find("squeezer")->find("attack")->highest == 99.0);
    // Who takes a name that is ours is at fault, whatever its place in the alphabet.
    std::ofstream(theirs / "another.toml") << entry("another", one_control, "Other");
    const LoadedPlugins clash = PluginCatalog::load({ours.path(), theirs});
    CHECK(is_told(clash.errors, "another.toml:1:6", "is claimed by \"other\" and \"another\""));
    CHECK(clash.errors.size() == 1);
    CHECK(clash.catalog.find("other"));
    CHECK_FALSE(clash.catalog.find("another"));
}

TEST_CASE("prefade check knows plugin entries by their folder, and the shipped ones beside them") {
    const Folder folder;
    folder.write("mine.toml",
                 entry("mine", one_control + "[[relative]]\nid = \"reacomp\"\nhow = \"x\"\n"));
    const std::filesystem::path shipped = PREFADE_TESTS_DIR "/../knowledge/plugins";
    CHECK_FALSE(check({folder.path()}).is_good()); // alone, nothing is known of ReaComp
    for (const auto& path : {folder.path(), folder.path() / "", folder.path() / "mine.toml"}) {
        INFO(path);
        const CheckReport report = check({path}, {shipped});
        for (const Error& error : report.errors) FAIL_CHECK(error.where << ": " << error.message);
        CHECK(report.files == 1);
        CHECK(report.plugins == 1);
        CHECK(report.rules == 0);
    }
    folder.write("broken.toml", "id = \"broken\n");
    const CheckReport report = check({folder.path()}, {shipped});
    CHECK(is_told(report.errors, "broken.toml:1:13", ""));
    CHECK(report.plugins == 1);
    CHECK_FALSE(holds_plugins(folder.path().parent_path()));
}

TEST_CASE("no change to a plugin entry does more than make errors") {
    std::mt19937 random(20240609);
    for (int i = 0; i < 1500; ++i) {
        const std::string text = test::garbled(good, random);
        const LoadedPlugins loaded = PluginCatalog::parse(text, "squeezer.toml");
        CHECK(loaded.catalog.plugins().size() + (loaded.errors.empty() ? 0 : 1) == 1);
    }
}
