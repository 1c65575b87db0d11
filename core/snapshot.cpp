#include "core/snapshot.h"

namespace prefade {

Session for_views(const Session& session) {
    Session copy;
    copy.host = session.host;
    copy.epoch = session.epoch;
    copy.transport = session.transport;
    copy.markers = session.markers;
    copy.masking = session.masking;
    copy.strips.reserve(session.strips.size());
    for (const Strip& strip : session.strips) {
        Strip s;
        s.id = strip.id;
        s.name = strip.name;
        s.name_is_short = strip.name_is_short;
        s.kind = strip.kind;
        s.role = strip.role;
        s.role_set_by_user = strip.role_set_by_user;
        s.position = strip.position;
        s.since_epoch = strip.since_epoch;
        s.hidden = strip.hidden;
        s.trim = strip.trim;
        s.fader = strip.fader;
        s.trim_moved_at = strip.trim_moved_at;
        s.fader_moved_at = strip.fader_moved_at;
        s.pan = strip.pan;
        s.automation = strip.automation;
        s.mute = strip.mute;
        s.solo = strip.solo;
        s.arm = strip.arm;
        s.touched = strip.touched;
        s.hand_at = strip.hand_at;
        s.sends = strip.sends;
        s.meters = strip.meters;
        for (const Insert& insert : strip.inserts)
            s.inserts.push_back(
                {insert.id, insert.plugin, insert.slot, insert.since_epoch, insert.bypassed, {}});
        copy.strips.push_back(std::move(s));
    }
    return copy;
}

} // namespace prefade
