#include "analysis/file_analysis.h"

#include "analysis/ahead.h"
#include "analysis/k_weighting.h"
#include "analysis/loudness.h"
#include "core/names.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace prefade {
namespace {

constexpr Names<Speaker, 13> speaker_names{{{Speaker::left, "left"},
                                            {Speaker::right, "right"},
                                            {Speaker::centre, "centre"},
                                            {Speaker::low_frequency, "low_frequency"},
                                            {Speaker::left_surround, "left_surround"},
                                            {Speaker::right_surround, "right_surround"},
                                            {Speaker::left_side, "left_side"},
                                            {Speaker::right_side, "right_side"},
                                            {Speaker::left_rear, "left_rear"},
                                            {Speaker::right_rear, "right_rear"},
                                            {Speaker::rear_centre, "rear_centre"},
                                            {Speaker::height, "height"},
                                            {Speaker::other, "other"}}};

constexpr std::size_t samples_a_block =
    32768; ///< of all files in step: 128 KB, within a core's own cache
constexpr std::size_t fewest_frames = 256;
constexpr std::size_t blocks_ahead = 4; ///< so that neither thread waits for one slow block

/// To 0.001, which is finer than any meter is exact, so that what is kept and read again is the same.
template <class Unit> std::optional<Unit> rounded(std::optional<Unit> level) {
    if (!level || !std::isfinite(level->value())) return std::nullopt;
    return Unit{std::round(level->value() * 1000.0) / 1000.0};
}

std::string told(const BadSamples& bad, int sample_rate) {
    char text[160];
    std::snprintf(
        text, sizeof text,
        "%llu %s no sound (NaN, infinite or absurdly large), the first in channel %llu at "
        "%.3f s; measured as silence",
        static_cast<unsigned long long>(bad.count), bad.count == 1 ? "sample is" : "samples are",
        static_cast<unsigned long long>(bad.first_channel) + 1,
        static_cast<double>(bad.first_frame) / sample_rate);
    return text;
}

LoudnessOfFile measures(const ProgrammeLoudness& heard) {
    LoudnessOfFile loudness;
    loudness.integrated = rounded(heard.integrated());
    loudness.max_momentary = rounded(heard.max_momentary());
    loudness.max_short_term = rounded(heard.max_short_term());
    loudness.range = rounded(heard.range());
    loudness.range_is_stable = heard.is_range_stable();
    loudness.true_peak = rounded(heard.true_peak());
    loudness.sample_peak = rounded(heard.sample_peak());
    loudness.peak_to_loudness = rounded(heard.peak_to_loudness());
    for (std::size_t i = 0; i < heard.channels(); ++i)
        loudness.channels.push_back({rounded(heard.true_peak(i)), rounded(heard.sample_peak(i))});
    return loudness;
}

/// Of one file, while it is heard.
class SpectrumMeter {
public:
    using OnBands = std::function<void(const BandEnergies&)>;
    SpectrumMeter(BandMeter meter, OnBands on_bands)
        : meter_(std::move(meter)),
          on_bands_(std::move(on_bands)) {}

    void add(std::span<const float> interleaved) {
        meter_.add(interleaved, [this](const BandEnergies& frame) { take(frame); });
    }
    SpectrumOfFile finish() {
        meter_.finish([this](const BandEnergies& frame) { take(frame); });
        SpectrumOfFile spectrum;
        spectrum.sounding_s =
            hundredths(static_cast<double>(average_.frames()) / meter_.frames_per_second());
        spectrum.levels = levels(average_.energies());
        spectrum.crest = average_.crest();
        for (BandLevels* of_bands : {&spectrum.levels, &spectrum.crest})
            for (float& level : *of_bands)
                level = static_cast<float>(hundredths(static_cast<double>(level)));
        if (const auto tilt = average_.tilt()) spectrum.tilt = Decibel{hundredths(tilt->value())};
        return spectrum;
    }

private:
    static double hundredths(double value) { return std::round(value * 100.0) / 100.0; }
    void take(const BandEnergies& frame) {
        average_.add(frame);
        if (on_bands_) on_bands_(frame);
    }

