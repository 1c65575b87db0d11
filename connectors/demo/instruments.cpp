#include "connectors/demo/instruments.h"

#include "connectors/demo/track.h"

#include <algorithm>

namespace prefade::demo {
namespace {

/// The mains and its overtones, as they come through a cable without a screen; one second is 50 whole waves.
std::vector<float> hum() {
    std::vector<float> samples(sample_rate);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double t = 2.0 * std::numbers::pi * 50.0 * static_cast<double>(i) / sample_rate;
        samples[i] =
            static_cast<float>(std::sin(t) + 0.6 * std::sin(2.0 * t) + 0.35 * std::sin(3.0 * t)
                               + 0.12 * std::sin(5.0 * t) + 0.06 * std::sin(7.0 * t));
    }
    return samples;
}

std::vector<float> played(Instrument instrument, int bars) {
    if (instrument == Instrument::hum) return hum();
    Track track(bars);
    switch (instrument) {
    case Instrument::kick: play_kick(track); break;
    case Instrument::snare: play_snare(track); break;
    case Instrument::hats: play_hats(track); break;
    case Instrument::overheads: play_overheads(track); break;
    case Instrument::bass: play_bass(track); break;
    case Instrument::guitar_left: play_guitar(track, true); break;
    case Instrument::guitar_right: play_guitar(track, false); break;
    case Instrument::keys: play_keys(track); break;
    case Instrument::pad: play_pad(track); break;
    case Instrument::lead: sing_lead(track); break;
    case Instrument::backing_high: sing_backing(track, true); break;
    case Instrument::backing_low: sing_backing(track, false); break;
    case Instrument::hum: break;
    }
    return std::move(track.samples());
}

} // namespace

std::vector<std::int16_t> record(Instrument instrument, int bars) {
    const std::vector<float> samples = played(instrument, bars);
    float peak = 0.0F;
    for (const float sample : samples) peak = std::max(peak, std::abs(sample));
    const float gain = peak > 0.0F ? 0.5F * 32767.0F / peak : 0.0F;
    std::vector<std::int16_t> recorded(samples.size());
    std::transform(samples.begin(), samples.end(), recorded.begin(), [&](float sample) {
        return static_cast<std::int16_t>(std::lround(sample * gain));
    });
    return recorded;
}

} // namespace prefade::demo
