// Any bytes as a MIDI stream, cut into messages and read both as of a host and as of a surface: no crash; what is read
// can be written, and is read as the same again.
#include "connectors/mcu/codec.h"
#include "connectors/midi_stream.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace prefade::mcu;
    prefade::MidiStream stream;
    for (const auto& message : stream.take({data, size})) {
        if (const auto host = from_host(message)) {
            const auto bytes = to_bytes(*host);
            PREFADE_PROMISE(bytes);
            PREFADE_PROMISE(*from_host(*bytes) == *host);
        }
        if (const auto surface = from_surface(message)) {
            const auto bytes = to_bytes(*surface);
            PREFADE_PROMISE(bytes);
            PREFADE_PROMISE(*from_surface(*bytes) == *surface);
        }
    }
    return 0;
}
