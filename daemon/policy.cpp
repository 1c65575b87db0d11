#include "daemon/policy.h"

#include "daemon/settings.h"

#include <algorithm>

namespace prefade {
namespace {

template <class Unit>
Setting<Policy> number_of(const char* key, const char* standard, const char* doc, double low,
                          double high, Unit Policy::*member) {
    return {key, standard, doc, number_setting<Policy>(low, high, [member](Policy& p, double v) {
                p.*member = Unit{v};
            })};
}

std::optional<std::string> read_mode(Policy& p, const std::string& text) {
    const auto mode = value_in(mode_names, text);
    if (!mode) return "one of " + all_names(mode_names) + " is expected";
    p.mode = *mode;
    return std::nullopt;
}

std::optional<std::string> read_controls(Policy& p, const std::vector<std::string>& texts) {
    std::vector<Control> controls;
    for (const std::string& text : texts) {
        const auto control = value_in(control_names, text);
        if (!control)
            return "\"" + text + "\" is no control; there are: " + all_names(control_names);
        controls.push_back(*control);
    }
    p.automatic = std::move(controls);
    return std::nullopt;
}

std::optional<std::string> read_strips(Policy& p, const std::vector<std::string>& texts) {
    p.strips = texts;
    return std::nullopt;
}

const std::vector<Setting<Policy>>& settings() {
    static const std::vector<Setting<Policy>> all{
        {"mode", "\"ask\"",
         "at start: watch (no moves), ask (each is approved), auto (within these limits)",
         text_setting<Policy>(read_mode)},
        number_of("step_db", "3.0", "largest change of one automatic move, dB, 0.1 to 12", 0.1,
                  12.0, &Policy::step),
        number_of("per_minute_db", "6.0",
                  "largest sum of automatic changes of one control in a minute, dB, 0.1 to 60", 0.1,
                  60.0, &Policy::per_minute),
        number_of("ceiling_db", "6.0",
                  "no fader or send is moved above this, by whomever but undo, dB, -40 to 12",
                  -40.0, 12.0, &Policy::ceiling),
        number_of(
            "hand_pause_ms", "2000",
            "after a hand on a strip nothing is written there for this long, ms, 2000 to 60000",
            2000.0, 60'000.0, &Policy::hand_pause),
        number_of("value_age_ms", "10000",
                  "older values do not count where the DAW shows only a bank, ms, 100 to 60000",
                  100.0, 60'000.0, &Policy::value_age),
        number_of("glide_ms", "300", "how long an automatic move takes, ms, 0 to 10000", 0.0,
                  10'000.0, &Policy::glide),
        {"automatic", "[\"fader\", \"trim\", \"send\"]", "the controls that mode auto may move",
         texts_setting<Policy>(read_controls)},
        {"strips", "[\"*\"]",
         "names or roles that mode auto may move; \"*\" is every strip but the master",
         texts_setting<Policy>(read_strips)},
    };
    return all;
}

} // namespace

Result<Policy> load_policy(const std::filesystem::path& file) {
    Policy policy;
    if (const auto read = read_settings(file, settings(), policy); !read) return read.error();
    return policy;
}

bool covers(const Policy& policy, const Strip& strip, Control control) {
    if (std::find(policy.automatic.begin(), policy.automatic.end(), control)
        == policy.automatic.end())
        return false;
    return std::any_of(policy.strips.begin(), policy.strips.end(), [&](const std::string& name) {
        if (name == "*") return strip.kind != StripKind::master && strip.kind != StripKind::monitor;
        return name == strip.name || (!strip.role.empty() && name == strip.role);
    });
}

} // namespace prefade
