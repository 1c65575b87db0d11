// The demo host behind a wire, as if it were a program of its own: its thread makes the music once, then runs the
// engine by the clock and stamps what it says. Messages take the way of real ones: encoded, as bytes, decoded.
#pragma once

#include "connectors/demo/engine.h"
#include "connectors/demo/faults.h"
#include "connectors/demo/stem_cache.h"
#include "connectors/wire.h"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

namespace prefade::demo {

class DemoWire final : public Wire {
public:
    struct Setup {
        std::filesystem::path cache; ///< where the music is kept
        Faults faults;
        bool listen{false}; ///< play it on this machine's sound device, where there is one
        Recipe music{song_recipe()};
    };
    explicit DemoWire(Setup setup);
    ~DemoWire() override;

    Result<void>
    open(Receiver receive) override; ///< returns at once; the music is made on the thread
    Result<void> send(const WireMessage& message) override;
    Result<void> decode(const Arrival& arrival, std::vector<WireMessage>& out) const override;
    void close() override;
    std::string describe() const override { return "in this program"; }

private:
    void run(const std::stop_token& stop) noexcept;
    void roll(Engine& engine, const std::stop_token& stop);
    /// False when it was dropped or the message cannot be encoded.
    bool deliver(const OscMessage& message) const;
    void take_orders(Engine& engine, const std::stop_token& stop, TimePoint until);

    const Setup setup_;
    Receiver receive_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<OscMessage> orders_; ///< under `mutex_`
    bool open_{false};              ///< under `mutex_`
    std::jthread thread_;
};

} // namespace prefade::demo
