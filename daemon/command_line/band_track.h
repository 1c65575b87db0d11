// The band energies of whole files between hearing and comparing them: in memory while there is room, else in a folder of
// its own that is gone in the end, or in the cache.
#pragma once

#include "analysis/packed_bands.h"
#include "analysis/stem_masking.h"
#include "core/result.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>

namespace prefade::command_line {

/// What all tracks of a command share. Any thread; outlives its tracks.
class BandRoom {
public:
    /// `most`: bytes in memory; with 64 MB sixteen hours.
    explicit BandRoom(std::size_t most = std::size_t{64} << 20) : most_(most) {}
    ~BandRoom();
    BandRoom(const BandRoom&) = delete;
    BandRoom& operator=(const BandRoom&) = delete;

    bool take(std::size_t bytes) noexcept; ///< false: there is not so much left
    void give_back(std::size_t bytes) noexcept { used_ -= bytes; }
    /// A name for a file that is nobody else's. Error: io.
    Result<std::filesystem::path> new_file();

private:
    const std::size_t most_;
    std::atomic<std::size_t> used_{0}, files_{0};
    std::mutex mutex_;
    std::filesystem::path folder_; ///< empty: not needed yet
};

/// One file's. One thread at a time.
class BandTrack {
public:
    explicit BandTrack(BandRoom& room) : room_(&room) {}
    /// Frames that lie in a file behind `offset` bytes; whose file that is, is not ours.
    BandTrack(std::filesystem::path file, std::uint64_t offset, std::uint64_t frames);
    ~BandTrack();
    BandTrack(const BandTrack&) = delete;
    BandTrack& operator=(const BandTrack&) = delete;

    void add(const BandEnergies& frame);
    std::uint64_t frames() const noexcept { return in_file_ + held_.size(); }
    /// All frames, block by block; false from `take` ends it. Error: io, also of an earlier add().
    Result<void> each(const std::function<bool(std::span<const PackedBands>)>& take) const;
    /// From the first on; the track outlives it and is not added to.
    std::unique_ptr<BandFrames> play() const;

private:
    class Playing;
    void spill();
    Result<std::size_t> read(std::uint64_t from, std::span<PackedBands> into) const;

    BandRoom* room_{nullptr};
    std::deque<PackedBands> held_;
    std::size_t taken_{0}; ///< bytes of the room
    std::filesystem::path file_;
    bool owns_file_{false};
    std::uint64_t offset_{0}, in_file_{0}; ///< bytes, frames; those come before what is held
    Result<void> failed_;
};

} // namespace prefade::command_line
