// A door that tells all tracks of the session with identities that last, and can be asked to look again. Pure; desk thread.
#pragma once

#include "connectors/dialect.h"

#include <cstdint>

namespace prefade {

class TrackDoor : public Dialect {
public:
    using Look = std::uint64_t;
    /// Reads the list of tracks anew, soon.
    virtual Look look_again(TimePoint now, DialectOutput& out) = 0;
    /// What is told of the tracks was read after this look was asked for.
    virtual bool has_seen(Look look) const = 0;
};

} // namespace prefade
