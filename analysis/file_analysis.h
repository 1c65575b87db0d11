// What is measured of whole sound files, and how: files of one sample rate side by side, streaming, so that memory does
// not grow with their length. Called by `prefade analyse` on as many threads as it likes, each with files of its own.
#pragma once

#include "analysis/audio_file.h"
#include "analysis/spectrum.h"
#include "core/json.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace prefade {

/// Raised whenever a number below may come out otherwise than before: what was kept of an older one is measured anew.
inline constexpr int analysis_version = 1;

/// No value: silence, or too short to tell.
struct LoudnessOfFile {
    std::optional<Lufs> integrated, max_momentary, max_short_term;
    std::optional<LoudnessUnits> range;
    bool range_is_stable{false}; ///< of 60 s of sound and more
    std::optional<TruePeak> true_peak;
    std::optional<Decibel> sample_peak;
    std::optional<Decibel> peak_to_loudness; ///< PLR
    struct Channel {
        std::optional<TruePeak> true_peak;
        std::optional<Decibel> sample_peak;
    };
    std::vector<Channel> channels;
};

/// Long-term average spectrum over the frames that sound (all bands together above -70 dBFS).
struct SpectrumOfFile {
    double sounding_s{};         ///< how much that is; 0: silence, then nothing else has a meaning
    BandLevels levels{};         ///< dBFS, mean; -inf where nothing is
    BandLevels crest{};          ///< dB: strongest frame over the mean
    std::optional<Decibel> tilt; ///< per octave from 100 Hz to 10 kHz; no value: too few bands
};

struct FileAnalysis {
    AudioFormat format;
    std::uint64_t frames{};          ///< that were there
    std::vector<std::string> faults; ///< in words: what is wrong with the file. Empty: it is whole
    LoudnessOfFile loudness;
    std::optional<SpectrumOfFile> spectrum; ///< where it was asked for
    bool repeatable{
        true}; ///< false: reading failed, and may not fail another time; not in the JSON

    double seconds() const { return static_cast<double>(frames) / format.sample_rate; }
    /// Seconds from midnight to the first frame, of broadcast WAV.
    std::optional<double> start() const {
        if (!format.time_reference) return std::nullopt;
        return static_cast<double>(*format.time_reference) / format.sample_rate;
    }
};

/// Called block by block: samples (frames times channels) heard since the last call, and how far each file is, 0 to 1,
/// in the order of the files; false ends the analysis.
using Heard = std::function<bool(std::uint64_t samples, std::span<const double> parts)>;

/// What is measured beside loudness, and on how many threads.
struct AlsoMeasured {
    bool decode_ahead{false}; ///< on a second thread, which alone then reads the sources
    bool spectrum{false};
    /// With the spectrum: each frame of band energies of each file, in order; frame k is of the sound around k hops.
    std::function<void(std::size_t file, const BandEnergies& frame)> on_bands;
};

/// Measures files side by side, those of one sample rate in step. Vector lanes make that faster than one by one: about
/// eight channels of a rate fill them, and files of like length. The answers are in the order of `files`; one file's error
/// leaves the others alone. Errors: those of AudioFile::open, LoudnessMeter::make and BandMeter::make; `unavailable` for all that were not
/// finished when `heard` said to end.
std::vector<Result<FileAnalysis>> analyse_files(std::span<ByteSource* const> files,
                                                const Heard& heard, const AlsoMeasured& also = {});

/// Names with units; levels rounded to 0.001, of bands to 0.01; null where there is no value.
Json to_json(const FileAnalysis& analysis);
/// Error: a member is missing or of another kind.
Result<FileAnalysis> file_analysis_from_json(const Json& json);

} // namespace prefade
