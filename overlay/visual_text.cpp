#include "overlay/visual_text.h"

#include <fribidi.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace prefade::overlay {
namespace {

/// The first lead byte of a right-to-left script in UTF-8: Hebrew begins at U+0590, 0xD6 0x90.
constexpr unsigned char first_right_to_left = 0xD6;

bool may_turn(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= first_right_to_left; });
}

} // namespace

std::string visual(std::string_view text) {
    if (!may_turn(text) || text.size() > std::numeric_limits<FriBidiStrIndex>::max() / 8)
        return std::string(text);
    std::vector<FriBidiChar> logical(text.size() + 1);
    const FriBidiStrIndex length =
        fribidi_charset_to_unicode(FRIBIDI_CHAR_SET_UTF8, text.data(),
                                   static_cast<FriBidiStrIndex>(text.size()), logical.data());
    std::vector<FriBidiChar> ordered(logical.size());
    FriBidiParType direction = FRIBIDI_PAR_LTR;
    if (fribidi_log2vis(logical.data(), length, &direction, ordered.data(), nullptr, nullptr,
                        nullptr)
        == 0)
        return std::string(text);
    // Joining leaves a filler where two letters became one.
    const auto end = std::remove(ordered.begin(), ordered.begin() + length,
                                 static_cast<FriBidiChar>(FRIBIDI_CHAR_FILL));
    const auto count = static_cast<FriBidiStrIndex>(end - ordered.begin());
    std::string out(static_cast<std::size_t>(count) * 4 + 1, '\0');
    const FriBidiStrIndex bytes =
        fribidi_unicode_to_charset(FRIBIDI_CHAR_SET_UTF8, ordered.data(), count, out.data());
    out.resize(static_cast<std::size_t>(bytes));
    return out;
}

} // namespace prefade::overlay
