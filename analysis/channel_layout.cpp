#include "analysis/channel_layout.h"

namespace prefade {

double loudness_weight(Speaker speaker) noexcept {
    switch (speaker) {
    case Speaker::low_frequency: return 0.0;
    case Speaker::left_surround:
    case Speaker::right_surround:
    case Speaker::left_side:
    case Speaker::right_side: return 1.41;
    case Speaker::left:
    case Speaker::right:
    case Speaker::centre:
    case Speaker::left_rear:
    case Speaker::right_rear:
    case Speaker::rear_centre:
    case Speaker::height:
    case Speaker::other: break;
    }
    return 1.0;
}

ChannelLayout default_layout(std::size_t channels) {
    using enum Speaker;
    switch (channels) {
    case 1: return {centre};
    case 2: return {left, right};
    case 3: return {left, right, centre};
    case 4: return {left, right, left_surround, right_surround};
    case 5: return {left, right, centre, left_surround, right_surround};
    case 6: return {left, right, centre, low_frequency, left_surround, right_surround};
    case 7: return {left, right, centre, low_frequency, rear_centre, left_side, right_side};
    case 8:
        return {left, right, centre, low_frequency, left_rear, right_rear, left_side, right_side};
    default: return ChannelLayout(channels, other);
    }
}

ChannelLayout vorbis_layout(std::size_t channels) {
    using enum Speaker;
    switch (channels) {
    case 3: return {left, centre, right};
    case 5: return {left, centre, right, left_surround, right_surround};
    case 6: return {left, centre, right, left_surround, right_surround, low_frequency};
    case 7: return {left, centre, right, left_side, right_side, rear_centre, low_frequency};
    case 8:
        return {left, centre, right, left_side, right_side, left_rear, right_rear, low_frequency};
    default: return default_layout(channels);
    }
}

} // namespace prefade
