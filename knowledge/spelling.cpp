#include "knowledge/spelling.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace prefade {

namespace {

bool is_numeral(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_word_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

/// Words of letters and numbers of digits, in small letters.
std::vector<std::string> pieces_of(std::string_view text) {
    std::vector<std::string> pieces;
    bool is_open = false;
    for (const char c : text) {
        if (!is_numeral(c) && !is_word_letter(c)) {
            is_open = false;
            continue;
        }
        if (!is_open || is_numeral(pieces.back().back()) != is_numeral(c)) pieces.emplace_back();
        is_open = true;
        pieces.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return pieces;
}

constexpr std::array<std::string_view, 20> small_numbers{
    "zero",     "one",     "two",     "three",     "four",     "five",    "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 8> tens{"twenty", "thirty",  "forty",  "fifty",
                                               "sixty",  "seventy", "eighty", "ninety"};

/// Model numbers as they are said, number after number: "seventy six" is 76, "one sixty" 160, "twenty five
/// hundred" 2500, "thirty three six oh nine" 33609.
class NumberWords {
public:
    /// Adds the digits of `piece` to `key`; false when it is no number here.
    bool append(std::string_view piece, std::string& key) {
        const bool follows = std::exchange(follows_, true);
        const bool after_tens = std::exchange(after_tens_, false);
        if (const auto number = number_word(piece)) {
            if (after_tens && *number > 0 && *number < 10) key.pop_back(); // the zero of "seventy"
            after_tens_ = *number >= 20;
            key += std::to_string(*number);
        } else if (follows && piece == "hundred") {
            key += "00";
        } else if (follows && piece == "thousand") {
            key += "000";
        } else if (follows && (piece == "oh" || piece == "o")) {
            key += '0';
        } else {
            follows_ = is_numeral(piece.front());
            return false;
        }
        return true;
    }

private:
    bool follows_{false}, after_tens_{false};
};

} // namespace

std::size_t letters_off(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row[b.size()];
}

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known,
                         std::size_t most) {
    std::string_view best;
    std::size_t off = most + 1;
    if (name.size() > 40) return best;
    for (const std::string_view candidate : known)
        if (const std::size_t d = letters_off(name, candidate); d < off) {
            off = d;
            best = candidate;
        }
    return best;
}

std::string known_names(std::string_view name, const std::vector<std::string_view>& known) {
    std::string text = "; known: ";
    for (std::size_t i = 0; i < known.size(); ++i) (text += i ? ", " : "") += known[i];
    if (const std::string_view near = nearest(name, known); !near.empty())
        text += " (did you mean " + std::string(near) + "?)";
    return text;
}

std::string in_quotes(std::string_view name) { return '"' + std::string(name) + '"'; }

namespace {

std::string_view near_enough(std::string_view name, const std::vector<std::string_view>& known) {
    return nearest(name, known, std::max<std::size_t>(2, name.size() / 3));
}

} // namespace

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known) {
    const std::string_view near = near_enough(name, known);
    return near.empty() ? std::string{} : "; did you mean " + in_quotes(near) + '?';
}

std::string nearest_spoken(const std::string& key,
                           const std::map<std::string, std::string>& known) {
    std::vector<std::string_view> keys;
    for (const auto& entry : known) keys.push_back(entry.first);
    const std::string_view near = near_enough(key, keys);
    if (near.empty()) return {};
    return "; the nearest is " + in_quotes(known.find(std::string(near))->second)
           + ", which is not taken for it";
}

std::optional<int> number_word(std::string_view word) {
    const auto small = std::find(small_numbers.begin(), small_numbers.end(), word);
    if (small != small_numbers.end()) return static_cast<int>(small - small_numbers.begin());
    const auto ten = std::find(tens.begin(), tens.end(), word);
    if (ten != tens.end()) return static_cast<int>(ten - tens.begin() + 2) * 10;
    return std::nullopt;
}

std::string spoken_key(std::string_view text) {
    std::string key;
    NumberWords numbers;
    for (const std::string& piece : pieces_of(text))
        if (!numbers.append(piece, key)) key += piece;
    return key;
}

std::string choice_key(std::string_view text) {
    std::string key;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i], next = i + 1 < text.size() ? text[i + 1] : ' ';
        const char before = key.empty() ? ' ' : key.back();
        const bool parts_numbers = is_numeral(before) && is_numeral(next); // "1 2" is not "12"
        if ((c == ' ' || c == '_') && !parts_numbers) continue;
        if (c == '-' && (is_word_letter(before) || !is_numeral(next)))
            continue; // "-12" keeps its sign
        key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return key;
}

void Vocabulary::add(const Vocabulary& other) {
    for (const auto& [length, words] : other.words_)
        words_[length].insert(words.begin(), words.end());
}

bool Vocabulary::knows(std::string_view word) const {
    const auto same_length = words_.find(word.size());
    return same_length != words_.end() && same_length->second.contains(word);
}

std::string_view Vocabulary::meant_by(std::string_view word) const {
    if (word.size() < 5 || word.size() > 24 || knows(word)) return {};
    if (std::any_of(word.begin(), word.end(), is_numeral)) return {};
    std::size_t least = word.size() >= 8 ? 3 : 2; // one more than may be off
    std::string_view meant;
    for (std::size_t length = word.size() - 2; length <= word.size() + 2; ++length) {
        const auto same_length = words_.find(length);
        if (same_length == words_.end()) continue;
        for (const std::string& known : same_length->second) {
            if (known.front() != word.front()) continue;
            const std::size_t off = letters_off(word, known);
            if (off > least || (off == least && meant.empty())) continue;
            meant =
                off == least ? std::string_view{} : std::string_view(known); // two as near: neither
            least = off;
        }
    }
    return meant;
}

} // namespace prefade
