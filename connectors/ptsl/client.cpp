#include "connectors/ptsl/client.h"

#include "connectors/ptsl/reading.h"
#include "core/text.h"
#include "core/values.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <ptsl.grpc.pb.h>

#include <algorithm>
#include <cmath>

namespace prefade::ptsl {
namespace {

constexpr int longest_answer = 16 * 1024 * 1024; ///< bytes; 10,000 tracks are 6 MB

std::string shown(Duration span) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

std::shared_ptr<grpc::Channel> channel_to(std::uint16_t port) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);         // whatever the environment says
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1); // no failure of another client's
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
    arguments.SetMaxReceiveMessageSize(longest_answer);
    return grpc::CreateCustomChannel("ipv4:127.0.0.1:" + std::to_string(port),
                                     grpc::InsecureChannelCredentials(), arguments);
}

} // namespace

struct Client::Impl {
    explicit Impl(const Setup& wanted)
        : setup(wanted),
          stub(::ptsl::PTSL::NewStub(channel_to(wanted.port))) {}

    Result<void> introduce();
    Result<std::string> call(Command command, const std::string& body, Duration patience);
    Result<std::string> call(Command command, const std::string& body) {
        return call(command, body, setup.deadline);
    }
    Error failure(Command command, const grpc::Status& status, Duration patience) const;
    Result<std::string> outcome(Command command, ::ptsl::Response& response);
    std::string place() const { return "127.0.0.1:" + std::to_string(setup.port); }

    template <class L, class Request, class Read>
    Result<std::vector<typename L::Item>> list(Command command, Request request, Read read);
    /// What one command tells, or nothing where the host does not tell it; an error when the host is away.
    template <class Read>
    auto told(Command command, Read read)
        -> Result<std::optional<std::decay_t<decltype(*read(std::string{}))>>>;

    Setup setup;
    std::unique_ptr<::ptsl::PTSL::Stub> stub;
    Commands commands; ///< version 1 until it is known: every server hears that
    std::string session;
    std::optional<int> last_code;             ///< of the host's complaint about the last call
    bool timed_out{false}, unanswered{false}; ///< the last call
};

Error Client::Impl::failure(Command command, const grpc::Status& status, Duration patience) const {
    const std::string name(name_in(command_names, command));
    const std::string words = " (gRPC " + std::to_string(status.error_code()) + ": "
                              + printable(status.error_message()) + ')';
    switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
        return {ErrorCode::unavailable,
                "Pro Tools does not answer " + name + ": it is not running, or it has ended"
                    + words,
                place()};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
        return {ErrorCode::unavailable,
                "Pro Tools did not answer " + name + " within " + shown(patience)
                    + "; a dialog may be open in it",
                place()};
    case grpc::StatusCode::CANCELLED:
        return {ErrorCode::unavailable, "Pro Tools broke off " + name + words, place()};
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
        return {ErrorCode::unsupported,
                "Pro Tools' answer to " + name + " is larger than "
                    + std::to_string(longest_answer / 1024 / 1024) + " MB" + words,
                place()};
    case grpc::StatusCode::UNIMPLEMENTED:
        return {ErrorCode::unsupported, "what answers there is not Pro Tools" + words, place()};
    default: return {ErrorCode::io, "Pro Tools' answer to " + name + " broke off" + words, place()};
    }
}

Result<std::string> Client::Impl::outcome(Command command, ::ptsl::Response& response) {
    const std::string name(name_in(command_names, command));
    switch (response.header().status()) {
    case ::ptsl::Completed: return std::move(*response.mutable_response_body_json());
    case ::ptsl::Queued:
    case ::ptsl::Pending:
    case ::ptsl::InProgress:
        return Error{ErrorCode::unavailable, "Pro Tools has not finished " + name, place()};
    case ::ptsl::WaitingForUserInput:
        return Error{ErrorCode::unavailable,
                     "Pro Tools waits for a person before it does " + name
                         + ": a dialog is open in it",
                     place()};
    case ::ptsl::CompletedWithBadResponse:
        return broken(name + " was done, but it could not say so");
    case ::ptsl::FailedWithBadErrorResponse:
        return broken(name + " failed, and it could not say why");
    case ::ptsl::Failed: {
        const Complaint complaint = complaint_in(response.response_error_json());
        last_code = complaint.code;
        if (complaint.code == unsupported_command) commands.miss(command);
        return error_of(command, complaint.code, complaint.message);
    }
    default: break;
    }
    return broken(name + " ended in a state that is not known here");
}

