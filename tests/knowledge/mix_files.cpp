// What can be wrong with an entry of mixing knowledge, and where it is told.
#include "knowledge/check.h"
#include "knowledge/mix_knowledge.h"
#include "tests/knowledge/texts.h"
#include "tests/knowledge/told.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

using namespace prefade;

namespace {

using Texts = std::map<std::string, std::string>; ///< by file name

const Texts good_texts{{"measures.toml", R"(confidence = "DERIVED"
source = "a test"
[[measure]]
id = "tilt"
says = "Slope."
unit = "dB/oct"
measured_by = "analysis"
from = ["spectrum"]
[[measure]]
id = "contrast"
says = "Chorus over verse."
unit = "LU"
measured_by = "not yet"
)"},
                       {"descriptors.toml", R"(confidence = "EXPERTISE"
source = "a test"
[[descriptor]]
id = "dark"
aliases = ["moody"]
[[descriptor.interpretation]]
does = "Less top."
on = ["hi-hat"]
tool = "eq"
plugins = ["reaeq"]
measure = "tilt"
moves = "down"
figures = { gain = "-3..-1 dB", frequency = "6 kHz" }
[[descriptor.interpretation]]
does = "Slower."
measure = "tilt"
moves = "down"
figures = { attack = "0.03 s" }
)"},
                       {"phrases.toml", R"(confidence = "EXPERTISE"
source = "a test"
[[phrase]]
id = "flat"
name = "It is flat"
aliases = ["no contrast"]
[[phrase.hypothesis]]
says = "Sections are alike."
measure = "contrast"
confirms = "< 1 LU"
refutes = "> 2 LU"
does = "Lower the verse."
descriptor = "dark"
rule = "hot-track"
figures = { level = "-1 dB" }
[[phrase.hypothesis]]
says = "It is bright."
measure = "tilt"
confirms = "-3..0 dB/oct"
refutes = "< -4 dB/oct"
does = "Darker."
)"},
                       {"targets.toml", R"([[genre]]
id = "pop"
confidence = "EXPERTISE"
source = "a test"
figures = { loudness = "-10..-7 LUFS" }
)"},
                       {"pairs.toml", R"(confidence = "EXPERTISE"
source = "a test"
[[pair]]
id = "MK-01"
on = ["kick"]
against = ["bass"]
genres = ["pop"]
figures = { gain = "-4..-2 dB" }
[[pair.move]]
does = "Duck the bass."
[[priority]]
id = "pop-order"
genres = ["pop"]
place = [{ on = ["lead vocal"] }, { on = ["kick", "snare"] }]
[[principle]]
id = "MKR-01"
says = "Measure first."
[[principle.conflict]]
about = "how much"
settle = "listen"
claim = [{ says = "much", source = "one" }, { says = "little", source = "another" }]
)"}};

const KnownNames known_names_here{
    {"lead vocal", "kick", "snare", "bass", "hi-hat"}, {"reaeq"}, {"hot-track"}};

/// A folder of files.
class MixFolder : public test::OwnFolder {
public:
    explicit MixFolder(const Texts& texts) {
        for (const auto& [name, text] : texts) std::ofstream(path() / name) << text;
    }
};

Texts texts_with(const std::string& file, const std::string& from, const std::string& to) {
    Texts texts = good_texts;
    std::string& text = texts.at(file);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    return texts;
}

} // namespace

TEST_CASE("good entries load, with figures in the units they are compared in") {
    const MixFolder folder(good_texts);
    const LoadedMix loaded = MixKnowledge::load({folder.path()}, known_names_here);
    for (const Error& error : loaded.errors) FAIL_CHECK(error.where << ": " << error.message);
    CHECK(loaded.files == 5);
    const MixEntry* dark = loaded.knowledge.find(MixKind::descriptor, "dark");
    REQUIRE(dark);
    REQUIRE(dark->steps.size() == 2);
    CHECK(to_text(*dark->steps[0].figure("frequency")) == "6000 Hz");
    CHECK(to_text(*dark->steps[1].figure("attack")) == "30 ms");
    CHECK(dark->steps[0].tool == PluginKind::eq);
    CHECK(dark->steps[0].moves == Direction::down);
    CHECK(dark->steps[0].origin.source == "a test"); // the entry's, where a step says none
    const MixEntry* flat = loaded.knowledge.find(MixKind::phrase, "flat");
    REQUIRE(flat);
    CHECK(flat->steps[0].confirms->to == 1.0);
    CHECK(std::isinf(flat->steps[0].confirms->from));
    CHECK(std::isinf(flat->steps[0].refutes->to));
    CHECK(loaded.knowledge.find(MixKind::priority, "pop-order")->steps.size() == 2);
    CHECK(loaded.knowledge.find(MixKind::principle, "MKR-01")->conflicts.at(0).claims.size() == 2);
}

TEST_CASE("mistakes in mixing knowledge are told with file, line and column") {
    struct Wrong {
        const char *file, *from, *to;
        const char* where;
        const char* message;
    };
    const Wrong table[] = {
        // any entry
        {"phrases.toml", "name =", "nmae =", ":5:8", "did you mean name?"},
        {"phrases.toml", "[[phrase]]", "[[phrse]]", "phrases.toml:3:1", "did you mean phrase?"},
        {"phrases.toml", "[[phrase]]\n", "[[descriptor]]\n", "phrases.toml:3:1",
         "has no \"descriptor\""},
        {"phrases.toml", "id = \"flat\"\n", "", "phrases.toml:3:1", "id: phrase needs it"},
        {"phrases.toml", "source = \"a test\"\n", "", "phrases.toml:2:1",
         "source: an entry needs one"},
        {"phrases.toml", "confidence = \"EXPERTISE\"\n", "", "phrases.toml:2:1",
         "confidence: an entry needs one"},
        {"phrases.toml", "\"EXPERTISE\"", "\"SURE\"", "phrases.toml:1:14", "none of: MEASURED"},
        {"targets.toml", "source = \"a test\"\n", "", "targets.toml:1:1",
         "source: an entry needs one"},
        {"targets.toml", "\"EXPERTISE\"", "\"maybe\"", "targets.toml:3:14", "none of: MEASURED"},
        {"measures.toml", "id = \"contrast\"", "id = \"tilt\"", "measures.toml:9:1",
         "there are two of \"tilt\", the other is at"},
        {"phrases.toml", "[[phrase]]", "[[phrase]", ":3:10", ""},
        {"phrases.toml", "id = \"flat\"", "id = \"\"", ":4:6", "id: says nothing"},
        {"phrases.toml", "\"no contrast\"", "\"\"", ":6:12", "aliases: an empty text says nothing"},
        {"phrases.toml", "\"Sections are alike.\"", "\" \"", ":8:8", "says: says nothing"},
        // figures
        {"descriptors.toml", "gain = \"-3..-1 dB\"", "gain = \"-3..-1\"", ":13:20",
         "\"-3..-1\" needs its unit: dB"},
        {"descriptors.toml", "gain = \"-3..-1 dB\"", "gain = \"-1..-3 dB\"", ":13:20",
         "upside down: the lower number comes first"},
        {"descriptors.toml", "gain = \"-3..-1 dB\"", "gain = \"-3..-1 ms\"", ":13:20",
         "must be in dB"},
        {"descriptors.toml", "gain = \"-3..-1 dB\"", "gain = \"a lot\"", ":13:20",
         "is not an amount"},
        {"descriptors.toml", "gain = \"-3..-1 dB\"", "gain = -3", ":13:20", "must be a text"},
        {"descriptors.toml", "gain =", "gian =", ":13:20", "did you mean gain?"},
        {"targets.toml", "figures = { loudness = \"-10..-7 LUFS\" }\n", "", "targets.toml:1:1",
         "figures: genre needs numbers"},
        // descriptors
        {"descriptors.toml",
         "[[descriptor.interpretation]]\ndoes = \"Slower.\"\nmeasure = "
         "\"tilt\"\nmoves = \"down\"\nfigures = { attack = \"0.03 s\" }\n",
         "", "descriptors.toml:6:1", "descriptor needs at least 2, this has 1"},
        {"descriptors.toml", "measure = \"tilt\"\n", "", "descriptors.toml:6:1",
         "measure: interpretation needs it"},
        {"descriptors.toml", "moves = \"down\"", "moves = \"sideways\"", ":12:9",
         "none of: up, down"},
        {"descriptors.toml", "moves = \"down\"\n", "", "descriptors.toml:6:1",
         "moves: interpretation needs it"},
        {"descriptors.toml", "\nfigures = { attack = \"0.03 s\" }", "", "descriptors.toml:14:1",
         "figures: interpretation needs numbers"},
        {"descriptors.toml", "tool = \"eq\"", "tool = \"eqs\"", ":9:8", "none of: compressor"},
        {"descriptors.toml", "does = \"Less top.\"", "confirms = \"< 1 dB\"", ":7:12",
         "interpretation has no \"confirms\""},
        // phrases
        {"phrases.toml", "measure = \"contrast\"\n", "", "phrases.toml:7:1",
         "measure: hypothesis needs it"},
        {"phrases.toml", "confirms = \"< 1 LU\"\n", "", "phrases.toml:7:1",
         "confirms: a hypothesis says which value"},
        {"phrases.toml", "refutes = \"> 2 LU\"\n", "", "phrases.toml:7:1",
         "refutes: a hypothesis says which value"},
        {"phrases.toml", "\"> 2 LU\"", "\"> 0.5 LU\"", ":11:11", "overlaps confirms"},
        {"phrases.toml", "\"< 1 LU\"", "\"2..3 LU\"", ":11:11", "overlaps confirms"},
        {"phrases.toml", "\"-3..0 dB/oct\"\nrefutes = \"< -4 dB/oct\"",
         "\"-4 dB/oct\"\nrefutes = \"-4 dB/oct\"", ":20:11",
         "overlaps confirms: one value would do both"},
        {"phrases.toml", "\"> 2 LU\"", "\"> 2 dB\"", ":11:11", "must be in the unit of confirms"},
        {"phrases.toml", "\"< 1 LU\"", "\"< 1\"", ":10:12", "needs its unit, as refutes has"},
        {"phrases.toml", "\"< 1 LU\"", "\"low\"", ":10:12", "is no test, as \"< 1 LU\""},
        {"phrases.toml", "\"-3..0 dB/oct\"", "\"0..-3 dB/oct\"", ":19:12", "upside down"},
        {"phrases.toml", "measure = \"tilt\"", "measure = \"contrast\"", "phrases.toml:16:1",
         "\"contrast\" is measured in LU"},
        // what is referred to
        {"descriptors.toml", "\"reaeq\"", "\"reaeqq\"", "descriptors.toml:6:1",
         "plugins: there is no \"reaeqq\"; did you mean \"reaeq\"?"},
        {"descriptors.toml", "\"hi-hat\"", "\"hihat\"", "descriptors.toml:6:1",
         "on: there is no \"hihat\"; did you mean \"hi-hat\"?"},
        {"descriptors.toml", "measure = \"tilt\"", "measure = \"tild\"", "descriptors.toml:6:1",
         "measure: there is no \"tild\"; did you mean \"tilt\"?"},
        {"phrases.toml", "\"dark\"", "\"drak\"", "phrases.toml:7:1",
         "descriptor: there is no \"drak\"; did you mean \"dark\"?"},
        {"phrases.toml", "\"hot-track\"", "\"hot-tracks\"", "phrases.toml:7:1",
         "rule: there is no \"hot-tracks\"; did you mean \"hot-track\"?"},
        {"pairs.toml", "genres = [\"pop\"]\nfigures", "genres = [\"pup\"]\nfigures",
         "pairs.toml:3:1", "genres: there is no \"pup\"; did you mean \"pop\"?"},
        {"pairs.toml", "against = [\"bass\"]", "against = [\"base\"]", "pairs.toml:3:1",
         "against: there is no \"base\"; did you mean \"bass\"?"},
        // other kinds
        {"measures.toml", "unit = \"LU\"\n", "", "measures.toml:9:1", "unit: measure needs it"},
        {"measures.toml", "measured_by = \"not yet\"", "measured_by = \"ear\"", ":13:15",
         "none of: session, analysis, not yet"},
        {"measures.toml", "from = [\"spectrum\"]\n", "", "measures.toml:3:1",
         "a measure that can be taken says from what; known: loudness, spectrum, masking"},
        {"measures.toml", "[\"spectrum\"]", "[\"spectrun\"]", ":8:8", "did you mean spectrum?"},
        {"measures.toml", "\"analysis\"", "\"session\"", ":8:8",
         "\"spectrum\" is none; known: name"},
        {"measures.toml", "\"analysis\"", "\"not yet\"", ":8:8", "not yet measured has none"},
        {"pairs.toml", "against = [\"bass\"]\n", "", "pairs.toml:3:1", "against: pair needs it"},
        {"pairs.toml", "[[pair.move]]\ndoes = \"Duck the bass.\"\n", "", "pairs.toml:3:1",
         "move: pair needs at least 1"},
        {"pairs.toml", ", { on = [\"kick\", \"snare\"] }", "", "pairs.toml:14:9",
         "place: priority needs at least 2"},
        {"pairs.toml", ", { says = \"little\", source = \"another\" }", "", "pairs.toml:21:9",
         "at least two sides"},
    };
    for (const Wrong& wrong : table) {
        const Texts texts = texts_with(wrong.file, wrong.from, wrong.to);
        INFO(texts.at(wrong.file));
        const MixFolder folder(texts);
        const LoadedMix loaded = MixKnowledge::load({folder.path()}, known_names_here);
        CHECK(is_told(loaded.errors, wrong.where, wrong.message));
    }
}

TEST_CASE("an alias that two entries claim is told with both") {
    Texts texts = good_texts;
    texts["descriptors.toml"] +=
        "[[descriptor]]\nid = \"gloomy\"\naliases = [\"Moody\"]\n"
        "[[descriptor.interpretation]]\ndoes = \"x\"\nmeasure = \"tilt\"\nmoves = \"up\"\n"
        "figures = { gain = \"1 dB\" }\n[[descriptor.interpretation]]\ndoes = \"y\"\n"
        "measure = \"tilt\"\nmoves = \"up\"\nfigures = { gain = \"1 dB\" }\n";
    texts["phrases.toml"].replace(texts["phrases.toml"].find("no contrast"), 11, "moody");
    const MixFolder folder(texts);
    const LoadedMix loaded = MixKnowledge::load({folder.path()}, known_names_here);
    CHECK(is_told(loaded.errors, "descriptors.toml:19:1",
                  "aliases: \"Moody\" is claimed by \"dark\" and \"gloomy\""));
    CHECK(loaded.errors.size() == 1); // a phrase may be called as a descriptor is
    CHECK(loaded.knowledge.find(MixKind::descriptor, "dark"));
    CHECK_FALSE(loaded.knowledge.find(MixKind::descriptor, "gloomy"));
}

TEST_CASE("a user's entry of the same id takes the place of ours, one with a new id is added") {
    const MixFolder folder(good_texts);
    const auto theirs = folder.path() / "own";
    std::filesystem::create_directories(theirs);
    std::ofstream(theirs / "targets.toml")
        << "confidence = \"EXPERTISE\"\nsource = \"me\"\n[[genre]]\nid = \"pop\"\n"
           "figures = { loudness = \"-12 LUFS\" }\n[[genre]]\nid = \"polka\"\n"
           "figures = { loudness = \"-14 LUFS\" }\n";
    const std::string principle = "confidence = \"EXPERTISE\"\nsource = \"me\"\n[[principle]]\n"
                                  "id = \"MKR-01\"\nsays = \"Listen first.\"\n";
    std::ofstream(theirs / "pairs.toml") << principle;
    const LoadedMix loaded = MixKnowledge::load({folder.path(), theirs}, known_names_here);
    CHECK(loaded.errors.empty());
    CHECK(loaded.knowledge.find(MixKind::principle, "MKR-01")->says == "Listen first.");
    CHECK(to_text(*loaded.knowledge.find(MixKind::genre, "pop")->figure("loudness")) == "-12 LUFS");
    CHECK(loaded.knowledge.find(MixKind::genre, "polka"));
    std::ofstream(theirs / "eq.toml") << principle; // two principles of one id stay a mistake
    CHECK(is_told(MixKnowledge::load({folder.path(), theirs}, known_names_here).errors,
                  "eq.toml:3:1", "there are two of \"MKR-01\", the other is at"));
}

TEST_CASE("a user's entry that does not hold takes nobody's place") {
    const MixFolder folder(good_texts);
    const auto theirs = folder.path() / "own";
    std::filesystem::create_directories(theirs);
    const std::string head = "confidence = \"EXPERTISE\"\nsource = \"me\"\n";
    const auto loaded_with = [&](const std::string& file, const std::string& text) {
        std::ofstream(theirs / file) << head << text;
        LoadedMix loaded = MixKnowledge::load({folder.path(), theirs}, known_names_here);
        std::filesystem::remove(theirs / file);
        return loaded;
    };
    const std::string ours = (folder.path() / "descriptors.toml").string() + ":3:1";
    const std::string two = "[[descriptor.interpretation]]\ndoes = \"x\"\nmeasure = \"tilt\"\n"
                            "moves = \"up\"\nfigures = { gain = \"1 dB\" }\n"
                            "[[descriptor.interpretation]]\ndoes = \"y\"\nmeasure = \"tillt\"\n"
                            "moves = \"up\"\nfigures = { gain = \"1 dB\" }\n";
    LoadedMix loaded = loaded_with("descriptors.toml", "[[descriptor]]\nid = \"dark\"\n" + two);
    CHECK(is_told(loaded.errors, "own/descriptors.toml:10:1",
                  "did you mean \"tilt\"?; the entry at " + ours + " is used"));
    CHECK(loaded.errors.size() == 1);
    CHECK(loaded.knowledge.find(MixKind::descriptor, "dark")->steps[0].does == "Less top.");
    // Ours is tested in the unit that ours has: the later measure is at fault, not the phrase.
    loaded = loaded_with("measures.toml", "[[measure]]\nid = \"contrast\"\nsays = \"x\"\n"
                                          "unit = \"dB\"\nmeasured_by = \"not yet\"\n");
    CHECK(is_told(loaded.errors, "own/measures.toml:3:1", "unit: \"flat\" tests it in LU"));
    CHECK(loaded.errors.size() == 1);
    CHECK(loaded.knowledge.find(MixKind::phrase, "flat"));
    CHECK(loaded.knowledge.find(MixKind::measure, "contrast")->unit == ControlUnit::loudness_units);
    // A name that is ours stays ours, though theirs stands in the place of an earlier entry.
    loaded = loaded_with("measures.toml", "[[measure]]\nid = \"tilt\"\naliases = [\"contrast\"]\n"
                                          "says = \"x\"\nunit = \"dB/oct\"\n"
                                          "measured_by = \"not yet\"\n");
    CHECK(
        is_told(loaded.errors, "own/measures.toml:3:1", "is claimed by \"contrast\" and \"tilt\""));
    CHECK(loaded.errors.size() == 1);
    CHECK(loaded.knowledge.find(MixKind::measure, "tilt")->measured_by == MeasuredBy::analysis);
}

TEST_CASE("a folder of knowledge is read by the names of what it holds") {
    const MixFolder folder(
        {{"prefade.toml", "host = \"demo\"\n"}, {"targets.toml", good_texts.at("targets.toml")}});
    std::filesystem::create_directories(folder.path() / "plugins");
    std::filesystem::create_directories(folder.path() / "rules");
    std::ofstream(folder.path() / "rules" / "bad.toml") << "id = \"bad\"\n";
    const CheckReport report = check({folder.path()});
    CHECK(report.files == 2); // prefade.toml is not knowledge
    CHECK(report.entries == 1);
    CHECK(is_told(report.errors, "bad.toml:1:1", "says: a rule needs it"));
}

TEST_CASE("a file that also stands beside what is checked is checked") {
    const MixFolder folder(good_texts);
    std::ofstream(folder.path() / "targets.toml") << "[[genre]]\nid = \"pop\"\n";
    for (const auto& path :
         {folder.path() / "targets.toml", folder.path() / "." / "targets.toml"}) {
        const CheckReport report = check({path}, {folder.path()});
        CHECK(report.files == 1);
        CHECK(is_told(report.errors, "targets.toml:1:1", "source: an entry needs one"));
    }
}

TEST_CASE("no change to a file of mixing knowledge does more than make errors") {
    std::mt19937 random(20261129);
    for (int i = 0; i < 1500; ++i) {
        const std::string text = test::garbled(good_texts.at("phrases.toml"), random);
        const LoadedMix loaded = MixKnowledge::parse(text, "phrases.toml", known_names_here);
        CHECK(loaded.knowledge.entries().empty()); // alone, a file of phrases knows no measure
    }
}
