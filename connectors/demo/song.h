// The song of the demo session: tempo, sections, chords and what is sung. Data only; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace prefade::demo {

inline constexpr int sample_rate = 44'100; ///< Hz
/// 112 beats a minute, chosen because it is a whole number of frames.
inline constexpr std::size_t beat_frames = 23'625;
inline constexpr std::size_t bar_frames = 4 * beat_frames;

enum class Section { intro, verse, chorus, bridge };

struct Part {
    Section section;
    std::string_view name; ///< of its marker
    int first_bar, bars;
};
inline constexpr std::array<Part, 6> song_parts{{
    {Section::intro, "Intro", 0, 4},
    {Section::verse, "Verse 1", 4, 8},
    {Section::chorus, "Chorus 1", 12, 8},
    {Section::verse, "Verse 2", 20, 8},
    {Section::chorus, "Chorus 2", 28, 8},
    {Section::bridge, "Bridge", 36, 8},
}};
inline constexpr int song_bars = 44;
inline constexpr std::size_t song_frames = song_bars * bar_frames; ///< 94.3 s, then from the start

/// The part that bar `bar` (from 0) lies in.
const Part& part_of(int bar) noexcept;

struct Chord {
    int root;                  ///< MIDI note of the bass
    std::array<int, 3> voices; ///< MIDI notes, close position around middle C
};
const Chord& chord_of(int bar) noexcept;

/// One syllable: what begins it ('s', 't', 'n', 'l', 'h', or '-' for nothing) and its vowel ('a' 'e' 'i' 'o' 'u').
struct Sung {
    double beat, beats; ///< from the start of the song; how long
    int pitch;          ///< MIDI note
    char onset, vowel;
};

/// The lead's line over the whole song, in order.
std::span<const Sung> lead_line();
/// A backing line: `above` the lead's chord tones, or below; in choruses, the bridge and long oohs between.
std::span<const Sung> backing_line(bool above);

} // namespace prefade::demo
