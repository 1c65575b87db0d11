// Any text as a rule file: no crash, and either a rule or an error that says where.
#include "knowledge/rule.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto loaded =
        prefade::RuleBook::parse({reinterpret_cast<const char*>(data), size}, "fuzz.toml");
    PREFADE_PROMISE(loaded.book.rules().size() == 1 || !loaded.errors.empty());
    for (const auto& error : loaded.errors)
        PREFADE_PROMISE(!error.where.empty() && !error.message.empty());
    return 0;
}
