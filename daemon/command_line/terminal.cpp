#include "daemon/command_line/terminal.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#ifdef _WIN32
#include <io.h>
#include <windows.h>
#else
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#endif

namespace prefade::command_line {
namespace {

std::atomic<bool> end_wanted{false}, rest_wanted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "signal handlers write them");

extern "C" void on_end(int) { end_wanted.store(true); }

#ifndef _WIN32
extern "C" void on_rest(int) { rest_wanted.store(true); }

/// Without SA_RESTART: a wait returns early, which is how the loops hear of it.
void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
}

/// Typed characters stay out of the picture; Ctrl-C and Ctrl-Z still work.
void set_echo(bool on) {
    termios settings{};
    if (tcgetattr(STDIN_FILENO, &settings) != 0) return;
    const tcflag_t flags = ECHO | ICANON;
    settings.c_lflag = on ? settings.c_lflag | flags : settings.c_lflag & ~flags;
    tcsetattr(STDIN_FILENO, on ? TCSAFLUSH : TCSANOW, &settings);
}
#endif

/// Columns of the terminal behind a stream; 0: it is none.
std::size_t width_of(std::FILE* stream) {
#ifdef _WIN32
    if (_isatty(_fileno(stream)) == 0) return 0;
    const DWORD which = stream == stderr ? STD_ERROR_HANDLE : STD_OUTPUT_HANDLE;
    CONSOLE_SCREEN_BUFFER_INFO console{};
    if (GetConsoleScreenBufferInfo(GetStdHandle(which), &console))
        return static_cast<std::size_t>(console.srWindow.Right - console.srWindow.Left + 1);
#else
    if (isatty(fileno(stream)) == 0) return 0;
    winsize size{};
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
#endif
    return 80;
}

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value && *value;
}

} // namespace

bool output_is_terminal() { return width_of(stdout) != 0; }

Look look_of_output() {
    Look look;
    look.width = width_of(stdout);
    if (look.width == 0) return look;
    const char* term = std::getenv("TERM");
    look.colour = !is_set("NO_COLOR") && !(term && std::string_view(term) == "dumb");
    return look;
}

bool print(const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size()
           && std::fflush(stdout) == 0;
}

bool end_asked() noexcept { return end_wanted.load(); }

void catch_signals() {
#ifdef _WIN32
    std::signal(SIGINT, on_end);
    std::signal(SIGTERM, on_end);
#else
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) handle(signal, on_end);
    handle(SIGPIPE, SIG_IGN);
#endif
}

StatusLine::StatusLine() : width_(width_of(stderr)) {}

StatusLine::~StatusLine() { clear(); }

void StatusLine::clear() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
    shown_ = false;
}

void StatusLine::show(const std::string& text) {
    if (width_ == 0) return;
    std::fprintf(stderr, "\r%s\x1b[K", cut(text, width_ - 1).c_str());
    std::fflush(stderr);
    shown_ = true;
}

Screen::Screen() { enter(); }
Screen::~Screen() { leave(); }

void Screen::enter() {
#ifndef _WIN32
    handle(SIGTSTP, on_rest);
    set_echo(false);
#endif
    print("\x1b[?1049h\x1b[?25l\x1b[2J"); // second screen, no cursor, empty (xterm, ECMA-48)
}

void Screen::leave() {
    print("\x1b[?25h\x1b[?1049l");
#ifndef _WIN32
    set_echo(true);
    handle(SIGTSTP, SIG_DFL);
#endif
}

void Screen::rest_if_asked() {
    if (!rest_wanted.exchange(false)) return;
#ifndef _WIN32
    leave();
    std::raise(SIGTSTP); // returns when the shell brings us back
    enter();
#endif
}

Screen::Size Screen::size() const {
    Size answer;
#ifndef _WIN32
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
        answer = {size.ws_col, size.ws_row};
#endif
    return answer;
}

void Screen::draw(const std::vector<std::string>& lines) {
    std::string out = "\x1b[H";
    const std::size_t rows = std::min(lines.size(), size().rows);
    for (std::size_t i = 0; i < rows; ++i) out += (i ? "\r\n" : "") + lines[i] + "\x1b[K";
    print(out + "\x1b[J");
}

} // namespace prefade::command_line
