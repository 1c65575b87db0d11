#include "analysis/loudness.h"

#include "analysis/loudness_histogram.h"
#include "analysis/loudness_kernels.h"
#include "analysis/sliding_sum.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace prefade {

namespace {

// Energies are kept in segments of 10 ms: windows of 400 ms and 3 s then end wherever the loudest does, near enough
// for Tech 3341's cases 10 and 13, and 100 ms, the step of the gating blocks, is a whole number of them.
constexpr std::size_t segments_per_second = 100;
constexpr std::size_t segments_per_step = 10;
constexpr std::size_t momentary_segments = 40, short_term_segments = 300;
constexpr std::uint64_t stable_range_seconds = 60;        // Tech 3342
constexpr double relative_gate = 10.0, range_gate = 20.0; // LU: BS.1770-4; Tech 3342
constexpr double range_low = 0.10, range_high = 0.95;     // Tech 3342
/// What lies under -200 LUFS is the end of the filters' ringing, not sound.
constexpr double silence = 1e-20;
/// Filter memory as small as this is made 0, long before it becomes denormal and slow.
constexpr double faded = 1e-30;
/// Frames worked on at once: what lies in the nearest cache while all kernels pass over it.
constexpr std::size_t most_frames = 960;

std::optional<Lufs> lufs(double power) {
    if (!(power > silence)) return {};
    return Lufs{lufs_of_power(power)};
}

double decibels(float peak) { return 20.0 * std::log10(static_cast<double>(peak)); }
std::optional<Decibel> sample_level(float peak) {
    if (!(peak > 0.0F)) return {};
    return Decibel{decibels(peak)};
}
std::optional<TruePeak> true_level(float peak) {
    if (!(peak > 0.0F)) return {};
    return TruePeak{decibels(peak)};
}

} // namespace

// ---- one programme -----------------------------------------------------------------------------------

class ProgrammeLoudness::State {
public:
    struct Channel {
        double weight{1.0};
        float sample_peak{}, true_peak{}; ///< of all steps that are over
        kernels::Peaks step{};            ///< of this step of 100 ms
    };
    struct Windows {
        SlidingSum<momentary_segments> momentary;
        SlidingSum<short_term_segments> short_term;
        double max_momentary{}, max_short_term{}; ///< sums
        std::uint64_t segments{};                 ///< that are over
    };

    State(const ChannelLayout& layout, std::size_t first)
        : first_channel(first),
          channels(layout.size()) {
        for (std::size_t i = 0; i < layout.size(); ++i)
            channels[i].weight = loudness_weight(layout[i]);
    }

    void reset() {
        for (Channel& channel : channels) channel = {channel.weight};
        windows = {};
        blocks.clear();
        ranges.clear();
        frames = 0;
        bad = {};
        ended = false;
    }

    /// `energy`: of each channel over a segment; times `scale` it is the mean square.
    void end_segment(const double* energy, double scale) {
        double power = 0.0;
        for (std::size_t i = 0; i < channels.size(); ++i) power += channels[i].weight * energy[i];
        power *= scale;
        windows.momentary.add(power);
        windows.short_term.add(power);
        if (windows.momentary.is_full())
            windows.max_momentary = std::max(windows.max_momentary, windows.momentary.sum());
        if (windows.short_term.is_full()) {
            windows.max_short_term = std::max(windows.max_short_term, windows.short_term.sum());
            ranges.add(windows.short_term.sum() / short_term_segments);
        }
        if (++windows.segments % segments_per_step == 0) end_step();
    }

    std::size_t first_channel; ///< among those of all programmes
    std::vector<Channel> channels;
    Windows windows;
    LoudnessHistogram blocks, ranges; ///< of 400 ms every 100 ms, of 3 s every 10 ms
    std::uint64_t frames{};
    BadSamples bad;
    bool ended{};

private:
    void end_step() {
        if (windows.momentary.is_full()) blocks.add(windows.momentary.sum() / momentary_segments);
        for (Channel& channel : channels) {
            channel.sample_peak = std::max(channel.sample_peak, channel.step.sample);
            channel.true_peak = std::max(channel.true_peak, channel.step.between);
            channel.step = {};
        }
    }
};

