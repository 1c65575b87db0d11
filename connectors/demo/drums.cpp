// Kick, snare, hats, and what the overheads hear of them besides the cymbals.
#include "connectors/demo/track.h"

#include <algorithm>
#include <array>

namespace prefade::demo {
namespace {

using std::numbers::pi;

constexpr double late = 0.004; ///< a drummer's spread, s

bool is_fill(int bar) {
    const Part& part = part_of(bar);
    return bar == part.first_bar + part.bars - 1;
}

/// Strokes of one bar in beats: sixteenths are 0.25.
std::vector<double> kick_beats(int bar) {
    switch (part_of(bar).section) {
    case Section::chorus: return {0.0, 1.5, 2.0, 3.5};
    case Section::bridge: return {0.0, 2.5};
    case Section::intro: return {0.0, 2.0};
    case Section::verse: break;
    }
    return bar % 2 == 0 ? std::vector<double>{0.0, 2.0, 2.5} : std::vector<double>{0.0, 1.75, 2.5};
}

std::vector<double> snare_beats(int bar) {
    if (is_fill(bar)) return {1.0, 3.0, 3.25, 3.5, 3.75};
    if (part_of(bar).section == Section::bridge) return {2.0};
    return {1.0, 3.0};
}

/// A drum skin: a sine that falls from `from` to `to` Hz, and the click of the beater.
void kick_at(Track& track, std::int64_t frame, float level, Dice& dice) {
    Decay body(0.13), sweep(0.022), click(0.0025);
    double phase = 0.0;
    const std::int64_t length = frames_in(0.55);
    for (std::int64_t i = 0; i < length; ++i) {
        const double hz = 57.0 + 150.0 * sweep.next();
        phase += 2.0 * pi * hz / sample_rate;
        const double fade = std::min(1.0, static_cast<double>(length - i) / 2000.0);
        const double skin = std::sin(phase) * body.next() * fade;
        const double beater = 0.35 * click.next() * static_cast<double>(dice.bipolar());
        track.add(frame + i, level * static_cast<float>(skin + beater));
    }
}

/// Two modes of the skin and the wires under it.
void snare_at(Track& track, std::int64_t frame, float level, Dice& dice) {
    Decay skin(0.07), wires(0.11), crack(0.006);
    Biquad bright(high_pass(1800.0)), body(band_pass(950.0, 0.6));
    double low = 0.0, high = 0.0;
    for (std::int64_t i = 0; i < frames_in(0.5); ++i) {
        low += 2.0 * pi * 187.0 / sample_rate;
        high += 2.0 * pi * 331.0 / sample_rate;
        const float noise = dice.bipolar();
        const double tone = (0.7 * std::sin(low) + 0.4 * std::sin(high)) * skin.next();
        const double hiss = static_cast<double>(bright.process(noise) + 0.8F * body.process(noise));
        const double sound = tone + hiss * (0.55 * wires.next() + 0.8 * crack.next());
        track.add(frame + i, level * static_cast<float>(sound));
    }
}

/// Metal: six inharmonic squares, ratios of a struck plate, through a high pass.
struct Metal {
    explicit Metal(double hz, double cut) : bright(high_pass(cut, 0.9)) {
        constexpr std::array<double, 6> ratios{1.0, 1.342, 1.2312, 1.6532, 1.9523, 2.1523};
        for (std::size_t k = 0; k < ratios.size(); ++k) step[k] = hz * ratios[k] / sample_rate;
    }
    float next(Dice& dice) {
        double sum = 0.0;
        for (std::size_t k = 0; k < step.size(); ++k) {
            phase[k] += step[k];
            phase[k] -= std::floor(phase[k]);
            sum += phase[k] < 0.5 ? 1.0 : -1.0;
        }
        return bright.process(static_cast<float>(sum / 6.0) + 0.6F * dice.bipolar());
    }
    std::array<double, 6> step{}, phase{0.1, 0.3, 0.45, 0.6, 0.75, 0.9};
    Biquad bright;
};

void plate_at(Track& track, std::int64_t frame, float level, double seconds, double hz, double cut,
              Dice& dice) {
    Metal metal(hz, cut);
    Decay fall(seconds);
    const std::int64_t length = frames_in(std::min(6.0 * seconds, 3.5));
    for (std::int64_t i = 0; i < length; ++i) {
        const double rise = std::min(1.0, static_cast<double>(i) / 40.0);
        const double fade = std::min(1.0, static_cast<double>(length - i) / 3000.0);
        track.add(frame + i,
                  level * static_cast<float>(fall.next() * rise * fade) * metal.next(dice));
    }
}

void hats_into(Track& track, float level, Dice& dice) {
    for (int bar = 0; bar < track.bars(); ++bar) {
        const bool wide = part_of(bar).section == Section::chorus;
        for (int eighth = 0; eighth < 8; ++eighth) {
            const bool open = wide && eighth == 7;
            const float accent = eighth % 2 == 0 ? 1.0F : 0.6F;
            const auto at = frame_of(4.0 * bar + 0.5 * eighth)
                            + frames_in(late * static_cast<double>(dice.bipolar()));
            plate_at(track, at, level * accent * dice.between(0.85F, 1.0F), open ? 0.16 : 0.035,
                     330.0, 6500.0, dice);
        }
    }
}

template <class Strike>
void strike(Track& track, std::vector<double> (*beats)(int), Dice& dice, Strike at) {
    for (int bar = 0; bar < track.bars(); ++bar)
        for (const double beat : beats(bar)) {
            const bool ghost = beat - std::floor(beat) == 0.25;
            const float level = (ghost ? 0.6F : 1.0F) * dice.between(0.88F, 1.0F);
            at(frame_of(4.0 * bar + beat) + frames_in(late * static_cast<double>(dice.bipolar())),
               level);
        }
}

} // namespace

void play_kick(Track& track) {
    Dice dice(11);
    strike(track, kick_beats, dice,
           [&](std::int64_t at, float level) { kick_at(track, at, level, dice); });
}

void play_snare(Track& track) {
    Dice dice(12);
    strike(track, snare_beats, dice,
           [&](std::int64_t at, float level) { snare_at(track, at, level, dice); });
}

void play_hats(Track& track) {
    Dice dice(13);
    hats_into(track, 1.0F, dice);
}

void play_overheads(Track& track) {
    Dice dice(14);
    hats_into(track, 0.35F, dice);
    strike(track, snare_beats, dice,
           [&](std::int64_t at, float level) { snare_at(track, at + 130, 0.45F * level, dice); });
    strike(track, kick_beats, dice,
           [&](std::int64_t at, float level) { kick_at(track, at + 180, 0.15F * level, dice); });
    Biquad cut(high_pass(180.0));
    track.through([&](float in) { return cut.process(in); });
    for (int bar = 0; bar < track.bars(); ++bar) {
        const Part& part = part_of(bar);
        if (bar == part.first_bar)
            plate_at(track, frame_of(4.0 * bar), 0.9F, 0.9, 410.0, 3500.0, dice);
        if (part.section == Section::bridge || part.section == Section::intro)
            for (int beat = 0; beat < 4; ++beat)
                plate_at(track, frame_of(4.0 * bar + beat), 0.3F, 0.35, 530.0, 4500.0, dice);
    }
}

} // namespace prefade::demo
