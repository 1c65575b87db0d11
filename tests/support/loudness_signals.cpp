#include "tests/support/loudness_signals.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace prefade::test {

namespace {

constexpr double two_pi = 2.0 * std::numbers::pi;

double amplitude_of(double dbfs) { return dbfs <= no_sound ? 0.0 : std::pow(10.0, dbfs / 20.0); }

/// Modified Bessel function of order 0, by its series.
double bessel_i0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; term > sum * 1e-17; ++k) {
        term *= x / 2.0 / k * (x / 2.0 / k);
        sum += term;
    }
    return sum;
}

/// Half a decimator from four times the rate: 513 taps of a sinc just under the new Nyquist, Kaiser window, beta 9.
std::vector<double> low_pass() {
    constexpr int taps = 513, middle = taps / 2;
    constexpr double beta = 9.0, edge = 0.98 / 4.0;
    std::vector<double> filter;
    double sum = 0.0;
    for (int i = 0; i < taps; ++i) {
        const double m = std::numbers::pi * edge * (i - middle);
        const double place = static_cast<double>(i - middle) / middle;
        const double sinc = i == middle ? 1.0 : std::sin(m) / m;
        filter.push_back(sinc * bessel_i0(beta * std::sqrt(std::max(0.0, 1.0 - place * place))));
        sum += filter.back();
    }
    for (double& tap : filter) tap /= sum;
    return filter;
}

/// 0 at both ends of `count` values, 1 from `fade` of them inwards.
double faded(std::size_t i, std::size_t count, std::size_t fade) {
    return std::min(1.0,
                    static_cast<double>(std::min(i, count - 1 - i)) / static_cast<double>(fade));
}

std::vector<float> stereo(const std::vector<double>& mono) {
    std::vector<float> both;
    both.reserve(2 * mono.size());
    for (const double sample : mono) both.insert(both.end(), 2, static_cast<float>(sample));
    return both;
}

} // namespace

std::vector<float> tones(std::span<const Tone> steps, const std::vector<double>& channel_db,
                         double sample_rate, double hertz) {
    std::vector<double> gains;
    for (const double db : channel_db) gains.push_back(amplitude_of(db));
    std::vector<float> samples;
    const double per_frame = two_pi * hertz / sample_rate;
    std::size_t n = 0;
    double until = 0.0;
    for (const Tone& step : steps) {
        until += step.seconds;
        const auto end = static_cast<std::size_t>(std::llround(until * sample_rate));
        const double amplitude = amplitude_of(step.dbfs);
        samples.resize(end * gains.size());
        for (float* to = samples.data() + n * gains.size(); n < end; ++n) {
            const double sample = amplitude * std::sin(per_frame * static_cast<double>(n));
            for (const double gain : gains) *to++ = static_cast<float>(gain * sample);
        }
    }
    return samples;
}

std::vector<Tone> repeated(const std::vector<Tone>& steps, int times) {
    std::vector<Tone> all;
    for (int i = 0; i < times; ++i) all.insert(all.end(), steps.begin(), steps.end());
    return all;
}

std::vector<float> steady_sine(double divisor, double amplitude, double degrees, double seconds,
                               double sample_rate) {
    const auto count = static_cast<std::size_t>(seconds * sample_rate);
    const auto fade = static_cast<std::size_t>(0.01 * sample_rate);
    std::vector<double> mono;
    for (std::size_t n = 0; n < count; ++n)
        mono.push_back(amplitude * faded(n, count, fade)
                       * std::sin(two_pi * (static_cast<double>(n) / divisor + degrees / 360.0)));
    return stereo(mono);
}

std::vector<float> hidden_peak(int offset) {
    constexpr std::size_t around = 24 * 400, period = 16, count = 2 * around + period;
    constexpr std::size_t fade = 1920; // 10 ms
    std::vector<double> fine;          // at 192 kHz
    for (std::size_t k = 0; k < count; ++k) {
        const bool inside = k >= around && k < around + period;
        const auto since = static_cast<double>(k < around ? k : k - around - (inside ? 0 : period));
        const double sample =
            inside ? std::sin(two_pi * since / 16.0) : 0.5 * std::sin(two_pi * since / 24.0);
        fine.push_back(sample * faded(k, count, fade));
    }
    static const std::vector<double> filter = low_pass();
    std::vector<double> mono;
    for (std::size_t n = static_cast<std::size_t>(offset); n + filter.size() <= count; n += 4) {
        double sum = 0.0;
        for (std::size_t i = 0; i < filter.size(); ++i) sum += filter[i] * fine[n + i];
        mono.push_back(sum);
    }
    return stereo(mono);
}

void play_whole(LoudnessMeter& meter, std::span<const float> interleaved) {
    meter.add(interleaved);
}

} // namespace prefade::test
