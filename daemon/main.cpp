// prefaded: arguments in, app run.
#include "daemon/app.h"
#include "daemon/config.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <string_view>

namespace {

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler writes it");

extern "C" void on_signal(int) { stop_asked.store(true); }

constexpr const char* usage =
    "prefaded: listens to a DAW, advises, and moves what you approve\n"
    "\n"
    "usage: prefaded [--host NAME[=ADDRESS] | --demo[=FAULTS] [--play]] [--config FILE] [--socket "
    "PATH]\n"
    "                [--record FILE]\n"
    "\n"
    "  --host NAME[=ADDRESS]  the DAW: ardour, ardour=127.0.0.1:3820; default: the one that "
    "answers on this machine\n"
    "  --demo[=FAULTS]        no DAW but the session inside this program, with faults to find: "
    "names with\n"
    "                         commas, all, none; default: the usual ones\n"
    "  --play                 let the demo be heard, where there is a sound device\n"
    "  --config FILE          settings (default: prefade.toml in the configuration folder, if "
    "there)\n"
    "  --socket PATH          where `prefade` finds this daemon\n"
    "  --record FILE          write every message of the DAW's wire to FILE, one JSON line each\n"
    "  --help, --version\n"
    "\n"
    "Runs in the foreground and logs to standard error; Ctrl-C ends it. One daemon a socket.\n";

} // namespace

int main(int argc, char** argv) {
    prefade::AppOptions options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--help" || argument == "-h") {
            std::fputs(usage, stdout);
            std::fputs(prefade::config_help().c_str(), stdout);
            return 0;
        }
        if (argument == "--version") {
            std::puts("prefaded " PREFADE_VERSION);
            return 0;
        }
        const bool demo = argument == "--demo" || argument.starts_with("--demo=");
        if (demo || (i + 1 < argc && argument == "--host")) {
            if (!options.host.empty()) {
                std::fputs("prefaded: --host or --demo is given twice; one daemon reads one DAW\n",
                           stderr);
                return 2;
            }
            options.host = demo ? std::string(argument.substr(2)) : argv[++i];
        } else if (argument == "--play") {
            options.play = true;
        } else if (i + 1 < argc && argument == "--config")
            options.config = argv[++i];
        else if (i + 1 < argc && argument == "--socket")
            options.socket = argv[++i];
        else if (i + 1 < argc && argument == "--record")
            options.record = argv[++i];
        else {
            std::fprintf(stderr, "prefaded: cannot use \"%s\"\n\n%s", argv[i], usage);
            return 2;
        }
    }
    if (options.play && options.host.substr(0, options.host.find('=')) != "demo") {
        std::fputs("prefaded: --play goes with --demo\n", stderr);
        return 2;
    }
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
#ifndef _WIN32
    std::signal(SIGPIPE, SIG_IGN);
#endif
    const auto ran = prefade::run_app(options, stop_asked);
    if (ran) return 0;
    const prefade::Error& error = ran.error();
    std::fprintf(stderr, "prefaded: %s%s%s\n", error.where.c_str(), error.where.empty() ? "" : ": ",
                 error.message.c_str());
    return 1;
}
