#include "daemon/command_line/doctor.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace prefade;
using namespace prefade::command_line;
using Catch::Matchers::Contains;

namespace {

Facts healthy() {
    Facts facts;
    facts.version = "1.0";
    facts.data = "/usr/share/prefade";
    facts.daemon_program = {"prefaded", true, "1.0", std::nullopt};
    facts.overlay = {"prefade-overlay", false, {}, std::nullopt};
    facts.settings = {"/home/me/.config/prefade/prefade.toml", true, std::nullopt};
    facts.policy = {"/home/me/.config/prefade/policy.toml", false, std::nullopt};
    facts.shipped_rules = 22;
    facts.shipped_plugins = 140;
    facts.journal = {"/home/me/.local/state/prefade", true, true, 50'000'000'000};
    facts.socket_folder = {"/run/user/1000", true, true, 50'000'000'000};
    facts.socket = "/run/user/1000/prefade.sock";
    facts.status = Json{{"version", "1.0"},
                        {"host",
                         {{"name", "ardour"},
                          {"state", "connected"},
                          {"address", "127.0.0.1:3819"},
                          {"session", "mix"}}},
                        {"strips", 15},
                        {"capabilities", {{"can", {"read_fader"}}}},
                        {"hosts_seen", {"ardour=127.0.0.1:3819"}},
                        {"traffic",
                         {{"received_per_second", 200.0},
                          {"sent_per_second", 15.0},
                          {"dropped", 0},
                          {"malformed", 0}}},
                        {"last_error", ""}};
    facts.hosts = {{"ardour", "127.0.0.1:3819"}};
    facts.known_hosts = {"ardour"};
    facts.parts = {{"probe plugin", false}};
    return facts;
}

Finding verdict_on(const std::string& link, const Facts& facts) {
    const auto findings = judge(facts);
    const auto found = std::find_if(findings.begin(), findings.end(),
                                    [&](const Finding& f) { return f.link == link; });
    if (found == findings.end()) FAIL("nothing about " << link);
    return *found;
}

} // namespace

TEST_CASE("a chain without a fault has no broken link") {
    const auto findings = judge(healthy());
    CHECK(broken_links(findings).empty());
    for (const Finding& f : findings) {
        INFO(f.link << ": " << f.found);
        CHECK((f.verdict == Health::ok || f.verdict == Health::absent));
        CHECK(f.to_do.empty());
    }
    CHECK(verdict_on("prefade-overlay", healthy()).verdict == Health::absent);
    CHECK(verdict_on("probe plugin", healthy()).verdict == Health::absent);
    CHECK_THAT(verdict_on("capabilities", healthy()).found, Contains("write_fader"));
}

TEST_CASE("each broken link is found by itself and says what to do") {
    using Break = void (*)(Facts&);
    const std::tuple<const char*, const char*, Break> breaks[] = {
        {"data folder", "PREFADE_DATA_DIR",
         [](Facts& f) {
             f.data.reset();
             f.data_wrong = "not there";
         }},
        {"settings", "mend the file",
         [](Facts& f) {
             f.settings.wrong = Error{ErrorCode::invalid, "no setting", "prefade.toml:3:1"};
         }},
        {"policy", "mend the file",
         [](Facts& f) {
             f.policy.wrong = Error{ErrorCode::invalid, "step", "policy.toml:3:1"};
         }},
        {"rules", "install", [](Facts& f) { f.shipped_rules = 0; }},
        {"rules", "install",
         [](Facts& f) {
             f.shipped_wrong = {{ErrorCode::invalid, "broken", "x.toml:1:1"}};
         }},
        {"plugins", "install", [](Facts& f) { f.shipped_plugins = 0; }},
        {"prefaded", "install", [](Facts& f) { f.daemon_program.there = false; }},
        {"prefaded", "one version", [](Facts& f) { f.daemon_program.version = "0.9"; }},
        {"prefade-overlay", "install",
         [](Facts& f) {
             f.overlay = {"prefade-overlay", true, {}, "libGL.so.1: cannot open shared object"};
         }},
        {"prefade-overlay", "one version",
         [](Facts& f) {
             f.overlay = {"prefade-overlay", true, "1.1", std::nullopt};
         }},
        {"socket folder", "`socket` in prefade.toml",
         [](Facts& f) { f.socket_folder.writable = false; }},
        {"journal", "owner or mode", [](Facts& f) { f.journal.writable = false; }},
        {"journal", "make room", [](Facts& f) { f.journal.free = 1'000'000; }},
        {"DAW", "prefade host ardour=127.0.0.1:3819",
         [](Facts& f) {
             (*f.status)["host"] = {{"name", ""}, {"state", "searching"}};
         }},
        {"DAW", "prefade setup ardour",
         [](Facts& f) {
             (*f.status)["host"]["state"] = "lost";
             f.hosts.clear();
         }},
        {"DAW", "prefade host NAME", [](Facts& f) {
             (*f.status)["host"]["state"] = "searching";
             (*f.status)["hosts_seen"] = {"ardour=127.0.0.1:3819", "ardour=127.0.0.1:3820"};
         }}};
    for (const auto& [link, to_do, brake] : breaks) {
        Facts facts = healthy();
        brake(facts);
        INFO(link);
        const Finding finding = verdict_on(link, facts);
        CHECK(finding.verdict == Health::fail);
        CHECK_THAT(finding.to_do, Contains(to_do));
        CHECK(broken_links(judge(facts)) == std::string("1 link is broken: ") + link);
    }
}

TEST_CASE("without a daemon the doctor still looks for the DAW") {
    Facts facts = healthy();
    facts.status.reset();
    facts.daemon_wrong = Error{ErrorCode::unavailable, "prefaded does not run at /x; start it", {}};
    CHECK(verdict_on("daemon", facts).verdict == Health::fail);
    CHECK_THAT(verdict_on("daemon", facts).found, Contains("does not run"));
    CHECK(verdict_on("DAW", facts).verdict == Health::ok);
    CHECK_THAT(verdict_on("DAW", facts).found, Contains("127.0.0.1:3819"));
    facts.hosts.clear();
    facts.host_settings = {
        {"Ardour", {HostSetting::State::wrong, "OSC is off in the session used last"}}};
    CHECK(verdict_on("Ardour", facts).verdict == Health::warn);
    CHECK_THAT(verdict_on("Ardour", facts).to_do, Contains("prefade setup ardour"));
    CHECK(broken_links(judge(facts)) == "2 links are broken: daemon, DAW");
}

TEST_CASE("what only limits the product is a warning") {
    Facts facts = healthy();
    facts.own_wrong = {{ErrorCode::invalid, "unknown name", "mine.toml:3:8"}};
    facts.own_plugins_wrong = {{ErrorCode::invalid, "no unit", "squeezer.toml:14:1"}};
    (*facts.status)["version"] = "0.9";
    (*facts.status)["traffic"]["dropped"] = 12;
    (*facts.status)["last_error"] = "the disk was full";
    facts.journal.free = 50'000'000;
    facts.overlay = {"prefade-overlay", true, "1.0", "no readable typeface was found"};
    for (const char* link : {"prefade-overlay", "your rules", "your plugins", "daemon", "messages",
                             "last error", "journal"}) {
        INFO(link);
        CHECK(verdict_on(link, facts).verdict == Health::warn);
    }
    CHECK_THAT(verdict_on("your rules", facts).found, Contains("mine.toml:3:8"));
    CHECK_THAT(verdict_on("daemon", facts).found, Contains("0.9") && Contains("1.0"));
    CHECK(broken_links(judge(facts)).empty());
}

TEST_CASE("the report has a word beside every colour and keeps to the width") {
    Facts facts = healthy();
    facts.data.reset();
    facts.data_wrong = std::string(300, 'x') + " \x1b[2J";
    const std::string text = render(judge(facts), {80, false});
    CHECK_THAT(text, Contains("FAIL    data folder") && Contains("ok      settings")
                         && Contains("-> install"));
    CHECK(text.find('\x1b') == std::string::npos);
    for (std::size_t from = 0, to = 0; (to = text.find('\n', from)) != std::string::npos;
         from = to + 1)
        CHECK(display_width(text.substr(from, to - from)) <= 80);
    const Json json = to_json(judge(facts));
    CHECK(json[0]["link"] == "data folder");
    CHECK(json[0]["verdict"] == "FAIL");
}
