#include "connectors/demo/song.h"

#include <algorithm>
#include <vector>

namespace prefade::demo {
namespace {

constexpr Chord a_minor{33, {57, 60, 64}}, f_major{29, {57, 60, 65}}, c_major{36, {55, 60, 64}},
    g_major{31, {55, 59, 62}}, d_minor{38, {57, 62, 65}};

constexpr std::array<Chord, 4> in_verse{a_minor, f_major, c_major, g_major};
constexpr std::array<Chord, 4> in_chorus{f_major, g_major, a_minor, c_major};
constexpr std::array<Chord, 4> in_bridge{d_minor, f_major, a_minor, g_major};

/// Phrases of four bars, beats from their start.
constexpr Sung intro_phrase[] = {
    {4, 3.0, 69, '-', 'u'},  {7.5, 0.5, 67, '-', 'u'},   {8, 3.5, 64, '-', 'o'},
    {12, 1.5, 62, '-', 'u'}, {13.5, 1.75, 67, '-', 'a'},
};
constexpr Sung verse_phrase[] = {
    {0.5, 0.5, 64, 's', 'i'},  {1, 0.5, 64, 't', 'a'},    {1.5, 1.0, 67, 'l', 'a'},
    {2.5, 0.5, 64, 'n', 'e'},  {3, 1.0, 62, 't', 'o'},    {4.5, 0.5, 60, 's', 'o'},
    {5, 0.5, 60, 'l', 'e'},    {5.5, 1.5, 65, 'n', 'a'},  {7, 0.75, 64, 't', 'i'},
    {8.5, 0.5, 64, 's', 'a'},  {9, 0.5, 67, 'l', 'i'},    {9.5, 1.5, 67, 't', 'e'},
    {11, 0.75, 64, 'n', 'o'},  {12.5, 0.5, 62, 's', 'e'}, {13, 0.5, 62, 'h', 'i'},
    {13.5, 2.0, 59, 'l', 'o'},
};
constexpr Sung chorus_phrase[] = {
    {0, 1.5, 69, 's', 'a'},    {1.5, 0.5, 69, 't', 'i'}, {2, 1.5, 72, 'l', 'a'},
    {3.5, 0.5, 71, 'n', 'o'},  {4, 2.5, 71, 'h', 'a'},   {6.5, 0.5, 69, 's', 'i'},
    {7, 0.75, 67, 't', 'e'},   {8, 1.5, 69, 's', 'o'},   {9.5, 0.5, 72, 'l', 'e'},
    {10, 1.75, 72, 't', 'a'},  {12, 0.75, 67, 'n', 'i'}, {12.75, 0.75, 64, 's', 'e'},
    {13.5, 2.0, 67, 'l', 'a'},
};
constexpr Sung bridge_phrase[] = {
    {0, 2.5, 65, 'h', 'o'},   {2.5, 1.0, 69, 'l', 'a'}, {4, 2.5, 69, 's', 'o'},
    {7, 0.75, 67, 'n', 'i'},  {8, 2.5, 64, 't', 'a'},   {10.5, 1.0, 67, 'l', 'e'},
    {12, 3.25, 62, 's', 'u'},
};

std::span<const Sung> phrase_of(Section section) {
    switch (section) {
    case Section::intro: return intro_phrase;
    case Section::verse: return verse_phrase;
    case Section::chorus: return chorus_phrase;
    case Section::bridge: break;
    }
    return bridge_phrase;
}

std::vector<Sung> written_lead() {
    std::vector<Sung> line;
    for (const Part& part : song_parts)
        for (int bar = part.first_bar; bar < part.first_bar + part.bars; bar += 4)
            for (Sung sung : phrase_of(part.section)) {
                sung.beat += 4.0 * bar;
                line.push_back(sung);
            }
    return line;
}

/// Chord tones, a bar long each: `a` and `o` in choruses, `u` in the bridge and in the second half of verses.
std::vector<Sung> written_backing(bool above) {
    std::vector<Sung> line;
    for (const Part& part : song_parts) {
        if (part.section == Section::intro) continue;
        const int from = part.section == Section::verse ? 4 : 0;
        for (int bar = part.first_bar + from; bar < part.first_bar + part.bars; ++bar) {
            const int tone = chord_of(bar).voices[above ? 2 : 0];
            const double beat = 4.0 * bar;
            if (part.section == Section::chorus) {
                line.push_back({beat, 1.75, tone, 's', 'a'});
                line.push_back({beat + 2.0, 1.75, tone, 'l', 'o'});
            } else {
                line.push_back({beat, 3.5, tone, '-', 'u'});
            }
        }
    }
    return line;
}

} // namespace

const Part& part_of(int bar) noexcept {
    const auto found = std::find_if(song_parts.begin(), song_parts.end(), [&](const Part& p) {
        return bar >= p.first_bar && bar < p.first_bar + p.bars;
    });
    return found == song_parts.end() ? song_parts.front() : *found;
}

const Chord& chord_of(int bar) noexcept {
    const auto step = static_cast<std::size_t>(bar % 4);
    switch (part_of(bar).section) {
    case Section::chorus: return in_chorus[step];
    case Section::bridge: return in_bridge[step];
    case Section::intro:
    case Section::verse: break;
    }
    return in_verse[step];
}

std::span<const Sung> lead_line() {
    static const std::vector<Sung> line = written_lead();
    return line;
}

std::span<const Sung> backing_line(bool above) {
    static const std::vector<Sung> high = written_backing(true), low = written_backing(false);
    return above ? high : low;
}

} // namespace prefade::demo
