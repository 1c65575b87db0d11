// Questions are answered on a thread of their own: loading the knowledge takes a tenth of a second and a
// question some milliseconds, neither of which the desk may wait for. The desk hands over a copy of what it knows.
#pragma once

#include "daemon/config.h"
#include "daemon/event.h"
#include "knowledge/answer.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace prefade {

/// Files and folders of the knowledge below `data`.
std::vector<std::filesystem::path> shipped_knowledge(const std::filesystem::path& data);
/// The same, then the user's own where there are some.
std::vector<std::filesystem::path> knowledge_paths(const Config& config,
                                                   const std::filesystem::path& data);

/// {"answer","kind","known","plugin","settings","sources","moves","asks"}; what there is none of is null or empty.
Json to_json(const GivenAnswer& answer);

/// Loads the knowledge and makes an answerer of it; what is wrong with single files is left out and told to
/// `told`. Errors: no roles or words, SQLite without FTS5.
Result<std::unique_ptr<Answerer>> open_answerer(const std::vector<std::filesystem::path>& paths,
                                                const std::function<void(const Error&)>& told);

/// What answers, as the worker needs it; called on its thread. Either may throw: that costs the one answer.
struct Answering {
    std::function<GivenAnswer(std::string_view, const SessionFacts&)> ask;
    std::function<void()> forget;
};

class AnswerWorker {
public:
    static constexpr std::size_t most_waiting = 32;
    /// A question leans on the one before, of the same door and the same session, for so long.
    static constexpr Duration memory = std::chrono::minutes(10);

    /// Starts the thread, which loads the knowledge at once. `reply` is called on it, or, for a question that is
    /// refused, on the thread that asked; it must neither block, throw nor ask.
    AnswerWorker(const std::vector<std::filesystem::path>& paths,
                 std::function<void(QuestionAnswered)> reply);
    /// The same with another answerer. What `open` throws is the answer to every question.
    AnswerWorker(std::function<Result<Answering>()> open,
                 std::function<void(QuestionAnswered)> reply);
    ~AnswerWorker(); ///< questions that wait are not answered any more

    /// any thread; never waits. Answered by `reply`, once: with an error where too many wait, the knowledge could
    /// not be loaded, or answering failed.
    void ask(AskKnowledge question);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade
