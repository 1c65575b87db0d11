#include "connectors/osc_codec.h"

#include <lo/lo.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>

namespace prefade {
namespace {

using Bytes = std::span<const std::uint8_t>;

struct FreeMessage {
    void operator()(void* message) const noexcept { lo_message_free(message); }
};
using LoMessage = std::unique_ptr<void, FreeMessage>;

constexpr std::string_view bundle_head{"#bundle\0", 8};
constexpr std::string_view ardour_reply =
    "#reply"; ///< Ardour answers /strip/list so, unless asked not to

Error malformed(std::string what) {
    return {ErrorCode::invalid, "OSC packet: " + std::move(what), {}};
}

std::uint32_t big_endian(Bytes bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24
           | static_cast<std::uint32_t>(bytes[at + 1]) << 16
           | static_cast<std::uint32_t>(bytes[at + 2]) << 8
           | static_cast<std::uint32_t>(bytes[at + 3]);
}

constexpr std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

// ---- the check before liblo sees anything ---------------------------------------------------

/// Steps over a NUL-ended, zero-padded text.
Result<std::string_view> take_text(Bytes bytes, std::size_t& at, const char* what) {
    const auto* begin = reinterpret_cast<const char*>(bytes.data()) + at;
    const std::size_t left = bytes.size() - at;
    const void* end = left > 0 ? std::memchr(begin, 0, left) : nullptr;
    if (end == nullptr) return malformed(std::string(what) + " has no end");
    const auto length = static_cast<std::size_t>(static_cast<const char*>(end) - begin);
    const std::size_t size = padded(length + 1);
    if (size > left) return malformed(std::string(what) + " is torn");
    if (std::any_of(begin + length, begin + size, [](char c) { return c != 0; }))
        return malformed(std::string(what) + " is not padded with zeros");
    at += size;
    return std::string_view(begin, length);
}

Result<void> step_over_blob(Bytes bytes, std::size_t& at) {
    if (bytes.size() - at < 4) return malformed("blob is torn");
    const std::uint32_t size = big_endian(bytes, at);
    if (size > osc_packet_limit || bytes.size() - at - 4 < padded(size))
        return malformed("blob is torn");
    for (std::size_t i = at + 4 + size; i < at + 4 + padded(size); ++i)
        if (bytes[i] != 0) return malformed("blob is not padded with zeros");
    at += 4 + padded(size);
    return {};
}

Result<void> step_over_argument(Bytes bytes, std::size_t& at, char tag) {
    switch (tag) {
    case 's':
    case 'S': {
        const auto text = take_text(bytes, at, "string");
        return text ? Result<void>{} : Result<void>{text.error()};
    }
    case 'b': return step_over_blob(bytes, at);
    case 'T':
    case 'F':
    case 'N':
    case 'I': return {};
    case 'i':
    case 'f':
    case 'h':
    case 'd':
    case 't': break;
    default: return malformed(std::string("unknown type tag '") + tag + "'");
    }
    const std::size_t size = tag == 'i' || tag == 'f' ? 4 : 8;
    if (bytes.size() - at < size) return malformed(std::string("argument '") + tag + "' is torn");
    at += size;
    return {};
}

Result<std::string_view> check_message(Bytes bytes) {
    if (bytes.empty() || bytes.size() % 4 != 0) return malformed("size is no multiple of 4");
    std::size_t at = 0;
    const auto address = take_text(bytes, at, "address");
    if (!address) return address;
    if ((*address).empty() || ((*address).front() != '/' && *address != ardour_reply))
        return malformed("address does not start with '/'");
    if (std::any_of((*address).begin(), (*address).end(),
                    [](char c) { return c <= ' ' || c > '~'; }))
        return malformed("address is not printable ASCII");
    const auto tags = take_text(bytes, at, "type tags");
    if (!tags) return tags;
    if ((*tags).empty() || (*tags).front() != ',')
        return malformed("type tags do not start with ','");
    for (const char tag : (*tags).substr(1))
        if (const auto stepped = step_over_argument(bytes, at, tag); !stepped)
            return stepped.error();
    if (at != bytes.size()) return malformed("bytes after the last argument");
    return address;
}

/// Outside text may be no UTF-8, and everything behind takes that for granted: each byte that is none
/// becomes U+FFFD.
std::string repaired(std::string_view text) {
    const auto follows = [&](std::size_t at, std::uint8_t low, std::uint8_t high) {
        return at < text.size() && static_cast<std::uint8_t>(text[at]) >= low
               && static_cast<std::uint8_t>(text[at]) <= high;
    };
    std::string good;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<std::uint8_t>(text[at]);
        // The second byte's range keeps out overlong forms, surrogates and what is above U+10FFFF.
        const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        std::size_t size = lead < 0x80                   ? 1
                           : lead >= 0xC2 && lead < 0xE0 ? 2
                           : lead >= 0xE0 && lead < 0xF0 ? 3
                           : lead >= 0xF0 && lead < 0xF5 ? 4
                                                         : 0;
        if (size > 1 && !follows(at + 1, low, high)) size = 0;
        for (std::size_t i = 2; i < size; ++i)
            if (!follows(at + i, 0x80, 0xBF)) size = 0;
        good += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(at, size);
        at += std::max<std::size_t>(size, 1);
    }
    return good;
}

// ---- through liblo --------------------------------------------------------------------------

/// liblo leaves 8-byte arguments on 4-byte borders, so none is read in place.
template <class T> T read(const void* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

template <class T> Result<OscArgument> finite_or_infinite(const void* from) {
    const T value = read<T>(from);
    if (std::isnan(value)) return malformed("a number is NaN");
    return OscArgument{value};
}

Result<OscArgument> argument_of(lo_type type, void* from) {
    switch (type) {
    case LO_INT32: return OscArgument{read<std::int32_t>(from)};
    case LO_FLOAT: return finite_or_infinite<float>(from);
    case LO_STRING:
    case LO_SYMBOL: return OscArgument{repaired(static_cast<const char*>(from))};
    case LO_BLOB: {
        const auto* data = static_cast<const std::uint8_t*>(lo_blob_dataptr(from));
        return OscArgument{OscBlob{{data, data + lo_blob_datasize(from)}}};
    }
    case LO_INT64: return OscArgument{read<std::int64_t>(from)};
    case LO_DOUBLE: return finite_or_infinite<double>(from);
    case LO_TRUE: return OscArgument{true};
    case LO_FALSE: return OscArgument{false};
    case LO_NIL: return OscArgument{OscNil{}};
    case LO_INFINITUM: return OscArgument{OscInfinitum{}};
    case LO_TIMETAG: {
        const auto time = read<lo_timetag>(from);
        return OscArgument{OscTime{time.sec, time.frac}};
    }
    default: return malformed("unknown argument type");
    }
}

Result<OscMessage> decode_message(Bytes bytes) {
    const auto address = check_message(bytes);
    if (!address) return address.error();
    std::vector<std::uint8_t> copy(bytes.begin(), bytes.end()); // liblo wants it writable
    int result = 0;
    const LoMessage message{lo_message_deserialise(copy.data(), copy.size(), &result)};
    if (!message) return malformed("liblo error " + std::to_string(result));
    OscMessage decoded{std::string(*address), {}};
    const char* types = lo_message_get_types(message.get());
    lo_arg** values = lo_message_get_argv(message.get());
    const int count = lo_message_get_argc(message.get());
    decoded.arguments.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        auto argument = argument_of(static_cast<lo_type>(types[i]), values[i]);
        if (!argument) return argument.error();
        decoded.arguments.push_back(std::move(*argument));
    }
    return decoded;
}

Result<void> decode_packet(Bytes bytes, int depth, std::vector<OscMessage>& out) {
    const bool is_bundle =
        bytes.size() >= bundle_head.size()
        && std::memcmp(bytes.data(), bundle_head.data(), bundle_head.size()) == 0;
    if (!is_bundle) {
        auto message = decode_message(bytes);
        if (!message) return message.error();
        out.push_back(std::move(*message));
        return {};
    }
    if (depth >= osc_bundle_depth_limit) return malformed("bundles nested too deep");
    if (bytes.size() < 16) return malformed("bundle is torn");
    for (std::size_t at = 16; at < bytes.size();) {
        if (bytes.size() - at < 4) return malformed("bundle element is torn");
        const std::uint32_t size = big_endian(bytes, at);
        at += 4;
        if (size == 0 || size % 4 != 0 || size > bytes.size() - at)
            return malformed("bundle element is torn");
        if (auto inner = decode_packet(bytes.subspan(at, size), depth + 1, out); !inner)
            return inner;
        at += size;
    }
    return {};
}

/// Appends one argument to a liblo message; false on what OSC cannot carry.
bool append(lo_message message, const OscArgument& argument) {
    return std::visit(
        [&](const auto& value) {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::int32_t>)
                return lo_message_add_int32(message, value) == 0;
            else if constexpr (std::is_same_v<T, float>)
                return !std::isnan(value) && lo_message_add_float(message, value) == 0;
            else if constexpr (std::is_same_v<T, std::string>)
                return value.find('\0') == std::string::npos
                       && lo_message_add_string(message, value.c_str()) == 0;
            else if constexpr (std::is_same_v<T, OscBlob>) {
                // liblo has no empty blobs: lo_blob_new(0) is null
                if (value.bytes.empty() || value.bytes.size() > osc_packet_limit) return false;
                lo_blob blob =
                    lo_blob_new(static_cast<std::int32_t>(value.bytes.size()), value.bytes.data());
                const bool added = lo_message_add_blob(message, blob) == 0;
                lo_blob_free(blob);
                return added;
            } else if constexpr (std::is_same_v<T, std::int64_t>)
                return lo_message_add_int64(message, value) == 0;
            else if constexpr (std::is_same_v<T, double>)
                return !std::isnan(value) && lo_message_add_double(message, value) == 0;
            else if constexpr (std::is_same_v<T, bool>)
                return (value ? lo_message_add_true(message) : lo_message_add_false(message)) == 0;
            else if constexpr (std::is_same_v<T, OscNil>)
                return lo_message_add_nil(message) == 0;
            else if constexpr (std::is_same_v<T, OscInfinitum>)
                return lo_message_add_infinitum(message) == 0;
            else
                return lo_message_add_timetag(message, lo_timetag{value.seconds, value.fraction})
                       == 0;
        },
        argument);
}

} // namespace

