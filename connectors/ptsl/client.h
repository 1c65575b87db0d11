// One connection to Pro Tools' scripting interface, on this machine's loopback. Every call waits for its answer, for no
// longer than its deadline; nothing is asked twice by itself, but for lists that changed while they were read. Of a
// version that lacks a command, what needs it is an error `unsupported`, and the capability is missing. One thread uses
// it, and it may block that one.
//
//     auto client = Client::connect({});
//     if (client) for (const Track& track : client->tracks().value()) ...
#pragma once

#include "connectors/ptsl/answers.h"
#include "connectors/ptsl/command.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace prefade::ptsl {

/// What the host tells of the session that is open; empty where it does not.
struct SessionFacts {
    std::string name, path;
    std::string id; ///< of this very file, on from version 3
    SessionClock clock;
    std::string length; ///< as the host writes it
};

class Client {
public:
    struct Setup {
        std::uint16_t port{31416}; ///< of Pro Tools
        Duration deadline{std::chrono::seconds(5)};
        std::size_t page{250};  ///< items of a list asked for at a time
        std::stop_token stop{}; ///< once it is asked to, calls end at once, the one under way too
    };

    /// Asks whether Pro Tools is ready, registers, and learns its version. Errors: it does not run, is not ready yet,
    /// refuses us, or is older than 2023.3, which brought registering as it is done here.
    static Result<Client> connect(const Setup& setup);
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;

    const Version& version() const noexcept;
    bool has(Command command) const;
    Capabilities capabilities() const;

    /// The whole list, in mixer order, tracks without a strip and hidden ones included.
    Result<std::vector<Track>> tracks();
    Result<SessionFacts> session();
    Result<std::vector<MemoryLocation>> memory_locations();
    Result<TransportState> transport();
    Result<bool> transport_armed();
    /// Starts or stops the transport: it is a toggle, so its state is read first. Refused while recording.
    Result<void> roll(bool on);

    // Switches go by the name, which the caller has proved to be the track's own and nobody else's. That the host
    // accepted is no proof: read the list again.
    Result<void> set_mute(const std::string& track_name, bool on);
    Result<void> set_solo(const std::string& track_name, bool on);
    Result<void> set_record_enable(const std::string& track_name, bool on);

    Result<void> subscribe(const std::vector<Subscription>& subscriptions);
    Result<void> unsubscribe(const std::vector<Subscription>& subscriptions);
    /// Waits for the next event; nothing when none came within `patience`. An event that happens just then may be lost
    /// with the question (UNCERTAIN), so who follows events reads the list now and then.
    Result<std::optional<Event>> next_event(Duration patience);
    /// The same as its body; empty when none came.
    Result<std::string> poll(Duration patience);

    Result<ControlRange> range_of(const std::string& track_id, const AutomatedControl& control);
    Result<std::vector<Breakpoint>> automation_of(const std::string& track_id,
                                                  const AutomatedControl& control);
    /// An automation write: replaces breakpoints of the lane, an edit of the session that goes to its undo list; no
    /// move of a fader. Whether the host takes it while it rolls is UNCERTAIN. Errors: a value that is no number or
    /// outside of the control's range, which is read first.
    Result<void> write_automation(const std::string& track_id, const AutomatedControl& control,
                                  const std::vector<Breakpoint>& breakpoints);

    /// Any command with its JSON body, empty where it takes none; the body of the answer.
    Result<std::string> call(Command command, const std::string& body);
    /// The host's own number of what was wrong with the last call; nothing where it said none.
    std::optional<int> complaint() const noexcept;
    /// The last call brought no answer: the host is gone, hangs, or is another.
    bool is_broken() const noexcept;

private:
    struct Impl;
    explicit Client(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade::ptsl
