#include "daemon/command_line/arguments.h"
#include "daemon/command_line/text.h"
#include "daemon/tools.h"
#include "tests/support/catch.h"

#include <algorithm>

using namespace prefade;
using namespace prefade::command_line;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

const std::vector<Command>& commands() {
    static const std::vector<Command> all = all_commands();
    return all;
}

Result<Request> parsed(const std::vector<std::string>& words) { return parse(words, commands()); }

Json arguments(const std::vector<std::string>& words) {
    const auto request = parsed(words);
    INFO(words.front());
    if (!request) FAIL(request.error().message);
    return request->arguments;
}

std::string misuse(const std::vector<std::string>& words) {
    const auto request = parsed(words);
    if (request) FAIL("taken: " << request->arguments.dump());
    CHECK(request.error().code == ErrorCode::invalid);
    CHECK(request.error().message.find('\n') == std::string::npos);
    return request.error().message;
}

/// A value of the right type for an argument.
std::string sample(const ToolArgument& argument) {
    return argument.type == ToolArgument::Type::number ? "3" : "some";
}

} // namespace

TEST_CASE("every tool of the table is a command that takes what the table says") {
    for (const Tool& tool : all_tools()) {
        const ToolDescription& described = tool.described;
        INFO(described.name);
        std::vector<std::string> words{described.name};
        for (const ToolArgument& a : described.arguments)
            if (a.required) words.push_back(sample(a));
        const Json least = arguments(words);
        CHECK(check_arguments(described, least));
        for (const ToolArgument& a : described.arguments) {
            if (a.required) continue;
            words.push_back("--" + a.name);
            if (a.type != ToolArgument::Type::flag) words.push_back(sample(a));
        }
        const Json most = arguments(words);
        CHECK(check_arguments(described, most));
        CHECK(most.size() == described.arguments.size());
    }
}

TEST_CASE("a tool that nobody wrote a line for is a command with a usage and a help") {
    ToolDescription tool{"brighten",
                         "more air",
                         {{"strip", ToolArgument::Type::text, true, "which"},
                          {"amount", ToolArgument::Type::number, false, "how much, dB"},
                          {"slowly", ToolArgument::Type::flag, false, "take time"}},
                         false,
                         false};
    const std::vector<Command> own{command_of(tool)};
    CHECK(own[0].usage() == "brighten STRIP [AMOUNT] [--slowly]");
    const std::vector<std::string> words{"brighten", "Vox", "1.5", "--slowly"};
    const auto request = parse(words, own);
    REQUIRE(request);
    CHECK(request->arguments == Json{{"strip", "Vox"}, {"amount", 1.5}, {"slowly", true}});
    CHECK_THAT(help_text(own[0], 0), Contains("how much, dB") && Contains("more air"));
    tool.arguments.push_back({"where", ToolArgument::Type::text, false, "low or high"});
    CHECK(command_of(tool).usage() == "brighten STRIP [amount=AMOUNT] [--slowly] [where=WHERE]");
}

TEST_CASE("values may begin with a dash, hold an equals sign, or be empty") {
    CHECK(arguments({"set", "Lead Vox", "fader", "-4.5dB"})
          == Json{{"strip", "Lead Vox"}, {"control", "fader"}, {"value", "-4.5dB"}});
    CHECK(arguments({"set", "A=B", "send/x=y", "-inf"})
          == Json{{"strip", "A=B"}, {"control", "send/x=y"}, {"value", "-inf"}});
    CHECK(arguments({"set", "Vox", "fader", "-6", "glide=2s", "why=a = b"})
          == Json{{"strip", "Vox"},
                  {"control", "fader"},
                  {"value", "-6"},
                  {"glide", "2s"},
                  {"why", "a = b"}});
    CHECK(arguments({"role", "Keys", ""}) == Json{{"strip", "Keys"}, {"role", ""}});
    CHECK(arguments({"brief", "genre=rock", "target=-14LUFS", "--tempo", "120"})
          == Json{{"genre", "rock"}, {"target", "-14LUFS"}, {"tempo", "120"}});
    CHECK(arguments({"host", "ardour=127.0.0.1:3820"}) == Json{{"host", "ardour=127.0.0.1:3820"}});
    CHECK(arguments({"role", "--", "--json"}) == Json{{"strip", "--json"}});
    CHECK(arguments({"undo"}) == Json::object());
    CHECK(arguments({"undo", "12"}) == Json{{"move", 12.0}});
    CHECK(arguments({"coach", "--for=60s"}) == Json{{"for", "60s"}});
}

