#include "tests/truth/faults.h"

#include "tests/truth/dice.h"
#include "tests/truth/third_octaves.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace prefade::truth {

namespace {

// The judge's words. A third octave sounds in blocks within 10 dB of its own mean; a track plays in blocks within 25 dB
// of its mean and over -60 dBFS. Two meet in a third octave for as long as the target sounds there while the masker plays.
constexpr double sounds_db = 10.0, plays_db = 25.0, playing_from = 0.5e-6;

/// From where on a meeting counts.
struct Bar {
    double matters_db; ///< of the target's third octave below its strongest, K-weighted
    double together;   ///< of the time the target sounds there
    double seconds;    ///< that they meet
    double excess_db;  ///< masker over target, mean while they meet
    double share;      ///< of that time, masker over target
};
// A clean pair stays under the first in its excess and its share wherever it meets; a planted one is over the second.
// What lies between is no-man's-land, where one may call it a conflict and another not, and the sets leave nothing there.
constexpr Bar clean_bar{13.0, 0.15, 0.6, -5.0, 0.2};
constexpr Bar planted_bar{7.0, 0.4, 2.0, 3.5, 0.6};
constexpr double most_planted_db = 13.0;
constexpr double by_right = 1.0; // steps of priority from which a masker may hide

struct Heard {
    std::vector<ThirdOctaves> db; ///< of each block
    std::vector<bool> plays;
    std::array<double, third_octave_count> mean_db{}; ///< over the blocks that play
    std::array<bool, third_octave_count> matters{};
};

double strongest_db(const Heard& heard) {
    double top = -200.0;
    for (std::size_t b = 0; b < third_octave_count; ++b)
        top = std::max(top, heard.mean_db[b] + k_weighting_db(b));
    return top;
}

void judge(Heard& heard) {
    const double top = strongest_db(heard);
    for (std::size_t b = 0; b < third_octave_count; ++b)
        heard.matters[b] = heard.mean_db[b] + k_weighting_db(b) >= top - clean_bar.matters_db;
}

Heard listen(const std::vector<float>& samples) {
    Heard heard;
    heard.db = third_octaves(samples);
    std::vector<double> totals;
    double sum = 0.0, count = 0.0;
    for (const ThirdOctaves& block : heard.db) {
        const double total = std::accumulate(block.begin(), block.end(), 0.0);
        totals.push_back(total);
        if (total > playing_from) {
            sum += total;
            count += 1.0;
        }
    }
    const double from =
        std::max(playing_from, sum / std::max(count, 1.0) * std::pow(10.0, -0.1 * plays_db));
    std::array<double, third_octave_count> mean{};
    double playing = 0.0;
    for (std::size_t k = 0; k < totals.size(); ++k) {
        heard.plays.push_back(totals[k] > from);
        if (totals[k] > from) playing += 1.0;
        for (std::size_t b = 0; b < third_octave_count; ++b) {
            if (totals[k] > from) mean[b] += static_cast<double>(heard.db[k][b]);
            heard.db[k][b] = 10.0F * std::log10(heard.db[k][b] + 1e-14F);
        }
    }
    for (std::size_t b = 0; b < third_octave_count; ++b)
        heard.mean_db[b] = 10.0 * std::log10(mean[b] / std::max(playing, 1.0) + 1e-14);
    judge(heard);
    return heard;
}

void add_bell(Heard& heard, double hz, double gain_db, double q) {
    for (std::size_t b = 0; b < third_octave_count; ++b) {
        const auto db = static_cast<float>(bell_db(third_octave_hz(b), hz, gain_db, q));
        for (ThirdOctaves& block : heard.db) block[b] += db;
        heard.mean_db[b] += static_cast<double>(db);
    }
    judge(heard);
}

struct Meeting {
    double together{}, seconds{}, share{}, excess_db{-60.0};
};

Meeting meet(const Heard& masker, const Heard& target, std::size_t band) {
    double sounding = 0.0, both = 0.0, over = 0.0, excess = 0.0;
    for (std::size_t k = 0; k < target.db.size(); ++k) {
        const auto level = static_cast<double>(target.db[k][band]);
        if (!target.plays[k] || level < target.mean_db[band] - sounds_db) continue;
        sounding += 1.0;
        if (!masker.plays[k]) continue;
        const double x = static_cast<double>(masker.db[k][band]) - level;
        both += 1.0;
        if (x > 0.0) over += 1.0;
        excess += std::clamp(x, -30.0, 30.0);
    }
    if (both < 1.0) return {};
    return {both / sounding, both * block_seconds, over / both, excess / both};
}

bool matters(const Heard& heard, std::size_t band, const Bar& bar) {
    return heard.mean_db[band] + k_weighting_db(band) >= strongest_db(heard) - bar.matters_db;
}

bool may_conflict(const Song& song, std::size_t masker, std::size_t target) {
    return masker != target
           && song.tracks[masker].priority <= song.tracks[target].priority + by_right;
}

struct Breach {
    std::size_t masker, target, band;
    double excess_db, share;
};

/// Every pair of `tracks` and band that is not clean, worst first.
std::vector<Breach> breaches(const Song& song, const std::vector<Heard>& heard,
                             const std::vector<std::size_t>& tracks) {
    std::vector<Breach> result;
    for (const std::size_t i : tracks)
        for (const std::size_t j : tracks) {
            if (!may_conflict(song, j, i)) continue;
            for (std::size_t b = 0; b < third_octave_count; ++b) {
                if (!heard[i].matters[b]) continue;
                const Meeting m = meet(heard[j], heard[i], b);
                if (m.together >= clean_bar.together && m.seconds >= clean_bar.seconds
                    && (m.excess_db > clean_bar.excess_db || m.share > clean_bar.share))
                    result.push_back({j, i, b, m.excess_db, m.share});
            }
        }
    std::sort(result.begin(), result.end(),
              [](const Breach& a, const Breach& b) { return a.excess_db > b.excess_db; });
    return result;
}

constexpr double bell_q = 1.6;

/// Makes room for one track after the other, the most protected first: the newcomer is cut where those before it have
/// their say, raised where none has, and those before it are cut where only the newcomer has. Who finds no room is
/// left out of the arrangement.
class Arrangement {
public:
    explicit Arrangement(Song& song) : song_(song) {
        for (const Track& track : song.tracks) heard_.push_back(listen(track.samples));
    }

