#include "daemon/answers.h"

#include "core/places.h"
#include "core/text.h"
#include "daemon/addressing.h"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace prefade {
namespace fs = std::filesystem;

std::vector<fs::path> shipped_knowledge(const fs::path& data) {
    std::vector<fs::path> paths{data / "knowledge/rules", data / "knowledge/roles.toml",
                                data / "knowledge/words.toml", data / "knowledge/plugins"};
    for (const std::string_view name : MixKnowledge::file_names())
        paths.push_back(data / "knowledge" / name);
    return paths;
}

std::vector<fs::path> knowledge_paths(const Config& config, const fs::path& data) {
    std::vector<fs::path> paths = shipped_knowledge(data);
    std::error_code failed;
    for (const std::string_view name : MixKnowledge::file_names())
        if (const fs::path own = config_folder() / name; fs::exists(own, failed))
            paths.push_back(own);
    for (const fs::path& own : {config.rules, config.plugins})
        if (fs::is_directory(own, failed)) paths.push_back(own);
    return paths;
}

namespace {

Json to_json(const GivenMove& move) {
    return {{"strip", '#' + std::to_string(move.path.strip.value)},
            {"name", move.name},
            {"control", move.control},
            {"value", move.value},
            {"before", move.before.empty() ? Json() : Json(move.before)}};
}

} // namespace

Json to_json(const GivenAnswer& answer) {
    Json settings = Json::array(), moves = Json::array();
    for (const GivenSetting& one : answer.settings) {
        Json setting = {{"control", one.control},
                        {"value", one.value           ? Json(*one.value)
                                  : one.words.empty() ? Json()
                                                      : Json(one.words)},
                        {"unit", one.unit.empty() ? Json() : Json(one.unit)},
                        {"range", one.range ? Json{one.range->first, one.range->second} : Json()}};
        if (!one.plugin.empty() && one.plugin != answer.plugin) setting["plugin"] = one.plugin;
        settings.push_back(std::move(setting));
    }
    for (const GivenMove& one : answer.moves) moves.push_back(to_json(one));
    Json ways = Json::array();
    for (const GivenWay& one : answer.ways) {
        Json of_way = Json::array();
        for (const GivenMove& move : one.moves) of_way.push_back(to_json(move));
        ways.push_back({{"does", one.does},
                        {"says", one.says.empty() ? Json() : Json(one.says)},
                        {"moves", std::move(of_way)},
                        {"but", one.but.empty() ? Json() : Json(one.but)},
                        {"by_hand", one.by_hand}});
    }
    return {{"answer", answer.text},
            {"kind", name_in(answer_kind_names, answer.kind)},
            {"known", answer.known},
            {"plugin", answer.plugin.empty() ? Json() : Json(answer.plugin)},
            {"settings", std::move(settings)},
            {"sources", answer.sources},
            {"moves", std::move(moves)},
            {"ways", std::move(ways)},
            {"asks", answer.asks.empty() ? Json() : Json(answer.asks)}};
}

Result<std::unique_ptr<Answerer>> open_answerer(const std::vector<fs::path>& paths,
                                                const std::function<void(const Error&)>& told) {
    auto loaded = load_library(paths);
    if (!loaded) return loaded.error();
    for (const Error& error : loaded->errors) told(error);
    return Answerer::open(std::move(loaded->library));
}

namespace {

Result<Move> order_of(const GivenMove& given, const AskKnowledge& question) {
    Move move;
    move.path = given.path;
    if (given.exactly) {
        move.target = *given.exactly;
    } else {
        const auto target = parse_value(*question.session, given.path, given.value);
        if (!target) return target.error();
        move.target = *target;
    }
    move.why = "asked: " + question.text;
    move.epoch = question.session->epoch;
    return move;
}

} // namespace

struct AnswerWorker::Impl {
    void run(const std::stop_token& stop) noexcept;
    QuestionAnswered answered(const AskKnowledge& question, Result<Answering>& answering);

    std::function<Result<Answering>()> open;
    std::function<void(QuestionAnswered)> reply;
    std::mutex mutex;
    std::condition_variable_any wake;
    std::deque<AskKnowledge> waiting; ///< under `mutex`
    struct Surroundings {
        Door door{Door::local};
        std::string host, session;
        TimePoint since{}; ///< of the connection
        friend bool operator==(const Surroundings&, const Surroundings&) = default;
    };
    std::optional<Surroundings> surroundings; ///< worker thread: of the last question
    std::optional<TimePoint> last;            ///< worker thread: when it was last asked
    std::jthread thread;                      ///< last: ends before what it uses
};