Result<std::string> Client::Impl::call(Command command, const std::string& body,
                                       Duration patience) {
    last_code.reset();
    timed_out = unanswered = false;
    if (!commands.has(command)) return missing(command, commands.version());
    ::ptsl::Request request;
    ::ptsl::RequestHeader& header = *request.mutable_header();
    const Version spoken = std::min(commands.version(), newest_known);
    header.set_command(static_cast<::ptsl::CommandId>(command));
    header.set_version(spoken.number);
    header.set_version_minor(spoken.minor);
    header.set_version_revision(spoken.revision);
    header.set_session_id(session);
    request.set_request_body_json(body);

    grpc::ClientContext context;
    context.set_deadline(
        std::chrono::system_clock::now()
        + std::chrono::duration_cast<std::chrono::system_clock::duration>(patience));
    const std::stop_callback give_up(setup.stop, [&] { context.TryCancel(); });
    ::ptsl::Response response;
    const auto status = stub->SendGrpcRequest(&context, request, &response);
    timed_out = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
    unanswered = !status.ok();
    if (!status.ok()) return failure(command, status, patience);
    return outcome(command, response);
}

Result<void> Client::Impl::introduce() {
    const auto ready = call(Command::host_ready_check, {}).and_then([](const std::string& body) {
        return flag_in(body, "is_host_ready");
    });
    if (!ready) return ready.error();
    if (!*ready) return Error{ErrorCode::unavailable, "Pro Tools is not ready yet", place()};
    const auto id =
        call(Command::register_connection, register_request()).and_then([](const std::string& b) {
            return text_in(b, "session_id");
        });
    if (!id && last_code == unsupported_command)
        return Error{ErrorCode::unsupported,
                     "this Pro Tools is too old to register with: 2023.3 or newer is needed",
                     place()};
    if (!id) return id.error();
    if (id->empty()) return broken("it registered us without a session_id");
    session = *id;
    const auto version = call(Command::get_version, {}).and_then([](const std::string& body) {
        return version_in(body);
    });
    if (!version) return version.error();
    commands = Commands(*version);
    return {};
}

template <class L, class Request, class Read>
Result<std::vector<typename L::Item>> Client::Impl::list(Command command, Request request,
                                                         Read read) {
    constexpr int most_tries = 3;
    L listing(setup.page);
    for (int tries = 1;;) {
        const auto body = call(command, request(listing.next()));
        if (!body) {
            if (last_code == response_too_long && listing.shrink()) continue;
            return body.error();
        }
        auto part = read(*body);
        if (!part) return part.error();
        const auto whole = listing.take(std::move(*part));
        if (whole && *whole) return std::move(listing).items();
        if (whole) continue;
        if (whole.error().code != ErrorCode::unavailable || tries++ == most_tries)
            return whole.error();
        listing = L(setup.page);
    }
}

template <class Read>
auto Client::Impl::told(Command command, Read read)
    -> Result<std::optional<std::decay_t<decltype(*read(std::string{}))>>> {
    using Value = std::decay_t<decltype(*read(std::string{}))>;
    const auto body = call(command, {});
    if (!body && body.error().code == ErrorCode::unavailable) return body.error();
    if (!body) return std::optional<Value>{};
    const auto value = read(*body);
    return value ? std::optional<Value>{*value} : std::nullopt;
}

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Client> Client::connect(const Setup& setup) {
    if (setup.page == 0)
        return Error{ErrorCode::internal, "lists come in parts of at least one item", {}};
    auto impl = std::make_unique<Impl>(setup);
    if (const auto introduced = impl->introduce(); !introduced) return introduced.error();
    return Client(std::move(impl));
}

const Version& Client::version() const noexcept { return impl_->commands.version(); }
bool Client::has(Command command) const { return impl_->commands.has(command); }
Capabilities Client::capabilities() const { return capabilities_of(impl_->commands); }

std::optional<int> Client::complaint() const noexcept {
    return impl_->last_code == no_code ? std::nullopt : impl_->last_code;
}
bool Client::is_broken() const noexcept { return impl_->unanswered; }

Result<std::string> Client::call(Command command, const std::string& body) {
    return impl_->call(command, body);
}

Result<std::vector<Track>> Client::tracks() {
    return impl_->list<TrackListing>(
        Command::get_track_list,
        [&](const Page& page) { return track_list_request(page, version()); }, track_list_in);
}

Result<std::vector<MemoryLocation>> Client::memory_locations() {
    return impl_->list<MemoryListing>(Command::get_memory_locations, memory_locations_request,
                                      memory_locations_in);
}

