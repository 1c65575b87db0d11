// What a loudness meter promises beside right figures: how it is fed does not matter, nothing that is no sound gets
// in, nothing is said of silence, no memory is taken.
#include "analysis/loudness.h"

#include "analysis/sliding_sum.h"
#include "tests/support/allocations.h"
#include "tests/support/catch.h"
#include "tests/support/loudness_signals.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace prefade;
using namespace prefade::test;

namespace {

constexpr double usual_rate = 48000.0;

LoudnessMeter new_meter(std::size_t channels, double sample_rate = usual_rate) {
    auto meter = LoudnessMeter::make(default_layout(channels), sample_rate);
    REQUIRE(meter);
    return std::move(*meter);
}

/// Interleaved noise whose level wanders, so that gates and percentiles have something to do.
std::vector<float> wandering_noise(std::size_t frames, std::size_t channels, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> noise(-1.0F, 1.0F);
    std::vector<float> samples;
    float level = 0.1F;
    for (std::size_t n = 0; n < frames; ++n) {
        if (n % 12000 == 0) level = std::pow(10.0F, noise(random) * 1.5F - 1.6F);
        for (std::size_t c = 0; c < channels; ++c) samples.push_back(level * noise(random));
    }
    return samples;
}

/// All that can be asked, to the last bit.
struct Answers {
    std::vector<std::optional<double>> values;
    bool operator==(const Answers&) const = default;
};
Answers answers(const ProgrammeLoudness& of) {
    Answers all;
    const auto take = [&](const auto& value) {
        all.values.push_back(value ? std::optional(value->value()) : std::nullopt);
    };
    take(of.momentary());
    take(of.short_term());
    take(of.max_momentary());
    take(of.max_short_term());
    take(of.integrated());
    take(of.range());
    take(of.sample_peak());
    take(of.true_peak());
    take(of.peak_to_loudness());
    for (std::size_t c = 0; c < of.channels(); ++c) {
        take(of.sample_peak(c));
        take(of.true_peak(c));
    }
    all.values.emplace_back(static_cast<double>(of.frames()));
    all.values.emplace_back(static_cast<double>(of.bad_samples().count));
    return all;
}

Answers answers_alone(std::span<const float> interleaved, std::size_t channels) {
    LoudnessMeter meter = new_meter(channels);
    meter.add(interleaved);
    return answers(meter.loudness());
}

} // namespace

