// Which loudspeaker each channel of a programme feeds, in the order of its interleaved samples, and what it
// weighs in the loudness sum. Plain values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace prefade {

enum class Speaker : std::uint8_t {
    left,           ///< +30 degrees
    right,          ///< -30 degrees
    centre,         ///< also the one channel of a mono file
    low_frequency,  ///< LFE: takes no part in loudness
    left_surround,  ///< 100 to 120 degrees: 5.1's surrounds
    right_surround, ///<
    left_side,      ///< 90 degrees: 7.1's side speakers
    right_side,     ///<
    left_rear,      ///< 135 to 150 degrees: 7.1's rear speakers
    right_rear,     ///<
    rear_centre,    ///< 180 degrees
    height,         ///< 30 degrees up or more, whichever way
    other,          ///< unknown: weighs 1, as a front speaker
};

/// G of the loudness sum, linear, on power: 1.41 between 60 and 120 degrees on the level of the ears, 0 for LFE,
/// 1 elsewhere (ITU-R BS.1770-4, annex 1 table 3 and annex 3 table 4).
double loudness_weight(Speaker speaker) noexcept;

using ChannelLayout = std::vector<Speaker>;

/// What `channels` channels are when a file does not say: mono, stereo, L R C, quad (L R Ls Rs), 5.0 (L R C Ls Rs),
/// 5.1 (L R C LFE Ls Rs), 6.1 (L R C LFE Cs Lss Rss) and 7.1 (L R C LFE Lrs Rrs Lss Rss), the order of WAVE and FLAC;
/// more than eight: all `other`.
ChannelLayout default_layout(std::size_t channels);
/// The same in the order of Vorbis and Opus: L C R, 5.0 as L C R Ls Rs, 5.1 as L C R Ls Rs LFE, 6.1 as L C R Lss Rss Cs LFE
/// and 7.1 as L C R Lss Rss Lrs Rrs LFE (Vorbis I specification, 4.3.9; RFC 7845, 5.1.1.2).
ChannelLayout vorbis_layout(std::size_t channels);

} // namespace prefade