ProgrammeLoudness::ProgrammeLoudness(std::unique_ptr<State> state) : state_(std::move(state)) {}
ProgrammeLoudness::ProgrammeLoudness(ProgrammeLoudness&&) noexcept = default;
ProgrammeLoudness& ProgrammeLoudness::operator=(ProgrammeLoudness&&) noexcept = default;
ProgrammeLoudness::~ProgrammeLoudness() = default;

std::optional<Lufs> ProgrammeLoudness::momentary() const {
    if (!state_->windows.momentary.is_full()) return {};
    return lufs(state_->windows.momentary.sum() / momentary_segments);
}
std::optional<Lufs> ProgrammeLoudness::short_term() const {
    if (!state_->windows.short_term.is_full()) return {};
    return lufs(state_->windows.short_term.sum() / short_term_segments);
}
std::optional<Lufs> ProgrammeLoudness::max_momentary() const {
    return lufs(state_->windows.max_momentary / momentary_segments);
}
std::optional<Lufs> ProgrammeLoudness::max_short_term() const {
    return lufs(state_->windows.max_short_term / short_term_segments);
}

std::optional<Lufs> ProgrammeLoudness::integrated() const {
    const auto mean = state_->blocks.gated_mean(relative_gate);
    if (!mean) return {};
    return Lufs{lufs_of_power(*mean)};
}

std::optional<LoudnessUnits> ProgrammeLoudness::range() const {
    const auto spread = state_->ranges.spread(range_gate, range_low, range_high);
    if (!spread) return {};
    return LoudnessUnits{*spread};
}

bool ProgrammeLoudness::is_range_stable() const noexcept {
    return state_->windows.segments >= stable_range_seconds * segments_per_second;
}

std::optional<Decibel> ProgrammeLoudness::sample_peak(std::size_t channel) const {
    const State::Channel& of = state_->channels.at(channel);
    return sample_level(std::max(of.sample_peak, of.step.sample));
}
std::optional<TruePeak> ProgrammeLoudness::true_peak(std::size_t channel) const {
    const State::Channel& of = state_->channels.at(channel);
    return true_level(std::max(of.true_peak, of.step.between));
}

std::optional<Decibel> ProgrammeLoudness::sample_peak() const {
    std::optional<Decibel> highest;
    for (std::size_t i = 0; i < channels(); ++i) highest = std::max(highest, sample_peak(i));
    return highest;
}
std::optional<TruePeak> ProgrammeLoudness::true_peak() const {
    std::optional<TruePeak> highest;
    for (std::size_t i = 0; i < channels(); ++i) highest = std::max(highest, true_peak(i));
    return highest;
}

std::optional<Decibel> ProgrammeLoudness::peak_to_loudness() const {
    const auto peak = true_peak();
    const auto loudness = integrated();
    if (!peak || !loudness) return {};
    return Decibel{peak->value() - loudness->value()};
}
std::uint64_t ProgrammeLoudness::frames() const noexcept { return state_->frames; }
std::size_t ProgrammeLoudness::channels() const noexcept { return state_->channels.size(); }
const BadSamples& ProgrammeLoudness::bad_samples() const noexcept { return state_->bad; }

namespace {

/// Makes 0 of what is no sound among `count` samples of `channel` from `frame` on, and tells of it in `bad`.
void take_out_bad_samples(BadSamples& bad, float* samples, std::size_t count, std::size_t channel,
                          std::uint64_t frame) {
    for (std::size_t n = 0; n < count; ++n) {
        if (std::abs(samples[n]) <= loudest_sample) continue;
        samples[n] = 0.0F;
        if (bad.count++ == 0 || frame + n < bad.first_frame) {
            bad.first_frame = frame + n;
            bad.first_channel = channel;
        }
    }
}

} // namespace

// ---- the meter -----------------------------------------------------------------------------------------

