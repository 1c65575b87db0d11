#include "core/line_socket.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace prefade;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 20s; ///< never waited for when all is well

/// What the server's thread saw, for the test's thread to wait for.
class Seen {
public:
    void line(LineServer::Connection from, std::string_view text) {
        note([&] { lines_.emplace_back(from, text); });
    }
    void gone(LineServer::Connection connection) {
        note([&] { gone_.insert(connection); });
    }

    std::pair<LineServer::Connection, std::string> line(std::size_t number) {
        wait([&] { return lines_.size() > number; });
        return lines_.at(number);
    }
    void wait_for_gone(LineServer::Connection connection) {
        wait([&] { return gone_.count(connection) > 0; });
    }
    std::size_t lines() {
        const std::lock_guard lock(mutex_);
        return lines_.size();
    }

private:
    template <class F> void note(F f) {
        {
            const std::lock_guard lock(mutex_);
            f();
        }
        changed_.notify_all();
    }
    template <class F> void wait(F until) {
        std::unique_lock lock(mutex_);
        REQUIRE(changed_.wait_for(lock, patience, until));
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::pair<LineServer::Connection, std::string>> lines_;
    std::set<LineServer::Connection> gone_;
};

struct Rig {
    test::OwnFolder folder;
    std::filesystem::path path = folder.path() / "s";
    Seen seen;
    std::unique_ptr<LineServer> server;

    explicit Rig(LineServer::Limits limits = {}) {
        auto opened = LineServer::open(path, limits);
        REQUIRE(opened);
        server = std::move(*opened);
        server->start({[this](auto from, auto text) { seen.line(from, text); },
                       [this](auto id) { seen.gone(id); }, nullptr, "too long", "too many"});
    }
    LineClient connect() const {
        auto client = LineClient::connect(path, patience);
        REQUIRE(client);
        return std::move(*client);
    }
};

/// The next line; empty when the server is gone.
std::string next(LineClient& client) {
    auto line = client.receive(Clock::now() + patience);
    if (!line) return {};
    REQUIRE(line->has_value());
    return **line;
}

void say(LineClient& client, std::string_view line) {
    REQUIRE(client.send(line, Clock::now() + patience));
}

} // namespace

TEST_CASE("a line arrives and its answer comes back") {
    Rig rig;
    auto client = rig.connect();
    say(client, "hello");
    const auto [from, text] = rig.seen.line(0);
    CHECK(text == "hello");
    rig.server->send(from, "hello to you");
    CHECK(next(client) == "hello to you");
}

TEST_CASE("lines are told apart however the bytes come, and empty ones do not count") {
    Rig rig;
    auto client = rig.connect();
    say(client, "one\ntwo\r\n\n\r\nthr");
    CHECK(rig.seen.line(2).second == "thr");
    CHECK(rig.seen.line(1).second == "two");
    CHECK(rig.seen.line(0).second == "one");
    CHECK(rig.seen.lines() == 3);
}

TEST_CASE("a line of exactly the limit passes, one byte more ends the connection with a reason") {
    Rig rig({100, 32, 1000});
    auto client = rig.connect();
    say(client, std::string(100, 'a'));
    CHECK(rig.seen.line(0).second == std::string(100, 'a'));
    say(client, std::string(101, 'b'));
    CHECK(next(client) == "too long");
    CHECK(next(client).empty());
    CHECK(rig.seen.lines() == 1);
}

TEST_CASE("a line that never ends is cut off at the limit") {
    Rig rig;
    auto client = rig.connect();
    const std::string endless(8U << 20U, 'x');
    const auto sent = client.send(endless, Clock::now() + patience);
    CHECK(
        (sent
         || sent.error().code == ErrorCode::unavailable)); // the server may be gone before the end
    CHECK(next(client) == "too long");
    CHECK(rig.seen.lines() == 0);
}

TEST_CASE("one connection too many is told so; a place that came free is given again") {
    Rig rig({1000, 2, 1000});
    auto first = std::make_unique<LineClient>(rig.connect());
    auto second = rig.connect();
    say(*first, "1");
    say(second, "2");
    rig.seen.line(1);
    auto third = rig.connect();
    CHECK(next(third) == "too many");
    CHECK(next(third).empty());
    const auto id =
        rig.seen.line(0).second == "1" ? rig.seen.line(0).first : rig.seen.line(1).first;
    first.reset();
    rig.seen.wait_for_gone(id); // the third may still be about to leave: it takes no place
    auto fourth = rig.connect();
    say(fourth, "4");
    CHECK(rig.seen.line(2).second == "4");
}