TEST_CASE("an argument that may be given more than once takes all that is left") {
    CHECK(arguments({"analyse", "a.wav", "--jobs", "2", "b = c.wav", "--no-cache", "--", "--odd"})
          == Json{{"path", {"a.wav", "b = c.wav", "--odd"}}, {"jobs", 2.0}, {"no-cache", true}});
    CHECK_THAT(misuse({"analyse"}), Contains("PATH is missing") && Contains("analyse PATH..."));
    CHECK_THAT(misuse({"analyse", "x", "--jobs", "many"}), Contains("is a number"));
}

TEST_CASE("what goes for all commands may stand before or after the command") {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"--json", "--socket", "/a b", "status"},
          std::vector<std::string>{"status", "--socket=/a b", "--json"}}) {
        const auto request = parsed(words);
        REQUIRE(request);
        CHECK(request->json);
        CHECK(request->socket == "/a b");
        CHECK(request->command->name == "status");
        CHECK(request->arguments.empty());
    }
    CHECK(parsed({"set", "--help"})->help);
    CHECK(parsed({"help", "set"})->command->name == "set");
    CHECK(parsed({"--help"})->command == nullptr);
    CHECK(parsed({"--version"})->version);
}

TEST_CASE("misuse is told in one line with what is expected") {
    CHECK_THAT(misuse({"set", "Bass", "fader"}),
               Contains("VALUE is missing") && Contains("set STRIP CONTROL VALUE"));
    CHECK_THAT(misuse({"set", "Lead", "Vox", "fader", "-3dB"}), Contains("needs quotes"));
    CHECK_THAT(misuse({"frobnicate"}), Contains("\"frobnicate\"") && Contains("--help"));
    CHECK_THAT(misuse({"Frob\x1b[31m\nnicate"}), Contains("\\x1b[31m\\x0a"));
    CHECK_THAT(misuse({}), Contains("--help"));
    CHECK_THAT(misuse({"apply", "three"}), Contains("ADVICE is a number") && Contains("\"three\""));
    CHECK_THAT(misuse({"apply", "nan"}), Contains("number"));
    CHECK_THAT(misuse({"apply", "3x"}), Contains("number"));
    CHECK_THAT(misuse({"undo", "--every"}), Contains("\"--every\"") && Contains("[--all]"));
    CHECK_THAT(misuse({"undo", "--all=yes"}), Contains("no value"));
    CHECK_THAT(misuse({"mode", "ask", "--mode", "auto"}), Contains("twice"));
    CHECK_THAT(misuse({"status", "--socket"}), Contains("--socket"));
    CHECK_THAT(misuse({"--loud", "status"}), Contains("--loud"));
    CHECK_THAT(misuse({"status", "now"}), Contains("one word too many"));
}

TEST_CASE("the help lists every command once") {
    const std::string help = help_text(commands(), "1.2.3", 0);
    CHECK_THAT(help, Contains("1.2.3"));
    for (const Command& command : commands()) {
        INFO(command.name);
        CHECK_THAT(help, Contains("\n  " + command.usage()) && Contains(command.summary));
        const std::string own = help_text(command, 0);
        CHECK_THAT(own, Contains(command.usage()) && Contains(command.summary));
        for (const Argument& a : command.arguments) CHECK_THAT(own, Contains(a.described.doc));
        CHECK(std::count_if(commands().begin(), commands().end(),
                            [&](const Command& c) { return c.name == command.name; })
              == 1);
    }
}

TEST_CASE("the help fits the terminal") {
    std::vector<std::string> texts{help_text(commands(), "1.2.3", 80)};
    for (const Command& command : commands()) texts.push_back(help_text(command, 80));
    for (const std::string& text : texts)
        for (std::size_t from = 0, to = 0; (to = text.find('\n', from)) != std::string::npos;
             from = to + 1) {
            const std::string line = text.substr(from, to - from);
            INFO(line);
            CHECK(display_width(line) <= 80);
        }
}

TEST_CASE("durations have a unit or are seconds, and end some day") {
    const std::pair<const char*, Duration> good[] = {{"90", 90s},   {"90s", 90s},     {"5m", 5min},
                                                     {"1h", 1h},    {"300ms", 300ms}, {"1.5m", 90s},
                                                     {"2min", 2min}};
    for (const auto& [text, span] : good) {
        CAPTURE(text);
        REQUIRE(parse_duration(text));
        CHECK(*parse_duration(text) == span);
    }
    for (const char* text : {"", "s", "-1s", "0", "5 m", "5x", "1e9h", "inf", "nan", "1h30"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text));
    }
}
