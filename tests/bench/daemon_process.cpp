#include "tests/bench/daemon_process.h"

#include <nlohmann/json.hpp>

#include <sstream>
#include <stdexcept>

#include <unistd.h>

namespace prefade::bench {
namespace {

std::string text_of(pid_t process, const char* file) {
    const auto path = "/proc/" + std::to_string(process) + '/' + file;
    const std::string text = test::text_of_file(path);
    if (text.empty()) throw std::runtime_error(path + " tells nothing");
    return text;
}

} // namespace

void Desktop::subscribe(bool to_snapshots) {
    rpc().call("subscribe", {{"snapshots", to_snapshots}});
}

void Desktop::settle() {
    // Plugins that are watched bring some hundred messages a second, a quiet desk about 50.
    constexpr double quiet = 120.0;
    int quiet_seconds = 0;
    for (int tries = 0; tries < 60 && quiet_seconds < 2; ++tries) {
        pass(test::Seconds(1));
        const Json traffic = rpc().call("status")["traffic"];
        quiet_seconds =
            traffic["received_per_second"].get<double>() < quiet ? quiet_seconds + 1 : 0;
    }
    if (quiet_seconds < 2) throw std::runtime_error("the daemon does not come to rest in a minute");
}

void Desktop::play(test::ArdourSimServer::Levels levels) {
    host.levels(std::move(levels));
    host.with([](test::ArdourSim& sim) { sim.roll(true); });
}

void Desktop::pass(test::Seconds span) {
    rpc().wait_snapshot(span, [](const Json&) { return false; });
}

double cpu_seconds(pid_t process) {
    const std::string stat = text_of(process, "stat");
    // behind the name, which may hold anything: state, ten numbers, then user and system time in ticks
    std::istringstream fields(stat.substr(stat.rfind(')') + 1));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0.0, system = 0.0;
    if (!(fields >> user >> system)) throw std::runtime_error("/proc/PID/stat: " + stat);
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double resident_mb(pid_t process) {
    std::istringstream pages(text_of(process, "statm"));
    double size = 0.0, resident = 0.0;
    if (!(pages >> size >> resident)) throw std::runtime_error("/proc/PID/statm tells nothing");
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

} // namespace prefade::bench
