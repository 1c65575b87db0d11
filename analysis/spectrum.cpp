#include "analysis/spectrum.h"

#include "analysis/k_weighting.h"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numbers>
#include <string>
#include <vector>

namespace prefade {

namespace {

constexpr double lowest_hz = 20.0, highest_hz = 20000.0;

// ERB-rate scale: Glasberg and Moore, Hearing Research 47 (1990).
double cams(double hz) { return 21.4 * std::log10(4.37e-3 * hz + 1.0); }
double hz_of_cams(double value) { return (std::pow(10.0, value / 21.4) - 1.0) / 4.37e-3; }

// Frames of 85 to 93 ms at the usual rates: long enough for bands of 26 Hz, short enough for notes.
std::size_t frame_length(double sample_rate) {
    std::size_t length = 512;
    while (static_cast<double>(length) < 0.08 * sample_rate) length *= 2;
    return length;
}

// The planner of FFTW has global state; carrying out a plan has none.
std::mutex& planner() {
    static std::mutex mutex;
    return mutex;
}

struct FreeFftw {
    void operator()(void* memory) const noexcept { fftwf_free(memory); }
};
template <class T> using FftwArray = std::unique_ptr<T[], FreeFftw>;

/// Transform of complex numbers, of one length. Planned by FFTW's estimate: measured plans are up to a third faster and
/// take a tenth of a second each to find, and differ from one start to the next.
class Transform {
public:
    explicit Transform(std::size_t length)
        : in_(fftwf_alloc_complex(length)),
          out_(fftwf_alloc_complex(length)) {
        const std::scoped_lock lock(planner());
        plan_ = fftwf_plan_dft_1d(static_cast<int>(length), in_.get(), out_.get(), FFTW_FORWARD,
                                  FFTW_ESTIMATE);
    }
    ~Transform() {
        const std::scoped_lock lock(planner());
        fftwf_destroy_plan(plan_);
    }
    Transform(const Transform&) = delete;
    Transform& operator=(const Transform&) = delete;

    /// Real and imaginary parts by turns.
    float* input() noexcept { return in_.get()[0]; }
    const float* run() noexcept {
        fftwf_execute(plan_);
        return out_.get()[0];
    }

private:
    FftwArray<fftwf_complex> in_, out_;
    fftwf_plan plan_{};
};

/// Which bins make a band: all of `first` to `last` (exclusive), and parts of the two beside them.
struct BandBins {
    std::size_t first, last;
    float below, above; ///< share of bin first - 1, of bin last
};

/// Bin k stands for the power between k - 1/2 and k + 1/2; an edge within it splits that power.
BandBins bins_of(const ErbBand& band, double bin_hz, std::size_t bins) {
    const double top = static_cast<double>(bins) - 1.0;
    const double low = std::min(band.low.value() / bin_hz + 0.5, top);
    const double high = std::min(band.high.value() / bin_hz + 0.5, top);
    const double first = std::ceil(low), last = std::floor(high);
    if (first > last) // within one bin: counted as a part of the bin above
        return {static_cast<std::size_t>(first), static_cast<std::size_t>(first),
                static_cast<float>(high - low), 0.0F};
    return {static_cast<std::size_t>(first), static_cast<std::size_t>(last),
            static_cast<float>(first - low), static_cast<float>(high - last)};
}

float finite(float sample) noexcept {
    return std::abs(sample) <= loudest_sample ? sample : 0.0F; // false for NaN too
}

} // namespace

double erb_position(Hertz frequency) noexcept {
    static const double low = cams(lowest_hz);
    static const double width = (cams(highest_hz) - low) / static_cast<double>(erb_band_count);
    return (cams(frequency.value()) - low) / width;
}

Hertz erb_frequency(double position) noexcept {
    static const double low = cams(lowest_hz);
    static const double width = (cams(highest_hz) - low) / static_cast<double>(erb_band_count);
    return Hertz{hz_of_cams(low + position * width)};
}

const ErbBand& erb_band(std::size_t band) noexcept {
    static const auto bands = [] {
        std::array<ErbBand, erb_band_count> made;
        for (std::size_t b = 0; b < erb_band_count; ++b) {
            const auto low = static_cast<double>(b);
            made[b] = {erb_frequency(low), erb_frequency(low + 0.5), erb_frequency(low + 1.0)};
        }
        return made;
    }();
    return bands[band];
}

BandLevels levels(const BandEnergies& energies) noexcept {
    BandLevels result;
    for (std::size_t b = 0; b < erb_band_count; ++b)
        result[b] = 10.0F * std::log10(2.0F * energies[b]);
    return result;
}

double energy_between(const BandEnergies& energies, Hertz from, Hertz to) noexcept {
    const double low = erb_position(from), high = erb_position(to);
    double sum = 0.0;
    for (std::size_t b = 0; b < erb_band_count; ++b) {
        const auto at = static_cast<double>(b);
        const double inside = std::min(at + 1.0, high) - std::max(at, low);
        if (inside > 0.0) sum += inside * static_cast<double>(energies[b]);
    }
    return sum;
}

// ---- BandMeter --------------------------------------------------------------------------------------------

/// Two channels are the real and the imaginary part of one transform Z: as both are real, the sum of their powers in a bin
/// is half of what Z has in it and in its mirror.
class BandMeter::State {
public:
    State(std::size_t channels, double sample_rate)
        : channels_(channels),
          rate_(sample_rate),
          length_(frame_length(sample_rate)),
          hop_(length_ / 2),
          transform_(length_),
          window_(2 * length_),
          held_((channels + 1) / 2 * 2 * length_),
          power_(length_) {
        const auto n = static_cast<double>(length_);
        for (std::size_t i = 0; i < length_; ++i) {
            const double s = std::sin(std::numbers::pi * (static_cast<double>(i) + 0.5) / n);
            window_[2 * i] = window_[2 * i + 1] =
                static_cast<float>(std::sin(0.5 * std::numbers::pi * s * s));
        }
        for (std::size_t b = 0; b < erb_band_count; ++b)
            bins_[b] = bins_of(erb_band(b), sample_rate / n, length_ / 2 + 1);
    }

