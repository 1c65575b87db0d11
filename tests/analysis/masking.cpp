// Who hides whom, on frames made by hand and on noise through bells: what is a conflict, who should move, what that
// would bring, and that the meter takes no memory while it runs.
#include "analysis/masking.h"
#include "tests/support/allocations.h"
#include "tests/support/catch.h"
#include "tests/truth/dice.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace prefade;

namespace {

constexpr double frames_per_second = 23.4375; // of 48 kHz

float energy(double db) { return static_cast<float>(0.5 * std::pow(10.0, 0.1 * db)); }

/// Sounds in `first` to `last` at `db`, nowhere else.
BandEnergies in_bands(std::size_t first, std::size_t last, double db) {
    BandEnergies frame{};
    for (std::size_t b = first; b <= last; ++b) frame[b] = energy(db);
    return frame;
}

MaskingMeter heard(std::vector<BandEnergies> frame, std::size_t frames = 240) {
    MaskingMeter meter(frame.size(), frames_per_second);
    for (std::size_t k = 0; k < frames; ++k) meter.add(frame);
    return meter;
}

/// A frame of levels that vary from frame to frame as music does, by `spread_db` either way.
BandEnergies varied(const BandEnergies& frame, double spread_db, truth::Dice& dice) {
    BandEnergies result{};
    for (std::size_t b = 0; b < erb_band_count; ++b)
        result[b] = frame[b]
                    * static_cast<float>(std::pow(10.0, 0.1 * dice.between(-spread_db, spread_db)));
    return result;
}

const std::vector<double> equals{1.0, 1.0};

} // namespace

TEST_CASE("a bell does its gain at its centre, half of it at its edges, nothing far away") {
    const Bell bell{Hertz{1000.0}, Decibel{-6.0}, 2.0};
    CHECK(response(bell, Hertz{1000.0}).value() == Approx(-6.0));
    // Width 500 Hz: edges f with f2 - f1 = 500 and f1 f2 = 1000^2.
    const double upper = 250.0 + std::sqrt(250.0 * 250.0 + 1e6);
    CHECK(response(bell, Hertz{upper}).value() == Approx(-3.0).margin(0.01));
    CHECK(response(bell, Hertz{1e6 / upper}).value() == Approx(-3.0).margin(0.01));
    CHECK(response(bell, Hertz{30.0}).value() == Approx(0.0).margin(0.02));
}

TEST_CASE("the louder one in a zone hides the other there, all the time, and by so much") {
    auto meter = heard({in_bands(18, 20, -20.0), in_bands(17, 21, -12.0)});
    const auto found = meter.conflicts(equals);
    REQUIRE(found.size() == 1);
    const Conflict& c = found[0];
    CHECK(c.masker == 1);
    CHECK(c.target == 0);
    CHECK(c.share == Approx(1.0));
    CHECK(c.together == Approx(1.0));
    CHECK(c.depth.value() == Approx(8.0).margin(1.0));
    // Windows of a third of an octave are wider than one band here: the edges are known to a band.
    CHECK(c.low.value() >= erb_band(17).low.value());
    CHECK(c.low.value() <= erb_band(18).low.value());
    CHECK(c.high.value() >= erb_band(20).high.value());
    CHECK(c.high.value() <= erb_band(21).high.value());
    CHECK(c.centre.value() > erb_band(18).low.value());
    CHECK(c.centre.value() < erb_band(20).high.value());

    const PairMasking pair = meter.pair(1, 0);
    CHECK(pair.share == Approx(1.0));
    CHECK(pair.band_share[19] == Approx(1.0));
    CHECK(pair.band_share[25] == 0.0F);
    CHECK(meter.pair(0, 1).share < 0.1);
    CHECK(meter.pair(0, 0).share == 0.0);
}

TEST_CASE("strips that lie apart, or far under each other, have no conflict") {
    CHECK(heard({in_bands(10, 14, -20.0), in_bands(22, 30, -10.0)}).conflicts(equals).empty());
    CHECK(
        heard({in_bands(18, 20, -20.0), in_bands(18, 20, -30.0)}).conflicts({{5.0, 1.0}}).empty());
}

TEST_CASE("those that take turns overlap only in the average") {
    MaskingMeter meter(2, frames_per_second);
    const auto one = in_bands(18, 20, -20.0), other = in_bands(18, 20, -14.0);
    for (int k = 0; k < 400; ++k) {
        const bool first = k / 20 % 2 == 0;
        meter.add(std::vector<BandEnergies>{first ? one : BandEnergies{},
                                            first ? BandEnergies{} : other});
    }
    CHECK(meter.conflicts(equals).empty());
    CHECK(meter.pair(1, 0).together < 0.1);
}

