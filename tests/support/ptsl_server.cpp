#include "tests/support/ptsl_server.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <ptsl.grpc.pb.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>

namespace prefade::test {

using ptsl::Command;
using ptsl::Version;

namespace {

/// One call that is not answered yet. Finished once, whoever comes first.
class Call final : public grpc::ServerUnaryReactor {
public:
    explicit Call(std::function<void(Call*)> over) : over_(std::move(over)) {}
    /// False when it was finished before.
    bool finish(const grpc::Status& status) {
        if (finished_.exchange(true)) return false;
        Finish(status);
        return true;
    }

private:
    void OnCancel() override { finish(grpc::Status::CANCELLED); }
    void OnDone() override { over_(this); }
    std::function<void(Call*)> over_;
    std::atomic<bool> finished_{false};
};

constexpr const char* session_id = "5b1f0c9e-prefade";

} // namespace

class PtslServer::Host final : public ::ptsl::PTSL::CallbackService {
public:
    Host(Version version, std::uint16_t wanted) : version_(version) {
        grpc::ServerBuilder builder;
        int bound = 0;
        builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
        builder.AddListeningPort("127.0.0.1:" + std::to_string(wanted),
                                 grpc::InsecureServerCredentials(), &bound);
        builder.RegisterService(this);
        server_ = builder.BuildAndStart();
        if (!server_ || bound == 0) throw std::runtime_error("no port for the gRPC server");
        port = static_cast<std::uint16_t>(bound);
    }
    ~Host() override { die(); }

    void die() {
        if (!server_) return;
        server_->Shutdown(std::chrono::system_clock::now());
        server_->Wait();
        server_.reset();
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return calls_.empty(); });
    }

    grpc::ServerUnaryReactor* SendGrpcRequest(grpc::CallbackServerContext*,
                                              const ::ptsl::Request* request,
                                              ::ptsl::Response* response) override {
        auto call = std::make_unique<Call>([this](Call* done) { forget(done); });
        Call* kept = call.get();
        const std::lock_guard lock(mutex);
        calls_[kept] = std::move(call);
        const ::ptsl::RequestHeader& header = request->header();
        const auto command = static_cast<Command>(header.command());
        const std::string& body = request->request_body_json();
        heard.push_back({command,
                         body.empty() ? Json{} : Json::parse(body),
                         {header.version(), header.version_minor(), header.version_revision()},
                         header.session_id()});
        response->mutable_header()->set_command(header.command());
        if (hanging.contains(command)) {
            hangs = true;
            changed.notify_all();
        } else if (command == Command::poll_events && !habits.contains(command)) {
            waiting_.emplace_back(kept, response);
            deliver();
        } else {
            reply(*response, answer_to(heard.back()));
            kept->finish(grpc::Status::OK);
        }
        return kept;
    }

    /// Under the mutex.
    void happen(int event, Json what) {
        for (const Json& wish : subscribed_) {
            const Json filter = Json::parse(wish["event_data_json"].get<std::string>());
            if (wish["event_id"] != event) continue;
            if (filter.contains("track_id") && filter["track_id"] != what["track_id"]) continue;
            events_.push_back({{"event", {{"event_id", event}, {"event_data_json", what.dump()}}}});
        }
        deliver();
    }

    bool nobody_polls() const { return waiting_.empty(); } ///< under the mutex

    std::uint16_t port{0};
    mutable std::mutex mutex;
    std::condition_variable changed;
    // Under the mutex:
    std::vector<Track> tracks;
    Json locations = Json::array();
    Json transport = "TState_TransportStopped";
    bool open{true};
    std::map<Command, Habit> habits;
    std::set<Command> hanging;
    bool hangs{false};
    std::vector<Heard> heard;

