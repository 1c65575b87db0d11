#include "analysis/k_weighting.h"

#include <cmath>
#include <numbers>

namespace prefade {
namespace {

// Prototypes that give the standard's 48 kHz coefficients back to 14 digits: shelf of 4 dB at 1682 Hz, high pass
// at 38 Hz. Their derivation from the printed coefficients is what libebur128 1.2.6 uses too.
constexpr double shelf_hz = 1681.974450955533, shelf_q = 0.7071752369554196;
constexpr double shelf_db = 3.999843853973347, shelf_slope = 0.4996667741545416;
constexpr double pass_hz = 38.13547087602444, pass_q = 0.5003270373238773;

double shelf_gain() { return std::pow(10.0, shelf_db / 20.0); }
double shelf_middle() { return std::pow(shelf_gain(), shelf_slope); }

double squared(double real, double imaginary) { return real * real + imaginary * imaginary; }

} // namespace

KWeighting k_weighting(double sample_rate) {
    KWeighting k;
    double w = std::tan(std::numbers::pi * shelf_hz / sample_rate);
    const double high = shelf_gain(), band = shelf_middle();
    double a0 = 1.0 + w / shelf_q + w * w;
    const double b0 = (high + band * w / shelf_q + w * w) / a0;
    k.shelf_b1 = 2.0 * (w * w - high) / a0 / b0;
    k.shelf_b2 = (high - band * w / shelf_q + w * w) / a0 / b0;
    k.shelf_a1 = 2.0 * (w * w - 1.0) / a0;
    k.shelf_a2 = (1.0 - w / shelf_q + w * w) / a0;
    k.power = b0 * b0;
    w = std::tan(std::numbers::pi * pass_hz / sample_rate);
    a0 = 1.0 + w / pass_q + w * w;
    k.pass_a1 = 2.0 * (w * w - 1.0) / a0;
    k.pass_a2 = (1.0 - w / pass_q + w * w) / a0;
    return k;
}

double k_weighting_of_power(Hertz frequency) noexcept {
    const double low = frequency.value() / pass_hz, high = frequency.value() / shelf_hz;
    const double pass = low * low * low * low / squared(1.0 - low * low, low / pass_q);
    const double shelf = squared(1.0 - shelf_gain() * high * high, shelf_middle() * high / shelf_q)
                         / squared(1.0 - high * high, high / shelf_q);
    return pass * shelf;
}

} // namespace prefade
