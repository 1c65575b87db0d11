#include "connectors/demo/stem_cache.h"

#include "connectors/demo/instruments.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#else
#include <process.h>
#endif

namespace prefade::demo {
namespace fs = std::filesystem;
namespace {

/// At the start of the file; then the recordings one behind the other, in the machine's own byte order.
struct Header {
    char mark[8];
    std::uint64_t version, samples, checksum;
};
constexpr char mark[8] = {'P', 'R', 'E', 'F', 'A', 'D', 'E', '1'};

/// FNV-1a over words of eight bytes: finds what is broken, and is no seal against people.
class Checksum {
public:
    void add(const void* data, std::size_t bytes) {
        const auto* at = static_cast<const unsigned char*>(data);
        for (; bytes >= 8; bytes -= 8, at += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, at, 8);
            take(word);
        }
        std::uint64_t rest = bytes;
        for (std::size_t i = 0; i < bytes; ++i) rest = rest << 8 | at[i];
        take(rest);
    }
    std::uint64_t value() const { return value_; }

private:
    void take(std::uint64_t word) {
        value_ = (value_ ^ word) * 0x100000001B3ULL;
        value_ ^= value_ >> 29;
    }
    std::uint64_t value_{0xCBF29CE484222325ULL};
};

std::size_t samples_of(const Recipe& recipe) {
    std::size_t sum = 0;
    for (const std::size_t frames : recipe.frames) sum += frames;
    return sum;
}

std::string megabytes(std::uintmax_t bytes) {
    return std::to_string((bytes + 999'999) / 1'000'000) + " MB";
}

Error no_room(const fs::path& folder, const Recipe& recipe, const std::string& reason) {
    std::error_code failed;
    const auto space = fs::space(folder, failed);
    std::string text = "the demo's music cannot be kept: " + reason + "; it takes "
                       + megabytes(sizeof(Header) + 2 * samples_of(recipe));
    if (!failed) text += " and " + megabytes(space.available) + " are free";
    return {ErrorCode::io, text + "; make room, or set XDG_CACHE_HOME to another disk",
            folder.string()};
}

std::string last_error() { return std::strerror(errno); }

/// A file that goes away unless it is kept.
class Draft {
public:
    explicit Draft(fs::path path)
        : path_(std::move(path)),
          file_(std::fopen(path_.string().c_str(), "wb")) {}
    ~Draft() {
        if (file_) std::fclose(file_);
        std::error_code ignored;
        if (!kept_) fs::remove(path_, ignored);
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    bool is_open() const { return file_ != nullptr; }
    bool write(const void* data, std::size_t bytes) {
        return std::fwrite(data, 1, bytes, file_) == bytes;
    }
    bool rewind() { return std::fseek(file_, 0, SEEK_SET) == 0; }
    bool keep_as(const fs::path& name, std::string& reason) {
        const bool closed =
            std::fclose(std::exchange(file_, nullptr)) == 0; // buffers may not fit either
        if (!closed) {
            reason = last_error();
            return false;
        }
        std::error_code failed;
        fs::rename(path_, name, failed);
        reason = failed.message();
        return kept_ = !failed;
    }

private:
    fs::path path_;
    std::FILE* file_;
    bool kept_{false};
};

unsigned long own_number() {
#ifdef _WIN32
    return static_cast<unsigned long>(_getpid());
#else
    return static_cast<unsigned long>(::getpid());
#endif
}

/// Music of other versions; who reads one of them goes on reading it.
void forget_others(const fs::path& file) {
    std::error_code failed;
    std::vector<fs::path> others;
    for (const auto& entry : fs::directory_iterator(file.parent_path(), failed)) {
        const std::string name = entry.path().filename().string();
        if (entry.path() != file && name.starts_with("demo-") && name.ends_with(".pcm"))
            others.push_back(entry.path());
    }
    for (const fs::path& other : others) fs::remove(other, failed);
}

Result<void> make(const fs::path& folder, const Recipe& recipe, const Progress& progress) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
        return Error{ErrorCode::io,
                     "the folder for the demo's music cannot be made: " + failed.message(),
                     folder.string()};
    const fs::path file = StemFile::file_of(folder, recipe);
    Draft draft(file.string() + ".making-" + std::to_string(own_number()));
    if (!draft.is_open()) return no_room(folder, recipe, last_error());
    Header header{};
    if (!draft.write(&header, sizeof header)) return no_room(folder, recipe, last_error());
    Checksum checksum;
    for (std::size_t i = 0; i < recipe.frames.size(); ++i) {
        std::vector<std::int16_t> recording = recipe.record(i);
        recording.resize(recipe.frames[i]);
        const std::size_t bytes = 2 * recording.size();
        checksum.add(recording.data(), bytes);
        if (!draft.write(recording.data(), bytes)) return no_room(folder, recipe, last_error());
        if (!progress(static_cast<double>(i + 1) / static_cast<double>(recipe.frames.size())))
            return Error{ErrorCode::unavailable, "the making of the demo's music was stopped", {}};
    }
    std::copy(std::begin(mark), std::end(mark), header.mark);
    header.version = recipe.version;
    header.samples = samples_of(recipe);
    header.checksum = checksum.value();
    std::string reason;
    if (!draft.rewind() || !draft.write(&header, sizeof header))
        return no_room(folder, recipe, last_error());
    if (!draft.keep_as(file, reason)) return no_room(folder, recipe, reason);
    forget_others(file);
    return {};
}

Error broken(const fs::path& file, const std::string& what) {
    return {ErrorCode::io, "the demo's music is " + what, file.string()};
}

} // namespace

fs::path StemFile::file_of(const fs::path& folder, const Recipe& recipe) {
    char name[40];
    std::snprintf(name, sizeof name, "demo-%016llx.pcm",
                  static_cast<unsigned long long>(recipe.version));
    return folder / name;
}

Result<std::unique_ptr<StemFile>> StemFile::open(const fs::path& file, const Recipe& recipe) {
    std::unique_ptr<StemFile> opened(new StemFile);
    const std::size_t wanted = sizeof(Header) + 2 * samples_of(recipe);
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    if (failed) return broken(file, "not there: " + failed.message());
    if (size != wanted)
        return broken(file, std::to_string(size) + " bytes long and not " + std::to_string(wanted));
    const unsigned char* bytes = nullptr;
#ifdef _WIN32
    opened->copied_.resize(wanted / 2);
    std::ifstream in(file, std::ios::binary);
    if (!in.read(reinterpret_cast<char*>(opened->copied_.data()),
                 static_cast<std::streamsize>(wanted)))
        return broken(file, "not readable");
    bytes = reinterpret_cast<const unsigned char*>(opened->copied_.data());
#else
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return broken(file, "not readable: " + last_error());
    void* mapped = ::mmap(nullptr, wanted, PROT_READ, MAP_PRIVATE, descriptor, 0);
    ::close(descriptor);
    if (mapped == MAP_FAILED) return broken(file, "not mapped: " + last_error());
    opened->mapped_ = mapped;
    opened->size_ = wanted;
    bytes = static_cast<const unsigned char*>(mapped);
#endif
    Header header{};
    std::memcpy(&header, bytes, sizeof header);
    if (!std::equal(std::begin(mark), std::end(mark), header.mark)
        || header.version != recipe.version)
        return broken(file, "of another version");
    Checksum checksum;
    const auto* samples = reinterpret_cast<const std::int16_t*>(bytes + sizeof header);
    for (const std::size_t frames : recipe.frames) {
        checksum.add(samples, 2 * frames);
        opened->recordings_.emplace_back(samples, frames);
        samples += frames;
    }
    if (checksum.value() != header.checksum) return broken(file, "damaged");
    return opened;
}

Result<std::unique_ptr<StemFile>>
StemFile::open_or_make(const fs::path& folder, const Recipe& recipe, const Progress& progress) {
    const fs::path file = file_of(folder, recipe);
    if (auto there = open(file, recipe)) return there;
    if (const auto made = make(folder, recipe, progress); !made) return made.error();
    return open(file, recipe);
}

StemFile::~StemFile() {
#ifndef _WIN32
    if (mapped_) ::munmap(mapped_, size_);
#endif
}

Recipe song_recipe() {
    Checksum version;
    const std::uint64_t parts[] = {synthesiser_version, sample_rate, song_frames, instrument_count};
    version.add(parts, sizeof parts);
    Recipe recipe;
    recipe.version = version.value();
    recipe.frames.assign(instrument_count, song_frames);
    recipe.frames[static_cast<std::size_t>(Instrument::hum)] = sample_rate;
    recipe.record = [](std::size_t index) { return record(static_cast<Instrument>(index)); };
    return recipe;
}

} // namespace prefade::demo
