#include "daemon/command_line/band_track.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace prefade::command_line {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t frames_at_once = 256;
constexpr std::size_t bytes_at_once = frames_at_once * sizeof(PackedBands);
static_assert(sizeof(PackedBands) == 2 + erb_band_count);

Error no_room(const std::string& reason) {
    return {ErrorCode::io, "its spectrum over time cannot be held: " + reason, {}};
}

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

} // namespace

BandRoom::~BandRoom() {
    std::error_code failed;
    if (!folder_.empty()) fs::remove_all(folder_, failed);
}

bool BandRoom::take(std::size_t bytes) noexcept {
    if (used_.fetch_add(bytes) + bytes <= most_) return true;
    used_ -= bytes;
    return false;
}

Result<fs::path> BandRoom::new_file() {
    const std::lock_guard lock(mutex_);
    std::error_code failed;
    if (folder_.empty()) {
        const fs::path temporary = fs::temp_directory_path(failed);
        if (failed) return no_room(failed.message());
        std::random_device chance;
        for (int attempt = 0; attempt < 100; ++attempt) {
            const fs::path folder = temporary / ("prefade-" + std::to_string(chance()));
            if (!fs::create_directory(folder, failed) && !failed) continue; // somebody else's
            if (failed) return no_room(failed.message());
            folder_ = folder;
            break;
        }
        if (folder_.empty()) return no_room("no name is free in " + temporary.string());
        fs::permissions(folder_, fs::perms::owner_all, failed);
    }
    return folder_ / std::to_string(files_++);
}

BandTrack::BandTrack(fs::path file, std::uint64_t offset, std::uint64_t frames)
    : file_(std::move(file)),
      offset_(offset),
      in_file_(frames) {}

BandTrack::~BandTrack() {
    if (room_) room_->give_back(taken_);
    std::error_code failed;
    if (owns_file_) fs::remove(file_, failed);
}

void BandTrack::add(const BandEnergies& frame) {
    if (!failed_) return;
    held_.push_back(pack(frame));
    if (held_.size() % frames_at_once != 0) return;
    if (room_->take(bytes_at_once))
        taken_ += bytes_at_once;
    else
        spill();
}

/// All that is held goes to the end of the file.
void BandTrack::spill() {
    if (!owns_file_) {
        const auto file = room_->new_file();
        if (!file) {
            failed_ = file.error();
            return;
        }
        file_ = *file;
        owns_file_ = true;
    }
    File out(std::fopen(file_.string().c_str(), "ab"));
    bool good = out != nullptr;
    for (const PackedBands& frame : held_)
        good = good && std::fwrite(frame.data(), 1, frame.size(), out.get()) == frame.size();
    if (out && std::fclose(out.release()) != 0) good = false;
    if (!good) {
        failed_ = no_room(std::strerror(errno));
        return;
    }
    in_file_ += held_.size();
    held_.clear();
    room_->give_back(std::exchange(taken_, 0));
}

Result<std::size_t> BandTrack::read(std::uint64_t from, std::span<PackedBands> into) const {
    if (!failed_) return failed_.error();
    std::size_t done = 0;
    if (from < in_file_) {
        const File in(std::fopen(file_.string().c_str(), "rb"));
        const auto place = static_cast<long>(offset_ + from * sizeof(PackedBands));
        const auto wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), in_file_ - from));
        if (!in || std::fseek(in.get(), place, SEEK_SET) != 0
            || std::fread(into.data(), sizeof(PackedBands), wanted, in.get()) != wanted)
            return Error{ErrorCode::io, "what was kept of its spectrum cannot be read again", {}};
        done = wanted;
    }
    for (; done < into.size() && from + done < frames(); ++done)
        into[done] = held_[static_cast<std::size_t>(from + done - in_file_)];
    return done;
}

Result<void> BandTrack::each(const std::function<bool(std::span<const PackedBands>)>& take) const {
    std::vector<PackedBands> block(16 * frames_at_once);
    for (std::uint64_t at = 0;;) {
        const auto got = read(at, block);
        if (!got) return got.error();
        if (*got == 0 || !take(std::span(block).first(*got))) return {};
        at += *got;
    }
}

class BandTrack::Playing : public BandFrames {
public:
    explicit Playing(const BandTrack& track) : track_(track) {}
    Result<std::size_t> next(std::span<BandEnergies> into) override {
        packed_.resize(into.size());
        const auto got = track_.read(at_, packed_);
        if (!got) return got;
        for (std::size_t k = 0; k < *got; ++k) into[k] = unpack(packed_[k]);
        at_ += *got;
        return got;
    }

private:
    const BandTrack& track_;
    std::vector<PackedBands> packed_;
    std::uint64_t at_{0};
};

std::unique_ptr<BandFrames> BandTrack::play() const { return std::make_unique<Playing>(*this); }

} // namespace prefade::command_line
