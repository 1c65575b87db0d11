// A small mixer, as a DAW has one: trim, inserts, fader, mute and solo, pan, sends after the fader, buses, returns and
// a master, metered before and after the fader. It computes one block at a time and knows no protocol, no clock and
// no song. One thread.
//
//   sources -> trim -> inserts -> (pre-fader meter) -> fader, mute, solo -> (post-fader meter) -> pan -> bus
//                                                                                            \-> sends
//
// Tracks are mono until their pan, at equal power (-3 dB in the centre); all else is stereo, and its pan a balance
// that turns one side down. The post-fader meter is before the pan, so in the centre it shows what the fader gives.
#pragma once

#include "connectors/demo/processors.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace prefade::demo {

/// A mono recording that goes round and round; must outlive the mixer.
using Recording = std::span<const std::int16_t>;

enum class StripRole { track, bus, master };

struct Slot {
    std::uint32_t id{0};
    std::unique_ptr<Processor> processor;
    bool bypassed{false};
};

struct SendLine {
    std::uint32_t id{0}, destination{0}; ///< id of the strip it goes to
    float level_db{0.0F};
    bool enabled{true};
};

struct Source {
    Recording recording;
    float gain{1.0F}; ///< linear
};

inline constexpr float fader_top_db = 6.0F, trim_top_db = 24.0F;
inline constexpr float closed_db =
    -90.0F; ///< a fader or send at or below this lets nothing through

struct MixerStrip {
    std::uint32_t id{0};
    std::string name;
    StripRole role{StripRole::track};
    std::uint32_t output{0}; ///< id of a bus; 0: the master, or out of the mixer
    std::vector<Source> sources;
    std::vector<Slot> inserts;
    std::vector<SendLine> sends;
    float trim_db{0.0F}, fader_db{0.0F}, pan{0.0F}; ///< -1 left to +1 right
    bool mute{false}, solo{false};

    bool stereo() const { return role != StripRole::track; }
};

struct Levels {
    float pre{0.0F}, post{0.0F}; ///< largest sample, linear, of the louder channel
    float gain_reduction{0.0F};  ///< dB, of the strip's dynamics together
};

class Mixer {
public:
    // ---- structure. Ids must be new; order is mixer order.
    void add(MixerStrip strip, std::size_t position = SIZE_MAX);
    void remove(std::uint32_t id); ///< sends to it go; what it fed goes to the master
    void move(std::uint32_t id, std::size_t position);
    const std::vector<MixerStrip>& strips() const { return strips_; }
    MixerStrip* find(std::uint32_t id);
    const MixerStrip* find(std::uint32_t id) const;
    Slot* find_slot(std::uint32_t strip, std::uint32_t insert);
    const Slot* find_slot(std::uint32_t strip, std::uint32_t insert) const;
    SendLine* find_send(std::uint32_t strip, std::uint32_t send);
    const SendLine* find_send(std::uint32_t strip, std::uint32_t send) const;

    /// One block of sound whose first frame is `position` of the recordings. Changed gains glide over the block.
    void process(std::uint64_t position);
    /// Forgets all sound in filters, delays and meters.
    void silence();
    /// What left the master in the last block.
    std::span<const float> left() const { return out_left_; }
    std::span<const float> right() const { return out_right_; }

    /// By position in `strips`: the last block after the fader, before the pan. Of a track the left side is all of it.
    std::pair<std::span<const float>, std::span<const float>>
    after_fader(std::size_t position) const {
        return {lanes_[position].post_left, lanes_[position].post_right};
    }

    /// By position in `strips`: largest since the last call.
    std::vector<Levels> take_levels();
    /// Neither muted nor shut out by another's solo.
    bool audible(const MixerStrip& strip) const;

private:
    using Block = std::array<float, block_frames>;
    struct Lane { ///< what a strip works on
        Block left{}, right{};
        Block post_left{}, post_right{}; ///< after the fader
        float fader_gain{0.0F}, left_gain{0.0F}, right_gain{0.0F}, trim_gain{0.0F};
        std::vector<float> send_gains;
        bool started{false}; ///< gains glide from where they were
        Levels levels;
    };
    std::size_t position_of(std::uint32_t id) const; ///< SIZE_MAX: not there
    void arrange();
    void read(const MixerStrip& strip, Lane& lane, std::uint64_t position) const;
    void run(std::size_t index);
    void deliver(std::size_t index);

    std::vector<MixerStrip> strips_;
    std::vector<Lane> lanes_;
    std::vector<std::size_t> order_; ///< whoever feeds a strip comes before it
    Block out_left_{}, out_right_{};
};

} // namespace prefade::demo
