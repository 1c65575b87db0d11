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

/// Messages of the host that never arrived. Ends the host: what it said until then is counted.
std::uint64_t final_loss(Desktop& desktop) {
    desktop.host.with([](test::ArdourSim& sim) { sim.kill(); });
    const std::uint64_t sent = desktop.host.sent();
    std::uint64_t received = 0;
    for (int i = 0; i < 50 && received < sent; ++i) { // counted once a second
        desktop.pass(Seconds(0.1));
        received = desktop.rpc().call("status")["traffic"]["received"].get<std::uint64_t>();
    }
    return sent - received;
}

/// Of the straight line through the points.
double slope(const std::vector<std::pair<double, double>>& points) {
    double x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
    for (const auto& [at, value] : points) {
        x += at;
        y += value;
        xx += at * at;
        xy += at * value;
    }
    const auto n = static_cast<double>(points.size());
    return (n * xy - x * y) / (n * xx - x * x);
}

} // namespace

TEST_CASE("what the daemon uses at rest and with 64 strips metering 20 times a second") {
    Desktop desktop(62, 20.0, test::ArdourSimServer::silence);
    desktop.pass(Seconds(6)); // all inserts and sends are read once
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
    desktop.pass(Seconds(11)); // all inserts and sends are read once
    report("daemon, 200 strips at 10 frames/s, one view", told(use(desktop)), "");
    check_nothing_lost(desktop);
}

TEST_CASE("the daemon takes 50,000 messages a second without loss and does not grow") {
    Desktop desktop(62, 56'000.0 / 64.0, // some frames come late
                    [](std::size_t index, std::uint64_t frame) {
                        const bool hot = (frame / 2000 + index) % 16 == 0; // advice comes and goes
                        return hot ? 1.0F : test::ArdourSimServer::music(index, frame);
                    });
    desktop.roll(true);
    desktop.pass(Seconds(12)); // everything read, ten seconds of meters remembered
    const pid_t pid = desktop.prefaded.process().pid();
    const double cpu = cpu_seconds(pid);
    const TimePoint start = Clock::now();
    const std::uint64_t before = desktop.host.sent();
    std::vector<std::pair<double, double>> memory; // million messages, MB
    for (int i = 0; i < 35; ++i) {
        desktop.pass(Seconds(1));
        memory.emplace_back(static_cast<double>(desktop.host.sent() - before) / 1e6,
                            resident_mb(pid));
    }
    const double took = seconds(Clock::now() - start), millions = memory.back().first;
    const double percent = 100.0 * (cpu_seconds(pid) - cpu) / took;
    check_nothing_lost(desktop);
    const std::uint64_t lost = final_loss(desktop);
    CHECK(lost == 0);
    report("daemon, as a process, as many messages as the inbox has to take",
           text(millions * 1e6 / took) + " messages/s for " + text(took) + " s, " + text(percent, 1)
               + " % of a core, " + std::to_string(lost) + " lost",
           "50000 messages/s, none lost");
    report("daemon, growth of its memory under that load",
           text(slope({memory.begin() + 17, memory.end()}), 2)
               + " MB a million messages at the end (from " + text(memory.front().second, 1)
               + " to " + text(memory.back().second, 1) + " MB in " + text(millions, 2)
               + " million; an hour of 64 strips at 20 frames/s is 4.6 million)",
           "0");
    CHECK(memory.back().second < 60.0);
}
