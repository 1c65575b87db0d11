// A session to play rules on: strips by number from 1, time in seconds from a start well after the
// clock's zero, everything told through `apply` as a host would.
#pragma once

#include "core/observation.h"
#include "knowledge/evaluator.h"
#include "tests/support/catch.h"

#include <string>

namespace prefade::test {

inline constexpr TimePoint opening{std::chrono::seconds(1000)};

inline TimePoint at(double seconds) {
    return opening + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

class Playground {
public:
    Playground() {
        tell(HostFound{"playground", "", ""}, 0.0);
        roll(true, 0.0);
    }

    void tell(Happening what, double seconds) { apply(session, {at(seconds), std::move(what)}); }
    void roll(bool on, double seconds) { tell(TransportChanged{on, false, {}}, seconds); }

    /// Adds a strip behind the others.
    StripId add(const std::string& name, StripKind kind = StripKind::audio_track,
                const std::string& role = "") {
        StripsListed listed;
        for (const Strip& s : session.strips)
            listed.strips.push_back({s.id, s.name, false, s.kind, false, false});
        const StripId id{++last_};
        listed.strips.push_back({id, name, false, kind, false, false});
        listed.structure_changed = true;
        tell(listed, 0.0);
        session.strips.back().role = role;
        return id;
    }
    void remove(StripId id) {
        StripsListed listed;
        for (const Strip& s : session.strips)
            if (s.id != id) listed.strips.push_back({s.id, s.name, false, s.kind, false, false});
        listed.structure_changed = true;
        tell(listed, 0.0);
    }
    void set(StripId strip, Control control, ControlValue value, double seconds) {
        tell(ControlChanged{{strip, control}, value}, seconds);
    }
    void meter(StripId strip, double level, double seconds, double resolution = 0.1,
               Tap tap = Tap::post_fader) {
        tell(Metered{strip,
                     {MeterKind::sample_peak, Channel::sum, tap, level, Decibel{resolution},
                      at(seconds)}},
             seconds);
    }

    Session session;
    Brief brief;

private:
    std::uint32_t last_{0};
};

/// A rule on sample peaks with the given keys; `keys` are TOML lines before the tables.
inline std::string peak_rule(const std::string& keys, const std::string& tables = "") {
    return R"(
id = "loud"
severity = "caution"
confidence = "EXPERTISE"
source = "a test"
says = '"{strip.name}" at {peak_hold(1 s)}'
)" + keys + R"(
[needs]
reading = "sample_peak"
tap = "post_fader"
max_age = "500 ms"
coarsest = "1 dB"
rolling = true
[[evidence]]
measure = "peak"
value = 'peak_hold(1 s)'
[[suggests]]
control = "fader"
delta = '-6 dBFS - peak_hold(1 s)'
[[case]]
name = "fires"
[[case.strip]]
name = "X"
fader = "0 dB"
meter = "-1 dBFS"
[[case.expect]]
at = "3 s"
fires = ["X"]
[[case]]
name = "stays silent"
[[case.strip]]
name = "X"
meter = "-20 dBFS"
[[case.expect]]
at = "3 s"
fires = []
)" + tables;
}

inline RuleBook book_of(const std::string& text, const std::string& id = "loud") {
    LoadedRules loaded = RuleBook::parse(text, "rules/" + id + ".toml");
    for (const Error& error : loaded.errors) FAIL_CHECK(error.where << ": " << error.message);
    REQUIRE(loaded.book.rules().size() == 1);
    return loaded.book;
}

} // namespace prefade::test
