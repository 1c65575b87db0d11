// The real program, against a daemon of the test's own on a real socket.
#include "core/json.h"
#include "core/line_socket.h"
#include "tests/support/ardour_server.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"
#include "tests/support/process.h"

#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <map>
#include <mutex>

using namespace prefade;
using namespace prefade::test;
using Catch::Matchers::Contains;

namespace {

const Json answered = {{"moves", Json::array()}, {"refused", Json::array()}};

/// Answers tools with what it was given; tells snapshots to whoever subscribed.
class SmallDaemon {
public:
    SmallDaemon() {
        auto opened = LineServer::open(socket());
        REQUIRE(opened);
        server_ = std::move(*opened);
        LineServer::Callbacks callbacks;
        callbacks.line = [this](LineServer::Connection from, std::string_view line) {
            take(from, line);
        };
        callbacks.gone = [](LineServer::Connection) {};
        callbacks.idle = [](TimePoint) { return TimePoint::max(); };
        server_->start(std::move(callbacks));
    }

    std::filesystem::path socket() const { return folder_.path() / "prefade.sock"; }
    const std::filesystem::path& folder() const { return folder_.path(); }

    void answers(const std::string& tool, Json with) {
        const std::lock_guard lock(mutex_);
        results_[tool] = std::move(with);
    }
    void refuses(const std::string& tool, const std::string& message) {
        const std::lock_guard lock(mutex_);
        errors_[tool] = message;
    }
    /// What the subscribers are told from now on.
    void tell(const Json& snapshot) {
        const std::lock_guard lock(mutex_);
        snapshot_ = to_line({{"jsonrpc", "2.0"}, {"method", "snapshot"}, {"params", snapshot}});
        for (const auto to : subscribers_) server_->send(to, snapshot_);
    }
    Json asked(const std::string& tool) {
        const std::lock_guard lock(mutex_);
        return asked_[tool];
    }
    bool has_subscriber() {
        const std::lock_guard lock(mutex_);
        return !subscribers_.empty();
    }
    void go() { server_.reset(); }

    Environment environment() const {
        return {{"HOME", folder_.path().string()},
                {"XDG_CONFIG_HOME", (folder_.path() / "config").string()},
                {"XDG_STATE_HOME", (folder_.path() / "state").string()},
                {"PREFADE_SOCKET", socket().string()},
                {"NO_COLOR", ""},
                {"TZ", "UTC"}};
    }
    Ran run(std::vector<std::string> words, const Environment& more = {}) const {
        words.insert(words.begin(), program("prefade").string());
        Environment all = environment();
        for (const auto& [name, value] : more) all[name] = value;
        return test::run(words, all, Seconds(60));
    }

private:
    void take(LineServer::Connection from, std::string_view line) {
        const auto request = parse_json(line);
        if (!request) return;
        const std::lock_guard lock(mutex_);
        const auto method = request->at("method").get<std::string>();
        asked_[method] = request->at("params");
        Json answer = {{"jsonrpc", "2.0"}, {"id", request->at("id")}};
        if (const auto error = errors_.find(method); error != errors_.end())
            answer["error"] = {{"code", -32001}, {"message", error->second}};
        else if (const auto result = results_.find(method); result != results_.end())
            answer["result"] = result->second;
        else
            answer["result"] = Json::object();
        server_->send(from, to_line(answer));
        if (method != "subscribe") return;
        subscribers_.push_back(from);
        if (!snapshot_.empty()) server_->send(from, snapshot_);
    }