TEST_CASE("a masker that is there for a moment only is none") {
    MaskingMeter meter(2, frames_per_second);
    for (int k = 0; k < 400; ++k)
        meter.add(std::vector<BandEnergies>{in_bands(18, 20, -20.0),
                                            k % 40 < 4 ? in_bands(18, 20, -5.0) : BandEnergies{}});
    CHECK(meter.conflicts(equals).empty());
}

TEST_CASE("what does not matter to a strip may be hidden") {
    auto target = in_bands(10, 14, -12.0);
    target[30] = energy(-45.0);
    CHECK(heard({target, in_bands(29, 31, -20.0)}).conflicts(equals).empty());
}

TEST_CASE("a band is not judged by the time before it first sounded") {
    MaskingMeter meter(2, frames_per_second);
    for (int k = 0; k < 600; ++k) { // a second voice that enters late, over the end of a decay
        auto target = in_bands(10, 12, -12.0);
        for (std::size_t b = 20; b <= 22; ++b) target[b] = energy(k < 480 ? -95.0 : -6.0);
        meter.add(std::vector<BandEnergies>{target, k < 480 ? in_bands(20, 22, -40.0)
                                                            : in_bands(30, 32, -40.0)});
    }
    CHECK(meter.pair(1, 0).share < 0.05);
    CHECK(meter.conflicts(equals).empty());
}

TEST_CASE("what a masker spreads from elsewhere is nothing that a bell in that place would mend") {
    // 25 dB louder, three bands below: it reaches over the target, with next to nothing of its own there.
    auto masker = in_bands(12, 14, -10.0);
    for (std::size_t b = 17; b <= 19; ++b) masker[b] = energy(-50.0);
    CHECK(heard({in_bands(17, 19, -40.0), masker}).conflicts(equals).empty());
}

TEST_CASE("two strips have one conflict in an octave, the worse one") {
    auto meter = heard({in_bands(18, 20, -20.0), in_bands(18, 20, -19.0)});
    REQUIRE(meter.conflicts(equals).size() == 1);
    CHECK(meter.conflicts(equals)[0].target == 0);
    auto target = in_bands(16, 16, -20.0), masker = in_bands(16, 16, -14.0);
    target[19] = energy(-20.0), masker[19] = energy(-10.0);
    target[30] = energy(-20.0), masker[30] = energy(-10.0);
    auto apart = heard({target, masker});
    const auto found = apart.conflicts(equals);
    REQUIRE(found.size() == 2);
    for (const Conflict& c : found) CHECK(c.centre.value() > erb_band(18).low.value());
}

TEST_CASE("rank decides who moves: the masker, a target outranked by a step, and nobody by right") {
    const std::vector<BandEnergies> frame{in_bands(18, 20, -20.0), in_bands(17, 21, -14.0)};
    auto meter = heard(frame);
    {
        const auto found = meter.conflicts(std::vector<double>{3.0, 1.0});
        REQUIRE(found.size() == 1);
        CHECK(found[0].mover == 1);
        CHECK(found[0].move.gain.value() < -1.0);
        CHECK(found[0].move.gain.value() >= -6.0);
        CHECK(found[0].move.q >= 0.7);
        CHECK(found[0].move.q <= 4.0);
    }
    {
        const auto found = meter.conflicts(std::vector<double>{1.0, 2.0});
        REQUIRE(found.size() == 1);
        CHECK(found[0].mover == 0);
        CHECK(found[0].move.gain.value() > 0.0);
    }
    CHECK(meter.conflicts(std::vector<double>{1.0, 3.0}).empty());
}

TEST_CASE("the worst conflict comes first") {
    auto both = in_bands(18, 20, -20.0);
    for (std::size_t b = 28; b <= 30; ++b) both[b] = energy(-20.0);
    auto meter = heard({both, in_bands(18, 20, -16.0), in_bands(27, 31, -8.0)});
    const auto found = meter.conflicts(std::vector<double>{3.0, 1.0, 1.0});
    REQUIRE(found.size() == 2);
    CHECK(found[0].masker == 2);
    CHECK(found[1].masker == 1);
    CHECK(found[0].severity > found[1].severity);
}

