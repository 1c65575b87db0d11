// The window as a user has it: the program on a virtual display with a window manager and a compositor.
#include "core/places.h"
#include "tests/overlay/fake_daemon.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"
#include "tests/support/udp_peer.h"
#include "tests/support/x_display.h"

#include <cstdlib>
#include <fstream>

#include <csignal>

using namespace prefade;
using namespace prefade::test;
namespace fs = std::filesystem;

namespace {

constexpr int tolerance = 40;         ///< of 255 a channel
constexpr double most_unlike = 0.005; ///< of the pixels

/// The program and its window. The files it keeps are of its own folder.
struct Overlay {
    const XDisplay& display;
    OwnFolder& folder;
    Process process;

    Overlay(const XDisplay& on, OwnFolder& own, std::vector<std::string> arguments = {"--no-start"})
        : display(on),
          folder(own),
          process(command(own, std::move(arguments)), own.path() / "overlay.log",
                  environment(on, own)) {
        if (!eventually(Seconds(20), [&] { return display.find("Prefade").has_value(); }))
            FAIL("no window; it runs: " << process.running() << ", it says: "
                                        << text_of_file(own.path() / "overlay.log"));
    }
    static std::vector<std::string> command(const OwnFolder& own,
                                            std::vector<std::string> arguments) {
        std::vector<std::string> all{program("prefade-overlay").string(), "--socket",
                                     (own.path() / "prefade.sock").string()};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return all;
    }
    static Environment environment(const XDisplay& on, const OwnFolder& own) {
        Environment all = on.environment();
        all["XDG_STATE_HOME"] = (own.path() / "state").string();
        all["XDG_CONFIG_HOME"] = (own.path() / "config").string();
        return all;
    }

    OnScreen place() const {
        const auto found = display.find("Prefade");
        REQUIRE(found);
        return *found;
    }
    Pixels look() const {
        const OnScreen at = place();
        return display.grab().part(at.x, at.y, at.width, at.height);
    }
    /// As it looks once it has come to rest: no pixel changes for a while.
    Pixels look_at_rest() const {
        Pixels last = look();
        TimePoint since = Clock::now();
        REQUIRE(eventually(Seconds(20), [&] {
            Pixels now = look();
            if (difference(now, last, 0) > 0.0) since = Clock::now();
            last = std::move(now);
            return Clock::now() - since > std::chrono::milliseconds(300);
        }));
        return last;
    }
    void key(const std::string& name) const {
        display.focus(place());
        display.key(name);
    }
    /// What it keeps of its place.
    Json kept() const {
        std::ifstream in(folder.path() / "state/prefade/overlay.json");
        std::string text((std::istreambuf_iterator<char>(in)), {});
        const auto json = parse_json(text);
        return json ? *json : Json();
    }
};

/// Writes the picture beside the programs and compares it with the approved one. PREFADE_APPROVE=1 approves it.
void check_approved(const Pixels& seen, const std::string& name) {
    const fs::path approved = fs::path(PREFADE_TESTS_DIR) / "overlay/approved" / (name + ".png"),
                   folder = program("prefade-overlay").parent_path().parent_path() / "screenshots";
    fs::create_directories(folder);
    seen.write_png(folder / (name + ".png"));
    const char* approve = std::getenv("PREFADE_APPROVE");
    if (approve && std::string(approve) == "1") seen.write_png(approved);
    INFO(folder / (name + ".png") << " against " << approved);
    REQUIRE(fs::exists(approved));
    CHECK(difference(seen, Pixels::read_png(approved), tolerance) <= most_unlike);
}

/// Ids of the processes whose command line holds `text`.
std::vector<pid_t> processes_with(const std::string& text) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        if (text_of_file(entry.path() / "cmdline").find(text) != std::string::npos)
            found.push_back(std::stoi(name));
    }
    return found;
}

} // namespace