    OwnFolder folder_;
    std::mutex mutex_;
    std::map<std::string, Json> results_, asked_;
    std::map<std::string, std::string> errors_;
    std::vector<LineServer::Connection> subscribers_;
    std::string snapshot_;
    std::unique_ptr<LineServer> server_; ///< last: its thread ends before what it uses
};

void check_error(const Ran& ran, int status, const std::string& words) {
    INFO(ran.out << ran.err);
    CHECK(ran.status == status);
    CHECK(ran.out.empty());
    CHECK(ran.err.starts_with("prefade: "));
    CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
    CHECK_THAT(ran.err, Contains(words));
}

Json moved(const char* outcome) {
    return {{"moves",
             {{{"id", 7},
               {"outcome", outcome},
               {"reason", "because"},
               {"stage", "done"},
               {"strip", "Bass"},
               {"control", "fader"},
               {"before_text", "-5.30 dB"},
               {"target_text", "-9.00 dB"},
               {"read_back", nullptr}}}},
            {"refused", Json::array()}};
}

Json snapshot(const Json& advice) {
    return {{"host", {{"name", "ardour"}, {"state", "connected"}, {"address", "here"}}},
            {"advice", advice}};
}

Json advice(int id) {
    return {{"id", id},
            {"rule", "hot"},
            {"severity", "hint"},
            {"strips", {"Bass"}},
            {"says", "Bass is hot."}};
}

} // namespace

TEST_CASE("a command asks the daemon with its arguments and prints the answer") {
    SmallDaemon daemon;
    daemon.answers("set", moved("confirmed"));
    const Ran ran = daemon.run({"set", "Lead Vox", "fader", "-4.5dB", "glide=2s"});
    CHECK(ran.status == 0);
    CHECK(ran.err.empty());
    CHECK_THAT(ran.out, Contains("move 7 confirmed: \"Bass\" fader -5.30 dB -> -9.00 dB"));
    CHECK(
        daemon.asked("set")
        == Json{{"strip", "Lead Vox"}, {"control", "fader"}, {"value", "-4.5dB"}, {"glide", "2s"}});
}

TEST_CASE(
    "a move that is not confirmed is exit status 1, and with --json its record is still there") {
    SmallDaemon daemon;
    for (const char* outcome : {"refused", "superseded", "unconfirmed", "failed"}) {
        daemon.answers("undo", moved(outcome));
        check_error(daemon.run({"undo"}), 1, std::string("move 7 ") + outcome);
        const Ran json = daemon.run({"--json", "undo"});
        CHECK(json.status == 1);
        CHECK(Json::parse(json.out) == moved(outcome));
        CHECK_THAT(json.err, Contains(outcome));
    }
}

TEST_CASE("--json prints what the daemon said as one document") {
    SmallDaemon daemon;
    const Json answer = {{"mode", "ask"}, {"of a later version", {1, 2, 3}}};
    daemon.answers("mode", answer);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"mode", "--json"}, std::vector<std::string>{"--json", "mode"}}) {
        const Ran ran = daemon.run(words);
        CHECK(ran.status == 0);
        CHECK(Json::parse(ran.out) == answer);
    }
}

TEST_CASE("an error of the daemon is one line on standard error and exit status 1") {
    SmallDaemon daemon;
    daemon.refuses("role", "no strip \"Bas\x1b[31m\nforged: x\"; there are: Bass");
    check_error(daemon.run({"role", "Bas"}), 1, "\\x1b[31m\\x0aforged");
    check_error(daemon.run({"--json", "role", "Bas"}), 1, "there are: Bass");
    check_error(daemon.run({"role"}), 2, "STRIP is missing");
    check_error(daemon.run({"coach", "--for", "soon"}), 2, "no duration");
}

TEST_CASE("without a daemon the message says how to start one") {
    SmallDaemon daemon;
    daemon.go();
    check_error(daemon.run({"status"}), 1, "start it with `prefaded`");
    check_error(daemon.run({"coach"}), 1, "start it with `prefaded`");
    check_error(daemon.run({"advice", "--follow", "--json"}), 1, "start it with `prefaded`");
}

TEST_CASE("the socket is the one asked for, else the environment's, else the settings'") {
    SmallDaemon daemon;
    daemon.answers("mode", {{"mode", "ask"}});
    std::filesystem::create_directories(daemon.folder() / "config/prefade");
    const auto settings = daemon.folder() / "config/prefade/prefade.toml";
    std::ofstream(settings) << "socket = \"/nonexistent/of-the-settings\"\n";
    CHECK(daemon.run({"mode"}).status == 0);
    check_error(daemon.run({"mode"}, {{"PREFADE_SOCKET", ""}}), 1, "/nonexistent/of-the-settings");
    check_error(daemon.run({"mode", "--socket", "/nonexistent/asked"}), 1, "/nonexistent/asked");
    CHECK(daemon
              .run({"mode", "--socket", daemon.socket().string()},
                   {{"PREFADE_SOCKET", "/nonexistent"}})
              .status
          == 0);
}

