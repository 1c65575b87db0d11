// Text from outside, made safe to print. Track names and a host's messages are data: nothing in them may
// steer a terminal or break a line of a log. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace prefade {

/// `text` with each control character (C0, DEL, and C1 in UTF-8), each character that turns the direction
/// of the text or separates lines, and each byte that is no UTF-8 written as its bytes, "\x1b"; everything
/// else as it is.
std::string printable(std::string_view text);

} // namespace prefade