    void arrange() {
        std::vector<std::size_t> order(heard_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return song_.tracks[a].priority > song_.tracks[b].priority;
        });
        for (const std::size_t track : order)
            if (plays_enough(heard_[track]) && admit(track)) in_.push_back(track);
        Song kept{song_.name, {}};
        for (const std::size_t track : in_) kept.tracks.push_back(std::move(song_.tracks[track]));
        song_ = std::move(kept);
    }

private:
    using Bells = std::array<double, third_octave_count>; // dB of a bell at each band

    static bool plays_enough(const Heard& heard) {
        const auto blocks = std::count(heard.plays.begin(), heard.plays.end(), true);
        return static_cast<double>(blocks) * block_seconds > 1.0;
    }

    bool admit(std::size_t track) {
        const auto before = heard_;
        std::vector<Bells> bells(heard_.size());
        std::vector<std::vector<float>> sounds;
        for (const Track& one : song_.tracks) sounds.push_back(one.samples);
        for (int look = 0; look < 3; ++look) { // later looks mend what the sum of bells missed
            for (Bells& of_track : bells) of_track = {};
            bool settled = false;
            for (int round = 0; round < 24 && !settled; ++round) settled = !give_way(track, bells);
            if (!settled) break;
            for (std::size_t i = 0; i < bells.size(); ++i) {
                if (bells[i] == Bells{}) continue;
                for (std::size_t b = 0; b < third_octave_count; ++b)
                    if (bells[i][b] != 0.0)
                        equalise(song_.tracks[i].samples, third_octave_hz(b), bells[i][b], bell_q);
                heard_[i] = listen(song_.tracks[i].samples);
            }
            if (strongest_db(heard_[track]) > strongest_db(before[track]) - most_lost_db
                && !breach_with(track))
                return true;
        }
        heard_ = before;
        for (std::size_t i = 0; i < sounds.size(); ++i) song_.tracks[i].samples = sounds[i];
        return false;
    }

    bool breach_with(std::size_t track) {
        auto all = in_;
        all.push_back(track);
        return !breaches(song_, heard_, all).empty();
    }

    /// One round of bells; false when none was needed.
    bool give_way(std::size_t track, std::vector<Bells>& bells) {
        auto all = in_;
        all.push_back(track);
        const auto found = breaches(song_, heard_, all);
        std::vector<bool> done(heard_.size());
        for (const Breach& breach : found) {
            // The older one gives way only where it has nothing to say.
            const std::size_t other = breach.masker == track ? breach.target : breach.masker;
            const bool newcomer = breach.masker == track || heard_[other].matters[breach.band];
            const std::size_t loser = newcomer ? track : other;
            if (done[loser]) continue;
            done[loser] = true;
            put(bells, loser, breach.band,
                -std::clamp(breach.excess_db - clean_bar.excess_db + 1.5, 3.0, 9.0));
        }
        if (done[track]) raise_home(track, bells);
        return !found.empty();
    }

