// What the daemon uses of the machine: processor time and memory, at rest and with all meters running,
// and whether its memory grows.
#include "tests/bench/daemon_process.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

#include <cmath>

using namespace prefade;
using namespace prefade::bench;
using test::Seconds;

namespace {

constexpr Seconds watched(20);

struct Used {
    double percent{0.0}, mb{0.0}, messages{0.0};
};

/// Over `watched`, of one core; `messages`: arrived a second.
Used use(Desktop& desktop) {
    const pid_t pid = desktop.prefaded.process().pid();
    const auto received = [&] {
        return desktop.rpc().call("status")["traffic"]["received"].get<double>();
    };
    const double before = received();
    const double cpu = cpu_seconds(pid);
    const TimePoint start = Clock::now();
    desktop.pass(watched);
    const double took = seconds(Clock::now() - start);
    const double spent = cpu_seconds(pid) - cpu;
    return {100.0 * spent / took, resident_mb(pid), (received() - before) / took};
}

std::string told(const Used& used) {
    return text(used.percent, 2) + " % of a core, " + text(used.mb, 1) + " MB resident, "
           + text(used.messages) + " messages/s";
}

void check_nothing_lost(Desktop& desktop) {
    const Json traffic = desktop.rpc().call("status")["traffic"];
    CHECK(traffic["dropped"] == 0);
    CHECK(traffic["malformed"] == 0);
}

} // namespace

TEST_CASE("what the daemon uses at rest and with 64 strips metering 20 times a second") {
    Desktop desktop(62, 20.0, test::ArdourSimServer::silence);
    desktop.pass(Seconds(8)); // all inserts and sends are read once
    report("daemon, 64 strips, at rest", told(use(desktop)), "5 %, 60 MB");
    desktop.host.levels(test::ArdourSimServer::music);
    desktop.roll(true);
    desktop.pass(Seconds(1));
    report("daemon, 64 strips at 20 frames/s, one view", told(use(desktop)), "5 %, 60 MB");
    desktop.subscribe(false);
    report("daemon, 64 strips at 20 frames/s, no view", told(use(desktop)), "5 %, 60 MB");
    check_nothing_lost(desktop);
}

TEST_CASE("what the daemon uses with 200 strips metering as Ardour does") {
    Desktop desktop(198, 10.0);
    desktop.roll(true);
    desktop.pass(Seconds(15));
    report("daemon, 200 strips at 10 frames/s, one view", told(use(desktop)), "");
    check_nothing_lost(desktop);
}
