// A small share of what ./dev bench masking scores, on seeds of its own: fails when conflicts are no longer found.
#include "daemon/command_line/band_track.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"
#include "tests/truth/score.h"

#include <algorithm>
#include <memory>

using namespace prefade;
using namespace prefade::truth;

namespace {

/// A track as its frames come out of a file's track: packed.
class Played {
public:
    explicit Played(const Track& track) : track_(room_) {
        BandMeter meter = BandMeter::make(1, sample_rate).value();
        const auto keep = [this](const BandEnergies& frame) { track_.add(frame); };
        meter.add(track.samples, keep);
        meter.finish(keep);
    }
    std::unique_ptr<BandFrames> play() const { return track_.play(); }

private:
    command_line::BandRoom room_;
    command_line::BandTrack track_;
};

std::vector<Finding> conflicts_among_files(const Song& song) {
    std::vector<std::unique_ptr<Played>> played;
    std::vector<StemHeard> stems;
    for (const Track& track : song.tracks) {
        played.push_back(std::make_unique<Played>(track));
        stems.push_back({played.back()->play(), BandMeter::frames_per_second(sample_rate),
                         static_cast<double>(track.samples.size()) / sample_rate, 0.0,
                         track.priority});
    }
    const auto in_order = [](std::size_t count, const std::function<void(std::size_t)>& work) {
        for (std::size_t i = 0; i < count; ++i) work(i);
    };
    const auto found = compare_stems(stems, in_order, [](double) { return true; }).value();
    std::vector<Finding> findings;
    for (const StemConflict& one : found.conflicts)
        findings.push_back({one.conflict.masker, one.conflict.target, one.conflict.centre.value()});
    return findings;
}

} // namespace

TEST_CASE(
    "planted conflicts are found with the right culprit, and better than by overlap of energy") {
    Score ours, files, peer, calm;
    for (const std::uint64_t seed : test_seeds()) {
        const auto clean = without_conflict(compose(seed, song_seconds));
        if (!clean) continue;
        calm.add(*clean, conflicts(clean->song));
        for (const std::uint64_t variant : {0U, 1U, 2U})
            if (const auto set = with_conflicts(*clean, seed + 100000 * variant, 4)) {
                ours.add(*set, conflicts(set->song));
                files.add(*set, conflicts_among_files(set->song));
                peer.add(*set, overlaps(set->song, tuned_overlap));
            }
    }
    test::figure("masking, a few planted conflicts: " + ours.text()
                 + "; among files: " + files.text() + "; overlap of energy: " + peer.text());
    REQUIRE(ours.planted >= 10);
    CHECK(ours.recall() >= 0.9);
    CHECK(ours.precision() >= 0.9);
    CHECK(ours.culprits() >= 0.9);
    CHECK(files.recall() >= 0.9);
    CHECK(files.precision() >= 0.9);
    CHECK(files.culprits() >= 0.9);
    CHECK(ours.f1() > peer.f1());
    CHECK(calm.most_alarms <= 1);
}
