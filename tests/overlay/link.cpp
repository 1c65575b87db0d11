// The line to the daemon, against a server of lines that plays its part.
#include "overlay/link.h"

#include "core/values.h"
#include "tests/overlay/fake_daemon.h"
#include "tests/overlay/snapshots.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"
#include "tests/support/process.h"

#include <atomic>
#include <fstream>

using namespace prefade;
using namespace prefade::overlay;
using Catch::Matchers::Contains;
using test::eventually;
using test::FakeDaemon;
using test::Seconds;

namespace {

struct Bench {
    test::OwnFolder folder;
    std::filesystem::path socket = folder.path() / "prefade.sock";
    std::atomic<int> woken{0};
    Link link{{socket, DaemonProcess(folder.path() / "no-such-program", folder.path() / "log"),
               true, false, [this] { ++woken; }}};

    bool sees(const std::function<bool(const View&)>& holds) {
        return eventually(Seconds(10), [&] { return holds(*link.newest()); });
    }
};

} // namespace

TEST_CASE("without a daemon that is said, and what is wanted of it is not lost in silence") {
    Bench b;
    CHECK(b.sees(
        [](const View& v) { return v.trouble.find("does not run at") != std::string::npos; }));
    CHECK_FALSE(b.link.newest()->may_start); // there is no program to start
    b.link.send({"stop", Json::object()});
    CHECK(b.sees([](const View& v) { return v.notice.find("not sent") != std::string::npos; }));
}

TEST_CASE("snapshots arrive, commands go out, and what they answer is told") {
    Bench b;
    FakeDaemon daemon(b.socket);
    REQUIRE(b.sees([](const View& v) { return v.line == View::Line::connected; }));
    REQUIRE(
        eventually(Seconds(5), [&] { return daemon.was_asked("subscribe {\"snapshots\":true}"); }));
    daemon.snapshot(test::three_strips());
    REQUIRE(b.sees([](const View& v) { return v.picture && v.picture->strips.size() == 3; }));
    CHECK(b.woken > 0);
    b.link.send({"apply", {{"advice", 3}}});
    CHECK(eventually(Seconds(5), [&] { return daemon.was_asked("apply {\"advice\":3}"); }));
    b.link.send({"undo", Json::object()});
    CHECK(b.sees([](const View& v) { return v.notice == "there is no move of this run to undo"; }));
    daemon.answer("ask", {{"answer", "Two of them."}, {"sources", {"a page", "a book"}}});
    b.link.send({"ask", {{"question", "solo"}}});
    REQUIRE(b.sees([](const View& v) { return v.asked.has_value(); }));
    CHECK(b.link.newest()->asked->question == "solo");
    CHECK(b.link.newest()->asked->says == "Two of them.");
    CHECK(b.link.newest()->asked->sources == "a page; a book");
    b.link.want_status(true);
    CHECK(eventually(Seconds(5), [&] { return daemon.was_asked("status {}"); }));
}

TEST_CASE("a daemon that dies is shown as gone with what was last known, and found again") {
    Bench b;
    auto daemon = std::make_unique<FakeDaemon>(b.socket);
    REQUIRE(b.sees([](const View& v) { return v.line == View::Line::connected; }));
    REQUIRE(eventually(Seconds(5),
                       [&] { return daemon->was_asked("subscribe {\"snapshots\":true}"); }));
    daemon->snapshot(test::three_strips());
    REQUIRE(b.sees([](const View& v) { return v.picture.has_value(); }));
    daemon.reset();
    REQUIRE(b.sees([](const View& v) { return v.line == View::Line::lost; }));
    CHECK_THAT(b.link.newest()->trouble, Contains("has gone"));
    CHECK(b.link.newest()->picture->strips.size() == 3);
    daemon = std::make_unique<FakeDaemon>(b.socket);
    REQUIRE(b.sees([](const View& v) { return v.line == View::Line::connected; }));
    REQUIRE(eventually(Seconds(5),
                       [&] { return daemon->was_asked("subscribe {\"snapshots\":true}"); }));
    daemon->snapshot(test::demo());
    CHECK(b.sees([](const View& v) { return v.picture->host_name == "DEMO"; }));
}

TEST_CASE("a daemon that does not start is quoted") {
    const test::OwnFolder folder;
    DaemonProcess process("/bin/false", folder.path() / "log");
    REQUIRE(process.can_start());
    REQUIRE(process.start({"--demo"}));
    CHECK(eventually(Seconds(5), [&] { return !process.runs(); }));
    CHECK(process.last_words().empty());
    std::ofstream(folder.path() / "log")
        << "12:00:00 something\nprefaded: cannot use \"--demo\"\n\nusage: x\n";
    CHECK(process.last_words() == "prefaded: cannot use \"--demo\"");
    CHECK_FALSE(DaemonProcess("/no/such/program", folder.path() / "log").can_start());
}
