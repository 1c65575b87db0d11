// Singers. Source and filter, computed as one: the harmonics of the voice at each instant, each as strong as the
// formants of the vowel let it through, with breath; and noise for what is no tone.
#include "connectors/demo/track.h"

#include <algorithm>
#include <array>

namespace prefade::demo {
namespace {

using std::numbers::pi;

constexpr std::size_t formant_count = 5;

struct Vowel {
    std::array<double, formant_count> hz, db, width;
};

/// Formants of an alto: The Canonical Csound Reference Manual, appendix "Formant Values". The upper ones are
/// raised by 6 to 8 dB, as a close microphone hears them.
Vowel vowel_of(char name) {
    switch (name) {
    case 'e':
        return {{400, 1600, 2700, 3300, 4950}, {0, -18, -23, -28, -52}, {60, 80, 120, 150, 200}};
    case 'i':
        return {{350, 1700, 2700, 3700, 4950}, {0, -15, -22, -28, -52}, {50, 100, 120, 150, 200}};
    case 'o':
        return {{450, 800, 2830, 3500, 4950}, {0, -9, -12, -20, -46}, {70, 80, 100, 130, 135}};
    case 'u':
        return {{325, 700, 2530, 3500, 4950}, {0, -12, -22, -32, -54}, {50, 60, 170, 180, 200}};
    default:
        return {{800, 1150, 2800, 3500, 4950}, {0, -4, -13, -28, -52}, {80, 90, 120, 130, 140}};
    }
}

/// What a tongue or lips before the vowel do to it.
Vowel onset_of(char onset, const Vowel& vowel) {
    Vowel closed = vowel;
    if (onset == 'n' || onset == 'l') {
        closed.hz[0] = onset == 'n' ? 250.0 : 360.0;
        for (std::size_t k = 1; k < formant_count; ++k) closed.db[k] -= onset == 'n' ? 16.0 : 8.0;
    }
    return closed;
}

struct Singer {
    std::uint64_t seed;
    double vibrato_cents, vibrato_hz;
    double tract;  ///< length of the vocal tract as a factor on the formants
    float breath;  ///< of the tone
    double detune; ///< semitones
};

double mixed(double a, double b, double part) { return a + (b - a) * part; }

class Voice {
public:
    Voice(Track& track, const Singer& singer)
        : track_(track),
          singer_(singer),
          dice_(singer.seed) {}

    void sing(std::span<const Sung> line) {
        double before = 0.0;
        for (const Sung& sung : line) {
            if (sung.beat >= 4.0 * track_.bars()) break;
            const bool joined = std::abs(sung.beat - ended_at_) < 0.3;
            note(sung, joined ? before : sung.pitch - 1.2);
            before = sung.pitch;
            ended_at_ = sung.beat + sung.beats;
        }
    }

private:
    static constexpr std::size_t harmonics = 40;
    static constexpr std::int64_t hop = 64; ///< frames between two looks at the formants

    void note(const Sung& sung, double from) {
        const std::int64_t start = frame_of(sung.beat) + frames_in(0.006 * dice_.bipolar());
        consonant(sung, start);
        const bool voiceless = sung.onset == 's' || sung.onset == 't' || sung.onset == 'h';
        const std::int64_t voiced_from = voiceless ? frames_in(0.03) : 0;
        const std::int64_t length = frame_of(sung.beats);
        const Vowel vowel = vowel_of(sung.vowel), onset = onset_of(sung.onset, vowel);
        Decay glide(0.035);
        double drift = 0.0;
        std::array<float, harmonics> now{}, step{};
        Biquad air(band_pass(2800.0, 0.7));
        for (std::int64_t i = voiced_from; i < length; ++i) {
            const double seconds = static_cast<double>(i) / sample_rate;
            const double swell = std::clamp((seconds - 0.22) / 0.35, 0.0, 1.0);
            drift += 0.0004 * (static_cast<double>(dice_.bipolar()) - drift);
            const double cents =
                singer_.vibrato_cents * swell * std::sin(2.0 * pi * singer_.vibrato_hz * seconds)
                + 250.0 * drift;
            const double pitch =
                sung.pitch + singer_.detune + cents / 100.0 + (from - sung.pitch) * glide.next();
            const double hz = hz_of(pitch);
            if ((i - voiced_from) % hop == 0)
                look(vowel, onset, std::clamp(seconds / 0.07, 0.0, 1.0), hz, i == voiced_from, now,
                     step);
            phase_ += 2.0 * pi * hz / sample_rate;
            if (phase_ > 2.0 * pi) phase_ -= 2.0 * pi;
            const double turn = 2.0 * std::cos(phase_);
            double older = 0.0, newer = std::sin(phase_), sum = 0.0;
            for (std::size_t k = 0; k < harmonics; ++k) {
                sum += newer * static_cast<double>(now[k]);
                now[k] += step[k];
                const double next = turn * newer - older;
                older = newer;
                newer = next;
            }
            const double shape =
                std::min({1.0, static_cast<double>(i - voiced_from) / (0.045 * sample_rate),
                          static_cast<double>(length - i) / (0.09 * sample_rate)});
            const float breath = singer_.breath * air.process(dice_.bipolar());
            track_.add(start + i, static_cast<float>(shape * (sum + static_cast<double>(breath))));
        }
    }

