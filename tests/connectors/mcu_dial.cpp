// A pot that is turned to a value while nobody knows what a tick of it does: Dial, against scales as plug-ins have them.
#include "connectors/mcu/dial.h"
#include "tests/support/catch.h"

#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace prefade;
using namespace std::chrono_literals;

namespace {

/// A parameter as its display shows it.
struct Scale {
    std::string name;
    double low, high;
    enum class Kind { linear, ratio, square } kind;
    double step; ///< of its text
    double at(double part) const {
        if (kind == Kind::ratio) return low * std::pow(high / low, part);
        return low + (high - low) * (kind == Kind::square ? part * part : part);
    }
    double part_of(double value) const {
        if (kind == Kind::ratio) return std::log(value / low) / std::log(high / low);
        const double part = (value - low) / (high - low);
        return kind == Kind::square ? std::sqrt(part) : part;
    }
    double shown(double part) const { return std::round(at(part) / step) * step; }
};

const std::vector<Scale> scales = {
    {"threshold", -60.0, 0.0, Scale::Kind::linear, 0.1},
    {"gain", -20.0, 20.0, Scale::Kind::linear, 0.01},
    {"ratio", 1.0, 20.0, Scale::Kind::ratio, 0.01},
    {"frequency", 20.0, 20'000.0, Scale::Kind::ratio, 0.1},
    {"attack", 0.1, 100.0, Scale::Kind::ratio, 0.001},
    {"mix", 0.0, 1.0, Scale::Kind::linear, 0.001},
    {"time", 0.0, 2000.0, Scale::Kind::square, 0.1},
    {"falling", 100.0, 0.0, Scale::Kind::linear, 0.1},
};

struct Turned {
    mcu::Dial::State state;
    double part;
    int turns;
    Duration took;
    std::optional<int> ticks; ///< in sum
    double beyond;            ///< start and target, of 1, at most
};

/// A host that paints within 30 ms, by ticks of 1/63 of the way.
Turned turned(const Scale& scale, double from, double target,
              const std::function<double(int, double)>& hand = {}, std::optional<int> back = {}) {
    TimePoint now{1h};
    const TimePoint begun = now;
    double part = from;
    mcu::Dial dial(target, {0.0, scale.step, {}}, scale.shown(from), target - scale.shown(from),
                   now);
    if (back) dial.turn_back(*back);
    int turns = 0;
    const double to = std::clamp(scale.part_of(target), 0.0, 1.0);
    double beyond = 0.0;
    while (!dial.is_over() && turns < 100) {
        if (const int ticks = dial.tick(now); ticks != 0) {
            ++turns;
            const double was = scale.shown(part);
            const double before = part;
            part = std::clamp(part + ticks / 63.0, 0.0, 1.0);
            if (hand) part = hand(turns, part);
            now += 30ms;
            beyond = std::max({beyond, std::min(from, to) - part, part - std::max(from, to)});
            if (part != before) dial.painted(now);
            if (scale.shown(part) != was) dial.shown(scale.shown(part), now);
        }
        now += 10ms;
    }
    return {dial.state(), part, turns, now - begun, dial.turned(), beyond};
}

} // namespace

TEST_CASE("a tick that nobody knows is learnt, and the pot comes as near as it can, in time") {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> anywhere(0.0, 1.0);
    for (const Scale& scale : scales) {
        int most = 0;
        for (int i = 0; i < 400; ++i) {
            const double from = anywhere(random), to = anywhere(random);
            const double target = scale.shown(to);
            INFO(scale.name << " from " << scale.shown(from) << " to " << target);
            const Turned is = turned(scale, from, target);
            REQUIRE(is.state == mcu::Dial::State::arrived);
            // Half a tick, or one more where ticks grow by no law that it knows, and what the rounding of the text may hide.
            const double blur = std::abs(
                scale.part_of(std::max(std::min(scale.low, scale.high), target - scale.step))
                - scale.part_of(target));
            const double ticks = scale.kind == Scale::Kind::square ? 1.5 : 0.65;
            CHECK(std::abs(is.part - scale.part_of(target)) <= ticks / 63.0 + 2.0 * blur + 0.002);
            CHECK(is.took < 1700ms);
            CHECK(is.beyond <= (scale.kind == Scale::Kind::square ? 0.2 : 0.1));
            most = std::max(most, is.turns);
        }
        INFO(scale.name << ": " << most << " turns at most");
        CHECK(most <= 12);
    }
}

TEST_CASE("what was turned by ticks comes back to where it stood by ticks") {
    std::mt19937 random(8);
    std::uniform_real_distribution<double> anywhere(0.0, 1.0);
    int exact = 0;
    for (const Scale& scale : scales)
        for (int i = 0; i < 200; ++i) {
            const double from = anywhere(random),
                         target = scale.shown(0.1 + 0.8 * anywhere(random));
            INFO(scale.name << " from " << scale.shown(from) << " to " << target);
            const Turned there = turned(scale, from, target);
            if (!there.ticks) continue;
            const Turned back = turned(scale, there.part, scale.shown(from), {}, there.ticks);
            CHECK(std::abs(back.part - from) <= 1.0 / 63.0);
            CHECK(back.beyond <= 0.03);
            const bool is_exact = std::abs(back.part - from) < 1e-9;
            exact += is_exact || scale.kind == Scale::Kind::square ? 1 : 0;
            if (is_exact) CHECK(back.turns <= 1);
        }
    CHECK(
        exact
        >= 1568); // 98 %: of the rest, and of what grows by no law, an end of the scale has swallowed a tick
}

TEST_CASE("who wants to go beyond an end ends where it began") {
    for (const Scale& scale : scales) {
        const double beyond = scale.high + (scale.high - scale.low) * 0.5;
        INFO(scale.name << " to " << beyond);
        const Turned is = turned(scale, 0.4, beyond);
        CHECK(is.state == mcu::Dial::State::given_up);
        CHECK(std::abs(is.part - 0.4) <= 1.0 / 63.0);
        CHECK(is.took < 1700ms);
    }
}

TEST_CASE("whatever a hand does on the way, there is where the target is") {
    std::mt19937 random(9);
    std::uniform_real_distribution<double> anywhere(0.0, 1.0);
    for (const Scale& scale : scales)
        for (int i = 0; i < 400; ++i) {
            const double from = anywhere(random), to = anywhere(random), by = anywhere(random);
            const int at = 1 + static_cast<int>(random() % 6);
            const double target = scale.shown(to);
            INFO(scale.name << " from " << scale.shown(from) << " to " << target << ", at turn "
                            << at << " to " << scale.shown(by));
            const Turned is = turned(scale, from, target,
                                     [&](int turn, double part) { return turn == at ? by : part; });
            CHECK(is.state != mcu::Dial::State::turning);
            if (is.state != mcu::Dial::State::arrived) continue;
            const double tick =
                std::max(std::abs(scale.at(is.part + 1.0 / 63.0) - scale.at(is.part)),
                         std::abs(scale.at(is.part - 1.0 / 63.0) - scale.at(is.part)));
            CHECK(std::abs(scale.shown(is.part) - target) <= 1.5 * tick + 2.0 * scale.step);
        }
}

TEST_CASE("a pot whose text is too coarse to show a turn is turned back") {
    TimePoint now{1h};
    mcu::Dial dial(1.0, {0.0, 1.0, {}}, 0.0, 1.0, now);
    int sum = 0;
    for (int i = 0; i < 300 && !dial.is_over(); ++i, now += 10ms)
        if (const int ticks = dial.tick(now); ticks != 0) {
            sum += ticks;
            dial.painted(now); // its ring moves
        }
    CHECK(dial.state() == mcu::Dial::State::given_up);
    CHECK(sum == 0);
}

TEST_CASE("a pot that shows nothing is tried a few times, and left") {
    TimePoint now{1h};
    mcu::Dial dial(5.0, {0.0, 0.1, {}}, 1.0, 4.0, now);
    int sum = 0;
    for (int i = 0; i < 300 && !dial.is_over(); ++i, now += 10ms) sum += dial.tick(now);
    CHECK(dial.state() == mcu::Dial::State::given_up);
    CHECK(sum <= 20);
}

TEST_CASE("a pot that another hand turns the other way is let go") {
    for (const Scale& scale : scales) {
        INFO(scale.name);
        const Turned is = turned(scale, 0.2, scale.at(0.9),
                                 [](int turn, double part) { return turn == 3 ? 0.05 : part; });
        CHECK(is.state == mcu::Dial::State::in_hand);
        CHECK(is.turns == 3);
    }
}
