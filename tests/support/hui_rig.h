// HUI's dialect, a simulated Pro Tools and a Session, joined without a wire: time runs as a test says.
#pragma once

#include "connectors/hui/protocol.h"
#include "connectors/mcu/dialect.h"
#include "core/session.h"
#include "tests/support/approved.h"
#include "tests/support/catch.h"
#include "tests/support/hui_host.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

using namespace std::chrono_literals;

/// As config/hosts/protools.toml, with a law: as after a calibration.
inline HostProfile hui_profile(const HuiHabits& habits) {
    HostProfile profile;
    profile.name = "protools";
    profile.title = habits.name;
    profile.dialect = "hui";
    profile.surface.law =
        *FaderLaw::of({{-60, 647}, {-30, 3307}, {-10, 8362}, {0, 12'808}, {12, 16'383}});
    profile.surface.meter_levels = {-std::numeric_limits<double>::infinity(),
                                    -60,
                                    -50,
                                    -40,
                                    -30,
                                    -20,
                                    -14,
                                    -10,
                                    -8,
                                    -6,
                                    -4,
                                    -2,
                                    0};
    profile.surface.longest_silence = 3s;
    profile.surface.last_bank_shifted = habits.last_bank == HuiHabits::LastBank::shifted;
    return profile;
}

inline std::vector<HuiStrip> hui_strips(std::size_t count) {
    std::vector<HuiStrip> strips;
    for (std::size_t i = 0; i < count; ++i) {
        HuiStrip strip;
        strip.name = "T" + std::to_string(i + 1);
        strip.fader = static_cast<std::uint16_t>(6000 + 137 * i);
        strip.mute = i % 5 == 2;
        strip.solo = i == 4;
        strip.arm = i == 1;
        strip.ring = static_cast<std::uint8_t>(1 + i % 11);
        strips.push_back(strip);
    }
    return strips;
}

/// The habits that differ, one by one and together.
inline std::vector<HuiHabits> hui_habits() {
    std::vector<HuiHabits> all(5);
    all[1].last_bank = HuiHabits::LastBank::partial;
    all[1].latches_zone = true;
    all[2].shows_level = true;
    all[3].packs_names = all[3].pings_as_note_off = true;
    all[4].shows_level = all[4].latches_zone = all[4].packs_names = all[4].hints_automation = true;
    all[4].latency = 100ms;
    for (std::size_t i = 0; i < all.size(); ++i) all[i].name = "Pro Tools " + std::to_string(i);
    return all;
}

class HuiRig {
public:
    HuiRig(const HuiHabits& habits, std::size_t units, std::vector<HuiStrip> strips)
        : HuiRig(habits, hui_profile(habits), units, std::move(strips)) {}
    HuiRig(const HuiHabits& habits, const HostProfile& profile, std::size_t units,
           std::vector<HuiStrip> strips)
        : host(habits, units, std::move(strips)),
          dialect(profile, "here", units, hui::protocol(units)) {}

    /// Lets time go by, both ways in order.
    void run(Duration span) {
        for (const TimePoint end = now + span;;) {
            now = std::max(now, std::min({end, next_tick_, host.next_arrival(),
                                          is_there ? host.next_deadline() : TimePoint::max()}));
            if (is_there) host.tick(now);
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
        REQUIRE(wait(60s, [&] { return session.strips.size() == host.strips.size(); }));
        run(500ms);
    }

    const Strip* find(const std::string& name) const {
        for (const Strip& strip : session.strips)
            if (strip.name == name) return &strip;
        return nullptr;
    }
    ControlPath path(const std::string& strip, Control control) const {
        REQUIRE(find(strip));
        return {find(strip)->id, control, {}, 0};
    }
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const Strip& strip : session.strips) all.push_back(strip.name);
        return all;
    }
    std::vector<std::string> expected() const {
        std::vector<std::string> all;
        for (const HuiStrip& strip : host.strips) all.push_back(host.cut(strip.name));
        return all;
    }
    Result<void> encode(const ControlPath& path, const ControlValue& target,
                        Milliseconds glide = {}) {
        const auto before = session.value(path);
        DialectOutput out;
        auto begun = dialect.encode(approved(MoveId{++moves_}, path,
                                             before && before->value ? *before->value : target,
                                             target, glide),
                                    now, out);
        take(std::move(out));
        next_tick_ = now;
        return begun;
    }
    void hear(const std::vector<std::uint8_t>& bytes, std::uint8_t unit = 0) {
        DialectOutput out;
        dialect.receive(MidiMessage{bytes, unit}, now, out);
        take(std::move(out));
    }
    template <class What> std::vector<What> all() const {
        std::vector<What> found;
        for (const Observation& one : observed)
            if (const auto* what = std::get_if<What>(&one.what)) found.push_back(*what);
        return found;
    }
    /// All ends of moves so far.
    std::size_t ends() const {
        return all<WriteProved>().size() + all<WriteSuperseded>().size()
               + all<WriteRefused>().size() + all<WriteUnproved>().size()
               + all<WriteFailed>().size();
    }

    HuiHost host;
    mcu::Dialect dialect;
    Session session;
    TimePoint now{1h};
    bool is_there{true}; ///< the host runs
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
            if (is_there) host.hear(said.back(), now);
        }
    }
    TimePoint next_tick_{};
    std::uint32_t moves_{0};
};

} // namespace prefade::test
