#include "daemon/doors/socket.h"

#include "daemon/doors/pace.h"
#include "daemon/tools.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <unordered_map>

namespace prefade {
namespace {

using Connection = LineServer::Connection;

// JSON-RPC 2.0, section 5.1; -32000 to -32099 are the server's own.
constexpr int parse_error = -32700;
constexpr int invalid_request = -32600;
constexpr int method_not_found = -32601;
constexpr std::size_t most_waiting = 256; ///< requests of one connection without an answer yet

int code_of(ErrorCode code) {
    switch (code) {
    case ErrorCode::invalid: return -32602;
    case ErrorCode::internal: return -32603;
    case ErrorCode::not_found: return -32001;
    case ErrorCode::ambiguous: return -32002;
    case ErrorCode::refused: return -32003;
    case ErrorCode::unsupported: return -32004;
    case ErrorCode::unavailable: return -32005;
    case ErrorCode::io: return -32006;
    }
    return -32603;
}

std::string error_line(const Json& id, int code, const Error& error) {
    Json data = to_json(error);
    data.erase("message");
    return to_line(
        {{"jsonrpc", "2.0"},
         {"id", id},
         {"error", {{"code", code}, {"message", error.message}, {"data", std::move(data)}}}});
}

std::string result_line(const Json& id, const Json& result) {
    return to_line({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}});
}

Error invalid(std::string message) { return {ErrorCode::invalid, std::move(message), {}}; }

std::string known_methods() {
    std::string names = "subscribe";
    for (const Tool& tool : all_tools()) names += ", " + tool.described.name;
    return names;
}

/// What is wrong with the form of a request; nothing when all is well.
std::optional<Error> fault_of(const Json& request) {
    if (request.is_array()) return invalid("batches are not supported: one request a line");
    if (!request.is_object())
        return invalid("a request is an object with jsonrpc, method, params and id");
    if (request.value("jsonrpc", Json()) != "2.0")
        return invalid(R"(a request holds "jsonrpc":"2.0")");
    if (request.contains("id") && !request["id"].is_string() && !request["id"].is_number())
        return invalid("an id is text or a number");
    if (!request.value("method", Json()).is_string())
        return invalid("method is the name of a tool");
    if (request.contains("params") && !request["params"].is_object())
        return invalid("params is an object of arguments by name");
    return std::nullopt;
}

/// The id to answer with: null when there is none that could be read.
Json id_of(const Json& request) {
    if (!request.is_object() || !request.contains("id")) return nullptr;
    const Json& id = request["id"];
    return id.is_string() || id.is_number() ? id : Json(nullptr);
}

} // namespace

struct SocketDoor::Impl {
    struct Waiting {
        Connection connection{0};
        Json id;
    };

    // ---- door thread ------------------------------------------------------------------------
    void line(Connection from, std::string_view text);
    void run(Connection from, const Json& request);
    void subscribe(Connection from, const Json& request);
    void gone(Connection connection);
    TimePoint idle(TimePoint now);
    void offer(const std::vector<Connection>& to, const Snapshot& snapshot, TimePoint now);
    std::optional<std::uint64_t> expect(Connection from, const Json& request);

    std::function<bool(Event)> push;
    std::vector<Connection> subscribers;  ///< door thread
    std::vector<Connection> newcomers;    ///< door thread: subscribers who were told nothing yet
    std::shared_ptr<const Snapshot> told; ///< door thread
    Pace pace{snapshot_interval};         ///< door thread
    std::uint64_t last_request{0};        ///< door thread

    std::atomic<bool> has_subscribers{false};
    std::mutex mutex;
    std::unordered_map<std::uint64_t, Waiting> waiting; ///< by request; under `mutex`
    std::shared_ptr<const Snapshot> newest;             ///< under `mutex`

    std::unique_ptr<LineServer> server; ///< last: its thread ends before what it uses
};

void SocketDoor::Impl::line(Connection from, std::string_view text) {
    const auto request = parse_json(text);
    if (!request) {
        server->send(from, error_line(nullptr, parse_error, request.error()));
        return;
    }
    if (const auto fault = fault_of(*request)) {
        server->send(from, error_line(id_of(*request), invalid_request, *fault));
        return;
    }
    const auto& method = (*request)["method"].get_ref<const std::string&>();
    if (method == "subscribe") {
        subscribe(from, *request);
    } else if (find_tool(method)) {
        run(from, *request);
    } else if (request->contains("id")) {
        const Error unknown{
            ErrorCode::not_found, "no method \"" + method + "\"; known: " + known_methods(), {}};
        server->send(from, error_line((*request)["id"], method_not_found, unknown));
    }
}

void SocketDoor::Impl::run(Connection from, const Json& request) {
    ToolCalled call;
    call.caller.connection = from;
    call.tool = request["method"].get<std::string>();
    call.arguments = std::make_shared<const Json>(request.value("params", Json::object()));
    const auto number = expect(from, request);
    if (!number) {
        const Error busy{ErrorCode::unavailable,
                         std::to_string(most_waiting)
                             + " requests of this connection wait for an answer; wait too",
                         {}};
        server->send(from, error_line(request["id"], code_of(busy.code), busy));
        return;
    }
    call.request = *number;
    if (push(std::move(call))) return;
    const std::lock_guard lock(mutex);
    waiting.erase(*number);
    if (!request.contains("id")) return;
    const Error busy{ErrorCode::unavailable, "the daemon has too much to do; ask again", {}};
    server->send(from, error_line(request["id"], code_of(busy.code), busy));
}

