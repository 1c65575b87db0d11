// How the demo host and its dialect talk: OSC messages over a link in this process, which keeps their order. Strips,
// inserts and sends go by the host's own ids, which mean the same thing as long as the session is open.
//
// To the host
//   /demo/hello                                          -> /demo/host, then all there is, then /demo/done
//   /demo/set strip control part parameter value         -> /demo/value, of whatever it took
//   /demo/prove token strip control part parameter       -> /demo/proof
//   /demo/look strip insert                              -> /demo/parameters
//   /demo/play on, /demo/locate seconds, /demo/loop from to -> /demo/transport
// From the host
//   /demo/making percent, /demo/failed reason, /demo/note text
//                                                        before it answers, for people
//   /demo/host version session
//   /demo/strips (id name kind)...                       kind: 0 track, 1 bus, 2 master
//   /demo/inserts strip (id plugin)...                   /demo/sends strip (id destination)...
//   /demo/renamed strip name
//   /demo/value strip control part parameter value       switches are 0 and 1; part: insert or send, else 0
//   /demo/parameters strip insert (number name unit minimum maximum flags value text)...
//                                                        flags: 1 logarithmic, 2 a reading
//   /demo/meters (strip pre post reduction)...           dBFS, dBFS, dB (below 0: has none); 20 times a second
//   /demo/spectra seconds (strip energy...)...           mean square in each of the bands (core/bands.h) of a stretch of
//                                                        time, after the fader; seconds from one to the next
//   /demo/loudness (strip kind value)...                 LUFS and dBTP, after the fader; four times a second
//   /demo/markers (name seconds)...
//   /demo/transport rolling seconds
//   /demo/touch strip touched
//   /demo/proof token there value
//   /demo/alive                                          twice a second
//
// Levels are in dB (-inf is silence), pan -1 left to +1 right, parameters in their own unit. Pure; any thread.
#pragma once

#include "connectors/message.h"
#include "core/control.h"

#include <cstdint>
#include <optional>
#include <string>

namespace prefade::demo {

/// Which control, by the host's ids.
struct Place {
    std::uint32_t strip{0};
    Control control{Control::fader};
    std::uint32_t part{0}; ///< insert (parameter, bypass) or send (send, send_enabled)
    std::uint16_t parameter{0};
    friend bool operator==(const Place&, const Place&) = default;
};

/// Appends to a message: text, whole numbers, 32-bit floats.
class MessageWriter {
public:
    explicit MessageWriter(const char* address) : message_{address, {}} {}
    MessageWriter& number(std::int64_t value);
    MessageWriter& token(std::uint64_t value); ///< in full, unlike `number`, which holds 32 bits
    MessageWriter& real(float value);
    MessageWriter& text(std::string value);
    MessageWriter& place(const Place& place);
    OscMessage take() { return std::move(message_); }

private:
    OscMessage message_;
};

/// Reads a message's arguments in order. The first that is missing or of another type makes it `!good()` for
/// good; what is read from then on is 0 or empty.
class MessageReader {
public:
    explicit MessageReader(const OscMessage& message) : message_(message) {}
    std::uint32_t number();
    std::uint64_t token();
    float real(); ///< never NaN
    std::string text();
    Place place();
    bool good() const { return good_; }
    bool more() const { return good_ && at_ < message_.arguments.size(); }

private:
    template <class T> const T* next();
    const OscMessage& message_;
    std::size_t at_{0};
    bool good_{true};
};

} // namespace prefade::demo
