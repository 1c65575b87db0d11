// Cuts a stream of MIDI bytes into whole messages: running status is written out, real-time bytes come out between the
// messages they stand in, system exclusive comes as one. One thread at a time; no I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace prefade {

class MidiStream {
public:
    /// Longer system exclusive messages than this are passed over as noise: the longest of a control surface has
    /// 120 bytes.
    static constexpr std::size_t longest = 4096;

    /// The messages that end in `bytes`; what is begun waits for the next call.
    std::vector<std::vector<std::uint8_t>> take(std::span<const std::uint8_t> bytes);

    /// Bytes that belonged to no whole message so far: data without status, messages cut short by another.
    std::size_t lost() const noexcept { return lost_; }

private:
    void begin(std::uint8_t status);
    void drop();

    std::vector<std::uint8_t> begun_; ///< a message under way, with its status
    std::uint8_t running_{0};         ///< status of the last channel message; 0: none
    bool too_long_{false};
    std::size_t lost_{0};
};

/// Length of a message with this status byte; 0 for system exclusive, which ends by F7, and for no status byte.
std::size_t midi_length(std::uint8_t status);

} // namespace prefade
