// What was measured of files before, found again by their content: a second look needs no decoding, and a copied or
// moved file is known. A folder of small files, each written whole or not at all; any number of processes use it at
// once. What is damaged, of another version or cannot be written is left alone with a word: nothing depends on it.
// Any thread.
#pragma once

#include "analysis/byte_source.h"
#include "analysis/file_analysis.h"
#include "core/units.h"
#include "daemon/command_line/band_track.h"

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace prefade::command_line {

/// 128 bit hash of all bytes, and their number: 32 hexadecimal digits and a decimal number.
using ContentKey = std::string;

/// Bytes that are hashed as somebody reads them, mostly from the first to the last: finding the key then costs no second
/// reading.
class HashedBytes : public ByteSource {
public:
    /// `bytes` outlives it.
    explicit HashedBytes(ByteSource& bytes);
    ~HashedBytes() override;
    HashedBytes(const HashedBytes&) = delete;
    HashedBytes& operator=(const HashedBytes&) = delete;

    std::uint64_t size() const noexcept override { return bytes_.size(); }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override;

    /// Of all bytes; reads what was not read yet, at several GB a second from memory. `heard`: bytes read since the last
    /// call; false ends it. Errors: io; `unavailable` when it was ended.
    Result<ContentKey> key(const std::function<bool(std::uint64_t)>& heard);

private:
    class State;
    ByteSource& bytes_;
    std::unique_ptr<State> state_;
    std::uint64_t hashed_{0}; ///< bytes, from the first on
};

class AnalysisCache {
public:
    /// Looks once what the folder holds; makes it with the first thing that is kept.
    explicit AnalysisCache(std::filesystem::path folder);

    /// Whether a content of so many bytes was there when this was made, or was kept by it since: if not, none needs to be
    /// looked for.
    bool may_hold(std::uint64_t bytes) const;

    std::optional<FileAnalysis> find(const ContentKey& key);
    void keep(const ContentKey& key, const FileAnalysis& analysis);

    /// Band energies over time, of the same content; checked as a whole. Null: there are none.
    std::shared_ptr<const BandTrack> bands(const ContentKey& key);
    /// The same frames where they are kept now; null where they cannot be.
    std::shared_ptr<const BandTrack> keep_bands(const ContentKey& key, const BandTrack& track);

    /// What was found out about several contents; `of` says of which and how, in any words.
    std::optional<Json> comparison(std::string_view of);
    void keep_comparison(std::string_view of, const Json& found);

    /// The content that the file of this path had in just this state: spares reading it. None where the system has no
    /// number for a file (inode 0), as other files may be in the same state then.
    std::optional<ContentKey> key_of(const std::filesystem::path& path, const FileStamp& stamp);
    /// `opened`: before the stamp was taken. Not kept of a file that was changed less than two seconds before: the next
    /// change might bear the same time.
    void remember(const std::filesystem::path& path, const FileStamp& stamp, const ContentKey& key,
                  WallTime opened);

    /// Removes what was written longest ago, half of all, once there are more than `most` analyses or 2 GB; and what killed
    /// processes left half-written.
    void trim(std::size_t most = 10000);

    /// What went wrong, in words, each once.
    std::vector<std::string> troubles() const;

private:
    std::filesystem::path entry(const ContentKey& key) const;
    std::filesystem::path entry(const std::filesystem::path& path, const FileStamp& stamp) const;
    std::filesystem::path bands_entry(const ContentKey& key) const;
    std::filesystem::path comparison_entry(std::string_view of) const;
    void keep_json(const std::filesystem::path& file, const Json& held);
    std::optional<Json> held_in(const std::filesystem::path& file);
    void damaged(const std::filesystem::path& file);
    bool write(const std::filesystem::path& file, const std::function<bool(std::FILE*)>& fill);
    bool write(const std::filesystem::path& file, const std::string& text);
    void trouble(const std::string& words);

    std::filesystem::path folder_;
    mutable std::mutex mutex_;      ///< of what follows
    std::set<std::uint64_t> sizes_; ///< of the contents
    std::vector<std::string> troubles_;
};

} // namespace prefade::command_line
