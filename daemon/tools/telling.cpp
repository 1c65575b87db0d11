// What the user tells: mode, roles, the brief, the host; and what is asked of the rules.
#include "daemon/addressing.h"
#include "daemon/tools/handlers.h"

namespace prefade {

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

namespace {

Json known_json(const HostSetup& setup) {
    Json settings = Json::array();
    for (const HostSetting& setting : setup.settings) settings.push_back(setting.found);
    return {{"name", setup.name},
            {"title", setup.title},
            {"here", setup.here},
            {"settings", std::move(settings)},
            {"steps", setup.steps}};
}

} // namespace

ToolReply run_host(const ToolContext& c) {
    if (const std::string name = text_of(c, "host"); !name.empty())
        c.effects.push_back(OpenHost{name});
    Json known = Json::array();
    for (const HostSetup& setup : c.desk.hosts_known()) known.push_back(known_json(setup));
    Json points = Json::array();
    for (const FaderPoint& point : c.desk.session().fader_points)
        points.push_back({{"level_db", point.level.value()}, {"position", point.position}});
    return reply({{"host", to_json(c.desk.session().host, c.now)},
                  {"found", c.desk.hosts_seen()},
                  {"fader_points", std::move(points)},
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

namespace {

/// By its name, in small or capital letters, or as what it is.
bool is_spoken_of(const Strip& strip, const std::string& text) {
    const auto small = [](std::string_view words) {
        std::string lower(words);
        for (char& c : lower)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        return lower;
    };
    const std::string words = small(text);
    return words.find(small(strip.name)) != std::string::npos
           || (!strip.role.empty() && words.find(strip.role) != std::string::npos);
}

} // namespace

/// The answer comes from a thread of its own; the desk gives it a copy of what it knows.
ToolReply run_ask(const ToolContext& c) {
    constexpr std::size_t most_parameters = 4096; // more would take the desk long to copy
    const Session& session = c.desk.session();
    std::size_t parameters = 0;
    for (const Strip& strip : session.strips)
        for (const Insert& insert : strip.inserts) parameters += insert.parameters.size();
    AskKnowledge question{c.call.caller, c.call.request, c.call.door, text_of(c, "question"),
                          nullptr,       c.desk.brief(), c.now};
    question.fader_top = c.desk.capabilities().fader_top;
    auto copy =
        std::make_shared<Session>(parameters > most_parameters ? for_views(session) : session);
    // Then those of the strips that the question speaks of, and of others while there is room.
    std::size_t room = most_parameters;
    for (const bool spoken_of : {true, false})
        for (std::size_t i = 0; parameters > most_parameters && i < session.strips.size(); ++i) {
            const Strip& strip = session.strips[i];
            copy->strips[i].inserts_listed = strip.inserts_listed;
            if (is_spoken_of(strip, question.text) != spoken_of) continue;
            std::size_t count = 0;
            for (const Insert& insert : strip.inserts) count += insert.parameters.size();
            if (count > room) continue;
            room -= count;
            copy->strips[i].inserts = strip.inserts;
        }
    question.session = std::move(copy);
    c.effects.emplace_back(std::move(question));
    return AnswerLater{};
}

} // namespace prefade
