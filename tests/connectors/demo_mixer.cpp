// The demo's mixer against arithmetic done here: a sine of known level through each stage.
#include "connectors/demo/filters.h"
#include "connectors/demo/mixer.h"
#include "connectors/demo/song.h"
#include "tests/support/catch.h"

#include <cmath>
#include <functional>
#include <numbers>

using namespace prefade::demo;

namespace {

constexpr double pi = std::numbers::pi;

/// One second of a sine of whole periods: seamless as a loop.
std::vector<std::int16_t> sine(int hz, double peak_db) {
    std::vector<std::int16_t> samples(sample_rate);
    const double peak = 32768.0 * std::pow(10.0, peak_db / 20.0);
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<std::int16_t>(
            std::lround(peak * std::sin(2.0 * pi * hz * static_cast<double>(i) / sample_rate)));
    return samples;
}

double db(double linear) { return 20.0 * std::log10(linear); }

/// Two tracks, a bus, a return and a master; the sine plays on the first track.
struct Playing {
    Playing(int hz, double peak_db) : recording(sine(hz, peak_db)) {
        mixer.add(strip(1, StripRole::track));
        mixer.add(strip(2, StripRole::track));
        mixer.add(strip(3, StripRole::bus));
        mixer.add(strip(4, StripRole::bus));
        mixer.add(strip(5, StripRole::master));
        at(1).sources.push_back({Recording(recording), 1.0F});
    }
    static MixerStrip strip(std::uint32_t id, StripRole role) {
        MixerStrip made;
        made.id = id;
        made.name = "strip " + std::to_string(id);
        made.role = role;
        return made;
    }
    MixerStrip& at(std::uint32_t id) { return *mixer.find(id); }
    Processor& insert(std::uint32_t id, ProcessorKind kind) {
        at(id).inserts.push_back({++last_insert, make_processor(kind), false});
        return *at(id).inserts.back().processor;
    }
    /// Lets half a second go by, then measures one.
    void run() {
        for (int i = 0; i < 50; ++i) mixer.process(position += block_frames);
        mixer.take_levels();
        left = right = 0.0;
        for (int i = 0; i < 100; ++i) {
            mixer.process(position += block_frames);
            for (const float sample : mixer.left()) left = std::max(left, std::abs(double(sample)));
            for (const float sample : mixer.right())
                right = std::max(right, std::abs(double(sample)));
        }
        levels = mixer.take_levels();
    }
    double pre(std::uint32_t id) const { return db(double(levels.at(id - 1).pre)); }
    double post(std::uint32_t id) const { return db(double(levels.at(id - 1).post)); }

    std::vector<std::int16_t> recording;
    Mixer mixer;
    std::uint64_t position{0};
    std::uint32_t last_insert{10};
    std::vector<Levels> levels;
    double left{0}, right{0}; ///< peaks at the output
};

constexpr double near = 0.02; ///< dB: a 16-bit sine's peak, sampled

} // namespace

TEST_CASE("a sine keeps its level through trim, fader and buses, and the meters show it") {
    Playing rig(441, -12.0);
    rig.at(1).trim_db = 4.5F;
    rig.at(1).fader_db = -7.25F;
    rig.at(1).output = 3;
    rig.at(3).fader_db = -2.0F;
    rig.at(5).fader_db = 1.5F;
    rig.run();
    CHECK(rig.pre(1) == Approx(-12.0 + 4.5).margin(near));
    CHECK(rig.post(1) == Approx(-12.0 + 4.5 - 7.25).margin(near));
    const double on_bus = -12.0 + 4.5 - 7.25 - 3.0103; // equal power in the centre
    CHECK(rig.pre(3) == Approx(on_bus).margin(near));
    CHECK(rig.post(3) == Approx(on_bus - 2.0).margin(near));
    CHECK(rig.pre(5) == Approx(on_bus - 2.0).margin(near));
    CHECK(db(rig.left) == Approx(on_bus - 2.0 + 1.5).margin(near));
    CHECK(rig.right == Approx(rig.left).epsilon(1e-6));
    CHECK(rig.pre(2) == -INFINITY);
}

TEST_CASE("a track is panned at equal power, a bus by turning one side down") {
    Playing rig(441, -12.0);
    const double peak = std::pow(10.0, -12.0 / 20.0);
    for (const double pan : {-1.0, -0.4, 0.0, 0.7, 1.0}) {
        rig.at(1).pan = static_cast<float>(pan);
        rig.run();
        const double angle = (pan + 1.0) * pi / 4.0;
        CHECK(rig.left == Approx(peak * std::cos(angle)).margin(1e-4));
        CHECK(rig.right == Approx(peak * std::sin(angle)).margin(1e-4));
        CHECK(rig.post(1) == Approx(-12.0).margin(near)); // the meter is before the pan
    }
    rig.at(1).pan = 0.0F;
    rig.at(1).output = 3;
    rig.at(3).pan = 0.6F;
    rig.run();
    CHECK(rig.left == Approx(peak * std::sqrt(0.5) * 0.4).margin(1e-4));
    CHECK(rig.right == Approx(peak * std::sqrt(0.5)).margin(1e-4));
}

