#include "overlay/link.h"

#include "core/line_socket.h"
#include "core/values.h"
#include "overlay/visual_text.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>

namespace prefade::overlay {
namespace {

using namespace std::chrono_literals;

constexpr Duration patience = 2s;       ///< of connecting and sending
constexpr Duration longest_read = 50ms; ///< a command waits at most this long
/// Snapshots that say the same are passed over for so long; then their ages count.
constexpr Duration unread_at_most = 500ms;
constexpr Duration retry_interval = 300ms;
constexpr Duration start_patience = 10s;                     ///< of a daemon that was started here
constexpr Duration host_interval = 3s, status_interval = 3s; ///< between two questions

const std::string busy = "The daemon does not answer; the command was not sent.";

} // namespace

struct Link::Impl {
    explicit Impl(Setup with) : setup(std::move(with)) {}

    // ---- reader thread ----------------------------------------------------------------------
    void run(const std::stop_token& stop);
    void connect(const std::stop_token& stop);
    void start(bool with_demo);
    void lose(const std::string& why);
    Result<void> serve();
    Result<void> ask(const std::string& tool, const Json& arguments, std::string about = {});
    Result<void> ask_around(TimePoint now);
    void take(const Json& message, TimePoint came);
    void take_answer(const Json& message);
    void notice(std::string text);
    void publish();
    void demo_in_running_daemon();

    Setup setup;
    std::optional<LineClient> line;
    std::optional<TimePoint> starting_until;
    bool was_connected{false};
    View view; ///< as it grows
    struct Asking {
        std::string tool, about;
    };
    std::map<std::uint64_t, Asking> asking;
    std::uint64_t last_id{0};
    TimePoint next_host{}, next_status{};
    std::string last_snapshot; ///< that was read, and when
    TimePoint read_at{};

    // ---- shared -----------------------------------------------------------------------------
    mutable std::mutex mutex;
    std::condition_variable_any wanted;
    std::vector<Command> commands;
    bool start_wanted{false}, demo_wanted{false}, status_wanted{false};
    std::shared_ptr<const View> newest{std::make_shared<const View>()};

    std::jthread thread; ///< last: it ends before what it uses
};

void Link::Impl::publish() {
    auto fresh = std::make_shared<const View>(view);
    {
        const std::lock_guard lock(mutex);
        newest = std::move(fresh);
    }
    setup.wake();
}

void Link::Impl::notice(std::string text) {
    view.notice = std::move(text);
    ++view.notices;
}

void Link::Impl::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (!line) {
            connect(stop);
        } else if (const auto served = serve(); !served) {
            lose("The daemon at " + setup.socket.string() + " has gone.");
        }
    }
}

// ---- without a daemon -----------------------------------------------------------------------

void Link::Impl::lose(const std::string& why) {
    line.reset();
    asking.clear();
    view.line = View::Line::lost;
    view.trouble = why + " Looking for it again.";
    view.may_start = setup.daemon.can_start();
    publish();
}

void Link::Impl::start(bool with_demo) {
    std::vector<std::string> arguments{"--socket", setup.socket.string()};
    if (with_demo) arguments.emplace_back("--demo");
    const auto started = setup.daemon.start(arguments);
    view.trouble = started ? "" : started.error().where + ": " + started.error().message;
    if (started) {
        view.line = View::Line::starting;
        starting_until = Clock::now() + start_patience;
    }
    publish();
}

void Link::Impl::connect(const std::stop_token& stop) {
    auto opened = LineClient::connect(setup.socket, patience);
    if (opened) {
        line = std::move(*opened);
        starting_until.reset();
        was_connected = true;
        next_host = next_status = TimePoint{};
        view.line = View::Line::connected;
        view.trouble.clear();
        if (!ask("subscribe", {{"snapshots", true}})) line.reset();
        publish();
        return;
    }
    if (starting_until && (!setup.daemon.runs() || Clock::now() > *starting_until)) {
        starting_until.reset();
        view.line = was_connected ? View::Line::lost : View::Line::connecting;
        view.trouble = "The daemon did not start: " + setup.daemon.last_words();
        view.may_start = true;
        publish();
    } else if (!starting_until && !was_connected && setup.start_daemon
               && setup.daemon.can_start()) {
        setup.start_daemon = false;
        start(setup.demo);
    } else if (!starting_until && view.trouble.empty()) {
        view.trouble = opened.error().code == ErrorCode::unavailable
                           ? "prefaded does not run at " + setup.socket.string() + "."
                           : opened.error().message;
        view.may_start = setup.daemon.can_start();
        publish();
    }
    std::unique_lock lock(mutex);
    wanted.wait_for(lock, stop, retry_interval,
                    [this] { return start_wanted || demo_wanted || !commands.empty(); });
    const bool demo = std::exchange(demo_wanted, false);
    const bool wanted_start = std::exchange(start_wanted, false) || demo;
    const bool dropped = !commands.empty();
    commands.clear();
    lock.unlock();
    if (wanted_start && !starting_until) start(demo);
    if (dropped) {
        notice(busy);
        publish();
    }
}

