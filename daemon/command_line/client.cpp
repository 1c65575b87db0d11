#include "daemon/command_line/client.h"

#include "core/values.h"

namespace prefade::command_line {
namespace {

using namespace std::chrono_literals;

constexpr Duration patience = 5s; ///< of one question; then the daemon is asked whether it lives

Error unreadable() {
    return {
        ErrorCode::unavailable, "the daemon's answer cannot be read; is it another version?", {}};
}

} // namespace

Result<Client> Client::connect(const std::filesystem::path& socket) {
    auto line = LineClient::connect(socket, patience);
    if (line) return Client(std::move(*line), socket);
    if (line.error().code != ErrorCode::unavailable) return line.error();
    return Error{ErrorCode::unavailable,
                 "prefaded does not run at " + socket.string() + "; start it with `prefaded`",
                 {}};
}

Error Client::gone() const {
    return {ErrorCode::unavailable, "the daemon at " + socket_.string() + " has gone", {}};
}

Result<void> Client::send(const std::string& method, const Json& params, std::uint64_t id) {
    const Json request = {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}};
    if (!line_.send(to_line(request), Clock::now() + patience)) return gone();
    return {};
}

/// The next answer; snapshots on the way are put aside.
Result<std::optional<Json>> Client::receive(TimePoint deadline) {
    for (;;) {
        auto line = line_.receive(deadline);
        if (!line) return line.error().code == ErrorCode::invalid ? line.error() : gone();
        if (!*line) return std::optional<Json>{};
        auto message = parse_json(**line);
        if (!message) return unreadable();
        if (member(*message, "method") != "snapshot")
            return std::optional<Json>(std::move(*message));
        newest_ = member(*message, "params");
        return std::optional<Json>{};
    }
}

Result<Json> Client::call(const std::string& tool, const Json& arguments) {
    const std::uint64_t id = ++last_id_;
    if (auto sent = send(tool, arguments, id); !sent) return sent.error();
    bool asked = false; // whether it lives
    for (TimePoint deadline = Clock::now() + patience;;) {
        auto answer = receive(deadline);
        if (!answer) return answer.error();
        if (*answer && member(**answer, "id") == id) {
            const Json& error = member(**answer, "error");
            if (error.is_null()) return member(**answer, "result");
            return Error{ErrorCode::refused, text_of(error, "message"), {}};
        }
        if (*answer && member(**answer, "id").is_null()) // it had no place for us, for one
            return Error{ErrorCode::refused, text_of(member(**answer, "error"), "message"), {}};
        if (*answer) {
            asked = false;
            deadline = Clock::now() + patience;
        }
        if (Clock::now() < deadline) continue;
        if (asked)
            return Error{ErrorCode::unavailable,
                         "the daemon at " + socket_.string() + " does not answer",
                         {}};
        asked = true;
        deadline = Clock::now() + patience;
        if (auto sent = send("mode", Json::object(), ++last_id_); !sent) return sent.error();
    }
}

Result<void> Client::subscribe() {
    const auto done = call("subscribe", {{"snapshots", true}});
    if (!done) return done.error();
    return {};
}

Result<std::optional<Json>> Client::snapshot(TimePoint deadline) {
    if (!newest_)
        if (auto other = receive(deadline); !other) return other.error();
    return std::exchange(newest_, std::nullopt);
}

} // namespace prefade::command_line
