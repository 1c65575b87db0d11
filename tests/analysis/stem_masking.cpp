// Stems that are there as frames: brought to one clock, compared, told with the time; and frames in little room.
#include "analysis/stem_masking.h"

#include "analysis/packed_bands.h"
#include "tests/support/catch.h"
#include "tests/truth/dice.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

using namespace prefade;

namespace {

constexpr double rate = 23.4375; // frames a second, of 48 kHz

using Frames = std::vector<BandEnergies>;

class HeldFrames : public BandFrames {
public:
    explicit HeldFrames(Frames frames) : frames_(std::move(frames)) {}
    Result<std::size_t> next(std::span<BandEnergies> into) override {
        const std::size_t count = std::min(into.size(), frames_.size() - at_);
        std::copy_n(frames_.begin() + static_cast<std::ptrdiff_t>(at_), count, into.begin());
        at_ += count;
        return count;
    }

private:
    Frames frames_;
    std::size_t at_{0};
};

class BrokenFrames : public BandFrames {
public:
    Result<std::size_t> next(std::span<BandEnergies>) override {
        return Error{ErrorCode::io, "the disk is gone", {}};
    }
};

/// Bands 18 to 20 at `db`, two dB up and down.
Frames sound(double db, double seconds, std::uint64_t seed, double per_second = rate) {
    truth::Dice dice(seed);
    Frames frames(static_cast<std::size_t>(seconds * per_second));
    for (BandEnergies& frame : frames)
        for (std::size_t b = 18; b <= 20; ++b)
            frame[b] =
                static_cast<float>(0.5 * std::pow(10.0, 0.1 * (db + dice.between(-2.0, 2.0))));
    return frames;
}

StemHeard stem(Frames frames, double priority, double start = 0.0, double per_second = rate) {
    const double seconds = static_cast<double>(frames.size()) / per_second;
    return {std::make_unique<HeldFrames>(std::move(frames)), per_second, seconds, start, priority};
}

void in_order(std::size_t count, const std::function<void(std::size_t)>& work) {
    for (std::size_t i = 0; i < count; ++i) work(i);
}
void in_threads(std::size_t count, const std::function<void(std::size_t)>& work) {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
}
bool on_and_on(double) { return true; }

StemMasking compared(std::vector<StemHeard> stems) {
    auto masking = compare_stems(stems, in_order, on_and_on);
    if (!masking) FAIL(masking.error().message);
    return std::move(*masking);
}

std::vector<StemHeard> pair(StemHeard one, StemHeard other) {
    std::vector<StemHeard> both;
    both.push_back(std::move(one));
    both.push_back(std::move(other));
    return both;
}

} // namespace

TEST_CASE("the louder of two stems hides the other, and when in the song is told") {
    Frames target = sound(-20.0, 40.0, 1), masker = sound(-12.0, 40.0, 2);
    for (std::size_t k = 0; k < masker.size();
         ++k) { // hides it from 8 to 32 s, beside it before and after
        const double at = static_cast<double>(k) / rate;
        if (at < 8.0 || at >= 32.0)
            for (float& energy : masker[k]) energy *= 0.01F;
    }
    const StemMasking found = compared(pair(stem(target, 2.0), stem(masker, 1.0)));
    REQUIRE(found.conflicts.size() == 1);
    const Conflict& is = found.conflicts[0].conflict;
    CHECK(is.masker == 1);
    CHECK(is.target == 0);
    CHECK(is.share == Approx(0.6).margin(0.05));
    CHECK(is.share_after < is.share);
    REQUIRE(found.conflicts[0].when.size() == 1);
    CHECK(found.conflicts[0].when[0].from == Approx(8.0).margin(0.1));
    CHECK(found.conflicts[0].when[0].to == Approx(32.0).margin(0.2));
    CHECK(found.conflicts[0].when[0].share > 0.9);
    REQUIRE_FALSE(found.pairs.empty());
    CHECK(found.pairs[0].masker == 1);
    CHECK(found.pairs[0].share == Approx(0.6).margin(0.05));
}

TEST_CASE("stems that never play together hide nothing; by their starts they do or do not") {
    const auto both = [](double start) {
        return pair(stem(sound(-20.0, 20.0, 1), 2.0), stem(sound(-12.0, 20.0, 2), 1.0, start));
    };
    CHECK(compared(both(0.0)).conflicts.size() == 1);
    CHECK(compared(both(21.0)).conflicts.empty());
    CHECK(compared(both(3600.0)).conflicts.empty());
    const auto late = compared(both(10.0)).conflicts;
    REQUIRE(late.size() == 1);
    CHECK(late[0].conflict.together == Approx(0.5).margin(0.02));
    REQUIRE_FALSE(late[0].when.empty());
    CHECK(late[0].when.front().from >= 8.0);
    CHECK(late[0].when.back().to <= 20.5);
    // Whoever comes first is where the song begins.
    const auto early = compared(pair(stem(sound(-20.0, 20.0, 1), 2.0, 3605.0),
                                     stem(sound(-12.0, 20.0, 2), 1.0, 3600.0)))
                           .conflicts;
    REQUIRE(early.size() == 1);
    CHECK(early[0].conflict.together == Approx(0.75).margin(0.02));
}

