#include "connectors/demo/processors.h"

#include "connectors/demo/filters.h"
#include "connectors/demo/song.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace prefade::demo {
namespace {

constexpr float tiny = 1e-7F; // -140 dBFS

constexpr std::array<ParameterSpec, 10> eq_parameters{{
    {"Low Freq", "Hz", 20.0F, 400.0F, 80.0F, true},
    {"Low Gain", "dB", -18.0F, 18.0F, 0.0F},
    {"Low Mid Freq", "Hz", 40.0F, 2000.0F, 300.0F, true},
    {"Low Mid Gain", "dB", -18.0F, 18.0F, 0.0F},
    {"Low Mid Q", "", 0.3F, 10.0F, 1.0F, true},
    {"High Mid Freq", "Hz", 500.0F, 12000.0F, 3000.0F, true},
    {"High Mid Gain", "dB", -18.0F, 18.0F, 0.0F},
    {"High Mid Q", "", 0.3F, 10.0F, 1.0F, true},
    {"High Freq", "Hz", 1500.0F, 18000.0F, 8000.0F, true},
    {"High Gain", "dB", -18.0F, 18.0F, 0.0F},
}};
constexpr std::array<ParameterSpec, 6> compressor_parameters{{
    {"Threshold", "dB", -60.0F, 0.0F, -18.0F},
    {"Ratio", ":1", 1.0F, 20.0F, 3.0F, true},
    {"Attack", "ms", 0.1F, 100.0F, 10.0F, true},
    {"Release", "ms", 10.0F, 1000.0F, 120.0F, true},
    {"Makeup", "dB", 0.0F, 24.0F, 0.0F},
    {"Gain Reduction", "dB", 0.0F, 60.0F, 0.0F, false, true},
}};
constexpr std::array<ParameterSpec, 4> limiter_parameters{{
    {"Input Gain", "dB", 0.0F, 24.0F, 0.0F},
    {"Ceiling", "dB", -12.0F, 0.0F, -1.0F},
    {"Release", "ms", 10.0F, 1000.0F, 80.0F, true},
    {"Gain Reduction", "dB", 0.0F, 60.0F, 0.0F, false, true},
}};
constexpr std::array<ParameterSpec, 3> plate_parameters{{
    {"Decay", "s", 0.2F, 8.0F, 1.8F, true},
    {"Pre-Delay", "ms", 0.0F, 150.0F, 25.0F},
    {"Damping", "Hz", 1000.0F, 16000.0F, 5500.0F, true},
}};
constexpr std::array<ParameterSpec, 3> echo_parameters{{
    {"Time", "ms", 20.0F, 1000.0F, 401.8F}, // three quarters of the song's beat
    {"Feedback", "%", 0.0F, 90.0F, 30.0F},
    {"Tone", "Hz", 500.0F, 16000.0F, 3500.0F, true},
}};

float gain_of(float db) { return std::pow(10.0F, db / 20.0F); }

std::size_t frames_of_ms(float ms) {
    return static_cast<std::size_t>(std::lround(static_cast<double>(ms) * sample_rate / 1000.0));
}
/// Share of the way a one-pole goes in a frame, to be within 1/e after `ms`.
float pace_of_ms(float ms) {
    return static_cast<float>(1.0 - std::exp(-1000.0 / (static_cast<double>(ms) * sample_rate)));
}

// ---- EQ -------------------------------------------------------------------------------------

class Eq final : public Processor {
public:
    Eq() : Processor(ProcessorKind::eq) { changed(); }
    void process(float* left, float* right) override {
        for (Biquad(*bands)[4] : {&left_, &right_}) {
            float* samples = bands == &left_ ? left : right;
            if (!samples) continue;
            for (Biquad& band : *bands) {
                for (std::size_t i = 0; i < block_frames; ++i)
                    samples[i] = band.process(samples[i]);
                band.settle();
            }
        }
    }
    void reset() override {
        for (Biquad& band : left_) band.reset();
        for (Biquad& band : right_) band.reset();
    }

private:
    void changed() override {
        const auto v = [&](std::size_t number) { return static_cast<double>(value(number)); };
        const std::array<Coefficients, 4> bands{low_shelf(v(1), v(2)), bell(v(3), v(4), v(5)),
                                                bell(v(6), v(7), v(8)), high_shelf(v(9), v(10))};
        for (std::size_t k = 0; k < bands.size(); ++k) {
            left_[k].set(bands[k]);
            right_[k].set(bands[k]);
        }
    }
    Biquad left_[4], right_[4];
};

// ---- compressor -----------------------------------------------------------------------------

/// Feed-forward, hard knee, both channels by the louder one: the envelope of the peaks over the threshold is
/// reduced by the ratio.
class Compressor final : public Processor {
public:
    Compressor() : Processor(ProcessorKind::compressor) { changed(); }
    void process(float* left, float* right) override {
        deepest_ = 0.0F;
        for (std::size_t i = 0; i < block_frames; i += hop) {
            const std::size_t end = std::min(i + hop, block_frames);
            for (std::size_t j = i; j < end; ++j) {
                float level = std::abs(left[j]);
                if (right) level = std::max(level, std::abs(right[j]));
                envelope_ += (level > envelope_ ? attack_ : release_) * (level - envelope_);
            }
            const float over = 20.0F * std::log10(std::max(envelope_, tiny)) - value(1);
            const float reduction = over > 0.0F ? over * (1.0F - 1.0F / value(2)) : 0.0F;
            deepest_ = std::max(deepest_, reduction);
            const float wanted = gain_of(value(5) - reduction);
            const float step = (wanted - gain_) / static_cast<float>(end - i);
            for (std::size_t j = i; j < end; ++j) {
                gain_ += step;
                left[j] *= gain_;
                if (right) right[j] *= gain_;
            }
        }
        if (envelope_ < tiny) envelope_ = 0.0F;
    }
    void reset() override {
        envelope_ = deepest_ = 0.0F;
        gain_ = gain_of(value(5));
    }
    float gain_reduction() const override { return deepest_; }

private:
    static constexpr std::size_t hop = 16;
    void changed() override {
        attack_ = pace_of_ms(value(3));
        release_ = pace_of_ms(value(4));
    }
    float envelope_{0.0F}, gain_{1.0F}, deepest_{0.0F}, attack_{1.0F}, release_{1.0F};
};

// ---- limiter --------------------------------------------------------------------------------

/// Looks ahead 1.5 ms: the smallest gain any sample in that time needs, smoothed over the same time, so no
/// sample passes the ceiling.
class Limiter final : public Processor {
public:
    Limiter() : Processor(ProcessorKind::limiter) {
        reset();
        changed();
    }
    void process(float* left, float* right) override {
        const float drive = gain_of(value(1)), ceiling = gain_of(value(2));
        float lowest = 1.0F;
        for (std::size_t i = 0; i < block_frames; ++i) {
            const float l = left[i] * drive, r = right ? right[i] * drive : 0.0F;
            const float peak = std::max(std::abs(l), std::abs(r));
            needed_[at_] = peak > ceiling ? ceiling / peak : 1.0F;
            float least = 1.0F;
            if (needed_[at_] < 1.0F) quiet_for_ = 0;
            if (quiet_for_ <= ahead) {
                least = *std::min_element(needed_.begin(), needed_.end());
                ++quiet_for_;
            }
            held_ = std::min(least, held_ + release_ * (1.0F - held_));
            sum_ += static_cast<double>(held_) - static_cast<double>(smooth_[at_]);
            smooth_[at_] = held_;
            const auto gain = static_cast<float>(sum_ / static_cast<double>(ahead));
            lowest = std::min(lowest, gain);
            left_[at_] = l;
            right_[at_] = r;
            if (++at_ == ahead)
                at_ = 0; // where the oldest is: the first that the gains of all look at
            left[i] = left_[at_] * gain;
            if (right) right[i] = right_[at_] * gain;
        }
        deepest_ = -20.0F * std::log10(std::min(lowest, 1.0F));
    }
    void reset() override {
        needed_.fill(1.0F);
        smooth_.fill(1.0F);
        left_.fill(0.0F);
        right_.fill(0.0F);
        sum_ = static_cast<double>(ahead);
        held_ = 1.0F;
        deepest_ = 0.0F;
        at_ = 0;
        quiet_for_ = ahead + 1;
    }
    float gain_reduction() const override { return deepest_; }

private:
    static constexpr std::size_t ahead = 66;
    void changed() override { release_ = pace_of_ms(value(3)); }
    std::array<float, ahead> needed_{}, smooth_{}, left_{}, right_{};
    double sum_{0.0};
    float held_{1.0F}, release_{1.0F}, deepest_{0.0F};
    std::size_t at_{0}, quiet_for_{0};
};

// ---- plate ----------------------------------------------------------------------------------

/// A feedback network of eight delays mixed by a Hadamard matrix (Jot 1991); wet only.
class Plate final : public Processor {
public:
    Plate() : Processor(ProcessorKind::plate) {
        for (std::size_t k = 0; k < lines_.size(); ++k) lines_[k].assign(lengths[k], 0.0F);
        before_.assign(frames_of_ms(150.0F) + 1, 0.0F);
        changed();
    }
    void process(float* left, float* right) override {
        for (std::size_t i = 0; i < block_frames; ++i) {
            before_[write_] = 0.5F * (left[i] + (right ? right[i] : left[i]));
            const float in = before_[(write_ + before_.size() - delay_) % before_.size()];
            if (++write_ == before_.size()) write_ = 0;
            std::array<float, 8> out{};
            for (std::size_t k = 0; k < 8; ++k) {
                const float heard = lines_[k][at_[k]];
                dull_[k] += damping_ * (heard - dull_[k]);
                out[k] = dull_[k] * feedback_[k];
            }
            left[i] = 0.6F * (out[0] + out[2] - out[4] + out[6]);
            if (right) right[i] = 0.6F * (out[1] + out[3] - out[5] + out[7]);
            mix(out);
            for (std::size_t k = 0; k < 8; ++k) {
                lines_[k][at_[k]] = out[k] + (k % 2 ? -in : in);
                if (++at_[k] == lines_[k].size()) at_[k] = 0;
            }
        }
        for (float& state : dull_)
            if (std::abs(state) < 1e-15F) state = 0.0F;
    }
    void reset() override {
        for (auto& line : lines_) std::fill(line.begin(), line.end(), 0.0F);
        std::fill(before_.begin(), before_.end(), 0.0F);
        dull_.fill(0.0F);
    }

private:
    /// Frames; without common factors, 25 to 55 ms.
    static constexpr std::array<std::size_t, 8> lengths{1123, 1291, 1427, 1597,
                                                        1783, 1987, 2203, 2437};
    static void mix(std::array<float, 8>& x) {
        for (std::size_t span = 1; span < 8; span *= 2)
            for (std::size_t k = 0; k < 8; k += 2 * span)
                for (std::size_t j = k; j < k + span; ++j) {
                    const float a = x[j], b = x[j + span];
                    x[j] = a + b;
                    x[j + span] = a - b;
                }
        for (float& each : x) {
            each *= 0.35355339F; // 1/sqrt(8): keeps the energy
            if (std::abs(each) < 1e-15F) each = 0.0F;
        }
    }
    void changed() override {
        for (std::size_t k = 0; k < 8; ++k) // -60 dB after `Decay`
            feedback_[k] =
                std::pow(10.0F, -3.0F * static_cast<float>(lengths[k]) / (value(1) * sample_rate));
        delay_ = frames_of_ms(value(2));
        damping_ = static_cast<float>(
            1.0 - std::exp(-2.0 * std::numbers::pi * static_cast<double>(value(3)) / sample_rate));
    }
    std::array<std::vector<float>, 8> lines_;
    std::array<std::size_t, 8> at_{};
    std::array<float, 8> dull_{}, feedback_{};
    std::vector<float> before_;
    std::size_t write_{0}, delay_{0};
    float damping_{1.0F};
};

// ---- echo -----------------------------------------------------------------------------------

/// Wet only; from side to side where the strip has two.
class Echo final : public Processor {
public:
    Echo() : Processor(ProcessorKind::echo) {
        for (auto& line : lines_) line.assign(frames_of_ms(1000.0F) + 1, 0.0F);
        changed();
    }
    void process(float* left, float* right) override {
        const std::size_t size = lines_[0].size();
        for (std::size_t i = 0; i < block_frames; ++i) {
            const std::size_t read = (at_ + size - delay_) % size;
            const float l = tone_[0].process(lines_[0][read]);
            const float r = tone_[1].process(lines_[1][read]);
            const float in = right ? 0.5F * (left[i] + right[i]) : left[i];
            lines_[0][at_] = in + feedback_ * (right ? r : l);
            lines_[1][at_] = feedback_ * l;
            left[i] = l;
            if (right) right[i] = r;
            if (++at_ == size) at_ = 0;
        }
        for (Biquad& tone : tone_) tone.settle();
    }
    void reset() override {
        for (auto& line : lines_) std::fill(line.begin(), line.end(), 0.0F);
        for (Biquad& tone : tone_) tone.reset();
    }

private:
    void changed() override {
        delay_ = std::max<std::size_t>(1, frames_of_ms(value(1)));
        feedback_ = value(2) / 100.0F;
        for (Biquad& tone : tone_) tone.set(low_pass(static_cast<double>(value(3))));
    }
    std::array<std::vector<float>, 2> lines_;
    std::array<Biquad, 2> tone_;
    std::size_t at_{0}, delay_{1};
    float feedback_{0.0F};
};

} // namespace

