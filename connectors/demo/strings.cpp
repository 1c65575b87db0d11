// The bass, plucked with fingers, and two electric guitars through small amplifiers.
#include "connectors/demo/track.h"

#include <algorithm>
#include <array>

namespace prefade::demo {
namespace {

using std::numbers::pi;

/// A plucked bass string: overtones that fall the sooner the higher they are.
void bass_note(Track& track, std::int64_t frame, std::int64_t length, double hz, float level) {
    constexpr int overtones = 16;
    std::array<double, overtones> level_of{}, fall{};
    for (int k = 0; k < overtones; ++k) {
        const double number = k + 1.0;
        // Plucked at a fifth of its length: every fifth overtone is missing.
        level_of[static_cast<std::size_t>(k)] =
            std::abs(std::sin(pi * number / 5.0)) / std::pow(number, 1.35);
        fall[static_cast<std::size_t>(k)] = std::exp(-(0.9 + 0.9 * number) / sample_rate);
    }
    const double step = 2.0 * pi * hz / sample_rate;
    double phase = 0.0;
    const auto release = static_cast<double>(frames_in(0.03));
    for (std::int64_t i = 0; i < length; ++i) {
        phase += step;
        const double turn = 2.0 * std::cos(phase);
        double older = 0.0, newer = std::sin(phase), sum = 0.0;
        for (std::size_t k = 0; k < overtones; ++k) {
            sum += newer * level_of[k];
            level_of[k] *= fall[k];
            const double next = turn * newer - older;
            older = newer;
            newer = next;
        }
        const double shape = std::min(
            {1.0, static_cast<double>(i) / 180.0, static_cast<double>(length - i) / release});
        track.add(frame + i, level * static_cast<float>(sum * shape));
    }
}

/// A string after Karplus and Strong: noise in a loop that dulls it.
void pluck(Track& track, std::int64_t frame, std::int64_t length, double hz, float level,
           float dullness, Dice& dice) {
    const double period = sample_rate / hz - 0.5; // the averaging delays by half a sample
    const auto whole = static_cast<std::size_t>(period);
    const auto part = static_cast<float>(period - static_cast<double>(whole));
    std::vector<float> loop(whole + 1);
    float before = 0.0F;
    for (float& sample : loop) sample = before = 0.5F * before + 0.5F * dice.bipolar();
    std::size_t at = 0;
    float last = 0.0F;
    const auto release = static_cast<float>(frames_in(0.05));
    for (std::int64_t i = 0; i < length; ++i) {
        const std::size_t next = at + 1 == loop.size() ? 0 : at + 1;
        const float read = loop[at] * part + loop[next] * (1.0F - part);
        const float damped = 0.9965F * ((1.0F - dullness) * read + dullness * last);
        last = read;
        loop[at] = damped;
        at = next;
        const float shape = std::min(
            {1.0F, static_cast<float>(i) / 60.0F, static_cast<float>(length - i) / release});
        track.add(frame + i, level * shape * read);
    }
}

struct Stroke {
    double beat, beats;
    float level;
    bool down;
};

/// One bar of strumming.
std::vector<Stroke> strokes(Section section, bool left) {
    switch (section) {
    case Section::chorus:
        return left ? std::vector<Stroke>{{0, 0.9, 1.0F, true},
                                          {1, 0.45, 0.8F, true},
                                          {1.5, 0.9, 0.9F, false},
                                          {2.5, 0.45, 0.8F, false},
                                          {3, 0.9, 0.9F, true}}
                    : std::vector<Stroke>{{0, 1.4, 1.0F, true},
                                          {1.5, 0.45, 0.8F, false},
                                          {2, 1.4, 0.95F, true},
                                          {3.5, 0.45, 0.8F, false}};
    case Section::bridge: return {{0, 3.8, 0.9F, true}};
    case Section::intro: return {{0, 1.9, 0.85F, true}, {2, 1.9, 0.8F, true}};
    case Section::verse: break;
    }
    return left ? std::vector<Stroke>{{0, 0.4, 0.9F, true},    {0.5, 0.4, 0.7F, false},
                                      {1.5, 0.4, 0.8F, false}, {2, 0.4, 0.9F, true},
                                      {3, 0.4, 0.8F, true},    {3.5, 0.4, 0.7F, false}}
                : std::vector<Stroke>{{0, 1.9, 0.9F, true}, {2, 1.9, 0.85F, true}};
}

} // namespace

void play_bass(Track& track) {
    Dice dice(21);
    for (int bar = 0; bar < track.bars(); ++bar) {
        const int root = chord_of(bar).root;
        const bool long_notes = part_of(bar).section == Section::bridge || bar < 4;
        for (int eighth = 0; eighth < 8; eighth += long_notes ? 4 : 1) {
            if (!long_notes && eighth == 1) continue; // breathes after the one
            const int note = eighth == 7 ? root + 7 : eighth == 6 && !long_notes ? root + 12 : root;
            const double beats = long_notes ? 1.95 : eighth == 0 ? 0.9 : 0.47;
            bass_note(track,
                      frame_of(4.0 * bar + 0.5 * eighth) + frames_in(0.003 * dice.between(0, 1)),
                      frame_of(beats), hz_of(note), dice.between(0.82F, 1.0F));
        }
    }
    // Fingers and a small amplifier: the same drive for all notes, then no treble.
    Biquad dull(low_pass(2600.0));
    track.through([&](float in) { return dull.process(std::tanh(1.1F * in)); });
}

void play_guitar(Track& track, bool left) {
    Dice dice(left ? 22 : 23);
    for (int bar = 0; bar < track.bars(); ++bar) {
        const Chord& chord = chord_of(bar);
        // Power of the low strings and the chord above: the two hands play it in other places.
        std::array<int, 5> notes{chord.root + 12, chord.root + 19, chord.voices[0], chord.voices[1],
                                 chord.voices[2]};
        if (!left) notes[0] = chord.voices[1] + 12;
        for (const Stroke& stroke : strokes(part_of(bar).section, left)) {
            const auto start =
                frame_of(4.0 * bar + stroke.beat) + frames_in(0.006 * dice.between(0, 1));
            for (std::size_t k = 0; k < notes.size(); ++k) {
                const std::size_t order = stroke.down ? k : notes.size() - 1 - k;
                const double tuned = notes[k] + 0.04 * static_cast<double>(dice.bipolar());
                pluck(track, start + static_cast<std::int64_t>(order) * frames_in(0.009),
                      frame_of(stroke.beats), hz_of(tuned), stroke.level * dice.between(0.8F, 1.0F),
                      left ? 0.36F : 0.28F, dice);
            }
        }
    }
    Biquad tight(high_pass(left ? 95.0 : 130.0)), nose(bell(left ? 900.0 : 1500.0, 4.0, 0.9)),
        cone(low_pass(left ? 4300.0 : 5200.0, 0.8)), cone_again(low_pass(6500.0));
    const float drive = left ? 1.8F : 1.2F;
    track.through([&](float in) {
        const float driven = std::tanh(drive * nose.process(tight.process(in)));
        return cone_again.process(cone.process(driven));
    });
}

} // namespace prefade::demo
