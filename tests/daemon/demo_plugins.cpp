// The plugins of the demo session, which the catalog knows: orders and wishes work there as with a DAW.
#include "connectors/demo/processors.h"
#include "knowledge/plugin_catalog.h"
#include "tests/knowledge/shipped.h"
#include "tests/support/catch.h"

using namespace prefade;

TEST_CASE("every control of the demo's EQ and compressor is in the catalog, with its range") {
    for (const demo::ProcessorKind kind :
         {demo::ProcessorKind::eq, demo::ProcessorKind::compressor}) {
        const auto plugin = test::shipped_library().plugins.reported(demo::name_of(kind), "demo");
        REQUIRE(plugin);
        for (const demo::ParameterSpec& parameter : demo::parameters_of(kind)) {
            INFO((*plugin)->name << ' ' << parameter.name);
            const auto control = (*plugin)->reported_control(parameter.name);
            CHECK(control.has_value() != parameter.output);
            if (!control) continue;
            const PluginControl& known = *control->control;
            REQUIRE((known.lowest && known.highest));
            CHECK(*known.lowest <= static_cast<double>(parameter.minimum) + 1e-6);
            CHECK(*known.highest >= static_cast<double>(parameter.maximum) - 1e-6);
            if (known.law) { // without one the host's own number is taken
                CHECK(*known.lowest == Approx(static_cast<double>(parameter.minimum)));
                CHECK(*known.highest == Approx(static_cast<double>(parameter.maximum)));
            }
        }
    }
}
