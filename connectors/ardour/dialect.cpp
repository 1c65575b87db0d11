#include "connectors/ardour/dialect.h"

#include "connectors/ardour/engine.h"

#include <utility>

namespace prefade::ardour {

Dialect::Dialect(const HostProfile& profile, std::string address, LinkTraits link,
                 BracketTiming timing)
    : engine_(std::make_unique<Engine>(profile, std::move(address), link, timing)) {}

Dialect::~Dialect() = default;

Capabilities Dialect::capabilities() const { return engine_->capabilities(); }

void Dialect::receive(const WireMessage& message, TimePoint now, DialectOutput& out) {
    if (const auto* osc = std::get_if<OscMessage>(&message))
        engine_->receive(*osc, now, out);
    else
        engine_->complain("a MIDI message on an OSC wire", now, out);
}

TimePoint Dialect::tick(TimePoint now, DialectOutput& out) { return engine_->tick(now, out); }

Result<void> Dialect::encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) {
    return engine_->encode(move, now, out);
}

void Dialect::halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) {
    engine_->halt(move, now, out);
}

void Dialect::resync(TimePoint now, DialectOutput& out) { engine_->resync(now, out); }

Result<void> Dialect::watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                            DialectOutput& out) {
    return engine_->watch(strip, insert, until, now, out);
}

Result<void> Dialect::transport(bool roll, TimePoint now, DialectOutput& out) {
    return engine_->transport(roll, now, out);
}

void Dialect::farewell(DialectOutput& out) { engine_->farewell(out); }

} // namespace prefade::ardour
