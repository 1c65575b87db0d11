#include "analysis/stem_masking.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace prefade {
namespace {

constexpr std::size_t frames_read = 256; ///< at a time; 43 kB a stem

/// A stem's energies at any time of the song, asked for in order.
class Player {
public:
    Player(StemHeard& stem, double song_start)
        : frames_(*stem.frames),
          per_second_(stem.frames_per_second),
          start_(stem.start - song_start) {}

    /// Frame k is the sound around k hops. Between two frames their mean, weighted by how near they are.
    Result<BandEnergies> at(double seconds) {
        BandEnergies silence{};
        const double place = std::max((seconds - start_) * per_second_, -1.0);
        if (place < 0.0) return silence;
        const double rounded = std::round(place);
        const bool on_frame = std::abs(place - rounded) < 1e-3;
        const auto first = static_cast<std::uint64_t>(on_frame ? rounded : std::floor(place));
        const auto part = static_cast<float>(on_frame ? 0.0 : place - std::floor(place));
        const auto one = frame(first);
        if (!one || part == 0.0F) return one;
        const auto other = frame(first + 1);
        if (!other) return other;
        for (std::size_t b = 0; b < erb_band_count; ++b)
            silence[b] = (1.0F - part) * (*one)[b] + part * (*other)[b];
        return silence;
    }

private:
    /// Silence behind the end.
    Result<BandEnergies> frame(std::uint64_t number) {
        while (number >= begin_ + held_.size() && !ended_)
            if (auto read = read_on(number); !read) return read.error();
        if (number >= begin_ + held_.size()) return BandEnergies{};
        return held_[static_cast<std::size_t>(number - begin_)];
    }

    Result<void> read_on(std::uint64_t from) {
        const auto used =
            static_cast<std::size_t>(std::min<std::uint64_t>(from - begin_, held_.size()));
        held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(used));
        begin_ += used;
        const std::size_t kept = held_.size();
        held_.resize(kept + frames_read);
        const auto got = frames_.next(std::span(held_).subspan(kept));
        if (!got) return got.error();
        held_.resize(kept + *got);
        ended_ = *got < frames_read;
        return {};
    }

    BandFrames& frames_;
    double per_second_, start_;
    std::vector<BandEnergies> held_;
    std::uint64_t begin_{0}; ///< number of the first that is held
    bool ended_{false};
};

/// What most stems have; of two that are as usual the higher.
double usual_rate(std::span<const StemHeard> stems) {
    std::map<double, std::size_t> counts;
    for (const StemHeard& stem : stems) ++counts[stem.frames_per_second];
    double usual = 0.0;
    std::size_t most = 0;
    for (const auto& [rate, count] : counts)
        if (count >= most) {
            usual = rate;
            most = count;
        }
    return usual;
}

/// Where in the song which pair stood out, taken over from the meter before it forgets.
class Times {
public:
    void take(const MaskingMeter& meter) {
        for (const MaskedStretch& one : meter.history())
            if (one.at.value() > taken_ms_) all_[{one.masker, one.target}].push_back(one);
        if (!meter.history().empty()) taken_ms_ = meter.history().back().at.value();
    }

    std::vector<MaskedTime> of(const Conflict& conflict, double stretch_s) const {
        std::vector<MaskedTime> when;
        const auto found = all_.find({conflict.masker, conflict.target});
        if (found == all_.end()) return when;
        double sum = 0.0;
        std::size_t count = 0;
        for (const MaskedStretch& one : found->second) {
            if (one.high <= conflict.low || one.low >= conflict.high) continue;
            const double from = 0.001 * one.at.value(), to = from + stretch_s;
            if (!when.empty() && from < when.back().to - 0.5 * stretch_s)
                continue; // its other zone
            if (when.empty() || from > when.back().to + 0.5 * stretch_s) {
                when.push_back({from, to, 0.0});
                sum = 0.0;
                count = 0;
            }
            when.back().to = to;
            sum += one.share;
            when.back().share = sum / static_cast<double>(++count);
        }
        return when;
    }

private:
    std::map<std::pair<std::size_t, std::size_t>, std::vector<MaskedStretch>> all_;
    double taken_ms_{-1.0};
};

StemMasking told(MaskingMeter& meter, std::span<const StemHeard> stems, const Times& times,
                 double stretch_s) {
    std::vector<double> priorities;
    for (const StemHeard& stem : stems) priorities.push_back(stem.priority);
    StemMasking masking;
    for (const Conflict& conflict : meter.conflicts(priorities))
        masking.conflicts.push_back({conflict, times.of(conflict, stretch_s)});
    for (std::size_t target = 0; target < stems.size(); ++target)
        for (std::size_t masker = 0; masker < stems.size(); ++masker) {
            const PairMasking pair = meter.pair(masker, target);
            if (pair.share > 0.0)
                masking.pairs.push_back({masker, target, pair.together, pair.share});
        }
    return masking;
}

double rounded(double value, double steps) { return std::round(value * steps) / steps; }
double share(double value) { return rounded(value, 100.0); }
double tenths(double value) { return rounded(value, 10.0); }

} // namespace

