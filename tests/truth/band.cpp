#include "tests/truth/band.h"

#include <algorithm>
#include <cmath>

namespace prefade::truth {

Zones::Zones(Dice& dice) : dice_(dice) {
    const double step = dice.between(0.42, 0.55), first = dice.between(130.0, 200.0); // octaves, Hz
    for (int k = 0; k < 11; ++k) free_.push_back(first * std::exp2(step * k));
}

std::vector<Resonance> Zones::character(double low, double high) {
    const auto anywhere = [&] { return low * std::pow(high / low, dice_.between(0.0, 1.0)); };
    std::vector<std::size_t> fits;
    for (std::size_t k = 0; k < free_.size(); ++k)
        if (free_[k] >= low && free_[k] <= high) fits.push_back(k);
    std::vector<Resonance> result{{anywhere(), dice_.between(9.0, 17.0), dice_.between(0.3, 0.6)}};
    if (!fits.empty()) {
        const std::size_t chosen = fits[dice_.below(fits.size())];
        result[0].hz = free_[chosen];
        free_.erase(free_.begin() + static_cast<std::ptrdiff_t>(chosen));
    }
    for (std::size_t more = dice_.below(3); more > 0; --more)
        result.push_back({anywhere(), dice_.between(2.0, 7.0), dice_.between(0.25, 0.7)});
    return result;
}

std::vector<float> Band::part(std::string_view role) {
    out_.assign(frames_, 0.0F);
    if (role == "kick")
        kick();
    else if (role == "snare")
        snare();
    else if (role == "hi-hat")
        hats();
    else if (role == "bass")
        sound({-dice_.between(5, 9), dice_.between(400, 1800), dice_.chance(0.3),
               zones_.character(80, 900), 0.004, 0.4, dice_.between(0.4, 1.0), 0.03},
              bass_line(plan_, dice_));
    else if (role == "lead vocal")
        sing({-dice_.between(8, 11), 9000, false, zones_.character(2000, 6000), 0.03, 0.3, 0.85,
              0.05, dice_.between(10, 40)},
             melody(plan_, dice_.chance(0.5) ? 4 : 5, 0.5, 0.1, dice_));
    else if (role == "backing vocal")
        sing({-dice_.between(8, 11), 7000, false, zones_.character(800, 4000), 0.06, 0.5, 0.9, 0.1,
              15, 14},
             chords(plan_, dice_.chance(0.5) ? 2 : 4, 0.9, 5, 2, 0.3, dice_));
    else
        strummed_or_held(role);
    return std::move(out_);
}

std::vector<float> Band::line(const Timbre& timbre, const Notes& notes) {
    out_.assign(frames_, 0.0F);
    sound(timbre, notes);
    return std::move(out_);
}

void Band::strummed_or_held(std::string_view role) {
    const double slope = -dice_.between(3.5, 8.0);
    if (role == "electric guitar")
        sound({slope, dice_.between(2500, 6000), false, zones_.character(300, 3500), 0.004,
               dice_.between(0.3, 1.5), dice_.between(0.2, 0.8), 0.05, 0, 8},
              chords(plan_, dice_.chance(0.5) ? 0.5 : 1, 0.85, 4, 3, 0.15, dice_));
    else if (role == "acoustic guitar")
        sound({slope, dice_.between(4000, 9000), false, zones_.character(150, 4000), 0.003, 0.35,
               0.1, 0.12},
              chords(plan_, 0.5, 0.9, 4, 4, 0.15, dice_));
    else if (role == "piano")
        sound({slope - 1.5, dice_.between(2500, 7000), false, zones_.character(200, 3000), 0.003,
               dice_.between(0.5, 1.2), 0.05, 0.15},
              chords(plan_, dice_.chance(0.5) ? 1 : 2, 0.95, dice_.chance(0.3) ? 5 : 4, 3, 0.15,
                     dice_));
    else if (role == "organ")
        sound({slope, dice_.between(1500, 5000), dice_.chance(0.4), zones_.character(300, 3000),
               0.01, 1, 1, 0.04, 8},
              chords(plan_, dice_.chance(0.5) ? 2 : 4, 0.97, 4, 3, 0.2, dice_));
    else if (role == "pad")
        sound({slope, dice_.between(900, 4000), false, zones_.character(200, 2500), 0.35, 1, 1, 0.4,
               0, 12},
              chords(plan_, 4, 1, dice_.chance(0.3) ? 5 : 4, 3, 0.2, dice_));
    else if (role == "strings")
        sound({slope, dice_.between(3000, 7000), false, zones_.character(300, 3500), 0.12, 1, 1,
               0.2, 12, 10},
              chords(plan_, dice_.chance(0.5) ? 2 : 4, 0.97, 5, 3, 0.2, dice_));
    else if (role == "synth lead")
        sound({slope + 1.5, dice_.between(2500, 9000), dice_.chance(0.4),
               zones_.character(600, 4500), 0.006, 0.5, 0.8, 0.06, 10, 6},
              melody(plan_, dice_.chance(0.6) ? 5 : 6, 0.6, 0.25, dice_));
    else if (role == "pluck")
        sound({slope, dice_.between(2000, 8000), dice_.chance(0.3), zones_.character(500, 4000),
               0.002, dice_.between(0.12, 0.4), 0.02, 0.08},
              arpeggio(plan_, 5, dice_.chance(0.5) ? 0.25 : 0.5, 0.25, dice_));
    else
        sound({slope + 2, dice_.between(2500, 6000), false, zones_.character(400, 2500), 0.03, 0.5,
               0.7, 0.06, 6, 6},
              dice_.chance(0.4) ? stabs(plan_, 4, dice_) : chords(plan_, 1, 0.6, 4, 3, 0.3, dice_));
}

void Band::sound(const Timbre& timbre, const Notes& notes) {
    Player player(timbre, false, dice_);
    for (const Note& note : notes) player.play(out_, note);
}

void Band::sing(const Timbre& timbre, const Notes& notes) {
    Player player(timbre, true, dice_);
    for (const Note& note : notes) {
        player.play(out_, note);
        if (dice_.chance(0.3)) // a consonant before the vowel
            noise_hit(out_, std::max(note.at - 0.06, 0.0), dice_.between(5000, 8000), 1.2, 0.025,
                      0.05, dice_);
    }
}

template <class Hit> void Band::beats(double step, double hole, Hit hit) {
    const auto plays = bars_played(plan_, 0.06, dice_);
    for (std::size_t bar = 0; bar < plan_.bars; ++bar)
        for (double beat = 0.0; plays[bar] && beat < 3.99; beat += step)
            if (!dice_.chance(hole))
                hit((4.0 * static_cast<double>(bar) + beat) * plan_.beat, beat);
}

void Band::kick() {
    const double low = dice_.between(45, 65), click = dice_.between(2000, 5000);
    const double decay = dice_.between(0.06, 0.2), bright = dice_.between(0.02, 0.12);
    const bool four = dice_.chance(0.5);
    beats(four ? 1.0 : 0.5, 0.0, [&](double at, double beat) {
        if (!four && beat != 0.0 && beat != 2.0 && !dice_.chance(0.2)) return;
        tone_hit(out_, at, 4.0 * low, low, 0.012, decay, 0.5);
        noise_hit(out_, at, click, 0.8, 0.006, bright * 4.0, dice_);
    });
}

void Band::snare() {
    const double body = dice_.between(170, 240), wires = dice_.between(2500, 5000);
    const double decay = dice_.between(0.05, 0.14), tone = dice_.between(0.15, 0.5);
    beats(1.0, 0.0, [&](double at, double beat) {
        if (beat != 1.0 && beat != 3.0) return;
        tone_hit(out_, at, 1.3 * body, body, 0.01, decay, tone);
        noise_hit(out_, at, wires, 0.5, decay, 0.9, dice_);
    });
}

void Band::hats() {
    const double hz = dice_.between(7500, 11000), step = dice_.chance(0.5) ? 0.5 : 0.25;
    const double decay = dice_.between(0.02, 0.06);
    beats(step, 0.05, [&](double at, double beat) {
        const double accent = beat == std::floor(beat) ? 1.0 : dice_.between(0.5, 0.8);
        noise_hit(out_, at, hz, 0.7, decay, accent, dice_);
    });
}

} // namespace prefade::truth