TEST_CASE("a connection that does not read its answers is closed, others go on") {
    Rig rig({1000, 32, 100'000});
    auto deaf = rig.connect();
    auto other = rig.connect();
    say(deaf, "deaf");
    const auto id = rig.seen.line(0).first;
    for (int i = 0; i < 400; ++i)
        rig.server->send(id, std::string(10'000, 'x')); // beyond any kernel's buffer
    rig.seen.wait_for_gone(id);
    say(other, "still there?");
    rig.server->send(rig.seen.line(1).first, "yes");
    CHECK(next(other) == "yes");
}

TEST_CASE("one answer longer than what may wait goes through, a second one behind it does not") {
    Rig rig({1U << 20U, 32, 1U << 20U});
    auto patient = rig.connect();
    say(patient, "all");
    const auto id = rig.seen.line(0).first;
    const std::string all(20U << 20U, 'x'); // more than any socket takes at once
    rig.server->send(id, all);
    CHECK((next(patient) == all));
    rig.server->send(id, all);
    rig.server->send(id, all);
    rig.server->send(id, all);
    rig.seen.wait_for_gone(id);
}

TEST_CASE("a slow reader gets the newest of what was offered, and the rest is counted") {
    Rig rig;
    auto client = rig.connect();
    say(client, "subscribe");
    const auto id = rig.seen.line(0).first;
    const LineServer::Connection ids[] = {id};
    constexpr int offers = 200;
    for (int i = 1; i <= offers; ++i)
        rig.server->offer(ids, std::make_shared<const std::string>(std::to_string(i)
                                                                   + std::string(100'000, ' ')));
    int told = 0, last = 0;
    while (last != offers) {
        const int number = std::stoi(next(client));
        CHECK(number > last);
        last = number;
        ++told;
    }
    CHECK(rig.server->skipped() == static_cast<std::uint64_t>(offers - told));
    CHECK(told < offers);
}

TEST_CASE("a caller that ended its own side still gets its answer") {
    Rig rig;
    auto socket = connect_local(rig.path, patience);
    REQUIRE(socket);
    REQUIRE(socket->write("question\n").count == 9);
    socket->end_writing();
    rig.server->send(rig.seen.line(0).first, "answer");
    char bytes[16]{};
    PollEntry entry{socket->native(), POLLIN, 0};
    wait_for_any(&entry, 1, Clock::now() + patience);
    CHECK(socket->read(bytes, sizeof bytes).count == 7);
    CHECK(std::string(bytes) == "answer\n");
}

TEST_CASE("the socket is for its owner only") {
    Rig rig;
    struct stat found {};
    REQUIRE(::stat(rig.path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
}

TEST_CASE("a second server on the same path is refused with the process id of the first") {
    Rig rig;
    const auto second = LineServer::open(rig.path);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::refused);
    CHECK(second.error().message
          == "another daemon is already running on " + rig.path.string() + " (pid "
                 + std::to_string(::getpid()) + ')');
    auto client = rig.connect(); // and the first still answers
    say(client, "x");
    CHECK(rig.seen.line(0).second == "x");
}

TEST_CASE("the socket of a dead process is replaced") {
    const test::OwnFolder folder;
    const auto path = folder.path() / "s";
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto listener = LocalListener::open(path);
        ::_exit(listener ? 0 : 1); // without any tidying, as after kill -9
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    REQUIRE(std::filesystem::exists(path));
    const auto refused = LineClient::connect(path, patience);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::unavailable);
    CHECK(LineServer::open(path));
}

TEST_CASE("a file that is no socket is not replaced") {
    const test::OwnFolder folder;
    const auto path = folder.path() / "letter";
    std::ofstream(path) << "dear";
    const auto opened = LineServer::open(path);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::refused);
    CHECK(std::filesystem::file_size(path) == 4);
}

TEST_CASE("a folder in which others could exchange the socket is refused") {
    const test::OwnFolder folder;
    const auto open_to_all = folder.path() / "open";
    std::filesystem::create_directory(open_to_all);
    REQUIRE(::chmod(open_to_all.c_str(), 0777) == 0);
    const auto opened = LineServer::open(open_to_all / "s");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::refused);
}

TEST_CASE("a missing folder is made for its owner only") {
    const test::OwnFolder folder;
    REQUIRE(LineServer::open(folder.path() / "state" / "new" / "s"));
    struct stat found {};
    REQUIRE(::stat((folder.path() / "state" / "new").c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0700);
}

TEST_CASE("a path too long for a socket is an error that says the limit") {
    const auto opened = LineServer::open("/tmp/" + std::string(200, 'x'));
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::invalid);
    CHECK(opened.error().message.find("107") != std::string::npos);
}

TEST_CASE("where nobody listens, connecting says so at once") {
    const test::OwnFolder folder;
    const auto client = LineClient::connect(folder.path() / "nobody", patience);
    REQUIRE_FALSE(client);
    CHECK(client.error().code == ErrorCode::unavailable);
}

TEST_CASE("a server that ends closes its callers and leaves no socket") {
    Rig rig;
    auto client = rig.connect();
    say(client, "x");
    const auto from = rig.seen.line(0).first;
    rig.server->send(from, "last words");
    rig.server.reset();
    CHECK(next(client) == "last words");
    CHECK(next(client).empty());
    CHECK_FALSE(std::filesystem::exists(rig.path));
    CHECK(LineServer::open(rig.path));
}

TEST_CASE("a client does not wait beyond its deadline") {
    Rig rig;
    auto client = rig.connect();
    const auto line = client.receive(Clock::now() + 1ms);
    REQUIRE(line);
    CHECK_FALSE(line->has_value());
}
