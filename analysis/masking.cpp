#include "analysis/masking.h"

#include "analysis/k_weighting.h"
#include "core/result.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

namespace prefade {

namespace {

// What makes a conflict. Ours, set on the tuning part of the truth sets (tests/truth/README.md).
constexpr double window_octaves =
    0.3; // at least so wide is what is compared: about a third of an octave
constexpr float hidden_from = -2.0F;   // dB: the masker's energy over the target's excitation
constexpr float sounds_within = 8.0F;  // dB below a band's own mean while it sounds
constexpr float sounds_in_all = 18.0F; // dB below the strip's strongest band, K-weighted
constexpr float plays_within = 30.0F;  // dB below a strip's own mean while it plays
constexpr float plays_from = 0.5e-6F;  // mean square, -60 dBFS
constexpr float matters_within = 7.0F; // dB below the strip's strongest band, K-weighted
constexpr float least_share = 0.4F;    // of the time both play, in each band of a zone
constexpr float least_depth = -4.0F;   // dB, mean over that time
constexpr float least_together = 0.3F; // of the target's time
constexpr double least_seconds =
    1.2; // that both play, of what sounds: the hits of a drum are short
constexpr double by_right_from = 1.0;    // steps of priority
constexpr double one_move_octaves = 1.0; // zones of two strips nearer than this are one conflict
constexpr double lesser_masker =
    0.67; // of the severity of a worse one in the same place: not told beside it

// What is proposed: mixing practice's limits for one cut.
constexpr double cut_to_below = 3.0; // dB: the masker comes to lie so far under the target
constexpr double most_cut = 6.0, most_lift = 3.0; // dB
constexpr double widest_q = 0.7, narrowest_q = 4.0;

constexpr std::size_t stretches_kept = 900;
constexpr std::size_t pairs_of_stretch = 16;
constexpr std::size_t most_conflicts = 64;

// Rows of band values are padded to whole vectors.
constexpr std::size_t row = 48;
static_assert(row >= erb_band_count && row % 16 == 0);
using Row = std::array<float, row>;

/// What was seen of one ordered pair while both played and the target's band sounded.
struct Tally {
    Row frames{}, hidden{}, excess{},
        excess_squared{}; // excess: masker's energy over the target's excitation, dB
};

float db(float energy) noexcept { return 10.0F * std::log10(energy + 1e-12F); }

/// How much of a band's energy excites the ear's filter at another band: rounded exponential filters (Glasberg and
/// Moore, Hearing Research 47 (1990)), the lower side as at 71 dB SPL for every band, the usual level of a strip in a mix.
using Mixture = std::array<Row, erb_band_count>; // [from][to]

const Mixture& spreading() {
    static const Mixture table = [] {
        Mixture made{};
        for (std::size_t to = 0; to < erb_band_count; ++to) {
            const double centre = erb_band(to).centre.value();
            const double upper = 4.0 * centre / (24.7 * (4.37e-3 * centre + 1.0));
            const double lower =
                upper * (1.0 - 0.35 / 30.16 * (71.0 - 51.0)); // 30.16: `upper` at 1 kHz
            for (std::size_t from = 0; from < erb_band_count; ++from) {
                const double away = erb_band(from).centre.value() / centre - 1.0;
                const double slope = (away < 0.0 ? lower : upper) * std::abs(away);
                made[from][to] = static_cast<float>((1.0 + slope) * std::exp(-slope));
            }
        }
        return made;
    }();
    return table;
}

/// How much of a band's energy lies in a window around another's centre, as wide as that band, but no narrower than what
/// engineers compare and filters cut.
const Mixture& windows() {
    static const Mixture table = [] {
        Mixture made{};
        const double half = std::exp2(0.5 * window_octaves);
        for (std::size_t to = 0; to < erb_band_count; ++to) {
            const ErbBand& around = erb_band(to);
            const double low = std::min(around.low.value(), around.centre.value() / half);
            const double high = std::max(around.high.value(), around.centre.value() * half);
            for (std::size_t from = 0; from < erb_band_count; ++from) {
                const double begin = erb_band(from).low.value(), end = erb_band(from).high.value();
                const double shared = std::min(high, end) - std::max(low, begin);
                made[from][to] = static_cast<float>(std::max(shared, 0.0) / (end - begin));
            }
        }
        return made;
    }();
    return table;
}

Row mixed(const Row& energies, const Mixture& mixture) noexcept {
    Row result{};
    for (std::size_t from = 0; from < erb_band_count; ++from)
        for (std::size_t to = 0; to < row; ++to) result[to] += energies[from] * mixture[from][to];
    return result;
}

/// K weighting of power at each band's centre.
const BandEnergies& k_weights() {
    static const auto table = [] {
        BandEnergies made;
        for (std::size_t b = 0; b < erb_band_count; ++b)
            made[b] = static_cast<float>(k_weighting_of_power(erb_band(b).centre));
        return made;
    }();
    return table;
}

constexpr double told_by_share =
    0.99; // of the time: up to here the share tells how far a level lies

/// Share of a normal distribution above `limit` deviations, and the limit that has that share above it.
double normal_above(double limit) noexcept { return 0.5 * std::erfc(limit / std::numbers::sqrt2); }
double limit_of(double share) noexcept {
    double low = -3.0,
           high = 3.0; // shares of 0.1 and 99.9 %: as far as some hundred frames can tell
    for (int k = 0; k < 30; ++k) {
        const double middle = 0.5 * (low + high);
        (normal_above(middle) > share ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

} // namespace

Decibel response(const Bell& bell, Hertz frequency) noexcept {
    const double a = std::pow(10.0, bell.gain.value() / 40.0);
    const double w = frequency.value() / bell.centre.value();
    const double real = 1.0 - w * w;
    const double up = a * w / bell.q, down = w / (a * bell.q);
    return Decibel{10.0 * std::log10((real * real + up * up) / (real * real + down * down))};
}

class MaskingMeter::State {
public:
    State(std::size_t strips, double frames_per_second, Milliseconds memory)
        : strips_(strips),
          frame_seconds_(1.0 / frames_per_second),
          stretch_frames_(std::max<std::size_t>(
              1, static_cast<std::size_t>(std::lround(stretch_seconds * frames_per_second)))),
          kept_(static_cast<float>(std::exp(-1000.0 * stretch_seconds / memory.value()))),
          heard_(strips),
          moments_(strips),
          now_(strips * strips),
          before_(strips * strips) {
        worst_.reserve(pairs_of_stretch + 1);
        history_.reserve(stretches_kept * pairs_of_stretch);
        conflicts_.reserve(most_conflicts + 1);
    }

    void add(std::span<const BandEnergies> strips) noexcept {
        PREFADE_ASSERT(strips.size() == strips_, "one frame for each strip");
        for (std::size_t i = 0; i < strips_; ++i) listen(heard_[i], moments_[i], strips[i]);
        for (std::size_t i = 0; i < strips_; ++i)
            if (moments_[i].plays)
                for (std::size_t j = 0; j < strips_; ++j)
                    if (j != i && moments_[j].plays)
                        compare(cell(now_, j, i), moments_[j], moments_[i]);
        pass(1);
    }

    /// First each strip is listened to over all the frames, then each pair is compared over all of them.
    void add(std::span<const BandEnergies> frames, const InParallel& in_parallel) {
        PREFADE_ASSERT(strips_ > 0 && frames.size() % strips_ == 0, "one frame for each strip");
        while (!frames.empty()) {
            const std::size_t count =
                std::min(frames.size() / strips_, stretch_frames_ - frames_ % stretch_frames_);
            block_.resize(strips_ * stretch_frames_); // of each strip one frame after the other
            in_parallel(strips_, [&](std::size_t i) {
                for (std::size_t k = 0; k < count; ++k)
                    listen(heard_[i], block_[i * count + k], frames[k * strips_ + i]);
            });
            in_parallel(strips_, [&](std::size_t i) {
                for (std::size_t j = 0; j < strips_; ++j)
                    if (j != i) compare_all(cell(now_, j, i), j * count, i * count, count);
            });
            pass(count);
            frames = frames.subspan(count * strips_);
        }
    }

    std::size_t strips() const noexcept { return strips_; }

    PairMasking pair(std::size_t masker, std::size_t target) const noexcept {
        PairMasking result;
        if (masker == target) return result;
        const Tally tally = sum(masker, target);
        const Heard& heard = heard_[target];
        double frames = 0.0, hidden = 0.0, most = 0.0;
        for (std::size_t b = 0; b < erb_band_count; ++b) {
            if (!heard.matters[b] || tally.frames[b] < 1.0F) continue;
            result.band_share[b] = tally.hidden[b] / tally.frames[b];
            frames += static_cast<double>(tally.frames[b]);
            hidden += static_cast<double>(tally.hidden[b]);
            most = std::max(most, static_cast<double>(tally.frames[b] / heard.sounding[b]));
        }
        result.together = std::min(most, 1.0);
        if (frames > 0.0) result.share = hidden / frames;
        return result;
    }

    std::span<const Conflict> conflicts(std::span<const double> priorities) noexcept {
        PREFADE_ASSERT(priorities.size() == strips_, "one priority for each strip");
        conflicts_.clear();
        for (std::size_t i = 0; i < strips_; ++i)
            for (std::size_t j = 0; j < i; ++j) find(j, i, priorities);
        leave_out_lesser();
        return conflicts_;
    }

    std::span<const MaskedStretch> history() const noexcept { return history_; }

private:
    /// What a strip does in one frame; of one that does not play nothing else is told.
    struct Moment {
        bool plays{};
        Row own{};        ///< energy, dB
        Row excitation{}; ///< spread energy, dB
        Row sounds{};     ///< 1 in bands that sound
    };

    /// What a strip did while it played.
    struct Heard {
        std::array<bool, erb_band_count> matters{};
        double frames{};        ///< in which it played
        Row energy{}, spread{}; ///< sums
        Row sounding{},
            sounding_now{}; ///< frames in which a band sounded: in all, and in this stretch
        float total{};
    };

    Tally& cell(std::vector<Tally>& table, std::size_t masker, std::size_t target) noexcept {
        return table[target * strips_ + masker];
    }

    static void listen(Heard& heard, Moment& moment, const BandEnergies& energies) noexcept {
        float total = 0.0F;
        for (const float energy : energies) total += energy;
        const auto frames = static_cast<float>(heard.frames);
        moment.plays = total > plays_from
                       && total * frames >= heard.total * std::pow(10.0F, -0.1F * plays_within);
        if (!moment.plays) return;
        heard.frames += 1.0;
        heard.total += total;
        Row raw{};
        std::copy(energies.begin(), energies.end(), raw.begin());
        const Row own = mixed(raw, windows());
        const Row spread = mixed(own, spreading());
        float top = 0.0F;
        for (std::size_t b = 0; b < erb_band_count; ++b) {
            heard.energy[b] += own[b];
            heard.spread[b] += spread[b];
            moment.own[b] = db(own[b]);
            moment.excitation[b] = db(spread[b]);
            top = std::max(top, heard.energy[b] * k_weights()[b]);
        }
        // What a band's mean is worth nobody knows before the band has played: until then a strip's other bands tell
        // what of it is but the end of a decay.
        const float of_mean = std::pow(10.0F, -0.1F * sounds_within) / (frames + 1.0F);
        const float of_top = top * std::pow(10.0F, -0.1F * sounds_in_all) / (frames + 1.0F);
        for (std::size_t b = 0; b < erb_band_count; ++b) {
            const bool sounds = own[b] > 0.0F && own[b] >= heard.energy[b] * of_mean
                                && own[b] * k_weights()[b] >= of_top;
            moment.sounds[b] = sounds ? 1.0F : 0.0F;
            heard.sounding[b] += moment.sounds[b];
            heard.sounding_now[b] += moment.sounds[b];
        }
        weigh(heard);
    }

    /// A band matters to a strip when it is not far below the strongest, as loudness weighs them.
    static void weigh(Heard& heard) noexcept {
        float top = 0.0F;
        for (std::size_t b = 0; b < erb_band_count; ++b)
            top = std::max(top, heard.spread[b] * k_weights()[b]);
        const float from = top * std::pow(10.0F, -0.1F * matters_within);
        for (std::size_t b = 0; b < erb_band_count; ++b)
            heard.matters[b] = heard.spread[b] * k_weights()[b] >= from;
    }

    /// Only what a masker has in the band itself counts: what its other bands spread there no bell there would take
    /// away.
    static void compare(Tally& tally, const Moment& masker, const Moment& target) noexcept {
        for (std::size_t b = 0; b < row; ++b) {
            const float excess = std::clamp(masker.own[b] - target.excitation[b], -30.0F, 30.0F);
            const float sounds = target.sounds[b];
            tally.frames[b] += sounds;
            tally.hidden[b] += excess > hidden_from ? sounds : 0.0F;
            tally.excess[b] += sounds * excess;
            tally.excess_squared[b] += sounds * excess * excess;
        }
    }

    void compare_all(Tally& tally, std::size_t masker, std::size_t target,
                     std::size_t count) const noexcept {
        for (std::size_t k = 0; k < count; ++k)
            if (block_[masker + k].plays && block_[target + k].plays)
                compare(tally, block_[masker + k], block_[target + k]);
    }

    void pass(std::size_t frames) noexcept {
        frames_ += frames;
        if (frames_ % stretch_frames_ == 0) end_stretch();
    }

    Tally sum(std::size_t masker, std::size_t target) const noexcept {
        const std::size_t at = target * strips_ + masker;
        Tally result = before_[at];
        merge(result, now_[at], 1.0F);
        return result;
    }

    static void merge(Tally& into, const Tally& from, float kept) noexcept {
        const auto rows = [kept](Row& a, const Row& b) {
            for (std::size_t k = 0; k < row; ++k) a[k] = kept * a[k] + b[k];
        };
        rows(into.frames, from.frames);
        rows(into.hidden, from.hidden);
        rows(into.excess, from.excess);
        rows(into.excess_squared, from.excess_squared);
    }

    /// Bands next to each other in which the target is hidden; one between them that is not does not part them.
    struct Zone {
        std::size_t first, last; ///< `last` is one beyond
    };

    bool is_hidden(const Tally& tally, const Heard& heard, const Row& sounding,
                   std::size_t band) const noexcept {
        const float frames = tally.frames[band];
        return static_cast<double>(frames) * frame_seconds_ >= least_seconds
               && tally.hidden[band] >= least_share * frames
               && tally.excess[band] >= least_depth * frames
               && frames >= least_together * sounding[band] && heard.matters[band];
    }

    template <class Found>
    void zones(const Tally& tally, const Heard& heard, const Row& sounding,
               Found&& found) const noexcept {
        std::optional<Zone> zone;
        for (std::size_t b = 0; b < erb_band_count; ++b) {
            if (!is_hidden(tally, heard, sounding, b)) continue;
            if (zone && b > zone->last + 1) {
                found(*zone);
                zone.reset();
            }
            zone = Zone{zone ? zone->first : b, b + 1};
        }
        if (zone) found(*zone);
    }

    /// How much of a band is hidden: the share of the time, times how far the masker lies over it.
    static double weight(const Tally& tally, std::size_t band) noexcept {
        const auto frames = static_cast<double>(tally.frames[band]);
        if (frames < 1.0) return 0.0;
        return static_cast<double>(tally.hidden[band]) / frames
               * std::max(1.0, static_cast<double>(tally.excess[band]) / frames);
    }

    Conflict conflict_of(const Tally& tally, const Heard& heard, Zone zone) const noexcept {
        Conflict conflict;
        std::size_t top = zone.first;
        double frames = 0.0, sounding = 0.0, hidden = 0.0, excess = 0.0;
        for (std::size_t b = zone.first; b < zone.last; ++b) {
            if (weight(tally, b) > weight(tally, top)) top = b;
            frames += static_cast<double>(tally.frames[b]);
            sounding += static_cast<double>(heard.sounding[b]);
            hidden += static_cast<double>(tally.hidden[b]);
            excess += static_cast<double>(tally.excess[b]);
            conflict.severity += weight(tally, b);
        }
        double around = 0.0, position = 0.0;
        const std::size_t below = std::max(zone.first + 2, top) - 2;
        for (std::size_t b = below; b < std::min(zone.last, top + 3); ++b) {
            around += weight(tally, b);
            position += weight(tally, b) * (static_cast<double>(b) + 0.5);
        }
        conflict.low = erb_band(zone.first).low;
        conflict.high = erb_band(zone.last - 1).high;
        conflict.centre = erb_frequency(position / around);
        conflict.together = std::min(frames / sounding, 1.0);
        conflict.share = hidden / frames;
        conflict.depth = Decibel{excess / frames};
        return conflict;
    }

    /// A cut that brings the masker as far under the target as it should be, or a lift of half that, within limits.
    static Bell move_for(const Conflict& conflict, bool lift) noexcept {
        const double wanted = conflict.depth.value() + cut_to_below;
        const double width = conflict.high.value() - conflict.low.value();
        const double gain =
            lift ? std::clamp(0.5 * wanted, 1.0, most_lift) : -std::clamp(wanted, 1.0, most_cut);
        return {conflict.centre, Decibel{gain},
                std::clamp(conflict.centre.value() / width, widest_q, narrowest_q)};
    }

    /// The hidden share of the zone when the excess falls by what the bell does in each band. The excess of a band is
    /// taken as normal, of the deviation that was measured, placed so that it gives the share that was measured.
    double share_after(const Tally& tally, Zone zone, const Bell& bell) const noexcept {
        double frames = 0.0, hidden = 0.0;
        for (std::size_t b = zone.first; b < zone.last; ++b) {
            const auto n = static_cast<double>(tally.frames[b]);
            if (n < 1.0) continue;
            const double mean = static_cast<double>(tally.excess[b]) / n;
            const double square = static_cast<double>(tally.excess_squared[b]) / n;
            const double deviation = std::sqrt(std::max(square - mean * mean, 0.25));
            const double share = static_cast<double>(tally.hidden[b]) / n;
            const double change = std::abs(response(bell, erb_band(b).centre).value());
            double limit = limit_of(share);
            if (share > told_by_share) // always hidden: by how much the mean alone tells
                limit = std::min(limit, (static_cast<double>(hidden_from) - mean) / deviation);
            frames += n;
            hidden += n * normal_above(limit + change / deviation);
        }
        return frames > 0.0 ? hidden / frames : 0.0;
    }

    /// Of two strips, either of which may hide the other.
    void find(std::size_t one, std::size_t other, std::span<const double> priorities) noexcept {
        std::array<Conflict, erb_band_count + 1> found; // zones lie a band apart or more
        std::size_t count = 0;
        for (const auto& pair : {std::pair(one, other), std::pair(other, one)}) {
            const std::size_t masker = pair.first, target = pair.second;
            if (priorities[masker] > priorities[target] + by_right_from) continue;
            const bool outranked = priorities[masker] > priorities[target];
            const Tally tally = sum(masker, target);
            zones(tally, heard_[target], heard_[target].sounding, [&](Zone zone) {
                Conflict conflict = conflict_of(tally, heard_[target], zone);
                conflict.masker = masker;
                conflict.target = target;
                conflict.mover = outranked ? target : masker;
                conflict.move = move_for(conflict, outranked);
                conflict.share_after = share_after(tally, zone, conflict.move);
                found[count++] = conflict;
            });
        }
        const auto begin = found.begin(), end = begin + static_cast<std::ptrdiff_t>(count);
        std::sort(begin, end, is_worse);
        for (auto at = begin; at != end; ++at)
            if (std::none_of(begin, at, [&](const Conflict& worse) { return is_near(worse, *at); }))
                keep(*at);
    }

    /// Where several hide a target in one place, whoever does so far less is told once the worse one has made room.
    void leave_out_lesser() noexcept {
        auto end = conflicts_.begin();
        for (const Conflict& one : conflicts_) // worst first
            if (std::none_of(conflicts_.begin(), end, [&](const Conflict& worse) {
                    return worse.target == one.target && is_near(worse, one)
                           && one.severity < lesser_masker * worse.severity;
                }))
                *end++ = one;
        conflicts_.erase(end, conflicts_.end());
    }

    static bool is_worse(const Conflict& a, const Conflict& b) noexcept {
        return a.severity > b.severity;
    }
    static bool is_near(const Conflict& a, const Conflict& b) noexcept {
        return std::abs(std::log2(a.centre.value() / b.centre.value())) < one_move_octaves;
    }
    void keep(const Conflict& conflict) noexcept {
        conflicts_.insert(
            std::upper_bound(conflicts_.begin(), conflicts_.end(), conflict, is_worse), conflict);
        if (conflicts_.size() > most_conflicts) conflicts_.pop_back();
    }

    void end_stretch() noexcept {
        remember();
        for (std::size_t at = 0; at < now_.size(); ++at) {
            merge(before_[at], now_[at], kept_);
            now_[at] = Tally{};
        }
        for (Heard& heard : heard_) heard.sounding_now = {};
        if (kept_ == 1.0F) return;
        for (Heard& heard : heard_) { // what the bands' levels were is forgotten as fast
            heard.frames *= kept_;
            heard.total *= kept_;
            for (Row* sums : {&heard.energy, &heard.spread, &heard.sounding})
                for (float& value : *sums) value *= kept_;
        }
    }

    /// Keeps the worst zones of the stretch that ends.
    void remember() noexcept {
        const Milliseconds at{1000.0 * frame_seconds_
                              * static_cast<double>(frames_ - stretch_frames_)};
        worst_.clear();
        for (std::size_t i = 0; i < strips_; ++i)
            for (std::size_t j = 0; j < strips_; ++j) {
                if (i == j) continue;
                const Tally& tally = cell(now_, j, i);
                zones(tally, heard_[i], heard_[i].sounding_now, [&](Zone zone) {
                    const Conflict found = conflict_of(tally, heard_[i], zone);
                    const Ranked one{{at, j, i, found.low, found.high, found.share},
                                     found.severity};
                    const auto place = std::upper_bound(
                        worst_.begin(), worst_.end(), one,
                        [](const Ranked& a, const Ranked& b) { return a.severity > b.severity; });
                    worst_.insert(place, one);
                    if (worst_.size() > pairs_of_stretch) worst_.pop_back();
                });
            }
        const auto room = stretches_kept * pairs_of_stretch - worst_.size();
        if (history_.size() > room)
            history_.erase(history_.begin(),
                           history_.begin() + static_cast<std::ptrdiff_t>(history_.size() - room));
        for (const Ranked& one : worst_) history_.push_back(one.stretch);
    }

    struct Ranked {
        MaskedStretch stretch;
        double severity;
    };

    std::size_t strips_;
    double frame_seconds_;
    std::size_t stretch_frames_;
    float kept_;
    std::vector<Heard> heard_;
    std::vector<Moment> moments_;
    std::vector<Moment> block_;       ///< of songs that are there already
    std::vector<Tally> now_, before_; ///< of this stretch, of those before; [target][masker]
    std::vector<Ranked> worst_;       ///< of the stretch that ends
    std::vector<MaskedStretch> history_;
    std::vector<Conflict> conflicts_;
    std::size_t frames_{};
};

MaskingMeter::MaskingMeter(std::size_t strips, double frames_per_second, Milliseconds memory)
    : state_(std::make_unique<State>(strips, frames_per_second, memory)) {}
MaskingMeter::MaskingMeter(MaskingMeter&&) noexcept = default;
MaskingMeter& MaskingMeter::operator=(MaskingMeter&&) noexcept = default;
MaskingMeter::~MaskingMeter() = default;

void MaskingMeter::add(std::span<const BandEnergies> strips) noexcept { state_->add(strips); }
void MaskingMeter::add(std::span<const BandEnergies> frames, const InParallel& in_parallel) {
    state_->add(frames, in_parallel);
}
std::size_t MaskingMeter::strips() const noexcept { return state_->strips(); }
PairMasking MaskingMeter::pair(std::size_t masker, std::size_t target) const noexcept {
    return state_->pair(masker, target);
}
std::span<const Conflict> MaskingMeter::conflicts(std::span<const double> priorities) noexcept {
    return state_->conflicts(priorities);
}
std::span<const MaskedStretch> MaskingMeter::history() const noexcept { return state_->history(); }

} // namespace prefade
