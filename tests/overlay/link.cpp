// The line to the daemon, against a server of lines that plays its part.
#include "overlay/link.h"

#include "core/line_socket.h"
#include "core/values.h"
#include "tests/overlay/snapshots.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"
#include "tests/support/process.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>

using namespace prefade;
using namespace prefade::overlay;
using Catch::Matchers::Contains;
using test::eventually;
using test::Seconds;

namespace {

/// A daemon as far as the line goes: notes what it is asked, answers everything, sends what it is told to.
class FakeDaemon {
public:
    explicit FakeDaemon(const std::filesystem::path& socket) {
        auto opened = LineServer::open(socket);
        if (!opened) throw std::runtime_error(opened.error().message);
        server_ = std::move(*opened);
        LineServer::Callbacks callbacks;
        callbacks.line = [this](LineServer::Connection from, std::string_view line) {
            const Json request = *parse_json(line);
            const std::lock_guard lock(mutex_);
            from_ = from;
            asked_.push_back(text_of(request, "method") + ' ' + to_line(member(request, "params")));
            Json answer = {{"jsonrpc", "2.0"}, {"id", member(request, "id")}};
            if (text_of(request, "method") == "undo")
                answer["error"] = {{"code", -32001},
                                   {"message", "there is no move of this run to undo"}};
            else
                answer["result"] = {{"rules", {{{"id", "solo-left-on"}, {"severity", "caution"}}}}};
            server_->send(from, to_line(answer));
        };
        callbacks.gone = [](LineServer::Connection) {};
        callbacks.idle = [](TimePoint) { return TimePoint::max(); };
        server_->start(std::move(callbacks));
    }
    void snapshot(const Snapshot& what) {
        const std::lock_guard lock(mutex_);
        server_->send(
            from_,
            to_line({{"jsonrpc", "2.0"}, {"method", "snapshot"}, {"params", test::json_of(what)}}));
    }
    bool was_asked(const std::string& what) {
        const std::lock_guard lock(mutex_);
        return std::find(asked_.begin(), asked_.end(), what) != asked_.end();
    }

private:
    std::mutex mutex_;
    std::vector<std::string> asked_;
    LineServer::Connection from_{0};
    std::unique_ptr<LineServer> server_;
};

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
    b.link.send({"rules", {{"text", "solo"}}});
    REQUIRE(b.sees([](const View& v) { return v.asked.has_value(); }));
    CHECK(b.link.newest()->asked->question == "solo");
    CHECK(b.link.newest()->asked->rules.at(0).id == "solo-left-on");
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
