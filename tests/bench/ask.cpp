// How questions are answered: those of tests/knowledge/questions, and those kept aside in held/, by kind; and how long it takes.
#include "daemon/answers.h"
#include "knowledge/search.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"
#include "tests/support/questions.h"

#include <cstdio>
#include <cstdlib>

using namespace prefade;
using namespace prefade::bench;

namespace {

const std::filesystem::path data = PREFADE_TESTS_DIR "/..";

std::shared_ptr<const Library> load() {
    auto loaded = load_library(shipped_knowledge(data));
    REQUIRE(loaded);
    return std::shared_ptr<const Library>(std::move(loaded->library));
}

void score(const char* what, const std::filesystem::path& folder, Answerer& answerer,
           const Library& library) {
    const auto run = test::ask_all(answerer, library, test::read_questions(folder));
    const double part =
        100.0 * static_cast<double>(run.all.right) / static_cast<double>(run.all.asked);
    std::printf("%s: %s\n", what, test::score_text(run).c_str());
    if (std::getenv("PREFADE_SHOW_FAULTS"))
        for (const std::string& fault : run.faults) std::printf("  %s\n", fault.c_str());
    report(std::string(what) + ", right", text(part, 1) + " % of " + std::to_string(run.all.asked),
           "90 %");
    report(std::string(what) + ", invented, forbidden, moved or known wrongly, too long",
           std::to_string(test::grave_faults(run)), "0");
    Samples samples;
    for (const double ms : run.milliseconds) samples.add(ms);
    report(std::string(what) + ", time of an answer", samples.summary("ms", 2), "p95 20 ms");
    CHECK(10 * run.all.right >= 9 * run.all.asked);
    CHECK(test::weak_kinds(run) == std::vector<std::string>{});
    CHECK(test::grave_faults(run) == 0);
}

} // namespace

TEST_CASE("questions and answers") {
    const auto library = load();
    const auto opened =
        timed(5, [&] { REQUIRE(KnowledgeSearch::open(library->plugins, library->mix)); });
    report("search made over plugins and mixing knowledge", opened.summary("ms", 1), "100 ms");
    const auto loading = timed(5, [] { keep(load()); });
    report("knowledge read from its files", loading.summary("ms", 1), "");
    auto search = KnowledgeSearch::open(library->plugins, library->mix);
    REQUIRE(search);
    const auto found = timed(500, [&] {
        keep((*search)->find("how much compression on the lead vocal of a slow ballad"));
    });
    report("search, a page of results", found.summary("ms", 2), "2 ms");
    auto answerer = Answerer::open(library);
    REQUIRE(answerer);
    const std::filesystem::path questions = PREFADE_TESTS_DIR "/knowledge/questions";
    score("questions", questions, **answerer, *library);
    score("questions kept aside", questions / "held", **answerer, *library);
}
