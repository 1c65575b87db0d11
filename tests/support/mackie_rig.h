// A Mackie dialect, a simulated host and a Session, joined without a wire: time runs as a test says.
#pragma once

#include "connectors/mcu/codec.h"
#include "connectors/mcu/dialect.h"
#include "core/session.h"
#include "tests/support/approved.h"
#include "tests/support/catch.h"
#include "tests/support/mackie_host.h"
#include "tests/support/mackie_profile.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

using namespace std::chrono_literals;

inline std::vector<MackieStrip> mackie_strips(std::size_t count) {
    std::vector<MackieStrip> strips;
    for (std::size_t i = 0; i < count; ++i) {
        MackieStrip strip;
        strip.name = "Trk " + std::to_string(i + 1);
        strip.fader = static_cast<std::uint16_t>(6000 + 137 * i);
        strip.mute = i % 5 == 2;
        strip.solo = i == 4;
        strip.arm = i == 1;
        strip.ring = static_cast<std::uint8_t>(1 + i % 11);
        strips.push_back(strip);
    }
    return strips;
}

/// Each of them in turn, in a test of its own.
inline MackieHabits each_habits() {
    return all_habits()[GENERATE(range(std::size_t{0}, std::size_t{4}))];
}

class MackieRig {
public:
    MackieRig(const MackieHabits& habits, std::size_t units, std::vector<MackieStrip> strips)
        : host(habits, units, std::move(strips)),
          dialect(mackie_profile(habits), "here", units) {}

    /// Lets time go by, both ways in order.
    void run(Duration span) {
        for (const TimePoint end = now + span;;) {
            now = std::max(now, std::min({end, next_tick_, host.next_arrival()}));
            for (const MidiMessage& message : host.tell(now)) {
                DialectOutput out;
                dialect.receive(message, now, out);
                take(std::move(out));
            }
            DialectOutput out;
            next_tick_ = dialect.tick(now, out);
            take(std::move(out));
            if (now >= end) return;
        }
    }
    bool wait(Duration limit, const std::function<bool()>& holds) {
        for (const TimePoint end = now + limit; now < end; run(20ms))
            if (holds()) return true;
        return holds();
    }
    /// Until the whole mixer was read.
    void connect() {
        if (host.habits.greeting == MackieHabits::Greeting::none) host.wake(now);
        REQUIRE(wait(60s, [&] {
            return std::count_if(session.strips.begin(), session.strips.end(),
                                 [](const Strip& s) { return s.kind != StripKind::master; })
                   == static_cast<std::ptrdiff_t>(host.strips.size());
        }));
        run(500ms);
    }

    const Strip* find(const std::string& name) const {
        for (const Strip& strip : session.strips)
            if (strip.name == name) return &strip;
        return nullptr;
    }
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const Strip& strip : session.strips)
            if (strip.kind != StripKind::master) all.push_back(strip.name);
        return all;
    }
    std::vector<std::string> expected() const {
        std::vector<std::string> all;
        for (const MackieStrip& strip : host.strips) all.push_back(host.cut(strip.name));
        return all;
    }
    Result<void> encode(const ControlPath& path, const ControlValue& target,
                        Milliseconds glide = {}) {
        const auto before = session.value(path);
        DialectOutput out;
        auto begun = dialect.encode(
            approved(MoveId{++moves_}, path, before ? *before->value : target, target, glide), now,
            out);
        take(std::move(out));
        next_tick_ = now;
        return begun;
    }
    /// The host says this, whatever it shows.
    void hear(const mcu::FromHost& message) {
        DialectOutput out;
        dialect.receive(MidiMessage{mcu::to_bytes(message).value(), 0}, now, out);
        take(std::move(out));
    }
    template <class What> std::vector<What> all() const {
        std::vector<What> found;
        for (const Observation& one : observed)
            if (const auto* what = std::get_if<What>(&one.what)) found.push_back(*what);
        return found;
    }

    MackieHost host;
    mcu::Dialect dialect;
    Session session;
    TimePoint now{1h};
    std::vector<Observation> observed;
    std::vector<MidiMessage> said; ///< by us

private:
    void take(DialectOutput out) {
        for (Observation& one : out.observed) {
            apply(session, one);
            observed.push_back(std::move(one));
        }
        for (WireMessage& message : out.to_send) {
            said.push_back(std::get<MidiMessage>(message));
            host.hear(said.back(), now);
        }
    }
    TimePoint next_tick_{};
    std::uint32_t moves_{0};
};

} // namespace prefade::test
