// Gathers what the doctor judges. Reads files and environment, asks the daemon and the DAWs; changes
// nothing.
#include "connectors/demo/playback.h"
#include "connectors/host_profile.h"
#include "core/places.h"
#include "daemon/command_line/client.h"
#include "daemon/command_line/doctor.h"
#include "daemon/config.h"
#include "daemon/policy.h"
#include "daemon/tools.h"
#include "knowledge/check.h"
#include "knowledge/plugin_catalog.h"
#include "knowledge/roles.h"
#include "knowledge/rule.h"

#include <algorithm>
#include <array>
#include <cstdio>
#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace prefade::command_line {
namespace fs = std::filesystem;
namespace {

bool is_writable(const fs::path& folder) {
#ifdef _WIN32
    return _waccess(folder.c_str(), 2) == 0;
#else
    return access(folder.c_str(), W_OK | X_OK) == 0;
#endif
}

/// A shell's word.
std::string in_quotes(const fs::path& file) {
#ifdef _WIN32
    return '"' + file.string() + '"';
#else
    std::string word = "'";
    for (const char c : file.string()) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + '\'';
#endif
}

struct Said {
    std::string last_line;
    bool good{false};
};

/// Runs a program of ours to its end; what it says on either stream.
Said ask_program(const fs::path& program, const std::string& option) {
#ifdef _WIN32
    std::FILE* pipe = _popen(('"' + in_quotes(program) + ' ' + option + " 2>&1\"").c_str(), "r");
    const auto end = _pclose;
#else
    std::FILE* pipe = popen((in_quotes(program) + ' ' + option + " 2>&1 < /dev/null").c_str(), "r");
    const auto end = pclose;
#endif
    if (!pipe) return {"no program can be started", false};
    Said said;
    std::array<char, 1024> line{};
    while (std::fgets(line.data(), static_cast<int>(line.size()), pipe))
        said.last_line = line.data();
    said.good = end(pipe) == 0;
    while (said.last_line.ends_with('\n') || said.last_line.ends_with('\r'))
        said.last_line.pop_back();
    return said;
}

ProgramFact look_at_program(const std::string& name) {
#ifdef _WIN32
    const fs::path file = program_folder() / (name + ".exe");
#else
    const fs::path file = program_folder() / name;
#endif
    std::error_code failed;
    ProgramFact fact{name, fs::exists(file, failed), {}, std::nullopt};
    if (!fact.there) return fact;
    const Said version = ask_program(file, "--version");
    if (version.good && version.last_line.starts_with(name + ' '))
        fact.version = version.last_line.substr(name.size() + 1);
    else
        fact.wrong = version.last_line;
    return fact;
}

ProgramFact look_at_overlay() {
    ProgramFact fact = look_at_program("prefade-overlay");
    if (fact.version.empty()) return fact;
    const Said check = ask_program(program_folder() / "prefade-overlay", "--check");
    if (!check.good) fact.wrong = check.last_line;
    return fact;
}

FolderFact look_at_folder(const fs::path& folder) {
    FolderFact fact{folder, false, false, 0};
    std::error_code failed;
    fact.there = fs::is_directory(folder, failed);
    fs::path nearest = folder;
    while (!fs::exists(nearest, failed) && nearest.has_parent_path()
           && nearest != nearest.parent_path())
        nearest = nearest.parent_path();
    fact.writable = fs::is_directory(nearest, failed) && is_writable(nearest);
    if (const auto space = fs::space(nearest, failed); !failed) fact.free = space.available;
    return fact;
}

/// The shipped entries by themselves, then with the user's, which may rest on them.
void look_at_plugins(const fs::path& own, Facts& facts) {
    std::error_code failed;
    KnowledgePaths beside;
    if (facts.data) {
        beside = by_name({*facts.data / "knowledge"});
        LoadedPlugins shipped = PluginCatalog::load(beside.plugins);
        facts.shipped_plugins = shipped.catalog.plugins().size();
        std::move(shipped.errors.begin(), shipped.errors.end(),
                  std::back_inserter(facts.shipped_wrong));
    }
    if (!fs::is_directory(own, failed)) return;
    KnowledgePaths asked;
    asked.plugins = {own};
    CheckReport report = check(asked, beside);
    facts.own_plugins = report.plugins;
    facts.own_plugins_wrong = std::move(report.errors);
}

/// Fills in what the data folder holds, and what the user keeps beside it.
void look_at_knowledge(const fs::path& own_rules, Facts& facts) {
    std::error_code failed;
    if (facts.data) {
        LoadedRules shipped = RuleBook::load({*facts.data / "knowledge/rules"});
        facts.shipped_rules = shipped.book.rules().size();
        facts.shipped_wrong = std::move(shipped.errors);
        if (const auto roles = RoleBook::load(*facts.data / "knowledge/roles.toml"); !roles)
            facts.shipped_wrong.push_back(roles.error());
        if (const auto policy = load_policy(*facts.data / "config/policy.toml"); !policy)
            facts.shipped_wrong.push_back(policy.error());
        if (const auto profiles = load_host_profiles(*facts.data / "config/hosts"))
            for (const HostProfile& profile : *profiles)
                if (!profile.ports.empty()) facts.known_hosts.push_back(profile.name);
    }
    if (!fs::is_directory(own_rules, failed)) return;
    LoadedRules own = RuleBook::load({own_rules});
    facts.own_rules = own.book.rules().size();
    facts.own_wrong = std::move(own.errors);
}

void look_at_daemon(Facts& facts) {
    auto client = Client::connect(facts.socket);
    if (!client) {
        facts.daemon_wrong = client.error();
        return;
    }
    auto status = client->call("status", Json::object());
    if (status)
        facts.status = std::move(*status);
    else
        facts.daemon_wrong = status.error();
}

void look_for_hosts(Facts& facts) {
    if (!facts.data) return;
    auto found = find_hosts(*facts.data / "config/hosts");
    if (found)
        facts.hosts = std::move(*found);
    else
        facts.hosts_wrong = found.error();
    if (!facts.hosts.empty()) return;
    for (const std::string& name : facts.known_hosts)
        if (auto setup = look_at_setup(name, *facts.data / "config/hosts"))
            for (HostSetting& setting : setup->settings)
                facts.host_settings.emplace_back(setup->title, std::move(setting));
}

} // namespace

