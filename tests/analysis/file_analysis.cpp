#include "analysis/file_analysis.h"

#include "tests/support/catch.h"
#include "tests/support/own_folder.h"
#include "tests/support/sound_file.h"

#include <nlohmann/json.hpp>

#include <limits>

using namespace prefade;
using namespace prefade::test;
using Catch::Matchers::Contains;

namespace {

const Heard on_and_on = [](std::uint64_t, std::span<const double>) { return true; };

/// Sound files in a folder of their own, opened.
class Files {
public:
    void add(const Sound& sound, const WrittenAs& as = {}) {
        const auto path = folder_.path() / (std::to_string(open_.size()) + ".wav");
        write_sound(path, sound, as);
        open_.push_back(std::move(FileBytes::open(path)).value());
        sources_.push_back(open_.back().get());
    }
    const std::vector<ByteSource*>& sources() const { return sources_; }
    std::vector<Result<FileAnalysis>> analysed(const Heard& heard = on_and_on) const {
        return analyse_files(sources_, heard);
    }
    FileAnalysis only() const {
        auto results = analysed();
        REQUIRE(results.size() == 1);
        if (!results[0]) FAIL(results[0].error().message);
        return *results[0];
    }

private:
    OwnFolder folder_;
    std::vector<std::unique_ptr<FileBytes>> open_;
    std::vector<ByteSource*> sources_;
};

constexpr WrittenAs as_float{SF_FORMAT_WAV | SF_FORMAT_FLOAT, {}, 0};

} // namespace

TEST_CASE("the calibration tone reads as EBU says it must") {
    Files files;
    files.add(sine(1000.0, -18.0, 5.0)); // EBU Tech 3341: stereo, per channel
    const FileAnalysis analysis = files.only();
    REQUIRE(analysis.loudness.integrated);
    CHECK(std::abs(analysis.loudness.integrated->value() + 18.0) < 0.05);
    CHECK(std::abs(analysis.loudness.max_momentary->value() + 18.0) < 0.05);
    CHECK(std::abs(analysis.loudness.max_short_term->value() + 18.0) < 0.05);
    CHECK(std::abs(analysis.loudness.sample_peak->value() + 18.0) < 0.01);
    CHECK(std::abs(analysis.loudness.true_peak->value() + 18.0) < 0.05);
    CHECK(analysis.loudness.channels.size() == 2);
    CHECK_FALSE(analysis.loudness.range_is_stable);
    CHECK(analysis.seconds() == 5.0);
    CHECK(analysis.faults.empty());
}

TEST_CASE("the spectrum of a tone is in its band, and of silence there is none") {
    Files files;
    files.add(sine(erb_band(20).centre.value(), -18.0, 5.0));
    files.add({48000, 2, std::vector<float>(96000, 0.0F)});
    files.add({48000, 1, {0.5F}}, as_float);
    std::vector<std::size_t> frames(3);
    AlsoMeasured also;
    also.spectrum = true;
    also.on_bands = [&](std::size_t file, const BandEnergies&) { ++frames[file]; };
    const auto all = analyse_files(files.sources(), on_and_on, also);
    const SpectrumOfFile& tone = *all[0]->spectrum;
    CHECK(tone.levels[20] == Approx(-15.0).margin(0.2)); // two channels of -18
    CHECK(tone.levels[30] < -60.0F);
    CHECK(tone.sounding_s == Approx(5.0).margin(0.1));
    CHECK(frames[0] == 119); // 117.2 hops, and half a frame before and behind
    CHECK(all[1]->spectrum->sounding_s == 0.0);
    const Json silence = to_json(*all[1])["spectrum"];
    CHECK(silence["band_level_dbfs"][20].is_null());
    CHECK(silence["tilt_db_per_octave"].is_null());
    REQUIRE(all[2]->spectrum);
    for (const auto& analysis : all) {
        const auto again = file_analysis_from_json(to_json(*analysis));
        REQUIRE(again);
        CHECK(to_json(*again) == to_json(*analysis));
    }
    CHECK_FALSE(files.analysed()[0]->spectrum); // only where it is asked for
}

