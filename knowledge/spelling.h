// Names as people write and say them: how far two are apart, and one key for the many spellings of a
// product. Pure; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// Letters to change, add or drop to come from `a` to `b`; time and space by the product of lengths.
std::size_t letters_off(std::string_view a, std::string_view b);
/// The nearest of `known` when it is at most `most` letters off; empty otherwise, and for names over 40
/// bytes. For messages only: a lookup never takes it.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known,
                         std::size_t most = 2);
/// "; known: a, b, c (did you mean a?)".
std::string known_names(std::string_view name, const std::vector<std::string_view>& known);

/// The name between double quotes, for messages.
std::string in_quotes(std::string_view name);

/// '; did you mean "bass"?' with the nearest of `known`, a third of the letters off at the most; or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known);
/// '; the nearest is "LA-2A", which is not taken for it', or nothing. `known` are names by their spoken_key.
std::string nearest_spoken(const std::string& key, const std::map<std::string, std::string>& known);
/// 0 to 20, and the tens up to 90: "eleven" is 11, "seventy" 70. Small letters only.
std::optional<int> number_word(std::string_view word);

/// The key under which spellings of one name meet: small letters and digits only, English number words as
/// digits. "1176 LN", "eleven seventy six LN" and "Eleven-Seventy-Six ln" are all "1176ln"; "LA-2A" and
/// "la two a" are "la2a". Bytes beyond ASCII stay.
std::string spoken_key(std::string_view text);

/// The same for the choices of a switch, which differ by less: only capitals, and spaces and dashes beside a letter,
/// do not count. "1.5:1" is not "15:1", "C#" is not "C", "+4" is not "4".
std::string choice_key(std::string_view text);

/// Words that are right, and what a slip of the finger is taken for.
class Vocabulary {
public:
    void add(std::string word) { words_[word.size()].insert(std::move(word)); }
    void add(const Vocabulary& other);
    bool knows(std::string_view word) const;
    /// The word that `word` is a slip of: one letter off from 5 letters on, two from 8; the first letter is
    /// right, and no word with digits is ever a slip. Empty when it is known, or not one word alone is nearest.
    std::string_view meant_by(std::string_view word) const;

private:
    std::map<std::size_t, std::set<std::string, std::less<>>> words_; ///< by length
};

} // namespace prefade
