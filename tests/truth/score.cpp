#include "tests/truth/score.h"

#include "tests/truth/third_octaves.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace prefade::truth {

namespace {
std::vector<std::uint64_t> seeds_from(std::uint64_t first, std::size_t count) {
    std::vector<std::uint64_t> seeds(count);
    std::iota(seeds.begin(), seeds.end(), first);
    return seeds;
}
} // namespace

std::vector<std::uint64_t> tuning_seeds() { return seeds_from(2000, 75); }
std::vector<std::uint64_t> checked_seeds() { return seeds_from(3000, 51); }
std::vector<std::uint64_t> scored_seeds() { return seeds_from(8000, 84); }
std::vector<std::uint64_t> test_seeds() { return seeds_from(9000, 5); }

MaskingMeter hear(const Song& song) {
    std::vector<std::vector<BandEnergies>> frames;
    double frames_per_second = 0.0;
    for (const Track& track : song.tracks) {
        BandMeter meter = BandMeter::make(1, sample_rate).value();
        frames_per_second = meter.frames_per_second();
        auto& own = frames.emplace_back();
        meter.add(track.samples, [&](const BandEnergies& frame) { own.push_back(frame); });
    }
    MaskingMeter meter(frames.size(), frames_per_second);
    std::vector<BandEnergies> now(frames.size());
    for (std::size_t k = 0; k < frames[0].size(); ++k) {
        for (std::size_t i = 0; i < frames.size(); ++i) now[i] = frames[i][k];
        meter.add(now);
    }
    return meter;
}

std::vector<Finding> conflicts(const Song& song) {
    MaskingMeter meter = hear(song);
    std::vector<double> priorities;
    for (const Track& track : song.tracks) priorities.push_back(track.priority);
    std::vector<Finding> result;
    for (const Conflict& c : meter.conflicts(priorities))
        result.push_back({c.masker, c.target, c.centre.value()});
    return result;
}

std::vector<Finding> overlaps(const Song& song, Overlap settings) {
    using Levels = std::array<double, third_octave_count>;
    std::vector<Levels> db;
    for (const Track& track : song.tracks) {
        const auto blocks = third_octaves(track.samples);
        Levels sum{};
        for (const ThirdOctaves& block : blocks)
            for (std::size_t b = 0; b < third_octave_count; ++b)
                sum[b] += static_cast<double>(block[b]);
        for (double& level : sum)
            level = 10.0 * std::log10(level / static_cast<double>(blocks.size()) + 1e-14);
        db.push_back(sum);
    }
    struct Ranked {
        Finding finding;
        double excess;
    };
    std::vector<Ranked> found;
    for (std::size_t i = 0; i < db.size(); ++i) {
        double top = -200.0;
        for (std::size_t b = 0; b < third_octave_count; ++b)
            top = std::max(top, db[i][b] + k_weighting_db(b));
        for (std::size_t j = 0; j < db.size(); ++j) {
            if (j == i || song.tracks[j].priority > song.tracks[i].priority + 1.0) continue;
            bool open = false;
            for (std::size_t b = 0; b < third_octave_count; ++b) {
                const double excess = db[j][b] - db[i][b];
                const bool over = db[i][b] + k_weighting_db(b) >= top - settings.matters_db
                                  && excess >= settings.over_db;
                if (over && (!open || excess > found.back().excess)) {
                    if (open) found.pop_back();
                    found.push_back({{j, i, third_octave_hz(b)}, excess});
                }
                open = over;
            }
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Ranked& a, const Ranked& b) { return a.excess > b.excess; });
    std::vector<Finding> result;
    for (const Ranked& one : found) result.push_back(one.finding);
    return result;
}

void Score::add(const StemSet& set, const std::vector<Finding>& findings) {
    const auto there = [](const Planted& p, const Finding& f) {
        return f.target == p.target && std::abs(std::log2(f.hz / p.hz)) <= 1.0 / 3.0;
    };
    planted += set.planted.size();
    alarms += findings.size();
    for (const Planted& p : set.planted) {
        const auto named = std::find_if(findings.begin(), findings.end(),
                                        [&](const Finding& f) { return there(p, f); });
        if (named != findings.end() && named->masker == p.masker) ++first;
        if (std::any_of(findings.begin(), findings.end(),
                        [&](const Finding& f) { return f.masker == p.masker && there(p, f); }))
            ++found;
    }
    std::size_t wrong = 0;
    for (const Finding& f : findings) {
        const bool is_right =
            std::any_of(set.planted.begin(), set.planted.end(),
                        [&](const Planted& p) { return f.masker == p.masker && there(p, f); });
        ++(is_right ? right : wrong);
    }
    most_alarms = std::max(most_alarms, wrong);
}

void Score::add(const Score& other) {
    planted += other.planted;
    found += other.found;
    first += other.first;
    alarms += other.alarms;
    right += other.right;
    most_alarms = std::max(most_alarms, other.most_alarms);
}

double Score::precision() const {
    return alarms == 0 ? 1.0 : static_cast<double>(right) / static_cast<double>(alarms);
}
double Score::recall() const {
    return planted == 0 ? 1.0 : static_cast<double>(found) / static_cast<double>(planted);
}
double Score::culprits() const {
    return planted == 0 ? 1.0 : static_cast<double>(first) / static_cast<double>(planted);
}
double Score::f1() const {
    const double sum = precision() + recall();
    return sum > 0.0 ? 2.0 * precision() * recall() / sum : 0.0;
}
std::string Score::text() const {
    char buffer[160];
    std::snprintf(buffer, sizeof buffer,
                  "precision %.3f, recall %.3f, right culprit first %.1f %% of %zu", precision(),
                  recall(), 100.0 * culprits(), planted);
    return buffer;
}

} // namespace prefade::truth
