#include "overlay/daemon_process.h"

#include "core/text.h"

#include <chrono>
#include <fstream>
#include <thread>
#ifdef _WIN32
#include <process.h>
#include <windows.h>
#else
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace prefade::overlay {
namespace fs = std::filesystem;

bool DaemonProcess::can_start() const {
    std::error_code failed;
    return fs::is_regular_file(program_, failed);
}

#ifdef _WIN32 // compiles; never run

Result<void> DaemonProcess::start(const std::vector<std::string>& arguments) {
    std::vector<std::wstring> words{program_.wstring()};
    for (const std::string& argument : arguments) words.push_back(fs::path(argument).wstring());
    std::vector<const wchar_t*> pointers;
    for (const std::wstring& word : words) pointers.push_back(word.c_str());
    pointers.push_back(nullptr);
    const std::intptr_t started = _wspawnv(_P_NOWAIT, program_.c_str(), pointers.data());
    if (started == -1) return Error{ErrorCode::io, "cannot be started", program_.string()};
    process_ = static_cast<long>(GetProcessId(reinterpret_cast<HANDLE>(started)));
    return {};
}

bool DaemonProcess::runs() { return process_.has_value(); }
void DaemonProcess::end() { process_.reset(); }

#else

Result<void> DaemonProcess::start(const std::vector<std::string>& arguments) {
    end();
    std::error_code ignored;
    fs::create_directories(log_.parent_path(), ignored);
    const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log < 0) return Error{ErrorCode::io, "cannot be written", log_.string()};
    std::vector<std::string> words{program_.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) { // only what may be called between fork and exec
        ::setsid();   // so that a terminal's Ctrl-C does not reach it
        const int nothing = ::open("/dev/null", O_RDONLY);
        if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        ::execv(pointers[0], pointers.data());
        ::_exit(127);
    }
    ::close(log);
    if (child < 0) return Error{ErrorCode::io, "cannot be started", program_.string()};
    process_ = child;
    return {};
}

bool DaemonProcess::runs() {
    if (!process_) return false;
    int status = 0;
    if (::waitpid(static_cast<pid_t>(*process_), &status, WNOHANG) == 0) return true;
    process_.reset();
    return false;
}

void DaemonProcess::end() {
    using namespace std::chrono_literals;
    if (!runs()) return;
    ::kill(static_cast<pid_t>(*process_), SIGTERM);
    const auto patience = std::chrono::steady_clock::now() + 5s;
    while (runs() && std::chrono::steady_clock::now() < patience) std::this_thread::sleep_for(20ms);
    process_.reset();
}

#endif

std::string DaemonProcess::last_words() const {
    std::ifstream in(log_);
    std::string last;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("prefaded: ")) return printable(line);
        if (!line.empty()) last = line;
    }
    return printable(last);
}

} // namespace prefade::overlay
