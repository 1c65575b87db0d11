// Sound files for tests: written by libsndfile, or byte by byte where no library would write such a thing.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <vector>

#include <sndfile.h>

namespace prefade::test {

struct Sound {
    int rate{48000};
    std::size_t channels{2};
    std::vector<float> samples; ///< interleaved
    std::size_t frames() const { return samples.size() / channels; }
};

/// The same sine in all channels.
inline Sound sine(double hertz, double level_dbfs, double seconds, int rate = 48000,
                  std::size_t channels = 2) {
    Sound sound{rate, channels, {}};
    const auto frames = static_cast<std::size_t>(std::llround(seconds * rate));
    const double amplitude = std::pow(10.0, level_dbfs / 20.0);
    sound.samples.reserve(frames * channels);
    for (std::size_t i = 0; i < frames; ++i) {
        const double phase = 2.0 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
        sound.samples.insert(sound.samples.end(), channels,
                             static_cast<float>(amplitude * std::sin(phase)));
    }
    return sound;
}

struct WrittenAs {
    int format{SF_FORMAT_WAV | SF_FORMAT_PCM_24};
    std::vector<int> places;         ///< of the channels (SF_CHANNEL_MAP_...); empty: not said
    std::uint64_t time_reference{0}; ///< samples from midnight; 0: not said
};

inline void write_sound(const std::filesystem::path& path, const Sound& sound,
                        const WrittenAs& as = {}) {
    SF_INFO info{};
    info.samplerate = sound.rate;
    info.channels = static_cast<int>(sound.channels);
    info.format = as.format;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    if (!file) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), sf_strerror(nullptr));
        std::abort();
    }
    if (!as.places.empty())
        sf_command(file, SFC_SET_CHANNEL_MAP_INFO, const_cast<int*>(as.places.data()),
                   static_cast<int>(as.places.size() * sizeof(int)));
    if (as.time_reference != 0) {
        SF_BROADCAST_INFO broadcast{};
        broadcast.version = 1;
        broadcast.time_reference_low = static_cast<std::uint32_t>(as.time_reference);
        broadcast.time_reference_high = static_cast<std::uint32_t>(as.time_reference >> 32);
        sf_command(file, SFC_SET_BROADCAST_INFO, &broadcast, sizeof broadcast);
    }
    sf_writef_float(file, sound.samples.data(), static_cast<sf_count_t>(sound.frames()));
    sf_close(file);
}

inline std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

/// The first part of a file in the place of all of it.
inline void cut_short(const std::filesystem::path& path, double part) {
    const auto size = static_cast<double>(std::filesystem::file_size(path));
    std::filesystem::resize_file(path, static_cast<std::uintmax_t>(part * size));
}

inline std::string little_endian(std::uint64_t value, std::size_t bytes) {
    std::string text;
    for (; bytes > 0; --bytes, value >>= 8) text.push_back(static_cast<char>(value & 0xFF));
    return text;
}

/// The 44 bytes before the samples of a WAV of 16 bit.
inline std::string wav_header(int rate, std::size_t channels, std::uint32_t data_bytes) {
    const auto u = [](std::uint64_t value, std::size_t bytes) {
        return little_endian(value, bytes);
    };
    const auto frame = 2 * channels;
    return "RIFF" + u(36 + std::uint64_t{data_bytes}, 4) + "WAVEfmt " + u(16, 4) + u(1, 2)
           + u(channels, 2) + u(static_cast<std::uint64_t>(rate), 4)
           + u(static_cast<std::uint64_t>(rate) * frame, 4) + u(frame, 2) + u(16, 2) + "data"
           + u(data_bytes, 4);
}

/// Silence of any length that takes no room on a disk with holes.
inline void write_silence(const std::filesystem::path& path, double seconds, int rate,
                          std::size_t channels) {
    const auto bytes = static_cast<std::uint64_t>(seconds * rate) * 2 * channels;
    write_bytes(path, wav_header(rate, channels, static_cast<std::uint32_t>(bytes)));
    std::filesystem::resize_file(path, 44 + bytes);
}

} // namespace prefade::test
