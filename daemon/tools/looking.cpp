// What the mixer, the advice and the journal show.
#include "daemon/addressing.h"
#include "daemon/tools/handlers.h"

#include <limits>
#include <map>
#include <vector>

namespace prefade {

namespace {

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

} // namespace

Result<bool> read_parameters(const ToolContext& c, const Strip& strip, const Insert* only,
                             TimePoint since) {
    bool fresh = strip.inserts_listed || !c.desk.capabilities().has(Capability::list_inserts);
    std::vector<InsertId> stale;
    for (const Insert& insert : strip.inserts) {
        if (only && only->id != insert.id) continue;
        // A host that shows texts alone tells no values.
        const bool read = !insert.parameters.empty() && insert.parameters.front().value.at >= since;
        fresh = fresh && read;
        if (!read) stale.push_back(insert.id);
    }
    const StripId id = strip.id; // the strip may move in memory while the host answers
    for (const InsertId insert : stale)
        if (const auto watched = c.desk.watch(id, insert, c.now, c.effects); !watched)
            return watched.error();
    return fresh;
}

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
    // Through a window of a few strips sends and inserts are seen only of one that somebody looks at.
    const bool come_by_themselves = c.desk.capabilities().bank_width == 0;
    if (parameters && come_by_themselves) {
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
    const auto found = find_strip(c.desk.session(), text_of(c, "strip"));
    if (!found) return found.error();
    const StripId id = (*found)->id;
    if (!(*found)->inserts_listed && c.desk.capabilities().has(Capability::list_inserts)) {
        const auto looked = c.desk.look(id, c.now, c.effects);
        if (!looked) return looked.error();
        if (c.desk.wait_until_read(c.call, c.now)) return AnswerLater{};
    }
    const Strip* strip = c.desk.session().find(id); // as it is after the question
    if (!strip) return Error{ErrorCode::not_found, "the strip is gone", {}};
    const Insert* only = nullptr;
    if (const std::string name = text_of(c, "insert"); !name.empty()) {
        const auto insert = find_insert(*strip, name);
        if (!insert) return insert.error();
        only = *insert;
    }
    const InsertId insert_id = only ? only->id : InsertId{};
    const auto read = read_parameters(c, *strip, only, c.desk.first_called(c.call, c.now));
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

namespace {

Json records_json(const std::vector<const MoveRecord*>& records) {
    Json moves = Json::array();
    for (const MoveRecord* r : records) moves.push_back(to_json(*r));
    return {{"moves", std::move(moves)}};
}

} // namespace

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

} // namespace prefade