class LoudnessMeter::Engine {
public:
    Engine(std::span<const ChannelLayout> layouts, double sample_rate)
        : rate_(sample_rate),
          weighting_(k_weighting(sample_rate)),
          filter_(kernels::true_peak_filter(sample_rate)) {
        std::size_t count = 0;
        for (const ChannelLayout& layout : layouts) {
            programmes_.push_back(
                ProgrammeLoudness{std::make_unique<ProgrammeLoudness::State>(layout, count)});
            count += layout.size();
        }
        const std::size_t padded = kernels::padded(count);
        constexpr std::size_t stride =
            kernels::TruePeakFilter::history + most_frames + kernels::slack;
        samples_.resize(padded * stride);
        for (std::size_t i = 0; i < padded; ++i)
            channels_.push_back(samples_.data() + i * stride + kernels::TruePeakFilter::history);
        memory_.resize(kernels::KState::values * padded);
        energy_.resize(padded);
        begin_segment();
    }

    void reset() {
        for (ProgrammeLoudness& programme : programmes_) programme.state_->reset();
        std::fill(samples_.begin(), samples_.end(), 0.0F);
        std::fill(memory_.begin(), memory_.end(), 0.0);
        std::fill(energy_.begin(), energy_.end(), 0.0);
        position_ = segment_begin_ = segments_ = 0;
        begin_segment();
    }

    /// `frames_of(i)`: how many the block of programme `i` has; `fill(i, from, count, channels)` writes those of
    /// them from `from` on into its channels.
    template <class FramesOf, class Fill> void advance(FramesOf frames_of, Fill fill) {
        std::size_t longest = 0;
        for (std::size_t i = 0; i < programmes_.size(); ++i)
            if (!state(i).ended) longest = std::max(longest, frames_of(i));
        for (std::size_t from = 0; from < longest;) {
            std::size_t count = std::min({longest - from, most_frames, left_in_segment()});
            for (std::size_t i = 0; i < programmes_.size(); ++i) {
                if (state(i).ended) continue;
                if (frames_of(i) == from)
                    end_programme(i);
                else // a programme's end is a border too: what comes after is not of it
                    count = std::min(count, frames_of(i) - from);
            }
            for (std::size_t i = 0; i < programmes_.size(); ++i)
                if (!state(i).ended) {
                    fill(i, from, count, channels_.data() + state(i).first_channel);
                    look_for_peaks(i, count);
                }
            kernels::add_energy(channels_.data(), channels_.size(), count, weighting_,
                                {memory_.data(), channels_.size()}, energy_.data());
            for (float* channel : channels_) // what the next samples are interpolated with
                std::memmove(channel - kernels::TruePeakFilter::history,
                             channel + count - kernels::TruePeakFilter::history,
                             kernels::TruePeakFilter::history * sizeof(float));
            position_ += count;
            from += count;
            if (left_in_segment() == 0) end_segment();
        }
        for (std::size_t i = 0; i < programmes_.size(); ++i)
            if (!state(i).ended && frames_of(i) < longest) end_programme(i);
    }

    const std::vector<ProgrammeLoudness>& programmes() const noexcept { return programmes_; }

private:
    ProgrammeLoudness::State& state(std::size_t i) { return *programmes_[i].state_; }
    std::size_t left_in_segment() const noexcept {
        return static_cast<std::size_t>(segment_end_ - position_);
    }

    /// A segment is 10 ms to the sample on average, and exactly where the rate allows.
    void begin_segment() {
        segment_begin_ = position_;
        ++segments_;
        segment_end_ = static_cast<std::uint64_t>(
            std::floor(static_cast<double>(segments_) * rate_ / segments_per_second));
    }

    void end_segment() {
        const auto length = static_cast<double>(position_ - segment_begin_);
        for (ProgrammeLoudness& programme : programmes_) {
            ProgrammeLoudness::State& of = *programme.state_;
            if (!of.ended)
                of.end_segment(energy_.data() + of.first_channel, weighting_.power / length);
        }
        std::fill(energy_.begin(), energy_.end(), 0.0);
        for (double& value : memory_)
            if (std::abs(value) < faded) value = 0.0;
        begin_segment();
    }

