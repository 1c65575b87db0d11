#include "daemon/command_line/offline.h"

#include "connectors/registry.h"
#include "core/brief.h"
#include "core/places.h"
#include "core/text.h"
#include "daemon/command_line/analyse_view.h"
#include "daemon/command_line/chain.h"
#include "daemon/command_line/client.h"
#include "daemon/command_line/doctor.h"
#include "daemon/command_line/terminal.h"
#include "daemon/config.h"
#include "knowledge/mix_knowledge.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <thread>

namespace prefade::command_line {
namespace fs = std::filesystem;
namespace {

Result<void> put(const Json& json, const std::string& text, bool as_json) {
    if (print(as_json ? json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n' : text))
        return {};
    return Error{ErrorCode::io, "standard output cannot be written", {}};
}

constexpr int most_jobs = 256;

Error broken(std::string message) { return {ErrorCode::invalid, std::move(message), {}}; }

/// Without its line and column.
std::string file_of(const Error& error) {
    const auto is_place = [](char c) { return c == ':' || (c >= '0' && c <= '9'); };
    std::string file = error.where;
    while (!file.empty() && is_place(file.back())) file.pop_back();
    return file;
}

std::string what_is_wrong(const CheckReport& report) {
    std::string text;
    std::set<std::string> files;
    for (const Error& error : report.errors) files.insert(file_of(error));
    if (!files.empty()) text = counted(files.size(), "file") + " did not load";
    if (!report.failures.empty())
        text += (text.empty() ? "" : ", ") + counted(report.failures.size(), "case") + " failed";
    return text;
}

/// All that is shipped below `data`.
KnowledgePaths all_shipped(const fs::path& data) { return by_name({data / "knowledge"}); }

/// Adds what the user keeps: rules and plugins where the settings say, the rest beside the settings, by name.
Result<void> add_own_knowledge(KnowledgePaths& paths) {
    std::error_code failed;
    const auto config = own_config();
    if (!config) return config.error();
    for (const std::string_view name : MixKnowledge::file_names())
        if (const fs::path own = config_folder() / name; fs::exists(own, failed))
            paths.mix.push_back(own);
    if (fs::is_directory(config->rules, failed)) paths.rules.push_back(config->rules);
    if (fs::is_directory(config->plugins, failed)) paths.plugins.push_back(config->plugins);
    return {};
}

bool is_inside(const fs::path& path, const fs::path& folder) {
    std::error_code failed;
    const fs::path within = fs::weakly_canonical(path, failed),
                   around = fs::weakly_canonical(folder, failed);
    return std::mismatch(around.begin(), around.end(), within.begin(), within.end()).first
           == around.end();
}

/// What `prefade check` looks at, and what that may rest on. What is shipped rests on nothing of the user's.
struct ToCheck {
    KnowledgePaths asked, beside;
};
Result<ToCheck> to_check(const std::string& path) {
    ToCheck knowledge;
    const auto data = data_folder();
    if (path.empty()) {
        if (!data) return data.error();
        knowledge.asked = all_shipped(*data);
        if (auto added = add_own_knowledge(knowledge.asked); !added) return added.error();
        return knowledge;
    }
    knowledge.asked = by_name({path});
    if (data) knowledge.beside = all_shipped(*data);
    if (data && is_inside(path, *data)) return knowledge;
    if (auto added = add_own_knowledge(knowledge.beside); !added) return added.error();
    return knowledge;
}

Health verdict_of(HostSetting::State state) {
    switch (state) {
    case HostSetting::State::right: return Health::ok;
    case HostSetting::State::wrong: return Health::warn;
    case HostSetting::State::unknown: break;
    }
    return Health::absent;
}

/// What of the setup is done: whether the host answers, and what its own files say.
Result<std::vector<Finding>> look_at_host(const HostSetup& setup, const fs::path& profiles) {
    const auto found = find_hosts(profiles);
    if (!found) return found.error();
    std::vector<Finding> findings;
    for (const FoundHost& host : *found)
        if (host.name == setup.name)
            findings.push_back({"answers", Health::ok, setup.title + " answers at " + host.address,
                                "`prefaded` finds it by itself"});
    const bool answers = !findings.empty();
    if (!answers)
        findings.push_back({"answers", Health::warn,
                            setup.title + " does not answer on this machine",
                            "start it with a session, do the steps above, and look again"});
    for (const HostSetting& setting : setup.settings)
        findings.push_back(
            {"settings", verdict_of(setting.state), setting.found,
             setting.state == HostSetting::State::wrong ? "do the steps above" : ""});
    return findings;
}

Result<ChainFacts> facts_of(Client& client) {
    ChainFacts facts;
    const std::pair<const char*, std::optional<Json>*> questions[] = {
        {"status", &facts.status}, {"strips", &facts.strips}, {"journal", &facts.journal}};
    for (const auto& [tool, into] : questions) {
        auto answer = client.call(tool, Json::object());
        if (!answer) return answer.error();
        *into = std::move(*answer);
    }
    return facts;
}

/// No daemon is the first finding, no error.
Result<std::vector<Finding>> look_at_chain(const std::string& host, const fs::path& socket) {
    auto client = Client::connect(socket);
    if (!client && client.error().code != ErrorCode::unavailable) return client.error();
    if (!client) return judge_chain(host, {});
    const auto facts = facts_of(*client);
    if (!facts) return facts.error();
    return judge_chain(host, *facts);
}

Result<void> watch_chain(const std::string& host, const fs::path& socket,
                         std::vector<Finding> chain, const Output& output) {
    constexpr Duration look = std::chrono::milliseconds(500);
    catch_signals();
    auto client = Client::connect(socket);
    if (!client) return client.error();
    while (!is_whole(chain) && !end_asked()) {
        if (const auto waited = client->snapshot(Clock::now() + look); !waited)
            return waited.error();
        const auto facts = facts_of(*client);
        if (!facts) return end_asked() ? Result<void>{} : facts.error();
        const std::vector<Finding> now = judge_chain(host, *facts);
        std::vector<Finding> news;
        for (std::size_t i = 0; i < now.size(); ++i)
            if (now[i].verdict != chain[i].verdict) news.push_back(now[i]);
        chain = now;
        if (news.empty()) continue;
        if (auto printed = put(to_json(news), render(news, output.look), output.json); !printed)
            return printed;
    }
    return {};
}

} // namespace

Json to_json(const CheckReport& report) {
    Json errors = Json::array(), failures = Json::array();
    for (const Error& e : report.errors)
        errors.push_back({{"where", e.where}, {"message", e.message}});
    for (const CheckReport::Failure& f : report.failures)
        failures.push_back({{"where", f.where},
                            {"rule", f.rule},
                            {"case", f.case_name},
                            {"expected", f.expected},
                            {"seen", f.seen}});
    return {{"files", report.files},       {"rules", report.rules},
            {"cases", report.cases},       {"passed", report.passed},
            {"plugins", report.plugins},   {"entries", report.entries},
            {"errors", std::move(errors)}, {"failures", std::move(failures)},
            {"good", report.is_good()}};
}

std::string render(const CheckReport& report, const Look& look) {
    std::string out;
    for (const Error& e : report.errors)
        out += printable(e.where) + ": " + toned(printable(e.message), Tone::bad, look) + '\n';
    for (const CheckReport::Failure& f : report.failures)
        out += printable(f.where) + ": "
               + toned(printable(f.rule + ", case \"" + f.case_name + "\": expected " + f.expected
                                 + ", saw " + f.seen),
                       Tone::bad, look)
               + '\n';
    out += counted(report.files, "file");
    if (report.rules > 0)
        out += ", " + counted(report.rules, "rule") + ", " + std::to_string(report.passed) + " of "
               + counted(report.cases, "case") + " good";
    if (report.plugins > 0) out += ", " + counted(report.plugins, "plugin");
    if (report.entries > 0) out += ", " + std::to_string(report.entries) + " of mixing knowledge";
    out += '\n';
    return out;
}

Result<void> run_check(const std::string& path, const Output& output) {
    const auto knowledge = to_check(path);
    if (!knowledge) return knowledge.error();
    const CheckReport report = check(knowledge->asked, knowledge->beside);
    if (auto printed = put(to_json(report), render(report, output.look), output.json); !printed)
        return printed;
    if (!report.is_good()) return broken(what_is_wrong(report));
    if (report.files == 0) return broken("there is no file of knowledge in " + path);
    return {};
}

Result<void> run_setup(const std::string& host, const fs::path& socket, bool watch,
                       const Output& output) {
    const auto data = data_folder();
    if (!data) return data.error();
    const auto setup = look_at_setup(host, *data / "config/hosts");
    if (!setup) return setup.error();
    if (watch && !setup->comes_to_us)
        return Error{ErrorCode::unsupported,
                     setup->title + " has no chain of MIDI ports to watch; `prefade doctor` looks",
                     {}};
    const auto findings = setup->comes_to_us ? look_at_chain(setup->name, socket)
                                             : look_at_host(*setup, *data / "config/hosts");
    if (!findings) return findings.error();
    std::string text = "In " + setup->title + ":\n\n";
    std::size_t number = 0;
    for (const std::string& step : setup->steps) {
        std::string head = "  " + std::to_string(++number) + ". ";
        const std::size_t room = output.look.width > 30 ? output.look.width - head.size() : 0;
        for (const std::string& line : wrapped(printable(step), room)) {
            text += head + line + '\n';
            head = std::string(head.size(), ' ');
        }
    }
    text += "\nAs it is now (nothing was changed):\n\n" + render(*findings, output.look);
    const Json json = {{"host", setup->name},
                       {"title", setup->title},
                       {"steps", setup->steps},
                       {"answers", std::any_of(findings->begin(), findings->end(),
                                               [](const Finding& link) {
                                                   return link.link.starts_with("answer")
                                                          && link.verdict == Health::ok;
                                               })},
                       {"findings", to_json(*findings)}};
    if (auto printed = put(json, text, output.json); !printed || !watch) return printed;
    return watch_chain(setup->name, socket, *findings, output);
}

namespace {

/// Who is who in a mix, and who ranks before whom.
struct Ranks {
    RoleBook roles;
    Priorities priorities;
};
Result<Ranks> load_ranks() {
    const auto data = data_folder();
    if (!data) return data.error();
    auto roles = RoleBook::load(*data / "knowledge/roles.toml");
    if (!roles) return roles.error();
    Priorities priorities = Priorities::load(*data / "knowledge", *roles);
    return Ranks{std::move(*roles), std::move(priorities)};
}

Together together_by(const Json& arguments) {
    if (arguments.contains("together")) return Together::all;
    return arguments.contains("apart") ? Together::none : Together::by_folder;
}

/// Finds the sets of stems in the report's files and compares them. Error: it was ended, or the knowledge is not there.
Result<void> compare_stems(AnalysisReport& report, const Json& arguments,
                           const AnalysisTask& task) {
    const auto ranks = load_ranks();
    if (!ranks) return ranks.error();
    report.genre = arguments.value("genre", report.genre);
    report.stems = find_stem_sets(report.files, together_by(arguments), ranks->roles);
    return compare(report.stems, report.files, ranks->priorities,
                   {report.genre, task.jobs, task.cache, task.tell, task.ended});
}

} // namespace

std::optional<Error> misuse_of_analyse(const Json& arguments) {
    if (arguments.contains("only") && arguments["only"] != "loudness")
        return broken("there is no measure \"" + printable(arguments["only"].get<std::string>())
                      + "\"; there is: loudness");
    const std::string genre = arguments.value("genre", std::string{});
    const auto genres = known_genres();
    if (arguments.contains("genre")
        && std::find(genres.begin(), genres.end(), genre) == genres.end()) {
        std::string known;
        for (const std::string_view one : genres) (known += known.empty() ? "" : ", ") += one;
        return broken("there is no genre \"" + printable(genre) + "\"; there are: " + known);
    }
    if (arguments.contains("together") && arguments.contains("apart"))
        return broken("--together and --apart say the opposite of each other");
    const double jobs = arguments.value("jobs", 1.0);
    if (!(jobs >= 1.0 && jobs <= most_jobs) || jobs != std::floor(jobs))
        return broken("--jobs is a whole number from 1 to " + std::to_string(most_jobs));
    return std::nullopt;
}

Result<void> run_analyse(const Json& arguments, const Output& output) {
    const TimePoint start = Clock::now();
    const auto paths = arguments.at("path").get<std::vector<std::string>>();
    SoundFiles found = find_sound_files(paths);
    if (found.files.empty() && found.unread.empty())
        return Error{ErrorCode::not_found,
                     "there is no sound file in " + paths.front()
                         + (paths.size() > 1 ? " and the other folders" : ""),
                     {}};
    catch_signals();
    AnalysisCache cache(cache_folder() / "analyse");
    StatusLine status;
    BandRoom bands;
    AnalysisTask task;
    task.files = std::move(found.files);
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    task.jobs = static_cast<std::size_t>(arguments.value("jobs", static_cast<double>(cores)));
    if (!arguments.contains("no-cache")) task.cache = &cache;
    task.tell = [&](const AnalysisProgress& progress) { status.show(render(progress)); };
    task.ended = end_asked;
    if (!arguments.contains("only")) task.bands = &bands;
    auto files = analyse(task);
    AnalysisReport report;
    Result<void> ended;
    if (files) {
        report = {std::move(*files), found.passed_over, std::move(found.unread)};
        report.spectrum = task.bands != nullptr;
        if (report.spectrum) ended = compare_stems(report, arguments, task);
        if (task.cache) cache.trim();
        report.took = Clock::now() - start;
    } else
        ended = files.error();
    status.clear();
    if (!ended) return ended;
    for (const std::string& trouble : cache.troubles())
        std::fprintf(stderr, "prefade: %s\n", printable(trouble).c_str());
    if (auto printed = put(to_json(report), render(report, output.look), output.json); !printed)
        return printed;
    if (const std::string wrong = what_is_broken(report); !wrong.empty()) return broken(wrong);
    return {};
}

Result<void> run_doctor(const std::optional<fs::path>& socket, const Output& output) {
    const std::vector<Finding> findings = judge(look_around(socket));
    const std::string wrong = broken_links(findings);
    const Json json = {{"findings", to_json(findings)}, {"good", wrong.empty()}};
    if (auto printed = put(json, render(findings, output.look), output.json); !printed)
        return printed;
    if (!wrong.empty()) return broken(wrong);
    return {};
}

} // namespace prefade::command_line