private:
    void forget(Call* done) {
        const std::lock_guard lock(mutex);
        std::erase_if(waiting_, [&](const auto& each) { return each.first == done; });
        calls_.erase(done);
        changed.notify_all();
    }

    static void reply(::ptsl::Response& response, const Answer& answer) {
        response.mutable_header()->set_status(static_cast<::ptsl::TaskStatus>(answer.status));
        response.set_response_body_json(answer.body);
        response.set_response_error_json(answer.error);
    }

    void deliver() {
        while (!waiting_.empty() && !events_.empty()) {
            const auto [call, response] = waiting_.front();
            waiting_.pop_front();
            reply(*response, {3, events_.front().dump(), {}});
            if (call->finish(grpc::Status::OK)) events_.pop_front();
        }
    }

    Answer answer_to(const Heard& asked) {
        if (const auto habit = habits.find(asked.command); habit != habits.end())
            return habit->second(asked.body);
        if (asked.version > version_) return failed(401);
        if (ptsl::first_with(asked.command) > version_) return failed(ptsl::unsupported_command);
        switch (asked.command) {
        case Command::host_ready_check: return {3, R"({"is_host_ready":true})", {}};
        case Command::register_connection:
            if (asked.body.value("company_name", "").empty()) return failed(126);
            return {3, Json{{"session_id", session_id}}.dump(), {}};
        case Command::get_version:
            return {3,
                    Json{{"version", version_.number},
                         {"version_minor", version_.minor},
                         {"version_revision", version_.revision}}
                        .dump(),
                    {}};
        default: break;
        }
        if (asked.session != session_id) return failed(403);
        if (!open) return failed(106, "no session");
        return answer_about_session(asked.command, asked.body);
    }

    Answer answer_about_session(Command command, const Json& body) {
        switch (command) {
        case Command::get_track_list: return list("track_list", track_list(), body);
        case Command::get_memory_locations: return list("memory_locations", locations, body);
        case Command::get_session_name: return {3, R"({"session_name":"Ballad"})", {}};
        case Command::get_session_path:
            return {3,
                    R"({"session_path":{"path":"/Mixes/Ballad.ptx","info":{"is_online":true}}})",
                    {}};
        case Command::get_session_sample_rate: return {3, R"({"sample_rate":"SR_48000"})", {}};
        case Command::get_session_time_code_rate:
            return {3, R"({"current_setting":"STCRate_Fps25","possible_settings":[]})", {}};
        case Command::get_session_start_time:
            return {3, R"({"session_start_time":"01:00:00:00"})", {}};
        case Command::get_session_length: return {3, R"({"session_length":"00:05:00:00"})", {}};
        case Command::get_session_ids:
            return {3, R"({"origin_id":"o","instance_id":"i-77","parent_id":"p"})", {}};
        case Command::get_transport_state:
            return {3, Json{{"current_setting", transport}}.dump(), {}};
        case Command::get_transport_armed: return {3, R"({"is_transport_armed":false})", {}};
        case Command::toggle_play_state:
            transport = transport == "TState_TransportPlaying" ? "TState_TransportStopped"
                                                               : "TState_TransportPlaying";
            return {};
        case Command::set_track_mute_state: return set_switch(body, &Track::muted);
        case Command::set_track_solo_state: return set_switch(body, &Track::soloed);
        case Command::set_track_record_enable_state: return set_switch(body, &Track::armed);
        case Command::subscribe_to_events:
            for (const Json& each : body["events"]) subscribed_.push_back(each);
            return {};
        case Command::unsubscribe_from_events:
            for (const Json& each : body["events"]) std::erase(subscribed_, each);
            return {};
        case Command::get_track_control_info:
            return {3,
                    Json{{"control_info",
                          {{{"control_id", body["control_id"]},
                            {"min_value", -144.0},
                            {"max_value", 12.0},
                            {"steps", 1560}}}}}
                        .dump(),
                    {}};
        case Command::get_track_control_breakpoints:
            return {3, Json{{"breakpoints", lanes_[lane(body)]}}.dump(), {}};
        case Command::set_track_control_breakpoints:
            lanes_[lane(body)] = body["breakpoints"];
            return {};
        default: return failed(ptsl::unsupported_command);
        }
    }

    static std::string lane(const Json& body) {
        return body["track_id"].get<std::string>() + body["control_id"].dump();
    }

    Json track_list() const {
        Json list = Json::array();
        int index = 1;
        for (const Track& each : tracks)
            list.push_back({{"id", each.id},
                            {"name", each.name},
                            {"type", each.type},
                            {"index", index++},
                            {"color", "#ff8000"},
                            {"track_attributes",
                             {{"is_muted", each.muted},
                              {"is_soloed", each.soloed},
                              {"is_record_enabled", each.armed},
                              {"is_hidden", each.hidden},
                              {"is_inactive", "TAState_None"}}}});
        return list;
    }

    static Answer list(const char* member, const Json& all, const Json& body) {
        const Json& page = body["pagination_request"];
        const auto limit = page["limit"].get<std::size_t>(),
                   offset = page["offset"].get<std::size_t>();
        Json part = Json::array();
        for (std::size_t i = offset; i < std::min(all.size(), offset + limit); ++i)
            part.push_back(all[i]);
        if (all.empty()) part = Json::object(); // a habit of the host
        return {3,
                Json{{member, std::move(part)},
                     {"pagination_response",
                      {{"total", all.size()}, {"limit", limit}, {"offset", offset}}}}
                    .dump(),
                {}};
    }

    Answer set_switch(const Json& body, bool Track::*which) {
        bool any = false;
        for (Track& each : tracks)
            for (const Json& name : body["track_names"])
                if (name == each.name) {
                    each.*which = body["enabled"].get<bool>();
                    any = true;
                }
        return any ? Answer{} : failed(107);
    }

    const Version version_;
    std::unique_ptr<grpc::Server> server_;
    // Under the mutex:
    std::map<Call*, std::unique_ptr<Call>> calls_;
    std::deque<std::pair<Call*, ::ptsl::Response*>> waiting_; ///< for an event
    std::deque<Json> events_;
    std::vector<Json> subscribed_;
    std::map<std::string, Json> lanes_;
};