    BandMeter meter_;
    AverageSpectrum average_;
    OnBands on_bands_;
};

class Run {
public:
    Run(std::span<ByteSource* const> sources, const AlsoMeasured& also)
        : also_(also),
          parts_(sources.size(), 1.0) {
        for (ByteSource* source : sources) {
            auto file = AudioFile::open(*source);
            const Error ended{ErrorCode::unavailable, "the analysis was ended", {}};
            results_.emplace_back(file ? ended : file.error());
            files_.push_back(std::move(file));
        }
    }

    std::vector<Result<FileAnalysis>> hear(const Heard& heard) && {
        for (const std::vector<std::size_t>& step : steps())
            if (!hear(step, heard)) break;
        return std::move(results_);
    }

private:
    /// Files that open, those of one rate together, as many as a meter takes.
    std::vector<std::vector<std::size_t>> steps() {
        struct Open {
            int rate;
            std::size_t channels;
        };
        std::vector<Open> open;
        std::vector<std::vector<std::size_t>> all;
        for (std::size_t i = 0; i < files_.size(); ++i) {
            if (!files_[i]) continue;
            parts_[i] = 0.0;
            const Open one{files_[i]->format().sample_rate, files_[i]->channels()};
            const auto fits = std::find_if(open.begin(), open.end(), [&](const Open& step) {
                return step.rate == one.rate
                       && step.channels + one.channels <= most_metered_channels;
            });
            const auto step = static_cast<std::size_t>(fits - open.begin());
            if (fits == open.end()) {
                open.push_back(one);
                all.emplace_back();
            } else
                fits->channels += one.channels;
            all[step].push_back(i);
        }
        return all;
    }

    /// False: to end early.
    bool hear(const std::vector<std::size_t>& step, const Heard& heard) {
        std::vector<ChannelLayout> layouts;
        std::size_t channels = 0;
        for (const std::size_t i : step) {
            layouts.push_back(files_[i]->format().layout);
            channels += layouts.back().size();
        }
        auto meter = LoudnessMeter::make(layouts, files_[step.front()]->format().sample_rate);
        if (!meter) {
            for (const std::size_t i : step) results_[i] = meter.error();
            return true;
        }
        auto spectra = spectra_of(step);
        if (!spectra) {
            for (const std::size_t i : step) results_[i] = spectra.error();
            return true;
        }
        const Block empty(layouts, std::max(fewest_frames, samples_a_block / channels));
        const auto measure = [&](const Block& block) {
            meter->add(block.filled);
            for (std::size_t k = 0; k < spectra->size(); ++k) (*spectra)[k].add(block.filled[k]);
            for (std::size_t k = 0; k < step.size(); ++k) parts_[step[k]] = block.parts[k];
            return heard(block.count, parts_);
        };
        if (!decode_and(step, empty, measure)) return false;
        for (std::size_t k = 0; k < step.size(); ++k) {
            FileAnalysis analysis = result(*files_[step[k]], meter->loudness(k));
            if (!spectra->empty()) analysis.spectrum = (*spectra)[k].finish();
            results_[step[k]] = std::move(analysis);
        }
        return true;
    }

    /// One for each file, where they are asked for.
    Result<std::vector<SpectrumMeter>> spectra_of(const std::vector<std::size_t>& step) const {
        std::vector<SpectrumMeter> spectra;
        if (!also_.spectrum) return spectra;
        for (const std::size_t i : step) {
            auto meter = BandMeter::make(files_[i]->channels(), files_[i]->format().sample_rate);
            if (!meter) return meter.error();
            SpectrumMeter::OnBands on_bands;
            if (also_.on_bands)
                on_bands = [this, i](const BandEnergies& frame) { also_.on_bands(i, frame); };
            spectra.emplace_back(std::move(*meter), std::move(on_bands));
        }
        return spectra;
    }

