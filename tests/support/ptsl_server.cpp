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
    Host(Version version, std::uint16_t wanted) : session(version) {
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
        } else if (command == Command::poll_events && !session.habits.contains(command)) {
            waiting_.emplace_back(kept, response);
            deliver();
        } else {
            reply(*response, answer_to(heard.back()));
            kept->finish(grpc::Status::OK);
        }
        return kept;
    }

    /// Events to who waits for them. Under the mutex.
    void deliver() {
        while (!waiting_.empty()) {
            auto event = session.take_event();
            if (!event) return;
            const auto [call, response] = waiting_.front();
            waiting_.pop_front();
            reply(*response, {3, event->dump(), {}});
            if (!call->finish(grpc::Status::OK)) session.put_back(std::move(*event));
        }
    }

    bool nobody_polls() const { return waiting_.empty(); } ///< under the mutex

    std::uint16_t port{0};
    mutable std::mutex mutex;
    std::condition_variable changed;
    // Under the mutex:
    PtslSession session;
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

    Answer answer_to(const Heard& asked) {
        if (session.habits.contains(asked.command))
            return *session.answer(asked.command, asked.body);
        if (asked.version > session.version) return PtslSession::failed(401);
        switch (asked.command) {
        case Command::host_ready_check: return {3, R"({"is_host_ready":true})", {}};
        case Command::register_connection:
            if (asked.body.value("company_name", "").empty()) return PtslSession::failed(126);
            return {3, Json{{"session_id", session_id}}.dump(), {}};
        case Command::get_version: break;
        default:
            if (asked.session != session_id) return PtslSession::failed(403);
        }
        const Answer answer = *session.answer(asked.command, asked.body);
        deliver();
        return answer;
    }

    std::unique_ptr<grpc::Server> server_;
    // Under the mutex:
    std::map<Call*, std::unique_ptr<Call>> calls_;
    std::deque<std::pair<Call*, ::ptsl::Response*>> waiting_; ///< for an event
};

PtslServer::PtslServer(Version version, std::uint16_t port)
    : host_(std::make_unique<Host>(version, port)) {}
PtslServer::~PtslServer() = default;

std::uint16_t PtslServer::port() const { return host_->port; }

void PtslServer::set_tracks(std::vector<Track> tracks) {
    const std::lock_guard lock(host_->mutex);
    host_->session.tracks = std::move(tracks);
}

std::vector<PtslServer::Track> PtslServer::tracks() const {
    const std::lock_guard lock(host_->mutex);
    return host_->session.tracks;
}

void PtslServer::set_memory_locations(Json locations) {
    const std::lock_guard lock(host_->mutex);
    host_->session.locations = std::move(locations);
}

void PtslServer::set_transport(Json state) {
    const std::lock_guard lock(host_->mutex);
    host_->session.transport = std::move(state);
}

void PtslServer::mute_by_hand(const std::string& track_id, bool on) {
    const std::lock_guard lock(host_->mutex);
    host_->session.set_by_hand(track_id, &Track::muted, on);
    host_->deliver();
}

void PtslServer::close_session() {
    const std::lock_guard lock(host_->mutex);
    host_->session.close();
    host_->deliver();
}

PtslServer::Answer PtslServer::failed(Json code, const std::string& message) {
    return PtslSession::failed(std::move(code), message);
}

void PtslServer::answer(Command command, Habit habit) {
    const std::lock_guard lock(host_->mutex);
    if (habit)
        host_->session.habits[command] = std::move(habit);
    else
        host_->session.habits.erase(command);
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
