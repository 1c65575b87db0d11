// OSC 1.0 packets <-> messages. Bundles, nested ones too, come out as their messages in order. Any
// bytes may come in: the packet is checked before liblo sees it. Pure; any thread.
#pragma once

#include "connectors/message.h"
#include "core/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace prefade {

/// Largest packet either way: what one IPv4 UDP datagram can carry.
inline constexpr std::size_t osc_packet_limit = 65'507;
/// Bundles deeper than this are refused; no host nests them at all.
inline constexpr int osc_bundle_depth_limit = 8;

/// One datagram. Errors: an address that does not start with '/', NUL within a text, NaN, an empty
/// blob, too large.
Result<std::vector<std::uint8_t>> encode_osc(const OscMessage& message);

/// All messages of one datagram, or an error in words and none of them. Refused: torn packets, bad
/// padding, unknown type tags ('c', 'r', 'm' among them), NaN, addresses that do not start with '/' or
/// are no printable ASCII (Ardour's literal "#reply" is taken). Infinities pass: they are levels. Tag 'S'
/// arrives as a string; strings come out as valid UTF-8.
Result<std::vector<OscMessage>> decode_osc(std::span<const std::uint8_t> packet);

} // namespace prefade
