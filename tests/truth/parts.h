// What the parts of a made-up song play: a plan for all, notes for each.
#pragma once

#include "tests/truth/synthesis.h"

#include <array>
#include <cstddef>
#include <vector>

namespace prefade::truth {

struct Plan {
    double beat;      ///< s
    std::size_t bars; ///< of four beats
    int key;          ///< semitones above C
    bool minor;
    std::array<int, 4> degrees; ///< of the scale, a chord a bar
    double swing;               ///< s
};

using Notes = std::vector<Note>;

/// Bars in which a part plays: now and then a part rests for two bars.
std::vector<bool> bars_played(const Plan& plan, double rests, Dice& dice);

Notes bass_line(const Plan& plan, Dice& dice);
/// A chord each `step` beats.
Notes chords(const Plan& plan, double step, double length, int octave, int voices, double rests,
             Dice& dice);
Notes melody(const Plan& plan, int octave, double density, double rests, Dice& dice);
Notes arpeggio(const Plan& plan, int octave, double step, double rests, Dice& dice);
/// Loud chords that come once in four bars and are soon over.
Notes stabs(const Plan& plan, int octave, Dice& dice);

} // namespace prefade::truth
