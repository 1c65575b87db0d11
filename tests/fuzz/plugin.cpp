// Any text as a plugin entry: no crash, and either an entry whose laws answer or an error that says where.
#include "knowledge/plugin_catalog.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto loaded =
        prefade::PluginCatalog::parse({reinterpret_cast<const char*>(data), size}, "fuzz.toml");
    PREFADE_PROMISE(loaded.catalog.plugins().size() == 1 || !loaded.errors.empty());
    for (const auto& error : loaded.errors)
        PREFADE_PROMISE(!error.where.empty() && !error.message.empty());
    for (const prefade::Plugin& plugin : loaded.catalog.plugins())
        for (const prefade::PluginControl& control : plugin.controls)
            for (const double at : {0.0, 0.3, 1.0}) {
                (void)control.to_unit(prefade::Normalized{at});
                (void)control.choice_at(prefade::Normalized{at});
            }
    return 0;
}
