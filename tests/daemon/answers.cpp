// Questions on their thread, and the answers as JSON.
#include "daemon/answers.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>
#include <stdexcept>

using namespace prefade;
using Catch::Matchers::Contains;

namespace {

const std::filesystem::path data = PREFADE_TESTS_DIR "/..";

/// What the worker said, in order; waits for it.
class Replies {
public:
    void add(QuestionAnswered answered) {
        const std::lock_guard lock(mutex_);
        answers_.push_back(std::move(answered));
        wake_.notify_all();
    }
    Answer next() { return next_answered().answer; }
    QuestionAnswered next_answered() {
        std::unique_lock lock(mutex_);
        REQUIRE(
            wake_.wait_for(lock, std::chrono::seconds(60), [this] { return !answers_.empty(); }));
        QuestionAnswered answered = std::move(answers_.front());
        answers_.pop_front();
        return answered;
    }

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<QuestionAnswered> answers_;
};

AskKnowledge question(std::uint64_t request, std::string text, TimePoint now = Clock::now()) {
    return {{7}, request, Door::local, std::move(text), nullptr, {}, now};
}

} // namespace

TEST_CASE("a question comes back as an answer to its caller, with settings and sources") {
    Replies replies;
    AnswerWorker worker(shipped_knowledge(data),
                        [&](QuestionAnswered answered) { replies.add(std::move(answered)); });
    worker.ask(question(1, "what attack on a CL 1B for a ballad"));
    const Answer answer = replies.next();
    CHECK(answer.request == 1);
    CHECK(answer.caller.connection == 7);
    REQUIRE(answer.result);
    const Json& json = *answer.result;
    CHECK(json["kind"] == "setting");
    CHECK(json["known"] == true);
    CHECK(json["plugin"] == "tube-tech-cl-1b");
    CHECK(json["asks"].is_null());
    CHECK(json["moves"].empty());
    CHECK_FALSE(json["sources"].empty());
    CHECK_THAT(json["answer"].get<std::string>(), Contains("15 to 30 ms"));
    const auto attack = std::find_if(json["settings"].begin(), json["settings"].end(),
                                     [](const Json& one) { return one["control"] == "Attack"; });
    REQUIRE(attack != json["settings"].end());
    CHECK((*attack)["unit"] == "ms");
    CHECK((*attack)["range"] == Json{15.0, 30.0});
    CHECK((*attack)["value"].is_null());
}

TEST_CASE("a question leans on the one before for ten minutes and no longer") {
    Replies replies;
    AnswerWorker worker(shipped_knowledge(data),
                        [&](QuestionAnswered answered) { replies.add(std::move(answered)); });
    const TimePoint now = Clock::now();
    worker.ask(question(1, "cl1b for a ballad vocal", now));
    worker.ask(question(2, "and for bass?", now + std::chrono::minutes(1)));
    worker.ask(question(3, "and for the drums?", now + std::chrono::minutes(20)));
    replies.next();
    CHECK((*replies.next().result)["plugin"] == "tube-tech-cl-1b");
    CHECK((*replies.next().result)["plugin"].is_null());
}

TEST_CASE("nobody leans on what was asked at another door, or of another session") {
    Replies replies;
    AnswerWorker worker(shipped_knowledge(data),
                        [&](QuestionAnswered answered) { replies.add(std::move(answered)); });
    worker.ask(question(1, "cl1b for a ballad vocal"));
    AskKnowledge other = question(2, "and for bass?");
    SECTION("door") { other.door = Door::mcp; }
    SECTION("session") {
        auto session = std::make_shared<Session>();
        session->host.state = HostState::connected;
        session->host.session_name = "another";
        other.session = session;
    }
    worker.ask(other);
    replies.next();
    CHECK((*replies.next().result)["plugin"].is_null());
}

