#include "connectors/demo/wire.h"

#include "connectors/demo/playback.h"
#include "connectors/demo/studio.h"
#include "connectors/osc_codec.h"

#include <utility>

namespace prefade::demo {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_orders = 10'000;
constexpr Duration beat = 2 * step_span; ///< between two wakes while it rolls
constexpr Duration idle_beat = 100ms;    ///< while it stands
constexpr Duration forgiven =
    200ms; ///< further behind the clock the music pauses instead of hurrying

std::vector<SessionMarker> markers() {
    std::vector<SessionMarker> all;
    all.reserve(song_parts.size());
    for (const Part& part : song_parts)
        all.push_back(
            {std::string(part.name), static_cast<std::uint64_t>(part.first_bar) * bar_frames});
    return all;
}

} // namespace

DemoWire::DemoWire(Setup setup) : setup_(std::move(setup)) {}

DemoWire::~DemoWire() { close(); }

Result<void> DemoWire::open(Receiver receive) {
    close();
    receive_ = std::move(receive);
    {
        const std::lock_guard lock(mutex_);
        orders_.clear();
        open_ = true;
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    return {};
}

void DemoWire::close() {
    {
        const std::lock_guard lock(mutex_);
        open_ = false;
    }
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
}

Result<void> DemoWire::send(const WireMessage& message) {
    const auto* osc = std::get_if<OscMessage>(&message);
    if (!osc) return Error{ErrorCode::unsupported, "the demo takes OSC messages only", describe()};
    {
        const std::lock_guard lock(mutex_);
        if (!open_) return Error{ErrorCode::unavailable, "the wire is closed", describe()};
        if (orders_.size() >= most_orders)
            return Error{ErrorCode::unavailable, "the demo does not keep up", describe()};
        orders_.push_back(*osc);
    }
    wake_.notify_one();
    return {};
}

Result<void> DemoWire::decode(const Arrival& arrival, std::vector<WireMessage>& out) const {
    auto messages = decode_osc(arrival.bytes);
    if (!messages) return messages.error();
    for (OscMessage& message : *messages) out.emplace_back(std::move(message));
    return {};
}

bool DemoWire::deliver(const OscMessage& message) const {
    auto bytes = encode_osc(message);
    return bytes && receive_({Clock::now(), std::move(*bytes), 0});
}

void DemoWire::run(const std::stop_token& stop) noexcept {
    const auto made = StemFile::open_or_make(setup_.cache, setup_.music, [&](double done) {
        deliver(MessageWriter("/demo/making").number(static_cast<int>(100.0 * done)).take());
        return !stop.stop_requested();
    });
    if (!made) {
        const Error& error = made.error();
        deliver(
            MessageWriter("/demo/failed").text(error.message + " (" + error.where + ')').take());
        return;
    }
    Recordings recordings;
    for (std::size_t i = 0; i < instrument_count; ++i) recordings[i] = (*made)->recording(i);
    Engine engine(build_session(recordings, setup_.faults), session_name, markers(), song_frames);
    {
        const std::lock_guard lock(mutex_);
        orders_.clear(); // nothing but greetings, one of which is answered
    }
    engine.play(true);
    engine.take_sent();
    engine.receive({"/demo/hello", {}});
    roll(engine, stop);
}

void DemoWire::take_orders(Engine& engine, const std::stop_token& stop, TimePoint until) {
    std::deque<OscMessage> orders;
    {
        std::unique_lock lock(mutex_);
        wake_.wait_until(lock, stop, until, [&] { return !orders_.empty(); });
        orders.swap(orders_);
    }
    for (const OscMessage& order : orders) engine.receive(order);
}

void DemoWire::roll(Engine& engine, const std::stop_token& stop) {
    std::string silent;
    const auto playback = setup_.listen ? open_playback(silent) : nullptr;
    if (!silent.empty()) deliver(MessageWriter("/demo/note").text(silent).take());
    for (TimePoint due = Clock::now(); !stop.stop_requested();) {
        const TimePoint now = Clock::now();
        if (now - due > forgiven + (engine.rolling() ? Duration::zero() : idle_beat)) due = now;
        for (; due <= now; due += step_span) {
            engine.step();
            if (playback) playback->push(engine.left(), engine.right());
        }
        for (const OscMessage& message : engine.take_sent()) deliver(message);
        take_orders(engine, stop, now + (engine.rolling() ? beat : idle_beat));
        for (const OscMessage& message : engine.take_sent()) deliver(message);
    }
}

} // namespace prefade::demo
