// An Ardour dialect, the simulated Ardour and a Session, joined without a wire: time runs as a test says.
#pragma once

#include "connectors/ardour/dialect.h"
#include "core/session.h"
#include "tests/support/approved.h"
#include "tests/support/ardour_sim.h"
#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

using namespace std::chrono_literals;

inline HostProfile ardour_profile() {
    return {"ardour", "Ardour", "ardour", {3819}, Decibel{6.0}, Decibel{20.0}};
}

/// Three tracks, a bus, a VCA and the master; plugins on the second and third, a send on the third.
inline void fill(ArdourSim& sim) {
    const SimPlugin compressor{"ACE Compressor",
                               {{"Ratio", 132, 1, 20, 4, "%.3f  ", {}},
                                {"Threshold", 128, -60, 0, -24.5F, "", {}},
                                {"Gain Reduction", 0, 0, 45, 3.5F, "%4.1f", {}},
                                {"Enable", 194, 0, 1, 1, "", {}}}};
    const SimPlugin eq{"ACE EQ",
                       {{"Frequency 1", 132, 20, 20000, 300, "%.0f Hz", {}},
                        {"Gain 1", 128, -20, 20, 1.5F, "%4.1f dB", {}}}};
    const auto track = [](const char* type, const char* name, double db) {
        SimStrip strip;
        strip.type = type;
        strip.name = name;
        strip.gain = gain_of(db);
        return strip;
    };
    sim.add(track("AT", "Kick", -3.2));
    SimStrip bass = track("AT", "Bass", -5.3);
    bass.trim = gain_of(1.5);
    bass.plugins = {compressor};
    sim.add(bass);
    SimStrip vox = track("AT", "Vox", -2.6);
    vox.pan = 0.65F;
    vox.plugins = {eq, compressor};
    vox.sends = {{"Reverb", gain_of(-9.5), true}};
    sim.add(vox);
    sim.add(track("B", "Reverb", -6.5));
    sim.add(track("V", "Drums", 0));
    sim.add(track("MA", "Master", -2));
}

class SimDesk {
public:
    explicit SimDesk(LinkTraits link = {}) : dialect(ardour_profile(), "127.0.0.1:3819", link) {
        fill(sim);
    }

    /// Lets time pass in steps of 5 ms; in each both sides talk until they have nothing left to say.
    void run(Duration span) {
        for (const TimePoint end = now + span; now < end;) {
            now += 5ms;
            sim.tick(now);
            DialectOutput out;
            next_tick = dialect.tick(now, out);
            talk(std::move(out));
        }
    }
    void connect() {
        run(1500ms);
        REQUIRE(session.host.state == HostState::connected);
        REQUIRE(session.strips.size() == 6);
    }
    /// What the dialect puts out is carried out, and what comes back is heard.
    void talk(DialectOutput out) {
        for (int rounds = 0; rounds < 1000; ++rounds) {
            for (const Observation& observation : out.observed) {
                apply(session, observation);
                observed.push_back(observation);
            }
            for (const WireMessage& message : out.to_send) {
                ++sent;
                sim.receive(std::get<OscMessage>(message), now);
            }
            const auto messages = sim.take_sent();
            if (messages.empty()) return;
            out = {};
            for (const OscMessage& message : messages)
                if (!lost(message)) dialect.receive(message, now, out);
        }
        FAIL("the two never stop talking");
    }
    void hear(const OscMessage& message) {
        DialectOutput out;
        dialect.receive(message, now, out);
        talk(std::move(out));
    }

    const Strip& strip(const std::string& name) const {
        for (const Strip& s : session.strips)
            if (s.name == name) return s;
        FAIL("no strip " << name);
        std::abort();
    }
    ControlPath path(const std::string& name, Control control) const {
        return {strip(name).id, control, {}, 0};
    }
    ControlPath path(const std::string& name, const std::string& plugin,
                     std::uint16_t number) const {
        for (const Insert& insert : strip(name).inserts)
            if (insert.plugin == plugin)
                return {strip(name).id, number ? Control::parameter : Control::bypass, insert.id,
                        number};
        FAIL("no plugin " << plugin);
        std::abort();
    }
    ControlPath send_path(const std::string& name, Control control) const {
        return {strip(name).id, control, strip(name).sends.at(0).id, 0};
    }

    Result<void> encode(const ControlPath& to, const ControlValue& target,
                        Milliseconds glide = {}) {
        const auto before = session.value(to);
        DialectOutput out;
        auto result = dialect.encode(
            approved(MoveId{++last_move}, to, before ? *before->value : target, target, glide), now,
            out);
        talk(std::move(out));
        return result;
    }
    /// Everything of one kind that was observed since the last `forget`.
    template <class What> std::vector<What> all() const {
        std::vector<What> found;
        for (const Observation& o : observed)
            if (const auto* what = std::get_if<What>(&o.what)) found.push_back(*what);
        return found;
    }
    void forget() {
        observed.clear();
        sim.heard.clear();
        sent = 0;
    }

    std::function<bool(const OscMessage&)> lost = [](const OscMessage&) {
        return false;
    }; ///< on the way to us
    ArdourSim sim;
    ardour::Dialect dialect;
    Session session;
    std::vector<Observation> observed;
    TimePoint now{1000s}, next_tick{};
    std::uint32_t last_move{0};
    std::uint64_t sent{0};
};

} // namespace prefade::test