    /// How strong each harmonic is `hop` frames on.
    void look(const Vowel& vowel, const Vowel& onset, double opened, double hz, bool first,
              std::array<float, harmonics>& now, std::array<float, harmonics>& step) const {
        std::array<double, formant_count> at{}, gain{}, half{};
        for (std::size_t f = 0; f < formant_count; ++f) {
            at[f] = mixed(onset.hz[f], vowel.hz[f], opened) * singer_.tract;
            gain[f] = std::pow(10.0, mixed(onset.db[f], vowel.db[f], opened) / 20.0);
            half[f] = vowel.width[f] * 0.9;
        }
        for (std::size_t k = 0; k < harmonics; ++k) {
            const double frequency = hz * static_cast<double>(k + 1);
            double sum = 0.0;
            for (std::size_t f = 0; f < formant_count; ++f) {
                const double off = (frequency - at[f]) / half[f];
                sum += gain[f] / std::sqrt(1.0 + off * off);
            }
            // The cords close softly: 12 dB an octave less above 2.5 kHz.
            sum /= 1.0 + frequency * frequency / (2500.0 * 2500.0);
            if (frequency > 0.45 * sample_rate) sum = 0.0;
            const auto wanted = static_cast<float>(sum);
            if (first) now[k] = wanted;
            step[k] = (wanted - now[k]) / static_cast<float>(hop);
        }
    }

    void consonant(const Sung& sung, std::int64_t start) {
        if (sung.onset == 's')
            noise(start - frames_in(0.075), frames_in(0.115), 0.7F, 6800.0, 1.1, 0.02);
        if (sung.onset == 't')
            noise(start - frames_in(0.004), frames_in(0.032), 0.9F, 4200.0, 0.7, 0.0008);
        if (sung.onset == 'h')
            noise(start - frames_in(0.05), frames_in(0.1), 0.16F, 1600.0, 0.6, 0.03);
    }

    void noise(std::int64_t start, std::int64_t length, float level, double hz, double q,
               double rise) {
        Biquad mouth(band_pass(hz * singer_.tract, q)), again(high_pass(hz * 0.5));
        const double up = std::max(1.0, rise * sample_rate);
        for (std::int64_t i = 0; i < length; ++i) {
            const double left = static_cast<double>(length - i) / static_cast<double>(length);
            const double shape = std::min({1.0, static_cast<double>(i) / up, 2.5 * left});
            track_.add(start + i, level * static_cast<float>(shape)
                                      * again.process(mouth.process(dice_.bipolar())));
        }
    }

    Track& track_;
    const Singer singer_;
    Dice dice_;
    double phase_{0.0}, ended_at_{-10.0};
};

} // namespace

void sing_lead(Track& track) {
    Voice(track, {41, 28.0, 5.4, 1.0, 0.05F, 0.0}).sing(lead_line());
    Biquad close(high_pass(110.0));
    track.through([&](float in) { return close.process(in); });
}

void sing_backing(Track& track, bool above) {
    // Two takes each, as people double themselves.
    const std::uint64_t seed = above ? 42 : 44;
    Voice(track, {seed, 20.0, 5.1, above ? 1.06 : 0.94, 0.08F, 0.06}).sing(backing_line(above));
    Voice(track, {seed + 1, 24.0, 5.7, above ? 1.03 : 0.97, 0.08F, -0.07})
        .sing(backing_line(above));
    Biquad close(high_pass(160.0));
    track.through([&](float in) { return close.process(in); });
}

} // namespace prefade::demo
