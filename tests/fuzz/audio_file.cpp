// Any bytes as a sound file: opened, decoded, measured and told, or refused with a reason; no crash, and what is told
// can be read again.
#include "analysis/audio_header.h"
#include "analysis/file_analysis.h"
#include "tests/fuzz/fuzz.h"

#include <nlohmann/json.hpp>

/// libsndfile loses what its codecs allocated when it gives a file up.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libsndfile\nleak:libvorbis\nleak:libogg\nleak:libFLAC\nleak:libopus\nleak:"
           "libmpg123\n";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace prefade;
    MemoryBytes bytes(std::as_bytes(std::span(data, size)));
    if (const auto audio = promised_audio(bytes)) {
        PREFADE_PROMISE(audio->present <= audio->promised);
        PREFADE_PROMISE(audio->present <= size);
    }
    constexpr std::uint64_t enough = 100'000; // samples: a small file may stand for hours
    std::uint64_t heard = 0;
    ByteSource* const sources[] = {&bytes};
    const auto results =
        analyse_files(sources, [&](std::uint64_t samples, std::span<const double>) {
            heard += samples;
            return heard < enough;
        });
    PREFADE_PROMISE(results.size() == 1);
    if (!results[0]) {
        PREFADE_PROMISE(!results[0].error().message.empty());
        return 0;
    }
    const Json told = to_json(*results[0]);
    const auto read = file_analysis_from_json(told);
    PREFADE_PROMISE(read);
    PREFADE_PROMISE(to_json(*read) == told);
    return 0;
}