TEST_CASE("an order is a proposed move by the strip's id, and of a DAW that is gone none") {
    Replies replies;
    AnswerWorker worker(shipped_knowledge(data),
                        [&](QuestionAnswered answered) { replies.add(std::move(answered)); });
    auto session = std::make_shared<Session>();
    session->host.state = HostState::connected;
    session->strips.resize(1);
    session->strips[0].id = StripId{12};
    session->strips[0].name = "Bass";
    session->strips[0].fader.learn(Decibel{-6.0}, Clock::now());
    AskKnowledge order = question(1, "turn the bass down two dB");
    order.session = session;
    worker.ask(order);
    const QuestionAnswered answered = replies.next_answered();
    CHECK((*answered.answer.result)["moves"]
          == Json::array({{{"strip", "#12"},
                           {"name", "Bass"},
                           {"control", "fader"},
                           {"value", "-8dB"},
                           {"before", "-6 dB"}}}));
    REQUIRE(answered.orders.size() == 1);
    REQUIRE(answered.orders[0]);
    CHECK(answered.orders[0]->path == ControlPath{StripId{12}, Control::fader, {}, 0});
    CHECK(answered.orders[0]->target == ControlValue{Decibel{-8.0}});
    CHECK(answered.orders[0]->why == "asked: turn the bass down two dB");
    CHECK(answered.orders[0]->epoch == session->epoch);
    auto lost = std::make_shared<Session>(*session);
    lost->host.state = HostState::lost;
    order.session = lost;
    worker.ask(order);
    const QuestionAnswered without = replies.next_answered();
    CHECK((*without.answer.result)["moves"].empty());
    CHECK(without.orders.empty());
    CHECK_FALSE(without.look);
}

TEST_CASE("knowledge that cannot be loaded is told to whoever asks") {
    Replies replies;
    AnswerWorker worker({data / "no-such-folder"},
                        [&](QuestionAnswered answered) { replies.add(std::move(answered)); });
    worker.ask(question(1, "anything"));
    const Answer answer = replies.next();
    CHECK_FALSE(answer.result);
    CHECK_THAT(answer.error.message, Contains("roles"));
}

TEST_CASE("an answerer that fails costs the answer, and the next question is answered") {
    Replies replies;
    std::size_t asked = 0, forgotten = 0;
    {
        AnswerWorker worker(
            [&]() -> Result<Answering> {
                return Answering{[&](std::string_view, const SessionFacts&) -> GivenAnswer {
                                     if (++asked == 1) throw std::out_of_range("no such word");
                                     GivenAnswer answer;
                                     answer.text = "here";
                                     return answer;
                                 },
                                 [&] { ++forgotten; }};
            },
            [&](QuestionAnswered answered) { replies.add(std::move(answered)); });
        worker.ask(question(1, "anything"));
        worker.ask(question(2, "anything"));
        const Answer failed = replies.next();
        CHECK_FALSE(failed.result);
        CHECK(failed.error.code == ErrorCode::internal);
        CHECK_THAT(failed.error.message, Contains("no such word"));
        const Answer answered = replies.next();
        REQUIRE(answered.result);
        CHECK((*answered.result)["answer"] == "here");
    }
    CHECK(forgotten == 1);
}

TEST_CASE("knowledge whose loading fails answers every question with the reason") {
    Replies replies;
    AnswerWorker worker([]() -> Result<Answering> { throw std::length_error("too many words"); },
                        [&](QuestionAnswered answered) { replies.add(std::move(answered)); });
    for (std::uint64_t i = 0; i < 2; ++i) {
        worker.ask(question(i, "anything"));
        CHECK_THAT(replies.next().error.message, Contains("too many words"));
    }
}

TEST_CASE("a worker that is taken down while questions wait ends without answering them all") {
    Replies replies;
    {
        AnswerWorker worker(shipped_knowledge(data),
                            [&](QuestionAnswered answered) { replies.add(std::move(answered)); });
        for (std::uint64_t i = 0; i < 2 * AnswerWorker::most_waiting; ++i)
            worker.ask(question(i, "what is LRA"));
    }
    bool refused = false; // those that found no place were told at once
    for (std::size_t i = 0; i < AnswerWorker::most_waiting && !refused; ++i) {
        const Answer answer = replies.next();
        refused = !answer.result && answer.error.code == ErrorCode::unavailable;
    }
    CHECK(refused);
}