// ---- with one -------------------------------------------------------------------------------

Result<void> Link::Impl::ask(const std::string& tool, const Json& arguments, std::string about) {
    const std::uint64_t id = ++last_id;
    asking[id] = {tool, std::move(about)};
    return line->send(
        to_line({{"jsonrpc", "2.0"}, {"id", id}, {"method", tool}, {"params", arguments}}),
        Clock::now() + patience);
}

/// What comes by no snapshot: which DAWs there are while none is connected, and what the rules miss.
Result<void> Link::Impl::ask_around(TimePoint now) {
    bool status = false;
    {
        const std::lock_guard lock(mutex);
        status = status_wanted;
    }
    const bool connected = view.picture && view.picture->host == HostState::connected;
    if (now >= next_host && (!connected || status)) {
        next_host = now + host_interval;
        if (const auto sent = ask("host", Json::object()); !sent) return sent;
    }
    if (now >= next_status && status) {
        next_status = now + status_interval;
        if (const auto sent = ask("status", Json::object()); !sent) return sent;
    }
    return {};
}

/// The demo, from a daemon that runs: one that was started here is started again with it, another is asked to.
void Link::Impl::demo_in_running_daemon() {
    if (!setup.daemon.runs()) {
        (void)ask("host", {{"host", "demo"}}, "demo");
        return;
    }
    line.reset();
    asking.clear();
    setup.daemon.end();
    start(true);
}

Result<void> Link::Impl::serve() {
    std::vector<Command> out;
    bool demo = false;
    {
        const std::lock_guard lock(mutex);
        out.swap(commands);
        demo = std::exchange(demo_wanted, false);
        start_wanted = false;
    }
    for (const Command& command : out)
        if (const auto sent =
                ask(command.tool, command.arguments, text_of(command.arguments, "question"));
            !sent)
            return sent;
    if (demo) {
        demo_in_running_daemon();
        return {};
    }
    if (const auto asked = ask_around(Clock::now()); !asked) return asked;
    auto received = line->receive(Clock::now() + longest_read);
    if (!received) return received.error();
    if (!*received) return {};
    const TimePoint now = Clock::now();
    if (now < read_at + unread_at_most && says_the_same(last_snapshot, **received)) return {};
    const auto message = parse_json(**received);
    if (!message) return message.error();
    take(*message, now);
    if (member(*message, "method") == "snapshot") {
        last_snapshot = std::move(**received);
        read_at = now;
    }
    return {};
}

void Link::Impl::take(const Json& message, TimePoint came) {
    if (member(message, "method") == "snapshot")
        view.picture = picture_of(member(message, "params"), came);
    else
        take_answer(message);
    publish();
}

void Link::Impl::take_answer(const Json& message) {
    const auto found = asking.find(static_cast<std::uint64_t>(number_of(message, "id", 0.0)));
    const Json& error = member(message, "error");
    if (found == asking.end()) { // it had no place for us, for one
        if (!error.is_null()) notice(visual(text_of(error, "message")));
        return;
    }
    const Asking asked = std::move(found->second);
    asking.erase(found);
    if (!error.is_null()) {
        notice(visual(text_of(error, "message")));
        return;
    }
    const Json& result = member(message, "result");
    if (asked.tool == "host") take_host(view.around, result);
    if (asked.tool == "status") take_status(view.around, result);
    if (asked.tool == "ask") view.asked = asked_of(asked.about, result);
    if (auto text = notice_of(asked.tool, result)) notice(std::move(*text));
}

// ---- from outside ---------------------------------------------------------------------------

Link::Link(Setup setup) : impl_(std::make_unique<Impl>(std::move(setup))) {
    impl_->thread =
        std::jthread([own = impl_.get()](const std::stop_token& stop) { own->run(stop); });
}

Link::~Link() = default;

std::shared_ptr<const View> Link::newest() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->newest;
}

void Link::send(Command command) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->commands.push_back(std::move(command));
    }
    impl_->wanted.notify_all();
}

void Link::start_daemon() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->start_wanted = true;
    }
    impl_->wanted.notify_all();
}

void Link::start_demo() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->demo_wanted = true;
    }
    impl_->wanted.notify_all();
}

void Link::want_status(bool wanted) {
    const std::lock_guard lock(impl_->mutex);
    impl_->status_wanted = wanted;
}

} // namespace prefade::overlay
