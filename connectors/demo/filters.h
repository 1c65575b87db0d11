// Second-order filters after Robert Bristow-Johnson's "Cookbook formulae for audio equalizer biquad filter
// coefficients", the form every mixer's EQ has. Used by the instruments and by the mixer. One thread.
#pragma once

namespace prefade::demo {

struct Coefficients {
    double b0{1.0}, b1{0.0}, b2{0.0}, a1{0.0}, a2{0.0}; ///< a0 is 1
};

/// Frequencies in Hz, clamped to below 0.49 of the sample rate; gains in dB; `q` above 0.
Coefficients low_pass(double hz, double q = 0.7071);
Coefficients high_pass(double hz, double q = 0.7071);
Coefficients band_pass(double hz, double q); ///< 0 dB at its centre
Coefficients bell(double hz, double gain_db, double q);
Coefficients low_shelf(double hz, double gain_db);
Coefficients high_shelf(double hz, double gain_db);

/// Gain in dB at `hz`.
double response_db(const Coefficients& filter, double hz);

/// Transposed direct form II.
class Biquad {
public:
    Biquad() = default;
    explicit Biquad(const Coefficients& coefficients) : c_(coefficients) {}
    void set(const Coefficients& coefficients) { c_ = coefficients; } ///< keeps the state: no click
    const Coefficients& coefficients() const { return c_; }
    float process(float in) {
        const double x = static_cast<double>(in);
        const double y = c_.b0 * x + s1_;
        s1_ = c_.b1 * x - c_.a1 * y + s2_;
        s2_ = c_.b2 * x - c_.a2 * y;
        return static_cast<float>(y);
    }
    void reset() { s1_ = s2_ = 0.0; }
    /// What is too small to matter becomes 0: numbers near the smallest there are cost a hundred times as much.
    void settle() {
        constexpr double nothing = 1e-15;
        if (s1_ < nothing && s1_ > -nothing && s2_ < nothing && s2_ > -nothing) reset();
    }

private:
    Coefficients c_;
    double s1_{0.0}, s2_{0.0};
};

} // namespace prefade::demo