namespace {

/// A mistake in the answerer costs an answer, not the daemon.
template <class Work> std::optional<Error> attempt(const char* what, Work work) {
    try {
        work();
        return std::nullopt;
    } catch (const std::exception& failure) {
        const std::string message = std::string(what) + " failed: " + printable(failure.what());
        std::fprintf(stderr, "%s\n", message.c_str());
        return Error{ErrorCode::internal, message, {}};
    }
}

} // namespace

void AnswerWorker::Impl::run(const std::stop_token& stop) noexcept {
    Result<Answering> answering = Error{ErrorCode::internal, "not loaded", {}};
    if (const auto error = attempt("loading the knowledge", [&] { answering = open(); }))
        answering = *error;
    while (!stop.stop_requested()) {
        std::unique_lock lock(mutex);
        if (!wake.wait(lock, stop, [this] { return !waiting.empty(); })) return;
        const AskKnowledge question = std::move(waiting.front());
        waiting.pop_front();
        lock.unlock();
        QuestionAnswered answer{{question.caller, question.request, nullptr, {}}, question.door};
        const auto error = attempt("the answer", [&] { answer = answered(question, answering); });
        if (error) {
            answer.answer.error = *error;
            if (answering) answering->forget(); // what led to it is not leant on
        }
        reply(std::move(answer));
    }
}

QuestionAnswered AnswerWorker::Impl::answered(const AskKnowledge& question,
                                              Result<Answering>& answering) {
    QuestionAnswered answered{{question.caller, question.request, nullptr, {}}, question.door};
    if (!answering) {
        answered.answer.error = answering.error();
        return answered;
    }
    const bool is_connected =
        question.session && question.session->host.state == HostState::connected;
    // Nobody leans on what another asked, nor on strips of a session that is gone.
    Surroundings here{question.door, {}, {}, {}};
    if (is_connected) {
        const Host& host = question.session->host;
        here = {question.door, host.name, host.session_name, host.since};
    }
    const bool is_late = last && question.now - *last > memory;
    if (is_late || (surroundings && *surroundings != here)) answering->forget();
    last = question.now;
    surroundings = here;
    const SessionFacts facts{is_connected ? question.session.get() : nullptr, question.brief,
                             question.now, question.fader_top};
    const GivenAnswer given = answering->ask(question.text, facts);
    answered.answer.result = std::make_shared<const Json>(to_json(given));
    if (given.look) answered.look = {given.look->strip, given.look->insert};
    for (const GivenMove& one : given.moves) answered.orders.push_back(order_of(one, question));
    return answered;
}

AnswerWorker::AnswerWorker(std::function<Result<Answering>()> open,
                           std::function<void(QuestionAnswered)> reply)
    : impl_(std::make_unique<Impl>()) {
    impl_->open = std::move(open);
    impl_->reply = std::move(reply);
    impl_->thread =
        std::jthread([own = impl_.get()](const std::stop_token& stop) { own->run(stop); });
}

AnswerWorker::AnswerWorker(const std::vector<fs::path>& paths,
                           std::function<void(QuestionAnswered)> reply)
    : AnswerWorker(
        [paths]() -> Result<Answering> {
            auto opened = open_answerer(paths, [](const Error& error) {
                std::fprintf(stderr, "knowledge left out: %s: %s\n", printable(error.where).c_str(),
                             printable(error.message).c_str());
            });
            if (!opened) return opened.error();
            const std::shared_ptr<Answerer> answerer = std::move(*opened);
            return Answering{[answerer](std::string_view question, const SessionFacts& facts) {
                                 return answerer->ask(question, facts);
                             },
                             [answerer] { answerer->forget(); }};
        },
        std::move(reply)) {}

AnswerWorker::~AnswerWorker() = default;

void AnswerWorker::ask(AskKnowledge question) {
    std::unique_lock lock(impl_->mutex);
    if (impl_->waiting.size() < most_waiting) {
        impl_->waiting.push_back(std::move(question));
        lock.unlock();
        impl_->wake.notify_one();
        return;
    }
    lock.unlock();
    impl_->reply({{question.caller,
                   question.request,
                   nullptr,
                   {ErrorCode::unavailable,
                    std::to_string(most_waiting) + " questions wait already; ask again",
                    {}}}});
}

} // namespace prefade
