// Bytes of a file, or of memory, read at any place. What decoders, headers and content keys are read from. A source
// belongs to one thread at a time. Opens nothing but regular files: a pipe or a device has no end to wait for.
#pragma once

#include "core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace prefade {

class ByteSource {
public:
    virtual ~ByteSource() = default;
    virtual std::uint64_t size() const noexcept = 0; ///< bytes, when it was opened
    /// Fills `into` from byte `offset` on; fewer bytes than asked for only at the end. Error: io.
    virtual Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) = 0;
};

/// What tells a file from every other state of it, as far as the system knows without reading it. Times in ns since
/// the system's epoch; `changed` is also set when a file gets an old time of modification (0 where the system has none).
struct FileStamp {
    std::uint64_t device{0}, inode{0}, size{0};
    std::int64_t modified_ns{0}, changed_ns{0};
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

class FileBytes : public ByteSource {
public:
    /// Errors: not_found, refused (no permission), unsupported (a folder, a pipe, a device), io; without the path.
    static Result<std::unique_ptr<FileBytes>> open(const std::filesystem::path& path);
    ~FileBytes() override;
    FileBytes(const FileBytes&) = delete;
    FileBytes& operator=(const FileBytes&) = delete;

    std::uint64_t size() const noexcept override { return stamp_.size; }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override;
    /// When it was opened.
    const FileStamp& stamp() const noexcept { return stamp_; }
    /// Whether it is still what it was then.
    bool is_unchanged() const;

private:
    explicit FileBytes(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
    FileStamp stamp_;
};

/// How many files this process may have open at a time, as the system says.
std::size_t most_open_files();

/// Borrowed memory.
class MemoryBytes : public ByteSource {
public:
    explicit MemoryBytes(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::uint64_t size() const noexcept override { return bytes_.size(); }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override;

private:
    std::span<const std::byte> bytes_;
};

} // namespace prefade
