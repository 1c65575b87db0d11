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
    for (int i = 0; i < 30 && received < sent; ++i) { // counted once a second
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

struct Round {
    double per_second{0.0}, percent{0.0};
    std::uint64_t lost{0};
    std::vector<std::pair<double, double>> memory; ///< million messages so far, MB
};

/// Twelve seconds of a host that plays.
Round play_round(Desktop& desktop) {
    const pid_t pid = desktop.prefaded.process().pid();
    const auto dropped = [&] {
        return desktop.rpc().call("status")["traffic"]["dropped"].get<std::uint64_t>();
    };
    const std::uint64_t dropped_before = dropped(), sent_before = desktop.host.sent();
    const double cpu = cpu_seconds(pid);
    const TimePoint start = Clock::now();
    Round round;
    for (int i = 0; i < 24; ++i) {
        desktop.pass(Seconds(0.5));
        round.memory.emplace_back(static_cast<double>(desktop.host.sent() - sent_before) / 1e6,
                                  resident_mb(pid));
    }
    const double took = seconds(Clock::now() - start);
    round.per_second = round.memory.back().first * 1e6 / took;
    round.percent = 100.0 * (cpu_seconds(pid) - cpu) / took;
    desktop.pass(Seconds(1)); // drops are counted once a second
    round.lost = dropped() - dropped_before;
    return round;
}

} // namespace

TEST_CASE("what the daemon uses at rest and with 64 strips metering 20 times a second") {
    Desktop desktop(62, 20.0);
    desktop.settle();
    report("daemon, 64 strips, at rest", told(use(desktop)), "5 %, 60 MB");
    desktop.play();
    desktop.pass(Seconds(1));
    report("daemon, 64 strips at 20 frames/s, one view", told(use(desktop)), "5 %, 60 MB");
    desktop.subscribe(false);
    report("daemon, 64 strips at 20 frames/s, no view", told(use(desktop)), "5 %, 60 MB");
    check_nothing_lost(desktop);
}

TEST_CASE("what the daemon uses with 200 strips metering as Ardour does, plugins watched") {
    Desktop desktop(198, 10.0);
    desktop.play();
    desktop.pass(Seconds(1));
    report("daemon, 200 strips at 10 frames/s, one view that watches plugins", told(use(desktop)),
           "");
    check_nothing_lost(desktop);
}

TEST_CASE("the daemon takes 50,000 messages a second without loss and does not grow") {
    Desktop desktop(62, 56'000.0 / 64.0); // some frames come late
    desktop.play([](std::size_t index, std::uint64_t frame) {
        const bool hot = (frame / 2000 + index) % 16 == 0; // advice comes and goes
        return hot ? 1.0F : test::ArdourSimServer::music(index, frame);
    });
    desktop.pass(Seconds(10)); // as long as meters are remembered
    // Another program that takes the processor for 100 ms lets the system's buffer overflow: what a
    // round lost is told, and one round at least must lose nothing.
    std::vector<Round> rounds;
    for (int i = 0; i < 3; ++i) rounds.push_back(play_round(desktop));
    std::string rates, lost;
    std::uint64_t sum = 0, least = rounds.front().lost;
    for (const Round& round : rounds) {
        rates += (rates.empty() ? "" : ", ") + text(round.per_second);
        lost += (lost.empty() ? "" : ", ") + std::to_string(round.lost);
        sum += round.lost;
        least = std::min(least, round.lost);
    }
    CHECK(least == 0);
    CHECK(final_loss(desktop) == sum); // nothing is lost that the daemon does not know of
    report("daemon, as a process, as many messages as the inbox has to take, 3 times 12 s",
           rates + " messages/s, " + lost + " lost, " + text(rounds.back().percent, 1)
               + " % of a core",
           "50000 messages/s, none lost");
    const Round& last = rounds.back();
    report("daemon, growth of its memory under that load, once warm",
           text(slope(last.memory), 2) + " MB a million messages (from "
               + text(rounds.front().memory.front().second, 1) + " to "
               + text(last.memory.back().second, 1)
               + " MB in all; an hour of 64 strips at 20 frames/s is 4.6 million)",
           "0");
    CHECK(last.memory.back().second < 60.0);
}
