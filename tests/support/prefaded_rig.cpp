#include "tests/support/prefaded_rig.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <limits>
#include <stdexcept>

namespace prefade::test {

namespace {

template <class T> T take_or_throw(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
}

TimePoint in(Seconds span) { return Clock::now() + std::chrono::duration_cast<Duration>(span); }

} // namespace

RpcClient::RpcClient(const std::filesystem::path& path)
    : line_(take_or_throw(LineClient::connect(path, std::chrono::seconds(5)))) {
    call("subscribe", {{"snapshots", true}});
}

bool RpcClient::take(TimePoint deadline) {
    const auto line = take_or_throw(line_.receive(deadline));
    if (!line) return false;
    auto message = std::make_shared<const Json>(Json::parse(*line));
    if (message->contains("method")) {
        if (message->at("method") != "snapshot") return true;
        snapshot_ = std::make_shared<const Json>(message->at("params"));
        ++snapshots_;
    } else if (message->at("id").is_number()) {
        answers_[message->at("id").get<std::uint64_t>()] = std::move(message);
    }
    return true;
}

std::uint64_t RpcClient::send(const std::string& tool, const Json& arguments) {
    const std::uint64_t id = ++last_;
    const Json request = {{"jsonrpc", "2.0"}, {"id", id}, {"method", tool}, {"params", arguments}};
    if (const auto sent = line_.send(request.dump(), in(Seconds(5))); !sent)
        throw std::runtime_error(sent.error().message);
    return id;
}

Json RpcClient::await(std::uint64_t request, Seconds limit) {
    const TimePoint deadline = in(limit);
    while (!answers_.contains(request) && Clock::now() < deadline) take(deadline);
    const auto found = answers_.find(request);
    if (found == answers_.end()) throw std::runtime_error("no answer from the daemon");
    return *found->second;
}

Json RpcClient::call(const std::string& tool, const Json& arguments) {
    const Json answer = await(send(tool, arguments));
    if (answer.contains("error")) throw std::runtime_error(tool + ": " + answer["error"].dump());
    return answer.at("result");
}

Json RpcClient::call(const std::string& tool) { return call(tool, Json::object()); }

std::string RpcClient::refusal(const std::string& tool, const Json& arguments) {
    const Json answer = await(send(tool, arguments));
    if (!answer.contains("error"))
        throw std::runtime_error(tool + " was not refused: " + answer.dump());
    return answer["error"].at("message").get<std::string>();
}

Json RpcClient::set(const std::string& strip, const std::string& control, const std::string& value,
                    const std::string& glide) {
    Json arguments = {{"strip", strip}, {"control", control}, {"value", value}};
    if (!glide.empty()) arguments["glide"] = glide;
    return call("set", arguments).at("moves").at(0);
}

Json RpcClient::undo(std::uint64_t move) {
    return call("undo", {{"move", move}}).at("moves").at(0);
}

bool RpcClient::wait_snapshot(Seconds limit, const std::function<bool(const Json&)>& holds) {
    const TimePoint deadline = in(limit);
    for (std::uint64_t seen = 0; Clock::now() < deadline; take(deadline)) {
        if (!snapshot_ || snapshots_ == seen) continue;
        seen = snapshots_;
        if (holds(*snapshot_)) return true;
    }
    return false;
}

PrefadedRig::PrefadedRig(Setup setup) : setup_(std::move(setup)) {
    std::filesystem::create_directories(setup_.folder / "runtime");
    std::filesystem::permissions(setup_.folder / "runtime", std::filesystem::perms::owner_all);
    std::filesystem::create_directories(setup_.folder / "config" / "prefade");
    if (!setup_.policy.empty())
        std::ofstream(setup_.folder / "config" / "prefade" / "policy.toml") << setup_.policy;
    std::vector<std::string> command = {program("prefaded").string(), "--host", setup_.host,
                                        "--socket", socket().string()};
    command.insert(command.end(), setup_.arguments.begin(), setup_.arguments.end());
    process_ = std::make_unique<Process>(command, setup_.folder / "prefaded.log", environment());
    // The file alone says nothing: one that was killed leaves it behind.
    if (!eventually(Seconds(10),
                    [&] {
                        return !process_->running()
                               || LineClient::connect(socket(), std::chrono::seconds(1));
                    })
        || !process_->running())
        throw std::runtime_error("prefaded does not start:\n" + log());
    rpc_ = std::make_unique<RpcClient>(socket());
    if (!wait_connected(Seconds(20)))
        throw std::runtime_error("prefaded does not find its host:\n" + log());
    if (!eventually(Seconds(40), [&] {
            return rpc_->call("strips", {{"parameters", true}})["complete"] == true;
        }))
        throw std::runtime_error("prefaded does not read its host:\n" + log());
}

std::string PrefadedRig::log() const { return text_of_file(setup_.folder / "prefaded.log"); }

Environment PrefadedRig::environment() const {
    const auto in = [&](const char* name) { return (setup_.folder / name).string(); };
    return {{"HOME", setup_.folder.string()},      {"XDG_CONFIG_HOME", in("config")},
            {"XDG_STATE_HOME", in("state")},       {"XDG_RUNTIME_DIR", in("runtime")},
            {"XDG_DATA_HOME", in("data")},         {"XDG_CACHE_HOME", in("cache")},
            {"PREFADE_SOCKET", socket().string()}, {"LC_ALL", "C.UTF-8"}};
}

Ran PrefadedRig::prefade(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program("prefade").string());
    return run(arguments, environment(), Seconds(60));
}

Json PrefadedRig::prefade_json(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const Ran ran = prefade(arguments);
    if (ran.status != 0) throw std::runtime_error("prefade " + arguments.front() + ": " + ran.err);
    return Json::parse(ran.out);
}

bool PrefadedRig::wait_connected(Seconds limit) {
    return rpc_->wait_snapshot(limit, [](const Json& s) {
        const Json& can = s["capabilities"]["can"];
        const bool tells_faders = std::find(can.begin(), can.end(), "read_fader") != can.end();
        return s["host"]["state"] == "connected" && !s["strips"].empty()
               && std::none_of(s["strips"].begin(), s["strips"].end(), [&](const Json& strip) {
                      return tells_faders && strip["fader_db"].is_null();
                  });
    });
}

const Json& find_by(const Json& list, const char* key, const std::string& value) {
    for (const Json& one : list)
        if (one.at(key) == value) return one;
    throw std::runtime_error(std::string("no ") + key + " \"" + value + "\" in " + list.dump());
}

double level_of(const Json& json) {
    if (json.is_number()) return json.get<double>();
    if (json == "-inf") return -std::numeric_limits<double>::infinity();
    throw std::runtime_error("no level: " + json.dump());
}

} // namespace prefade::test
