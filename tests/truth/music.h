// Multitrack music of our own synthesis, a song from each seed: what the truth sets for masking are made of. Tempo,
// key, chords, genre, line-up, timbres, playing and levels are drawn; drums, bass, chords, leads and sung lines are
// synthesised from wavetables, formants and noise. Nothing is planted here (faults.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace prefade::truth {

inline constexpr double sample_rate = 44100.0; ///< Hz

struct Track {
    std::string role;
    double priority{};          ///< place in the genre's order: more is more protected
    std::vector<float> samples; ///< mono
};

struct Song {
    std::string name;
    std::vector<Track> tracks; ///< of one length
};

/// About `seconds` long (whole bars), 5 to 13 tracks.
Song compose(std::uint64_t seed, double seconds);

} // namespace prefade::truth
