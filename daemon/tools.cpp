#include "daemon/tools.h"

#include "daemon/tools/handlers.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace prefade {
namespace {

using Type = ToolArgument::Type;

const Tool tools[] = {
    {{"status", "host, capabilities, mode, message rates, last error", {}, true, true}, run_status},
    {{"strips",
      "every strip with its controls, meters, sends and inserts",
      {{"parameters", Type::flag, false, "with the parameters of every insert"}},
      true,
      true},
     run_strips},
    {{"parameters",
      "every parameter of a strip's inserts, read now",
      {{"strip", Type::text, true, "name as the DAW shows it, or #id"},
       {"insert", Type::text, false, "one plugin; the second of its kind as NAME#2"}},
      true,
      true},
     run_parameters},
    {{"advice",
      "what fires now, the one to do first, with the readings that made it fire",
      {{"advice", Type::number, false, "that one alone, in full"}},
      true,
      true},
     run_advice},
    {{"set",
      "move one control, prove it and say what became of it",
      {{"strip", Type::text, true, "name as the DAW shows it, or #id"},
       {"control", Type::text, true,
        "fader, trim, pan, mute, solo, send/TO, send_enabled/TO, bypass/PLUGIN, PLUGIN/PARAMETER"},
       {"value", Type::text, true,
        "-4.5dB, L30, on, off, or a parameter's own number, or 43% of its range"},
       {"glide", Type::text, false, "take this long: 300ms, 2s (default: at once)"},
       {"why", Type::text, false, "a reason for the journal"}},
      true,
      true},
     run_set},
    {{"apply",
      "take an advice: do the move it suggests",
      {{"advice", Type::number, true, "its number in `advice`"},
       {"choice", Type::number, false, "which of its suggestions (default 1)"}},
      false,
      false},
     run_apply},
    {{"dismiss",
      "silence an advice until its numbers get clearly worse",
      {{"advice", Type::number, true, "its number in `advice`"}},
      false,
      false},
     run_dismiss},
    {{"later",
      "not now: put an advice to rest until the session ends; alone: what rests",
      {{"advice", Type::number, false, "its number in `advice`"},
       {"rule", Type::flag, false, "all of its rule, on every strip"},
       {"back", Type::flag, false, "bring back all that rests"}},
      false,
      false},
     run_later},
    {{"moves", "what is proposed and under way", {}, true, true}, run_moves},
    {{"approve",
      "allow a proposed move",
      {{"move", Type::number, true, "its number in `moves`"}},
      false,
      false},
     run_approve},
    {{"reject",
      "turn a proposed move down",
      {{"move", Type::number, true, "its number in `moves`"}},
      false,
      false},
     run_reject},
    {{"stop", "halt every glide and plan now; mode watch", {}, true, false}, run_stop},
    {{"undo",
      "put a move back exactly: the last one, MOVE, or --all of this run",
      {{"move", Type::number, false, "its number in `journal`"},
       {"all", Type::flag, false, "every move since the daemon started, newest first"}},
      false,
      false},
     run_undo},
    {{"journal",
      "every move: before, target, read back, outcome, source, why, proof",
      {{"limit", Type::number, false, "the newest so many, up to 1000 (default 200)"},
       {"all", Type::flag, false, "of every session, not only this one"},
       {"before", Type::number, false, "only those with a smaller number"}},
      true,
      true},
     run_journal},
    {{"mode",
      "show or set: watch (no moves), ask (each is approved), auto (within the policy)",
      {{"mode", Type::text, false, "watch, ask or auto"}},
      false,
      false},
     run_mode},
    {{"role",
      "show or set what a strip is: \"lead vocal\", \"kick\"; empty: guess again",
      {{"strip", Type::text, true, "name as the DAW shows it, or #id"},
       {"role", Type::text, false, "the role"}},
      false,
      false},
     run_role},
    {{"brief",
      "what only you know: genre, platform, target, tempo",
      {{"genre", Type::text, false, "pop, rock, jazz ..."},
       {"platform", Type::text, false, "spotify, broadcast, club ..."},
       {"target", Type::text, false, "loudness to deliver: -14LUFS"},
       {"tempo", Type::text, false, "beats per minute"}},
      false,
      false},
     run_brief},
    {{"host",
      "show the DAWs that answer here, or choose one",
      {{"host", Type::text, false, "ardour, ardour=127.0.0.1:3820, or demo"}},
      false,
      false},
     run_host},
    {{"rules",
      "the rules that speak of TEXT, the best match first; without it all",
      {{"text", Type::text, false, "words, in any case: \"vocal level\""}},
      true,
      true},
     run_rules},
    {{"ask",
      "a question about mixing, a plugin or this session, answered offline with its sources",
      {{"question", Type::text, true, "in words, as to a colleague"}},
      true,
      true},
     run_ask},
    {{"transport",
      "start or stop the DAW's playback",
      {{"action", Type::text, true, "play or stop"}},
      false,
      false},
     run_transport},
};

Error misuse(const ToolDescription& tool, const std::string& what) {
    std::string usage = tool.name;
    for (const ToolArgument& a : tool.arguments)
        usage += a.required ? ' ' + a.name : " [" + a.name + ']';
    return {ErrorCode::invalid, what + "; usage: " + usage, {}};
}

bool has_type(const Json& value, Type type) {
    switch (type) {
    case Type::text: return value.is_string();
    case Type::number: return value.is_number();
    case Type::flag: return value.is_boolean();
    }
    return false;
}

const char* type_name(Type type) {
    return type == Type::text ? "string" : type == Type::number ? "number" : "boolean";
}

} // namespace

std::span<const Tool> all_tools() { return tools; }

const Tool* find_tool(std::string_view name) {
    for (const Tool& tool : tools)
        if (tool.described.name == name) return &tool;
    return nullptr;
}

Result<void> check_arguments(const ToolDescription& tool, const Json& arguments) {
    if (!arguments.is_object()) return misuse(tool, "arguments are an object");
    for (const auto& [name, value] : arguments.items()) {
        const auto known =
            std::find_if(tool.arguments.begin(), tool.arguments.end(),
                         [&name = name](const ToolArgument& a) { return a.name == name; });
        if (known == tool.arguments.end())
            return misuse(tool, tool.name + " has no argument \"" + name + '"');
        if (!has_type(value, known->type))
            return misuse(tool, name + " is a " + type_name(known->type));
    }
    for (const ToolArgument& a : tool.arguments)
        if (a.required && !arguments.contains(a.name)) return misuse(tool, a.name + " is missing");
    return {};
}

Json schema_of(const ToolDescription& tool) {
    Json properties = Json::object(), required = Json::array();
    for (const ToolArgument& a : tool.arguments) {
        properties[a.name] = {{"type", type_name(a.type)}, {"description", a.doc}};
        if (a.required) required.push_back(a.name);
    }
    return {{"type", "object"},
            {"properties", properties},
            {"required", required},
            {"additionalProperties", false}};
}

} // namespace prefade
