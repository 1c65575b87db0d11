#include "tests/support/process.h"

#include "tests/support/own_folder.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace prefade::test {
namespace {

std::vector<std::string> merged(const Environment& added) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        if (!added.contains(text.substr(0, text.find('=')))) all.push_back(text);
    }
    for (const auto& [name, value] : added) all.push_back(name + '=' + value);
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

pid_t start(std::vector<std::string> command, const Environment& added,
            const std::filesystem::path& in, const std::filesystem::path& out,
            const std::filesystem::path& err) {
    // setpriv gives the child a parent-death signal, so that a crashed or killed test leaves nothing behind
    command.insert(command.begin(), {"setpriv", "--pdeathsig", "KILL", "--"});
    std::vector<std::string> environment = merged(added);
    auto argv = pointers(command);
    auto envp = pointers(environment);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, in.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (err == out)
        posix_spawn_file_actions_adddup2(&files, 1, 2);
    else
        posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                         0600);
    pid_t pid = -1;
    const int failed = posix_spawnp(&pid, argv[0], &files, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0)
        throw std::runtime_error(command[4] + " does not start: " + std::strerror(failed));
    return pid;
}

int status_of(int raw) { return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw); }

} // namespace

bool eventually(Seconds limit, const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(
            std::chrono::milliseconds(5)); // between two looks at the outside world
    }
    return true;
}

Process::Process(const std::vector<std::string>& command, const std::filesystem::path& log,
                 const Environment& environment)
    : pid_(start(command, environment, "/dev/null", log, log)) {}

Process::~Process() {
    if (!running()) return;
    signal(SIGTERM);
    if (wait(Seconds(5))) return;
    signal(SIGKILL);
    wait(Seconds(5));
}

bool Process::running() { return !wait(Seconds(0)); }

void Process::signal(int number) const {
    if (!status_) kill(pid_, number);
}

std::optional<int> Process::wait(Seconds limit) {
    eventually(limit, [&] {
        int raw = 0;
        if (!status_ && waitpid(pid_, &raw, WNOHANG) == pid_) status_ = status_of(raw);
        return status_.has_value();
    });
    return status_;
}

Ran run(const std::vector<std::string>& command, const Environment& environment, Seconds limit,
        const std::string& input) {
    const OwnFolder files;
    const auto in = files.path() / "in", out = files.path() / "out", err = files.path() / "err";
    std::ofstream(in) << input;
    const pid_t pid = start(command, environment, in, out, err);
    int raw = 0;
    if (!eventually(limit, [&] { return waitpid(pid, &raw, WNOHANG) == pid; })) {
        kill(pid, SIGKILL);
        waitpid(pid, &raw, 0);
    }
    return {status_of(raw), text_of_file(out), text_of_file(err)};
}

std::string text_of_file(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::filesystem::path program(const std::string& name) {
    if (const char* folder = std::getenv("PREFADE_BIN_DIR"))
        return std::filesystem::path(folder) / name;
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

} // namespace prefade::test
