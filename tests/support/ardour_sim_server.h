// The simulated Ardour behind a real UDP socket on loopback, with a thread of its own that answers,
// beats and meters like the real one's. For tests that run the daemon as a process.
#pragma once

#include "tests/support/ardour_sim.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace prefade::test {

/// Adds `tracks` tracks "Track 1" ..., each with a compressor, an equaliser and a send to the bus "Reverb"
/// behind them, and a master. Says which have a meter, in mixer order.
std::vector<SimStrip*> add_mix(ArdourSim& sim, std::size_t tracks);

class ArdourSimServer {
public:
    /// The level of strip `index` (from 0, in mixer order) in a frame, dBFS.
    using Levels = std::function<float(std::size_t index, std::uint64_t frame)>;

    /// A mix of `tracks` tracks, all metered `frames_per_second` times a second, by `levels` where no level
    /// is planted. Throws when there is no socket.
    ArdourSimServer(std::size_t tracks, double frames_per_second, Levels levels = music);
    ~ArdourSimServer();
    ArdourSimServer(const ArdourSimServer&) = delete;
    ArdourSimServer& operator=(const ArdourSimServer&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    std::string address() const; ///< as `prefaded --host` takes it: "ardour=127.0.0.1:3819"

    /// Runs `act` on the simulation between two of its steps. Any thread.
    template <class Act> auto with(Act act) {
        const std::lock_guard lock(mutex_);
        return act(sim_);
    }
    /// The level of a strip from the next frame on, whatever `levels` says. Returns when that frame is
    /// about to go out: its time.
    TimePoint plant(const std::string& strip, float dbfs);
    void unplant(const std::string& strip);
    void levels(Levels levels);
    void frames_per_second(double rate);
    std::uint64_t sent() const; ///< messages, since the start

    /// A message that would have changed something, and when what Ardour says to it was on the wire.
    struct Set {
        TimePoint answered;
        OscMessage message;
    };
    std::vector<Set> take_sets(); ///< since the last call, oldest first

    /// A mix as it should be: every strip between -24 and -9 dBFS, never the same twice.
    static float music(std::size_t index, std::uint64_t frame);
    static float silence(std::size_t, std::uint64_t) { return -193.0F; }

private:
    void run(const std::stop_token& stop);
    bool hear(TimePoint now);
    void next_frame(TimePoint now);
    void say();

    mutable std::mutex mutex_;
    std::condition_variable planted_;
    ArdourSim sim_;
    std::vector<SimStrip*> metered_;
    Levels levels_;
    std::map<std::string, float> plants_;
    std::vector<Set> sets_;
    std::uint64_t frame_{0}, sent_{0};
    TimePoint frame_at_{}, next_frame_{};
    Duration interval_{};

    int socket_{-1};
    std::uint16_t port_{0};
    std::uint32_t client_address_{0}; ///< network byte order; of whoever spoke last
    std::uint16_t client_port_{0};
    std::jthread thread_;
};

} // namespace prefade::test
