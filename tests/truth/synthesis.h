// Sound for made-up music: pitched instruments from wavetables, voices through formants, drums from noise and falling
// sines. Everything is drawn by dice that are given.
#pragma once

#include "tests/truth/dice.h"

#include <array>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace prefade::truth {

double amplitude(double db);

struct Resonance {
    double hz, db, octaves; ///< height and half width of a bell over log frequency
};

/// Spectrum and envelope of a pitched instrument.
struct Timbre {
    double slope;    ///< dB per octave over the partials
    double low_pass; ///< Hz; 12 dB per octave above
    bool odd_only{};
    std::vector<Resonance> resonances{};
    double attack, decay, sustain, release; ///< s, s, 0 to 1, s
    double vibrato{};                       ///< cents
    double detune{};                        ///< cents between two voices
};

struct Note {
    double at, length; ///< s
    double pitch;      ///< MIDI note
    double velocity;   ///< linear
    std::size_t vowel{};
};
inline constexpr std::size_t vowel_count = 5;

/// Plays notes with one timbre, adding to what is there; draws the wavetable of each pitch once.
class Player {
public:
    Player(const Timbre& timbre, bool sings, Dice& dice)
        : timbre_(timbre),
          sings_(sings),
          dice_(dice) {}

    void play(std::vector<float>& out, const Note& note);

private:
    static constexpr std::size_t table_size = 2048;
    using Table = std::array<float, table_size>;

    Table wave_of(double hz, std::size_t vowel);
    const Table& table_of(const Note& note);
    void voice(std::vector<float>& out, const Note& note, const Table& table, double hz,
               int voices);

    const Timbre& timbre_;
    bool sings_;
    Dice& dice_;
    std::map<std::pair<long, std::size_t>, Table> tables_;
};

/// Noise through a band pass of two poles, falling.
void noise_hit(std::vector<float>& out, double at, double hz, double q, double decay, double level,
               Dice& dice);
/// A sine whose pitch falls from `from` to `to` and whose level falls too.
void tone_hit(std::vector<float>& out, double at, double from, double to, double sweep,
              double decay, double level);

} // namespace prefade::truth
