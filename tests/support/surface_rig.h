// A surface's dialect, a simulated host and a Session, joined without a wire: time runs as a test says. What is one
// protocol's own stands in mackie_rig.h and hui_rig.h.
#pragma once

#include "connectors/mcu/dialect.h"
#include "core/session.h"
#include "tests/support/approved.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

using namespace std::chrono_literals;

/// `Host` hears, tells and says when its next message arrives; a host with deadlines of its own is ticked too.
template <class Host> class SurfaceRig {
public:
    /// Lets time go by, both ways in order.
    void run(Duration span) {
        for (const TimePoint end = now + span;;) {
            now = std::max(now, std::min({end, next_tick_, host.next_arrival(), host_deadline()}));
            if constexpr (has_deadlines)
                if (is_there) host.tick(now);
            for (const MidiMessage& message : host.tell(now)) receive(message);
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

    const Strip* find(const std::string& name) const {
        for (const Strip& strip : session.strips)
            if (strip.name == name) return &strip;
        return nullptr;
    }
    ControlPath path(const std::string& strip, Control control) const {
        REQUIRE(find(strip));
        return {find(strip)->id, control, {}, 0};
    }
    /// Of the mixer's strips; the master's fader is beside the banks.
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const Strip& strip : session.strips)
            if (strip.kind != StripKind::master) all.push_back(strip.name);
        return all;
    }
    std::vector<std::string> expected() const {
        std::vector<std::string> all;
        for (const auto& strip : host.strips) all.push_back(host.cut(strip.name));
        return all;
    }
    Result<void> encode(const ControlPath& path, const ControlValue& target,
                        Milliseconds glide = {}) {
        const auto before = session.value(path);
        DialectOutput out;
        auto begun = dialect.encode(approved(MoveId{++moves_}, path,
                                             before && before->value ? *before->value : target,
                                             target, glide, source),
                                    now, out);
        take(std::move(out));
        next_tick_ = now;
        return begun;
    }
    void halt() {
        DialectOutput out;
        dialect.halt(std::nullopt, now, out);
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

    Host host;
    mcu::Dialect dialect;
    Session session;
    TimePoint now{1h};
    Source source{Source::user}; ///< of the moves
    bool is_there{true};         ///< the host runs
    std::vector<Observation> observed;
    std::vector<MidiMessage> said; ///< by us
    /// What happens at the host while a message of ours is on its way.
    std::function<void(const MidiMessage&)> on_the_way;

protected:
    template <class... Arguments>
    explicit SurfaceRig(Host made, Arguments&&... of_dialect)
        : host(std::move(made)),
          dialect(std::forward<Arguments>(of_dialect)...) {}

    void receive(const MidiMessage& message) {
        DialectOutput out;
        dialect.receive(message, now, out);
        take(std::move(out));
    }

private:
    static constexpr bool has_deadlines = requires(Host & h) { h.next_deadline(); };

    TimePoint host_deadline() const {
        if constexpr (has_deadlines)
            if (is_there) return host.next_deadline();
        return TimePoint::max();
    }
    void take(DialectOutput out) {
        for (Observation& one : out.observed) {
            apply(session, one);
            observed.push_back(std::move(one));
        }
        for (WireMessage& message : out.to_send) {
            said.push_back(std::get<MidiMessage>(message));
            if (const auto during = on_the_way) during(said.back()); // which may end itself
            if (is_there) host.hear(said.back(), now);
        }
    }
    TimePoint next_tick_{};
    std::uint32_t moves_{0};
};

} // namespace prefade::test
