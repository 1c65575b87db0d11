#include "knowledge/spoken.h"

#include "knowledge/spelling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

namespace prefade {

namespace {

bool is_figure(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_word_byte(char c) noexcept {
    return (c >= 'a' && c <= 'z') || is_figure(c) || (c & 0x80) != 0;
}

using SpokenUnit = std::pair<std::string_view, ControlUnit>;
constexpr std::array<SpokenUnit, 40> spoken_unit_words{{{"db", ControlUnit::decibel},
                                                        {"dbs", ControlUnit::decibel},
                                                        {"decibel", ControlUnit::decibel},
                                                        {"decibels", ControlUnit::decibel},
                                                        {"dbfs", ControlUnit::dbfs},
                                                        {"dbtp", ControlUnit::dbtp},
                                                        {"lufs", ControlUnit::lufs},
                                                        {"lkfs", ControlUnit::lufs},
                                                        {"lu", ControlUnit::loudness_units},
                                                        {"hz", ControlUnit::hertz},
                                                        {"hertz", ControlUnit::hertz},
                                                        {"khz", ControlUnit::kilohertz},
                                                        {"kilohertz", ControlUnit::kilohertz},
                                                        {"k", ControlUnit::kilohertz},
                                                        {"ms", ControlUnit::milliseconds},
                                                        {"msec", ControlUnit::milliseconds},
                                                        {"millis", ControlUnit::milliseconds},
                                                        {"millisecond", ControlUnit::milliseconds},
                                                        {"milliseconds", ControlUnit::milliseconds},
                                                        {"s", ControlUnit::seconds},
                                                        {"sec", ControlUnit::seconds},
                                                        {"secs", ControlUnit::seconds},
                                                        {"second", ControlUnit::seconds},
                                                        {"seconds", ControlUnit::seconds},
                                                        {"us", ControlUnit::microseconds},
                                                        {"microseconds", ControlUnit::microseconds},
                                                        {"%", ControlUnit::percent},
                                                        {"percent", ControlUnit::percent},
                                                        {"bpm", ControlUnit::bpm},
                                                        {"semitone", ControlUnit::semitones},
                                                        {"semitones", ControlUnit::semitones},
                                                        {"cents", ControlUnit::cents},
                                                        {"octave", ControlUnit::octaves},
                                                        {"octaves", ControlUnit::octaves},
                                                        {"bit", ControlUnit::bits},
                                                        {"bits", ControlUnit::bits},
                                                        {"beats", ControlUnit::beats},
                                                        {"bars", ControlUnit::bars},
                                                        {"ratio", ControlUnit::ratio},
                                                        {"x", ControlUnit::times}}};

std::optional<ControlUnit> unit_called(std::string_view word) {
    for (const SpokenUnit& unit : spoken_unit_words)
        if (unit.first == word) return unit.second;
    return std::nullopt;
}

/// Cuts "128bpm" and "2.5k" after the number, leaves "la2a" and "1176ln" whole.
void add_word(std::vector<std::string>& words, std::string word) {
    std::size_t digits = word.front() == '-' || word.front() == '+' ? 1 : 0;
    while (digits < word.size() && (is_figure(word[digits]) || word[digits] == '.')) ++digits;
    const std::string rest = word.substr(digits);
    if (digits == 0 || rest.empty() || !unit_called(rest) || rest == "x") {
        words.push_back(std::move(word));
        return;
    }
    words.push_back(word.substr(0, digits));
    words.push_back(rest);
}

std::optional<double> digits_of(const std::string& word) {
    const char* begin = word.c_str();
    char* end = nullptr;
    const bool has_figure = std::any_of(word.begin(), word.end(), is_figure);
    const double number = std::strtod(begin, &end);
    if (!has_figure || end != begin + word.size() || !std::isfinite(number)) return std::nullopt;
    return number;
}

/// One number at a place among the words.
class NumberReader {
public:
    explicit NumberReader(const std::vector<std::string>& words) : words_(words) {}

    struct Number {
        double value{0.0};
        std::size_t count{0};
        bool has_sign{false}, is_digits{false};
    };

    std::optional<Number> at(std::size_t from) const {
        Number number;
        double sign = 1.0;
        std::size_t i = from;
        if (is(i, "minus") || is(i, "plus") || is(i, "negative")) {
            sign = is(i, "plus") ? 1.0 : -1.0;
            number.has_sign = true;
            ++i;
        }
        if (i >= words_.size()) return std::nullopt;
        if (const auto written = digits_of(words_[i])) {
            number.value = *written;
            number.is_digits = true;
            number.has_sign =
                number.has_sign || words_[i].front() == '-' || words_[i].front() == '+';
            ++i;
        } else if (!read_words(i, number.value)) {
            return std::nullopt;
        }
        if (is(i, "and") && is(i + 1, "a") && is(i + 2, "half")) {
            number.value += 0.5;
            i += 3;
        }
        number.value *= sign;
        number.count = i - from;
        return number;
    }

private:
    bool is(std::size_t i, std::string_view word) const {
        return i < words_.size() && words_[i] == word;
    }

    /// "one hundred and twenty", "one forty", "twenty five hundred", "two point five", "half a".
    bool read_words(std::size_t& i, double& value) const {
        if (is(i, "half")) {
            value = 0.5;
            i += is(i + 1, "a") ? 2 : 1;
            return true;
        }
        if (is(i, "a") && (is(i + 1, "db") || is(i + 1, "decibel"))) {
            value = 1.0;
            ++i;
            return true;
        }
        if (is(i, "a") && (is(i + 1, "hundred") || is(i + 1, "thousand"))) ++i;
        const std::size_t from = i;
        double last = 0.0;
        bool adds = false; // what follows "hundred" is added to it
        for (; i < words_.size(); ++i) {
            if (const auto n = number_word(words_[i])) {
                const bool completes_tens = last >= 20.0 && *n > 0 && *n < 10;
                value = i == from ? *n : adds || completes_tens ? value + *n : value * 100.0 + *n;
                last = *n;
            } else if (words_[i] == "hundred" || words_[i] == "thousand") {
                value = std::max(value, 1.0) * (words_[i] == "hundred" ? 100.0 : 1000.0);
                last = 0.0;
                adds = true;
            } else if (!(adds && words_[i] == "and" && i + 1 < words_.size()
                         && number_word(words_[i + 1]))) {
                break;
            }
        }
        if (i == from) return false;
        if (is(i, "point")) {
            std::size_t digit = i + 1;
            double place = 0.1;
            for (; digit < words_.size() && number_word(words_[digit]).value_or(10) < 10; ++digit) {
                value += *number_word(words_[digit]) * place;
                place /= 10.0;
            }
            if (digit > i + 1) i = digit;
        }
        return true;
    }

    const std::vector<std::string>& words_;
};

bool is_to(const std::string& word) { return word == "to" || word == "through" || word == ".."; }

/// "1/8" is no amount; "4:1" is a ratio.
std::optional<double> ratio_of(const std::string& word) {
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos || word.substr(colon) != ":1") return std::nullopt;
    return digits_of(word.substr(0, colon));
}

std::string plain(double number) {
    constexpr double longest = 1e7; // what is worth reading aloud
    if (std::isinf(number)) return number < 0.0 ? "minus infinity" : "infinity";
    if (std::abs(number) > longest)
        return number < 0.0 ? "under minus ten million" : "over ten million";
    std::string text = to_text(number, ControlUnit::number);
    return text;
}

std::string_view unit_said(ControlUnit unit) {
    switch (unit) {
    case ControlUnit::number:
    case ControlUnit::panel: return "";
    case ControlUnit::ratio: return ":1";
    case ControlUnit::octaves: return " octaves";
    case ControlUnit::db_per_octave: return " dB per octave";
    case ControlUnit::microseconds: return " microseconds";
    case ControlUnit::times: return " times";
    default: return {};
    }
}

/// A number in words is an amount where its neighbours say so: "at one forty", "down two", "thirty left".
bool is_counted(const std::vector<std::string>& words, std::size_t first, std::size_t behind) {
    constexpr std::array<std::string_view, 4> before{"at", "by", "down", "up"};
    const bool is_behind =
        first > 0 && std::find(before.begin(), before.end(), words[first - 1]) != before.end();
    return is_behind
           || (behind < words.size() && (words[behind] == "left" || words[behind] == "right"));
}

/// In the unit in which the numbers are short.
Amount as_people_say(const Amount& amount) {
    const auto largest = [](const Amount& a) {
        const double from = std::isinf(a.from) ? 0.0 : std::abs(a.from);
        return std::max(from, std::isinf(a.to) ? 0.0 : std::abs(a.to));
    };
    const double size = largest(amount);
    const auto changed = [&](ControlUnit unit) { return in_unit(amount, unit).value_or(amount); };
    if (amount.unit == ControlUnit::hertz && size >= 1000.0) return changed(ControlUnit::kilohertz);
    if (amount.unit == ControlUnit::milliseconds && size >= 1500.0)
        return changed(ControlUnit::seconds);
    if (amount.unit == ControlUnit::milliseconds && size > 0.0 && size < 0.1)
        return changed(ControlUnit::microseconds);
    if (amount.unit == ControlUnit::seconds && size > 0.0 && size < 1.0)
        return changed(ControlUnit::milliseconds);
    return amount;
}

} // namespace

std::vector<std::string_view> spoken_units() {
    std::vector<std::string_view> units;
    for (const SpokenUnit& unit : spoken_unit_words) units.push_back(unit.first);
    return units;
}

std::vector<std::string> spoken_words(std::string_view sentence) {
    std::vector<std::string> words;
    std::string word;
    const auto close = [&] {
        if (!word.empty() && word != "-" && word != "+") add_word(words, std::move(word));
        word.clear();
    };
    for (std::size_t i = 0; i < sentence.size(); ++i) {
        char c = sentence[i];
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        const bool figure_next = i + 1 < sentence.size() && is_figure(sentence[i + 1]);
        const bool figure_before = !word.empty() && is_figure(word.back());
        if (sentence.substr(i, 3) == "\xE2\x88\x92") { // the sign minus
            close();
            word = "-";
            i += 2;
        } else if (sentence.substr(i, 3) == "\xE2\x80\x99") { // an apostrophe, as phones write it
            i += 2;
        } else if (sentence.substr(i, 3) == "\xE2\x80\x93") { // a dash from..to
            close();
            if (figure_next) words.emplace_back("to");
            i += 2;
        } else if (c == '\'') {
            // the "s" of "LA-2A's" is no part of the name
            const bool is_model = std::any_of(word.begin(), word.end(), is_figure);
            if (is_model && i + 1 < sentence.size()
                && (sentence[i + 1] == 's' || sentence[i + 1] == 'S')) {
                ++i;
                close();
            }
        } else if (is_word_byte(c)) {
            word += c;
        } else if ((c == '.' || c == ':' || c == '/') && figure_before && figure_next) {
            word += c;
        } else if (c == '.' && word.empty() && figure_next) {
            word = "0.";
        } else if ((c == '-' || c == '+') && word.empty() && figure_next) {
            word = c;
        } else if (c == '-' && figure_before && figure_next && digits_of(word)) { // 10-30
            close();
            words.emplace_back("to");
        } else if (c == '%') {
            close();
            words.emplace_back("%");
        } else {
            close();
        }
    }
    close();
    return words;
}

std::vector<SpokenAmount> spoken_amounts(const std::vector<std::string>& words) {
    std::vector<SpokenAmount> amounts;
    const NumberReader numbers(words);
    for (std::size_t i = 0; i < words.size();) {
        if (const auto ratio = ratio_of(words[i])) {
            amounts.push_back({{*ratio, *ratio, ControlUnit::ratio}, i, 1, false, true});
            ++i;
            continue;
        }
        const auto first = numbers.at(i);
        if (!first) {
            ++i;
            continue;
        }
        SpokenAmount amount{{first->value, first->value, ControlUnit::number},
                            i,
                            first->count,
                            first->has_sign,
                            first->is_digits};
        std::size_t next = i + first->count;
        // "10 to 30 ms", and "10 ms to 30 ms"
        std::size_t to_at = next;
        if (to_at < words.size() && unit_called(words[to_at])) ++to_at;
        if (to_at < words.size() && is_to(words[to_at]))
            if (const auto second = numbers.at(to_at + 1)) {
                const std::size_t behind = to_at + 1 + second->count;
                const bool is_ratio =
                    second->value == 1.0 && !(behind < words.size() && unit_called(words[behind]));
                if (is_ratio)
                    amount.amount.unit = ControlUnit::ratio;
                else
                    amount.amount.to = second->value;
                if (amount.amount.to < amount.amount.from)
                    std::swap(amount.amount.from, amount.amount.to);
                next = behind;
            }
        const auto unit = next < words.size() ? unit_called(words[next]) : std::nullopt;
        if (unit && amount.amount.unit == ControlUnit::number) {
            amount.amount.unit = *unit;
            ++next;
        }
        if (next + 1 < words.size() && amount.amount.unit == ControlUnit::beats
            && words[next] == "per") {
            amount.amount.unit = ControlUnit::bpm;
            next += 2;
        }
        amount.count = next - i;
        const bool counts = amount.is_digits || amount.amount.unit != ControlUnit::number
                            || amount.has_sign || is_counted(words, i, next);
        if (counts) amounts.push_back(amount);
        i = next;
    }
    return amounts;
}

std::string said(const Amount& written) {
    const Amount amount = as_people_say(written);
    const std::string_view spoken = unit_said(amount.unit);
    const bool is_bare = amount.unit == ControlUnit::number || amount.unit == ControlUnit::panel;
    const std::string unit = is_bare ? std::string{}
                             : !spoken.empty()
                                 ? std::string(spoken)
                                 : ' ' + std::string(name_in(control_unit_names, amount.unit));
    if (amount.unit == ControlUnit::ratio && amount.is_range() && !std::isinf(amount.to))
        return plain(amount.from) + ":1 to " + plain(amount.to) + ":1";
    const bool is_one = amount.from == 1.0 && amount.unit == ControlUnit::beats;
    if (is_one) return "1 beat";
    if (!amount.is_range()) return plain(amount.from) + unit;
    if (std::isinf(amount.to)) return plain(amount.from) + unit + " or more";
    if (std::isinf(amount.from)) return plain(amount.to) + unit + " or less";
    return plain(amount.from) + " to " + plain(amount.to) + unit;
}

} // namespace prefade
