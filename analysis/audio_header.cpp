#include "analysis/audio_header.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace prefade {
namespace {

using namespace std::string_view_literals;

/// How a family of formats strings its chunks together.
struct ChunkForm {
    std::string_view magic; ///< the first bytes of the file
    std::size_t first;      ///< where the first chunk begins
    std::size_t id_bytes, size_bytes;
    bool big_endian;
    bool counts_itself; ///< id and size are part of the size
    std::size_t alignment;
    std::string_view audio; ///< how the id of the chunk with samples begins
    std::size_t lead;       ///< bytes in that chunk before the first sample
};

// Sources: Microsoft RIFF, EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64), AIFF 1.3 and AIFF-C, Apple's CAF specification,
// Sonic Foundry's Wave64.
constexpr ChunkForm forms[] = {
    {"RIFF", 12, 4, 4, false, false, 2, "data", 0},
    {"RF64", 12, 4, 4, false, false, 2, "data", 0},
    {"BW64", 12, 4, 4, false, false, 2, "data", 0},
    {"FORM", 12, 4, 4, true, false, 2, "SSND", 8},
    {"caff", 8, 4, 8, true, false, 1, "data", 4},
    {"riff\x2e\x91\xcf\x11"sv, 40, 16, 8, false, true, 8, "data", 0},
};
constexpr std::size_t most_chunks =
    4096; ///< a file with more before its samples is not looked through

/// Up to N bytes at `offset`.
template <std::size_t N> class Bytes {
public:
    Bytes(ByteSource& source, std::uint64_t offset, std::size_t count = N) {
        const auto got = source.read(offset, std::as_writable_bytes(std::span(held_)).first(count));
        size_ = got ? *got : 0;
    }
    std::string_view text() const { return {held_.data(), size_}; }
    std::uint64_t number(std::size_t at, std::size_t count, bool big_endian) const {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t place = big_endian ? at + i : at + count - 1 - i;
            value = value << 8 | static_cast<unsigned char>(held_[place]);
        }
        return value;
    }

private:
    std::array<char, N> held_{};
    std::size_t size_{0};
};

/// Sizes that a writer leaves who cannot go back: all ones, none, or, of signed counters, near 2^31.
bool says_unknown(std::uint64_t size, std::size_t size_bytes) {
    if (size == 0) return true;
    if (size_bytes == 8) return size > std::uint64_t{1} << 62;
    return size == 0xFFFFFFFF || (size >= 0x7FFFF000 && size <= 0x7FFFFFFF);
}

struct AudioChunk {
    const ChunkForm& form;
    std::uint64_t size_at;  ///< where its size stands
    std::uint64_t begin;    ///< of what the size counts
    std::uint64_t size;     ///< as told
    bool counts_all{false}; ///< in 64 bits
};

std::optional<AudioChunk> find_audio(const ChunkForm& form, ByteSource& source) {
    std::uint64_t at = form.first, long_size = 0;
    for (std::size_t i = 0; i < most_chunks; ++i) {
        const std::size_t head_bytes = form.id_bytes + form.size_bytes;
        const Bytes<40> head(source, at);
        if (head.text().size() < head_bytes) return std::nullopt;
        std::uint64_t size = head.number(form.id_bytes, form.size_bytes, form.big_endian);
        if (form.counts_itself) {
            if (size < head_bytes) return std::nullopt;
            size -= head_bytes;
        }
        const std::string_view id = head.text().substr(0, form.id_bytes);
        if (id == "ds64" && head.text().size() >= 24) long_size = head.number(16, 8, false);
        if (id.starts_with(form.audio)) {
            const bool is_long = size == 0xFFFFFFFF && long_size != 0;
            return AudioChunk{form, at + form.id_bytes, at + head_bytes, is_long ? long_size : size,
                              is_long || form.size_bytes == 8};
        }
        if (size > source.size() - at) return std::nullopt;
        at += head_bytes + (size + form.alignment - 1) / form.alignment * form.alignment;
    }
    return std::nullopt;
}

std::optional<AudioChunk> find_audio(ByteSource& source) {
    const Bytes<16> start(source, 0);
    for (const ChunkForm& form : forms)
        if (start.text().starts_with(form.magic)) return find_audio(form, source);
    return std::nullopt;
}