TEST_CASE("following tells each advice once, and says when the daemon goes away") {
    SmallDaemon daemon;
    const auto out = daemon.folder() / "out";
    daemon.tell(snapshot(Json::array({advice(1)})));
    Process follow({program("prefade").string(), "advice", "--follow", "--json"}, out,
                   daemon.environment());
    const auto has = [&](const std::string& words) {
        return eventually(Seconds(20),
                          [&] { return text_of_file(out).find(words) != std::string::npos; });
    };
    CHECK(has("\"fires\""));
    daemon.tell(snapshot(Json::array({advice(1)})));
    daemon.tell(snapshot(Json::array()));
    CHECK(has("\"ends\""));
    daemon.go();
    const auto status = follow.wait(Seconds(20));
    REQUIRE(status);
    CHECK(*status == 1);
    std::istringstream lines(text_of_file(out));
    std::string line;
    for (const char* event : {"fires", "ends"}) {
        REQUIRE(std::getline(lines, line));
        const Json document = Json::parse(line);
        CHECK(document["event"] == event);
        CHECK(document["advice"]["id"] == 1);
    }
    REQUIRE(std::getline(lines, line));
    CHECK_THAT(line, Contains("prefade: the daemon") && Contains("has gone"));
    CHECK_FALSE(std::getline(lines, line));
}

TEST_CASE("coaching ends after its time or at Ctrl-C with exit status 0") {
    SmallDaemon daemon;
    daemon.tell(snapshot(Json::array({advice(1)})));
    const Ran timed = daemon.run({"coach", "--for", "300ms"});
    CHECK(timed.status == 0);
    CHECK(timed.err.empty());
    CHECK_THAT(timed.out, Contains("HINT    [1] Bass is hot.") && Contains("connected to ardour"));
    CHECK(timed.out.find('\x1b') == std::string::npos);
    const auto out = daemon.folder() / "out";
    Process coach({program("prefade").string(), "coach"}, out, daemon.environment());
    REQUIRE(eventually(Seconds(20),
                       [&] { return text_of_file(out).find("[1]") != std::string::npos; }));
    coach.signal(SIGINT);
    const auto status = coach.wait(Seconds(20));
    REQUIRE(status);
    CHECK(*status == 0);
}

TEST_CASE("a daemon that never answers is given up") {
    const OwnFolder folder;
    auto opened = LineServer::open(folder.path() / "s");
    REQUIRE(opened);
    (*opened)->start({[](LineServer::Connection, std::string_view) {},
                      [](LineServer::Connection) {},
                      [](TimePoint) { return TimePoint::max(); },
                      {},
                      {}});
    const Ran ran =
        run({program("prefade").string(), "--socket", (folder.path() / "s").string(), "status"},
            {{"XDG_CONFIG_HOME", folder.path().string()}}, Seconds(60));
    check_error(ran, 1, "does not answer");
}

TEST_CASE("output that cannot be written is an error") {
    SmallDaemon daemon;
    daemon.answers("mode", {{"mode", "ask"}});
    const Ran ran = test::run({"sh", "-c", program("prefade").string() + " mode > /dev/full"},
                              daemon.environment(), Seconds(60));
    check_error(ran, 1, "cannot be written");
}

TEST_CASE("help and version need no daemon and are worth reading") {
    SmallDaemon daemon;
    daemon.go();
    const Ran help = daemon.run({"--help"});
    CHECK(help.status == 0);
    for (const char* word : {"coach", "set STRIP CONTROL VALUE", "doctor", "--json", "Exit status"})
        CHECK_THAT(help.out, Contains(word));
    CHECK_THAT(daemon.run({"strips", "--help"}).out, Contains("dBFS") && Contains("PAN"));
    CHECK(daemon.run({"--version"}).out.starts_with("prefade "));
}