TEST_CASE("a send takes what the fader lets through, and a closed one nothing") {
    Playing rig(441, -12.0);
    rig.at(1).fader_db = -6.0F;
    rig.at(1).sends.push_back({20, 4, -9.0F, true});
    rig.mixer.move(4, 3); // so that the mixer sees the new way
    rig.at(4).output = 3; // not to the master
    rig.at(3).mute = true;
    rig.run();
    CHECK(rig.pre(4) == Approx(-12.0 - 6.0 - 9.0 - 3.0103).margin(near));
    SECTION("switched off") { rig.at(1).sends.front().enabled = false; }
    SECTION("at the foot of its law") { rig.at(1).sends.front().level_db = closed_db; }
    SECTION("at silence") { rig.at(1).sends.front().level_db = -INFINITY; }
    SECTION("of a muted strip") { rig.at(1).mute = true; }
    rig.run();
    CHECK(rig.pre(4) == -INFINITY);
}

TEST_CASE("mute silences after the fader, and a solo everything beside it") {
    Playing rig(441, -12.0);
    const std::vector<std::int16_t> other = sine(882, -20.0);
    rig.at(2).sources.push_back({Recording(other), 1.0F});
    rig.at(2).output = 3;
    rig.mixer.move(3, 2);
    rig.at(1).mute = true;
    rig.run();
    CHECK(rig.pre(1) == Approx(-12.0).margin(near));
    CHECK(rig.post(1) == -INFINITY);
    CHECK(rig.post(2) == Approx(-20.0).margin(near));
    rig.at(1).mute = false;
    rig.at(1).solo = true;
    rig.run();
    CHECK(rig.post(1) == Approx(-12.0).margin(near));
    CHECK(rig.post(2) == -INFINITY);
    rig.at(1).solo = false;
    rig.at(3).solo = true; // a bus: what feeds it plays on
    rig.run();
    CHECK(rig.post(1) == -INFINITY);
    CHECK(rig.post(3) == Approx(-20.0 - 3.0103).margin(near));
}

TEST_CASE("each band of the EQ does at its frequency what it says") {
    struct Band {
        std::size_t freq, gain;
        int hz;
        double share; ///< of the gain: a shelf has half of it at its corner
    };
    const Band bands[] = {
        {1, 2, 100, 0.5}, {3, 4, 400, 1.0}, {6, 7, 3000, 1.0}, {9, 10, 9000, 0.5}};
    for (const Band& band : bands)
        for (const float gain : {-9.0F, 6.0F}) {
            Playing rig(band.hz, -20.0);
            Processor& eq = rig.insert(1, ProcessorKind::eq);
            rig.run();
            CHECK(rig.pre(1) == Approx(-20.0).margin(0.03)); // flat as it comes
            eq.set(band.freq, static_cast<float>(band.hz));
            eq.set(band.gain, gain);
            rig.run();
            INFO(band.hz << " Hz, " << gain << " dB");
            CHECK(rig.pre(1) == Approx(-20.0 + double(gain) * band.share).margin(0.05));
            rig.at(1).inserts.front().bypassed = true;
            rig.run();
            CHECK(rig.pre(1) == Approx(-20.0).margin(near));
        }
}

TEST_CASE("filters pass what they should pass") {
    CHECK(response_db(low_pass(1000), 20) == Approx(0.0).margin(0.01));
    CHECK(response_db(low_pass(1000), 1000) == Approx(-3.01).margin(0.02));
    CHECK(response_db(high_pass(1000), 15000) == Approx(0.0).margin(0.1));
    CHECK(response_db(high_pass(1000), 1000) == Approx(-3.01).margin(0.02));
    CHECK(response_db(band_pass(2000, 2.0), 2000) == Approx(0.0).margin(0.01));
    CHECK(response_db(low_shelf(200, 6.0), 20) == Approx(6.0).margin(0.1));
    CHECK(response_db(high_shelf(4000, -6.0), 18000) == Approx(-6.0).margin(0.2));
}

TEST_CASE("the compressor takes off what its threshold and ratio say") {
    for (const double level : {-30.0, -18.0, -8.0}) {
        Playing rig(2205, level);
        Processor& compressor = rig.insert(1, ProcessorKind::compressor);
        compressor.set(1, -20.0F); // threshold
        compressor.set(2, 4.0F);   // ratio
        compressor.set(3, 0.1F);   // attack, ms: the envelope stays near the peaks
        compressor.set(4, 1000.0F);
        compressor.set(5, 3.0F); // makeup
        rig.run();
        const double over = std::max(0.0, level - -20.0), off = over * (1.0 - 1.0 / 4.0);
        INFO(level << " dBFS");
        CHECK(rig.pre(1) == Approx(level - off + 3.0).margin(0.3));
        CHECK(double(rig.levels.front().gain_reduction) == Approx(off).margin(0.3));
    }
}

