#include "daemon/command_line/text.h"

#include "core/result.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace prefade::command_line {
namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr std::size_t gap = 2;          ///< columns between two columns of a table
constexpr std::size_t comfortable = 24; ///< a name cut to this can be read

/// The code point at `at`, which moves behind it; U+FFFD for what is no UTF-8 (RFC 3629).
char32_t next_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at++);
    if (first < 0x80) return first;
    const int more = first >= 0xF5   ? -1
                     : first >= 0xF0 ? 3
                     : first >= 0xE0 ? 2
                     : first >= 0xC2 ? 1
                                     : -1;
    if (more < 0) return replacement;
    char32_t point = first & (0x3Fu >> static_cast<unsigned>(more));
    std::size_t i = at;
    for (int n = 0; n < more; ++n, ++i) {
        if (i >= text.size() || (byte(i) & 0xC0) != 0x80) return replacement;
        point = (point << 6) | (byte(i) & 0x3Fu);
    }
    constexpr char32_t lowest[] = {0, 0x80, 0x800, 0x10000};
    if (point < lowest[more] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return replacement;
    at = i;
    return point;
}

const char* code_of(Tone tone) {
    switch (tone) {
    case Tone::plain: return "";
    case Tone::strong: return "\x1b[1m";
    case Tone::faint: return "\x1b[2m";
    case Tone::good: return "\x1b[32m";
    case Tone::warn: return "\x1b[33m";
    case Tone::bad: return "\x1b[1;31m";
    }
    return "";
}

} // namespace

std::string toned(std::string_view text, Tone tone, const Look& look) {
    if (!look.colour || tone == Tone::plain || text.empty()) return std::string(text);
    return code_of(tone) + std::string(text) + "\x1b[0m";
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) width += columns_of(next_point(text, at));
    return width;
}

std::string fixed(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

std::string duration_text(double seconds) {
    const auto whole = std::llround(seconds);
    char text[64];
    if (whole < 3600)
        std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
    else
        std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                      whole % 60);
    return text;
}

std::string counted(std::size_t count, const std::string& thing) {
    return std::to_string(count) + ' ' + thing + (count == 1 ? "" : "s");
}

std::string cut(std::string_view text, std::size_t width) {
    if (display_width(text) <= width) return std::string(text);
    const std::string_view mark = width >= 2 ? ".." : "";
    std::size_t used = 0, end = 0;
    for (std::size_t at = 0; at < text.size(); end = at) {
        used += columns_of(next_point(text, at));
        if (used + mark.size() > width) break;
    }
    return std::string(text.substr(0, end)) + std::string(mark);
}

std::string padded(std::string_view text, std::size_t width, bool right) {
    const std::size_t used = display_width(text);
    const std::string spaces(used < width ? width - used : 0, ' ');
    return right ? spaces + std::string(text) : std::string(text) + spaces;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    if (width == 0) return {std::string(text)};
    std::size_t from = 0, last_space = std::string_view::npos, used = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t here = at;
        if (text[here] == ' ') last_space = here;
        used += columns_of(next_point(text, at));
        if (used <= width || here == from) continue;
        const bool at_space = last_space != std::string_view::npos && last_space > from;
        const std::size_t end = at_space ? last_space : here;
        lines.emplace_back(text.substr(from, end - from));
        from = at = at_space ? end + 1 : end;
        used = 0;
        last_space = std::string_view::npos;
    }
    if (from < text.size() || lines.empty()) lines.emplace_back(text.substr(from));
    return lines;
}

std::string fitted(std::string_view text, std::size_t width) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
        const std::size_t room = width > indent + 20 ? width - indent : 0;
        for (const std::string& part : wrapped(line.substr(indent), room))
            out += (part.empty() ? "" : std::string(indent, ' ')) + part + '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

// ---- tables ---------------------------------------------------------------------------------

void Table::add(std::vector<Cell> row) {
    PREFADE_ASSERT(row.size() == columns_.size(), "a table row has one cell a column");
    rows_.push_back(std::move(row));
}

/// Of each column; `shown` says which of them there is room for.
std::vector<std::size_t> Table::widths(std::size_t limit, std::vector<bool>& shown) const {
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        std::size_t width = display_width(columns_[c].title);
        for (const auto& row : rows_) width = std::max(width, display_width(row[c].text));
        widths.push_back(width);
    }
    const auto total = [&] {
        std::size_t sum = 0;
        for (std::size_t c = 0; c < widths.size(); ++c)
            if (shown[c]) sum += widths[c] + gap;
        return sum - std::min(sum, gap);
    };
    const auto comfortable_total = [&] { // with what may be cut at a readable width
        std::size_t spare = 0;
        for (std::size_t c = 0; c < widths.size(); ++c)
            if (shown[c] && columns_[c].narrowest)
                spare +=
                    widths[c] - std::min(widths[c], std::max(comfortable, columns_[c].narrowest));
        return total() - spare;
    };
    while (limit && comfortable_total() > limit) {
        std::size_t worst = 0;
        for (std::size_t c = 0; c < columns_.size(); ++c)
            if (shown[c] && (!shown[worst] || columns_[c].rank > columns_[worst].rank)) worst = c;
        if (columns_[worst].rank == 0) break;
        shown[worst] = false;
    }
    while (limit && total() > limit) { // the widest that can be cut gives a column
        std::size_t widest = columns_.size();
        for (std::size_t c = 0; c < columns_.size(); ++c)
            if (shown[c] && columns_[c].narrowest && widths[c] > columns_[c].narrowest
                && (widest == columns_.size() || widths[c] > widths[widest]))
                widest = c;
        if (widest == columns_.size()) break;
        --widths[widest];
    }
    return widths;
}

std::string Table::text(const Look& look) const {
    std::vector<bool> shown(columns_.size(), true);
    const std::vector<std::size_t> wide = widths(look.width, shown);
    std::string out;
    const auto line = [&](const auto& text_at, const auto& tone_at) {
        std::string spaces, row; // spaces go out only before more text
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            if (!shown[c]) continue;
            const std::string text = cut(text_at(c), wide[c]);
            const std::string fill(wide[c] - std::min(wide[c], display_width(text)), ' ');
            if (text.empty())
                spaces += fill;
            else {
                row += spaces + (columns_[c].right ? fill : "") + toned(text, tone_at(c), look);
                spaces = columns_[c].right ? "" : fill;
            }
            spaces.append(gap, ' ');
        }
        out += row + '\n';
    };
    line([&](std::size_t c) -> const std::string& { return columns_[c].title; },
         [](std::size_t) { return Tone::faint; });
    for (const auto& row : rows_)
        line([&](std::size_t c) -> const std::string& { return row[c].text; },
             [&](std::size_t c) { return row[c].tone; });
    return out;
}

} // namespace prefade::command_line
