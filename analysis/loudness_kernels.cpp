#include "analysis/loudness_kernels.h"

// Only what the tests can run: of the others, AVX-512 gains little here and the scalable ones are not at hand.
#define HWY_DISABLED_TARGETS                                                                       \
    (HWY_SSSE3 | HWY_AVX3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "analysis/loudness_kernels.cpp" // read once for each instruction set
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <numbers>

HWY_BEFORE_NAMESPACE();
namespace prefade::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Both biquads of as many channels as a vector has lanes. Direct form I: one multiply-add lies between a sample's
/// output and the next one's, so the loop runs at that latency.
template <class D> struct KFilter {
    using V = hn::Vec<D>;

    HWY_INLINE KFilter(const KWeighting& k, const KState& state, std::size_t channel,
                       const double* sum)
        : b1(hn::Set(D{}, k.shelf_b1)),
          b2(hn::Set(D{}, k.shelf_b2)),
          a1(hn::Set(D{}, k.shelf_a1)),
          a2(hn::Set(D{}, k.shelf_a2)),
          c1(hn::Set(D{}, k.pass_a1)),
          c2(hn::Set(D{}, k.pass_a2)),
          minus_two(hn::Set(D{}, -2.0)),
          x1(past(state, 0, channel)),
          x2(past(state, 1, channel)),
          y1(past(state, 2, channel)),
          y2(past(state, 3, channel)),
          z1(past(state, 4, channel)),
          z2(past(state, 5, channel)),
          energy(hn::LoadU(D{}, sum + channel)) {}

    static HWY_INLINE V past(const KState& state, std::size_t kind, std::size_t channel) {
        return hn::LoadU(D{}, state.at + kind * state.stride + channel);
    }

    HWY_INLINE void step(V x) {
        V y = hn::MulAdd(b2, x2, hn::MulAdd(b1, x1, x));
        y = hn::NegMulAdd(a1, y1, hn::NegMulAdd(a2, y2, y));
        V z = hn::MulAdd(minus_two, y1, hn::Add(y, y2));
        z = hn::NegMulAdd(c1, z1, hn::NegMulAdd(c2, z2, z));
        energy = hn::MulAdd(z, z, energy);
        x2 = x1;
        x1 = x;
        y2 = y1;
        y1 = y;
        z2 = z1;
        z1 = z;
    }

    HWY_INLINE void keep(const KState& state, std::size_t channel, double* sum) const {
        const V values[KState::values] = {x1, x2, y1, y2, z1, z2};
        for (std::size_t i = 0; i < KState::values; ++i)
            hn::StoreU(values[i], D{}, state.at + i * state.stride + channel);
        hn::StoreU(energy, D{}, sum + channel);
    }

    V b1, b2, a1, a2, c1, c2, minus_two;
    V x1, x2, y1, y2, z1, z2, energy;
};

/// Frame `n` of as many channels as D has lanes.
template <class D> HWY_INLINE hn::Vec<D> frame(D d, const float* const* channels, std::size_t n) {
    HWY_ALIGN double values[hn::MaxLanes(d)];
    for (std::size_t i = 0; i < hn::Lanes(d); ++i) values[i] = static_cast<double>(channels[i][n]);
    return hn::Load(d, values);
}

/// Four frames, from `n`, of as many channels as D has lanes.
template <class D> struct FourFrames {
    using V = hn::Vec<D>;
    V at0, at1, at2, at3;

    HWY_INLINE FourFrames(D d, const float* const* channels, std::size_t n) {
#if HWY_TARGET == HWY_SCALAR
        at0 = frame(d, channels, n);
        at1 = frame(d, channels, n + 1);
        at2 = frame(d, channels, n + 2);
        at3 = frame(d, channels, n + 3);
#else
        const hn::FixedTag<float, 4> four;
        const hn::FixedTag<float, 2> two;
        const auto a = hn::LoadU(four, channels[0] + n), b = hn::LoadU(four, channels[1] + n);
        const auto ab_low = hn::InterleaveLower(four, a, b);
        const auto ab_high = hn::InterleaveUpper(four, a, b);
        if constexpr (hn::MaxLanes(D{}) == 2) {
            at0 = hn::PromoteTo(d, hn::LowerHalf(two, ab_low));
            at1 = hn::PromoteTo(d, hn::UpperHalf(two, ab_low));
            at2 = hn::PromoteTo(d, hn::LowerHalf(two, ab_high));
            at3 = hn::PromoteTo(d, hn::UpperHalf(two, ab_high));
        } else {
            const auto e = hn::LoadU(four, channels[2] + n), f = hn::LoadU(four, channels[3] + n);
            const auto ef_low = hn::InterleaveLower(four, e, f);
            const auto ef_high = hn::InterleaveUpper(four, e, f);
            at0 = hn::PromoteTo(d, hn::ConcatLowerLower(four, ef_low, ab_low));
            at1 = hn::PromoteTo(d, hn::ConcatUpperUpper(four, ef_low, ab_low));
            at2 = hn::PromoteTo(d, hn::ConcatLowerLower(four, ef_high, ab_high));
            at3 = hn::PromoteTo(d, hn::ConcatUpperUpper(four, ef_high, ab_high));
        }
#endif
    }
};

/// One vector of channels.
template <class D>
HWY_INLINE void energy_of(D d, const float* const* channels, std::size_t first, std::size_t count,
                          const KWeighting& weighting, const KState& state, double* energy) {
    KFilter<D> filter(weighting, state, first, energy);
    std::size_t n = 0;
    for (; n + 4 <= count; n += 4) {
        const FourFrames<D> in(d, channels + first, n);
        filter.step(in.at0);
        filter.step(in.at1);
        filter.step(in.at2);
        filter.step(in.at3);
    }
    for (; n < count; ++n) filter.step(frame(d, channels + first, n));
    filter.keep(state, first, energy);
}

/// Two vectors of channels: the one fills the time in which the other waits for its last result.
template <class D>
HWY_INLINE void energy_of_two(D d, const float* const* channels, std::size_t first,
                              std::size_t count, const KWeighting& weighting, const KState& state,
                              double* energy) {
    const std::size_t second = first + hn::Lanes(d);
    KFilter<D> one(weighting, state, first, energy), other(weighting, state, second, energy);
    std::size_t n = 0;
    for (; n + 4 <= count; n += 4) {
        const FourFrames<D> in(d, channels + first, n), beside(d, channels + second, n);
        one.step(in.at0);
        other.step(beside.at0);
        one.step(in.at1);
        other.step(beside.at1);
        one.step(in.at2);
        other.step(beside.at2);
        one.step(in.at3);
        other.step(beside.at3);
    }
    for (; n < count; ++n) {
        one.step(frame(d, channels + first, n));
        other.step(frame(d, channels + second, n));
    }
    one.keep(state, first, energy);
    other.keep(state, second, energy);
}

void AddEnergy(const float* const* channels, std::size_t padded_channels, std::size_t count,
               const KWeighting& weighting, const KState& state, double* energy) {
    const hn::CappedTag<double, 4> d;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t first = 0;
    for (; first + 2 * lanes <= padded_channels; first += 2 * lanes)
        energy_of_two(d, channels, first, count, weighting, state, energy);
    for (; first + lanes <= padded_channels; first += lanes)
        energy_of(d, channels, first, count, weighting, state, energy);
#if HWY_TARGET != HWY_SCALAR
    if (first < padded_channels)
        energy_of(hn::FixedTag<double, 2>{}, channels, first, count, weighting, state, energy);
#endif
}

/// What lies between the samples before those at `x`, one vector of them: sums over their neighbours.
template <class D> struct Between {
    using V = hn::Vec<D>;
    V middle, even, odd;

    HWY_INLINE Between() : middle(hn::Zero(D{})), even(middle), odd(middle) {}
    HWY_INLINE void add4(const float* x, std::size_t k, V for_middle, V for_even, V for_odd) {
        const V late = hn::LoadU(D{}, x - k), early = hn::LoadU(D{}, x - 11 + k);
        const V sum = hn::Add(late, early);
        middle = hn::MulAdd(for_middle, sum, middle);
        even = hn::MulAdd(for_even, sum, even);
        odd = hn::MulAdd(for_odd, hn::Sub(late, early), odd);
    }
    HWY_INLINE void add2(const float* x, std::size_t k, V for_middle) {
        const V sum = hn::Add(hn::LoadU(D{}, x - k), hn::LoadU(D{}, x - 23 + k));
        middle = hn::MulAdd(for_middle, sum, middle);
    }
    /// The largest magnitude; the two quarters are even + odd and even - odd.
    HWY_INLINE V peak() const {
        return hn::Max(hn::Abs(middle), hn::Add(hn::Abs(even), hn::Abs(odd)));
    }
};

/// Two vectors at once, so that each tap is fetched but once for both.
template <class D>
HWY_INLINE void interpolate(const float* x, const TruePeakFilter& f, Between<D>& one,
                            Between<D>& other) {
    const D d;
    const float* y = x + hn::Lanes(d);
    if (f.factor == 4) {
        HWY_UNROLL(6)
        for (std::size_t k = 0; k < 6; ++k) {
            const auto middle = hn::Set(d, f.middle[k]), even = hn::Set(d, f.even[k]),
                       odd = hn::Set(d, f.odd[k]);
            one.add4(x, k, middle, even, odd);
            other.add4(y, k, middle, even, odd);
        }
    } else if (f.factor == 2) {
        HWY_UNROLL(12)
        for (std::size_t k = 0; k < 12; ++k) {
            const auto middle = hn::Set(d, f.middle[k]);
            one.add2(x, k, middle);
            other.add2(y, k, middle);
        }
    }
}

bool RaisePeaks(const float* x, std::size_t count, const TruePeakFilter& filter, Peaks& peaks) {
    using D = hn::CappedTag<float, 8>;
    const D d;
    const std::size_t lanes = hn::Lanes(d);
    constexpr std::size_t stretch = slack; // looked at before any of it is interpolated
    auto before = hn::Zero(d);             // magnitudes of the stretch before this one
    for (std::size_t i = 0; i < TruePeakFilter::history; i += lanes)
        before = hn::Max(before, hn::Abs(hn::LoadU(d, x - TruePeakFilter::history + i)));
    auto sample = hn::Set(d, peaks.sample), odd_ones = hn::Zero(d);
    float highest = peaks.between;
    auto enough = hn::Set(d, highest / filter.most);
    std::size_t start = 0;
    for (; start + stretch <= count; start += stretch) {
        auto here = hn::Zero(d);
        for (std::size_t i = 0; i < stretch; i += lanes) {
            const auto v = hn::LoadU(d, x + start + i);
            here = hn::Max(here, hn::Abs(v));
            odd_ones = hn::MulAdd(v, hn::Zero(d), odd_ones); // NaN from NaN and infinity, else 0
        }
        sample = hn::Max(sample, here);
        if (!hn::AllFalse(d, hn::Gt(hn::Max(here, before), enough))) {
            auto raised = here;
            for (std::size_t i = 0; i < stretch; i += 2 * lanes) {
                Between<D> one, other;
                interpolate(x + start + i, filter, one, other);
                raised = hn::Max(raised, hn::Max(one.peak(), other.peak()));
            }
            highest = std::max(highest, hn::GetLane(hn::MaxOfLanes(d, raised)));
            enough = hn::Set(d, highest / filter.most);
        }
        before = here;
    }
    for (; start < count; start += lanes) { // the rest; what lies past the end is masked
        const auto valid = hn::FirstN(d, count - start);
        const auto v = hn::IfThenElseZero(valid, hn::LoadU(d, x + start));
        auto raised = hn::Abs(v);
        odd_ones = hn::MulAdd(v, hn::Zero(d), odd_ones);
        sample = hn::Max(sample, raised);
        Between<D> one, other;
        interpolate(x + start, filter, one, other);
        raised = hn::Max(raised, hn::IfThenElseZero(valid, one.peak()));
        highest = std::max(highest, hn::GetLane(hn::MaxOfLanes(d, raised)));
    }
    const float largest = hn::GetLane(hn::MaxOfLanes(d, sample));
    if (!hn::AllTrue(d, hn::Eq(odd_ones, hn::Zero(d))) || !(largest <= loudest_sample))
        return false;
    peaks = {largest, highest};
    return true;
}

void SplitStereo(const float* interleaved, std::size_t frames, float* left, float* right) {
    const hn::CappedTag<float, 8> d;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t n = 0;
    for (; n + lanes <= frames; n += lanes) {
        hn::Vec<decltype(d)> l, r;
        hn::LoadInterleaved2(d, interleaved + 2 * n, l, r);
        hn::StoreU(l, d, left + n);
        hn::StoreU(r, d, right + n);
    }
    for (; n < frames; ++n) {
        left[n] = interleaved[2 * n];
        right[n] = interleaved[2 * n + 1];
    }
}

const char* InstructionSet() { return hwy::TargetName(HWY_TARGET); }

} // namespace HWY_NAMESPACE
} // namespace prefade::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace prefade::kernels {

