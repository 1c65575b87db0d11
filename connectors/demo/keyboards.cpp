// An electric piano and a slow pad.
#include "connectors/demo/track.h"

#include <algorithm>
#include <array>

namespace prefade::demo {
namespace {

using std::numbers::pi;

/// Two operators for the tine's tone and two for its attack, as electric pianos have been made of since 1983.
void piano_note(Track& track, std::int64_t frame, std::int64_t length, double hz, float level) {
    const double step = 2.0 * pi * hz / sample_rate;
    Decay tone(1.1), bite(0.25), tine(0.06);
    double phase = 0.0;
    for (std::int64_t i = 0; i < length; ++i) {
        phase += step;
        const double body = std::sin(phase + 1.4 * bite.next() * std::sin(phase));
        const double attack = 0.25 * tine.next() * std::sin(phase + 0.9 * std::sin(14.0 * phase));
        const double shape = std::min(
            {1.0, static_cast<double>(i) / 60.0, static_cast<double>(length - i) / 1800.0});
        track.add(frame + i, level * static_cast<float>((body * tone.next() + attack) * shape));
    }
}

/// A saw without what would fold down: its step rounded by two parabolas (PolyBLEP).
struct Saw {
    double phase, step;
    double next() {
        phase += step;
        if (phase >= 1.0) phase -= 1.0;
        double value = 2.0 * phase - 1.0;
        if (phase < step) {
            const double t = phase / step;
            value -= t + t - t * t - 1.0;
        } else if (phase > 1.0 - step) {
            const double t = (phase - 1.0) / step;
            value -= t * t + t + t + 1.0;
        }
        return value;
    }
};

} // namespace

void play_keys(Track& track) {
    Dice dice(31);
    for (int bar = 0; bar < track.bars(); ++bar) {
        const Section section = part_of(bar).section;
        const std::vector<double> beats =
            section == Section::chorus  ? std::vector<double>{0, 1, 2, 3}
            : section == Section::verse ? std::vector<double>{0.5, 1.5, 2.5, 3.5}
                                        : std::vector<double>{0, 2.5};
        const double length = section == Section::chorus  ? 0.95
                              : section == Section::verse ? 0.45
                                                          : 1.6;
        for (const double beat : beats)
            for (const int note : chord_of(bar).voices)
                piano_note(track,
                           frame_of(4.0 * bar + beat) + frames_in(0.008 * dice.between(0, 1)),
                           frame_of(length), hz_of(note + 12), dice.between(0.75F, 1.0F));
    }
}

void play_pad(Track& track) {
    Dice dice(32);
    for (int bar = 0; bar < track.bars(); ++bar)
        for (const int note : chord_of(bar).voices)
            for (const double cents : {-7.0, 0.0, 6.0}) {
                Saw saw{static_cast<double>(dice.between(0, 1)),
                        hz_of(note + cents / 100.0) / sample_rate};
                // Rises for 0.4 s and overlaps the next bar as it falls.
                const auto length = static_cast<std::int64_t>(bar_frames) + frames_in(0.6);
                for (std::int64_t i = 0; i < length; ++i) {
                    const double rise = std::min(1.0, static_cast<double>(i) / (0.4 * sample_rate));
                    const double fall =
                        std::min(1.0, static_cast<double>(length - i) / (0.6 * sample_rate));
                    track.add(frame_of(4.0 * bar) + i,
                              static_cast<float>(0.1 * saw.next() * rise * fall));
                }
            }
    // The filter opens and closes once in four bars, so the loop has no seam.
    Biquad slow(low_pass(900.0)), thin(high_pass(160.0));
    const double period = 4.0 * static_cast<double>(bar_frames);
    double at = 0.0;
    track.through([&](float in) {
        at += 1.0;
        if (std::fmod(at, 256.0) == 0.0)
            slow.set(low_pass(900.0 + 500.0 * std::sin(2.0 * pi * at / period), 0.9));
        return thin.process(slow.process(in));
    });
}

} // namespace prefade::demo
