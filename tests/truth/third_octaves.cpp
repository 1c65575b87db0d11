#include "tests/truth/third_octaves.h"

#include "tests/truth/music.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace prefade::truth {

namespace {

using Complex = std::complex<double>;
constexpr std::size_t lanes = 28; // bands, padded to whole vectors
constexpr std::size_t sections = 3;

/// Second-order sections of all bands side by side.
struct Bank {
    struct Section {
        std::array<float, lanes> gain{}, a1{}, a2{};
    };
    std::array<Section, sections> section{};
};

/// Butterworth low pass of order 3 turned into a band pass of order 6, by the bilinear transform.
void design(Bank& bank, std::size_t lane, double low_hz, double high_hz) {
    const auto warp = [](double hz) { return std::tan(std::numbers::pi * hz / sample_rate); };
    const double low = warp(low_hz), high = warp(high_hz);
    const double middle = std::sqrt(low * high), width = high - low;
    std::array<Complex, sections> poles;
    std::size_t found = 0;
    for (int k = 0; k < 3; ++k) {
        const double angle = std::numbers::pi * (2.0 * k + 4.0) / 6.0;
        const Complex p = 0.5 * width * std::polar(1.0, angle);
        const Complex root = std::sqrt(p * p - middle * middle);
        for (const Complex s : {p + root, p - root})
            if (s.imag() > 0.0 && found < sections) poles[found++] = (1.0 + s) / (1.0 - s);
    }
    // Zeros at 0 Hz and at the half of the sample rate in each section; gain 1 at the band's middle.
    const double w = 2.0 * std::atan(middle);
    const Complex z = std::polar(1.0, -w);
    for (std::size_t k = 0; k < sections; ++k) {
        const double a1 = -2.0 * poles[k].real(), a2 = std::norm(poles[k]);
        const double gain = std::abs((1.0 + a1 * z + a2 * z * z) / (1.0 - z * z));
        bank.section[k].gain[lane] = static_cast<float>(gain);
        bank.section[k].a1[lane] = static_cast<float>(a1);
        bank.section[k].a2[lane] = static_cast<float>(a2);
    }
}

const Bank& filters() {
    static const Bank bank = [] {
        Bank made;
        for (std::size_t b = 0; b < third_octave_count; ++b) {
            const double hz = third_octave_hz(b), half = std::pow(10.0, 0.05);
            design(made, b, hz / half, hz * half);
        }
        return made;
    }();
    return bank;
}

struct Coefficients {
    double b0, b1, b2, a1, a2;
};

Coefficients bell(double hz, double gain_db, double q) {
    const double a = std::pow(10.0, gain_db / 40.0);
    const double w = 2.0 * std::numbers::pi * hz / sample_rate;
    const double alpha = std::sin(w) / (2.0 * q), c = -2.0 * std::cos(w), a0 = 1.0 + alpha / a;
    return {(1.0 + alpha * a) / a0, c / a0, (1.0 - alpha * a) / a0, c / a0, (1.0 - alpha / a) / a0};
}

} // namespace

double third_octave_hz(std::size_t band) noexcept {
    return 1000.0 * std::pow(10.0, (static_cast<double>(band) - 14.0) / 10.0);
}

double k_weighting_db(std::size_t band) noexcept {
    // The two filters of annex 1 at 48 kHz.
    const double w = 2.0 * std::numbers::pi * third_octave_hz(band) / 48000.0;
    const Complex z = std::polar(1.0, -w);
    const Complex shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z * z)
                          / (1.0 - 1.69065929318241 * z + 0.73248077421585 * z * z);
    const Complex pass =
        (1.0 - 2.0 * z + z * z) / (1.0 - 1.99004745483398 * z + 0.99007225036621 * z * z);
    return 20.0 * std::log10(std::abs(shelf * pass));
}

std::vector<ThirdOctaves> third_octaves(std::span<const float> samples) {
    using Row = std::array<float, lanes>;
    const Bank& bank = filters();
    std::array<Row, sections> s1{}, s2{};
    const auto block = static_cast<std::size_t>(block_seconds * sample_rate);
    std::vector<ThirdOctaves> result;
    for (std::size_t at = 0; at + block <= samples.size(); at += block) {
        Row power{};
        for (std::size_t i = at; i < at + block; ++i) {
            Row x;
            x.fill(samples[i] + 1e-15F); // keeps decays from becoming denormal
            for (std::size_t k = 0; k < sections; ++k) {
                const auto& f = bank.section[k];
                for (std::size_t l = 0; l < lanes; ++l) {
                    const float in = f.gain[l] * x[l];
                    const float out = in + s1[k][l];
                    s1[k][l] = s2[k][l] - f.a1[l] * out;
                    s2[k][l] = -in - f.a2[l] * out;
                    x[l] = out;
                }
            }
            for (std::size_t l = 0; l < lanes; ++l) power[l] += x[l] * x[l];
        }
        ThirdOctaves levels{};
        for (std::size_t b = 0; b < third_octave_count; ++b)
            levels[b] = power[b] / static_cast<float>(block);
        result.push_back(levels);
    }
    return result;
}

void equalise(std::span<float> samples, double hz, double gain_db, double q) {
    const Coefficients f = bell(hz, gain_db, q);
    double s1 = 0.0, s2 = 0.0;
    for (float& sample : samples) {
        const double x = static_cast<double>(sample) + 1e-15;
        const double y = f.b0 * x + s1;
        s1 = f.b1 * x - f.a1 * y + s2;
        s2 = f.b2 * x - f.a2 * y;
        sample = static_cast<float>(y);
    }
}

double bell_db(double at_hz, double hz, double gain_db, double q) noexcept {
    const Coefficients f = bell(hz, gain_db, q);
    const Complex z = std::polar(1.0, -2.0 * std::numbers::pi * at_hz / sample_rate);
    return 20.0
           * std::log10(
               std::abs((f.b0 + f.b1 * z + f.b2 * z * z) / (1.0 + f.a1 * z + f.a2 * z * z)));
}

} // namespace prefade::truth