HWY_EXPORT(AddEnergy);
HWY_EXPORT(RaisePeaks);
HWY_EXPORT(SplitStereo);
HWY_EXPORT(InstructionSet);

void add_energy(const float* const* channels, std::size_t padded_channels, std::size_t count,
                const KWeighting& weighting, KState state, double* energy) {
    HWY_DYNAMIC_DISPATCH(AddEnergy)(channels, padded_channels, count, weighting, state, energy);
}

std::size_t padded(std::size_t channels) {
    const std::size_t rest = channels % 8;
    if (rest == 0) return channels;
    return channels - rest + (rest > 4 ? 8 : rest > 2 ? 4 : 2);
}

bool raise_peaks(const float* samples, std::size_t count, const TruePeakFilter& filter,
                 Peaks& peaks) {
    return HWY_DYNAMIC_DISPATCH(RaisePeaks)(samples, count, filter, peaks);
}

void split_stereo(const float* interleaved, std::size_t frames, float* left, float* right) {
    HWY_DYNAMIC_DISPATCH(SplitStereo)(interleaved, frames, left, right);
}

const char* instruction_set() { return HWY_DYNAMIC_DISPATCH(InstructionSet)(); }

TruePeakFilter true_peak_filter(double sample_rate) {
    constexpr int taps = 49, centre = taps / 2;
    TruePeakFilter filter;
    filter.factor = sample_rate < 96000.0 ? 4 : sample_rate < 192000.0 ? 2 : 1;
    if (filter.factor == 1) return filter;
    const int factor = static_cast<int>(filter.factor);
    const auto tap = [&](int phase,
                         int k) { // of x[n-k]; phases 1 .. factor-1, phase 0 is the sample
        const int j = k * factor + phase;
        const double m = std::numbers::pi * (j - centre) / factor;
        return std::sin(m) / m * 0.5 * (1.0 - std::cos(2.0 * std::numbers::pi * j / (taps - 1)));
    };
    const int pairs = centre / factor;
    double middle_gain = 0.0, quarter_gain = 0.0;
    for (int k = 0; k < pairs; ++k) {
        const double middle = tap(factor / 2, k);
        const auto i = static_cast<std::size_t>(k);
        filter.middle[i] = static_cast<float>(middle);
        middle_gain += 2.0 * std::abs(middle);
        if (factor != 4) continue;
        const double first = tap(1, k), third = tap(3, k);
        filter.even[i] = static_cast<float>((first + third) / 2.0);
        filter.odd[i] = static_cast<float>((first - third) / 2.0);
        quarter_gain += std::abs(first) + std::abs(third);
    }
    // A little more than the sum of the taps' magnitudes, for what rounding adds.
    filter.most = static_cast<float>(std::max({1.0, middle_gain, quarter_gain}) * 1.00001);
    return filter;
}

} // namespace prefade::kernels
#endif
