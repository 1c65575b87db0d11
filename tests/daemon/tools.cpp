// The one table of tools: descriptions, checks, schemas, and who may call what.
#include "daemon/tools.h"

#include "tests/support/desk_bench.h"
#include "tests/support/figures.h"
#include "tests/support/move_record.h"

#include <set>

using namespace prefade;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::Bench;

namespace {

std::string complaint(const char* tool, const Json& arguments) {
    const auto checked = check_arguments(find_tool(tool)->described, arguments);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == ErrorCode::invalid);
    return checked.error().message;
}

} // namespace

TEST_CASE("every tool is found by its name, described, and takes its required arguments first") {
    std::set<std::string> names;
    for (const Tool& tool : all_tools()) {
        INFO(tool.described.name);
        CHECK(names.insert(tool.described.name).second);
        CHECK(find_tool(tool.described.name) == &tool);
        CHECK_FALSE(tool.described.summary.empty());
        std::set<std::string> arguments;
        bool optional = false;
        for (const ToolArgument& a : tool.described.arguments) {
            CHECK(arguments.insert(a.name).second);
            CHECK_FALSE(a.doc.empty());
            CHECK_FALSE((optional && a.required));
            optional = optional || !a.required;
        }
    }
    CHECK(names.size() >= 18);
    CHECK(find_tool("") == nullptr);
    CHECK(find_tool("Set") == nullptr);
}

TEST_CASE("what only a person may do is offered to nobody else") {
    for (const char* name : {"approve", "reject", "mode", "apply", "dismiss", "later", "undo",
                             "role", "brief", "host", "transport"}) {
        INFO(name);
        CHECK_FALSE(find_tool(name)->described.mcp);
        CHECK_FALSE(find_tool(name)->described.model);
        Bench b;
        for (const Door door : {Door::mcp, Door::model}) {
            const auto request = b.call(name, {{"move", 1}, {"advice", 1}}, door);
            REQUIRE(b.answer(request));
            CHECK(b.answer(request)->error.code == ErrorCode::not_found);
        }
    }
    CHECK(find_tool("stop")->described.mcp); // anybody may halt
}

TEST_CASE("arguments are checked by name, type and presence, and the usage is told") {
    CHECK(check_arguments(find_tool("status")->described, Json::object()));
    CHECK(check_arguments(find_tool("undo")->described, {{"move", 3}, {"all", false}}));
    CHECK_THAT(complaint("set", {{"strip", "Vox"}, {"control", "fader"}}),
               Contains("value is missing") && Contains("set strip control value [glide] [why]"));
    CHECK_THAT(complaint("set", {{"strip", 3}}), Contains("strip is a string"));
    CHECK_THAT(complaint("undo", {{"move", "3"}}), Contains("move is a number"));
    CHECK_THAT(complaint("undo", {{"all", 1}}), Contains("all is a boolean"));
    CHECK_THAT(complaint("undo", {{"move", nullptr}}), Contains("move is a number"));
    CHECK_THAT(complaint("status", {{"colour", 1}}), Contains("no argument \"colour\""));
    CHECK_THAT(complaint("status", Json::array()), Contains("an object"));
    CHECK_THAT(complaint("status", nullptr), Contains("an object"));
}

TEST_CASE("a tool's schema says what the check demands") {
    for (const Tool& tool : all_tools()) {
        const Json schema = schema_of(tool.described);
        INFO(schema.dump());
        CHECK(schema["type"] == "object");
        CHECK(schema["additionalProperties"] == false);
        CHECK(schema["properties"].size() == tool.described.arguments.size());
        Json made = Json::object();
        for (const auto& name : schema["required"]) {
            const std::string type = schema["properties"][name.get<std::string>()]["type"];
            made[name.get<std::string>()] = type == "string"   ? Json("x")
                                            : type == "number" ? Json(1)
                                                               : Json(true);
        }
        CHECK(check_arguments(tool.described, made));
        if (!made.empty()) {
            made.erase(made.begin());
            CHECK_FALSE(check_arguments(tool.described, made));
        }
    }
    CHECK(schema_of(find_tool("set")->described)["required"]
          == Json::array({"strip", "control", "value"}));
}

TEST_CASE("numbers of moves and advice are whole and above nothing") {
    Bench b;
    for (const Json& number : {Json(0), Json(-1), Json(1.5), Json(4294967296.0), Json(1e300)}) {
        INFO(number.dump());
        const auto move = b.call("undo", {{"move", number}}),
                   advice = b.call("dismiss", {{"advice", number}});
        CHECK(b.answer(move)->error.code == ErrorCode::invalid);
        CHECK(b.answer(advice)->error.code == ErrorCode::invalid);
    }
}

