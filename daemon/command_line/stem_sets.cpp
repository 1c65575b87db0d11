#include "daemon/command_line/stem_sets.h"

#include "daemon/command_line/parallel.h"
#include "daemon/command_line/sound_files.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

namespace prefade::command_line {
namespace fs = std::filesystem;
namespace {

constexpr double equal_length_s = 0.05;
constexpr Duration tell_interval = std::chrono::milliseconds(100);

using Group = std::vector<std::size_t>; ///< files

std::string stem_name(const AnalysedFile& file) { return file.path.stem().string(); }

/// What all mixes are called and no track is.
bool is_mix(const std::string& name, const RoleBook& roles) {
    return !roles.guess(name, StripKind::audio_track)
           && roles.guess(name, StripKind::master) == "master";
}

std::string role_of(const AnalysedFile& file, const RoleBook& roles) {
    return roles.guess(stem_name(file), StripKind::audio_track).value_or("");
}

/// How many are as long as the most of them.
std::size_t equally_long(const std::vector<AnalysedFile>& files, const Group& group) {
    std::vector<double> lengths;
    for (const std::size_t i : group) lengths.push_back(files[i].analysis->seconds());
    std::sort(lengths.begin(), lengths.end());
    std::size_t most = 0;
    for (std::size_t from = 0, to = 0; to < lengths.size(); ++to) {
        while (lengths[to] - lengths[from] > equal_length_s) ++from;
        most = std::max(most, to - from + 1);
    }
    return most;
}

/// Empty, or why they are taken for none.
std::string no_stems_as(const std::vector<AnalysedFile>& files, const Group& group,
                        const RoleBook& roles) {
    const auto named =
        static_cast<std::size_t>(std::count_if(group.begin(), group.end(), [&](std::size_t i) {
            return !role_of(files[i], roles).empty();
        }));
    if (named >= 2 && 2 * named >= group.size()) return {};
    if (2 * equally_long(files, group) >= group.size() && equally_long(files, group) >= 2)
        return {};
    return "neither their names nor their lengths say that they are stems of one song";
}

/// Who is compared, and when each starts.
StemSet set_of(const std::vector<AnalysedFile>& files, const Group& group, const RoleBook& roles) {
    StemSet set;
    std::vector<fs::path> paths;
    for (const std::size_t i : group) paths.push_back(files[i].path);
    set.folder = common_folder(paths);
    std::optional<double> first;
    for (const std::size_t i : group) {
        const FileAnalysis& is = *files[i].analysis;
        Stem stem{i, stem_name(files[i]), role_of(files[i], roles), 0.0, false};
        std::string reason;
        if (stem.role == "click" || stem.role == "reference")
            reason = "is a " + stem.role + " by its name";
        else if (is_mix(stem.name, roles))
            reason = "is a mix by its name";
        else if (!is.spectrum || is.spectrum->sounding_s <= 0.0)
            reason = "is silent";
        else if (!files[i].bands)
            reason = "has no spectrum over time";
        if (!reason.empty()) {
            set.left_out.push_back({i, std::move(reason)});
            continue;
        }
        if (const auto start = is.start()) {
            stem.start_s = *start;
            stem.tells_start = true;
            first = std::min(first.value_or(*start), *start);
        }
        set.stems.push_back(std::move(stem));
    }
    for (Stem& stem : set.stems) stem.start_s = stem.tells_start ? stem.start_s - *first : 0.0;
    return set;
}

/// All that a comparison depends on.
std::string what_is_compared(const StemSet& set, const std::vector<AnalysedFile>& files,
                             const std::vector<double>& priorities) {
    std::string all = "stem masking " + std::to_string(stem_masking_version) + '\n';
    for (std::size_t k = 0; k < set.stems.size(); ++k) {
        const Stem& stem = set.stems[k];
        if (files[stem.file].key.empty()) return {};
        all += files[stem.file].key + ' ' + std::to_string(stem.start_s) + ' '
               + std::to_string(priorities[k]) + '\n';
    }
    return all;
}

class Comparison {
public:
    Comparison(const std::vector<AnalysedFile>& files, const Priorities& priorities,
               const ComparisonTask& task, std::size_t sets)
        : files_(files),
          priorities_(priorities),
          task_(task),
          sets_(sets) {}

