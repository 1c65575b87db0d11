// Who hides whom, live: takes the spectra that a source brings, stretch by stretch, and tells the conflicts of the last
// while twice a second. Tracks alone count: in a bus is what is in its tracks. Pure; desk thread.
#pragma once

#include "analysis/masking.h"
#include "core/brief.h"
#include "core/observation.h"
#include "knowledge/priorities.h"

#include <optional>
#include <vector>

namespace prefade {

class MaskingWatch {
public:
    /// What was heard counts for about so long: a section of a song, not the song.
    static constexpr Milliseconds memory{15'000.0};
    /// Before so much was heard nothing is said of it.
    static constexpr Duration least = std::chrono::seconds(4);
    static constexpr Duration pause = std::chrono::milliseconds(500); ///< from news to news

    explicit MaskingWatch(Priorities priorities) : priorities_(std::move(priorities)) {}

    /// All conflicts there are, when that is due. Strips with the role of a click or a reference are left out.
    std::optional<MaskingHeard> hear(const SpectraHeard& heard, const Session& session,
                                     const Brief& brief, TimePoint now);
    void forget() { meter_.reset(); }

private:
    std::optional<MaskingHeard> told(const Session& session, const Brief& brief, TimePoint now);

    Priorities priorities_;
    std::optional<MaskingMeter> meter_;
    std::vector<StripId> strips_; ///< what the meter's are
    double seconds_{0.0};         ///< of one stretch
    std::vector<BandEnergies> frame_;
    double heard_{0.0}; ///< seconds so far
    TimePoint next_{};
};

} // namespace prefade
