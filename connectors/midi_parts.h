// What the codecs of control surfaces share: checks of one whole MIDI message, the frame of Mackie's system exclusive, and
// the errors that all of them tell apart. Pure; any thread.
#pragma once

#include "core/result.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace prefade::midi {

using Bytes = std::vector<std::uint8_t>;

inline constexpr std::uint8_t sysex_begin = 0xF0, sysex_end = 0xF7;

Error invalid(std::string what);  ///< of this protocol, but broken
Error not_ours(std::string what); ///< whole, but of another protocol: unsupported
Error no_such(const char* what, unsigned number);

std::string hex(std::uint8_t byte); ///< two digits
constexpr bool is_data(std::uint8_t byte) { return byte < 0x80; }

/// A channel message of the right length whose data are data. `message` is not empty.
Result<void> check_channel(std::span<const std::uint8_t> message);
/// What follows 00 00 66, Mackie's number among makers, in a system exclusive message. `message` begins with F0.
Result<std::span<const std::uint8_t>> mackie_exclusive(std::span<const std::uint8_t> message);

/// Errors: invalid for a byte over 7F, which would be a status.
Result<Bytes> short_message(unsigned status, unsigned first, unsigned second);
Result<Bytes> mackie_message(std::span<const std::uint8_t> data);

} // namespace prefade::midi
