#include "tests/truth/parts.h"

#include <algorithm>
#include <cmath>

namespace prefade::truth {

namespace {

int scale_note(const Plan& plan, int degree) {
    constexpr std::array<int, 7> major{0, 2, 4, 5, 7, 9, 11}, natural{0, 2, 3, 5, 7, 8, 10};
    const int octave = degree >= 0 ? degree / 7 : -((6 - degree) / 7);
    const auto step = static_cast<std::size_t>(degree - 7 * octave);
    return plan.key + 12 * octave + (plan.minor ? natural[step] : major[step]);
}

double human(Dice& dice) { return dice.between(0.0, 0.012); }

} // namespace

std::vector<bool> bars_played(const Plan& plan, double rests, Dice& dice) {
    std::vector<bool> plays(plan.bars, true);
    for (std::size_t bar = 0; bar < plan.bars; bar += 2)
        if (dice.chance(rests))
            for (std::size_t k = bar; k < std::min(bar + 2, plan.bars); ++k) plays[k] = false;
    if (rests > 0.1 && dice.chance(0.4)) { // a part of the verse, or of the chorus, only
        const std::size_t mine = dice.below(2);
        for (std::size_t bar = 0; bar < plan.bars; ++bar)
            if (bar / 2 % 2 != mine) plays[bar] = false;
    }
    if (std::none_of(plays.begin(), plays.end(), [](bool p) { return p; }))
        std::fill(plays.begin(), plays.end(), true);
    return plays;
}

Notes bass_line(const Plan& plan, Dice& dice) {
    Notes notes;
    const double step = dice.chance(0.5) ? 0.5 : 1.0; // beats
    const double length = dice.between(0.6, 0.98) * step * plan.beat;
    const double hole = dice.between(0.0, 0.25);
    const auto plays = bars_played(plan, 0.08, dice);
    for (std::size_t bar = 0; bar < plan.bars; ++bar) {
        if (!plays[bar]) continue;
        const int root = 24 + scale_note(plan, plan.degrees[bar % 4]) % 12;
        for (double beat = 0.0; beat < 3.99; beat += step) {
            if (beat > 0.0 && dice.chance(hole)) continue;
            const int jump = dice.chance(0.15) ? 7 : dice.chance(0.1) ? 12 : 0;
            const double low = root < 28 ? root + 12 : root; // not below the bass's lowest string
            notes.push_back({(4.0 * static_cast<double>(bar) + beat) * plan.beat + human(dice),
                             length, low + jump, dice.between(0.8, 1.0)});
        }
    }
    return notes;
}

Notes chords(const Plan& plan, double step, double length, int octave, int voices, double rests,
             Dice& dice) {
    Notes notes;
    const auto plays = bars_played(plan, rests, dice);
    const double off = dice.chance(0.3) ? 0.5 * std::min(step, 1.0) : 0.0;
    for (std::size_t bar = 0; bar < plan.bars; ++bar) {
        if (!plays[bar]) continue;
        const int degree = plan.degrees[bar % 4];
        for (double beat = off; beat < 3.99; beat += step)
            for (int v = 0; v < voices; ++v)
                notes.push_back({(4.0 * static_cast<double>(bar) + beat) * plan.beat + human(dice),
                                 length * step * plan.beat,
                                 12.0 * octave + scale_note(plan, degree + 2 * v),
                                 dice.between(0.75, 1.0) / std::sqrt(voices)});
    }
    return notes;
}

Notes melody(const Plan& plan, int octave, double density, double rests, Dice& dice) {
    Notes notes;
    const auto plays = bars_played(plan, rests, dice);
    int degree = static_cast<int>(dice.below(5));
    for (std::size_t bar = 0; bar < plan.bars; ++bar) {
        double beat = dice.chance(0.3) ? 0.5 : 0.0;
        while (beat < 3.75) {
            const double beats = dice.chance(density) ? 0.5 : dice.chance(0.6) ? 1.0 : 1.5;
            degree = std::clamp(degree + static_cast<int>(dice.below(5)) - 2, -2, 8);
            const double length = std::min(beats, 4.0 - beat) * dice.between(0.75, 0.98);
            if (plays[bar] && !dice.chance(0.1))
                notes.push_back({(4.0 * static_cast<double>(bar) + beat) * plan.beat + human(dice),
                                 length * plan.beat,
                                 12.0 * octave + scale_note(plan, plan.degrees[bar % 4] + degree),
                                 dice.between(0.7, 1.0), dice.below(vowel_count)});
            beat += beats;
        }
    }
    return notes;
}

Notes arpeggio(const Plan& plan, int octave, double step, double rests, Dice& dice) {
    Notes notes;
    const auto plays = bars_played(plan, rests, dice);
    for (std::size_t bar = 0; bar < plan.bars; ++bar) {
        if (!plays[bar]) continue;
        int k = 0;
        for (double beat = 0.0; beat < 3.99; beat += step, ++k)
            notes.push_back({(4.0 * static_cast<double>(bar) + beat) * plan.beat + human(dice),
                             0.9 * step * plan.beat,
                             12.0 * octave + scale_note(plan, plan.degrees[bar % 4] + 2 * (k % 4)),
                             dice.between(0.7, 1.0)});
    }
    return notes;
}

Notes stabs(const Plan& plan, int octave, Dice& dice) {
    Notes notes;
    for (std::size_t bar = dice.below(2); bar < plan.bars; bar += 4)
        for (int v = 0; v < 3; ++v)
            notes.push_back({4.0 * static_cast<double>(bar) * plan.beat, 0.8 * plan.beat,
                             12.0 * octave + scale_note(plan, plan.degrees[bar % 4] + 2 * v), 0.6});
    return notes;
}

} // namespace prefade::truth
