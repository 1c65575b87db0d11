// The demo's music: the same every time, and what it claims to be, as far as arithmetic can tell.
#include "connectors/demo/instruments.h"
#include "tests/support/catch.h"

#include <cmath>
#include <complex>
#include <numbers>

using namespace prefade::demo;

namespace {

std::uint64_t hash_of(const std::vector<std::int16_t>& samples) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const std::int16_t sample : samples)
        hash = (hash ^ static_cast<std::uint16_t>(sample)) * 0x100000001B3ULL;
    return hash;
}

/// Power at `hz` over `[from, to)` seconds, dB: the Fourier sum at that one frequency, Hann window.
double power_at(const std::vector<std::int16_t>& samples, double hz, double from, double to) {
    std::complex<double> sum;
    const auto first = static_cast<std::size_t>(from * sample_rate);
    const auto count = static_cast<std::size_t>((to - from) * sample_rate);
    for (std::size_t i = 0; i < count; ++i) {
        const double part = static_cast<double>(i) / static_cast<double>(count);
        const double window = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * part);
        sum +=
            window * samples[first + i]
            * std::polar(1.0, -2.0 * std::numbers::pi * hz * static_cast<double>(i) / sample_rate);
    }
    return 20.0 * std::log10(std::abs(sum) / static_cast<double>(count) + 1e-9);
}

/// The largest of some frequencies in a band.
double power_in(const std::vector<std::int16_t>& samples, double low, double high, double from,
                double to) {
    double sum = 0.0;
    for (double hz = low; hz < high; hz *= 1.03)
        sum += std::pow(10.0, power_at(samples, hz, from, to) / 10.0);
    return 10.0 * std::log10(sum);
}

} // namespace

TEST_CASE("the song lasts over 90 s and its parts follow each other without a gap") {
    CHECK(static_cast<double>(song_frames) / sample_rate > 90.0);
    int bar = 0;
    std::vector<Section> sections;
    for (const Part& part : song_parts) {
        CHECK(part.first_bar == bar);
        CHECK(&part_of(bar) == &part);
        sections.push_back(part.section);
        bar += part.bars;
    }
    CHECK(bar == song_bars);
    for (const Section wanted : {Section::intro, Section::verse, Section::chorus, Section::bridge})
        CHECK(std::count(sections.begin(), sections.end(), wanted) >= 1);
}

TEST_CASE("every player plays the same every time, at the level of a recording") {
    for (std::size_t i = 0; i < instrument_count; ++i) {
        const auto instrument = static_cast<Instrument>(i);
        INFO("instrument " << i);
        const auto first = record(instrument, 8), again = record(instrument, 8);
        CHECK(hash_of(first) == hash_of(again));
        int peak = 0;
        for (const std::int16_t sample : first) peak = std::max(peak, std::abs(int{sample}));
        const bool silent =
            instrument == Instrument::backing_high || instrument == Instrument::backing_low;
        if (silent)
            CHECK(peak == 0); // who sings later does not sing in the first verse's half
        else
            CHECK(std::abs(peak - 16383.5) == 0.5); // half of full scale, rounded to either side
        if (instrument != Instrument::hum) CHECK(first.size() == 8 * bar_frames);
    }
}

TEST_CASE("the loop has no seam") {
    for (const Instrument instrument :
         {Instrument::bass, Instrument::guitar_left, Instrument::pad, Instrument::hum}) {
        const auto samples = record(instrument, 4);
        int usual = 0;
        for (std::size_t i = 1; i < samples.size(); ++i)
            usual = std::max(usual, std::abs(samples[i] - samples[i - 1]));
        CHECK(std::abs(samples.front() - samples.back()) <= usual);
    }
}

TEST_CASE("the bass plays the roots of the chords") {
    const auto bass = record(Instrument::bass, 4);
    const double bar = static_cast<double>(bar_frames) / sample_rate;
    const double roots[] = {55.0, 43.65, 65.41, 49.0}; // A1 F1 C2 G1
    for (int i = 0; i < 4; ++i)
        for (int other = 0; other < 4; ++other)
            if (other != i)
                CHECK(power_at(bass, roots[i], i * bar + 0.05, i * bar + 0.9)
                      > power_at(bass, roots[other], i * bar + 0.05, i * bar + 0.9) + 6.0);
}

TEST_CASE("the kick falls to its skin's tone, the hats have no lows") {
    const auto kick = record(Instrument::kick, 1);
    CHECK(power_at(kick, 57, 0.05, 0.35) > power_at(kick, 200, 0.05, 0.35) + 20.0);
    const auto hats = record(Instrument::hats, 1);
    CHECK(power_in(hats, 7000, 15000, 0.0, 0.2) > power_in(hats, 50, 1000, 0.0, 0.2) + 15.0);
}

TEST_CASE("the voice has the pitch and the vowels of its line, and hisses where it says s") {
    const auto voice = record(Instrument::lead, 8);
    const auto at = [](const Sung& sung) {
        return sung.beat * static_cast<double>(beat_frames) / sample_rate;
    };
    bool tried_s = false;
    for (const Sung& sung : lead_line()) {
        if (sung.beat >= 31.0) break;
        INFO("beat " << sung.beat);
        if (sung.beats >= 1.0) { // long enough to look at its pitch
            const double hz = 440.0 * std::exp2((sung.pitch - 69) / 12.0), from = at(sung) + 0.15;
            CHECK(power_in(voice, hz * 0.985, hz * 1.015, from, from + 0.2)
                  > power_in(voice, hz * 1.4, hz * 1.44, from, from + 0.2) + 15.0);
        }
        if (sung.onset == 's' && sung.beat > 17.0) {
            tried_s = true;
            const double hiss = power_in(voice, 5500, 9500, at(sung) - 0.05, at(sung) + 0.01);
            const double vowel = power_in(voice, 5500, 9500, at(sung) + 0.1, at(sung) + 0.16);
            CHECK(hiss > vowel + 10.0);
        }
    }
    CHECK(tried_s);
    // "u" against "a": the second formant is what tells them apart.
    const auto brightness = [&](const Sung& sung) {
        const double from = at(sung) + 0.15, to = from + 0.15;
        return power_in(voice, 1000, 1400, from, to) - power_in(voice, 250, 450, from, to);
    };
    const auto line = lead_line();
    CHECK(line[0].vowel == 'u');
    CHECK(line[4].vowel == 'a');
    CHECK(brightness(line[4]) > brightness(line[0]) + 6.0);
}

TEST_CASE("the hum is the mains and its overtones") {
    const auto hum = record(Instrument::hum);
    REQUIRE(hum.size() == sample_rate);
    CHECK(power_at(hum, 50, 0, 1) > power_at(hum, 75, 0, 1) + 40.0);
    CHECK(power_at(hum, 100, 0, 1) > power_at(hum, 75, 0, 1) + 40.0);
    CHECK(power_at(hum, 150, 0, 1) > power_at(hum, 75, 0, 1) + 40.0);
}