TEST_CASE(
    "stems of other sample rates and of starts between two frames are compared all the same") {
    for (const double start : {0.0, 0.01, 0.0213, 0.03}) {
        const auto found = compared(pair(stem(sound(-20.0, 30.0, 1), 2.0),
                                         stem(sound(-12.0, 30.0, 2, 21.533), 1.0, start, 21.533)))
                               .conflicts;
        INFO(start);
        REQUIRE(found.size() == 1);
        CHECK(found[0].conflict.masker == 1);
        CHECK(found[0].conflict.share > 0.95);
        CHECK(found[0].conflict.depth.value() > 2.0);
    }
}

TEST_CASE("many threads find what one finds, frame by frame, to the last bit") {
    constexpr std::size_t strips = 5;
    truth::Dice dice(7);
    std::vector<Frames> frames(strips);
    for (std::size_t i = 0; i < strips; ++i)
        for (int k = 0; k < 300; ++k) {
            BandEnergies frame{};
            for (float& energy : frame)
                energy = static_cast<float>(std::pow(10.0, dice.between(-8.0, -3.0)));
            frames[i].push_back(dice.chance(0.2) ? BandEnergies{} : frame);
        }
    MaskingMeter alone(strips, rate), together(strips, rate);
    Frames all;
    for (std::size_t k = 0; k < 300; ++k) {
        Frames now;
        for (const Frames& one : frames) now.push_back(one[k]);
        alone.add(now);
        all.insert(all.end(), now.begin(), now.end());
    }
    const std::span<const BandEnergies> span(all);
    together.add(span.first(7 * strips), in_threads);
    together.add(span.subspan(7 * strips), in_threads);
    for (std::size_t i = 0; i < strips; ++i)
        for (std::size_t j = 0; j < strips; ++j) {
            CHECK(alone.pair(i, j).band_share == together.pair(i, j).band_share);
            CHECK(alone.pair(i, j).together == together.pair(i, j).together);
        }
    REQUIRE(alone.history().size() == together.history().size());
    const std::vector<double> equals(strips, 1.0);
    const auto one = alone.conflicts(equals), other = together.conflicts(equals);
    REQUIRE(one.size() == other.size());
    for (std::size_t k = 0; k < one.size(); ++k) {
        CHECK(one[k].masker == other[k].masker);
        CHECK(one[k].severity == other[k].severity);
    }
}

TEST_CASE("the comparison can be ended, and frames that cannot be read end it with the reason") {
    auto stems = pair(stem(sound(-20.0, 20.0, 1), 2.0), stem(sound(-12.0, 20.0, 2), 1.0));
    int asked = 0;
    const auto ended = compare_stems(stems, in_order, [&](double) { return ++asked < 3; });
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == ErrorCode::unavailable);
    stems = pair(stem(sound(-20.0, 20.0, 1), 2.0),
                 {std::make_unique<BrokenFrames>(), rate, 20.0, 0.0, 1.0});
    const auto failed = compare_stems(stems, in_threads, on_and_on);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().message == "the disk is gone");
}

TEST_CASE("what was found is read again as it was written, and nothing else is taken for it") {
    const Json json =
        to_json(compared(pair(stem(sound(-20.0, 20.0, 1), 2.0), stem(sound(-12.0, 20.0, 2), 1.0))));
    const auto read = stem_masking_from_json(json, 2);
    REQUIRE(read);
    CHECK(to_json(*read) == json);
    CHECK_FALSE(stem_masking_from_json(json, 1));
    CHECK_FALSE(stem_masking_from_json(Json::object(), 2));
    Json wrong = json;
    wrong["conflicts"][0]["q"] = "wide";
    CHECK_FALSE(stem_masking_from_json(wrong, 2));
}

TEST_CASE("packed bands are as they were to 0.19 dB, from full scale far over to silence") {
    truth::Dice dice(3);
    for (const double top : {60.0, 0.0, -40.0, -90.0, -200.0}) {
        BandEnergies frame{};
        for (float& energy : frame)
            energy = static_cast<float>(std::pow(10.0, 0.1 * (top - dice.between(0.0, 90.0))));
        frame[7] = static_cast<float>(std::pow(10.0, 0.1 * top));
        frame[3] = 0.0F;
        frame[4] = static_cast<float>(std::pow(10.0, 0.1 * (top - 100.0)));
        const BandEnergies again = unpack(pack(frame));
        for (std::size_t b = 0; b < erb_band_count; ++b)
            if (b == 3 || b == 4)
                CHECK(again[b] == 0.0F);
            else
                CHECK(std::abs(10.0F * std::log10(again[b] / frame[b])) < 0.19F);
    }
    CHECK(unpack(pack(BandEnergies{})) == BandEnergies{});
    BandEnergies endless{};
    endless[0] = std::numeric_limits<float>::infinity();
    CHECK(unpack(pack(endless)) == BandEnergies{});
    BandEnergies loudest{};
    loudest[0] = std::numeric_limits<float>::max() / 2.0F;
    CHECK(std::isfinite(unpack(pack(loudest))[0]));
}
