// prefade-overlay: arguments in, link and window built, drawn when something changed.
#include "core/places.h"
#include "overlay/link.h"
#include "overlay/typeface.h"
#include "overlay/user_socket.h"
#include "overlay/window.h"

#include <cstdio>
#include <string_view>

namespace {

using namespace prefade;
using namespace prefade::overlay;
using namespace std::chrono_literals;

constexpr Duration frame_interval = 33ms; ///< 30 frames a second at most
constexpr Duration age_interval = 1s;     ///< between two looks at ages that are shown

constexpr const char* usage =
    "prefade-overlay: the window of prefaded, always on top\n"
    "\n"
    "usage: prefade-overlay [--socket PATH] [--demo] [--no-start] [--check]\n"
    "\n"
    "  --socket PATH   of the daemon (default: PREFADE_SOCKET, else that of prefade.toml, else\n"
    "                  $XDG_RUNTIME_DIR/prefade.sock)\n"
    "  --demo          start the daemon with the demo, if none runs\n"
    "  --no-start      do not start a daemon when none answers\n"
    "  --check         say which typeface it would draw with and end; exit status 1 without one\n"
    "  --help, --version\n"
    "\n"
    "? in the window shows every key; Esc stops all moves. Where the window is and how large is "
    "kept\n"
    "in overlay.json in the state folder. On Wayland it runs through XWayland.\n";

int complain(const Error& error) {
    std::fprintf(stderr, "prefade-overlay: %s%s%s\n", error.where.c_str(),
                 error.where.empty() ? "" : ": ", error.message.c_str());
    return 1;
}

void pass_on(const std::vector<Wish>& wishes, Link& link) {
    for (const Wish& wish : wishes) {
        if (const auto* command = std::get_if<Command>(&wish)) link.send(*command);
        if (const auto* own = std::get_if<WindowWish>(&wish)) {
            if (*own == WindowWish::start_daemon) link.start_daemon();
            if (*own == WindowWish::start_demo) link.start_demo();
        }
    }
}

/// What the doctor asks: that this program runs at all shows that its libraries are there.
int check() {
    const auto typeface = find_typeface();
    if (!typeface) return complain(typeface.error());
    std::printf("draws with %s\n", typeface->regular.string().c_str());
    return 0;
}

/// When the picture changes without anything having happened.
TimePoint next_change(const View& view, const Window& window, TimePoint now) {
    TimePoint next = window.shows_ages() ? now + age_interval : TimePoint::max();
    if (view.picture)
        if (const auto stale = next_stale(*view.picture, now)) next = std::min(next, *stale + 1ms);
    return next;
}

void run(Window& window, Link& link) {
    std::shared_ptr<const View> drawn;
    TimePoint last_frame{}, changes = TimePoint::max();
    while (!window.closed()) {
        TimePoint now = Clock::now();
        const auto kept = window.keep_place(now);
        TimePoint until = std::min(changes, kept.value_or(TimePoint::max()));
        if (window.touched() || window.settles()) until = last_frame + frame_interval;
        window.wait(until);
        now = Clock::now();
        link.want_status(window.shows_status());
        auto newest = link.newest();
        const bool news = !drawn || !looks_same(*drawn, *newest, window.shows_status());
        if (!news && drawn != newest) { // the same, but measured later
            drawn = newest;
            changes = next_change(*drawn, window, now);
        }
        if (!news && !window.touched() && !window.settles() && now < changes) continue;
        while (now < last_frame + frame_interval && !window.closed()) { // events go on being taken
            window.wait(last_frame + frame_interval);
            now = Clock::now();
        }
        drawn = link.newest();
        last_frame = now;
        pass_on(window.draw(*drawn, now), link);
        changes = next_change(*drawn, window, now);
    }
}

} // namespace

int main(int argc, char** argv) {
    std::optional<std::filesystem::path> socket;
    bool start = true, demo = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--help" || argument == "-h") {
            std::fputs(usage, stdout);
            return 0;
        }
        if (argument == "--version") {
            std::puts("prefade-overlay " PREFADE_VERSION);
            return 0;
        }
        if (argument == "--check") return check();
        if (argument == "--demo")
            demo = true;
        else if (argument == "--no-start")
            start = false;
        else if (argument == "--socket" && i + 1 < argc)
            socket = argv[++i];
        else {
            std::fprintf(stderr, "prefade-overlay: cannot use \"%s\"\n\n%s", argv[i], usage);
            return 2;
        }
    }
    if (!socket) {
        auto usual = user_socket();
        if (!usual) return complain(usual.error());
        socket = std::move(*usual);
    }
    auto window = Window::open(state_folder() / "overlay.json");
    if (!window) return complain(window.error());
#ifdef _WIN32
    const char* daemon = "prefaded.exe";
#else
    const char* daemon = "prefaded";
#endif
    Link link({*socket, DaemonProcess(program_folder() / daemon, state_folder() / "prefaded.log"),
               start, demo, Window::wake});
    run(**window, link);
    return 0;
}