    std::size_t take(std::span<const float> interleaved) noexcept {
        const std::size_t frames = std::min(interleaved.size() / channels_, hop_ - filled_);
        for (std::size_t c = 0; c < channels_; ++c) {
            float* const to = held(c / 2) + 2 * (hop_ + filled_) + c % 2;
            for (std::size_t i = 0; i < frames; ++i)
                to[2 * i] = finite(interleaved[i * channels_ + c]);
        }
        filled_ += frames;
        silent_ = false;
        // A last part of a frame cannot be told from the next block's first: left out.
        return frames == 0 ? interleaved.size() : frames * channels_;
    }

    bool take_silence() noexcept {
        if (filled_ == 0 && silent_) return false;
        silent_ = filled_ == 0;
        for (std::size_t p = 0; p < pairs(); ++p)
            std::fill(held(p) + 2 * (hop_ + filled_), held(p) + 2 * length_, 0.0F);
        filled_ = hop_;
        return true;
    }

    const BandEnergies* finished() noexcept {
        if (filled_ < hop_) return nullptr;
        filled_ = 0;
        for (std::size_t p = 0; p < pairs(); ++p) {
            float* const from = held(p);
            float* const in = transform_.input();
            for (std::size_t i = 0; i < 2 * length_; ++i) in[i] = window_[i] * from[i];
            std::copy(from + 2 * hop_, from + 2 * length_, from);
            const float* const out = transform_.run();
            if (p == 0) std::fill(power_.begin(), power_.end(), 0.0F);
            for (std::size_t k = 0; k < length_; ++k)
                power_[k] += out[2 * k] * out[2 * k] + out[2 * k + 1] * out[2 * k + 1];
        }
        // Half of each bin and its mirror, two-sided, over the samples' number times the hop: mean square (Parseval).
        const float scale = 1.0F / (static_cast<float>(length_) * static_cast<float>(hop_));
        for (std::size_t b = 0; b < erb_band_count; ++b) {
            const BandBins& bins = bins_[b];
            float sum = bins.above * both(bins.last);
            if (bins.first > 0) sum += bins.below * both(bins.first - 1);
            if (bins.first < bins.last)
                sum += sum_of(bins.first, bins.last)
                       + sum_of(length_ + 1 - bins.last, length_ + 1 - bins.first);
            energies_[b] = scale * sum;
        }
        return &energies_;
    }

    void reset() noexcept {
        std::fill(held_.begin(), held_.end(), 0.0F);
        filled_ = 0;
        silent_ = true;
    }

    double frames_per_second() const noexcept { return BandMeter::frames_per_second(rate_); }

private:
    std::size_t pairs() const noexcept { return (channels_ + 1) / 2; }
    float* held(std::size_t pair) noexcept { return held_.data() + 2 * pair * length_; }