Facts look_around(const std::optional<fs::path>& socket) {
    Facts facts;
    facts.version = PREFADE_VERSION;
    if (auto data = data_folder())
        facts.data = std::move(*data);
    else
        facts.data_wrong = data.error().where + ": " + data.error().message;
    std::error_code failed;
    Config config = default_config();
    facts.settings.path = config_folder() / "prefade.toml";
    facts.settings.there = fs::exists(facts.settings.path, failed);
    if (facts.settings.there) {
        if (auto loaded = load_config(facts.settings.path))
            config = std::move(*loaded);
        else
            facts.settings.wrong = loaded.error();
    }
    facts.policy.path = config.policy;
    facts.policy.there = fs::exists(config.policy, failed);
    facts.daemon_program = look_at_program("prefaded");
    facts.overlay = look_at_overlay();
    if (facts.policy.there)
        if (const auto loaded = load_policy(config.policy); !loaded)
            facts.policy.wrong = loaded.error();
    look_at_knowledge(config.rules, facts);
    look_at_plugins(config.plugins, facts);
    facts.journal = look_at_folder(config.journal.parent_path());
    facts.socket = socket ? *socket : config.socket;
    facts.socket_folder = look_at_folder(facts.socket.parent_path());
    look_at_daemon(facts);
    look_for_hosts(facts);
    facts.parts = {{"sound of the demo", demo::playback_is_built_in()},
                   {"language model", find_tool("ask") != nullptr},
                   {"probe plugin",
                    std::count(facts.known_hosts.begin(), facts.known_hosts.end(), "probe") > 0}};
    return facts;
}

} // namespace prefade::command_line