TEST_CASE("a question is answered by the daemon where one runs, else by the knowledge alone") {
    SmallDaemon daemon;
    daemon.answers("ask", {{"answer", "Proposed: mute."},
                           {"kind", "command"},
                           {"moves",
                            {{{"strip", "#3"},
                              {"name", "Sn\x1b[2J"},
                              {"control", "mute"},
                              {"value", "on"},
                              {"move", 7},
                              {"stage", "proposed"}}}},
                           {"sources", Json::array()}});
    const Ran asked = daemon.run({"ask", "mute", "the", "snare"});
    CHECK(asked.status == 0);
    CHECK_THAT(asked.out,
               Contains("Proposed: mute.") && Contains("prefade approve 7") && !Contains("\x1b"));
    daemon.go();
    const Ran alone = daemon.run({"ask", "what ratio on an LA-2A"});
    CHECK(alone.status == 0);
    CHECK_THAT(alone.out, Contains("LA-2A has no ratio") && Contains("Source: "));
    CHECK(daemon.run({"ask"}).status == 2);
}

TEST_CASE("checking a folder of rules names file and line of what is broken") {
    SmallDaemon daemon;
    const auto rules = daemon.folder() / "rules";
    std::filesystem::create_directories(rules);
    const std::string good = text_of_file(std::filesystem::path(PREFADE_TESTS_DIR).parent_path()
                                          / "knowledge/rules/hot-track.toml");
    REQUIRE(!good.empty());
    std::ofstream(rules / "hot-track.toml") << good;
    const Ran fine = daemon.run({"check", rules.string()});
    CHECK(fine.status == 0);
    CHECK_THAT(fine.out, Contains("1 file, 1 rule"));
    std::ofstream(rules / "broken.toml") << "when = \"peak(\n";
    const Ran broken = daemon.run({"check", rules.string()});
    CHECK(broken.status == 1);
    CHECK_THAT(broken.out, Contains("broken.toml:1") && Contains("2 files, 1 rule"));
    CHECK_THAT(broken.err, Contains("1 file did not load"));
    const Json json = Json::parse(daemon.run({"check", rules.string(), "--json"}).out);
    CHECK(json["good"] == false);
    CHECK(json["errors"].size() == 1);
    CHECK_THAT(json["errors"][0]["where"].get<std::string>(), Contains("broken.toml:1"));
    CHECK(daemon.run({"check", (daemon.folder() / "none").string()}).status == 1);
}

TEST_CASE("a user's plugin entry is checked beside the shipped ones, wherever it is named from") {
    SmallDaemon daemon;
    const auto plugins = daemon.folder() / "plugins";
    std::filesystem::create_directories(plugins);
    const auto write = [&](const char* relative) {
        std::ofstream(plugins / "mine.toml")
            << "id = \"mine\"\nname = \"Mine\"\nmaker = \"Me\"\nkind = \"eq\"\nformats = "
               "[\"LV2\"]\n"
               "what = \"An EQ.\"\nconfidence = \"EXPERTISE\"\nsource = \"me\"\n[[control]]\nid = "
               "\"gain\"\n"
               "unit = \"dB\"\n[[relative]]\nid = \""
            << relative << "\"\nhow = \"alike\"\n";
    };
    write("reaeq");
    for (const auto& path : {plugins, plugins / "mine.toml"}) {
        const Ran fine = daemon.run({"check", path.string()});
        CHECK(fine.status == 0);
        CHECK(fine.out == "1 file, 1 plugin\n");
    }
    write("reaec");
    const Ran broken = daemon.run({"check", plugins.string()});
    CHECK(broken.status == 1);
    CHECK_THAT(broken.out, Contains("mine.toml:12:1") && Contains("did you mean \"reaeq\"?"));
    CHECK_THAT(broken.err, Contains("1 file did not load"));
}

TEST_CASE("the shipped rules are good, and a user's own are checked with them") {
    SmallDaemon daemon;
    CHECK(daemon.run({"check"}).status == 0);
    std::filesystem::create_directories(daemon.folder() / "config/prefade/rules");
    std::ofstream(daemon.folder() / "config/prefade/rules/mine.toml") << "severity = 3\n";
    const Ran ran = daemon.run({"check"});
    CHECK(ran.status == 1);
    CHECK_THAT(ran.out, Contains("mine.toml:1"));
}

