// A user's own files beside the shipped ones, and the pages that tell how to write them.
#include "knowledge/check.h"
#include "knowledge/mix_knowledge.h"
#include "knowledge/plugin_catalog.h"
#include "tests/knowledge/texts.h"
#include "tests/knowledge/told.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <filesystem>
#include <fstream>
#include <map>

using namespace prefade;

namespace {

/// A folder of files, by their names in it.
class OwnFiles : public test::OwnFolder {
public:
    explicit OwnFiles(const std::map<std::string, std::string>& texts) {
        for (const auto& [name, text] : texts) {
            std::filesystem::create_directories((path() / name).parent_path());
            std::ofstream(path() / name) << text;
        }
    }
};

std::vector<std::filesystem::path> shipped_beside() { return {PREFADE_TESTS_DIR "/../knowledge"}; }

/// "`a`, `b`": how the page lists the words of a table.
template <class E, std::size_t N> std::string in_code(const Names<E, N>& names) {
    std::string text;
    for (const auto& [value, name] : names)
        (text += text.empty() ? "`" : ", `") += std::string(name) + '`';
    return text;
}

} // namespace

TEST_CASE("prefade check tells no mistake of a shipped file that a user's file makes") {
    const OwnFiles folder({});
    std::ofstream(folder.path() / "measures.toml")
        << "confidence = \"EXPERTISE\"\nsource = \"me\"\n[[measure]]\nid = \"phrase-spread\"\n"
           "says = \"x\"\nunit = \"dB\"\nmeasured_by = \"not yet\"\n";
    KnowledgePaths all = by_name(shipped_beside());
    all.mix.push_back(folder.path() / "measures.toml");
    const CheckReport report = check(all);
    REQUIRE(report.errors.size() == 1);
    CHECK(is_told(report.errors, "measures.toml:3:1", "tests it in LU"));
    CHECK(report.errors[0].where.rfind(folder.path().string(), 0) == 0);
}

TEST_CASE("prefade check looks at a user's own file beside the shipped ones") {
    const std::string entry = "confidence = \"EXPERTISE\"\nsource = \"me\"\n[[chain]]\nid = "
                              "\"mine\"\non = [\"lead vocal\"]\nstage = [";
    const std::string stage = "{ does = \"x\", why = \"y\", plugins = [\"reacomp\"] }";
    const OwnFiles folder({{"chains.toml", entry + stage + ", " + stage + ", " + stage + "]\n"}});
    CHECK_FALSE(check({folder.path() / "chains.toml"}).is_good()); // alone, no plugin is known
    const CheckReport report = check({folder.path() / "chains.toml"}, shipped_beside());
    for (const Error& error : report.errors) FAIL_CHECK(error.where << ": " << error.message);
    CHECK(report.files == 1);
    CHECK(report.entries == 1);
    CHECK(report.rules + report.plugins == 0);
    std::ofstream(folder.path() / "chains.toml") << entry << stage << "]\n";
    CHECK(is_told(check({folder.path() / "chains.toml"}, shipped_beside()).errors,
                  "chains.toml:6:9", "chain needs at least 3, this has 1"));
}

TEST_CASE("the example of docs/knowledge.md loads beside the shipped entries") {
    const OwnFiles folder({{"phrases.toml", test::example_of(test::page_of("knowledge.md"))}});
    const CheckReport report = check({folder.path() / "phrases.toml"}, shipped_beside());
    for (const Error& error : report.errors) FAIL_CHECK(error.where << ": " << error.message);
    CHECK(report.entries == 1);
}

TEST_CASE("docs/knowledge.md names every file, kind, figure and who measures") {
    const std::string page = test::page_of("knowledge.md");
    for (const std::string_view file : MixKnowledge::file_names()) {
        INFO(file);
        CHECK(page.find('`' + std::string(file) + '`') != std::string::npos);
    }
    for (const auto& [kind, name] : mix_kind_names) {
        INFO(name);
        CHECK(page.find('`' + std::string(name) + '`') != std::string::npos);
    }
    for (const auto& [by, name] : measured_by_names)
        CHECK(page.find('`' + std::string(name) + '`') != std::string::npos);
    std::string figures;
    for (const FigureForm& form : figure_forms())
        figures += "| `" + std::string(form.name) + "` | "
                   + (form.unit == ControlUnit::number
                          ? "none"
                          : std::string(name_in(control_unit_names, form.unit)))
                   + " | " + std::string(form.what) + " |\n";
    INFO("the table of figures should be:\n" << figures);
    CHECK(page.find(figures) != std::string::npos);
}

TEST_CASE("the example of docs/plugins.md loads beside the shipped entries") {
    const OwnFiles folder(
        {{"plugins/acme-squeezer.toml", test::example_of(test::page_of("plugins.md"))}});
    const CheckReport report =
        check({folder.path() / "plugins"},
              {std::filesystem::path(PREFADE_TESTS_DIR "/../knowledge/plugins")});
    for (const Error& error : report.errors) FAIL_CHECK(error.where << ": " << error.message);
    CHECK(report.plugins == 1);
}

TEST_CASE("the example of docs/rules.md loads, and its cases come out") {
    const OwnFiles folder(
        {{"rules/kick-too-hot.toml", test::example_of(test::page_of("rules.md"))}});
    const CheckReport report =
        check({folder.path() / "rules"},
              {std::filesystem::path(PREFADE_TESTS_DIR "/../knowledge/roles.toml")});
    for (const Error& error : report.errors) FAIL_CHECK(error.where << ": " << error.message);
    for (const auto& failure : report.failures)
        FAIL_CHECK(failure.where << ": " << failure.case_name << ": expected " << failure.expected
                                 << ", seen " << failure.seen);
    CHECK(report.rules == 1);
    CHECK(report.passed == 2);
}

TEST_CASE("docs/plugins.md names every kind, format, unit, basis and shape") {
    const std::string page = test::page_of("plugins.md");
    for (const std::string& words :
         {in_code(plugin_kind_names), in_code(plugin_format_names), in_code(control_unit_names)}) {
        INFO(words);
        CHECK(page.find(words) != std::string::npos);
    }
    for (const auto& [basis, name] : basis_names)
        CHECK(page.find('`' + std::string(name) + "` (") != std::string::npos);
    for (const auto& [shape, name] : law_shape_names)
        CHECK(page.find("| `" + std::string(name) + "` |") != std::string::npos);
}
