// A sentence as it is typed or said, as words and as amounts: "minus two and a half dB", "10-30ms", "four to
// one", "2.5k", "at one forty". Pure; any thread.
#pragma once

#include "knowledge/control_unit.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// A word in small letters without apostrophes ("whats"), a number with its sign and point, "4:1" or "1/8". A
/// unit that sticks to a number is a word of its own; the digits of a name ("la2a") are not.
std::vector<std::string> spoken_words(std::string_view sentence);

/// "db", "kilohertz" ...
std::vector<std::string_view> spoken_units();

struct SpokenAmount {
    Amount amount;        ///< unit number where none was said
    std::size_t first{0}; ///< of the words it is made of
    std::size_t count{0}; ///< how many words
    bool has_sign{false}; ///< "-2", "+3", "minus two"
    bool is_digits{true}; ///< written, not said in words
};
/// In order; none overlaps another. A number in words without a unit counts only where its
/// neighbours say so: "at one forty", "down two", "thirty left".
std::vector<SpokenAmount> spoken_amounts(const std::vector<std::string>& words);

/// "15 to 30 ms", "4:1", "-3 to -1 dB", "10 ms or more": reads well aloud and on paper. Figures as people
/// say them: 2000 to 4000 Hz are 2 to 4 kHz, 0.15 s is 150 ms.
std::string said(const Amount& amount);

} // namespace prefade