TEST_CASE("the window looks as it was approved to") {
    const XDisplay display(900, 800);
    OwnFolder folder;
    FakeDaemon daemon(folder.path() / "prefade.sock");
    daemon.answer("ask",
                  {{"answer", "Proposed: fader of \"Kick\" from -5.3 to -7.3 dB. Nothing has "
                              "moved yet; it goes through the gate."},
                   {"sources", {"Mixing rules, DOSE-01 (expertise)"}},
                   {"moves", {{{"move", 9}, {"stage", "proposed"}}}}});
    daemon.answer(
        "host",
        {{"found", Json::array()},
         {"known",
          {{{"name", "ardour"},
            {"title", "Ardour"},
            {"here", true},
            {"settings", {"OSC is off in the preferences"}},
            {"steps", {"Open Edit > Preferences > Control Surfaces.", "Switch OSC on."}}}}}});
    daemon.answer("status", {{"version", "0.1.0"},
                             {"cannot_say",
                              {{{"rule", "too-quiet"}, {"reason", "the song does not play"}}}}});
    const Overlay overlay(display, folder);
    REQUIRE(eventually(Seconds(10),
                       [&] { return daemon.was_asked("subscribe {\"snapshots\":true}"); }));
    daemon.snapshot(nothing_yet());
    REQUIRE(eventually(Seconds(10), [&] { return daemon.was_asked("host {}"); }));
    check_approved(overlay.look_at_rest(), "first-start");
    daemon.snapshot(demo());
    check_approved(overlay.look_at_rest(), "advice");
    overlay.key("c");
    REQUIRE(eventually(Seconds(5), [&] { return overlay.place().height < 400; }));
    check_approved(overlay.look_at_rest(), "compact");
    overlay.key("c");
    REQUIRE(eventually(Seconds(5), [&] { return overlay.place().height > 400; }));
    daemon.snapshot(many_strips(200));
    overlay.key("2");
    check_approved(overlay.look_at_rest(), "strips");
    daemon.snapshot(much_advice(3));
    overlay.key("3");
    check_approved(overlay.look_at_rest(), "moves");
    overlay.key("4");
    REQUIRE(eventually(Seconds(10), [&] { return daemon.was_asked("status {}"); }));
    check_approved(overlay.look_at_rest(), "status");
    overlay.key("5");
    overlay.key("f");
    overlay.look_at_rest(); // the field has the keyboard
    overlay.key("v");
    overlay.look_at_rest(); // the letter has arrived
    overlay.key("Return");
    REQUIRE(eventually(Seconds(10), [&] { return daemon.was_asked("ask {\"question\":\"v\"}"); }));
    check_approved(overlay.look_at_rest(), "ask");
    daemon.snapshot(masked_strips());
    overlay.key("6");
    overlay.key("Down");
    check_approved(overlay.look_at_rest(), "masking");
    overlay.key("1");
    daemon.snapshot(lost_host());
    check_approved(overlay.look_at_rest(), "lost-host");
    overlay.key("F1");
    check_approved(overlay.look_at_rest(), "keys");
}

TEST_CASE("the window stays above one that is raised later") {
    XDisplay display(900, 800);
    OwnFolder folder;
    FakeDaemon daemon(folder.path() / "prefade.sock");
    const Overlay overlay(display, folder);
    REQUIRE(eventually(Seconds(10),
                       [&] { return daemon.was_asked("subscribe {\"snapshots\":true}"); }));
    daemon.snapshot(demo());
    const Pixels before = overlay.look_at_rest();
    const OnScreen at = overlay.place();
    display.raise_plain(at.x - 200, at.y + 40, 500, 400, 0xFFFFFF);
    // It is there, beside the window, and above whatever else there is.
    const auto is_white = [&](int x, int y) {
        const Pixels dot = display.grab().part(x, y, 1, 1);
        return dot.rgb[0] > 250 && dot.rgb[1] > 250 && dot.rgb[2] > 250;
    };
    REQUIRE(eventually(Seconds(10), [&] { return is_white(at.x - 60, at.y + 250); }));
    const Pixels after = overlay.look_at_rest();
    CHECK(difference(before, after, tolerance) <= most_unlike);
}

TEST_CASE("Esc in the window stops, and Enter applies what it shows") {
    const XDisplay display(900, 800);
    OwnFolder folder;
    FakeDaemon daemon(folder.path() / "prefade.sock");
    const Overlay overlay(display, folder);
    REQUIRE(eventually(Seconds(10),
                       [&] { return daemon.was_asked("subscribe {\"snapshots\":true}"); }));
    daemon.snapshot(demo());
    overlay.look_at_rest();
    overlay.key("Return");
    CHECK(eventually(Seconds(5), [&] { return daemon.was_asked("apply {\"advice\":3}"); }));
    overlay.key("Escape");
    CHECK(eventually(Seconds(5), [&] { return daemon.was_asked("stop {}"); }));
}

