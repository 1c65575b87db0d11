// Sound files, decoded block by block to float: memory does not grow with their length. The only place that knows
// libsndfile. Used by stem analysis in its own process; the live path links none of it. One thread at a time each.
//
//     auto file = AudioFile::open(*bytes);                              // Result
//     while (const std::size_t frames = file->read(block)) ...          // interleaved
//     for (const std::string& what : file->faults()) print(what);       // only when all was read
#pragma once

#include "analysis/byte_source.h"
#include "analysis/channel_layout.h"
#include "core/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace prefade {

struct AudioFormat {
    std::string container; ///< "WAV", "RF64", "AIFF", "FLAC", "Ogg", "MP3" ...
    std::string encoding;  ///< "16 bit", "32 bit float", "Vorbis" ...
    int sample_rate{};     ///< Hz
    ChannelLayout layout;  ///< as the file says, else `default_layout`
    /// What is there, as far as its headers tell; no value: only reading to the end tells (streamed, or cut short).
    std::optional<std::uint64_t> frames;
    /// Broadcast WAV: samples from midnight to its first frame; where stems of one session lie to each other.
    std::optional<std::uint64_t> time_reference;
};

class AudioFile {
public:
    /// `bytes` outlives it. Errors: `invalid` (empty, no sound file, damaged beyond reading) and `unsupported` (a format
    /// that is not read here), each with its reason, without the path.
    static Result<AudioFile> open(ByteSource& bytes);
    AudioFile(AudioFile&&) noexcept;
    AudioFile& operator=(AudioFile&&) noexcept;
    ~AudioFile();

    const AudioFormat& format() const noexcept;
    std::size_t channels() const noexcept { return format().layout.size(); }

    /// The next frames, interleaved: as many as fit into `interleaved`; fewer only at the end, or where nothing more can
    /// be read.
    /// Samples are as the file has them, with full scale at 1.0: those of float formats may be beyond it, or no numbers.
    std::size_t read(std::span<float> interleaved);
    std::uint64_t frames_read() const noexcept;
    /// The part of the bytes that were needed so far, 0 to 1.
    double progress() const noexcept;

    /// Whether the bytes themselves could not be read (a disk that fails): another time there may be more.
    bool reading_failed() const noexcept;
    /// Once all was read: in words, what is wrong with the file. Empty: it is whole.
    std::vector<std::string> faults() const;

private:
    class Decoder;
    explicit AudioFile(std::unique_ptr<Decoder> decoder);
    std::unique_ptr<Decoder> decoder_;
};

} // namespace prefade
