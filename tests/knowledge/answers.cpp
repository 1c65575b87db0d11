// The offline answerer, asked what people ask.
#include "knowledge/answer.h"
#include "tests/knowledge/shipped.h"
#include "tests/support/catch.h"
#include "tests/support/questions.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace prefade;

namespace {

const std::filesystem::path questions_folder = PREFADE_TESTS_DIR "/knowledge/questions";

Answerer& shipped_answerer() {
    static const auto answerer = [] {
        // not owned: the library lives as long as the binary
        const std::shared_ptr<const Library> library(&test::shipped_library(),
                                                     [](const Library*) {});
        auto opened = Answerer::open(library);
        REQUIRE(opened);
        return std::move(*opened);
    }();
    answerer->forget();
    return *answerer;
}

/// At least nine of ten are right, nothing is invented, nothing forbidden is said.
void look_at(const test::QuestionRun& run, const char* name) {
    std::printf("%s: %s; %zu invented controls, %zu forbidden facts\n", name,
                test::score_text(run).c_str(), run.invented, run.forbidden);
    if (std::getenv("PREFADE_SHOW_FAULTS"))
        for (const std::string& fault : run.faults) std::printf("  %s\n", fault.c_str());
    CHECK(10 * run.all.right >= 9 * run.all.asked);
    CHECK(run.invented == 0);
    CHECK(run.forbidden == 0);
}

} // namespace

TEST_CASE("nine of ten questions are answered right, with nothing invented") {
    const auto questions = test::read_questions(questions_folder);
    CHECK(questions.size() >= 150);
    look_at(test::ask_all(shipped_answerer(), test::shipped_library(), questions), "questions");
}
