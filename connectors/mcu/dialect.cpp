#include "connectors/mcu/dialect.h"

#include "connectors/mcu/engine.h"

#include <utility>

namespace prefade::mcu {

Dialect::Dialect(const HostProfile& profile, std::string address, std::size_t units,
                 BracketTiming timing)
    : Dialect(profile, std::move(address), units, mackie_control(units), timing) {}

Dialect::Dialect(const HostProfile& profile, std::string address, std::size_t units,
                 std::unique_ptr<Protocol> protocol, BracketTiming timing)
    : engine_(std::make_unique<Engine>(profile, std::move(address), units, std::move(protocol),
                                       timing)) {}

Dialect::~Dialect() = default;

Capabilities Dialect::capabilities() const { return engine_->capabilities(); }

void Dialect::receive(const WireMessage& message, TimePoint now, DialectOutput& out) {
    if (const auto* midi = std::get_if<MidiMessage>(&message))
        engine_->receive(*midi, now, out);
    else
        engine_->complain("an OSC message on a MIDI wire", now, out);
}

TimePoint Dialect::tick(TimePoint now, DialectOutput& out) { return engine_->tick(now, out); }

Result<void> Dialect::encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) {
    return engine_->encode(move, now, out);
}

void Dialect::halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) {
    engine_->halt(move, now, out);
}

void Dialect::resync(TimePoint now, DialectOutput& out) { engine_->resync(now, out); }

/// Read once: to keep them fresh would keep the strip selected.
Result<void> Dialect::watch(StripId strip, InsertId insert, TimePoint, TimePoint now,
                            DialectOutput&) {
    return engine_->watch(strip, insert, now);
}

Result<void> Dialect::look(StripId strip, TimePoint now, DialectOutput&) {
    return engine_->look(strip, now);
}

Result<void> Dialect::transport(bool roll, TimePoint now, DialectOutput& out) {
    return engine_->transport(roll, now, out);
}

void Dialect::farewell(DialectOutput& out) { engine_->farewell(out); }

} // namespace prefade::mcu
