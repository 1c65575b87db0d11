#include "tests/support/jack_server.h"

#include <csignal>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

namespace prefade::test {

JackServer::JackServer() {
    static int count = 0;
    // The form that e2e/ardour/start_headless.sh frees the places of, should one be killed.
    name_ = "prefade" + std::to_string(::getpid()) + '.' + std::to_string(++count);
    ::setenv("JACK_DEFAULT_SERVER", name_.c_str(), 1);
    ::setenv("JACK_NO_START_SERVER", "1", 1);
    ::setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
    start();
    if (!jackd_->running())
        throw std::runtime_error("jackd does not start:\n"
                                 + text_of_file(folder_.path() / "jackd.log"));
}

void JackServer::start() {
    jackd_ = std::make_unique<Process>(
        std::vector<std::string>{"jackd", "--no-realtime", "-n", name_, "-d", "dummy"},
        folder_.path() / "jackd.log", Environment{});
    const auto answers = [&] {
        return run({"jack_wait", "-s", name_, "-c"}).out.starts_with("running");
    };
    eventually(Seconds(10), [&] { return answers() || !jackd_->running(); });
}

JackServer::~JackServer() {
    if (killed_) { // its place in JACK's registry is free once a server of its name has ended well
        start();
    }
    jackd_.reset();
    ::unsetenv("JACK_DEFAULT_SERVER");
}

void JackServer::kill() {
    jackd_->signal(SIGKILL);
    jackd_->wait(Seconds(5));
    killed_ = true;
}

std::vector<std::string> JackServer::ports() const {
    std::istringstream lines(run({"jack_lsp"}).out);
    std::vector<std::string> names;
    for (std::string line; std::getline(lines, line);) names.push_back(line);
    return names;
}

void JackServer::connect(const std::string& from, const std::string& to) const {
    if (const Ran ran = run({"jack_connect", from, to}); ran.status != 0)
        throw std::runtime_error("jack_connect: " + ran.err);
}

} // namespace prefade::test
