#include "daemon/command_line/ask.h"

#include "core/places.h"
#include "core/text.h"
#include "core/values.h"
#include "daemon/answers.h"
#include "daemon/command_line/client.h"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace prefade::command_line {
namespace fs = std::filesystem;
namespace {

Result<Json> ask_knowledge(const std::string& question) {
    const auto data = data_folder();
    if (!data) return data.error();
    const auto config = own_config();
    if (!config) return config.error();
    auto answerer = open_answerer(knowledge_paths(*config, *data), [](const Error& error) {
        std::fprintf(stderr, "knowledge left out: %s: %s\n", printable(error.where).c_str(),
                     printable(error.message).c_str());
    });
    if (!answerer) return answerer.error();
    SessionFacts facts;
    facts.brief = config->brief;
    facts.now = Clock::now();
    return to_json((*answerer)->ask(question, facts));
}

} // namespace

Result<Json> ask(const std::string& question, const fs::path& socket) {
    auto client = Client::connect(socket);
    if (!client && client.error().code == ErrorCode::unavailable) return ask_knowledge(question);
    if (!client) return client.error();
    return client->call("ask", {{"question", question}});
}

std::string render_answer(const Json& answer, const Look& look) {
    std::string out;
    for (const std::string& line : wrapped(printable(text_of(answer, "answer")), look.width))
        out += line + '\n';
    int number = 0;
    for (const Json& way : list_of(answer, "ways")) {
        ++number;
        if (way.value("by_hand", false)) continue; // it is in the answer
        const std::string says = text_of(way, "says"), but = text_of(way, "but");
        for (const std::string& line : wrapped(
                 std::to_string(number) + ": " + printable(says)
                     + (but.empty() ? ""
                                    : (says.empty() ? "not here; " : "; not: ") + printable(but)),
                 look.width))
            out += "  " + line + '\n';
    }
    for (const Json& move : list_of(answer, "moves"))
        out += text_of(move, "stage") == "proposed"
                   ? "\n  prefade approve " + whole_text(member(move, "move")) + '\n'
                   : "\n  refused: " + printable(text_of(move, "reason")) + '\n';
    std::string sources;
    for (const Json& source : list_of(answer, "sources"))
        if (source.is_string())
            sources += (sources.empty() ? "" : "; ") + printable(source.get<std::string>());
    if (sources.empty()) return out;
    for (const std::string& line : wrapped("Source: " + sources, look.width))
        out += toned(line, Tone::faint, look) + '\n';
    return out;
}

} // namespace prefade::command_line