    /// A bin with its mirror.
    float both(std::size_t bin) const noexcept {
        return power_[bin] + power_[(length_ - bin) % length_];
    }
    /// In lanes, which one sum after the other would not allow.
    float sum_of(std::size_t first, std::size_t last) const noexcept {
        std::array<float, 8> lanes{};
        std::size_t k = first;
        for (; k + lanes.size() <= last; k += lanes.size())
            for (std::size_t l = 0; l < lanes.size(); ++l) lanes[l] += power_[k + l];
        float sum = 0.0F;
        for (; k < last; ++k) sum += power_[k];
        for (const float lane : lanes) sum += lane;
        return sum;
    }

    std::size_t channels_;
    double rate_;
    std::size_t length_, hop_;
    Transform transform_;
    std::vector<float> window_; ///< each value twice
    std::vector<float>
        held_; ///< pairs of channels by turns: the hop before, and the one that fills
    std::vector<float> power_; ///< of all pairs, two-sided
    std::array<BandBins, erb_band_count> bins_{};
    BandEnergies energies_{};
    std::size_t filled_{}; ///< frames of the newest hop
    bool silent_{true};    ///< the hop before is silence that nobody gave
};

Result<BandMeter> BandMeter::make(std::size_t channels, double sample_rate) {
    if (!(sample_rate >= lowest_sample_rate && sample_rate <= highest_sample_rate))
        return Error{ErrorCode::unsupported,
                     "a spectrum needs a sample rate of 8 to 768 kHz, this is "
                         + std::to_string(sample_rate) + " Hz",
                     {}};
    if (channels == 0 || channels > most_metered_channels)
        return Error{ErrorCode::unsupported,
                     "a spectrum needs 1 to " + std::to_string(most_metered_channels)
                         + " channels, these are " + std::to_string(channels),
                     {}};
    return BandMeter(std::make_unique<State>(channels, sample_rate));
}

BandMeter::BandMeter(std::unique_ptr<State> state) : state_(std::move(state)) {}
BandMeter::BandMeter(BandMeter&&) noexcept = default;
BandMeter& BandMeter::operator=(BandMeter&&) noexcept = default;
BandMeter::~BandMeter() = default;
std::size_t BandMeter::take(std::span<const float> interleaved) noexcept {
    return state_->take(interleaved);
}
bool BandMeter::take_silence() noexcept { return state_->take_silence(); }
const BandEnergies* BandMeter::finished() noexcept { return state_->finished(); }
void BandMeter::reset() noexcept { state_->reset(); }
double BandMeter::frames_per_second() const noexcept { return state_->frames_per_second(); }
double BandMeter::frames_per_second(double sample_rate) noexcept {
    return 2.0 * sample_rate / static_cast<double>(frame_length(sample_rate));
}

// ---- AverageSpectrum --------------------------------------------------------------------------------------

void AverageSpectrum::add(const BandEnergies& frame) noexcept {
    float total = 0.0F;
    for (const float energy : frame) total += energy;
    if (!(total > 0.5e-7F)) return; // -70 dBFS
    ++frames_;
    for (std::size_t b = 0; b < erb_band_count; ++b) {
        sum_[b] += static_cast<double>(frame[b]);
        highest_[b] = std::max(highest_[b], frame[b]);
    }
}

BandEnergies AverageSpectrum::energies() const noexcept {
    BandEnergies mean{};
    if (frames_ == 0) return mean;
    for (std::size_t b = 0; b < erb_band_count; ++b)
        mean[b] = static_cast<float>(sum_[b] / static_cast<double>(frames_));
    return mean;
}

std::optional<Decibel> AverageSpectrum::tilt() const {
    const double strongest = *std::max_element(sum_.begin(), sum_.end());
    double n = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    for (std::size_t b = 0; b < erb_band_count; ++b) {
        const ErbBand& band = erb_band(b);
        if (band.low.value() < 100.0 || band.high.value() > 10000.0) continue;
        if (!(sum_[b] > 1e-6 * strongest)) continue;
        const double x = std::log2(band.centre.value());
        const double y = 10.0 * std::log10(sum_[b] / (band.high.value() - band.low.value()));
        n += 1.0;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    if (n < 8.0) return std::nullopt;
    return Decibel{(n * sxy - sx * sy) / (n * sxx - sx * sx)};
}

BandLevels AverageSpectrum::crest() const noexcept {
    const BandEnergies mean = energies();
    BandLevels result{};
    for (std::size_t b = 0; b < erb_band_count; ++b)
        if (mean[b] > 0.0F) result[b] = 10.0F * std::log10(highest_[b] / mean[b]);
    return result;
}

} // namespace prefade
