// Ardour over its OSC surface, as measured with 7.3: tests/e2e/ardour, tests/transcripts/ardour_*.
// Ardour addresses strips by ssid, their number in mixer order; every added, removed, hidden or moved
// strip shifts the numbers behind it. Route names are unique in Ardour, so across a change a name
// carries the identity. Pure; desk thread.
#pragma once

#include "connectors/bracket.h"
#include "connectors/dialect.h"
#include "connectors/host_profile.h"

#include <memory>
#include <string>

namespace prefade::ardour {

class Dialect final : public prefade::Dialect {
public:
    /// `address`: where the host is, for HostFound.
    Dialect(const HostProfile& profile, std::string address, LinkTraits link = {},
            BracketTiming timing = {});
    ~Dialect() override;

    Capabilities capabilities() const override;
    void receive(const WireMessage& message, TimePoint now, DialectOutput& out) override;
    TimePoint tick(TimePoint now, DialectOutput& out) override;
    Result<void> encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) override;
    void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) override;
    void resync(TimePoint now, DialectOutput& out) override;
    Result<void> watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                       DialectOutput& out) override;
    Result<void> transport(bool roll, TimePoint now, DialectOutput& out) override;
    void farewell(DialectOutput& out) override;

private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

} // namespace prefade::ardour
