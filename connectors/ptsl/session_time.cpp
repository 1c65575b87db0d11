// Times as the host writes them, in seconds from the session's start.
#include "connectors/ptsl/answers.h"

#include <charconv>
#include <cmath>

namespace prefade::ptsl {
namespace {

/// "01:02:03;04" -> 1 2 3 4; empty where something else than digits stands between the marks.
std::vector<std::int64_t> numbers_in(std::string_view text, std::string_view marks) {
    std::vector<std::int64_t> numbers;
    for (;;) {
        const auto end = std::min(text.find_first_of(marks), text.size());
        std::int64_t number = 0;
        const auto [stop, failed] = std::from_chars(text.data(), text.data() + end, number);
        constexpr std::int64_t longest = 1'000'000'000'000;
        if (end == 0 || failed != std::errc{} || stop != text.data() + end || number < 0
            || number > longest)
            return {};
        numbers.push_back(number);
        if (end == text.size()) return numbers;
        text.remove_prefix(end + 1);
    }
}

/// Frames since 00:00:00:00. Drop-frame leaves out the first numbers of every minute but each tenth, two for every
/// 30 frames a second (SMPTE 12M).
std::optional<std::int64_t> frame_at(std::string_view text, const TimeCodeRate& rate) {
    const auto part = numbers_in(text, ":;");
    if (part.size() != 4 || part[0] > 99 || part[1] > 59 || part[2] > 59 || part[3] >= rate.frames)
        return std::nullopt;
    const std::int64_t minutes = part[0] * 60 + part[1];
    std::int64_t frame = (minutes * 60 + part[2]) * rate.frames + part[3];
    if (rate.drop) frame -= (minutes - minutes / 10) * 2 * (rate.frames / 30);
    return frame;
}

/// "1:02.500", "62.5": minutes and seconds; hours before them where there are any.
std::optional<double> seconds_at(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos) return std::nullopt;
    const auto whole = numbers_in(text.substr(0, point), ":");
    const std::string_view digits = text.substr(point + 1);
    const auto rest = numbers_in(digits, {});
    if (whole.empty() || whole.size() > 3 || rest.size() != 1 || digits.size() > 9)
        return std::nullopt;
    double seconds = 0.0;
    for (const std::int64_t part : whole) seconds = seconds * 60.0 + static_cast<double>(part);
    return seconds
           + static_cast<double>(rest.front()) / std::pow(10.0, static_cast<double>(digits.size()));
}

} // namespace

std::optional<double> seconds_in(std::string_view text, const SessionClock& clock) {
    if (const auto samples = numbers_in(text, {}); samples.size() == 1) {
        if (!clock.sample_rate || *clock.sample_rate == 0) return std::nullopt;
        return static_cast<double>(samples.front()) / *clock.sample_rate;
    }
    if (clock.rate && clock.rate->frames > 0) {
        const auto frame = frame_at(text, *clock.rate), start = frame_at(clock.start, *clock.rate);
        if (frame && start && *frame >= *start)
            return static_cast<double>(*frame - *start) / clock.rate->a_second();
    }
    return seconds_at(text);
}

} // namespace prefade::ptsl
