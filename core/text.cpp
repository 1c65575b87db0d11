#include "core/text.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>

namespace prefade {

namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

/// Length of the character at the start of `text` (The Unicode Standard, table 3-7: well-formed UTF-8 byte
/// sequences); 0 when there is none.
std::size_t character_length(std::string_view text) {
    const unsigned char first = byte_at(text, 0);
    if (first < 0x80) return 1;
    const std::size_t length = first < 0xC2   ? 0
                               : first < 0xE0 ? 2
                               : first < 0xF0 ? 3
                               : first < 0xF5 ? 4
                                              : 0;
    if (length == 0 || text.size() < length) return 0;
    const unsigned char lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned char highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte_at(text, 1) < lowest || byte_at(text, 1) > highest) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((byte_at(text, i) & 0xC0) != 0x80) return 0;
    return length;
}

bool is_control(std::string_view character) {
    const unsigned char first = byte_at(character, 0);
    if (character.size() == 1) return first < 0x20 || first == 0x7F;
    return first == 0xC2 && byte_at(character, 1) < 0xA0; // C1: U+0080 to U+009F
}

/// A name with these could show another text than it holds: marks, embeddings and overrides of direction,
/// isolates (UAX #9, table 3), the line and paragraph separators, and the byte order mark.
bool turns_text(std::string_view character) {
    const auto is_within = [&](std::string_view first, std::string_view last) {
        return character.size() == first.size() && character >= first && character <= last;
    };
    return is_within("\xe2\x80\xa8", "\xe2\x80\xae")    // U+2028 to U+202E
           || is_within("\xe2\x80\x8e", "\xe2\x80\x8f") // U+200E, U+200F
           || is_within("\xe2\x81\xa6", "\xe2\x81\xa9") // U+2066 to U+2069
           || character == "\xd8\x9c" || character == "\xef\xbb\xbf";
}

void append_escaped(std::string& out, std::string_view bytes) {
    for (const char c : bytes) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(c));
        out += escaped;
    }
}

} // namespace

std::string printable(std::string_view text) {
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        const std::string_view character = text.substr(0, length == 0 ? 1 : length);
        if (length == 0 || is_control(character) || turns_text(character))
            append_escaped(out, character);
        else
            out += character;
        text.remove_prefix(character.size());
    }
    return out;
}

} // namespace prefade