TEST_CASE("nothing passes the limiter's ceiling, and what is below it is left alone") {
    Playing rig(997, -4.0);
    Processor& limiter = rig.insert(5, ProcessorKind::limiter);
    limiter.set(2, -1.0F);
    rig.run();
    const double below = -4.0 - 3.0103;
    CHECK(db(rig.left) == Approx(below).margin(near));
    CHECK(double(rig.levels.back().gain_reduction) == Approx(0.0).margin(1e-4));
    limiter.set(1, 12.0F);
    rig.run();
    CHECK(db(rig.left) <= -1.0 + 1e-4);
    CHECK(db(rig.left) == Approx(-1.0).margin(0.2));
    CHECK(double(rig.levels.back().gain_reduction) == Approx(below + 12.0 + 1.0).margin(0.3));
}

TEST_CASE("no jump in the input gets past the limiter") {
    Playing rig(50, -30.0);
    std::uint64_t dice = 7; // bursts of all heights, some of one sample
    for (std::int16_t& sample : rig.recording) {
        dice = dice * 6364136223846793005ULL + 1442695040888963407ULL;
        if (dice >> 58 == 0) sample = static_cast<std::int16_t>(dice >> 40);
    }
    Processor& limiter = rig.insert(5, ProcessorKind::limiter);
    limiter.set(1, 18.0F);
    limiter.set(2, -3.0F);
    rig.run();
    CHECK(db(std::max(rig.left, rig.right)) <= -3.0 + 1e-4);
    CHECK(db(std::max(rig.left, rig.right)) == Approx(-3.0).margin(0.5));
}

TEST_CASE("the plate rings as long as its decay says, and the echo comes after its time") {
    const auto decays_to = [](ProcessorKind kind, const std::function<void(Processor&)>& tune) {
        const auto processor = make_processor(kind);
        tune(*processor);
        std::vector<float> heard;
        for (int block = 0; block < 400; ++block) {
            std::array<float, block_frames> left{}, right{};
            if (block == 0) left[0] = right[0] = 1.0F;
            processor->process(left.data(), right.data());
            heard.insert(heard.end(), left.begin(), left.end());
        }
        return heard;
    };
    const auto power = [](const std::vector<float>& heard, double from, double to) {
        double sum = 0.0;
        for (auto i = static_cast<std::size_t>(from * sample_rate);
             i < static_cast<std::size_t>(to * sample_rate); ++i)
            sum += double(heard[i]) * double(heard[i]);
        return 10.0 * std::log10(sum / (to - from));
    };
    const auto plate = decays_to(ProcessorKind::plate, [](Processor& p) {
        p.set(1, 2.0F);
        p.set(3, 16000.0F);
    });
    CHECK(power(plate, 0.5, 0.7) - power(plate, 1.5, 1.7) == Approx(30.0).margin(4.0));
    const auto echo = decays_to(ProcessorKind::echo, [](Processor& p) { p.set(1, 250.0F); });
    const auto loudest =
        std::max_element(echo.begin(), echo.begin() + sample_rate / 2,
                         [](float a, float b) { return std::abs(a) < std::abs(b); });
    CHECK(double(loudest - echo.begin()) / sample_rate == Approx(0.25).margin(0.001));
}

TEST_CASE("a gain that is changed glides over a block: no sample jumps") {
    Playing rig(50, -6.0);
    rig.run();
    rig.at(1).fader_db = -INFINITY;
    float before = rig.mixer.left().back(), largest = 0.0F;
    for (int i = 0; i < 2; ++i) {
        rig.mixer.process(rig.position += block_frames);
        for (const float sample : rig.mixer.left()) {
            largest = std::max(largest, std::abs(sample - std::exchange(before, sample)));
        }
    }
    CHECK(largest < 0.01F);
    CHECK(before == 0.0F);
}

TEST_CASE("buses are computed after what feeds them, in any order of the strips") {
    Playing rig(441, -12.0);
    rig.at(1).output = 3;
    rig.at(3).output = 4;
    rig.mixer.move(5, 0);
    rig.mixer.move(4, 1);
    rig.mixer.move(1, 4);
    rig.run();
    CHECK(db(rig.left) == Approx(-12.0 - 3.0103).margin(near));
    rig.mixer.remove(4); // what it carried goes to the master
    rig.run();
    CHECK(db(rig.left) == Approx(-12.0 - 3.0103).margin(near));
}
