// What each DAW implements: a protocol state machine. Pure: no socket, no thread, no clock; time
// comes in. The desk thread owns it and calls it.
#pragma once

#include "connectors/message.h"
#include "core/capabilities.h"
#include "core/move.h"
#include "core/observation.h"
#include "core/result.h"

#include <optional>
#include <vector>

namespace prefade {

struct DialectOutput {
    std::vector<Observation> observed;
    std::vector<WireMessage> to_send;
};

class Dialect {
public:
    virtual ~Dialect() = default;
    virtual Capabilities capabilities() const = 0;
    virtual void receive(const WireMessage& message, TimePoint now, DialectOutput& out) = 0;
    /// Hello, polling, brackets, glides, "host lost". Returns when it next wants to be called.
    virtual TimePoint tick(TimePoint now, DialectOutput& out) = 0;
    /// Begins a bracketed write. The end comes as exactly one of the Write* observations; an error
    /// here means that nothing was or will be sent.
    virtual Result<void> encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) = 0;
    /// Stops the glide of one move, or of all: no further step is sent. Its bracket still ends.
    virtual void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) = 0;
    /// Messages were dropped on our side: ask the host for everything again.
    virtual void resync(TimePoint now, DialectOutput& out) = 0;
    /// A person or a rule looks at this insert's parameters: read them now and keep them fresh until
    /// `until`. Errors: unknown insert, host cannot.
    virtual Result<void> watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                               DialectOutput& out) = 0;
    /// A person looks at this strip: what the host tells of its sends and inserts to who asks alone is read now. Default:
    /// all of it comes by itself. Errors: unknown strip, cannot now.
    virtual Result<void> look(StripId, TimePoint /*now*/, DialectOutput&) { return {}; }
    /// Starts or stops the host's transport. Not a move: it changes no control. Default: cannot.
    virtual Result<void> transport(bool roll, TimePoint now, DialectOutput& out) = 0;
    /// The last words before the wire closes, so that the host forgets us. Default: none.
    virtual void farewell(DialectOutput&) {}
};

} // namespace prefade