TEST_CASE("wrong words in an argument are an error, not a neighbour") {
    Bench b;
    const auto error = [&](const char* tool, Json arguments) {
        const auto answer = b.answer(b.call(tool, std::move(arguments)));
        REQUIRE(answer);
        REQUIRE(answer->result == nullptr);
        return answer->error;
    };
    CHECK_THAT(error("mode", {{"mode", "automatic"}}).message, Contains("watch, ask, auto"));
    CHECK_THAT(error("transport", {{"action", "rewind"}}).message, Contains("play or stop"));
    CHECK(error("brief", {{"genre", "polka-metal"}}).code == ErrorCode::invalid);
    CHECK(error("role", {{"strip", "Vox"}, {"role", "tuba-ish"}}).code != ErrorCode::internal);
    CHECK(error("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "loud"}}).code
          == ErrorCode::invalid);
    CHECK(error("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", "0"}, {"glide", "soon"}})
              .code
          == ErrorCode::invalid);
    CHECK(error("journal", {{"limit", 0}}).code == ErrorCode::invalid);
    CHECK(error("journal", {{"limit", 1e9}}).code == ErrorCode::invalid);
    CHECK(b.desk.moves().records().empty());
}

TEST_CASE("the journal tells this session's moves, the newest that are asked for, oldest first") {
    auto setup = Bench::setup(Mode::ask, {});
    for (std::uint32_t id = 1; id <= 5; ++id) {
        setup.history.push_back(test::ended(test::record_of(id), Outcome::Kind::confirmed));
        if (id == 3) setup.history.back().session_key = "fake/other";
    }
    Bench b(std::move(setup));
    const auto ids = [&](Json arguments) {
        const auto answer = b.answer(b.call("journal", std::move(arguments)));
        std::vector<int> found;
        for (const Json& move : (*answer->result)["moves"]) found.push_back(move["id"].get<int>());
        return found;
    };
    CHECK(ids(Json::object()) == std::vector<int>{1, 2, 4, 5});
    CHECK(ids({{"limit", 2}}) == std::vector<int>{4, 5});
    CHECK(ids({{"all", true}, {"limit", 3}}) == std::vector<int>{3, 4, 5});
}

TEST_CASE("a long history is told in answers of a bounded size, one before the other") {
    auto setup = Bench::setup(Mode::ask, {});
    for (std::uint32_t id = 1; id <= Moves::most_kept; ++id)
        setup.history.push_back(test::ended(test::record_of(id), Outcome::Kind::confirmed));
    Bench b(std::move(setup));
    std::size_t told = 0, largest = 0;
    double longest = 0.0;
    std::uint32_t before = 4'000'000'000U;
    for (;;) {
        const TimePoint start = Clock::now();
        const auto answer =
            b.answer(b.call("journal", {{"all", true}, {"limit", 1000}, {"before", before}}));
        longest = std::max(longest, Milliseconds::of(Clock::now() - start).value());
        REQUIRE(answer->result);
        const Json& moves = (*answer->result)["moves"];
        if (moves.empty()) break;
        for (const Json& move : moves) CHECK(move["id"] < before);
        before = moves[0]["id"].get<std::uint32_t>();
        told += moves.size();
        largest = std::max(largest, to_line(*answer->result).size());
    }
    CHECK(told == Moves::most_kept);
    CHECK(largest < 1'000'000);
    const auto too_many = b.call("journal", {{"limit", 1001}});
    CHECK_THAT(b.answer(too_many)->error.message, Contains("1 to 1000"));
    test::figure("1000 moves of the journal: " + std::to_string(largest / 1000) + " kB, at most "
                 + std::to_string(static_cast<int>(longest)) + " ms on the desk thread");
}

TEST_CASE("the rules that speak of words are found, the best match first, and no words mean all") {
    LoadedRules loaded = RuleBook::load(
        {std::filesystem::path(PREFADE_TESTS_DIR).parent_path() / "knowledge/rules"});
    REQUIRE(loaded.errors.empty());
    const std::size_t all = loaded.book.rules().size();
    Bench b(Mode::ask, std::move(loaded.book));
    const auto found = [&](const Json& arguments) {
        const auto answer = b.answer(b.call("rules", arguments));
        REQUIRE(answer);
        REQUIRE(answer->result);
        return (*answer->result)["rules"];
    };
    CHECK(found(Json::object()).size() == all);
    CHECK(found({{"text", "Zymurgy"}}).empty());
    const Json solo = found({{"text", "SOLO left"}});
    REQUIRE_FALSE(solo.empty());
    CHECK(solo[0]["id"] == "solo-left-on");
    CHECK(solo.size() < all);
    for (const char* member : {"severity", "says", "source", "confidence"})
        CHECK_FALSE(solo[0][member].get<std::string>().empty());
}

TEST_CASE("the host tool tells what was found of the DAWs that are known") {
    Bench b;
    HostSetup ardour{"ardour", "Ardour", {"click here"}, {}, true};
    ardour.settings.push_back({HostSetting::State::wrong, "OSC is off"});
    b.handle(HostsSeen{{}, {ardour}});
    b.handle(HostsSeen{{"ardour=127.0.0.1:3819"}, {}}); // connected: not looked at again
    const auto answer = b.answer(b.call("host"));
    REQUIRE(answer);
    REQUIRE(answer->result);
    const Json known = (*answer->result)["known"];
    REQUIRE(known.size() == 1);
    CHECK(known[0]["title"] == "Ardour");
    CHECK(known[0]["here"] == true);
    CHECK(known[0]["settings"] == Json::array({"OSC is off"}));
    CHECK(known[0]["steps"] == Json::array({"click here"}));
}
