// Measures of measures.toml that this session can tell, by its meters.
#include "knowledge/answer_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace prefade {

namespace {

/// A measure that is one peak over another, as measures.toml describes it in words.
struct PeakMeasure {
    std::string_view id;
    std::array<std::string_view, 4> roles;
    std::array<std::string_view, 4> over; ///< none: the loudest of the rest
    bool mean;
};
constexpr std::array<PeakMeasure, 8> peak_measures{{
    {"vocal-over-rest", {"lead vocal"}, {}, true},
    {"backing-under-lead", {"backing vocal"}, {"lead vocal"}, true},
    {"return-under-vocal", {"reverb", "delay"}, {"lead vocal"}, false},
    {"drums-over-rest", {"drums", "kick", "snare", "toms"}, {}, false},
    {"snare-over-kick", {"snare"}, {"kick"}, false},
    {"bass-over-kick", {"bass", "synth bass"}, {"kick"}, false},
    {"cymbals-over-snare", {"overheads", "hi-hat"}, {"snare"}, false},
    {"guitars-under-vocal",
     {"electric guitar", "acoustic guitar", "keys", "piano"},
     {"lead vocal"},
     false},
}};

bool is_of(const std::array<std::string_view, 4>& roles, std::string_view role) {
    return !role.empty() && std::find(roles.begin(), roles.end(), role) != roles.end();
}

template <class Wanted>
std::optional<double> loudest(const Composition& c, bool mean, Wanted wanted) {
    std::optional<double> most;
    for (const Strip& strip : c.facts.session->strips) {
        if (strip.kind == StripKind::master || strip.kind == StripKind::monitor || !wanted(strip))
            continue;
        if (strip.mute.value.value_or(false)) continue;
        const auto peak = peak_of(strip, c.facts.now, heard_span, mean);
        if (peak) most = std::max(most.value_or(*peak), *peak);
    }
    return most;
}

} // namespace

std::optional<double> peak_of(const Strip& strip, TimePoint now, Duration span, bool mean) {
    for (const Tap tap : {Tap::post_fader, Tap::pre_fader, Tap::unknown}) {
        std::optional<double> peak;
        for (const Meter& meter : strip.meters) {
            const bool is_peak = meter.latest.kind == MeterKind::sample_peak
                                 || meter.latest.kind == MeterKind::true_peak;
            if (!is_peak || meter.latest.tap != tap) continue;
            const auto value =
                mean ? meter.recent.mean(now, span) : meter.recent.maximum(now, span);
            if (value && std::isfinite(*value) && *value > -90.0)
                peak = std::max(peak.value_or(*value), *value);
        }
        if (peak) return peak;
    }
    return std::nullopt;
}

std::optional<double> measured(const Composition& c, std::string_view measure) {
    if (!c.facts.session) return std::nullopt;
    for (const PeakMeasure& one : peak_measures) {
        if (one.id != measure) continue;
        const auto of =
            loudest(c, one.mean, [&](const Strip& s) { return is_of(one.roles, s.role); });
        const bool rest = one.over.front().empty();
        const auto over = loudest(c, one.mean, [&](const Strip& s) {
            return rest ? !is_of(one.roles, s.role) && s.kind == StripKind::audio_track
                        : is_of(one.over, s.role);
        });
        if (of && over) return *of - *over;
    }
    return std::nullopt;
}

} // namespace prefade
