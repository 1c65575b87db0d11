// A licence to write for tests below the desk: a session of one control, judged by the real Gate. Nothing
// else can make one.
#pragma once

#include "core/observation.h"
#include "core/session.h"
#include "daemon/gate.h"

#include <bitset>

namespace prefade::test {

inline ApprovedMove approved(MoveId id, const ControlPath& path, const ControlValue& before,
                             const ControlValue& target, Milliseconds glide = {},
                             Source source = Source::user) {
    Session session;
    session.host.state = HostState::connected;
    Strip strip;
    strip.id = path.strip;
    strip.name = "tested";
    if (path.insert()) {
        Parameter parameter;
        parameter.number = path.parameter;
        Insert insert;
        insert.id = path.insert();
        insert.parameters.push_back(parameter);
        strip.inserts.push_back(insert);
    }
    if (path.send()) {
        Send send;
        send.id = path.send();
        strip.sends.push_back(send);
    }
    session.strips.push_back(strip);
    apply(session, {TimePoint{}, ControlChanged{path, before}});
    Capabilities all;
    all.set = ~std::bitset<32>{};
    const Policy policy;
    const GateView view{session, all, policy, Mode::ask, Decibel{}, false};
    Move move;
    move.id = id;
    move.path = path;
    move.target = target;
    move.glide = glide;
    move.source = source;
    move.epoch = session.epoch;
    Verdict verdict;
    const auto approved = Gate::approve(move, view, true, TimePoint{}, verdict);
    PREFADE_ASSERT(approved.has_value(), verdict.reason.c_str());
    return *approved;
}

} // namespace prefade::test
