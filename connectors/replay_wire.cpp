#include "connectors/replay_wire.h"

#include "connectors/call_codec.h"
#include "connectors/osc_codec.h"

namespace prefade {

ReplayWire::~ReplayWire() { close(); }

Result<void> ReplayWire::open(Receiver receive) {
    if (receive_) return Error{ErrorCode::internal, "the wire is open already", describe()};
    receive_ = std::move(receive);
    if (pace_ == Pace::clock)
        thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    return {};
}

TimePoint ReplayWire::due(const TranscriptLine& line, TimePoint start) const {
    return start
           + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(line.seconds));
}

void ReplayWire::run(const std::stop_token& stop) noexcept {
    const TimePoint start = Clock::now();
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested() && !finished()) {
        const TimePoint at = due(transcript_[next_], start);
        stopped_.wait_until(lock, stop, at, [] { return false; });
        if (!stop.stop_requested() && Clock::now() >= at) deliver_next(at);
    }
}

void ReplayWire::play_until(TimePoint now) {
    if (!start_) start_ = now;
    while (!finished() && due(transcript_[next_], *start_) <= now)
        deliver_next(due(transcript_[next_], *start_));
}

void ReplayWire::deliver_next(TimePoint at) {
    const TranscriptLine& line = transcript_[next_++];
    if (line.direction != WireDirection::in) return;
    if (const auto* osc = std::get_if<OscMessage>(&line.message)) {
        if (auto bytes = encode_osc(*osc)) receive_({at, std::move(*bytes)});
    } else if (const auto* call = std::get_if<CallMessage>(&line.message)) {
        receive_({at, encode_call(*call)});
    } else {
        const auto& midi = std::get<MidiMessage>(line.message);
        receive_({at, midi.bytes, 0, midi.port});
    }
}

Result<void> ReplayWire::send(const WireMessage&) {
    ++sent_;
    return {};
}

Result<void> ReplayWire::decode(const Arrival& arrival, std::vector<WireMessage>& out) const {
    if (!arrival.bytes.empty()
        && arrival.bytes.front() >= 0x80) { // a MIDI status byte; no OSC address starts with one
        out.emplace_back(MidiMessage{arrival.bytes, arrival.port});
        return {};
    }
    if (!arrival.bytes.empty() && arrival.bytes.front() == '{') { // nor with this
        auto call = decode_call(arrival.bytes);
        if (!call) return call.error();
        out.emplace_back(std::move(*call));
        return {};
    }
    auto messages = decode_osc(arrival.bytes);
    if (!messages) return messages.error();
    for (OscMessage& message : *messages) out.emplace_back(std::move(message));
    return {};
}

void ReplayWire::close() {
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
    receive_ = nullptr;
}

std::string ReplayWire::describe() const {
    return "replay of " + std::to_string(transcript_.size()) + " messages";
}

} // namespace prefade
