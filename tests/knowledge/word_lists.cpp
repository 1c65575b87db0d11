// words.toml: each list is of something that questions are understood by; a mistake says where.
#include "knowledge/check.h"
#include "knowledge/lexicon.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <filesystem>
#include <fstream>

using namespace prefade;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

/// A file of words behind two lines, in a folder that goes away with it.
class WordsFile {
public:
    explicit WordsFile(const std::string& text) {
        std::ofstream out(path());
        out << "# words\n\n" << text;
    }
    std::filesystem::path path() const { return folder_.path() / "words.toml"; }

private:
    test::OwnFolder folder_;
};

Result<WordLists> words_of(const std::string& text) {
    const WordsFile file(text);
    return load_word_lists(file.path(), {"kick", "lead vocal"});
}

std::string list_of(const char* what, const char* id) {
    return std::string("[[") + what + "]]\nid = \"" + id + "\"\nwords = [\"so\"]\n";
}

} // namespace

TEST_CASE("a list of words is of something that questions are understood by") {
    struct Wrong {
        const char *what, *id, *says;
    };
    for (const Wrong& wrong :
         {Wrong{"note", "nan", "no length"}, Wrong{"note", "1e999", "no length"},
          Wrong{"note", "inf", "no length"}, Wrong{"note", "0", "no length"},
          Wrong{"note", "-1", "no length"}, Wrong{"note", "0.5 beats", "no length"},
          Wrong{"note", "1.2.3", "no length"}, Wrong{"dose", "medium", "gentle, strong"},
          Wrong{"cue", "compares", "did you mean compare?"}, Wrong{"verb", "mutes", "mute"},
          Wrong{"kind", "compresor", "did you mean compressor?"},
          Wrong{"host", "pro tools", "did you mean protools?"},
          Wrong{"wording", "negations", "did you mean negation?"},
          Wrong{"role", "tuba", "is no role of roles.toml"}}) {
        const auto words = words_of(list_of(wrong.what, wrong.id));
        INFO(wrong.what << ' ' << wrong.id);
        REQUIRE_FALSE(words);
        CHECK_THAT(words.error().message, Contains(wrong.says));
        CHECK_THAT(words.error().where, EndsWith("words.toml:4:6"));
    }
    for (const auto& [what, id] :
         std::vector<std::pair<const char*, const char*>>{{"note", "0.0625"},
                                                          {"note", "dotted"},
                                                          {"dose", "gentle"},
                                                          {"host", "live"},
                                                          {"kind", "de-esser"},
                                                          {"role", "kick"},
                                                          {"style", "anything"},
                                                          {"elsewhere", "Any DAW"}})
        CHECK(words_of(list_of(what, id)));
}

TEST_CASE("one thing has one list of words") {
    const auto words = words_of(list_of("dose", "gentle") + list_of("dose", "gentle"));
    REQUIRE_FALSE(words);
    CHECK_THAT(words.error().message, Contains("there already"));
    CHECK_THAT(words.error().where, EndsWith("words.toml:7:6"));
    CHECK(words_of(list_of("dose", "gentle") + list_of("style", "gentle")));
}

TEST_CASE("prefade check tells what is wrong in words.toml") {
    const WordsFile file(list_of("host", "protols"));
    const CheckReport report = check(std::vector<std::filesystem::path>{file.path()}, {});
    REQUIRE(report.errors.size() == 1);
    CHECK_THAT(report.errors.front().message, Contains("protools"));
    CHECK_THAT(report.errors.front().where, EndsWith("words.toml:4:6"));
}
