// What was measured of files before, found again by their content: a second look needs no decoding, and a copied or
// moved file is known. A folder of small files, each written whole or not at all; any number of processes use it at
// once. What is damaged, of another version or cannot be written is left alone with a word: nothing depends on it.
// Any thread.
#pragma once

#include "analysis/byte_source.h"
#include "analysis/file_analysis.h"
#include "core/units.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace prefade::command_line {

/// 128 bit hash of all bytes, and their number: 32 hexadecimal digits and a decimal number.
using ContentKey = std::string;

/// Reads all bytes, at several GB a second from memory. `heard`: bytes read since the last call; false ends it.
/// Errors: io; `unavailable` when it was ended.
Result<ContentKey> content_key(ByteSource& bytes, const std::function<bool(std::uint64_t)>& heard);

class AnalysisCache {
public:
    /// Makes the folder with the first thing that is kept.
    explicit AnalysisCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::optional<FileAnalysis> find(const ContentKey& key);
    void keep(const ContentKey& key, const FileAnalysis& analysis);

    /// The content that a file in just this state had: spares reading it.
    std::optional<ContentKey> key_of(const FileStamp& stamp);
    /// Not kept of a file that was changed less than two seconds before `now`: the next change might bear the same time.
    void remember(const FileStamp& stamp, const ContentKey& key, WallTime now);

    /// Removes what was written longest ago, half of all, once there are more than `most` analyses; and what killed
    /// processes left half-written.
    void trim(std::size_t most = 10000);

    /// What went wrong, in words, each once.
    std::vector<std::string> troubles() const;

private:
    std::filesystem::path entry(const ContentKey& key) const;
    std::filesystem::path entry(const FileStamp& stamp) const;
    void write(const std::filesystem::path& file, const std::string& text);
    void trouble(const std::string& words);

    std::filesystem::path folder_;
    std::atomic<unsigned> drafts_{0};
    mutable std::mutex mutex_;
    std::vector<std::string> troubles_;
};

} // namespace prefade::command_line