struct Foreign {
    std::size_t at;
    std::string_view magic, what;
};
constexpr Foreign foreign[] = {
    {4, "ftyp", "MPEG-4 (AAC or Apple Lossless)"},
    {0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, "Windows Media"},
    {0, "wvpk", "WavPack"},
    {0, "MAC ", "Monkey's Audio"},
    {0, "TTA1", "True Audio"},
    {0, "DSD ", "DSD"},
    {0, "FRM8", "DSD"},
    {0, "\x1a\x45\xdf\xa3"sv, "Matroska or WebM"},
    {0, "\xff\xf1"sv, "AAC"},
    {0, "\xff\xf9"sv, "AAC"},
    {0, "\x0b\x77"sv, "AC-3"},
    {0, "#!AMR", "AMR"},
    {0, "MThd", "MIDI, which is notes and no sound"},
    {0, "PK\x03\x04"sv, "a ZIP archive"},
    {0, "\x1f\x8b"sv, "gzip"},
    {0, "%PDF", "PDF"},
    {0, "\x89PNG", "a PNG picture"},
    {0, "\xff\xd8\xff"sv, "a JPEG picture"},
};

bool is_text(std::string_view bytes) {
    return !bytes.empty() && std::none_of(bytes.begin(), bytes.end(), [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return code == 0x7F || (code < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f');
    });
}

} // namespace

std::optional<PromisedAudio> promised_audio(ByteSource& bytes) {
    const auto chunk = find_audio(bytes);
    if (!chunk || says_unknown(chunk->size, chunk->form.size_bytes)
        || chunk->size < chunk->form.lead)
        return std::nullopt;
    const std::uint64_t begin = chunk->begin + chunk->form.lead;
    PromisedAudio audio;
    audio.promised = chunk->size - chunk->form.lead;
    audio.present = std::min(audio.promised, bytes.size() - std::min(bytes.size(), begin));
    constexpr std::uint64_t countable = 0xFFFFFFFF; // what 32 bits can tell
    if (!chunk->counts_all && bytes.size() > countable && audio.present == audio.promised)
        audio.beyond = bytes.size() - begin - audio.present;
    return audio;
}

std::optional<MendedBytes> mended_size(ByteSource& bytes) {
    const auto chunk = find_audio(bytes);
    if (!chunk || chunk->begin >= bytes.size() || chunk->form.counts_itself) return std::nullopt;
    const std::uint64_t size = bytes.size() - chunk->begin;
    if (chunk->form.size_bytes == 4 && size >= 0xFFFFFFFF) return std::nullopt;
    MendedBytes mended{chunk->size_at, {}};
    for (std::size_t i = 0; i < chunk->form.size_bytes; ++i) {
        const std::size_t place = chunk->form.big_endian ? chunk->form.size_bytes - 1 - i : i;
        mended.bytes.push_back(static_cast<char>(size >> (8 * place) & 0xFF));
    }
    return mended;
}

bool mp3_tells_length(ByteSource& bytes) {
    std::uint64_t at = 0;
    const Bytes<10> tag(bytes, 0); // ID3v2.4, 3.1: its size in four times seven bits
    if (tag.text().size() == 10 && tag.text().starts_with("ID3")) {
        at = 10;
        for (std::size_t i = 6; i < 10; ++i) at += (tag.number(i, 1, true) & 0x7F) << (7 * (9 - i));
    }
    const Bytes<4096> start(bytes, at); // the first frame, and what padding goes before it
    return start.text().find("Xing") != std::string_view::npos
           || start.text().find("Info") != std::string_view::npos
           || start.text().find("VBRI") != std::string_view::npos;
}

bool opus_names_speakers(ByteSource& bytes) {
    const Bytes<27 + 255 + 19> start(bytes, 0); // the head is alone on the first page (RFC 7845, 3)
    const std::size_t head = start.text().find("OpusHead");
    constexpr std::size_t family_at = 18;
    if (head == std::string_view::npos || head + family_at >= start.text().size()) return false;
    return start.number(head + family_at, 1, false) <= 1;
}

std::string foreign_content(ByteSource& bytes) {
    const Bytes<512> start(bytes, 0);
    for (const Foreign& known : foreign)
        if (start.text().size() > known.at
            && start.text().substr(known.at).starts_with(known.magic))
            return std::string(known.what);
    return is_text(start.text()) ? "text" : "";
}

} // namespace prefade