TEST_CASE("the rise of audibility that is predicted comes when the move is made") {
    for (const double over : {1.0, 2.0, 4.0, 6.0})
        for (const double spread : {4.0, 8.0}) {
            INFO(over << " dB over, levels +-" << spread << " dB");
            const auto measured = [&](const Bell* bell) {
                truth::Dice dice(7);
                MaskingMeter meter(2, frames_per_second);
                for (int k = 0; k < 600; ++k) {
                    auto masker = varied(in_bands(16, 22, -20.0 + over), spread, dice);
                    const auto target = varied(in_bands(18, 20, -20.0), spread, dice);
                    if (bell != nullptr)
                        for (std::size_t b = 0; b < erb_band_count; ++b)
                            masker[b] *= static_cast<float>(
                                std::pow(10.0, 0.1 * response(*bell, erb_band(b).centre).value()));
                    meter.add(std::vector<BandEnergies>{target, masker});
                }
                return meter;
            };
            auto before = measured(nullptr);
            const auto found = before.conflicts(std::vector<double>{2.0, 1.0});
            REQUIRE(found.size() == 1);
            const Conflict c = found[0];
            CHECK(c.share_after < c.share);
            const auto first = static_cast<std::size_t>(erb_position(c.low) + 0.5);
            const auto last = static_cast<std::size_t>(erb_position(c.high) + 0.5);
            const PairMasking after = measured(&c.move).pair(1, 0);
            double share = 0.0;
            for (std::size_t b = first; b < last; ++b)
                share +=
                    static_cast<double>(after.band_share[b]) / static_cast<double>(last - first);
            CHECK(share == Approx(c.share_after).margin(0.12));
        }
}

TEST_CASE("the history tells when in the song it was") {
    MaskingMeter meter(2, frames_per_second);
    const auto add = [&](double seconds, double masker_db) {
        const auto frames = static_cast<int>(std::lround(seconds * frames_per_second));
        for (int k = 0; k < frames; ++k)
            meter.add(
                std::vector<BandEnergies>{in_bands(18, 20, -20.0), in_bands(18, 20, masker_db)});
    };
    add(12.0, -35.0);
    add(8.0, -12.0);
    add(12.0, -35.0);
    const auto history = meter.history();
    REQUIRE_FALSE(history.empty());
    for (const MaskedStretch& stretch : history) {
        if (stretch.target != 0) continue;
        CHECK(stretch.masker == 1);
        CHECK(stretch.at.value() >= 11900.0);
        CHECK(stretch.at.value() < 20100.0);
        CHECK(stretch.share > 0.4);
    }
    CHECK(std::count_if(history.begin(), history.end(),
                        [](const MaskedStretch& s) { return s.target == 0; })
          == 2);
}

TEST_CASE("a meter with a memory forgets a conflict that is over") {
    MaskingMeter live(2, frames_per_second, Milliseconds{8000.0});
    const auto add = [&](int frames, double masker_db) {
        for (int k = 0; k < frames; ++k)
            live.add(
                std::vector<BandEnergies>{in_bands(18, 20, -20.0), in_bands(18, 20, masker_db)});
    };
    add(500, -12.0);
    CHECK(live.conflicts(std::vector<double>{3.0, 1.0}).size() == 1);
    add(700, -30.0);
    CHECK(live.conflicts(std::vector<double>{3.0, 1.0}).empty());
}

TEST_CASE("silence, one strip and no strip have no conflict") {
    CHECK(heard({BandEnergies{}, BandEnergies{}}).conflicts(equals).empty());
    CHECK(heard({in_bands(0, 41, -10.0)}).conflicts(std::vector<double>{1.0}).empty());
    CHECK(MaskingMeter(0, frames_per_second).conflicts({}).empty());
    CHECK(heard({in_bands(18, 20, -20.0), BandEnergies{}}).conflicts(equals).empty());
}

TEST_CASE("a meter that runs takes no memory") {
    truth::Dice dice(3);
    std::vector<BandEnergies> frame(12);
    const std::vector<double> priorities(12, 1.0);
    MaskingMeter meter(frame.size(), frames_per_second);
    const auto run = [&](int frames) {
        std::size_t found = 0;
        for (int k = 0; k < frames; ++k) {
            for (BandEnergies& one : frame) one = varied(in_bands(5, 35, -20.0), 10.0, dice);
            meter.add(frame);
            if (k % 12 == 0) found = meter.conflicts(priorities).size() + meter.history().size();
        }
        return found;
    };
    run(1); // tables that all meters share
    const auto before = test::allocations();
    const std::size_t found = run(2000);
    CHECK(test::allocations() == before);
    CHECK(found > 0);
}

TEST_CASE("of several that hide a target in one place, those that do far less are not told beside "
          "the worst") {
    const auto maskers_of_the_first = [](double one_db, double other_db) {
        auto meter =
            heard({in_bands(18, 20, -20.0), in_bands(17, 21, one_db), in_bands(17, 21, other_db)});
        std::vector<std::size_t> maskers;
        for (const Conflict& c : meter.conflicts(std::vector<double>{1.0, 1.0, 1.0}))
            if (c.target == 0) maskers.push_back(c.masker);
        std::sort(maskers.begin(), maskers.end());
        return maskers;
    };
    CHECK(maskers_of_the_first(-5.0, -14.0) == std::vector<std::size_t>{1});
    CHECK(maskers_of_the_first(-14.0, -5.0) == std::vector<std::size_t>{2});
    CHECK(maskers_of_the_first(-8.0, -8.0) == std::vector<std::size_t>{1, 2});
}
