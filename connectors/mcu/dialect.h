// A DAW over Mackie Control: Prefade plays the surface. What a surface sees is a window of a few strips with names of
// six or seven letters; the whole mixer is read by walking through the banks, and strips that show the same name are
// never guessed between. Pure; desk thread.
#pragma once

#include "connectors/bracket.h"
#include "connectors/dialect.h"
#include "connectors/host_profile.h"
#include "connectors/mcu/protocol.h"

#include <cstddef>
#include <memory>
#include <string>

namespace prefade::mcu {

class Dialect final : public prefade::Dialect {
public:
    /// `units`: 1 main unit and up to 7 extenders. `address`: where the ports are, for HostFound.
    Dialect(const HostProfile& profile, std::string address, std::size_t units,
            BracketTiming timing = {});
    /// The same kind of surface by another protocol.
    Dialect(const HostProfile& profile, std::string address, std::size_t units,
            std::unique_ptr<Protocol> protocol, BracketTiming timing = {});
    ~Dialect() override;

    Capabilities capabilities() const override;
    void receive(const WireMessage& message, TimePoint now, DialectOutput& out) override;
    TimePoint tick(TimePoint now, DialectOutput& out) override;
    Result<void> encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) override;
    void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) override;
    void resync(TimePoint now, DialectOutput& out) override;
    Result<void> watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                       DialectOutput& out) override;
    Result<void> look(StripId strip, TimePoint now, DialectOutput& out) override;
    Result<void> transport(bool roll, TimePoint now, DialectOutput& out) override;
    void farewell(DialectOutput& out) override;

private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

} // namespace prefade::mcu
