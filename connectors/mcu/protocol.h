// How the units of a surface talk. The engine thinks in Mackie Control's messages; other protocols of the same kind of
// surface put theirs into these. Pure; desk thread.
#pragma once

#include "connectors/mcu/messages.h"
#include "connectors/message.h"
#include "core/result.h"
#include "core/session.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace prefade::mcu {

/// One side of a meter that its host lets rise and fall: it stands until another is told. Mackie Control has none.
struct SideLevel {
    std::uint8_t strip{0}; ///< 0 .. 7
    Channel side{Channel::left};
    std::uint8_t step{0}; ///< of the profile's levels
};

/// What one message of a host came to.
struct Heard {
    std::vector<FromHost> told; ///< nothing while the message's second half has to come
    std::vector<SideLevel> levels;
    std::vector<MidiMessage> answers; ///< due at once
    bool alive{true};                 ///< a sign of life, where the host gives one regularly
};

class Protocol {
public:
    virtual ~Protocol() = default;
    virtual std::string_view name() const = 0; ///< for people
    /// `message.port` is one of the surface's units. Errors: unsupported for another protocol's, invalid for a broken one.
    virtual Result<Heard> read(const MidiMessage& message, TimePoint now) = 0;
    /// What a hand on this unit says. `message` is one that the surface has.
    virtual std::vector<MidiMessage> write(std::size_t unit, const FromSurface& message) = 0;
    /// A word to hosts that wait for one; nothing where the first word is always the host's.
    virtual std::vector<MidiMessage> hello() const { return {}; }
    /// The host is gone: what it was in the middle of is void.
    virtual void forget() {}
    /// A fader is let go so long after its last position. Short where a host says nothing of a fader that is held: between
    /// two steps of a glide it tells whether another hand has it.
    virtual Duration hold() const { return std::chrono::milliseconds(150); }
    /// There is a lower row, and hosts show in it the dB of a fader that a person moves: its law can be measured.
    virtual bool shows_levels() const { return true; }
    /// The host goes on telling where a fader stands that the surface holds.
    virtual bool tells_held() const { return true; }
};

std::unique_ptr<Protocol> mackie_control(std::size_t units);

} // namespace prefade::mcu