Result<SessionFacts> Client::session() {
    const auto name = call(Command::get_session_name, {}).and_then([](const std::string& body) {
        return text_in(body, "session_name");
    });
    if (!name) return name.error();
    SessionFacts facts;
    facts.name = *name;
    const auto text = [&](Command command, const char* member, std::string& to) -> Result<void> {
        const auto told =
            impl_->told(command, [&](const std::string& body) { return text_in(body, member); });
        if (!told) return told.error();
        to = told->value_or("");
        return {};
    };
    const auto path = impl_->told(Command::get_session_path, session_path_in);
    if (!path) return path.error();
    facts.path = path->value_or("");
    const auto rate = impl_->told(Command::get_session_sample_rate, sample_rate_in);
    if (!rate) return rate.error();
    facts.clock.sample_rate = *rate;
    const auto frames = impl_->told(Command::get_session_time_code_rate, time_code_rate_in);
    if (!frames) return frames.error();
    facts.clock.rate = *frames;
    if (const auto got =
            text(Command::get_session_start_time, "session_start_time", facts.clock.start);
        !got)
        return got.error();
    if (const auto got = text(Command::get_session_length, "session_length", facts.length); !got)
        return got.error();
    if (const auto got = text(Command::get_session_ids, "instance_id", facts.id); !got)
        return got.error();
    return facts;
}

Result<TransportState> Client::transport() {
    return call(Command::get_transport_state, {}).and_then([](const std::string& body) {
        return transport_state_in(body);
    });
}

Result<bool> Client::transport_armed() {
    return call(Command::get_transport_armed, {}).and_then([](const std::string& body) {
        return flag_in(body, "is_transport_armed");
    });
}

namespace {

Result<void> done(const Result<std::string>& answered) {
    if (!answered) return answered.error();
    return {};
}

} // namespace

Result<void> Client::roll(bool on) {
    const auto state = transport();
    if (!state) return state.error();
    if (state->recording)
        return Error{ErrorCode::refused, "Pro Tools is recording; its transport is left alone", {}};
    if (state->rolling == on) return {};
    return done(call(Command::toggle_play_state, {}));
}

Result<void> Client::set_mute(const std::string& track_name, bool on) {
    return done(call(Command::set_track_mute_state, track_state_request(track_name, on)));
}

Result<void> Client::set_solo(const std::string& track_name, bool on) {
    return done(call(Command::set_track_solo_state, track_state_request(track_name, on)));
}

Result<void> Client::set_record_enable(const std::string& track_name, bool on) {
    return done(call(Command::set_track_record_enable_state, track_state_request(track_name, on)));
}

Result<void> Client::subscribe(const std::vector<Subscription>& subscriptions) {
    return done(call(Command::subscribe_to_events, events_request(subscriptions)));
}

Result<void> Client::unsubscribe(const std::vector<Subscription>& subscriptions) {
    return done(call(Command::unsubscribe_from_events, events_request(subscriptions)));
}

Result<std::string> Client::poll(Duration patience) {
    auto body = impl_->call(Command::poll_events, {}, patience);
    if (!body && impl_->timed_out) {
        impl_->unanswered = false; // silence is an answer
        return std::string{};
    }
    return body;
}

Result<std::optional<Event>> Client::next_event(Duration patience) {
    return poll(patience).and_then([](const std::string& text) { return event_in(text); });
}

Result<ControlRange> Client::range_of(const std::string& track_id,
                                      const AutomatedControl& control) {
    const auto ranges =
        call(Command::get_track_control_info, control_request(track_id, control, true))
            .and_then([](const std::string& body) { return control_ranges_in(body); });
    if (!ranges) return ranges.error();
    if (ranges->size() != 1)
        return Error{ErrorCode::not_found,
                     "Pro Tools names " + std::to_string(ranges->size())
                         + " controls there, not one",
                     {}};
    return ranges->front();
}

Result<std::vector<Breakpoint>> Client::automation_of(const std::string& track_id,
                                                      const AutomatedControl& control) {
    return call(Command::get_track_control_breakpoints, control_request(track_id, control, false))
        .and_then([](const std::string& body) { return breakpoints_in(body); });
}

Result<void> Client::write_automation(const std::string& track_id, const AutomatedControl& control,
                                      const std::vector<Breakpoint>& breakpoints) {
    const auto range = range_of(track_id, control);
    if (!range) return range.error();
    for (const Breakpoint& each : breakpoints)
        if (!std::isfinite(each.value) || each.value < range->minimum
            || each.value > range->maximum)
            return Error{ErrorCode::invalid,
                         "a breakpoint's value is not within what the control takes, "
                             + level_text(range->minimum, 2) + " to "
                             + level_text(range->maximum, 2),
                         {}};
    return done(call(Command::set_track_control_breakpoints,
                     breakpoints_request(track_id, control, breakpoints)));
}

} // namespace prefade::ptsl