TEST_CASE("files in step are measured as each alone, whatever their lengths and channels") {
    const Sound sounds[] = {sine(100.0, -20.0, 3.0), sine(3000.0, -10.0, 7.5, 48000, 1),
                            sine(997.0, -30.0, 0.3), sine(50.0, -6.0, 5.0, 48000, 6)};
    Files together;
    for (const Sound& sound : sounds) together.add(sound);
    AlsoMeasured also;
    also.spectrum = true;
    const auto all = analyse_files(together.sources(), on_and_on, also);
    REQUIRE(all.size() == std::size(sounds));
    for (std::size_t i = 0; i < all.size(); ++i) {
        Files alone;
        alone.add(sounds[i]);
        REQUIRE(all[i]);
        CHECK(to_json(*all[i]) == to_json(*analyse_files(alone.sources(), on_and_on, also)[0]));
        CHECK(all[i]->frames == sounds[i].frames());
    }
    also.decode_ahead = true;
    const auto ahead = analyse_files(together.sources(), on_and_on, also);
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(to_json(*ahead[i]) == to_json(*all[i]));
}

TEST_CASE("an analysis that decodes ahead ends when it is told to") {
    Files files;
    files.add(sine(440.0, -12.0, 60.0, 48000, 1));
    AlsoMeasured also;
    also.decode_ahead = true;
    int heard = 0;
    const auto results = analyse_files(
        files.sources(), [&](std::uint64_t, std::span<const double>) { return ++heard < 3; }, also);
    CHECK(heard == 3);
    CHECK(results[0].error().code == ErrorCode::unavailable);
}

TEST_CASE("samples that are no numbers are counted, placed, and heard as silence") {
    Sound sound = sine(1000.0, -20.0, 2.0);
    Files clean, dirty;
    clean.add(sound, as_float);
    sound.samples[2 * 48000 + 1] = std::numeric_limits<float>::quiet_NaN();
    sound.samples[2 * 60000] = std::numeric_limits<float>::infinity();
    dirty.add(sound, as_float);
    const FileAnalysis analysis = dirty.only();
    REQUIRE(analysis.faults.size() == 1);
    CHECK_THAT(analysis.faults[0], Contains("2 samples") && Contains("channel 2 at 1.000 s"));
    CHECK(
        std::abs(analysis.loudness.integrated->value() - clean.only().loudness.integrated->value())
        < 0.01);
}

TEST_CASE("silence and what is too short have no loudness, and say so by no value") {
    Files silent, one;
    silent.add({48000, 2, std::vector<float>(96000, 0.0F)});
    const FileAnalysis silence = silent.only();
    CHECK_FALSE(silence.loudness.integrated);
    CHECK_FALSE(silence.loudness.true_peak);
    CHECK(to_json(silence)["loudness"]["integrated_lufs"].is_null());
    one.add({48000, 1, {0.5F}}, as_float);
    const FileAnalysis sample = one.only();
    CHECK_FALSE(sample.loudness.integrated);
    REQUIRE(sample.loudness.sample_peak);
    CHECK(std::abs(sample.loudness.sample_peak->value() + 6.021) < 0.001);
}

TEST_CASE("ninety-six channels are measured, each with its peaks") {
    Sound sound = sine(1000.0, -40.0, 1.0, 48000, 96);
    Files files;
    files.add(sound, as_float);
    const FileAnalysis analysis = files.only();
    CHECK(analysis.loudness.channels.size() == 96);
    CHECK(analysis.loudness.integrated);
    CHECK(to_json(analysis)["speakers"].size() == 96);
}

TEST_CASE("a file that does not open or has another rate leaves those beside it alone") {
    const std::string text = "no sound";
    MemoryBytes broken(std::as_bytes(std::span(text)));
    Files files;
    const Sound sounds[] = {sine(1000.0, -20.0, 1.0, 44100), sine(1000.0, -20.0, 2.0),
                            sine(1000.0, -26.0, 1.5, 4000), sine(1000.0, -23.0, 1.0)};
    for (const Sound& sound : sounds) files.add(sound);
    std::vector<ByteSource*> sources = files.sources();
    sources.insert(sources.begin(), &broken);
    std::vector<double> done;
    const auto results = analyse_files(sources, [&](std::uint64_t, std::span<const double> parts) {
        done.assign(parts.begin(), parts.end());
        return true;
    });
    REQUIRE(results.size() == 5);
    CHECK_THAT(results[0].error().message, Contains("text"));
    CHECK_THAT(results[3].error().message, Contains("4000"));
    for (const std::size_t i : {1U, 2U, 4U}) {
        Files alone;
        alone.add(sounds[i - 1]);
        REQUIRE(results[i]);
        CHECK(to_json(*results[i]) == to_json(alone.only()));
    }
    CHECK(done == std::vector<double>{1.0, 1.0, 1.0, 0.0, 1.0});
}

