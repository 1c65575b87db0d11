// What the doctor says about the facts. How they are gathered: doctor_facts.cpp.
#include "daemon/command_line/doctor.h"

#include "core/capabilities.h"
#include "core/values.h"

#include <algorithm>

namespace prefade::command_line {
namespace {

/// The journal grows by a few hundred bytes a move; SQLite needs room for its log beside it.
constexpr std::uintmax_t scarce = 100'000'000, too_scarce = 5'000'000;

std::string in_words(const Error& error) {
    return error.where.empty() ? error.message : error.where + ": " + error.message;
}

Finding judge_data(const Facts& facts) {
    if (facts.data) return {"data folder", Health::ok, facts.data->string(), {}};
    return {
        "data folder", Health::fail, facts.data_wrong,
        "install Prefade again, or set PREFADE_DATA_DIR to the folder with config/ and knowledge/"};
}

/// Whether the programs are of one installation: a mixture would speak past each other.
Finding judge_program(const ProgramFact& program, const Facts& facts) {
    const std::string again = "install Prefade again, so that all programs are of one version";
    if (!program.there) return {program.name, Health::fail, "it is not beside this program", again};
    if (program.version.empty())
        return {program.name, Health::fail, "it cannot be run: " + program.wrong.value_or(""),
                again};
    if (program.version != facts.version)
        return {program.name, Health::fail,
                "it is of version " + program.version + ", this is prefade " + facts.version,
                again};
    return {program.name, Health::ok, "version " + program.version, {}};
}

Finding judge_overlay(const Facts& facts) {
    if (!facts.overlay.there)
        return {facts.overlay.name,
                Health::absent,
                "not part of this installation; nothing else needs it",
                {}};
    Finding finding = judge_program(facts.overlay, facts);
    if (finding.verdict == Health::ok && facts.overlay.wrong)
        return {finding.link, Health::warn, *facts.overlay.wrong,
                "install that package; the window works without it, in small letters"};
    return finding;
}

Finding judge_file(const std::string& link, const FileFact& file) {
    if (file.wrong)
        return {link, Health::fail, in_words(*file.wrong),
                "mend the file, or move it away: then the defaults hold"};
    return {link,
            Health::ok,
            file.there ? file.path.string() : "none of your own, the defaults hold",
            {}};
}

void judge_knowledge(const Facts& facts, std::vector<Finding>& findings) {
    for (const Error& error : facts.shipped_wrong)
        findings.push_back({"rules", Health::fail, in_words(error), "install Prefade again"});
    for (const Error& error : facts.own_wrong)
        findings.push_back({"your rules", Health::warn,
                            in_words(error) + " (this file is left out)",
                            "mend it; `prefade check` runs its cases"});
    const bool none = facts.shipped_rules + facts.own_rules == 0;
    findings.push_back({"rules", none ? Health::fail : Health::ok,
                        counted(facts.shipped_rules, "shipped rule") + ", "
                            + std::to_string(facts.own_rules) + " of your own",
                        none ? "install Prefade again" : ""});
    for (const Error& error : facts.own_plugins_wrong)
        findings.push_back({"your plugins", Health::warn,
                            in_words(error) + " (this entry is left out)",
                            "mend it; `prefade check` looks at it again"});
    const bool no_plugins = facts.shipped_plugins + facts.own_plugins == 0;
    findings.push_back({"plugins", no_plugins ? Health::fail : Health::ok,
                        counted(facts.shipped_plugins, "shipped plugin") + ", "
                            + std::to_string(facts.own_plugins) + " of your own",
                        no_plugins ? "install Prefade again" : ""});
}

Finding judge_journal(const FolderFact& folder) {
    const std::string where =
        folder.path.string() + (folder.there ? "" : " (made at the first start)");
    if (!folder.writable)
        return {"journal", Health::fail, where + " cannot be written; without it no move is made",
                "change its owner or mode, or set `journal` in prefade.toml"};
    if (folder.free < too_scarce)
        return {"journal", Health::fail,
                where + ", " + std::to_string(folder.free / 1'000'000) + " MB free",
                "make room: a move that cannot be journalled is refused"};
    return {"journal", folder.free < scarce ? Health::warn : Health::ok,
            where + ", " + std::to_string(folder.free / 1'000'000) + " MB free",
            folder.free < scarce ? "make room before it runs out" : ""};
}

Finding judge_socket(const Facts& facts) {
    const FolderFact& folder = facts.socket_folder;
    if (!folder.writable)
        return {"socket folder", Health::fail,
                folder.path.string() + " cannot be written, so no daemon can listen there",
                "change its owner or mode, or set `socket` in prefade.toml"};
    return {"socket folder",
            Health::ok,
            folder.path.string() + (folder.there ? "" : " (made at the first start)"),
            {}};
}

Finding judge_daemon(const Facts& facts) {
    if (!facts.status)
        return {"daemon",
                Health::fail,
                facts.daemon_wrong ? facts.daemon_wrong->message : "prefaded does not answer",
                {}};
    const std::string version = text_of(*facts.status, "version");
    if (version != facts.version)
        return {"daemon", Health::warn,
                "prefaded " + version + " runs at " + facts.socket.string() + ", this is prefade "
                    + facts.version,
                "start the daemon again, so that both are of one version"};
    return {"daemon", Health::ok, "prefaded " + version + " runs at " + facts.socket.string(), {}};
}

std::string names_of(const std::vector<FoundHost>& hosts) {
    std::string names;
    for (const FoundHost& host : hosts)
        names += (names.empty() ? "" : ", ") + host.name + " at " + host.address;
    return names;
}

std::string setups_of(const std::vector<std::string>& known) {
    std::string text;
    for (const std::string& name : known)
        text += (text.empty() ? "" : " or ") + ("`prefade setup " + name + '`');
    return text;
}

/// Which of the clicks in the DAW are missing, as far as its own files tell.
void judge_settings(const Facts& facts, std::vector<Finding>& findings) {
    for (const auto& [title, setting] : facts.host_settings) {
        const bool wrong = setting.state == HostSetting::State::wrong;
        const bool right = setting.state == HostSetting::State::right;
        findings.push_back({title,
                            wrong   ? Health::warn
                            : right ? Health::ok
                                    : Health::absent,
                            setting.found,
                            wrong ? setups_of(facts.known_hosts) + " says the clicks" : ""});
    }
}

/// The DAW when no daemon says how it is connected to it.
Finding judge_hosts(const Facts& facts) {
    if (facts.hosts_wrong)
        return {"DAW", Health::fail, in_words(*facts.hosts_wrong), "install Prefade again"};
    if (facts.hosts.empty())
        return {"DAW", Health::fail, "no DAW answers on this machine",
                "start it; if it runs, " + setups_of(facts.known_hosts)
                    + " says what to switch on"};
    return {"DAW", Health::ok, names_of(facts.hosts) + " answers", {}};
}

Finding judge_connection(const Facts& facts) {
    const Json& host = member(*facts.status, "host");
    const std::string state = text_of(host, "state"), name = host_name(host),
                      address = text_of(host, "address");
    if (state == "connected") {
        const std::string session = text_of(host, "session");
        return {"DAW",
                Health::ok,
                "connected to " + name + " at " + address
                    + (session.empty() ? "" : ", session \"" + session + '"') + ", "
                    + whole_text(member(*facts.status, "strips")) + " strips",
                {}};
    }
    const Json& seen = list_of(*facts.status, "hosts_seen");
    if (seen.size() > 1)
        return {"DAW", Health::fail, "several answer: " + joined(seen),
                "choose one: `prefade host NAME`"};
    const std::string waits =
        "the daemon is " + state + (address.empty() ? "" : " (" + address + ')');
    if (!facts.hosts.empty())
        return {"DAW", Health::fail, names_of(facts.hosts) + " answers, but " + waits,
                "`prefade host " + facts.hosts.front().name + '=' + facts.hosts.front().address
                    + '`'};
    Finding none = judge_hosts(facts);
    none.found += "; " + waits;
    return none;
}

void judge_capabilities(const Facts& facts, std::vector<Finding>& findings) {
    const Json& can = list_of(member(*facts.status, "capabilities"), "can");
    std::string missing;
    for (const auto& entry : capability_names)
        if (std::none_of(can.begin(), can.end(), [&](const Json& c) { return c == entry.second; }))
            missing += (missing.empty() ? "" : ", ") + std::string(entry.second);
    findings.push_back({"capabilities",
                        Health::ok,
                        std::to_string(can.size()) + " of "
                            + std::to_string(capability_names.size())
                            + (missing.empty() ? "" : "; this DAW's door has no " + missing),
                        {}});
}

void judge_traffic(const Json& status, std::vector<Finding>& findings) {
    const Json& traffic = member(status, "traffic");
    const double dropped = number_of(traffic, "dropped", 0.0),
                 malformed = number_of(traffic, "malformed", 0.0);
    const std::string rates = level_text(member(traffic, "received_per_second"), 0) + "/s in, "
                              + level_text(member(traffic, "sent_per_second"), 0) + "/s out";
    if (dropped + malformed > 0.0)
        findings.push_back(
            {"messages", Health::warn,
             rates + "; " + whole_text(member(traffic, "dropped")) + " dropped, "
                 + whole_text(member(traffic, "malformed")) + " malformed",
             dropped > 0.0 ? "the machine is busy; all was read again after each loss" : ""});
    else
        findings.push_back({"messages", Health::ok, rates + ", none lost", {}});
    if (const std::string error = text_of(status, "last_error"); !error.empty())
        findings.push_back({"last error", Health::warn, error, {}});
}

} // namespace

std::vector<Finding> judge(const Facts& facts) {
    std::vector<Finding> findings{judge_data(facts), judge_program(facts.daemon_program, facts),
                                  judge_overlay(facts), judge_file("settings", facts.settings),
                                  judge_file("policy", facts.policy)};
    judge_knowledge(facts, findings);
    findings.push_back(judge_journal(facts.journal));
    findings.push_back(judge_socket(facts));
    findings.push_back(judge_daemon(facts));
    findings.push_back(facts.status ? judge_connection(facts) : judge_hosts(facts));
    judge_settings(facts, findings);
    if (facts.status) {
        if (member(member(*facts.status, "host"), "state") == "connected")
            judge_capabilities(facts, findings);
        judge_traffic(*facts.status, findings);
    }
    for (const auto& [part, there] : facts.parts)
        findings.push_back(
            {part,
             there ? Health::ok : Health::absent,
             there ? "there" : "not part of this installation; nothing else needs it",
             {}});
    return findings;
}

} // namespace prefade::command_line