    /// What is next of files in step.
    struct Block {
        Block(const std::vector<ChannelLayout>& layouts, std::size_t frames)
            : filled(layouts.size()),
              parts(layouts.size()) {
            for (const ChannelLayout& layout : layouts) room.emplace_back(frames * layout.size());
        }
        std::vector<std::vector<float>> room;
        std::vector<std::span<const float>> filled; ///< of it
        std::vector<double> parts;                  ///< how far each file is, 0 to 1
        std::uint64_t count{0};                     ///< of samples
    };

    /// False: `measure` said to end early.
    bool decode_and(const std::vector<std::size_t>& step, const Block& empty,
                    const std::function<bool(const Block&)>& measure) {
        if (!also_.decode_ahead) {
            Block block = empty;
            while (take(step, block))
                if (!measure(block)) return false;
            return true;
        }
        Ahead<Block> ahead(std::vector<Block>(blocks_ahead, empty),
                           [&](Block& block) { return take(step, block); });
        while (const Block* block = ahead.next())
            if (!measure(*block)) return false;
        return true;
    }

    /// False: all files are at their end.
    bool take(const std::vector<std::size_t>& step, Block& block) {
        block.count = 0;
        for (std::size_t k = 0; k < step.size(); ++k) {
            AudioFile& file = *files_[step[k]];
            const std::size_t frames = file.read(block.room[k]);
            block.filled[k] = std::span(block.room[k]).first(frames * file.channels());
            block.count += block.filled[k].size();
            block.parts[k] = block.filled[k].size() < block.room[k].size() ? 1.0 : file.progress();
        }
        return block.count != 0;
    }

    static FileAnalysis result(const AudioFile& file, const ProgrammeLoudness& heard) {
        FileAnalysis analysis{file.format(),   file.frames_read(), file.faults(),
                              measures(heard), std::nullopt,       !file.reading_failed()};
        if (const BadSamples& bad = heard.bad_samples(); bad.count != 0)
            analysis.faults.push_back(told(bad, analysis.format.sample_rate));
        return analysis;
    }

    const AlsoMeasured& also_;
    std::vector<Result<AudioFile>> files_;
    std::vector<Result<FileAnalysis>> results_;
    std::vector<double> parts_;
};

template <class Unit> Json number(const std::optional<Unit>& value) {
    return value ? Json(value->value()) : Json();
}

template <class Unit> std::optional<Unit> level(const Json& json) {
    if (json.is_null()) return std::nullopt;
    return Unit{json.get<double>()};
}

std::optional<std::uint64_t> count(const Json& json) {
    if (json.is_null()) return std::nullopt;
    return json.get<std::uint64_t>();
}

Json to_json(const BandLevels& of_bands) {
    Json all = Json::array();
    for (const float level : of_bands) {
        const double hundredths = std::round(100.0 * static_cast<double>(level)) / 100.0;
        all.push_back(std::isfinite(level) ? Json(hundredths) : Json());
    }
    return all;
}

/// Null is silence.
BandLevels band_levels_from(const Json& json) {
    BandLevels all{};
    for (std::size_t b = 0; b < all.size(); ++b)
        all[b] = json.at(b).is_null() ? -std::numeric_limits<float>::infinity()
                                      : json.at(b).get<float>();
    return all;
}

Json to_json(const SpectrumOfFile& spectrum) {
    return {{"sounding_s", spectrum.sounding_s},
            {"tilt_db_per_octave", number(spectrum.tilt)},
            {"band_level_dbfs", to_json(spectrum.levels)},
            {"band_crest_db", to_json(spectrum.crest)}};
}

SpectrumOfFile spectrum_from(const Json& json) {
    return {json.at("sounding_s").get<double>(), band_levels_from(json.at("band_level_dbfs")),
            band_levels_from(json.at("band_crest_db")),
            level<Decibel>(json.at("tilt_db_per_octave"))};
}

Json to_json(const LoudnessOfFile& loudness) {
    Json channels = Json::array();
    for (const LoudnessOfFile::Channel& channel : loudness.channels)
        channels.push_back({{"true_peak_dbtp", number(channel.true_peak)},
                            {"sample_peak_dbfs", number(channel.sample_peak)}});
    return {{"integrated_lufs", number(loudness.integrated)},
            {"momentary_max_lufs", number(loudness.max_momentary)},
            {"short_term_max_lufs", number(loudness.max_short_term)},
            {"loudness_range_lu", number(loudness.range)},
            {"loudness_range_stable", loudness.range_is_stable},
            {"true_peak_dbtp", number(loudness.true_peak)},
            {"sample_peak_dbfs", number(loudness.sample_peak)},
            {"peak_to_loudness_db", number(loudness.peak_to_loudness)},
            {"channels", std::move(channels)}};
}

LoudnessOfFile loudness_from(const Json& json) {
    LoudnessOfFile loudness;
    loudness.integrated = level<Lufs>(json.at("integrated_lufs"));
    loudness.max_momentary = level<Lufs>(json.at("momentary_max_lufs"));
    loudness.max_short_term = level<Lufs>(json.at("short_term_max_lufs"));
    loudness.range = level<LoudnessUnits>(json.at("loudness_range_lu"));
    loudness.range_is_stable = json.at("loudness_range_stable").get<bool>();
    loudness.true_peak = level<TruePeak>(json.at("true_peak_dbtp"));
    loudness.sample_peak = level<Decibel>(json.at("sample_peak_dbfs"));
    loudness.peak_to_loudness = level<Decibel>(json.at("peak_to_loudness_db"));
    for (const Json& channel : json.at("channels"))
        loudness.channels.push_back({level<TruePeak>(channel.at("true_peak_dbtp")),
                                     level<Decibel>(channel.at("sample_peak_dbfs"))});
    return loudness;
}

} // namespace

