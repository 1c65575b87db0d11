// Child processes and waiting, for tests that run real programs. Whatever is started
// here ends with its object; a child also ends when the test itself dies. Test's main thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace prefade::test {

using Seconds = std::chrono::duration<double>;
using Environment = std::map<std::string, std::string>;

/// Asks `holds` every few milliseconds until it is true or `limit` has passed; says which.
bool eventually(Seconds limit, const std::function<bool()>& holds);

/// A running program: standard output and error go to `log`.
class Process {
public:
    /// `environment` is added to ours. A program that does not exist ends at once with status 127.
    Process(const std::vector<std::string>& command, const std::filesystem::path& log,
            const Environment& environment);
    ~Process(); ///< TERM, then KILL after 5 s
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const noexcept { return pid_; }
    bool running();
    void signal(int number) const;
    /// Exit status (128 + signal when killed); nothing when it still runs after `limit`.
    std::optional<int> wait(Seconds limit);

private:
    pid_t pid_{-1};
    std::optional<int> status_;
};

struct Ran {
    int status{-1}; ///< 128 + signal when killed
    std::string out, err;
};

/// Runs a program to its end; killed after `limit`.
Ran run(const std::vector<std::string>& command, const Environment& environment = {},
        Seconds limit = Seconds(120), const std::string& input = {});

std::string text_of_file(const std::filesystem::path& file);

/// Where the programs under test lie: PREFADE_BIN_DIR, else beside the test binary.
std::filesystem::path program(const std::string& name);

} // namespace prefade::test
