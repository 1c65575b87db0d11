#include "connectors/demo/ears.h"

#include "connectors/demo/song.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace prefade::demo {

bool Ears::fits(const Mixer& mixer) const {
    return std::equal(strips_.begin(), strips_.end(), mixer.strips().begin(), mixer.strips().end(),
                      [](const Strip& own, const MixerStrip& strip) { return own.id == strip.id; });
}

/// All at once, so that their stretches end together.
void Ears::set_up(const Mixer& mixer) {
    std::vector<Strip> before = std::exchange(strips_, {});
    for (const MixerStrip& strip : mixer.strips()) {
        const std::size_t channels = strip.stereo() ? 2 : 1;
        auto bands = BandMeter::make(channels, sample_rate);
        auto loudness = LoudnessMeter::make(default_layout(channels), sample_rate);
        const auto known = std::find_if(before.begin(), before.end(), [&](const Strip& own) {
            return own.id == strip.id && own.is_stereo == strip.stereo();
        });
        if (known != before.end()) loudness = std::move(known->loudness); // an hour of it counts
        strips_.push_back({strip.id, strip.stereo(), std::move(*bands), std::move(*loudness)});
    }
}

void Ears::listen(const Mixer& mixer) {
    if (!fits(mixer)) set_up(mixer);
    spectra_.clear();
    for (std::size_t i = 0; i < strips_.size(); ++i) {
        Strip& own = strips_[i];
        const auto [left, right] = mixer.after_fader(i);
        interleaved_.clear();
        for (std::size_t k = 0; k < left.size(); ++k) {
            interleaved_.push_back(left[k]);
            if (own.is_stereo) interleaved_.push_back(right[k]);
        }
        own.bands.add(interleaved_, [&](const BandEnergies& energies) {
            spectra_.push_back({own.id, energies});
        });
        own.loudness.add(interleaved_);
    }
}

double Ears::seconds() const {
    return strips_.empty() ? 0.0 : 1.0 / strips_.front().bands.frames_per_second();
}

std::vector<Ears::Loudness> Ears::loudness() const {
    std::vector<Loudness> all;
    for (const Strip& own : strips_) {
        const ProgrammeLoudness& heard = own.loudness.loudness();
        const auto tell = [&](MeterKind kind, const auto& value) {
            if (value) all.push_back({own.id, kind, static_cast<float>(value->value())});
        };
        tell(MeterKind::lufs_momentary, heard.momentary());
        tell(MeterKind::lufs_short_term, heard.short_term());
        tell(MeterKind::lufs_integrated, heard.integrated());
        tell(MeterKind::true_peak, heard.true_peak());
    }
    return all;
}

} // namespace prefade::demo