TEST_CASE("place, size and scale are remembered, moved by keyboard and by mouse") {
    const XDisplay display(1400, 1100);
    OwnFolder folder;
    FakeDaemon daemon(folder.path() / "prefade.sock");
    OnScreen last;
    {
        Overlay overlay(display, folder);
        overlay.look_at_rest();
        const OnScreen first = overlay.place();
        overlay.key("ctrl+Left");
        overlay.key("ctrl+Down");
        REQUIRE(eventually(Seconds(5), [&] {
            return overlay.place().x == first.x - 24 && overlay.place().y == first.y + 24;
        }));
        const OnScreen at = overlay.place();
        display.move_mouse(at.x + 200, at.y + 10); // the header
        overlay.look_at_rest();
        display.button(true);
        overlay.look_at_rest();
        display.move_mouse(at.x + 80, at.y + 60);
        CHECK(eventually(Seconds(5), [&] {
            return overlay.place().x == at.x - 120 && overlay.place().y == at.y + 50;
        }));
        display.button(false);
        overlay.look_at_rest();
        overlay.key("shift+ctrl+Up"); // shorter
        REQUIRE(eventually(Seconds(5), [&] { return overlay.place().height == at.height - 24; }));
        overlay.key("minus"); // smaller
        REQUIRE(eventually(Seconds(5), [&] { return overlay.place().width < at.width; }));
        last = overlay.place();
        REQUIRE(eventually(Seconds(5), [&] {
            const Json kept = overlay.kept();
            return kept.is_object() && kept["x"] == last.x && kept["scale"].get<double>() < 1.0;
        }));
        overlay.process.signal(SIGKILL); // as a crash would
        REQUIRE(overlay.process.wait(Seconds(5)));
    }
    REQUIRE(eventually(Seconds(5), [&] { return !display.find("Prefade"); }));
    Overlay again(display, folder);
    CHECK(eventually(Seconds(5), [&] {
        const OnScreen now = again.place();
        return now.x == last.x && now.y == last.y && now.width == last.width
               && now.height == last.height;
    }));
    again.key("c"); // and the size it was left in
    REQUIRE(eventually(Seconds(5), [&] {
        const Json kept = again.kept();
        return kept.is_object() && kept["compact"] == true;
    }));
    again.key("ctrl+q");
    REQUIRE(again.process.wait(Seconds(5)) == 0);
    const Overlay third(display, folder);
    CHECK(eventually(Seconds(5), [&] { return third.place().height < 400; }));
}

TEST_CASE("without a daemon the window starts the user's, and again when it is asked to") {
    const XDisplay display(900, 800);
    OwnFolder folder;
    const std::string socket = (folder.path() / "prefade.sock").string();
    // Its settings name a place where nothing ever answers: a DAW of this machine is not drawn into the test.
    const Peer silent;
    fs::create_directories(folder.path() / "config/prefade");
    std::ofstream(folder.path() / "config/prefade/prefade.toml")
        << "host = \"ardour=127.0.0.1:" << silent.port() << "\"\n";
    const auto daemons = [&] {
        std::vector<pid_t> all;
        for (const pid_t id : processes_with(socket))
            if (text_of_file("/proc/" + std::to_string(id) + "/cmdline").find("prefaded")
                != std::string::npos)
                all.push_back(id);
        return all;
    };
    const auto answers = [&] {
        return LineClient::connect(socket, std::chrono::seconds(1)).has_value();
    };
    {
        const TimePoint start = Clock::now();
        const Overlay overlay(display, folder, {});
        REQUIRE(eventually(Seconds(10), answers));
        figure(
            "overlay started to its daemon answering: "
            + std::to_string(
                std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count())
            + " ms (bar 10 s)");
        auto running = daemons();
        REQUIRE(running.size() == 1);
        const Pixels connected = overlay.look_at_rest();
        ::kill(running[0], SIGKILL);
        REQUIRE(eventually(
            Seconds(10), [&] { return difference(overlay.look(), connected, tolerance) > 0.002; }));
        overlay.look_at_rest();
        CHECK(daemons().empty()); // it was ended by somebody: not started again behind their back
        overlay.key("n");
        REQUIRE(eventually(Seconds(10), answers));
        CHECK(eventually(Seconds(10), [&] {
            return difference(overlay.look(), connected, tolerance) <= 0.002;
        }));
    }
    const auto left = daemons(); // it outlives the window
    CHECK(left.size() == 1);
    for (const pid_t id : left) ::kill(id, SIGTERM);
    CHECK(eventually(Seconds(10), [&] { return daemons().empty(); }));
}
