// Any text as a transcript: no crash; what is read is written as lines that read the same.
#include "connectors/transcript.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto transcript = prefade::parse_transcript(text, "fuzz");
    if (!transcript) return 0;
    for (const auto& line : *transcript) {
        const auto again = prefade::parse_transcript(prefade::to_text(line), "fuzz");
        PREFADE_PROMISE(again && again->size() == 1);
        PREFADE_PROMISE(again->front().message == line.message);
        PREFADE_PROMISE(again->front().direction == line.direction);
    }
    return 0;
}