Result<std::vector<std::uint8_t>> encode_osc(const OscMessage& message) {
    if (message.address.empty() || message.address.find('\0') != std::string::npos
        || (message.address.front() != '/' && message.address != ardour_reply))
        return Error{ErrorCode::invalid,
                     "OSC address \"" + message.address + "\" does not start with '/'",
                     {}};
    const LoMessage lo{lo_message_new()};
    for (const OscArgument& argument : message.arguments)
        if (!append(lo.get(), argument))
            return Error{ErrorCode::invalid,
                         message.address + ": an argument is no OSC value (NaN, NUL or too large)",
                         {}};
    std::size_t size = lo_message_length(lo.get(), message.address.c_str());
    if (size > osc_packet_limit)
        return Error{ErrorCode::invalid,
                     message.address + ": " + std::to_string(size)
                         + " bytes are above the packet limit of "
                         + std::to_string(osc_packet_limit),
                     {}};
    std::vector<std::uint8_t> bytes(size);
    lo_message_serialise(lo.get(), message.address.c_str(), bytes.data(), &size);
    return bytes;
}

Result<std::vector<OscMessage>> decode_osc(std::span<const std::uint8_t> packet) {
    if (packet.size() > osc_packet_limit) return malformed("larger than a datagram");
    std::vector<OscMessage> messages;
    if (auto decoded = decode_packet(packet, 0, messages); !decoded) return decoded.error();
    return messages;
}

} // namespace prefade