Result<StemMasking> compare_stems(std::span<StemHeard> stems,
                                  const MaskingMeter::InParallel& in_parallel,
                                  const std::function<bool(double)>& heard) {
    PREFADE_ASSERT(stems.size() >= 2 && stems.size() <= most_stems, "a set of stems");
    double begin = stems.front().start, end = begin;
    for (const StemHeard& stem : stems) {
        begin = std::min(begin, stem.start);
        end = std::max(end, stem.start + stem.seconds);
    }
    const double per_second = usual_rate(stems);
    const auto stretch =
        static_cast<std::size_t>(std::lround(MaskingMeter::stretch_seconds * per_second));
    const auto frames =
        static_cast<std::uint64_t>((end - begin) * per_second) + 2; // the last is half
    std::vector<Player> players;
    for (StemHeard& stem : stems) players.emplace_back(stem, begin);
    MaskingMeter meter(stems.size(), per_second);
    Times times;
    std::vector<BandEnergies> block;
    std::vector<std::optional<Error>> failed(stems.size());
    for (std::uint64_t from = 0; from < frames; from += stretch) {
        if (!heard(static_cast<double>(from) / static_cast<double>(frames)))
            return Error{ErrorCode::unavailable, "the comparison was ended", {}};
        // All stretches are whole, so that none is left out of the times.
        block.assign(stretch * stems.size(), {});
        in_parallel(stems.size(), [&](std::size_t i) {
            for (std::size_t k = 0; k < stretch && !failed[i]; ++k) {
                auto energies = players[i].at(static_cast<double>(from + k) / per_second);
                if (energies)
                    block[k * stems.size() + i] = *energies;
                else
                    failed[i] = energies.error();
            }
        });
        for (const auto& error : failed)
            if (error) return *error;
        meter.add(block, in_parallel);
        times.take(meter);
    }
    return told(meter, stems, times, static_cast<double>(stretch) / per_second);
}

Json to_json(const StemMasking& masking) {
    Json conflicts = Json::array(), pairs = Json::array();
    for (const auto& [found, times] : masking.conflicts) {
        Json when = Json::array();
        for (const MaskedTime& time : times)
            when.push_back({{"from_s", tenths(time.from)},
                            {"to_s", tenths(time.to)},
                            {"share", share(time.share)}});
        conflicts.push_back({{"masker", found.masker},
                             {"target", found.target},
                             {"low_hz", tenths(found.low.value())},
                             {"centre_hz", tenths(found.centre.value())},
                             {"high_hz", tenths(found.high.value())},
                             {"together", share(found.together)},
                             {"share", share(found.share)},
                             {"depth_db", tenths(found.depth.value())},
                             {"severity", share(found.severity)},
                             {"mover", found.mover},
                             {"gain_db", tenths(found.move.gain.value())},
                             {"q", share(found.move.q)},
                             {"share_after", share(found.share_after)},
                             {"audibility_rise", share(found.share - found.share_after)},
                             {"when", std::move(when)}});
    }
    for (const StemPair& pair : masking.pairs)
        pairs.push_back({{"masker", pair.masker},
                         {"target", pair.target},
                         {"together", share(pair.together)},
                         {"share", share(pair.share)}});
    return {{"conflicts", std::move(conflicts)}, {"pairs", std::move(pairs)}};
}

Result<StemMasking> stem_masking_from_json(const Json& json, std::size_t stems) {
    std::size_t highest = 0;
    const auto stem = [&highest](const Json& number) {
        const auto value = number.get<std::size_t>();
        highest = std::max(highest, value);
        return value;
    };
    try {
        StemMasking masking;
        for (const Json& one : json.at("conflicts")) {
            StemConflict found;
            Conflict& is = found.conflict;
            is.masker = stem(one.at("masker"));
            is.target = stem(one.at("target"));
            is.mover = stem(one.at("mover"));
            is.low = Hertz{one.at("low_hz").get<double>()};
            is.centre = Hertz{one.at("centre_hz").get<double>()};
            is.high = Hertz{one.at("high_hz").get<double>()};
            is.together = one.at("together").get<double>();
            is.share = one.at("share").get<double>();
            is.depth = Decibel{one.at("depth_db").get<double>()};
            is.severity = one.at("severity").get<double>();
            is.move = {is.centre, Decibel{one.at("gain_db").get<double>()},
                       one.at("q").get<double>()};
            is.share_after = one.at("share_after").get<double>();
            for (const Json& time : one.at("when"))
                found.when.push_back({time.at("from_s").get<double>(),
                                      time.at("to_s").get<double>(),
                                      time.at("share").get<double>()});
            masking.conflicts.push_back(std::move(found));
        }
        for (const Json& one : json.at("pairs"))
            masking.pairs.push_back({stem(one.at("masker")), stem(one.at("target")),
                                     one.at("together").get<double>(),
                                     one.at("share").get<double>()});
        if (highest >= stems)
            return Error{ErrorCode::invalid,
                         "there is no stem " + std::to_string(highest) + " of "
                             + std::to_string(stems),
                         {}};
        return masking;
    } catch (const Json::exception& wrong) {
        return Error{ErrorCode::invalid, wrong.what(), {}};
    }
}

} // namespace prefade
