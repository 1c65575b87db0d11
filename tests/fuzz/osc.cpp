// Any datagram: no crash; what decodes encodes again, and decodes to the same.
#include "connectors/osc_codec.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto messages = prefade::decode_osc({data, size});
    if (!messages) return 0;
    for (const auto& message : *messages) {
        const auto packet = prefade::encode_osc(message);
        if (!packet) continue; // "#reply" is understood and never said
        const auto again = prefade::decode_osc(*packet);
        PREFADE_PROMISE(again && again->size() == 1);
        PREFADE_PROMISE(again->front() == message);
    }
    return 0;
}