TEST_CASE("more channels than one meter takes are measured one after the other") {
    Files files;
    for (int i = 0; i < 3; ++i) files.add(sine(440.0, -30.0 - i, 0.5, 8000, 500));
    const auto results = files.analysed();
    for (std::size_t i = 0; i < 3; ++i) {
        REQUIRE(results[i]);
        CHECK(std::abs(results[i]->loudness.sample_peak->value() + 30.0 + static_cast<double>(i))
              < 0.01);
    }
}

TEST_CASE("how far a file is goes evenly from nothing to all, whether it tells its length or not") {
    const OwnFolder folder;
    const auto path = folder.path() / "a.mp3";
    write_sound(path, sine(440.0, -12.0, 30.0, 44100),
                {SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, {}, 0});
    std::string bytes = bytes_of(path);
    for (const bool told : {true, false}) {
        if (!told) // what it tells is then but a frame of silence
            for (const char* name : {"Xing", "Info"})
                if (const auto at = bytes.find(name); at < 4096) bytes.replace(at, 4, "none");
        MemoryBytes memory(std::as_bytes(std::span(bytes)));
        ByteSource* const sources[] = {&memory};
        double before = 0.0, heard = 0.0, worst = 0.0;
        const auto results =
            analyse_files(sources, [&](std::uint64_t samples, std::span<const double> parts) {
                heard += static_cast<double>(samples);
                REQUIRE(parts.size() == 1);
                CHECK(parts[0] >= before);
                before = parts[0];
                worst = std::max(worst, std::abs(parts[0] - heard / (30.0 * 2 * 44100)));
                return true;
            });
        REQUIRE(results[0]);
        CHECK(before == 1.0);
        CHECK(worst < 0.05);
    }
}

TEST_CASE("a rate that no meter takes is an error that tells it") {
    Files files;
    files.add(sine(100.0, -20.0, 1.0, 4000, 1));
    CHECK_THAT(files.analysed()[0].error().message, Contains("4000"));
}

TEST_CASE("an analysis ends when it is told to, and tells all it heard before") {
    Files files;
    files.add(sine(1000.0, -20.0, 10.0));
    std::uint64_t heard = 0;
    const auto ended = files.analysed([&](std::uint64_t samples, std::span<const double>) {
        heard += samples;
        return heard < 200000;
    });
    CHECK(ended[0].error().code == ErrorCode::unavailable);
    CHECK(heard < 300000);
    heard = 0;
    CHECK(files.analysed([&](std::uint64_t samples, std::span<const double>) {
        heard += samples;
        return true;
    })[0]);
    CHECK(heard == 960000);
}

TEST_CASE("what was measured is the same after its JSON, and a broken JSON is an error") {
    Files files;
    files.add(sine(1000.0, -23.0, 70.0, 8000, 6), {SF_FORMAT_WAV | SF_FORMAT_PCM_16, {}, 480000});
    const FileAnalysis analysis = files.only();
    CHECK(analysis.loudness.range_is_stable);
    const Json json = to_json(analysis);
    CHECK(json["start_s"] == 60.0);
    const auto back = file_analysis_from_json(Json::parse(json.dump()));
    REQUIRE(back);
    CHECK(to_json(*back) == json);
    for (const auto& [name, value] : json.items()) {
        if (name == "channels" || name == "length_s" || name == "start_s") continue; // told twice
        Json less = json;
        less.erase(name);
        INFO(name);
        CHECK_FALSE(file_analysis_from_json(less));
        less[name] = Json::object({{"x", 1}});
        CHECK_FALSE(file_analysis_from_json(less));
    }
    CHECK_FALSE(file_analysis_from_json(Json("text")));
}
