#include "connectors/demo/mixer.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace prefade::demo {
namespace {

float gain_of(float db) { return db <= closed_db ? 0.0F : std::pow(10.0F, db / 20.0F); }

struct Sides {
    float left, right;
};

/// A track at equal power; a stereo strip by balance, which leaves the centre at 0 dB.
Sides sides_of(const MixerStrip& strip) {
    const float pan = std::clamp(strip.pan, -1.0F, 1.0F);
    if (strip.stereo()) return {std::min(1.0F, 1.0F - pan), std::min(1.0F, 1.0F + pan)};
    const float angle = (pan + 1.0F) * std::numbers::pi_v<float> / 4.0F;
    return {std::cos(angle), std::sin(angle)};
}

/// A gain that glides over one block.
class Ramp {
public:
    Ramp(float from, float to)
        : gain_(from),
          step_((to - from) / static_cast<float>(block_frames)) {}
    float next() { return gain_ += step_; }

private:
    float gain_, step_;
};

float peak_of(std::span<const float> samples) {
    float peak = 0.0F;
    for (const float sample : samples) peak = std::max(peak, std::abs(sample));
    return peak;
}

} // namespace

// ---- structure ------------------------------------------------------------------------------

std::size_t Mixer::position_of(std::uint32_t id) const {
    const auto found = std::find_if(strips_.begin(), strips_.end(),
                                    [&](const MixerStrip& s) { return s.id == id; });
    return found == strips_.end() ? SIZE_MAX : static_cast<std::size_t>(found - strips_.begin());
}

const MixerStrip* Mixer::find(std::uint32_t id) const {
    const std::size_t at = position_of(id);
    return at == SIZE_MAX ? nullptr : &strips_[at];
}

const Slot* Mixer::find_slot(std::uint32_t strip, std::uint32_t insert) const {
    const MixerStrip* found = find(strip);
    if (!found) return nullptr;
    for (const Slot& slot : found->inserts)
        if (slot.id == insert) return &slot;
    return nullptr;
}

const SendLine* Mixer::find_send(std::uint32_t strip, std::uint32_t send) const {
    const MixerStrip* found = find(strip);
    if (!found) return nullptr;
    for (const SendLine& line : found->sends)
        if (line.id == send) return &line;
    return nullptr;
}

MixerStrip* Mixer::find(std::uint32_t id) {
    return const_cast<MixerStrip*>(std::as_const(*this).find(id));
}
Slot* Mixer::find_slot(std::uint32_t strip, std::uint32_t insert) {
    return const_cast<Slot*>(std::as_const(*this).find_slot(strip, insert));
}
SendLine* Mixer::find_send(std::uint32_t strip, std::uint32_t send) {
    return const_cast<SendLine*>(std::as_const(*this).find_send(strip, send));
}

void Mixer::add(MixerStrip strip, std::size_t position) {
    const auto at = static_cast<std::ptrdiff_t>(std::min(position, strips_.size()));
    strips_.insert(strips_.begin() + at, std::move(strip));
    lanes_.insert(lanes_.begin() + at, Lane{});
    arrange();
}

void Mixer::remove(std::uint32_t id) {
    const std::size_t at = position_of(id);
    if (at == SIZE_MAX) return;
    strips_.erase(strips_.begin() + static_cast<std::ptrdiff_t>(at));
    lanes_.erase(lanes_.begin() + static_cast<std::ptrdiff_t>(at));
    for (MixerStrip& strip : strips_) {
        if (strip.output == id) strip.output = 0;
        std::erase_if(strip.sends, [&](const SendLine& s) { return s.destination == id; });
    }
    arrange();
}

void Mixer::move(std::uint32_t id, std::size_t position) {
    const std::size_t at = position_of(id);
    if (at == SIZE_MAX) return;
    const std::size_t to = std::min(position, strips_.size() - 1);
    const auto shift = [&](auto& list) {
        const auto from = list.begin() + static_cast<std::ptrdiff_t>(at);
        const auto target = list.begin() + static_cast<std::ptrdiff_t>(to);
        if (at < to)
            std::rotate(from, from + 1, target + 1);
        else
            std::rotate(target, from, from + 1);
    };
    shift(strips_);
    shift(lanes_);
    arrange();
}

/// Tracks feed buses, buses feed what comes after them; a bus that would feed itself is heard by nobody.
void Mixer::arrange() {
    order_.clear();
    for (Lane& lane : lanes_) lane.send_gains.clear();
    std::vector<bool> placed(strips_.size());
    const auto waits_for = [&](std::size_t fed, std::size_t feeder) {
        const MixerStrip &to = strips_[fed], &from = strips_[feeder];
        if (feeder == fed || from.role == StripRole::master) return false;
        if (to.role == StripRole::master && from.output == 0) return true;
        if (from.output == to.id) return true;
        return std::any_of(from.sends.begin(), from.sends.end(),
                           [&](const SendLine& s) { return s.destination == to.id; });
    };
    for (bool found = true; found;) {
        found = false;
        for (std::size_t i = 0; i < strips_.size(); ++i) {
            if (placed[i]) continue;
            bool ready = true;
            for (std::size_t j = 0; ready && j < strips_.size(); ++j)
                ready = placed[j] || !waits_for(i, j);
            if (!ready) continue;
            placed[i] = found = true;
            order_.push_back(i);
        }
    }
}

