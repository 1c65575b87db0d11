#include "tests/support/ardour_rig.h"

#include "tests/support/osc_peer.h"

#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace prefade::test {
namespace {

constexpr int most_exports = 5;
const std::filesystem::path scripts = std::filesystem::path(PREFADE_TESTS_DIR) / "e2e" / "ardour";

/// A process of its own that ends Ardour and removes the folder once the returned pipe closes: with the
/// rig, or with a test that was killed.
int start_guard(const std::filesystem::path& folder) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe for the guard");
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("no process for the guard");
    if (child == 0) {
        fcntl(ends[0], F_SETFD, 0); // the writing end still closes on exec
        setsid();
        const std::string stop = (scripts / "stop_headless.sh").string();
        const std::string what =
            "cat > /dev/null; [ ! -d \"$2\" ] || { \"$1\" \"$2/run\" KILL; rm -rf \"$2\"; }";
        const std::string in = std::to_string(ends[0]);
        execlp("bash", "bash", "-c", ("(" + what + ") <&" + in + " > /dev/null 2>&1 &").c_str(),
               "guard", stop.c_str(), folder.c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return ends[1];
}

} // namespace

ArdourRig::ArdourRig(const Setup& setup) : guard_(start_guard(scratch_.path())) {
    std::vector<std::string> make = {(scripts / "make_session.sh").string(),
                                     session_folder().string()};
    make.insert(make.end(), setup.session.begin(), setup.session.end());
    script(make);
    script({(scripts / "start_headless.sh").string(), (folder() / "run").string(),
            session_folder().string(), "mix", "-b", setup.backend});
    read_port();
}

ArdourRig::~ArdourRig() {
    run({(scripts / "stop_headless.sh").string(), (folder() / "run").string(), "KILL"});
    close(guard_);
}

std::string ArdourRig::address() const { return "ardour=127.0.0.1:" + std::to_string(port_); }

bool ArdourRig::running() const {
    int pid = 0;
    std::ifstream(folder() / "run" / "ardour.pid") >> pid;
    const std::string status = text_of_file("/proc/" + std::to_string(pid) + "/status");
    return !status.empty() && status.find("\nState:\tZ") == std::string::npos;
}

void ArdourRig::crash() {
    script(
        {(scripts / "stop_headless.sh").string(), (folder() / "run").string(), "KILL", "ardour"});
}

void ArdourRig::start_again() {
    script({(scripts / "restart_headless.sh").string(), (folder() / "run").string()});
    read_port();
}

std::chrono::system_clock::time_point ArdourRig::answered_at() const {
    double seconds = 0.0;
    std::ifstream(folder() / "run" / "osc.answered") >> seconds;
    if (seconds == 0.0) throw std::runtime_error("Ardour has not answered");
    return std::chrono::system_clock::time_point(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(Seconds(seconds)));
}

void ArdourRig::save() const {
    const auto before = std::filesystem::last_write_time(session_file());
    OscPeer(port_).send({"/save_state", {}});
    if (!eventually(Seconds(10),
                    [&] { return std::filesystem::last_write_time(session_file()) != before; }))
        throw std::runtime_error("Ardour does not save");
}

void ArdourRig::lua(const std::string& text) const {
    script({(scripts / "run_lua.sh").string(), (folder() / "run").string()}, text);
}

void ArdourRig::export_to(const std::filesystem::path& wav) const {
    const Environment own = {{"HOME", (folder() / "export").string()},
                             {"XDG_CONFIG_HOME", (folder() / "export").string()},
                             {"XDG_CACHE_HOME", (folder() / "export").string()}};
    std::filesystem::create_directories(folder() / "export");
    // About each tenth run it aborts, most times on its way out with the file complete: that one is not trusted.
    Ran ran;
    for (int go = 0; go < most_exports; ++go) {
        std::filesystem::remove(wav);
        ran = run(
            {"ardour7-export", "-b", "float", "-o", wav.string(), session_folder().string(), "mix"},
            own);
        if (ran.status == 0 && std::filesystem::exists(wav)) return;
    }
    throw std::runtime_error("no export:\n" + ran.out + ran.err);
}

void ArdourRig::script(std::vector<std::string> command, const std::string& input) const {
    const Ran ran = run(command, {}, Seconds(180), input);
    if (ran.status == 0) return;
    throw std::runtime_error(command.front() + " ended with " + std::to_string(ran.status) + ":\n"
                             + ran.out + ran.err);
}

void ArdourRig::read_port() {
    unsigned port = 0;
    std::ifstream(folder() / "run" / "osc.port") >> port;
    if (port == 0 || port > 65535) throw std::runtime_error("no OSC port of Ardour");
    port_ = static_cast<std::uint16_t>(port);
}

} // namespace prefade::test
