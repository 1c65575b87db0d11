// The offline answerer, asked what people ask.
#include "knowledge/answer.h"
#include "tests/knowledge/shipped.h"
#include "tests/support/catch.h"
#include "tests/support/questions.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace prefade;

using test::shipped_answerer;

namespace {

const std::filesystem::path questions_folder = PREFADE_TESTS_DIR "/knowledge/questions";

void look_at(const test::QuestionRun& run, const char* name) {
    std::printf("%s: %s\n", name, test::score_text(run).c_str());
    if (std::getenv("PREFADE_SHOW_FAULTS"))
        for (const std::string& fault : run.faults) std::printf("  %s\n", fault.c_str());
    CHECK(10 * run.all.right >= 9 * run.all.asked);
    CHECK(test::weak_kinds(run) == std::vector<std::string>{});
    CHECK(run.invented == 0);
    CHECK(run.forbidden == 0);
    CHECK(run.moved_wrongly == 0);
    CHECK(run.known_wrongly == 0);
    CHECK(run.too_long == 0);
}

} // namespace

TEST_CASE("nine of ten questions of each kind are answered right; no move is wrong, nothing is "
          "invented or too long to be listened to") {
    for (const char* folder : {"", "held"}) {
        const auto questions = test::read_questions(questions_folder / folder);
        CHECK(questions.size() >= 100);
        look_at(test::ask_all(shipped_answerer(), test::shipped_library(), questions),
                *folder ? "questions kept aside" : "questions");
    }
}

TEST_CASE("a meter of this session confirms or refutes what a phrase may mean") {
    const TimePoint now = Clock::now();
    Session session = test::asked_session(now);
    const SessionFacts facts{&session, {}, now};
    CHECK(shipped_answerer().ask("the drums sound weak").text.find("here it is")
          == std::string::npos);
    const std::string text = shipped_answerer().ask("the drums sound weak", facts).text;
    CHECK(text.find("it is 1 dB: refuted") != std::string::npos); // the kick -8, the vocal -9
}

TEST_CASE("who hides a strip is told as it is heard") {
    const TimePoint now = Clock::now();
    Session session = test::asked_session(now);
    Strip& vocal = session.strips.front();
    const auto asked = [&] {
        return shipped_answerer().ask("is the lead vox masked?", {&session, {}, now}).text;
    };
    CHECK(asked().find("levels and not the sound") != std::string::npos);
    vocal.spectrum.emplace();
    CHECK(asked().find("Nothing that is heard hides \"Lead Vox\"") != std::string::npos);
    Masking masking{};
    masking.masker = session.strips[4].id;
    masking.target = vocal.id;
    masking.share = 0.62;
    masking.centre = Hertz{2400.0};
    masking.at = now;
    session.masking.push_back(masking);
    CHECK(asked().find("\"Gtr L\" hides \"Lead Vox\" for 62 % of the time both play, most around "
                       "2.4 kHz")
          != std::string::npos);
}

TEST_CASE("whatever is asked, an answer comes, and nothing is moved or invented") {
    const Session session = test::asked_session(Clock::now());
    const SessionFacts facts{&session, {}, Clock::now()};
    for (const std::string& text :
         {std::string(), std::string("???"), std::string(100'000, 'x'),
          std::string("\xFF\xC0\x80 la2a"), std::string("\0\n\t", 3),
          std::string("-------- +++ 1e999 dB nan inf"), std::string("\"; DROP TABLE knowledge; --"),
          std::string("at at at 0 bpm quarter note"), std::string("quarter at 0 bpm"),
          std::string("1/0 1/4/4 4:1:1 :1")}) {
        const GivenAnswer answer = shipped_answerer().ask(text, facts);
        CHECK_FALSE(answer.text.empty());
        CHECK(answer.moves.empty());
    }
}