TEST_CASE("the doctor finds the missing daemon and a broken setting") {
    SmallDaemon daemon;
    daemon.go();
    std::filesystem::create_directories(daemon.folder() / "config/prefade");
    std::ofstream(daemon.folder() / "config/prefade/prefade.toml") << "colour = \"red\"\n";
    const Ran ran = daemon.run({"doctor"});
    CHECK(ran.status == 1);
    CHECK_THAT(ran.out, Contains("ok      data folder") && Contains("ok      prefaded ")
                            && Contains("ok      socket folder") && Contains("FAIL    settings")
                            && Contains("prefade.toml:1") && Contains("FAIL    daemon"));
    CHECK_THAT(ran.err, Contains("broken: settings, daemon"));
    const Json json = Json::parse(daemon.run({"doctor", "--json"}).out);
    CHECK(json["good"] == false);
    CHECK(json["findings"][0]["verdict"] == "ok");
}

TEST_CASE("the doctor finds a program of another version, and one that does not run") {
    SmallDaemon daemon;
    const auto bin = daemon.folder() / "it's here/bin";
    std::filesystem::create_directories(bin);
    std::filesystem::copy_file(program("prefade"), bin / "prefade");
    const auto put = [&](const char* name, const std::string& script) {
        std::ofstream(bin / name) << "#!/bin/sh\n" << script;
        std::filesystem::permissions(bin / name, std::filesystem::perms::owner_all);
    };
    put("prefaded", "echo prefaded 0.0.1\n");
    put("prefade-overlay", "echo libGL.so.1: no such file >&2; exit 127\n");
    const Ran ran = test::run({(bin / "prefade").string(), "doctor"}, daemon.environment());
    CHECK(ran.status == 1);
    CHECK_THAT(ran.out, Contains("FAIL    data folder") && Contains("it is of version 0.0.1")
                            && Contains("it cannot be run: libGL.so.1: no such file"));
    CHECK_THAT(ran.err, Contains("data folder, prefaded, prefade-overlay"));
}

TEST_CASE("the setup of a DAW says whether it answers, and where") {
    SmallDaemon daemon;
    std::optional<ArdourServer> ardour(std::in_place, [](ArdourSim&) {});
    const auto data = daemon.folder() / "data";
    std::filesystem::create_directories(data / "knowledge");
    std::filesystem::create_directories(data / "config/hosts");
    std::ofstream(data / "config/hosts/ardour.toml")
        << "title = \"Ardour\"\ndialect = \"ardour\"\nsetup = [\"click\"]\nports = ["
        << ardour->port() << "]\n";
    const Environment own = {{"PREFADE_DATA_DIR", data.string()}};
    const auto answers = [&](const Ran& ran) {
        INFO(ran.out << ran.err);
        REQUIRE(ran.status == 0);
        return Json::parse(ran.out)["answers"].get<bool>();
    };
    CHECK(answers(daemon.run({"setup", "ardour", "--json"}, own)));
    CHECK_THAT(daemon.run({"setup", "ardour"}, own).out,
               Contains("Ardour answers at 127.0.0.1:" + std::to_string(ardour->port())));
    ardour.reset();
    CHECK_FALSE(answers(daemon.run({"setup", "ardour", "--json"}, own)));
    CHECK_THAT(daemon.run({"setup", "ardour"}, own).out,
               Contains("does not answer") && Contains("do the steps above"));
}

TEST_CASE("the setup of a DAW is said in steps, an unknown DAW is an error with the known ones") {
    SmallDaemon daemon;
    const Ran ran = daemon.run({"setup", "ardour"});
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out,
               Contains("1. Edit > Preferences > Control Surfaces") && Contains("Port Mode"));
    const Json json = Json::parse(daemon.run({"setup", "ardour", "--json"}).out);
    CHECK(json["steps"].size() == 3);
    CHECK(json["answers"].is_boolean());
    check_error(daemon.run({"setup", "audacity"}), 1, "there are: ardour");
    // A host that comes to our ports cannot be asked; the clicks and their order are said all the same.
    const auto mackie = daemon.run({"setup", "mackie"});
    CHECK(mackie.status == 0);
    CHECK_THAT(mackie.out, Contains("Prefade 1 in") && Contains("prefaded --host mackie"));
}
