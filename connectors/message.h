// One message of a transport, decoded. Outside text in it is data. Plain values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace prefade {

struct OscBlob {
    std::vector<std::uint8_t> bytes;
    friend bool operator==(const OscBlob&, const OscBlob&) = default;
};
struct OscTime { ///< NTP format, tag 't'
    std::uint32_t seconds{0}, fraction{0};
    friend bool operator==(const OscTime&, const OscTime&) = default;
};
struct OscNil { ///< tag 'N'
    friend bool operator==(const OscNil&, const OscNil&) = default;
};
struct OscInfinitum { ///< tag 'I'
    friend bool operator==(const OscInfinitum&, const OscInfinitum&) = default;
};
/// Tags i f s b h d T/F N I t, in this order of alternatives (strings also from 'S').
using OscArgument = std::variant<std::int32_t, float, std::string, OscBlob, std::int64_t, double,
                                 bool, OscNil, OscInfinitum, OscTime>;

struct OscMessage {
    std::string address;
    std::vector<OscArgument> arguments;
    friend bool operator==(const OscMessage&, const OscMessage&) = default;
};

struct MidiMessage {
    std::vector<std::uint8_t> bytes; ///< one whole message, SysEx with F0 and F7
    std::uint8_t port{0};            ///< which pair of a wide surface
    friend bool operator==(const MidiMessage&, const MidiMessage&) = default;
};

/// A question to a host that answers questions, or the answer to one.
struct CallMessage {
    /// How it ended; a question is `answered` until it is.
    enum class End {
        answered,
        failed,      ///< the host said no
        unsupported, ///< the host does not have the command
        away         ///< nobody answers there
    };
    std::uint32_t number{0}; ///< an answer has its question's
    std::string command;     ///< by the host's own name
    std::string body;        ///< JSON; may be empty
    End end{End::answered};
    std::int32_t code{-1}; ///< the host's own number of what is wrong; -1: none
    std::string why;       ///< it is not answered, for people
    friend bool operator==(const CallMessage&, const CallMessage&) = default;
};

using WireMessage = std::variant<OscMessage, MidiMessage, CallMessage>;

} // namespace prefade