    void end_programme(std::size_t i) {
        state(i).ended = true;
        for (std::size_t c = 0; c < state(i).channels.size(); ++c) {
            float* channel = channels_[state(i).first_channel + c];
            std::fill(channel - kernels::TruePeakFilter::history, channel + most_frames, 0.0F);
        }
    }

    void look_for_peaks(std::size_t i, std::size_t count) {
        ProgrammeLoudness::State& of = state(i);
        for (std::size_t c = 0; c < of.channels.size(); ++c) {
            float* channel = channels_[of.first_channel + c];
            if (!kernels::raise_peaks(channel, count, filter_, of.channels[c].step)) {
                take_out_bad_samples(of.bad, channel, count, c, of.frames);
                kernels::raise_peaks(channel, count, filter_, of.channels[c].step);
            }
        }
        of.frames += count;
    }

    double rate_;
    KWeighting weighting_;
    kernels::TruePeakFilter filter_;
    std::vector<ProgrammeLoudness> programmes_;
    std::vector<float> samples_; ///< per channel: history, what is worked on, slack
    std::vector<float*>
        channels_; ///< where each channel's part to be worked on begins; padded with silent ones
    std::vector<double> memory_; ///< of the K weighting
    std::vector<double> energy_; ///< of this segment so far
    std::uint64_t position_{}, segment_begin_{}, segment_end_{}, segments_{};
};

Result<LoudnessMeter> LoudnessMeter::make(const ChannelLayout& layout, double sample_rate) {
    return make(std::span(&layout, 1), sample_rate);
}

Result<LoudnessMeter> LoudnessMeter::make(std::span<const ChannelLayout> programmes,
                                          double sample_rate) {
    if (!(sample_rate >= lowest_sample_rate && sample_rate <= highest_sample_rate))
        return Error{ErrorCode::unsupported,
                     "loudness at " + std::to_string(sample_rate)
                         + " Hz: the rate must be from 8000 to 768000 Hz",
                     {}};
    std::size_t channels = 0;
    for (const ChannelLayout& layout : programmes) {
        if (layout.empty())
            return Error{ErrorCode::unsupported, "loudness of a programme without channels", {}};
        channels += layout.size();
    }
    if (channels == 0 || channels > most_metered_channels)
        return Error{ErrorCode::unsupported,
                     "loudness of " + std::to_string(channels) + " channels: from 1 to "
                         + std::to_string(most_metered_channels) + " can be measured together",
                     {}};
    return LoudnessMeter{std::make_unique<Engine>(programmes, sample_rate)};
}

LoudnessMeter::LoudnessMeter(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
LoudnessMeter::LoudnessMeter(LoudnessMeter&&) noexcept = default;
LoudnessMeter& LoudnessMeter::operator=(LoudnessMeter&&) noexcept = default;
LoudnessMeter::~LoudnessMeter() = default;

void LoudnessMeter::add(std::span<const float> interleaved) { add(std::span(&interleaved, 1)); }

void LoudnessMeter::add(std::span<const std::span<const float>> blocks) {
    const auto& of = engine_->programmes();
    PREFADE_ASSERT(blocks.size() == of.size(), "a block of samples for each programme");
    const auto frames = [&](std::size_t i) { return blocks[i].size() / of[i].channels(); };
    engine_->advance(
        frames, [&](std::size_t i, std::size_t from, std::size_t count, float* const* channels) {
            const std::size_t stride = of[i].channels();
            const float* in = blocks[i].data() + from * stride;
            if (stride == 1)
                std::copy_n(in, count, channels[0]);
            else if (stride == 2)
                kernels::split_stereo(in, count, channels[0], channels[1]);
            else
                for (std::size_t c = 0; c < stride; ++c)
                    for (std::size_t n = 0; n < count; ++n) channels[c][n] = in[n * stride + c];
        });
}

std::size_t LoudnessMeter::programmes() const noexcept { return engine_->programmes().size(); }
const ProgrammeLoudness& LoudnessMeter::loudness(std::size_t programme) const {
    return engine_->programmes().at(programme);
}
void LoudnessMeter::reset() { engine_->reset(); }

} // namespace prefade
