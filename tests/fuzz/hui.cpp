// Any bytes as a MIDI stream, cut into messages and read both as of a host and as of a surface: no crash; what is read
// can be written, and is read as the same again.
#include "connectors/hui/codec.h"
#include "connectors/midi_stream.h"
#include "tests/fuzz/fuzz.h"

namespace {

template <class Reader, class Message>
void there_and_back(Reader& reader, const prefade::hui::Bytes& bytes) {
    std::vector<Message> told, again;
    if (!reader.take(bytes, told)) PREFADE_PROMISE(told.empty());
    Reader fresh;
    for (const Message& message : told) {
        const auto written = prefade::hui::to_bytes(message);
        PREFADE_PROMISE(written);
        for (const auto& each : *written) PREFADE_PROMISE(fresh.take(each, again));
    }
    PREFADE_PROMISE(told == again);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace prefade::hui;
    prefade::MidiStream stream;
    HostReader host;
    SurfaceReader surface;
    for (const auto& message : stream.take({data, size})) {
        there_and_back<HostReader, FromHost>(host, message);
        there_and_back<SurfaceReader, FromSurface>(surface, message);
    }
    return 0;
}
