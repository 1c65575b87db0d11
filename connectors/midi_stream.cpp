#include "connectors/midi_stream.h"

#include <utility>

namespace prefade {
namespace {

constexpr std::uint8_t sysex_begin = 0xF0, sysex_end = 0xF7, first_real_time = 0xF8;

} // namespace

std::size_t midi_length(std::uint8_t status) {
    if (status < 0x80) return 0;
    if (status >= first_real_time) return 1;
    switch (status) {
    case sysex_begin: return 0;
    case 0xF1:
    case 0xF3: return 2;
    case 0xF2: return 3;
    case 0xF4:
    case 0xF5:
    case 0xF6:
    case sysex_end: return 1;
    default: break;
    }
    const std::uint8_t kind = status & 0xF0U;
    return kind == 0xC0 || kind == 0xD0 ? 2 : 3;
}

void MidiStream::drop() {
    lost_ += begun_.size();
    begun_.clear();
    too_long_ = false;
}

void MidiStream::begin(std::uint8_t status) {
    drop();
    running_ = status < sysex_begin ? status : 0;
    begun_.push_back(status);
}

std::vector<std::vector<std::uint8_t>> MidiStream::take(std::span<const std::uint8_t> bytes) {
    std::vector<std::vector<std::uint8_t>> whole;
    for (const std::uint8_t byte : bytes) {
        const bool exclusive = !begun_.empty() && begun_[0] == sysex_begin;
        if (byte >= first_real_time) {
            whole.push_back({byte});
            continue;
        }
        if (byte == sysex_end && exclusive) {
            if (too_long_) {
                drop();
                ++lost_;
                continue;
            }
            begun_.push_back(byte);
            whole.push_back(std::move(begun_));
            begun_.clear();
            continue;
        }
        if (byte == sysex_end) { // ends nothing
            drop();
            running_ = 0;
            ++lost_;
            continue;
        }
        if (byte >= 0x80) {
            begin(byte);
        } else if (exclusive) {
            if (begun_.size() + 1 < longest) {
                begun_.push_back(byte);
            } else {
                too_long_ = true;
                ++lost_;
            }
        } else {
            if (begun_.empty() && running_ != 0) begun_.push_back(running_);
            if (begun_.empty()) {
                ++lost_;
                continue;
            }
            begun_.push_back(byte);
        }
        if (!begun_.empty() && begun_.size() == midi_length(begun_[0])) {
            whole.push_back(std::move(begun_));
            begun_.clear();
        }
    }
    return whole;
}

} // namespace prefade
