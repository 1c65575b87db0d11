// Recordings that take seconds to compute, kept in the user's cache folder and read by memory mapping. A file that
// is broken, short or of another version is made again. Blocks; any thread, not the desk's.
#pragma once

#include "core/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace prefade::demo {

/// What is kept in one file: recordings of 16 bits at the song's sample rate.
struct Recipe {
    std::uint64_t version{0};        ///< goes into the name; other content, other version
    std::vector<std::size_t> frames; ///< of each recording
    std::function<std::vector<std::int16_t>(std::size_t)> record; ///< the recording with that index
};

/// Told as each recording is ready, from 0 to 1, on the calling thread. False ends the work.
using Progress = std::function<bool(double done)>;

class StemFile {
public:
    /// `demo-VERSION.pcm` in `folder`, which is made if need be. The file is written under another name and then
    /// renamed, so a reader never sees half of it. Errors: the folder or the disk does not take it (with what is
    /// needed and what is free), `progress` said no.
    static Result<std::unique_ptr<StemFile>> open_or_make(const std::filesystem::path& folder,
                                                          const Recipe& recipe,
                                                          const Progress& progress);
    /// Errors: not there, short, of another version, or its checksum does not hold.
    static Result<std::unique_ptr<StemFile>> open(const std::filesystem::path& file,
                                                  const Recipe& recipe);
    static std::filesystem::path file_of(const std::filesystem::path& folder, const Recipe& recipe);

    ~StemFile();
    StemFile(const StemFile&) = delete;
    StemFile& operator=(const StemFile&) = delete;

    std::span<const std::int16_t> recording(std::size_t index) const { return recordings_[index]; }

private:
    StemFile() = default;
    void* mapped_{nullptr};
    std::size_t size_{0};
    std::vector<std::int16_t> copied_; ///< where the system maps no files
    std::vector<std::span<const std::int16_t>> recordings_;
};

/// The song's recordings; see instruments.h.
Recipe song_recipe();

} // namespace prefade::demo