std::vector<Result<FileAnalysis>> analyse_files(std::span<ByteSource* const> files,
                                                const Heard& heard, const AlsoMeasured& also) {
    return Run(files, also).hear(heard);
}

Json to_json(const FileAnalysis& analysis) {
    const AudioFormat& format = analysis.format;
    Json speakers = Json::array();
    for (const Speaker speaker : format.layout) speakers.push_back(name_in(speaker_names, speaker));
    const auto& reference = format.time_reference;
    const auto start = analysis.start();
    Json json = {{"container", format.container},
                 {"encoding", format.encoding},
                 {"sample_rate_hz", format.sample_rate},
                 {"channels", format.layout.size()},
                 {"speakers", std::move(speakers)},
                 {"frames", analysis.frames},
                 {"length_s", analysis.seconds()},
                 {"time_reference_frames", reference ? Json(*reference) : Json()},
                 {"start_s", start ? Json(*start) : Json()},
                 {"faults", analysis.faults},
                 {"loudness", to_json(analysis.loudness)}};
    if (analysis.spectrum) json["spectrum"] = to_json(*analysis.spectrum);
    return json;
}

Result<FileAnalysis> file_analysis_from_json(const Json& json) {
    try {
        FileAnalysis analysis;
        AudioFormat& format = analysis.format;
        format.container = json.at("container").get<std::string>();
        format.encoding = json.at("encoding").get<std::string>();
        format.sample_rate = json.at("sample_rate_hz").get<int>();
        for (const Json& name : json.at("speakers")) {
            const auto speaker = value_in(speaker_names, name.get<std::string>());
            if (!speaker)
                return Error{ErrorCode::invalid, "speakers are: " + all_names(speaker_names), {}};
            format.layout.push_back(*speaker);
        }
        format.time_reference = count(json.at("time_reference_frames"));
        analysis.frames = json.at("frames").get<std::uint64_t>();
        format.frames = analysis.frames;
        analysis.faults = json.at("faults").get<std::vector<std::string>>();
        analysis.loudness = loudness_from(json.at("loudness"));
        if (json.contains("spectrum")) analysis.spectrum = spectrum_from(json["spectrum"]);
        if (format.sample_rate <= 0)
            return Error{ErrorCode::invalid, "sample_rate_hz is above 0", {}};
        return analysis;
    } catch (const Json::exception& wrong) {
        return Error{ErrorCode::invalid, wrong.what(), {}};
    }
}

} // namespace prefade
