#include "daemon/app.h"

#include "connectors/transcript.h"
#include "core/places.h"
#include "core/text.h"
#include "daemon/answers.h"
#include "daemon/config.h"
#include "daemon/desk.h"
#include "daemon/doors/socket.h"
#include "daemon/journal.h"
#include "daemon/loop.h"

#include <cstdio>

namespace prefade {
namespace fs = std::filesystem;
namespace {

/// The file that was named, which must be good; else the user's own where there is one.
Result<Config> read_config(const AppOptions& options) {
    return options.config ? load_config(*options.config) : own_config();
}

Result<Policy> read_policy(const Config& config, const fs::path& data) {
    std::error_code failed;
    return load_policy(fs::exists(config.policy, failed) ? config.policy
                                                         : data / "config/policy.toml");
}

/// Shipped plugin entries and the user's, which rules speak of.
std::shared_ptr<const PluginCatalog> read_plugins(const Config& config, const fs::path& data) {
    std::vector<fs::path> folders{data / "knowledge/plugins"};
    std::error_code failed;
    if (fs::is_directory(config.plugins, failed)) folders.push_back(config.plugins);
    LoadedPlugins loaded = PluginCatalog::load(folders);
    for (const Error& error : loaded.errors)
        std::fprintf(stderr, "plugin entry left out: %s: %s\n", printable(error.where).c_str(),
                     printable(error.message).c_str());
    return std::make_shared<const PluginCatalog>(std::move(loaded.catalog));
}

/// Shipped rules, then the user's. A broken file is told and left out; the others hold.
RuleBook read_rules(const Config& config, const fs::path& data) {
    std::vector<fs::path> folders{data / "knowledge/rules"};
    std::error_code failed;
    if (fs::is_directory(config.rules, failed)) folders.push_back(config.rules);
    LoadedRules loaded = RuleBook::load(folders);
    for (const Error& error : loaded.errors)
        std::fprintf(stderr, "rule left out: %s: %s\n", printable(error.where).c_str(),
                     printable(error.message).c_str());
    loaded.book.know(read_plugins(config, data));
    return std::move(loaded.book);
}

} // namespace

Result<void> run_app(const AppOptions& options, const std::atomic<bool>& stop) {
    // 1. What is written down: settings, limits, rules, roles.
    const auto data = data_folder();
    if (!data) return data.error();
    const auto config = read_config(options);
    if (!config) return config.error();
    const auto policy = read_policy(*config, *data);
    if (!policy) return policy.error();
    auto roles = RoleBook::load(*data / "knowledge/roles.toml");
    if (!roles) return roles.error();
    Loop::Setup setup{options.host.empty() ? config->host : options.host,
                      *data / "config/hosts",
                      std::nullopt,
                      {cache_folder(), config_folder() / "laws", options.play},
                      nullptr};
    if (options.record) {
        auto writer = TranscriptWriter::create(*options.record);
        if (!writer) return writer.error();
        setup.record = std::move(*writer);
    }

    // 2. The doors first: a second daemon ends here, before it touches the journal.
    DeskInbox inbox;
    const auto push = [&inbox](Event event) {
        return inbox.push({Clock::now(), std::move(event)});
    };
    const fs::path socket = options.socket ? *options.socket : config->socket;
    auto door = SocketDoor::open(socket, push);
    if (!door) return door.error();

    // 3. The journal. A report that finds the inbox full is lost: the move is refused after its second.
    auto journal = Journal::open(
        config->journal, [&push](JournalReport report) { push(event_of(std::move(report))); });
    if (!journal) return journal.error();

    // 4. The desk, and the loop that runs it.
    Priorities priorities = Priorities::load(*data / "knowledge", *roles);
    Desk desk({*policy, read_rules(*config, *data), std::move(*roles), config->brief,
               (*journal)->found(), (*journal)->last_id(), PREFADE_VERSION,
               std::chrono::system_clock::now(), Clock::now(), std::move(priorities)});
    std::fprintf(stderr, "prefaded %s listens at %s\n", PREFADE_VERSION, socket.string().c_str());
    AnswerWorker answers(knowledge_paths(*config, *data), [&](QuestionAnswered answered) {
        Answer answer = answered.answer;
        if (!answered.orders.empty() || answered.look) { // gate and DAW are the desk's
            if (push(std::move(answered))) return;
            answer.result = nullptr;
            answer.error = {
                ErrorCode::unavailable, "the daemon is too busy to take an order now", {}};
        }
        (*door)->answer(answer);
    });
    setup.answers = &answers;
    Result<void> ran;
    {
        Loop loop(desk, inbox, **journal, **door, std::move(setup));
        ran = loop.run(stop);
    }
    inbox.close();
    return ran;
}

} // namespace prefade
