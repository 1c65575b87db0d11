// What the first bytes of a sound file say by themselves, before a decoder looks: how much audio its chunks promise
// (a decoder reads what is there and keeps silent about the rest), and what a file is that no decoder here takes.
#pragma once

#include "analysis/byte_source.h"

#include <cstdint>
#include <optional>
#include <string>

namespace prefade {

struct PromisedAudio {
    std::uint64_t promised{}; ///< bytes, by the header of the chunk with the samples
    std::uint64_t present{};  ///< bytes of them that the file holds; never more than promised
    std::uint64_t beyond{}; ///< bytes behind that chunk that a 32 bit size may have failed to count
};

/// Of WAV, RF64, BW64, AIFF, CAF and Wave64. No value: another format, no chunk with samples, or a size that says
/// "not known" (a stream, or a recording that was not closed).
std::optional<PromisedAudio> promised_audio(ByteSource& bytes);

/// The size of the chunk with the samples as it would stand there if all to the end of the file were of it. For decoders
/// that take the header at its word: of a recording that nobody closed it says 0, of a file that was cut short too much.
struct MendedBytes {
    std::uint64_t at{};
    std::string bytes;
};
std::optional<MendedBytes> mended_size(ByteSource& bytes);

/// Whether an MP3 tells how long it is (by a Xing, Info or VBRI header); decoders guess from the first frames otherwise,
/// and stop there.
bool mp3_tells_length(ByteSource& bytes);

/// Whether an Ogg Opus stream says that its channels are loudspeakers; else they are ambisonics, or whatever one likes.
bool opus_names_speakers(ByteSource& bytes);

/// In words, what the file is by its first bytes: "text", "MPEG-4 (AAC or Apple Lossless)". Empty: nothing known.
std::string foreign_content(ByteSource& bytes);

} // namespace prefade
