// How well and how fast masking is found: planted conflicts in music of our own synthesis that nothing was tuned on, beside
// plain overlap of energy; stem sets without conflict; what 64 strips cost live.
#include "tests/bench/measure.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"
#include "tests/truth/dice.h"
#include "tests/truth/renders.h"
#include "tests/truth/score.h"

#include <atomic>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>

using namespace prefade;
using namespace prefade::bench;

namespace {

// Counts of the same songs on every machine, so a little under what they were when last written down is a floor
// (tests/truth/README.md).
constexpr double least_precision = 0.93, least_recall = 0.95, least_culprits = 0.95;
constexpr std::size_t most_restless_songs = 0, most_alarms = 6;

struct BothScores {
    truth::Score ours, peer;           ///< on the sets with conflicts
    truth::Score ours_calm, peer_calm; ///< on those without
    std::size_t songs{}, restless{};   ///< without conflict; of these, with more than one alarm
};

/// The songs of these seeds, from `song_of(seed)`, on all cores.
template <class SongOf>
BothScores score_of(const std::vector<std::uint64_t>& seeds, SongOf song_of) {
    BothScores outcome;
    std::mutex mutex;
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t k; (k = next++) < seeds.size();) {
            auto song = song_of(seeds[k]);
            if (!song) continue;
            const auto clean = truth::without_conflict(std::move(*song));
            if (!clean) continue;
            BothScores one;
            one.songs = 1;
            one.ours_calm.add(*clean, truth::conflicts(clean->song));
            one.peer_calm.add(*clean, truth::overlaps(clean->song, truth::tuned_overlap));
            for (std::uint64_t variant = 0; variant < 4; ++variant)
                if (const auto set =
                        truth::with_conflicts(*clean, seeds[k] + 100000 * variant, 4)) {
                    one.ours.add(*set, truth::conflicts(set->song));
                    one.peer.add(*set, truth::overlaps(set->song, truth::tuned_overlap));
                }
            const std::scoped_lock lock(mutex);
            outcome.songs += 1;
            outcome.restless += one.ours_calm.most_alarms > 1 ? 1 : 0;
            outcome.ours.add(one.ours);
            outcome.peer.add(one.peer);
            outcome.ours_calm.add(one.ours_calm);
            outcome.peer_calm.add(one.peer_calm);
        }
    };
    std::vector<std::jthread> threads;
    for (unsigned k = 0; k < std::max(1U, std::thread::hardware_concurrency()); ++k)
        threads.emplace_back(work);
    threads.clear();
    return outcome;
}

BothScores score_of(const std::vector<std::uint64_t>& seeds) {
    return score_of(seeds, [](std::uint64_t seed) {
        return std::optional(truth::compose(seed, truth::song_seconds));
    });
}

BothScores score_of(const truth::RenderedSet& set) {
    std::vector<std::uint64_t> numbers(set.songs.size());
    std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
    const auto work = test::program("renders").parent_path().parent_path() / "renders";
    return score_of(numbers,
                    [&](std::uint64_t k) { return truth::render(set, set.songs[k], work); });
}

void tell(const std::string& which, const BothScores& outcome) {
    report("masking, " + which + " songs",
           outcome.ours.text() + " (plain overlap of energy: " + outcome.peer.text() + ")",
           "precision and recall 0.9, culprit 95 %, overlap beaten");
    report("false alarms in " + std::to_string(outcome.songs) + ' ' + which
               + " stem sets without conflict",
           std::to_string(outcome.ours_calm.alarms) + " in all, at most "
               + std::to_string(outcome.ours_calm.most_alarms) + " in a song, more than one in "
               + std::to_string(outcome.restless)
               + " (plain overlap: " + std::to_string(outcome.peer_calm.alarms)
               + " in all, at most " + std::to_string(outcome.peer_calm.most_alarms) + ')',
           "one in a song");
}

} // namespace

TEST_CASE("planted conflicts are found in songs that were never tuned on") {
    const BothScores scored = score_of(truth::scored_seeds());
    tell("scored", scored);
    CHECK(scored.ours.planted >= 200);
    CHECK(scored.songs >= 50);
    CHECK(scored.ours.precision() >= least_precision);
    CHECK(scored.ours.recall() >= least_recall);
    CHECK(scored.ours.culprits() >= least_culprits);
    CHECK(scored.ours_calm.alarms <= most_alarms);
    CHECK(scored.restless <= most_restless_songs);
    CHECK(scored.ours.f1() > scored.peer.f1());
}

TEST_CASE("planted conflicts are found in renders of songs that were never tuned on") {
    const BothScores tuned = score_of(truth::tuning_renders());
    const BothScores scored = score_of(truth::scored_renders());
    if (scored.songs == 0) {
        WARN("not measured: needs fluidsynth, fluid-soundfont-gm and openttd-openmsx");
        return;
    }
    tell("rendered tuning", tuned);
    tell("rendered scored", scored);
    CHECK(scored.ours.f1() > scored.peer.f1());
}

TEST_CASE("all pairs of 64 strips, twice a second") {
    constexpr double frames_per_second = 48000.0 / 2048.0;
    truth::Dice dice(64);
    std::vector<std::vector<BandEnergies>> song(256, std::vector<BandEnergies>(64));
    for (auto& frame : song)
        for (BandEnergies& strip : frame)
            for (float& energy : strip)
                energy = static_cast<float>(std::pow(10.0, dice.between(-7.0, -3.0)));
    std::vector<double> priorities(64);
    for (double& priority : priorities) priority = static_cast<double>(dice.below(8));

    MaskingMeter meter(64, frames_per_second, Milliseconds{20000.0});
    const int seconds_of_sound = 40;
    std::size_t found = 0;
    const Samples spent = timed(1, [&] {
        for (int half = 0; half < 2 * seconds_of_sound; ++half) {
            for (int k = 0; k < 12; ++k) // 24 frames a second, one more than there are
                meter.add(song[static_cast<std::size_t>(half * 12 + k) % song.size()]);
            found += meter.conflicts(priorities).size();
        }
    });
    keep(found);
    report("masking of all pairs of 64 strips, conflicts named twice a second, share of one core",
           text(spent.middle() / 10.0 / seconds_of_sound, 2) + " %", "15 %");
}

TEST_CASE("band energies of one programme") {
    truth::Dice dice(1);
    std::vector<float> sound(2 * 48000 * 20);
    for (float& sample : sound) sample = static_cast<float>(dice.between(-0.3, 0.3));
    BandMeter meter = BandMeter::make(2, 48000.0).value();
    double sum = 0.0;
    const Samples spent = timed(5, [&] {
        meter.add(sound, [&](const BandEnergies& frame) { sum += static_cast<double>(frame[20]); });
    });
    keep(sum);
    report("band energies, stereo at 48 kHz, one thread",
           text(20000.0 / spent.lowest(), 0) + " times real time", "");
}