    Result<void> compare(StemSet& set) {
        std::vector<double> ranks;
        for (const Stem& stem : set.stems) ranks.push_back(priorities_.of(stem.role, task_.genre));
        const std::string what = what_is_compared(set, files_, ranks);
        const bool kept = task_.cache && !what.empty();
        if (kept)
            if (const auto found = task_.cache->comparison(what))
                if (auto masking = stem_masking_from_json(*found, set.stems.size())) {
                    set.masking = std::move(masking);
                    set.from_cache = true;
                    ++done_;
                    return {};
                }
        set.masking = heard(set, ranks);
        if (!set.masking && set.masking.error().code == ErrorCode::unavailable)
            return set.masking.error();
        if (set.masking) { // as it is when it is kept and read again
            const Json found = to_json(*set.masking);
            set.masking = stem_masking_from_json(found, set.stems.size());
            if (kept) task_.cache->keep_comparison(what, found);
        }
        ++done_;
        return {};
    }

private:
    Result<StemMasking> heard(const StemSet& set, const std::vector<double>& ranks) {
        std::vector<StemHeard> stems;
        for (std::size_t k = 0; k < set.stems.size(); ++k) {
            const AnalysedFile& file = files_[set.stems[k].file];
            const double rate = file.analysis->format.sample_rate;
            stems.push_back({file.bands->play(), BandMeter::frames_per_second(rate),
                             file.analysis->seconds(), set.stems[k].start_s, ranks[k]});
        }
        const auto in_threads = [this](std::size_t count,
                                       const std::function<void(std::size_t)>& work) {
            in_parallel(count, task_.jobs, work);
        };
        const TimePoint start = Clock::now();
        TimePoint next = start;
        return compare_stems(stems, in_threads, [&](double part) {
            if (const TimePoint now = Clock::now(); now >= next) {
                task_.tell({AnalysisProgress::Step::comparing, sets_, done_, part, now - start});
                next = now + tell_interval;
            }
            return !task_.ended();
        });
    }

    const std::vector<AnalysedFile>& files_;
    const Priorities& priorities_;
    const ComparisonTask& task_;
    std::size_t sets_, done_{0};
};

/// Stems as paths.
Json with_paths(Json one, const StemSet& set, const std::vector<AnalysedFile>& files) {
    for (const char* who : {"masker", "target", "mover"})
        if (one.contains(who))
            one[who] = files[set.stems[one[who].get<std::size_t>()].file].path.string();
    return one;
}

Json to_json(const StemSet& set, const std::vector<AnalysedFile>& files) {
    Json stems = Json::array(), left_out = Json::array(), conflicts = Json::array(),
         pairs = Json::array();
    for (const Stem& stem : set.stems)
        stems.push_back({{"path", files[stem.file].path.string()},
                         {"role", stem.role.empty() ? Json() : Json(stem.role)},
                         {"start_s", stem.start_s},
                         {"start_known", stem.tells_start}});
    for (const StemSet::LeftOut& one : set.left_out)
        left_out.push_back({{"path", files[one.file].path.string()}, {"reason", one.reason}});
    if (set.masking) {
        Json found = prefade::to_json(*set.masking);
        for (Json& one : found["conflicts"])
            conflicts.push_back(with_paths(std::move(one), set, files));
        for (Json& one : found["pairs"]) pairs.push_back(with_paths(std::move(one), set, files));
    }
    return {{"folder", set.folder.string()},
            {"stems", std::move(stems)},
            {"left_out", std::move(left_out)},
            {"error", set.masking ? Json() : Json(set.masking.error().message)},
            {"from_cache", set.from_cache},
            {"conflicts", std::move(conflicts)},
            {"pairs", std::move(pairs)}};
}

} // namespace

StemSets find_stem_sets(const std::vector<AnalysedFile>& files, Together together,
                        const RoleBook& roles) {
    StemSets found;
    if (together == Together::none) return found;
    std::map<fs::path, Group> groups;
    for (std::size_t i = 0; i < files.size(); ++i)
        if (files[i].analysis)
            groups[together == Together::all ? fs::path() : files[i].path.parent_path()].push_back(
                i);
    for (const auto& [folder, group] : groups) {
        if (group.size() < 2) continue;
        std::string reason =
            together == Together::all ? std::string() : no_stems_as(files, group, roles);
        StemSet set;
        if (reason.empty()) {
            set = set_of(files, group, roles);
            if (set.stems.size() > most_stems)
                reason = "more than " + std::to_string(most_stems)
                         + " are not compared at a time: name fewer";
            else if (set.stems.size() < 2)
                reason = "fewer than two of them play a part of a song";
        }
        if (reason.empty())
            found.sets.push_back(std::move(set));
        else
            found.not_compared.push_back({folder, group.size(), std::move(reason)});
    }
    return found;
}

Result<void> compare(StemSets& sets, const std::vector<AnalysedFile>& files,
                     const Priorities& priorities, const ComparisonTask& task) {
    Comparison comparison(files, priorities, task, sets.sets.size());
    for (StemSet& set : sets.sets)
        if (auto done = comparison.compare(set); !done) return done;
    return {};
}

Json to_json(const StemSets& sets, const std::vector<AnalysedFile>& files,
             const std::string& genre) {
    Json all = Json::array(), not_compared = Json::array();
    for (const StemSet& set : sets.sets) all.push_back(to_json(set, files));
    for (const NoSet& none : sets.not_compared)
        not_compared.push_back(
            {{"folder", none.folder.string()}, {"files", none.files}, {"reason", none.reason}});
    return {{"genre", genre.empty() ? std::string(Priorities::usual_genre) : genre},
            {"sets", std::move(all)},
            {"not_compared", std::move(not_compared)}};
}

} // namespace prefade::command_line
