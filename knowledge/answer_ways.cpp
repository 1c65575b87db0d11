// Chains, stage by stage, and the ways in which a host does something.
#include "knowledge/answer_parts.h"

#include <algorithm>

namespace prefade {

bool tell_chain(Composition& c) {
    if (!c.q.is("chain")) return false;
    if (!c.q.kinds.empty() && c.q.roles.empty() && c.q.genre_ids.empty())
        return false; // where one has its place
    std::string words = c.q.content;
    for (const std::string& role : c.q.roles) words += ' ' + role;
    for (const std::string& genre : c.q.genre_ids) words += ' ' + genre;
    const auto found = entries_for(c, {MixKind::chain}, words + " chain");
    if (found.empty()) return false;
    const MixEntry& chain = *found.front().entry;
    const bool is_styled = !c.q.genre_ids.empty() || !c.q.styles.empty();
    const bool is_for = std::any_of(c.q.roles.begin(), c.q.roles.end(),
                                    [&](const auto& role) { return contains(chain.on, role); });
    if (!is_for && !is_styled && !found.front().in_full) {
        std::vector<std::string> names;
        for (const MixEntry& entry : c.library.mix.entries())
            if (entry.kind == MixKind::chain) names.push_back(lower_first(entry.name));
        c.answer.kind = AnswerKind::chain;
        const std::string source = in_words(c.q.roles);
        c.telling.say(
            (source.empty() ? "I have no chain by that name" : "I have no chain for " + source)
            + ". There is one for " + in_words(names));
        c.answer.asks = "Which of these?";
        c.telling.say(c.answer.asks);
        return true;
    }
    tell_entry(c, chain);
    if (!is_styled && contains(chain.on, "lead vocal") && !chain.genres.empty())
        c.answer.asks = "For which style?";
    return true;
}

const MixEntry* operation_asked(Composition& c) {
    if (!c.q.is("how") && c.q.hosts.empty() && c.q.elsewhere.empty()) return nullptr;
    const auto found = entries_for(c, {MixKind::operation});
    const double enough = c.q.hosts.empty() && c.q.elsewhere.empty() ? 0.55 : 0.45;
    if (found.empty() || found.front().coverage < enough) return nullptr;
    return found.front().entry;
}

bool tell_ways(Composition& c, const MixEntry& operation, const std::vector<std::string>& hosts) {
    bool is_told = false;
    for (const MixStep& way : operation.steps) {
        if (!hosts.empty() && !contains(hosts, way.host)) continue;
        c.telling.say("In " + host_words(way.host) + ": " + way.does);
        c.rest_on(way.origin);
        is_told = true;
    }
    return is_told;
}

bool tell_operation(Composition& c) {
    const MixEntry* operation = operation_asked(c);
    if (!operation) return false;
    c.begin(AnswerKind::how_to);
    c.telling.say(operation->name + ": " + lower_first(operation->says), 1);
    if (!tell_ways(c, *operation, c.q.hosts)) {
        std::vector<std::string> asked, others;
        for (const std::string& host : c.q.hosts) asked.push_back(host_words(host));
        for (const MixStep& way : operation->steps) others.push_back(host_words(way.host));
        c.telling.say("For " + in_words(asked) + " no way is written down, for " + in_words(others)
                      + " there is one");
        c.answer.known = false;
    }
    tell_around(c, *operation);
    return true;
}

} // namespace prefade
