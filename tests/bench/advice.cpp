// From a level on the wire to the advice about it on the socket: a real daemon, 64 strips metering 20
// times a second, levels planted at any moment on one strip after the other.
#include "knowledge/rule.h"
#include "tests/bench/daemon_process.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

#include <map>
#include <random>
#include <thread>

using namespace prefade;
using namespace prefade::bench;
using test::Seconds;

namespace {

struct Planted {
    std::string rule;
    float level;
};

/// The time a rule wants its condition to hold, as its file says.
double hold_ms(const std::string& rule) {
    const LoadedRules rules = RuleBook::load({PREFADE_TESTS_DIR "/../knowledge/rules"});
    for (const Rule& one : rules.book.rules())
        if (one.id == rule) return milliseconds(one.hold);
    throw std::runtime_error("no rule " + rule);
}

/// When a snapshot first held an advice of the rule about the strip; by strip name.
class AdviceWatch {
public:
    AdviceWatch(Desktop& desktop, std::string rule)
        : rule_(std::move(rule)),
          client_(desktop.prefaded.socket()),
          thread_([this](const std::stop_token& stop) { watch(stop); }) {}

    std::map<std::string, TimePoint> seen() {
        thread_.request_stop();
        thread_.join();
        return std::move(seen_);
    }

private:
    void watch(const std::stop_token& stop) {
        while (!stop.stop_requested())
            client_.wait_snapshot(Seconds(0.5), [&](const Json& snapshot) {
                const TimePoint now = Clock::now();
                for (const Json& advice : snapshot["advice"])
                    if (advice["rule"] == rule_) seen_.try_emplace(name_in(snapshot, advice), now);
                return stop.stop_requested();
            });
    }
    static std::string name_in(const Json& snapshot, const Json& advice) {
        const Json& id = advice["about"][0]["strip"];
        for (const Json& strip : snapshot["strips"])
            if (strip["id"] == id) return strip["name"].get<std::string>();
        throw std::runtime_error("an advice about a strip that is not there: " + advice.dump());
    }

    std::string rule_;
    test::RpcClient client_;
    std::map<std::string, TimePoint> seen_;
    std::jthread thread_;
};

Samples latencies(Desktop& desktop, const Planted& planted, int first, int count) {
    std::mt19937 random(7);
    std::uniform_int_distribution<int> pause_ms(120, 360);
    std::map<std::string, TimePoint> sent;
    AdviceWatch watch(desktop, planted.rule);
    for (int i = first; i < first + count; ++i) {
        const std::string strip = "Track " + std::to_string(i);
        desktop.pass(Seconds(pause_ms(random) / 1000.0));
        sent[strip] = desktop.host.plant(strip, planted.level);
        if (i - first >= 8) desktop.host.unplant("Track " + std::to_string(i - 8));
    }
    const double hold = hold_ms(planted.rule);
    desktop.pass(Seconds(hold / 1000.0 + 1.0));
    for (int i = first; i < first + count; ++i) desktop.host.unplant("Track " + std::to_string(i));
    const auto seen = watch.seen();
    Samples samples;
    for (const auto& [strip, at] : sent) {
        INFO(strip);
        REQUIRE(seen.contains(strip));
        samples.add(milliseconds(seen.at(strip) - at) - hold);
    }
    return samples;
}

} // namespace

TEST_CASE("a level on the wire is an advice on the socket soon after the rule's own time") {
    Desktop desktop(62, 20.0);
    desktop.play();
    desktop.pass(Seconds(1));
    const std::string bar = "p95 150 ms";
    Samples clipping = latencies(desktop, {"clipping-strip", 1.0F}, 1, 50);
    report("wire to advice, 64 strips at 20 frames/s, less the rule's 300 ms",
           clipping.summary("ms", 1), bar);
    desktop.pass(Seconds(9));
    Samples hot = latencies(desktop, {"hot-track", -1.0F}, 1, 50);
    report("wire to advice, 64 strips at 20 frames/s, less the rule's 1 s", hot.summary("ms", 1),
           bar);
    CHECK(desktop.rpc().call("status")["traffic"]["dropped"] == 0);
}