std::string_view name_of(ProcessorKind kind) noexcept {
    switch (kind) {
    case ProcessorKind::eq: return "EQ";
    case ProcessorKind::compressor: return "Compressor";
    case ProcessorKind::limiter: return "Limiter";
    case ProcessorKind::plate: return "Plate";
    case ProcessorKind::echo: break;
    }
    return "Echo";
}

std::span<const ParameterSpec> parameters_of(ProcessorKind kind) noexcept {
    switch (kind) {
    case ProcessorKind::eq: return eq_parameters;
    case ProcessorKind::compressor: return compressor_parameters;
    case ProcessorKind::limiter: return limiter_parameters;
    case ProcessorKind::plate: return plate_parameters;
    case ProcessorKind::echo: break;
    }
    return echo_parameters;
}

Processor::Processor(ProcessorKind kind) : kind_(kind) {
    for (const ParameterSpec& spec : parameters_of(kind)) values_.push_back(spec.initial);
}

void Processor::set(std::size_t number, float value) {
    const auto specs = parameters_of(kind_);
    if (number < 1 || number > specs.size() || specs[number - 1].output) return;
    values_[number - 1] = std::clamp(value, specs[number - 1].minimum, specs[number - 1].maximum);
    changed();
}

std::unique_ptr<Processor> make_processor(ProcessorKind kind) {
    switch (kind) {
    case ProcessorKind::eq: return std::make_unique<Eq>();
    case ProcessorKind::compressor: return std::make_unique<Compressor>();
    case ProcessorKind::limiter: return std::make_unique<Limiter>();
    case ProcessorKind::plate: return std::make_unique<Plate>();
    case ProcessorKind::echo: break;
    }
    return std::make_unique<Echo>();
}

} // namespace prefade::demo
