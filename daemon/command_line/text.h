// Text as a terminal shows it: columns instead of bytes, colours that never stand alone, tables that fit.
// Outside text passes `printable` (core/text.h) before it comes here. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace prefade::command_line {

/// How what is printed may look.
struct Look {
    std::size_t width{0}; ///< columns; 0: as wide as it gets
    bool colour{false};
};

enum class Tone { plain, strong, faint, good, warn, bad };

/// `text` in a colour; as it is where colours are off. A word or a shape must say the same.
std::string toned(std::string_view text, Tone tone, const Look& look);

/// Columns that one code point takes: 0, 1 or 2.
std::size_t columns_of(char32_t point) noexcept;
/// Columns of UTF-8 text without control characters.
std::size_t display_width(std::string_view text);

/// "1 file", "2 files".
std::string counted(std::size_t count, const std::string& thing);

/// A number with so many decimals.
std::string fixed(double value, int decimals);
/// "0:42", "3:42", "5:00:00"
std::string duration_text(double seconds);

/// At most `width` columns; a cut end shows as "..".
std::string cut(std::string_view text, std::size_t width);
/// With spaces up to `width` columns, before or after the text.
std::string padded(std::string_view text, std::size_t width, bool right = false);
/// Lines of at most `width` columns, broken at spaces where there are any. Width 0: one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
/// Text of several lines, each wrapped; what is wrapped keeps the line's indent.
std::string fitted(std::string_view text, std::size_t width);

/// Columns of text under titles. Too wide a table loses columns of a high `rank`, and the columns that
/// may be cut are cut.
class Table {
public:
    struct Column {
        std::string title;
        bool right{false};        ///< numbers
        int rank{0};              ///< 0: always shown; the highest goes first
        std::size_t narrowest{0}; ///< may be cut down to this; 0: never
    };
    struct Cell {
        std::string text;
        Tone tone{Tone::plain};
        Cell(std::string t = {}, Tone how = Tone::plain) : text(std::move(t)), tone(how) {}
        Cell(const char* t) : text(t) {}
    };

    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
    /// As many cells as columns, each one line of harmless text.
    void add(std::vector<Cell> row);
    bool empty() const noexcept { return rows_.empty(); }
    std::string text(const Look& look) const;

private:
    std::vector<std::size_t> widths(std::size_t limit, std::vector<bool>& shown) const;

    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

} // namespace prefade::command_line