TEST_CASE("how the samples are cut into blocks changes nothing, not the last bit") {
    for (const std::size_t channels : {1U, 2U, 3U, 6U, 11U}) {
        INFO(channels << " channels");
        const auto samples = wandering_noise(250'001, channels, 1);
        const Answers whole = answers_alone(samples, channels);
        CHECK(whole.values[4]);
        std::mt19937 random(7);
        for (const std::size_t longest : {50U, 480U, 20'000U}) {
            LoudnessMeter meter = new_meter(channels);
            std::span<const float> rest = samples;
            while (!rest.empty()) {
                const std::size_t frames = random() % (longest + 1); // none at all too
                const auto block = rest.first(std::min(frames * channels, rest.size()));
                meter.add(block);
                rest = rest.subspan(block.size());
            }
            CHECK(answers(meter.loudness()) == whole);
        }
    }
}

TEST_CASE("programmes side by side read as each alone, each up to its own end") {
    const std::size_t channels[] = {2, 1, 2, 6, 2, 2, 1};
    std::vector<ChannelLayout> layouts;
    std::vector<std::vector<float>> samples;
    for (std::size_t i = 0; i < std::size(channels); ++i) {
        layouts.push_back(default_layout(channels[i]));
        samples.push_back(wandering_noise(i == 4 ? 1 : 200'000 - 7'777 * i, channels[i],
                                          static_cast<unsigned>(i)));
    }
    auto meter = LoudnessMeter::make(layouts, usual_rate);
    REQUIRE(meter);
    REQUIRE(meter->programmes() == std::size(channels));
    for (std::size_t from = 0; from < 200'000; from += 4096) {
        std::vector<std::span<const float>> blocks;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const std::span<const float> all = samples[i];
            const auto rest = all.subspan(std::min(from * channels[i], all.size()));
            blocks.push_back(rest.first(std::min(4096 * channels[i], rest.size())));
        }
        meter->add(blocks);
    }
    for (std::size_t i = 0; i < samples.size(); ++i) {
        INFO("programme " << i);
        CHECK(answers(meter->loudness(i)) == answers_alone(samples[i], channels[i]));
    }
}

TEST_CASE("a meter that was reset is a new one") {
    const auto samples = wandering_noise(200'000, 2, 4);
    LoudnessMeter meter = new_meter(2);
    meter.add(wandering_noise(333'333, 2, 5));
    meter.reset();
    CHECK(answers(meter.loudness()) == answers(new_meter(2).loudness()));
    meter.add(samples);
    CHECK(answers(meter.loudness()) == answers_alone(samples, 2));
}

TEST_CASE("nothing is said of silence, nor of too little") {
    LoudnessMeter meter = new_meter(2);
    const auto says_nothing = [&] {
        const Answers all = answers(meter.loudness());
        return std::none_of(all.values.begin(), all.values.end() - 2,
                            [](const auto& value) { return value.has_value(); });
    };
    CHECK(says_nothing());
    meter.add(std::vector<float>(2 * 480'000));
    CHECK(says_nothing());
    CHECK(meter.loudness().frames() == 480'000);

    meter.reset();
    const float one[] = {0.5F, -1.0F};
    meter.add(one);
    CHECK(meter.loudness().sample_peak()->value() == 0.0);
    CHECK(meter.loudness().sample_peak(0)->value() == Approx(-6.0206));
    CHECK(meter.loudness().true_peak()->value() == 0.0);
    CHECK_FALSE(meter.loudness().momentary());
    CHECK_FALSE(meter.loudness().integrated());

    // Sound, then so much silence that the windows are empty: what was stays, what is now has no value.
    meter.reset();
    meter.add(tones(std::vector<Tone>{{4, -20}, {8, no_sound}}));
    CHECK_FALSE(meter.loudness().momentary());
    CHECK_FALSE(meter.loudness().short_term());
    CHECK(meter.loudness().max_momentary()->value() == Approx(-20).margin(0.1));
    CHECK(meter.loudness().integrated()->value() == Approx(-20).margin(0.2)); // with its end

    // Sound under the absolute gate: windows have a value, the programme has none.
    meter.reset();
    meter.add(tones(std::vector<Tone>{{5, -80}}));
    CHECK(meter.loudness().short_term()->value() == Approx(-80).margin(0.1));
    CHECK_FALSE(meter.loudness().integrated());
    CHECK_FALSE(meter.loudness().range());
}

TEST_CASE("samples that are no sound are counted, named and measured as zero") {
    auto clean = wandering_noise(150'000, 2, 6);
    auto broken = clean;
    const float bad[] = {
        std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity(), std::numeric_limits<float>::max()};
    for (std::size_t i = 0; i < 400; ++i) {
        const std::size_t at = 2 * 1234 + 1 + i * 701;
        broken[at] = bad[i % std::size(bad)];
        clean[at] = 0.0F;
    }
    LoudnessMeter meter = new_meter(2);
    play_live(meter, broken, [] {});
    CHECK(meter.loudness().bad_samples().count == 400);
    CHECK(meter.loudness().bad_samples().first_frame == 1234);
    CHECK(meter.loudness().bad_samples().first_channel == 1);
    Answers expected = answers_alone(clean, 2);
    expected.values.back() = 400.0;
    CHECK(answers(meter.loudness()) == expected);

    LoudnessMeter nothing_else = new_meter(1);
    nothing_else.add(std::vector<float>(100'000, bad[0]));
    CHECK(nothing_else.loudness().bad_samples().count == 100'000);
    CHECK_FALSE(nothing_else.loudness().true_peak());
    CHECK_FALSE(nothing_else.loudness().momentary());
}

TEST_CASE("the loudest samples that are taken overflow nothing") {
    LoudnessMeter meter = new_meter(2);
    std::vector<float> samples(2 * 240'000);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = i % 4 < 2 ? 1e12F : -1e12F;
    meter.add(samples);
    CHECK(meter.loudness().bad_samples().count == 0);
    CHECK(meter.loudness().sample_peak()->value() == Approx(240.0));
    CHECK(std::isfinite(meter.loudness().true_peak()->value()));
    CHECK(meter.loudness().integrated()->value() > 200.0);
}

TEST_CASE("loudness weighs the surrounds, leaves the LFE out; peaks are those of every channel") {
    const auto read = [](const ChannelLayout& layout, std::size_t sounding) {
        auto meter = LoudnessMeter::make(layout, usual_rate);
        REQUIRE(meter);
        std::vector<double> levels(layout.size(), no_sound);
        levels[sounding] = 0.0;
        meter->add(tones(std::vector<Tone>{{2, -20}}, levels));
        CHECK(meter->loudness().true_peak()->value() == Approx(-20).margin(0.05));
        CHECK(meter->loudness().true_peak(sounding)->value() == Approx(-20).margin(0.05));
        CHECK(meter->loudness().true_peak((sounding + 1) % layout.size()).has_value()
              == (layout.size() == 1));
        return meter->loudness().integrated();
    };
    const double front = read(default_layout(1), 0)->value();
    CHECK(front == Approx(-23.01).margin(0.05));
    const double surround = 10.0 * std::log10(1.41);
    const ChannelLayout cinema = default_layout(8), five_one = default_layout(6);
    for (const std::size_t i : {0U, 1U, 2U}) CHECK(read(five_one, i)->value() == Approx(front));
    CHECK_FALSE(read(five_one, 3));
    for (const std::size_t i : {4U, 5U})
        CHECK(read(five_one, i)->value() == Approx(front + surround));
    for (const std::size_t i : {4U, 5U}) CHECK(read(cinema, i)->value() == Approx(front)); // rear
    for (const std::size_t i : {6U, 7U})
        CHECK(read(cinema, i)->value() == Approx(front + surround)); // side
    CHECK(read(default_layout(96), 95)->value() == Approx(front));
}

TEST_CASE("PLR sets the true peak of all against the integrated loudness") {
    LoudnessMeter meter = new_meter(2);
    std::vector<float> samples = tones(std::vector<Tone>{{20, -26}});
    samples[2 * 48'000] = 0.9F; // a click after one second
    meter.add(samples);
    const double click = meter.loudness().true_peak()->value();
    CHECK(click > -1.0);
    CHECK(meter.loudness().peak_to_loudness()->value() == Approx(click + 26).margin(0.1));
}

TEST_CASE("a loudness range is stable after a minute") {
    LoudnessMeter meter = new_meter(1, 8000.0);
    std::vector<float> samples(8000 * 60 - 1, 0.1F);
    meter.add(samples);
    CHECK_FALSE(meter.loudness().is_range_stable());
    meter.add(std::span(samples).first(1));
    CHECK(meter.loudness().is_range_stable());
}

TEST_CASE("what cannot be measured is refused by name") {
    const auto refused = [](std::size_t channels, double rate) {
        const auto meter = LoudnessMeter::make(default_layout(channels), rate);
        REQUIRE_FALSE(meter);
        CHECK(meter.error().code == ErrorCode::unsupported);
        return meter.error().message;
    };
    CHECK(refused(2, 0.0).find("8000 to 768000 Hz") != std::string::npos);
    CHECK(refused(2, std::numeric_limits<double>::quiet_NaN()).find("Hz") != std::string::npos);
    CHECK(refused(0, usual_rate).find("without channels") != std::string::npos);
    CHECK(refused(1025, usual_rate).find("1025 channels") != std::string::npos);
    CHECK_FALSE(LoudnessMeter::make(std::span<const ChannelLayout>{}, usual_rate));
}

TEST_CASE("a meter takes no memory once it is made, and to ask it takes none") {
    const auto samples = wandering_noise(200'000, 6, 8);
    std::vector<ChannelLayout> layouts(3, default_layout(2));
    auto meter = LoudnessMeter::make(layouts, usual_rate);
    REQUIRE(meter);
    const std::span<const float> blocks[] = {samples, std::span(samples).first(200'000), samples};
    LoudnessMeter surround = new_meter(6);
    double sum = 0.0;
    const std::uint64_t before = allocations();
    meter->add(blocks);
    surround.add(samples);
    for (const LoudnessMeter* of : {&*meter, &surround}) {
        const ProgrammeLoudness& loudness = of->loudness();
        sum += loudness.momentary()->value() + loudness.short_term()->value()
               + loudness.integrated()->value() + loudness.range()->value()
               + loudness.true_peak()->value() + loudness.peak_to_loudness()->value();
    }
    surround.reset();
    const std::uint64_t after = allocations();
    CHECK(after == before);
    CHECK(std::isfinite(sum));
    CHECK(std::vector<int>(1).size() == 1);
    CHECK(allocations() > after); // the count is alive
}

TEST_CASE("a sliding sum of what is exact is exact, also after what was far larger") {
    SlidingSum<7> sum;
    std::vector<double> values;
    std::mt19937 random(2);
    for (int i = 0; i < 100; ++i) {
        values.push_back(i < 50 ? 1e300 : static_cast<double>(random() % 1000));
        sum.add(values.back());
        CHECK(sum.is_full() == (values.size() >= 7));
        double expected = 0.0;
        for (std::size_t k = values.size() - std::min<std::size_t>(7, values.size());
             k < values.size(); ++k)
            expected += values[k];
        CHECK(sum.sum() == Approx(expected).epsilon(1e-14));
        if (i > 60) CHECK(sum.sum() == expected);
    }
}
