#include "analysis/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#ifdef _WIN32
#include <io.h>
#include <stdio.h>
#else
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace prefade {
namespace {

Error error_of(int number) {
    switch (number) {
    case ENOENT:
    case ENOTDIR: return {ErrorCode::not_found, "there is no such file", {}};
    case EACCES:
    case EPERM: return {ErrorCode::refused, "you may not read it", {}};
    default: return {ErrorCode::io, std::strerror(number), {}};
    }
}

#ifdef _WIN32

int open_to_read(const std::filesystem::path& path) {
    return _wopen(path.c_str(), _O_RDONLY | _O_BINARY | _O_NOINHERIT);
}
void close_descriptor(int descriptor) { _close(descriptor); }

std::optional<FileStamp> stamp_of(int descriptor, bool& regular) {
    struct _stat64 is {};
    if (_fstat64(descriptor, &is) != 0) return std::nullopt;
    regular = (is.st_mode & _S_IFMT) == _S_IFREG;
    return FileStamp{static_cast<std::uint64_t>(is.st_dev), static_cast<std::uint64_t>(is.st_ino),
                     static_cast<std::uint64_t>(is.st_size), is.st_mtime * 1'000'000'000, 0};
}

std::int64_t read_at(int descriptor, std::uint64_t offset, std::span<std::byte> into) {
    if (_lseeki64(descriptor, static_cast<std::int64_t>(offset), SEEK_SET) < 0) return -1;
    return _read(descriptor, into.data(),
                 static_cast<unsigned>(std::min<std::size_t>(into.size(), 1U << 30)));
}

#else

int open_to_read(const std::filesystem::path& path) {
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a pipe without writer waits
}
void close_descriptor(int descriptor) { ::close(descriptor); }

std::int64_t nanoseconds(const timespec& time) {
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

std::optional<FileStamp> stamp_of(int descriptor, bool& regular) {
    struct stat is {};
    if (::fstat(descriptor, &is) != 0) return std::nullopt;
    regular = S_ISREG(is.st_mode);
#ifdef __APPLE__
    const timespec modified = is.st_mtimespec, changed = is.st_ctimespec;
#else
    const timespec modified = is.st_mtim, changed = is.st_ctim;
#endif
    return FileStamp{static_cast<std::uint64_t>(is.st_dev), static_cast<std::uint64_t>(is.st_ino),
                     static_cast<std::uint64_t>(is.st_size), nanoseconds(modified),
                     nanoseconds(changed)};
}

std::int64_t read_at(int descriptor, std::uint64_t offset, std::span<std::byte> into) {
    return ::pread(descriptor, into.data(), into.size(), static_cast<off_t>(offset));
}

#endif

} // namespace

Result<std::unique_ptr<FileBytes>> FileBytes::open(const std::filesystem::path& path) {
    const int descriptor = open_to_read(path);
    if (descriptor < 0) return error_of(errno);
    std::unique_ptr<FileBytes> file(new FileBytes(descriptor));
    bool regular = false;
    const auto stamp = stamp_of(descriptor, regular);
    if (!stamp) return error_of(errno);
    if (!regular)
        return Error{ErrorCode::unsupported, "is no file but a folder, pipe or device", {}};
    file->stamp_ = *stamp;
    return file;
}

FileBytes::~FileBytes() { close_descriptor(descriptor_); }

Result<std::size_t> FileBytes::read(std::uint64_t offset, std::span<std::byte> into) {
    std::size_t done = 0;
    while (done < into.size()) {
        const std::int64_t got = read_at(descriptor_, offset + done, into.subspan(done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return error_of(errno);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

bool FileBytes::is_unchanged() const {
    bool regular = false;
    return stamp_of(descriptor_, regular) == stamp_;
}

std::size_t most_open_files() {
#ifdef _WIN32
    return static_cast<std::size_t>(_getmaxstdio());
#else
    constexpr std::size_t plenty = 1U << 16;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return _POSIX_OPEN_MAX;
    return limit.rlim_cur < plenty ? static_cast<std::size_t>(limit.rlim_cur) : plenty;
#endif
}

Result<std::size_t> MemoryBytes::read(std::uint64_t offset, std::span<std::byte> into) {
    const std::size_t from =
        static_cast<std::size_t>(std::min<std::uint64_t>(offset, bytes_.size()));
    const std::size_t count = std::min(into.size(), bytes_.size() - from);
    if (count != 0) std::memcpy(into.data(), bytes_.data() + from, count);
    return count;
}

} // namespace prefade
