// The one loop of the daemon: waits on the inbox, reads the clock, calls the desk, carries out its
// effects in order. All that waits or may fail (wire, journal, door, seeking hosts) has a thread of
// its own and answers through the inbox.
#pragma once

#include "connectors/registry.h"
#include "connectors/transcript.h"
#include "core/inbox.h"
#include "daemon/answers.h"
#include "daemon/desk.h"
#include "daemon/doors/socket.h"
#include "daemon/journal.h"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <variant>

namespace prefade {

/// What any thread may put before the desk.
struct Incoming {
    TimePoint at{};
    std::variant<Event, Arrival> what;
    std::uint32_t wire{
        0}; ///< which wire an arrival came from: what a closed one left is not decoded
};
using DeskInbox = Inbox<Incoming>;

class Loop {
public:
    struct Setup {
        std::string host;               ///< "ardour" or "ardour=ADDRESS"; empty: look for one
        std::filesystem::path profiles; ///< folder of config/hosts
        std::optional<TranscriptWriter> record;
        LocalSetup local{};
        AnswerWorker* answers{nullptr}; ///< null: questions are refused; outlives the loop
    };
    Loop(Desk& desk, DeskInbox& inbox, Journal& journal, SocketDoor& door, Setup setup);
    ~Loop();

    /// desk thread. Opens the host that was asked for (error: it cannot be opened at all), then runs
    /// until `stop` becomes true (looked at 10 times a second) or the inbox is closed.
    Result<void> run(const std::atomic<bool>& stop);

private:
    void carry_out(Effects effects);
    void carry_out(const ToWire& effect);
    void carry_out(const JournalBegin& effect);
    void carry_out(const JournalFinish& effect);
    void carry_out(const Publish& effect);
    void carry_out(const Answer& effect);
    void carry_out(const Log& effect);
    void carry_out(const KeepSession& effect);
    void carry_out(const LoadSession& effect);
    void carry_out(const OpenHost& effect);
    void carry_out(const AskKnowledge& effect);

    void hand_over(std::vector<Incoming>& batch);
    void decode(const Arrival& arrival, std::vector<WireMessage>& messages);
    void count(TimePoint now);
    void tell_overruns(TimePoint now);
    Result<void> open(const std::string& host, TimePoint now);
    void seek(const std::stop_token& stop) noexcept;
    void consider(const std::vector<std::string>& hosts, TimePoint now);
    TimePoint monotone(TimePoint at) noexcept;

    Desk& desk_;
    DeskInbox& inbox_;
    Journal& journal_;
    SocketDoor& door_;
    Setup setup_;
    std::unique_ptr<Wire> wire_;
    std::uint32_t wire_number_{0};     ///< of `wire_`
    std::string open_host_;            ///< "ardour=127.0.0.1:3819"
    std::set<std::string> bystanders_; ///< hosts that answered while we were at another one
    bool chosen_by_hand_{false};
    TimePoint last_{};
    TimePoint next_count_{};
    WireTraffic traffic_;
    std::uint64_t lost_on_wire_{0}; ///< by the system, before they reached us
    std::uint64_t told_dropped_{0}, counted_received_{0}, counted_sent_{0};
    std::string wire_trouble_; ///< told already; empty when the last send went well
    std::mutex seek_mutex_;
    std::string connected_; ///< its address, which is not asked again; under `seek_mutex_`
    std::condition_variable_any seek_wake_;
    std::jthread seeker_;
};

/// What the journal said, for the desk.
Event event_of(JournalReport report);

} // namespace prefade