PtslServer::PtslServer(Version version, std::uint16_t port)
    : host_(std::make_unique<Host>(version, port)) {}
PtslServer::~PtslServer() = default;

std::uint16_t PtslServer::port() const { return host_->port; }

void PtslServer::set_tracks(std::vector<Track> tracks) {
    const std::lock_guard lock(host_->mutex);
    host_->tracks = std::move(tracks);
}

std::vector<PtslServer::Track> PtslServer::tracks() const {
    const std::lock_guard lock(host_->mutex);
    return host_->tracks;
}

void PtslServer::set_memory_locations(Json locations) {
    const std::lock_guard lock(host_->mutex);
    host_->locations = std::move(locations);
}

void PtslServer::set_transport(Json state) {
    const std::lock_guard lock(host_->mutex);
    host_->transport = std::move(state);
}

void PtslServer::mute_by_hand(const std::string& track_id, bool on) {
    const std::lock_guard lock(host_->mutex);
    for (Track& each : host_->tracks)
        if (each.id == track_id) each.muted = on;
    constexpr int mute_changed = 8;
    host_->happen(mute_changed, {{"track_id", track_id}, {"state", on}});
}

void PtslServer::close_session() {
    const std::lock_guard lock(host_->mutex);
    host_->open = false;
    constexpr int session_closed = 3;
    host_->happen(session_closed, Json::object());
}

PtslServer::Answer PtslServer::failed(Json code, const std::string& message) {
    constexpr int failed = 4;
    return {failed,
            {},
            Json{{"errors",
                  {{{"command_error_type", std::move(code)},
                    {"command_error_message", message},
                    {"is_warning", false}}}}}
                .dump()};
}

void PtslServer::answer(Command command, Habit habit) {
    const std::lock_guard lock(host_->mutex);
    if (habit)
        host_->habits[command] = std::move(habit);
    else
        host_->habits.erase(command);
}

void PtslServer::hang(Command command) {
    const std::lock_guard lock(host_->mutex);
    host_->hanging.insert(command);
}

bool PtslServer::wait_for_hanging() {
    std::unique_lock lock(host_->mutex);
    return host_->changed.wait_for(lock, std::chrono::seconds(10), [&] { return host_->hangs; });
}

bool PtslServer::wait_until_nobody_polls() {
    std::unique_lock lock(host_->mutex);
    return host_->changed.wait_for(lock, std::chrono::seconds(10),
                                   [&] { return host_->nobody_polls(); });
}

void PtslServer::die() { host_->die(); }

std::vector<PtslServer::Heard> PtslServer::heard() const {
    const std::lock_guard lock(host_->mutex);
    return host_->heard;
}

std::size_t PtslServer::count(Command command) const {
    const auto all = heard();
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const Heard& each) { return each.command == command; }));
}

} // namespace prefade::test
