#include "daemon/tools.h"

#include "daemon/addressing.h"
#include "daemon/desk.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <map>

namespace prefade {
namespace {

using Type = ToolArgument::Type;

ToolReply reply(Json json) { return std::make_shared<const Json>(std::move(json)); }

std::string text_of(const ToolContext& c, const char* name) {
    return c.arguments.value(name, std::string{});
}
bool flag_of(const ToolContext& c, const char* name) { return c.arguments.value(name, false); }

Source source_of(Door door) {
    switch (door) {
    case Door::local: return Source::user;
    case Door::mcp: return Source::api;
    case Door::model: return Source::model;
    }
    return Source::api;
}

/// An id in a tool's arguments: a whole number above 0.
template <class IdType> Result<IdType> id_of(const ToolContext& c, const char* name) {
    const auto& value = c.arguments.at(name);
    const double number = value.get<double>();
    if (!(number >= 1.0 && number <= 4294967295.0)
        || number != static_cast<double>(static_cast<std::uint32_t>(number)))
        return Error{ErrorCode::invalid,
                     std::string(name)
                         + " is a whole number from 1, as `prefade advice` and "
                           "`prefade journal` show it",
                     {}};
    return IdType{static_cast<std::uint32_t>(number)};
}

Json strip_json(const Strip& strip, const ToolContext& c, bool parameters) {
    return to_json(strip, c.now, parameters);
}

Json inserts_json(const Strip& strip, const Insert* only, TimePoint now) {
    Json inserts = Json::array();
    for (const Insert& insert : strip.inserts) {
        if (only && only->id != insert.id) continue;
        Json parameters = Json::array();
        for (const Parameter& p : insert.parameters) parameters.push_back(to_json(p, now));
        inserts.push_back(
            {{"id", insert.id.value},
             {"plugin", insert.plugin},
             {"slot", insert.slot},
             {"bypassed", insert.bypassed.value ? Json(*insert.bypassed.value) : Json()},
             {"parameters", std::move(parameters)}});
    }
    return inserts;
}

/// Asks the host for these inserts' parameters; true when all of them are newer than `since`.
Result<bool> read_parameters(const ToolContext& c, const Strip& strip, const Insert* only,
                             TimePoint since) {
    bool fresh = strip.inserts_listed || !c.desk.capabilities().has(Capability::list_inserts);
    std::vector<InsertId> stale;
    for (const Insert& insert : strip.inserts) {
        if (only && only->id != insert.id) continue;
        const bool read = !insert.parameters.empty() && insert.parameters.front().value.value
                          && insert.parameters.front().value.at >= since;
        fresh = fresh && read;
        if (!read) stale.push_back(insert.id);
    }
    const StripId id = strip.id; // the strip may move in memory while the host answers
    for (const InsertId insert : stale)
        if (const auto watched = c.desk.watch(id, insert, c.now, c.effects); !watched)
            return watched.error();
    return fresh;
}

// ---- looking --------------------------------------------------------------------------------

ToolReply run_status(const ToolContext& c) {
    const Desk& desk = c.desk;
    const WireTraffic& traffic = desk.traffic();
    std::map<std::string, std::string> unanswered; // one reason a rule is enough
    for (const CannotSay& one : desk.cannot_say(c.now)) unanswered.emplace(one.rule, one.reason);
    Json cannot_say = Json::array();
    for (const auto& [rule, reason] : unanswered)
        cannot_say.push_back({{"rule", rule}, {"reason", reason}});
    Json status = {{"version", desk.version()},
                   {"host", to_json(desk.session().host, c.now)},
                   {"capabilities", to_json(desk.capabilities())},
                   {"mode", name_in(mode_names, desk.mode())},
                   {"transport", to_json(desk.session().transport, c.now)},
                   {"strips", desk.session().strips.size()},
                   {"advice", desk.advice().size()},
                   {"cannot_say", std::move(cannot_say)},
                   {"traffic",
                    {{"received_per_second", traffic.received_per_second},
                     {"sent_per_second", traffic.sent_per_second},
                     {"received", traffic.received},
                     {"sent", traffic.sent},
                     {"malformed", traffic.malformed},
                     {"dropped", traffic.dropped}}},
                   {"hosts_seen", desk.hosts_seen()},
                   {"last_error", desk.last_error()}};
    return reply(std::move(status));
}

ToolReply run_strips(const ToolContext& c) {
    const bool parameters = flag_of(c, "parameters");
    bool fresh = true;
    if (parameters) {
        std::vector<StripId> ids;
        for (const Strip& strip : c.desk.session().strips) ids.push_back(strip.id);
        for (const StripId id : ids) {
            const Strip* strip = c.desk.session().find(id);
            if (!strip) continue;
            const auto read = read_parameters(c, *strip, nullptr, TimePoint{});
            if (!read) return read.error();
            fresh = fresh && *read
                    && (strip->sends_listed || !c.desk.capabilities().has(Capability::read_send));
        }
        if (!fresh && c.desk.wait_until_read(c.call, c.now)) return AnswerLater{};
    }
    Json strips = Json::array();
    for (const Strip& strip : c.desk.session().strips)
        strips.push_back(strip_json(strip, c, parameters));
    Json told = {{"strips", std::move(strips)}};
    if (parameters) told["complete"] = fresh;
    return reply(std::move(told));
}

ToolReply run_parameters(const ToolContext& c) {
    const auto strip = find_strip(c.desk.session(), text_of(c, "strip"));
    if (!strip) return strip.error();
    const Insert* only = nullptr;
    if (const std::string name = text_of(c, "insert"); !name.empty()) {
        const auto insert = find_insert(**strip, name);
        if (!insert) return insert.error();
        only = *insert;
    }
    const StripId id = (*strip)->id;
    const InsertId insert_id = only ? only->id : InsertId{};
    const auto read = read_parameters(c, **strip, only, c.desk.first_called(c.call, c.now));
    if (!read) return read.error();
    if (!*read && c.desk.wait_until_read(c.call, c.now)) return AnswerLater{};
    const Strip* now = c.desk.session().find(id); // as it is after the question
    if (!now) return Error{ErrorCode::not_found, "the strip is gone", {}};
    return reply(
        {{"strip", now->name},
         {"id", id.value},
         {"complete", *read},
         {"inserts",
          inserts_json(*now, insert_id ? c.desk.session().find(id, insert_id) : nullptr, c.now)}});
}

ToolReply run_advice(const ToolContext& c) {
    const auto standing = c.desk.advice();
    AdviceId only;
    if (c.arguments.contains("advice")) {
        const auto id = id_of<AdviceId>(c, "advice");
        if (!id) return id.error();
        only = *id;
    }
    Json advice = Json::array();
    for (const Advice& a : standing)
        if (!only || a.id == only) advice.push_back(to_json(a, c.desk.session(), c.now));
    if (only && advice.empty())
        return Error{
            ErrorCode::not_found, "no advice " + std::to_string(only.value) + " stands", {}};
    Json told = {{"advice", std::move(advice)}};
    if (!only) told["held_back"] = to_json(c.desk.held_back(), standing.size());
    return reply(std::move(told));
}

Json records_json(const std::vector<const MoveRecord*>& records) {
    Json moves = Json::array();
    for (const MoveRecord* r : records) moves.push_back(to_json(*r));
    return {{"moves", std::move(moves)}};
}

ToolReply run_moves(const ToolContext& c) { return reply(records_json(c.desk.moves().open())); }

/// At most `most_told` at once, so that the desk is never long at it; older ones by `before`.
ToolReply run_journal(const ToolContext& c) {
    constexpr double most_told = 1000.0;
    const double limit = c.arguments.value("limit", 200.0);
    if (!(limit >= 1.0 && limit <= most_told))
        return Error{
            ErrorCode::invalid, "limit is a number from 1 to 1000; older moves: before NUMBER", {}};
    const double before = c.arguments.value("before", std::numeric_limits<double>::infinity());
    std::vector<const MoveRecord*> records;
    for (const MoveRecord& r : c.desk.moves().records())
        if (r.move.id.value < before
            && (flag_of(c, "all") || r.session_key == c.desk.session_key()))
            records.push_back(&r);
    const auto most = static_cast<std::size_t>(limit);
    if (records.size() > most)
        records.erase(records.begin(), records.end() - static_cast<std::ptrdiff_t>(most));
    return reply(records_json(records));
}

// ---- moving ---------------------------------------------------------------------------------

/// The move a `set` means; unavailable while the parameters of its insert are not read.
Result<Move> move_of(const ToolContext& c) {
    const Session& session = c.desk.session();
    const auto strip = find_strip(session, text_of(c, "strip"));
    if (!strip) return strip.error();
    const auto path = find_control(**strip, text_of(c, "control"));
    if (!path) return path.error();
    const auto value = parse_value(session, *path, text_of(c, "value"));
    if (!value) return value.error();
    Move move;
    move.path = *path;
    move.target = *value;
    move.source = source_of(c.call.door);
    move.why = text_of(c, "why");
    move.epoch = session.epoch;
    if (const std::string glide = text_of(c, "glide"); !glide.empty()) {
        const auto span = parse_glide(glide);
        if (!span) return span.error();
        move.glide = *span;
    }
    return move;
}

ToolReply run_set(const ToolContext& c) {
    const auto move = move_of(c);
    if (!move
        && move.error().code
               == ErrorCode::unavailable) { // the parameters are not read yet: ask, then again
        const auto strip = find_strip(c.desk.session(), text_of(c, "strip"));
        const std::string control = text_of(c, "control");
        const auto insert = find_insert(**strip, insert_part(**strip, control));
        if (insert) { // else the strip's inserts or sends come by themselves
            const auto read = read_parameters(c, **strip, *insert, TimePoint{});
            if (!read) return read.error();
        }
        if (c.desk.wait_until_read(c.call, c.now)) return AnswerLater{};
    }
    if (!move) return move.error();
    const bool by_user = c.call.door == Door::local;
    const MoveId id = c.desk.propose(*move, by_user, c.now, c.effects);
    c.desk.answer_when_done(c.call, {id});
    return AnswerLater{};
}

ToolReply run_apply(const ToolContext& c) {
    const auto id = id_of<AdviceId>(c, "advice");
    if (!id) return id.error();
    const auto advice = c.desk.advice();
    const auto found =
        std::find_if(advice.begin(), advice.end(), [&](const Advice& a) { return a.id == *id; });
    if (found == advice.end())
        return Error{ErrorCode::not_found,
                     "advice " + std::to_string(id->value)
                         + " does not fire (any more); `prefade advice` lists what does",
                     {}};
    if (found->suggests.empty())
        return Error{ErrorCode::unsupported, "this advice suggests no move: " + found->says, {}};
    const double choice = c.arguments.value("choice", 1.0);
    if (!(choice >= 1.0 && choice <= static_cast<double>(found->suggests.size())))
        return Error{ErrorCode::invalid,
                     "choice goes from 1 to " + std::to_string(found->suggests.size()),
                     {}};
    Move move = found->suggests[static_cast<std::size_t>(choice) - 1];
    move.advice = *id;
    move.source = Source::rule;
    const MoveId made = c.desk.propose(std::move(move), true, c.now, c.effects);
    c.desk.answer_when_done(c.call, {made});
    return AnswerLater{};
}

ToolReply run_dismiss(const ToolContext& c) {
    const auto id = id_of<AdviceId>(c, "advice");
    if (!id) return id.error();
    if (const auto done = c.desk.dismiss(*id, c.now, c.effects); !done) return done.error();
    return reply({{"dismissed", id->value}});
}

ToolReply run_later(const ToolContext& c) {
    const bool back = flag_of(c, "back"), whole_rule = flag_of(c, "rule");
    if (c.arguments.contains("advice") ? back : whole_rule)
        return Error{
            ErrorCode::invalid, "later takes an advice, with --rule if wanted, or --back", {}};
    if (back) c.desk.bring_back();
    if (c.arguments.contains("advice")) {
        const auto id = id_of<AdviceId>(c, "advice");
        if (!id) return id.error();
        if (const auto rests = c.desk.put_to_rest(*id, whole_rule); !rests) return rests.error();
    }
    Json later = Json::array();
    for (const Rest& one : c.desk.at_rest())
        later.push_back({{"rule", one.rule},
                         {"strip", one.strip},
                         {"send", one.send},
                         {"whole_rule", one.whole_rule}});
    return reply({{"later", std::move(later)}});
}

ToolReply run_approve(const ToolContext& c) {
    const auto id = id_of<MoveId>(c, "move");
    if (!id) return id.error();
    if (const auto approved = c.desk.approve(*id, c.now, c.effects); !approved)
        return approved.error();
    c.desk.answer_when_done(c.call, {*id});
    return AnswerLater{};
}

ToolReply run_reject(const ToolContext& c) {
    const auto id = id_of<MoveId>(c, "move");
    if (!id) return id.error();
    if (const auto rejected = c.desk.reject(*id, c.now, c.effects); !rejected)
        return rejected.error();
    return reply({{"rejected", id->value}});
}

ToolReply run_stop(const ToolContext& c) {
    c.desk.stop(c.now, c.effects);
    return reply({{"mode", name_in(mode_names, c.desk.mode())}, {"stopped", true}});
}

ToolReply run_undo(const ToolContext& c) {
    if (flag_of(c, "all")) {
        const auto ids = c.desk.undoable();
        if (ids.empty())
            return Error{ErrorCode::not_found, "there is no move of this run to undo", {}};
        c.desk.undo_in_order(c.call, ids);
        return AnswerLater{};
    }
    MoveId id;
    if (c.arguments.contains("move")) {
        const auto asked = id_of<MoveId>(c, "move");
        if (!asked) return asked.error();
        id = *asked;
    } else {
        const auto ids = c.desk.undoable();
        if (ids.empty())
            return Error{ErrorCode::not_found, "there is no move of this run to undo", {}};
        id = ids.front();
    }
    const auto undone = c.desk.undo(id, c.now, c.effects);
    if (!undone) return undone.error();
    c.desk.answer_when_done(c.call, {*undone});
    return AnswerLater{};
}

// ---- what only the user knows ---------------------------------------------------------------

ToolReply run_mode(const ToolContext& c) {
    if (const std::string wanted = text_of(c, "mode"); !wanted.empty()) {
        const auto mode = value_in(mode_names, wanted);
        if (!mode) return Error{ErrorCode::invalid, "the modes are: " + all_names(mode_names), {}};
        c.desk.set_mode(*mode, c.now, c.effects);
    }
    return reply({{"mode", name_in(mode_names, c.desk.mode())}});
}

ToolReply run_role(const ToolContext& c) {
    const auto strip = find_strip(c.desk.session(), text_of(c, "strip"));
    if (!strip) return strip.error();
    const StripId id = (*strip)->id;
    if (c.arguments.contains("role")) {
        if (const auto set = c.desk.set_role(id, text_of(c, "role"), c.effects); !set)
            return set.error();
    }
    const Strip& now = *c.desk.session().find(id);
    return reply({{"strip", now.name}, {"role", now.role}, {"set_by_user", now.role_set_by_user}});
}

ToolReply run_brief(const ToolContext& c) {
    Brief brief = c.desk.brief();
    for (const auto& [key, value] : c.arguments.items())
        if (const auto done = set(brief, key, value.get<std::string>()); !done) return done.error();
    if (!c.arguments.empty()) c.desk.set_brief(brief, c.effects);
    Json told = {
        {"genre", nullptr}, {"platform", nullptr}, {"target", nullptr}, {"tempo", nullptr}};
    for (const auto& [key, value] : entries(c.desk.brief())) told[key] = value;
    return reply(std::move(told));
}

Json known_json(const HostSetup& setup) {
    Json settings = Json::array();
    for (const HostSetting& setting : setup.settings) settings.push_back(setting.found);
    return {{"name", setup.name},
            {"title", setup.title},
            {"here", setup.here},
            {"settings", std::move(settings)},
            {"steps", setup.steps}};
}

ToolReply run_host(const ToolContext& c) {
    if (const std::string name = text_of(c, "host"); !name.empty())
        c.effects.push_back(OpenHost{name});
    Json known = Json::array();
    for (const HostSetup& setup : c.desk.hosts_known()) known.push_back(known_json(setup));
    return reply({{"host", to_json(c.desk.session().host, c.now)},
                  {"found", c.desk.hosts_seen()},
                  {"known", std::move(known)}});
}

ToolReply run_rules(const ToolContext& c) {
    Json rules = Json::array();
    for (const Rule* rule : c.desk.rules().speaking_of(text_of(c, "text")))
        rules.push_back({{"id", rule->id},
                         {"severity", name_in(severity_names, rule->severity)},
                         {"says", rule->says.words()},
                         {"source", rule->source},
                         {"confidence", name_in(confidence_names, rule->confidence)}});
    return reply({{"rules", std::move(rules)}});
}

ToolReply run_transport(const ToolContext& c) {
    const std::string wanted = text_of(c, "action");
    if (wanted != "play" && wanted != "stop")
        return Error{ErrorCode::invalid, "transport takes play or stop", {}};
    if (const auto done = c.desk.transport(wanted == "play", c.now, c.effects); !done)
        return done.error();
    return reply({{"sent", wanted}});
}

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
