// Our own ears and hands at a real Ardour, independent of the product: a witness that hears what Ardour
// itself reports, and a peer that only sends, as somebody else's surface or mouse would. The codec is
// the product's (it has tests of its own); socket, thread and meaning are not. Test's main thread.
#pragma once

#include "connectors/message.h"
#include "tests/support/process.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace prefade::test {

using SteadyTime = std::chrono::steady_clock::time_point;

/// A UDP socket of its own towards 127.0.0.1:port.
class OscPeer {
public:
    explicit OscPeer(std::uint16_t port);
    ~OscPeer();
    OscPeer(const OscPeer&) = delete;
    OscPeer& operator=(const OscPeer&) = delete;

    void send(const OscMessage& message) const;
    /// The next datagram's messages; empty when none came within `limit`.
    std::vector<OscMessage> receive(Seconds limit) const;
    /// Nobody is at that port: what the system said last, until a datagram comes again. Any thread.
    bool refused() const noexcept { return refused_.load(); }

private:
    int socket_{-1};
    mutable std::atomic<bool> refused_{false};
};

/// What Ardour says of one strip. dB, dB, 0 hard right..1 hard left, switches.
struct WitnessedStrip {
    std::string name, type;
    std::optional<double> gain, trim, pan;
    std::optional<bool> mute, solo;
    double meter{-193.0};
    friend bool operator==(const WitnessedStrip&, const WitnessedStrip&) = default;
};

/// One value Ardour reported, and when it arrived.
struct Heard {
    SteadyTime at;
    std::string address; ///< "/strip/gain"
    int ssid{0};
    double value{0.0};
};

struct WitnessedParameter {
    std::string name;
    float value{0.0F};
    bool control{true}; ///< false: it only shows something
    float minimum{0.0F}, maximum{1.0F};
};
struct WitnessedSend {
    std::string destination;
    float position{0.0F}; ///< of the send's fader, 0..1
    bool enabled{true};
};

/// A surface of its own on Ardour, with a thread that reads all the time.
class ArdourWitness {
public:
    explicit ArdourWitness(std::uint16_t port);
    ~ArdourWitness();

    /// Sets the surface up anew, at an Ardour that was started again on the same port.
    void begin();

    /// Ardour's strips now, list and reports in agreement; by mixer order from 1. Throws when Ardour does
    /// not answer.
    std::map<int, WitnessedStrip> strips();
    /// The same by name, without the meters: what two moments are compared by.
    std::map<std::string, WitnessedStrip> by_name();
    int ssid(const std::string& strip);

    /// As told last, without asking.
    WitnessedStrip strip(int ssid) const;
    bool wait_for(Seconds limit, const std::function<bool()>& holds) const {
        return eventually(limit, holds);
    }
    double highest_meter(int ssid) const; ///< since the last `forget`
    std::vector<Heard> heard(const std::string& address,
                             int ssid) const; ///< since the last `forget`, oldest first
    std::size_t messages() const;             ///< received since the last `forget`
    void forget();
    bool rolling() const;
    /// When Ardour last told of strips that came, went, moved or were renamed, or began to tell all anew.
    SteadyTime structure_at() const;
    std::vector<std::string> plugins(int ssid);
    bool plugin_active(int ssid, int plugin); ///< counted from 1
    std::vector<WitnessedParameter> parameters(int ssid, int plugin);
    std::vector<WitnessedSend> sends(int ssid);

    /// Sets as a hand would: through a peer that hears nothing.
    void hand(const std::string& address, std::vector<OscArgument> arguments) const;
    /// Said again until Ardour tells it: it drops a start or a locate that comes while it still locates or
    /// fades out. `locate` is said once; who needs to be there says it again.
    void play();
    void stop();
    void locate(std::int32_t sample) const;

private:
    void read(const std::stop_token& stop);
    void take(const OscMessage& message, SteadyTime at);
    void take_value(const OscMessage& message, SteadyTime at);
    OscMessage plugin_list(int ssid);
    /// Sends `question` and collects what comes until `complete` says so. Throws after `limit`.
    std::vector<OscMessage> ask(const OscMessage& question,
                                const std::function<bool(const std::vector<OscMessage>&)>& complete,
                                Seconds limit);

    OscPeer socket_, hand_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::map<int, WitnessedStrip> strips_;
    int selected_{0}; ///< of the message before, if that was /strip/select
    std::map<int, double> highest_;
    std::vector<Heard> heard_;
    std::vector<OscMessage> answers_; ///< of the question under way
    bool asking_{false};
    std::size_t messages_{0};
    bool rolling_{false};
    SteadyTime structure_at_{};
    std::jthread thread_;
};

/// Ardour's fader law: position 0..1 to dB.
double decibels_of_position(double position);

} // namespace prefade::test
