#include "daemon/loop.h"

#include "core/text.h"
#include "core/values.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <functional>

namespace prefade {
namespace {

constexpr Duration seek_interval = std::chrono::seconds(2);
constexpr Duration longest_wait = std::chrono::milliseconds(100); ///< so that `stop` is seen
constexpr Duration one_batch =
    std::chrono::milliseconds(2); ///< arrivals this close go to the desk together

} // namespace

Event event_of(JournalReport report) {
    switch (report.kind) {
    case JournalReport::Kind::begun: return JournalBegun{report.move};
    case JournalReport::Kind::begin_failed:
        return JournalFailed{report.move, std::move(report.reason)};
    case JournalReport::Kind::session:
        return SessionLoaded{std::move(report.session_key), std::move(report.kept)};
    case JournalReport::Kind::trouble: break;
    }
    return JournalTroubled{std::move(report.reason)};
}

Loop::Loop(Desk& desk, DeskInbox& inbox, Journal& journal, SocketDoor& door, Setup setup)
    : desk_(desk),
      inbox_(inbox),
      journal_(journal),
      door_(door),
      setup_(std::move(setup)) {}

Loop::~Loop() {
    seeker_.request_stop();
    seek_wake_.notify_all();
    if (wire_) wire_->close();
}

TimePoint Loop::monotone(TimePoint at) noexcept { return last_ = std::max(last_, at); }

Result<void> Loop::run(const std::atomic<bool>& stop) {
    if (!setup_.host.empty()) {
        chosen_by_hand_ = true;
        if (auto opened = open(setup_.host, monotone(Clock::now())); !opened) return opened;
    } else {
        carry_out(Log{"looking for a DAW on this machine"});
    }
    seeker_ = std::jthread([this](const std::stop_token& token) { seek(token); });
    std::vector<Incoming> batch;
    while (!stop.load()) {
        const TimePoint now = Clock::now();
        if (!inbox_.take(batch, std::min(desk_.next_deadline(), now + longest_wait))) break;
        hand_over(batch);
        const TimePoint after = monotone(Clock::now());
        if (after >= desk_.next_deadline()) carry_out(desk_.handle(Tick{}, after));
        tell_overruns(after);
        count(after);
    }
    carry_out(desk_.handle(ShutDown{}, monotone(Clock::now())));
    return {};
}

/// In the order of arrival; neighbouring messages of the wire as one event.
void Loop::hand_over(std::vector<Incoming>& batch) {
    for (std::size_t i = 0; i < batch.size();) {
        if (auto* event = std::get_if<Event>(&batch[i].what)) {
            const TimePoint at = monotone(batch[i].at);
            if (const auto* seen = std::get_if<HostsSeen>(event)) consider(seen->hosts, at);
            carry_out(desk_.handle(*event, at));
            ++i;
            continue;
        }
        WireArrived arrived;
        const TimePoint at = batch[i].at;
        for (; i < batch.size() && batch[i].at - at <= one_batch; ++i) {
            const auto* arrival = std::get_if<Arrival>(&batch[i].what);
            if (!arrival) break;
            if (batch[i].wire == wire_number_) decode(*arrival, arrived.messages);
        }
        carry_out(desk_.handle(arrived, monotone(at)));
    }
}

void Loop::decode(const Arrival& arrival, std::vector<WireMessage>& messages) {
    if (!wire_) return;
    const std::size_t before = messages.size();
    ++traffic_.received;
    lost_on_wire_ += arrival.lost_before;
    const auto decoded = wire_->decode(arrival, messages);
    if (!decoded) {
        ++traffic_.malformed;
        carry_out(desk_.handle(WireMalformed{decoded.error().message}, monotone(arrival.at)));
        return;
    }
    if (!setup_.record) return;
    for (std::size_t i = before; i < messages.size(); ++i)
        if (const auto written = setup_.record->write(WireDirection::in, messages[i], arrival.at);
            !written) {
            carry_out(Log{"recording stopped: " + written.error().message});
            setup_.record.reset();
            return;
        }
}

void Loop::count(TimePoint now) {
    if (now < next_count_) return;
    const double seconds =
        std::chrono::duration<double>(now - next_count_ + std::chrono::seconds(1)).count();
    next_count_ = now + std::chrono::seconds(1);
    traffic_.received_per_second =
        static_cast<double>(traffic_.received - counted_received_) / seconds;
    traffic_.sent_per_second = static_cast<double>(traffic_.sent - counted_sent_) / seconds;
    counted_received_ = traffic_.received;
    counted_sent_ = traffic_.sent;
    traffic_.dropped = inbox_.dropped() + lost_on_wire_;
    carry_out(desk_.handle(WireCounted{traffic_}, now));
}

void Loop::tell_overruns(TimePoint now) {
    const std::uint64_t dropped = inbox_.dropped() + lost_on_wire_;
    if (dropped == told_dropped_) return;
    carry_out(desk_.handle(WireOverrun{dropped - told_dropped_}, now));
    told_dropped_ = dropped;
}

// ---- effects --------------------------------------------------------------------------------

/// In their order; but another host is opened last, as what else is there was meant for the present one.
void Loop::carry_out(Effects effects) {
    const auto opens = [](const Effect& e) { return std::holds_alternative<OpenHost>(e); };
    std::stable_partition(effects.begin(), effects.end(), std::not_fn(opens));
    for (const Effect& effect : effects)
        std::visit([this](const auto& e) { carry_out(e); }, effect);
}

void Loop::carry_out(const ToWire& effect) {
    if (!wire_) return;
    for (const WireMessage& message : effect.messages) {
        const TimePoint at = Clock::now();
        const auto sent = wire_->send(message);
        if (!sent) {
            if (wire_trouble_ != sent.error().message)
                carry_out(Log{"cannot send: " + sent.error().message});
            wire_trouble_ = sent.error().message;
            continue;
        }
        wire_trouble_.clear();
        ++traffic_.sent;
        if (setup_.record && !setup_.record->write(WireDirection::out, message, at))
            setup_.record.reset();
    }
}

void Loop::carry_out(const JournalBegin& effect) { journal_.begin(effect.record); }
void Loop::carry_out(const JournalFinish& effect) { journal_.finish(effect.record); }
void Loop::carry_out(const Publish& effect) { door_.publish(effect.snapshot); }
void Loop::carry_out(const Answer& effect) { door_.answer(effect); }
void Loop::carry_out(const KeepSession& effect) {
    journal_.keep_session(effect.session_key, *effect.kept);
}
void Loop::carry_out(const LoadSession& effect) { journal_.load_session(effect.session_key); }

void Loop::carry_out(const Log& effect) {
    std::fprintf(stderr, "%s %s\n", time_text(std::chrono::system_clock::now(), false).c_str(),
                 printable(effect.text).c_str());
}

void Loop::carry_out(const OpenHost& effect) {
    if (const auto opened = open(effect.host, last_); !opened)
        carry_out(desk_.handle(
            WireBroke{"cannot open " + effect.host + ": " + opened.error().message}, last_));
    else
        chosen_by_hand_ = true;
}

void Loop::carry_out(const AskKnowledge& effect) {
    if (setup_.answers)
        setup_.answers->ask(effect);
    else
        door_.answer({effect.caller,
                      effect.request,
                      nullptr,
                      {ErrorCode::unavailable, "no knowledge is loaded here", {}}});
}

// ---- hosts ----------------------------------------------------------------------------------

Result<void> Loop::open(const std::string& host, TimePoint now) {
    const auto split = host.find('=');
    const std::string name = host.substr(0, split);
    const std::string address = split == std::string::npos ? "" : host.substr(split + 1);
    auto connector = open_host(name, address, setup_.profiles, setup_.local);
    if (!connector) return connector.error();
    const std::uint32_t number = wire_number_ + 1;
    const auto opened = connector->wire->open([this, number](Arrival arrival) {
        const TimePoint at = arrival.at;
        return inbox_.push({at, std::move(arrival), number});
    });
    if (!opened) return opened; // whatever is open stays
    carry_out(
        desk_.detach("another host was chosen", now)); // its last words go out on its own wire
    if (wire_) wire_->close();
    wire_ = std::move(connector->wire);
    wire_number_ = number;
    open_host_ = name + '=' + connector->address;
    carry_out(Log{"connecting to " + name + " (" + wire_->describe() + ')'});
    carry_out(desk_.attach(std::move(connector->dialect), connector->address, now));
    return {};
}

/// Opens what was found when nothing was asked for: the one DAW that answers. Several are left to the
/// user, and so is one that was seen beside the DAW we read; one that moved to another port after a
/// restart is followed.
void Loop::consider(const std::vector<std::string>& hosts, TimePoint now) {
    const bool connected = wire_ && desk_.session().host.state == HostState::connected;
    {
        const std::lock_guard lock(seek_mutex_);
        connected_ = connected ? open_host_.substr(open_host_.find('=') + 1) : "";
    }
    if (connected) {
        for (const std::string& host : hosts)
            if (host != open_host_ && bystanders_.insert(host).second)
                carry_out(Log{host + " answers too; `prefade host " + host + "` opens it"});
        return;
    }
    if (chosen_by_hand_ || hosts.size() != 1 || hosts.front() == open_host_
        || bystanders_.contains(hosts.front()))
        return;
    if (const auto opened = open(hosts.front(), now); !opened)
        carry_out(Log{"cannot open " + hosts.front() + ": " + opened.error().message});
}

void Loop::seek(const std::stop_token& stop) noexcept {
    HostSeeker seeker(setup_.profiles);
    std::string connected;
    while (!stop.stop_requested()) {
        HostsSeen seen;
        if (const auto found = seeker.look(connected))
            for (const FoundHost& host : *found)
                seen.hosts.push_back(host.name + '=' + host.address);
        if (connected.empty()) seen.known = look_at_setups(setup_.profiles); // reads files
        inbox_.push({Clock::now(), Event{std::move(seen)}});
        std::unique_lock lock(seek_mutex_);
        seek_wake_.wait_for(lock, stop, seek_interval, [] { return false; });
        connected = connected_;
    }
}

} // namespace prefade
