// What the benchmarks share: time spans as numbers, the middle and the tail of many samples, and one line for
// the table that ./dev bench ends in.
#pragma once

#include "core/units.h"
#include "tests/support/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace prefade::bench {

/// The row of the table: "WHAT: MEASURED (bar BAR)". `measured` names its peer where there is one.
inline void report(const std::string& what, const std::string& measured, const std::string& bar) {
    test::figure(what + ": " + measured + (bar.empty() ? "" : " (bar " + bar + ')'));
}

inline double milliseconds(Duration span) {
    return std::chrono::duration<double, std::milli>(span).count();
}
inline double microseconds(Duration span) {
    return std::chrono::duration<double, std::micro>(span).count();
}
inline double seconds(Duration span) { return std::chrono::duration<double>(span).count(); }

inline std::string text(double value, int decimals = 0) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    return buffer;
}

class Samples {
public:
    void add(double value) { values_.push_back(value); }
    std::size_t size() const noexcept { return values_.size(); }
    /// The smallest value that `part` of them do not exceed; 0 when there are none.
    double percentile(double part) const {
        if (values_.empty()) return 0.0;
        auto sorted = values_;
        std::sort(sorted.begin(), sorted.end());
        const auto rank = std::ceil(part * static_cast<double>(sorted.size()));
        return sorted[std::min(sorted.size() - 1,
                               static_cast<std::size_t>(std::max(rank - 1, 0.0)))];
    }
    double lowest() const { return percentile(0.0); }
    double middle() const { return percentile(0.5); }
    double highest() const { return percentile(1.0); }
    /// "p50 1.2, p95 3.4, worst 5.6 ms (100 times)"
    std::string summary(const std::string& unit, int decimals) const {
        return "p50 " + text(middle(), decimals) + ", p95 " + text(percentile(0.95), decimals)
               + ", worst " + text(highest(), decimals) + ' ' + unit + " of "
               + std::to_string(size());
    }

private:
    std::vector<double> values_;
};

/// Keeps a result that nothing else looks at from being optimised away.
template <class T> void keep(const T& value) { asm volatile("" : : "g"(&value) : "memory"); }

/// Milliseconds of each of `runs` runs of `act`.
template <class Act> Samples timed(int runs, Act act) {
    Samples samples;
    for (int i = 0; i < runs; ++i) {
        const TimePoint start = Clock::now();
        act();
        samples.add(milliseconds(Clock::now() - start));
    }
    return samples;
}

/// Of runs of so many times 1000 messages.
inline double million_per_second(const Samples& ms_per_run, int thousands) {
    return 1000.0 * thousands / 1e6 / (ms_per_run.middle() / 1000.0);
}

} // namespace prefade::bench
