#include "daemon/command_line/chain.h"

#include "core/values.h"

#include <algorithm>

namespace prefade::command_line {
namespace {

constexpr double fresh_ms = 5000.0; ///< a meter that moved within this is alive

const char* const link_names[] = {"daemon", "ports", "answer", "names", "levels", "meters", "echo"};

Finding alive(const char* link, std::string found) {
    return {link, Health::ok, std::move(found), {}};
}
Finding broken(const char* link, std::string found, std::string advice) {
    return {link, Health::warn, std::move(found), std::move(advice)};
}

std::size_t count_with(const Json& strips, const char* key) {
    return static_cast<std::size_t>(std::count_if(
        strips.begin(), strips.end(), [&](const Json& s) { return !member(s, key).is_null(); }));
}

bool has_fresh_meter(const Json& strip) {
    const Json& readings = list_of(strip, "readings");
    return std::any_of(readings.begin(), readings.end(), [](const Json& reading) {
        return number_of(reading, "age_ms", fresh_ms + 1.0) <= fresh_ms;
    });
}

Finding daemon_link(const ChainFacts& facts, const std::string& host) {
    if (facts.status) return alive("daemon", "prefaded runs");
    return broken("daemon", "prefaded does not run", "start it: `prefaded --host " + host + '`');
}

Finding ports_link(const ChainFacts& facts, const std::string& host) {
    const Json& told = member(*facts.status, "host");
    const std::string name = text_of(told, "name"), address = text_of(told, "address");
    if (!name.empty() && name != host)
        return broken("ports", "prefaded is connected to " + name,
                      "`prefade host " + host + "`, or start `prefaded --host " + host + '`');
    if (address.find("Prefade 1") == std::string::npos)
        return broken("ports", "prefaded has made no MIDI ports",
                      "start it with `prefaded --host " + host + "`; what it says then is why");
    return alive("ports", address);
}

Finding answer_link(const ChainFacts& facts) {
    const double received = number_of(member(*facts.status, "traffic"), "received", 0.0);
    if (text_of(member(*facts.status, "host"), "state") == "connected")
        return alive("answer", "the DAW talks: " + whole_text(Json(received)) + " messages so far");
    return broken("answer",
                  received > 0.0 ? "the DAW has fallen silent" : "no message has come from the DAW",
                  "do the steps above; the DAW has to hear Prefade's out and send to its in");
}

Finding names_link(const Json& strips) {
    if (!strips.empty()) return alive("names", std::to_string(strips.size()) + " strips");
    return broken("names", "no strip has been read yet",
                  "the mixer is read in a few seconds; leave its banks alone meanwhile");
}

Finding levels_link(const ChainFacts& facts, const Json& strips, const std::string& host) {
    const Json& can = list_of(member(*facts.status, "capabilities"), "can");
    const auto has = [&](const char* what) {
        return std::find(can.begin(), can.end(), what) != can.end();
    };
    if (!has("read_fader"))
        return broken("levels", "the law of its faders is not known: they are not read",
                      has("fader_positions")
                          ? "`prefade calibrate " + host + '`'
                          : "no display tells it: see docs/hosts/" + host + ".md");
    const std::size_t known = count_with(strips, "fader_db");
    if (known > 0) return alive("levels", std::to_string(known) + " faders read");
    return broken("levels", "no fader has been told", "move one in the DAW");
}

Finding meters_link(const Json& strips) {
    if (std::any_of(strips.begin(), strips.end(), has_fresh_meter))
        return alive("meters", "they move");
    return broken("meters", "none has moved in the last 5 s", "play the song");
}

/// A move that the DAW's own echo confirmed: the way out works too.
Finding echo_link(const ChainFacts& facts) {
    for (const Json& record : list_of(*facts.journal, "moves"))
        if (text_of(record, "outcome") == "confirmed")
            return alive("echo", "a move came back: " + text_of(record, "strip") + ' '
                                     + text_of(record, "control"));
    return {"echo", Health::absent, "no move was made in this session yet",
            "`prefade set STRIP mute on`, and `prefade undo`, on a scratch track"};
}

} // namespace

std::vector<Finding> judge_chain(const std::string& host, const ChainFacts& facts) {
    static const Json none = Json::array();
    const Json& strips = facts.strips ? list_of(*facts.strips, "strips") : none;
    std::vector<Finding> chain{daemon_link(facts, host)};
    const auto holds = [&] { return chain.back().verdict == Health::ok; };
    if (holds()) chain.push_back(ports_link(facts, host));
    if (holds() && chain.size() == 2) chain.push_back(answer_link(facts));
    if (holds() && chain.size() == 3) chain.push_back(names_link(strips));
    if (holds() && chain.size() == 4) { // these three are beside each other
        chain.push_back(levels_link(facts, strips, host));
        chain.push_back(meters_link(strips));
        if (facts.journal) chain.push_back(echo_link(facts));
    }
    for (std::size_t i = chain.size(); i < std::size(link_names); ++i)
        chain.push_back({link_names[i], Health::absent, "not looked at yet", {}});
    return chain;
}

bool is_whole(const std::vector<Finding>& chain) {
    return std::all_of(chain.begin(), chain.end(), [](const Finding& link) {
        return link.verdict == Health::ok || link.link == "echo";
    });
}

} // namespace prefade::command_line