    /// Where no other has anything to say, the newcomer may be as strong as it was at first.
    void raise_home(std::size_t track, std::vector<Bells>& bells) {
        std::optional<std::size_t> home;
        const auto weighted = [&](std::size_t b) {
            return heard_[track].mean_db[b] + k_weighting_db(b);
        };
        for (std::size_t b = 1; b + 1 < third_octave_count; ++b) {
            const bool free = std::none_of(in_.begin(), in_.end(), [&](std::size_t other) {
                return heard_[other].matters[b];
            });
            if (free && (!home || weighted(b) > weighted(*home))) home = b;
        }
        if (home && weighted(*home) < strongest_db(heard_[track]) + 3.0
            && bells[track][*home] < most_raised_db)
            put(bells, track, *home, 3.0);
    }

    void put(std::vector<Bells>& bells, std::size_t track, std::size_t band, double db) {
        bells[track][band] += db;
        add_bell(heard_[track], third_octave_hz(band), db, bell_q);
    }

    static constexpr double most_raised_db = 12.0;
    static constexpr double most_lost_db = 10.0; ///< of a track's strongest third octave

    Song& song_;
    std::vector<Heard> heard_;
    std::vector<std::size_t> in_; ///< tracks that have their room
};

} // namespace

std::optional<StemSet> without_conflict(Song song) {
    Arrangement(song).arrange();
    if (song.tracks.size() < 3) return std::nullopt;
    return StemSet{std::move(song), {}};
}

std::optional<StemSet> with_conflicts(const StemSet& clean, std::uint64_t seed, std::size_t count) {
    Dice dice(seed ^ 0xC0FFEEULL);
    StemSet set = clean;
    std::vector<Heard> heard;
    for (const Track& track : set.song.tracks) heard.push_back(listen(track.samples));
    const std::size_t tracks = heard.size();
    std::vector<std::size_t> every(tracks);
    std::iota(every.begin(), every.end(), std::size_t{0});
    const auto is_planted = [&](const Breach& breach) {
        return std::any_of(set.planted.begin(), set.planted.end(), [&](const Planted& p) {
            return p.masker == breach.masker && p.target == breach.target
                   && std::abs(std::log2(third_octave_hz(breach.band) / p.hz)) < 1.2;
        });
    };
    for (int attempt = 0; attempt < 1500 && set.planted.size() < count; ++attempt) {
        const std::size_t i = dice.below(tracks), j = dice.below(tracks);
        const std::size_t b = 1 + dice.below(third_octave_count - 2);
        if (!may_conflict(set.song, j, i)) continue;
        if (!matters(heard[i], b, planted_bar)) continue;
        const Meeting before = meet(heard[j], heard[i], b);
        if (before.together < planted_bar.together || before.seconds < planted_bar.seconds
            || before.excess_db < -20.0)
            continue;
        const double hz = third_octave_hz(b) * std::exp2(dice.between(-1.0, 1.0) / 7.0);
        const double wanted = dice.between(planted_bar.excess_db + 0.3, most_planted_db - 1.0),
                     q = dice.between(1.2, 4.0);
        const double gain = wanted - before.excess_db;
        const bool apart =
            std::all_of(set.planted.begin(), set.planted.end(), [&](const Planted& p) {
                return std::abs(std::log2(hz / p.hz)) > 1.0 && p.masker != j && p.masker != i
                       && p.target != j;
            });
        if (!apart) continue;
        // First on the levels, then, when that looks right, on the sound.
        Heard sketch = heard[j];
        add_bell(sketch, hz, gain, q);
        const auto fits = [&](const Heard& masker, Planted& planted) {
            std::vector<Heard> all = heard;
            all[j] = masker;
            set.planted.push_back({j, i, hz, 0.0, 0.0});
            const auto found = breaches(set.song, all, every);
            const bool alone = std::all_of(found.begin(), found.end(), is_planted);
            set.planted.pop_back();
            const Meeting after = meet(masker, heard[i], b);
            planted = {j, i, hz, after.excess_db, after.share};
            bool highest = true; // the bell's middle is where most is hidden
            for (std::size_t k = 0; k < third_octave_count; ++k)
                if (heard[i].matters[k] && std::abs(std::log2(third_octave_hz(k) / hz)) > 0.34)
                    highest = highest && meet(masker, heard[i], k).excess_db < after.excess_db;
            return alone && highest && after.share >= planted_bar.share
                   && after.excess_db >= planted_bar.excess_db
                   && after.excess_db <= most_planted_db;
        };
        Planted planted;
        if (!fits(sketch, planted)) continue;
        std::vector<float> samples = set.song.tracks[j].samples;
        equalise(samples, hz, gain, q);
        const Heard real = listen(samples);
        if (!fits(real, planted)) continue;
        set.song.tracks[j].samples = std::move(samples);
        heard[j] = real;
        set.planted.push_back(planted);
    }
    if (set.planted.empty()) return std::nullopt;
    return set;
}

} // namespace prefade::truth
