// Any text where JSON comes in: no crash; a path or a value that is understood is told the same way.
#include "core/json.h"
#include "tests/fuzz/fuzz.h"

#include <nlohmann/json.hpp>

#include <string_view>

using namespace prefade;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = parse_json({reinterpret_cast<const char*>(data), size});
    if (!json) return 0;
    if (const auto value = control_value_from_json(*json)) {
        const auto again = control_value_from_json(to_json(*value));
        PREFADE_PROMISE(again && *again == *value);
    }
    if (const auto path = control_path_from_json(*json)) {
        const auto again = control_path_from_json(to_json(*path));
        PREFADE_PROMISE(again && *again == *path);
    }
    (void)move_from_json(*json);
    (void)outcome_from_json(*json);
    (void)move_record_from_json(*json);
    return 0;
}
