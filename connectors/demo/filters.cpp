#include "connectors/demo/filters.h"

#include "connectors/demo/song.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace prefade::demo {
namespace {

struct Angle {
    double cosine, alpha;
};

Angle angle_of(double hz, double q) {
    const double w = 2.0 * std::numbers::pi * std::clamp(hz, 1.0, 0.49 * sample_rate) / sample_rate;
    return {std::cos(w), std::sin(w) / (2.0 * q)};
}

Coefficients normalised(double b0, double b1, double b2, double a0, double a1, double a2) {
    return {b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

} // namespace

Coefficients low_pass(double hz, double q) {
    const Angle w = angle_of(hz, q);
    const double b = 1.0 - w.cosine;
    return normalised(b / 2.0, b, b / 2.0, 1.0 + w.alpha, -2.0 * w.cosine, 1.0 - w.alpha);
}

Coefficients high_pass(double hz, double q) {
    const Angle w = angle_of(hz, q);
    const double b = 1.0 + w.cosine;
    return normalised(b / 2.0, -b, b / 2.0, 1.0 + w.alpha, -2.0 * w.cosine, 1.0 - w.alpha);
}

Coefficients band_pass(double hz, double q) {
    const Angle w = angle_of(hz, q);
    return normalised(w.alpha, 0.0, -w.alpha, 1.0 + w.alpha, -2.0 * w.cosine, 1.0 - w.alpha);
}

Coefficients bell(double hz, double gain_db, double q) {
    const Angle w = angle_of(hz, q);
    const double a = std::pow(10.0, gain_db / 40.0);
    return normalised(1.0 + w.alpha * a, -2.0 * w.cosine, 1.0 - w.alpha * a, 1.0 + w.alpha / a,
                      -2.0 * w.cosine, 1.0 - w.alpha / a);
}

Coefficients low_shelf(double hz, double gain_db) {
    const Angle w = angle_of(hz, 0.7071);
    const double a = std::pow(10.0, gain_db / 40.0), r = 2.0 * std::sqrt(a) * w.alpha;
    return normalised(
        a * ((a + 1.0) - (a - 1.0) * w.cosine + r), 2.0 * a * ((a - 1.0) - (a + 1.0) * w.cosine),
        a * ((a + 1.0) - (a - 1.0) * w.cosine - r), (a + 1.0) + (a - 1.0) * w.cosine + r,
        -2.0 * ((a - 1.0) + (a + 1.0) * w.cosine), (a + 1.0) + (a - 1.0) * w.cosine - r);
}

Coefficients high_shelf(double hz, double gain_db) {
    const Angle w = angle_of(hz, 0.7071);
    const double a = std::pow(10.0, gain_db / 40.0), r = 2.0 * std::sqrt(a) * w.alpha;
    return normalised(
        a * ((a + 1.0) + (a - 1.0) * w.cosine + r), -2.0 * a * ((a - 1.0) + (a + 1.0) * w.cosine),
        a * ((a + 1.0) + (a - 1.0) * w.cosine - r), (a + 1.0) - (a - 1.0) * w.cosine + r,
        2.0 * ((a - 1.0) - (a + 1.0) * w.cosine), (a + 1.0) - (a - 1.0) * w.cosine - r);
}

double response_db(const Coefficients& f, double hz) {
    const std::complex<double> z =
        std::polar(1.0, -2.0 * std::numbers::pi * hz / static_cast<double>(sample_rate));
    return 20.0
           * std::log10(
               std::abs((f.b0 + f.b1 * z + f.b2 * z * z) / (1.0 + f.a1 * z + f.a2 * z * z)));
}

} // namespace prefade::demo
