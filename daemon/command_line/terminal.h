// What standard output is, and a screen that is drawn in place and given back as it was found. Main
// thread, apart from the signal handlers inside.
#pragma once

#include "daemon/command_line/text.h"

#include <string>
#include <vector>

namespace prefade::command_line {

/// Colours and width for standard output: a terminal's own, unless NO_COLOR is set or TERM is dumb;
/// unlimited and plain for anything else.
Look look_of_output();
bool output_is_terminal();

/// Prints on standard output at once; false when it cannot be written (a full disk, a closed pipe).
bool print(const std::string& text);

/// True once Ctrl-C or a request to end has come; only after `catch_signals`. Waiting calls return early then.
bool end_asked() noexcept;
void catch_signals();

/// A line on standard error that is drawn in place and leaves nothing behind; nothing where that is no terminal.
class StatusLine {
public:
    StatusLine();
    ~StatusLine();
    StatusLine(const StatusLine&) = delete;
    StatusLine& operator=(const StatusLine&) = delete;

    /// One line of harmless text; cut to the width of the terminal.
    void show(const std::string& text);
    void clear();

private:
    bool shown_{false};
    std::size_t width_{0}; ///< 0: no terminal
};

/// The terminal's second screen while it lives; leaving gives back the first, cursor and echo included.
class Screen {
public:
    Screen();
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    struct Size {
        std::size_t columns{80}, rows{24};
    };
    Size size() const;
    void draw(const std::vector<std::string>& lines);
    /// Gives way to the shell when Ctrl-Z was pressed, until it brings us back.
    void rest_if_asked();

private:
    void enter();
    void leave();
};

} // namespace prefade::command_line
