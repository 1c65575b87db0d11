// The daemon as a real process with folders and a socket of its own, a client of that socket, and the
// command line beside it. Test's main thread.
#pragma once

#include "core/json.h"
#include "core/line_socket.h"
#include "tests/support/process.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prefade::test {

/// JSON-RPC 2.0 lines over the daemon's socket, subscribed to its snapshots. Reads only while it waits.
class RpcClient {
public:
    explicit RpcClient(const std::filesystem::path& socket); ///< throws when nobody listens

    std::uint64_t send(const std::string& tool, const Json& arguments); ///< does not wait
    /// The whole answer, with "result" or "error". Throws std::runtime_error after `limit`.
    Json await(std::uint64_t request, Seconds limit = Seconds(30));
    /// The result; throws with the message when the answer is an error.
    Json call(const std::string& tool, const Json& arguments);
    Json call(const std::string& tool);
    /// The error's message; throws when there was none.
    std::string refusal(const std::string& tool, const Json& arguments);
    /// One `set`, to its end: its record.
    Json set(const std::string& strip, const std::string& control, const std::string& value,
             const std::string& glide = {});
    Json undo(std::uint64_t move); ///< the record of the move that put it back

    /// True once a snapshot that arrives satisfies `holds`; the newest one known counts too.
    bool wait_snapshot(Seconds limit, const std::function<bool(const Json&)>& holds);

private:
    /// Takes one line if it comes before `deadline`; false when none did.
    bool take(TimePoint deadline);

    LineClient line_;
    std::map<std::uint64_t, std::shared_ptr<const Json>> answers_;
    std::shared_ptr<const Json> snapshot_;
    std::uint64_t last_{0}, snapshots_{0};
};

class PrefadedRig {
public:
    struct Setup {
        std::filesystem::path folder; ///< for its files; shared by runs that shall share a journal
        std::string host;             ///< "ardour=127.0.0.1:3819"
        std::vector<std::string> arguments; ///< further ones
        std::string policy;                 ///< text of the user's policy.toml; empty: none
    };
    /// Starts it and waits until the host is connected and all is read. Throws when that takes a minute.
    explicit PrefadedRig(Setup setup);

    RpcClient& rpc() { return *rpc_; }
    Process& process() { return *process_; }
    std::filesystem::path socket() const { return setup_.folder / "prefade.sock"; }
    std::string log() const;
    Environment environment() const; ///< as a user's shell next to this daemon has it
    /// `prefade ARGUMENTS` in that environment.
    Ran prefade(std::vector<std::string> arguments) const;
    /// `prefade --json ARGUMENTS`, parsed; throws when it fails.
    Json prefade_json(std::vector<std::string> arguments) const;
    /// True once the host is connected, its strips are listed and their faders told.
    bool wait_connected(Seconds limit);

private:
    Setup setup_;
    std::unique_ptr<Process> process_;
    std::unique_ptr<RpcClient> rpc_;
};

/// The object of `list` whose `key` is `value`. Throws with what is there when none is.
const Json& find_by(const Json& list, const char* key, const std::string& value);
/// A level as JSON writes it: a number, or "-inf".
double level_of(const Json& json);

} // namespace prefade::test
