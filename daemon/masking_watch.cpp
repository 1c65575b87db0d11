#include "daemon/masking_watch.h"

#include <algorithm>

namespace prefade {
namespace {

bool counts(const Strip& strip) {
    const bool is_track =
        strip.kind == StripKind::audio_track || strip.kind == StripKind::midi_track;
    return is_track && strip.role != "click" && strip.role != "reference";
}

std::vector<StripId> tracks_of(const SpectraHeard& heard, const Session& session) {
    std::vector<StripId> tracks;
    for (const SpectraHeard::Entry& entry : heard.strips)
        if (const Strip* strip = session.find(entry.strip); strip && counts(*strip))
            tracks.push_back(entry.strip);
    return tracks;
}

} // namespace

std::optional<MaskingHeard> MaskingWatch::hear(const SpectraHeard& heard, const Session& session,
                                               const Brief& brief, TimePoint now) {
    auto tracks = tracks_of(heard, session);
    if (!(heard.seconds > 0.0) || tracks.size() > MaskingMeter::most_strips) return std::nullopt;
    if (!meter_ || tracks != strips_ || heard.seconds != seconds_) {
        strips_ = std::move(tracks);
        seconds_ = heard.seconds;
        meter_.emplace(strips_.size(), 1.0 / seconds_, memory);
        frame_.assign(strips_.size(), {});
        heard_ = 0.0;
    }
    std::size_t at = 0;
    for (const SpectraHeard::Entry& entry : heard.strips)
        if (at < strips_.size() && entry.strip == strips_[at]) frame_[at++] = entry.energies;
    meter_->add(frame_);
    heard_ += seconds_;
    if (now < next_ || heard_ < std::chrono::duration<double>(least).count()) return std::nullopt;
    next_ = now + pause;
    return told(session, brief, now);
}

std::optional<MaskingHeard> MaskingWatch::told(const Session& session, const Brief& brief,
                                               TimePoint now) {
    std::vector<double> priorities;
    for (const StripId id : strips_)
        priorities.push_back(priorities_.of(session.find(id)->role, brief.genre));
    MaskingHeard news;
    for (const Conflict& c : meter_->conflicts(priorities)) {
        Masking conflict;
        conflict.masker = strips_[c.masker];
        conflict.target = strips_[c.target];
        conflict.low = c.low;
        conflict.centre = c.centre;
        conflict.high = c.high;
        conflict.together = c.together;
        conflict.share = c.share;
        conflict.depth = c.depth;
        conflict.mover = strips_[c.mover];
        conflict.gain = c.move.gain;
        conflict.q = c.move.q;
        conflict.share_after = c.share_after;
        conflict.since = conflict.at = now;
        news.conflicts.push_back(conflict);
    }
    return news;
}

} // namespace prefade
