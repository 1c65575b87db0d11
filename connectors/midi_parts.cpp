#include "connectors/midi_parts.h"

#include "connectors/midi_stream.h"

#include <array>
#include <string_view>
#include <utility>

namespace prefade::midi {
namespace {

constexpr std::array<std::uint8_t, 3> mackie_designs{0x00, 0x00, 0x66};

} // namespace

Error invalid(std::string what) { return {ErrorCode::invalid, std::move(what), {}}; }
Error not_ours(std::string what) { return {ErrorCode::unsupported, std::move(what), {}}; }
Error no_such(const char* what, unsigned number) {
    return invalid("there is no " + std::string(what) + ' ' + std::to_string(number));
}

std::string hex(std::uint8_t byte) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    return {digits[byte >> 4U], digits[byte & 0x0FU]};
}

Result<void> check_channel(std::span<const std::uint8_t> message) {
    const std::uint8_t status = message[0];
    if (status < 0x80 || status >= sysex_begin)
        return not_ours("a message that begins with " + hex(status));
    if (message.size() != midi_length(status))
        return invalid("a message " + hex(status) + " of " + std::to_string(message.size())
                       + " bytes");
    if (!std::all_of(message.begin() + 1, message.end(), is_data))
        return invalid("a status byte inside a message " + hex(status));
    return {};
}

Result<std::span<const std::uint8_t>> mackie_exclusive(std::span<const std::uint8_t> message) {
    if (message.back() != sysex_end) return invalid("a system exclusive message without its end");
    const auto inner = message.subspan(1, message.size() - 2);
    if (!std::all_of(inner.begin(), inner.end(), is_data))
        return invalid("a status byte inside a system exclusive message");
    if (inner.size() < mackie_designs.size()
        || !std::equal(mackie_designs.begin(), mackie_designs.end(), inner.begin()))
        return not_ours("a system exclusive message of another maker");
    return inner.subspan(mackie_designs.size());
}

Result<Bytes> short_message(unsigned status, unsigned first, unsigned second) {
    if (first > 0x7F || second > 0x7F) return invalid("a byte over 7F in a MIDI message");
    return Bytes{static_cast<std::uint8_t>(status), static_cast<std::uint8_t>(first),
                 static_cast<std::uint8_t>(second)};
}

Result<Bytes> mackie_message(std::span<const std::uint8_t> data) {
    if (!std::all_of(data.begin(), data.end(), is_data))
        return invalid("a byte over 7F in a system exclusive message");
    Bytes bytes{sysex_begin};
    bytes.insert(bytes.end(), mackie_designs.begin(), mackie_designs.end());
    bytes.insert(bytes.end(), data.begin(), data.end());
    bytes.push_back(sysex_end);
    return bytes;
}

} // namespace prefade::midi