/// A number for this request, and its place to be answered at if it has an id; nothing when too many wait.
std::optional<std::uint64_t> SocketDoor::Impl::expect(Connection from, const Json& request) {
    ++last_request;
    if (!request.contains("id")) return last_request;
    const std::lock_guard lock(mutex);
    const auto count = std::count_if(waiting.begin(), waiting.end(), [&](const auto& one) {
        return one.second.connection == from;
    });
    if (static_cast<std::size_t>(count) >= most_waiting) return std::nullopt;
    waiting.emplace(last_request, Waiting{from, request["id"]});
    return last_request;
}

void SocketDoor::Impl::subscribe(Connection from, const Json& request) {
    const Json params = request.value("params", Json::object());
    const Json wanted = params.value("snapshots", Json());
    if (params.size() != 1 || !wanted.is_boolean()) {
        if (!request.contains("id")) return;
        const Error usage = invalid(R"(subscribe takes {"snapshots":true} or {"snapshots":false})");
        server->send(from, error_line(request["id"], code_of(usage.code), usage));
        return;
    }
    std::erase(subscribers, from);
    std::erase(newcomers, from);
    if (wanted.get<bool>()) {
        subscribers.push_back(from);
        newcomers.push_back(from);
    }
    has_subscribers = !subscribers.empty();
    if (request.contains("id"))
        server->send(from, result_line(request["id"], {{"snapshots", wanted}}));
}

void SocketDoor::Impl::gone(Connection connection) {
    std::erase(subscribers, connection);
    std::erase(newcomers, connection);
    has_subscribers = !subscribers.empty();
    {
        const std::lock_guard lock(mutex);
        std::erase_if(waiting,
                      [&](const auto& one) { return one.second.connection == connection; });
    }
    push(CallerGone{{connection}});
}

/// Tells the newest snapshot to whoever wants it, when it is time.
TimePoint SocketDoor::Impl::idle(TimePoint now) {
    if (subscribers.empty()) return TimePoint::max();
    std::shared_ptr<const Snapshot> snapshot;
    {
        const std::lock_guard lock(mutex);
        snapshot = newest;
    }
    if (!snapshot) return TimePoint::max();
    if (snapshot != told && pace.is_due(now)) {
        offer(subscribers, *snapshot, now);
        newcomers.clear();
        told = snapshot;
        pace.done(now);
    } else if (!newcomers.empty()) {
        offer(newcomers, *snapshot, now);
        newcomers.clear();
    }
    return snapshot == told ? TimePoint::max() : pace.next();
}

void SocketDoor::Impl::offer(const std::vector<Connection>& to, const Snapshot& snapshot,
                             TimePoint now) {
    server->offer(
        to, std::make_shared<const std::string>(R"({"jsonrpc":"2.0","method":"snapshot","params":)"
                                                + to_line(snapshot, now) + '}'));
}

// ---- the door -------------------------------------------------------------------------------

SocketDoor::SocketDoor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SocketDoor::~SocketDoor() = default;

Result<std::unique_ptr<SocketDoor>> SocketDoor::open(const std::filesystem::path& path,
                                                     std::function<bool(Event)> push) {
    auto server = LineServer::open(path);
    if (!server) return server.error();
    auto impl = std::make_unique<Impl>();
    impl->push = std::move(push);
    impl->server = std::move(*server);
    LineServer::Callbacks callbacks;
    callbacks.line = [own = impl.get()](Connection from, std::string_view text) {
        own->line(from, text);
    };
    callbacks.gone = [own = impl.get()](Connection connection) { own->gone(connection); };
    callbacks.idle = [own = impl.get()](TimePoint now) { return own->idle(now); };
    callbacks.too_long = error_line(nullptr, invalid_request, invalid("a line has at most 1 MiB"));
    callbacks.too_many = error_line(
        nullptr, code_of(ErrorCode::unavailable),
        {ErrorCode::unavailable, "the daemon has 32 callers already; close one of them", {}});
    impl->server->start(std::move(callbacks));
    return std::unique_ptr<SocketDoor>(new SocketDoor(std::move(impl)));
}

void SocketDoor::answer(const Answer& answer) {
    Json id;
    {
        const std::lock_guard lock(impl_->mutex);
        const auto found = impl_->waiting.find(answer.request);
        if (found == impl_->waiting.end() || found->second.connection != answer.caller.connection)
            return;
        id = std::move(found->second.id);
        impl_->waiting.erase(found);
    }
    impl_->server->send(answer.caller.connection,
                        answer.result ? result_line(id, *answer.result)
                                      : error_line(id, code_of(answer.error.code), answer.error));
}

void SocketDoor::publish(std::shared_ptr<const Snapshot> snapshot) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->newest = std::move(snapshot);
    }
    if (impl_->has_subscribers) impl_->server->wake();
}

std::uint64_t SocketDoor::skipped_snapshots() const { return impl_->server->skipped(); }

} // namespace prefade