bool Mixer::audible(const MixerStrip& strip) const {
    if (strip.mute) return false;
    if (strip.role != StripRole::track) return true; // carries what is audible
    if (std::none_of(strips_.begin(), strips_.end(), [](const MixerStrip& s) { return s.solo; }))
        return true;
    for (const MixerStrip* at = &strip; at; at = at->output ? find(at->output) : nullptr)
        if (at->solo) return true;
    return false;
}

// ---- sound ----------------------------------------------------------------------------------

void Mixer::process(std::uint64_t position) {
    for (std::size_t i = 0; i < strips_.size(); ++i) {
        lanes_[i].left.fill(0.0F);
        lanes_[i].right.fill(0.0F);
        read(strips_[i], lanes_[i], position);
    }
    out_left_.fill(0.0F);
    out_right_.fill(0.0F);
    for (const std::size_t index : order_) {
        run(index);
        deliver(index);
    }
}

void Mixer::read(const MixerStrip& strip, Lane& lane, std::uint64_t position) const {
    for (const Source& source : strip.sources) {
        if (source.recording.empty()) continue;
        std::size_t at = static_cast<std::size_t>(position % source.recording.size());
        const float scale = source.gain / 32768.0F;
        for (std::size_t i = 0; i < block_frames; ++i) {
            lane.left[i] += scale * static_cast<float>(source.recording[at]);
            if (++at == source.recording.size()) at = 0;
        }
    }
    if (strip.stereo() && !strip.sources.empty()) lane.right = lane.left;
}

void Mixer::run(std::size_t index) {
    MixerStrip& strip = strips_[index];
    Lane& lane = lanes_[index];
    float* right = strip.stereo() ? lane.right.data() : nullptr;
    const auto amplify = [&](float& gain_before,
                             float gain) { // without a step a hand would hear as a click
        Ramp ramp(lane.started ? gain_before : gain, gain);
        for (std::size_t i = 0; i < block_frames; ++i) {
            const float now = ramp.next();
            lane.left[i] *= now;
            if (right) right[i] *= now;
        }
        gain_before = gain;
    };
    amplify(lane.trim_gain, gain_of(strip.trim_db));
    float reduction = 0.0F;
    for (Slot& slot : strip.inserts) {
        if (slot.bypassed) continue;
        slot.processor->process(lane.left.data(), right);
        reduction += slot.processor->gain_reduction();
    }
    const auto louder = [&] {
        return right ? std::max(peak_of(lane.left), peak_of(lane.right)) : peak_of(lane.left);
    };
    lane.levels.pre = std::max(lane.levels.pre, louder());
    lane.levels.gain_reduction = std::max(lane.levels.gain_reduction, reduction);

    amplify(lane.fader_gain, audible(strip) ? gain_of(strip.fader_db) : 0.0F);
    lane.levels.post = std::max(lane.levels.post, louder());
    if (!right) lane.right = lane.left;
    lane.post_left = lane.left;
    lane.post_right = lane.right;
}

/// To the strip's output and sends.
void Mixer::deliver(std::size_t index) {
    const MixerStrip& strip = strips_[index];
    Lane& lane = lanes_[index];
    const Sides sides = sides_of(strip);
    Ramp left(lane.started ? lane.left_gain : sides.left, sides.left);
    Ramp right(lane.started ? lane.right_gain : sides.right, sides.right);
    lane.left_gain = sides.left;
    lane.right_gain = sides.right;
    for (std::size_t i = 0; i < block_frames; ++i) {
        lane.left[i] *= left.next();
        lane.right[i] *= right.next();
    }
    const auto add = [&](std::array<float, block_frames>& to_left,
                         std::array<float, block_frames>& to_right, float from, float to) {
        if (from == 0.0F && to == 0.0F) return;
        Ramp gain(from, to);
        for (std::size_t i = 0; i < block_frames; ++i) {
            const float g = gain.next();
            to_left[i] += g * lane.left[i];
            to_right[i] += g * lane.right[i];
        }
    };
    const bool first = !lane.started || lane.send_gains.size() != strip.sends.size();
    lane.send_gains.resize(strip.sends.size());
    for (std::size_t k = 0; k < strip.sends.size(); ++k) {
        const SendLine& send = strip.sends[k];
        const float gain = send.enabled ? gain_of(send.level_db) : 0.0F;
        const std::size_t to = position_of(send.destination);
        if (to != SIZE_MAX)
            add(lanes_[to].left, lanes_[to].right, first ? gain : lane.send_gains[k], gain);
        lane.send_gains[k] = gain;
    }
    lane.started = true;
    if (strip.role == StripRole::master) return add(out_left_, out_right_, 1.0F, 1.0F);
    std::size_t to = strip.output ? position_of(strip.output) : SIZE_MAX;
    for (std::size_t i = 0; to == SIZE_MAX && i < strips_.size(); ++i)
        if (strips_[i].role == StripRole::master) to = i;
    if (to != SIZE_MAX) add(lanes_[to].left, lanes_[to].right, 1.0F, 1.0F);
}

void Mixer::silence() {
    for (MixerStrip& strip : strips_)
        for (Slot& slot : strip.inserts) slot.processor->reset();
    for (Lane& lane : lanes_) lane = Lane{};
    out_left_.fill(0.0F);
    out_right_.fill(0.0F);
}

std::vector<Levels> Mixer::take_levels() {
    std::vector<Levels> taken;
    taken.reserve(lanes_.size());
    for (Lane& lane : lanes_) taken.push_back(std::exchange(lane.levels, Levels{}));
    return taken;
}

} // namespace prefade::demo
